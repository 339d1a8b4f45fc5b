"""Checks that whoever is about to be on duty can be reached: the doorbell, a second channel, then those who oversee.

Whom to ask is derived from rosters and what people press each time anybody looks (`core/checks`), so nothing is lost
with a timer: one only brings the next look forward.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.chain import ASKABLE
from bot.core.checks import BEFORE, MISSED, OPEN, PATIENCE, RECENT, Due, Outcome, Stage, Stint, due, stints
from bot.core.ids import PersonId
from bot.core.roster import roster
from bot.core.waking import TELEPHONE, Did, Means, Purpose
from bot.flow.deps import Deps, fresh_id
from bot.flow.overseers import tell_overseers
from bot.flow.ports import Tx
from bot.flow.ports_timers import Timer, TimerKind
from bot.flow.record import fact, reach
from bot.flow.records import Kind
from bot.flow.records_readiness import Check
from bot.flow.refusals import Code, Refused
from bot.flow.situation import attendance
from bot.flow.waking import What, seen, wake_person

KIND = "readiness"  # of ledger entries
_INSTANT = timedelta(microseconds=1)


def due_now(tx: Tx, now: datetime) -> tuple[Due, ...]:
    """Whom to ask now, the longest overdue first."""
    first, last = now - MISSED, now + BEFORE[Stage.HALF_HOUR]
    known = roster(tx.rosters.shifts(first, last + _INSTANT), tx.rosters.overrides(first, last + _INSTANT))
    found = (stint for stint in stints(known, first, last) if stint.role in ASKABLE)
    return due(found, tx.readiness.begun(first), now)


def begin_due(tx: Tx, deps: Deps, now: datetime) -> None:
    """Ask everybody who is to be asked now. The second time nobody is."""
    for one in due_now(tx, now):
        begin(tx, deps, one, now)


def begin(tx: Tx, deps: Deps, one: Due, now: datetime) -> None:
    """Ask one person whether they can be reached, unless they have just shown it. Who has no channel fails at once."""
    stint, id_ = one.stint, fresh_id(now, deps.entropy)
    known = tx.people.get(stint.person)
    if known is None or not known.active:
        return
    shown = tx.readiness.shown(stint.person, one.at - RECENT) or _has_pressed(tx, stint, now)
    check = Check(
        id=id_,
        person=stint.person,
        starts=stint.starts,
        stage=one.stage,
        organisation=stint.organisations[0],
        role=stint.role,
        outcome=Outcome.PROVEN if shown else Outcome.ASKED,
        asked=now,
        until=now if shown else now + PATIENCE[one.stage],
    )
    _keep(tx, deps, check, now)
    if shown:
        return
    rung = reach(tx, deps, stint.person, Kind.READY, ref=id_, key=one.stage)
    if not rung and stint.person not in tx.people.on_devices(now):
        _call(tx, deps, check, now)


def look(tx: Tx, deps: Deps, ref: str, now: datetime) -> None:
    """Look whether somebody has answered in time; if not, the second channel, and after that those who oversee."""
    check = tx.readiness.check(ref)
    if check is None or check.outcome not in OPEN or now < check.until:
        return
    if check.person not in attendance(tx, max(now, check.starts)).present:
        _keep(tx, deps, replace(check, outcome=Outcome.OVER), now)
    elif check.outcome is Outcome.ASKED:
        _call(tx, deps, check, now)
    else:
        _fail(tx, deps, check, now)


def bell_failed(tx: Tx, deps: Deps, ref: str) -> None:
    """The doorbell did not ring: the second channel has its turn at once."""
    check = tx.readiness.check(ref)
    if check is not None and check.outcome is Outcome.ASKED:
        _call(tx, deps, check, deps.clock.now())


def call_failed(tx: Tx, deps: Deps, ref: str, now: datetime) -> None:
    """The call came to nothing: nobody waits for its answer."""
    check = tx.readiness.check(ref)
    if check is not None and check.outcome is Outcome.CALLED:
        _call(tx, deps, check, now)


def answer(
    tx: Tx, deps: Deps, person: PersonId, ref: str, means: Means, *, device: str = "", skew: int | None = None
) -> Check:
    """Somebody says that they are there: everything that they were asked is answered, also what had failed.

    `device`: hex, of the one that signed it; `skew`: ms by which its clock differs. Raises Refused for what was asked of
    somebody else.
    """
    now, asked = deps.clock.now(), tx.readiness.check(ref)
    if asked is None or asked.person != person:
        raise Refused(Code.NOT_YOURS)
    waiting = {one.id: one for one in tx.readiness.open_checks(person)}
    if asked.outcome is Outcome.FAILED:
        waiting[asked.id] = asked
        tell_overseers(tx, deps, asked, "readiness.reached_again")
    for check in waiting.values():
        found = replace(
            check, outcome=Outcome.ANSWERED, means=means.value, answered=now, device=device, skew=skew
        )
        _keep(tx, deps, found, now)
        seen(tx, deps, _what(check), person, means)
    return tx.readiness.check(ref) or asked


def _call(tx: Tx, deps: Deps, check: Check, now: datetime) -> None:
    """Call their telephone, by the first means that can be tried and was not; where there is none, tell who oversees."""
    until = now + PATIENCE[check.stage]
    tried = {ring.means for ring in tx.rings.of(check.id)}
    for means in (one for one in TELEPHONE if one not in tried):
        did = wake_person(tx, deps, check.person, means, _what(replace(check, until=until)))
        check = replace(check, called=f"{means}:{did}")
        if did in (Did.CALLED, Did.JUST_RUNG):
            _keep(tx, deps, replace(check, outcome=Outcome.CALLED, until=until), now)
            return
    _fail(tx, deps, check, now)


def _fail(tx: Tx, deps: Deps, check: Check, now: datetime) -> None:
    _keep(tx, deps, replace(check, outcome=Outcome.FAILED, until=now, told=now), now)
    tell_overseers(tx, deps, check, "readiness.unreached")


def _keep(tx: Tx, deps: Deps, check: Check, now: datetime) -> None:
    tx.readiness.put_check(check, fact(deps, check.organisation, KIND, now, by="samjour"))
    tx.timers.drop(TimerKind.CHECK, check.id)
    if check.outcome in OPEN:
        tx.timers.put(Timer(kind=TimerKind.CHECK, ref=check.id, due=check.until))
    deps.gates.forget()


def _what(check: Check) -> What:
    return What(purpose=Purpose.READINESS, ref=check.id, organisation=check.organisation, until=check.until)


def _has_pressed(tx: Tx, stint: Stint, now: datetime) -> bool:
    """Whether they have gone on duty themselves a moment ago: that shows as much as an answer would."""
    return any(
        o.person == o.by == stint.person and o.on_duty and now - o.made < RECENT
        for o in tx.rosters.overrides(stint.starts, stint.starts + _INSTANT)
    )
