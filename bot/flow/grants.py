"""Grants on the server: keys of earlier epochs, given to a device that came later by whoever has them."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.records import Room
from bot.flow.records_talks import KeptKey
from bot.flow.refusals import Code, Refused
from bot.flow.room_chain import Signer, append, checked, told
from bot.seal.event import EPOCH_KIND, GRANT_KIND, Event, from_bytes
from bot.seal.grant import Grant, check_grant
from bot.seal.plain import Sealed


def missing(tx: Tx, room: Room, devices: Iterable[bytes]) -> dict[bytes, tuple[int, ...]]:
    """The epochs, ascending, whose keys each of these devices has not been given; devices that lack none are left out."""
    begun, has = frozenset(range(1, room.epoch + 1)), tx.rooms.holders(room.id)
    lacking = {device: tuple(sorted(begun - has.get(device, frozenset()))) for device in devices}
    return {device: epochs for device, epochs in lacking.items() if epochs}


def take_grant(
    tx: Tx,
    deps: Deps,
    room: Room,
    event: Event,
    keys: Mapping[int, Sealed],
    *,
    signer: Signer,
    recipients: frozenset[bytes],
    targets: Collection[bytes],
    now: datetime,
) -> Room:
    """Add a grant with its keys; returns where the room stands then.

    `targets`: the devices that may be given any. Raises Refused for another device, for keys that the giver does not
    have, for what was given already, and when something does not hold (FORMAT.md 24, 25, 56, 60).
    """
    if event.kind != GRANT_KIND:
        raise Refused(Code.BAD_SEAL)
    if event.seq <= room.seq:
        raise Refused(Code.STALE_HEAD, room)
    grant = checked(room, lambda: check_grant(event, keys))
    if grant.device_id not in targets:
        raise Refused(Code.PLAN_STALE, room)
    _check_given(tx, room, grant, signer.public.device_id)
    after = append(tx, room, event, signer, recipients)
    for epoch, blob in keys.items():
        kept = KeptKey(epoch=epoch, device=grant.device_id, seq=after.seq, blob=blob)
        tx.rooms.put_key(room.id, kept)
    named = {"device": signer.public.device_id.hex(), "to": grant.device_id.hex()}
    told(tx, deps, after, "grant", now, **named, epochs=sorted(keys))
    return after


def _check_given(tx: Tx, room: Room, grant: Grant, giver: bytes) -> None:
    """Nobody gives what they do not have, or twice; another may, should the first have given a wrong key."""
    if not grant.keys.keys() <= {kept.epoch for kept in tx.rooms.keys(room.id, giver)}:
        raise Refused(Code.BAD_SEAL)
    for kept in tx.rooms.keys(room.id, grant.device_id):
        if kept.epoch in grant.keys and _is_settled(tx, room, kept.seq, giver):
            raise Refused(Code.HISTORY_GIVEN, room)


def _is_settled(tx: Tx, room: Room, seq: int, giver: bytes) -> bool:
    named_by = tx.rooms.event(room.id, seq)
    if named_by is None:
        return True
    event = from_bytes(named_by.content)
    return event.kind == EPOCH_KIND or event.device_id == giver
