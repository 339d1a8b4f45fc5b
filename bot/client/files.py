"""A device's two files: its keys, and what it has pinned. Both are its owner's alone, whole or not there."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bot.core.errors import BadInput, Unavailable
from bot.seal.errors import Malformed, SealError
from bot.seal.keys import DEVICE_ID, DeviceSecret, secret_from_bytes, secret_to_bytes
from bot.seal.signing import PUBLIC
from bot.seal.symmetric import KEY
from bot.seal.trust import Pins
from bot.seal.wire import exact, from_base64url, number, to_base64url

MAX_PINS = 4 * 1024 * 1024  # bytes of a pins file
_PRIVATE = 0o077  # what nobody else may do with a file


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a device holds to be true: whose it is, where it signs in, and what it has pinned of each organisation."""

    origin: str  # of the site: `https://<host>`, with a port where there is one
    organisation: str  # its own
    person: str
    pins: Mapping[str, Pins] = field(default_factory=dict)

    @property
    def home(self) -> Pins:
        """The pins of its own organisation."""
        return self.pins[self.organisation]

    def pinned(self, pins: Pins) -> "Known":
        """The same with other pins of one organisation."""
        return replace(self, pins={**self.pins, pins.organisation: pins})


def read_key(path: Path) -> DeviceSecret:
    """Read a device's key file. Raises Unavailable for one that is missing, damaged, or open to others."""
    try:
        return secret_from_bytes(read_private(path, 1024))
    except SealError as error:
        raise Unavailable(f"{path}: the key file is damaged") from error


def write_key(path: Path, secret: DeviceSecret) -> None:
    """Write a new device's key file. Raises BadInput where a file is already: keys are never written over."""
    if path.exists():
        raise BadInput(f"{path}: there is a file already")
    write_private(path, secret_to_bytes(secret))


def read_known(path: Path) -> Known:
    """Read a pins file. Raises Unavailable for one that is missing or damaged, or open to others."""
    try:
        plain = json.loads(read_private(path, MAX_PINS))
        return Known(
            origin=plain["origin"],
            organisation=plain["organisation"],
            person=plain["person"],
            pins={name: _pins(name, row) for name, row in plain["pins"].items()},
        )
    except (SealError, KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise Unavailable(f"{path}: the pins file is damaged") from error


def write_known(path: Path, known: Known) -> None:
    """Put a pins file in the place of the old one: after a crash it is the one or the other, never half of both."""
    plain = {
        "origin": known.origin,
        "organisation": known.organisation,
        "person": known.person,
        "pins": {name: _plain(pins) for name, pins in known.pins.items()},
    }
    write_private(path, json.dumps(plain, sort_keys=True).encode())


def _pins(organisation: str, row: Mapping[str, Any]) -> Pins:  # what a file holds is looked at field by field
    size, index = number(row["size"]), row["index"]
    if not isinstance(index, int) or index < -1 or not isinstance(row["origin"], str):
        raise Malformed
    return Pins(
        organisation=organisation,
        root=exact(from_base64url(row["root"]), PUBLIC),
        origin=row["origin"],
        ledger=exact(from_base64url(row["ledger"]), PUBLIC),
        size=size,
        tree=exact(from_base64url(row["tree"]), KEY if size else 0),
        number=number(row["number"]),
        index=index,
        revoked={
            exact(bytes.fromhex(device), DEVICE_ID): number(at) for device, at in row["revoked"].items()
        },
    )


def _plain(pins: Pins) -> dict[str, object]:
    return {
        "root": to_base64url(pins.root),
        "origin": pins.origin,
        "ledger": to_base64url(pins.ledger),
        "size": pins.size,
        "tree": to_base64url(pins.tree),
        "number": pins.number,
        "index": pins.index,
        "revoked": {device.hex(): at for device, at in pins.revoked.items()},
    }


def read_private(path: Path, most: int) -> bytes:
    """Read a file of its owner's alone, at most so many bytes. Raises Unavailable."""
    try:
        if path.stat().st_mode & _PRIVATE:
            raise Unavailable(f"{path}: others can read this file; chmod 600 it")
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError as error:
        raise Unavailable(f"{path}: the file cannot be read") from error
    if len(content) > most:
        raise Unavailable(f"{path}: the file is too large")
    return content


def write_private(path: Path, content: bytes) -> None:
    """Put a file of its owner's alone in the place of the old one, durably. Raises Unavailable."""
    beside = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.rename(path)
        _settle(path.parent)
    except OSError as error:
        raise Unavailable(f"{path}: the file cannot be written") from error


def _settle(folder: Path) -> None:
    """Make the new name durable, too."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
