"""Finds what identifies a person in a text."""

import re
from typing import Final

from bot.core.errors import BadInput
from bot.core.guard.checks import Match
from bot.core.guard.fold import Folded, fold
from bot.core.guard.names import Sentence, find_names
from bot.core.guard.rules import GuardRules, Need, Rule
from bot.core.guard.spans import Span, SpanType
from bot.core.guard.words import words_of

MAX_TEXT: Final = 10_000  # code points
_HIDDEN: Final = "\x00"  # stands where a rule has taken something; folding never leaves one
_DIGIT: Final = re.compile("[0-9]")


def find(rules: GuardRules, text: str) -> tuple[Span, ...]:
    """What identifies somebody in `text`, in order and without overlap; offsets are code points of `text`.

    Raises BadInput for more than MAX_TEXT code points.
    """
    if len(text) > MAX_TEXT:
        raise BadInput(f"A text has at most {MAX_TEXT} characters.")
    folded = fold(text)
    found: list[tuple[int, int, SpanType, str]] = []
    plain = folded.plain
    has = {None: True, Need.DIGIT: bool(_DIGIT.search(plain)), Need.AT: "@" in plain, Need.DOT: "." in plain}
    for rule in rules.rules:
        if has[rule.needs]:
            spans = _matches(rule, folded, plain, rules)
            for start, end in spans:
                plain = plain[:start] + _HIDDEN * (end - start) + plain[end:]
                if rule.type is not None:
                    found.append((start, end, rule.type, rule.id))
    shown = "".join(was if now != _HIDDEN else _HIDDEN for was, now in zip(folded.shown, plain, strict=True))
    words = words_of(shown if found or _HIDDEN in plain else folded.shown, rules.lexicon, rules.shapes)
    for start, end, name_rule in find_names(Sentence(words, shown)):
        found.append((start, end, SpanType.NAME, name_rule))
    return tuple(
        Span(*folded.origin(start, end), kind, rule) for start, end, kind, rule in sorted(found)
    )


def _matches(rule: Rule, folded: Folded, plain: str, rules: GuardRules) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for match in rule.pattern.finditer(plain):
        start, end = match.span(rule.group)
        if start == end:
            continue
        here = Match(text=folded, start=start, end=end)
        if rule.check is not None and not rule.check(here, rules.lexicon):
            continue
        if rule.grow is not None:
            start = rule.grow(here, rules.lexicon)
            if _HIDDEN in plain[start:end]:
                start = match.start(rule.group)
        found.append((start, end))
    return found
