"""The vectors, read here and by the twin in the browser."""

import json
from pathlib import Path

import pytest

from bot.core.guard import MAX_TEXT, GuardRules, find, run_examples
from bot.core.guard.starts import STARTS

DOCUMENT = json.loads((Path(__file__).parents[2] / "vectors" / "guard.json").read_text(encoding="utf-8"))
TEXTS = DOCUMENT["texts"]
NO_RESERVED_NUMBER = {"phone-area", "phone-spaced", "phone-plain"}  # fixed lines: tested in test_numbers


@pytest.mark.parametrize("vector", TEXTS, ids=lambda vector: vector["id"])
def test_vector(rules: GuardRules, vector: dict[str, object]) -> None:
    """What identifies somebody is found exactly where it stands, and nothing else is."""
    text = str(vector["text"])
    found = [{"start": span.start, "end": span.end, "type": str(span.type)} for span in find(rules, text)]
    assert found == vector["spans"]


def test_every_rule_has_a_vector(rules: GuardRules) -> None:
    """No rule stands in the file without a text that it, and no other, answers for."""
    used = {span.rule for vector in TEXTS for span in find(rules, vector["text"])}
    written = {rule.id for rule in rules.rules if rule.type is not None} | {name for name, _ in STARTS}
    assert written - used == NO_RESERVED_NUMBER


def test_the_bound_is_the_same_for_both_twins() -> None:
    """The browser refuses what Python refuses."""
    assert DOCUMENT["max_text"] == MAX_TEXT


def test_the_examples_of_the_file_hold(rules: GuardRules) -> None:
    """The sentences that every installation must read so are read so."""
    assert run_examples(rules) == []
