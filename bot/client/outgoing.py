"""What a device has still to send, and how far it has seen each room: one file of its owner's alone.

Words wait in it sealed to the device itself. Each has the key under which it is sent, however often, and is done once.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from bot.client.audience import Audience
from bot.client.files import read_private, write_private
from bot.core.errors import NotNow, Unavailable
from bot.seal.errors import SealError
from bot.seal.inbox import open_inbox, seal_inbox
from bot.seal.keys import DeviceSecret
from bot.seal.plain import Plain, Sealed
from bot.seal.symmetric import KEY
from bot.seal.wire import exact, from_base64url, number, to_base64url

MOST: Final = 500  # messages that wait
MAX_FILE: Final = 64 * 1024 * 1024  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """The last event of a room that was checked: a server that later shows another one there is found out."""

    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One message that waits. `key`: its Idempotency-Key; `shown`: who was in the room when it was written, as shown."""

    key: str
    room: str
    sealed: Sealed
    shown: Audience | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """All that stands in the file."""

    waiting: tuple[Waiting, ...] = ()
    marks: dict[str, Mark]


class Outgoing:
    """The file of one device; whatever is changed is on disk before the change is believed."""

    def __init__(self, path: Path, secret: DeviceSecret) -> None:
        """Read what is there. Raises Unavailable for a file that is damaged, or open to others."""
        self._path, self._secret = path, secret
        self._kept = _read(path) if path.exists() else Kept(marks={})

    def add(self, room: str, text: str, key: str, *, shown: Audience | None) -> None:
        """Let a message wait. Raises NotNow when too many do, `Malformed` for one that is too long."""
        if len(self._kept.waiting) >= MOST:
            raise NotNow("too much waits to be sent already")
        sealed = seal_inbox(self._secret.public, channel=room, native_id=key, body=Plain(text.encode()))
        one = Waiting(key=key, room=room, sealed=sealed, shown=shown)
        self._keep(replace(self._kept, waiting=(*self._kept.waiting, one)))

    def readdress(self, room: str, shown: Audience) -> None:
        """Whoever wrote what waits for the room has seen who is in it now."""
        rest = tuple(replace(one, shown=shown) if one.room == room else one for one in self._kept.waiting)
        self._keep(replace(self._kept, waiting=rest))

    def waiting(self, room: str) -> tuple[Waiting, ...]:
        """What waits for a room, in the order in which it was said."""
        return tuple(one for one in self._kept.waiting if one.room == room)

    def text_of(self, one: Waiting) -> Plain:
        """The words. Raises `Tampered` for what this device did not put there."""
        return open_inbox(one.sealed, channel=one.room, native_id=one.key, secret=self._secret)

    def done(self, key: str) -> None:
        """It was taken, or is given up."""
        rest = tuple(one for one in self._kept.waiting if one.key != key)
        self._keep(replace(self._kept, waiting=rest))

    def mark_of(self, room: str) -> Mark | None:
        """How far the room was seen."""
        return self._kept.marks.get(room)

    def mark(self, room: str, mark: Mark) -> None:
        """It was seen so far."""
        if self._kept.marks.get(room) != mark:
            self._keep(replace(self._kept, marks={**self._kept.marks, room: mark}))

    def forget(self, room: str) -> None:
        """The room is gone: nothing waits for it, and nothing of it is remembered."""
        marks = {name: mark for name, mark in self._kept.marks.items() if name != room}
        rest = tuple(one for one in self._kept.waiting if one.room != room)
        self._keep(Kept(waiting=rest, marks=marks))

    def _keep(self, kept: Kept) -> None:
        plain = {
            "waiting": [
                {
                    "key": one.key,
                    "room": one.room,
                    "sealed": to_base64url(one.sealed.content),
                    "shown": _shown_to_plain(one.shown),
                }
                for one in kept.waiting
            ],
            "marks": {
                room: {"seq": mark.seq, "hash": to_base64url(mark.hash)} for room, mark in kept.marks.items()
            },
        }
        write_private(self._path, json.dumps(plain, sort_keys=True).encode())
        self._kept = kept


def _read(path: Path) -> Kept:
    try:
        plain = json.loads(read_private(path, MAX_FILE))
        return Kept(
            waiting=tuple(_waiting(row) for row in plain["waiting"]),
            marks={
                room: Mark(seq=number(row["seq"]), hash=exact(from_base64url(row["hash"]), KEY))
                for room, row in plain["marks"].items()
            },
        )
    except (SealError, KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise Unavailable(f"{path}: the file of what waits is damaged") from error


def _waiting(row: dict[str, Any]) -> Waiting:  # what a file holds is looked at field by field
    key, room = row["key"], row["room"]
    if not isinstance(key, str) or not isinstance(room, str):
        raise TypeError
    sealed = Sealed(content=from_base64url(row["sealed"]))
    return Waiting(key=key, room=room, sealed=sealed, shown=_shown(row["shown"]))


def _shown_to_plain(shown: Audience | None) -> dict[str, object] | None:
    return None if shown is None else {"people": sorted(shown.people), "bridged": shown.bridged}


def _shown(row: dict[str, Any] | None) -> Audience | None:
    if row is None:
        return None
    people, bridged = row["people"], row["bridged"]
    if not isinstance(people, list) or not all(isinstance(one, str) for one in people):
        raise TypeError
    if not isinstance(bridged, bool):
        raise TypeError
    return Audience(people=frozenset(people), bridged=bridged)
