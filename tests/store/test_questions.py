"""Questions for curators: counted and closed by day, found by device, erased without a trace but their number."""

import pytest

from bot.core.errors import SamjourError
from bot.core.ids import ArticleId
from bot.core.questions import QuestionKind
from bot.flow.ports import Tx
from bot.flow.records_questions import QuestionCount
from bot.flow.verify import verify
from bot.seal.errors import Tampered
from bot.seal.question import open_question
from bot.store.sqlite import SqliteStore
from tests.store.small import AT, CHIEF_DEVICES, MALMO, SIGNERS, ask_curators, entry, sign

DAY = "2026-11-20"
ONE, TWO, *_ = CHIEF_DEVICES.values()
IDS = (b"b" * 16, b"a" * 16, b"c" * 16)


async def test_a_day_is_told_when_it_is_closed(store: SqliteStore) -> None:
    """Before its day is closed nothing is handed out and nothing is on the ledger; afterwards verify holds."""

    def act(tx: Tx) -> tuple[int, int]:
        before = tx.ledger.size(MALMO)
        tx.questions.count(MALMO, DAY, QuestionKind.NOTHING, None)
        tx.questions.count(MALMO, DAY, QuestionKind.NOTHING, None)
        assert tx.questions.counts(MALMO, DAY) == ()
        assert tx.questions.open_days(DAY) == ()
        assert tx.questions.open_days("2026-11-21") == ((MALMO, DAY),)
        between = tx.ledger.size(MALMO)
        ask_curators(tx, DAY, *IDS, devices=(ONE, TWO))
        sign(tx, MALMO)
        return before, between

    before, between = await store.write(act)
    assert before == between
    found = await store.read(lambda tx: tx.questions.of_device(MALMO, ONE.public.device_id, None, 2))
    assert [one.id for one in found] == [b"c" * 16, b"b" * 16]
    last = (found[-1].day, found[-1].id)
    rest = await store.read(lambda tx: tx.questions.of_device(MALMO, ONE.public.device_id, last, 2))
    assert [one.id for one in rest] == [b"a" * 16]
    assert await store.read(lambda tx: tx.questions.counts(MALMO, DAY)) == (
        QuestionCount(organisation=MALMO, day=DAY, kind=QuestionKind.NOTHING, article=None, count=3),
        QuestionCount(
            organisation=MALMO, day=DAY, kind=QuestionKind.UNSURE, article=ArticleId("A01"), count=3
        ),
    )
    assert await store.read(lambda tx: tx.questions.open_days("2027-01-01")) == ()
    assert (await store.read(lambda tx: verify(tx, SIGNERS))).faults == ()


async def test_a_day_can_be_closed_twice(store: SqliteStore) -> None:
    """After a clock that was set back the counts add up, and verify still holds."""
    await store.write(lambda tx: ask_curators(tx, DAY, IDS[0], devices=(ONE,)))
    await store.write(lambda tx: ask_curators(tx, DAY, IDS[1], devices=(ONE,)))
    counts = await store.read(lambda tx: tx.questions.counts(MALMO, DAY))
    assert [one.count for one in counts] == [2, 2]
    await store.write(lambda tx: sign(tx, MALMO))
    assert (await store.read(lambda tx: verify(tx, SIGNERS))).faults == ()


async def test_the_rows_stand_in_an_order_that_says_nothing(store: SqliteStore) -> None:
    """However they came, they stand by their random ids: nobody's can be told by its place."""
    await store.write(lambda tx: ask_curators(tx, DAY, *IDS, devices=(ONE,)))
    found = await store.read(lambda tx: tx.questions.of_device(MALMO, ONE.public.device_id, None, 9))
    kept = await store.read(lambda tx: [key for key, _ in tx.audit.facts("questions")])
    assert kept == sorted(kept)
    assert [one.id for one in found] == sorted(IDS, reverse=True)


async def test_each_copy_opens_on_its_device_alone(store: SqliteStore) -> None:
    """Another device, another day, another organisation or another question: it does not open."""
    await store.write(lambda tx: ask_curators(tx, DAY, IDS[0], devices=(ONE, TWO)))
    (copy,) = await store.read(lambda tx: tx.questions.of_device(MALMO, ONE.public.device_id, None, 9))
    right = {"organisation": "malmo", "day": DAY, "id_": copy.id.hex()}
    assert open_question(copy.blob, secret=ONE, **right).reveal() == b"hur ofta"
    wrong: tuple[dict[str, str], ...] = (
        {"organisation": "farsta"},
        {"day": "2026-11-21"},
        {"id_": IDS[1].hex()},
    )
    for other in wrong:
        with pytest.raises(Tampered):
            open_question(copy.blob, secret=ONE, **{**right, **other})
    with pytest.raises(Tampered):
        open_question(copy.blob, secret=TWO, **right)


async def test_what_is_erased_leaves_its_number(store: SqliteStore) -> None:
    """Every copy of the day is gone, its counts stay, the ledger says so, and verify holds."""
    await store.write(lambda tx: ask_curators(tx, DAY, *IDS, devices=(ONE, TWO)))
    gone = await store.write(lambda tx: tx.questions.erase(MALMO, DAY, entry(MALMO, "question", AT)))
    assert gone == 6
    assert await store.read(lambda tx: tx.questions.days(MALMO)) == ()
    assert len(await store.read(lambda tx: tx.questions.counts(MALMO, DAY))) == 2
    await store.write(lambda tx: sign(tx, MALMO))
    assert (await store.read(lambda tx: verify(tx, SIGNERS))).faults == ()


async def test_a_question_is_put_once(store: SqliteStore) -> None:
    """The same id for the same device is refused."""
    await store.write(lambda tx: ask_curators(tx, DAY, IDS[0], devices=(ONE,)))
    with pytest.raises(SamjourError):
        await store.write(lambda tx: ask_curators(tx, DAY, IDS[0], devices=(ONE,)))
