from pathlib import Path

import pytest

from bot.core.guard import GuardRules, build, read_lexicon, read_rules

POLICIES = Path(__file__).parents[3] / "policies"


@pytest.fixture(scope="session")
def rules_text() -> str:
    return (POLICIES / "guard.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def names_text() -> str:
    return (POLICIES / "guard" / "names.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def words_text() -> str:
    return (POLICIES / "guard" / "words.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def rules(rules_text: str, names_text: str, words_text: str) -> GuardRules:
    return build(read_lexicon(names=names_text, words=words_text), read_rules(rules_text))
