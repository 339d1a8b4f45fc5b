"""Retention: what a decision says is erased for real and with a certificate; everything else stays."""

import asyncio
import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.content import Content
from bot.core.consultation import State
from bot.core.errors import NotNow, Unavailable
from bot.core.events import Identified
from bot.core.ids import ConsultationId, PersonId
from bot.core.retention import LEAST_IDENTIFIED, RetentionClass, Stays
from bot.flow import retention, retention_hold
from bot.flow.advance import advance
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.retention import Batch, batches, survey
from bot.flow.retention_certificates import note_digest, trusted
from bot.flow.retention_erase import erase, settle
from bot.flow.retention_run import BY, believe, look, rehearse, run
from bot.flow.upkeep import signers
from bot.seal.certificate import Certificate
from tests.flow.flow_world import EVENING_1, NIGHT, OFFICER, OFFICER_2, World, night_of, read_content
from tests.flow.retention_world import (
    DAY,
    MALMO,
    POLISEN,
    WEEK,
    at_night,
    certificates_in,
    close,
    decided,
    dump,
    faults,
    found_in,
    later,
    marks_of,
    question,
    read_decided,
    state_of,
    talk,
)

LONG_AGO = "2025-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def content() -> Content:
    """The real files and two decisions."""
    return read_decided()


async def due(deps: Deps) -> list[Batch]:
    """What may be erased now."""
    return list(batches((await survey(deps, deps.clock.now())).dues))


# ---- what is erased ---------------------------------------------------------------------------------------------------


async def test_erased_when_its_time_is_over_and_not_a_day_before(world: World) -> None:
    """Seven whole days lie between; the day after, it is erased, and the ledger still holds."""
    c = await talk(world)
    early = await later(world, WEEK + timedelta(minutes=5))
    assert (early.certificates, early.staying[Stays.NOT_OVER]) == ((), 1)
    assert await state_of(world, c) is State.CLOSED
    world.clock.move(DAY)
    report = await run(world.deps, "test")
    assert [one.consultations for one in report.certificates] == [(c.id,)]
    assert report.cleared
    assert await state_of(world, c) is State.ERASED
    assert await faults(world.deps) == ()


async def test_nothing_is_left_in_any_file(world: World, folder: Path) -> None:
    """Salts, bodies, sealed words, keys and ids stand in the files before, and in none of them afterwards.

    Among so many others that pages were split, for a deleted row may leave copies where it stood before.
    """
    gone = [await talk(world) for _ in range(12)]
    marks = {f"{n} {name}": mark for n, c in enumerate(gone) for name, mark in marks_of(folder, c).items()}
    assert found_in(folder, marks) == marks.keys()
    assert len(marks) > 200
    report = await later(world, 8 * DAY)
    assert sum(len(one.consultations) for one in report.certificates) == len(gone)
    assert report.cleared
    assert found_in(folder, marks) == set()
    assert await faults(world.deps) == ()


async def test_what_is_to_be_said_goes_too(world: World) -> None:
    """No saying and no message that could be changed refers any longer to what is erased."""
    c = await talk(world)
    await later(world, 8 * DAY)

    def names(tx: Tx) -> list[object]:
        spots = [tx.outbox.spot(PersonId(OFFICER), "telegram", f"show:{c.id}")]
        spots += [tx.outbox.spot(offer.person, "telegram", f"offer:{offer.id}") for offer in c.offers]
        return [*spots, *tx.outbox.claim(world.clock.now() + DAY, world.clock.now() + 2 * DAY, 100)]

    assert set(await world.deps.store.write(names)) == {None}


async def test_old_buttons_of_what_is_erased_are_answered(world: World) -> None:
    """Who presses a button of long ago is told that it is over; nothing breaks and nothing comes back."""
    c = await talk(world)
    await later(world, 8 * DAY)
    said = len(world.messages(OFFICER))
    await world.press(OFFICER, f"d:{c.id}:show")
    assert len(world.messages(OFFICER)) > said
    assert await state_of(world, c) is State.ERASED


async def test_second_run_does_nothing(world: World, folder: Path) -> None:
    """On the same day a run after the run adds no entry, no certificate and no row."""
    await talk(world)
    await later(world, 8 * DAY)
    rows, files = dump(folder), certificates_in(folder)
    again = await run(world.deps, "test")
    assert again.certificates == ()
    assert (dump(folder), certificates_in(folder)) == (rows, files)


