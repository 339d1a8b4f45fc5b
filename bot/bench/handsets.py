"""People at devices of their own, as grown talks have them: enrolled and vouched for, sealing all that they say."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.core.consultation import Consultation
from bot.core.ids import OrganisationId, RoomId
from bot.core.people import Person
from bot.flow import devices, room_acts, room_reading
from bot.flow.deps import Deps
from bot.flow.device_trust import seconds
from bot.flow.escrows import deal
from bot.flow.messages import Inbound
from bot.flow.ports import Tx
from bot.flow.records import Room
from bot.flow.records_devices import Device, Tier
from bot.flow.room_acts import InRoom
from bot.flow.room_chain import head_of, signer_of
from bot.flow.room_epochs import Opening, begin, devices_of, plan_for
from bot.flow.speaker import Speaker
from bot.seal.enrolment import Right, approve, bundle_from_bytes, make_bundle, root_id
from bot.seal.epoch import start_epoch
from bot.seal.event import seal_event, to_bytes
from bot.seal.keys import ENTROPY, DeviceSecret, make_device, public_from_bytes
from bot.seal.plain import Plain
from bot.seal.room import RoomKey, seal_room_key
from bot.seal.signing import SigningKey
from bot.seal.symmetric import KEY, NONCE

BY: Final = "bench"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handset:
    """One device of one person."""

    person: Person
    device: Device
    secret: DeviceSecret = field(repr=False)


def enrol(tx: Tx, deps: Deps, person: Person, organisation: OrganisationId, root: SigningKey) -> Handset:
    """Give somebody one more device, for which their organisation's root vouches."""
    at, secret, named = (
        seconds(deps.clock.now()),
        make_device(deps.entropy.draw(ENTROPY)),
        root_id(root.public),
    )
    content = make_bundle(
        secret=secret,
        organisation=organisation,
        person=person.id,
        rights=Right.MEMBER,
        inviter=organisation,
        invitation=deps.entropy.draw(KEY),
        made_at=at,
    ).content
    device = devices.add(tx, deps, content, person=person.id, tier=Tier.FILE, by=BY)
    word = approve(bundle=bundle_from_bytes(content), root=named, approver=named, key=root, at=at)
    active = devices.approve(tx, deps, word.content, device=device.id, by=BY)
    return Handset(person=person, device=active, secret=secret)


def begin_room(tx: Tx, deps: Deps, c: Consultation, of: Handset, at: datetime) -> tuple[RoomId, RoomKey]:
    """Begin the room of whoever accepts on a device, with its key for all devices of both and its escrows."""
    plan = plan_for(tx, deps, c, of.person.id)
    key = RoomKey(room=plan.room.id, epoch=plan.room.epoch + 1, key=deps.entropy.draw(KEY))
    sealed = {one.id: seal_room_key(key, public_from_bytes(one.public)) for one in devices_of(tx, plan)}
    escrows = deal(deps, plan.escrows, key)
    began = start_epoch(
        room_key=key,
        head=head_of(plan.room),
        secret=of.secret,
        author=of.person.id,
        room_keys=sealed,
        escrows=escrows,
    )
    opening = Opening(event=began, keys=sealed, escrows=escrows)
    return begin(tx, deps, plan, opening, signer_of(of.device), at).id, key


def fetch(tx: Tx, deps: Deps, room: RoomId, of: Handset, at: datetime) -> None:
    """Fetch the room's keys, which is recorded."""
    room_reading.keys(tx, deps, _inside(tx, room, of, at))


def put(tx: Tx, deps: Deps, key: RoomKey, of: Handset, kind: str, text: str, at: datetime) -> Room:
    """Seal words or a receipt as the room's next event, and have it taken."""
    inside = _inside(tx, RoomId(key.room), of, at)
    event = seal_event(
        room_key=key,
        head=head_of(inside.room),
        secret=of.secret,
        author=of.person.id,
        kind=kind,
        plain=Plain(text.encode()),
        nonce=deps.entropy.draw(NONCE),
    )
    return room_acts.put_event(tx, deps, inside, to_bytes(event))


def _inside(tx: Tx, room_id: RoomId, of: Handset, at: datetime) -> InRoom:
    """Somebody who was let in: whom policy lets in is not measured."""
    room = tx.rooms.get(room_id)
    c = tx.consultations.get(room.consultation) if room is not None else None
    assert room is not None
    assert c is not None
    inbound = Inbound(channel="web", address=of.person.id, native_id="0", at=at)
    who = Speaker(person=of.person, inbound=inbound, language="sv", now=at)
    return InRoom(who=who, device=of.device, room=room, c=c, rules=(BY,))
