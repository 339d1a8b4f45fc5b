"""Tests of numbers, sums of weeks and tokens: the last one counts, each once, none found by anything but its digest."""

from dataclasses import replace

from bot.core.places import NumberId
from bot.flow.ports import Tx
from bot.flow.records_coverage import NumberTest, Scope, Summary, Token, TokenId
from bot.flow.verify import verify
from bot.store.sqlite import SqliteStore
from tests.store.small import AT, HOUR, MALMO, MINUTE, SIGNERS, entry, sign

JOUR, DAY = NumberId("malmo-jour"), NumberId("malmo-dag")
TOKEN = Token(
    id=TokenId("t-1"),
    organisation="malmo",
    digest="d" * 64,
    scope=Scope.STAFF,
    label="Växel",
    made=AT,
    by="seed",
    until=AT + 24 * HOUR,
)


async def test_the_last_test_of_each_number_counts(store: SqliteStore) -> None:
    """However they come in, the one of the latest instant stands, and those before stay on the ledger's account."""

    def act(tx: Tx) -> None:
        for number, at, answered in (
            (JOUR, AT + HOUR, False),
            (JOUR, AT, True),
            (DAY, AT, False),
            (DAY, AT, True),
        ):
            test = NumberTest(number=number, at=at, by="p-1", answered=answered)
            tx.coverage.put_test(test, entry(MALMO, "number", AT + HOUR))
        sign(tx, MALMO)

    await store.write(act)
    last = await store.read(lambda tx: tx.coverage.last_tests())
    assert {number: (test.at, test.answered) for number, test in last.items()} == {
        JOUR: (AT + HOUR, False),
        DAY: (AT, True),
    }
    assert (await store.read(lambda tx: verify(tx, SIGNERS))).faults == ()


async def test_a_week_is_summed_once_for_each(store: SqliteStore) -> None:
    """What was summed is known by organisation and week, and by nothing else."""
    summary = Summary(organisation=MALMO, week="2026-W48", at=AT)
    assert not await store.read(lambda tx: tx.coverage.is_summed(MALMO, "2026-W48"))
    await store.write(lambda tx: tx.coverage.put_summary(summary, entry(MALMO, "summary")))
    assert await store.read(lambda tx: tx.coverage.is_summed(MALMO, "2026-W48"))
    assert not await store.read(lambda tx: tx.coverage.is_summed(MALMO, "2026-W49"))


async def test_a_token_is_found_by_its_digest_and_stays_when_it_is_revoked(store: SqliteStore) -> None:
    """Revoked it is still there, for whoever asks what there was."""

    def act(tx: Tx) -> None:
        tx.tokens.put(TOKEN, entry(MALMO, "token"))
        tx.tokens.put(replace(TOKEN, revoked=AT + MINUTE), entry(MALMO, "token", AT + MINUTE))
        sign(tx, MALMO)

    await store.write(act)
    found = await store.read(lambda tx: tx.tokens.by_digest("d" * 64))
    assert found == replace(TOKEN, revoked=AT + MINUTE)
    assert await store.read(lambda tx: (tx.tokens.get(TOKEN.id), tx.tokens.all())) == (found, (found,))
    assert await store.read(lambda tx: tx.tokens.by_digest("e" * 64)) is None
    assert (await store.read(lambda tx: verify(tx, SIGNERS))).faults == ()


async def test_a_secret_that_stands_twice_opens_nothing(store: SqliteStore) -> None:
    """Whoever copies a row to lengthen a token's life ends it instead."""
    await store.write(lambda tx: tx.tokens.put(TOKEN, entry(MALMO, "token")))
    second = replace(TOKEN, id=TokenId("t-2"), until=AT + 48 * HOUR)
    await store.write(lambda tx: tx.tokens.put(second, entry(MALMO, "token")))
    assert await store.read(lambda tx: tx.tokens.by_digest("d" * 64)) is None
