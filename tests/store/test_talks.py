"""Handed-out keys and sendings: what happened once is remembered, and what was sent is forgotten in time."""

from datetime import timedelta

import pytest

from bot.core.errors import BadInput
from bot.core.ids import ConsultationId, RoomId
from bot.flow.ports import Tx
from bot.flow.records import Room
from bot.flow.records_talks import KeyRead, Sending
from bot.seal.plain import Sealed
from bot.store.sqlite import SqliteStore
from tests.store.small import AT, BRIDGE, MALMO, OFFICER, entry, seeking

ROOM = RoomId("r-1")
DEVICE = BRIDGE.public.device_id


def read(epoch: int, device: bytes = DEVICE) -> KeyRead:
    return KeyRead(room=ROOM, epoch=epoch, device=device, person=OFFICER, at=AT)


def sending(id_: bytes, days: int = 0) -> Sending:
    return Sending(id=id_, what=b"w" * 32, answer=b'{"seq":2}', at=AT + timedelta(days=days))


@pytest.fixture
async def begun(store: SqliteStore) -> SqliteStore:
    """A store with a room of two epochs."""

    def act(tx: Tx) -> None:
        seeking(tx, "c-1")
        room = Room(
            id=ROOM, consultation=ConsultationId("c-1"), organisation=MALMO, epoch=0, seq=0, head=b"0" * 32
        )
        tx.rooms.create(room)
        for number in (1, 2):
            after = Room(
                id=ROOM,
                consultation=room.consultation,
                organisation=MALMO,
                epoch=number,
                seq=number,
                head=bytes([number]) * 32,
            )
            tx.rooms.append(room, after, Sealed(content=b"epoch"))
            room = after

    await store.write(act)
    return store


async def test_what_was_handed_out_is_known_by_device(begun: SqliteStore) -> None:
    """Each device's first reading of each epoch is kept, with one entry on the ledger for all of them."""
    await begun.write(lambda tx: tx.key_reads.put([read(1), read(2)], entry(MALMO, "read")))
    await begun.write(lambda tx: tx.key_reads.put([read(2, b"o" * 32)], entry(MALMO, "read")))
    assert await begun.read(lambda tx: tx.key_reads.epochs(ROOM, DEVICE)) == {1, 2}
    assert await begun.read(lambda tx: tx.key_reads.epochs(ROOM, b"o" * 32)) == {2}
    assert await begun.read(lambda tx: tx.key_reads.epochs(RoomId("r-2"), DEVICE)) == frozenset()
    assert set(await begun.read(lambda tx: list(tx.audit.key_reads(ROOM)))) == {
        read(1),
        read(2),
        read(2, b"o" * 32),
    }
    kinds = await begun.read(lambda tx: [recorded.entry.kind for recorded in tx.audit.entries(MALMO)])
    assert kinds.count("read") == 2


async def test_a_handing_out_that_cannot_be_is_not_recorded(begun: SqliteStore) -> None:
    """Twice for the first time, or of an epoch that never began: refused, and the ledger does not have it either."""
    await begun.write(lambda tx: tx.key_reads.put([read(1)], entry(MALMO, "read")))
    size = await begun.read(lambda tx: tx.ledger.size(MALMO))
    for wrong in ([read(1)], [read(3)]):
        with pytest.raises(BadInput):
            await begun.write(lambda tx, wrong=wrong: tx.key_reads.put(wrong, entry(MALMO, "read")))  # type: ignore[misc]
    assert await begun.read(lambda tx: tx.ledger.size(MALMO)) == size


async def test_a_sending_is_remembered_once_and_forgotten_in_time(begun: SqliteStore) -> None:
    """An answer stays as it was; what is older than the limit goes, the rest stays."""
    await begun.write(lambda tx: tx.sendings.put(sending(b"1" * 32)))
    await begun.write(lambda tx: tx.sendings.put(sending(b"2" * 32, days=2)))
    with pytest.raises(BadInput):
        await begun.write(lambda tx: tx.sendings.put(sending(b"1" * 32, days=1)))
    assert await begun.read(lambda tx: tx.sendings.get(b"1" * 32)) == sending(b"1" * 32)
    assert await begun.write(lambda tx: tx.sendings.forget(AT + timedelta(days=1))) == 1
    assert await begun.read(lambda tx: tx.sendings.get(b"1" * 32)) is None
    assert await begun.read(lambda tx: tx.sendings.get(b"2" * 32)) == sending(b"2" * 32, days=2)
