"""Every minute of 2026 and 2027: rosters that people have changed by every act there is, against what happened told one thing after the other."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest

from bot.core.booking import Book, Refused
from bot.core.hours import day_minute
from bot.core.ids import OrganisationId, PersonId
from bot.core.parts import Part, Span
from bot.core.people import Person, Posting, Role, Vetting, VettingState
from bot.core.roster import (
    Cause,
    Override,
    OverrideId,
    Roster,
    Shift,
    ShiftId,
    ShiftKey,
    edges,
    on_duty,
    roster,
)
from bot.core.shift_changes import Change, Stamp, assign, drop, drop_now, give_back, swap, take_off, take_over
from bot.core.weekly import OnHoliday, WeeklyRule, expand
from tests.models.duty import DAY, MINUTE, Duties, Told

FIRST, LAST = day_minute(date(2026, 1, 1), 0), day_minute(date(2028, 1, 1), 0)
PEOPLE = tuple(PersonId(f"p-{n}") for n in range(12))
MALMO, FARSTA = OrganisationId("malmo"), OrganisationId("farsta")
ROLES = (Role.SOCIAL_WORKER, Role.JOUR)
ACTS, BURST, SEEDS = 900, 12, range(3)  # a dozen within two hours, then nothing for days
NIGHTS = (
    date(2026, 3, 28),
    date(2026, 10, 24),
    date(2027, 3, 27),
    date(2027, 10, 30),
)  # over a change of clocks
AHEAD, BEHIND = timedelta(days=12), timedelta(days=4)


class TwoYears:
    """A roster out of one seed, and what people did to it, one act after the other."""

    def __init__(self, seed: int) -> None:
        """The same seed draws the same."""
        self.chance = Random(seed)  # noqa: S311 - a roster, not a key
        self.people = {name: _person(name) for name in PEOPLE}
        self.shifts = self.rostered()
        self.overrides: list[Override] = []
        self.done: Counter[str] = Counter()

    def rostered(self) -> tuple[Shift, ...]:
        """Weekly rules of everybody, nights and days; nobody twice at once."""
        rules = [self.rule(name, kind) for name in PEOPLE for kind in range(2)]
        shifts = expand(rules, first=date(2025, 12, 30), last=date(2028, 1, 2))
        keyed = []
        for n, shift in enumerate(shifts):
            key = ShiftKey(organisation=MALMO, source="rules", id=ShiftId(f"{shift.id}-{n}"))
            keyed.append(replace(shift, id=key.id, source="rules", key=key))
        return tuple(keyed)

    def rule(self, name: PersonId, kind: int) -> WeeklyRule:
        """The beginning of somebody's week or its end: never two duties at once."""
        some = self.chance.sample((range(3), range(4, 6))[kind], self.chance.randint(1, 2))
        begins = self.chance.choice((time(7), time(8, 15), time(16, 30), time(22), time(1, 30)))
        lasts = self.chance.choice((4, 8, 10, 12))
        return WeeklyRule(
            id=f"{name}-{kind}",
            person=name,
            organisations=self.chance.choice(((MALMO,), (FARSTA,), (MALMO, FARSTA))),
            role=self.chance.choice(ROLES),
            days=tuple(sorted(some)),
            starts=begins,
            ends=(datetime.combine(FIRST, begins) + timedelta(hours=lasts)).time(),
            valid_from=date(2025, 12, 1),
            on_holiday=self.chance.choice(tuple(OnHoliday)),
        )

    def play(self) -> None:
        """A dozen acts at a time, over both years; what is refused changes nothing."""
        between = (LAST - FIRST) // (ACTS // BURST)
        for n in range(ACTS):
            since = FIRST + n // BURST * between // MINUTE * MINUTE
            self.act(f"o-{n:04}", since + n % BURST * 11 * MINUTE)

    def act(self, id_: str, now: datetime) -> None:
        """One act of one person, of any kind."""
        near = [s for s in self.shifts if s.ends > now - BEHIND and s.starts < now + AHEAD]
        known = [o for o in self.overrides if o.ends > now - BEHIND]
        book = Book(now=now, people=self.people, shifts=tuple(near), overrides=tuple(known))
        kinds: dict[str, Callable[[Book, Stamp], Change]] = {
            "take_over": self.take_over,
            "give_back": self.give_back,
            "swap": self.swap,
            "drop": self.drop,
            "drop_now": lambda b, s: drop_now(b, self.chance.choice(PEOPLE), s),
            "assign": self.assign,
            "take_off": self.take_off,
            "press": self.press,
        }
        kind = self.chance.choice(tuple(kinds))
        try:
            change = kinds[kind](book, Stamp(id=id_, by=PEOPLE[0], cause=Cause.TAKEN_OVER))
        except Refused:
            self.done["refused"] += 1
            return
        self.overrides += change.overrides
        self.done[kind] += 1

    def take_over(self, book: Book, stamp: Stamp) -> Change:
        """All of it or a piece."""
        return take_over(book, self.span(self.part(book)), self.chance.choice(PEOPLE), stamp)

    def give_back(self, book: Book, stamp: Stamp) -> Change:
        """Something that somebody has from another, where there is any."""
        changed = [part for part in _ahead(book) if part.changed and part.person is not None]
        part = self.chance.choice(changed or _ahead(book))
        return give_back(book, self.span(part), part.person or PEOPLE[0], stamp)

    def swap(self, book: Book, stamp: Stamp) -> Change:
        """Two stretches of two people."""
        return swap(book, self.span(self.part(book)), self.span(self.part(book)), stamp)

    def drop(self, book: Book, stamp: Stamp) -> Change:
        """A stretch that nobody holds from then on."""
        part = self.part(book)
        return drop(book, self.span(part), part.person or PEOPLE[0], stamp)

    def assign(self, book: Book, stamp: Stamp) -> Change:
        """A duty beside every roster."""
        starts = book.now + self.chance.randint(0, 4000) * MINUTE
        duty = Shift(
            id=ShiftId("assigned"),
            person=self.chance.choice(PEOPLE),
            organisations=(self.chance.choice((MALMO, FARSTA)),),
            role=self.chance.choice(ROLES),
            starts=starts,
            ends=starts + self.chance.randint(30, 700) * MINUTE,
        )
        return assign(book, duty, replace(stamp, cause=Cause.ASSIGNED))

    def take_off(self, book: Book, stamp: Stamp) -> Change:
        """Off everything for a time."""
        starts = book.now + self.chance.randint(0, 4000) * MINUTE
        span = (starts, starts + self.chance.randint(30, 1500) * MINUTE)
        return take_off(book, self.chance.choice(PEOPLE), span, stamp)

    def press(self, book: Book, stamp: Stamp) -> Change:
        """As the button does: off, or on again, or on without a roster."""
        on, own = self.chance.random() < 0.6, self.chance.random() < 0.4
        pressed = Override(
            id=OverrideId(stamp.id),
            person=self.chance.choice(PEOPLE),
            on_duty=on,
            starts=book.now,
            ends=book.now + self.chance.randint(10, 600) * MINUTE,
            by=stamp.by,
            made=book.now,
            role=self.chance.choice(ROLES) if own else None,
            organisations=(self.chance.choice((MALMO, FARSTA)),) if own else (),
        )
        return Change(overrides=(pressed,))

    def part(self, book: Book) -> Part:
        """Some stretch that lies ahead."""
        return self.chance.choice(_ahead(book))

    def span(self, part: Part) -> Span:
        """All of it, or a piece of it."""
        minutes = (part.ends - part.starts) // MINUTE
        if self.chance.random() < 0.5 or minutes < 3:
            return part.span
        first, last = sorted(self.chance.sample(range(minutes + 1), 2))
        return Span(shift=part.key, starts=part.starts + first * MINUTE, ends=part.starts + last * MINUTE)


