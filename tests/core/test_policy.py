"""Who may: only what a rule allows, for the roles it names, when every condition holds; nothing by silence."""

import json
from dataclasses import fields
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import access_file
from bot.core.errors import BadContent
from bot.core.people import Role
from bot.core.policy import (
    HOLDS,
    AccessPolicy,
    Act,
    Condition,
    Decision,
    Facts,
    Rule,
    decide,
    roles_for,
    supposed,
)

PATH = "policies/access.yaml"
TEXT = (Path(__file__).parents[2] / PATH).read_text(encoding="utf-8")
POLICY = access_file.parse(TEXT, PATH)

A, V = Condition.ACTIVE, Condition.VETTED
MINE, HELD, ASKED = Condition.OWN_CONSULTATION, Condition.IS_HOLDER, Condition.OFFERED_TO_ME
DUTY, SELF, OTHER = Condition.OWN_DUTY, Condition.ONESELF, Condition.SOMEBODY_ELSE
POLICE, MUNICIPAL = Condition.POLICE_PERSON, Condition.MUNICIPAL_PERSON
SAME, SHARED = Condition.SAME_ORGANISATION, Condition.SHARED_ORGANISATION

WORKERS = frozenset({Role.SOCIAL_WORKER, Role.JOUR, Role.OUTREACH, Role.SIG_COORDINATOR})
EVERYBODY = frozenset(Role)
OFFICER, COORDINATOR = frozenset({Role.OFFICER}), frozenset({Role.COORDINATOR})
POLICE_COORDINATOR, JOUR = frozenset({Role.POLICE_COORDINATOR}), frozenset({Role.JOUR})
SUPERVISOR = frozenset({Role.SUPERVISOR})

