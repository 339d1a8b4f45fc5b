"""The ledger: one tree per organisation, and what stands in it is what an auditor computes."""

import hashlib
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, select

from bot.core.errors import BadInput, Tampered
from bot.core.ids import OrganisationId
from bot.flow.ports import Tx
from bot.seal import log
from bot.store.ledger import SqlLedger
from bot.store.schema import METADATA
from bot.store.sqlite import SqliteStore
from bot.store.tables import nodes
from tests.store.small import MALMO, POLISEN, entry, sign


def append(tx: Tx, organisation: OrganisationId) -> None:
    """One entry more."""
    tx.ledger.append(entry(organisation))


async def test_empty_ledger(store: SqliteStore) -> None:
    """A ledger without entries has the root of nothing and needs no signature."""
    assert await store.read(lambda tx: tx.ledger.size(MALMO)) == 0
    assert await store.read(lambda tx: tx.ledger.root(MALMO)) == hashlib.sha256(b"").digest()
    assert await store.read(lambda tx: tx.ledger.unsigned()) == ()


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 70))
def test_root_is_what_an_auditor_computes(size: int) -> None:
    """After any number of entries the stored rows give the root over all leaves, and no row is superfluous."""
    engine = create_engine("sqlite://")
    METADATA.create_all(engine)
    with engine.connect() as connection:
        ledger = SqlLedger(connection)
        leaves = [ledger.append(entry()).leaf for _ in range(size)]
        assert ledger.size(MALMO) == size
        assert ledger.root(MALMO) == log.root_of(leaves)
        rows = connection.execute(select(nodes.c.level, nodes.c.number)).all()
        assert {tuple(row) for row in rows} == {
            (level, number) for level in range(1, 8) for number in range(size >> level)
        }
    engine.dispose()


async def test_leaf_is_that_of_the_entry(store: SqliteStore) -> None:
    """The recorded leaf binds kind, salt and body."""
    given_entry = entry(text="x")
    recorded = await store.write(lambda tx: tx.ledger.append(given_entry))
    expected = log.leaf_hash(kind=given_entry.kind, salt=given_entry.salt, body=given_entry.body)
    assert (recorded.index, recorded.leaf) == (0, expected)
    assert await store.read(lambda tx: list(tx.audit.entries(MALMO))) == [recorded]


async def test_organisations_have_trees_of_their_own(store: SqliteStore) -> None:
    """One organisation's entries change nothing in another's tree."""
    for organisation in (MALMO, POLISEN, MALMO):
        await store.write(partial(append, organisation=organisation))
    assert await store.read(lambda tx: (tx.ledger.size(MALMO), tx.ledger.size(POLISEN))) == (2, 1)


@pytest.mark.parametrize("salt", [b"", b"x" * 15, b"x" * 17])
async def test_salt_is_sixteen_bytes(store: SqliteStore, salt: bytes) -> None:
    """An entry that could be guessed from its leaf is refused, and nothing is kept."""
    with pytest.raises(BadInput):
        await store.write(lambda tx: tx.ledger.append(replace(entry(), salt=salt)))
    assert await store.read(lambda tx: tx.ledger.size(MALMO)) == 0


async def test_unsigned_until_signed(store: SqliteStore) -> None:
    """A ledger waits for its signature from its first entry until a checkpoint covers the last."""
    for organisation in (POLISEN, MALMO):
        await store.write(partial(append, organisation=organisation))
    assert await store.read(lambda tx: tx.ledger.unsigned()) == (MALMO, POLISEN)
    note = await store.write(lambda tx: sign(tx, MALMO))
    assert await store.read(lambda tx: tx.ledger.unsigned()) == (POLISEN,)
    await store.write(lambda tx: tx.ledger.append(entry(MALMO)))
    assert await store.read(lambda tx: tx.ledger.unsigned()) == (MALMO, POLISEN)
    assert await store.read(lambda tx: list(tx.audit.checkpoints(MALMO))) == [(1, note)]


async def test_first_checkpoint_of_a_size_stays(store: SqliteStore) -> None:
    """A ledger never signs two heads of one size: the first that was kept stays."""
    await store.write(lambda tx: tx.ledger.append(entry()))
    note = await store.write(lambda tx: sign(tx, MALMO))
    await store.write(lambda tx: tx.ledger.put_checkpoint(MALMO, 1, "another"))
    assert await store.read(lambda tx: list(tx.audit.checkpoints(MALMO))) == [(1, note)]


@pytest.mark.parametrize("size", [-1, 0, 2])
async def test_checkpoint_of_a_size_never_reached_is_refused(store: SqliteStore, size: int) -> None:
    """A checkpoint over nothing, or over more than there is, is refused."""
    await store.write(lambda tx: tx.ledger.append(entry()))
    with pytest.raises(BadInput):
        await store.write(lambda tx: tx.ledger.put_checkpoint(MALMO, size, "note"))


def test_broken_tree_is_not_built_upon() -> None:
    """When a row that the tree stands on is missing, nothing is appended."""
    engine = create_engine("sqlite://")
    METADATA.create_all(engine)
    with engine.connect() as connection:
        ledger = SqlLedger(connection)
        for _ in range(3):
            ledger.append(entry())
        connection.execute(nodes.delete())
        with pytest.raises(Tampered):
            ledger.append(entry())
    engine.dispose()
