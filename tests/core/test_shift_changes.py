"""Changes by people: nobody twice on duty, coverage never grown by somebody not posted, each refusal said."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest

from bot.core.booking import Book, Refusal, Refused
from bot.core.errors import BadInput
from bot.core.ids import PersonId
from bot.core.people import Role, VettingState
from bot.core.roster import (
    Cause,
    Override,
    OverrideId,
    key_of,
    on_duty,
    override_from_dict,
    override_to_dict,
    roster,
    shift_from_dict,
    shift_to_dict,
)
from bot.core.shift_changes import (
    Change,
    assign,
    drop,
    drop_now,
    give_back,
    swap,
    take_off,
    take_over,
)
from tests.core.shift_cast import (
    ANN,
    BO,
    BROMMA,
    CHIEF,
    CIA,
    DAN,
    FARSTA,
    NORTH,
    SOUTH,
    at,
    book,
    person,
    posting,
    shift,
    span,
    stamp,
)

EVENING = shift("kvall", ANN, "23T16:00", "24T01:00")
NEXT = shift("kvall-2", BO, "24T16:00", "25T01:00")


def kept(known: Book, change: Change, now: str = "") -> Book:
    """The book once the change has been kept."""
    later = at(now) if now else known.now
    return replace(known, now=later, overrides=(*known.overrides, *change.overrides))


def there(known: Book, minute: str) -> set[PersonId]:
    """Who is on duty at a minute."""
    return set(on_duty(roster(known.shifts, known.overrides), at(minute)).present)


def refused(act: Callable[[], Change]) -> Refusal:
    """Why it was refused."""
    with pytest.raises(Refused) as error:
        act()
    return error.value.why


def test_whoever_takes_over_is_on_duty_in_the_others_place() -> None:
    """One goes, one comes, in the same instant, in the shift's role, boards and areas."""
    known = book("23T12:00", [EVENING])
    after = kept(known, take_over(known, span(EVENING), BO, stamp()))
    assert there(after, "23T15:59") == set()
    assert there(after, "23T16:00") == {BO} == there(after, "24T00:59")
    assert there(after, "24T01:00") == set()
    (duty,) = on_duty(roster(after.shifts, after.overrides), at("23T20:00")).present[BO]
    assert (duty.role, duty.organisations, duty.until, duty.pressed) == (
        Role.SOCIAL_WORKER,
        (FARSTA,),
        EVENING.ends,
        False,
    )


def test_a_part_of_a_shift_is_taken_and_the_rest_stays() -> None:
    """Partial shifts: until when each is on duty is told with the change in sight."""
    known = book("23T12:00", [EVENING])
    after = kept(known, take_over(known, span(EVENING, "23T18:00", "23T22:00"), BO, stamp()))
    assert [there(after, minute) for minute in ("23T17:59", "23T18:00", "23T21:59", "23T22:00")] == [
        {ANN},
        {BO},
        {BO},
        {ANN},
    ]
    early = on_duty(roster(after.shifts, after.overrides), at("23T17:00"))
    assert early.present[ANN][0].until == at("23T18:00")


def test_taking_over_in_mid_shift_leaves_what_has_passed() -> None:
    """History is not rewritten: who was on duty until now was."""
    known = book("23T19:00", [EVENING])
    after = kept(known, take_over(known, span(EVENING), BO, stamp()))
    assert there(after, "23T18:59") == {ANN}
    assert there(after, "23T19:00") == {BO}


def test_somebody_in_hospital_is_relieved_by_the_coordinator() -> None:
    """OC#4538: a shift is taken from somebody who cannot press anything; the record names who did it."""
    known = book("23T12:00", [EVENING])
    change = take_over(known, span(EVENING), BO, stamp(by=CHIEF, cause=Cause.ASSIGNED), giver=ANN)
    assert [(o.person, o.by, o.cause) for o in change.overrides] == [(BO, CHIEF, Cause.ASSIGNED)]


