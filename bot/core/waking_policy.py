"""By which means people are woken, organisation by organisation, and after how many seconds; silence is the doorbell alone.

The dataclasses are also the schema of `policies/waking.yaml`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Final

from pydantic import ConfigDict, Field, TypeAdapter

from bot.core.errors import BadContent
from bot.core.ids import OrganisationId
from bot.core.places import GroupId, Structure
from bot.core.shown import shown
from bot.core.strict_yaml import read_strictly
from bot.core.waking import TELEPHONE, Means, Turn

_STRICT: Final = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)
_Text = Annotated[str, Field(min_length=1, max_length=1000)]
_BELLS: Final = (Means.TELEGRAM, Means.PUSH)  # they ring as soon as somebody is asked
SOONEST: Final = 10  # seconds in which somebody can look before a telephone is called


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """What the rules must say of one organisation: its means in order, executed by `check`."""

    __pydantic_config__ = _STRICT
    organisation: OrganisationId
    by: tuple[Means, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How these organisations, and the members of these groups, wake whom they ask."""

    __pydantic_config__ = _STRICT
    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
    plan: Annotated[tuple[Turn, ...], Field(min_length=1, max_length=len(Means))]
    basis: _Text
    because: _Text
    examples: Annotated[tuple[Example, ...], Field(min_length=1)]
    organisations: tuple[OrganisationId, ...] = ()
    groups: tuple[GroupId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WakingRules:
    """All rules, in the order of the file."""

    __pydantic_config__ = _STRICT
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WakingPolicy:
    """The rules, and the plan of each organisation that has one."""

    rules: tuple[Rule, ...]
    plans: Mapping[OrganisationId, tuple[Turn, ...]]


_RULES: Final = TypeAdapter(WakingRules)
_DOORBELL: Final = tuple(Turn(by=bell, after=0) for bell in _BELLS)


def plan_of(policy: WakingPolicy, organisation: OrganisationId) -> tuple[Turn, ...]:
    """How this organisation wakes whom it asks."""
    return policy.plans.get(organisation, _DOORBELL)


def allows(policy: WakingPolicy, organisation: OrganisationId, means: Means) -> bool:
    """Whether this organisation has decided on the means."""
    return any(turn.by is means for turn in plan_of(policy, organisation))


def parse(text: str, path: str, structure: Structure) -> WakingPolicy:
    """The rules of these organisations. Raises BadContent with every fault as "path: rule: reason"."""
    rules = read_strictly(path, text, _RULES).rules
    faults = [f"{path}: {fault}" for fault in _faults(rules, structure)]
    if faults:
        raise BadContent("\n".join(faults))
    return WakingPolicy(rules=rules, plans={o: r.plan for r in rules for o in _covered(r, structure)})


def run_examples(policy: WakingPolicy) -> list[str]:
    """What the rules say otherwise than their examples: "rule: examples.n: reason"."""
    return [
        f"{rule.id}: examples.{n}: it is {', '.join(found)}"
        for rule in policy.rules
        for n, example in enumerate(rule.examples)
        if (found := tuple(turn.by for turn in plan_of(policy, example.organisation))) != example.by
    ]


def _covered(rule: Rule, structure: Structure) -> tuple[OrganisationId, ...]:
    groups = [structure.groups[name][1] for name in rule.groups if name in structure.groups]
    return (*rule.organisations, *(member for group in groups for member in group.members))


def _faults(rules: tuple[Rule, ...], structure: Structure) -> Iterator[str]:
    for name, times in Counter(rule.id for rule in rules).items():
        if times > 1:
            yield f"{name}: id: stands {times} times"
    spoken = Counter(name for rule in rules for name in _covered(rule, structure))
    for organisation, times in spoken.items():
        if times > 1:
            yield f"{shown([organisation], 'organisation')}: is spoken of {times} times"
    for rule in rules:
        yield from (f"{rule.id}: {fault}" for fault in _own_faults(rule, structure))


def _own_faults(rule: Rule, structure: Structure) -> Iterator[str]:
    for name in (*rule.organisations, *(example.organisation for example in rule.examples)):
        if name not in structure.organisations:
            yield f"{shown([name], 'organisation')}: there is no such organisation"
    for group in rule.groups:
        if group not in structure.groups:
            yield f"{shown([group], 'group')}: there is no such group"
    if not _covered(rule, structure):
        yield "organisations: a rule speaks of somebody"
    yield from _plan_faults(rule.plan)
    for name in _covered(rule, structure):
        yield from _step_faults(rule.plan, name, structure)


def _plan_faults(plan: tuple[Turn, ...]) -> Iterator[str]:
    means = [turn.by for turn in plan]
    if plan[0].by is not Means.TELEGRAM:
        yield "plan: begins with telegram, which rings as soon as somebody is asked"
    for n, turn in enumerate(plan):
        if turn.by not in (*_BELLS, *TELEPHONE):
            yield f"plan.{n}: by: nothing rings there"
        elif turn.by in _BELLS and turn.after:
            yield f"plan.{n}: after: it rings as soon as somebody is asked: 0"
        elif turn.by in TELEPHONE and turn.after < SOONEST:
            yield f"plan.{n}: after: gives at least {SOONEST} seconds to look first"
    if len(set(means)) < len(means):
        yield "plan: tries a means twice"
    if any(first.after > then.after for first, then in pairwise(plan)):
        yield "plan: is not in the order of its seconds"


def _step_faults(plan: tuple[Turn, ...], name: OrganisationId, structure: Structure) -> Iterator[str]:
    """What would come when the step is over, and the next person is asked, is not tried at all."""
    found = structure.organisations.get(name)
    for step in found.steps if found is not None else ():
        if plan[-1].after >= step.seconds:
            yield f"plan: {name}: step {step.id} is over after {step.seconds} seconds"
