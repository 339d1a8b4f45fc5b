"""What the twin in the browser is given and measured by: the document, the shared vectors, the same folding."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.guard import GuardRules, SpanType, find
from bot.core.guard.alphabet import OTHER_CAPITAL, OTHER_LETTER, SIGN
from bot.core.guard.document import document, pack
from bot.core.guard.fold import fold
from bot.core.guard.portable import is_portable
from tests.vectors.make import guard as made

VECTORS = Path(__file__).parents[2] / "vectors"
FOLDED = re.compile(f"[ -~\\nåäöÅÄÖ{OTHER_CAPITAL}{OTHER_LETTER}{SIGN}]*")


def read(name: str) -> Any:  # noqa: ANN401 - JSON
    return json.loads((VECTORS / f"{name}.json").read_text())


def unpacked(packed: str) -> frozenset[str]:
    words, before = set(), ""
    for shared, rest in re.findall("([A-Z])([^A-Z]*)", packed):
        before = before[: ord(shared) - ord("A")] + rest
        words.add(before)
    return frozenset(words)


def test_the_vectors_are_of_these_rules(rules: GuardRules) -> None:
    """Rules, words or tables have changed: run `python -m tests.vectors.make.guard` and look at the difference."""
    assert json.loads(json.dumps(document(rules))) == read("guard_rules")


def test_every_text_of_the_vectors(rules: GuardRules) -> None:
    """The same texts that node and Chromium read: spans, reasons and what is done about them everywhere."""
    told = read("guard_texts")
    assert [tuple(where) for where in told["wheres"]] == list(made.WHERES)
    for written, done, spans in told["texts"]:
        text = made.whole(written)
        found = [[span.start, span.end, str(span.type), span.rule] for span in find(rules, text)]
        assert (written, found) == (written, spans)
        if text.isascii():  # the verdict follows from the spans: a part is enough here
            assert "".join(made.done_at(rules, text, *where) for where in made.WHERES) == done


def test_the_vectors_cover_every_type_many_times() -> None:
    """Several thousand texts; no type in fewer than fifty, and every verdict."""
    texts = read("guard_texts")["texts"]
    types = [span[2] for _, _, spans in texts for span in spans]
    assert len(texts) > 4000
    assert all(types.count(kind) >= 50 for kind in SpanType)
    assert {letter for _, done, _ in texts for letter in done} == {"s", "w", "p"}


def test_every_code_point_folds_as_the_vectors_say() -> None:
    """Whatever version of Unicode this Python knows; node and Chromium check the same numbers."""
    assert made.letters() == read("guard_letters")["folded"]


@given(st.text(max_size=200))
def test_a_folded_text_has_a_small_alphabet(text: str) -> None:
    """ASCII, å ä ö, a line's end and three stand-ins: nothing that two languages could read in two ways."""
    folded = fold(text)
    assert FOLDED.fullmatch(folded.shown)
    assert FOLDED.fullmatch(folded.plain)


@given(st.frozensets(st.text("abcåäö-'2 ".replace(" ", ""), min_size=1, max_size=40)))
def test_packed_words_come_out_as_they_went_in(words: frozenset[str]) -> None:
    """Nothing is lost on the way to the browser."""
    assert unpacked(pack(words)) == words


@pytest.mark.parametrize(
    "pattern",
    [
        *(
            r"\d",
            r"\w+",
            r"\bx",
            r"a\s",
            "x$",
            "(?P<n>x)",
            "(?i)x",
            "(?#x)",
            "(?>x)",
            "x++",
            "x*+",
            "x{,3}",
            "a{2",
            "é",
        ),
        *("A", "[A-Z]", "[é]", r"[\d]", "[a--b]", "[a&&b]", "[[a]]", r"\x41", "(?(1)a)", "]"),
    ],
)
def test_a_pattern_that_the_languages_read_differently_is_refused(pattern: str) -> None:
    """Classes by a letter, ends of text, named groups, flags, and letters that no folded text holds."""
    assert not is_portable(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "a{2,3}b{2}c{2,}",
        r"\.\(\[\?",
        r"(?<![0-9])(?<=a)(?=b)(?!c)(?:d)(e)?",
        r"[^ \n]*",
        r"x(?![\s\S])",
        "^a|[åäö'-]+?",
    ],
)
def test_the_common_core_is_taken(pattern: str) -> None:
    """What both read alike."""
    assert is_portable(pattern)
    re.compile(pattern)


def test_a_pattern_of_the_document_is_portable(rules: GuardRules) -> None:
    """Shapes, rules and the numbering plan, whole as they travel."""
    told = document(rules)
    patterns = [*told["shapes"].values(), *(rule[2] for rule in told["rules"]), told["numbering"]]
    assert all(map(is_portable, patterns))
    assert len(patterns) > 70
