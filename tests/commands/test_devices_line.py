"""The command line of organisations and devices: from a root in a safe to a device that others believe."""

import asyncio
import json
import stat
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from bot import content as content_files
from bot.__main__ import main
from bot.app import build, running
from bot.commands import places
from bot.commands.acts import ACTS
from bot.commands.admin import listening
from bot.content import Content
from bot.demo.run import free_port
from bot.demo.seed import SOURCE, people_of
from bot.flow.enrol import put_person
from bot.flow.ports import Tx
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
CHIEFS = [f"p-malmo-chef-{number}" for number in (1, 2, 3)]
WORKER = "p-malmo-kvall-1"


@pytest.fixture(scope="session")
def files() -> Content:
    """The real content, read once."""
    return content_files.read(ROOT)


@dataclass(slots=True)
class Line:
    """The command line in an empty folder."""

    capture: pytest.CaptureFixture[str]

    def __call__(self, *argv: str) -> dict[str, Any]:
        """What a command that ends well prints."""
        code, told, said = self.run(*argv)
        assert code == 0, said
        found: dict[str, Any] = json.loads(told)
        return found

    def run(self, *argv: str) -> tuple[int, str, str]:
        """Exit code, stdout, stderr."""
        code = main(argv)
        told, said = self.capture.readouterr()
        return code, told, said


