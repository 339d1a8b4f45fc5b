"""The card: one message that shows an officer, live, who is asked, until when, what comes next and what to call."""

from datetime import datetime, timedelta

from bot.core.channels_policy import Bridge
from bot.core.consultation import Consultation, State
from bot.core.press import Act, Do, encode
from bot.core.standing import Stand, current_number
from bot.core.text import bare_time
from bot.flow.chat.spoken import Buttons
from bot.flow.deps import Deps
from bot.flow.messages import Button
from bot.flow.ports import Tx
from bot.flow.register import receipt_line
from bot.flow.ring_again import woken
from bot.flow.room_members import Way, way
from bot.flow.situation import ready, situation
from bot.flow.stood import Stood, number_to_call, stood, what_next
from bot.flow.words import Words

GRACE = timedelta(seconds=30)  # past a deadline before an officer should stop trusting the card
_MINUTE = timedelta(minutes=1)
# a number stands in the sentence itself
_CALLING = (Stand.CALL, Stand.CALL_NEXT, Stand.CALL_ROUND, Stand.NOT_READY, Stand.ASKING_MEANWHILE)


def card(tx: Tx, deps: Deps, c: Consultation, words: Words) -> tuple[str, Buttons]:
    """The card's text and buttons for the officer."""
    assert c.request is not None
    found = stood(words, c, _way(tx, deps, c), woken(tx, words.content, c, words.now))
    lines = [words.head(c.request), "", *_state(tx, c, words, found)]
    lines += filter(None, [receipt_line(tx, words, c)])
    if c.state not in (State.CLOSED, State.PHONED) and found.stand not in _CALLING:
        lines += ["", words.say("card.call", **words.first_number(words.owner(c)))]
    if c.state in (State.OFFERED, State.SEEKING):
        lines.append(words.say("card.unheard", at=bare_time(_unheard(c, words.now), words.language)))
    if c.state is not State.CLOSED:
        lines += ["", words.say("card.danger")]
    return "\n".join(lines), buttons(c, words)


def buttons(c: Consultation, words: Words) -> Buttons:
    """What the officer can do now."""

    def button(act: Act, key: str, index: int = 0) -> Button:
        press = Do(consultation=c.id, act=act, index=index)
        return Button(text=words.say(f"button.{key}"), press=encode(press))

    index = current_number(c)
    tried = (button(Act.ANSWERED, "answered", index), button(Act.SILENT, "silent", index))
    calling = (tried,) if c.numbers and not c.answered else ()
    match c.state:
        case State.SEEKING:
            return ((button(Act.CANCEL, "cancel"),),)
        case State.OFFERED:
            return (*calling, (button(Act.CANCEL, "cancel"),))
        case State.DEFERRED:
            return ((button(Act.RAISE, "raise"),), (button(Act.CANCEL, "cancel"),))
        case State.OPEN:
            naming = () if c.identified else (button(Act.NAME, "name"),)
            return ((*naming, button(Act.CLOSE, "close")),)
        case State.PHONED:
            return (*calling, (button(Act.CLOSE, "close"),))
        case _:
            return ()


def _state(tx: Tx, c: Consultation, words: Words, found: Stood) -> list[str]:
    line = f"{found.head}. {found.more}"
    if c.state is State.OFFERED:
        assert c.request is not None
        line = f"{line} {what_next(words, c, ready(tx, words.content.structure, situation(tx, words.now), c.request))}"
    if found.stand in _CALLING:
        line = f"{line} {words.say('request.answered', **number_to_call(words, c))}"
    return [found.lost, line] if found.lost else [line]


def _way(tx: Tx, deps: Deps, c: Consultation) -> Way:
    if c.state is not State.OPEN or c.officer is None:
        return Way.PHONE
    return way(tx, deps.content(), c, c.officer, Bridge.TELEGRAM)


def _unheard(c: Consultation, now: datetime) -> datetime:
    """The whole minute after which an officer who has heard nothing should call."""
    late = (c.due or now) + GRACE
    return late if not (late.second or late.microsecond) else late.replace(second=0, microsecond=0) + _MINUTE
