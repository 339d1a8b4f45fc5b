"""Retention: what may be erased now, what stays and why, and what stops an erasing at the last moment."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Final

from bot.core.consultation import Consultation
from bot.core.hours import local_day
from bot.core.ids import OrganisationId
from bot.core.retention import (
    SLIP,
    RetentionClass,
    Stays,
    Trust,
    class_of,
    deciding,
    shortest,
    stays,
    term,
    trust,
)
from bot.flow.deps import Deps
from bot.flow.opening_end import being_opened
from bot.flow.ports import Tx
from bot.flow.records_retention import About
from bot.flow.retention_doubt import is_doubtful

PAGE: Final = 200  # consultations read at a time
MOST: Final = 200  # consultations of one certificate
MOST_ENTRIES: Final = 5_000  # of one certificate: so long do the others wait
MOST_FOUND: Final = 2_000  # consultations found due in one survey, and kept in memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A consultation whose time is over, with the entries about it and the decision of each whose ledger has some."""

    consultation: Consultation
    owner: OrganisationId
    covers: RetentionClass
    closed: datetime
    entries: tuple[About, ...]
    decisions: Mapping[OrganisationId, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What one certificate names: of one owner, one class, the same decisions. `again`: what it repeats."""

    dues: tuple[Due, ...]
    again: str | None = None


@dataclass(slots=True)
class Survey:
    """What was found: what may be erased, and how many stay for which reason. `more`: it was not all looked at."""

    dues: list[Due] = field(default_factory=list)
    staying: Counter[Stays] = field(default_factory=Counter)
    more: bool = False


def stop(tx: Tx, c: Consultation) -> Stays | None:
    """What keeps it whatever the rules say."""
    if tx.retention.is_held(c.id):
        return Stays.HELD
    return Stays.BEING_OPENED if being_opened(tx, c) else None


async def survey(deps: Deps, now: datetime) -> Survey:
    """What was closed long enough ago to be looked at, judged. Changes nothing, and lets others in between pages."""
    found, after = Survey(), None
    period = shortest(deps.content().retention)
    while period is not None:
        page = await deps.store.read(partial(_page, deps=deps, now=now, before=now - period, after=after))
        found.dues += [judged for _, judged in page if isinstance(judged, Due)]
        found.staying.update(judged for _, judged in page if isinstance(judged, Stays))
        found.more = len(found.dues) >= MOST_FOUND
        if len(page) < PAGE or found.more:
            break
        after = page[-1][0]
    return found


def deciders(deps: Deps) -> frozenset[OrganisationId]:
    """The organisations that have decided on anything: without one there is nothing to do."""
    content = deps.content()
    return deciding(content.retention, content.structure.organisations)


def clock_worth(tx: Tx, now: datetime) -> Trust:
    """What the clock is worth, by the latest instant that retention believed for anybody."""
    return trust(max(tx.retention.looked().values(), default=None), now)


def batches(dues: list[Due]) -> Iterator[Batch]:
    """What may stand in one certificate together, small enough for one transaction."""
    for _, alike in groupby(sorted(dues, key=_alike), key=_alike):
        gathered: list[Due] = []
        for due in alike:
            if gathered and _is_full(gathered, due):
                yield Batch(dues=tuple(gathered))
                gathered = []
            gathered.append(due)
        yield Batch(dues=tuple(gathered))


def _page(
    tx: Tx, deps: Deps, now: datetime, before: datetime, after: Consultation | None
) -> list[tuple[Consultation, Due | Stays]]:
    return [(c, _judge(tx, deps, c, now)) for c in tx.retention.closed(before, after, PAGE)]


def _judge(tx: Tx, deps: Deps, c: Consultation, now: datetime) -> Due | Stays:
    policy, covers, today = deps.content().retention, class_of(c), local_day(now)
    owner = c.organisation or deps.home
    assert c.closed_at is not None
    early = stays(policy, covers, {owner}, closed=c.closed_at, today=today)
    if early is not None:  # most: without a look at the ledger
        return early
    entries = tx.retention.about(c.id)
    concerned = {owner, *(one.organisation for one in entries)}
    closed = _closed_at(tx, c.closed_at, entries)
    reason = stays(policy, covers, concerned, closed=closed, today=today) or stop(tx, c)
    if reason is None and is_doubtful(tx, c):
        reason = Stays.DOUBTFUL
    if reason is not None:
        return reason
    terms = {o: term(policy, o, covers) for o in concerned}
    decisions = {o: found.decision for o, found in terms.items() if found is not None}
    return Due(
        consultation=c, owner=owner, covers=covers, closed=closed, entries=entries, decisions=decisions
    )


def _closed_at(tx: Tx, closed: datetime, entries: tuple[About, ...]) -> datetime:
    """When it ended, or the latest thing recorded by then, should the clock have stood far behind."""
    latest = closed
    for one in entries:
        if one.at != closed:
            continue
        sampled = tx.retention.sampled_before(one.organisation, one.number)
        if sampled is not None and sampled - closed > SLIP:
            latest = max(latest, tx.retention.latest_before(one.organisation, one.number) or latest)
    return latest


def _alike(due: Due) -> tuple[str, str, list[tuple[str, str]]]:
    return due.owner, due.covers, sorted((o, n) for o, n in due.decisions.items())


def _is_full(gathered: list[Due], more: Due) -> bool:
    return len(gathered) == MOST or sum(len(due.entries) for due in (*gathered, more)) > MOST_ENTRIES
