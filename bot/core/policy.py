"""Who may do what: role x act x named conditions; whatever no rule allows is denied.

The dataclasses are also the schema of `policies/access.yaml`, which `access_file` reads and checks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Final

from pydantic import ConfigDict, Field

from bot.core.people import Role

_STRICT: Final = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)
_Text = Annotated[str, Field(min_length=1, max_length=1000)]
_Some = Field(min_length=1, max_length=64)


class Act(StrEnum):
    """What can be done, as `subject:verb`. The values go into rules and the ledger: add, never rename."""

    LIBRARY_ASK = "library:ask"
    CONSULTATION_REQUEST = "consultation:request"
    CONSULTATION_WATCH = "consultation:watch"
    CONSULTATION_CANCEL = "consultation:cancel"
    CONSULTATION_CLOSE = "consultation:close"
    CONSULTATION_RAISE = "consultation:raise"
    CONSULTATION_COULD_NOT_ATTEND = "consultation:could_not_attend"
    CONSULTATION_IDENTIFY = "consultation:identify"
    CONSULTATION_HAND_OVER = "consultation:hand_over"
    SHIFT_HAND_OVER = "shift:hand_over"
    PROMISE_MAKE = "promise:make"
    CONSULTATION_TAKE_OVER = "consultation:take_over"
    OFFER_SHOW = "offer:show"
    OFFER_ACCEPT = "offer:accept"
    OFFER_DECLINE = "offer:decline"
    ROOM_SAY = "room:say"
    ROOM_READ = "room:read"
    NUMBER_TRY = "number:try"
    DUTY_CHANGE = "duty:change"
    DUTY_TAKE_OVER = "duty:take_over"
    DUTY_SWAP = "duty:swap"
    DUTY_SICK = "duty:sick"
    STATUS_VIEW = "status:view"
    ROSTER_VIEW = "roster:view"
    ROSTER_IMPORT = "roster:import"
    PEOPLE_ADD = "people:add"
    PEOPLE_SUSPEND = "people:suspend"
    PEOPLE_LINK = "people:link"
    PEOPLE_VET = "people:vet"
    DEVICE_INVITE = "device:invite"
    DEVICE_APPROVE = "device:approve"
    DEVICE_VOUCH = "device:vouch"
    DEVICE_WATCH = "device:watch"
    DEVICE_REVOKE = "device:revoke"
    DIRECTORY_READ = "directory:read"
    ORGANISATION_INTRODUCE = "organisation:introduce"
    LEDGER_VERIFY = "ledger:verify"
    OPENING_REQUEST = "opening:request"
    OPENING_PASS = "opening:pass"  # noqa: S105 - names an act
    OPENING_WATCH = "opening:watch"
    SEAT_HOLD = "seat:hold"
    SEAT_REDEAL = "seat:redeal"
    RETENTION_RUN = "retention:run"
    HOLD_ADD = "hold:add"
    HOLD_REMOVE = "hold:remove"
    CONTENT_RELOAD = "content:reload"
    QUESTIONS_READ = "questions:read"
    ARTICLE_APPROVE = "article:approve"
    LIBRARY_BROWSE = "library:browse"
    CONTACT_VIEW = "contact:view"
    STAFFING_VIEW = "staffing:view"
    STAFFING_KEEP = "staffing:keep"
    COVERAGE_VIEW = "coverage:view"
    NUMBER_TEST = "number:test"
    READINESS_ANSWER = "readiness:answer"
    DISCLOSURE_CHOOSE = "disclosure:choose"
    REGISTER_VIEW = "register:view"
    GRAVE_SEND = "grave:send"
    GRAVE_ANSWER = "grave:answer"
    FORUM_KEEP = "forum:keep"


class Condition(StrEnum):
    """What a rule can ask of the facts. The values go into rules: add, never rename."""

    ACTIVE = "active"
    VETTED = "vetted"
    OWN_CONSULTATION = "own_consultation"
    IS_HOLDER = "is_holder"
    OFFERED_TO_ME = "offered_to_me"
    OWN_DUTY = "own_duty"
    ONESELF = "oneself"
    SOMEBODY_ELSE = "somebody_else"
    POLICE_PERSON = "police_person"
    MUNICIPAL_PERSON = "municipal_person"
    SAME_ORGANISATION = "same_organisation"
    SHARED_ORGANISATION = "shared_organisation"
    UNINVOLVED = "uninvolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is true of one person and one act, as far as rules ask; what nobody established is false.

    The last two name roles: a supervisor in one board who is a worker in another is a supervisor in the
    first alone. `facts.facts_about` fills all of them in from people and consultations.
    """

    active: bool = False  # not suspended
    vetted: bool = False  # security vetting cleared by that day
    own_consultation: bool = False  # asked by this person
    is_holder: bool = False  # accepted by this person
    offered_to_me: bool = False  # this person was asked
    own_duty: bool = False  # the duty is this person's
    oneself: bool = False  # the act concerns this very person
    somebody_else: bool = False  # the act concerns another known person
    police_person: bool = False  # the person concerned is posted with the police and nowhere else
    municipal_person: bool = False  # ... with boards and jours and nowhere else
    same_organisation: frozenset[Role] = frozenset()  # roles held in every organisation concerned
    shared_organisation: frozenset[Role] = frozenset()  # roles held in at least one of them
    uninvolved: bool = False  # never had part in the talk concerned


