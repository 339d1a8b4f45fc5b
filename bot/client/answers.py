"""Reads what the server says of devices; everything in it is checked before it is believed."""

from collections.abc import Mapping
from typing import Any

from bot.core.errors import Unavailable
from bot.seal.directory import MAX_APPROVALS, MAX_DEVICES, MAX_INTRODUCTIONS
from bot.seal.errors import Malformed
from bot.seal.proof import MAX_PROOF
from bot.seal.trust import Answer
from bot.seal.wire import from_base64url

Json = Mapping[str, Any]  # of whatever the server sent


def directory_answer(plain: Json) -> Answer:
    """A directory with what it takes to believe it. Raises Malformed or Unavailable."""
    return Answer(
        directory=bytes_of(plain, "directory"),
        entries=[
            (bytes_of(entry, "bundle"), _list(entry, "approvals", MAX_APPROVALS))
            for entry in rows_of(plain, "entries", MAX_DEVICES)
        ],
        introductions=_list(plain, "introductions", MAX_INTRODUCTIONS),
        index=number_of(plain, "index"),
        salt=bytes_of(plain, "salt"),
        checkpoint=text_of(plain, "checkpoint"),
        inclusion=_list(plain, "inclusion", MAX_PROOF),
        consistency=_list(plain, "consistency", MAX_PROOF),
    )


def bytes_of(plain: Json, name: str) -> bytes:
    """One field of bytes."""
    return from_base64url(text_of(plain, name))


def text_of(plain: Json, name: str) -> str:
    """One field of text."""
    value = plain.get(name)
    if not isinstance(value, str):
        raise Unavailable("the server's answer has a field that is missing or of the wrong kind")
    return value


def number_of(plain: Json, name: str) -> int:
    """One integer."""
    value = plain.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Unavailable("the server's answer has a field that is missing or of the wrong kind")
    return value


def _list(plain: Json, name: str, most: int) -> list[bytes]:
    return [from_base64url(text) for text in _bounded(plain, name, most) if _is_text(text)]


def rows_of(plain: Json, name: str, most: int) -> list[Json]:
    """A bounded list of objects."""
    found = _bounded(plain, name, most)
    if not all(isinstance(row, dict) for row in found):
        raise Unavailable("the server's answer has a field that is missing or of the wrong kind")
    return found


def _bounded(plain: Json, name: str, most: int) -> list[Any]:
    found = plain.get(name)
    if not isinstance(found, list):
        raise Unavailable("the server's answer has a field that is missing or of the wrong kind")
    if len(found) > most:
        raise Malformed("The server's answer has too many of something.")
    return found


def _is_text(value: object) -> bool:
    if not isinstance(value, str):
        raise Unavailable("the server's answer has a field that is missing or of the wrong kind")
    return True
