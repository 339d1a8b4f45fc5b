"""The documents name what exists: every test, module, function, file and command that they point to."""

import ast
import re
from argparse import ArgumentParser, _SubParsersAction
from functools import cache
from pathlib import Path
from pkgutil import resolve_name

import pytest

from bot.__main__ import _parser

ROOT = Path(__file__).parents[1]
THREATS = ROOT / "docs" / "threat-model.md"
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "deploy").glob("*.md"),
        ROOT / "bot" / "seal" / "FORMAT.md",
    )
)

TEST = re.compile(r"(tests/[\w/]+\.py)::(test_\w+)")
ROOMS = "app|channels|client|commands|content|core|flow|keyring|seal|settings|store|web"
CODE = re.compile(rf"`((?:{ROOMS})(?:\.(?!yaml`)\w+)+)`")  # as `flow.verify.verify`
PLACE = re.compile(r"`((?:bot|docs|tests|policies|knowledge|deploy)/[\w./-]+)`")
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
COMMAND = re.compile(r"(?:^|`)samjour ([a-z-]+)(?: ([a-z-]+))?", re.MULTILINE)


@cache
def names_in(path: Path) -> frozenset[str]:
    """The names of the tests that stand in a file."""
    return frozenset(
        node.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


@pytest.mark.parametrize("name", DOCUMENTS)
def test_tests_that_are_named_exist(name: str) -> None:
    """Whoever looks up what shows a claim finds it."""
    named = TEST.findall((ROOT / name).read_text(encoding="utf-8"))
    missing = [
        f"{path}::{test}"
        for path, test in named
        if not (ROOT / path).is_file() or test not in names_in(ROOT / path)
    ]
    assert missing == []


def test_code_that_the_threat_model_names_exists() -> None:
    """What is said to stop an attack is there, under that name."""
    named = CODE.findall(THREATS.read_text(encoding="utf-8"))
    assert len(named) > 40
    for dotted in named:
        resolve_name(f"bot.{dotted}")  # raises where there is no such module or name


@pytest.mark.parametrize("name", DOCUMENTS)
def test_files_that_are_named_exist(name: str) -> None:
    """Links lead somewhere, and a path from the root is one of the repository's."""
    path = ROOT / name
    text = path.read_text(encoding="utf-8")
    gone = [link for link in LINK.findall(text) if not (path.parent / link).exists()]
    gone += [place for place in PLACE.findall(text) if not (ROOT / place).exists()]
    assert gone == []


def test_every_section_of_attacks_points_to_a_test() -> None:
    """An attack without a test is told as a limit, and not as an attack that is stopped."""
    attacks = THREATS.read_text(encoding="utf-8").partition("## 5. Attacks")[2].partition("### Limits")[0]
    told = [part for part in re.split(r"\n(?=\*\*)", attacks) if part.startswith("**")]
    assert len(told) > 20
    assert [part.splitlines()[0] for part in told if not TEST.search(part)] == []


def commands() -> dict[str, frozenset[str]]:
    """Each command of the line, with the acts that it has."""
    return {name: frozenset(_below(parser)) for name, parser in _below(_parser()).items()}


def _below(parser: ArgumentParser) -> dict[str, ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, _SubParsersAction):
            return dict(action.choices)
    return {}


@pytest.mark.parametrize("name", ["deploy/RUNBOOK.md", "README.md"])
def test_commands_that_are_named_exist(name: str) -> None:
    """At three in the morning every command of the page is one."""
    known = commands()
    text = (ROOT / name).read_text(encoding="utf-8")
    unknown = [
        (command, act)
        for command, act in COMMAND.findall(text)
        if command not in known or (known[command] and act and act not in known[command])
    ]
    assert unknown == []
