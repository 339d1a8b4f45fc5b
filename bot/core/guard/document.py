"""The rules, the word lists and the tables of folding as one small document: what the twin in the browser reads.

The twin (bot/web/static/guard.js) has the code; everything that can change without code stands here.
"""

from dataclasses import fields
from itertools import takewhile
from typing import Any, Final

from bot.core.guard.alphabet import MARKS, READ, SPECIAL, UNSEEN, ZEROS
from bot.core.guard.lexicon import Lexicon
from bot.core.guard.numbering import SWEDISH_NUMBER
from bot.core.guard.rules import GuardRules, Rule
from bot.core.guard.rules_file import Decision

VERSION: Final = 1  # of the document's form; the twin refuses another
_MOST_SHARED: Final = 25  # letters that a word may share with the one before it


def document(rules: GuardRules) -> dict[str, Any]:
    """Everything the twin must know, ready for JSON."""
    lists = {field.name: pack(getattr(rules.know.lexicon, field.name)) for field in fields(Lexicon)}
    return {
        "version": VERSION,
        "fold": {
            "read": READ,
            "marks": MARKS,
            "unseen": UNSEEN,
            "zeros": ZEROS,
            "special": {char: plain for char, plain in SPECIAL.items() if not plain.isdigit()},
        },
        "numbering": SWEDISH_NUMBER,
        "shapes": {str(shape): pattern.pattern for shape, pattern in rules.know.shapes.items()},
        "rules": [_rule(rule) for rule in rules.rules],
        "lists": lists,
        "decisions": [_decision(decision) for decision in rules.decisions],
    }


def pack(words: frozenset[str]) -> str:
    """Words in order, each led by how much it shares with the one before: `A` nothing, `B` a letter."""
    packed, before = "", ""
    for word in sorted(words):
        pairs = zip(word, before, strict=False)
        shared = min(sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs)), _MOST_SHARED)
        packed += chr(ord("A") + shared) + word[shared:]
        before = word
    return packed


def _rule(rule: Rule) -> list[str | None]:
    """`check` and `grow` by the names that both twins know their functions by."""
    check = rule.check.__name__ if rule.check else None
    grow = rule.grow.__name__ if rule.grow else None
    return [rule.id, rule.type, rule.pattern.pattern, rule.needs, check, grow]


def _decision(decision: Decision) -> dict[str, Any]:
    """What is done where; why stands in the rule file, for people."""
    return {
        "channels": decision.channels,
        "phases": decision.phases,
        "block": decision.block,
        "warn": decision.warn,
    }
