"""Directories stay fresh by themselves: never a day old, and never signed where the ledger was rewritten."""

import sqlite3
from datetime import timedelta

from bot.client.device import read_directory, sign_in
from bot.flow.device_directory import RENEWED
from bot.flow.device_upkeep import renew_directories
from bot.seal.directory import MAX_AGE
from tests.attacks.town import CHIEF_3, MALMO, WORKER, Town


async def test_old_directories_are_published_anew(town: Town) -> None:
    """Before they are due nothing happens; then each organisation's is published, and clients go on believing."""
    assert RENEWED.total_seconds() * 2 < MAX_AGE
    client = await town.seated(CHIEF_3)
    first = await read_directory(client.api, client.device, MALMO, now=town.now)
    town.clock.move(RENEWED - timedelta(minutes=1))
    assert await renew_directories(town.deps) == 0
    town.clock.move(timedelta(minutes=2))
    assert await renew_directories(town.deps) == len(town.deps.content().structure.organisations)
    assert await renew_directories(town.deps) == 0
    town.clock.move(timedelta(seconds=MAX_AGE - 60))
    await sign_in(client.api, client.device)  # sessions last half a day
    renewed = await read_directory(client.api, client.device, MALMO, now=town.now)
    assert renewed.number == first.number + 1
    assert renewed.members == first.members
    assert await town.verified() == ""


async def test_clock_set_back_is_published_anew(town: Town) -> None:
    """A directory from what is now the future would be refused by every client: it is published again."""
    client = await town.seated(CHIEF_3)
    town.clock.move(-timedelta(days=2))
    assert await renew_directories(town.deps) > 0
    await sign_in(client.api, client.device)
    await read_directory(client.api, client.device, MALMO, now=town.now)


async def test_rewritten_ledger_is_not_signed_again(town: Town) -> None:
    """Where somebody rewrote the ledger under a checkpoint, no directory is published over it; others are."""
    connection = sqlite3.connect(town.folder / "samjour.db")
    with connection:
        connection.execute("UPDATE nodes SET hash = zeroblob(32) WHERE organisation = 'malmo'")
    connection.close()
    town.clock.move(RENEWED + timedelta(minutes=1))
    count = len(town.deps.content().structure.organisations)
    assert await renew_directories(town.deps) == count - 1


async def test_suspending_revokes_every_device(town: Town) -> None:
    """Whoever is suspended has no active device a moment later, in no directory, and none that waits."""
    active, waiting = await town.active(WORKER), await town.enrolled(WORKER)
    await town.change(WORKER, active=False)
    for at in (active, waiting):
        assert (await town.read_device(at.device.id)).state == "revoked"
    client = await town.seated(CHIEF_3)
    verified = await read_directory(client.api, client.device, MALMO, now=town.now)
    assert not verified.members[active.device.id].active
    assert waiting.device.id not in verified.members
    assert await town.verified() == ""
