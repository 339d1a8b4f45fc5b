import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import BadInput
from bot.core.hours import local_instant
from bot.core.ids import AreaId, OrganisationId, PersonId
from bot.core.people import Role
from bot.core.roster import (
    Duty,
    Override,
    OverrideId,
    Shift,
    ShiftId,
    booked_twice,
    edges,
    on_duty,
    override_from_dict,
    override_to_dict,
    roster,
    shift_from_dict,
    shift_to_dict,
    shifts_at,
)
from bot.core.weekly import OnHoliday, WeeklyRule, expand

MALMO, FARSTA = OrganisationId("malmo"), OrganisationId("farsta")
ANN, BO = PersonId("p-1"), PersonId("p-2")
BASE = datetime(2026, 10, 24, 12, tzinfo=UTC)


def at(text: str) -> datetime:
    return local_instant(text)


def shift(starts: str, ends: str, person: PersonId = ANN, role: Role = Role.SOCIAL_WORKER) -> Shift:
    return Shift(
        id=ShiftId(f"{person}/{starts}"),
        person=person,
        organisations=(MALMO,),
        role=role,
        starts=at(starts),
        ends=at(ends),
        areas=(AreaId("malmo"),),
    )


def pressed(
    starts: str,
    ends: str,
    *,
    on: bool,
    made: str = "2026-11-01T12:00",
    role: Role | None = None,
    organisations: tuple[OrganisationId, ...] = (),
) -> Override:
    return Override(
        id=OverrideId(f"{made}/{starts}"),
        person=ANN,
        on_duty=on,
        starts=at(starts),
        ends=at(ends),
        by=ANN,
        made=at(made),
        role=role,
        organisations=organisations,
    )


def rule(starts: time, ends: time, days: tuple[int, ...] = tuple(range(7)), **changes: object) -> WeeklyRule:
    given: dict[str, object] = {
        "id": "r",
        "person": ANN,
        "organisations": (MALMO,),
        "role": Role.JOUR,
        "valid_from": date(2020, 1, 1),
    }
    return WeeklyRule(days=days, starts=starts, ends=ends, **(given | changes))  # type: ignore[arg-type]  # by name


@pytest.mark.parametrize(
    ("night", "hours"), [("2026-10-24", 10), ("2027-03-27", 8), ("2026-11-24", 9), ("2026-10-25", 9)]
)
def test_a_night_over_a_change_of_clocks_is_an_hour_longer_or_shorter(night: str, hours: int) -> None:
    """22:00 to 07:00 by the wall clock: 10 hours into 2026-10-25, 8 into 2027-03-28, else 9."""
    day = date.fromisoformat(night)
    (found,) = expand([rule(time(22), time(7))], first=day, last=day)
    assert found.ends - found.starts == timedelta(hours=hours)


def test_somebody_is_on_duty_in_the_last_hour_of_the_long_night_and_in_both_half_past_twos() -> None:
    """The doubled hour and the end of that night belong to the night's shift."""
    known = roster(expand([rule(time(22), time(7))], first=date(2026, 10, 24), last=date(2026, 10, 24)))
    for minute in ("2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00", "2026-10-25T06:59"):
        assert ANN in on_duty(known, at(minute)).present
    assert ANN not in on_duty(known, at("2026-10-25T07:00")).present


def test_shifts_that_meet_leave_no_minute_and_share_none() -> None:
    """A duty holds from its start until before its end, over every change of clocks of two years."""
    rules = [rule(time(8), time(20), id="a"), rule(time(20), time(8), id="b", person=BO)]
    shifts = expand(rules, first=date(2025, 12, 31), last=date(2027, 12, 31))
    for before, after in pairwise(shifts):
        assert before.ends == after.starts


def test_a_rule_works_its_weekdays_within_its_days_and_rests_on_holidays_if_told() -> None:
    """Farsta's one day a week; a merger's first day; an office duty on Christmas Eve."""
    tuesdays = expand([rule(time(8), time(16), days=(1,))], first=date(2026, 11, 1), last=date(2026, 11, 30))
    assert [found.starts.day for found in tuesdays] == [3, 10, 17, 24]
    ending = rule(time(8), time(16), valid_from=date(2023, 6, 29), valid_to=date(2023, 7, 1))
    days = [found.starts.day for found in expand([ending], first=date(2023, 6, 1), last=date(2023, 7, 31))]
    assert days == [29, 30]
    before, after = date(2026, 12, 23), date(2026, 12, 28)
    resting = rule(time(8), time(16), days=(0, 1, 2, 3, 4), on_holiday=OnHoliday.REST)
    assert [found.starts.day for found in expand([resting], first=before, last=after)] == [23, 28]
    assert len(expand([rule(time(8), time(16))], first=before, last=after)) == 6


def test_expanding_twice_gives_the_same_shifts() -> None:
    """Ids follow from the rule and the day, so that doing it again changes nothing."""
    twice = [expand([rule(time(22), time(7))], first=date(2026, 11, 1), last=date(2026, 11, 9)) for _ in "ab"]
    assert twice[0] == twice[1]
    assert len({found.id for found in twice[0]}) == 9


