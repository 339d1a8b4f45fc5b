"""Epochs that the bridge begins, for whoever has no device, and the history that it gives to devices."""

from collections.abc import Collection
from datetime import datetime

from bot.core.consultation import Consultation, State
from bot.core.errors import Unavailable
from bot.core.ids import PersonId, RoomId
from bot.flow.deps import Deps
from bot.flow.escrows import deal
from bot.flow.grants import missing, take_grant
from bot.flow.ports import Tx
from bot.flow.records import Room
from bot.flow.room_chain import bridge_of, head_of, recipients_of
from bot.flow.room_epochs import Opening, Plan, begin, devices_of, leave_to_devices, plan_for
from bot.flow.room_members import members
from bot.seal import epoch, grant
from bot.seal.event import from_bytes
from bot.seal.keys import public_from_bytes
from bot.seal.room import RoomKey, seal_room_key
from bot.seal.symmetric import KEY

LOOKED_AT = 100  # of somebody's consultations, the newest


def bridge_id(deps: Deps) -> bytes:
    """The bridge's device."""
    return deps.keys.bridge.public.device_id


def open_room(tx: Tx, deps: Deps, c: Consultation, holder: PersonId, now: datetime) -> RoomId:
    """Bring somebody who took it on a channel into the consultation's room; returns the room.

    Where the bridge is to be in it, the bridge begins the next epoch; else the room waits for a device of one of the
    two. Raises Unavailable where no escrow can be kept.
    """
    plan = plan_for(tx, deps, c, holder)
    if bridge_id(deps) in plan.recipients:
        begin_as_bridge(tx, deps, plan, holder, now)
    else:
        leave_to_devices(tx, deps, plan, now)
    return plan.room.id


def begin_as_bridge(tx: Tx, deps: Deps, plan: Plan, author: PersonId, now: datetime) -> Room:
    """Begin the planned epoch, and give the newcomers the history that the bridge has."""
    after = begin(tx, deps, plan, _opening(tx, deps, plan, author), bridge_of(deps), now)
    return give_history(tx, deps, after, plan.members.devices, author, now)


def give_history(
    tx: Tx, deps: Deps, room: Room, devices: Collection[bytes], author: PersonId, now: datetime
) -> Room:
    """Give these devices the keys that the bridge has and they lack; returns where the room stands then.

    The bridge must hold the present key: whoever does not is not heard.
    """
    has = tx.rooms.holders(room.id).get(bridge_id(deps), frozenset())
    for id_, epochs in missing(tx, room, devices).items():
        given = [epoch for epoch in epochs if epoch in has][-grant.MAX_EPOCHS :]
        device = tx.devices.get(id_)
        if not given or device is None:
            continue
        granted, keys = grant.give_history(
            room_keys=[room_key(tx, deps, room, epoch) for epoch in given],
            head=head_of(room),
            secret=deps.keys.bridge,
            author=author,
            to=public_from_bytes(device.public),
        )
        given_by, present = bridge_of(deps), recipients_of(tx, room)
        room = take_grant(
            tx, deps, room, granted, keys, signer=given_by, recipients=present, targets=devices, now=now
        )
    return room


def rekey_needed(tx: Tx, deps: Deps, person: PersonId) -> None:
    """Somebody's devices have changed: to be called in the same transaction as the change, after it.

    No message is taken in a room whose key others hold than should; that is judged at each message, so there is nothing
    to mark. What only the bridge can do it does at once, in the rooms whose key it holds: a new epoch where it stays, and
    the history for devices that come in its place.
    """
    now = deps.clock.now()
    mine = (*tx.consultations.of_officer(person, LOOKED_AT), *tx.consultations.of_holder(person, LOOKED_AT))
    for c in {c.id: c for c in mine if c.state is State.OPEN}.values():
        room = tx.rooms.get(c.room) if c.room is not None else None
        if room is not None and bridge_id(deps) in recipients_of(tx, room):
            _settle(tx, deps, c, room, person, now)


def room_key(tx: Tx, deps: Deps, room: Room, at_epoch: int) -> RoomKey:
    """The key of an epoch that the bridge was let into. Raises Unavailable for others, Tampered for what does not open."""
    began = tx.rooms.epoch(room.id, at_epoch)
    mine = [kept for kept in tx.rooms.keys(room.id, bridge_id(deps)) if kept.epoch == at_epoch]
    if not mine or began is None:
        raise Unavailable("the bridge is not in that room")
    return epoch.accept_room_key(from_bytes(began.content), mine[0].blob, deps.keys.bridge)


def _settle(tx: Tx, deps: Deps, c: Consultation, room: Room, person: PersonId, now: datetime) -> None:
    wanted = members(tx, deps.content(), c, c.holder)
    if not wanted.spoken_for:
        give_history(tx, deps, room, wanted.devices, person, now)
    elif wanted.recipients(bridge_id(deps)) != recipients_of(tx, room):
        try:
            plan = plan_for(tx, deps, c, c.holder)
        except Unavailable:  # without escrow there is no new epoch: nothing is said here until there is
            return
        begin_as_bridge(tx, deps, plan, person, now)


def _opening(tx: Tx, deps: Deps, plan: Plan, author: PersonId) -> Opening:
    key = RoomKey(room=plan.room.id, epoch=plan.room.epoch + 1, key=deps.entropy.draw(KEY))
    devices = [public_from_bytes(device.public) for device in devices_of(tx, plan)]
    sealed = {device.device_id: seal_room_key(key, device) for device in devices}
    escrows = deal(deps, plan.escrows, key)
    began = epoch.start_epoch(
        room_key=key,
        head=head_of(plan.room),
        secret=deps.keys.bridge,
        author=author,
        room_keys=sealed,
        escrows=escrows,
    )
    return Opening(event=began, keys=sealed, escrows=escrows)
