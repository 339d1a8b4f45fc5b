"""Keeps, sealed beside the database, whom the watching process tells: it must know them when Samjour never starts."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from bot.core.errors import Unavailable
from bot.core.ids import PersonId
from bot.core.vigil import LONGEST, SHORTEST
from bot.flow.watch import MOST_CALLS, Asked, Call, told_of
from bot.seal.errors import SealError
from bot.seal.field import FieldKey, Place, open_field, seal_field
from bot.seal.plain import Plain, Sealed
from bot.settings import Settings
from bot.store.address import parse

PLACE: Final = Place(table="watch", column="calls", row="1")
NONCE: Final = 12  # bytes
MAX_FILE: Final = 100_000  # bytes; more than a sealed field can have
_CALLS: Final = TypeAdapter(tuple[Call, ...])


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What outlives the watching process: whom it tells, and who was told that Samjour is silent and not yet that it is back."""

    calls: tuple[Call, ...] = field(default=(), repr=False)
    told: frozenset[PersonId] = frozenset()


class _Kept(BaseModel):
    model_config = ConfigDict(extra="forbid")
    calls: tuple[Call, ...]
    told: frozenset[PersonId]


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    every: float
    silent: int
    told: list[PersonId]


def path_of(settings: Settings) -> Path:
    """Beside the database. While it exists, the watching process is missed when it does not come."""
    path = parse(settings.database_url)
    return path.with_name(path.name + ".watch")


def read(path: Path, key: FieldKey) -> Kept:
    """What was kept; nothing where there is no file. Raises Unavailable for a file that does not open."""
    try:
        with path.open("rb") as file:
            sealed = file.read(MAX_FILE)
    except FileNotFoundError:
        return Kept()
    except OSError as error:
        raise Unavailable(f"{path}: cannot be read") from error
    try:
        found = _Kept.model_validate_json(open_field(key, PLACE, Sealed(content=sealed)).reveal())
    except (SealError, ValidationError) as error:
        raise Unavailable(f"{path}: does not open with these keys; remove it") from error
    return Kept(calls=found.calls, told=found.told)


def write(path: Path, key: FieldKey, kept: Kept, draw: Callable[[int], bytes]) -> None:
    """Keep it: the whole file or none of it, for this user alone. Raises Unavailable."""
    plain = json.dumps({"calls": told_of(kept.calls), "told": sorted(kept.told)}, ensure_ascii=False)
    sealed = seal_field(key, PLACE, Plain(plain.encode()), nonce=draw(NONCE)).content
    beside = path.with_name(path.name + ".new")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        beside.rename(path)
    except OSError as error:
        raise Unavailable(f"{path}: cannot be written") from error


def calls_in(told: object) -> tuple[Call, ...]:
    """The list as the running server tells it. Raises Unavailable for what is none."""
    try:
        return _CALLS.validate_python(told)[:MOST_CALLS]
    except ValidationError as error:
        raise Unavailable("the running server's answer cannot be read") from error


def asked_in(args: Mapping[str, object]) -> Asked:
    """What the watching process says of itself. Raises Unavailable for what it would never say."""
    try:
        found = _Asked.model_validate(args)
    except ValidationError as error:
        raise Unavailable("the question cannot be read") from error
    every = min(max(found.every, SHORTEST), LONGEST)
    return Asked(every=every, silent=found.silent, told=tuple(found.told[:MOST_CALLS]))
