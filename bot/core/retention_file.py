"""The retention file: strict YAML of `policies/retention.yaml` in, a checked RetentionPolicy out."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import ConfigDict, Field, TypeAdapter

from bot.core.errors import BadContent
from bot.core.ids import OrganisationId
from bot.core.places import Structure
from bot.core.retention import (
    LEAST_IDENTIFIED,
    Decided,
    RetentionClass,
    RetentionPolicy,
    Rule,
    Term,
    is_over,
    term,
)
from bot.core.shown import shown
from bot.core.strict_yaml import read_strictly

MADE_UP: Final = "DEMO"  # how the number of a decision begins that nobody took; such stand in demo.yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class _RetentionRules:
    __pydantic_config__ = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)
    rules: Annotated[tuple[Rule, ...], Field(min_length=1, max_length=500)]


_RULES: Final = TypeAdapter(_RetentionRules)


def parse(text: str, path: str, structure: Structure) -> RetentionPolicy:
    """The rules of these organisations. Raises BadContent with every fault on a line: "path: rule: reason"."""
    rules = read_strictly(path, text, _RULES).rules
    faults = [f"{path}: {fault}" for fault in _faults(rules, structure)]
    if faults:
        raise BadContent("\n".join(faults))
    terms = {(rule.covers, name): _term(rule) for rule in rules for name in rule.organisations or (None,)}
    return RetentionPolicy(rules=rules, terms=terms)


def run_examples(policy: RetentionPolicy) -> list[str]:
    """What the rules say otherwise than their examples: "rule: examples.n: reason"."""
    return [
        f"{rule.id}: examples.{n}: it is {'kept' if example.erased else 'erased'}"
        for rule in policy.rules
        for n, example in enumerate(rule.examples)
        for found in [term(policy, example.organisation, rule.covers)]
        if example.erased is not (found is not None and is_over(example.closed, found.days, today=example.on))
    ]


def decision_faults(decisions: Iterable[Decided], structure: Structure) -> Iterator[str]:
    """What is wrong with the made-up decisions of a demo: "retention.n: reason"."""
    for n, one in enumerate(decisions):
        yield from (f"retention.{n}: {fault}" for fault in _unknown(one.organisations, structure))
        if not one.number.startswith(MADE_UP):
            yield f"retention.{n}: number: nobody took this decision, so it begins with {MADE_UP}"
        if _too_short(one.covers, one.days):
            yield f"retention.{n}: days: {_TOO_SHORT}"
        if _keeps_forever(one.covers):
            yield f"retention.{n}: covers: {_REGISTER}"


_REGISTER: Final = "nothing erases the register: no decision on it can be carried out"
_TOO_SHORT: Final = f"identified consultations are kept at least {LEAST_IDENTIFIED} days"


def _faults(rules: tuple[Rule, ...], structure: Structure) -> Iterator[str]:
    for name, times in Counter(rule.id for rule in rules).items():
        if times > 1:
            yield f"{name}: id: stands {times} times"
    spoken = Counter((rule.covers, name) for rule in rules for name in rule.organisations or ("all",))
    for (covers, name), times in spoken.items():
        if times > 1:
            yield f"{shown([name], 'organisation')}: {covers}: is spoken of {times} times"
    for covers in RetentionClass:
        if not any(rule.covers is covers and not rule.organisations for rule in rules):
            yield f"rules: no rule covers {covers} for all organisations"
    for rule in rules:
        yield from (f"{rule.id}: {fault}" for fault in _own_faults(rule, structure))


def _own_faults(rule: Rule, structure: Structure) -> Iterator[str]:
    named = (*rule.organisations, *(example.organisation for example in rule.examples))
    yield from _unknown(named, structure)
    if rule.decision is not None and rule.days is None:
        yield "days: a decision says for how long"
    if rule.needs_lawyer and (rule.days, rule.decision) != (None, None):
        yield "needs_lawyer: what a lawyer has to say first has no period and no decision"
    if rule.decision is not None and rule.decision.startswith(MADE_UP):
        yield "decision: made-up decisions stand in demo.yaml"
    if _too_short(rule.covers, rule.days):
        yield f"days: {_TOO_SHORT}"
    if _keeps_forever(rule.covers) and (rule.days, rule.decision) != (None, None):
        yield f"decision: {_REGISTER}"
    if any(example.on < example.closed for example in rule.examples):
        yield "examples: nothing is erased before it is closed"


def _unknown(names: tuple[OrganisationId, ...], structure: Structure) -> Iterator[str]:
    for name in dict.fromkeys(names):
        if name not in structure.organisations:
            yield f"{shown([name], 'organisation')}: there is no such organisation"


def _too_short(covers: RetentionClass, days: int | None) -> bool:
    return covers is RetentionClass.IDENTIFIED and days is not None and days < LEAST_IDENTIFIED


def _keeps_forever(covers: RetentionClass) -> bool:
    """A rule that nothing would follow must not look as if it were followed."""
    return covers is RetentionClass.REGISTER


def _term(rule: Rule) -> Term | None:
    if rule.decision is None or rule.days is None:
        return None
    return Term(decision=rule.decision, days=rule.days)
