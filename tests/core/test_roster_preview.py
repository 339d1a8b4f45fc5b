"""What an import changes: the past is untouched, the same again changes nothing, nobody is booked twice unseen."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.hours import local_instant
from bot.core.ids import OrganisationId, PersonId
from bot.core.people import Role
from bot.core.rest import short_rests
from bot.core.roster import Listed, Shift, ShiftId, booked_twice, name_of, on_duty, roster
from bot.core.roster_files import Written
from bot.core.roster_preview import again, ahead, clashes, compare, history, preview_to_dict

MALMO, FARSTA = OrganisationId("malmo"), OrganisationId("farsta")
ANN, BO = PersonId("p-1"), PersonId("p-2")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def shift(id_: str, starts: float, ends: float, person: PersonId = ANN) -> Shift:
    """From and until so many hours from now."""
    return Shift(
        id=ShiftId(id_),
        person=person,
        organisations=(MALMO,),
        role=Role.JOUR,
        starts=NOW + starts * HOUR,
        ends=NOW + ends * HOUR,
        source="file",
    )


def written(*shifts: Shift) -> list[Written]:
    return [Written(place=f"line {n}", shift=one) for n, one in enumerate(shifts, start=2)]


def test_what_is_added_moved_removed_and_breaks_off_is_told() -> None:
    """One shift of each kind; what is under way and loses its person is told beside."""
    old = [shift("under way", -4, 4), shift("moved", 10, 18), shift("stays", 30, 38), shift("gone", 300, 308)]
    new = [replace(old[1], starts=NOW + 12 * HOUR), old[2], shift("new", 50, 58, BO)]
    found = compare(old, new, NOW, [])
    assert [one.id for one in found.added] == ["new"]
    assert [(one.before.starts, one.after.starts) for one in found.moved] == [
        (NOW + 10 * HOUR, NOW + 12 * HOUR)
    ]
    assert {one.id for one in found.removed} == {"under way", "gone"}
    assert [one.id for one in found.running] == ["under way"]
    assert found.unchanged == 1
    assert found.people == {ANN, BO}
    assert set(preview_to_dict(found)) == {
        *("added", "moved", "removed", "running", "unchanged", "short_rest", "void", "faults")
    }


def test_calendars_that_name_everything_anew_change_nothing() -> None:
    """A calendar whose UIDs are new with every export: a person's duty of that day is the duty it was."""
    old = [shift("a", 10, 18), shift("b", 34, 42), shift("c", 10, 18, BO)]
    new = [replace(one, id=ShiftId(f"{one.id} again")) for one in old]
    found = compare(old, new, NOW, [])
    assert (found.added, found.removed, found.moved, found.unchanged) == ((), (), (), 3)
    later = [replace(new[0], starts=new[0].starts + HOUR), *new[1:]]
    assert len(compare(old, later, NOW, []).moved) == 1


def test_another_person_in_the_same_shift_is_told_as_moved() -> None:
    """Somebody takes over in the calendar: the same shift, with another name; who has it now goes off duty."""
    old = [shift("a", -1, 8)]
    found = compare(old, [replace(old[0], person=BO)], NOW, [])
    assert [(one.before.person, one.after.person) for one in found.moved] == [(ANN, BO)]
    assert found.running == tuple(old)


def test_a_duty_that_breaks_off_was_a_duty_until_now() -> None:
    """Whoever was on duty this morning was on duty this morning, whatever the file says in the afternoon."""
    old = [shift("a", -4, 4), shift("b", -4, 4, BO)]
    new = [replace(old[1], ends=NOW + 2 * HOUR)]  # the other is only cut at its end
    kept = history(old, new, NOW)
    assert [(one.person, one.starts, one.ends) for one in kept] == [(ANN, NOW - 4 * HOUR, NOW)]
    assert name_of(kept[0]) == "a"
    known = roster([*kept, *new])
    assert {ANN, BO} == set(on_duty(known, NOW - HOUR).present)
    assert {BO} == set(on_duty(known, NOW).present)
    assert history(old, old, NOW) == ()


def test_an_id_used_again_keeps_its_name() -> None:
    """However often an id is used again, its name is the same, and two ends make two ids."""
    once = again(ShiftId("ics:abc"), NOW)
    twice = again(once, NOW + HOUR)
    assert once != twice
    assert name_of(replace(shift("x", 1, 2), id=twice)) == "ics:abc"
    assert name_of(shift("p~1:20261123T120000Z", 1, 2)) == "p~1:20261123T120000Z"


