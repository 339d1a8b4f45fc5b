"""Consultations, events and facts as JSON: what the ledger's bodies and the store's rows hold.

Strict both ways: an unknown kind, field or type is BadInput, never a guess. Instants are written as RFC 3339
in UTC and read back aware.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, is_dataclass
from datetime import datetime
from functools import cache
from typing import Final, TypeVar, get_args, get_type_hints

import pydantic_core
from pydantic import TypeAdapter, ValidationError

from bot.core.consultation import Consultation
from bot.core.errors import BadInput
from bot.core.events import EVENTS, Event
from bot.core.ids import ConsultationId

_T = TypeVar("_T")

_EVENTS: Final[dict[str, TypeAdapter[Event]]] = {kind.__name__: TypeAdapter(kind) for kind in EVENTS}
_CONSULTATION: Final = TypeAdapter(Consultation)
_INSTANT: Final = TypeAdapter(datetime)
_JSON: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """The ledger body of one accepted event: `version` is the consultation's after it, counted from 1."""

    consultation: ConsultationId
    version: int
    event: Event
    rules: tuple[str, ...]  # ids of the rules that allowed it
    content: str  # digest of the content it was decided under


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """The ledger body of a change to kept rows: `put` is key -> the row now, `dropped` names those that went.

    `version` counts the changes of that table over all ledgers, from 1. `act` says who did it and why.
    """

    table: str
    version: int
    at: datetime
    put: dict[str, object]
    dropped: tuple[str, ...] = ()
    act: dict[str, object]


_FACT: Final = TypeAdapter(Fact)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    consultation: ConsultationId
    version: int
    event: dict[str, object]
    rules: tuple[str, ...]
    content: str


_BODY: Final = TypeAdapter(_Body)


def encode_event(event: Event) -> dict[str, object]:
    """The event as plain JSON values, its class name under "kind"."""
    kind = type(event).__name__
    plain: dict[str, object] = _EVENTS[kind].dump_python(event, mode="json")
    return {"kind": kind, **plain}


def decode_event(plain: Mapping[str, object]) -> Event:
    """The event that `encode_event` wrote; BadInput for anything else."""
    rest = dict(plain)
    adapter = _EVENTS.get(str(rest.pop("kind", "")))
    if adapter is None:
        raise BadInput("that is no kind of event")
    return _strictly(adapter, pydantic_core.to_json(rest), "event")


def encode_consultation(consultation: Consultation) -> bytes:
    """The consultation as JSON."""
    return _CONSULTATION.dump_json(consultation)


def decode_consultation(body: bytes) -> Consultation:
    """The consultation that `encode_consultation` wrote; BadInput for anything else."""
    return _strictly(_CONSULTATION, body, "consultation")


def consultation_body(
    consultation: ConsultationId, version: int, event: Event, rules: tuple[str, ...], content_digest: str
) -> bytes:
    """The ledger body of an event that took a consultation to `version`."""
    return to_json(
        {
            "consultation": consultation,
            "version": version,
            "event": encode_event(event),
            "rules": rules,
            "content": content_digest,
        }
    )


def parse_consultation_body(body: bytes) -> Happened:
    """What `consultation_body` wrote; BadInput for anything else."""
    plain = _strictly(_BODY, body, "consultation entry")
    return Happened(
        consultation=plain.consultation,
        version=plain.version,
        event=decode_event(plain.event),
        rules=plain.rules,
        content=plain.content,
    )


def fact_body(fact: Fact) -> bytes:
    """The ledger body of a change to kept rows."""
    return to_json(_FACT.dump_python(fact, mode="json"))


def parse_fact_body(body: bytes) -> Fact:
    """What `fact_body` wrote; BadInput for anything else."""
    return _strictly(_FACT, body, "fact")


def to_json(value: object) -> bytes:
    """Plain values as compact JSON with sorted keys: equal values give equal bytes."""
    return _JSON.encode(value).encode()


def object_from_json(body: bytes) -> dict[str, object]:
    """One JSON object; BadInput for anything else."""
    try:
        plain = pydantic_core.from_json(body)
    except ValueError:
        plain = None
    if not isinstance(plain, dict):
        raise BadInput("that is no JSON object")
    return plain


def instant_to_text(at: datetime) -> str:
    """An aware instant as RFC 3339, in the form that all these bodies use."""
    text: str = _INSTANT.serializer.to_python(at, mode="json")
    return text


def _strictly(adapter: TypeAdapter[_T], body: bytes, what: str) -> _T:
    try:
        value: _T = adapter.validator.validate_json(body, strict=True, extra="forbid")
    except ValidationError:  # its text repeats the input
        raise BadInput(f"the {what} has a field that is missing, unknown or of the wrong kind") from None
    _check_instants(value)
    return value


def _check_instants(value: object) -> None:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise BadInput("a time without a zone is no instant")
    elif isinstance(value, tuple):
        for part in value:
            _check_instants(part)
    else:
        for name in _with_instants(type(value)):  # type: ignore[arg-type]  # a class is hashable
            _check_instants(getattr(value, name))


@cache
def _with_instants(kind: type) -> tuple[str, ...]:
    """The fields of a class in which an instant can stand, at any depth: a verification asks for millions."""
    if not is_dataclass(kind):
        return ()
    return tuple(name for name, told in get_type_hints(kind).items() if _can_hold_instant(told))


def _can_hold_instant(told: object) -> bool:
    if isinstance(told, type) and not get_args(told):
        return issubclass(told, datetime) or bool(_with_instants(told))  # type: ignore[arg-type]  # likewise
    return any(_can_hold_instant(part) for part in get_args(told))
