"""Freshness: which articles have passed their day of review, who keeps them, and what is dated ahead of today."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from bot.core.hours import STOCKHOLM, holds, local_day
from bot.core.ids import ArticleId, OrganisationId, PersonId
from bot.core.library.article import Article
from bot.core.people import Person, Role
from bot.core.places import Structure

# Which role an article's owner is. Whoever is not named here is kept by the curators.
OWNERS: Final[Mapping[str, Role]] = {"redaktionen": Role.CURATOR, "juristen": Role.LAWYER}
MORNING: Final = 8  # the local hour before which nobody is told what can wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiry:
    """An article that is withheld since the day after `last`, the last day on which it was given."""

    article: ArticleId
    last: date
    owner: str
    org: str | None


def last_day(article: Article) -> date:
    """The last day on which the article may be given as an answer without being compared with its sources again."""
    return article.reviewed + article.review_in


def expired(articles: Iterable[Article], today: date) -> tuple[Expiry, ...]:
    """Every article whose last day is over, by id. A new review gives an article a new last day, hence a new expiry."""
    found = (
        Expiry(article=one.id, last=last_day(one), owner=one.owner, org=one.org)
        for one in articles
        if last_day(one) < today
    )
    return tuple(sorted(found, key=lambda expiry: expiry.article))


def untold(expiries: Iterable[Expiry], told: Collection[tuple[ArticleId, date]]) -> tuple[Expiry, ...]:
    """Those of which nobody has been told yet: one article, one last day, one notice."""
    return tuple(one for one in expiries if (one.article, one.last) not in told)


def role_of(owner: str) -> Role:
    """Who keeps the articles of that owner."""
    return OWNERS.get(owner.casefold(), Role.CURATOR)


def keepers(
    expiry: Expiry, everybody: Iterable[Person], structure: Structure, at: datetime
) -> frozenset[PersonId]:
    """Whoever keeps the article on that day: its owner's role where it is for, else that role anywhere."""
    role, day = role_of(expiry.owner), local_day(at)
    posted = {
        person.id: {
            p.organisation for p in person.postings if p.role is role and holds(day, p.valid_from, p.valid_to)
        }
        for person in everybody
        if person.active
    }
    here = _organisations(expiry.org, structure)
    near = frozenset(person for person, where in posted.items() if where & here)
    return near or frozenset(person for person, where in posted.items() if where)


def is_time(at: datetime) -> bool:
    """Whether it is late enough in the day to tell somebody what can wait."""
    return at.astimezone(STOCKHOLM).hour >= MORNING


def expiry_faults(articles: Iterable[Article], today: date) -> Iterator[str]:
    """That an article has passed its day: "path: review_in: reason"."""
    for article in articles:
        if last_day(article) < today:
            yield (
                f"{article.path}: review_in: has expired, {last_day(article)} was its last day: "
                "compare it with its sources, then change reviewed"
            )


def ahead_faults(articles: Iterable[Article], today: date) -> Iterator[str]:
    """What says that it was done on a day that has not come: "path: field: reason"."""
    for article in articles:
        days = [(f"sources.{n}.retrieved", source.retrieved) for n, source in enumerate(article.sources)]
        days.append(("reviewed", article.reviewed))
        if article.law_as_of is not None:
            days.append(("law_as_of", article.law_as_of))
        if article.approved_by is not None:
            days.append(("approved_by.date", article.approved_by.on))
        for field, day in days:
            if day > today:
                yield f"{article.path}: {field}: {day} has not come yet"


def _organisations(org: str | None, structure: Structure) -> frozenset[OrganisationId]:
    """Where an article is for: an organisation, the members of a group, or everywhere."""
    if org is None:
        return frozenset(structure.organisations)
    groups = {str(id_): group.members for id_, (_, group) in structure.groups.items()}
    return frozenset(groups.get(org, (OrganisationId(org),)))
