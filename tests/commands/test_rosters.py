"""`samjour roster import` and `roster feed`, as somebody at a terminal uses them."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from bot import content as content_files
from bot.__main__ import main
from bot.app import build
from bot.commands import places
from bot.content import Content
from bot.demo.seed import seed
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
Run = Callable[..., tuple[int, str, str]]
HEADER = "person,organisation,role,starts,ends,areas\n"
ROW = "p-malmo-dag-1,malmo,social_worker,2030-01-05T18:00,2030-01-05T22:00,\n"
CALENDAR = "\r\n".join(
    [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//", "BEGIN:VEVENT", "UID:a"),
        *("SUMMARY:Socialsekreterare Malmö dag 1", "DTSTART;TZID=Europe/Stockholm:20200101T180000"),
        *("DTEND;TZID=Europe/Stockholm:20200101T230000", "END:VEVENT", "END:VCALENDAR", ""),
    ]
)


@pytest.fixture(scope="module")
def files() -> Content:
    return content_files.read(ROOT)


@pytest.fixture
def samjour(
    files: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """The command line beside a database with the demo's people."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(places, "content", lambda _: files)
    found = replace(
        Settings(), database_url=f"sqlite+aiosqlite:///{tmp_path}/samjour.db", keys_dir=tmp_path / "keys"
    )

    async def make() -> None:
        async with build(found, lambda: files) as made:
            await seed(made.deps, files, tmp_path / "supervisors")

    asyncio.run(make())
    monkeypatch.setenv("SAMJOUR_DATABASE_URL", found.database_url)
    monkeypatch.setenv("SAMJOUR_KEYS_DIR", str(found.keys_dir))

    def run(*argv: str) -> tuple[int, str, str]:
        code = main(argv)
        out, err = capsys.readouterr()
        return code, out, err

    return run


