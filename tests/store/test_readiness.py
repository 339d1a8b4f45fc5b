"""Checks and drills in the store: each once, found by whom and when, and compared with the ledger row by row."""

from dataclasses import replace
from datetime import timedelta

from bot.core.checks import Outcome, Stage
from bot.core.drills import Drill
from bot.core.ids import PersonId, StepId
from bot.core.people import Role
from bot.core.waking import Did
from bot.flow.records_readiness import Check
from bot.store.sqlite import SqliteStore
from tests.store.small import AT, MALMO, MINUTE, SECOND, WORKER, entry, ring

CHECK = Check(
    id="c-1",
    person=WORKER,
    starts=AT + 30 * MINUTE,
    stage=Stage.HALF_HOUR,
    organisation=MALMO,
    role=Role.SOCIAL_WORKER,
    outcome=Outcome.ASKED,
    asked=AT,
    until=AT + 10 * MINUTE,
)
LATER = replace(CHECK, id="c-2", stage=Stage.START, asked=AT + 30 * MINUTE, until=AT + 32 * MINUTE)


async def test_a_check_is_kept_found_and_settled(store: SqliteStore) -> None:
    """Open ones by their time; the last one of each person; what was begun is known by person, beginning and stage."""
    for check in (LATER, CHECK):
        await store.write(lambda tx, one=check: tx.readiness.put_check(one, entry(MALMO, "readiness")))  # type: ignore[misc]
    assert await store.read(lambda tx: tx.readiness.open_checks()) == (CHECK, LATER)
    assert await store.read(lambda tx: tx.readiness.open_checks(PersonId("p-other"))) == ()
    assert await store.read(lambda tx: tx.readiness.last_checks(AT)) == {WORKER: LATER}
    assert await store.read(lambda tx: tx.readiness.last_checks(AT + 31 * MINUTE)) == {}
    begun = await store.read(lambda tx: tx.readiness.begun(AT))
    assert begun == {(WORKER, CHECK.starts, Stage.HALF_HOUR), (WORKER, CHECK.starts, Stage.START)}
    done = replace(
        CHECK, outcome=Outcome.ANSWERED, answered=AT + MINUTE, means="device", device="ab", skew=-3
    )
    await store.write(lambda tx: tx.readiness.put_check(done, entry(MALMO, "readiness", AT + MINUTE)))
    assert await store.read(lambda tx: tx.readiness.check("c-1")) == done
    assert await store.read(lambda tx: tx.readiness.open_checks()) == (LATER,)
    assert await store.read(lambda tx: tx.readiness.check("c-9")) is None


async def test_who_has_shown_that_they_are_there(store: SqliteStore) -> None:
    """By an answer, or by looking at an offer; at that instant or later."""
    done = replace(CHECK, outcome=Outcome.ANSWERED, answered=AT)
    await store.write(lambda tx: tx.readiness.put_check(done, entry(MALMO, "readiness")))
    instant = timedelta(microseconds=1)
    for since, shown in ((AT, True), (AT + instant, False)):
        assert await store.read(lambda tx, s=since: tx.readiness.shown(WORKER, s)) is shown  # type: ignore[misc]
    await store.write(lambda tx: ring(tx, "r-1", Did.CALLED, at=AT + MINUTE))
    assert not await store.read(lambda tx: tx.readiness.shown(WORKER, AT + SECOND))
    await store.write(lambda tx: ring(tx, "r-2", Did.SEEN, at=AT + MINUTE))
    assert await store.read(lambda tx: tx.readiness.shown(WORKER, AT + SECOND))
    assert not await store.read(lambda tx: tx.readiness.shown(PersonId("p-other"), AT))


async def test_a_drill_is_kept_by_step_day_and_person(store: SqliteStore) -> None:
    """Seen is written over it; days before are left out; a day that was rung is known."""
    day = AT.date()
    bell = Drill(organisation=MALMO, step=StepId("dag"), day=day, person=WORKER, at=AT, until=AT + MINUTE)
    old = replace(bell, day=day - timedelta(days=20))
    for one in (bell, old):
        await store.write(lambda tx, d=one: tx.readiness.put_drill(d, entry(MALMO, "drill")))  # type: ignore[misc]
    seen = replace(bell, seen=AT + SECOND)
    await store.write(lambda tx: tx.readiness.put_drill(seen, entry(MALMO, "drill", AT + SECOND)))
    assert await store.read(lambda tx: tx.readiness.drills(MALMO, day)) == (seen,)
    assert await store.read(lambda tx: tx.readiness.drills(MALMO, old.day)) == (old, seen)
    assert await store.read(lambda tx: tx.readiness.drills_of(WORKER, day)) == (seen,)
    assert await store.read(lambda tx: tx.readiness.drills_of(PersonId("p-other"), day)) == ()
    assert await store.read(lambda tx: tx.readiness.is_drilled(day))
    assert not await store.read(lambda tx: tx.readiness.is_drilled(day + timedelta(days=1)))