def _ahead(book: Book) -> list[Part]:
    return [part for part in book.parts if part.ends > book.now + MINUTE]


def _person(name: PersonId) -> Person:
    since = date(2025, 1, 1)
    postings = tuple(
        Posting(organisation=o, role=role, valid_from=since) for o in (MALMO, FARSTA) for role in ROLES
    )
    return Person(
        id=name, name="Påhittad", vetting=Vetting(state=VettingState.CLEARED, since=since), postings=postings
    )


def _said(known: Roster, at: datetime) -> Duties:
    """What the roster says of a minute."""
    present = on_duty(known, at).present
    return frozenset(
        (person, duty.role.value, name)
        for person, duties in present.items()
        for duty in duties
        for name in duty.organisations
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_every_minute_of_two_years_is_as_told(seed: int) -> None:
    """Swaps, take-overs, gifts back, illness, assignments, presses: at every minute the same people are on duty.

    Compared at both sides of every instant at which either of the two can change its answer, hence at every minute; and
    minute by minute over the four nights in which the clocks change.
    """
    played = TwoYears(seed)
    played.play()
    known, told = roster(played.shifts, played.overrides), Told(played.shifts, played.overrides)
    looked = {at for turn in edges(known, FIRST, LAST) | told.turns() for at in (turn - MINUTE, turn)}
    for night in NIGHTS:
        begins = datetime(night.year, night.month, night.day, 22, tzinfo=UTC)
        looked |= {begins + n * MINUTE for n in range(6 * 60)}
    for day in range((LAST - FIRST) // DAY + 1):
        begins = FIRST + day * DAY
        today = told.on(begins)
        for at in sorted(at for at in looked if begins <= at < begins + DAY):
            assert _said(known, at) == today.at(at), at
    assert min(played.done[k] for k in ("take_over", "give_back", "swap", "drop", "assign", "take_off")) > 5