def test_going_off_duty_takes_every_duty_until_it_ends() -> None:
    """Sick now: nobody waits for somebody who went home."""
    known = roster(
        [shift("2026-11-24T16:00", "2026-11-25T01:00")],
        [pressed("2026-11-24T18:00", "2026-11-24T22:00", on=False)],
    )
    assert ANN in on_duty(known, at("2026-11-24T17:59")).present
    away = on_duty(known, at("2026-11-24T18:00"))
    assert ANN not in away.present
    assert away.away == {ANN: at("2026-11-24T22:00")}
    assert ANN in on_duty(known, at("2026-11-24T22:00")).present


def test_going_on_duty_unrostered_is_a_duty_of_its_own() -> None:
    """A worker who steps in is asked, in the role and for the organisation they named, until they said."""
    step_in = pressed(
        "2026-11-24T18:00", "2026-11-24T22:00", on=True, role=Role.SOCIAL_WORKER, organisations=(MALMO,)
    )
    (duty,) = on_duty(roster([], [step_in]), at("2026-11-24T19:00")).present[ANN]
    assert duty == Duty(
        person=ANN,
        role=Role.SOCIAL_WORKER,
        organisations=(MALMO,),
        areas=(),
        until=at("2026-11-24T22:00"),
        pressed=True,
    )


def test_of_two_overrides_the_one_made_later_wins() -> None:
    """Off and then back on again gives the shift back; on and then off takes it; the order of rows is nothing."""
    shifts = [shift("2026-11-24T16:00", "2026-11-25T01:00")]
    off = pressed("2026-11-24T17:00", "2026-11-25T01:00", on=False, made="2026-11-24T17:00")
    back = pressed("2026-11-24T18:00", "2026-11-25T01:00", on=True, made="2026-11-24T18:00")
    minute = at("2026-11-24T19:00")
    for overrides in ([off, back], [back, off]):
        (duty,) = on_duty(roster(shifts, overrides), minute).present[ANN]
        assert not duty.pressed
        assert duty.until == at("2026-11-25T01:00")
    off_again = pressed("2026-11-24T17:00", "2026-11-25T01:00", on=False, made="2026-11-24T18:30")
    assert ANN not in on_duty(roster(shifts, [back, off_again]), minute).present


def test_going_off_for_one_organisation_or_role_leaves_the_rest() -> None:
    """Somebody shared between two boards can be off for one of them."""
    both = Shift(
        id=ShiftId("s"),
        person=ANN,
        organisations=(MALMO, FARSTA),
        role=Role.SOCIAL_WORKER,
        starts=at("2026-11-24T08:00"),
        ends=at("2026-11-24T16:00"),
    )
    span = ("2026-11-24T09:00", "2026-11-24T16:00")
    minute = at("2026-11-24T10:00")
    for_malmo = roster([both], [pressed(*span, on=False, organisations=(MALMO,))])
    (duty,) = on_duty(for_malmo, minute).present[ANN]
    assert duty.organisations == (FARSTA,)
    as_jour = roster([both], [pressed(*span, on=False, role=Role.JOUR)])
    assert on_duty(as_jour, minute).present[ANN][0].organisations == (MALMO, FARSTA)


spans = st.tuples(st.integers(0, 96), st.integers(1, 40))
shifts_drawn = st.lists(
    st.builds(
        lambda n, person, role, span: Shift(
            id=ShiftId(f"s{n}"),
            person=person,
            organisations=(MALMO, FARSTA),
            role=role,
            starts=BASE + timedelta(minutes=15 * span[0]),
            ends=BASE + timedelta(minutes=15 * (span[0] + span[1])),
        ),
        st.integers(0, 999),
        st.sampled_from([ANN, BO]),
        st.sampled_from([Role.JOUR, Role.SOCIAL_WORKER]),
        spans,
    ),
    max_size=6,
)


@st.composite
def overrides_drawn(draw: st.DrawFn) -> list[Override]:
    found = []
    for n in range(draw(st.integers(0, 5))):
        start, length = draw(spans)
        on = draw(st.booleans())
        role = draw(st.none() | st.sampled_from([Role.JOUR, Role.SOCIAL_WORKER]))
        names = draw(st.sampled_from([(MALMO,), (FARSTA,)])) if role and on else ()
        found.append(
            Override(
                id=OverrideId(f"o{n}"),
                person=draw(st.sampled_from([ANN, BO])),
                on_duty=on,
                starts=BASE + timedelta(minutes=15 * start),
                ends=BASE + timedelta(minutes=15 * (start + length)),
                by=BO,
                made=BASE + timedelta(minutes=draw(st.integers(0, 3))),
                role=role,
                organisations=names if on else draw(st.sampled_from([(), (MALMO,)])),
            )
        )
    return found