def test_what_was_taken_is_given_back() -> None:
    """OC#5131: un-take; the shift is of whom it was before, as if nothing had happened."""
    known = book("23T12:00", [EVENING])
    taken = kept(known, take_over(known, span(EVENING), BO, stamp("o1")), "23T13:00")
    back = kept(taken, give_back(taken, span(EVENING), BO, stamp("o2", BO, Cause.GIVEN_BACK)))
    assert there(back, "23T20:00") == {ANN}
    assert refused(lambda: give_back(back, span(EVENING), ANN, stamp("o3"))) is Refusal.NOT_TAKEN


def test_a_manager_swaps_for_others() -> None:
    """OC#3132, OC#3106: the coordinator swaps two people's shifts; both halves, or none."""
    known = book("22T12:00", [EVENING, NEXT])
    change = swap(known, span(EVENING), span(NEXT), stamp("o", CHIEF, Cause.SWAPPED))
    assert {o.by for o in change.overrides} == {CHIEF}
    after = kept(known, change)
    assert there(after, "23T20:00") == {BO}
    assert there(after, "24T20:00") == {ANN}


def test_a_swap_of_a_swap_is_between_those_who_hold_the_shifts_now() -> None:
    """OC#3142: what was swapped is swapped again, and given back step by step."""
    third = shift("kvall-3", CIA, "25T16:00", "26T01:00")
    known = book("22T12:00", [EVENING, NEXT, third])
    first = kept(known, swap(known, span(EVENING), span(NEXT), stamp("o1")), "22T13:00")
    again = kept(first, swap(first, span(EVENING), span(third), stamp("o2")), "22T14:00")
    assert [there(again, f"{day}T20:00") for day in (23, 24, 25)] == [{CIA}, {ANN}, {BO}]
    back = kept(again, give_back(again, span(EVENING), CIA, stamp("o3", CIA, Cause.GIVEN_BACK)))
    assert there(back, "23T20:00") == {BO}


def test_overlapping_changes_of_one_shift_leave_one_person_on_it() -> None:
    """OC#2787: two overlapping swaps are not possible; who holds two parts of it in turn is asked about each."""
    known = book("22T12:00", [EVENING])
    taken = kept(known, take_over(known, span(EVENING, "23T18:00", "23T22:00"), BO, stamp("o1")), "22T13:00")
    assert refused(lambda: take_over(taken, span(EVENING), CIA, stamp("o2"))) is Refusal.SEVERAL
    inner = take_over(taken, span(EVENING, "23T18:00", "23T22:00"), CIA, stamp("o2"))
    assert there(kept(taken, inner), "23T20:00") == {CIA}


def test_of_changes_made_in_one_instant_the_last_one_counts() -> None:
    """A frozen clock, or two presses in one group of the writer: not a random id decides, but the order."""
    known = book("23T12:00", [EVENING])
    for names in (("a", "b", "c"), ("c", "b", "a")):
        now = known
        for name, taker in zip(names, (BO, CIA, DAN), strict=True):
            now = kept(now, take_over(now, span(EVENING), taker, stamp(name)))
        assert there(now, "23T20:00") == {DAN}


def test_a_change_counts_though_the_clock_has_jumped_back() -> None:
    """Taken at three, taken again an hour later by a clock that says a quarter past two: the second has it."""
    known = book("23T19:00", [EVENING])
    first = kept(known, take_over(known, span(EVENING), BO, stamp("o1")), "23T18:15")
    second = kept(first, take_over(first, span(EVENING, "23T19:00"), CIA, stamp("o0")))
    assert there(second, "23T20:00") == {CIA}


def test_whoever_is_ill_is_off_until_the_shift_ends_and_the_part_is_nobodys() -> None:
    """Sick now: what is left of the shift is a gap, which anybody may take; why is kept nowhere."""
    known = book("23T19:00", [EVENING])
    after = kept(known, drop_now(known, ANN, stamp("o1", ANN, Cause.DROPPED)), "23T20:00")
    assert [there(after, minute) for minute in ("23T18:59", "23T19:00", "24T00:59")] == [{ANN}, set(), set()]
    assert on_duty(roster(after.shifts, after.overrides), at("23T21:00")).away == {ANN: EVENING.ends}
    filled = kept(after, take_over(after, span(EVENING), CIA, stamp("o2", CIA)), "23T21:00")
    assert there(filled, "23T21:00") == {CIA}
    empty = kept(filled, give_back(filled, span(EVENING), CIA, stamp("o3", CIA, Cause.GIVEN_BACK)))
    assert there(empty, "23T22:00") == set()
    assert "sick" not in set(Cause)


