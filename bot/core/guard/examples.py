"""Runs the examples of the rule file."""

import re
from typing import Final

from bot.core.guard.finding import find
from bot.core.guard.rules import GuardRules
from bot.core.guard.spans import Span, SpanType

_MARK: Final = re.compile(r"\[([A-Z_]+):([^\]]*)\]")


def run_examples(rules: GuardRules) -> list[str]:
    """What the rules say otherwise than their examples: "examples.n: reason"."""
    faults: list[str] = []
    for n, example in enumerate(rules.examples):
        text, wanted = marked(example)
        if find(rules, text) != wanted:
            faults.append(f"examples.{n}: the guard finds something else")
    return faults


def marked(example: str) -> tuple[str, tuple[Span, ...]]:
    """A text with marks like [NAME:Ulrika Ekdahl], as the bare text and its spans."""
    text, spans, at = "", [], 0
    for match in _MARK.finditer(example):
        text += example[at : match.start()]
        spans.append(Span(len(text), len(text) + len(match[2]), SpanType(match[1])))
        text += match[2]
        at = match.end()
    return text + example[at:], tuple(spans)