# The whole policy once more, written by hand: act -> whoever may, and what must hold for them.
MATRIX: dict[Act, list[tuple[frozenset[Role], set[Condition]]]] = {
    Act.LIBRARY_ASK: [(EVERYBODY, {A})],
    Act.STATUS_VIEW: [(EVERYBODY, {A})],
    Act.CONSULTATION_REQUEST: [(OFFICER, {A, V})],
    Act.CONSULTATION_WATCH: [(OFFICER, {A, MINE}), (WORKERS, {A, HELD})],
    Act.CONSULTATION_CANCEL: [(OFFICER, {A, MINE})],
    Act.CONSULTATION_CLOSE: [(OFFICER, {A, MINE}), (WORKERS, {A, HELD})],
    Act.CONSULTATION_RAISE: [(OFFICER, {A, V, MINE})],
    Act.CONSULTATION_COULD_NOT_ATTEND: [(WORKERS, {A, HELD})],
    Act.CONSULTATION_IDENTIFY: [(OFFICER, {A, V, MINE}), (WORKERS, {A, V, HELD})],
    Act.CONSULTATION_HAND_OVER: [(WORKERS, {A, V, HELD})],
    Act.SHIFT_HAND_OVER: [(WORKERS, {A, DUTY})],
    Act.PROMISE_MAKE: [(WORKERS, {A, V, HELD})],
    Act.CONSULTATION_TAKE_OVER: [(WORKERS, {A, V, SHARED})],
    Act.OFFER_SHOW: [(WORKERS, {A, V, ASKED})],
    Act.OFFER_ACCEPT: [(WORKERS, {A, V, ASKED})],
    Act.OFFER_DECLINE: [(WORKERS, {A, ASKED})],
    Act.ROOM_SAY: [(OFFICER, {A, V, MINE}), (WORKERS, {A, V, HELD})],
    Act.ROOM_READ: [(OFFICER, {A, V, MINE}), (WORKERS, {A, V, HELD})],
    Act.NUMBER_TRY: [(OFFICER, {A, MINE})],
    Act.GRAVE_SEND: [(frozenset({Role.FIELD_COMMANDER}), {A, V})],
    Act.GRAVE_ANSWER: [(EVERYBODY, {A})],
    Act.FORUM_KEEP: [(COORDINATOR | POLICE_COORDINATOR, {A, SAME})],
    Act.READINESS_ANSWER: [(WORKERS, {A, DUTY})],
    **{
        act: [(WORKERS, {A, DUTY}), (COORDINATOR, {A, OTHER, MUNICIPAL, SHARED})]
        for act in (Act.DUTY_TAKE_OVER, Act.DUTY_SWAP, Act.DUTY_SICK)
    },
    Act.DUTY_CHANGE: [(WORKERS, {A, DUTY}), (COORDINATOR, {A, OTHER, MUNICIPAL, SHARED})],
    Act.ROSTER_VIEW: [(WORKERS | COORDINATOR | {Role.SUPERVISOR}, {A, SAME})],
    Act.ROSTER_IMPORT: [(COORDINATOR, {A, SAME})],
    Act.PEOPLE_ADD: [
        (COORDINATOR, {A, OTHER, MUNICIPAL, SAME}),
        (POLICE_COORDINATOR, {A, OTHER, POLICE, SAME}),
    ],
    Act.PEOPLE_SUSPEND: [
        (COORDINATOR, {A, OTHER, MUNICIPAL, SHARED}),
        (POLICE_COORDINATOR, {A, OTHER, POLICE, SHARED}),
    ],
    Act.PEOPLE_VET: [
        (COORDINATOR, {A, OTHER, MUNICIPAL, SHARED}),
        (POLICE_COORDINATOR, {A, OTHER, POLICE, SHARED}),
    ],
    Act.PEOPLE_LINK: [
        (EVERYBODY, {A, SELF}),
        (COORDINATOR, {A, OTHER, MUNICIPAL, SHARED}),
        (POLICE_COORDINATOR, {A, OTHER, POLICE, SHARED}),
    ],
    Act.DEVICE_REVOKE: [
        (EVERYBODY, {A, SELF}),
        (COORDINATOR, {A, OTHER, MUNICIPAL, SHARED}),
        (POLICE_COORDINATOR, {A, OTHER, POLICE, SHARED}),
        (JOUR, {A, V, OTHER}),
    ],
    Act.DEVICE_INVITE: [
        (EVERYBODY, {A, SELF}),
        (COORDINATOR, {A, V, OTHER, MUNICIPAL, SAME}),
        (POLICE_COORDINATOR, {A, V, OTHER, POLICE, SAME}),
    ],
    Act.DEVICE_APPROVE: [
        (EVERYBODY, {A, SELF}),
        (COORDINATOR, {A, V, OTHER, MUNICIPAL, SAME}),
        (POLICE_COORDINATOR, {A, V, OTHER, POLICE, SAME}),
        (SUPERVISOR, {A, V, OTHER, SAME}),
    ],
    Act.DEVICE_VOUCH: [(JOUR, {A, V})],
    Act.DEVICE_WATCH: [(JOUR, {A, V}), (COORDINATOR | POLICE_COORDINATOR | SUPERVISOR, {A, SAME})],
    Act.DIRECTORY_READ: [(EVERYBODY, {A})],
    Act.ORGANISATION_INTRODUCE: [(COORDINATOR | POLICE_COORDINATOR, {A, V, SAME})],
    Act.LEDGER_VERIFY: [
        (COORDINATOR | POLICE_COORDINATOR | {Role.SUPERVISOR, Role.LAWYER}, {A, SAME}),
    ],
    Act.OPENING_REQUEST: [(SUPERVISOR, {A, V, SAME, Condition.UNINVOLVED})],
    Act.OPENING_PASS: [(SUPERVISOR, {A, V, SAME, Condition.UNINVOLVED})],
    Act.OPENING_WATCH: [(SUPERVISOR, {A, V, SAME})],
    Act.SEAT_HOLD: [(SUPERVISOR, {A, V, SAME})],
    Act.SEAT_REDEAL: [(SUPERVISOR, {A, V, SAME})],
    Act.RETENTION_RUN: [(COORDINATOR | POLICE_COORDINATOR, {A, SAME})],
    Act.HOLD_ADD: [(SUPERVISOR | {Role.LAWYER}, {A, SAME})],
    Act.HOLD_REMOVE: [(SUPERVISOR | {Role.LAWYER}, {A, SAME})],
    Act.CONTENT_RELOAD: [(frozenset({Role.CURATOR}), {A})],
    Act.QUESTIONS_READ: [(frozenset({Role.CURATOR, Role.LAWYER}), {A, V, SAME})],
    Act.ARTICLE_APPROVE: [(frozenset({Role.CURATOR, Role.LAWYER}), {A})],
    Act.LIBRARY_BROWSE: [(WORKERS | OFFICER | {Role.CURATOR, Role.LAWYER}, {A})],
    Act.CONTACT_VIEW: [(EVERYBODY, {A})],
    Act.STAFFING_VIEW: [(COORDINATOR | SUPERVISOR | {Role.CURATOR, Role.LAWYER}, {A, SAME})],
    Act.STAFFING_KEEP: [(COORDINATOR, {A, SAME})],
    Act.COVERAGE_VIEW: [(COORDINATOR | SUPERVISOR, {A, SAME})],
    Act.NUMBER_TEST: [(COORDINATOR | SUPERVISOR, {A, SAME})],
    Act.DISCLOSURE_CHOOSE: [(WORKERS, {A, V, HELD})],
    Act.REGISTER_VIEW: [(SUPERVISOR, {A, SAME})],
}


def ask(role: Role, act: Act, *conditions: Condition) -> Decision:
    """What the real policy decides for one role when exactly these conditions hold."""
    roles = frozenset({role})
    return decide(POLICY, roles, act, supposed(conditions, roles))


