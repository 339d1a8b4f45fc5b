"""The end of a shift, in a chat: what goes, to whom, what was promised, the receipt, and what nobody took.

Colleagues are told apart by their function and initials: a chat never names anybody.
"""

from collections.abc import Iterable
from datetime import datetime

from bot.core.consultation import Consultation
from bot.core.errors import BadInput
from bot.core.ids import PersonId
from bot.core.people import Person
from bot.core.press import Leave, Pledge, Shift, encode
from bot.core.promises import Promise, PromiseKind
from bot.core.text import bare_time
from bot.flow import times
from bot.flow.chat.choosing import hours_ahead
from bot.flow.chat.spoken import Buttons, Speech
from bot.flow.chat.turn import Turn, board_of, in_rows
from bot.flow.handover_receipts import Receipt, receipts
from bot.flow.messages import Button
from bot.flow.records_handovers import HandoverId
from bot.flow.shift_acts import seen_of
from bot.flow.shift_handover import TAKING, Colleague, leaving_of
from bot.flow.times import moment
from bot.seal.wire import to_base64url

MOST = 20  # colleagues shown as buttons
SHORT = 16  # characters of a receipt's digest, the first


def handover_page(turn: Turn, name: str) -> Speech | None:
    """What is said about the end of a shift."""
    if turn.person is None:
        return None
    match name:
        case "look" | "ends":
            return _look(turn, turn.person, name)
        case "to":
            return _to(turn, turn.person)
        case "pledge_kind" | "pledge_hour":
            return _pledge(turn, name)
        case "given" | "received":
            return _receipt(turn, turn.person, name)
        case "taken":
            said = turn.say("handover.taken", count=turn.params.get("count", "0"))
            device = turn.say("handover.taken_device", url=turn.deps.base_url)
            return turn.speech(f"{said} {device}" if turn.params.get("device") else said)
        case _:
            return _left(turn, name)


def leave_buttons(turn: Turn) -> Buttons:
    """The way to hand over, for whoever holds a talk."""
    assert turn.person is not None
    if not turn.tx.consultations.held_by(turn.person.id):
        return ()
    return ((turn.button("handover.press", Shift(leave=Leave.LOOK)),),)


def promised_words(turn: Turn, promised: Iterable[Promise] | None) -> str:
    """What is promised, in words."""
    said = [
        turn.say(f"promise.{one.kind}", at=moment(turn.words, one.due) if one.due is not None else "")
        for one in promised or ()
    ]
    return ", ".join(said) or turn.say("handover.no_promise")


def _look(turn: Turn, person: Person, name: str) -> Speech:
    """Everything that goes, what was promised, and to whom it can go."""
    found = leaving_of(turn.tx, turn.deps, person, turn.words.now)
    note = turn.params.get("note", "")
    before = turn.say(f"handover.{note}") if note in ("changed", "cannot") else ""
    if not found.talks:
        return turn.speech(before + turn.say("handover.none"))
    count = str(len(found.talks))
    head = turn.say(
        f"handover.{name}",
        count=count,
        until=times.until(turn.words, found.until) if found.until is not None else "",
    )
    lines = [before + head, *(_line(turn, one.c, one.unread, one.promised) for one in found.talks)]
    pledges = tuple(
        (Button(text=_pledge_label(turn, one.c), press=encode(Pledge(consultation=one.c.id))),)
        for one in found.talks
    )
    if any(talk.by_device for talk in found.talks):
        return turn.speech(
            "\n".join((*lines, turn.say("handover.by_device", url=turn.deps.base_url))), pledges
        )
    if found.unreached:
        lines.append(turn.say("handover.unreached", count=str(len(found.unreached))))
    if not found.colleagues:
        number = turn.words.first_number(board_of(turn))
        return turn.speech("\n".join((*lines, turn.say("handover.nobody", **number))), pledges)
    to = tuple(row for one in found.colleagues[:MOST] for row in _colleague(turn, one))
    return turn.speech("\n".join((*lines, turn.say("handover.who"))), (*pledges, *to))


def _line(turn: Turn, c: Consultation, unread: int, promised: Iterable[Promise] | None) -> str:
    assert c.request is not None
    return turn.say(
        "handover.line",
        head=turn.words.head(c.request),
        unread=str(unread),
        promised=promised_words(turn, promised),
    )


def _pledge_label(turn: Turn, c: Consultation) -> str:
    assert c.request is not None
    return turn.say("handover.pledge", head=turn.words.district(c.request))


def _colleague(turn: Turn, one: Colleague) -> Buttons:
    try:
        press = encode(Shift(leave=Leave.TO, ref=one.taker.person.id))
    except BadInput:  # an id that no button has room for: on the web they can be chosen
        return ()
    return ((Button(text=_who(turn, one), press=press),),)


