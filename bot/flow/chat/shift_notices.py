"""What people are told of shifts without having asked: their next is another, somebody asks, a part is nobody's."""

from datetime import datetime

from bot.core.ids import OrganisationId, PersonId
from bot.core.parts import Span
from bot.core.roster import ShiftId, ShiftKey
from bot.core.shift_told import coming
from bot.core.swaps import SwapId, open_to
from bot.flow.chat.shift_words import answers, home, kind, span_words, stretch_words
from bot.flow.chat.spoken import Buttons, Speech
from bot.flow.ports import Tx
from bot.flow.records import Saying
from bot.flow.shift_book import book
from bot.flow.words import Words


def notice(tx: Tx, words: Words, saying: Saying) -> Speech | None:
    """What became of shifts, as it is when it is said; None when there is nothing left to say."""
    if saying.person is None:
        return None
    if saying.key == "swap":
        return _swap(tx, words, saying.person, SwapId(saying.ref))
    if saying.key == "next":
        return _next(tx, words, saying.person)
    key = ShiftKey(
        organisation=OrganisationId(saying.params["organisation"]),
        source=saying.params["source"],
        id=ShiftId(saying.params["id"]),
    )
    starts, ends = (datetime.fromisoformat(saying.params[name]) for name in ("starts", "ends"))
    return _stretch(tx, words, saying.key, Span(shift=key, starts=starts, ends=ends))


def _next(tx: Tx, words: Words, person: PersonId) -> Speech:
    found = coming(book(tx, words.now).parts, person, words.now)
    told = [words.say("shifts.next_changed" if found else "shifts.next_none")]
    told += [f"• {stretch_words(words, one.starts, one.ends, one.organisations)}" for one in found]
    return Speech(text="\n".join(told), buttons=((home(words),),))


def _stretch(tx: Tx, words: Words, key: str, span: Span) -> Speech | None:
    """Of a gap only while it is one; of what is void, when and for whom it was."""
    known = book(tx, words.now, span.ends)
    part = next((part for part in known.parts if part.key == span.shift), None)
    if key == "gap" and not any(
        one.person is None and one.key == span.shift and one.starts < span.ends and span.starts < one.ends
        for one in known.parts
        if one.ends > words.now
    ):
        return None
    names = part.shift.organisations if part is not None else (span.shift.organisation,)
    said = stretch_words(words, span.starts, span.ends, names)
    buttons: Buttons = ((home(words),),) if key == "void" else ()
    return Speech(text=words.say(f"shifts.{key}", shift=said), buttons=buttons)


def _swap(tx: Tx, words: Words, reader: PersonId, named: SwapId) -> Speech | None:
    one = tx.swaps.get(named)
    if one is None:
        return None
    known = book(tx, words.now, *(span.ends for span in one.spans))
    told = [span_words(words, known, span) for span in one.spans]
    said = {"gives": told[0], "returns": told[-1]}
    spot = f"swap:{one.id}"
    if not one.waits:
        key = f"shifts.swap_{one.state}"
        party = reader in (one.giver, one.taker)
        return Speech(text=words.say(key, **said), spot=spot, only_edit=not party)
    if reader == one.by or not open_to(known, reader, [one]):
        return None
    rows = answers(words, one)
    return Speech(text=words.say(f"shifts.ask_{kind(one)}", **said), buttons=rows, spot=spot)