def test_whoever_is_ill_is_off_everything_they_were_put_on() -> None:
    """Also a duty beside the roster ends, their own press or the coordinator's."""
    known = book("23T19:00", [EVENING])
    pressed = Override(
        id=OverrideId("p"),
        person=ANN,
        on_duty=True,
        starts=at("23T15:00"),
        ends=at("24T03:00"),
        by=ANN,
        made=at("23T15:00"),
        role=Role.SOCIAL_WORKER,
        organisations=(BROMMA,),
    )
    both = replace(known, overrides=(pressed,))
    after = kept(both, drop_now(both, ANN, stamp("o", ANN, Cause.DROPPED)))
    assert there(after, "23T19:00") == set() == there(after, "24T02:59")


def test_whoever_says_it_in_advance_lets_the_coming_shift_go() -> None:
    """Ill at noon, on duty at four: the gap is there four hours early."""
    known = book("23T12:00", [EVENING])
    after = kept(known, drop(known, span(EVENING), ANN, stamp("o", ANN, Cause.DROPPED)))
    assert there(after, "23T16:00") == set()
    assert refused(lambda: drop(known, span(EVENING), BO, stamp())) is Refusal.NOT_HELD


def test_the_coordinator_puts_somebody_on_duty_and_takes_somebody_off() -> None:
    """Override: beside every roster, in a role and boards where they are posted; or off everything for a time."""
    known = book("23T12:00", [EVENING])
    by = stamp("o1", CHIEF, Cause.ASSIGNED)
    more = kept(known, assign(known, shift("", BO, "23T18:00", "23T23:00"), by), "23T12:30")
    assert there(more, "23T20:00") == {ANN, BO}
    off = kept(more, take_off(more, ANN, (at("23T18:00"), at("26T18:00")), replace(by, id="o2")))
    assert [there(off, minute) for minute in ("23T17:59", "23T18:00")] == [{ANN}, {BO}]


def test_of_an_absence_and_a_shift_taken_the_later_counts() -> None:
    """Whoever went off and then takes a shift has it; whoever takes one and then goes off has not."""
    known = book("23T12:00", [EVENING])
    away = kept(known, take_off(known, BO, (at("23T12:00"), at("25T12:00")), stamp("o1", CHIEF)), "23T13:00")
    taken = kept(away, take_over(away, span(EVENING), BO, stamp("o2", BO)), "23T14:00")
    assert there(taken, "23T20:00") == {BO}
    gone = kept(taken, take_off(taken, BO, (at("23T15:00"), at("25T12:00")), stamp("o3", CHIEF)))
    assert there(gone, "23T20:00") == set()


def test_a_short_rest_is_shown_and_refuses_nothing() -> None:
    """Under eleven hours between two shifts is told with the change; what was short before is not told again."""
    day = shift("dag", BO, "24T08:00", "24T16:00")
    known = book("23T12:00", [EVENING, day])
    change = take_over(known, span(EVENING), BO, stamp())
    assert [(r.person, r.ends - r.begins) for r in change.short_rest] == [(BO, timedelta(hours=7))]
    assert take_over(known, span(EVENING, "23T16:00", "23T20:00"), BO, stamp()).short_rest == ()


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"active": False}, Refusal.INACTIVE),
        ({"state": VettingState.PENDING}, Refusal.NOT_VETTED),
        ({"cleared": date(2026, 11, 24)}, Refusal.NOT_VETTED),
    ],
)
def test_whoever_cannot_be_asked_takes_no_shift(changed: dict[str, object], why: Refusal) -> None:
    """A shift that nobody can be asked in would be a hole that nobody sees."""
    known = book("23T12:00", [EVENING], people=[person(BO, **changed)])  # type: ignore[arg-type]  # by name
    assert refused(lambda: take_over(known, span(EVENING), BO, stamp())) is why


