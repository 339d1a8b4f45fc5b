"""The same from terminals: supervisors with key files ask, help and read; and from a backup, when the server is gone."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.client import opening
from bot.client.files import read_known, write_key, write_known
from bot.commands import places
from bot.core.ids import OrganisationId, RoomId
from bot.flow.ports import Tx
from bot.flow.records_openings import Ended, Place
from bot.seal.keys import make_device
from tests.stories.story import TURNS, Story
from tests.stories.test_opening import CHIEFS, SAID, Night


@dataclass(slots=True)
class Terminals:
    """Supervisors at terminals, each with two files."""

    town: Night
    folder: Path
    captured: pytest.CaptureFixture[str]

    async def run(self, who: str, *words: str) -> tuple[int, str, str]:
        """Run a command as somebody; exit code, what stands on stdout, what on stderr."""
        at = await self.town.at(who)
        key, pins = self.folder / f"{who}.key", self.folder / f"{who}.pins"
        if not key.exists():
            write_key(key, at.device.secret)
            write_known(pins, at.device.known)
        return await self.bare(*words, "--key", str(key), "--pins", str(pins))

    async def bare(self, *words: str) -> tuple[int, str, str]:
        """Run a command."""
        self.captured.readouterr()
        code = await asyncio.to_thread(main, ["opening", *words])
        shown = self.captured.readouterr()
        return code, shown.out, shown.err

    async def asked(self, who: str, room: str, *more: str) -> str:
        """Ask to open; returns the opening's id."""
        words = more or ("--purpose", "log-check", "--ground", "lag-2001-454-10")
        code, told, _ = await self.run(who, "request", "--room", room, "--minutes", "30", *words)
        assert code == 0
        return str(json.loads(told)["opening"])


@pytest.fixture
async def terminals(
    night: Story, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Terminals]:
    """A Saturday night; the terminals' clocks show its time."""
    monkeypatch.setattr(places, "now", night.clock.now)
    async with AsyncExitStack() as stack:
        folder = tmp_path / "terminals"
        folder.mkdir(mode=0o700)
        yield Terminals(town=Night(story=night, stack=stack), folder=folder, captured=capfd)


async def test_two_terminals_open(terminals: Terminals) -> None:
    """Asked for, waited for, helped, read and ended; what was said stands on stdout and in no file."""
    room = await terminals.town.talk()
    one, two, _ = CHIEFS
    id_ = await terminals.asked(one, room)
    code, told, _ = await terminals.run(two, "list")
    assert (code, id_ in told, "Loggkontroll" in told, "1 shares of yours" in told) == (0, True, True, True)
    code, told, err = await terminals.run(one, "read", id_)
    assert (code, told) == (3, "")
    assert "andelar" in err
    code, told, err = await terminals.run(two, "pass", id_)
    assert (code, json.loads(told)) == (0, {"passed": 1})
    assert "Loggkontroll" in err  # who asks and why is said before
    assert (await terminals.run(one, "wait", id_))[0] == 0
    code, told, _ = await terminals.run(one, "read", id_)
    assert code == 0
    assert [line.partition(": ")[2] for line in told.splitlines()] == list(SAID)
    assert told.count("(bridge)") == 2
    code, told, _ = await terminals.run(one, "read", id_, "--json")
    assert [line["text"] for line in json.loads(told)["lines"]] == list(SAID)
    assert (await terminals.run(one, "end", id_))[0] == 0
    assert (await terminals.run(one, "wait", id_))[0] == 1
    kept = b"".join(path.read_bytes() for path in terminals.folder.rglob("*") if path.is_file())
    assert not any(text.encode() in kept for text in SAID)


async def test_a_supervisor_finds_the_room(terminals: Terminals) -> None:
    """Rooms are listed by id and time for whoever has a share; neither words nor names stand there, and others see none."""
    one, town = CHIEFS[0], terminals.town
    code, told, err = await terminals.run(one, "rooms")
    assert (code, told, err) == (0, "", "there is no room of which you have a share\n")
    room = await town.talk()
    code, told, err = await terminals.run(one, "rooms", "--json")
    row = json.loads(told)
    assert (code, row["room"], row["organisation"], row["epochs"]) == (0, room, "malmo", 1)
    begun = datetime.fromisoformat(row["begun"])
    assert timedelta(0) <= town.story.clock.now() - begun < timedelta(hours=1)
    code, told, err = await terminals.run(one, "rooms")
    assert told.split()[0] == room
    assert not any(text in told + err for text in (*SAID, "p-"))
    code, told, err = await terminals.run(
        one, "request", "--purpose", "log-check", "--ground", "lag-2001-454-10"
    )
    assert (code, "samjour opening rooms" in err) == (2, True)


