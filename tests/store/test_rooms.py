"""Rooms: one event after another, each on the head that the one before it left."""

from dataclasses import replace

import pytest

from bot.core.errors import BadInput, NotNow
from bot.core.ids import ConsultationId, RoomId
from bot.flow.ports import Tx
from bot.flow.records import Room
from bot.flow.records_talks import KeptKey
from bot.seal import threshold
from bot.seal.plain import Sealed
from bot.seal.room import RoomKey
from bot.store.sqlite import SqliteStore
from tests.store.small import BRIDGE, CHIEF_DEVICES, MALMO, POLISEN, seeking

ROOM = Room(
    id=RoomId("r-1"), consultation=ConsultationId("c-1"), organisation=MALMO, epoch=0, seq=0, head=b"0" * 32
)
FIRST = replace(ROOM, epoch=1, seq=1, head=b"1" * 32)
SECOND = replace(FIRST, seq=2, head=b"2" * 32)
DEVICE = BRIDGE.public.device_id


def escrow(mark: bytes) -> Sealed:
    """An escrow of the room's first epoch, another one for another mark."""
    made = threshold.make_escrow(
        RoomKey(room=ROOM.id, epoch=1, key=bytes(32)),
        t=2,
        supervisors=[threshold.Supervisor(person=p, devices=[d.public]) for p, d in CHIEF_DEVICES.items()],
        escrow_key=mark * 32,
        iv=bytes(12),
    )
    return threshold.to_sealed(made)


def sealed(mark: str) -> Sealed:
    """Ciphertext, as far as the store knows."""
    return Sealed(content=mark.encode())


@pytest.fixture
async def begun(store: SqliteStore) -> SqliteStore:
    """A store with a room and its first epoch."""

    def act(tx: Tx) -> None:
        seeking(tx, "c-1")
        tx.rooms.create(ROOM)
        tx.rooms.append(ROOM, FIRST, sealed("first"))

    await store.write(act)
    return store


async def test_events_are_kept_in_order(begun: SqliteStore) -> None:
    """The head moves with every event, and each event is found by its number."""
    await begun.write(lambda tx: tx.rooms.append(FIRST, SECOND, sealed("second")))
    assert await begun.read(lambda tx: tx.rooms.get(ROOM.id)) == SECOND
    numbers = await begun.read(lambda tx: [tx.rooms.event(ROOM.id, seq) for seq in range(4)])
    assert numbers == [None, sealed("first"), sealed("second"), None]
    assert await begun.read(lambda tx: tx.rooms.get(RoomId("r-9"))) is None


async def test_epoch_is_found_by_its_beginning(begun: SqliteStore) -> None:
    """The event that began an epoch is found by the epoch's number, however much was said since."""
    third = replace(SECOND, epoch=2, seq=3, head=b"3" * 32)

    def act(tx: Tx) -> None:
        tx.rooms.append(FIRST, SECOND, sealed("second"))
        tx.rooms.append(SECOND, third, sealed("third"))

    await begun.write(act)
    epochs = await begun.read(lambda tx: [tx.rooms.epoch(ROOM.id, epoch) for epoch in range(4)])
    assert epochs == [None, sealed("first"), sealed("third"), None]


@pytest.mark.parametrize("stale", [ROOM, replace(FIRST, head=b"x" * 32)])
async def test_stale_head_is_refused(begun: SqliteStore, stale: Room) -> None:
    """An event on a head that is no longer the room's is refused, and the room is as it was."""
    after = replace(stale, epoch=max(1, stale.epoch), seq=stale.seq + 1, head=b"y" * 32)
    with pytest.raises(NotNow):
        await begun.write(lambda tx: tx.rooms.append(stale, after, sealed("lost")))
    assert await begun.read(lambda tx: tx.rooms.get(ROOM.id)) == FIRST
    assert await begun.read(lambda tx: tx.rooms.event(ROOM.id, 2)) is None


