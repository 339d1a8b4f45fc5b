"""The guard's rules, compiled once from the rule file and the word lists."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.core.errors import BadContent
from bot.core.guard.checks import CHECKS, Check
from bot.core.guard.grow import GROWTHS, Grow
from bot.core.guard.knowledge import Knowledge
from bot.core.guard.lexicon import Lexicon
from bot.core.guard.portable import is_portable
from bot.core.guard.rules_file import PUBLIC, Decision, GuardFile, Need, PatternRule, Shape
from bot.core.guard.spans import SpanType

_PART: Final = re.compile(r"«([a-z0-9_]+)»")
_MAX_DEPTH: Final = 6  # parts within parts


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One compiled rule; `type` None hides what it matches."""

    id: str
    type: SpanType | None
    pattern: re.Pattern[str]
    group: int  # 1 if the pattern has a group, else 0: what the span is
    needs: Need | None
    check: Check | None
    grow: Grow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardRules:
    """Everything the guard knows. Build it once; it never changes."""

    rules: tuple[Rule, ...]
    know: Knowledge
    decisions: tuple[Decision, ...]
    examples: tuple[str, ...]


def build(lexicon: Lexicon, file: GuardFile) -> GuardRules:
    """The rules of `file` with these words. Raises BadContent naming every rule that cannot be compiled."""
    parts = {**file.parts, **_public(file)}
    faults: list[str] = []
    rules = [rule for written in file.rules if (rule := _rule(written, parts, faults)) is not None]
    shapes: dict[Shape, re.Pattern[str]] = {}
    for shape, pattern in file.shapes.items():
        compiled = _compiled(f"shapes.{shape}", pattern, parts, faults)
        if compiled is not None:
            shapes[shape] = compiled
    if faults:
        raise BadContent("\n".join(faults))
    know = Knowledge(lexicon=lexicon, shapes=shapes)
    return GuardRules(rules=tuple(rules), know=know, decisions=file.decisions, examples=file.examples)


def _rule(written: PatternRule, parts: Mapping[str, str], faults: list[str]) -> Rule | None:
    for name, known in ((written.check, CHECKS), (written.grow, GROWTHS)):
        if name is not None and name not in known:
            faults.append(f"{written.id}: there is no such check or growth")
            return None
    pattern = _compiled(written.id, written.pattern, parts, faults)
    if pattern is None:
        return None
    return Rule(
        id=written.id,
        type=None if written.type == PUBLIC else SpanType(written.type),
        pattern=pattern,
        group=pattern.groups,
        needs=written.needs,
        check=CHECKS[written.check] if written.check else None,
        grow=GROWTHS[written.grow] if written.grow else None,
    )


def _compiled(name: str, pattern: str, parts: Mapping[str, str], faults: list[str]) -> re.Pattern[str] | None:
    whole = pattern
    for _ in range(_MAX_DEPTH):
        missing = [part for part in _PART.findall(whole) if part not in parts]
        if missing:
            faults.append(f"{name}: there is no such part: {missing[0]}")
            return None
        whole = _PART.sub(lambda part: parts[part[1]], whole)
    if not (_PART.search(whole) or is_portable(whole)):
        faults.append(f"{name}: pattern: this does not mean the same in Python and JavaScript")
        return None
    try:
        compiled = re.compile(whole)
    except re.error:
        faults.append(f"{name}: pattern: this is no regular expression")
        return None
    if compiled.groups > 1 or compiled.groupindex or _PART.search(whole) or compiled.match("") is not None:
        faults.append(f"{name}: pattern: one plain group at most, and never the empty text")
        return None
    return compiled


def _public(file: GuardFile) -> dict[str, str]:
    """What is nobody's secret, as parts that the rules can name."""
    numbers = [r"[ -]?".join(re.sub(r"[^0-9]", "", number)) for number in file.public_numbers]
    sites = [re.escape(site) for site in file.public_sites]
    return {
        "public_numbers": f"(?:{'|'.join(sorted(numbers, key=len, reverse=True))})",
        "public_sites": f"(?:{'|'.join(sites)})",
        "public_phrases": f"(?:{'|'.join(file.public_phrases)})«e»",
    }
