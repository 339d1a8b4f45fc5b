"""Two devices write at once, answers get lost, things are sent again: everything is there once, and the chain holds."""

import asyncio
from collections.abc import AsyncIterator
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.client.room_log import RoomLog, Said
from bot.core.ids import RoomId
from bot.core.policy import Act
from bot.flow.consult import signed_in_speaker
from bot.flow.ports import Tx
from bot.flow.records_devices import Device
from bot.flow.refusals import Code, Refused
from bot.flow.room_acts import enter, put_event
from bot.flow.sendings import Answer, Asked, once
from bot.seal.event import seal_event, to_bytes
from bot.seal.plain import Plain
from tests.attacks.talking import Talking, talking
from tests.attacks.town import Town
from tests.stories.handsets import Handset, handsets

_numbers = count()


@pytest.fixture
async def talk(town: Town) -> AsyncIterator[Talking]:
    """An officer and a worker in a room, each on a device; in the end all of it verifies."""
    async with handsets(town.deps, town.clock, town.folder) as devices:
        yield await talking(town, devices)
        assert await town.verified() == ""


class Pocket:
    """One device, as slow and as forgetful as the network makes it."""

    def __init__(self, talk: Talking, of: Handset) -> None:
        self.talk, self.of, self.log = talk, of, talk.room(of).log
        self.waiting: list[tuple[str, str]] = []
        self.said: list[str] = []

    def write(self) -> None:
        """Something more waits to be sent."""
        text = f"{self.of.person} rad {next(_numbers)}"
        self.waiting.append((self.talk.fresh(), text))
        self.said.append(text)

    async def read(self) -> None:
        """Read on, and check everything."""
        deps, after = self.talk.town.deps, self.log.head.seq
        for _, sealed in await deps.store.read(lambda tx: tx.rooms.events(RoomId(self.talk.id), after, 1000)):
            self.log.take(sealed.content, self.of.trust.members)

    async def send(self, *, heard: bool) -> None:
        """Seal the first that waits on the head that is known, and send it; the answer is heard, or lost."""
        if not self.waiting:
            return
        key, text = self.waiting[0]
        event = seal_event(
            room_key=self.log.keys[1],
            head=self.log.head,
            secret=self.of.device.secret,
            author=self.of.person,
            kind="said",
            plain=Plain(text.encode()),
            nonce=self.talk.town.deps.entropy.draw(12),
        )
        try:
            await self.talk.town.deps.store.write(lambda tx: self._post(tx, key, to_bytes(event)))
        except Refused as error:
            if error.code is not Code.STALE_HEAD:
                raise
        else:
            if heard:
                self.waiting.pop(0)

    def _post(self, tx: Tx, key: str, content: bytes) -> Answer:
        """What the route does."""
        deps = self.talk.town.deps
        device = tx.devices.get(self.of.device.id)
        assert isinstance(device, Device)
        assert device.person is not None
        person = tx.people.get(device.person)
        assert person is not None
        who = signed_in_speaker(person, "sv", deps.clock.now())

        def act() -> Answer:
            inside = enter(tx, deps, who, device, RoomId(self.talk.id), Act.ROOM_SAY)
            return {"seq": put_event(tx, deps, inside, content).seq}

        return once(tx, Asked(sender=device.id.hex(), key=key, what=("said",)), who.now, act)


STEPS = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(["write", "send", "lost", "read"])), max_size=24
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
async def test_whatever_comes_between_everything_is_there_once(
    talk: Talking, steps: list[tuple[int, str]]
) -> None:
    """Every message of both, in its writer's order, exactly once, however sending, reading and losing answers interleave."""
    pockets = [Pocket(talk, talk.officer), Pocket(talk, talk.worker)]
    begun = [len(said_in(pocket.log)) for pocket in pockets]
    await asyncio.gather(*(pocket.read() for pocket in pockets))
    before = len(said_in(pockets[0].log))
    assert begun[0] <= before
    for who, what in steps:
        pocket = pockets[who]
        if what == "write":
            pocket.write()
        elif what == "read":
            await pocket.read()
        else:
            await pocket.send(heard=what == "send")
    while any(pocket.waiting for pocket in pockets):
        for pocket in pockets:
            await pocket.read()
            await pocket.send(heard=True)
    await asyncio.gather(*(pocket.read() for pocket in pockets))
    mine, theirs = (said_in(pocket.log)[before:] for pocket in pockets)
    assert mine == theirs
    for pocket in pockets:
        assert [text for author, text in mine if author == pocket.of.person] == pocket.said
    assert len(mine) == sum(len(pocket.said) for pocket in pockets)


async def test_both_write_at_the_same_time(talk: Talking) -> None:
    """Over HTTP, each as fast as it can: forty messages, none lost, none doubled, everything verifies."""
    texts = {one.person: [f"{one.person} {n}" for n in range(20)] for one in (talk.officer, talk.worker)}

    async def all_of(one: Handset) -> None:
        for text in texts[one.person]:
            await talk.room(one).say(text)
        while talk.room(one).outgoing.waiting(talk.id):
            await talk.room(one).flush()

    await asyncio.gather(all_of(talk.officer), all_of(talk.worker))
    heard = await talk.officer.heard(talk.id)
    assert heard == await talk.worker.heard(talk.id)
    for one in texts.values():
        assert [text for text in heard if text in one] == one
    assert len(heard) == 2 + 40


def said_in(log: RoomLog) -> list[tuple[str, str]]:
    """Who said what, in order."""
    return [(one.author, one.text) for one in log.show() if isinstance(one, Said)]
