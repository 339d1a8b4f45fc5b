"""Delivers the outbox: each row claimed, said and settled; the outcome of sending is a retry decision."""

import asyncio
import hashlib
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.errors import SamjourError, Unavailable
from bot.core.ids import PersonId, RoomId
from bot.core.waking import dialled
from bot.flow import called
from bot.flow.chat.speech import compose
from bot.flow.chat.spoken import Speech
from bot.flow.deps import LEASE, Deps, made_at
from bot.flow.door import unlink
from bot.flow.messages import Delivery, Outbound, Receipt
from bot.flow.ports import Channel, Tx
from bot.flow.record import reach, reply
from bot.flow.records import Kind, Room, Saying, Spot
from bot.flow.rooms import hear, stopped
from bot.flow.sign_in import LINK_LIFETIME, issue_link
from bot.flow.waking import report_url
from bot.seal.errors import SealError
from bot.seal.field import Place, open_field
from bot.seal.plain import Plain, Sealed

log = logging.getLogger(__name__)
BATCH = 100  # rows claimed at once
_ANEW = (Kind.REPLY, Kind.RING_AGAIN)  # each in a message of its own: one that changes does not ring
TRIES = 5  # of a row whose text cannot be made, before those after it go ahead
WORTH = timedelta(hours=6)  # after that a message is no longer worth sending
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=1), timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """What a row says, and to whom; `shows` is the digest of what its message shows already."""

    speech: Speech
    address: str
    replaces: str
    shows: bytes
    key: str
    report: str


async def deliver(deps: Deps, channels: Mapping[str, Channel]) -> None:
    """Deliver until cancelled; a sending that hangs holds up no other."""
    under_way: set[asyncio.Task[None]] = set()

    def done(task: asyncio.Task[None]) -> None:
        under_way.discard(task)
        deps.bells.outbox.set()

    try:
        while True:
            deps.bells.outbox.clear()
            due = await _next_due(deps, len(under_way))
            if due is None or due > deps.clock.now():
                await deps.clock.wait(deps.bells.outbox, due)
                continue
            begun = await begin_due(deps, channels, BATCH - len(under_way))
            under_way.update(begun)
            for task in begun:
                task.add_done_callback(done)
    finally:
        for task in under_way:
            task.cancel()


async def begin_due(
    deps: Deps, channels: Mapping[str, Channel], most: int = BATCH
) -> tuple[asyncio.Task[None], ...]:
    """Begin to deliver what is due now, in order for each person; each task ends without an error."""
    now = deps.clock.now()
    claimed = await deps.store.write(lambda tx: tx.outbox.claim(now, now + LEASE, most))
    return tuple(asyncio.create_task(_deliver(deps, channels, saying)) for saying in claimed)


async def _next_due(deps: Deps, under_way: int) -> datetime | None:
    if under_way >= BATCH:
        return None  # until one of them is done
    return await deps.store.read(lambda tx: tx.outbox.next_due())


async def _deliver(deps: Deps, channels: Mapping[str, Channel], saying: Saying) -> None:
    """Deliver one row. What could not even be recorded is said again when its lease runs out."""
    try:
        await _attempt(deps, channels.get(saying.channel), saying)
    except Exception as error:  # noqa: BLE001 - one row that breaks must not hold up the others
        log.error("not recorded", extra={"saying": saying.id, "kind": type(error).__name__})  # noqa: TRY400 - a traceback may hold content


async def _attempt(deps: Deps, channel: Channel | None, saying: Saying) -> None:
    if channel is None:
        await deps.store.write(lambda tx: _no_channel(tx, deps, saying))
        return
    try:
        draft = await _draft(deps, saying)
        receipt = await _send(channel, draft) if draft is not None else None
    except Exception as error:  # noqa: BLE001 - one row that breaks must not hold up the others
        log.error("nothing could be said", extra={"saying": saying.id, "kind": type(error).__name__})  # noqa: TRY400 - a traceback may hold content
        await _put_off(deps, saying)
        return
    try:
        await deps.store.write(lambda tx: _settle(tx, deps, saying, draft, receipt))
    except Unavailable:
        raise
    except Exception as error:  # noqa: BLE001 - likewise
        log.error("not settled", extra={"saying": saying.id, "kind": type(error).__name__})  # noqa: TRY400 - likewise
        await _put_off(deps, saying)
    deps.bells.ring()