async def test_others_see_no_room(terminals: Terminals) -> None:
    """The list is the policy's to give: a coordinator is refused with a sentence, another organisation sees nothing."""
    town = terminals.town
    await town.talk()
    await terminals.run(CHIEFS[0], "rooms")
    keys, known = town.story.database.parent, read_known(terminals.folder / f"{CHIEFS[0]}.pins")
    coordinator = keys / "coordinators" / "malmo--p-malmo-samordnare.key"
    write_known(terminals.folder / "coordinator.pins", replace(known, person="p-malmo-samordnare"))
    pins = ("--pins", str(terminals.folder / "coordinator.pins"))
    code, told, err = await terminals.bare("rooms", "--key", str(coordinator), *pins)
    assert (code, told, err.count("\n"), "refused" in err) == (3, "", 1, False)
    elsewhere = await town.at("p-sj-malmo-chef-1", OrganisationId("socialjour-malmo"))
    assert await opening.rooms(elsewhere.api) == {}


async def test_a_backup_and_two_key_files_are_enough(terminals: Terminals, tmp_path: Path) -> None:
    """When there is no server any more, t supervisors read from a backup; one does not."""
    room = await terminals.town.talk()
    one, two, three = CHIEFS
    for who in CHIEFS:
        await terminals.run(who, "list")
    backup = tmp_path / "backup.db"
    with (
        closing(sqlite3.connect(terminals.town.story.database)) as source,
        closing(sqlite3.connect(backup)) as target,
    ):
        source.backup(target)
    backup.chmod(0o600)
    keys = {who: str(terminals.folder / f"{who}.key") for who in CHIEFS}
    pairs: list[tuple[str, ...]] = [(one, two), (three, one), CHIEFS]
    for some in pairs:
        named = [word for who in some for word in ("--key", keys[who])]
        code, told, err = await terminals.bare("read", room, "--backup", str(backup), *named)
        assert code == 0
        assert [line.partition(": ")[2] for line in told.splitlines()] == list(SAID)
        assert "not recorded" in err
    alone: list[tuple[str, ...]] = [(one,), (one, one)]
    for too_few in alone:
        named = [word for who in too_few for word in ("--key", keys[who])]
        code, told, _ = await terminals.bare("read", room, "--backup", str(backup), *named)
        assert (code, told) == (3, "")
    stranger = terminals.folder / "stranger.key"
    write_key(stranger, make_device(bytes(64)))
    code, told, _ = await terminals.bare("read", room, "--backup", str(backup), "--key", str(stranger))
    assert (code, told) == (2, "")
    named = [word for who in (one, two) for word in ("--key", keys[who])]
    assert (await terminals.bare("read", "no-room", "--backup", str(backup), *named))[0] == 2


async def test_a_drill_a_state_and_a_redeal(terminals: Terminals) -> None:
    """The monthly routine from terminals: the drill, the state of the keys, all of them dealt again, handed on."""
    room = await terminals.town.talk()
    one, two, _ = CHIEFS
    id_ = await terminals.asked(one, room, "--purpose", "drill", "--ground", "routine-drill")
    await terminals.run(two, "pass", id_)
    code, told, _ = await terminals.run(one, "read", id_)
    assert (code, json.loads(told)) == (0, {"epochs": 1})
    await terminals.run(one, "end", id_)
    code, told, _ = await terminals.run(one, "state")
    assert (code, json.loads(told)["lost"]) == (0, 0)
    code, told, _ = await terminals.run(
        one,
        "request",
        "--every-room",
        "--purpose",
        "redeal",
        "--ground",
        "routine-redeal",
        "--minutes",
        "120",
    )
    redeal = str(json.loads(told)["opening"])
    await terminals.run(two, "pass", redeal)
    code, told, _ = await terminals.run(one, "redeal", redeal)
    assert (code, json.loads(told)) == (0, {"dealt": 1})
    other = (await terminals.town.at(two)).device.id.hex()
    assert (await terminals.run(one, "hand-on", "--to", other))[0] == 3  # nobody holds two seats
    assert (await terminals.run(one, "hand-on", "--to", "no id"))[0] == 2


