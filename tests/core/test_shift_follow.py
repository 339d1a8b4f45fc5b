"""Changes follow a shift that is moved, and are void where they can no longer be."""

from dataclasses import replace

from bot.core.booking import Book
from bot.core.roster import Cause, Override, Shift, ShiftId, on_duty, roster
from bot.core.shift_changes import drop_now, swap, take_over
from bot.core.shift_follow import Followed, Pair, follow
from tests.core.shift_cast import (
    ANN,
    BO,
    BROMMA,
    CIA,
    DAN,
    FARSTA,
    at,
    book,
    person,
    posting,
    shift,
    span,
    stamp,
)

EVENING = shift("kvall", ANN, "23T16:00", "24T01:00")


def taken(starts: str = "", ends: str = "", now: str = "22T12:00") -> tuple[Override, ...]:
    """Bo has taken over a stretch of the evening."""
    return take_over(book(now, [EVENING]), span(EVENING, starts, ends), BO, stamp("o1", BO)).overrides


def moved(
    overrides: tuple[Override, ...], to: Shift, now: str = "22T18:00", *others: Shift
) -> tuple[Book, Followed]:
    """The book once the evening has moved, and what became of its changes."""
    after = book(now, [to, *others], overrides)
    found = follow(after, [Pair(before=EVENING, after=to)])
    return replace(after, overrides=found.after(overrides)), found


def there(known: Book, minute: str) -> set[str]:
    """Who is on duty at a minute."""
    return set(on_duty(roster(known.shifts, known.overrides), at(minute)).present)


def to(starts: str, ends: str) -> Shift:
    """The evening at another time."""
    return replace(EVENING, starts=at(starts), ends=at(ends))


def test_a_swap_follows_a_moved_shift() -> None:
    """OC#4182: moved by two hours, or to another day, whoever took the shift has it there."""
    for begins, ends in (("23T18:00", "24T03:00"), ("26T16:00", "27T01:00")):
        known, found = moved(taken(), to(begins, ends))
        assert found.void == ()
        assert there(known, begins) == {BO}
        assert there(known, "23T17:00") == set()


def test_a_part_until_the_end_reaches_the_new_end() -> None:
    """An edge of the shift is an edge of what was taken; a time that was agreed within it stands."""
    known, _ = moved(taken("23T22:00", "24T01:00"), to("23T17:00", "24T03:00"))
    assert [there(known, minute) for minute in ("23T21:59", "23T22:00", "24T02:59")] == [{ANN}, {BO}, {BO}]
    known, _ = moved(taken("23T18:00", "23T22:00"), to("23T17:00", "23T21:00"))
    assert [there(known, minute) for minute in ("23T17:59", "23T18:00", "23T20:59", "23T21:00")] == [
        {ANN},
        {BO},
        {BO},
        set(),
    ]


def test_a_part_of_an_evening_that_is_moved_away_is_void() -> None:
    """Who promised 18 to 22 on Monday promised nothing for Thursday."""
    known, found = moved(taken("23T18:00", "23T22:00"), to("26T16:00", "27T01:00"))
    assert [o.person for o in found.void] == [BO]
    assert there(known, "26T19:00") == {ANN}


def test_a_change_of_a_shift_that_is_taken_away_is_void() -> None:
    """Removed from the roster: nobody is on duty by a shift that is not."""
    overrides = taken()
    after = book("22T18:00", [], overrides)
    found = follow(after, [Pair(before=EVENING, after=None)])
    assert found.void == overrides
    assert found.after(overrides) == ()


def test_a_shift_that_the_roster_gives_to_another_is_theirs() -> None:
    """Whose shift it is comes from the roster: what somebody took from whoever had it before is void."""
    known, found = moved(taken(), replace(EVENING, person=CIA))
    assert len(found.void) == 1
    assert there(known, "23T20:00") == {CIA}


def test_a_name_that_the_calendar_renews_is_followed() -> None:
    """A calendar that gives new names with each export: the change is bound to the new one, and nothing is judged anew."""
    new = replace(EVENING, id=ShiftId("kvall-nytt-namn"))
    gone = person(BO, posting(BROMMA))
    after = replace(book("22T18:00", [new], taken()), people={ANN: person(ANN), BO: gone})
    found = follow(after, [Pair(before=EVENING, after=new)])
    assert [o.shift.id for o in found.put if o.shift] == [new.id]
    assert found.void == ()


