"""Proposals are kept and read as they were, on the ledger; a bound change keeps its place when its shift moves."""

from dataclasses import replace

from bot.core.codec import parse_fact_body
from bot.core.roster import Override
from bot.core.swaps import SwapId, SwapState
from bot.store.sqlite import SqliteStore
from tests.store.small import AT, HOUR, MALMO, OTHER, WORKER, entry, override
from tests.store.small_swaps import span, swap


async def test_a_proposal_waits_until_it_is_answered(store: SqliteStore) -> None:
    """Those that wait come in the order in which they were made; an answered one is still read."""
    one, two = swap(1, WORKER, OTHER, AT), swap(2, OTHER, WORKER, AT + HOUR)
    for each in (two, one):
        await store.write(lambda tx, each=each: tx.swaps.put(each, entry(MALMO, "swap")))  # type: ignore[misc] # bound now
    assert await store.read(lambda tx: tx.swaps.waiting()) == (one, two)
    over = replace(one, state=SwapState.REFUSED, answered=AT + HOUR, answerer=OTHER)
    await store.write(lambda tx: tx.swaps.put(over, entry(MALMO, "swap")))
    assert await store.read(lambda tx: tx.swaps.waiting()) == (two,)
    assert await store.read(lambda tx: tx.swaps.get(one.id)) == over
    assert await store.read(lambda tx: tx.swaps.get(SwapId("nobody's"))) is None
    facts = [
        parse_fact_body(r.entry.body) for r in await store.read(lambda tx: list(tx.audit.entries(MALMO)))
    ]
    assert [list(fact.put) for fact in facts] == [["swap-2"], ["swap-1"], ["swap-1"]]


async def test_changes_of_one_shift_in_one_instant_stay_in_order(store: SqliteStore) -> None:
    """Also of two people: the second is the last; a move keeps its place, and what is void is gone from the rows."""

    def bound(name: str) -> Override:
        made = replace(override(name, on_duty=True), shift=span("s-1", AT).shift)
        return replace(made, person=WORKER) if name == "b" else made

    for name in ("b", "a"):
        await store.write(lambda tx, name=name: tx.rosters.override(bound(name), entry()))  # type: ignore[misc] # bound now
    found = await store.read(lambda tx: tx.rosters.overrides(AT, AT + HOUR))
    assert {o.id: o.number for o in found} == {"b": 0, "a": 1}
    moved = replace(bound("b"), ends=AT + 2 * HOUR)
    await store.write(lambda tx: tx.rosters.put_override(moved, entry()))
    await store.write(lambda tx: tx.rosters.drop_override(bound("a").id, entry()))
    assert await store.read(lambda tx: tx.rosters.overrides(AT, AT + HOUR)) == (moved,)
