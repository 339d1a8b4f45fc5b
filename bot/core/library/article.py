"""One article of the library: what it says, where that stands, and whether it may be given as an answer today."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.core.errors import BadContent
from bot.core.ids import ArticleId
from bot.core.library import strict
from bot.core.library.front import ApprovedBy, Front

FENCE = "---\n"
LOCAL_FIELD = re.compile(r"\{([a-z][a-z_]*)\}")
MAX_TEXT = 20_000  # characters in a file
UNSEEN = frozenset({"Cc", "Cf"})  # Unicode's control and format signs: what is read must be what is checked
MAX_BODY = 1_500  # characters; an answer is read on a phone


class Stop(StrEnum):
    """What the reader must do before reading on."""

    EMERGENCY = "112"
    JOUR = "jour"
    LEADER = "ful"  # ask the preliminary investigation's leader, the prosecutor or the officer in charge


class Status(StrEnum):
    """How far an article has come."""

    DRAFT = "draft"
    APPROVED = "approved"
    NEEDS_LAWYER = "needs_lawyer"


class WithheldReason(StrEnum):
    """Why an article that fits is not given as an answer."""

    NEEDS_LAWYER = "needs_lawyer"
    EXPIRED = "expired"
    DRAFT = "draft"
    OTHER_ORG = "other_org"
    MISSING_FIELD = "missing_field"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a statement stands: a law with its sections ("SoL 19:1, 20:6"), a decision, a paper or a page."""

    title: str
    ref: str
    retrieved: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Who approved an article: the role, never a name, and the day."""

    role: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An answer with everything that makes it trustworthy.

    `law_as_of` is the day of the oldest law text it rests on, None where no law is cited. `reviewed` is the day the text
    was last compared with its sources; after `review_in` more it has expired. `org` is the organisation or group it
    is for, None for all. `needs` names the local fields that the body cannot do without.
    """

    id: ArticleId
    title: str
    questions: tuple[str, ...]
    keywords: tuple[str, ...]
    stop: Stop | None
    sources: tuple[Source, ...]
    status: Status
    approved_by: Approval | None
    law_as_of: date | None
    reviewed: date
    review_in: timedelta
    owner: str
    org: str | None
    related: tuple[ArticleId, ...]
    aliases: tuple[ArticleId, ...]
    body: str
    needs: frozenset[str]
    path: str


def parse(text: str, path: str) -> Article:
    """The article in `text`, which `path` names. Raises BadContent, one line per fault: path, field, reason."""
    front_text, body = _halves(text, path)
    front = strict.read(Front, front_text, path)
    return Article(
        id=ArticleId(front.id),
        title=front.title,
        questions=tuple(front.questions),
        keywords=tuple(front.keywords),
        stop=None if front.stop is None else Stop(front.stop),
        sources=tuple(Source(title=one.title, ref=one.ref, retrieved=one.retrieved) for one in front.sources),
        status=Status(front.status),
        approved_by=_approval(front.approved_by),
        law_as_of=front.law_as_of,
        reviewed=front.reviewed,
        review_in=timedelta(days=front.review_in),
        owner=front.owner,
        org=front.org,
        related=tuple(ArticleId(one) for one in front.related),
        aliases=tuple(ArticleId(one) for one in front.aliases),
        body=body,
        needs=frozenset(LOCAL_FIELD.findall(body)),
        path=path,
    )


def readable(
    article: Article,
    *,
    today: date,
    org: frozenset[str] | None,
    drafts_allowed: bool,
    fields: Mapping[str, str],
) -> WithheldReason | None:
    """None when the article may be given as an answer, else why not.

    `org` holds the ids that count as here (the organisation and its group); None is everywhere. `fields` are the
    organisation's own values; an empty one is missing.
    """
    if article.status is Status.NEEDS_LAWYER:
        return WithheldReason.NEEDS_LAWYER
    if today > article.reviewed + article.review_in:
        return WithheldReason.EXPIRED
    if article.status is Status.DRAFT and not drafts_allowed:
        return WithheldReason.DRAFT
    if not is_for(article, org):
        return WithheldReason.OTHER_ORG
    if any(not fields.get(name, "").strip() for name in article.needs):
        return WithheldReason.MISSING_FIELD
    return None


def is_for(article: Article, org: frozenset[str] | None) -> bool:
    """Whether the article is meant for this place: articles without `org` are for all."""
    return article.org is None or org is None or article.org in org


def filled(article: Article, fields: Mapping[str, str]) -> str:
    """The body with the organisation's own values in place; call it only when `readable` says None."""
    return LOCAL_FIELD.sub(lambda match: fields[match.group(1)].strip(), article.body)


def _halves(text: str, path: str) -> tuple[str, str]:
    """The front matter and the body."""
    if len(text) > MAX_TEXT:
        raise BadContent(f"{path}: file: is longer than {MAX_TEXT} characters")
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if any(unicodedata.category(sign) in UNSEEN and sign != "\n" for sign in plain):
        raise BadContent(f"{path}: file: has a sign that nobody sees (a tab, a control or a format sign)")
    front, fence, body = plain.removeprefix(FENCE).partition("\n" + FENCE)
    if not plain.startswith(FENCE) or not fence:
        raise BadContent(f"{path}: file: must open with front matter between two lines of ---")
    body = body.strip()
    if not body or len(body) > MAX_BODY:
        raise BadContent(f"{path}: body: must have 1 to {MAX_BODY} characters")
    if re.search(r"[{}]", LOCAL_FIELD.sub("", body)):
        raise BadContent(f"{path}: body: has a brace that is of no local field, as {{jour_number}}")
    return front, body


def _approval(raw: ApprovedBy | None) -> Approval | None:
    return None if raw is None else Approval(role=raw.role, on=raw.date)
