"""Consultations: one version after another, each with its entry, and found by whom they concern."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from bot.core.consultation import State, step
from bot.core.errors import BadInput, NotNow
from bot.core.events import Accepted, CouldNotAttend
from bot.core.ids import ConsultationId, OfferId, RoomId
from bot.flow.ports import Tx
from bot.store.sqlite import SqliteStore
from tests.store.small import (
    AT,
    HOUR,
    MALMO,
    MINUTE,
    OFFICER,
    OTHER,
    SECOND,
    WORKER,
    entry,
    erase,
    happen,
    new,
    offered,
    person,
    referred,
    seeking,
    withdrawn,
)

C = ConsultationId("c-1")


def accept(tx: Tx, offer: str) -> None:
    """Say yes to an offer."""
    c = tx.consultations.by_offer(OfferId(offer))
    assert c is not None
    happen(
        tx,
        c,
        Accepted(at=AT + SECOND, offer=OfferId(offer), room=RoomId(f"r-{offer}"), answer_by=AT + MINUTE),
    )


async def test_saved_comes_back_equal(store: SqliteStore) -> None:
    """A consultation is read exactly as it was saved; one that does not exist is None."""
    saved = await store.write(lambda tx: seeking(tx, "c-1", ("o-1", "o-2")))
    assert await store.read(lambda tx: tx.consultations.get(C)) == saved
    assert await store.read(lambda tx: tx.consultations.get(ConsultationId("c-9"))) is None


async def test_every_save_is_an_entry(store: SqliteStore) -> None:
    """State and ledger entry are one transaction: as many entries as events, and none for one that was refused."""
    saved = await store.write(lambda tx: seeking(tx, "c-1", ("o-1", "o-2")))
    assert await store.read(lambda tx: tx.ledger.size(MALMO)) == saved.version == 3
    with pytest.raises(NotNow):
        await store.write(lambda tx: happen(tx, new("c-1"), referred()))
    assert await store.read(lambda tx: tx.ledger.size(MALMO)) == 3


async def test_stale_version_is_refused(store: SqliteStore) -> None:
    """Whoever decided on what has changed meanwhile is refused, and nothing of theirs is kept."""
    old = await store.write(lambda tx: seeking(tx, "c-1"))
    await store.write(lambda tx: happen(tx, old, offered("o-1")))
    with pytest.raises(NotNow, match="faster"):
        await store.write(lambda tx: happen(tx, old, offered("o-2")))
    kept = await store.read(lambda tx: tx.consultations.get(C))
    assert kept is not None
    assert [offer.id for offer in kept.offers] == ["o-1"]
    assert await store.read(lambda tx: tx.consultations.by_offer(OfferId("o-2"))) is None


async def test_two_hundred_accepts_one_winner(store: SqliteStore) -> None:
    """However many accept at once, exactly one gets it and all the others are told no."""
    await store.write(lambda tx: seeking(tx, "c-1", ("o-1", "o-2")))
    attempts = (store.write(partial(accept, offer=f"o-{n % 2 + 1}")) for n in range(200))
    outcomes = await asyncio.gather(*attempts, return_exceptions=True)
    assert outcomes.count(None) == 1
    assert [type(o) for o in outcomes if o is not None] == [NotNow] * 199
    kept = await store.read(lambda tx: tx.consultations.get(C))
    assert kept is not None
    assert (kept.state, kept.version) == (State.OPEN, 4)


@pytest.mark.parametrize("wrong", ["version", "id", "kind"])
async def test_one_event_one_version_one_entry(store: SqliteStore, wrong: str) -> None:
    """A save that skips a version, changes the id or brings another kind of entry is refused."""
    before = await store.write(lambda tx: seeking(tx, "c-1"))
    after, _ = step(before, offered("o-1"))
    after = replace(after, version=9) if wrong == "version" else after
    after = replace(after, id=ConsultationId("c-2")) if wrong == "id" else after
    kind = "content" if wrong == "kind" else "consultation"
    with pytest.raises(BadInput):
        await store.write(lambda tx: tx.consultations.save(before, after, entry(kind=kind)))


async def test_found_by_those_concerned(store: SqliteStore) -> None:
    """A consultation is found by its officer, its holder, and those who are being asked, newest first."""

    def act(tx: Tx) -> None:
        for number in range(4):
            seeking(tx, f"c-{number}", (f"o-{number}-1", f"o-{number}-2"), AT - number * MINUTE)
        accept(tx, "o-0-1")

    await store.write(act)

    def ask(tx: Tx) -> list[list[str]]:
        found = tx.consultations
        lists = (
            found.of_officer(OFFICER, 3),
            found.of_holder(WORKER, 9),
            found.offered_to(WORKER),
            found.offered_to(OFFICER),
        )
        return [[c.id for c in each] for each in lists]

    assert await store.read(ask) == [["c-0", "c-1", "c-2"], ["c-0"], ["c-3", "c-2", "c-1"], []]
    assert await store.read(lambda tx: tx.consultations.of_holder(OTHER, 9)) == ()


async def test_load_and_last_offer(store: SqliteStore) -> None:
    """Who holds how many open rooms, and when each was last asked, follow every event."""

    def act(tx: Tx) -> None:
        for who in (WORKER, OTHER, OFFICER):
            tx.people.put(person(who), entry())
        seeking(tx, "c-1", ("o-1", "o-2"))
        seeking(tx, "c-2", ("o-3",), AT + HOUR)
        accept(tx, "o-1")

    await store.write(act)
    assert await store.read(lambda tx: tx.consultations.open_rooms()) == {WORKER: 1}
    assert await store.read(lambda tx: tx.consultations.last_offered()) == {WORKER: AT + HOUR, OTHER: AT}

    def leave(tx: Tx) -> None:
        c = tx.consultations.get(C)
        assert c is not None
        happen(tx, c, CouldNotAttend(at=AT + MINUTE, by=WORKER))

    await store.write(leave)
    assert await store.read(lambda tx: tx.consultations.open_rooms()) == {}


async def test_deadlines_come_in_order(store: SqliteStore) -> None:
    """What is overdue is given longest overdue first and up to the limit; what is not due yet is not given."""
    dues = [30, 10, 20]

    def act(tx: Tx) -> None:
        for seconds in dues:
            c = seeking(tx, f"c-{seconds}", (), AT)
            happen(tx, c, offered(f"o-{seconds}", at=AT + timedelta(seconds=seconds)))

    await store.write(act)
    assert await store.read(lambda tx: tx.consultations.next_due()) == AT + MINUTE + 10 * SECOND

    async def overdue(seconds: int, limit: int) -> list[str]:
        now = AT + MINUTE + seconds * SECOND
        return [c.id for c in await store.read(lambda tx: tx.consultations.overdue(now, limit))]

    assert await overdue(9, 9) == []
    assert await overdue(10, 9) == ["c-10"]
    assert await overdue(30, 2) == ["c-10", "c-20"]
    assert await overdue(30, 9) == ["c-10", "c-20", "c-30"]


async def test_no_deadline_is_forgotten_or_invented(store: SqliteStore) -> None:
    """What is closed waits for nothing; what is under way waits for its deadline."""

    def act(tx: Tx) -> None:
        withdrawn(tx, "c-1", AT)
        seeking(tx, "c-2", ("c-2-1",))

    assert await store.read(lambda tx: tx.consultations.next_due()) is None
    await store.write(act)
    assert await store.read(lambda tx: tx.consultations.next_due()) == AT + MINUTE
    assert [c.id for c in await store.read(lambda tx: tx.consultations.overdue(AT + 2 * HOUR, 9))] == ["c-2"]


async def test_erased_names_nobody(store: SqliteStore) -> None:
    """Erased, a consultation is found by nobody's name, and its offers are gone."""

    def act(tx: Tx) -> None:
        erase(tx, withdrawn(tx, C, AT), at=AT + HOUR)

    await store.write(act)
    kept = await store.read(lambda tx: tx.consultations.get(C))
    assert kept is not None
    assert (kept.state, kept.officer, kept.offers) == (State.ERASED, None, ())
    assert await store.read(lambda tx: tx.consultations.of_officer(OFFICER, 9)) == ()
    assert await store.read(lambda tx: tx.consultations.by_offer(OfferId(f"{C}-1"))) is None
    assert await store.read(lambda tx: list(tx.audit.strays())) == []
