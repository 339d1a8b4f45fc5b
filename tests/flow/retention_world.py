"""Nights that are over: consultations closed in Malmö, decisions that let them be erased, and what is left in files."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.content import Content
from bot.core.consultation import Consultation, State
from bot.core.events import Closed, Ending
from bot.core.ids import ConsultationId, OrganisationId
from bot.core.retention import Decided, RetentionClass, with_decisions
from bot.flow.advance import advance, moment
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.retention_run import Report, run
from bot.flow.upkeep import sign_heads, signers
from bot.flow.verify import verify
from tests.flow.flow_world import EVENING_1, OFFICER, World, read_content

MALMO, POLISEN = OrganisationId("malmo"), OrganisationId("polisen")
SECOND, DAY, WEEK = timedelta(seconds=1), timedelta(days=1), timedelta(days=7)
OFFICER_SAYS, WORKER_SAYS = "Barnet sover nu hos grannen.", "Jag är framme om en kvart."


def decided(content: Content, *covers: RetentionClass, days: int = 7) -> Content:
    """The files, where Malmö and the police have decided on these classes."""
    numbers = {covered: f"PROV 2026/{n}" for n, covered in enumerate(RetentionClass, start=1)}
    more = [
        Decided(covers=covered, organisations=(MALMO, POLISEN), number=numbers[covered], days=days)
        for covered in covers
    ]
    return replace(content, retention=with_decisions(content.retention, more))


def read_decided() -> Content:
    """The real files with a part of the demo's people, where a question and an unnamed talk are kept a week."""
    return decided(read_content(), RetentionClass.LIBRARY, RetentionClass.UNNAMED)


async def talk(world: World, officer: str = OFFICER) -> Consultation:
    """A request, accepted, talked over and closed."""
    world.clock.move(SECOND)
    c = await world.ask_for(officer)
    await world.accept(EVENING_1)
    await world.say(officer, OFFICER_SAYS)
    await world.say(EVENING_1, WORKER_SAYS)
    return await close(world, c.id)


async def question(world: World) -> Consultation:
    """A question to the library, answered and done with."""
    world.clock.move(SECOND)
    await world.say(OFFICER, "när ringer jag jouren?")
    return await close(world, (await world.latest()).id)


async def close(world: World, id_: ConsultationId) -> Consultation:
    """End it, whatever it is."""
    deps = world.deps

    def act(tx: Tx) -> Consultation:
        c = tx.consultations.get(id_)
        assert c is not None
        if c.state is State.CLOSED:
            return c
        at = moment(c, deps.clock.now())
        return advance(tx, deps, c, Closed(at=at, by=None, ending=Ending.ADVICE))

    closed = await deps.store.write(act)
    await world.work()
    return closed


async def later(world: World, span: timedelta) -> Report:
    """Let retention look first, then time pass, and run it."""
    await run(world.deps, "test")
    world.clock.move(span)
    return await run(world.deps, "test")


async def state_of(world: World, c: Consultation) -> State:
    """Where a consultation stands."""
    kept = await world.deps.store.read(lambda tx: tx.consultations.get(c.id))
    assert kept is not None
    return kept.state


async def faults(deps: Deps) -> tuple[str, ...]:
    """What `ledger verify` finds, with every head signed."""
    await sign_heads(deps)
    found = await deps.store.read(lambda tx: verify(tx, signers(deps)))
    return tuple(f"{fault.where}: {fault.what}" for fault in found.faults)


def database(folder: Path) -> Path:
    """The database's file."""
    return folder / "samjour.db"


def files_of(folder: Path) -> dict[str, bytes]:
    """The database's file, its log and its shared memory."""
    return {
        path.name: path.read_bytes()
        for path in sorted(folder.glob("samjour.db*"))
        if path.is_file() and not path.is_socket()
    }


def marks_of(folder: Path, c: Consultation) -> dict[str, bytes]:
    """Bytes that nothing else has: salts, sealed words and keys, and what the row and the bodies say of it."""
    with closing(sqlite3.connect(f"file:{database(folder)}?mode=ro", uri=True)) as file:
        rows = {
            "salt": file.execute("SELECT salt FROM entries WHERE about = ?", (c.id,)).fetchall(),
            "body": file.execute(
                "SELECT substr(body, -300) FROM entries WHERE about = ? AND length(body) > 300", (c.id,)
            ).fetchall(),
            "event": file.execute(
                "SELECT substr(body, -64) FROM room_events WHERE room = ?", (c.room,)
            ).fetchall(),
            "key": file.execute(
                "SELECT substr(blob, -64) FROM room_keys WHERE room = ?", (c.room,)
            ).fetchall(),
            "escrow": file.execute(
                "SELECT substr(blob, -64) FROM escrows WHERE room = ?", (c.room,)
            ).fetchall(),
        }
    found = {f"{kind} {n}": bytes(row[0]) for kind, those in rows.items() for n, row in enumerate(those)}
    return {**found, **{f"offer {n}": offer.id.encode() for n, offer in enumerate(c.offers)}}


def found_in(folder: Path, marks: dict[str, bytes]) -> set[str]:
    """Which of the marks stand in any of the database's files."""
    files = files_of(folder)
    return {name for name, mark in marks.items() if any(mark in body for body in files.values())}


def dump(folder: Path) -> list[str]:
    """Every row of the database."""
    with closing(sqlite3.connect(f"file:{database(folder)}?mode=ro", uri=True)) as file:
        return list(file.iterdump())


def certificates_in(folder: Path) -> dict[str, str]:
    """The files of certificates: name, text."""
    return {path.name: path.read_text() for path in sorted((folder / "certificates").glob("*"))}


def at_night(at: datetime, hour: int) -> timedelta:
    """From an instant to that hour (UTC) of the next day."""
    return at.replace(hour=hour, minute=0, second=0, microsecond=0) + DAY - at
