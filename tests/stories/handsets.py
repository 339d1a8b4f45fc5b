"""Devices in a story: enrolled over HTTP, certified by the organisation's root, signed in, in rooms with the real client."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.client import room_giving, talks
from bot.client.api import Api, opened
from bot.client.device import PythonDevice, enrol, sign_in
from bot.client.link import read_link
from bot.client.outgoing import Outgoing
from bot.client.room import Room, open_room
from bot.client.room_log import Said, Shown
from bot.client.room_trust import Trust
from bot.core.ids import OrganisationId, PersonId
from bot.demo.clock import ScriptedClock
from bot.flow import device_invite, devices
from bot.flow.deps import Deps
from bot.flow.device_revoke import revoke
from bot.flow.ports import Tx
from bot.keyring import read_signing
from bot.seal.enrolment import Right, approve, bundle_from_bytes, root_id

NORTH = {"district": "lpo-malmo-norr", "matter": "child", "need": "advice", "urgency": "now"}


@dataclass(slots=True)
class Handset:
    """Somebody's device, signed in."""

    deps: Deps
    api: Api
    device: PythonDevice
    trust: Trust
    outgoing: Outgoing
    rooms: dict[str, Room] = field(default_factory=dict)

    @property
    def person(self) -> str:
        return self.device.known.person

    def room(self, room: str) -> Room:
        """A room on this device, as far as it was read."""
        if room not in self.rooms:
            self.rooms[room] = open_room(
                self.api, self.device, self.trust, self.outgoing, room, draw=self.deps.entropy.draw
            )
        return self.rooms[room]

    async def ask(self, **choice: str) -> str:
        """Ask for a person; returns the consultation."""
        made = await talks.request(self.api, self.deps.entropy.draw, **{**NORTH, **choice})
        return str(made["consultation"])

    async def do(self, consultation: str, what: str, **more: str) -> dict[str, object]:
        """Close it, say that one cannot come ..."""
        return dict(await talks.do(self.api, self.deps.entropy.draw, consultation, what, **more))

    async def offered(self) -> str:
        """The one offer that waits for an answer."""
        (offer,) = await talks.offers(self.api)
        return str(offer["offer"])

    async def accept(self, offer: str | None = None) -> Room:
        """Accept that offer, or the one that waits."""
        offer = offer or await self.offered()
        draw = self.deps.entropy.draw
        return self.room(await talks.accept(self.api, self.device, self.trust, offer, draw=draw))

    async def takeable(self) -> list[str]:
        """The offers by which colleagues hold what can be taken over."""
        return [str(one["offer"]) for one in await talks.takeovers(self.api)]

    async def take_over(self, offer: str) -> Room:
        """Take a colleague's talk over."""
        draw = self.deps.entropy.draw
        return self.room(await talks.take_over(self.api, self.device, self.trust, offer, draw=draw))

    async def heard(self, room: str) -> list[str]:
        """Everything that was said there, as this device shows it."""
        mine = self.room(room)
        await mine.follow()
        return words(mine.log.show())

    async def hand_over(self, room: str, to: str) -> None:
        """Give the talk to somebody else."""
        await room_giving.hand_over(self.room(room), to)

    async def give_history(self, room: str) -> int:
        """Give newcomers what they wait for."""
        return await room_giving.give_missing(self.room(room))


def words(shown: tuple[Shown, ...]) -> list[str]:
    """What was said, without anything else that happened."""
    return [one.text for one in shown if isinstance(one, Said)]


class Handsets:
    """All devices of a story."""

    def __init__(self, deps: Deps, clock: ScriptedClock, folder: Path, stack: AsyncExitStack) -> None:
        """`folder`: where the demo keeps the roots' keys."""
        self._deps, self._clock, self._folder, self._stack = deps, clock, folder, stack
        self._made = 0

    async def of(self, person: str, organisation: str, *, rights: Right = Right.MEMBER) -> Handset:
        """A new device of somebody, certified by the root."""
        own = OrganisationId(organisation)
        link = await self._deps.store.write(lambda tx: self._invited(tx, person, own, rights))
        api = await self._stack.enter_async_context(opened(self._deps.base_url))
        self._made += 1
        folder = self._folder / "handsets" / f"{person}-{self._made}"
        device = await enrol(api, read_link(link), folder, entropy=self._deps.entropy.draw(64))
        await self._deps.store.write(lambda tx: self._certified(tx, device.id, own))
        await sign_in(api, device)
        return Handset(
            deps=self._deps,
            api=api,
            device=device,
            trust=Trust(api, device, self._now),
            outgoing=Outgoing(folder / "outgoing.json", device.secret),
        )

    async def again(self, handset: Handset) -> Handset:
        """The same device after a restart: only its files are left."""
        api = await self._stack.enter_async_context(opened(self._deps.base_url))
        await sign_in(api, handset.device)
        return Handset(
            deps=self._deps,
            api=api,
            device=handset.device,
            trust=Trust(api, handset.device, self._now),
            outgoing=Outgoing(handset.device.folder / "outgoing.json", handset.device.secret),
        )

    async def lose(self, handset: Handset) -> None:
        """The device is lost, and revoked."""
        await self._deps.store.write(lambda tx: revoke(tx, self._deps, handset.device.id, by="test"))

    def _now(self) -> int:
        return int(self._clock.now().timestamp())

    def _invited(self, tx: Tx, person: str, organisation: OrganisationId, rights: Right) -> str:
        subject = tx.people.get(PersonId(person))
        assert subject is not None
        return device_invite.make(
            tx, self._deps, subject, organisation=organisation, rights=int(rights), inviter=organisation
        ).link

    def _certified(self, tx: Tx, device: bytes, organisation: OrganisationId) -> None:
        known = tx.devices.get(device)
        assert known is not None
        root = read_signing(self._folder / "roots" / f"{organisation}.key", self._deps.entropy)
        named = root_id(root.public)
        word = approve(
            bundle=bundle_from_bytes(known.bundle), root=named, approver=named, key=root, at=self._now()
        )
        devices.approve(tx, self._deps, word.content, device=device, by="test")


@asynccontextmanager
async def handsets(deps: Deps, clock: ScriptedClock, folder: Path) -> AsyncIterator[Handsets]:
    """Devices, whose sessions end with the story."""
    async with AsyncExitStack() as stack:
        yield Handsets(deps, clock, folder, stack)
