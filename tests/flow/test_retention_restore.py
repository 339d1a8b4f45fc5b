"""A restored backup: what a certificate says was erased does not come back, and nothing else goes."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import Samjour, build, running
from bot.content import Content
from bot.core.consultation import State
from bot.core.errors import Unavailable
from bot.demo.clock import ScriptedClock
from bot.demo.run import free_port
from bot.flow import retention_hold
from bot.flow.retention_restore import reapply, reapply_at_start
from bot.flow.retention_run import run
from bot.flow.upkeep import signers
from bot.seal.certificate import read_certificate, sign_certificate
from bot.seal.signing import signing_key
from bot.settings import Settings
from tests.flow.flow_world import EVENING_1, World
from tests.flow.retention_world import (
    DAY,
    certificates_in,
    close,
    dump,
    faults,
    files_of,
    found_in,
    later,
    marks_of,
    read_decided,
    state_of,
    talk,
)


@pytest.fixture(scope="module")
def content() -> Content:
    """The real files and two decisions."""
    return read_decided()


def back_up(folder: Path) -> Path:
    """The database's files as they stand."""
    backup = folder.with_name("backup")
    backup.mkdir()
    for name, body in files_of(folder).items():
        (backup / name).write_bytes(body)
    return backup


@asynccontextmanager
async def restored(
    folder: Path, backup: Path, content: Content, clock: ScriptedClock
) -> AsyncIterator[Samjour]:
    """The backup's database, with the keys and certificates as they are."""
    again = folder.with_name("again")
    shutil.copytree(folder, again, ignore=shutil.ignore_patterns("samjour.db*"))
    shutil.copytree(backup, again, dirs_exist_ok=True)
    settings = replace(
        Settings(), database_url=f"sqlite+aiosqlite:///{again / 'samjour.db'}", keys_dir=again / "keys"
    )
    async with build(settings, lambda: content, clock=clock) as samjour:
        yield samjour


async def test_erased_again_after_a_restore(world: World, folder: Path, content: Content) -> None:
    """The certificate outside is applied to what the backup brought back, by a new one that names it; the rest stays."""
    c = await talk(world)
    marks = marks_of(folder, c)
    backup = back_up(folder)
    world.clock.move(8 * DAY)
    young = await talk(world)
    world.clock.move(-8 * DAY)
    (first,) = (await later(world, 8 * DAY)).certificates
    assert await state_of(world, young) is State.CLOSED
    async with restored(folder, backup, content, world.clock) as samjour:
        again = World(samjour.deps, world.clock)
        assert await state_of(again, c) is State.CLOSED
        assert await reapply(samjour.deps, "test") == 1
        assert await state_of(again, c) is State.ERASED
        assert await faults(samjour.deps) == ()
        assert await reapply(samjour.deps, "test") == 0, "the second time does nothing"
        kept = await samjour.store.read(lambda tx: dict(tx.retention.notes()))
        (second,) = (read_certificate(note) for note in kept.values())
        assert (second.again, second.consultations) == (first.id, first.consultations)
        assert [one.decision for one in second.ledgers] == [one.decision for one in first.ledgers]
        assert (await run(samjour.deps, "test")).cleared
        assert found_in(folder.with_name("again"), marks) == set()
        assert set(certificates_in(folder.with_name("again"))) == {
            f"{first.id}.certificate",
            f"{second.id}.certificate",
        }


async def test_erased_again_though_it_was_open_in_the_backup(
    world: World, folder: Path, content: Content
) -> None:
    """A backup from the middle of a talk brings the talk back open: it is closed and erased, and nobody is told."""
    c = await world.ask_for()
    await world.accept(EVENING_1)
    await world.say(EVENING_1, "Hej")
    backup = back_up(folder)
    await close(world, c.id)
    await later(world, 8 * DAY)
    assert await state_of(world, c) is State.ERASED
    async with restored(folder, backup, content, world.clock) as samjour:
        again = World(samjour.deps, world.clock)
        assert await state_of(again, c) is State.OPEN
        assert await reapply(samjour.deps, "test") == 1
        assert await state_of(again, c) is State.ERASED
        assert await samjour.store.read(lambda tx: tx.outbox.next_due()) is None
        assert await faults(samjour.deps) == ()


