"""Whose shift under way or next is another is told; nobody else."""

from dataclasses import replace

from bot.core.booking import Book
from bot.core.checks import Stage, due, stints
from bot.core.ids import AreaId
from bot.core.roster import ShiftId, roster
from bot.core.shift_changes import give_back, take_over
from bot.core.shift_told import coming, mine, to_tell
from tests.core.shift_cast import ANN, BO, BROMMA, CIA, FARSTA, at, book, shift, span, stamp

FIRST = shift("a", ANN, "23T16:00", "24T01:00")
SECOND = shift("b", ANN, "25T16:00", "26T01:00")
FAR = shift("c", ANN, "2027-01-15T16:00", "2027-01-16T01:00")
THEIRS = shift("d", BO, "24T16:00", "25T01:00")
KNOWN = book("23T12:00", [FIRST, SECOND, FAR, THEIRS])


def told(after: Book) -> set[str]:
    return set(to_tell(KNOWN.parts, after.parts, KNOWN.now))


def test_begin_end_place_and_holder_are_told_to_whose_next_it_is() -> None:
    """GA#1973: the next shift moved; a later one, or what the source calls it, is no news."""
    for changed in (
        replace(FIRST, starts=at("23T17:00")),
        replace(FIRST, ends=at("24T02:00")),
        replace(FIRST, organisations=(BROMMA,)),
        replace(FIRST, areas=(AreaId("norra"),)),
    ):
        assert told(replace(KNOWN, shifts=(changed, SECOND, FAR, THEIRS))) == {ANN}
    assert told(replace(KNOWN, shifts=(replace(FIRST, person=CIA), SECOND, FAR, THEIRS))) == {ANN, CIA}
    for changed in (replace(FIRST, id=ShiftId("x")), FIRST):
        assert (
            told(
                replace(KNOWN, shifts=(changed, SECOND, replace(FAR, starts=at("2027-01-15T17:00")), THEIRS))
            )
            == set()
        )
    assert told(replace(KNOWN, shifts=(FIRST, FAR, THEIRS))) == set()  # not the next


def test_while_one_is_on_duty_the_next_is_told_of_too() -> None:
    """Under way and next: either may change."""
    now = at("23T20:00")
    during = replace(KNOWN, now=now)
    assert [one.starts for one in coming(during.parts, ANN, now)] == [FIRST.starts, SECOND.starts]
    later = replace(during, shifts=(FIRST, replace(SECOND, starts=at("25T17:00")), FAR, THEIRS))
    assert to_tell(during.parts, later.parts, now) == {ANN}


def test_a_swap_is_part_of_what_is_told() -> None:
    """OC#3096: whoever took a shift is told of it as theirs, whoever gave it as gone."""
    change = take_over(KNOWN, span(FIRST), BO, stamp())
    assert told(replace(KNOWN, overrides=change.overrides)) == {ANN, BO}


def test_parts_that_meet_are_one_shift() -> None:
    """Half of it had from somebody, half by the roster: one line, which nobody can give back whole."""
    taken = take_over(KNOWN, span(FIRST, "23T20:00", "24T01:00"), BO, stamp("o1"))
    after = replace(KNOWN, now=at("23T13:00"), overrides=taken.overrides)
    assert (mine(after.parts, ANN, after.now)[0].starts, mine(after.parts, ANN, after.now)[0].ends) == (
        FIRST.starts,
        at("23T20:00"),
    )
    back = give_back(after, span(FIRST, "23T20:00", "24T01:00"), BO, stamp("o2"))
    again = replace(after, overrides=(*after.overrides, *back.overrides))
    (one, *_) = mine(again.parts, ANN, again.now)
    assert (one.starts, one.ends, one.before, one.organisations) == (FIRST.starts, FIRST.ends, (), (FARSTA,))


def test_whoever_took_a_shift_is_asked_before_it_begins() -> None:
    """OC#2953, OC#3955: half an hour ahead whoever has it now is asked whether they can be reached, and who gave it is not."""
    change = take_over(KNOWN, span(FIRST, "23T18:00", "24T01:00"), BO, stamp())
    known = roster(KNOWN.shifts, change.overrides)
    found = list(stints(known, at("23T12:00"), at("23T23:00")))
    assert [(one.person, one.starts) for one in found] == [(ANN, FIRST.starts), (BO, at("23T18:00"))]
    (asked,) = due(found, {(ANN, FIRST.starts, Stage.START)}, at("23T17:30"))
    assert (asked.stint.person, asked.stage) == (BO, Stage.HALF_HOUR)
