"""The devices of the evening's people: enrolled as real ones are, over HTTP, and signed in."""

from collections.abc import Awaitable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bot.client import device as client
from bot.client.answers import text_of
from bot.client.api import Api, Problem, opened
from bot.client.device import PythonDevice
from bot.client.files import read_key, read_known
from bot.client.link import read_link
from bot.client.outgoing import Outgoing
from bot.client.room import Room, open_room
from bot.client.room_log import Said
from bot.client.room_trust import Trust
from bot.demo.clock import ScriptedClock
from bot.demo.seed_devices import COORDINATORS, SUPERVISORS
from bot.demo.seed_pins import write_pins
from bot.flow.deps import Deps
from bot.flow.device_trust import seconds
from bot.seal.enrolment import Right
from bot.seal.keys import ENTROPY

OWN = "devices"  # the folder of the devices that are enrolled during the evening


@dataclass(slots=True, kw_only=True)
class At:
    """Somebody at a device of theirs, signed in. `rooms`: what this device has checked, by room."""

    api: Api
    device: PythonDevice
    trust: Trust
    deps: Deps = field(repr=False)
    rooms: dict[str, Room] = field(default_factory=dict)

    def room(self, room: str) -> Room:
        """A room as this device has it."""
        if room not in self.rooms:
            outgoing = Outgoing(self.device.folder / "outgoing.json", self.device.secret)
            draw = self.deps.entropy.draw
            self.rooms[room] = open_room(self.api, self.device, self.trust, outgoing, room, draw=draw)
        return self.rooms[room]

    async def heard(self, room: str) -> list[str]:
        """Everything that was said there, as far as this device can check and open it."""
        mine = self.room(room)
        await mine.follow()
        return [one.text for one in mine.log.show() if isinstance(one, Said)]


async def refusal(asked: Awaitable[object]) -> str:
    """The code with which the server refuses that; empty when it does not."""
    try:
        await asked
    except Problem as error:
        return error.code
    return ""


class Devices:
    """Opens devices, and closes their sessions with the stack."""

    def __init__(self, deps: Deps, clock: ScriptedClock, folder: Path, stack: AsyncExitStack) -> None:
        """`folder`: the demo's."""
        self._deps, self._clock, self._folder, self._stack = deps, clock, folder, stack

    @property
    def now(self) -> int:
        """Seconds since 1970 by every device's clock."""
        return seconds(self._clock.now())

    async def supervisor(self, organisation: str, person: str) -> At:
        """A supervisor at the device that the demo has laid out."""
        return await self._seated(SUPERVISORS, organisation, person)

    async def coordinator(self, organisation: str, person: str) -> At:
        """A coordinator at the device that the demo has laid out."""
        return await self._seated(COORDINATORS, organisation, person)

    async def enrol(self, organisation: str, person: str, *, inviter: At, approver: At) -> At:
        """A new device of somebody's: invited by one, its keys made on it, approved by another who compares the codes."""
        path = f"/api/v1/organisations/{organisation}/invitations"
        told = await inviter.api.post(path, {"person": person, "rights": int(Right.MEMBER)})
        api = await self._session()
        device = await client.enrol(
            api,
            read_link(text_of(told, "link")),
            self._folder / OWN / person,
            entropy=self._deps.entropy.draw(ENTROPY),
        )
        await self._approve(device, approver)
        return await self._signed_in(api, device)

    async def _approve(self, device: PythonDevice, approver: At) -> None:
        waiting = await client.waiting(approver.api, device.known.organisation)
        found = [bundle for bundle in waiting if bundle.device_id == device.id]
        assert found, "the approver is not shown the device"
        assert client.code_of(approver.device, found[0]) == device.code, "the codes differ"
        await client.give_word(approver.api, approver.device, found[0], at=self.now)

    async def _seated(self, kind: str, organisation: str, person: str) -> At:
        key = self._folder / kind / f"{organisation}--{person}.key"
        pins = write_pins(self._deps, key)
        device = PythonDevice(
            folder=pins.parent, pins=pins.name, secret=read_key(key), known=read_known(pins)
        )
        return await self._signed_in(await self._session(), device)

    async def _signed_in(self, api: Api, device: PythonDevice) -> At:
        await client.sign_in(api, device)
        trust = Trust(api, device, lambda: self.now)
        return At(api=api, device=device, trust=trust, deps=self._deps)

    async def _session(self) -> Api:
        return await self._stack.enter_async_context(opened(self._deps.base_url))