def test_whoever_has_another_shift_where_it_moves_to_does_not_have_it() -> None:
    """Nobody is booked twice: the change is void, and the shift is of whom the roster names."""
    busy = shift("bromma", BO, "24T16:00", "25T01:00", organisations=(BROMMA,), source="annat")
    known, found = moved(taken(), to("24T18:00", "25T03:00"), "22T18:00", busy)
    assert len(found.void) == 1
    assert there(known, "24T20:00") == {ANN, BO}


def test_a_shift_that_falls_back_to_somebody_who_has_another_is_nobodys() -> None:
    """Ann gave the evening away and took another: when it comes back to her she does not have two."""
    other = shift("bromma", CIA, "23T16:00", "24T01:00", organisations=(BROMMA,))
    first = book("22T12:00", [EVENING, other])
    overrides = swap(first, span(EVENING), span(other), stamp("o1")).overrides
    without = person(CIA, posting(BROMMA))
    later = to("23T16:30", "24T01:00")
    after = replace(book("22T18:00", [later, other], overrides), people={**first.people, CIA: without})
    found = follow(after, [Pair(before=EVENING, after=later)])
    known = replace(after, overrides=found.after(overrides))
    assert [o.cause for o in found.opened] == [Cause.DROPPED]
    present = on_duty(roster(known.shifts, known.overrides), at("23T20:00")).present
    assert {who: [d.organisations for d in duties] for who, duties in present.items()} == {ANN: [(BROMMA,)]}


def test_what_has_passed_of_a_change_stays() -> None:
    """The evening is under way when it moves, or goes: who was on duty until now was."""
    overrides = taken()
    cut = replace(EVENING, id=ShiftId("kvall~20261123T190000.000000Z"), ends=at("23T20:00"))
    after = book("23T20:00", [cut], overrides)
    found = follow(after, [Pair(before=EVENING, after=None)])
    known = replace(after, overrides=found.after(overrides))
    assert [there(known, minute) for minute in ("23T19:59", "23T20:00")] == [{BO}, set()]
    longer, found = moved(overrides, to("23T16:00", "24T03:00"), "23T20:00")
    assert found.put[0].starts == EVENING.starts
    assert there(longer, "24T02:59") == {BO}


def test_whoever_is_ill_is_off_to_the_new_end() -> None:
    """A shift that is prolonged while its holder is ill does not wake them for the last hour."""
    ill = drop_now(book("23T19:00", [EVENING]), ANN, stamp("o1", ANN, Cause.DROPPED)).overrides
    known, _ = moved(ill, to("23T16:00", "24T03:00"), "23T20:00")
    assert [there(known, minute) for minute in ("23T18:59", "23T20:00", "24T02:59")] == [{ANN}, set(), set()]


def test_each_of_several_changes_is_followed_in_its_turn() -> None:
    """Taken by one and then by another: the second stands though the first cannot."""
    first = book("22T12:00", [EVENING])
    one = take_over(first, span(EVENING), BO, stamp("o1")).overrides
    second = replace(first, now=at("22T13:00"), overrides=one)
    both = (*one, *take_over(second, span(EVENING), DAN, stamp("o2")).overrides)
    busy = shift("bromma", BO, "24T16:00", "25T01:00", organisations=(BROMMA,))
    known, found = moved(both, to("24T18:00", "25T03:00"), "22T18:00", busy)
    assert [o.id for o in found.void] == ["o1"]
    assert there(known, "24T20:00") == {DAN, BO}


def test_a_board_that_changes_on_the_shift_is_judged() -> None:
    """Who is not posted where the shift is now does not have it."""
    only = person(BO, posting(FARSTA))
    there_now = replace(EVENING, organisations=(FARSTA, BROMMA))
    after = book("22T18:00", [there_now], taken(), [only])
    found = follow(after, [Pair(before=EVENING, after=there_now)])
    assert len(found.void) == 1