def test_the_matrix_speaks_of_every_act() -> None:
    """No act is left out of the table that the next test compares with."""
    assert set(MATRIX) == set(Act)


@pytest.mark.parametrize(("role", "act"), list(product(Role, Act)))
def test_each_role_may_exactly_what_the_matrix_says(role: Role, act: Act) -> None:
    """With all conditions of a way in, it is allowed; with any one of them missing, another way is needed."""
    ways = [needed for roles, needed in MATRIX[act] if role in roles]
    cases = [set[Condition](), *ways, *(way - {one} for way in ways for one in way), {*Condition} - {A}]
    for held in cases:
        expected = any(way <= held for way in ways)
        assert ask(role, act, *held).allowed is expected, (role, act, held)


@given(st.sampled_from(Role), st.sampled_from(Act), st.frozensets(st.sampled_from(Condition)))
def test_any_facts_are_decided_as_the_matrix_says(role: Role, act: Act, held: frozenset[Condition]) -> None:
    """Whatever else is true of somebody, only a whole way in lets them in."""
    expected = any(role in roles and needed <= held for roles, needed in MATRIX[act])
    assert ask(role, act, *held).allowed is expected


def test_a_municipal_coordinator_never_vets_a_police_officer() -> None:
    """Nor the other way round, however the organisations are shared; and nobody vets themselves."""
    everything_but = {*Condition} - {MUNICIPAL, SELF}
    assert not ask(Role.COORDINATOR, Act.PEOPLE_VET, *everything_but).allowed
    assert not ask(Role.POLICE_COORDINATOR, Act.PEOPLE_VET, *({*Condition} - {POLICE, SELF})).allowed
    for role in Role:
        assert not ask(role, Act.PEOPLE_VET, *({*Condition} - {OTHER})).allowed


def test_a_role_held_elsewhere_opens_nothing_here() -> None:
    """A coordinator of one board who works in another cannot import the other's roster."""
    roles = frozenset({Role.COORDINATOR, Role.SOCIAL_WORKER})
    facts = Facts(active=True, same_organisation=frozenset({Role.SOCIAL_WORKER}))
    assert not decide(POLICY, roles, Act.ROSTER_IMPORT, facts).allowed
    assert decide(POLICY, roles, Act.ROSTER_VIEW, facts).allowed


def test_nobody_may_anything_without_a_role() -> None:
    """A stranger, whatever is true of them, is denied in words."""
    for act in Act:
        decision = decide(POLICY, frozenset(), act, supposed(tuple(Condition), EVERYBODY))
        assert decision == Decision(allowed=False, rules=(), reasons=(f"No rule lets these roles do {act}.",))


def test_an_empty_policy_denies() -> None:
    """No rules, no rights."""
    decision = decide(
        AccessPolicy(rules=()), EVERYBODY, Act.LIBRARY_ASK, supposed(tuple(Condition), EVERYBODY)
    )
    assert not decision.allowed


def test_a_permission_names_its_rule_and_why() -> None:
    """What is recorded with an act is the id of the rule that allowed it."""
    decision = ask(Role.OFFICER, Act.CONSULTATION_REQUEST, A, V)
    rule = next(rule for rule in POLICY.rules if rule.id == "officer-requests")
    assert decision == Decision(allowed=True, rules=("officer-requests",), reasons=(rule.because,))


def test_a_refusal_says_what_was_missing_nearest_first() -> None:
    """The conditions that failed are named, those of the rule that came closest first."""
    roles = frozenset({Role.OFFICER, Role.JOUR})
    held = decide(POLICY, roles, Act.ROOM_SAY, supposed((A, HELD), roles))
    assert held.rules == ("holder-speaks", "officer-speaks-in-own")
    assert held.missing == (V, MINE)
    assert decide(POLICY, roles, Act.ROOM_SAY, supposed((A, MINE), roles)).missing == (V, HELD)
    assert ask(Role.OFFICER, Act.CONSULTATION_REQUEST, A).reasons == ("officer-requests needs vetted.",)


def test_every_condition_is_a_fact_that_starts_false() -> None:
    """A fact nobody established counts as untrue, and no condition is without its fact."""
    assert {field.name for field in fields(Facts)} == set(Condition) == set(HOLDS)
    assert not any(HOLDS[condition](Facts(), role) for condition, role in product(Condition, Role))
    for condition, role in product(Condition, Role):
        assert HOLDS[condition](supposed((condition,), frozenset({role})), role)


def test_acts_are_written_subject_verb() -> None:
    """The naming rule of acts holds, since rules and ledger entries spell them out."""
    assert all(act.count(":") == 1 and act.replace(":", "").replace("_", "").isalpha() for act in Act)


