"""Rosters that are fetched from elsewhere: where they are, when to look again, and when what was found is too old."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NewType
from urllib.parse import urlsplit

from bot.core.errors import BadInput, Unavailable
from bot.core.ids import OrganisationId

FeedId = NewType("FeedId", str)  # UUIDv7

EVERY: Final = timedelta(minutes=15)  # between looks, unless it is said otherwise
OFTEN: Final = timedelta(minutes=5)
SELDOM: Final = timedelta(hours=12)
WHOLE: Final = timedelta(
    hours=12
)  # after which it is read again from the first line: recurrences reach further by then
NOTED: Final = timedelta(hours=1)  # a look that changes nothing is written down no more often
STALE: Final = timedelta(hours=24)  # without a good look: coordinators are told
ALARMED: Final = timedelta(hours=72)  # likewise: supervisors
MAX_URL: Final = 2_000  # characters
MAX_TAG: Final = 200  # characters of an ETag or a date that is sent back
MOST_FEEDS: Final = 8  # of one organisation
_LABEL: Final = re.compile(r"[^\W_][\w .,:()/-]{0,59}")
_HOST: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:.]{2,45}", re.ASCII)


class Format(StrEnum):
    """How a roster is written."""

    ICS = "ics"
    CSV = "csv"


class Outcome(StrEnum):
    """What came of a look. The values go into rows and the ledger: add, never rename."""

    GOOD = "good"  # the roster stands as the feed says
    UNREACHABLE = "unreachable"  # no answer, too slow, or broken off
    REFUSED = "refused"  # another status than 200 and 304
    MOVED = "moved"  # it names another address, which nobody has vouched for
    FORBIDDEN = "forbidden"  # its address lies inside a network, or on this very machine
    TOO_LARGE = "too_large"
    NOT_A_ROSTER = "not_a_roster"  # a page, half a file, or packed
    FAULTS = "faults"  # a roster, and something in it cannot be
    EMPTY = "empty"  # no shift ahead where there were some


class NotFetched(Unavailable):
    """A feed gave nothing that could be used."""

    def __init__(self, outcome: Outcome, faults: str = "") -> None:
        """`faults`: lines for whoever keeps the roster; never content."""
        super().__init__(faults or f"the feed cannot be used: {outcome}")
        self.outcome = outcome
        self.faults = tuple(faults.splitlines())


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A roster of one organisation that is fetched. `ended`: from then on it is not looked at."""

    id: FeedId
    organisation: OrganisationId
    label: str
    url: str = field(repr=False)  # whoever knows it can read the roster
    format: Format
    every: timedelta
    made: datetime
    by: str
    ended: datetime | None = None

    @property
    def source(self) -> str:
        """What its roster is called among the organisation's."""
        return f"feed:{self.id}"

    @property
    def host(self) -> str:
        """Where it is, without what is secret."""
        return urlsplit(self.url).hostname or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What came of looking at a feed. `etag`, `modified`, `digest`: of what was good last, empty without."""

    feed: FeedId
    at: datetime
    outcome: Outcome
    since: datetime  # when the outcome became this
    good: datetime | None = None  # when it was last as it should be
    whole: datetime | None = None  # when it was last read from the first line to the last
    etag: str = ""
    modified: str = ""
    digest: str = ""
    shifts: int = 0
    faults: int = 0
    told: int = 0  # to how many rounds of people it was told that it is stale


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What one look found. `whole`: it was read from the first line, and these are what it says."""

    outcome: Outcome
    whole: bool = False
    etag: str = ""
    modified: str = ""
    digest: str = ""
    shifts: int = 0
    faults: int = 0


def check_feed(feed: Feed, inside: frozenset[str] = frozenset()) -> None:
    """Raise BadInput for an address or a rhythm that is not taken. `inside`: as `check_address`."""
    if not _LABEL.fullmatch(feed.label):
        raise BadInput("label: is one line of at most 60 letters and digits")
    if not OFTEN <= feed.every <= SELDOM:
        raise BadInput(
            f"every: is {OFTEN // timedelta(minutes=1)} to {SELDOM // timedelta(minutes=1)} minutes"
        )
    check_address(feed.url, inside)


def check_address(url: str, inside: frozenset[str] = frozenset()) -> None:
    """Raise BadInput, which never repeats the address, unless it is https and names a host and nobody's password.

    `inside`: hosts, with a port where it is not 443, that may lie in a network of one's own; those may also be http.
    """
    if len(url) > MAX_URL or not url.isascii() or not url.isprintable() or " " in url:
        raise BadInput(f"url: is one address of at most {MAX_URL} characters")
    try:
        parts = urlsplit(url)
        known = authority_of(url) in inside
    except ValueError:
        raise BadInput("url: is no address") from None
    if parts.scheme != "https" and not (known and parts.scheme == "http"):
        raise BadInput("url: begins with https://")
    if "@" in parts.netloc or parts.fragment or not _HOST.fullmatch(parts.hostname or ""):
        raise BadInput("url: names a host, without a user name and without #")


def authority_of(url: str) -> str:
    """Host, and port where it is not 443, in small letters. Raises ValueError for a port that is none."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return (parts.hostname or "") + ("" if port == 443 else f":{port}")


def is_due(feed: Feed, last: datetime | None, now: datetime) -> bool:
    """Whether to look now. `last`: the last look by this process; a clock that was set back is no reason to wait."""
    if feed.ended is not None:
        return False
    return last is None or not timedelta(0) <= now - last < feed.every


def wants_whole(look: Look | None, now: datetime) -> bool:
    """Whether the file must be read though it has not changed: what recurs reaches further as days go by."""
    return look is None or look.whole is None or not timedelta(0) <= now - look.whole < WHOLE


def looked(feed: Feed, before: Look | None, found: Found, now: datetime) -> Look:
    """What is known of a feed after a look: what was good stays known while it fails."""
    known = before or Look(feed=feed.id, at=now, outcome=found.outcome, since=now)
    since = known.since if known.outcome is found.outcome else now
    after = replace(known, at=now, outcome=found.outcome, since=since, faults=found.faults)
    if found.outcome is not Outcome.GOOD:
        return after
    after = replace(after, good=now, told=0)
    if not found.whole:
        return after
    return replace(
        after,
        whole=now,
        etag=found.etag,
        modified=found.modified,
        digest=found.digest,
        shifts=found.shifts,
    )


def is_news(before: Look | None, after: Look) -> bool:
    """Whether a look is written down: when it differs by more than its time, or an hour has passed."""
    if before is None or not timedelta(0) <= after.at - before.at < NOTED:
        return True
    return replace(after, at=before.at, good=before.good, whole=before.whole) != before


def age(feed: Feed, look: Look | None, now: datetime) -> timedelta:
    """How long there has been no good look."""
    good = look.good if look is not None and look.good is not None else feed.made
    return max(now - good, timedelta(0))


def rounds(feed: Feed, look: Look | None, now: datetime) -> int:
    """Whom it concerns that there is no good look: 0 nobody, 1 coordinators, 2 supervisors too."""
    old = age(feed, look, now)
    return (old >= STALE) + (old >= ALARMED)
