import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot import content as content_files
from bot.__main__ import main
from bot.app import build
from bot.commands import acts, admin, places
from bot.content import Content
from bot.core.errors import BadInput, Unavailable
from bot.demo.seed import seed
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
Said = tuple[int, str, str]
Run = Callable[..., Said]


@pytest.fixture(scope="session")
def files() -> Content:
    return content_files.read(ROOT)


@pytest.fixture
def samjour(
    files: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """The command line in an empty folder, with the real content read once."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(places, "content", lambda _: files)

    def run(*argv: str) -> Said:
        try:
            code = main(argv)
        except SystemExit as left:  # argparse
            code = int(str(left.code))
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture
def database(files: Content, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A database with the demo's people, as the settings of this process name it."""
    found = replace(
        Settings(), database_url=f"sqlite+aiosqlite:///{tmp_path}/samjour.db", keys_dir=tmp_path / "keys"
    )

    async def make() -> None:
        async with build(found, lambda: files) as made:
            await seed(made.deps, files, tmp_path / "supervisors")

    asyncio.run(make())
    monkeypatch.setenv("SAMJOUR_DATABASE_URL", found.database_url)
    monkeypatch.setenv("SAMJOUR_KEYS_DIR", str(found.keys_dir))
    return found


def one(said: Said) -> Any:  # noqa: ANN401 - parsed JSON
    code, out, err = said
    assert code == 0, err
    return json.loads(out)


def refused(said: Said, code: int) -> str:
    """One clear line, no traceback, nothing on stdout."""
    assert said[0] == code
    assert said[1] == ""
    assert "Traceback" not in said[2]
    return said[2]


@pytest.mark.parametrize(
    ("org", "at", "opened", "first", "phone"),
    [
        ("malmo", "2026-11-24T10:00", True, "p-malmo-dag-1", "070-1740609"),
        ("malmo", "2026-12-24T10:00", False, None, "070-1740605"),
        ("malmo", "2026-12-24T23:40+01:00", False, "p-malmo-kvall-1", "070-1740605"),
        ("malmo", "2026-10-25T02:30+02:00", False, "p-malmo-kvall-2", "070-1740605"),
        ("malmo", "2026-10-25T02:30+01:00", False, "p-malmo-kvall-2", "070-1740605"),
        ("stockholm", "2027-03-28T01:30", True, "p-sj-sthlm-3", "070-1740610"),
    ],
)
def test_who_answers_for_a_minute(
    samjour: Run, org: str, at: str, *, opened: bool, first: str | None, phone: str
) -> None:
    """`samjour who` says whether it is open, who is asked first, and which number answers."""
    told = one(samjour("who", "--org", org, "--at", at, "--json"))
    asked = [c["person"] for c in told["steps"][0]["candidates"]]
    assert told["open"] is opened
    assert (asked[0] if asked else None) == first
    assert told["phone"] == phone


@pytest.mark.parametrize("at", ["2026-10-25T02:30", "2027-03-28T02:30", "yesterday", "2026-13-01T00:00"])
def test_a_minute_that_is_not_one_is_refused(samjour: Run, at: str) -> None:
    """A naive time that exists twice or never, or is no time, exits 2 with one line."""
    refused(samjour("who", "--org", "malmo", "--at", at, "--json"), 2)


@pytest.mark.parametrize(
    "extra",
    [
        ["--org", "nowhere"],
        ["--org", "malmo", "--area", "farsta"],
        ["--org", "malmo", "--need", "magic"],
        ["--org", "malmo", "--matter", "everything"],
        ["--org", "malmo", "--decision", "all"],
    ],
)
def test_a_place_or_word_that_is_not_ours_is_refused(samjour: Run, extra: list[str]) -> None:
    """Unknown organisations, areas, needs, matters and decisions exit 2 with one line."""
    refused(samjour("who", *extra), 2)


def test_reasons_are_sentences_when_asked_for(samjour: Run) -> None:
    """`--explain` says person by person why and why not, in Swedish or English."""
    at = "2026-11-28T23:40"
    swedish = one(samjour("who", "--org", "malmo", "--at", at, "--explain", "--json"))
    english = one(samjour("who", "--org", "malmo", "--at", at, "--explain", "--language", "en", "--json"))
    assert swedish["steps"][0]["candidates"][0]["why"][0].startswith("I tjänst")
    assert english["steps"][0]["candidates"][0]["why"][0].startswith("On duty")
    assert samjour("who", "--org", "malmo", "--at", at, "--explain")[1].startswith(
        "Malmö stad, lördag 28 november 2026"
    )
    assert swedish["sentence"].startswith("Malmö stad, lördag 28 november 2026 kl. 23.40.")
    where = ("--district", "lpo-malmo-norr", "--need", "interview", "--interview-at", "2026-11-29T02:00")
    assert one(samjour("who", *where, "--at", at, "--json"))["organisation"] == "malmo"


def test_a_batch_gives_a_line_per_line(samjour: Run, tmp_path: Path) -> None:
    """`ask` and `guard` answer every line of a file with one object that carries its id."""
    questions = tmp_path / "q.jsonl"
    questions.write_text(
        '{"id": "1", "query": "När måste jag som polis anmäla oro för ett barn?"}\n\n{"id": "2", "query": "pizza"}\n'
    )
    texts = tmp_path / "t.jsonl"
    texts.write_text('{"id": "1", "text": "ring 070-174 06 05"}\n{"id": "2", "text": "allt lugnt"}\n')
    asked = [json.loads(line) for line in samjour("ask", "--batch", str(questions), "--json")[1].splitlines()]
    guarded = [json.loads(line) for line in samjour("guard", "--batch", str(texts), "--json")[1].splitlines()]
    assert [(a["id"], a["answer_kind"]) for a in asked] == [("1", "answer"), ("2", "nothing")]
    assert asked[0]["entry"] == "A01"
    assert set(asked[0]) >= {"score", "alternatives", "stop", "reviewed", "sources"}
    assert [(g["id"], g["blocked"]) for g in guarded] == [("1", True), ("2", False)]
    assert guarded[0]["spans"] == [{"start": 5, "end": 18, "type": "PHONE"}]


def test_half_a_surrogate_pair_is_answered(samjour: Run, tmp_path: Path) -> None:
    """JSON can write what UTF-8 cannot: it comes back as JSON writes it."""
    (tmp_path / "q.jsonl").write_text('{"id": "\\ud800", "query": "\\udfff"}\n')
    assert one(samjour("ask", "--batch", "q.jsonl"))["id"] == "\ud800"


@pytest.mark.parametrize("line", ["{", "[]", '{"id": 1, "query": "x"}', '{"query": "x"}', '{"id": "1"}'])
def test_a_line_that_is_not_one_is_named(samjour: Run, tmp_path: Path, line: str) -> None:
    """A fault in a batch names its line; nothing of the line is repeated."""
    (tmp_path / "q.jsonl").write_text('{"id": "0", "query": "hej"}\n' + line + "\n")
    assert "line 2" in refused(samjour("ask", "--batch", "q.jsonl"), 2)


def test_a_file_that_is_not_there_is_said(samjour: Run) -> None:
    """A missing file is one line."""
    assert "missing.jsonl" in refused(samjour("ask", "--batch", "missing.jsonl"), 2)


def test_one_question_is_answered_for_a_person(samjour: Run) -> None:
    """Without --json the answer is text, with its sources."""
    code, out, _ = samjour("ask", "--org", "malmo", "När måste jag som polis anmäla oro för ett barn?")
    assert code == 0
    assert out.startswith(("[", "A01"))
    assert "SoL 3:1, 19:1" in out


def test_who_is_asked_back_sees_titles(samjour: Run) -> None:
    """Ids alone tell nobody anything: each article that may be meant stands on a line with its title."""
    code, out, _ = samjour("ask", "mamman stupfull i soffan, två småttingar vaknar när som")
    assert code == 0
    assert re.search(r"^unsure$\n(^  [A-N]\d\d \w.+$\n){2,3}", out, re.MULTILINE)


def test_too_long_a_question_is_refused(samjour: Run) -> None:
    """A question has a bound."""
    refused(samjour("ask", "x" * 501), 2)


def test_the_content_is_sound(samjour: Run) -> None:
    """`check` exits 0 with no faults on what is committed."""
    told = one(samjour("check", "--json"))
    assert told["faults"] == []
    assert told["articles"] >= 30


def test_faults_of_content_are_found(samjour: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`check` exits 1 and names file and reason."""
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "policies").mkdir()
    monkeypatch.setenv("SAMJOUR_CONTENT_DIR", str(tmp_path))
    code, out, _ = samjour("check", "--json")
    assert code == 1
    assert any("policies/access.yaml" in fault for fault in json.loads(out)["faults"])


def test_a_bad_setting_stops_in_one_line(samjour: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A setting that cannot be used is named, its value is not."""
    monkeypatch.setenv("SAMJOUR_TELEGRAM_TOKEN", "not-a-token-but-secret")
    said = refused(samjour("who", "--org", "malmo"), 2)
    assert "SAMJOUR_TELEGRAM_TOKEN" in said
    assert "secret" not in said


@pytest.mark.parametrize(
    "argv", [[], ["fly"], ["who"], ["roster"], ["people", "add"], ["ledger"], ["demo", "--port", "x"]]
)
def test_bad_usage_exits_2(samjour: Run, argv: list[str]) -> None:
    """What the command line does not know is bad usage."""
    assert samjour(*argv)[0] == 2


@pytest.mark.parametrize(
    "argv",
    [["ledger", "verify"], ["people", "link", "p-malmo-kvall-1"], ["roster", "show", "--org", "malmo"]],
)
def test_without_a_database_it_could_not_run(samjour: Run, argv: list[str]) -> None:
    """What needs the database says so, and exits 3."""
    assert "no database" in refused(samjour(*argv), 3)


def test_a_database_that_was_named_and_is_not_there_is_no_answer(
    samjour: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Duty is never answered from the demo's people when a database was named."""
    monkeypatch.setenv("SAMJOUR_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/gone.db")
    refused(samjour("who", "--org", "malmo"), 3)


CSV = "person,organisation,role,starts,ends,areas\n"


@pytest.mark.usefixtures("database")
def test_a_roster_is_imported_and_shown(samjour: Run, tmp_path: Path) -> None:
    """A CSV roster puts its shifts in the place of those imported before."""
    (tmp_path / "r.csv").write_text(
        CSV + "p-malmo-kvall-1,malmo,social_worker,2030-01-05T16:30,2030-01-06T01:00,\n"
    )
    assert one(samjour("roster", "import", "r.csv", "--org", "malmo"))["shifts"] == 1
    span = ["--from", "2030-01-05T00:00", "--to", "2030-01-07T00:00"]
    shown = one(samjour("roster", "show", "--org", "malmo", *span))["shifts"]
    assert [s["person"] for s in shown] == ["p-malmo-kvall-1"]
    gaps = one(samjour("roster", "gaps", "--org", "malmo", *span, "--json"))["gaps"]
    assert {"area", "from", "to"} == set(gaps[0])


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("p-nobody,malmo,social_worker,2030-01-05T16:30,2030-01-06T01:00,", "no such person"),
        ("p-malmo-kvall-1,malmo,jour,2030-01-05T16:30,2030-01-06T01:00,", "not posted"),
        ("p-malmo-kvall-1,malmo,social_worker,2026-10-25T02:30,2026-10-25T08:00,", "line 2"),
        ("p-malmo-kvall-1,malmo,social_worker,2030-01-06T01:00,2030-01-05T16:30,", "line 2"),
        ("p-malmo-kvall-1,malmo", "line 2"),
    ],
)
def test_a_roster_with_a_fault_changes_nothing(samjour: Run, tmp_path: Path, row: str, why: str) -> None:
    """All or nothing, each fault with its line."""
    (tmp_path / "r.csv").write_text(f"{CSV}{row}\n")
    assert why in refused(samjour("roster", "import", "r.csv", "--org", "malmo"), 2)


@pytest.mark.usefixtures("database")
def test_people_are_added_linked_invited_and_suspended(samjour: Run, tmp_path: Path) -> None:
    """Coordination works without the web; codes and links are single-use and only their hashes are kept."""
    person = {
        "id": "p-ny",
        "name": "Socialsekreterare Malmö ny",
        "vetting": {"state": "cleared", "since": "2026-01-01"},
        "postings": [{"organisation": "malmo", "role": "social_worker", "valid_from": "2026-01-01"}],
    }
    (tmp_path / "p.json").write_text(json.dumps(person))
    assert one(samjour("people", "add", "p.json")) == {"person": "p-ny"}
    code = one(samjour("people", "link", "p-ny"))["code"]
    link = one(samjour("people", "invite", "p-ny"))["link"]
    assert code.encode() not in (tmp_path / "samjour.db").read_bytes()
    assert link.partition("#")[2].encode() not in (tmp_path / "samjour.db").read_bytes()
    assert one(samjour("people", "suspend", "p-ny"))["active"] is False


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("argv", [["people", "suspend", "p-nobody"], ["people", "link", "p-nobody"]])
def test_a_person_who_is_not_there_is_refused(samjour: Run, argv: list[str]) -> None:
    """An unknown person is one line."""
    assert "no person" in refused(samjour(*argv), 2)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("text", ["{", "[]", '{"id": "x"}', '{"id": "p-x", "name": "N", "vetting": {}}'])
def test_a_person_who_cannot_be_read_is_refused(samjour: Run, tmp_path: Path, text: str) -> None:
    """A person file is strict; what is wrong is told by field."""
    (tmp_path / "p.json").write_text(text)
    refused(samjour("people", "add", "p.json"), 2)


@pytest.mark.usefixtures("database")
def test_the_ledger_of_a_seeded_database_holds(samjour: Run) -> None:
    """`ledger verify` replays what there is, and exits 0."""
    told = one(samjour("ledger", "verify", "--json"))
    assert (told["ok"], told["faults"]) == (True, [])
    assert told["entries"] > 0
    assert "everything holds" in samjour("ledger", "verify")[1]


async def test_commands_ask_the_process_that_has_the_database_open(files: Content, tmp_path: Path) -> None:
    """While the service runs, a command goes over its socket, and its refusals come back as they are."""
    found = replace(
        Settings(), database_url=f"sqlite+aiosqlite:///{tmp_path}/samjour.db", keys_dir=tmp_path / "keys"
    )
    async with build(found, lambda: files) as made:
        await seed(made.deps, files, tmp_path / "supervisors")
        async with admin.listening(made, found, acts.ACTS):
            assert (admin.socket_of(found).stat().st_mode & 0o777) == 0o600
            told = await admin.call(found, files, acts.ACTS, "people-link", {"person": "p-malmo-kvall-1"})
            assert told["person"] == "p-malmo-kvall-1"
            with pytest.raises(BadInput, match="no person"):
                await admin.call(found, files, acts.ACTS, "people-link", {"person": "p-nobody"})
            with pytest.raises(BadInput, match="no such command"):
                await admin.call(found, files, acts.ACTS, "fly", {})
        with pytest.raises(Unavailable, match="another Samjour process"):
            await admin.call(found, files, acts.ACTS, "people-link", {"person": "p-malmo-kvall-1"})


@pytest.mark.usefixtures("database")
def test_a_database_without_its_keys_is_not_given_new_ones(samjour: Run, tmp_path: Path) -> None:
    """Lost keys are noticed at once, not when somebody needs what they sealed."""
    (tmp_path / "keys" / "fields.key").unlink()
    said = refused(samjour("ledger", "verify"), 3)
    assert "fields.key" in said
    assert not (tmp_path / "keys" / "fields.key").exists()
