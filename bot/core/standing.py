"""How a request stands, as whoever asked sees it: one name for each state, of which chat and page make the same words."""

from enum import StrEnum

from bot.core.consultation import Consultation, State
from bot.core.interviews import is_ahead
from bot.core.request import Offer, Outcome


class Stand(StrEnum):
    """Where a request stands. Its sentences are `texts/request.*.toml`: `<stand>` and `<stand>_more`."""

    SEEKING = "seeking"
    ASKING = "asking"
    ASKING_MEANWHILE = "asking_meanwhile"  # somebody came on duty while numbers are called
    WAITING = "waiting"
    TAKEN = "taken"
    OWED = "owed"
    BOOKED = "booked"
    CALL = "call"
    CALL_NEXT = "call_next"
    CALL_ANSWERED = "call_answered"
    CLOSED = "closed"


def stand_of(c: Consultation) -> Stand:
    """Where it stands; a request that is not looked at by anybody yet is being sought for."""
    match c.state:
        case State.OFFERED:
            return Stand.ASKING_MEANWHILE if c.numbers and not c.answered else Stand.ASKING
        case State.DEFERRED:
            return Stand.WAITING
        case State.OPEN:
            return _taken(c)
        case State.PHONED if c.answered:
            return Stand.CALL_ANSWERED
        case State.PHONED:
            return Stand.CALL_NEXT if c.tried else Stand.CALL
        case State.CLOSED:
            return Stand.CLOSED
        case _:
            return Stand.SEEKING


def lost(c: Consultation) -> str:
    """Why it is being looked for again, as the name of a sentence, when somebody had it; empty when nobody had."""
    last = next((o.outcome for o in reversed(c.offers) if o.outcome is not Outcome.PENDING), None)
    return (
        {Outcome.LAPSED: "lost_lapsed", Outcome.COULD_NOT_ATTEND: "lost_could_not"}.get(last, "")
        if last
        else ""
    )


def current_number(c: Consultation) -> int:
    """Which of its numbers to call now: after the last one, the first again."""
    return sum(not tried.answered for tried in c.tried) % max(1, len(c.numbers))


def offer_of_holder(c: Consultation) -> Offer | None:
    """The offer by which whoever has it took it."""
    return next((o for o in reversed(c.offers) if o.person == c.holder), None)


def _taken(c: Consultation) -> Stand:
    if c.owed:
        return Stand.OWED
    return Stand.BOOKED if c.last_at is not None and is_ahead(c.request, c.last_at) else Stand.TAKEN
