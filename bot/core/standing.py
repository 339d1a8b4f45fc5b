"""How a request stands, as whoever asked sees it: one name for each state, of which chat and page make the same words."""

from enum import StrEnum
from typing import Final

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
    CALL_ROUND = "call_round"  # every number was called in vain: the first again
    CALL_ANSWERED = "call_answered"
    NOT_READY = "not_ready"  # the organisation's people cannot be asked at all
    CLOSED = "closed"
    REFERRED = "referred"  # ended, and the officer knows to what to turn


class Woken(StrEnum):
    """What has been done to wake whoever is asked, beside ringing once. Its sentence is `request.<woken>`."""

    AGAIN = "rung_again"
    SMS = "called_sms"
    VOICE = "called_voice"
    LOOKED = "looked"  # they have opened what they are asked


_LOOKED_AT: Final = (State.SEEKING, State.OFFERED, State.OPEN, State.PHONED)
_LOST: Final = {Outcome.LAPSED: "lost_lapsed", Outcome.COULD_NOT_ATTEND: "lost_could_not"}
_GIVEN_ON: Final = {Outcome.TAKEN_OVER: "was_taken_over", Outcome.HANDED_OVER: "was_handed_over"}


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
            return _to_call(c)
        case State.CLOSED:
            return Stand.REFERRED if c.target is not None else Stand.CLOSED
        case _:
            return Stand.SEEKING


def lost(c: Consultation) -> str:
    """Why somebody else is looked for, or has it, as the name of a sentence; empty when nobody had it before."""
    mine = offer_of_holder(c) if c.state is State.OPEN else None
    before = [offer for offer in c.offers if offer.settled_at is not None and offer is not mine]
    last = max(before, key=lambda offer: offer.settled_at or offer.at, default=None)
    sentences = _GIVEN_ON if c.state is State.OPEN else _LOST
    return sentences.get(last.outcome, "") if last is not None and c.state in _LOOKED_AT else ""


def current_number(c: Consultation) -> int:
    """Which of its numbers to call now: after the last one, the first again."""
    return sum(not tried.answered for tried in c.tried) % max(1, len(c.numbers))


def offer_of_holder(c: Consultation) -> Offer | None:
    """The offer by which whoever has it took it."""
    return next((o for o in reversed(c.offers) if o.person == c.holder), None)


def _to_call(c: Consultation) -> Stand:
    if not c.tried:
        return Stand.NOT_READY if c.unready else Stand.CALL
    return Stand.CALL_NEXT if current_number(c) else Stand.CALL_ROUND


def _taken(c: Consultation) -> Stand:
    if c.owed:
        return Stand.OWED
    return Stand.BOOKED if c.last_at is not None and is_ahead(c.request, c.last_at) else Stand.TAKEN
