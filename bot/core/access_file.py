"""The access file: strict YAML of `policies/access.yaml` in, a checked AccessPolicy out."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from pydantic import TypeAdapter

from bot.core.errors import BadContent
from bot.core.policy import AccessPolicy, Act, Example, Rule, decide, supposed
from bot.core.strict_yaml import read_strictly

_POLICY: Final = TypeAdapter(AccessPolicy)


def parse(text: str, path: str) -> AccessPolicy:
    """The rules in the file. Raises BadContent with every fault on a line: "path: rule: reason"."""
    policy = read_strictly(path, text, _POLICY)
    faults = [f"{path}: {fault}" for fault in _faults(policy)]
    if faults:
        raise BadContent("\n".join(faults))
    return policy


def run_examples(policy: AccessPolicy) -> list[str]:
    """What the policy decides otherwise than its examples say: "rule: examples.n: reason"."""
    return [
        f"{rule.id}: examples.{n}: {wrong}"
        for rule in policy.rules
        for n, example in enumerate(rule.examples)
        for wrong in _wrong(policy, rule, example)
    ]


def _faults(policy: AccessPolicy) -> Iterator[str]:
    for name, times in Counter(rule.id for rule in policy.rules).items():
        if times > 1:
            yield f"{name}: id: stands {times} times"
    for act in sorted(set(Act) - {act for rule in policy.rules for act in rule.acts}):
        yield f"rules: nobody at all may do {act}"
    for rule in policy.rules:
        for n, example in enumerate(rule.examples):
            if example.act not in rule.acts:
                yield f"{rule.id}: examples.{n}.act: is not one of the rule's own"
        if {example.allowed for example in rule.examples} != {True, False}:
            yield f"{rule.id}: examples: must show one that is allowed and one that is not"


def _wrong(policy: AccessPolicy, rule: Rule, example: Example) -> Iterator[str]:
    decision = decide(policy, example.roles, example.act, supposed(example.facts, example.roles))
    if example.allowed and not decision.allowed:
        yield f"is denied: needs {', '.join(decision.missing) or 'another role'}"
    elif example.allowed and rule.id not in decision.rules:
        yield f"is allowed by {', '.join(decision.rules)}, not by this rule"
    elif decision.allowed and not example.allowed:
        yield f"is allowed by {', '.join(decision.rules)}"