def test_only_who_is_posted_for_all_of_it_takes_a_shift() -> None:
    """Another board, another role, a posting that ends at midnight, an area that is not theirs: refused."""
    both = shift("b", ANN, "23T16:00", "24T01:00", organisations=(FARSTA, BROMMA))
    people = [
        person(BO, posting(FARSTA)),
        person(CIA, posting(FARSTA, Role.JOUR), posting(BROMMA, Role.JOUR)),
        person(DAN, posting(FARSTA, until=date(2026, 11, 24)), posting(BROMMA)),
    ]
    known = book("23T12:00", [both], people=people)
    for taker in (BO, CIA, DAN):
        assert refused(partial(take_over, known, span(both), taker, stamp())) is Refusal.NOT_POSTED
    north = shift("n", ANN, "23T16:00", "24T01:00", areas=(NORTH, SOUTH))
    half = book("23T12:00", [north], people=[person(BO, posting(FARSTA, areas=(NORTH,)))])
    assert refused(lambda: take_over(half, span(north), BO, stamp())) is Refusal.OTHER_AREA
    split = person(BO, posting(FARSTA, areas=(NORTH,)), posting(FARSTA, areas=(SOUTH,)))
    whole = book("23T12:00", [north], people=[split])
    assert take_over(whole, span(north), BO, stamp()).overrides
    stranger = PersonId("p-nobody")
    assert refused(lambda: take_over(known, span(both), stranger, stamp())) is Refusal.UNKNOWN


def test_nobody_is_booked_twice_over_boards_and_sources() -> None:
    """A shift of another board, of another source, one taken over, one assigned: each keeps from another then."""
    other = shift("x", BO, "23T22:00", "24T06:00", organisations=(BROMMA,), source="annat")
    known = book("22T12:00", [EVENING, other])
    assert refused(lambda: take_over(known, span(EVENING), BO, stamp())) is Refusal.BOOKED
    assert take_over(known, span(EVENING, "23T16:00", "23T22:00"), BO, stamp()).overrides
    taken = kept(known, take_over(known, span(other), CIA, stamp("o1")), "22T13:00")
    assert refused(lambda: take_over(taken, span(EVENING), CIA, stamp("o2"))) is Refusal.BOOKED
    assert take_over(taken, span(EVENING), BO, stamp("o2")).overrides  # he gave his away
    busy = kept(
        known, assign(known, shift("", DAN, "23T20:00", "23T21:00"), stamp("o1", CHIEF, Cause.ASSIGNED))
    )
    assert refused(lambda: take_over(busy, span(EVENING), DAN, stamp("o2"))) is Refusal.BOOKED
    assert (
        refused(lambda: assign(busy, shift("", DAN, "23T20:30", "23T23:00"), stamp("o2"))) is Refusal.BOOKED
    )
    assert refused(lambda: assign(busy, shift("", BO, "23T21:00", "24T00:00"), stamp("o2"))) is Refusal.BOOKED
    released = kept(busy, take_off(busy, DAN, (at("23T19:00"), at("23T22:00")), stamp("o3", CHIEF)))
    assert take_over(replace(released, now=at("22T14:00")), span(EVENING), DAN, stamp("o4")).overrides


def test_a_swap_may_exchange_two_shifts_at_the_same_time() -> None:
    """What somebody gives in the same act does not keep them from what they get."""
    there_too = shift("y", BO, "23T16:00", "24T01:00", organisations=(BROMMA,))
    known = book("22T12:00", [EVENING, there_too])
    after = kept(known, swap(known, span(EVENING), span(there_too), stamp()))
    present = on_duty(roster(after.shifts, after.overrides), at("23T20:00")).present
    assert {who: [d.organisations for d in duties] for who, duties in present.items()} == {
        ANN: [(BROMMA,)],
        BO: [(FARSTA,)],
    }


