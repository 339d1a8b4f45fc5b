"""Runs retention: once a day by itself, or when somebody asks; says what was erased and what stays, and why."""

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.errors import NotNow, SamjourError
from bot.core.hours import local_day
from bot.core.ids import OrganisationId
from bot.core.retention import LEAP, Stays, Trust, is_quiet, is_time
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.questions import due, erase_due
from bot.flow.record import fact
from bot.flow.retention import Batch, batches, clock_worth, deciders, survey
from bot.flow.retention_erase import erase, settle
from bot.seal.certificate import Certificate

log = logging.getLogger(__name__)
EVERY = timedelta(hours=1)  # how often it is asked whether the day's run is due
BY = "retention"  # who does it when nobody asked

_SAY_SO = "if it is right, say so: samjour retention run --clock-is-right"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a run did. `cleared`: every trace is gone from the files, too; if not, the next run tries again.

    `questions`: of how many days the curators' questions went.
    """

    certificates: tuple[Certificate, ...]
    staying: Mapping[Stays, int]
    cleared: bool
    questions: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run would do now: certificate by certificate, and how many would stay for which reason."""

    batches: tuple[Batch, ...]
    staying: Mapping[Stays, int]
    more: bool = False  # there is more than a run can take at a time
    questions: int = 0  # days of curators' questions


async def retain(deps: Deps) -> None:
    """Run each day until cancelled."""
    while True:
        await look(deps)
        await deps.clock.sleep(EVERY)


async def look(deps: Deps) -> None:
    """Run if the day's run is due, or an earlier one has left something to do. A refusal is told, and tried again."""
    now = deps.clock.now()
    try:
        due = await deps.store.read(lambda tx: _is_due(tx, deps, now))
        if due or (is_quiet(now) and await _is_left(deps)):
            await run(deps, BY)
    except SamjourError as error:
        log.error("retention waits", extra={"kind": type(error).__name__})  # noqa: TRY400 - the kind says it


async def run(deps: Deps, by: str) -> Report:
    """Erase everything whose time is over. Raises NotNow, with nothing erased, when the clock cannot be believed."""
    async with deps.certificates.alone:
        await settle(deps)  # what an earlier run left
        now = deps.clock.now()
        worth = await deps.store.write(lambda tx: _note_look(tx, deps, now, by))
        certificates: list[Certificate] = []
        while True:
            plan = await _plan(deps, worth, now)
            done, staying = await _carry_out(deps, plan, by)
            certificates += done
            if not (plan.more and done):
                break
        questions = await _erase_questions(deps, worth, by)
        return Report(
            certificates=tuple(certificates),
            staying=staying,
            cleared=await settle(deps),
            questions=questions,
        )


async def rehearse(deps: Deps) -> Plan:
    """What a run would do now. Changes nothing. Raises NotNow as the run would."""
    now = deps.clock.now()
    worth = await deps.store.read(lambda tx: clock_worth(tx, now))
    plan = await _plan(deps, worth, now)
    days = await deps.store.read(lambda tx: due(tx, deps)) if worth is Trust.RIGHT else ()
    return replace(plan, questions=len(days))


async def believe(deps: Deps, by: str) -> None:
    """Somebody has looked at the clock and says that it is right: retention goes on from this instant."""
    now = deps.clock.now()

    def act(tx: Tx) -> None:
        for organisation in sorted(deciders(deps)):
            _put_look(tx, deps, organisation, now, by)

    await deps.store.write(act)


async def _carry_out(deps: Deps, plan: Plan, by: str) -> tuple[list[Certificate], Counter[Stays]]:
    """Erase what is planned, certificate by certificate; what stays after all is counted with what stays."""
    done, staying = [], Counter(plan.staying)
    for batch in plan.batches:
        match await erase(deps, batch, by):
            case Certificate() as certificate:
                done.append(certificate)
            case Stays() as reason:
                staying[reason] += len(batch.dues)
    for reason in (Stays.REFUSED, Stays.DOUBTFUL):
        if staying[reason]:
            log.error("not erased", extra={"kind": reason.value})
    return done, staying


async def _plan(deps: Deps, worth: Trust, now: datetime) -> Plan:
    if deciders(deps):
        _refuse(worth)
    found = await survey(deps, now)
    if worth is Trust.FIRST:
        return Plan(batches=(), staying=found.staying + Counter({Stays.CLOCK: len(found.dues)}))
    return Plan(batches=tuple(batches(found.dues)), staying=found.staying, more=found.more)


def _refuse(worth: Trust) -> None:
    if worth is Trust.AHEAD:
        raise NotNow(f"the clock is over {LEAP.days} days past what retention saw last; {_SAY_SO}")
    if worth is Trust.BEHIND:
        raise NotNow(f"the clock is behind what retention saw before; {_SAY_SO}")


async def _erase_questions(deps: Deps, worth: Trust, by: str) -> int:
    """Destroy the curators' questions whose time is over; of how many days.

    That the files must be made anew is noted outside first: should we be ended, or should that fail, `settle` does it.
    """
    if worth is not Trust.RIGHT or not await deps.store.read(lambda tx: due(tx, deps)):
        return 0
    await deps.certificates.owe()
    return await deps.store.write(lambda tx: erase_due(tx, deps, by))


async def _is_left(deps: Deps) -> bool:
    """Whether an earlier run has left something to do."""
    return bool(await deps.certificates.pending()) or await deps.certificates.owes()


def _is_due(tx: Tx, deps: Deps, now: datetime) -> bool:
    looked = tx.retention.looked()
    return any(is_time(looked.get(organisation), now) for organisation in deciders(deps))


def _note_look(tx: Tx, deps: Deps, now: datetime, by: str) -> Trust:
    """Judge the clock; where it is right, or there is nothing to judge it by, remember it, once each day."""
    worth, looked = clock_worth(tx, now), tx.retention.looked()
    if worth in (Trust.RIGHT, Trust.FIRST):
        for organisation in sorted(deciders(deps)):
            before = looked.get(organisation)
            if before is None or local_day(before) < local_day(now):
                _put_look(tx, deps, organisation, now, by)
    return worth


def _put_look(tx: Tx, deps: Deps, organisation: OrganisationId, now: datetime, by: str) -> None:
    tx.retention.put_look(organisation, now, fact(deps, organisation, "retention", now, by=by))
