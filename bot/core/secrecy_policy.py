"""Secrecy: on which grounds something of a named person may be disclosed between the two authorities, and in which direction.

The dataclasses are also the schema of `policies/secrecy.yaml`. A ground is offered when every section it rests on was
read in force (`policies/law_sections.yaml`); whatever only a lawyer can say is written down with `needs_lawyer`, and is
offered to nobody.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from pydantic import ConfigDict, Field, TypeAdapter

from bot.core.disclosures import GROUND, MAX_GROUND, Direction, Disclosure, GroundId
from bot.core.errors import BadContent, BadInput
from bot.core.ids import OrganisationId
from bot.core.library.citations import Citation, broken
from bot.core.library.law_sections import LawSections, of_source
from bot.core.places import Structure
from bot.core.referrals import Caption, Told
from bot.core.shown import shown
from bot.core.strict_yaml import read_strictly

_STRICT: Final = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)
_Text = Annotated[str, Field(min_length=1, max_length=1000)]
_Id = Field(pattern=f"^{GROUND}$", max_length=MAX_GROUND)
_Ground = Annotated[GroundId, _Id]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a disclosure can rest on. `basis` cites sections of law alone; `says`: when it holds, in plain words."""

    __pydantic_config__ = _STRICT
    id: _Ground
    label: Caption
    directions: Annotated[tuple[Direction, ...], Field(min_length=1, max_length=2)]
    basis: _Text
    because: _Text
    says: Told | None = None
    needs_lawyer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Routine:
    """An organisation's own routine for some grounds: what to think of (`says`), or that they are not used there."""

    __pydantic_config__ = _STRICT
    id: Annotated[str, _Id]
    organisations: Annotated[tuple[OrganisationId, ...], Field(min_length=1)]
    grounds: Annotated[tuple[_Ground, ...], Field(min_length=1)]
    basis: _Text
    because: _Text
    says: Told | None = None
    withholds: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Whether a ground is offered in one organisation, in one direction; executed by `check`."""

    __pydantic_config__ = _STRICT
    organisation: OrganisationId
    direction: Direction
    ground: _Ground
    offered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SecrecyPolicy:
    """All grounds, in the order in which they are offered, with the routines."""

    __pydantic_config__ = _STRICT
    grounds: Annotated[tuple[Ground, ...], Field(min_length=1, max_length=100)]
    examples: Annotated[tuple[Example, ...], Field(min_length=2)]
    routines: tuple[Routine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A ground that can be chosen, and what the organisation's own routines say of it."""

    ground: Ground
    routines: tuple[Told, ...]


_POLICY: Final = TypeAdapter(SecrecyPolicy)


def offered(policy: SecrecyPolicy, organisation: OrganisationId, direction: Direction) -> tuple[Offered, ...]:
    """What may be chosen in a talk that this organisation owns; what needs a lawyer is not among it."""
    routines = [routine for routine in policy.routines if organisation in routine.organisations]
    withheld = {id_ for routine in routines if routine.withholds for id_ in routine.grounds}
    return tuple(
        Offered(
            ground=ground,
            routines=tuple(r.says for r in routines if r.says is not None and ground.id in r.grounds),
        )
        for ground in policy.grounds
        if direction in ground.directions and not ground.needs_lawyer and ground.id not in withheld
    )


def chosen(policy: SecrecyPolicy, organisation: OrganisationId, disclosure: Disclosure) -> Ground:
    """The ground, when it is offered there in that direction. Raises BadInput for any other."""
    for choice in offered(policy, organisation, disclosure.direction):
        if choice.ground.id == disclosure.ground:
            return choice.ground
    raise BadInput("nothing is disclosed on that ground in that direction")


def ground_named(policy: SecrecyPolicy, ground: str) -> Ground | None:
    """The ground with that id, offered or not: what was chosen once is told of for good."""
    return next((known for known in policy.grounds if known.id == ground), None)


def read_on(law: LawSections, ground: Ground) -> date:
    """The day as of which the law was read that an offered ground rests on."""
    return min(law.acts[one.act].text_of for one in of_source(law, ground.basis))


def parse(text: str, path: str, structure: Structure, law: LawSections) -> SecrecyPolicy:
    """The grounds in the file. Raises BadContent with every fault as "path: id: reason"."""
    policy = read_strictly(path, text, _POLICY)
    faults = [f"{path}: {fault}" for fault in _faults(policy, structure, law)]
    if faults:
        raise BadContent("\n".join(faults))
    return policy


def run_examples(policy: SecrecyPolicy) -> list[str]:
    """What the rules say otherwise than their examples: "examples.n: reason"."""
    return [
        f"examples.{n}: is {'not ' if example.offered else ''}offered"
        for n, example in enumerate(policy.examples)
        if _allows(policy, example) is not example.offered
    ]


def _allows(policy: SecrecyPolicy, example: Example) -> bool:
    choices = offered(policy, example.organisation, example.direction)
    return example.ground in {choice.ground.id for choice in choices}


def _faults(policy: SecrecyPolicy, structure: Structure, law: LawSections) -> Iterator[str]:
    ids = Counter((*(g.id for g in policy.grounds), *(r.id for r in policy.routines)))
    for name, times in ids.items():
        if times > 1:
            yield f"{name}: id: stands {times} times"
    known = {ground.id for ground in policy.grounds}
    for ground in policy.grounds:
        yield from (f"{ground.id}: {fault}" for fault in _ground_faults(ground, law))
    for routine in policy.routines:
        yield from (f"{routine.id}: {fault}" for fault in _routine_faults(routine, known, structure))
    for n, example in enumerate(policy.examples):
        if example.ground not in known:
            yield f"examples.{n}: {example.ground} is no ground of this file"
        yield from (f"examples.{n}: {fault}" for fault in _unknown((example.organisation,), structure))
    if {example.offered for example in policy.examples} != {True, False}:
        yield "examples: must show one that is offered and one that is not"


def _ground_faults(ground: Ground, law: LawSections) -> Iterator[str]:
    cited = of_source(law, ground.basis)
    if not cited or list(broken(ground.basis, law.names)):
        yield "basis: cites no section of law that can be read"
    for one in cited:
        if not _was_read(law, one, unread=ground.needs_lawyer):
            yield f"basis: {one}: nobody has read it in force: it needs a lawyer"
    if ground.says is None and not ground.needs_lawyer:
        yield "says: what is offered says when it holds"
    if len(set(ground.directions)) != len(ground.directions):
        yield "directions: one stands twice"


def _was_read(law: LawSections, one: Citation, *, unread: bool) -> bool:
    """Whether both ends of the citation were read; `unread`: or are at least known to exist."""
    if one.act not in law.acts:
        return False
    act = law.acts[one.act]
    return {one.first, one.last} <= (act.sections | act.unread if unread else act.sections)


def _routine_faults(routine: Routine, known: set[GroundId], structure: Structure) -> Iterator[str]:
    yield from _unknown(routine.organisations, structure)
    for id_ in routine.grounds:
        if id_ not in known:
            yield f"grounds: {id_} is no ground of this file"
    if routine.withholds is (routine.says is not None):
        yield "says: a routine says what to think of, or withholds the ground"


def _unknown(names: tuple[OrganisationId, ...], structure: Structure) -> Iterator[str]:
    for name in names:
        if name not in structure.organisations:
            yield f"{shown([name], 'organisation')}: there is no such organisation"
