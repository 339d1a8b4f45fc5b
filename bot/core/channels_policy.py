"""What a bridged channel may carry between two people, organisation by organisation; silence is off.

The dataclasses are also the schema of `policies/channels.yaml`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from pydantic import ConfigDict, Field, TypeAdapter

from bot.core.errors import BadContent
from bot.core.ids import OrganisationId
from bot.core.places import GroupId, Kind, Structure
from bot.core.shown import shown
from bot.core.strict_yaml import read_strictly

_STRICT: Final = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)
_Text = Annotated[str, Field(min_length=1, max_length=1000)]


class Talk(StrEnum):
    """What Telegram may carry between two people (product.md section 2)."""

    GUARDED = "guarded"
    OFF = "off"


class Bridge(StrEnum):
    """A channel that reads what it carries. The values go into rules: add, never rename."""

    TELEGRAM = "telegram"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenDecision:
    """One authority's own decision on the channel."""

    __pydantic_config__ = _STRICT
    authority: OrganisationId
    number: Annotated[str, Field(min_length=1, max_length=120)]
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """What the rules must say of one organisation; executed by `check`."""

    __pydantic_config__ = _STRICT
    organisation: OrganisationId
    talk: Talk


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What one channel may carry for these organisations, and for the members of these groups."""

    __pydantic_config__ = _STRICT
    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
    channel: Bridge
    talk: Talk
    basis: _Text
    because: _Text
    examples: Annotated[tuple[Example, ...], Field(min_length=1)]
    organisations: tuple[OrganisationId, ...] = ()
    groups: tuple[GroupId, ...] = ()
    decided_by: tuple[WrittenDecision, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRules:
    """All rules, in the order of the file."""

    __pydantic_config__ = _STRICT
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelPolicy:
    """The rules, and what they come to for each channel and organisation."""

    rules: tuple[Rule, ...]
    talks: Mapping[tuple[str, OrganisationId], Talk]


_RULES: Final = TypeAdapter(ChannelRules)


def talk(policy: ChannelPolicy, organisation: OrganisationId, channel: str) -> Talk:
    """What the channel may carry in a room that this organisation owns; off where no rule speaks."""
    return policy.talks.get((channel, organisation), Talk.OFF)


def parse(text: str, path: str, structure: Structure) -> ChannelPolicy:
    """The channel rules of these organisations. Raises BadContent with every fault as "path: rule: reason"."""
    rules = read_strictly(path, text, _RULES).rules
    faults = [f"{path}: {fault}" for fault in _faults(rules, structure)]
    if faults:
        raise BadContent("\n".join(faults))
    talks = {(str(r.channel), name): r.talk for r in rules for name in _covered(r, structure)}
    return ChannelPolicy(rules=rules, talks=talks)


def run_examples(policy: ChannelPolicy) -> list[str]:
    """What the rules say otherwise than their examples: "rule: examples.n: reason"."""
    return [
        f"{rule.id}: examples.{n}: it is {talk(policy, example.organisation, rule.channel)}"
        for rule in policy.rules
        for n, example in enumerate(rule.examples)
        if talk(policy, example.organisation, rule.channel) is not example.talk
    ]


def _covered(rule: Rule, structure: Structure) -> tuple[OrganisationId, ...]:
    groups = [structure.groups[name][1] for name in rule.groups if name in structure.groups]
    return (*rule.organisations, *(member for group in groups for member in group.members))


def _faults(rules: tuple[Rule, ...], structure: Structure) -> Iterator[str]:
    for name, times in Counter(rule.id for rule in rules).items():
        if times > 1:
            yield f"{name}: id: stands {times} times"
    spoken = Counter((rule.channel, name) for rule in rules for name in _covered(rule, structure))
    for (channel, name), times in spoken.items():
        if times > 1:
            yield f"{shown([name], 'organisation')}: {channel}: is spoken of {times} times"
    for rule in rules:
        yield from (f"{rule.id}: {fault}" for fault in _own_faults(rule, structure))


def _own_faults(rule: Rule, structure: Structure) -> Iterator[str]:
    authorities = [decision.authority for decision in rule.decided_by]
    for name in (*rule.organisations, *authorities, *(example.organisation for example in rule.examples)):
        if name not in structure.organisations:
            yield f"{shown([name], 'organisation')}: there is no such organisation"
    for group in rule.groups:
        if group not in structure.groups:
            yield f"{shown([group], 'group')}: there is no such group"
    covered = _covered(rule, structure)
    if not covered:
        yield "organisations: a rule speaks of somebody"
    if rule.talk is Talk.GUARDED:
        yield from _undecided(covered, authorities, structure)


def _undecided(
    covered: tuple[OrganisationId, ...], authorities: list[OrganisationId], structure: Structure
) -> Iterator[str]:
    """A room spans two authorities: both have decided in writing, or the channel carries nothing."""
    for name in covered:
        if name not in authorities:
            yield f"decided_by: lacks the decision of {shown([name], 'organisation')}"
    police = {o.id for o in structure.organisations.values() if o.kind is Kind.POLICE}
    if not police & set(authorities):
        yield "decided_by: lacks the decision of the police authority"
