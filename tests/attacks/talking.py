"""Two devices in a room on a real server, and whatever a dishonest one of them can put together."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import pytest

from bot.client.api import Problem
from bot.client.room import Room
from bot.client.room_plan import Planned, read_plan
from bot.seal import threshold
from bot.seal.epoch import start_epoch
from bot.seal.event import Event, Head, seal_event, to_bytes
from bot.seal.keys import DevicePublic, DeviceSecret
from bot.seal.plain import Plain
from bot.seal.room import RoomKey, seal_room_key
from bot.seal.threshold import Supervisor
from bot.seal.wire import to_base64url
from tests.attacks.town import OFFICER, WORKER, Town
from tests.stories.handsets import Handset, Handsets

Body = dict[str, object]
MALMO, POLISEN, JOUR_HOME = "malmo", "polisen", "socialjour-malmo"


@dataclass(slots=True)
class Talking:
    """An officer and a worker who has accepted, each on a device."""

    town: Town
    devices: Handsets
    officer: Handset
    worker: Handset
    id: str

    @property
    def path(self) -> str:
        return f"/api/v1/rooms/{self.id}"

    def room(self, of: Handset) -> Room:
        return of.room(self.id)

    async def size(self) -> int:
        """How many entries all ledgers have: unchanged means that nothing happened."""
        deps = self.town.deps
        return await deps.store.read(
            lambda tx: sum(tx.ledger.size(o) for o in deps.content().structure.organisations)
        )

    async def refused(self, attempt: Awaitable[object]) -> str:
        """Why the server refuses it; nothing has changed."""
        before = await self.size()
        with pytest.raises(Problem) as problem:
            await attempt
        assert await self.size() == before
        return problem.value.code

    async def put(self, of: Handset, event: Event | bytes, *, key: str | None = None) -> dict[str, object]:
        """Post an event in somebody's session."""
        content = event if isinstance(event, bytes) else to_bytes(event)
        body = {"event": to_base64url(content)}
        return await of.api.post(f"{self.path}/events", body, key=key or self.fresh())

    async def post(self, of: Handset, where: str, body: Body, *, key: str | None = None) -> dict[str, object]:
        """Post anything to the room."""
        return await of.api.post(f"{self.path}/{where}", body, key=key or self.fresh())

    def fresh(self) -> str:
        """A new Idempotency-Key."""
        return to_base64url(self.town.deps.entropy.draw(16))

    def seal(
        self,
        of: Handset,
        text: str = "Hej.",
        *,
        head: Head | None = None,
        author: str = "",
        kind: str = "said",
        secret: DeviceSecret | None = None,
        key: RoomKey | None = None,
    ) -> Event:
        """Seal an event on somebody's device, honestly but for what is named."""
        log = self.room(of).log
        at = head or log.head
        known = log.keys[log.head.epoch]
        return seal_event(
            room_key=key or replace(known, room=at.room, epoch=at.epoch),
            head=at,
            secret=secret or of.device.secret,
            author=author or of.person,
            kind=kind,
            plain=Plain(text.encode()),
            nonce=self.town.deps.entropy.draw(12),
        )

    async def plan(self, of: Handset) -> Planned:
        """What the server plans for the next epoch, once one is needed."""
        await self.room(of).follow()
        plain = (await self.room(of).look())["plan"]
        planned = read_plan(plain)
        await of.trust.check(planned.organisations)
        return planned


async def talking(town: Town, devices: Handsets) -> Talking:
    """Asked and accepted; each has said one thing."""
    officer, worker = await devices.of(OFFICER, POLISEN), await devices.of(WORKER, MALMO)
    await officer.ask()
    room = (await worker.accept()).log.room
    await worker.room(room).say("Hej, vad gäller det?")
    await officer.room(room).say("Ett barn, i natt.")
    await worker.room(room).follow()
    await officer.room(room).follow()
    return Talking(town, devices, officer, worker, room)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgery:
    """What begins an epoch, made of parts that can each be exchanged before it is signed."""

    planned: Planned
    recipients: tuple[DevicePublic, ...]
    sealed_for: tuple[DevicePublic, ...]  # whose keys the blobs are sealed to, in the order of the recipients
    escrows: tuple[tuple[str, int, tuple[Supervisor, ...]], ...]

    def body(self, secret: DeviceSecret, author: str, draw: Callable[[int], bytes]) -> Body:
        """Signed by that device."""
        head = self.planned.head
        key = RoomKey(room=head.room, epoch=head.epoch + 1, key=draw(32))
        keys = {
            device.device_id: seal_room_key(key, sealed)
            for device, sealed in zip(self.recipients, self.sealed_for, strict=True)
        }
        escrows = {
            name: threshold.make_escrow(key, t=t, supervisors=people, escrow_key=draw(32), iv=draw(12))
            for name, t, people in self.escrows
        }
        event = start_epoch(
            room_key=key, head=head, secret=secret, author=author, room_keys=keys, escrows=escrows
        )
        return {
            "event": to_base64url(to_bytes(event)),
            "keys": [
                {"device": to_base64url(id_), "key": to_base64url(blob.content)} for id_, blob in keys.items()
            ],
            "escrows": [
                {"organisation": name, "escrow": to_base64url(threshold.to_bytes(escrow))}
                for name, escrow in escrows.items()
            ],
        }


def as_planned(planned: Planned, of: Handset) -> Forgery:
    """The epoch that was planned, to be forged from here on."""
    members = of.trust.members
    inside = tuple(members[one.device].public for one in planned.recipients)
    return Forgery(
        planned=planned,
        recipients=inside,
        sealed_for=inside,
        escrows=tuple(
            (
                one.organisation,
                one.t,
                tuple(
                    Supervisor(person=person, devices=[members[id_].public for id_ in devices])
                    for person, devices in one.seats
                ),
            )
            for one in planned.escrows
        ),
    )
