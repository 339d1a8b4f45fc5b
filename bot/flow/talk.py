"""Carries what two people say, sealed, from one to the other."""

from bot.core import channels_policy, guard
from bot.core.channels_policy import Talk
from bot.core.consultation import Consultation, State
from bot.core.events import Said
from bot.core.ids import PersonId
from bot.core.policy import Act
from bot.core.request import Need
from bot.flow.advance import advance, moment
from bot.flow.deps import FIRST_ANSWER, LONG_QUIET, Content, Deps
from bot.flow.ports import Tx
from bot.flow.rooms import say
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
    if not may_talk(deps.content(), c, who.inbound.channel):
        answer(tx, deps, who, "talk.off", consultation=c.id)
        return
    rules = may(deps, who, Act.ROOM_SAY, consultation=c)
    words = text.reveal().decode()
    length = len(words.encode("utf-16-le")) // 2
    if length > MAX_TEXT:
        answer(tx, deps, who, "home.too_long", length=str(length), most=str(MAX_TEXT))
        return
    verdict = guard.judge(deps.content().guard, words, channel=who.inbound.channel, phase=guard.Phase.UNNAMED)
    if verdict.blocked:
        types = ",".join(dict.fromkeys(span.type for span in verdict.spans))
        answer(tx, deps, who, "talk.stopped", types=types)
        return
    _put(tx, deps, c, who.person.id, text, rules, at=who)


def _put(
    tx: Tx, deps: Deps, c: Consultation, author: PersonId, text: Plain, rules: tuple[str, ...], *, at: Speaker
) -> None:
    """Seal the words into the room and record that they were said."""
    assert c.room is not None
    when = moment(c, at.now)
    seq, digest = say(tx, deps, c.room, author, text)
    due = when + (FIRST_ANSWER if author == c.officer else LONG_QUIET)
    advance(tx, deps, c, Said(at=when, author=author, seq=seq, digest=digest, due=due), rules)


def may_talk(content: Content, c: Consultation, channel: str) -> bool:
    """Whether both authorities have decided that this channel may carry the talk."""
    assert c.organisation is not None
    return channels_policy.talk(content.channels, c.organisation, channel) is Talk.GUARDED


def by_telephone(content: Content, c: Consultation, channel: str) -> bool:
    """Whether the two talk by telephone: the channel may not carry it, or the officer asked to be called."""
    assert c.request is not None
    return c.request.need is Need.CALL_ME or not may_talk(content, c, channel)


def _meant(tx: Tx, who: Speaker, talks: tuple[Consultation, ...]) -> Consultation | None:
    if len(talks) == 1:
        return talks[0]
    if who.inbound.reply_to is None:
        return None
    spot = tx.outbox.spot_at(who.person.id, who.inbound.channel, who.inbound.reply_to)
    key = spot.key if spot is not None else ""
    return next((c for c in talks if c.room is not None and key.startswith(f"room:{c.room}:")), None)
