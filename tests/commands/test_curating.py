"""Preview and approve at the command line: what a change breaks is told, and an approval changes two lines and nothing else."""

import json
import os
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.__main__ import main
from bot.commands import places
from bot.core.errors import BadInput
from bot.core.library.approval import approved
from bot.core.library.article import parse
from bot.core.people import Role
from tests.content.planted import keep_only

ROOT = Path(__file__).parents[2]
TODAY = date(2027, 1, 10)

ARTICLE = """---
id: {id}
title: {title}
questions:
  - {word} fråga ett
  - {word} fråga två
  - {word} fråga tre
  - {word} fråga fyra
  - {word} fråga fem
  - {word} fråga sex
keywords: [{word}]
stop: null
sources:
  - title: En rutin
    ref: Rutin 7
    retrieved: 2027-01-01
status: {status} # {word}
law_as_of: null
reviewed: 2027-01-02
review_in: 180
owner: redaktionen
---
Svaret om {word}.
"""
WORDS = {"A01": ("pingvin", "draft"), "A02": ("fontan", "draft"), "B01": ("ballong", "needs_lawyer")}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The repository's policies, and a library of three articles."""
    made = tmp_path / "content"
    shutil.copytree(ROOT / "policies", made / "policies")
    keep_only(made, set())
    folder = made / "knowledge" / "sv" / "djur"
    folder.mkdir(parents=True)
    (made / "knowledge" / "glossary.yaml").write_text(
        "terms:\n  - {term: fråga, english: question, same: [spörsmål]}\noutside: []\n"
    )
    for id_, (word, status) in WORDS.items():
        text = ARTICLE.format(id=id_, title=f"Vad gäller {word}?", word=word, status=status)
        (folder / f"{word}.md").write_text(text)
    monkeypatch.setenv("SAMJOUR_CONTENT_DIR", str(made))
    monkeypatch.setattr(places, "now", lambda: datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=UTC))
    return made


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Run a command: exit code, stdout, stderr."""
    code = main(words)
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def article(root: Path, word: str) -> Path:
    return root / "knowledge" / "sv" / "djur" / f"{word}.md"


def test_the_library_of_these_tests_is_sound(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever is refused below is refused for its own reason."""
    assert root.is_dir()
    assert run(capsys, "check")[:2] == (0, "")


# ---- approve -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_an_approval_is_two_lines(root: Path, capsys: pytest.CaptureFixture[str], newline: str) -> None:
    """Status and approval are there; every other byte is as it was, the mode of the file too; and check passes."""
    file = article(root, "pingvin")
    before = file.read_bytes().replace(b"\n", newline.encode())
    file.write_bytes(before)
    file.chmod(0o640)
    code, told, _ = run(capsys, "approve", "A01", "--role", "lawyer", "--date", "2027-01-05", "--json")
    assert (code, json.loads(told)["date"]) == (0, "2027-01-05")
    after = file.read_bytes()
    line = b"status: draft # pingvin" + newline.encode()
    new = [b"status: approved", b"approved_by: {role: lawyer, date: 2027-01-05}", b""]
    assert after == before.replace(line, newline.encode().join(new))
    assert file.stat().st_mode & 0o777 == 0o640
    assert list(file.parent.glob(".*")) == []
    found = parse(after.decode(), "x").approved_by
    assert found is not None
    assert (found.role, found.on) == ("lawyer", date(2027, 1, 5))
    assert run(capsys, "check")[:2] == (0, "")


