"""Every minute has an answer: the walk over edges against a slow one over minutes, and planted gaps by name."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.chain import applicable
from bot.core.errors import BadInput
from bot.core.every_minute import silences
from bot.core.hours import (
    ALWAYS,
    OpeningHours,
    Span,
    day_minute,
    holds,
    is_open,
    local_day,
    parse_hours,
    stamp,
)
from bot.core.ids import DistrictId, OrganisationId, PersonId
from bot.core.organisation_file import read_structure
from bot.core.people import Role
from bot.core.places import Kind, Structure, districts_at, numbers_at, place_of
from bot.core.request import Matter, Need, Request, Urgency

ROOT = Path(__file__).parents[2]
FILES = {str(path): path.read_text("utf-8") for path in (ROOT / "policies/organisations").glob("*.yaml")}
MALMO, JOUR = OrganisationId("malmo"), OrganisationId("socialjour-malmo")
SAMPLE = (date(2026, 3, 29), date(2026, 10, 25), date(2028, 2, 29), date(2026, 12, 24))


@pytest.fixture(scope="module")
def structure() -> Structure:
    return read_structure(FILES)


def slow(structure: Structure, first: date, last: date) -> list[str]:
    """Minute by minute: a place that exists, a number that is answered, and a jour to ask."""
    found = dict[DistrictId, str]()
    at, end = day_minute(first, 0), day_minute(last, 0)
    while at < end:
        for district in districts_at(structure, at):
            if district.id not in found and not _answered(structure, district.id, at):
                found[district.id] = f"{stamp(at)} {district.id}"
        at += timedelta(minutes=1)
    return [found[name] for name in structure.districts if name in found]


def _answered(structure: Structure, district: DistrictId, at: datetime) -> bool:
    try:
        place = place_of(structure, district, at)
    except BadInput:
        return False
    board, day = place.organisation, local_day(at)
    alive = {o.id for o in structure.organisations.values() if holds(day, o.valid_from, o.valid_to)}
    areas = [a for a in board.areas if a.id == place.area and holds(day, a.valid_from, a.valid_to)]
    if board.id not in alive or not areas or not any(is_open(n.hours, at) for n in numbers_at(board, at)):
        return False
    if board.kind is Kind.POLICE:
        return True
    request = Request(
        officer=PersonId("p"),
        district=district,
        matter=Matter.OTHER,
        need=Need.ADVICE,
        urgency=Urgency.NOW,
        at=at,
    )
    return any(
        alive & set(step.organisations or (board.id,))
        for step in applicable(place, request, at)
        if not step.after_jour and Role.JOUR in step.roles
    )


def with_hours(structure: Structure, name: OrganisationId, hours: OpeningHours) -> Structure:
    """Every number of one organisation is answered at these hours alone."""
    own = structure.organisations[name]
    return changed(structure, name, numbers=tuple(replace(n, hours=hours) for n in own.numbers))


def changed(structure: Structure, name: OrganisationId, **fields: object) -> Structure:
    own = replace(structure.organisations[name], **fields)  # type: ignore[arg-type]  # by name
    areas = {a.id: (own, a) for a in own.areas}
    return replace(
        structure,
        organisations={**structure.organisations, name: own},
        areas={**structure.areas, **areas},
    )


def told(structure: Structure, first: date = date(2026, 1, 1), last: date = date(2028, 1, 1)) -> list[str]:
    return list(silences(structure, first, last))


def test_every_minute_of_two_years_has_an_answer(structure: Structure) -> None:
    """The organisations that are served leave no minute of 2026 and 2027 without board, number and chain."""
    assert told(structure) == []


def test_a_number_that_rests_on_christmas_eve_is_named_by_its_first_minute(structure: Structure) -> None:
    """The first silent minute stands there, and why; once for each lokalpolisområde."""
    eve = {date(2026, 12, 24): (Span(opens=0, closes=120), Span(opens=180, closes=1440))}
    planted = with_hours(structure, MALMO, replace(ALWAYS, overrides=eve))
    assert told(planted) == [
        f"2026-12-24 02:00 {district}: malmo: no number is answered"
        for district in ("lpo-malmo-norr", "lpo-malmo-soder")
    ]


def test_the_hour_that_does_not_exist_needs_no_answer(structure: Structure) -> None:
    """Silence from two to three is none on the night when that hour is left out, and is one in every other."""
    gap = (Span(opens=0, closes=120), Span(opens=180, closes=1440))
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    for day, silent in ((spring, []), (autumn, [f"2026-10-25 02:00 {MALMO}"])):
        planted = with_hours(structure, MALMO, replace(ALWAYS, overrides={day: gap}))
        found = told(planted, day, day + timedelta(days=1))
        assert [line.replace("lpo-malmo-norr: ", "").split(":")[:2] for line in found[:1]] == [
            line.split(":") for line in silent
        ]


def test_a_jour_that_ends_leaves_a_chain_without_one(structure: Structure) -> None:
    """A step that asks people of an organisation which is no more asks nobody, also where the file still names it."""
    planted = changed(structure, JOUR, valid_to=date(2027, 3, 1))
    first = told(planted)[0]
    assert first.startswith("2027-03-01 00:00 lpo-malmo-1: malmo: the chain asks no jour for ")


def test_a_board_that_ends_before_its_ground_is_named(structure: Structure) -> None:
    """A lokalpolisområde whose board or area is gone has no answer from that midnight on."""
    gone = changed(structure, MALMO, valid_to=date(2026, 7, 1))
    assert told(gone)[0] == "2026-07-01 00:00 lpo-malmo-norr: malmo does not exist"
    own = structure.organisations[MALMO]
    ended = changed(structure, MALMO, areas=tuple(replace(a, valid_to=date(2026, 7, 1)) for a in own.areas))
    assert told(ended)[0].startswith("2026-07-01 00:00 lpo-malmo-norr: ")
    assert told(ended)[0].endswith(" does not exist")


def test_a_day_between_two_maps_is_named(structure: Structure) -> None:
    """A lokalpolisområde that belongs to nobody on one day is named by that midnight."""
    district = DistrictId("lpo-malmo-norr")
    late = tuple(replace(m, valid_from=date(2026, 5, 2)) for m in structure.mappings[district])
    planted = replace(structure, mappings={**structure.mappings, district: late})
    assert told(planted, date(2026, 5, 1)) == ["2026-05-01 00:00 lpo-malmo-norr: belongs to no area"]


def test_a_need_that_no_step_takes_is_named(structure: Structure) -> None:
    """The chain must ask somebody for everything one can need, not only for advice."""
    own = structure.organisations[MALMO]
    narrow = tuple(replace(step, needs=(Need.ADVICE,)) for step in own.steps)
    found = told(changed(structure, MALMO, steps=narrow), date(2026, 1, 1), date(2026, 1, 2))
    assert found[0] == "2026-01-01 00:00 lpo-malmo-norr: malmo: the chain asks no jour for consult (child)"


@pytest.mark.parametrize("day", SAMPLE)
def test_the_walk_over_edges_finds_what_a_walk_over_minutes_finds(structure: Structure, day: date) -> None:
    """Both changes of clocks, a leap day and a holiday: with hours that leave gaps, the same minute is named."""
    hours = parse_hours({"weekly": {"daily": ["00:00-02:00", "03:00-16:30"]}, "holidays": ["06:00-24:00"]})
    planted = with_hours(structure, MALMO, hours)
    found = [line.partition(": ")[0] for line in told(planted, day, day + timedelta(days=1))]
    assert found == slow(planted, day, day + timedelta(days=1))


@st.composite
def some_hours(draw: st.DrawFn) -> OpeningHours:
    """A week of hours at quarters, away from the hour that clocks change."""
    quarters = st.sampled_from([q * 15 for q in range(97) if not 120 < q * 15 < 180])
    week = []
    for _ in range(7):
        cuts = sorted(draw(st.sets(quarters, max_size=4)))
        week.append(tuple(Span(opens=a, closes=b) for a, b in zip(cuts[::2], cuts[1::2], strict=False)))
    return OpeningHours(weekly=tuple(week), on_holiday=draw(st.sampled_from([None, ALWAYS.weekly[0], ()])))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    hours=some_hours(), office=some_hours(), start=st.sampled_from([date(2026, 3, 28), date(2026, 10, 24)])
)
def test_whatever_the_hours_are_the_first_minute_is_the_same(
    structure: Structure, hours: OpeningHours, office: OpeningHours, start: date
) -> None:
    """Generated hours of numbers and of the office: the walk over edges never differs from the slow one."""
    mine = replace(structure, districts={k: v for k, v in structure.districts.items() if v.region == "malmo"})
    planted = changed(with_hours(mine, MALMO, hours), MALMO, hours=office)
    end = start + timedelta(days=2)
    found = [line.partition(": ")[0] for line in told(planted, start, end)]
    assert found == slow(planted, start, end)


def test_no_answer_is_owed_outside_the_days_of_a_lokalpolisomrade(structure: Structure) -> None:
    """A lokalpolisområde that begins in 2027 needs no board in 2026."""
    assert not [line for line in told(structure) if "lpo-malmo-1" in line]
