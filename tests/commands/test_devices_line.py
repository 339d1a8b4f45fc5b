"""The command line of organisations and devices: from a root in a safe to a device that others believe."""

import asyncio
import io
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
from bot.commands import places, served
from bot.commands.acts import ACTS
from bot.commands.admin import listening
from bot.commands.said import of_refusal
from bot.content import Content
from bot.demo.run import free_port
from bot.demo.seed import SOURCE, people_of
from bot.flow.enrol import put_person
from bot.flow.ports import Tx
from bot.flow.refusals import Code, Refused
from bot.seal.note import Verifier, verifier_to_text
from bot.seal.signing import signing_key
from bot.seal.wire import to_base64url
from bot.settings import Settings
from bot.web.assets import digests, load_assets

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
    signing = ("organisation", "certify", "--root", root, "--bundle", "bundle.json", "--out", "word.json")
    told = line(*signing, "--code", made["code"])
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


class Typed(io.StringIO):
    """Somebody at a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.usefixtures("server")
def test_nothing_is_certified_without_a_code(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """At a terminal the root's keeper is asked for the code, and told for whom; without one nothing is signed."""
    root = with_root(line)
    made = enrolled(line, CHIEFS[0], "shares,approve")
    signing = ("organisation", "certify", "--root", root, "--device", made["device"])
    for unasked in (io.StringIO(made["code"]), Typed("\n"), Typed("")):
        monkeypatch.setattr("sys.stdin", unasked)
        code, told, said = line.run(*signing)
        assert (code, told, "--code" in said) == (2, "", True)
    monkeypatch.setattr("sys.stdin", Typed(f"{made['code']}\n"))
    code, told, said = line.run(*signing)
    assert (code, json.loads(told)["state"]) == (0, "active")
    assert f"{CHIEFS[0]} of malmo, a device that may: shares, approve" in said
    assert made["code"] not in said  # it is typed, not copied


@pytest.mark.usefixtures("server")
def test_rights_are_words(line: Line) -> None:
    """People read words; scripts read the number that is signed, and the words beside it."""
    with_root(line)
    made = enrolled(line, CHIEFS[0], "shares,approve")
    shown = line.run("device", "list", "--org", "malmo")[1]
    assert shown.split()[:4] == [made["device"], "pending", "shares,approve", CHIEFS[0]]
    (listed,) = line("device", "list", "--org", "malmo", "--json")["devices"]
    assert (listed["rights"], listed["may"]) == (6, ["shares", "approve"])


@pytest.mark.usefixtures("server")
def test_refusals_are_sentences(line: Line) -> None:
    """What the server refuses by a name is said as its page says it."""
    root = with_root(line)
    made = enrolled(line, CHIEFS[0], "shares,approve")
    line("organisation", "certify", "--root", root, "--device", made["device"], "--code", made["code"])
    line("device", "revoke", made["device"])
    code, _, said = line.run("device", "waiting", "--dir", f"devices/{CHIEFS[0]}")
    assert (code, "spärrad" in said, "sign_in_failed" in said) == (3, True, False)


@pytest.mark.usefixtures("server")
def test_what_browsers_are_served_is_on_the_ledger(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server records its files before it serves the first; from outside they are compared, and each fault is named."""
    other = line("organisation", "init", "--root", "polisen.root")
    line("organisation", "register", "--org", "polisen", "--public", other["root"])
    key = line("organisation", "show", "--org", "polisen")["ledger"]
    asking = ("ledger", "files", "--url", places.settings().base_url, "--vkey")
    found = line(*asking, key)
    own = digests(load_assets())
    assert found == {"entry": found["entry"], "files": len(own), "ok": True, "faults": []}
    changed = {**own, "here.js": "0" * 64, "more.js": "0" * 64}
    del changed["api.js"]
    monkeypatch.setattr(served, "digests", lambda _: changed)
    code, told, _ = line.run(*asking, key)
    faults = {one["where"]: one["what"] for one in json.loads(told)["faults"]}
    named = {"here.js": "is other than", "more.js": "is not on the ledger", "api.js": "is not here"}
    assert (code, set(faults)) == (1, set(named))
    assert all(faults[name].startswith(what) for name, what in named.items())
    monkeypatch.setattr(served, "digests", lambda _: own)
    monkeypatch.setattr(served, "_digest", nothing_is_served)
    code, told, _ = line.run(*asking, key)
    assert (code, {one["what"] for one in json.loads(told)["faults"]}) == (1, {"is served otherwise"})
    code, told, _ = line.run(
        *asking, line("organisation", "show", "--org", "polisen")["ledger"].replace("polisen", "malmo")
    )
    assert (code, told) == (2, "")
    strange = verifier_to_text(Verifier(name=key.partition("+")[0], public=signing_key(b"x" * 32).public))
    code, told, _ = line.run(*asking, strange)
    assert (code, json.loads(told)["faults"][0]["where"]) == (1, "list")
    assert line.run("ledger", "files", "--url", f"http://localhost:{free_port()}", "--vkey", key)[0] == 3
    assert line("ledger", "verify", "--json")["ok"] is True


async def nothing_is_served(*_: object) -> None:
    """A server that has the list and not the files."""


@pytest.mark.parametrize("code", list(Code))
def test_every_refusal_has_a_sentence(files: Content, code: Code) -> None:
    """A refusal that has only a name is never shown as that name; one with a sentence of its own keeps it."""
    told = of_refusal(Refused(code), files)
    assert told != code.value
    assert told.endswith(".")
    assert of_refusal(Refused(code, told="as it is"), files) == "as it is"


@pytest.mark.usefixtures("server")
def test_a_device_says_what_it_saw_of_another_ledger(line: Line, tmp_path: Path) -> None:
    """Shorter, or grown out of another past: the device names both sizes and what to do, and believes none of it."""
    root = with_root(line)
    made = enrolled(line, CHIEFS[0], "member,approve")
    line("organisation", "certify", "--root", root, "--device", made["device"], "--code", made["code"])
    reading = ("device", "directory", "--dir", f"devices/{CHIEFS[0]}")
    line(*reading)
    file = tmp_path / "devices" / CHIEFS[0] / "pins.json"
    before = json.loads(file.read_text())
    size = before["pins"]["malmo"]["size"]
    for other, shown in (
        ({"size": size + 100}, "fewer"),
        ({"tree": "A" * 43}, f"{size}, and does not prove"),
    ):
        pins = {**before["pins"]["malmo"], **other}
        file.write_text(json.dumps({**before, "pins": {"malmo": pins}}))
        code, told, said = line.run(*reading)
        assert (code, told, said.count("\n")) == (3, "", 1)
        assert f"that had {pins['size']} entries, the server shows {shown}" in said
        assert "restored from a backup or somebody rewrote it" in said
        assert json.loads(file.read_text())["pins"]["malmo"] == pins
    file.write_text(json.dumps(before))
    assert line(*reading)["number"]


@pytest.mark.usefixtures("server")
def test_a_key_may_begin_with_a_dash(line: Line) -> None:
    """One root of 64 is printed so; it is taken as it was printed, and not for an option."""
    seeds = (number.to_bytes(32, "big") for number in range(10_000))
    publics = (to_base64url(signing_key(seed).public) for seed in seeds)
    dashed = next(text for text in publics if text.startswith("-"))
    assert line("organisation", "register", "--org", "malmo", "--public", dashed)["root"] == dashed
    with pytest.raises(SystemExit):
        line.run("organisation", "register", "--org", "malmo", "--public")


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
