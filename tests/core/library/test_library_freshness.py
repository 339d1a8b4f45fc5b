"""Freshness: an article that has passed its day is withheld, named once, and belongs to somebody."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ids import ArticleId, OrganisationId, PersonId
from bot.core.library.article import Article, WithheldReason, parse, readable
from bot.core.library.freshness import (
    ahead_faults,
    expired,
    expiry_faults,
    is_time,
    keepers,
    last_day,
    role_of,
    untold,
)
from bot.core.organisation_file import read_structure
from bot.core.people import Person, Posting, Role, Vetting, VettingState
from bot.core.places import Structure

ROOT = Path(__file__).parents[3]
PATH = "knowledge/sv/akut-barn/hur-lange-12-paragrafen.md"
ARTICLE = replace(parse((ROOT / PATH).read_text(encoding="utf-8"), PATH), org=None, owner="redaktionen")
TODAY = date(2027, 1, 1)
NOON = datetime(2027, 1, 1, 11, 0, tzinfo=UTC)


def aged(days: int, **changes: object) -> Article:
    """An article whose last day was so many days before TODAY."""
    reviewed = TODAY - ARTICLE.review_in - timedelta(days=days)
    return replace(ARTICLE, reviewed=reviewed, **changes)  # type: ignore[arg-type]


@given(st.integers(min_value=-400, max_value=400))
def test_expired_is_what_is_withheld(days: int) -> None:
    """The owner is told of exactly what officers are not given any more."""
    article = aged(days)
    why = readable(article, today=TODAY, org=None, drafts_allowed=True, fields={})
    assert (why is WithheldReason.EXPIRED) is bool(expired([article], TODAY)) is (days > 0)
    assert bool(list(expiry_faults([article], TODAY))) is (days > 0)


def test_once_for_each_article_and_last_day() -> None:
    """What somebody was told of is not told again; after a new review it can expire anew."""
    first = expired([aged(1)], TODAY)
    told = {(one.article, one.last) for one in first}
    assert untold(first, set()) == first
    assert untold(first, told) == ()
    assert untold(expired([aged(2)], TODAY), told) != ()
    assert first[0].last == last_day(aged(1)) == TODAY - timedelta(days=1)


def test_expiries_stand_in_the_order_of_ids() -> None:
    """The same files always make the same notice."""
    found = expired([aged(1, id=ArticleId("B02")), aged(1, id=ArticleId("A01"))], TODAY)
    assert [one.article for one in found] == ["A01", "B02"]


@pytest.mark.parametrize(
    ("owner", "role"),
    [("redaktionen", Role.CURATOR), ("Juristen", Role.LAWYER), ("barn- och ungdomsenheten", Role.CURATOR)],
)
def test_every_owner_is_a_role(owner: str, role: Role) -> None:
    """Nobody's article is the curators'."""
    assert role_of(owner) is role


@pytest.fixture(scope="module")
def structure() -> Structure:
    """The real organisations."""
    paths = sorted((ROOT / "policies/organisations").glob("*.yaml"))
    return read_structure({p.relative_to(ROOT).as_posix(): p.read_text(encoding="utf-8") for p in paths})


def person(name: str, organisation: str, role: Role = Role.CURATOR, **changes: object) -> Person:
    """Somebody with one posting."""
    posting = Posting(
        organisation=OrganisationId(organisation), role=role, valid_from=date(2024, 1, 1), valid_to=None
    )
    vetting = Vetting(state=VettingState.CLEARED, since=date(2024, 1, 1))
    made = Person(id=PersonId(name), name="Tora Provsson", vetting=vetting, postings=(posting,))
    return replace(made, **changes)  # type: ignore[arg-type]


EVERYBODY = (
    person("p-malmo", "malmo"),
    person("p-farsta", "farsta"),
    person("p-lawyer", "malmo", Role.LAWYER),
    person("p-officer", "polisen", Role.OFFICER),
    person("p-away", "malmo", active=False),
)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"org": "malmo"}, {"p-malmo"}),
        ({"org": "stockholm"}, {"p-farsta"}),
        ({"org": None}, {"p-malmo", "p-farsta"}),
        ({"org": "bromma"}, {"p-malmo", "p-farsta"}),
        ({"owner": "juristen", "org": "farsta"}, {"p-lawyer"}),
    ],
)
def test_the_keepers_are_near_else_anywhere(
    structure: Structure, changes: dict[str, object], told: set[str]
) -> None:
    """Whoever keeps the article is told, of where it is for; where nobody keeps it there, all of that role."""
    (expiry,) = expired([aged(1, **changes)], TODAY)
    assert keepers(expiry, EVERYBODY, structure, NOON) == told


def test_a_posting_that_is_over_keeps_nothing(structure: Structure) -> None:
    """Yesterday's curator is not told."""
    (posting,) = EVERYBODY[0].postings
    gone = replace(EVERYBODY[0], postings=(replace(posting, valid_to=TODAY),))
    (expiry,) = expired([aged(1, org="malmo")], TODAY)
    assert keepers(expiry, [gone], structure, NOON) == frozenset()


def test_nobody_is_told_at_night() -> None:
    """What can wait waits until eight, Swedish time, in summer too."""
    assert not is_time(datetime(2027, 1, 1, 6, 59, tzinfo=UTC))
    assert is_time(datetime(2027, 1, 1, 7, 0, tzinfo=UTC))
    assert not is_time(datetime(2027, 7, 1, 5, 59, tzinfo=UTC))
    assert is_time(datetime(2027, 7, 1, 6, 0, tzinfo=UTC))


def test_what_has_not_come_yet_was_not_done() -> None:
    """A date after today is told with its field; today itself is not."""
    ahead = replace(ARTICLE, reviewed=TODAY + timedelta(days=1))
    assert list(ahead_faults([ahead], TODAY)) == [f"{PATH}: reviewed: 2027-01-02 has not come yet"]
    assert list(ahead_faults([ahead], TODAY + timedelta(days=1))) == []
