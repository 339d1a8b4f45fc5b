"""Any sequence of changes, against a slow and obvious model: a table of who stands where in every quarter of an hour."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.booking import Book, Refused, booked_twice
from bot.core.errors import BadInput
from bot.core.ids import PersonId
from bot.core.parts import Span
from bot.core.people import Role
from bot.core.roster import Cause, Override, Shift, key_of, on_duty, roster
from bot.core.shift_changes import Change, assign, drop, drop_now, give_back, swap, take_off, take_over
from bot.core.shift_follow import Pair, follow
from tests.core.shift_cast import (
    ANN,
    BO,
    BROMMA,
    CHIEF,
    CIA,
    DAN,
    FARSTA,
    at,
    book,
    person,
    posting,
    shift,
    stamp,
)

QUARTER = timedelta(minutes=15)
MINUTE = timedelta(minutes=1)
START = at("2026-10-24T12:00")  # the night of this day has twenty-five hours
SHIFTS = (
    shift("a", ANN, "2026-10-24T16:00", "2026-10-25T01:00"),
    shift("b", BO, "2026-10-24T16:00", "2026-10-25T07:00", organisations=(BROMMA,)),
    shift("c", CIA, "2026-10-25T01:00", "2026-10-25T09:00", source="annat"),
    shift("d", DAN, "2026-10-25T08:00", "2026-10-25T16:00", organisations=(BROMMA,), role=Role.JOUR),
)
PEOPLE = (
    person(ANN, posting(FARSTA), posting(BROMMA)),
    person(BO, posting(FARSTA), posting(BROMMA), posting(BROMMA, Role.JOUR)),
    person(CIA, posting(FARSTA), posting(BROMMA, until=date(2026, 10, 25))),
    person(DAN, posting(BROMMA, Role.JOUR), posting(FARSTA, Role.JOUR)),
)
NAMES = (ANN, BO, CIA, DAN)


@dataclass
class Model:
    """Who stands on each shift in each quarter, those before them below; who was put on, and who was taken off."""

    stands: dict[str, dict[datetime, list[PersonId | None]]] = field(default_factory=dict)
    beside: dict[datetime, list[tuple[PersonId, str]]] = field(default_factory=dict)
    off: dict[datetime, set[tuple[PersonId, str]]] = field(default_factory=dict)

    def on(self, minute: datetime) -> Counter[tuple[PersonId, str]]:
        """Each person and what they are on duty by, at one minute."""
        quarter = minute - (minute - START) % QUARTER
        found = Counter[tuple[PersonId, str]]()
        for name, table in self.stands.items():
            if quarter in table and table[quarter][-1] is not None:
                found[table[quarter][-1], name] += 1  # type: ignore[index]  # somebody, as just looked
        found.update(self.beside.get(quarter, ()))
        gone = self.off.get(quarter, set())
        return Counter({one: count for one, count in found.items() if one not in gone})

    def put(self, name: str, quarters: list[datetime], who: PersonId | None) -> None:
        """Somebody, or nobody, stands there from now on."""
        for quarter in quarters:
            below = self.stands[name][quarter]
            if len(below) > 1 and below[-2] == who:
                below.pop()
            elif below[-1] != who:
                below.append(who)
            if who is not None:  # what is taken after one was taken off counts
                self.off.get(quarter, set()).discard((who, name))


def quarters(starts: datetime, ends: datetime, now: datetime) -> list[datetime]:
    """Those between two instants that do not lie behind."""
    return [START + n * QUARTER for n in range(140) if max(starts, now) <= START + n * QUARTER < ends]


def fresh() -> Model:
    """As the roster says."""
    return Model({s.id: {q: [s.person] for q in quarters(s.starts, s.ends, START)} for s in SHIFTS})


spans = st.tuples(st.integers(0, 80), st.integers(1, 40))
acts = st.lists(
    st.tuples(
        st.sampled_from(["take", "take", "back", "swap", "drop", "now", "assign", "off"]),
        st.sampled_from(SHIFTS),
        st.sampled_from(SHIFTS),
        st.sampled_from(NAMES),
        st.none() | spans,
        st.integers(0, 3),
    ),
    max_size=9,
)
Drawn = tuple[str, Shift, Shift, PersonId, tuple[int, int] | None, int]


def stretch(one: Shift, cut: tuple[int, int] | None) -> Span:
    """All of a shift, or what of a drawn span lies in it."""
    if cut is None:
        return Span(shift=key_of(one), starts=one.starts, ends=one.ends)
    starts = max(one.starts, START + cut[0] * QUARTER)
    return Span(shift=key_of(one), starts=starts, ends=min(one.ends, START + (cut[0] + cut[1]) * QUARTER))


def change_of(known: Book, drawn: Drawn, id_: str) -> Change:
    """The act itself. Raises Refused."""
    what, one, other, who, cut, _ = drawn
    span, by = stretch(one, cut), stamp(id_, CHIEF, Cause.ASSIGNED)
    beside = replace(one, person=who, starts=START + 2 * QUARTER, ends=START + 9 * QUARTER)
    made: dict[str, Callable[[], Change]] = {
        "take": lambda: take_over(known, span, who, by),
        "back": lambda: give_back(known, span, who, by),
        "swap": lambda: swap(known, span, stretch(other, cut), by),
        "drop": lambda: drop(known, span, who, by),
        "now": lambda: drop_now(known, who, by),
        "assign": lambda: assign(known, beside, by),
        "off": lambda: take_off(known, who, (START + 20 * QUARTER, START + 40 * QUARTER), by),
    }
    return made[what]()


def say(model: Model, change: Change, known: Book) -> None:
    """The same in the table."""
    for o in change.overrides:
        those = quarters(o.starts, o.ends, known.now)
        if o.shift is not None:
            name = str(o.shift.id)
            model.put(name, [q for q in those if q in model.stands[name]], o.person if o.on_duty else None)
        elif o.on_duty:
            for quarter in those:
                model.beside.setdefault(quarter, []).append((o.person, o.id))
        else:
            for quarter in those:
                gone = {(who, name) for who, name in model.on(quarter) if who == o.person}
                gone |= {(o.person, name) for name in model.stands if quarter in model.stands[name]}
                held = {n for n, t in model.stands.items() if quarter in t and t[quarter][-1] == o.person}
                beside = {name for _, name in model.beside.get(quarter, ())}
                model.off.setdefault(quarter, set()).update((w, n) for w, n in gone if n in held | beside)


def minutes(known: Book) -> list[datetime]:
    """A minute before, at, and after every edge that there is."""
    spans: list[Shift | Override] = [*known.shifts, *known.overrides]
    edges = {edge for span in spans for edge in (span.starts, span.ends)}
    return sorted(edge + n * MINUTE for edge in edges for n in (-1, 0, 1))


def by_duty(known: Book, minute: datetime) -> Counter[PersonId]:
    """How many duties each has."""
    present = on_duty(roster(known.shifts, known.overrides), minute).present
    return Counter({who: len(duties) for who, duties in present.items()})


@settings(max_examples=400, deadline=None)
@given(acts)
def test_any_sequence_of_changes_is_what_the_slow_model_says(drawn: list[Drawn]) -> None:
    """At every edge and a minute on each side; nobody is on duty twice, nobody who is not posted is on duty at all."""
    known, model = replace(book("23T12:00", SHIFTS, people=PEOPLE), now=START), fresh()
    for number, act in enumerate(drawn):
        known = replace(known, now=known.now + act[-1] * QUARTER)
        try:
            change = change_of(known, act, f"o{number:02}")
        except (Refused, BadInput):
            continue
        known = replace(known, overrides=(*known.overrides, *change.overrides))
        say(model, change, known)
    for minute in minutes(known):
        found = by_duty(known, minute)
        told = Counter(who for who, _ in model.on(minute).elements())
        assert found == told
        assert max(found.values(), default=0) <= 1
        _only_who_is_posted(known, minute)


@settings(max_examples=200, deadline=None)
@given(acts, st.integers(-8, 24), st.integers(-8, 24), st.booleans())
def test_whatever_a_roster_does_after_any_changes_nobody_is_on_duty_twice(
    drawn: list[Drawn],
    later: int,
    longer: int,
    gone: bool,  # noqa: FBT001 - drawn
) -> None:
    """A shift moves, grows or goes: changes follow it, or are void; no shift has two people, no person two shifts.

    Only where the roster lays it on top of what its own person holds: that import is refused.
    """
    known = replace(book("23T12:00", SHIFTS, people=PEOPLE), now=START)
    for number, act in enumerate(drawn):
        try:
            change = change_of(known, act, f"o{number:02}")
        except (Refused, BadInput):
            continue
        known = replace(known, overrides=(*known.overrides, *change.overrides))
    before = SHIFTS[0]
    move = replace(
        before,
        starts=before.starts + later * QUARTER,
        ends=before.ends + (later + longer) * QUARTER,
    )
    after = None if gone else move
    there = replace(known, shifts=(*SHIFTS[1:], *([move] if after else [])))
    found = follow(there, [Pair(before=before, after=after)])
    there = replace(there, overrides=found.after(known.overrides))
    clashes = list(booked_twice(there, {part.key for part in there.parts}))
    if clashes:
        mine = list(booked_twice(there, {key_of(move)}))
        assert [part.person for part in mine] == [before.person] * len(mine) != []
        return
    for minute in minutes(there):
        rostered = [s for s in there.shifts if s.starts <= minute < s.ends]
        duties = [
            d for one in on_duty(roster(there.shifts, there.overrides), minute).present.values() for d in one
        ]
        assert len([d for d in duties if not d.pressed]) <= len(rostered)
        assert max(by_duty(there, minute).values(), default=0) <= 1


def _only_who_is_posted(known: Book, minute: datetime) -> None:
    for who, duties in on_duty(roster(known.shifts, known.overrides), minute).present.items():
        posted = {(p.organisation, p.role) for p in known.people[who].postings}
        for duty in duties:
            assert {(organisation, duty.role) for organisation in duty.organisations} <= posted
