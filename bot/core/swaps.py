"""Swaps: somebody offers a stretch of a shift, alone or for another, and somebody else says yes or no.

Whoever proposes has said yes; the other must. Until then nothing changes: whoever holds a shift is on duty.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final, NewType

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from bot.core.booking import Book, Refusal, Refused, near, only_holder, stretch
from bot.core.errors import BadInput
from bot.core.ids import PersonId
from bot.core.parts import Part, Span
from bot.core.roster import ShiftKey
from bot.core.shift_changes import Change, Stamp, swap, take_over

SwapId = NewType("SwapId", str)

MOST: Final = 20  # proposals of one person that wait
_STRICT: Final = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)
_Name = Annotated[str, Field(min_length=1, max_length=64)]


class SwapState(StrEnum):
    """How a proposal stands. The values go into rows and the ledger: add, never rename."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    VOID = "void"  # what it was about has changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """A proposal: `giver` lets `taker` (None: whoever says yes first) have `gives`, and gets `returns` for it, if anything.

    `by` proposed it, one of the two.
    """

    __pydantic_config__ = _STRICT
    id: Annotated[SwapId, Field(min_length=1, max_length=64)]
    giver: PersonId
    gives: Span
    taker: PersonId | None
    returns: Span | None
    by: PersonId
    made: datetime
    state: SwapState = SwapState.PROPOSED
    answered: datetime | None = None
    answerer: _Name | None = None

    def __post_init__(self) -> None:
        """Refuse times that are no instants."""
        if any(at is not None and at.utcoffset() is None for at in (self.made, self.answered)):
            raise BadInput("A time without a zone is no instant.")

    @property
    def asked(self) -> PersonId | None:
        """Who is to answer; None: whoever can take it."""
        return self.taker if self.by == self.giver else self.giver

    @property
    def spans(self) -> tuple[Span, ...]:
        """Every stretch that it is about."""
        return (self.gives,) if self.returns is None else (self.gives, self.returns)

    @property
    def begins(self) -> datetime:
        """When the first of them begins."""
        return min(span.starts for span in self.spans)

    @property
    def waits(self) -> bool:
        """Whether nobody has answered yet."""
        return self.state is SwapState.PROPOSED


_SWAP: Final = TypeAdapter(Swap)


def proposed(book: Book, new: Swap, others: Iterable[Swap]) -> Swap:
    """The proposal, if it could be agreed upon now and none that waits is about any of it. Raises Refused."""
    waiting = [one for one in others if one.waits]
    if any(_touch(mine, theirs) for one in waiting for mine in new.spans for theirs in one.spans):
        raise Refused(Refusal.PROPOSED)
    if len([one for one in waiting if one.by == new.by]) >= MOST:
        raise Refused(Refusal.TOO_MANY)
    if new.by not in (new.giver, new.taker) or new.giver == new.taker:
        raise Refused(Refusal.NOT_ASKED)
    if new.taker is None:
        if only_holder(stretch(book, new.gives)) != new.giver or new.returns is not None:
            raise Refused(Refusal.NOT_HELD)
        return new
    _change(book, new, new.taker, Stamp(id=new.id, by=new.by))
    return new


def agreed(book: Book, one: Swap, by: PersonId, stamp: Stamp) -> tuple[Swap, Change]:
    """Somebody says yes: judged anew, by who holds what now. Raises Refused."""
    _check_asked(one, by)
    taker = one.taker if one.taker is not None else by
    change = _change(book, one, taker, stamp)
    return replace(_ended(one, SwapState.AGREED, book.now, by), taker=taker), change


def refused(one: Swap, by: PersonId, at: datetime) -> Swap:
    """Whoever was asked says no. Raises Refused."""
    _check_asked(one, by)
    if one.asked is None:
        raise Refused(Refusal.NOT_ASKED)
    return _ended(one, SwapState.REFUSED, at, by)


def withdrawn(one: Swap, by: PersonId, at: datetime) -> Swap:
    """Whoever proposed it takes it back. Raises Refused."""
    if not one.waits:
        raise Refused(Refusal.ANSWERED)
    if by != one.by:
        raise Refused(Refusal.NOT_ASKED)
    return _ended(one, SwapState.WITHDRAWN, at, by)


def voided(one: Swap, book: Book) -> Swap | None:
    """The proposal as void, when one of the two no longer holds what they would give; None: it still may be agreed on."""
    owners = zip(one.spans, (one.giver, one.taker), strict=False)
    try:
        if all(only_holder(stretch(book, span)) == owner for span, owner in owners):
            return None
    except Refused as error:
        if error.why is Refusal.OVER:
            return None  # it has passed: nobody need be told
    return _ended(one, SwapState.VOID, book.now, "")


def renamed(one: Swap, names: Mapping[ShiftKey, ShiftKey]) -> Swap:
    """The same proposal, where a calendar has given shifts new names."""
    gives = replace(one.gives, shift=names.get(one.gives.shift, one.gives.shift))
    if one.returns is None:
        return replace(one, gives=gives)
    return replace(
        one,
        gives=gives,
        returns=replace(one.returns, shift=names.get(one.returns.shift, one.returns.shift)),
    )


def open_to(book: Book, person: PersonId, found: Iterable[Swap]) -> tuple[Swap, ...]:
    """The proposals that this person could say yes to, in order of beginning."""
    could = (one for one in found if one.waits and max(s.ends for s in one.spans) > book.now)
    return tuple(
        sorted((one for one in could if _could(close(book, one), one, person)), key=lambda one: one.begins)
    )


def close(book: Book, one: Swap) -> Book:
    """The book of what a proposal is about, alone: to judge it for many."""
    return near(book, *((span.starts, span.ends) for span in one.spans))


def free_to(book: Book, person: PersonId) -> tuple[Part, ...]:
    """The parts that nobody holds and that this person could take, in order of beginning."""
    ahead = (part for part in book.parts if part.person is None and part.ends > book.now)
    return tuple(part for part in ahead if _can_take(book, part, person))


def swap_to_dict(one: Swap) -> dict[str, object]:
    """The proposal as plain JSON values."""
    plain: dict[str, object] = _SWAP.dump_python(one, mode="json")
    return plain


def swap_from_dict(plain: Mapping[str, object]) -> Swap:
    """A proposal from plain JSON values, strictly; BadInput otherwise."""
    try:
        return _SWAP.validate_json(json.dumps(plain))
    except (ValidationError, TypeError, ValueError):
        raise BadInput("A swap has a field that is missing, unknown or of the wrong kind.") from None


def _check_asked(one: Swap, by: PersonId) -> None:
    if not one.waits:
        raise Refused(Refusal.ANSWERED)
    if one.asked not in (None, by) or by == one.by:
        raise Refused(Refusal.NOT_ASKED)


def _change(book: Book, one: Swap, taker: PersonId, stamp: Stamp) -> Change:
    if one.returns is None:
        return take_over(book, one.gives, taker, stamp, giver=one.giver)
    holders = (only_holder(stretch(book, one.gives)), only_holder(stretch(book, one.returns)))
    if holders != (one.giver, taker):
        raise Refused(Refusal.NOT_HELD)
    return swap(book, one.gives, one.returns, stamp)


def _could(book: Book, one: Swap, person: PersonId) -> bool:
    try:
        agreed(book, one, person, Stamp(id=one.id, by=person))
    except Refused:
        return False
    return True


def _can_take(book: Book, part: Part, person: PersonId) -> bool:
    try:
        take_over(book, part.span, person, Stamp(id="", by=person))
    except Refused:
        return False
    return True


def _ended(one: Swap, state: SwapState, at: datetime, by: str) -> Swap:
    return replace(one, state=state, answered=at, answerer=by or None)


def _touch(one: Span, other: Span) -> bool:
    return one.shift == other.shift and one.starts < other.ends and other.starts < one.ends