@pytest.mark.parametrize(
    "after", [replace(SECOND, seq=3), replace(SECOND, epoch=3), replace(SECOND, id=RoomId("r-2")), FIRST]
)
async def test_one_event_at_a_time(begun: SqliteStore, after: Room) -> None:
    """A leap over numbers or epochs, or to another room, is refused."""
    with pytest.raises(BadInput):
        await begun.write(lambda tx: tx.rooms.append(FIRST, after, sealed("lost")))


def key(mark: str, *, epoch: int = 1, seq: int = 1, device: bytes = DEVICE) -> KeptKey:
    """A sealed key, as far as the store knows."""
    return KeptKey(epoch=epoch, device=device, seq=seq, blob=sealed(mark))


async def test_keys_and_escrows_are_kept_once(begun: SqliteStore) -> None:
    """A sealed key is found by its device; a second one of the same event is refused, not taken; another event's is kept."""
    await begun.write(lambda tx: tx.rooms.put_key(ROOM.id, key("key")))
    ours, theirs = escrow(b"1"), escrow(b"2")
    await begun.write(lambda tx: tx.rooms.put_escrow(ROOM.id, 1, MALMO, ours))
    await begun.write(lambda tx: tx.rooms.put_escrow(ROOM.id, 1, POLISEN, theirs))
    with pytest.raises(BadInput):
        await begun.write(lambda tx: tx.rooms.put_key(ROOM.id, key("other")))
    with pytest.raises(BadInput):
        await begun.write(lambda tx: tx.rooms.put_escrow(ROOM.id, 1, MALMO, theirs))
    await begun.write(lambda tx: tx.rooms.put_key(ROOM.id, key("granted", seq=2)))
    assert await begun.read(lambda tx: tx.rooms.keys(ROOM.id, DEVICE)) == (key("key"), key("granted", seq=2))
    assert await begun.read(lambda tx: tx.rooms.keys(ROOM.id, b"o" * 32)) == ()
    assert await begun.read(lambda tx: tx.rooms.holders(ROOM.id)) == {DEVICE: frozenset({1})}
    assert await begun.read(lambda tx: list(tx.audit.keys(ROOM.id))) == [key("key"), key("granted", seq=2)]
    kept = await begun.read(lambda tx: list(tx.audit.escrows(ROOM.id)))
    assert kept == [(1, MALMO, ours), (1, POLISEN, theirs)]


async def test_key_of_an_epoch_that_never_began_is_refused(begun: SqliteStore) -> None:
    """Keys and escrows belong to an epoch that has begun."""
    with pytest.raises(BadInput):
        await begun.write(lambda tx: tx.rooms.put_key(ROOM.id, key("key", epoch=2)))
    with pytest.raises(BadInput):
        await begun.write(lambda tx: tx.rooms.put_escrow(ROOM.id, 2, MALMO, sealed("escrow")))


@pytest.mark.parametrize("room", [replace(ROOM, id=RoomId("r-2"), consultation=ConsultationId("c-9")), ROOM])
async def test_room_belongs_to_a_consultation(begun: SqliteStore, room: Room) -> None:
    """A room of a consultation that does not exist is refused, and so is the same room twice."""
    with pytest.raises(BadInput):
        await begun.write(lambda tx: tx.rooms.create(room))


async def test_events_are_read_in_pages(begun: SqliteStore) -> None:
    """The events after a number come in order, at most so many; the epochs say which event began each."""

    def act(tx: Tx) -> None:
        tx.rooms.append(FIRST, SECOND, sealed("second"))
        tx.rooms.append(SECOND, replace(SECOND, epoch=2, seq=3, head=b"3" * 32), sealed("third"))

    await begun.write(act)
    pages = await begun.read(lambda tx: [tx.rooms.events(ROOM.id, after, 2) for after in range(4)])
    assert pages == [
        ((1, sealed("first")), (2, sealed("second"))),
        ((2, sealed("second")), (3, sealed("third"))),
        ((3, sealed("third")),),
        (),
    ]
    assert await begun.read(lambda tx: tx.rooms.epochs(ROOM.id)) == ((1, 1), (2, 3))