async def _draft(deps: Deps, saying: Saying) -> _Draft | None:
    if saying.key == "home.web" and saying.person is not None:
        url = await issue_link(deps, saying.person)
        minutes = str(int(LINK_LIFETIME.total_seconds()) // 60)
        saying = replace(saying, params={**saying.params, "url": url, "minutes": minutes})
    return await deps.store.read(lambda tx: _compose(tx, deps, saying))


def _compose(tx: Tx, deps: Deps, saying: Saying) -> _Draft | None:
    found = _address(tx, deps, saying)
    if found is None:
        return None
    address, language = found
    speech = compose(tx, deps, saying, language, deps.clock.now())
    if speech is None:
        return None
    spot = _spot(tx, saying, speech) if saying.kind not in _ANEW else None
    if spot is None and speech.only_edit and not speech.replaces:
        return None
    replaces = speech.replaces or (spot.native_id if spot is not None else "")
    return _Draft(
        speech=speech,
        address=address,
        replaces=replaces,
        shows=spot.digest if spot else b"",
        key=saying.id,
        report=report_url(deps, saying.ref) if saying.kind is Kind.CALL_OUT else "",
    )


async def _send(channel: Channel, draft: _Draft) -> Receipt:
    if draft.replaces and draft.shows == _digest(draft.speech):
        return Receipt(delivery=Delivery.SAME, native_id=draft.replaces)
    receipt = await channel.send(_outbound(draft, draft.replaces or None))
    if receipt.delivery is Delivery.GONE and not draft.speech.only_edit:
        return await channel.send(_outbound(draft, None))
    return receipt


def _outbound(draft: _Draft, replaces: str | None) -> Outbound:
    text = Plain(draft.speech.text.encode())
    return Outbound(
        address=draft.address,
        text=text,
        buttons=draft.speech.buttons,
        replaces=replaces,
        key=draft.key,
        report=draft.report,
    )


def _settle(tx: Tx, deps: Deps, saying: Saying, draft: _Draft | None, receipt: Receipt | None) -> None:
    if draft is None or receipt is None:
        tx.outbox.finish(saying)  # there is nothing left to say
        return
    match receipt.delivery:
        case Delivery.SENT | Delivery.SAME | Delivery.GONE:
            tx.outbox.finish(saying)
            _remember(tx, saying, draft.speech, receipt)
            if saying.kind is Kind.CALL_OUT:
                called.taken(tx, deps, saying)
            if draft.speech.stopped:
                _stopped(tx, deps, saying)
        case Delivery.NEVER:
            tx.outbox.finish(saying)
            _unreachable(tx, deps, saying, draft.address)
        case Delivery.REFUSED:
            tx.outbox.finish(saying)
            _undelivered(tx, deps, saying)
        case Delivery.LATER:
            _retry(tx, deps, saying, receipt)


def _no_channel(tx: Tx, deps: Deps, saying: Saying) -> None:
    """A channel that is away comes back; a gateway that is not set up any more takes no call."""
    if saying.kind is Kind.CALL_OUT:
        tx.outbox.finish(saying)
        _undelivered(tx, deps, saying)
    else:
        _retry(tx, deps, saying, Receipt(delivery=Delivery.LATER))


def _retry(tx: Tx, deps: Deps, saying: Saying, receipt: Receipt) -> None:
    due = next_try(saying, receipt, deps.clock.now())
    if due is not None:
        tx.outbox.retry(saying, due)
    else:
        tx.outbox.finish(saying)
        _undelivered(tx, deps, saying)


def next_try(saying: Saying, receipt: Receipt, now: datetime) -> datetime | None:
    """When to try again: twice as long each time, at least what the channel asked for; None when it is too late."""
    if now - made_at(saying.id) > WORTH:
        return None
    doubled: timedelta = FIRST_WAIT * 2 ** min(saying.attempts, 10)
    return now + max(min(doubled, LONGEST_WAIT), timedelta(seconds=receipt.wait))


def _unreachable(tx: Tx, deps: Deps, saying: Saying, address: str) -> None:
    """Nobody waits for somebody who cannot be rung, and nobody rings there again: each chain goes on at once.

    Whoever has linked another account meanwhile is rung there.
    """
    if saying.kind is Kind.RING and saying.person is not None:
        if (_address(tx, deps, saying) or (address,))[0] == address:
            unlink(tx, deps, saying.channel, saying.person)
        else:
            reach(tx, deps, saying.person, Kind.RING, ref=saying.ref)
    _undelivered(tx, deps, saying)


def _undelivered(tx: Tx, deps: Deps, saying: Saying) -> None:
    """Whoever wrote is told that it was not delivered; whoever was to be woken is woken otherwise."""
    called.refused(tx, deps, saying)
    if saying.kind is not Kind.CARRY or saying.person is None:
        return
    room = tx.rooms.get(RoomId(saying.ref))
    author = _author(tx, deps, saying, room)
    _stopped(tx, deps, saying)
    if room is not None and author is not None and author != saying.person:
        reply(tx, deps, author, saying.channel, "talk.undelivered", consultation=room.consultation)


def _stopped(tx: Tx, deps: Deps, saying: Saying) -> None:
    """Whoever wrote on a device sees in the room that it was not passed on."""
    if saying.person is None:
        return
    with suppress(
        SamjourError, SealError
    ):  # it is delivered as far as it can be, whether or not that can be told
        stopped(tx, deps, RoomId(saying.ref), saying.seq, saying.person, deps.clock.now())


def _author(tx: Tx, deps: Deps, saying: Saying, room: Room | None) -> PersonId | None:
    """Who wrote it; where it does not open any more, the officer if it was for anybody else."""
    try:
        return hear(tx, deps, RoomId(saying.ref), saying.seq).author
    except SamjourError:
        c = tx.consultations.get(room.consultation) if room is not None else None
        return c.officer if c is not None else None


def _remember(tx: Tx, saying: Saying, speech: Speech, receipt: Receipt) -> None:
    """Where it was said and what stands there now, so that it can be changed, or answered by replying to it."""
    if saying.person is None or receipt.delivery is Delivery.GONE:
        return
    person, channel, native_id = saying.person, saying.channel, receipt.native_id
    stood = tx.outbox.spot_at(person, channel, native_id)
    key = speech.spot or (stood.key if stood is not None else "")
    if key:
        digest = _digest(speech)
        tx.outbox.put_spot(Spot(person=person, channel=channel, key=key, native_id=native_id, digest=digest))


async def _put_off(deps: Deps, saying: Saying) -> None:
    """Try again what broke us, some times; then give it up, and tell whoever wrote it."""
    due = next_try(saying, Receipt(delivery=Delivery.LATER), deps.clock.now())
    if due is not None and saying.attempts < TRIES:
        await deps.store.write(lambda tx: tx.outbox.retry(saying, due))
    elif await deps.store.write(lambda tx: tx.outbox.finish(saying)):
        await deps.store.write(lambda tx: _undelivered(tx, deps, saying))


def _address(tx: Tx, deps: Deps, saying: Saying) -> tuple[str, str] | None:
    """The address in clear, for this sending alone, and the language spoken there."""
    if saying.kind is Kind.CALL_OUT:
        return _phone(tx, saying)
    if saying.person is None:
        assert saying.address is not None
        language = saying.params.get("language", "sv")
        return _open(deps, saying.channel, saying.params["row"], saying.address), language
    for address in tx.people.addresses(saying.person):
        if address.channel == saying.channel:
            return _open(deps, address.channel, address.lookup.hex(), address.sealed), address.language
    return None


def _phone(tx: Tx, saying: Saying) -> tuple[str, str] | None:
    person = tx.people.get(saying.person) if saying.person is not None else None
    number = dialled(person.phone) if person is not None else None
    return (number, "sv") if number is not None else None


def _open(deps: Deps, channel: str, row: str, sealed: bytes) -> str:
    place = Place(table=channel, column="address", row=row)
    return open_field(deps.keys.fields, place, Sealed(content=sealed)).reveal().decode()


def _spot(tx: Tx, saying: Saying, speech: Speech) -> Spot | None:
    if not speech.spot or saying.person is None:
        return None
    return tx.outbox.spot(saying.person, saying.channel, speech.spot)


def _digest(speech: Speech) -> bytes:
    return hashlib.sha256(repr((speech.text, speech.buttons)).encode()).digest()
