"""What the two people of a consultation see of it: the officer who asked, and whoever was asked or took it."""

from collections.abc import Sequence
from itertools import groupby

from bot.core.channels_policy import Bridge
from bot.core.consultation import Consultation, State
from bot.core.ids import PersonId
from bot.core.matching import Worker
from bot.core.places import Kind, Number, numbers_at, organisations_at
from bot.core.request import Need, Offer, Outcome, Request
from bot.core.standing import current_number
from bot.core.text import bare_time
from bot.flow import take_over
from bot.flow.look_numbers import line_of
from bot.flow.ports import Tx
from bot.flow.register import receipt_line
from bot.flow.ring_again import woken
from bot.flow.room_members import Way, way
from bot.flow.status import Happened, Held, Line, MyRequest, Takeable, Tone, Waiting
from bot.flow.stood import stood, what_next
from bot.flow.times import moment, until
from bot.flow.words import Words

OUTCOMES = {
    Outcome.PENDING: Tone.WAIT,
    Outcome.ACCEPTED: Tone.GOOD,
    Outcome.WITHDRAWN: Tone.PLAIN,
}  # else BAD
_HELD = {Way.HERE: "talk", Way.ROOM: "room"}
TONES = {State.OPEN: Tone.GOOD, State.PHONED: Tone.BAD, State.CLOSED: Tone.PLAIN}  # else WAIT


def my_request(tx: Tx, words: Words, c: Consultation, workers: Sequence[Worker]) -> MyRequest:
    """What the officer sees of a request of their own."""
    assert c.request is not None
    talk = _way(tx, words, c, c.officer) if c.state is State.OPEN else Way.PHONE
    found = stood(words, c, talk, woken(tx, words.content, c, words.now))
    return MyRequest(
        id=c.id,
        state=c.state,
        tone=TONES.get(c.state, Tone.WAIT),
        place=_place(words, c.request),
        wish=_wish(words, c.request),
        sentence=found.head,
        more=" ".join(filter(None, (found.lost, found.more, receipt_line(tx, words, c)))),
        next=what_next(words, c, workers) if c.state is State.OFFERED else "",
        until=c.due if c.state in (State.OFFERED, State.DEFERRED) or c.owed else None,
        happened=_happened(words, c),
        lines=_lines(words, c),
        call=current_number(c) if c.state is State.PHONED else 0,
    )


def waiting_for(words: Words, c: Consultation, offer: Offer) -> Waiting:
    """What somebody who has been asked, and has not answered, sees."""
    assert c.request is not None
    return Waiting(
        id=c.id,
        place=_place(words, c.request),
        wish=_wish(words, c.request),
        sentence=words.say("web.waiting.until", until=until(words, offer.until)),
        until=offer.until,
    )


def held_by(tx: Tx, words: Words, c: Consultation) -> Held:
    """What whoever accepted sees; where they talk by telephone, with the officer's own number."""
    assert c.request is not None
    taking_part = _way(tx, words, c, c.holder)
    due = c.due if c.owed else None
    by_phone = taking_part is Way.PHONE
    how, call = _caller(tx, words, c.request) if by_phone else (_HELD[taking_part], ())
    return Held(
        id=c.id,
        place=_place(words, c.request),
        wish=_wish(words, c.request),
        tone=Tone.WAIT if due else Tone.GOOD,
        sentence=words.say("web.held.owed" if due else "web.held.yours"),
        more=words.say("web.held.owed_more", until=until(words, due)) if due else "",
        how=words.say(f"web.held.{how}"),
        until=due,
        call=call,
    )


def takeable_by(words: Words, one: take_over.Takeable) -> Takeable:
    """What somebody sees of a colleague's talk that they may take over."""
    assert one.c.request is not None
    due = until(words, one.c.due or words.now)
    return Takeable(
        id=one.c.id,
        place=_place(words, one.c.request),
        wish=_wish(words, one.c.request),
        sentence=words.say(f"status.because_{one.because}", until=due),
    )


def _way(tx: Tx, words: Words, c: Consultation, person: PersonId | None) -> Way:
    """How one of the two takes part; to whoever holds it, an officer who asked to be called is a call."""
    assert c.request is not None
    assert person is not None
    if c.request.need is Need.CALL_ME and person == c.holder:
        return Way.PHONE
    return way(tx, words.content, c, person, Bridge.TELEGRAM)


def _lines(words: Words, c: Consultation) -> tuple[Line, ...]:
    """Whom to call meanwhile; once the numbers are all that is left, those, with what came of each."""
    owner = words.owner(c)
    if c.state is State.CLOSED:
        return ()
    if c.state is not State.PHONED or not c.numbers:
        return tuple(line_of(words, number) for number in numbers_at(owner, words.now)[:1])
    known = (number for wanted in c.numbers for number in owner.numbers if number.id == wanted)
    return tuple(line_of(words, number, _tried(words, c, number)) for number in known)


def _tried(words: Words, c: Consultation, number: Number) -> str:
    last = next((tried for tried in reversed(c.tried) if tried.number == number.id), None)
    if last is None:
        return ""
    return words.say("web.phone.answered" if last.answered else "web.phone.silent", at=moment(words, last.at))


def _place(words: Words, request: Request) -> str:
    matter = words.say(f"matter.{request.matter}")
    return words.say("web.mine.place", place=words.district(request), matter=matter)


def _wish(words: Words, request: Request) -> str:
    urgency = words.say(f"urgency.{request.urgency}")
    return words.say("web.mine.wish", need=words.need(request), urgency=urgency)


def _happened(words: Words, c: Consultation) -> tuple[Happened, ...]:
    """Who was asked, in order; several of one function, asked at once with the same outcome, stand together."""
    alike = groupby(c.offers, key=lambda offer: (offer.step, offer.at, offer.outcome))
    return tuple(_step(words, c, tuple(offers)) for _, offers in alike)


def _step(words: Words, c: Consultation, offers: tuple[Offer, ...]) -> Happened:
    first = offers[0]
    outcome = words.say(f"web.outcome.{first.outcome}")
    many = {"outcome": outcome, "count": str(len(offers))}
    return Happened(
        function=words.who(c, first),
        outcome=first.outcome,
        sentence=outcome if len(offers) == 1 else words.say("web.outcome.many", **many),
        at=first.at,
        clock=bare_time(first.at, words.language),
        tone=OUTCOMES.get(first.outcome, Tone.BAD),
    )


def _caller(tx: Tx, words: Words, request: Request) -> tuple[str, tuple[Line, ...]]:
    """How the officer is reached: by the number in the profile, else by the police authority's own."""
    officer = tx.people.get(request.officer)
    if officer is not None and officer.phone is not None:
        return "call", (Line(label=words.say("web.held.caller"), number=officer.phone),)
    known = organisations_at(words.content.structure, words.now)
    police = (found for found in known if found.kind is Kind.POLICE)
    return "no_number", tuple(line_of(words, n) for found in police for n in numbers_at(found, words.now))
