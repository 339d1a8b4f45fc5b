"""How shifts and proposals about them are said: times and boards, never a name; and the buttons that answer."""

from datetime import datetime, timedelta
from typing import Final

from bot.core.booking import Book
from bot.core.ids import OrganisationId
from bot.core.parts import Span
from bot.core.press import Open, Own, OwnShift, Page, encode
from bot.core.swaps import Swap
from bot.core.text import bare_time, day_and_time
from bot.flow.chat.spoken import Buttons
from bot.flow.messages import Button
from bot.flow.words import Words

_DAY: Final = timedelta(days=1)


def stretch_words(words: Words, starts: datetime, ends: datetime, names: tuple[OrganisationId, ...]) -> str:
    """When and for whom: "i dag kl. 16.30–01.00, Farsta"."""
    known = words.content.structure.organisations
    boards = ", ".join(words.label(known[name].label) for name in names[:3] if name in known)
    more = f" +{len(names) - 3}" if len(names) > 3 else ""
    near = ends - starts < _DAY
    until = bare_time(ends, words.language) if near else f" {day_and_time(ends, words.now, words.language)}"
    return f"{day_and_time(starts, words.now, words.language)}–{until}, {boards}{more}"


def span_words(words: Words, known: Book, span: Span) -> str:
    """The same for a stretch of a shift, by whom it is for now."""
    part = next((part for part in known.parts if part.key == span.shift), None)
    names = part.shift.organisations if part is not None else (span.shift.organisation,)
    return stretch_words(words, span.starts, span.ends, names)


def short(words: Words, starts: datetime, ends: datetime) -> str:
    """As it fits a button."""
    return f"{day_and_time(starts, words.now, words.language)}–{bare_time(ends, words.language)}"


def answers(words: Words, one: Swap) -> Buttons:
    """Yes, and no where one person is asked."""
    yes = Button(text=words.say("shifts.button_yes"), press=encode(OwnShift(what=Own.YES, ref=one.id)))
    if one.asked is None:
        return ((yes,),)
    no = Button(text=words.say("shifts.button_no"), press=encode(OwnShift(what=Own.NO, ref=one.id)))
    return ((yes, no),)


def kind(one: Swap) -> str:
    """How a proposal is put: a swap, an offer to all, an offer to one, or a wish for somebody's."""
    if one.returns is not None:
        return "swap" if one.by == one.giver else "swap_yours"
    if one.taker is None:
        return "open"
    return "give" if one.by == one.giver else "take"


def home(words: Words) -> Button:
    """A button that leads to one's shifts."""
    return Button(text=words.say("shifts.button_mine"), press=encode(Open(page=Page.DUTY)))
