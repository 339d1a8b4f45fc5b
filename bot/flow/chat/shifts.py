"""One's shifts in a chat: what is coming, what can be done with each, and what could be taken."""

from collections.abc import Iterator
from typing import Final

from bot.core.booking import Book, Refusal
from bot.core.parts import Part, Span
from bot.core.press import Own, OwnShift, encode
from bot.core.shift_told import Mine, mine
from bot.core.swaps import Swap, SwapId, open_to
from bot.flow.chat.shift_words import answers, home, kind, short, span_words, stretch_words
from bot.flow.chat.spoken import Buttons, Speech
from bot.flow.chat.turn import Turn
from bot.flow.messages import Button
from bot.flow.shift_book import AHEAD, book
from bot.flow.swaps import for_me

SHOWN: Final = 3  # of one's own shifts, beside the one under way
MOST: Final = 8  # of others' on one page


def own_lines(turn: Turn, known: Book) -> Iterator[str]:
    """What is coming, in lines."""
    found = _mine(turn, known)
    yield turn.say("shifts.mine" if found else "shifts.none")
    for one in found:
        yield f"• {_words(turn, one)}"


def own_buttons(turn: Turn, known: Book) -> Buttons:
    """A button for each, beside the one under way "ill", and one for what could be taken."""
    assert turn.person is not None
    rows = tuple(_row(turn, known, one) for one in _mine(turn, known))
    asked, free, own = for_me(turn.tx, known, turn.person.id)
    count = str(len(asked) + len(free) + len(own))
    if count == "0":
        return rows
    return (
        *rows,
        (Button(text=turn.say("shifts.button_free", count=count), press=encode(OwnShift(what=Own.FREE))),),
    )


def book_of(turn: Turn) -> Book:
    """Who holds what, as far as shifts are shown."""
    return book(turn.tx, turn.words.now, turn.words.now + AHEAD)


def shifts_page(turn: Turn, name: str) -> Speech:
    """The page that was asked for; what has changed since is said."""
    known = book_of(turn)
    one = next((m for m in _all_mine(turn, known) if m.span.ref == turn.params.get("ref")), None)
    match name:
        case "refused":
            return turn.speech(
                turn.say(f"shifts.refused_{turn.params.get('refusal', Refusal.NOT_HELD)}"), (_back(turn),)
            )
        case "free":
            return _free(turn, known)
        case "see" | "ill" | "pick" if one is None:
            return turn.speech(turn.say("shifts.refused_not_held"), (_back(turn),))
        case "see" if one is not None:
            return turn.speech(_words(turn, one), (*_can(turn, one), _back(turn)))
        case "ill" if one is not None:
            sure = OwnShift(what=Own.GONE, ref=one.span.ref)
            buttons = ((turn.button("shifts.button_gone", sure),), (_to(turn, one),))
            return turn.speech(turn.say("shifts.ill", shift=_words(turn, one)), buttons)
        case "pick" if one is not None:
            return _pick(turn, known, one)
        case _:
            return turn.speech(turn.say(f"shifts.{name}"), (_back(turn),))


def _free(turn: Turn, known: Book) -> Speech:
    """What somebody could say yes to, what nobody has, and what they have proposed themselves."""
    assert turn.person is not None
    asked, free, own = for_me(turn.tx, known, turn.person.id)
    lines: list[str] = []
    rows: list[tuple[Button, ...]] = []
    for one in asked[:MOST]:
        said = [span_words(turn.words, known, span) for span in one.spans]
        lines.append(turn.say(f"shifts.ask_{kind(one)}", gives=said[0], returns=said[-1]))
        rows += answers(turn.words, one)
    for part in free[:MOST]:
        lines.append(turn.say("shifts.gap", shift=span_words(turn.words, known, part.span)))
        rows.append((_button(turn, "shifts.button_take", part.span, Own.TAKE),))
    for one in own[:MOST]:
        lines.append(turn.say("shifts.waits", shift=span_words(turn.words, known, one.gives)))
        rows.append((turn.button("shifts.button_undo", OwnShift(what=Own.UNDO, ref=one.id)),))
    return turn.speech("\n\n".join(lines) or turn.say("shifts.nothing_free"), (*rows, _back(turn)))


def _pick(turn: Turn, known: Book, own: Mine) -> Speech:
    """Others' shifts that could be swapped for this one, soonest first; not whose they are."""
    rows = []
    for part in _swappable(turn, known, own):
        span = f"{short(turn.words, part.starts, part.ends)}"
        press = OwnShift(what=Own.SWAP, ref=own.span.ref, other=part.span.ref)
        rows.append((Button(text=span, press=encode(press)),))
    key = "shifts.pick" if rows else "shifts.pick_none"
    return turn.speech(turn.say(key, shift=_words(turn, own)), (*rows, (_to(turn, own),)))


def _swappable(turn: Turn, known: Book, own: Mine) -> Iterator[Part]:
    assert turn.person is not None
    found = 0
    for part in known.parts:
        if part.person in (None, turn.person.id) or part.starts <= known.now or found >= MOST:
            continue
        assert part.person is not None
        one = Swap(
            id=SwapId("?"),
            giver=turn.person.id,
            gives=own.span,
            taker=part.person,
            returns=part.span,
            by=turn.person.id,
            made=known.now,
        )
        if part.shift.role is own.role and open_to(known, part.person, [one]):
            found += 1
            yield part


def _can(turn: Turn, one: Mine) -> Buttons:
    """What can be done with a shift of one's own."""
    rows: list[tuple[Button, ...]] = [(_button(turn, "shifts.button_ill", one.span, Own.ILL),)]
    rows.append(
        (
            _button(turn, "shifts.button_give", one.span, Own.GIVE),
            _button(turn, "shifts.button_swap", one.span, Own.PICK),
        )
    )
    if one.before:
        rows.append((_button(turn, "shifts.button_back", one.span, Own.BACK),))
    return tuple(rows)


def _mine(turn: Turn, known: Book) -> tuple[Mine, ...]:
    found = _all_mine(turn, known)
    return found[: SHOWN + 1] if found and found[0].starts <= known.now else found[:SHOWN]


def _all_mine(turn: Turn, known: Book) -> tuple[Mine, ...]:
    return mine(known.parts, turn.person.id, known.now) if turn.person is not None else ()


def _words(turn: Turn, one: Mine) -> str:
    return stretch_words(turn.words, one.starts, one.ends, one.organisations)


def _to(turn: Turn, one: Mine) -> Button:
    text = short(turn.words, one.starts, one.ends)
    return Button(text=text, press=encode(OwnShift(what=Own.SEE, ref=one.span.ref)))


def _button(turn: Turn, key: str, span: Span, what: Own) -> Button:
    return turn.button(key, OwnShift(what=what, ref=span.ref))


def _row(turn: Turn, known: Book, one: Mine) -> tuple[Button, ...]:
    if one.starts > known.now:
        return (_to(turn, one),)
    return (_to(turn, one), _button(turn, "shifts.button_ill", one.span, Own.ILL))


def _back(turn: Turn) -> tuple[Button, ...]:
    return (home(turn.words),)