async def test_hold_in_the_backup_does_not_count(world: World, folder: Path, content: Content) -> None:
    """It was erased after the hold had been removed; the backup's hold is removed again, on the record."""
    c = await talk(world)
    await world.deps.store.write(lambda tx: retention_hold.add(tx, world.deps, c.id, "PROV 9", "test"))
    backup = back_up(folder)
    await world.deps.store.write(lambda tx: retention_hold.remove(tx, world.deps, c.id, "PROV 9", "test"))
    await later(world, 8 * DAY)
    async with restored(folder, backup, content, world.clock) as samjour:
        assert await reapply(samjour.deps, "test") == 1
        assert await samjour.store.read(lambda tx: tx.retention.holds()) == ()
        assert await faults(samjour.deps) == ()


async def test_start_applies_certificates_before_anybody_is_served(
    world: World, folder: Path, content: Content
) -> None:
    """`serve` does it by itself: nothing has to be remembered at three in the morning."""
    c = await talk(world)
    backup = back_up(folder)
    await later(world, 8 * DAY)
    async with (
        restored(folder, backup, content, world.clock) as samjour,
        running(samjour, host="127.0.0.1", port=free_port()),
    ):
        assert await state_of(World(samjour.deps, world.clock), c) is State.ERASED


@pytest.mark.parametrize("how", ["altered", "other key", "other id", "no note", "not text", "too long"])
async def test_certificate_that_is_not_ours_is_passed_by(
    world: World, folder: Path, content: Content, caplog: pytest.LogCaptureFixture, how: str
) -> None:
    """A file that our key has not signed, or that was altered or renamed, erases nothing, and is told by its id."""
    c = await talk(world)
    backup = back_up(folder)
    await later(world, 8 * DAY)
    (path,) = (folder / "certificates").iterdir()
    forge(path, how, signers(world.deps).origin(read_certificate(path.read_text()).organisation))  # type: ignore[arg-type]
    async with restored(folder, backup, content, world.clock) as samjour:
        assert await reapply(samjour.deps, "test") == 0
        assert await state_of(World(samjour.deps, world.clock), c) is State.CLOSED
        assert await faults(samjour.deps) == ()
    assert [record.msg for record in caplog.records if "retention" in record.name] == [
        "certificate passed by"
    ]


def forge(path: Path, how: str, origin: str) -> None:
    """Write something else in the place of a certificate."""
    note = path.read_text()
    match how:
        case "altered":
            path.write_text(note.replace("PROV 2026/2", "PROV 2026/9"))
        case "other key":
            other = signing_key(b"\x07" * 32)
            path.write_text(sign_certificate(read_certificate(note), origin=origin, key=other))
        case "other id":
            path.rename(path.with_name(f"{'0' * 32}.certificate"))
        case "no note":
            path.write_text("")
        case "not text":
            path.write_bytes(b"\xff\xfe" * 1000)
        case "too long":
            path.write_text(note + "\n" * 70_000)


async def test_other_files_in_the_folder_are_passed_over(world: World, folder: Path) -> None:
    """Whatever else lies there, or lies there half written, is no certificate."""
    await talk(world)
    await later(world, 8 * DAY)
    for name in ("README", f"{'1' * 32}.txt", f".{'2' * 32}.new", "x.certificate", f"{'A' * 32}.certificate"):
        (folder / "certificates" / name).write_text("something")
    (folder / "certificates" / f"{'3' * 32}.certificate").mkdir()
    rows = dump(folder)
    assert await reapply(world.deps, "test") == 0
    assert dump(folder) == rows


async def test_start_goes_on_when_certificates_cannot_be_read(
    world: World, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Somebody may be waiting for a person: the fault is told, and the service starts."""
    shutil.rmtree(folder / "certificates", ignore_errors=True)
    (folder / "certificates").write_text("in the way")
    with pytest.raises(Unavailable):
        await reapply(world.deps, "test")
    await reapply_at_start(world.deps)
    assert "certificates not applied" in caplog.messages
