"""Finds what identifies a person in a text."""

import re
from typing import Final

from bot.core.errors import BadInput
from bot.core.guard.fold import Folded, fold
from bot.core.guard.match import Match
from bot.core.guard.names import find_names
from bot.core.guard.rules import GuardRules, Rule
from bot.core.guard.rules_file import Need
from bot.core.guard.sentence import Sentence
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
            plain = _without(plain, spans)
            if rule.type is not None:
                found += [(start, end, rule.type, rule.id) for start, end in spans]
    shown = "".join(was if now != _HIDDEN else _HIDDEN for was, now in zip(folded.shown, plain, strict=True))
    words = words_of(shown if found or _HIDDEN in plain else folded.shown, rules.know)
    for start, end, name_rule in find_names(Sentence(words, shown)):
        found.append((start, end, SpanType.NAME, name_rule))
    return tuple(Span(*folded.origin(start, end), kind, rule) for start, end, kind, rule in sorted(found))


def _without(plain: str, spans: list[tuple[int, int]]) -> str:
    """The text with what was taken hidden, its length as it was."""
    if not spans:
        return plain
    parts, at = [], 0
    for start, end in spans:
        parts += [plain[at:start], _HIDDEN * (end - start)]
        at = end
    return "".join([*parts, plain[at:]])


def _matches(rule: Rule, folded: Folded, plain: str, rules: GuardRules) -> list[tuple[int, int]]:
    """What one rule takes; after a match that its check refuses, the search goes on one character further."""
    found: list[tuple[int, int]] = []
    match = rule.pattern.search(plain)
    while match is not None:
        span = _accepted(rule, match, folded, rules)
        if span is not None:
            found.append(span)
        match = rule.pattern.search(plain, match.start() + 1 if span is None else match.end())
    return found


def _accepted(rule: Rule, match: re.Match[str], folded: Folded, rules: GuardRules) -> tuple[int, int] | None:
    start, end = match.span(rule.group)
    here = Match(text=folded, start=start, end=end)
    if rule.check is not None and not rule.check(here, rules.know):
        return None
    if rule.grow is not None:
        grown = rule.grow(here, rules.know)
        start = start if _HIDDEN in match.string[grown:start] else grown
    return start, end