def test_booked_twice_is_judged_over_all_rosters_and_organisations() -> None:
    """Another file of the same organisation, and another organisation's roster: refused, with both places."""
    coming = written(shift("a", 10, 18), shift("b", 20, 28), shift("c", 30, 38, BO))
    others = [
        Listed(organisation=FARSTA, source="weekly", shift=shift("x", 17, 19)),
        Listed(organisation=MALMO, source="csv", shift=shift("y", 28, 30)),
        Listed(organisation=MALMO, source="csv", shift=shift("z", -40, 31, BO)),
    ]
    assert list(clashes(coming, others, NOW)) == [
        "line 2: the person is on duty already, by the roster weekly of farsta",
        "line 4: the person is on duty already, by the roster csv of malmo",
    ]


def test_what_has_ended_books_nobody() -> None:
    """Two shifts that overlap in the past alone are history: no import fails for them."""
    others = [Listed(organisation=FARSTA, source="weekly", shift=shift("x", -8, -1))]
    assert list(clashes(written(shift("a", -4, 4)), others, NOW)) == []


def test_short_rest_is_told_and_two_shifts_that_meet_are_one() -> None:
    """Ten hours between is short, eleven is not; a duty cut at midnight has no rest in it."""
    shifts = [
        shift("a", 0, 8),
        shift("b", 8, 16),
        shift("c", 26, 30),
        shift("d", 41, 49),
        shift("e", 27, 28, BO),
    ]
    (rest,) = short_rests(shifts)
    assert (rest.person, rest.begins, rest.ends) == (ANN, NOW + 16 * HOUR, NOW + 26 * HOUR)
    late = compare([], [shift("b", 12, 20)], NOW, [shift("other roster", 0, 8)])
    assert [one.ends for one in late.short_rest] == [NOW + 12 * HOUR]


def test_rest_is_counted_in_hours_when_the_clocks_change() -> None:
    """22:00 to 08:30 is ten and a half hours by the clock and eleven and a half in the long night."""
    evening = shift("a", 0, 1)
    before = replace(
        evening, starts=local_instant("2026-10-24T14:00"), ends=local_instant("2026-10-24T22:00")
    )
    after = replace(evening, starts=local_instant("2026-10-25T08:30"), ends=local_instant("2026-10-25T16:00"))
    assert short_rests([before, after]) == ()


drawn = st.lists(
    st.builds(
        lambda n, person, at, length: shift(f"s{n}", at, at + length, person),
        st.integers(0, 30),
        st.sampled_from([ANN, BO]),
        st.integers(-80, 80),
        st.integers(1, 70),
    ),
    max_size=12,
    unique_by=lambda one: one.id,
)


def taken(stored: Sequence[Shift], file: Sequence[Shift]) -> list[Shift]:
    """What a source says after an import, by the rules of the import and of the store."""
    old, new = ahead(stored, NOW), ahead(file, NOW)
    past = [one for one in stored if one.ends <= NOW]
    if not compare(old, new, NOW, []).people:
        return list(stored)
    ended = {one.id for one in past}
    coming = [*history(old, new, NOW), *new]
    return [*past, *(replace(one, id=again(one.id, one.ends)) if one.id in ended else one for one in coming)]


@given(drawn, drawn)
def test_an_import_leaves_the_past_and_says_the_rest(stored: list[Shift], file: list[Shift]) -> None:
    """For all rosters: who was on duty at any earlier instant still was; from now on the file alone decides."""
    after = taken(stored, file)
    assert len({one.id for one in after}) == len(after)
    before_now = [NOW - (hours + 0.5) * HOUR for hours in range(80)]
    was, will = roster(stored), roster(after)
    for minute in before_now:
        assert set(on_duty(was, minute).present) <= set(on_duty(will, minute).present)
    meant = roster(file)
    for minute in (NOW + hours * HOUR for hours in range(80)):
        assert set(on_duty(meant, minute).present) == set(on_duty(will, minute).present)


@given(drawn, drawn)
def test_the_same_import_again_changes_nothing(stored: list[Shift], file: list[Shift]) -> None:
    """For all rosters: import(import(x)) is import(x)."""
    once = taken(stored, file)
    assert taken(once, file) == once


@given(drawn, drawn)
def test_two_rosters_that_are_taken_book_nobody_twice(one: list[Shift], other: list[Shift]) -> None:
    """For all pairs of rosters: refused exactly where somebody would be on duty twice from now on, in either order."""
    sound = [s for s in one if not any(s in pair for pair in booked_twice(one))]
    rest = [s for s in other if not any(s in pair for pair in booked_twice(other))]
    ahead_one, ahead_two = ahead(sound, NOW), ahead(rest, NOW)
    double = any(
        a.person == b.person and min(a.ends, b.ends) > max(a.starts, b.starts, NOW)
        for a in ahead_one
        for b in ahead_two
    )
    for first, second in ((ahead_one, ahead_two), (ahead_two, ahead_one)):
        listed = [Listed(organisation=FARSTA, source="other", shift=s) for s in first]
        assert bool(list(clashes(written(*second), listed, NOW))) is double
