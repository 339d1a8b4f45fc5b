"""Devices: kept with what vouches for them, found by person, organisation and right; ways in that work once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.codec import parse_fact_body
from bot.core.errors import BadInput
from bot.core.ids import OrganisationId
from bot.flow.ports import Tx
from bot.flow.records_devices import DeviceState, Published
from bot.seal.enrolment import Right, root_id
from bot.seal.keys import make_device
from bot.store.passkeys import MOST_WAITING
from bot.store.sqlite import SqliteStore
from tests.store import small_devices
from tests.store.small import (
    AT,
    BRIDGE,
    CHIEF_DEVICES,
    CHIEFS,
    HOUR,
    MALMO,
    MINUTE,
    OFFICER,
    OTHER,
    POLISEN,
    SPARE_DEVICE,
    WORKER,
    entry,
    person,
    populate,
)

WORKERS = small_devices.device_of(make_device(b"w" * 64), MALMO, WORKER, Right.MEMBER, AT)


@pytest.fixture
async def known(store: SqliteStore) -> SqliteStore:
    """A store with people, roots and devices of two organisations."""
    await store.write(populate)
    return store


async def test_device_is_kept_as_it_was_put(known: SqliteStore) -> None:
    """Everything of a device comes back; putting it again changes its state and nothing else."""
    assert await known.read(lambda tx: tx.devices.get(WORKERS.id)) is None
    await known.write(lambda tx: tx.devices.put(WORKERS, entry(MALMO)))
    assert await known.read(lambda tx: tx.devices.get(WORKERS.id)) == WORKERS
    gone = replace(WORKERS, state=DeviceState.REVOKED, revoked_at=AT)
    await known.write(lambda tx: tx.devices.put(gone, entry(MALMO)))
    assert await known.read(lambda tx: tx.devices.of_person(WORKER)) == (gone,)


async def test_devices_are_found_by_organisation_and_right(known: SqliteStore) -> None:
    """Active ones with the right, of that organisation, by id; those that wait or were revoked are not active."""
    approvers = sorted(secret.public.device_id for secret in CHIEF_DEVICES.values())
    chiefs = sorted([*approvers, SPARE_DEVICE.public.device_id])

    def ask(tx: Tx) -> None:
        def ids(organisation: OrganisationId, right: Right) -> list[bytes]:
            return [device.id for device in tx.devices.active(organisation, right)]

        assert ids(MALMO, Right.SHARES) == chiefs
        assert ids(MALMO, Right.APPROVE) == approvers
        assert ids(MALMO, Right.BRIDGE) == [BRIDGE.public.device_id]
        assert ids(MALMO, Right.MEMBER) == []
        assert ids(POLISEN, Right.SHARES) == []
        assert len(tx.devices.of_organisation(MALMO)) == 5

    await known.read(ask)
    first = await known.read(lambda tx: tx.devices.get(chiefs[0]))
    assert first is not None
    await known.write(
        lambda tx: tx.devices.put(replace(first, state=DeviceState.REVOKED, revoked_at=AT), entry(MALMO))
    )
    left = await known.read(lambda tx: tx.devices.active(MALMO, Right.SHARES))
    assert [device.id for device in left] == chiefs[1:]


async def test_words_are_found_by_device_and_by_approver(known: SqliteStore) -> None:
    """Whoever vouched for a device, and for whom a device has vouched; nobody vouches for a device that is not known."""
    root = root_id(small_devices.ROOTS["malmo"].public)
    one = CHIEF_DEVICES[CHIEFS[0]].public.device_id
    assert len(await known.read(lambda tx: tx.devices.approvals(one))) == 1
    assert len(await known.read(lambda tx: tx.devices.approved_by(root))) == 5
    assert await known.read(lambda tx: tx.devices.approved_by(one)) == ()
    with pytest.raises(BadInput):
        await known.write(lambda tx: tx.devices.approve(bytes(32), one, b"word", entry(MALMO)))


async def test_newest_directory_is_the_ledgers_entry(known: SqliteStore) -> None:
    """A directory is read from the ledger, with the salt that its leaf takes."""
    published = await known.read(lambda tx: tx.devices.published(MALMO))
    assert published is not None
    entries = await known.read(lambda tx: list(tx.audit.entries(MALMO)))
    told = entries[published.index].entry
    assert (told.kind, told.body, told.salt) == ("directory", published.body, published.salt)
    later = Published(organisation=MALMO, number=2, index=0, salt=b"", body=b"")
    await known.write(lambda tx: tx.devices.publish(later))
    again = await known.read(lambda tx: tx.devices.published(MALMO))
    assert again is not None
    assert (again.number, again.body) == (2, entries[0].entry.body)
    assert await known.read(lambda tx: tx.devices.published(OrganisationId("nowhere"))) is None


async def test_invitation_is_kept_with_what_became_of_it(known: SqliteStore) -> None:
    """Redeemed, and used for a device: each is a change that the ledger knows."""
    made = small_devices.invitation(b"z", MALMO, WORKER, AT + HOUR)
    used = replace(made, redeemed_at=AT + MINUTE, device=WORKERS.id)
    for one in (made, used):
        await known.write(lambda tx, one=one: tx.devices.put_invitation(one, entry(MALMO)))  # type: ignore[misc]
        assert await known.read(lambda tx: tx.devices.invitation(made.digest)) == one
    assert await known.read(lambda tx: tx.devices.invitation(bytes(32))) is None
    last = (await known.read(lambda tx: list(tx.audit.entries(MALMO))))[-1].entry
    assert last.kind == "invitation"
    told = parse_fact_body(last.body).put[made.digest.hex()]
    assert isinstance(told, dict)
    assert (told["device"], told["person"]) == (WORKERS.id.hex(), WORKER)


async def test_passkeys_are_a_persons_own(known: SqliteStore) -> None:
    """Found by id and by person; how often one has signed is remembered; dropped, it is gone, and once."""
    passkey = small_devices.passkey(b"m", OTHER, AT)
    await known.write(lambda tx: tx.people.put(person(OTHER), entry(MALMO)))
    await known.write(lambda tx: tx.passkeys.put(passkey, entry(MALMO)))
    await known.write(lambda tx: tx.passkeys.used(passkey.id, 7))
    assert await known.read(lambda tx: tx.passkeys.of_person(OTHER)) == (replace(passkey, signed=7),)
    with pytest.raises(BadInput):
        await known.write(lambda tx: tx.passkeys.put(replace(passkey, person=OFFICER), entry(MALMO)))
    size = await known.read(lambda tx: tx.ledger.size(MALMO))
    for _ in range(2):
        await known.write(lambda tx: tx.passkeys.drop(passkey.id, entry(MALMO)))
    assert await known.read(lambda tx: tx.passkeys.get(passkey.id)) is None
    assert await known.read(lambda tx: tx.ledger.size(MALMO)) == size + 1


async def test_challenge_is_taken_once_for_its_purpose_in_time(store: SqliteStore) -> None:
    """An answer to another purpose's challenge, to one that is too old, or a second one, is none."""
    expires = AT + MINUTE
    for name in (b"a", b"b", b"c"):
        await store.write(lambda tx, name=name: tx.challenges.issue(name * 32, "device", expires))  # type: ignore[misc]
    take = (
        (b"a", "device", AT, True),
        (b"a", "device", AT, False),
        (b"b", "passkey", AT, False),
        (b"b", "device", AT, False),
        (b"c", "device", expires, False),
        (b"d", "device", AT, False),
    )
    for name, purpose, now, expected in take:
        found = await store.write(
            lambda tx, name=name, purpose=purpose, now=now: tx.challenges.take(name * 32, purpose, now)  # type: ignore[misc]
        )
        assert found is expected, (name, purpose)


async def test_challenges_are_bounded(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many are asked for, so many wait: the oldest give way."""
    assert MOST_WAITING >= 2**16
    monkeypatch.setattr("bot.store.passkeys.MOST_WAITING", 8)

    def issue(tx: Tx) -> None:
        for number in range(20):
            tx.challenges.issue(number.to_bytes(32, "big"), "device", AT + timedelta(minutes=2))

    await store.write(issue)
    held = await store.write(
        lambda tx: [
            number for number in range(20) if tx.challenges.take(number.to_bytes(32, "big"), "device", AT)
        ]
    )
    assert held == list(range(12, 20))
