"""The end of a shift in a chat: looks, promises, hands over what the bridge holds and what is telephoned, and takes it up."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from bot.core.consultation import State
from bot.core.errors import BadInput
from bot.core.events import Said
from bot.core.hours import STOCKHOLM
from bot.core.ids import PersonId
from bot.core.policy import Act
from bot.core.press import Leave, Pledge, Shift
from bot.core.promises import Promise, PromiseKind
from bot.flow import promises, shift_handover
from bot.flow.advance import advance, moment, quiet_until
from bot.flow.deps import Deps
from bot.flow.handover_receipts import receipts
from bot.flow.ports import Tx
from bot.flow.records_handovers import HandoverId
from bot.flow.refusals import Code, Refused
from bot.flow.room_members import Way, way
from bot.flow.rooms import say
from bot.flow.shift_handover import Part, Talk, held
from bot.flow.speaker import Speaker, amend, may
from bot.flow.words import Words
from bot.seal.plain import Plain

_DAY = timedelta(days=1)
_SAID = {Code.TALKS_CHANGED: "changed", Code.NOT_ELIGIBLE: "cannot", Code.DEVICE_NEEDED: "by_device"}


def pressed(tx: Tx, deps: Deps, who: Speaker, press: Shift) -> None:
    """Do it, or say why not."""
    may(deps, who, Act.SHIFT_HAND_OVER, subject=who.person)
    match press.leave:
        case Leave.LOOK:
            amend(tx, deps, who, "handover.look")
        case Leave.TO:
            amend(tx, deps, who, "handover.to", to=press.ref)
        case Leave.GIVE:
            _give(tx, deps, who, PersonId(press.ref), press.seen)
        case Leave.TAKE:
            _take(tx, deps, who, HandoverId(press.ref))


def pledged(tx: Tx, deps: Deps, who: Speaker, press: Pledge) -> None:
    """Ask for the kind and the hour, then keep the promise."""
    c = press.consultation
    if press.kind is None:
        amend(tx, deps, who, "handover.pledge_kind", consultation=c)
    elif press.kind is PromiseKind.NOTHING:
        promises.make(tx, deps, who, c, (Promise(kind=press.kind),))
        amend(tx, deps, who, "handover.look")
    elif not press.hour:
        amend(tx, deps, who, "handover.pledge_hour", consultation=c, kind=press.kind)
    else:
        due = next_clock(press.hour, who.now)
        others = (one for one in tx.handovers.promised(c) or () if one.kind is not press.kind)
        ahead = [one for one in others if one.due is not None and one.due > who.now]
        promises.make(tx, deps, who, c, (*ahead, Promise(kind=press.kind, due=due)))
        amend(tx, deps, who, "handover.look")


def next_clock(hour: str, now: datetime) -> datetime:
    """When the clock in Sweden next shows "2145". Raises BadInput for no time of day."""
    wall = now.astimezone(STOCKHOLM)
    try:
        today = wall.replace(hour=int(hour[:2]), minute=int(hour[2:]), second=0, microsecond=0, fold=0)
    except ValueError as error:
        raise BadInput("that is no time of day") from error
    return (today if today > wall else today + _DAY).astimezone(UTC)


def seen_of(talks: tuple[Talk, ...]) -> str:
    """What stands for these talks in a button: another digest, other talks."""
    return sha256(" ".join(sorted(talk.room.id for talk in talks)).encode()).hexdigest()[:8]


def _give(tx: Tx, deps: Deps, who: Speaker, to: PersonId, seen: str) -> None:
    talks = held(tx, deps, who.person.id)
    if seen_of(talks) != seen:
        amend(tx, deps, who, "handover.look", note="changed")
        return
    parts = [Part(room=talk.room.id) for talk in talks]
    try:
        shift_handover.check(tx, deps, who, None, to, parts)
    except Refused as refused:
        amend(tx, deps, who, "handover.look", note=_SAID.get(refused.code, "cannot"))
        return
    handed = shift_handover.hand_over(tx, deps, who, None, to, parts)
    amend(tx, deps, who, "handover.given", handover=handed[0].id)


def _take(tx: Tx, deps: Deps, who: Speaker, handover: HandoverId) -> None:
    """Say it in each talk that this channel carries, with the same words; the others wait for the device."""
    lines = [line for one in receipts(tx, who.person.id, handover) for line in one.lines if line.is_waiting]
    mine = [line.c for line in lines if line.c.holder == who.person.id and line.c.state is State.OPEN]
    carried = [c for c in mine if way(tx, deps.content(), c, who.person.id, who.inbound.channel) is Way.HERE]
    for c in carried:
        rules = may(deps, who, Act.ROOM_SAY, consultation=c)
        words = Words(deps.content(), "sv", who.now).say("handover.taken_words")
        assert c.room is not None
        at = moment(c, who.now)
        seq, digest = say(tx, deps, c.room, who.person.id, Plain(words.encode()))
        said = Said(at=at, author=who.person.id, seq=seq, digest=digest, due=quiet_until(c, at))
        advance(tx, deps, c, said, rules)
    device = "yes" if len(carried) < len(mine) else ""
    amend(tx, deps, who, "handover.taken", count=str(len(carried)), device=device)
