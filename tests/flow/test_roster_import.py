"""Rosters from outside over the real store: a long duty stays, the past stays, nobody is booked twice or left ringing."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.core.consultation import State
from bot.core.errors import BadInput
from bot.core.feed import Format
from bot.core.hours import local_instant
from bot.core.ids import OrganisationId, PersonId
from bot.core.request import Outcome
from bot.core.roster import on_duty, roster
from bot.core.roster_preview import Preview
from bot.flow.roster_import import Given, preview, put_file
from bot.flow.upkeep import signers
from bot.flow.verify import verify
from tests.flow.flow_world import DAY_1, EVENING_1, EVENING_2, World

MALMO = OrganisationId("malmo")
HEADER = "person,organisation,role,starts,ends,areas\n"
TICK = timedelta(microseconds=1)


def csv(*rows: str, source: str = "demo", organisation: str = "malmo") -> Given:
    data = (HEADER + "".join(f"{row}\n" for row in rows)).encode()
    return Given(organisation=OrganisationId(organisation), source=source, format=Format.CSV, data=data)


def ics(*events: tuple[str, str, str], source: str = "demo") -> Given:
    """Each event: person, start and end by the Swedish wall clock."""
    lines = [
        line
        for person, starts, ends in events
        for line in (
            *("BEGIN:VEVENT", f"UID:{person}-{starts}", f"SUMMARY:{person}"),
            f"DTSTART;TZID=Europe/Stockholm:{starts}",
            f"DTEND;TZID=Europe/Stockholm:{ends}",
            "END:VEVENT",
        )
    ]
    whole = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//", *lines, "END:VCALENDAR", ""]
    return Given(organisation=MALMO, source=source, format=Format.ICS, data="\r\n".join(whole).encode())


def worker(person: str, starts: str, ends: str) -> str:
    return f"{person},malmo,social_worker,{starts},{ends},"


async def take(world: World, given: Given) -> Preview:
    found = await put_file(world.deps, given, by="test")
    await world.work()
    return found


async def there(world: World, at: datetime) -> set[str]:
    """Who of Malmö's is on duty by the stored rosters alone."""
    shifts = await world.deps.store.read(lambda tx: tx.rosters.shifts(at, at + TICK))
    return {p for p in on_duty(roster(shifts), at).present if p.startswith("p-malmo-")}


async def holds(world: World) -> None:
    verdict = await world.deps.store.read(lambda tx: verify(tx, signers(world.deps)))
    assert verdict.faults == ()


async def test_a_weekend_duty_is_there_until_its_last_minute_however_often_it_is_imported(
    world: World,
) -> None:
    """Saturday 20:00 to Tuesday 08:00, imported on Saturday, Monday and Tuesday morning: somebody is on duty."""
    weekend = ics((DAY_1, "20261121T200000", "20261124T080000"))
    for minute in ("2026-11-21T23:00", "2026-11-23T09:00", "2026-11-24T07:59"):
        at = local_instant(minute)
        world.clock.move(at - world.clock.now())
        await take(world, weekend)
        assert await there(world, at) == {DAY_1}
    assert await there(world, local_instant("2026-11-22T12:00")) == {DAY_1}
    assert await there(world, local_instant("2026-11-24T08:00")) == set()
    await holds(world)


async def test_what_has_ended_stays_whatever_is_imported(world: World) -> None:
    """Last week's shifts are last week's truth: an empty roster takes away what is ahead and nothing else."""
    week_ago, now = local_instant("2026-11-14T17:00"), world.clock.now()
    assert await there(world, week_ago) == {EVENING_1}
    found = await take(world, csv())
    assert {EVENING_1, EVENING_2} <= {shift.person for shift in found.running}
    assert await there(world, week_ago) == {EVENING_1}
    assert EVENING_1 in await there(world, now - TICK)
    assert await there(world, now) == set()
    await holds(world)


async def test_an_id_that_has_ended_may_be_used_again(world: World) -> None:
    """A calendar moves an event that is over to next week: both have been and will be, and again is no change."""
    first = csv(worker(DAY_1, "2026-11-21T20:00", "2026-11-21T23:00"), source="extra")
    named = first.data.replace(b"areas\n", b"areas,id\n").replace(b",\n", b",,x\n")
    await take(world, replace(first, data=named))
    world.clock.move(timedelta(hours=2))
    later = replace(first, data=named.replace(b"2026-11-21", b"2026-11-28"))
    assert len((await take(world, later)).added) == 1
    again = await take(world, later)
    assert (again.added, again.moved, again.removed, again.unchanged) == ((), (), (), 1)
    assert DAY_1 in await there(world, local_instant("2026-11-21T22:00"))
    assert DAY_1 in await there(world, local_instant("2026-11-28T22:00"))
    await holds(world)


