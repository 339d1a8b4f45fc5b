"""Witnesses: who may cosign which ledger stands in a strict file, and nobody else may."""

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot import content
from bot.core.errors import BadContent
from bot.core.ids import OrganisationId
from bot.core.organisation_file import read_structure
from bot.core.places import Structure
from bot.core.witnesses_file import MOST, Witness, current, known, parse
from bot.seal.cosignature import witness_to_text
from bot.seal.note import Verifier, verifier_to_text
from bot.seal.signing import signing_key

ROOT = Path(__file__).parents[2]
PATH = "policies/witnesses.yaml"
MALMO, FARSTA, POLISEN = (OrganisationId(name) for name in ("malmo", "farsta", "polisen"))


@pytest.fixture(scope="module")
def structure() -> Structure:
    organisations = (ROOT / "policies/organisations").glob("*.yaml")
    return read_structure({path.name: path.read_text() for path in organisations})


def key(number: int = 1) -> Verifier:
    return Verifier(name=f"witness-{number}.example", public=signing_key(bytes([number]) * 32).public)


def row(number: int = 1, **changes: object) -> dict[str, object]:
    one = key(number)
    plain = {
        "name": one.name,
        "vkey": witness_to_text(one),
        "organisations": ["malmo"],
        "since": "2026-01-01",
    }
    return plain | changes


def text(*rows: object) -> str:
    return json.dumps({"witnesses": rows})


def test_a_witness_is_read(structure: Structure) -> None:
    """Name, key, ledgers, and the days on which its word is taken."""
    (found,) = parse(text(row(until="2027-01-01")), PATH, structure)
    assert found == Witness(
        name=key().name,
        vkey=witness_to_text(key()),
        organisations=(MALMO,),
        since=date(2026, 1, 1),
        until=date(2027, 1, 1),
    )


def test_nobody_is_a_witness_of_what_is_not_named(structure: Structure) -> None:
    """A witness counts for its ledgers only; what it said goes on counting when it says nothing more."""
    witnesses = parse(
        text(row(1, until="2026-06-01"), row(2, organisations=["malmo", "farsta"])), PATH, structure
    )
    first, second = witnesses
    assert known(witnesses, MALMO) == (first, second)
    assert known(witnesses, FARSTA) == (second,)
    assert known(witnesses, POLISEN) == ()
    assert current(witnesses, MALMO, date(2025, 12, 31)) == ()
    assert current(witnesses, MALMO, date(2026, 1, 1)) == (first, second)
    assert current(witnesses, MALMO, date(2026, 6, 1)) == (second,)


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([row(organisations=["nowhere"])], "there is no such organisation"),
        ([row(organisations=["malmo", "malmo"])], "stands 2 times"),
        ([row(organisations=[])], "organisations: "),
        ([row(), row()], "vkey: stands 2 times"),
        ([row(until="2026-01-01")], "until: must be after since"),
        ([row(since="yesterday")], "since"),
        ([row(name="")], "name"),
        ([row(vkey="x" * 401)], "vkey"),
        ([row(more=1)], "more"),
        ([{"name": "x"}], "[Ff]ield required"),
        ([row(n) for n in range(1, MOST + 2)], "15 at most"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_fault_is_told_with_its_place(structure: Structure, rows: list[Any], fault: str) -> None:
    """Each fault with file and field; nothing is half read."""
    with pytest.raises(BadContent, match=fault) as told:
        parse(text(*rows), PATH, structure)
    assert all(line.startswith(f"{PATH}: ") for line in str(told.value).splitlines())


@pytest.mark.parametrize("text", ["", "[]", "witnesses: 1", "witnesses:\n  - &a x\n  - *a", "wit: []"])
def test_what_is_no_list_of_witnesses_is_refused(structure: Structure, text: str) -> None:
    """Strict YAML of one shape."""
    with pytest.raises(BadContent):
        parse(text, PATH, structure)


def with_witnesses(folder: Path, rows: str | None) -> Path:
    """The real content with another file of witnesses, or none."""
    for name in ("knowledge", "policies"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / PATH).unlink()
    if rows is not None:
        (folder / PATH).write_text(rows)
    return folder


def test_no_file_is_no_witness(tmp_path: Path) -> None:
    """Deny by silence: a deployment without the file has no witness, and starts."""
    assert content.read(with_witnesses(tmp_path, None)).witnesses == ()


def test_the_committed_file_has_no_witness() -> None:
    """The demo needs none; nobody is believed who was not entered."""
    assert (ROOT / PATH).exists()
    assert content.read(ROOT).witnesses == ()


@pytest.mark.parametrize(
    "vkey",
    [
        verifier_to_text(key()),
        witness_to_text(key(2)),
        witness_to_text(key())[:-2] + "==",
        "witness-1.example+00000000+BAAA",
    ],
    ids=["a-ledgers", "anothers", "mistyped", "no-key"],
)
def test_a_key_that_is_not_the_witnesss_is_a_fault(tmp_path: Path, vkey: str) -> None:
    """A mistyped key, a ledger's, or one under another name is told by `samjour check`, not at night."""
    _, faults = content.check(with_witnesses(tmp_path, text(row(vkey=vkey))))
    assert [fault for fault in faults if PATH in fault] == [
        f"{PATH}: {key().name}: vkey: is no key of that witness"
    ]
