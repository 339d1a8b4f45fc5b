"""Rings: in the order in which they came, counted for the caps, gone with their consultation."""

from dataclasses import replace
from functools import partial

import pytest

from bot.core.errors import BadInput
from bot.core.ids import OrganisationId
from bot.core.waking import HOUR, Did, told
from bot.flow.ports import Tx
from bot.flow.records import Kind
from bot.flow.verify import verify
from bot.store.sqlite import SqliteStore
from tests.store.small import (
    AT,
    MALMO,
    MINUTE,
    OTHER,
    POLISEN,
    SECOND,
    SIGNERS,
    WORKER,
    entry,
    ring,
    saying,
    sign,
    withdrawn,
)

ABOUT = "c-9"


async def test_they_come_back_in_the_order_in_which_they_came(store: SqliteStore) -> None:
    """Of one instant too: the first is the first, whatever its id."""
    ids = ["z", "a", "m"]
    for number, id_ in enumerate(ids, start=1):
        await store.write(lambda tx, i=id_, n=number: ring(tx, i, Did.CALLED, about=ABOUT, number=n))  # type: ignore[misc]
    found = await store.read(lambda tx: tx.rings.of(f"{ABOUT}-1"))
    assert [one.id for one in found] == ids
    assert await store.read(lambda tx: tx.rings.get("a")) == found[1]
    assert await store.read(lambda tx: tx.rings.get("b")) is None


async def test_a_ring_is_put_once(store: SqliteStore) -> None:
    """A second one of the same id is refused, and leaves nothing on the ledger."""
    await store.write(lambda tx: ring(tx, "a", Did.CALLED))
    before = await store.read(lambda tx: tx.ledger.size(MALMO))
    with pytest.raises(BadInput):
        await store.write(lambda tx: ring(tx, "a", Did.CALLED, number=2))
    assert await store.read(lambda tx: tx.ledger.size(MALMO)) == before


async def test_only_calls_count_and_only_those_of_the_hour(store: SqliteStore) -> None:
    """What the caps are counted by: of the person, and of the organisation, after then."""
    for number, (did, at) in enumerate(
        ((Did.CALLED, AT), (Did.CALLED, AT + SECOND), (Did.FAILED, AT + SECOND), (Did.SEEN, AT + MINUTE)),
        start=1,
    ):
        await store.write(
            lambda tx, n=number, d=did, a=at: ring(
                tx, f"r-{n}", d, number=n, at=a, of="r-1" if d is Did.FAILED else ""
            )  # type: ignore[misc]
        )
    calls = await store.read(lambda tx: tx.rings.calls_to(WORKER, AT))
    assert [(one.id, one.did) for one in calls] == [("r-2", Did.CALLED), ("r-3", Did.FAILED)]
    assert await store.read(lambda tx: tx.rings.calls_to(OTHER, AT - HOUR)) == ()
    assert await store.read(lambda tx: tx.rings.calls_by(MALMO, AT - HOUR)) == 2
    assert await store.read(lambda tx: tx.rings.calls_by(MALMO, AT)) == 1
    assert await store.read(lambda tx: tx.rings.calls_by(POLISEN, AT - HOUR)) == 0


async def test_they_go_with_their_consultation_and_with_nothing_else(store: SqliteStore) -> None:
    """Erasing takes the rings of the consultation and a call that waits to be made; those of another stay."""

    def act(tx: Tx) -> None:
        c = withdrawn(tx, ABOUT, AT)
        ring(tx, "gone", Did.CALLED, about=ABOUT)
        ring(tx, "stays", Did.CALLED, about="c-10")
        ring(tx, "staff", Did.CALLED, about=None)
        for id_, about in (("w-1", c.offers[0].id), ("w-2", "c-10-1")):
            call = saying(id_, WORKER, Kind.CALL_OUT, ref=id_)
            tx.outbox.put(replace(call, channel="sms", params={"about": about}))
        tx.retention.remove([c])

    await store.write(act)
    left = [id_ for id_ in ("gone", "stays", "staff") if await store.read(partial(known, id_=id_))]
    assert left == ["stays", "staff"]
    assert [one.id for one in await store.write(lambda tx: tx.outbox.claim(AT, AT + MINUTE, 9))] == ["w-2"]


def known(tx: Tx, id_: str) -> bool:
    return tx.rings.get(id_) is not None


@pytest.mark.parametrize("ledger", [MALMO, POLISEN])
async def test_a_ring_is_told_on_its_own_ledger(store: SqliteStore, ledger: OrganisationId) -> None:
    """One that another organisation's ledger tells of is not what that organisation did."""

    def act(tx: Tx) -> None:
        ring(tx, "a", Did.CALLED, about=None, ledger=ledger)
        sign(tx, ledger)

    await store.write(act)
    faults = (await store.read(lambda tx: verify(tx, SIGNERS))).faults
    assert [fault.where for fault in faults] == ([] if ledger == MALMO else ["ring a"])


async def test_a_ring_that_is_told_twice_is_named(store: SqliteStore) -> None:
    """An entry that tells of a ring again is somebody's who added it."""

    def act(tx: Tx) -> None:
        made = ring(tx, "a", Did.CALLED, about=None)
        tx.ledger.append(entry(MALMO, "ring", AT, **{n: v for n, v in told(made).items() if n != "at"}))
        tx.ledger.append(entry(MALMO, "ring", AT, by="somebody"))
        sign(tx, MALMO)

    await store.write(act)
    found = (await store.read(lambda tx: verify(tx, SIGNERS))).faults
    assert len(found) == 2