def test_what_is_over_or_is_not_there_cannot_be_changed() -> None:
    """Past, before it begins, beyond its end, a name that no shift has, a holder who is another, one's own."""
    known = book("24T01:00", [EVENING])
    assert refused(lambda: take_over(known, span(EVENING), BO, stamp())) is Refusal.OVER
    early = replace(known, now=at("23T12:00"))
    ghost = replace(span(EVENING), shift=replace(key_of(EVENING), source="annan"))
    too_long = span(EVENING, "23T15:59")
    for wrong in (ghost, too_long, span(EVENING, "23T18:00", "24T01:01")):
        assert refused(partial(take_over, early, wrong, BO, stamp())) is Refusal.NO_SHIFT
    assert refused(lambda: take_over(early, span(EVENING), ANN, stamp())) is Refusal.ALREADY
    assert refused(lambda: take_over(early, span(EVENING), BO, stamp(), giver=CIA)) is Refusal.NOT_HELD
    assert refused(lambda: give_back(early, span(EVENING), BO, stamp())) is Refusal.NOT_HELD
    assert refused(lambda: drop_now(early, ANN, stamp())) is Refusal.NOT_ON_DUTY
    assert refused(lambda: take_off(early, PersonId("p-x"), (at("23T20:00"), at("23T21:00")), stamp())) is (
        Refusal.UNKNOWN
    )
    assert refused(lambda: take_off(known, ANN, (at("23T20:00"), at("23T21:00")), stamp())) is Refusal.OVER
    assert refused(lambda: assign(known, shift("", BO, "23T20:00", "23T21:00"), stamp())) is Refusal.OVER


def test_a_swap_needs_two_who_hold_something() -> None:
    """With oneself, or for what nobody holds, there is nothing to exchange."""
    known = book("23T12:00", [EVENING, NEXT])
    assert refused(lambda: swap(known, span(EVENING), span(EVENING, "23T18:00"), stamp())) is Refusal.ALREADY
    empty = kept(known, drop(known, span(EVENING), ANN, stamp("o1")))
    assert refused(lambda: swap(empty, span(EVENING), span(NEXT), stamp("o2"))) is Refusal.NOT_HELD


@pytest.mark.parametrize(
    ("evening", "morning", "hours"),
    [("2026-10-24", "2026-10-25", 10), ("2027-03-27", "2027-03-28", 8)],
)
def test_an_override_and_a_swap_over_a_change_of_clocks(evening: str, morning: str, hours: int) -> None:
    """Both half past twos belong to whoever took the night; no minute is lost, none is doubled."""
    night = replace(EVENING, starts=at(f"{evening}T22:00"), ends=at(f"{morning}T07:00"))
    later = replace(NEXT, starts=at(f"{morning}T22:00"), ends=at(f"{morning}T23:00"))
    known = replace(book("23T12:00", [night, later]), now=at(f"{evening}T12:00"))
    swapped = kept(known, swap(known, span(night), span(later), stamp("o1")))
    off = (night.starts + timedelta(hours=4, minutes=30), night.starts + timedelta(hours=5, minutes=30))
    gone = kept(swapped, take_off(replace(swapped, now=known.now + timedelta(hours=1)), BO, off, stamp("o2")))
    minutes = int((night.ends - night.starts) / timedelta(minutes=1))
    known_roster = roster(gone.shifts, gone.overrides)
    found = [on_duty(known_roster, night.starts + timedelta(minutes=n)).present for n in range(minutes)]
    assert minutes == hours * 60
    assert [bool(there) for there in found].count(False) == 60
    assert {who for there in found for who in there} == {BO}


def test_what_is_bound_to_a_shift_is_kept_and_read_as_it_was() -> None:
    """JSON and back; what an old row does not say, it does not say now either; half-made ones are refused."""
    known = book("23T12:00", [EVENING])
    (change,) = take_over(known, span(EVENING), BO, stamp()).overrides
    assert override_from_dict(override_to_dict(change)) == change
    plain = take_off(known, BO, (at("23T20:00"), at("23T21:00")), stamp(cause=Cause.PRESSED)).overrides[0]
    assert not {"shift", "cause", "number"} & override_to_dict(plain).keys()
    with pytest.raises(BadInput):
        replace(change, role=Role.JOUR)
    kept_in = replace(EVENING, key=key_of(EVENING))
    assert shift_from_dict(shift_to_dict(kept_in)) == EVENING
    assert "key" not in shift_to_dict(kept_in)


def test_the_same_name_in_two_rosters_is_two_shifts() -> None:
    """What binds is the organisation, the source and the name; not the name alone."""
    theirs = shift("kvall", CIA, "23T16:00", "24T01:00", organisations=(BROMMA,))
    known = book("23T12:00", [EVENING, theirs])
    after = kept(known, take_over(known, span(EVENING), BO, stamp()))
    assert there(after, "23T20:00") == {BO, CIA}