@pytest.fixture
def line(
    files: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Line:
    """Commands that find the real content."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(places, "content", lambda _: files)
    return Line(capsys)


@pytest.fixture
def server(files: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A running server with people and without a single root: as a new deployment is."""
    port = free_port()
    found = replace(
        Settings(),
        database_url=f"sqlite+aiosqlite:///{tmp_path}/samjour.db",
        keys_dir=tmp_path / "keys",
        base_url=f"http://localhost:{port}",
    )
    ready, stop, loop = threading.Event(), asyncio.Event(), asyncio.new_event_loop()

    async def serve() -> None:
        async with build(found, lambda: files) as samjour:

            def act(tx: Tx) -> None:
                for person in people_of(files).people:
                    if "malmo" in person.id:
                        put_person(tx, samjour.deps, person, by=SOURCE)

            await samjour.store.write(act)
            async with running(samjour, host="localhost", port=port), listening(samjour, found, ACTS):
                ready.set()
                await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    assert ready.wait(30)
    monkeypatch.setenv("SAMJOUR_DATABASE_URL", found.database_url)
    monkeypatch.setenv("SAMJOUR_KEYS_DIR", str(tmp_path / "keys"))
    monkeypatch.setenv("SAMJOUR_BASE_URL", found.base_url)
    yield
    loop.call_soon_threadsafe(stop.set)
    thread.join(30)
    loop.close()


def test_root_is_made_offline(line: Line, tmp_path: Path) -> None:
    """Init needs no database and no content; the file is its owner's alone, and is never written over."""
    first = line("organisation", "init", "--root", "safe/malmo.root")
    file = tmp_path / "safe" / "malmo.root"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    assert line("organisation", "init", "--root", "safe/malmo.root") == first
    assert file.read_bytes() == before
    file.chmod(0o644)
    assert line.run("organisation", "init", "--root", "safe/malmo.root")[0] == 3


def enrolled(line: Line, person: str, rights: str) -> dict[str, Any]:
    """Somebody invited by the operator, at their new device."""
    link = line("device", "invite", person, "--org", "malmo", "--rights", rights)["link"]
    return line("device", "enrol", link, "--dir", f"devices/{person}")


def with_root(line: Line) -> str:
    """A root, made and registered; its file."""
    public = line("organisation", "init", "--root", "malmo.root")["root"]
    line("organisation", "register", "--org", "malmo", "--public", public)
    return "malmo.root"


@pytest.mark.usefixtures("server")
def test_from_the_root_to_a_ready_organisation(line: Line) -> None:
    """Root, three supervisors certified by it, and a worker approved by one of them who compared the code."""
    root = with_root(line)
    for chief in CHIEFS:
        made = enrolled(line, chief, "shares,approve")
        certified = line(
            "organisation", "certify", "--root", root, "--device", made["device"], "--code", made["code"]
        )
        assert certified["state"] == "active"
        assert certified["code"] == made["code"]
    worker = enrolled(line, WORKER, "member")
    (waits,) = line("device", "waiting", "--dir", f"devices/{CHIEFS[0]}")["waiting"]
    assert (waits["device"], waits["code"]) == (worker["device"], worker["code"])
    wrong = ("device", "approve", worker["device"], "--dir", f"devices/{CHIEFS[0]}", "--code")
    code, _, said = line.run(*wrong, "0000 0000 0000 0000")
    assert (code, "approve nothing" in said) == (2, True)
    assert line(*wrong, worker["code"])["state"] == "active"
    read = line("device", "directory", "--dir", f"devices/{WORKER}")
    assert [one["person"] for one in read["devices"] if one["rights"] == 1] == [WORKER]
    assert len(read["devices"]) == 4
    assert line("ledger", "verify", "--json")["ok"] is True
    assert line("device", "revoke", worker["device"])["state"] == "revoked"
    assert line.run("device", "directory", "--dir", f"devices/{WORKER}")[0] == 3


@pytest.mark.usefixtures("server")
def test_certified_in_files(line: Line, tmp_path: Path) -> None:
    """The root's machine has no network: a bundle is carried there in a file, and what it says back."""
    root = with_root(line)
    made = enrolled(line, CHIEFS[0], "shares,approve")
    line("device", "bundle", made["device"], "--out", "bundle.json")
    told = line("organisation", "certify", "--root", root, "--bundle", "bundle.json", "--out", "word.json")
    assert (told["person"], told["rights"], told["code"]) == (CHIEFS[0], 6, made["code"])
    (listed,) = json.loads(line.run("device", "list", "--org", "malmo", "--json")[1])["devices"]
    assert (listed["state"], listed["code"]) == ("pending", made["code"])
    assert line("organisation", "submit", "word.json")["state"] == "active"
    assert line("organisation", "submit", "word.json")["state"] == "active"
    word = json.loads((tmp_path / "word.json").read_text())
    (tmp_path / "bad.json").write_text(json.dumps({**word, "approval": word["approval"][:-4]}))
    assert line.run("organisation", "submit", "bad.json")[0] == 2
    assert line.run("device", "bundle", made["device"], "--out", "bundle.json")[0] == 2


@pytest.mark.usefixtures("server")
def test_organisations_are_introduced(line: Line) -> None:
    """One root vouches for another; whose key is not the one this server has is refused."""
    root = with_root(line)
    other = line("organisation", "init", "--root", "polisen.root")
    line("organisation", "register", "--org", "polisen", "--public", other["root"])
    assert line("organisation", "show", "--org", "polisen")["root"] == other["root"]
    named = ("organisation", "introduce", "--root", root, "--org", "malmo", "--other", "polisen")
    assert line(*named)["introduced"] == "polisen"
    assert line(*named, "--public", other["root"])["introduced"] == "polisen"
    stranger = line("organisation", "init", "--root", "stranger.root")["root"]
    assert line.run(*named, "--public", stranger)[0] == 3
    line(*named, "--public", stranger, "--out", "word.json")
    assert line.run("organisation", "submit", "word.json")[0] == 3
    again = ("organisation", "register", "--org", "malmo", "--public", stranger)
    code, _, said = line.run(*again)
    assert (code, "another root" in said) == (3, True)


@pytest.mark.usefixtures("server")
def test_wrong_code_certifies_nothing(line: Line) -> None:
    """The operator who types another code than the bundle gives is told so, and nothing is signed."""
    root = with_root(line)
    made = enrolled(line, CHIEFS[0], "shares")
    given = (
        "organisation",
        "certify",
        "--root",
        root,
        "--device",
        made["device"],
        "--code",
        "1234 5678 9012 3456",
    )
    code, _, said = line.run(*given)
    assert (code, made["code"] in said) == (2, True)
    assert line("device", "list", "--org", "malmo", "--json")["devices"][0]["approvals"] == 0


@pytest.mark.parametrize(
    "argv",
    [
        ("organisation", "certify", "--root", "none.root", "--device", "00"),
        ("organisation", "register", "--org", "malmo", "--public", "AAAA"),
        ("organisation", "register", "--org", "nowhere", "--public", "A" * 43),
        ("organisation", "submit", "none.json"),
        ("device", "invite", WORKER, "--org", "malmo", "--rights", "everything"),
        ("device", "invite", "p-nobody", "--org", "malmo"),
        ("device", "revoke", "00"),
        ("device", "revoke", "0" * 64),
        ("device", "enrol", "http://localhost/enrol#x=1", "--dir", "d"),
        ("device", "enrol", "nothing", "--dir", "d"),
    ],
)
@pytest.mark.usefixtures("server")
def test_bad_usage_is_one_line(line: Line, argv: tuple[str, ...]) -> None:
    """What cannot be used is told in one line, with exit code 2 and no traceback."""
    code, told, said = line.run(*argv)
    assert (code, told) == (2, "")
    assert said.count("\n") == 1
    assert said.startswith("samjour: ")
