"""Grave events in the store: lists, notices, copies and answers come back as they were put."""

from datetime import timedelta

from bot.core.graves import Answer, GraveId
from bot.store.sqlite import SqliteStore
from tests.store.small import AT, MALMO, OFFICER, WORKER, entry
from tests.store.small_graves import FORUM, tell

FIRST, SECOND = GraveId(f"{1:032x}"), GraveId(f"{2:032x}")
DAY = timedelta(days=1)


async def test_a_notice_comes_back_as_it_was_put(store: SqliteStore) -> None:
    """To whoever was told and whoever sent it; the newest first; to nobody else."""
    for number, at in ((1, AT), (2, AT + DAY)):
        await store.write(
            lambda tx, n=number, when=at: tell(tx, n, WORKER, OFFICER, entry(MALMO, "grave", when))  # type: ignore[misc]
        )
    told = await store.read(lambda tx: tx.graves.told_to(WORKER, AT))
    assert [one.id for one in told] == [SECOND, FIRST]
    assert await store.read(lambda tx: tx.graves.sent_by(OFFICER, AT + DAY)) == told[:1]
    assert await store.read(lambda tx: tx.graves.told_to(OFFICER, AT)) == ()
    assert await store.read(lambda tx: tx.graves.get(FIRST)) == told[1]
    assert await store.read(lambda tx: tx.graves.get(GraveId("0" * 32))) is None
    (answered,) = await store.read(lambda tx: tx.graves.told(FIRST))
    assert (answered.person, answered.answer) == (WORKER, Answer.COMING)
    assert (await store.read(lambda tx: tx.graves.listed(FORUM)))[0].person == WORKER


async def test_a_copy_is_found_by_its_device_alone(store: SqliteStore) -> None:
    """Each device has its own; another finds none."""
    await store.write(lambda tx: tell(tx, 1, WORKER, OFFICER, entry(MALMO, "grave")))
    copy = await store.read(lambda tx: tx.graves.copy(FIRST, b"e" * 32))
    assert copy is not None
    assert (copy.person, copy.blob.content) == (WORKER, b"sealed notice 1")
    assert await store.read(lambda tx: tx.graves.copy(FIRST, b"f" * 32)) is None
    assert await store.read(lambda tx: tx.graves.copy(SECOND, b"e" * 32)) is None
