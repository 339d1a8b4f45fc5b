"""Rosters: what a source says now, and what people pressed."""

import json
from datetime import timedelta

import pytest

from bot.core.codec import parse_fact_body
from bot.core.errors import BadInput
from bot.core.roster import Override, on_duty, override_to_dict, roster
from bot.flow.ports import Tx
from bot.store.facts import ROWS
from bot.store.sqlite import SqliteStore
from tests.store.small import AT, HOUR, MALMO, OTHER, POLISEN, WORKER, entry, override, shift

DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)


async def _ids(store: SqliteStore, start: timedelta, end: timedelta) -> list[str]:
    return [s.id for s in await store.read(lambda tx: tx.rosters.shifts(AT + start, AT + end))]


async def test_source_says_what_it_says_last(store: SqliteStore) -> None:
    """A source's shifts are replaced as a whole; those of another source or organisation stay."""
    await store.write(lambda tx: tx.rosters.replace(MALMO, "file", (shift("a"), shift("b")), entry()))
    await store.write(lambda tx: tx.rosters.replace(MALMO, "hand", (shift("c"),), entry()))
    await store.write(lambda tx: tx.rosters.replace(POLISEN, "file", (shift("d"),), entry()))
    new = (shift("b", OTHER), shift("e"))
    await store.write(lambda tx: tx.rosters.replace(MALMO, "file", new, entry()))
    found = await store.read(lambda tx: tx.rosters.shifts(AT, AT + TICK))
    assert {(s.id, s.person) for s in found} == {("b", OTHER), ("c", WORKER), ("d", WORKER), ("e", WORKER)}
    assert set(new) <= set(found)


async def test_only_what_differs_is_recorded(store: SqliteStore) -> None:
    """Importing the same file again adds one small entry, and one changed shift adds that shift alone."""
    many = tuple(shift(f"s{number}") for number in range(50))
    imports = (many, many, (*many[:-1], shift("s49", OTHER)))

    def act(tx: Tx) -> None:
        for shifts in imports:
            tx.rosters.replace(MALMO, "file", shifts, entry())

    await store.write(act)
    facts = [
        parse_fact_body(r.entry.body) for r in await store.read(lambda tx: list(tx.audit.entries(MALMO)))
    ]
    assert [(len(fact.put), len(fact.dropped)) for fact in facts] == [(50, 0), (0, 0), (1, 0)]


async def test_gone_shifts_are_recorded(store: SqliteStore) -> None:
    """A shift that the source no longer has is named in the entry."""
    await store.write(lambda tx: tx.rosters.replace(MALMO, "file", (shift("a"),), entry()))
    await store.write(lambda tx: tx.rosters.replace(MALMO, "file", (), entry()))
    *_, last = await store.read(lambda tx: list(tx.audit.entries(MALMO)))
    assert [json.loads(key) for key in parse_fact_body(last.entry.body).dropped] == [["malmo", "file", "a"]]
    assert await _ids(store, -DAY, DAY) == []


async def test_two_shifts_of_one_id_are_refused(store: SqliteStore) -> None:
    """A roster with one id twice is refused whole: nobody could say which of them holds."""
    await store.write(lambda tx: tx.rosters.replace(MALMO, "file", (shift("a"),), entry()))
    with pytest.raises(BadInput):
        await store.write(
            lambda tx: tx.rosters.replace(MALMO, "file", (shift("b"), shift("b", OTHER)), entry())
        )
    assert await _ids(store, -DAY, DAY) == ["a"]


async def test_shift_holds_from_its_start_until_before_its_end(store: SqliteStore) -> None:
    """A shift is found while it holds, to the microsecond, and in order of beginning."""
    late = shift("late", starts=AT + HOUR, ends=AT + 2 * HOUR)
    long = shift("long", starts=AT - 2 * DAY, ends=AT + DAY)  # nearly as long as a shift may be
    await store.write(lambda tx: tx.rosters.replace(MALMO, "file", (late, long), entry()))
    assert await _ids(store, -2 * DAY - TICK, -2 * DAY) == []
    assert await _ids(store, -2 * DAY, -2 * DAY + TICK) == ["long"]
    assert await _ids(store, timedelta(0), HOUR) == ["long"]
    assert await _ids(store, HOUR, HOUR + TICK) == ["long", "late"]
    assert await _ids(store, DAY - TICK, DAY) == ["long"]
    assert await _ids(store, DAY, 2 * DAY) == []


async def test_override_holds_and_is_replaced_by_id(store: SqliteStore) -> None:
    """What somebody pressed is found while it holds, also when it began long ago; the same id again replaces it."""
    sick = override("o", on_duty=False, starts=AT - 300 * DAY, ends=AT + DAY)

    def act(tx: Tx) -> None:
        tx.rosters.override(override("o", on_duty=True), entry())
        tx.rosters.override(sick, entry())

    await store.write(act)
    assert await store.read(lambda tx: tx.rosters.overrides(AT, AT + TICK)) == (sick,)
    assert await store.read(lambda tx: tx.rosters.overrides(AT + DAY, AT + 2 * DAY)) == ()
    assert await store.read(lambda tx: tx.ledger.size(MALMO)) == 2


async def test_a_year_of_many_people_is_several_entries(store: SqliteStore) -> None:
    """A large import is recorded in parts, each with a salt of its own, and no shift is left out."""
    many = tuple(shift(f"s{number}") for number in range(ROWS + 1))
    await store.write(lambda tx: tx.rosters.replace(MALMO, "file", many, entry()))
    recorded = await store.read(lambda tx: list(tx.audit.entries(MALMO)))
    facts = [parse_fact_body(r.entry.body) for r in recorded]
    assert [len(fact.put) for fact in facts] == [ROWS, 1]
    assert [fact.version for fact in facts] == [1, 2]
    assert len({r.entry.salt for r in recorded}) == 2


async def test_of_two_presses_in_one_instant_the_later_holds_whatever_their_ids(store: SqliteStore) -> None:
    """Off and at once back on, under a clock that stands still: a random id does not decide."""
    shifts = (shift("s", OTHER),)
    for first, second in (("a", "b"), ("y", "x")):
        for on in (True, False):
            press = [override(first, on_duty=not on), override(second, on_duty=on)]

            def act(tx: Tx, press: list[Override] = press) -> None:
                for one in press:
                    tx.rosters.override(one, entry())

            await store.write(act)
            found = await store.read(lambda tx: tx.rosters.overrides(AT, AT + TICK))
            assert (OTHER in on_duty(roster(shifts, found), AT).present) is on


async def test_the_same_press_again_adds_no_number(store: SqliteStore) -> None:
    """A lone press is kept as it always was: its body names no order."""
    await store.write(lambda tx: tx.rosters.override(override("o", on_duty=True), entry()))
    await store.write(lambda tx: tx.rosters.override(override("o", on_duty=False), entry()))
    (found,) = await store.read(lambda tx: tx.rosters.overrides(AT, AT + TICK))
    assert found == override("o", on_duty=False)
    assert "number" not in override_to_dict(found)
