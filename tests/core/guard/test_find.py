"""What must hold for every text."""

import re
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import BadInput
from bot.core.guard import MAX_TEXT, GuardRules, SpanType, find

COMMON = (
    *(
        "20120415-9817",
        "070-1740640",
        "Ulrika",
        "Ekdahl",
        "heter",
        "född",
        "3/5",
        "@",
        ".",
        ",",
        "-",
        "a_b",
        "112",
    ),
    *(
        "SoL",
        "§19",
        "Storgatan",
        "4",
        "tolv",
        "noll",
        "konto",
        "bg",
        "dnr",
        "😀",
        "\u200b",
        "\u00a0",
        "å",
        "o",
        "mamma",
    ),
)
PIECES = st.lists(st.one_of(st.text(max_size=12), st.sampled_from(COMMON)), max_size=14).map(" ".join)
HOSTILE = (
    *(
        "a",
        "1",
        "1 ",
        "a_",
        "a.",
        "a@",
        "ett ",
        "ett 12 ",
        "tjugoett ",
        "Abc ",
        "1-",
        "07 ",
        "adam ",
        "gatan ",
        "se12 ",
    ),
    *(
        "https://",
        "(0",
        "www.",
        "@",
        "\n",
        "\u200b",
        "a\u0301",
        "a-",
        "a'",
        "Xa-",
        "heter ",
        "Kalle ",
        "född 1/1 ",
    ),
    *("snap ", "konto 1234 ", "mål a-b 1-", "12:", "kod 1234 ", "Ab Cd ", "f ", "a b c 1 "),
)


@given(text=PIECES)
def test_spans_are_in_order_within_the_text_and_apart(rules: GuardRules, text: str) -> None:
    """Spans rise, do not overlap, are never empty, and end where the text ends at the latest."""
    ends = 0
    for span in find(rules, text):
        assert ends <= span.start < span.end <= len(text)
        assert span.rule
        ends = span.end


@pytest.mark.parametrize(
    "text",
    ["Fråga barnet S 070-1740605 sov", "barnet S. @ulrika_99 Ekdahl", "barnet S, 19990314-9998 Andersson"],
)
def test_an_initial_does_not_reach_over_what_is_found_already(rules: GuardRules, text: str) -> None:
    """A letter and a later word are no name when a number or a handle stands between them."""
    spans = find(rules, text)
    assert all(before.end <= after.start for before, after in pairwise(spans))
    assert len(spans) > 1 or spans[0].start > text.index("S")


@given(text=PIECES)
def test_the_same_text_gives_the_same_spans(rules: GuardRules, text: str) -> None:
    """Nothing is remembered between two texts."""
    assert find(rules, text) == find(rules, text)


@given(before=st.sampled_from(["", "😀 ", "\u200b", "  ", "…  ", "ja. "]))
def test_what_stands_before_moves_the_span_and_nothing_else(rules: GuardRules, before: str) -> None:
    """Offsets count code points of the text as given, whatever it begins with."""
    spans = find(rules, before + "pojken 20120415-9817 gråter")
    assert [(span.start - len(before), span.end - len(before)) for span in spans] == [(7, 20)]


def test_a_text_that_is_too_long_is_refused(rules: GuardRules) -> None:
    """The bound is code points; at the bound a text is read."""
    assert find(rules, "å" * MAX_TEXT) == ()
    with pytest.raises(BadInput):
        find(rules, "å" * (MAX_TEXT + 1))


@pytest.mark.parametrize("piece", HOSTILE)
def test_no_text_is_slow(rules: GuardRules, piece: str) -> None:
    """A hostile text of full length takes no more than a few hundred times an everyday one's time."""
    text = (piece * MAX_TEXT)[:MAX_TEXT]
    begun = process_time()
    find(rules, text)
    assert process_time() - begun < 5


def test_types_are_the_promised_ones() -> None:
    """The eleven types of the command line, no more."""
    promised = "PERSONNUMMER SAMORDNINGSNUMMER PHONE EMAIL PLATE ADDRESS NAME CASE_NUMBER ACCOUNT URL_HANDLE DOB_CONTEXT"
    assert " ".join(SpanType) == promised


def test_names_the_lists_and_rules_share_no_group(rules: GuardRules) -> None:
    """Every pattern keeps to what Python and JavaScript have in common."""
    for rule in rules.rules:
        assert not re.search(
            r"\(\?P|\(\?[aiLmsux]|\\[AZbBdDwWsS]|\(\?\(|\(\?>|[*+?}]\+", rule.pattern.pattern
        ), rule.id