async def test_rehearsal_changes_nothing(world: World, folder: Path) -> None:
    """It tells what a run would erase, and leaves every row and every file as it was."""
    c = await talk(world)
    await run(world.deps, "test")
    world.clock.move(8 * DAY)
    rows, files = dump(folder), certificates_in(folder)
    plan = await rehearse(world.deps)
    assert [one.consultation.id for batch in plan.batches for one in batch.dues] == [c.id]
    assert (dump(folder), certificates_in(folder)) == (rows, files)


async def test_questions_and_talks_have_certificates_of_their_own(world: World) -> None:
    """A certificate is of one class, one owner and its decisions."""
    asked, talked = await question(world), await talk(world)
    report = await later(world, 8 * DAY)
    told = {
        one.kept_as: (one.consultations, [ledger.decision for ledger in one.ledgers])
        for one in report.certificates
    }
    assert told["library"][0] == (asked.id,)
    assert told["unnamed"] == ((talked.id,), ["PROV 2026/2"])
    assert await faults(world.deps) == ()


# ---- what stays -------------------------------------------------------------------------------------------------------


async def test_without_a_decision_nothing_is_erased(laid_out: Path, folder: Path) -> None:
    """The files as they are shipped have no decision: nothing goes, however long it has been, and nothing is written."""
    async with night_of(laid_out, folder, read_content(), NIGHT) as world:
        c = await talk(world)
        rows = dump(folder)
        for _ in range(40):
            report = await later(world, 365 * DAY)
            assert (report.certificates, dict(report.staying)) == ((), {})
        assert await state_of(world, c) is State.CLOSED
        assert (dump(folder), certificates_in(folder)) == (rows, {})


async def test_everybody_concerned_must_have_decided(laid_out: Path, content: Content, folder: Path) -> None:
    """What stands in two ledgers is erased by the decisions of both authorities, or not at all."""
    terms = {key: term for key, term in content.retention.terms.items() if key[1] != POLISEN}
    alone = replace(content, retention=replace(content.retention, terms=terms))
    async with night_of(laid_out, folder, alone, NIGHT) as world:
        c = await talk(world)
        await _record_elsewhere(world, c.id)
        report = await later(world, 8 * DAY)
        assert (report.certificates, report.staying[Stays.NO_DECISION]) == ((), 1)
        assert await state_of(world, c) is State.CLOSED


async def test_the_longest_of_the_periods_counts(laid_out: Path, content: Content, folder: Path) -> None:
    """Where one authority keeps longer than the other, both are kept that long; then both are named."""
    longer = decided(content, RetentionClass.UNNAMED, days=20)
    terms = {
        **content.retention.terms,
        (RetentionClass.UNNAMED, POLISEN): longer.retention.terms[RetentionClass.UNNAMED, POLISEN],
    }
    async with night_of(
        laid_out, folder, replace(content, retention=replace(content.retention, terms=terms)), NIGHT
    ) as world:
        c = await talk(world)
        await _record_elsewhere(world, c.id)
        assert (await later(world, 20 * DAY)).certificates == ()
        (certificate,) = (await later(world, DAY)).certificates
        assert [one.organisation for one in certificate.ledgers] == [MALMO, POLISEN]
        assert await faults(world.deps) == ()


async def _record_elsewhere(world: World, consultation: str) -> None:
    from bot.flow.record import fact  # noqa: PLC0415

    def act(tx: Tx) -> None:
        told = fact(world.deps, POLISEN, "content", world.clock.now(), consultation=consultation)
        tx.ledger.append(told)

    await world.deps.store.write(act)


async def test_identified_is_kept_when_only_others_are_decided(world: World) -> None:
    """A talk in which somebody was named is of another class, for which nobody has decided."""
    c = await world.ask_for()
    await world.accept(EVENING_1)

    await _identify(world, c.id)
    await close(world, c.id)
    report = await later(world, 30 * DAY)
    assert (report.certificates, report.staying[Stays.NO_DECISION]) == ((), 1)
    assert await state_of(world, c) is State.CLOSED
    assert LEAST_IDENTIFIED > 30 * 365


async def test_open_one_is_kept(world: World) -> None:
    """What has not ended is never looked at, however old it is."""
    c = await world.ask_for()
    await world.accept(EVENING_1)
    await world.say(EVENING_1, "Jag är här.")
    report = await later(world, 30 * DAY)
    assert report.certificates == ()
    assert await state_of(world, c) is State.OPEN


