"""A thief with a copy of the database and files of keys: opens whatever these open, and what that opens in turn."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from bot.client.room_log import SAID
from bot.core.ids import RoomId
from bot.flow.ports import Tx
from bot.flow.records_openings import PassedShare
from bot.seal import event as events
from bot.seal import shamir, threshold
from bot.seal.epoch import read_epoch
from bot.seal.errors import SealError
from bot.seal.event import Event
from bot.seal.hpke import SEED, KemKey, kem_key, open_with
from bot.seal.labels import Label
from bot.seal.passing import read_pass
from bot.seal.room import RoomKey, check_commitment
from bot.seal.symmetric import KEY, decrypt
from bot.seal.threshold import Escrow
from bot.seal.wire import lp
from bot.store.copy import looking_into

MOST = 12  # shares that are tried together, before trying becomes long


@dataclass(frozen=True, slots=True, kw_only=True)
class Loot:
    """Every 32 bytes in a row of the stolen files, taken for anything that they could be."""

    raw: tuple[bytes, ...]
    seeds: tuple[KemKey, ...]


def loot_of(files: Iterable[bytes]) -> Loot:
    """What these files could be."""
    assert SEED == KEY
    raw = {body[at : at + KEY] for body in files for at in range(len(body) - KEY + 1)}
    return Loot(raw=tuple(raw), seeds=tuple(kem_key(one) for one in raw))


def words(database: Path, files: Iterable[bytes]) -> list[str]:
    """Everything said in any room that opens with these files."""
    loot = loot_of(files)
    with looking_into(database) as tx:
        return [text for room in tx.audit.rooms() for text in _said(tx, room.id, loot)]


def room_keys(database: Path, files: Iterable[bytes]) -> list[bytes]:
    """Every room's key that opens with these files."""
    loot = loot_of(files)
    with looking_into(database) as tx:
        return [key.key for room in tx.audit.rooms() for key in _keys(tx, room.id, loot).values()]


def _said(tx: Tx, room: RoomId, loot: Loot) -> Iterator[str]:
    keys = _keys(tx, room, loot)
    for event in _events(tx, room):
        if event.kind == SAID and event.epoch in keys:
            yield events.open_event(keys[event.epoch], event).reveal().decode()


def _keys(tx: Tx, room: RoomId, loot: Loot) -> dict[int, RoomKey]:
    """The key of each epoch that opens: any candidate to which the epoch has committed."""
    found = {}
    for event in _events(tx, room):
        if event.kind != events.EPOCH_KIND:
            continue
        for candidate in _candidates(tx, room, event.epoch, loot):
            with suppress(SealError):
                key = RoomKey(room=room, epoch=event.epoch, key=candidate)
                check_commitment(key, read_epoch(event).kc)
                found[event.epoch] = key
                break
    return found


def _candidates(tx: Tx, room: RoomId, epoch: int, loot: Loot) -> Iterator[bytes]:
    yield from loot.raw
    for kept in tx.audit.keys(room):
        if kept.epoch == epoch:
            info = lp(Label.ROOM_KEY, room, epoch, kept.device)
            yield from _opened(kept.blob.content, info, loot.seeds)
    for at, _, blob in tx.audit.escrows(room):
        if at == epoch:
            yield from _out_of(tx, threshold.from_bytes(blob.content), loot)


def _out_of(tx: Tx, escrow: Escrow, loot: Loot) -> Iterator[bytes]:
    """What is in the box: by a key that was stolen, or by one put together of enough shares."""
    shares = sorted({*_own_shares(escrow, loot), *_passed_shares(tx, escrow, loot)})
    assert len(shares) <= MOST
    together = (shamir.combine(some) for some in combinations(shares, escrow.t))
    for key in (*loot.raw, *together):
        with suppress(SealError):
            yield decrypt(key, escrow.iv, escrow.box, aad=threshold.context(escrow))


def _own_shares(escrow: Escrow, loot: Loot) -> Iterator[bytes]:
    ctx = threshold.context(escrow)
    for seat in escrow.seats:
        for sealed in seat.shares:
            info = lp(Label.SHARE, ctx, seat.person, sealed.device_id)
            yield from _opened(sealed.blob, info, loot.seeds)


def _passed_shares(tx: Tx, escrow: Escrow, loot: Loot) -> Iterator[bytes]:
    ctx = threshold.context(escrow)
    for share in _passed(tx, escrow):
        signed = read_pass(share.statement, share.sig)
        info = lp(Label.PASSED_SHARE, signed.use, ctx, signed.seat, signed.receiver)
        if share.blob is not None:
            yield from _opened(share.blob.content, info, loot.seeds)


def _passed(tx: Tx, escrow: Escrow) -> Iterator[PassedShare]:
    for opening in tx.openings.under_way():
        for share in tx.opening_audit.shares(opening.id):
            if (share.place.room, share.place.epoch) == (escrow.room, escrow.epoch):
                yield share


def _opened(blob: bytes, info: bytes, seeds: Sequence[KemKey]) -> Iterator[bytes]:
    for seed in seeds:
        with suppress(SealError):
            yield open_with(seed, blob, info=info)


def _events(tx: Tx, room: RoomId) -> list[Event]:
    return [events.from_bytes(sealed.content) for _, sealed in tx.audit.events(room)]
