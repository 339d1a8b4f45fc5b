"""The file that says how people are woken: strict, complete, and silent means the doorbell alone."""

from pathlib import Path

import pytest

from bot import content as files
from bot.content import Content
from bot.core.errors import BadContent
from bot.core.ids import OrganisationId
from bot.core.waking import Means
from bot.core.waking_policy import WakingPolicy, allows, parse, plan_of, run_examples

ROOT = Path(__file__).parents[2]
MALMO, FARSTA, JARVA = OrganisationId("malmo"), OrganisationId("farsta"), OrganisationId("jarva")
RULE = """
rules:
  - id: a-rule
    organisations: [malmo]
    plan: [{by: telegram, after: 0}, {by: sms, after: 20}]
    basis: a decision
    because: a reason
    examples: [{organisation: malmo, by: [telegram, sms]}]
"""


@pytest.fixture(scope="module")
def content() -> Content:
    """The files as they are."""
    return files.read(ROOT)


def read(content: Content, text: str) -> WakingPolicy:
    return parse(text, "waking.yaml", content.structure)


def test_silence_is_the_doorbell_alone(content: Content) -> None:
    """Where nobody has decided, no telephone is ever called."""
    for policy in (read(content, "rules: []"), read(content, RULE)):
        assert [turn.by for turn in plan_of(policy, FARSTA)] == [Means.TELEGRAM, Means.PUSH]
        assert not allows(policy, FARSTA, Means.SMS)
    assert allows(read(content, RULE), MALMO, Means.SMS)
    assert not allows(read(content, RULE), MALMO, Means.VOICE)


def test_a_group_is_all_its_members(content: Content) -> None:
    """A rule for Stockholm's boards holds for each of them."""
    text = RULE.replace("organisations: [malmo]", "groups: [stockholm]").replace(
        "organisation: malmo", "organisation: jarva"
    )
    policy = read(content, text)
    assert allows(policy, JARVA, Means.SMS)
    assert not allows(policy, MALMO, Means.SMS)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("after: 20", "after: 60", "plan: malmo: step skydd is over after 60 seconds"),
        ("after: 20", "after: 9", "plan.1: after: gives at least 10 seconds to look first"),
        ("after: 20", "after: -1", "plan.1.after"),
        ("after: 20", "after: 4000", "plan.1.after"),
        ("by: telegram, after: 0", "by: telegram, after: 5", "it rings as soon as somebody is asked: 0"),
        ("{by: telegram, after: 0}, ", "", "plan: begins with telegram"),
        ("{by: sms, after: 20}]", "{by: sms, after: 20}, {by: sms, after: 30}]", "plan: tries a means twice"),
        (
            "{by: sms, after: 20}]",
            "{by: sms, after: 20}, {by: voice, after: 15}]",
            "is not in the order of its seconds",
        ),
        ("{by: sms, after: 20}]", "{by: device, after: 20}]", "plan.1: by: nothing rings there"),
        ("by: sms, after", "by: fax, after", "plan.1.by"),
        ("organisations: [malmo]", "organisations: []", "a rule speaks of somebody"),
        ("organisations: [malmo]", "organisations: [atlantis]", "there is no such organisation"),
        ("organisations: [malmo]", "groups: [atlantis]", "there is no such group"),
        ("organisations: [malmo]", "organisations: [malmo, malmo]", "is spoken of 2 times"),
        ("basis: a decision", "basis: ''", "basis"),
        ("    because: a reason\n", "", "because"),
        ("basis: a decision", "basis: a decision\n    secret: x", "secret"),
        (
            "examples: [{organisation: malmo",
            "examples: [{organisation: atlantis",
            "there is no such organisation",
        ),
    ],
)
def test_each_fault_is_told(content: Content, old: str, new: str, fault: str) -> None:
    """A plan that could not be kept is refused whole, with the rule and the field."""
    assert RULE.count(old) == 1 or old == "by: telegram, after: 0"
    with pytest.raises(BadContent, match=r"waking\.yaml") as refused:
        read(content, RULE.replace(old, new, 1))
    assert fault in str(refused.value)


def test_two_rules_of_one_name_are_refused(content: Content) -> None:
    """A rule is named once."""
    second = RULE.replace("rules:\n", "").replace("malmo", "farsta")
    with pytest.raises(BadContent, match="a-rule: id: stands 2 times"):
        read(content, RULE + second)


def test_an_example_that_lies_is_told(content: Content) -> None:
    """Examples are executed by `check`."""
    lying = RULE.replace("by: [telegram, sms]", "by: [telegram]")
    assert run_examples(read(content, lying)) == ["a-rule: examples.0: it is telegram, sms"]
    assert run_examples(read(content, RULE)) == []


def test_the_file_as_it_is_comes_before_every_step(content: Content) -> None:
    """Whatever the organisations' chains become, each means has its turn before the next person is asked."""
    for organisation, plan in content.waking.plans.items():
        steps = content.structure.organisations[organisation].steps
        assert all(plan[-1].after < step.seconds for step in steps)