def test_the_examples_of_the_real_policy_hold() -> None:
    """`check` finds nothing to say about the policy that is served."""
    assert access_file.run_examples(POLICY) == []


# ---- the file ----------------------------------------------------------------------------------------


def rule(**changes: object) -> dict[str, object]:
    """A rule that lets everybody do everything, as it would stand in a file, changed."""
    allowed = {"roles": ["officer"], "act": "library:ask", "facts": ["active"], "allowed": True}
    return {
        "id": "all",
        "roles": [str(role) for role in Role],
        "acts": [str(act) for act in Act],
        "when": ["active"],
        "basis": "beslut",
        "because": "prov",
        "examples": [allowed, {**allowed, "facts": [], "allowed": False}],
    } | changes


def parse(*rules: dict[str, object]) -> AccessPolicy:
    return access_file.parse(json.dumps({"rules": rules}), "access.yaml")


def test_a_rule_reads_as_it_stands() -> None:
    """The file's words become the rule's values."""
    (read,) = parse(rule()).rules
    assert isinstance(read, Rule)
    assert read.roles == EVERYBODY
    assert read.acts == frozenset(Act)
    assert read.when == (Condition.ACTIVE,)


EXAMPLE = {"roles": ["officer"], "act": "library:ask", "facts": ["active"], "allowed": True}
FAULTY: list[tuple[dict[str, object], str]] = [
    ({"roles": ["chief"]}, "rules.0.roles.0: "),
    ({"roles": []}, "rules.0.roles: "),
    ({"acts": ["library:read"]}, "rules.0.acts.0: "),
    ({"when": ["friendly"]}, "rules.0.when.0: "),
    ({"when": "active"}, "rules.0.when: "),
    ({"id": "Två Ord"}, "rules.0.id: "),
    ({"basis": ""}, "rules.0.basis: "),
    ({"because": 7}, "rules.0.because: "),
    ({"unless": ["active"]}, "rules.0.unless: "),
    ({"examples": []}, "rules.0.examples: "),
    ({"examples": [EXAMPLE | {"allowed": "yes"}]}, "rules.0.examples.0.allowed: "),
    ({"examples": [EXAMPLE | {"facts": ["friendly"]}]}, "rules.0.examples.0.facts.0: "),
    ({"examples": [EXAMPLE]}, "all: examples: must show one that is allowed and one that is not"),
    ({"acts": ["library:ask"]}, "rules: nobody at all may do room:say"),
]


@pytest.mark.parametrize(("changes", "place"), FAULTY)
def test_a_faulty_rule_is_refused_with_its_place(changes: dict[str, object], place: str) -> None:
    """The fault names the file and the field."""
    with pytest.raises(BadContent) as refusal:
        parse(rule(**changes))
    assert any(line.startswith(f"access.yaml: {place}") for line in str(refusal.value).splitlines())


def test_an_example_is_about_its_own_rule() -> None:
    """An example of another act proves nothing of this rule."""
    lone = rule(id="lone", acts=["room:say"])
    with pytest.raises(
        BadContent, match=r"access\.yaml: lone: examples\.0\.act: is not one of the rule's own"
    ):
        parse(rule(), lone)


def test_two_rules_of_one_name_are_refused() -> None:
    """A decision records ids: each names one rule."""
    with pytest.raises(BadContent, match=r"^access\.yaml: all: id: stands 2 times$"):
        parse(rule(), rule())


@pytest.mark.parametrize("text", ["", "rules:", "rules: []", "[]", "rules: [", "x: 1", "rules: &a [*a]"])
def test_what_is_no_policy_is_refused(text: str) -> None:
    """An empty or broken file never becomes a policy."""
    with pytest.raises(BadContent, match=r"^access\.yaml: "):
        access_file.parse(text, "access.yaml")


def test_a_wrong_example_is_told() -> None:
    """`check` says which example of which rule the policy decides otherwise, and why."""
    wrong = [EXAMPLE | {"facts": []}, EXAMPLE | {"allowed": False}]
    other = rule(id="other", when=["vetted"], examples=[EXAMPLE, EXAMPLE | {"facts": [], "allowed": False}])
    assert access_file.run_examples(parse(rule(examples=wrong), other)) == [
        "all: examples.0: is denied: needs active, vetted",
        "all: examples.1: is allowed by all",
        "other: examples.0: is allowed by all, not by this rule",
    ]


def test_without_a_role_of_the_rules_nobody_may() -> None:
    """`roles_for` leaves nobody out: whoever is allowed by whatever facts has one of its roles."""
    everything = supposed(tuple(Condition), EVERYBODY)
    for act in Act:
        may = roles_for(POLICY, act)
        assert {role for role in Role if decide(POLICY, frozenset({role}), act, everything).allowed} == may