# ---- holds ------------------------------------------------------------------------------------------------------------


async def test_hold_keeps_it_until_it_is_removed(world: World) -> None:
    """A hold stops erasing however long it stands; removing it is recorded, and then the time that is over counts."""
    c = await talk(world)
    await world.deps.store.write(lambda tx: retention_hold.add(tx, world.deps, c.id, "PROV 9", "test"))
    report = await later(world, 30 * DAY)
    assert (report.certificates, report.staying[Stays.HELD]) == ((), 1)
    assert await faults(world.deps) == ()
    await world.deps.store.write(lambda tx: retention_hold.remove(tx, world.deps, c.id, "PROV 9", "test"))
    assert len((await run(world.deps, "test")).certificates) == 1
    assert await faults(world.deps) == ()


async def test_hold_that_comes_between_stops_the_erasing(world: World, folder: Path) -> None:
    """A hold placed after it was found due, and before the transaction, is in time; no certificate is left of it."""
    c = await talk(world)
    await later(world, DAY)
    world.clock.move(7 * DAY)
    (batch,) = await due(world.deps)
    await world.deps.store.write(lambda tx: retention_hold.add(tx, world.deps, c.id, "PROV 9", "test"))
    assert await erase(world.deps, batch, "test") is Stays.MOVED
    assert await state_of(world, c) is State.CLOSED
    assert certificates_in(folder) == {}


async def test_what_is_recorded_between_stops_the_erasing(world: World, folder: Path) -> None:
    """An entry about it that came after the certificate was written is not left behind: the erasing waits."""
    c = await talk(world)
    await later(world, DAY)
    world.clock.move(7 * DAY)
    (batch,) = await due(world.deps)
    await _record_elsewhere(world, c.id)
    assert await erase(world.deps, batch, "test") is Stays.MOVED
    assert await state_of(world, c) is State.CLOSED
    assert certificates_in(folder) == {}
    assert len((await run(world.deps, "test")).certificates) == 1


