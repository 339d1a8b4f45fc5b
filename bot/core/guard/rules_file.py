"""The schema of `policies/guard.yaml`: how identities are recognised, and what is done about them."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final

from pydantic import ConfigDict, Field, TypeAdapter

from bot.core.errors import BadContent
from bot.core.guard.spans import SpanType
from bot.core.strict_yaml import read_strictly

PUBLIC: Final = "PUBLIC"  # the type of a rule that hides what is nobody's secret
_STRICT: Final = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)
_Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
_Text = Annotated[str, Field(min_length=1, max_length=1000)]
_Pattern = Annotated[str, Field(min_length=1, max_length=4000)]
_Types = Annotated[tuple[SpanType, ...], Field(max_length=len(SpanType))]


class Phase(StrEnum):
    """Where in a consultation a text is said. The values go into rules: add, never rename."""

    QUESTION = "question"  # to the library
    UNNAMED = "unnamed"  # in a room, before anybody is named
    NAMED = "named"  # in a room, in the identified phase


class Need(StrEnum):
    """What a text must contain before a rule is tried."""

    DIGIT = "digit"
    AT = "at"
    DOT = "dot"


class Shape(StrEnum):
    """How a word can look, or (CALLS, LIVES, HOME, ESTATE) what a text before a match can end with."""

    FAMILY = "family"
    FAMILY_SURE = "family_sure"
    PUBLIC = "public"
    INSTITUTION = "institution"
    MEMORIAL = "memorial"
    NOBODYS = "nobodys"
    FAMILY_STREET = "family_street"
    EVERYDAY = "everyday"
    FOREIGN = "foreign"
    NAMELIKE = "namelike"
    VERB = "verb"
    DEFINITE = "definite"
    ARTICLED = "articled"
    INFLECTED = "inflected"
    NOUN = "noun"
    PARTICIPLE = "participle"
    STREET = "street"
    CALLS = "calls"
    LIVES = "lives"
    HOME = "home"
    ESTATE = "estate"


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternRule:
    """One rule. `check` and `grow` name functions of `checks` and `grow`; `type` PUBLIC hides."""

    __pydantic_config__ = _STRICT
    id: _Id
    type: str
    because: _Text
    pattern: _Pattern
    needs: Need | None = None
    check: str | None = None
    grow: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What is done about which types; channels are their names, "*" is every channel."""

    __pydantic_config__ = _STRICT
    id: _Id
    channels: Annotated[tuple[str, ...], Field(min_length=1)]
    phases: Annotated[tuple[Phase, ...], Field(min_length=1)]
    block: _Types
    warn: _Types
    basis: _Text
    because: _Text


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardFile:
    """The file as it is written. `examples` carry their spans as [TYPE:the words]."""

    __pydantic_config__ = _STRICT
    parts: Mapping[str, _Pattern]
    shapes: Mapping[Shape, _Pattern]
    rules: Annotated[tuple[PatternRule, ...], Field(min_length=1, max_length=200)]
    public_numbers: tuple[Annotated[str, Field(pattern=r"^[0-9][0-9 -]{1,18}[0-9]$")], ...]
    public_sites: tuple[Annotated[str, Field(pattern=r"^[a-z0-9.-]+\.[a-z]{2,}$")], ...]
    public_phrases: tuple[_Pattern, ...]
    decisions: Annotated[tuple[Decision, ...], Field(min_length=1, max_length=100)]
    examples: Annotated[tuple[_Text, ...], Field(min_length=1)]


_FILE: Final = TypeAdapter(GuardFile)


def read_rules(text: str, path: str = "policies/guard.yaml") -> GuardFile:
    """The file's text, checked against the schema. Raises BadContent with every fault as "path: field: reason"."""
    file = read_strictly(path, text, _FILE)
    faults = [f"{path}: {fault}" for fault in _faults(file)]
    if faults:
        raise BadContent("\n".join(faults))
    return file


def _faults(file: GuardFile) -> Iterator[str]:
    for name, times in Counter([*(r.id for r in file.rules), *(d.id for d in file.decisions)]).items():
        if times > 1:
            yield f"{name}: id: stands {times} times"
    known = {PUBLIC, *SpanType}
    for rule in file.rules:
        if rule.type not in known:
            yield f"{rule.id}: type: there is no such type"
    for missing in sorted(set(Shape) - set(file.shapes)):
        yield f"shapes.{missing}: is missing"
    for decision in file.decisions:
        if set(decision.block) & set(decision.warn):
            yield f"{decision.id}: a type is stopped or warned of, not both"
    for n, example in enumerate(file.examples):
        if any(kind not in set(SpanType) for kind in re.findall(r"\[([A-Z_]+):", example)):
            yield f"examples.{n}: there is no such type"
