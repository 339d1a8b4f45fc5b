"""The first page and what leads from it: status, numbers, duty."""

from collections.abc import Iterator
from datetime import datetime

from bot.core.consultation import State
from bot.core.facts import roles_on
from bot.core.people import Role
from bot.core.places import numbers_at
from bot.core.press import Duty, Open, Page, TakeOver
from bot.flow import times
from bot.flow.chat.card import card
from bot.flow.chat.handover import leave_buttons
from bot.flow.chat.shifts import book_of, own_buttons, own_lines
from bot.flow.chat.spoken import Buttons, Speech
from bot.flow.chat.turn import Turn, board_of, in_a_line, number_of, to_card
from bot.flow.messages import Button
from bot.flow.situation import attendance
from bot.flow.speaker import WORKERS
from bot.flow.take_over import Takeable, takeable
from bot.flow.talk import LOOKED_AT

MOST = 10  # requests on one page; each is a few lines of a message


def home(turn: Turn, name: str) -> Speech:
    """The first page, with what is to be said before it."""
    if turn.person is None:
        return turn.speech(turn.say(f"home.{name}", url=turn.deps.base_url))
    text, buttons = _start(turn)
    match name:
        case "not_now":
            return _not_now(turn)
        case "web":
            return turn.speech(turn.say("home.web", **turn.params))
        case "suspended":
            return turn.speech(turn.say("home.suspended"))
        case "broken" | "denied":
            return turn.speech(turn.say(f"home.{name}", number=number_of(turn)))
        case "too_long":
            return turn.speech(turn.say("home.too_long", **turn.params))
        case _:
            return turn.speech(f"{turn.say(f'home.{name}')}\n\n{text}", buttons)


def _start(turn: Turn) -> tuple[str, Buttons]:
    """The first page: what this person can do."""
    assert turn.person is not None
    roles = roles_on(turn.person, turn.words.now)
    if Role.OFFICER in roles:
        ask = turn.button("button.ask", Open(page=Page.ASK))
        consult = turn.button("button.consult", Open(page=Page.CONSULT))
        numbers = turn.button("button.numbers", Open(page=Page.NUMBERS))
        status = turn.button("button.status", Open(page=Page.STATUS))
        find = turn.button("button.find", Open(page=Page.FIND))
        return turn.say("home.officer"), ((ask, consult), (numbers, status), (find,))
    if roles & WORKERS:
        return turn.say("home.worker", duty=_duty_words(turn)), (_duty_buttons(turn), *leave_buttons(turn))
    return turn.say("home.other"), ()


def _not_now(turn: Turn) -> Speech:
    c = turn.consultation()
    if c is None or c.request is None:
        return turn.speech(turn.say("home.not_now_plain"))
    return turn.speech(f"{turn.say('home.not_now')}\n{in_a_line(turn, c)}")


def menu(turn: Turn, name: str) -> Speech:
    """The page a menu button leads to."""
    match Page(name):
        case Page.ASK:
            return turn.speech(turn.say("ask.prompt"))
        case Page.NUMBERS:
            return turn.speech(_numbers(turn))
        case Page.STATUS:
            return status(turn)
        case Page.DUTY:
            return _on_duty_page(turn)
        case _:
            text, buttons = _start(turn)
            return turn.speech(text, buttons)


def _on_duty_page(turn: Turn) -> Speech:
    """On or off duty, and one's shifts, for whoever can have any."""
    assert turn.person is not None
    text, rows = turn.say("home.worker", duty=_duty_words(turn)), (_duty_buttons(turn), *leave_buttons(turn))
    if not roles_on(turn.person, turn.words.now) & WORKERS:
        return turn.speech(text, rows)
    known = book_of(turn)
    return turn.speech("\n".join((text, "", *own_lines(turn, known))), (*rows, *own_buttons(turn, known)))


def status(turn: Turn, name: str = "") -> Speech:
    """What goes on for this person, or one consultation as its card."""
    assert turn.person is not None
    one = turn.consultation()
    if name == "one" and one is not None and one.officer == turn.person.id and one.request is not None:
        text, buttons = card(turn.tx, turn.deps, one, turn.words)
        return turn.speech(text, buttons, spot=f"show:{one.id}")
    mine = [
        *turn.tx.consultations.of_officer(turn.person.id, LOOKED_AT),
        *turn.tx.consultations.of_holder(turn.person.id, LOOKED_AT),
    ]
    going_on = [c for c in mine if c.request is not None and c.state not in (State.CLOSED, State.ERASED)]
    going_on = going_on[:MOST]
    theirs = takeable(turn.tx, turn.deps.content(), turn.person, turn.words.now)
    mine_told = [turn.say("status.mine"), *(in_a_line(turn, c) for c in going_on)] if going_on else []
    lines = [*mine_told, *_takeable(turn, theirs)]
    rows = tuple(to_card(turn, c) for c in going_on if c.officer == turn.person.id)
    rows += tuple((_to_take(turn, n, one),) for n, one in enumerate(theirs, start=1))
    return turn.speech("\n".join(lines or [turn.say("status.none")]), rows)


def _takeable(turn: Turn, theirs: tuple[Takeable, ...]) -> Iterator[str]:
    """The talks of colleagues that this person may take over, numbered as the buttons are."""
    if theirs:
        yield turn.say("status.takeable")
    for n, one in enumerate(theirs, start=1):
        assert one.c.request is not None
        why = turn.say(
            f"status.because_{one.because}", until=times.until(turn.words, one.c.due or turn.words.now)
        )
        yield turn.say("status.take", number=str(n), head=turn.words.head(one.c.request), why=why)


def _to_take(turn: Turn, number: int, one: Takeable) -> Button:
    return turn.button("button.take_over", TakeOver(offer=one.taken.id), number=str(number))


def _numbers(turn: Turn) -> str:
    board = board_of(turn)
    lines = [
        turn.say("numbers.head", place=turn.words.label(board.label)),
        *(turn.say("numbers.line", **turn.words.number(n)) for n in numbers_at(board, turn.words.now)),
        turn.say("numbers.danger"),
    ]
    return "\n".join(lines)


def duty(turn: Turn, name: str) -> Speech:
    """On or off duty, with the button for the other."""
    until = turn.params.get("until", "")
    said = times.until(turn.words, datetime.fromisoformat(until)) if until else ""
    return turn.speech(turn.say(f"duty.{name}", until=said), (_duty_buttons(turn), *leave_buttons(turn)))


def _duty_words(turn: Turn) -> str:
    until = _on_duty_until(turn)
    return turn.say("duty.on", until=times.until(turn.words, until)) if until else turn.say("duty.off")


def _duty_buttons(turn: Turn) -> tuple[Button, ...]:
    on = _on_duty_until(turn) is not None
    change = turn.button("button.duty_off" if on else "button.duty_on", Duty(on=not on))
    return (change, turn.button("button.status", Open(page=Page.STATUS)))


def _on_duty_until(turn: Turn) -> datetime | None:
    assert turn.person is not None
    duties = attendance(turn.tx, turn.words.now).present.get(turn.person.id, ())
    return max((duty.until for duty in duties), default=None)
