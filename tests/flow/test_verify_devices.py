"""Verify: a server that enrols or exchanges a device, and writes it down properly, is named all the same."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import create_engine

from bot.core.ids import OrganisationId
from bot.flow.ports import Tx
from bot.flow.records import Entry
from bot.flow.records_devices import Device, DeviceState, Published
from bot.flow.verify import verify
from bot.seal.directory import KIND, directory_from_bytes, directory_to_bytes
from bot.seal.enrolment import Right, approve, bundle_from_bytes, introduce, root_id
from bot.seal.keys import DeviceSecret, make_device
from bot.seal.signing import signing_key
from bot.store.people import open_person
from bot.store.schema import METADATA
from bot.store.tx import SqlTx
from tests.store import small_devices
from tests.store.small import (
    AT,
    CHIEF_DEVICES,
    CHIEFS,
    CIPHER,
    MALMO,
    OTHER,
    POLISEN,
    SIGNERS,
    WORKER,
    entry,
    populate,
)

LATER = AT + timedelta(seconds=1)
NEW = make_device(b"n" * 64)
ROOT = small_devices.ROOTS["malmo"]
FIRST, SECOND_, THIRD = (CHIEF_DEVICES[chief] for chief in CHIEFS)


@pytest.fixture
def tx() -> Iterator[Tx]:
    """A store in memory with people, devices of two organisations, and a directory of each."""
    engine = create_engine("sqlite://")
    METADATA.create_all(engine)
    with engine.connect() as connection:
        tx = SqlTx(connection, CIPHER, partial(open_person, CIPHER))
        populate(tx)
        yield tx
    engine.dispose()


def told(tx: Tx) -> str:
    """Everything that verify says, in one text."""
    return "\n".join(f"{fault.where}: {fault.what}" for fault in verify(tx, SIGNERS).faults)


def pending(tx: Tx, rights: Right = Right.MEMBER, secret: DeviceSecret = NEW) -> Device:
    """A device of the other worker that waits for approval."""
    device = small_devices.device_of(secret, MALMO, OTHER, rights, AT)
    tx.devices.put(device, at_later("device"))
    return device


def at_later(kind: str, organisation: OrganisationId = MALMO, at: datetime = LATER) -> Entry:
    """An entry of a second later."""
    return entry(organisation, kind, at)


def activate(tx: Tx, device: Device) -> None:
    """The server says that the device is active, and publishes the directory that says so."""
    tx.devices.put(replace(device, state=DeviceState.ACTIVE), at_later("device"))
    small_devices.publish(tx, at_later("content"))


def word(device: Device, by: DeviceSecret, at: datetime = LATER) -> bytes:
    """A device's approval."""
    return approve(
        bundle=bundle_from_bytes(device.bundle),
        root=root_id(ROOT.public),
        approver=by.public.device_id,
        key=by.signing,
        at=small_devices.seconds(at),
    ).content


def give(tx: Tx, device: Device, by: DeviceSecret, at: datetime = LATER, recorded: datetime = LATER) -> None:
    """A device's approval, kept."""
    tx.devices.approve(
        device.id, by.public.device_id, word(device, by, at), at_later("approval", at=recorded)
    )


def revoke(tx: Tx, secret: DeviceSecret, at: datetime = LATER) -> None:
    """A device is revoked."""
    known = tx.devices.get(secret.public.device_id)
    assert known is not None
    whole = datetime.fromtimestamp(int(at.timestamp()), UTC)
    gone = replace(known, state=DeviceState.REVOKED, revoked_at=whole)
    tx.devices.put(gone, at_later("device", at=at))
    small_devices.publish(tx, at_later("content", at=at))


def test_devices_as_they_should_be_hold(tx: Tx) -> None:
    """Enrolled, approved by one for a member and by two for a supervisor, revoked: nothing to tell."""
    assert told(tx) == ""
    member = pending(tx)
    give(tx, member, FIRST)
    activate(tx, member)
    chief = pending(tx, Right.SHARES, make_device(b"m" * 64))
    give(tx, chief, FIRST)
    give(tx, chief, SECOND_)
    activate(tx, chief)
    revoke(tx, THIRD)
    revoke(tx, NEW, LATER + timedelta(seconds=5))
    assert told(tx) == ""


def test_server_that_enrols_a_device_is_named(tx: Tx) -> None:
    """A device for which nobody vouched, made active and published by the server, with all entries in order."""
    device = pending(tx)
    activate(tx, device)
    assert f"device {device.id.hex()}: nobody who may has vouched for it" in told(tx)


@pytest.mark.parametrize("by", [NEW, make_device(b"q" * 64)])
def test_word_of_itself_or_a_stranger_is_named(tx: Tx, by: DeviceSecret) -> None:
    """The server's own device vouches for itself, or another one does that nobody knows."""
    device = pending(tx)
    give(tx, device, by)
    activate(tx, device)
    assert f"device {by.public.device_id.hex()} gave its word and was not active" in told(tx)
    assert f"device {device.id.hex()}: nobody who may has vouched for it" in told(tx)


def test_one_word_for_a_supervisor_is_named(tx: Tx) -> None:
    """One approver is too few for whoever is to hold shares."""
    device = pending(tx, Right.SHARES)
    give(tx, device, FIRST)
    activate(tx, device)
    assert f"device {device.id.hex()}: nobody who may has vouched for it" in told(tx)


