"""Openings: for which purposes, on which grounds and for how long supervisors may open a room together.

The dataclasses are also the schema of `policies/openings.yaml`. What only a lawyer can say is written down with
`needs_lawyer` and is offered to nobody.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Final, NewType

from pydantic import ConfigDict, Field, TypeAdapter

from bot.core.errors import BadContent, BadInput
from bot.core.places import Kind, Label
from bot.core.strict_yaml import read_strictly

PurposeId = NewType("PurposeId", str)
GroundId = NewType("GroundId", str)

_STRICT: Final = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)
_Text = Annotated[str, Field(min_length=1, max_length=1000)]
_Id = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)
_Minutes = Annotated[int, Field(ge=5, le=240)]  # FORMAT.md 62: four hours
_Kinds = Annotated[tuple[Kind, ...], Field(min_length=1)]


class Gives(StrEnum):
    """What an opening gives whoever asked. The values go into rules and the ledger: add, never rename."""

    TRANSCRIPT = "transcript"  # what was said in one room, to be read
    KEY = "key"  # that the key of one room can be had; nothing is read: a drill
    EVERY_KEY = "every_key"  # the keys of every room, to be dealt again; nothing is read


class Source(StrEnum):
    """Where a ground stands."""

    LAW = "law"
    ROUTINE = "routine"  # the organisation's own; for what reads nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What an opening rests on: a statute, read on a day (`read`), or the organisation's own routine."""

    __pydantic_config__ = _STRICT
    id: Annotated[GroundId, _Id]
    label: Label
    source: Source
    kinds: _Kinds  # which organisations it binds
    says: Label | None = None  # what it says, in the plainest words
    read: date | None = None
    needs_lawyer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """What somebody opens a room for. `minutes`: the longest time box, and the one that is suggested."""

    __pydantic_config__ = _STRICT
    id: Annotated[PurposeId, _Id]
    label: Label
    gives: Gives
    grounds: Annotated[tuple[GroundId, ...], Field(min_length=1)]
    because: _Text
    minutes: _Minutes = 60
    needs_lawyer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """What the rules must say of one opening by one kind of organisation; executed by `check`."""

    __pydantic_config__ = _STRICT
    kind: Kind
    purpose: PurposeId
    ground: GroundId
    minutes: Annotated[int, Field(ge=0, le=1000)]
    allowed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningPolicy:
    """All purposes and grounds, in the order of the file."""

    __pydantic_config__ = _STRICT
    purposes: Annotated[tuple[Purpose, ...], Field(min_length=1)]
    grounds: Annotated[tuple[Ground, ...], Field(min_length=1)]
    examples: Annotated[tuple[Example, ...], Field(min_length=2)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A purpose with the grounds on which this kind of organisation may open for it."""

    purpose: Purpose
    grounds: tuple[Ground, ...]


_POLICY: Final = TypeAdapter(OpeningPolicy)


def offered(policy: OpeningPolicy, kind: Kind) -> tuple[Offered, ...]:
    """What may be chosen in an organisation of that kind; what needs a lawyer is not among it."""
    known = {ground.id: ground for ground in policy.grounds}
    found = []
    for purpose in policy.purposes:
        grounds = tuple(known[id_] for id_ in purpose.grounds if _stands(known[id_], kind))
        if grounds and not purpose.needs_lawyer:
            found.append(Offered(purpose=purpose, grounds=grounds))
    return tuple(found)


def chosen(policy: OpeningPolicy, kind: Kind, *, purpose: str, ground: str, box: timedelta) -> Purpose:
    """The purpose, when this kind of organisation may open for it on that ground for so long; else BadInput."""
    for choice in offered(policy, kind):
        if choice.purpose.id == purpose and ground in {known.id for known in choice.grounds}:
            if timedelta() < box <= timedelta(minutes=choice.purpose.minutes):
                return choice.purpose
            raise BadInput(f"an opening for {purpose} lasts at most {choice.purpose.minutes} minutes")
    raise BadInput("no room is opened for that purpose on that ground")


def purpose_named(policy: OpeningPolicy, purpose: str) -> Purpose | None:
    """The purpose with that id, offered or not: what was opened once is told of for good."""
    return next((known for known in policy.purposes if known.id == purpose), None)


def ground_named(policy: OpeningPolicy, ground: str) -> Ground | None:
    """The ground with that id, offered or not."""
    return next((known for known in policy.grounds if known.id == ground), None)


def parse(text: str, path: str) -> OpeningPolicy:
    """The purposes and grounds in the file. Raises BadContent with every fault as "path: id: reason"."""
    policy = read_strictly(path, text, _POLICY)
    faults = [f"{path}: {fault}" for fault in _faults(policy)]
    if faults:
        raise BadContent("\n".join(faults))
    return policy


def run_examples(policy: OpeningPolicy) -> list[str]:
    """What the rules say otherwise than their examples: "examples.n: reason"."""
    return [
        f"examples.{n}: is {'refused' if example.allowed else 'allowed'}"
        for n, example in enumerate(policy.examples)
        if _allows(policy, example) is not example.allowed
    ]


def _stands(ground: Ground, kind: Kind) -> bool:
    return kind in ground.kinds and not ground.needs_lawyer


def _allows(policy: OpeningPolicy, example: Example) -> bool:
    box = timedelta(minutes=example.minutes)
    try:
        chosen(policy, example.kind, purpose=example.purpose, ground=example.ground, box=box)
    except BadInput:
        return False
    return True


def _faults(policy: OpeningPolicy) -> Iterator[str]:
    ids = Counter((*(p.id for p in policy.purposes), *(g.id for g in policy.grounds)))
    for name, times in ids.items():
        if times > 1:
            yield f"{name}: id: stands {times} times"
    known = {ground.id: ground for ground in policy.grounds}
    for ground in policy.grounds:
        yield from (f"{ground.id}: {fault}" for fault in _ground_faults(ground))
    for purpose in policy.purposes:
        for id_ in purpose.grounds:
            if id_ not in known:
                yield f"{purpose.id}: grounds: {id_} is no ground of this file"
            elif purpose.gives is Gives.TRANSCRIPT and known[id_].source is Source.ROUTINE:
                yield f"{purpose.id}: grounds: what is read needs a ground in law"
    if {example.allowed for example in policy.examples} != {True, False}:
        yield "examples: must show one that is allowed and one that is not"


def _ground_faults(ground: Ground) -> Iterator[str]:
    if ground.source is Source.LAW and not ground.needs_lawyer and (ground.read is None or not ground.says):
        yield "read: a statute is offered when somebody has read it and says what it says"
    if ground.source is Source.ROUTINE and (ground.read is not None or ground.needs_lawyer):
        yield "source: a routine is no law"
