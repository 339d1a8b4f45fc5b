"""What the routes of posts take and give."""

from datetime import date
from typing import Annotated

from pydantic import Field

from bot.core.people import Role
from bot.web.shapes import Strict

_Line = Annotated[str, Field(min_length=1, max_length=120)]


class PostBody(Strict):
    """A post as it is to be kept; the same id again changes it. `until`: the first day it does not exist any more."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
    function: Role
    percent: Annotated[int, Field(ge=1, le=100)]
    placement: Annotated[str, Field(min_length=1, max_length=80)]
    since: date
    until: date | None = None
    basis: _Line


class PostAnswer(PostBody):
    """A post, and whose it is."""

    organisation: str


class LevelAnswer(Strict):
    """From that day on so many posts, together so many percent of full time."""

    since: date
    posts: int
    percent: int


class StaffingAnswer(Strict):
    """All posts of one organisation, and how many there were over time."""

    organisation: str
    posts: list[PostAnswer]
    levels: list[LevelAnswer]
    constant: bool


class PostKept(Strict):
    """That it was kept."""

    post: str


class PostRemoved(Strict):
    """That it was taken away."""

    post: str