def test_an_approval_takes_the_place_of_the_last(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Approved again, the article says the newest role and date, once; today where no date is given."""
    assert run(capsys, "approve", "A01", "--role", "curator", "--date", "2027-01-05")[0] == 0
    assert run(capsys, "approve", "A01", "--role", "lawyer")[0] == 0
    text = article(root, "pingvin").read_text()
    assert text.count("approved_by:") == 1
    assert "approved_by: {role: lawyer, date: 2027-01-10}" in text


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("Z99", "--role", "lawyer"), "no such article"),
        (("A01", "--role", "supervisor"), "--role"),
        (("A01", "--role", "nobody"), "--role"),
        (("A01", "--role", "lawyer", "--date", "i dag"), "--date"),
        (("A01", "--role", "lawyer", "--date", "2027-01-11"), "has not come"),
        (("A01", "--role", "lawyer", "--date", "2027-01-01"), "was reviewed"),
        (("B01", "--role", "curator"), "a lawyer approves it"),
    ],
)
def test_what_may_not_be_approved_is_left(
    root: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], reason: str
) -> None:
    """Exit 2, one line that says why, and no file has changed."""
    before = {path: path.read_bytes() for path in root.rglob("*.md")}
    code, told, err = run(capsys, "approve", *words)
    assert (code, told, reason in err) == (2, "", True)
    assert {path: path.read_bytes() for path in root.rglob("*.md")} == before


def test_a_lawyer_approves_what_waits_for_one(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And nobody else does, as the refusals show."""
    assert run(capsys, "approve", "B01", "--role", "lawyer")[0] == 0
    assert "status: approved" in article(root, "ballong").read_text()
    assert run(capsys, "check")[0] == 0


def test_an_expired_article_is_reviewed_first(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An approval does not make an old review new."""
    assert root.is_dir()
    monkeypatch.setattr(places, "now", lambda: datetime(2027, 12, 1, tzinfo=UTC))
    code, _, err = run(capsys, "approve", "A01", "--role", "lawyer")
    assert (code, "review it first" in err) == (2, True)


def test_nothing_is_approved_in_a_library_with_a_fault(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A fault anywhere is told, and the article is left as it was."""
    article(root, "ballong").write_text("no front matter")
    before = article(root, "pingvin").read_bytes()
    code, told, err = run(capsys, "approve", "A01", "--role", "lawyer")
    assert (code, told, "ballong.md" in err) == (2, "", True) or code == 3
    assert article(root, "pingvin").read_bytes() == before


def test_a_killed_approval_leaves_the_old_file(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new file takes the old one's place only when it is whole and on the disk."""
    before = article(root, "pingvin").read_bytes()

    def dies(_: int) -> None:
        raise OSError(5, "the disk is gone")

    monkeypatch.setattr(os, "fsync", dies)
    assert run(capsys, "approve", "A01", "--role", "lawyer")[0] == 3
    assert article(root, "pingvin").read_bytes() == before
    monkeypatch.undo()


@given(
    before=st.lists(st.sampled_from(["owner: x", "related: [A02]", "# status: draft", "  status: draft"])),
    after=st.lists(
        st.sampled_from(["owner: x", "approved_by:", "  role: lawyer", "  date: 2027-01-01"]), max_size=0
    ),
    body=st.text(alphabet="abc\nstatus: draft#-", max_size=80),
)
def test_only_the_status_line_changes(before: list[str], after: list[str], body: str) -> None:
    """Whatever stands around it, in front matter or body, is kept byte for byte, also where it looks like a status."""
    front = "\n".join([*before, "status: draft", *after, "reviewed: 2027-01-01"])
    content = f"---\n{front}\n---\n{body}".encode()
    told = approved(content, Role.LAWYER, TODAY)
    new = b"status: approved\napproved_by: {role: lawyer, date: 2027-01-10}\n"
    head, _, tail = content.partition(b"\nstatus: draft\n")
    assert told == head + b"\n" + new + tail


@pytest.mark.parametrize(
    "content",
    [b"", b"status: draft\n", b"---\nid: A01\n---\nx", b"---\nstatus: draft\nstatus: draft\n---\nx"],
)
def test_a_front_matter_without_one_status_is_refused(content: bytes) -> None:
    """Nothing is guessed."""
    with pytest.raises(BadInput):
        approved(content, Role.LAWYER, TODAY)


# ---- preview -------------------------------------------------------------------------------------------


@pytest.fixture
def changed(root: Path, tmp_path: Path) -> Path:
    """A copy of the knowledge, to be changed."""
    folder = tmp_path / "changed"
    shutil.copytree(root / "knowledge", folder / "knowledge")
    return folder


def test_no_change_breaks_nothing(changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every title and phrasing goes where it went; the folder itself, or the one around it, may be named."""
    for folder in (changed, changed / "knowledge"):
        code, told, _ = run(capsys, "preview", str(folder), "--json")
        found = json.loads(told)
        assert (code, found["ok"], found["differences"]) == (0, True, [])
        assert found["asked"] == 3 * 7


def test_what_goes_elsewhere_is_told(changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A phrasing that was moved to another article breaks the old one's example; exit 1."""
    folder = changed / "knowledge" / "sv" / "djur"
    old, new = folder / "pingvin.md", folder / "fontan.md"
    old.write_text(old.read_text().replace("  - pingvin fråga ett\n", "  - vad gör en fisk\n"))
    new.write_text(new.read_text().replace("  - fontan fråga ett\n", "  - pingvin fråga ett\n"))
    code, told, _ = run(capsys, "preview", str(changed), "--json")
    found = json.loads(told)
    assert (code, found["ok"]) == (1, False)
    broken = {one["question"]: one for one in found["differences"] if one["change"] == "breaks"}
    assert broken["pingvin fråga ett"]["wanted"] == "A01"
    assert broken["pingvin fråga ett"]["after"].endswith("A02")
    code, told, err = run(capsys, "preview", str(changed))
    assert (code, "pingvin fråga ett" in told, "breaks" in err) == (1, True, True)


def test_an_article_that_is_gone_breaks_its_own(changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its phrasings are asked all the same."""
    (changed / "knowledge" / "sv" / "djur" / "pingvin.md").unlink()
    code, told, _ = run(capsys, "preview", str(changed), "--json")
    found = json.loads(told)
    assert code == 1
    assert {one["wanted"] for one in found["differences"] if one["change"] == "breaks"} == {"A01"}


def test_what_is_gained_is_told(
    root: Path, changed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A question of a file that finds its article only after the change is a gain; exit 0."""
    assert root.is_dir()
    old = changed / "knowledge" / "sv" / "djur" / "pingvin.md"
    old.write_text(
        old.read_text().replace(
            "  - pingvin fråga ett\n", "  - får polisen mata sjölejon\n  - pingvin fråga ett\n"
        )
    )
    batch = tmp_path / "more.jsonl"
    rows = [
        {"id": "1", "query": "får polisen mata sjölejon", "entry": "A01"},
        {"id": "2", "query": "pingvin fråga sex", "entry": "A01"},
    ]
    batch.write_text("".join(json.dumps(row) + "\n" for row in rows))
    code, told, _ = run(capsys, "preview", str(changed), "--json", "--batch", str(batch))
    found = json.loads(told)
    assert (code, found["ok"], found["breaks"]) == (0, True, 0)


def test_a_folder_that_cannot_be_read_is_told(changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Its faults are told, exit 1; a folder without knowledge is bad usage."""
    (changed / "knowledge" / "sv" / "djur" / "pingvin.md").write_text("nothing")
    code, told, _ = run(capsys, "preview", str(changed), "--json")
    found = json.loads(told)
    assert (code, found["ok"], len(found["faults"])) == (1, False, 1)
    code, told, err = run(capsys, "preview", str(changed / "nowhere"))
    assert (code, told, "no folder of knowledge" in err) == (2, "", True)


def test_preview_changes_nothing(root: Path, changed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither folder is written to."""
    before = {
        path: path.read_bytes() for place in (root, changed) for path in place.rglob("*") if path.is_file()
    }
    run(capsys, "preview", str(changed))
    after = {
        path: path.read_bytes() for place in (root, changed) for path in place.rglob("*") if path.is_file()
    }
    assert before == after