async def test_bad_usage_is_one_line(terminals: Terminals) -> None:
    """Files of no device, pins of another address, a purpose or a room that is none: one line, and the right code."""
    one = CHIEFS[0]
    await terminals.run(one, "list")
    key, pins = terminals.folder / f"{one}.key", terminals.folder / f"{one}.pins"
    files = ("--key", str(key), "--pins", str(pins))
    for code, words in (
        (2, ("list",)),
        (2, ("list", "--key", str(key))),
        (3, ("list", "--key", str(terminals.folder / "none"), "--pins", str(pins))),
        (2, ("list", *files, "--url", "https://elsewhere.example")),
        (2, ("request", "--purpose", "log-check", "--ground", "lag-2001-454-10", *files)),
        (2, ("request", "--room", "r", "--purpose", "curiosity", "--ground", "x", *files)),
        (3, ("request", "--room", "r", "--purpose", "log-check", "--ground", "lag-2001-454-10", *files)),
        (3, ("end", "no-opening", *files)),
    ):
        found, told, err = await terminals.bare(*words)
        assert (found, told, err.count("\n")) == (code, "", 1), words


async def test_each_refusal_says_what_to_do(terminals: Terminals) -> None:
    """Whatever a supervisor asks for wrongly, one line names what may be chosen; no honest server is blamed for it."""
    room = await terminals.town.talk()
    one, two, _ = CHIEFS
    law = ("--purpose", "log-check", "--ground", "lag-2001-454-10")
    again = ("--purpose", "redeal", "--ground", "routine-redeal")
    for words, said in (
        (("--room", room, "--purpose", "nyfiken", "--ground", "x"), "--purpose: is one of log-check,"),
        (("--room", room, *law[:2], "--ground", "osl-6-3"), "--ground: is, for log-check, one of lag-2001"),
        (("--room", room, *law, "--minutes", "61"), "from 1 to 60"),
        (("--room", room, *law, "--minutes", "0"), "from 1 to 60"),
        (("--every-room", *law), "--every-room"),
        (("--every-room", "--room", room, *again), "--every-room"),
        (("--room", room, *again), "--every-room"),
    ):
        code, told, err = await terminals.run(one, "request", *words)
        assert (code, told, err.count("\n")) == (2, "", 1), words
        assert said in err
    code, told, err = await terminals.run(one, "list")
    assert (code, told) == (0, "")  # nothing of all that was taken
    id_ = await terminals.asked(one, room)
    code, told, err = await terminals.run(one, "pass", id_)
    assert (code, told, "another supervisor" in err) == (3, "", True)
    code, told, err = await terminals.run(one, "redeal", id_)
    assert (code, told, "every room" in err) == (3, "", True)
    code, told, err = await terminals.run(one, "hand-on", "--to", "00" * 32)
    assert (code, told, "Nothing more was handed on" in err) == (3, "", True)
    assert (await terminals.run(one, "end", id_))[0] == 0
    code, told, err = await terminals.run(two, "pass", id_)
    assert (code, told, "has ended" in err) == (3, "", True)


async def test_passing_on_goes_on_where_it_failed(terminals: Terminals) -> None:
    """Who passes on again, because an answer was lost, is told that nothing was left to do; what was left is done."""
    room = await terminals.town.talk()
    one, two, _ = CHIEFS
    id_ = await terminals.asked(one, room)
    assert json.loads((await terminals.run(two, "pass", id_))[1]) == {"passed": 1}
    code, told, _ = await terminals.run(two, "pass", id_)
    assert (code, json.loads(told)) == (0, {"passed": 0})


async def test_the_time_box_ends_by_itself(terminals: Terminals) -> None:
    """Nobody ends it: when its time is over the running service does, destroys the shares, and records it."""
    room = await terminals.town.talk()
    one, two, _ = CHIEFS
    id_ = await terminals.asked(one, room)
    await terminals.run(two, "pass", id_)
    story = terminals.town.story
    story.clock.move(timedelta(minutes=31))

    def kept(tx: Tx) -> tuple[Ended | None, list[object]]:
        found = tx.openings.get(id_)
        assert found is not None
        shares = tx.openings.passed(id_, Place(room=RoomId(room), epoch=1))
        return found.ended, [share.blob for share in shares]

    ended, blobs = await story.deps.store.read(kept)
    for _ in range(TURNS):
        if ended is not None:
            break
        ended, blobs = await story.deps.store.read(kept)
    assert (ended, blobs) == (Ended.EXPIRED, [None])
    code, told, err = await terminals.run(one, "read", id_)
    assert (code, told, err.count("\n")) == (3, "", 1)
    assert (await terminals.run(one, "wait", id_))[0] == 1
