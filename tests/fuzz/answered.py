"""Targets that a client reads: what a server answers, whoever runs it, and the client's own files."""

import os
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Final

from bot.client import files, opening, outgoing
from bot.client.answers import directory_answer
from bot.client.api import Problem
from bot.client.api import _read as read_answer
from bot.client.room_plan import read_head, read_plan
from bot.commands.witness_files import OwnKey, read_state
from bot.core.errors import BadInput, SamjourError, Unavailable
from bot.flow.passkeys import _challenge
from bot.seal.errors import SealError
from tests.fuzz.sealed import device

_OK: Final = 200
_SHAPES: Final[tuple[Callable[[dict[str, Any]], object], ...]] = (
    directory_answer,
    read_plan,
    opening._kept,
    lambda plain: read_head("room-1", plain),
)


def answer(data: bytes) -> bool:
    """Whatever a server answers, it is of one of the shapes that a client asks for, or refused by all."""
    try:
        plain = read_answer(_OK, data)
    except (Unavailable, Problem):
        return False
    return sum(_has(shape, plain) for shape in _SHAPES) > 0  # each of them, not the first


def _has(shape: Callable[[dict[str, Any]], object], plain: dict[str, Any]) -> bool:
    try:
        shape(plain)
    except (SealError, SamjourError):
        return False
    return True


def passkey(data: bytes) -> object:
    """What a browser says that its passkey has signed."""
    try:
        return _challenge(read_answer(_OK, data))
    except Unavailable as error:
        raise BadInput from error


def pins(data: bytes) -> object:
    """What a device has pinned."""
    return files.read_known(_kept(data))


def waiting(data: bytes) -> object:
    """What waits to be sent."""
    return outgoing._read(_kept(data))


def witnessed(data: bytes) -> object:
    """What a witness has accepted."""
    return read_state(_kept(data), OwnKey(name="witness.example", key=device().signing))


def _kept(data: bytes) -> Path:
    path = _folder() / "file"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    return path


@lru_cache(1)
def _folder() -> Path:
    return Path(mkdtemp(prefix="samjour-fuzz-"))