def slow_model(
    shifts: Sequence[Shift], overrides: Sequence[Override], minute: datetime
) -> set[tuple[str, str, str]]:
    """(person, role, organisation), by saying in words what a roster and presses mean, with no index."""
    rostered = {
        (s.person, s.role.value, name)
        for s in shifts
        if s.starts <= minute < s.ends
        for name in s.organisations
    }
    there, extra = set(rostered), set[tuple[str, str, str]]()
    for o in sorted(overrides, key=lambda o: (o.made, o.id)):
        if not o.starts <= minute < o.ends:
            continue
        if o.on_duty and o.role:
            extra |= {(o.person, o.role.value, name) for name in o.organisations}
        elif o.on_duty:
            there |= {one for one in rostered if one[0] == o.person}
        else:
            gone = {
                one
                for one in there | extra
                if one[0] == o.person
                and (o.role is None or one[1] == o.role)
                and (not o.organisations or one[2] in o.organisations)
            }
            there, extra = there - gone, extra - gone
    return there | extra


@settings(max_examples=150, deadline=None)
@given(shifts_drawn, overrides_drawn())
def test_who_is_on_duty_equals_the_slow_and_obvious_model(
    shifts: list[Shift], overrides: list[Override]
) -> None:
    """Every quarter of an hour around a change of clocks, indexed and obvious answers are the same set."""
    known = roster(shifts, overrides)
    for quarter in range(0, 140, 3):
        minute = BASE + timedelta(minutes=15 * quarter)
        attendance = on_duty(known, minute)
        found = {
            (person, duty.role.value, name)
            for person, duties in attendance.present.items()
            for duty in duties
            for name in duty.organisations
        }
        assert found == slow_model(shifts, overrides, minute)
        assert not set(attendance.away) & set(attendance.present)
        assert {s.id for s in shifts_at(known, minute)} == {
            s.id for s in shifts if s.starts <= minute < s.ends
        }


@settings(deadline=None)
@given(shifts_drawn, overrides_drawn())
def test_nothing_changes_between_two_edges(shifts: list[Shift], overrides: list[Override]) -> None:
    """The instants at which the answer can change are exactly those that are told."""
    known = roster(shifts, overrides)
    last = BASE + timedelta(days=3)
    turns = sorted(edges(known, BASE, last))
    every = {edge for one in shifts for edge in (one.starts, one.ends)}
    every |= {edge for one in overrides for edge in (one.starts, one.ends)}
    assert turns == sorted(edge for edge in every if BASE < edge < last)


def test_overlapping_shifts_of_one_person_are_found_also_behind_a_long_one() -> None:
    """Nobody is booked twice; two people may be on duty together."""
    long = shift("2026-11-24T08:00", "2026-11-24T20:00")
    short = shift("2026-11-24T09:00", "2026-11-24T10:00")
    later = shift("2026-11-24T19:00", "2026-11-24T21:00")
    after = shift("2026-11-24T21:00", "2026-11-24T23:00")
    other = shift("2026-11-24T08:00", "2026-11-24T20:00", person=BO)
    assert list(booked_twice([later, short, after, long, other])) == [(long, short), (long, later)]


def test_a_span_that_is_no_duty_is_refused() -> None:
    """Ends before it begins, lasts for days, or has no zone: not a shift."""
    with pytest.raises(BadInput):
        shift("2026-11-24T10:00", "2026-11-24T10:00")
    with pytest.raises(BadInput):
        shift("2026-11-24T10:00", "2026-11-28T10:00")
    with pytest.raises(BadInput):
        pressed("2026-11-24T10:00", "2028-11-24T10:00", on=False)
    with pytest.raises(BadInput):
        shift_from_dict(
            shift_to_dict(shift("2026-11-24T10:00", "2026-11-24T12:00")) | {"ends": "2026-11-24T12:00:00"}
        )


def test_going_on_duty_by_half_is_refused() -> None:
    """A duty of one's own has a role and an organisation."""
    with pytest.raises(BadInput):
        pressed("2026-11-24T10:00", "2026-11-24T12:00", on=True, role=Role.JOUR)
    with pytest.raises(BadInput):
        pressed("2026-11-24T10:00", "2026-11-24T12:00", on=True, organisations=(MALMO,))


def test_shifts_and_overrides_survive_rows_and_ledger_bodies() -> None:
    """What is kept as JSON comes back the same; what is not exactly that is refused without its content."""
    one = shift("2026-11-24T10:00", "2026-11-24T12:00")
    two = pressed("2026-11-24T10:00", "2026-11-24T12:00", on=True, role=Role.JOUR, organisations=(MALMO,))
    assert shift_from_dict(json.loads(json.dumps(shift_to_dict(one)))) == one
    assert override_from_dict(json.loads(json.dumps(override_to_dict(two)))) == two
    for wrong in ({"starts": "2026-11-24"}, {"role": "boss"}, {"secret": "content"}, {"person": 7}):
        with pytest.raises(BadInput) as refused:
            shift_from_dict(shift_to_dict(one) | wrong)
        assert "content" not in str(refused.value)
