"""Parts of shifts: who holds which stretch of which shift, once people have changed it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from bot.core.errors import BadInput
from bot.core.ids import PersonId
from bot.core.roster import Override, Shift, ShiftKey, bound_to, key_of, runs


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of one shift, by the shift's lasting name."""

    shift: ShiftKey
    starts: datetime
    ends: datetime

    def __post_init__(self) -> None:
        """Refuse what is no span of time."""
        if self.starts.utcoffset() is None or self.ends.utcoffset() is None or self.ends <= self.starts:
            raise BadInput("A stretch has two instants, and ends after it begins.")

    @property
    def ref(self) -> str:
        """A name that fits a button; another stretch, or the same one moved, has another."""
        named = (self.shift.organisation, self.shift.source, self.shift.id, self.starts, self.ends)
        return sha256(repr([str(one) for one in named]).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A stretch of a shift in which nobody changes. `holders`: as in `roster.Run`."""

    shift: Shift
    starts: datetime
    ends: datetime
    holders: tuple[PersonId | None, ...]

    @property
    def key(self) -> ShiftKey:
        """The lasting name of its shift."""
        return key_of(self.shift)

    @property
    def span(self) -> Span:
        """Where it is, whoever holds it."""
        return Span(shift=self.key, starts=self.starts, ends=self.ends)

    @property
    def person(self) -> PersonId | None:
        """Who holds it; None: nobody."""
        return self.holders[-1]

    @property
    def changed(self) -> bool:
        """Whether somebody else holds it than the roster says, or nobody."""
        return len(self.holders) > 1

    @property
    def before(self) -> PersonId | None:
        """Who held it before, None: nobody; of no meaning where nothing was changed."""
        return self.holders[-2] if self.changed else None


def parts(shifts: Iterable[Shift], overrides: Iterable[Override]) -> tuple[Part, ...]:
    """Every part of these shifts, in order of beginning."""
    bound = bound_to(overrides)
    found = [
        Part(shift=shift, starts=run.starts, ends=run.ends, holders=run.holders)
        for shift in shifts
        for run in runs(shift, bound.get(key_of(shift), ()))
    ]
    return tuple(sorted(found, key=lambda part: (part.starts, part.shift.id)))


def held(found: Iterable[Part]) -> Iterator[Shift]:
    """What each holder has, as a shift of theirs: what somebody took over counts as theirs, what they gave does not."""
    for part in found:
        if part.person is not None:
            yield replace(part.shift, person=part.person, starts=part.starts, ends=part.ends)


def within(found: Iterable[Part], span: Span) -> tuple[Part, ...]:
    """What of these parts lies in the span, cut at its edges."""
    return tuple(
        replace(part, starts=max(part.starts, span.starts), ends=min(part.ends, span.ends))
        for part in found
        if part.key == span.shift and part.starts < span.ends and span.starts < part.ends
    )
