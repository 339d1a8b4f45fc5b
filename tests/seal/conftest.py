"""Devices, a room and its first event, made of fixed bytes; and the vectors by name."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.seal.epoch import start_epoch
from bot.seal.event import Event, Head, check_event, genesis, seal_event
from bot.seal.keys import DeviceSecret, make_device
from bot.seal.plain import Plain, Sealed
from bot.seal.room import RoomKey, seal_room_key
from bot.seal.threshold import Escrow, Supervisor, make_escrow

VECTORS = Path(__file__).parent.parent / "vectors"


@pytest.fixture(scope="session")
def vectors() -> Callable[[str], Any]:  # Any: each file has its own shape, told in its README
    """Read a file of tests/vectors."""

    def read(name: str) -> Any:  # noqa: ANN401 - see above
        return json.loads((VECTORS / f"{name}.json").read_text())

    return read


@pytest.fixture(scope="session")
def flips() -> Callable[[bytes], list[bytes]]:
    """Give every copy of some bytes that differs in one byte, each time in another bit."""

    def all_of(content: bytes) -> list[bytes]:
        return [
            content[:at] + bytes([content[at] ^ 1 << at % 8]) + content[at + 1 :]
            for at in range(len(content))
        ]

    return all_of


@pytest.fixture(scope="session")
def devices() -> dict[str, DeviceSecret]:
    """Six devices: of both sides, of the bridge, of three supervisors."""
    names = ("officer", "worker", "bridge", "chief-a", "chief-b", "chief-c")
    return {name: make_device(bytes([number]) * 64) for number, name in enumerate(names, start=1)}


@pytest.fixture(scope="session")
def room_key() -> RoomKey:
    """The key of the room's first epoch."""
    return RoomKey(room="room-1", epoch=1, key=bytes(range(32)))


@pytest.fixture(scope="session")
def supervisors(devices: dict[str, DeviceSecret]) -> list[Supervisor]:
    """Three supervisors with a device each."""
    names = ("chief-a", "chief-b", "chief-c")
    return [Supervisor(person=name, devices=[devices[name].public]) for name in names]


@pytest.fixture(scope="session")
def escrow(room_key: RoomKey, supervisors: list[Supervisor]) -> Escrow:
    """An escrow that takes two of three."""
    return make_escrow(room_key, t=2, supervisors=supervisors, escrow_key=b"e" * 32, iv=b"i" * 12)


@pytest.fixture(scope="session")
def room_keys(room_key: RoomKey, devices: dict[str, DeviceSecret]) -> dict[bytes, Sealed]:
    """The key sealed to the officer, the worker and the bridge."""
    inside = [devices[name].public for name in ("officer", "worker", "bridge")]
    return {device.device_id: seal_room_key(room_key, device) for device in inside}


@pytest.fixture(scope="session")
def first(
    room_key: RoomKey, room_keys: dict[bytes, Sealed], escrow: Escrow, devices: dict[str, DeviceSecret]
) -> Event:
    """The event that starts the room, signed by the bridge."""
    return start_epoch(
        room_key=room_key,
        head=genesis("room-1"),
        secret=devices["bridge"],
        author="p-worker",
        room_keys=room_keys,
        escrows={"malmo": escrow},
    )


@pytest.fixture(scope="session")
def head(first: Event, devices: dict[str, DeviceSecret]) -> Head:
    """Where the room stands after its first event."""
    return check_event(first, genesis("room-1"), devices["bridge"].public)


@pytest.fixture(scope="session")
def event(room_key: RoomKey, head: Head, devices: dict[str, DeviceSecret]) -> Event:
    """The first thing that is said in the room."""
    return seal_event(
        room_key=room_key,
        head=head,
        secret=devices["officer"],
        author="p-officer",
        kind="said",
        plain=Plain("Hej, är du på väg?".encode()),
        nonce=b"n" * 12,
    )
