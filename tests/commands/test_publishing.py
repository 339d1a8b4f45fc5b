"""`samjour check` and `samjour reload`: faults are told before anything changes, and a server takes all or nothing."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.app import Samjour, build
from bot.commands import places
from bot.commands.acts import ACTS
from bot.commands.admin import listening
from bot.core.codec import parse_fact_body
from bot.core.ids import ArticleId
from bot.flow.deps import POLICE
from bot.flow.publish import note_content
from bot.flow.upkeep import signers
from bot.flow.verify import verify
from bot.settings import Settings
from tests.content.planted import HOURS, lay_out

Said = tuple[int, str, str]
Run = Callable[..., Said]
AT = ("--at", "2026-11-23T12:00")
B03 = ArticleId("B03")


@pytest.fixture(scope="session")
def unharmed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small copy of the real content."""
    root = tmp_path_factory.mktemp("unharmed")
    lay_out(root)
    return root


@pytest.fixture
def root(unharmed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy to change, which the commands read; and a database that does not exist yet."""
    copy = tmp_path / "content"
    shutil.copytree(unharmed, copy)
    monkeypatch.setenv("SAMJOUR_CONTENT_DIR", str(copy))
    monkeypatch.setenv("SAMJOUR_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/samjour.db")
    monkeypatch.setenv("SAMJOUR_KEYS_DIR", str(tmp_path / "keys"))
    monkeypatch.chdir(tmp_path)
    return copy


@pytest.fixture
def samjour(root: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """The command line: exit code, stdout, stderr."""
    del root

    def run(*argv: str) -> Said:
        try:
            code = main(argv)
        except SystemExit as left:  # argparse
            code = int(str(left.code))
        out, err = capsys.readouterr()
        return code, out, err

    return run


@asynccontextmanager
async def serving() -> AsyncIterator[Samjour]:
    """A server on the admin socket, without pages and loops."""
    found: Settings = replace(places.settings(), telegram_token="")
    async with build(found, places.published(found)) as made:
        await note_content(made.deps)
        async with listening(made, found, ACTS):
            yield made


def add(file: Path, text: str) -> None:
    """Something more in an article."""
    file.write_text(file.read_text(encoding="utf-8").rstrip("\n") + f" {text}\n", encoding="utf-8")


async def digests(made: Samjour) -> list[str]:
    """The contents that the ledger says were in force, in order; and the record holds."""
    assert (await made.deps.store.read(lambda tx: verify(tx, signers(made.deps)))).faults == ()
    found = await made.deps.store.read(lambda tx: list(tx.audit.entries(POLICE)))
    told = [parse_fact_body(one.entry.body).put for one in found if one.entry.kind == "published"]
    return [digest for put in told for digest in put]


def body_of(made: Samjour) -> str:
    published = made.published
    assert published is not None
    return published().library.by_id[B03].body


# ---- reload ------------------------------------------------------------------------------------------


def test_without_a_server_there_is_nothing_to_reload(samjour: Run) -> None:
    """One clear line and exit 3, with and without a database."""
    code, out, err = samjour("reload")
    assert (code, out) == (3, "")
    assert len(err.splitlines()) == 1

    async def make() -> None:
        async with build(places.settings(), places.published(places.settings())):
            pass

    asyncio.run(make())
    code, out, err = samjour("reload", "--json")
    assert (code, out) == (3, "")
    assert err == f"samjour: no server is running on {Path.cwd() / 'samjour.db'} (SAMJOUR_DATABASE_URL)\n"


async def test_a_change_takes_effect_at_once(samjour: Run, root: Path) -> None:
    """The files as they stand are in force when the command returns, and the ledger has both digests."""
    async with serving() as made:
        add(root / HOURS, "Ring igen om en timme.")
        assert "om en timme" not in body_of(made)
        code, out, _ = await asyncio.to_thread(samjour, "reload", "--json")
        told = json.loads(out)
        assert (code, told["ok"], told["changed"], told["faults"]) == (0, True, True, [])
        assert body_of(made).endswith("Ring igen om en timme.")
        assert made.deps.content().digest == told["digest"]
        first, second = await digests(made)
        assert first != second == told["digest"]


async def test_nothing_new_is_no_change(samjour: Run) -> None:
    """The same files again: exit 0, and no entry on the ledger."""
    async with serving() as made:
        code, out, _ = await asyncio.to_thread(samjour, "reload")
        assert (code, out.split(":")[0]) == (0, "unchanged")
        assert len(await digests(made)) == 1


@pytest.mark.parametrize(
    ("path", "text", "fault"),
    [
        (HOURS, "Se SoL 19:99.", f"{HOURS}: body: SoL 19:99: is no section in policies/law_sections.yaml"),
        (HOURS, "Ring {jour_fax}.", f"{HOURS}: body: no organisation has {{jour_fax}}"),
        ("policies/access.yaml", "\nx: [", "policies/access.yaml: line "),
    ],
)
async def test_a_fault_leaves_everything_as_it_was(
    samjour: Run, root: Path, path: str, text: str, fault: str
) -> None:
    """All or nothing: a good change waits with the bad one, the fault is printed, exit 1."""
    async with serving() as made:
        before = made.deps.content()
        add(root / "knowledge/sv/kontakt/jourens-nummer.md", "Prova igen.")
        add(root / path, text)
        code, out, err = await asyncio.to_thread(samjour, "reload")
        assert code == 1
        assert [line.startswith(fault) for line in out.splitlines()] == [True]
        assert err == "nothing was changed\n"
        assert made.deps.content() is before
        assert len(await digests(made)) == 1


async def test_what_has_expired_keeps_nothing_back(samjour: Run, root: Path) -> None:
    """An expired article is withheld: a correction of something else must not wait for it. It is counted."""
    async with serving():
        file = root / HOURS
        text = file.read_text(encoding="utf-8").replace("reviewed: 2026-11-23", "reviewed: 2020-11-23")
        file.write_text(text, encoding="utf-8")
        code, out, err = await asyncio.to_thread(samjour, "reload")
        assert (code, out.split(":")[0]) == (0, "in force")
        assert err.startswith("expired and withheld: 1 ")


async def test_two_at_once_do_no_harm(samjour: Run, root: Path) -> None:
    """One after the other: both succeed, and the change stands on the ledger once."""
    async with serving() as made:
        add(root / HOURS, "Ring igen.")
        publishing = [ACTS["reload"](made, {}) for _ in range(2)]
        assert [told["changed"] for told in await asyncio.gather(*publishing)] == [True, False]
        assert len(await digests(made)) == 2
    del samjour


# ---- check -------------------------------------------------------------------------------------------


def listed(tmp_path: Path, *lines: str) -> str:
    """A list of changed law."""
    file = tmp_path / "law.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    return str(file)


def test_check_names_who_cites_changed_law(samjour: Run, tmp_path: Path) -> None:
    """Each with its article; exit 1 though the content has no fault."""
    path = listed(tmp_path, "act,section,date", "PL,12 §,2027-01-01")
    code, out, _ = samjour("check", *AT, "--law", path, "--json")
    told = json.loads(out)
    assert (code, told["faults"]) == (1, [])
    assert "B03" in {one["article"] for one in told["law"]}
    assert all(one["act"] == "PL" and one["date"] == "2027-01-01" for one in told["law"])
    code, out, err = samjour("check", *AT, "--law", path)
    assert code == 1
    assert any(line.startswith(f"{HOURS}: law: cites PL 12 §") for line in out.splitlines())
    assert err.endswith(f"0 faults, {len(told['law'])} cite changed law\n")


def test_law_that_nobody_cites_is_no_reason(samjour: Run, tmp_path: Path) -> None:
    """Exit 0, and an empty list."""
    code, out, _ = samjour("check", *AT, "--law", listed(tmp_path, "1736:1,1 §,2027-01-01"), "--json")
    assert (code, json.loads(out)["law"]) == (0, [])


def test_without_a_list_there_is_nothing_about_law(samjour: Run) -> None:
    """What scripts read stays as it was."""
    code, out, _ = samjour("check", *AT, "--json")
    assert (code, sorted(json.loads(out))) == (0, ["articles", "faults"])


def test_malformed_lines_are_told_one_by_one(samjour: Run, tmp_path: Path) -> None:
    """Each with its file and number; exit 2, nothing on stdout."""
    path = listed(tmp_path, "PL,12 §,2027-01-01", "PL,tolv,2027-01-01", "PL,12 §,snart")
    code, out, err = samjour("check", *AT, "--law", path, "--json")
    assert (code, out) == (2, "")
    assert [f"{path}: line {n}: " in line for n, line in zip((2, 3), err.splitlines(), strict=True)] == [
        True,
        True,
    ]


@pytest.mark.parametrize("body", [None, b"\xff\xfe", b"x" * (1024 * 1024 + 1)])
def test_a_list_that_cannot_be_read_is_refused(samjour: Run, tmp_path: Path, body: bytes | None) -> None:
    """Missing, no text, or too large: exit 2 with one line."""
    path = tmp_path / "law.csv"
    if body is not None:
        path.write_bytes(body)
    code, out, err = samjour("check", *AT, "--law", str(path))
    assert (code, out, len(err.splitlines())) == (2, "", 1)


def test_check_can_look_ahead(samjour: Run) -> None:
    """`--at` says what will have expired by then."""
    code, out, _ = samjour("check", "--at", "2030-01-01T12:00", "--json")
    told = json.loads(out)
    assert code == 1
    assert len(told["faults"]) == told["articles"]
    assert all(": review_in: has expired" in fault for fault in told["faults"])
