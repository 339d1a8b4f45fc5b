"""Every case of tests/vectors, and that no requirement of FORMAT.md is without one that is refused."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

import bot.seal
from tests.seal.cases import VECTORS, Fields, expand, outcome, spelled_out, topics
from tests.seal.ops import OPS

ROOT = Path(__file__).parents[2]
FORMAT = (Path(bot.seal.__file__).parent / "FORMAT.md").read_text()
README = (VECTORS / "README.md").read_text()
CASES = spelled_out()
MAX_CASE = 12_000  # characters of a case as it is written

# What no bytes by themselves can show, each with the test that stands for it.
PRACTICES = {
    14: "tests/flow/test_practices.py::test_key_files_are_their_owners_alone",
    22: "tests/flow/test_practices.py::test_sealing_again_takes_a_new_nonce",
    35: "tests/flow/test_practices.py::test_no_key_is_in_the_database",
    37: "tests/flow/test_practices.py::test_an_account_has_one_spelling",
    38: "tests/flow/test_practices.py::test_a_rewritten_ledger_is_not_signed",
    81: "tests/commands/test_witness.py::test_a_crash_before_the_state_is_written_cosigns_nothing",
    85: "tests/flow/test_retention_kill.py::test_kill_at_every_moment",
    88: "tests/flow/test_verify_retention.py::test_blanked_body_under_a_certificate_of_others_is_named",
    89: "tests/flow/test_verify_retention.py::test_body_that_is_there_again_is_named",
    92: "tests/stories/test_grave.py::test_what_another_device_sent_is_not_shown",
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_case(case: Fields) -> None:
    """The operation gives what the case expects, or refuses just so."""
    assert outcome(OPS[case["op"]], case["in"]) == case["expect"]


def test_ids_are_unique() -> None:
    """An id names one case among all files."""
    assert [id_ for id_, times in Counter(case["id"] for case in CASES).items() if times > 1] == []


def test_cases_are_small() -> None:
    """A case can be read: nobody has to scroll through one."""
    lines = [line for path in VECTORS.glob("seal_*.json") for line in path.read_text().splitlines()]
    assert max(len(line) for line in lines if line.startswith('  {"id"')) < MAX_CASE


def test_every_requirement_is_tried() -> None:
    """Each MUST has a case that is refused; or it is a practice (p), and then a test of its own."""
    marked = dict(re.findall(r"^- \*\*(\d+)\*\* ([wr](?:, p)?):", FORMAT, flags=re.MULTILINE))
    written = re.findall(r"^- \*\*(\d+)\*\*", FORMAT, flags=re.MULTILINE)
    assert sorted(marked) == sorted(written), "a requirement is marked w or r, and p where no bytes show it"
    refused = {must for case in CASES if "error" in case["expect"] for must in case["musts"]}
    practices = {int(must) for must, mark in marked.items() if mark.endswith("p")}
    assert practices == PRACTICES.keys()
    assert {int(must) for must in written} - practices - refused == set()


def test_no_case_is_for_a_requirement_that_is_none() -> None:
    """Cases name only what FORMAT.md requires."""
    written = {int(must) for must in re.findall(r"^- \*\*(\d+)\*\*", FORMAT, flags=re.MULTILINE)}
    assert {must for case in CASES for must in case["musts"]} <= written


def test_every_practice_has_its_test() -> None:
    """The tests that stand for practices exist."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", *PRACTICES.values()]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr
    assert {line.split("[")[0] for line in found.stdout.splitlines()} >= set(PRACTICES.values())


def test_operations_are_those_of_the_readme() -> None:
    """The README tells each operation with its fields, all of them are tried, and cases use no others."""
    rows = re.findall(
        r"^\| `([a-z0-9_]+)` \| (.*?) \| ", README.split("### Operations")[1], flags=re.MULTILINE
    )
    told = {op: _fields(given) for op, given in rows}
    assert set(told) == set(OPS) == {case["op"] for case in CASES}
    for case in CASES:
        assert set(case["in"]) == told[case["op"]], case["id"]


def _fields(told: str) -> set[str]:
    """Read "room, shares: `{"person", "share"}` each, kc" as its three names."""
    bare = re.sub(r"`.*?`|\(.*?\)", "", told)
    return {part.split(":")[0].strip() for part in bare.split(",") if re.match(r"\s*[a-z]", part)}


@pytest.mark.parametrize(
    ("form", "means"),
    [
        ({"repeat": ["ab", 3]}, "ababab"),
        ({"repeat": [{"value": "v"}, 2]}, "012345012345"),
        ({"join": ["a", {"repeat": ["b", 2]}]}, "abb"),
        ({"value": "v"}, "012345"),
        ({"cut": [{"value": "v"}, 1, 2]}, "23"),
        ({"repeat": ["a", 1], "more": 1}, {"repeat": ["a", 1], "more": 1}),
        ([{"value": "v"}, 7, {"x": {"value": "w"}}], ["012345", 7, {"x": "23"}]),
    ],
)
def test_forms(form: object, means: object) -> None:
    """What stands in short is spelled out as the README says."""
    values = {"v": "012345", "w": {"cut": [{"value": "v"}, 1, 2]}}
    assert expand(form, {"values": values}) == means


def test_every_file_says_what_it_is_about() -> None:
    """A file tells its topic and its section."""
    for name, topic in topics():
        assert "FORMAT.md" in topic["about"], name
        assert set(topic) <= {"about", "values", "cases"}, name
