"""Staffing: which posts of socialsekreterare hos polisen a board has had, since when, how much, and where placed.

Posts, not people and not clients: nothing here is about anybody, so small counts are shown as they are. Days are
Swedish and half-open: `until` is the first day on which a post no longer exists.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Annotated, Final, NewType

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from bot.core.errors import BadInput
from bot.core.hours import FIRST_YEAR, LAST_YEAR, holds
from bot.core.ids import OrganisationId
from bot.core.people import Role
from bot.core.places import Kind, Structure
from bot.core.shown import shown

PostId = NewType("PostId", str)

MOST_POSTS: Final = 500  # of one organisation, over all years
POSTED: Final = frozenset({Role.SOCIAL_WORKER, Role.SIG_COORDINATOR, Role.OUTREACH, Role.JOUR})
_NO_MARKUP: Final = r"^[^<>{}@\x00-\x1f]+$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One post. `percent` of full time; `placement`: where in the organisation; `basis`: the decision or the paper."""

    __pydantic_config__ = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)
    id: Annotated[PostId, Field(pattern=r"^[a-z0-9-]{1,40}$")]
    organisation: OrganisationId
    function: Role
    percent: Annotated[int, Field(ge=1, le=100)]
    placement: Annotated[str, Field(min_length=1, max_length=80, pattern=_NO_MARKUP)]
    since: date
    basis: Annotated[str, Field(min_length=1, max_length=120, pattern=_NO_MARKUP)]
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """From `since` on, until the next level: so many posts, together so many percent of full time."""

    since: date
    posts: int
    percent: int


_POST: Final = TypeAdapter(Post)


def post_to_dict(post: Post) -> dict[str, object]:
    """The post as plain JSON values; `post_from_json` gives back an equal one."""
    plain: dict[str, object] = _POST.dump_python(post, mode="json")
    return plain


def post_from_json(text: str | bytes) -> Post:
    """A post from a JSON object: nothing unknown, nothing of the wrong type; BadInput names the fields."""
    try:
        return _POST.validate_json(text)
    except ValidationError as error:
        lines = error.errors(include_input=False, include_url=False, include_context=False)
        raise BadInput("; ".join(f"{shown(line['loc'], 'post')}: {line['msg']}" for line in lines)) from None


def post_faults(structure: Structure, post: Post) -> Iterator[str]:
    """What does not hold between a post and the places, as "field: reason"."""
    own = structure.organisations.get(post.organisation)
    if own is None or own.kind is Kind.POLICE:
        yield "organisation: there is no such board or jour"
    elif not holds(post.since, own.valid_from, own.valid_to):
        yield "since: the organisation does not exist on that day"
    elif own.valid_to is not None and (post.until is None or post.until > own.valid_to):
        yield "until: the organisation ends before that"
    if post.function not in POSTED:
        yield "function: no such function sits with the police"
    if post.until is not None and post.until <= post.since:
        yield "until: must be a later day than since"
    if not FIRST_YEAR <= post.since.year <= (post.until or post.since).year <= LAST_YEAR:
        yield f"since: the year is outside {FIRST_YEAR}-{LAST_YEAR}"


def posts_on(posts: Iterable[Post], day: date) -> tuple[Post, ...]:
    """The posts that exist on a day."""
    return tuple(post for post in posts if holds(day, post.since, post.until))


def levels(posts: Sequence[Post]) -> tuple[Level, ...]:
    """How many there were over time: one level for each day on which the number or the percent changed."""
    days = sorted({post.since for post in posts} | {post.until for post in posts if post.until is not None})
    found = [_level(posts, day) for day in days]
    kept = found[:1] + [after for before, after in pairwise(found) if _size(after) != _size(before)]
    return tuple(kept)


def is_constant(posts: Sequence[Post]) -> bool:
    """Whether there were as many from the first day on."""
    return len(levels(posts)) <= 1


def _level(posts: Sequence[Post], day: date) -> Level:
    there = posts_on(posts, day)
    return Level(since=day, posts=len(there), percent=sum(post.percent for post in there))


def _size(level: Level) -> tuple[int, int]:
    return level.posts, level.percent