class Place:
    """A schedule's server in a thread of its own."""

    def __init__(self) -> None:
        self.status, self.body = 200, b""
        served = self

        class Answering(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(served.status)
                self.send_header("Content-Length", str(len(served.body)))
                self.end_headers()
                self.wfile.write(served.body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Answering)
        self.host = f"127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever)

    def stop(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    made = Place()
    made.thread.start()
    monkeypatch.setenv("SAMJOUR_FEED_HOSTS", made.host)
    yield made
    made.stop()


def told(said: tuple[int, str, str], code: int = 0) -> Any:  # noqa: ANN401 - parsed JSON
    assert said[0] == code, said[2]
    return json.loads(said[1])


def shown(samjour: Run) -> list[str]:
    span = ("--from", "2030-01-05T00:00", "--to", "2030-01-07T00:00")
    return [one["person"] for one in told(samjour("roster", "show", "--org", "malmo", *span))["shifts"]]


def test_a_dry_run_tells_and_changes_nothing(samjour: Run, tmp_path: Path) -> None:
    """The promised JSON; then the import does just that, and a dry run of it tells of nothing more."""
    (tmp_path / "Jul Schema.csv").write_text(HEADER + ROW)
    asked = ("roster", "import", "Jul Schema.csv", "--org", "malmo")
    found = told(samjour(*asked, "--dry-run", "--json"))
    assert {"added", "moved", "removed", "running", "short_rest", "faults"} <= set(found)
    assert [one["person"] for one in found["added"]] == ["p-malmo-dag-1"]
    assert shown(samjour) == []
    done = told(samjour(*asked))
    assert (done["source"], done["shifts"], done["added"]) == ("jul-schema", 1, 1)
    assert shown(samjour) == ["p-malmo-dag-1"]
    again = told(samjour(*asked, "--dry-run", "--json"))
    assert (again["added"], again["unchanged"]) == ([], 1)
    code, out, _ = samjour(
        "roster", "import", "Jul Schema.csv", "--org", "malmo", "--source", "b", "--dry-run"
    )
    assert code == 1
    assert out == "line 2: the person is on duty already, by the roster jul-schema of malmo\n"


def test_a_dry_run_tells_every_fault_with_its_line(samjour: Run, tmp_path: Path) -> None:
    """Exit code 1, and each fault; without --json a line for each change."""
    (tmp_path / "r.csv").write_text(HEADER + ROW + ROW.replace("p-malmo-dag-1", "p-nobody"))
    found = told(samjour("roster", "import", "r.csv", "--org", "malmo", "--dry-run", "--json"), 1)
    assert found["faults"] == ["line 3: person: there is no such person"]
    (tmp_path / "r.csv").write_text(HEADER + ROW)
    code, out, _ = samjour("roster", "import", "r.csv", "--org", "malmo", "--dry-run")
    assert (code, out) == (0, "+ p-malmo-dag-1 2030-01-05T17:00:00Z 2030-01-05T21:00:00Z\n")


def test_two_files_do_not_wipe_each_other(samjour: Run, tmp_path: Path) -> None:
    """Each file is a roster of its own; the same file again is the same roster."""
    (tmp_path / "one.csv").write_text(HEADER + ROW)
    (tmp_path / "two.csv").write_text(HEADER + ROW.replace("dag-1", "dag-2"))
    for name in ("one.csv", "two.csv", "one.csv"):
        assert told(samjour("roster", "import", name, "--org", "malmo"))["shifts"] == 1
    assert sorted(shown(samjour)) == ["p-malmo-dag-1", "p-malmo-dag-2"]
    (tmp_path / "one.csv").write_text(HEADER)
    assert told(samjour("roster", "import", "one.csv", "--org", "malmo"))["removed"] == 1
    assert shown(samjour) == ["p-malmo-dag-2"]
    assert told(samjour("ledger", "verify", "--json"))["ok"] is True


@pytest.mark.parametrize("source", ["feed:x", "A", "-", "x" * 61])
def test_a_source_of_another_form_is_refused(samjour: Run, tmp_path: Path, source: str) -> None:
    """No file can speak for a feed."""
    (tmp_path / "r.csv").write_text(HEADER)
    code, out, err = samjour("roster", "import", "r.csv", "--org", "malmo", f"--source={source}")
    assert (code, out) == (2, "")
    assert "--source" in err


def test_a_feed_is_added_looked_at_listed_and_removed(samjour: Run, place: Place, tmp_path: Path) -> None:
    """Its address is read from a file and never shown; what is wrong with it is, with the line."""
    (tmp_path / "url").write_text(f"http://{place.host}/malmo.ics?token=hemlig\n")
    place.body = CALENDAR.replace("2020", "2030").encode()  # beyond the year that is expanded
    added = samjour(
        "roster", "feed", "add", "--org", "malmo", "--label", "Tidplan", "--url-file", "url", "--json"
    )
    assert "hemlig" not in "".join(map(str, added))
    feed = told(added)
    assert (feed["outcome"], feed["host"], feed["every"], feed["shifts"]) == ("good", "127.0.0.1", 15, 0)
    place.body = CALENDAR.replace(";TZID=Europe/Stockholm", "").encode()
    found = told(samjour("roster", "feed", "look", feed["feed"]), 1)
    assert found["outcome"] == "faults"
    assert found["faults"][0].startswith("line 7, event a: DTSTART: a floating time")
    place.status = 404
    assert told(samjour("roster", "feed", "look", feed["feed"]), 1)["outcome"] == "refused"
    (listed,) = told(samjour("roster", "feed", "list", "--org", "malmo"))["feeds"]
    assert (listed["label"], listed["outcome"], listed["stale"]) == ("Tidplan", "refused", False)
    assert told(samjour("roster", "feed", "remove", feed["feed"]))["feed"] == feed["feed"]
    assert told(samjour("roster", "feed", "list", "--org", "malmo")) == {"feeds": []}
    assert samjour("roster", "feed", "look", feed["feed"])[0] == 2
    assert told(samjour("ledger", "verify", "--json"))["ok"] is True


@pytest.mark.parametrize(
    ("url", "every"), [("http://schema.example/a", "15"), ("https://schema.example/a", "1"), ("", "15")]
)
def test_a_feed_that_cannot_be_is_refused(samjour: Run, tmp_path: Path, url: str, every: str) -> None:
    """One clear line, which does not repeat the address."""
    (tmp_path / "url").write_text(url)
    code, out, err = samjour(
        "roster", "feed", "add", "--org", "malmo", "--label", "T", "--url-file", "url", "--every", every
    )
    assert (code, out) == (2, "")
    assert "schema.example" not in err
    assert "Traceback" not in err
