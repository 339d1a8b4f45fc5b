"""The card: one message that shows an officer, live, who is asked, until when, what comes next and what to call."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.core import chain
from bot.core.consultation import Consultation, State
from bot.core.events import Ending
from bot.core.places import Number, Organisation
from bot.core.press import Act, Do, encode
from bot.core.request import Outcome
from bot.core.text import bare_time, clock_time, day_and_time
from bot.flow.chat.spoken import Buttons
from bot.flow.deps import Deps
from bot.flow.messages import Button
from bot.flow.ports import Tx
from bot.flow.situation import workers
from bot.flow.words import Words

GRACE = timedelta(seconds=30)  # past a deadline before an officer should stop trusting the card
_MINUTE = timedelta(minutes=1)


def card(tx: Tx, deps: Deps, c: Consultation, words: Words) -> tuple[str, Buttons]:
    """The card's text and buttons for the officer."""
    assert c.request is not None
    owner = words.owner(c)
    lines = [words.head(c.request), "", *_state(tx, deps, c, words, owner)]
    if c.state not in (State.CLOSED, State.PHONED):
        lines += ["", words.say("card.call", **_pick(words.first_number(owner), "label", "number"))]
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

    match c.state:
        case State.SEEKING | State.OFFERED:
            return ((button(Act.CANCEL, "cancel"),),)
        case State.DEFERRED:
            return ((button(Act.RAISE, "raise"),), (button(Act.CANCEL, "cancel"),))
        case State.OPEN:
            return ((button(Act.NAME, "name"), button(Act.CLOSE, "close")),)
        case State.PHONED:
            index = current_number(c)
            tried = (button(Act.ANSWERED, "answered", index), button(Act.SILENT, "silent", index))
            return (
                ((button(Act.CLOSE, "close"),),)
                if answered_number(c)
                else (tried, (button(Act.CLOSE, "close"),))
            )
        case _:
            return ()


def current_number(c: Consultation) -> int:
    """Which number to call now: after the last one, the first again."""
    return sum(not tried.answered for tried in c.tried) % max(1, len(c.numbers))


def answered_number(c: Consultation) -> str | None:
    """The number that somebody answered, if one was."""
    return c.tried[-1].number if c.tried and c.tried[-1].answered else None


def how(words: Words, c: Consultation) -> str:
    """How it ended, in words."""
    return words.say(f"ending.{c.ending or Ending.NOTHING}")


def _state(tx: Tx, deps: Deps, c: Consultation, words: Words, owner: Organisation) -> list[str]:
    match c.state:
        case State.OFFERED:
            return [*_lost(c, words), _offered(tx, deps, c, words)]
        case State.DEFERRED:
            assert c.due is not None
            until = day_and_time(c.due, words.now, words.language)
            return [words.say("card.deferred", until=until, organisation=words.label(owner.label))]
        case State.OPEN:
            return _open(c, words)
        case State.PHONED:
            return [*_lost(c, words), _phoned(c, words, owner)]
        case State.CLOSED:
            at = bare_time(c.closed_at or words.now, words.language)
            return [words.say("card.closed", at=at, ending=how(words, c))]
        case _:
            return [words.say("card.seeking")]


def _offered(tx: Tx, deps: Deps, c: Consultation, words: Words) -> str:
    asked = c.pending
    after = _after(tx, deps, c, words)
    until = clock_time(max(o.until for o in asked), words.language)
    who = words.who(c, asked[0])
    if len(asked) == 1:
        return words.say("card.offered_one", who=who, until=until, after=after)
    return words.say("card.offered_many", who=who, until=until, after=after, count=str(len(asked)))


def _after(tx: Tx, deps: Deps, c: Consultation, words: Words) -> str:
    """What comes when nobody answers: the chain is asked as if all who are asked now had been silent."""
    assert c.request is not None
    silent = tuple(
        replace(o, outcome=Outcome.SILENT) if o.outcome is Outcome.PENDING else o for o in c.offers
    )
    structure = deps.content().structure
    found = chain.next_step(structure, c.request, silent, workers(tx, words.now), words.now)
    if isinstance(found, chain.Ask):
        return words.say("card.next", next=words.label(found.step.label))
    return words.say("card.next_numbers")


def _open(c: Consultation, words: Words) -> list[str]:
    offer = next((o for o in reversed(c.offers) if o.person == c.holder), None)
    taken_at = (offer.settled_at or offer.at) if offer is not None else words.now
    since = bare_time(taken_at, words.language)
    lines = [words.say("card.open", who=words.holder(c), since=since)]
    if c.owed and c.due is not None:
        lines.append(words.say("card.owed", until=clock_time(c.due, words.language)))
    return lines


def _phoned(c: Consultation, words: Words, owner: Organisation) -> str:
    numbers = [n for wanted in c.numbers for n in owner.numbers if n.id == wanted]
    if not numbers:
        return words.say("card.call", **_pick(words.first_number(owner), "label", "number"))
    answered = answered_number(c)
    if answered is not None:
        at = bare_time(c.tried[-1].at, words.language)
        return words.say("card.phoned_answered", label=_label(words, numbers, answered), at=at)
    now = words.number(numbers[current_number(c) % len(numbers)])
    if not c.tried:
        return words.say("card.phoned", **now)
    return words.say("card.phoned_again", last=_label(words, numbers, c.tried[-1].number), **now)


def _lost(c: Consultation, words: Words) -> list[str]:
    """Why it is being looked for again, when somebody had it."""
    last = next((o.outcome for o in reversed(c.offers) if o.outcome is not Outcome.PENDING), None)
    if last is Outcome.LAPSED:
        return [words.say("card.lapsed_once")]
    return [words.say("card.could_not_once")] if last is Outcome.COULD_NOT_ATTEND else []


def _label(words: Words, numbers: list[Number], wanted: str) -> str:
    return next((words.label(n.label) for n in numbers if n.id == wanted), wanted)


def _unheard(c: Consultation, now: datetime) -> datetime:
    """The whole minute after which an officer who has heard nothing should call."""
    late = (c.due or now) + GRACE
    return late if not (late.second or late.microsecond) else late.replace(second=0, microsecond=0) + _MINUTE


def _pick(params: dict[str, str], *names: str) -> dict[str, str]:
    return {name: params[name] for name in names}
