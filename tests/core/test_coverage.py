"""Gaps by area and need: against the matching minute by minute, and the ones that were planted by name."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.chain import applicable, candidates
from bot.core.coverage import NeedGap, gaps_by_need, stretches
from bot.core.hours import holds, local_day, local_instant
from bot.core.ids import AreaId, DistrictId, OrganisationId, PersonId
from bot.core.matching import workers
from bot.core.organisation_file import read_structure
from bot.core.people import Vetting, VettingState
from bot.core.people_file import PeopleFile, read_people
from bot.core.places import Place, Structure
from bot.core.request import Matter, Need, Request, Urgency
from bot.core.roster import Roster, on_duty, roster
from bot.core.weekly import expand

ROOT = Path(__file__).parents[2]
FILES = {str(path): path.read_text("utf-8") for path in (ROOT / "policies/organisations").glob("*.yaml")}
MALMO, FARSTA = OrganisationId("malmo"), OrganisationId("farsta")
FIRST, LAST = local_instant("2026-11-28T12:00"), local_instant("2026-11-29T12:00")


@dataclass(frozen=True, kw_only=True)
class Demo:
    structure: Structure
    people: PeopleFile

    def known(self, *without: str) -> Roster:
        rules = [rule for rule in self.people.weekly if rule.id not in without]
        return roster(expand(rules, first=date(2026, 11, 20), last=date(2026, 12, 31)))


@pytest.fixture(scope="module")
def demo() -> Demo:
    people = read_people("demo.yaml", (ROOT / "policies/demo.yaml").read_text("utf-8"))
    return Demo(structure=read_structure(FILES), people=people)


def slow(demo: Demo, name: OrganisationId, known: Roster, at: datetime) -> set[tuple[AreaId | None, Need]]:
    """What nobody could be asked for at one minute: each need by itself, with nothing remembered."""
    board, day = demo.structure.organisations[name], local_day(at)
    there = workers(demo.people.people, on_duty(known, at), {})
    found = set[tuple[AreaId | None, Need]]()
    areas: list[AreaId | None] = [a.id for a in board.areas if holds(day, a.valid_from, a.valid_to)]
    for area in areas or [None]:
        place = Place(organisation=board, area=area)
        for need in Need:
            request = Request(
                officer=PersonId("p"),
                district=DistrictId("d"),
                matter=Matter.OTHER,
                need=need,
                urgency=Urgency.NOW,
                at=at,
            )
            asked = (s for s in applicable(place, request, at) if not s.after_jour)
            if not any(candidates(place, step, request, there, at, ()) for step in asked):
                found.add((area, need))
    return found


def covers(gaps: tuple[NeedGap, ...], at: datetime) -> set[tuple[AreaId | None, Need]]:
    return {(gap.area, gap.need) for gap in gaps if gap.starts <= at < gap.ends}


def test_the_demo_has_no_gap_in_a_month(demo: Demo) -> None:
    """The jours carry every need of every organisation that is asked."""
    start = local_instant("2026-11-23T17:00")
    for board in demo.structure.organisations.values():
        if holds(date(2026, 11, 24), board.valid_from, board.valid_to):
            known = demo.known()
            assert gaps_by_need(board, demo.people.people, known, start, start + timedelta(days=30)) == ()


def test_without_the_nights_jour_every_need_is_told_from_its_first_minute(demo: Demo) -> None:
    """Until three the evening duty can advise but not decide; from three on there is nobody for anything."""
    known = demo.known("sj-malmo-3", "sj-malmo-4")
    board = demo.structure.organisations[MALMO]
    found = gaps_by_need(board, demo.people.people, known, FIRST, LAST)
    times = {gap.need: (gap.starts, gap.ends) for gap in found}
    end = local_instant("2026-11-29T08:00")
    assert set(times) == set(Need)
    assert times[Need.ADVICE] == (local_instant("2026-11-29T03:00"), end)
    assert times[Need.DECISION] == (local_instant("2026-11-28T20:00"), end)
    told = stretches(found)
    assert [one.needs for one in told][:1] == [(Need.DECISION,)]
    assert {need for one in told for need in one.needs} == set(Need)


def test_outreach_fills_no_gap(demo: Demo) -> None:
    """Ungdomsfält is asked when the jour was tried in vain: where there is no jour it is never reached."""
    board = demo.structure.organisations[MALMO]
    outreach = replace(
        board, steps=tuple(s for s in board.steps if s.after_jour or "jour" in {r.value for r in s.roles})
    )
    known = demo.known("sj-malmo-3", "sj-malmo-4")
    found = gaps_by_need(outreach, demo.people.people, known, FIRST, LAST)
    assert Need.PRESENCE in {gap.need for gap in found if gap.starts < local_instant("2026-11-28T23:00")}


def test_who_may_not_be_asked_covers_nothing(demo: Demo) -> None:
    """A jour whose vetting is pending leaves the gap that their absence would."""
    pending = Vetting(state=VettingState.PENDING, since=date(2026, 1, 1))
    night = {"p-sj-malmo-3", "p-sj-malmo-4"}
    people = [replace(p, vetting=pending) if p.id in night else p for p in demo.people.people]
    board = demo.structure.organisations[MALMO]
    unvetted = gaps_by_need(board, people, demo.known(), FIRST, LAST)
    gone = demo.known("sj-malmo-3", "sj-malmo-4")
    assert unvetted == gaps_by_need(board, demo.people.people, gone, FIRST, LAST) != ()


@pytest.mark.parametrize("name", [MALMO, FARSTA, OrganisationId("socialjour-malmo")])
def test_every_minute_is_a_gap_exactly_where_nobody_could_be_asked(demo: Demo, name: OrganisationId) -> None:
    """Against the matching at each quarter of a day with a jour that is gone at night, and a moment off each."""
    known = demo.known("sj-malmo-3", "sj-malmo-4", "sj-sthlm-3", "sj-sthlm-4")
    board = demo.structure.organisations[name]
    found = gaps_by_need(board, demo.people.people, known, FIRST, LAST)
    for quarter in range(96):
        for at in (FIRST + timedelta(minutes=15 * quarter), FIRST + timedelta(minutes=15 * quarter + 14)):
            assert covers(found, at) == slow(demo, name, known, at), at


def test_an_organisation_without_a_chain_has_no_gaps(demo: Demo) -> None:
    """The police are not asked: nobody is missing there."""
    police = demo.structure.organisations[OrganisationId("polisen")]
    assert gaps_by_need(police, demo.people.people, demo.known(), FIRST, LAST) == ()