@pytest.mark.parametrize("when", ["before", "between"])
async def test_one_being_opened_is_kept(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """While supervisors open a room it is not erased, also when they began after it was found due."""
    c = await talk(world)
    await later(world, DAY)
    world.clock.move(7 * DAY)
    if when == "before":
        monkeypatch.setattr(retention, "being_opened", lambda _, kept: kept.id == c.id)
        assert (await run(world.deps, "test")).staying[Stays.BEING_OPENED] == 1
    else:
        (batch,) = await due(world.deps)
        monkeypatch.setattr(retention, "being_opened", lambda _, kept: kept.id == c.id)
        assert await erase(world.deps, batch, "test") is Stays.MOVED
    assert await state_of(world, c) is State.CLOSED
    assert certificates_in(folder) == {}


# ---- the clock --------------------------------------------------------------------------------------------------------


async def test_first_look_erases_nothing(world: World) -> None:
    """Where there is nothing to judge the clock by, a run only remembers the instant."""
    await talk(world)
    world.clock.move(400 * DAY)
    report = await run(world.deps, "test")
    assert (report.certificates, report.staying[Stays.CLOCK]) == ((), 1)
    assert len((await run(world.deps, "test")).certificates) == 1


async def test_clock_years_ahead_erases_nothing(world: World) -> None:
    """A clock that jumped is refused and said; what is recorded under it in the meantime changes nothing."""
    c = await talk(world)
    await run(world.deps, "test")
    world.clock.move(3 * 365 * DAY)
    for _ in range(3):
        with pytest.raises(NotNow, match="--clock-is-right"):
            await run(world.deps, "test")
        with pytest.raises(NotNow, match="--clock-is-right"):
            await rehearse(world.deps)
        await question(world)
        world.clock.move(DAY)
    assert await state_of(world, c) is State.CLOSED
    world.clock.move(-3 * 365 * DAY)
    assert (await run(world.deps, "test")).certificates == ()
    assert await state_of(world, c) is State.CLOSED


async def test_somebody_can_say_that_the_clock_is_right(world: World) -> None:
    """After a long standstill a person says so; it is recorded, and the run goes on."""
    c = await talk(world)
    await run(world.deps, "test")
    world.clock.move(100 * DAY)
    await believe(world.deps, "somebody")
    assert len((await run(world.deps, "test")).certificates) == 1
    assert await state_of(world, c) is State.ERASED
    assert await faults(world.deps) == ()


async def test_clock_behind_is_refused(world: World) -> None:
    """A clock set back by more than an hour is not believed; one that was only set right is."""
    await run(world.deps, "test")
    world.clock.move(timedelta(minutes=-10))
    await run(world.deps, "test")
    world.clock.move(-DAY)
    with pytest.raises(NotNow, match="behind"):
        await run(world.deps, "test")


async def test_what_was_closed_while_the_clock_stood_behind_is_kept_its_whole_time(world: World) -> None:
    """Closed, says the record, nine weeks ago, but after what happened this evening: the days count from this evening."""
    await question(world)
    await run(world.deps, "test")
    world.clock.move(-9 * WEEK)
    c = await talk(world, OFFICER_2)
    world.clock.move(9 * WEEK)
    assert c.closed_at is not None
    assert c.closed_at < NIGHT - 8 * WEEK
    for days in (1, 6):
        world.clock.move(days * DAY)
        await run(world.deps, "test")
        assert await state_of(world, c) is State.CLOSED
    world.clock.move(DAY)
    await run(world.deps, "test")
    assert await state_of(world, c) is State.ERASED
    assert await faults(world.deps) == ()


# ---- the certificate --------------------------------------------------------------------------------------------------


async def test_certificate_stands_outside_as_it_stands_inside(world: World, folder: Path) -> None:
    """One file each, the owner's alone, signed, the same as in the database, and on the ledger by its hash."""
    c = await talk(world)
    (certificate,) = (await later(world, 8 * DAY)).certificates
    (path,) = (folder / "certificates").iterdir()
    assert path.name == f"{certificate.id}.certificate"
    assert path.stat().st_mode & 0o777 == 0o600
    note = path.read_text()
    assert note == await world.deps.store.read(lambda tx: tx.retention.certificate(certificate.id))
    assert trusted(signers(world.deps), certificate.id, note) == certificate
    assert certificate.consultations == (c.id,)
    recorded = await world.deps.store.read(lambda tx: list(tx.audit.entries(MALMO)))
    (entry,) = [one.entry for one in recorded if one.entry.kind == "erasure"]
    assert note_digest(note).encode() in entry.body
    blank = [one.index for one in recorded if one.erased_by == certificate.id]
    assert (len(blank), blank[0], blank[-1]) == (
        certificate.ledgers[0].count,
        certificate.ledgers[0].first,
        certificate.ledgers[0].last,
    )


async def test_certificate_that_cannot_be_written_stops_the_erasing(world: World, folder: Path) -> None:
    """Without a certificate outside nothing is erased."""
    c = await talk(world)
    await run(world.deps, "test")
    world.clock.move(8 * DAY)
    (folder / "certificates").write_text("in the way")
    with pytest.raises(Unavailable):
        await run(world.deps, "test")
    assert await state_of(world, c) is State.CLOSED


async def test_lost_certificate_is_written_again(world: World, folder: Path) -> None:
    """What stands inside alone is written outside by the next run, the same bytes."""
    await talk(world)
    await later(world, 8 * DAY)
    files = certificates_in(folder)
    for name in files:
        (folder / "certificates" / name).unlink()
    await run(world.deps, "test")
    assert certificates_in(folder) == files


async def test_pending_certificate_that_was_never_carried_out_is_dropped(world: World, folder: Path) -> None:
    """It proves nothing: the database does not know it, and what it names is still there."""
    await talk(world)
    await world.deps.certificates.prepare("0" * 32, "a note\n")
    async with world.deps.certificates.alone:
        assert await settle(world.deps)
    assert certificates_in(folder) == {}


async def test_files_that_cannot_be_cleared_now_are_cleared_by_the_next_run(
    world: World, folder: Path
) -> None:
    """While somebody reads an old snapshot the log keeps old pages: that is said, and made good later."""
    c = await talk(world)
    marks = marks_of(folder, c)
    await run(world.deps, "test")
    world.clock.move(8 * DAY)
    begun, done = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def read_long(tx: Tx) -> None:
        tx.ledger.size(MALMO)
        loop.call_soon_threadsafe(begun.set)
        asyncio.run_coroutine_threadsafe(done.wait(), loop).result(60)

    reading = asyncio.create_task(world.deps.store.read(read_long))
    await begun.wait()
    report = await run(world.deps, "test")
    assert len(report.certificates) == 1
    assert not report.cleared
    assert [name.partition(".")[2] for name in certificates_in(folder)] == ["pending"]
    assert found_in(folder, marks)
    done.set()
    await reading
    assert (await run(world.deps, "test")).cleared
    assert found_in(folder, marks) == set()
    assert [name.partition(".")[2] for name in certificates_in(folder)] == ["certificate"]


async def test_what_the_database_refuses_does_not_stop_the_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that cannot be erased is said and left whole; the others of that day are erased."""
    asked, talked = await question(world), await talk(world)
    await run(world.deps, "test")
    world.clock.move(8 * DAY)
    monkeypatch.setattr("bot.store.retention.SqlRetention.remove", _refusing(talked.id))
    report = await run(world.deps, "test")
    assert [one.consultations for one in report.certificates] == [(asked.id,)]
    assert report.staying[Stays.REFUSED] == 1
    assert await state_of(world, talked) is State.CLOSED
    assert await faults(world.deps) == ()


def _refusing(id_: str) -> object:
    from bot.core.errors import BadInput  # noqa: PLC0415
    from bot.store.retention import SqlRetention  # noqa: PLC0415

    real = SqlRetention.remove

    def remove(self: SqlRetention, consultations: list[object]) -> None:
        if any(getattr(c, "id", None) == id_ for c in consultations):
            raise BadInput
        real(self, consultations)  # type: ignore[arg-type]

    return remove


# ---- by itself --------------------------------------------------------------------------------------------------------


async def test_daily_run_comes_at_the_quiet_hour(world: World) -> None:
    """Once a day, from five in the morning: not at night, when somebody may be waiting, and not twice."""
    c = await talk(world)
    await look(world.deps)
    world.clock.move(7 * DAY)
    await look(world.deps)
    world.clock.move(at_night(world.clock.now(), 3))  # four in Malmö
    await look(world.deps)
    assert await state_of(world, c) is State.CLOSED
    world.clock.move(timedelta(hours=1))
    await look(world.deps)
    assert await state_of(world, c) is State.ERASED
    size = await world.deps.store.read(lambda tx: tx.ledger.size(MALMO))
    world.clock.move(timedelta(hours=5))
    await look(world.deps)
    assert await world.deps.store.read(lambda tx: tx.ledger.size(MALMO)) == size


async def test_daily_run_that_was_missed_is_made_up_for(world: World) -> None:
    """A server that was off at five runs when it is on again."""
    c = await talk(world)
    await look(world.deps)
    world.clock.move(8 * DAY)  # 22.40
    await look(world.deps)
    assert await state_of(world, c) is State.ERASED


async def test_refusal_of_the_daily_run_is_logged(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """Nobody watches it: what it refuses is in the log, and the night goes on."""
    await talk(world)
    await look(world.deps)
    world.clock.move(500 * DAY)
    await look(world.deps)
    told = [vars(record) for record in caplog.records if record.name == "bot.flow.retention_run"]
    assert [(record["msg"], record["kind"]) for record in told] == [("retention waits", "NotNow")]
    assert BY == "retention"


async def test_two_runs_at_once_erase_once(world: World, folder: Path) -> None:
    """A command and the daily run take turns: each consultation has one certificate."""
    c = await talk(world)
    await run(world.deps, "test")
    world.clock.move(8 * DAY)
    reports = await asyncio.gather(*(run(world.deps, "test") for _ in range(3)))
    assert sorted(len(report.certificates) for report in reports) == [0, 0, 1]
    assert len(certificates_in(folder)) == 1
    assert await state_of(world, c) is State.ERASED
    assert await faults(world.deps) == ()


async def test_many_are_erased_in_parts(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """One transaction is never so long that others wait: what is too much for one certificate has several."""
    monkeypatch.setattr(retention, "MOST", 2)
    gone = [await question(world) for _ in range(5)]
    report = await later(world, 8 * DAY)
    assert sorted(len(one.consultations) for one in report.certificates) == [1, 2, 2]
    assert {id_ for one in report.certificates for id_ in one.consultations} == {c.id for c in gone}
    assert all(isinstance(one, Certificate) for one in report.certificates)
    assert await faults(world.deps) == ()


async def test_run_goes_on_until_nothing_is_left(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """After years without a decision there is more than memory should hold: a run takes it bit by bit, all of it."""
    gone = [await question(world) for _ in range(7)]
    monkeypatch.setattr(retention, "PAGE", 2)
    monkeypatch.setattr(retention, "MOST_FOUND", 3)
    await run(world.deps, "test")
    world.clock.move(8 * DAY)
    plan = await rehearse(world.deps)
    assert plan.more
    assert sum(len(batch.dues) for batch in plan.batches) < len(gone)
    report = await run(world.deps, "test")
    assert {id_ for one in report.certificates for id_ in one.consultations} == {c.id for c in gone}
    assert await faults(world.deps) == ()


async def test_what_cannot_be_certified_stays(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no certificate can be written, nothing is erased, and that is said."""
    c = await talk(world)
    await run(world.deps, "test")
    world.clock.move(8 * DAY)
    monkeypatch.setattr("bot.seal.certificate.MAX_DECISION", 3)
    report = await run(world.deps, "test")
    assert (report.certificates, report.staying[Stays.REFUSED]) == ((), 1)
    assert await state_of(world, c) is State.CLOSED
    assert certificates_in(folder) == {}


@pytest.mark.parametrize(
    "forged",
    [
        pytest.param({"closed_at": LONG_AGO, "begun_at": LONG_AGO}, id="older"),
        pytest.param({"identified": False}, id="nobody named"),
        pytest.param({"state": "closed", "closed_at": "2026-11-21T22:00:00Z", "due": None}, id="closed"),
    ],
)
async def test_row_that_was_made_to_look_due_is_not_erased(
    world: World, folder: Path, caplog: pytest.LogCaptureFixture, forged: dict[str, object]
) -> None:
    """Whoever only has the database cannot have us certify that it was time: the ledger's own entries are asked."""
    c = await world.ask_for()
    await world.accept(EVENING_1)
    if "identified" in forged:
        await _identify(world, c.id)
    if forged.get("state") is None:
        world.clock.move(DAY)
        await close(world, c.id)
    await run(world.deps, "test")
    world.clock.move(DAY if "begun_at" in forged else 8 * DAY)
    await asyncio.to_thread(_forge, folder, c.id, forged)
    report = await run(world.deps, "test")
    assert (report.certificates, report.staying[Stays.DOUBTFUL]) == ((), 1)
    assert "not erased" in caplog.messages
    assert await faults(world.deps)


@pytest.mark.parametrize("column", ["salt", "body", "kind"])
async def test_entry_that_is_not_that_of_its_leaf_stops_the_erasing(
    world: World, folder: Path, column: str
) -> None:
    """Nor can they change what the ledger says: an entry that was altered is kept, for whoever answers for the record."""
    c = await talk(world)
    await run(world.deps, "test")
    world.clock.move(8 * DAY)
    value = {
        "salt": "zeroblob(16)",
        "body": "CAST(replace(CAST(body AS TEXT), 'rule', 'Rule') AS BLOB)",
        "kind": "'x'",
    }
    statement = f"UPDATE entries SET {column} = {value[column]} WHERE about = ?"  # noqa: S608 - the attack
    await asyncio.to_thread(_execute, folder, statement, c.id)
    report = await run(world.deps, "test")
    assert (report.certificates, report.staying[Stays.DOUBTFUL]) == ((), 1)
    assert await state_of(world, c) is State.CLOSED


def _forge(folder: Path, id_: str, forged: dict[str, object]) -> None:
    """What an administrator with sqlite3 can do to a row, so that the store sees nothing."""
    with closing(sqlite3.connect(folder / "samjour.db")) as file, file:
        (body,) = file.execute("SELECT body FROM consultations WHERE id = ?", (id_,)).fetchone()
        told = json.dumps({**json.loads(body), **forged}).encode()
        state = json.loads(told)["state"]
        file.execute(
            "UPDATE consultations SET body = ?, state = ?, begun_at = 1 WHERE id = ?", (told, state, id_)
        )


def _execute(folder: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(folder / "samjour.db")) as file, file:
        file.execute(statement, values)


async def _identify(world: World, id_: ConsultationId) -> None:
    def name(tx: Tx) -> None:
        kept = tx.consultations.get(id_)
        assert kept is not None
        advance(tx, world.deps, kept, Identified(at=world.clock.now(), by=PersonId(OFFICER)))

    await world.deps.store.write(name)
