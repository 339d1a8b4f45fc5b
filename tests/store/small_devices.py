"""Devices for the small world: two organisations with roots that introduce each other, and a directory each."""

from dataclasses import replace
from datetime import datetime

from bot.core.ids import OrganisationId, PersonId
from bot.flow.ports import Tx
from bot.flow.records import Entry
from bot.flow.records_devices import Device, DeviceState, Invitation, Passkey, Published, Tier
from bot.seal.directory import (
    KIND,
    Directory,
    Listed,
    directory_to_bytes,
    hash_introduction,
    hash_parts,
    introductions_of,
)
from bot.seal.enrolment import (
    Right,
    approve,
    bundle_from_bytes,
    introduce,
    make_bundle,
    root_id,
)
from bot.seal.keys import DeviceSecret, public_to_bytes
from bot.seal.signing import SigningKey, signing_key

ROOTS = {"malmo": signing_key(b"r" * 32), "polisen": signing_key(b"q" * 32)}


def seconds(at: datetime) -> int:
    """As signed statements count."""
    return int(at.timestamp())


def device_of(
    secret: DeviceSecret,
    organisation: OrganisationId,
    person: PersonId | None,
    rights: Right,
    at: datetime,
) -> Device:
    """A device that has signed its bundle, and waits."""
    bundle = make_bundle(
        secret=secret,
        organisation=organisation,
        person=person or "bridge",
        rights=rights,
        inviter=organisation,
        invitation=bytes(32),
        made_at=seconds(at),
    )
    return Device(
        id=secret.public.device_id,
        organisation=organisation,
        person=person,
        rights=rights,
        state=DeviceState.PENDING,
        tier=Tier.SERVER if person is None else Tier.FILE,
        public=public_to_bytes(secret.public),
        bundle=bundle.content,
        enrolled_at=at,
    )


def word_of_root(device: Device, root: SigningKey, at: datetime) -> bytes:
    """The root's approval."""
    named = root_id(root.public)
    bundle = bundle_from_bytes(device.bundle)
    return approve(bundle=bundle, root=named, approver=named, key=root, at=seconds(at)).content


def put_root(tx: Tx, organisation: OrganisationId, entry: Entry) -> None:
    """The organisation's root becomes known."""
    tx.devices.put_root(organisation, ROOTS[organisation].public, entry)


def certify(tx: Tx, device: Device, entries: tuple[Entry, Entry, Entry]) -> None:
    """Enrolled, approved by the root, active; not yet in a directory."""
    root = ROOTS[device.organisation]
    tx.devices.put(device, entries[0])
    tx.devices.approve(device.id, root_id(root.public), word_of_root(device, root, entries[1].at), entries[1])
    tx.devices.put(replace(device, state=DeviceState.ACTIVE), entries[2])


def put_introduction(tx: Tx, organisation: OrganisationId, other: OrganisationId, entry: Entry) -> None:
    """One root introduces the other."""
    root = ROOTS[organisation]
    word = introduce(
        organisation=organisation,
        root=root_id(root.public),
        other=other,
        other_root=ROOTS[other].public,
        approver=root_id(root.public),
        key=root,
        at=seconds(entry.at),
    )
    tx.devices.introduce(organisation, other, word.content, entry)


def publish(tx: Tx, entry: Entry) -> None:
    """The directory that follows from the rows, in that entry's place."""
    organisation = entry.organisation
    before = tx.devices.published(organisation)
    devices = [
        d for d in tx.devices.of_organisation(organisation) if d.state is not DeviceState.PENDING and d.bundle
    ]
    introduced = introductions_of(tx.devices.introductions(organisation))
    directory = Directory(
        organisation=organisation,
        number=1 if before is None else before.number + 1,
        at=seconds(entry.at),
        devices=tuple(
            Listed(
                device_id=d.id,
                revoked_at=0 if d.revoked_at is None else seconds(d.revoked_at),
                hash=hash_parts(d.bundle, tx.devices.approvals(d.id)),
            )
            for d in devices
        ),
        introductions=tuple(sorted(hash_introduction(one) for one in introduced)),
    )
    body, whole = directory_to_bytes(directory), entry.at.replace(microsecond=0)
    recorded = tx.ledger.append(replace(entry, kind=KIND, body=body, at=whole))
    tx.devices.publish(
        Published(
            organisation=organisation,
            number=directory.number,
            index=recorded.index,
            salt=recorded.entry.salt,
            body=recorded.entry.body,
        )
    )


def invitation(name: bytes, organisation: OrganisationId, person: PersonId, expires: datetime) -> Invitation:
    """Somebody is invited to enrol a member's device."""
    return Invitation(
        digest=name * 32,
        organisation=organisation,
        person=person,
        rights=Right.MEMBER,
        inviter=organisation,
        expires=expires,
    )


def passkey(name: bytes, person: PersonId, at: datetime) -> Passkey:
    """Somebody's passkey."""
    return Passkey(id=name * 16, person=person, public=b"cose " + name, made_at=at, signed=0)