async def test_nobody_is_booked_twice_across_files_and_organisations(world: World) -> None:
    """A file over somebody's shift in another roster is refused with its line and both places; nothing is changed."""
    size = await world.deps.store.read(lambda tx: tx.ledger.size(MALMO))
    with pytest.raises(BadInput) as refused:
        await take(world, csv(worker(EVENING_1, "2026-11-24T18:00", "2026-11-24T20:00"), source="extra"))
    assert str(refused.value) == "line 2: the person is on duty already, by the roster demo of malmo"
    assert await world.deps.store.read(lambda tx: tx.ledger.size(MALMO)) == size
    row = "p-sj-malmo-3,socialjour-malmo,jour,2026-11-24T19:00,2026-11-24T21:00,"
    with pytest.raises(BadInput, match="by the roster demo of socialjour-malmo"):
        await take(world, csv(row, source="extra", organisation="socialjour-malmo"))


async def test_two_files_of_one_organisation_stand_side_by_side(world: World) -> None:
    """Each source replaces itself and nothing else."""
    one = csv(worker(DAY_1, "2026-11-24T18:00", "2026-11-24T20:00"), source="one")
    two = csv(worker("p-malmo-dag-2", "2026-11-24T18:00", "2026-11-24T20:00"), source="two")
    await take(world, one)
    await take(world, two)
    at = local_instant("2026-11-24T19:00")
    assert {DAY_1, "p-malmo-dag-2"} <= await there(world, at)
    await take(world, csv(source="one"))
    assert DAY_1 not in await there(world, at)
    assert "p-malmo-dag-2" in await there(world, at)


async def test_whoever_is_taken_off_in_mid_shift_is_no_longer_asked(world: World) -> None:
    """An import takes a person off while their doorbell rings: it goes to the next one at once."""
    c = await world.ask_for()
    asked = {offer.person for offer in c.pending}
    gone = next(iter(asked))
    rest = [worker(p, "2026-11-21T18:00", "2026-11-22T03:00") for p in {EVENING_1, EVENING_2} - asked]
    await take(world, csv(*rest))
    after = await world.latest()
    assert next(o for o in after.offers if o.person == gone).outcome is Outcome.WITHDRAWN
    assert gone not in {offer.person for offer in after.pending}
    assert after.state in (State.OFFERED, State.PHONED)
    await holds(world)


async def test_a_preview_changes_nothing_and_says_what_the_import_does(world: World) -> None:
    """The same answer before and after it is done, and in between not one entry on the ledger."""
    given = csv(
        worker(EVENING_1, "2026-11-21T16:30", "2026-11-22T01:00"),
        worker(DAY_1, "2026-11-24T08:00", "2026-11-24T16:30"),
    )
    size = await world.deps.store.read(lambda tx: tx.ledger.size(MALMO))
    foreseen = await world.deps.store.read(lambda tx: preview(tx, world.deps, given))
    assert await world.deps.store.read(lambda tx: tx.ledger.size(MALMO)) == size
    assert await take(world, given) == foreseen
    done = await world.deps.store.read(lambda tx: tx.ledger.size(MALMO))
    assert done > size
    assert not (await take(world, given)).people
    assert await world.deps.store.read(lambda tx: tx.ledger.size(MALMO)) == done


async def test_one_bad_line_keeps_the_last_good_roster(world: World) -> None:
    """An unknown person, a foreign zone, a page: duty goes on by what was good last."""
    before = await there(world, world.clock.now())
    page = Given(organisation=MALMO, source="demo", format=Format.ICS, data=b"<html>Logga in</html>")
    nobody = ics(
        (DAY_1, "20261124T080000", "20261124T160000"), ("p-nobody", "20261125T080000", "20261125T160000")
    )
    for given in (page, nobody, csv("p-malmo-dag-1,malmo")):
        with pytest.raises(BadInput):
            await take(world, given)
    assert await there(world, world.clock.now()) == before
    assert PersonId(EVENING_1) in before
