"""What curators and lawyers read of questions: their own device's copies, and how many there were. Reading is recorded."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from bot.core.errors import BadInput, Denied
from bot.core.hours import local_day
from bot.core.ids import ArticleId, OrganisationId
from bot.core.people import Person
from bot.core.questions import QuestionKind
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.questions import may_read
from bot.flow.record import fact
from bot.flow.records_devices import Device, DeviceState
from bot.flow.records_questions import SealedQuestion

PAGE: Final = 100  # questions handed out at once
MOST_DAYS: Final = 366  # that are counted over
_AFTER: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.([0-9a-f]{32})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many questions there were from a day on: by kind, and by kind and article. Today is not in it yet."""

    since: date
    kinds: Mapping[QuestionKind, int]
    articles: Mapping[tuple[ArticleId, QuestionKind], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A curator or lawyer, at a device, now. `organisation`: whose questions they read."""

    person: Person
    device: Device
    organisation: OrganisationId
    now: datetime


def page(tx: Tx, deps: Deps, who: Reader, after: str | None) -> tuple[tuple[SealedQuestion, ...], str | None]:
    """The copies for this device after a place, the newest day first, and the place to go on from.

    That they were handed out is recorded. Raises Denied where no rule lets this person read, or the device is not
    active; BadInput for a place that is none.
    """
    _check(deps, who)
    found = tx.questions.of_device(who.organisation, who.device.id, _place(after), PAGE + 1)
    given = found[:PAGE]
    if given:
        told = {"person": who.person.id, "device": who.device.id.hex(), "count": len(given)}
        days = {"first": given[-1].day, "last": given[0].day}
        tx.ledger.append(fact(deps, who.organisation, "question-read", who.now, **told, **days))
    last = given[-1] if len(found) > PAGE else None
    return given, f"{last.day}.{last.id.hex()}" if last is not None else None


def counts(tx: Tx, deps: Deps, who: Reader, days: int) -> Counts:
    """What was counted in the last days. Raises Denied as `page` does."""
    _check(deps, who)
    since = local_day(who.now) - timedelta(days=days)
    kinds: Counter[QuestionKind] = Counter()
    articles: Counter[tuple[ArticleId, QuestionKind]] = Counter()
    for one in tx.questions.counts(who.organisation, since.isoformat()):
        kinds[one.kind] += one.count
        if one.article is not None:
            articles[one.article, one.kind] += one.count
    return Counts(since=since, kinds=kinds, articles=articles)


def _check(deps: Deps, who: Reader) -> None:
    if who.device.state is not DeviceState.ACTIVE:
        raise Denied("that takes an active device")
    if not may_read(deps, who.person, who.organisation, who.now):
        raise Denied("no rule lets this person read the organisation's questions")


def _place(after: str | None) -> tuple[str, bytes] | None:
    if after is None:
        return None
    found = _AFTER.fullmatch(after)
    if found is None:
        raise BadInput("that is no place in the list")
    return found[1], bytes.fromhex(found[2])
