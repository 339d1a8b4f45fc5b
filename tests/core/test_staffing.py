"""Posts over time: how many there were on each day, whether that changed, and what is refused."""

import itertools
import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import BadInput
from bot.core.ids import OrganisationId
from bot.core.organisation_file import read_structure
from bot.core.people import Role
from bot.core.staffing import (
    Post,
    PostId,
    is_constant,
    levels,
    post_faults,
    post_from_json,
    post_to_dict,
    posts_on,
)

FOLDER = Path(__file__).parents[2] / "policies/organisations"
STRUCTURE = read_structure({path.name: path.read_text("utf-8") for path in FOLDER.glob("*.yaml")})
FIRST = date(2020, 1, 1)
DAYS = st.integers(0, 3000).map(lambda days: FIRST + timedelta(days=days))
POST = Post(
    id=PostId("p1"),
    organisation=OrganisationId("farsta"),
    function=Role.SOCIAL_WORKER,
    percent=20,
    placement="myndighetsutövning",
    since=date(2022, 1, 1),
    basis="004",
)
POSTS = st.builds(
    lambda since, span, percent: replace(
        POST, since=since, until=since + timedelta(days=span) if span else None, percent=percent
    ),
    DAYS,
    st.integers(0, 2000),
    st.integers(1, 100),
)


@given(posts=st.lists(POSTS, max_size=6), day=DAYS)
def test_levels_say_what_counting_on_that_day_says(posts: list[Post], day: date) -> None:
    """The chart and the count of one day never disagree."""
    there = posts_on(posts, day)
    before = [level for level in levels(posts) if level.since <= day]
    counted = (len(there), sum(post.percent for post in there))
    assert counted == ((before[-1].posts, before[-1].percent) if before else (0, 0))


@given(posts=st.lists(POSTS, min_size=1, max_size=6))
def test_each_level_differs_from_the_one_before(posts: list[Post]) -> None:
    """A day on which one post follows another is no change."""
    found = levels(posts)
    assert all((a.posts, a.percent) != (b.posts, b.percent) for a, b in itertools.pairwise(found))
    assert is_constant(posts) is (len(found) == 1)


def test_one_post_that_moves_is_constant() -> None:
    """Row 7: Hässelby-Vällingby's moved to another part of the organisation, and stayed one."""
    moved = [replace(POST, until=date(2023, 11, 1)), replace(POST, since=date(2023, 11, 1))]
    assert is_constant(moved)
    assert is_constant([])


def test_a_post_can_be_written_and_read_again() -> None:
    """What the ledger and the database keep is the post."""
    assert post_from_json(json.dumps(post_to_dict(POST))) == POST


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"percent": 0}, "percent"),
        ({"percent": 101}, "percent"),
        ({"percent": "20"}, "percent"),
        ({"function": "mayor"}, "function"),
        ({"placement": ""}, "placement"),
        ({"placement": "x" * 81}, "placement"),
        ({"placement": "<b>"}, "placement"),
        ({"basis": "a\nb"}, "basis"),
        ({"since": "20220101"}, "since"),
        ({"mayor": 1}, "mayor"),
        ({"id": "P 1"}, "id"),
    ],
)
def test_a_post_that_is_unclear_is_refused_by_its_field(change: dict[str, object], fault: str) -> None:
    """Nothing is guessed, and what was written is not repeated."""
    with pytest.raises(BadInput, match=fault) as told:
        post_from_json(json.dumps({**post_to_dict(POST), **change}))
    assert "<b>" not in str(told.value)


@pytest.mark.parametrize(
    ("post", "fault"),
    [
        (replace(POST, organisation=OrganisationId("moon")), "organisation: there is no such board or jour"),
        (
            replace(POST, organisation=OrganisationId("polisen")),
            "organisation: there is no such board or jour",
        ),
        (replace(POST, since=date(2018, 1, 1)), "since: the organisation does not exist on that day"),
        (
            replace(POST, organisation=OrganisationId("rinkeby-kista")),
            "until: the organisation ends before that",
        ),
        (replace(POST, function=Role.OFFICER), "function: no such function sits with the police"),
        (replace(POST, until=date(2022, 1, 1)), "until: must be a later day than since"),
        (replace(POST, until=date(2100, 1, 1)), "since: the year is outside 2000-2099"),
    ],
)
def test_a_post_that_does_not_hold_is_told(post: Post, fault: str) -> None:
    """Against the map and the calendar; the plain one has no fault."""
    assert fault in list(post_faults(STRUCTURE, post))
    assert list(post_faults(STRUCTURE, POST)) == []
