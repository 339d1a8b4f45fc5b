"""The evening's opening: a week later two of three supervisors read the sealed talk, and everybody who was in it is told."""

from datetime import timedelta

from bot.client import opening
from bot.client.transcript import Line
from bot.core.ids import ConsultationId
from bot.core.retention import Stays
from bot.demo.clock import ScriptedClock
from bot.demo.night_cast import EVENING_1, EVENING_2, MALMO, OFFICER, SATURDAY, SUPERVISORS, phone_of
from bot.demo.night_devices import At, Devices, refusal
from bot.demo.night_sealed import SAID, Sealed
from bot.demo.night_step import Scene
from bot.demo.run import Demo
from bot.flow.deps import fresh_id
from bot.flow.device_upkeep import renew_directories
from bot.flow.retention_run import rehearse

LAST_EVENING = SATURDAY + timedelta(days=7, minutes=50)  # 23.30; from midnight on it may be erased
PAST_MIDNIGHT = timedelta(minutes=35)
MINUTES = 60  # that it may be open
PURPOSE, GROUND, SHOWN = "log-check", "lag-2001-454-10", "Loggkontroll"  # policies/openings.yaml


class Opening:
    """The supervisors at their devices, and what each scene does."""

    asker: At
    helper: At
    id: str

    def __init__(self, shown: Demo, clock: ScriptedClock, devices: Devices, sealed: Sealed) -> None:
        """Nothing is asked yet. `sealed`: whose room they open."""
        self.shown, self.clock, self.devices, self.sealed = shown, clock, devices, sealed
        self.deps = shown.samjour.deps

    def script(self) -> tuple[Scene, ...]:
        """Every scene until it is over, in order."""
        return (
            ("opening: a week later one supervisor asks, and alone may not read", self.alone),
            ("opening: a second passes a share on, two of three read every word", self.together),
            ("opening: officer, worker and colleague are told of it", self.told),
            ("opening: the talk is due to be erased by now, but stays while it is open", self.kept),
            ("opening: ended, its shares destroyed, nothing more is read", self.ended),
        )

    async def alone(self) -> None:
        """Asked for with purpose and ground; until another helps, reading is refused."""
        self.clock.move(LAST_EVENING - self.clock.now())
        await renew_directories(self.deps)
        self.asker = await self.devices.supervisor(MALMO, SUPERVISORS[0])
        self.helper = await self.devices.supervisor(MALMO, SUPERVISORS[1])
        self.id = fresh_id(self.clock.now(), self.deps.entropy)
        await self._ask(self.id)
        assert await refusal(self._read()) == "opening_incomplete", "one supervisor can read it"

    async def together(self) -> None:
        """The other's device seals its share to the one that asked, which puts both together and reads."""
        helper, now = self.helper, self.devices.now
        assert await opening.pass_on(helper.api, helper.device, self.id, now=now) > 0, "nothing to pass on"
        lines = await self._read()
        assert [line.text for line in lines] == list(SAID), "not what was written"
        assert [line.author for line in lines] == [OFFICER, EVENING_1, EVENING_2], "not who wrote it"

    async def told(self) -> None:
        """The officer, the worker and the colleague hear of it on their phones: how many, when, what for."""
        for person in (OFFICER, EVENING_1, EVENING_2):
            notice = await phone_of(self.shown, person).wait_for_text(SHOWN)
            assert "2 chefer" in notice.text, "not told how many"

    async def kept(self) -> None:
        """Past midnight the made-up decisions are over a week old: all but the talk that is being opened may go."""
        self.clock.move(PAST_MIDNIGHT)
        plan = await rehearse(self.deps)
        assert plan.batches, "nothing is due"
        due = {due.consultation.id for batch in plan.batches for due in batch.dues}
        assert ConsultationId(self.sealed.room) not in due, "it would be erased while it is open"
        assert plan.staying[Stays.BEING_OPENED] == 1, "it stays for another reason"

    async def ended(self) -> None:
        """Whoever asked says that it is over: who passed shares stays known, the shares do not stay."""
        await opening.end(self.asker.api, self.id)
        kept = await self.deps.store.read(lambda tx: list(tx.opening_audit.shares(self.id)))
        assert kept, "nobody knows any more who passed a share on"
        assert all(share.blob is None for share in kept), "a share is still there"
        assert await refusal(self._read()) == "opening_over", "it can still be read"

    async def gone(self) -> None:
        """After the erasing there is no key left to ask for."""
        again = fresh_id(self.clock.now(), self.deps.entropy)
        assert await refusal(self._ask(again)) == "no_escrow", "there is something left to open"

    async def _ask(self, id_: str) -> None:
        now = self.devices.now
        await opening.request(
            self.asker.api,
            self.asker.device,
            opening=id_,
            room=self.sealed.room,
            purpose=PURPOSE,
            ground=GROUND,
            at=now,
            until=now + MINUTES * 60,
        )

    async def _read(self) -> tuple[Line, ...]:
        asker = self.asker
        found = await opening.read(asker.api, asker.device, self.id, now=self.devices.now)
        return found.lines