# How each condition is judged; the role is the one that the rule would let act.
HOLDS: Final[Mapping[Condition, Callable[[Facts, Role], bool]]] = MappingProxyType(
    {
        Condition.ACTIVE: lambda facts, _: facts.active,
        Condition.VETTED: lambda facts, _: facts.vetted,
        Condition.OWN_CONSULTATION: lambda facts, _: facts.own_consultation,
        Condition.IS_HOLDER: lambda facts, _: facts.is_holder,
        Condition.OFFERED_TO_ME: lambda facts, _: facts.offered_to_me,
        Condition.OWN_DUTY: lambda facts, _: facts.own_duty,
        Condition.ONESELF: lambda facts, _: facts.oneself,
        Condition.SOMEBODY_ELSE: lambda facts, _: facts.somebody_else,
        Condition.POLICE_PERSON: lambda facts, _: facts.police_person,
        Condition.MUNICIPAL_PERSON: lambda facts, _: facts.municipal_person,
        Condition.SAME_ORGANISATION: lambda facts, role: role in facts.same_organisation,
        Condition.SHARED_ORGANISATION: lambda facts, role: role in facts.shared_organisation,
        Condition.UNINVOLVED: lambda facts, _: facts.uninvolved,
    }
)
_BY_ROLE: Final = (Condition.SAME_ORGANISATION, Condition.SHARED_ORGANISATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One case that the policy must decide as written; `facts` are the conditions that hold in it."""

    __pydantic_config__ = _STRICT
    roles: Annotated[frozenset[Role], _Some]
    act: Act
    facts: tuple[Condition, ...]
    allowed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """These roles may do these acts when all the conditions hold. `basis`: law or decision; `because`: why."""

    __pydantic_config__ = _STRICT
    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
    roles: Annotated[frozenset[Role], _Some]
    acts: Annotated[frozenset[Act], _Some]
    when: tuple[Condition, ...] = ()
    basis: _Text
    because: _Text
    examples: Annotated[tuple[Example, ...], _Some]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessPolicy:
    """All rules, in the order of the file. Rules only add: none takes away what another allows."""

    __pydantic_config__ = _STRICT
    rules: Annotated[tuple[Rule, ...], _Some]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Whether it is allowed; by which rules, or which came closest; why, or what they missed.

    `missing` names the conditions that failed, those of the closest rule first. All of it may be recorded:
    it says nothing of anybody.
    """

    allowed: bool
    rules: tuple[str, ...]
    reasons: tuple[str, ...]
    missing: tuple[Condition, ...] = ()


def decide(policy: AccessPolicy, roles: frozenset[Role], act: Act, facts: Facts) -> Decision:
    """Whether somebody with these roles may do this now. Silence denies, and says which conditions failed."""
    spoken = [rule for rule in policy.rules if act in rule.acts and rule.roles & roles]
    judged = sorted(((rule, _failed(rule, roles, facts)) for rule in spoken), key=lambda pair: len(pair[1]))
    granting = [rule for rule, failed in judged if not failed]
    if granting:
        return Decision(
            allowed=True, rules=tuple(r.id for r in granting), reasons=tuple(r.because for r in granting)
        )
    if not judged:
        return Decision(allowed=False, rules=(), reasons=(f"No rule lets these roles do {act}.",))
    return Decision(
        allowed=False,
        rules=tuple(rule.id for rule, _ in judged),
        reasons=tuple(f"{rule.id} needs {', '.join(failed)}." for rule, failed in judged),
        missing=tuple(dict.fromkeys(condition for _, failed in judged for condition in failed)),
    )


def roles_for(policy: AccessPolicy, act: Act) -> frozenset[Role]:
    """The roles of which some rule speaks that allows it: whoever has none of them may not, whatever the facts are."""
    return frozenset(role for rule in policy.rules if act in rule.acts for role in rule.roles)


def supposed(conditions: tuple[Condition, ...], roles: frozenset[Role]) -> Facts:
    """Facts in which exactly these conditions hold, for each of the roles: what examples speak of."""
    values = {str(condition): roles if condition in _BY_ROLE else True for condition in conditions}
    # Each value has the type of the field it names; keywords from a mapping cannot say so.
    return Facts(**values)  # type: ignore[arg-type]


def _failed(rule: Rule, roles: frozenset[Role], facts: Facts) -> tuple[Condition, ...]:
    """The conditions that fail for the role that comes closest; none if one role satisfies them all."""
    tried = (
        tuple(condition for condition in rule.when if not HOLDS[condition](facts, role))
        for role in sorted(rule.roles & roles)
    )
    return min(tried, key=len)
