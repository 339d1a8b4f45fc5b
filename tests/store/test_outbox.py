"""The outbox: said at least once, in order for each person, by whoever holds the lease."""

from dataclasses import replace
from datetime import datetime

import pytest

from bot.core.ids import PersonId
from bot.flow.ports import Tx
from bot.flow.records import Kind, Saying, Spot
from bot.store.sqlite import SqliteStore
from tests.store.small import AT, HOUR, MINUTE, OFFICER, SECOND, WORKER, saying

LEASE = 30 * SECOND


async def put(store: SqliteStore, *sayings: Saying) -> None:
    """All of them, in one act."""

    def act(tx: Tx) -> None:
        for each in sayings:
            tx.outbox.put(each)

    await store.write(act)


async def claim(store: SqliteStore, now: datetime = AT, limit: int = 9) -> list[Saying]:
    """What one deliverer gets."""
    return list(await store.write(lambda tx: tx.outbox.claim(now, now + LEASE, limit)))


async def ids(store: SqliteStore, now: datetime = AT, limit: int = 9) -> list[str]:
    """The same, by name."""
    return [each.id for each in await claim(store, now, limit)]


async def finish(store: SqliteStore, said: Saying) -> bool:
    """It was said."""
    return await store.write(lambda tx: tx.outbox.finish(said))


async def retry(store: SqliteStore, said: Saying, due: datetime) -> bool:
    """It failed."""
    return await store.write(lambda tx: tx.outbox.retry(said, due))


async def next_due(store: SqliteStore) -> datetime | None:
    """When to look again."""
    return await store.read(lambda tx: tx.outbox.next_due())


async def test_claimed_as_it_was_put(store: SqliteStore) -> None:
    """A saying comes out as it went in, with its fence and as the first attempt."""
    put_in = replace(
        saying("1", None), ref="c-1", key="k", seq=7, params={"place": "malmö"}, address=b"sealed"
    )
    await put(store, put_in)
    assert await claim(store) == [replace(put_in, fence=1, attempts=0)]


async def test_nothing_is_claimed_twice_while_leased(store: SqliteStore) -> None:
    """While one has it nobody else gets it; when the lease has run out somebody does, as a later attempt."""
    await put(store, saying("1"))
    assert await ids(store) == ["1"]
    assert await ids(store, AT + LEASE - SECOND) == []
    assert await next_due(store) == AT + LEASE
    (again,) = await claim(store, AT + LEASE)
    assert (again.fence, again.attempts) == (2, 1)


async def test_old_fence_changes_nothing(store: SqliteStore) -> None:
    """Whoever comes back after their lease ran out can neither finish nor delay what another has claimed."""
    await put(store, saying("1"))
    (slow,) = await claim(store)
    (fast,) = await claim(store, AT + LEASE)
    assert await finish(store, slow) is False
    assert await retry(store, slow, AT + HOUR) is False
    assert await finish(store, fast) is True
    assert await finish(store, fast) is False
    assert await next_due(store) is None


async def test_unclaimed_cannot_be_finished(store: SqliteStore) -> None:
    """What nobody has claimed is not finished by a guess, nor twice retried."""
    await put(store, saying("1"))
    assert await finish(store, saying("1")) is False
    (mine,) = await claim(store)
    assert await retry(store, mine, AT + MINUTE) is True
    assert await retry(store, mine, AT + HOUR) is False
    assert await finish(store, mine) is False
    assert await next_due(store) == AT + MINUTE


async def test_each_person_hears_in_order(store: SqliteStore) -> None:
    """A later saying waits until the earlier one is finished; other people and channels do not wait for it."""
    push = replace(saying("4"), channel="push")
    await put(store, saying("1"), saying("2"), saying("3", WORKER), push)
    first = await claim(store)
    assert [each.id for each in first] == ["1", "3", "4"]
    assert await ids(store) == []
    await finish(store, first[0])
    assert await ids(store) == ["2"]


async def test_failure_holds_back_what_follows(store: SqliteStore) -> None:
    """What failed is tried again before anything later, which is not said out of turn meanwhile."""
    await put(store, saying("1"), saying("2"))
    (first,) = await claim(store)
    await retry(store, first, AT + MINUTE)
    assert await ids(store, AT + SECOND) == []
    assert await next_due(store) == AT + MINUTE
    (again,) = await claim(store, AT + MINUTE)
    assert (again.id, again.due, again.attempts) == ("1", AT, 1)
    await finish(store, again)
    assert await ids(store, AT + MINUTE) == ["2"]


async def test_later_due_does_not_hold_back(store: SqliteStore) -> None:
    """What is put for later does not hold back what is due now; due, it comes in its turn."""
    await put(store, saying("later", due=AT + MINUTE), saying("now"))
    assert await next_due(store) == AT
    (now,) = await claim(store)
    assert now.id == "now"
    assert await ids(store, AT + MINUTE) == ["now"]  # its lease has run out; the other still waits for it
    assert await next_due(store) == AT + MINUTE + LEASE


async def test_same_instant_keeps_the_order_of_putting(store: SqliteStore) -> None:
    """Of sayings due at one instant the first put is the first said."""
    await put(store, *(saying(name) for name in ("b", "c", "a")))
    said = []
    while found := await claim(store):
        said += [each.id for each in found]
        await finish(store, found[0])
    assert said == ["b", "c", "a"]