def _who(turn: Turn, one: Colleague) -> str:
    until = (
        turn.say("handover.colleague_soon")
        if one.until is None
        else turn.say("handover.colleague_until", until=times.until(turn.words, one.until))
    )
    return turn.say(
        "handover.colleague",
        role=turn.say(f"role_{one.taker.posting.role}"),
        initials=initials(one.taker.person.name),
        until=until,
        holds=str(one.holds),
    )


def initials(name: str) -> str:
    """The first letter, or number, of each part of a name."""
    return "".join(part[0] for part in name.split())[:4].upper()


def _to(turn: Turn, person: Person) -> Speech:
    """Whether that colleague is meant: once given it cannot be taken back."""
    found = leaving_of(turn.tx, turn.deps, person, turn.words.now)
    to = turn.params.get("to", "")
    one = next((c for c in found.colleagues if c.taker.person.id == to), None)
    if one is None:
        return _look(turn, person, "look")
    yes = Shift(leave=Leave.GIVE, ref=to, seen=seen_of(found.talks))
    text = turn.say("handover.to", count=str(len(found.talks)), who=_who(turn, one))
    back = turn.button("button.back", Shift(leave=Leave.LOOK))
    return turn.speech(text, ((turn.button("handover.yes", yes),), (back,)))


def _pledge(turn: Turn, name: str) -> Speech | None:
    c = turn.consultation()
    if c is None or c.request is None:
        return None
    head, back = turn.words.head(c.request), (turn.button("button.back", Shift(leave=Leave.LOOK)),)
    if name == "pledge_kind" or "kind" not in turn.params:
        kinds = tuple(
            (turn.button(f"handover.kind_{kind}", Pledge(consultation=c.id, kind=kind)),)
            for kind in PromiseKind
        )
        return turn.speech(turn.say("handover.pledge_kind", head=head), (*kinds, back))
    kind = PromiseKind(turn.params["kind"])
    hours = in_rows((_hour(turn, c, kind, at) for at in hours_ahead(turn.words.now)), width=4)
    text = turn.say("handover.pledge_hour", head=head, kind=turn.say(f"handover.kind_{kind}"))
    return turn.speech(text, (*hours, back))


def _hour(turn: Turn, c: Consultation, kind: PromiseKind, at: datetime) -> Button:
    text = bare_time(at, turn.language)
    hour = "".join(sign for sign in bare_time(at, "sv") if sign.isdigit())
    return Button(text=text, press=encode(Pledge(consultation=c.id, kind=kind, hour=hour)))


def _receipt(turn: Turn, person: Person, name: str) -> Speech:
    found = receipts(turn.tx, person.id, HandoverId(turn.params.get("handover", "")))
    if not found:
        return turn.speech(turn.say("handover.gone"))
    one, other = found[0], found[0].receiver if name == "given" else found[0].giver
    lines = [
        turn.say(
            f"handover.{name}",
            at=moment(turn.words, one.at),
            count=str(len(one.lines)),
            who=_function(turn, other),
        ),
        *(_line(turn, line.c, line.handed.unread, line.promised) for line in one.lines),
    ]
    if name == "given":
        return turn.speech("\n".join((*lines, _place(turn, one))))
    until = times.until(turn.words, one.at + TAKING)
    take = turn.button("handover.take", Shift(leave=Leave.TAKE, ref=one.id))
    return turn.speech("\n".join((*lines, turn.say("handover.received_next", until=until))), ((take,),))


def _place(turn: Turn, one: Receipt) -> str:
    places = (f"{line.entry.entry.organisation}/{line.entry.index}" for line in one.lines)
    digest = to_base64url(one.digest)[:SHORT] if one.digest is not None else "-"
    return turn.say("handover.receipt", digest=digest, places=", ".join(places))


def _function(turn: Turn, person: PersonId) -> str:
    found = turn.tx.people.get(person)
    return initials(found.name) if found is not None else ""


def _left(turn: Turn, name: str) -> Speech | None:
    """What nobody took, to those who must know; nothing when somebody has it by now."""
    c = turn.consultation()
    if c is None or c.request is None or c.holder != turn.params.get("holder", c.holder):
        return None
    number = turn.words.first_number(turn.words.owner(c))
    text = turn.say(
        f"handover.{name}",
        head=turn.words.head(c.request),
        organisation=turn.words.label(turn.words.owner(c).label),
        url=turn.deps.base_url,
        **number,
    )
    return turn.speech(text, leave_buttons(turn) if name == "left_mine" else ())
