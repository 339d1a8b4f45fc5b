"""Carries what two people say, sealed, from one to the other."""

from bot.core import guard
from bot.core.consultation import Consultation, State
from bot.core.events import Said
from bot.core.ids import PersonId
from bot.core.policy import Act
from bot.flow.advance import advance, moment, quiet_until
from bot.flow.deps import FIRST_ANSWER, Content, Deps
from bot.flow.ports import Tx
from bot.flow.refusals import Refused
from bot.flow.room_members import Way, way
from bot.flow.rooms import Heard, say
from bot.flow.speaker import Speaker, answer, may
from bot.seal.plain import Plain

LOOKED_AT = 100  # of somebody's consultations, the newest; questions are among them
MAX_TEXT = 4000  # characters of UTF-16; with what stands before it, under the 4096 of a Telegram message


def open_talks(tx: Tx, who: Speaker) -> tuple[Consultation, ...]:
    """The open rooms this person is in."""
    mine = [
        *tx.consultations.of_officer(who.person.id, LOOKED_AT),
        *tx.consultations.of_holder(who.person.id, LOOKED_AT),
    ]
    return tuple({c.id: c for c in mine if c.state is State.OPEN}.values())


def speak(tx: Tx, deps: Deps, who: Speaker, talks: tuple[Consultation, ...], text: Plain) -> None:
    """Say it in the one talk that is meant; never guess between several."""
    c = _meant(tx, who, talks)
    if c is None:
        answer(tx, deps, who, "talk.which")
        return
    if way(tx, deps.content(), c, who.person.id, who.inbound.channel) is not Way.HERE:
        answer(tx, deps, who, "talk.off", consultation=c.id)
        return
    rules = may(deps, who, Act.ROOM_SAY, consultation=c)
    words = text.reveal().decode()
    if _length(words) > MAX_TEXT:
        answer(tx, deps, who, "home.too_long", length=str(_length(words)), most=str(MAX_TEXT))
        return
    verdict = guard.judge(deps.content().guard, words, channel=who.inbound.channel, phase=guard.Phase.UNNAMED)
    if verdict.blocked:
        types = ",".join(dict.fromkeys(span.type for span in verdict.spans))
        answer(tx, deps, who, "talk.stopped", types=types)
        return
    try:
        _put(tx, deps, c, who.person.id, text, rules, at=who)
    except Refused:  # a device must begin a new epoch first, and does so as soon as its person looks
        answer(tx, deps, who, "talk.rekey", consultation=c.id)


def may_pass(content: Content, heard: Heard, channel: str) -> str | None:
    """The words of a message as they may be passed on to a channel; None where they may not, or do not fit."""
    try:
        words = heard.text.reveal().decode()
    except UnicodeDecodeError:
        return None
    if not heard.by_device:
        return words
    verdict = guard.judge(content.guard, words, channel=channel, phase=guard.Phase.UNNAMED)
    return None if verdict.blocked or _length(words) > MAX_TEXT else words


def _length(words: str) -> int:
    """In UTF-16, as Telegram counts."""
    return len(words.encode("utf-16-le")) // 2


def _put(
    tx: Tx, deps: Deps, c: Consultation, author: PersonId, text: Plain, rules: tuple[str, ...], *, at: Speaker
) -> None:
    """Seal the words into the room and record that they were said."""
    assert c.room is not None
    when = moment(c, at.now)
    seq, digest = say(tx, deps, c.room, author, text)
    due = when + FIRST_ANSWER if author == c.officer else quiet_until(c, when)
    advance(tx, deps, c, Said(at=when, author=author, seq=seq, digest=digest, due=due), rules)


def _meant(tx: Tx, who: Speaker, talks: tuple[Consultation, ...]) -> Consultation | None:
    if len(talks) == 1:
        return talks[0]
    if who.inbound.reply_to is None:
        return None
    spot = tx.outbox.spot_at(who.person.id, who.inbound.channel, who.inbound.reply_to)
    key = spot.key if spot is not None else ""
    return next((c for c in talks if c.room is not None and key.startswith(f"room:{c.room}:")), None)
