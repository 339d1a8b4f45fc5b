"""How a request stands, in the words of whoever reads: the same sentences on the card and on the page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core import chain
from bot.core.consultation import Consultation, State
from bot.core.events import Ending
from bot.core.matching import Worker
from bot.core.places import Number
from bot.core.request import Outcome
from bot.core.standing import Stand, Woken, current_number, lost, offer_of_holder, stand_of
from bot.flow.find import how, title
from bot.flow.referred import target_of
from bot.flow.room_members import Way
from bot.flow.times import moment, until
from bot.flow.words import Words

_TALKS = {Way.HERE: "here", Way.ROOM: "room", Way.PHONE: "phone"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """Where it stands in short, what that means, and why it is sought again, if somebody had it."""

    stand: Stand
    head: str
    more: str
    lost: str


def stood(words: Words, c: Consultation, talk: Way = Way.PHONE, woken: Woken | None = None) -> Stood:
    """How it stands. `talk`: how the officer takes part, once somebody has it; `woken`: what wakes whoever is asked."""
    stand, params, was = stand_of(c), _params(words, c, talk), lost(c)
    if stand is Stand.REFERRED and target_of(words.content, c) is None:
        stand = Stand.CLOSED
    many = "_many" if len(c.pending) > 1 else ""
    more = words.say(f"request.{stand}_more", **params)
    return Stood(
        stand=stand,
        head=words.say(f"request.{stand}{many}", **params),
        more=f"{more} {words.say(f'request.{woken}')}" if woken is not None else more,
        lost=words.say(f"request.{was}") if was else "",
    )


def what_next(words: Words, c: Consultation, workers: Sequence[Worker]) -> str:
    """What comes when nobody answers: the chain is asked as if all who are asked now had been silent."""
    assert c.request is not None
    silent = tuple(
        replace(offer, outcome=Outcome.SILENT) if offer.outcome is Outcome.PENDING else offer
        for offer in c.offers
    )
    match chain.next_step(words.content.structure, c.request, silent, workers, words.now):
        case chain.Ask(step=step):
            return words.say("request.next_step", next=words.label(step.label))
        case chain.Defer(until=opening):
            return words.say("request.next_waiting", until=until(words, opening))
        case _:
            return words.say("request.next_numbers")


def ending(words: Words, c: Consultation) -> str:
    """How it ended."""
    return words.say(f"ending.{c.ending or Ending.NOTHING}")


def how_ended(words: Words, c: Consultation) -> str:
    """How it ended, in a message of its own: with what the officer was referred to, and how to reach it."""
    found = target_of(words.content, c)
    if found is None:
        return words.say("notice.ended", ending=ending(words, c))
    return words.say("notice.ended_referred", target=title(words, found), reach=" ".join(how(words, found)))


def number_to_call(words: Words, c: Consultation) -> dict[str, str]:
    """The number to call now, as placeholders; the one that answers just now where a policy has none of its own left."""
    known = _numbers(words, c)
    return (
        words.number(known[current_number(c) % len(known)]) if known else words.first_number(words.owner(c))
    )


def _params(words: Words, c: Consultation, talk: Way) -> dict[str, str]:
    """Everything that a sentence about a request can need."""
    number, asked, taken = number_to_call(words, c), c.pending, offer_of_holder(c)
    last = max((offer.until for offer in asked), default=c.due or words.now)
    since = (taken.settled_at or taken.at) if taken is not None else words.now
    tried = c.tried[-1] if c.tried else None
    hour = c.request.interview_at if c.request is not None else None
    over = c.closed_at or words.now
    target = target_of(words.content, c)
    return {
        "who": _asked(words, c) if asked else words.holder(c),
        "count": str(len(asked)),
        "until": until(words, last),
        "organisation": words.label(words.owner(c).label),
        "since": until(words, since),
        "talk": words.say(f"request.talk_{_TALKS[talk]}"),
        "hour": moment(words, hour or words.now),
        "last": _label(words, c, tried.number) if tried is not None else "",
        "at": moment(words, over if c.state is State.CLOSED or tried is None else tried.at),
        "ending": ending(words, c),
        "target": title(words, target) if target is not None else "",
        "reach": " ".join(how(words, target)) if target is not None else "",
        **number,
        **({"label": _label(words, c, tried.number)} if tried is not None and tried.answered else {}),
    }


def _asked(words: Words, c: Consultation) -> str:
    """The functions that are asked now, each once."""
    *first, last = dict.fromkeys(words.who(c, offer) for offer in c.pending)
    return words.say("request.and", first=", ".join(first), last=last) if first else last


def _numbers(words: Words, c: Consultation) -> list[Number]:
    return [n for wanted in c.numbers for n in words.owner(c).numbers if n.id == wanted]


def _label(words: Words, c: Consultation, wanted: str) -> str:
    return next((words.label(n.label) for n in _numbers(words, c) if n.id == wanted), wanted)
