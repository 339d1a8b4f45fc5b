"""Retention: which class a consultation belongs to, and from which day it may be erased; silence keeps it.

The dataclasses are also the schema of `policies/retention.yaml`, which `retention_file` reads and checks.
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Final

from pydantic import ConfigDict, Field

from bot.core.consultation import Consultation
from bot.core.hours import STOCKHOLM, local_day
from bot.core.ids import OrganisationId

_STRICT: Final = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)
_Text = Annotated[str, Field(min_length=1, max_length=1000)]
_Number = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^\S(?:[^\x00-\x1f\x7f]*\S)?$")]
_Days = Annotated[int, Field(ge=1, le=36_525)]

# What concerns a child inquiry is kept until the child is thirty (SoL 2025:400, 16 kap.). Nobody here knows which
# talks do, nor whose child: the longest that it can be counts, in days.
LEAST_IDENTIFIED: Final = 30 * 365 + 8
LEAP: Final = timedelta(days=31)  # further than this past retention's last look, a clock is not believed
SLIP: Final = timedelta(hours=1)  # less than this behind it, a clock was only set right
QUIET: Final = time(5)  # the hour (Swedish) from which the daily run may make the others wait


class RetentionClass(StrEnum):
    """What is kept equally long. The values go into rules and certificates: add, never rename."""

    LIBRARY = "library"  # fråga till biblioteket: ingen människa söktes
    UNNAMED = "unnamed"  # avidentifierad konsultation
    IDENTIFIED = "identified"  # någon har namngetts
    QUESTIONS = "questions"  # frågor som biblioteket inte klarade, hos redaktören
    REGISTER = "register"  # registerposter om samtal där någon har namngetts


class Stays(StrEnum):
    """Why a closed consultation is not erased."""

    NO_DECISION = "no_decision"  # an organisation concerned has decided nothing
    NOT_OVER = "not_over"  # the period runs
    HELD = "held"  # a legal hold stands
    BEING_OPENED = "being_opened"
    CLOCK = "clock"  # there is nothing yet to judge the clock by: the first look erases nothing
    DOUBTFUL = "doubtful"  # its row is not what the ledger leads to
    MOVED = "moved"  # something happened to it while the certificate was written
    REFUSED = "refused"  # the database refused: a fault of ours


class Trust(StrEnum):
    """What the present instant is worth to retention."""

    RIGHT = "right"
    FIRST = "first"  # there is nothing to compare with: look, and erase nothing
    AHEAD = "ahead"
    BEHIND = "behind"


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """What the rules must say of one that was closed on a day; executed by `check`."""

    __pydantic_config__ = _STRICT
    organisation: OrganisationId
    closed: date
    on: date
    erased: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How long a class is kept by these organisations; by none named, by all that no other rule names.

    `days` count from the day of closing. Without the number of a decision nothing is erased.
    """

    __pydantic_config__ = _STRICT
    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
    covers: RetentionClass
    organisations: tuple[OrganisationId, ...] = ()
    days: _Days | None = None
    decision: _Number | None = None
    needs_lawyer: bool = False  # nobody has said which period the law asks for
    basis: _Text
    because: _Text
    examples: Annotated[tuple[Example, ...], Field(min_length=1, max_length=64)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """A decision that some organisations have taken on a class: its number, and how many days it gives."""

    __pydantic_config__ = _STRICT
    covers: RetentionClass
    organisations: Annotated[tuple[OrganisationId, ...], Field(min_length=1)]
    number: _Number
    days: _Days


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A period that may be applied: the decision's number, and days from the day of closing."""

    decision: str
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionPolicy:
    """The rules, and what they come to: None where a rule speaks and nothing is decided; None as organisation: all."""

    rules: tuple[Rule, ...]
    terms: Mapping[tuple[RetentionClass, OrganisationId | None], Term | None]


def class_of(c: Consultation) -> RetentionClass:
    """Which class a consultation belongs to: the strictest that anything in it calls for."""
    if c.identified:
        return RetentionClass.IDENTIFIED
    return RetentionClass.LIBRARY if c.request is None and c.room is None else RetentionClass.UNNAMED


def term(policy: RetentionPolicy, organisation: OrganisationId, covers: RetentionClass) -> Term | None:
    """What the organisation has decided on the class; None for nothing. A rule that names it outranks the general."""
    if (covers, organisation) in policy.terms:
        return policy.terms[covers, organisation]
    return policy.terms.get((covers, None))


def deciding(policy: RetentionPolicy, organisations: Iterable[OrganisationId]) -> frozenset[OrganisationId]:
    """Those of the organisations that have decided on any class at all."""
    return frozenset(o for o in organisations if any(term(policy, o, covers) for covers in RetentionClass))


def shortest(policy: RetentionPolicy) -> timedelta | None:
    """The shortest period of any decision; None when there is none."""
    days = [found.days for found in policy.terms.values() if found is not None]
    return timedelta(days=min(days)) if days else None


def stays(
    policy: RetentionPolicy,
    covers: RetentionClass,
    concerned: AbstractSet[OrganisationId],
    *,
    closed: datetime,
    today: date,
) -> Stays | None:
    """Why it is not erased today, as far as rules say; None when its time is over for everybody concerned.

    Every authority with entries about it must have decided, and the longest of their periods counts.
    """
    terms = [term(policy, organisation, covers) for organisation in concerned]
    if not terms or None in terms:
        return Stays.NO_DECISION
    days = max(found.days for found in terms if found is not None)
    return None if is_over(local_day(closed), days, today) else Stays.NOT_OVER


def is_over(closed: date, days: int, today: date) -> bool:
    """Whether that many whole days lie between the day of closing and today."""
    return (today - closed).days > days


def with_decisions(policy: RetentionPolicy, decisions: Iterable[Decided]) -> RetentionPolicy:
    """The policy where these were decided as well: how a demo has decisions that the files of others have not."""
    added: dict[tuple[RetentionClass, OrganisationId | None], Term | None] = {
        (one.covers, name): Term(decision=one.number, days=one.days)
        for one in decisions
        for name in one.organisations
    }
    return replace(policy, terms={**policy.terms, **added})


def trust(looked: datetime | None, now: datetime) -> Trust:
    """Whether retention may act on this instant, `looked` being the latest it has acted on.

    A clock set years ahead must not erase everything, nor one set back and right again pass for such.
    """
    if looked is None:
        return Trust.FIRST
    if now - looked > LEAP:
        return Trust.AHEAD
    return Trust.BEHIND if looked - now > SLIP else Trust.RIGHT


def is_time(looked: datetime | None, now: datetime) -> bool:
    """Whether the daily run is due: once each Swedish day, at the quiet hour or, should it be missed, after it."""
    wall = now.astimezone(STOCKHOLM)
    return looked is None or (wall.date() > local_day(looked) and wall.time() >= QUIET)


def is_quiet(now: datetime) -> bool:
    """Whether the quiet hour is now."""
    return now.astimezone(STOCKHOLM).hour == QUIET.hour
