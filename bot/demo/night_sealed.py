"""The evening's sealed talk: two people on devices of their own, and a third who takes it over; the server has no key."""

from bot.client import talks
from bot.client.room_giving import hand_over
from bot.client.room_log import Began
from bot.core.ids import RoomId
from bot.demo.night_cast import (
    COORDINATOR,
    EVENING_1,
    EVENING_2,
    MALMO,
    OFFICER,
    POLICE,
    POLICE_CHIEF,
    POLICE_COORDINATOR,
    SUPERVISORS,
    phone_of,
)
from bot.demo.night_chat import BELL
from bot.demo.night_devices import At, Devices, refusal
from bot.demo.night_step import Scene
from bot.demo.run import Demo

WISH = {"district": "lpo-malmo-norr", "matter": "child", "need": "advice", "urgency": "now"}
OFFICER_WRITES = "Storasyster vill berätta vad som hände i köket."
WORKER_WRITES = "Lyssna utan ledande följdfrågor och anteckna ordagrant."
COLLEAGUE_WRITES = "Jag har läst igenom allt; läkarundersökningen ordnas före gryningen."
SAID = (OFFICER_WRITES, WORKER_WRITES, COLLEAGUE_WRITES)  # what must be found nowhere in clear


class Sealed:
    """The officer, the worker and the colleague at their devices, and what each scene does."""

    officer: At
    worker: At
    colleague: At
    room: str  # its id, which is also the consultation's

    def __init__(self, shown: Demo, devices: Devices) -> None:
        """Nobody has a device yet."""
        self.shown, self.devices, self.deps = shown, devices, shown.samjour.deps

    def script(self) -> tuple[Scene, ...]:
        """Every scene, in order."""
        return (
            ("officer, worker and colleague enrol devices: invited, codes compared, approved", self.enrol),
            ("sealed room: officer asks, worker accepts, each on a device, no bridge in it", self.accept),
            ("sealed room: both write, both read, the server holds no key", self.talk),
            ("sealed room: handed over, the colleague reads all of it, the giver no more", self.hand_over),
            ("sealed room: the colleague answers under a new key, the officer closes", self.close),
        )

    async def enrol(self) -> None:
        """Coordinators invite, supervisors approve: nobody gets a device by one person's word."""
        invites = await self.devices.coordinator(POLICE, POLICE_COORDINATOR)
        approves = await self.devices.supervisor(POLICE, POLICE_CHIEF)
        self.officer = await self.devices.enrol(POLICE, OFFICER, inviter=invites, approver=approves)
        invites = await self.devices.coordinator(MALMO, COORDINATOR)
        approves = await self.devices.supervisor(MALMO, SUPERVISORS[0])
        self.worker = await self.devices.enrol(MALMO, EVENING_1, inviter=invites, approver=approves)
        self.colleague = await self.devices.enrol(MALMO, EVENING_2, inviter=invites, approver=approves)

    async def accept(self) -> None:
        """The worker's phone rings without content; the worker's device makes the room's key, for the two of them alone."""
        phone = phone_of(self.shown, EVENING_1)
        before, draw, worker = phone.last, self.deps.entropy.draw, self.worker
        await talks.request(self.officer.api, draw, **WISH)
        bell = await phone.wait_for_button("Visa", after=before)
        assert bell.text == BELL, "a doorbell with content"
        offered = [str(one.get("offer")) for one in await talks.offers(worker.api)]
        assert len(offered) == 1, "not one offer"
        self.room = await talks.accept(worker.api, worker.device, worker.trust, offered[0], draw=draw)
        for at in (self.officer, worker):
            await at.heard(self.room)
            began = at.room(self.room).log.show()[0]
            assert isinstance(began, Began), "a room without a beginning"
            assert (began.people, began.bridges) == ((EVENING_1, OFFICER), 0), "somebody else is in it"

    async def talk(self) -> None:
        """Words both ways, for two devices and nobody else."""
        await self.officer.room(self.room).say(OFFICER_WRITES)
        await self.worker.room(self.room).say(WORKER_WRITES)
        for at in (self.officer, self.worker):
            assert await at.heard(self.room) == [OFFICER_WRITES, WORKER_WRITES], "not what was written"
        held = await self.deps.store.read(lambda tx: tx.rooms.holders(RoomId(self.room)))
        assert held.keys() == {self.officer.device.id, self.worker.device.id}, "another device has a key"

    async def hand_over(self) -> None:
        """The worker gives the talk away, with the keys of what was said."""
        await hand_over(self.worker.room(self.room), EVENING_2)
        assert await self.colleague.heard(self.room) == [OFFICER_WRITES, WORKER_WRITES], "not all of it"
        assert await refusal(self.worker.room(self.room).follow()) == "not_yours", "the giver reads on"

    async def close(self) -> None:
        """The colleague's device makes a new key without the giver, then answers; the officer says how it ended."""
        room = self.colleague.room(self.room)
        await room.rekey()  # the giver knows the present key
        await room.follow()
        assert room.log.people == (EVENING_2, OFFICER), "the new key has gone to somebody else"
        await room.say(COLLEAGUE_WRITES)
        assert await self.officer.heard(self.room) == list(SAID), "not what was written"
        draw = self.deps.entropy.draw
        closed = await talks.do(self.officer.api, draw, self.room, "close", ending="advice")
        assert closed.get("state") == "closed", "it was not closed"