def test_exchanged_device_is_named(tx: Tx) -> None:
    """The row of a device, and the fact about it, are exchanged for those of another device."""
    old = tx.devices.get(FIRST.public.device_id)
    assert old is not None
    forged = small_devices.device_of(NEW, MALMO, CHIEFS[0], Right.SHARES | Right.APPROVE, AT)
    tx.devices.put(replace(forged, id=old.id, state=DeviceState.ACTIVE), at_later("device"))
    assert f"device {old.id.hex()} was exchanged or brought back" in told(tx)


def test_device_that_is_not_what_it_signed_is_named(tx: Tx) -> None:
    """More rights, another person or another organisation than in the bundle that the device signed."""
    device = small_devices.device_of(NEW, MALMO, OTHER, Right.MEMBER, AT)
    for number, wrong in enumerate(
        (
            replace(device, rights=Right.MEMBER | Right.SHARES),
            replace(device, person=WORKER),
            replace(device, person=None),
            replace(device, public=FIRST.public.ed25519),
        )
    ):
        tx.devices.put(replace(wrong, id=NEW.public.device_id), at_later("device"))
        assert told(tx).count(f"device {device.id.hex()} is not what its bundle says") == number + 1


def test_revoked_device_brought_back_is_named(tx: Tx) -> None:
    """A lost telephone that the server makes active again."""
    known = tx.devices.get(FIRST.public.device_id)
    assert known is not None
    revoke(tx, FIRST)
    tx.devices.put(known, at_later("device"))
    small_devices.publish(tx, at_later("content"))
    assert f"device {known.id.hex()} was exchanged or brought back" in told(tx)


def test_word_dated_back_is_named(tx: Tx) -> None:
    """A stolen device, revoked in the meantime, and a server that takes its word as of yesterday."""
    device = pending(tx)
    give(tx, device, FIRST, at=LATER - timedelta(days=1))
    activate(tx, device)
    assert "a word was recorded at another time than it says" in told(tx)


def test_word_after_revocation_is_named(tx: Tx) -> None:
    """The word of a device that is no longer active when it is recorded, whatever time it bears."""
    device = pending(tx)
    revoke(tx, FIRST)
    give(tx, device, FIRST, at=LATER - timedelta(seconds=5))
    assert f"device {FIRST.public.device_id.hex()} gave its word and was not active" in told(tx)


def test_exchanged_root_is_named(tx: Tx) -> None:
    """An organisation has one root; a second is a second organisation."""
    tx.devices.put_root(MALMO, signing_key(b"x" * 32).public, at_later("root"))
    assert "the root was exchanged" in told(tx)


def test_forged_introduction_is_named(tx: Tx) -> None:
    """An introduction by a key that is nobody's, and one in another organisation's place."""
    forged = introduce(
        organisation=MALMO,
        root=root_id(ROOT.public),
        other=POLISEN,
        other_root=signing_key(b"x" * 32).public,
        approver=root_id(ROOT.public),
        key=signing_key(b"x" * 32),
        at=small_devices.seconds(LATER),
    )
    tx.devices.introduce(MALMO, POLISEN, forged.content, at_later("introduction"))
    assert "malmo/" in told(tx)


def rewritten(tx: Tx, change: Callable[[bytes], bytes], at: datetime = LATER) -> str:
    """What verify says of a directory that the server changed before it put it on the ledger."""
    published = tx.devices.published(MALMO)
    assert published is not None
    told_by = replace(at_later(KIND, at=at.replace(microsecond=0)), body=change(published.body))
    recorded = tx.ledger.append(told_by)
    tx.devices.publish(
        Published(
            organisation=MALMO,
            number=published.number + 1,
            index=recorded.index,
            salt=recorded.entry.salt,
            body=recorded.entry.body,
        )
    )
    return told(tx)


def test_directory_that_leaves_somebody_out_is_named(tx: Tx) -> None:
    """A device that is active and not in the directory: nobody would seal to it any more."""

    def without(body: bytes) -> bytes:
        read = directory_from_bytes(body)
        return directory_to_bytes(
            replace(read, number=read.number + 1, at=read.at + 1, devices=read.devices[1:])
        )

    body = tx.devices.published(MALMO)
    assert body is not None
    missing = directory_from_bytes(body.body).devices[0].device_id.hex()
    found = rewritten(tx, without)
    assert f"the directory does not say of device {missing} what the ledger does" in found


@pytest.mark.parametrize("wrong", [{"number": 1}, {"number": 3}, {"at": 7}, {"organisation": "polisen"}])
def test_directory_out_of_line_is_named(tx: Tx, wrong: dict[str, int]) -> None:
    """A number twice or skipped, another time than its entry's, another organisation's."""

    def changed(body: bytes) -> bytes:
        read = directory_from_bytes(body)
        fine = replace(read, number=read.number + 1, at=read.at + 1)
        return directory_to_bytes(replace(fine, **wrong))  # type: ignore[arg-type]  # one field of its type

    assert "the directory is not the next" in rewritten(tx, changed)


def test_directory_row_that_points_elsewhere_is_named(tx: Tx) -> None:
    """The row that says which directory is the newest follows from the ledger, too."""
    published = tx.devices.published(MALMO)
    assert published is not None
    tx.devices.publish(replace(published, index=published.index - 1))
    assert "directories malmo: its row is not what the ledger leads to" in told(tx)


def test_active_device_in_no_directory_is_named(tx: Tx) -> None:
    """A device that the server treats as active without saying so in public."""
    device = pending(tx)
    give(tx, device, FIRST)
    tx.devices.put(replace(device, state=DeviceState.ACTIVE), at_later("device"))
    assert f"device {device.id.hex()}: it is active, and the directory does not say so" in told(tx)
