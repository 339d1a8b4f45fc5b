"""What the demo prints is enough to make a device of one's own: a link, and the commands that approve it."""

import asyncio
import json
from pathlib import Path

import pytest

from bot import content as content_files
from bot.__main__ import main
from bot.client import device
from bot.client.api import opened
from bot.client.link import read_link
from bot.commands import places
from bot.commands.acts import ACTS
from bot.commands.admin import listening
from bot.core.errors import Unavailable
from bot.core.ids import PersonId
from bot.demo.invitations import INVITED, Invitation, invitations
from bot.demo.run import ROLES, announce, demo, free_port, links

ROOT = Path(__file__).parents[2]


async def test_a_visitor_gets_a_device(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The link enrols once; the printed command, with the code that the device shows, makes it active at once."""
    content, port, folder = content_files.read(ROOT), free_port(), tmp_path / "var" / "demo"
    folder.mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(places, "content", lambda _: content)
    async with demo(folder, content, port=port) as shown:
        invited = await invitations(shown.samjour, places.DEMO, ROLES)
        assert set(invited) == set(INVITED) == {"officer", "worker_1"}
        async with (
            listening(shown.samjour, places.demo_settings(places.settings(), folder), ACTS),
            opened(f"http://localhost:{port}") as api,
        ):
            for number, one in enumerate(invited.values()):
                made = await device.enrol(
                    api, read_link(one.link), tmp_path / str(number), entropy=bytes([number + 1] * 64)
                )
                assert await run(one.waiting) == 0
                assert f"{made.id.hex()} pending member" in capsys.readouterr().out
                certify = one.approve.replace("DEVICE", made.id.hex())
                assert await run(certify, "--code", made.code) == 0
                assert json.loads(capsys.readouterr().out)["state"] == "active"
                await device.sign_in(api, made)
        with pytest.raises(Unavailable):
            await invitations(shown.samjour, folder, dict.fromkeys(ROLES, PersonId("p-nobody")))
        said: list[str] = []
        signed = await links(shown.samjour)
        announce("http://x", "http://x/phones", signed, invited, as_json=True, say=said.append)
        announce("http://x", "http://x/phones", signed, invited, as_json=False, say=said.append)
    check_said(said, signed, invited)


def test_what_the_demo_tells_a_curator_names_their_files(tmp_path: Path) -> None:
    """The command parses, its files are those that the seed writes, and the database is the demo's."""
    said: list[str] = []
    announce("http://x", "http://x/phones", {}, {}, as_json=False, say=said.append, folder=tmp_path)
    (listed,) = (line.split() for line in said if "questions list" in line)
    assert listed[:3] == ["samjour", "questions", "list"]
    key, pins = Path(listed[4]), Path(listed[6])
    assert (listed[3], listed[5]) == ("--key", "--pins")
    assert (key.parent, pins.parent) == (tmp_path / "curators", tmp_path / "curators")
    assert (key.stem, pins.stem) == ("malmo--p-malmo-redaktor", "malmo--p-malmo-redaktor")
    assert any(f"sqlite+aiosqlite:///{tmp_path}/samjour.db samjour reload" in line for line in said)


def check_said(said: list[str], signed: dict[str, str], invited: dict[str, Invitation]) -> None:
    """The first line keeps what is promised of it; people read the same links and commands."""
    first = json.loads(said[0])
    assert (first["ready"], first["links"], first["phones"]) == ("http://x", signed, "http://x/phones")
    for role, one in invited.items():
        told = {"link": one.link, "waiting": one.waiting, "approve": one.approve}
        assert first["devices"][role] == told
        assert all(any(text in line for line in said[1:]) for text in told.values())


async def run(line: str, *more: str) -> int:
    """Run a printed command as it stands."""
    program, *words = line.split()
    assert program == "samjour"
    return await asyncio.to_thread(main, [*words, *more])
