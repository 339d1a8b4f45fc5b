"""The identity guard: sees what identifies a person before it is sent. It helps; it never claims to anonymise.

Pure: the rule file and the word lists come as text; nothing is stored, sent or logged.
"""

from bot.core.guard.examples import run_examples
from bot.core.guard.finding import MAX_TEXT, find
from bot.core.guard.lexicon import Lexicon, read_lexicon
from bot.core.guard.rules import GuardRules, build
from bot.core.guard.rules_file import GuardFile, Phase, read_rules
from bot.core.guard.spans import Span, SpanType
from bot.core.guard.verdict import Verdict, judge, report

__all__ = [
    "MAX_TEXT", "GuardFile", "GuardRules", "Lexicon", "Phase", "Span", "SpanType", "Verdict",
    "build", "find", "judge", "read_lexicon", "read_rules", "report", "run_examples",
]  # fmt: skip
