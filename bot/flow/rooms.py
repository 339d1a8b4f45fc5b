"""Sealed rooms as a bridge keeps them: opened on acceptance, spoken in, read for delivery."""

from dataclasses import replace
from datetime import datetime

from bot.core.consultation import Consultation
from bot.core.errors import NotNow, Unavailable
from bot.core.ids import OrganisationId, PersonId, RoomId
from bot.core.places import organisation as organisation_named
from bot.flow.deps import Deps, fresh_id
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.flow.records import Room
from bot.seal import epoch, event, threshold
from bot.seal.errors import SealError
from bot.seal.event import Event, Head
from bot.seal.keys import DevicePublic, public_from_bytes
from bot.seal.plain import Plain
from bot.seal.room import RoomKey, seal_room_key
from bot.seal.symmetric import KEY, NONCE
from bot.seal.threshold import Supervisor

MESSAGE = "said"  # the kind of an event that holds a message


def unready(tx: Tx, deps: Deps, organisation: OrganisationId) -> str:
    """Why the organisation cannot open rooms, as a code; empty when it can."""
    people = _supervisors(tx, organisation)
    wanted = organisation_named(deps.content().structure, organisation).escrow.of
    return "" if len(people) >= wanted else "supervisors"


def open_room(tx: Tx, deps: Deps, c: Consultation, acceptor: PersonId, now: datetime) -> RoomId:
    """Open the consultation's room, or begin its next epoch for a new holder; returns the room.

    The key is sealed to the bridge that stands for both people and, always, to the escrow of the owning
    organisation, and of the police authority once its supervisors are enrolled. Raises Unavailable without.
    """
    assert c.organisation is not None
    room = tx.rooms.get(c.room) if c.room is not None else None
    if room is None:
        room = _create(tx, deps, c, c.organisation, now)
    _begin_epoch(tx, deps, room, acceptor, now)
    return room.id


def say(tx: Tx, deps: Deps, room_id: RoomId, author: PersonId, text: Plain) -> tuple[int, str]:
    """Seal one message as the room's next event; returns its number and hash (hex)."""
    room = _room(tx, room_id)
    sealed = event.seal_event(
        room_key=_room_key(tx, deps, room),
        head=_head(room),
        secret=deps.keys.bridge,
        author=author,
        kind=MESSAGE,
        plain=text,
        nonce=deps.entropy.draw(NONCE),
    )
    after = _append(tx, deps, room, sealed)
    return after.seq, after.head.hex()


def hear(tx: Tx, deps: Deps, room_id: RoomId, seq: int) -> tuple[PersonId, Plain]:
    """Open one message for delivery: who said it, and what. Raises Unavailable if it does not verify."""
    room = _room(tx, room_id)
    kept = tx.rooms.event(room_id, seq)
    if kept is None:
        raise Unavailable("that message is no longer kept")
    try:
        said = event.from_bytes(kept.content)
        plain = event.open_event(_room_key(tx, deps, room, said.epoch), said)
    except SealError as error:
        raise Unavailable("that message could not be opened") from error
    if (said.room, said.seq) != (room_id, seq):
        raise Unavailable("that message is not the one it should be")
    return PersonId(said.author), plain


def _create(tx: Tx, deps: Deps, c: Consultation, organisation: OrganisationId, now: datetime) -> Room:
    id_ = RoomId(fresh_id(now, deps.entropy))
    start = event.genesis(id_)
    room = Room(id=id_, consultation=c.id, organisation=organisation, epoch=0, seq=0, head=start.hash)
    tx.rooms.create(room)
    return room


def _begin_epoch(tx: Tx, deps: Deps, room: Room, acceptor: PersonId, now: datetime) -> None:
    room_key = RoomKey(room=room.id, epoch=room.epoch + 1, key=deps.entropy.draw(KEY))
    bridge = deps.keys.bridge
    sealed = {bridge.public.device_id: seal_room_key(room_key, bridge.public)}
    escrows = {o: _escrow(tx, deps, o, room_key) for o in _keepers(tx, deps, room.organisation)}
    began = epoch.start_epoch(
        room_key=room_key, head=_head(room), secret=bridge, author=acceptor, room_keys=sealed, escrows=escrows
    )
    after = _append(tx, deps, room, began)
    for device, blob in sealed.items():
        tx.rooms.put_key(room.id, after.epoch, device, blob)
    for organisation, escrow in escrows.items():
        tx.rooms.put_escrow(room.id, after.epoch, organisation, threshold.to_sealed(escrow))
    tx.ledger.append(
        fact(
            deps,
            room.organisation,
            "room",
            now,
            room=room.id,
            consultation=room.consultation,
            epoch=after.epoch,
            seq=after.seq,
            hash=after.head.hex(),
        )
    )


def _keepers(tx: Tx, deps: Deps, owner: OrganisationId) -> tuple[OrganisationId, ...]:
    if unready(tx, deps, owner):
        raise Unavailable("a room needs the escrow of its organisation")
    police = () if deps.home == owner or unready(tx, deps, deps.home) else (deps.home,)
    return (owner, *police)


def _escrow(tx: Tx, deps: Deps, organisation: OrganisationId, room_key: RoomKey) -> threshold.Escrow:
    people = _supervisors(tx, organisation)
    return threshold.make_escrow(
        room_key,
        t=organisation_named(deps.content().structure, organisation).escrow.needed,
        supervisors=[Supervisor(person=p, devices=devices) for p, devices in sorted(people.items())],
        escrow_key=deps.entropy.draw(KEY),
        iv=deps.entropy.draw(NONCE),
    )


def _supervisors(tx: Tx, organisation: OrganisationId) -> dict[str, list[DevicePublic]]:
    people: dict[str, list[DevicePublic]] = {}
    for device in tx.people.devices("supervisor", organisation):
        if device.active and device.person is not None:
            people.setdefault(device.person, []).append(public_from_bytes(device.public))
    return people


def _append(tx: Tx, deps: Deps, room: Room, sealed: Event) -> Room:
    head = event.check_event(sealed, _head(room), deps.keys.bridge.public)
    after = replace(room, epoch=head.epoch, seq=head.seq, head=head.hash)
    tx.rooms.append(room, after, event.to_sealed(sealed))
    return after


def _room_key(tx: Tx, deps: Deps, room: Room, at_epoch: int | None = None) -> RoomKey:
    wanted = at_epoch or room.epoch
    device = deps.keys.bridge.public.device_id
    blob = tx.rooms.key(room.id, wanted, device)
    began = tx.rooms.epoch(room.id, wanted)
    if blob is None or began is None:
        raise Unavailable("the bridge is not in that room")
    return epoch.accept_room_key(event.from_bytes(began.content), blob, deps.keys.bridge)


def _room(tx: Tx, room_id: RoomId) -> Room:
    room = tx.rooms.get(room_id)
    if room is None:
        raise NotNow("there is no such room")
    return room


def _head(room: Room) -> Head:
    return Head(room=room.id, epoch=room.epoch, seq=room.seq, hash=room.head)
