"""A night with telephones: the second channel notes what it is given, and what comes of it is told as the test says."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.content import Content
from bot.core.ids import OfferId
from bot.core.waking import Did, Means, Ring
from bot.flow import door
from bot.flow.called import reported
from bot.flow.deliver import begin_due
from bot.flow.inbox import handle_waiting
from bot.flow.messages import Delivery, Outbound, Receipt
from bot.flow.ports import Channel
from bot.flow.timed import pass_timers
from bot.flow.wake import pass_deadlines
from tests.flow.flow_world import CHANNEL, NIGHT, ROUNDS, World, night_of

BOTH = frozenset({Means.SMS, Means.VOICE})


@dataclass(slots=True)
class Telephone:
    """One means of a gateway: keeps what it took, and answers as told."""

    name: str
    taken: list[Outbound] = field(default_factory=list)
    asked: list[Outbound] = field(default_factory=list)  # also what was not taken
    answer: Delivery = Delivery.SENT

    async def send(self, message: Outbound) -> Receipt:
        self.asked.append(message)
        if self.answer is Delivery.SENT:
            self.taken.append(message)
        return Receipt(delivery=self.answer, native_id="s1")

    @property
    def texts(self) -> list[str]:
        return [message.text.reveal().decode() for message in self.taken]


@dataclass(slots=True)
class Woken(World):
    """The same night, with a gateway."""

    sms: Telephone = field(default_factory=lambda: Telephone("sms"))
    voice: Telephone = field(default_factory=lambda: Telephone("voice"))

    async def work(self) -> None:
        channels: dict[str, Channel] = {CHANNEL: self.chats, "sms": self.sms, "voice": self.voice}
        for _ in range(ROUNDS):
            handled, _ = await handle_waiting(self.deps, {CHANNEL: self._understand})
            passed, _ = await pass_deadlines(self.deps)
            passed += await pass_timers(self.deps)
            said = await begin_due(self.deps, channels)
            await asyncio.gather(*said)
            if not handled + passed + len(said):
                return
        raise AssertionError("it goes round in circles")

    async def report(self, ring: Ring, did: Did) -> None:
        """The gateway tells what became of a call."""
        await self.deps.store.write(lambda tx: reported(tx, self.deps, ring.id, did))
        await self.work()

    async def rings(self, offer: OfferId) -> tuple[Ring, ...]:
        return await self.deps.store.read(lambda tx: tx.rings.of(offer))

    async def told(self, offer: OfferId) -> list[tuple[str, str]]:
        """What was done about an offer, and by which means, in order."""
        return [(ring.means.value, ring.did.value) for ring in await self.rings(offer)]

    async def called(self, offer: OfferId, means: Means = Means.SMS) -> Ring:
        found = [r for r in await self.rings(offer) if r.did is Did.CALLED and r.means is means]
        assert len(found) == 1
        return found[0]

    async def give_phone(self, person: str, phone: str | None) -> None:
        """Somebody has another number, or none."""
        changed = replace(await self.facts(person), phone=phone)
        await self.deps.store.write(lambda tx: door.change(tx, self.deps, changed, by="test"))


@asynccontextmanager
async def waking_night(
    laid_out: Path, folder: Path, content: Content, means: frozenset[Means] = BOTH
) -> AsyncIterator[Woken]:
    """Saturday night in Malmö, with a gateway that does this."""
    async with night_of(laid_out, folder, content, NIGHT) as begun:
        yield Woken(
            deps=replace(begun.deps, means=means),
            clock=begun.clock,
            chats=begun.chats,
            inbound=begun.inbound,
            first=begun.first,
        )