async def test_strangers_wait_for_nobody(store: SqliteStore) -> None:
    """Those without a name are not one person: each is answered at once."""
    await put(store, saying("1", None), saying("2", None))
    assert await ids(store) == ["1", "2"]


async def test_limit_and_order_over_people(store: SqliteStore) -> None:
    """The longest due come first, as many as were asked for."""
    people = [PersonId(f"p-{number}") for number in range(5)]
    await put(store, *(saying(f"{n}", who, due=AT - n * SECOND) for n, who in enumerate(people)))
    assert await ids(store, limit=2) == ["4", "3"]
    assert await ids(store, limit=9) == ["2", "1", "0"]


@pytest.mark.parametrize("kind", [Kind.SHOW, Kind.HUSH])
async def test_waiting_show_is_freshened(store: SqliteStore, kind: Kind) -> None:
    """A live message that waits to be shown is not queued again; the newest wish counts, at the earliest time."""
    await put(store, saying("1", kind=kind, ref="c-1", due=AT + HOUR))
    await put(store, replace(saying("2", kind=kind, ref="c-1"), key="new", seq=3))
    await put(store, saying("3", kind=kind, ref="c-2"), saying("4", WORKER, kind, ref="c-1"))
    found = await claim(store)
    assert {(each.id, each.key, each.seq, each.due) for each in found} == {
        ("1", "new", 3, AT),
        ("4", "", 0, AT),
    }


async def test_claimed_show_is_followed_by_another(store: SqliteStore) -> None:
    """What is being shown just now may be old already: the next wish is a row of its own, after it."""
    await put(store, saying("1", kind=Kind.SHOW, ref="c-1"))
    (showing,) = await claim(store)
    await put(store, saying("2", kind=Kind.SHOW, ref="c-1"), saying("3", kind=Kind.SHOW, ref="c-1"))
    await finish(store, showing)
    assert await ids(store) == ["2"]


async def test_failed_show_keeps_its_wait(store: SqliteStore) -> None:
    """A live message that the channel asked us to wait with is freshened without being hurried."""
    await put(store, saying("1", kind=Kind.SHOW, ref="c-1"))
    (showing,) = await claim(store)
    await retry(store, showing, AT + MINUTE)
    await put(store, saying("2", kind=Kind.SHOW, ref="c-1", due=AT + SECOND))
    assert await next_due(store) == AT + MINUTE
    assert await ids(store, AT + MINUTE) == ["1"]


@pytest.mark.parametrize("kind", [Kind.TELL, Kind.REPLY, Kind.CARRY])
async def test_everything_else_is_said_each_time(store: SqliteStore, kind: Kind) -> None:
    """Notices, answers and messages are never swallowed by one that waits already."""
    await put(store, saying("1", kind=kind, ref="c-1"), saying("2", kind=kind, ref="c-1"))
    (first,) = await claim(store)
    await finish(store, first)
    assert await ids(store) == ["2"]


async def test_a_doorbell_waits_for_nothing(store: SqliteStore) -> None:
    """Whoever is to be woken is woken, whatever else cannot be said to them."""
    await put(store, saying("1", kind=Kind.REPLY))
    (stuck,) = await claim(store)
    await retry(store, stuck, AT + MINUTE)
    await put(store, saying("2", kind=Kind.TELL, ref="c-1"), saying("3", kind=Kind.RING, ref="o-1"))
    assert await ids(store) == ["3"]


async def test_next_due_of_nothing(store: SqliteStore) -> None:
    """An empty outbox has nothing to wait for."""
    assert await next_due(store) is None
    assert await claim(store) == []


async def test_next_due_never_promises_what_claim_refuses(store: SqliteStore) -> None:
    """Looking at the promised instant always finds something, or the deliverer would spin."""
    rows = [saying(f"{n}", (OFFICER, WORKER)[n % 2], due=AT + (n * 7 % 5) * MINUTE) for n in range(12)]
    await put(store, *rows)
    said = 0
    while (due := await next_due(store)) is not None:
        found = await claim(store, due)
        assert found != []
        for number, each in enumerate(found):
            if (said + number) % 3 == 1:
                await retry(store, each, due + MINUTE)
            else:
                await finish(store, each)
        said += len(found)
    assert said > len(rows)


async def test_spots_are_found_by_what_and_where(store: SqliteStore) -> None:
    """Where a thing stands is found by the thing, and what stands somewhere by the place; the newest counts."""
    old = Spot(person=OFFICER, channel="telegram", key="show:c-1", native_id="7", digest=b"a")
    new = replace(old, native_id="8", digest=b"b")
    await store.write(lambda tx: tx.outbox.put_spot(old))
    await store.write(lambda tx: tx.outbox.put_spot(new))
    assert await store.read(lambda tx: tx.outbox.spot(OFFICER, "telegram", "show:c-1")) == new
    assert await store.read(lambda tx: tx.outbox.spot_at(OFFICER, "telegram", "8")) == new
    assert await store.read(lambda tx: tx.outbox.spot_at(OFFICER, "telegram", "7")) is None
    assert await store.read(lambda tx: tx.outbox.spot(WORKER, "telegram", "show:c-1")) is None
