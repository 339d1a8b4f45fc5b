"""A grave event: a commander in the field tells a forum's list, each answers, and the sender sees it; nobody else reads it."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from bot.client import notices
from bot.client.api import Problem
from bot.core.graves import KEPT_IN_VIEW, MOST_AN_HOUR, Answer, GraveId
from bot.core.hours import local_day
from bot.core.ids import OrganisationId, PersonId
from bot.core.referrals import EntryId
from bot.flow import forum_lists
from bot.flow.device_revoke import revoke
from bot.flow.enrol import put_person
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.seal.errors import SealError
from bot.store.grave_tables import graves
from bot.store.tx import SqlTx
from tests.stories.handsets import Handset, Handsets, handsets
from tests.stories.story import EVENING_1, OFFICER, Story

COMMANDER = PersonId("p-polis-malmo-befal")
CHIEF, COORDINATOR = PersonId("p-malmo-chef-1"), PersonId("p-malmo-samordnare")
FORUM = EntryId("beredskap-nhl")
GRAVES = "/api/v1/graves"
TEXT = "Skottlossning på torget. Samling på områdeskontoret kl. 22."
LISTED = (CHIEF, EVENING_1, OFFICER)


@dataclass(slots=True, kw_only=True)
class Scene:
    """A commander and a chief at their devices, two others who have only their chats."""

    night: Story
    devices: Handsets
    commander: Handset
    chief: Handset

    async def tell(self, text: str = TEXT) -> str:
        """The commander tells the forum."""
        one = self.commander
        self.night.hidden.add(text)
        notice = await notices.tell(
            one.api, one.device, one.trust, FORUM, text, draw=self.night.deps.entropy.draw, now=self.now
        )
        await self.night.quiet()
        return notice

    async def body(self, notice: str) -> dict[str, Any]:
        """A notice as the commander's device sends it, sealed anew each time: JSON."""
        one = self.commander
        return await notices._sealed(one.api, one.device, one.trust, FORUM, TEXT, notice, self.now())

    async def leaves(self, person: PersonId) -> None:
        """Somebody's postings end today; they are not suspended."""
        deps, day = self.night.deps, local_day(self.night.clock.now())

        def end(tx: Tx) -> None:
            found = tx.people.get(person)
            assert found is not None
            ended = tuple(replace(one, valid_to=day) for one in found.postings)
            put_person(tx, deps, replace(found, postings=ended), by="test")

        await deps.store.write(end)

    async def reads(self, handset: Handset, notice: str) -> str | None:
        """What it says on somebody's device."""
        return await notices.read(handset.api, handset.device, handset.trust, notice)

    @property
    def now(self) -> Callable[[], int]:
        """Seconds since 1970."""
        return lambda: int(self.night.clock.now().timestamp())

    async def answers(self) -> dict[str, str]:
        """What the commander sees of the newest notice."""
        (row, *_) = await notices.sent(self.commander.api)
        return {reply["person"]: reply["answer"] for reply in row["replies"]}

    async def rung(self) -> dict[str, bool]:
        """Whom the commander sees as rung, of the newest notice."""
        (row, *_) = await notices.sent(self.commander.api)
        return {reply["person"]: reply["rung"] for reply in row["replies"]}


@pytest.fixture
async def scene(night: Story) -> AsyncIterator[Scene]:
    """The forum's list is these three."""
    deps = night.deps
    for person in LISTED:
        await deps.store.write(lambda tx, p=person: forum_lists.put_on(tx, deps, FORUM, p, by="test"))  # type: ignore[misc]
    async with handsets(deps, night.clock, night.database.parent) as devices:
        commander = await devices.of(COMMANDER, "polisen")
        chief = await devices.of(CHIEF, "malmo")
        yield Scene(night=night, devices=devices, commander=commander, chief=chief)


async def refusal(doing: object) -> str:
    """The code with which it was refused."""
    with pytest.raises(Problem) as refused:
        await doing  # type: ignore[misc]
    return refused.value.code


async def test_the_list_is_rung_reads_and_answers_and_the_sender_sees_it(scene: Scene) -> None:
    """Rung at once on every channel, with fixed words; read on a device alone; each answer seen by who sent it."""
    notice = await scene.tell()
    bell = scene.night.phone(EVENING_1).last
    assert "brådskande besked" in bell.text
    assert "Ersätter aldrig RLC, TiB eller POSOM" in bell.text
    assert "torget" not in bell.text
    assert await scene.reads(scene.chief, notice) == TEXT
    assert await scene.reads(scene.commander, notice) == TEXT
    await notices.answer(scene.chief.api, scene.night.deps.entropy.draw, notice, "coming")
    await scene.night.phone(EVENING_1).press("Ring mig")
    await scene.night.quiet()
    assert await scene.answers() == {CHIEF: "coming", EVENING_1: "call_me", OFFICER: "none"}
    assert "Du har svarat: Ring mig" in scene.night.phone(EVENING_1).last.text
    await scene.night.phone(EVENING_1).press("Deltar")
    await scene.night.quiet()
    assert (await scene.answers())[EVENING_1] == "coming"
    stored = [
        f for f in scene.night.database.parent.rglob("*") if f.is_file() and TEXT.encode() in f.read_bytes()
    ]
    assert stored == []
    await scene.night.verified()


async def test_only_a_commander_tells_and_only_who_was_told_reads(scene: Scene) -> None:
    """An officer who is no commander tells nobody; whoever is not on the list finds no notice, and answers none."""
    notice = await scene.tell()
    other = await scene.devices.of("p-malmo-chef-3", "malmo")
    officer = await scene.devices.of(OFFICER, "polisen")
    draw = scene.night.deps.entropy.draw
    tell = notices.tell(officer.api, officer.device, officer.trust, FORUM, TEXT, draw=draw, now=scene.now)
    assert await refusal(tell) == "403"
    assert await refusal(scene.reads(other, notice)) == "not_yours"
    assert await refusal(notices.answer(other.api, draw, notice, "coming")) == "not_yours"
    assert await refusal(notices.answer(scene.commander.api, draw, notice, "coming")) == "not_yours"
    assert await refusal(notices.answer(scene.chief.api, draw, notice, "none")) == "not_yours"
    assert await notices.told(other.api) == []
    (row,) = await notices.told(scene.chief.api)
    assert [reply["person"] for reply in row["replies"]] == [CHIEF]  # of the others only the sender hears


async def test_what_another_device_sent_is_not_shown(scene: Scene) -> None:
    """Nothing of a notice is shown whose sender is not the device, and person, that signed it (FORMAT.md 92)."""
    notice = await scene.tell()

    def lie(tx: object) -> None:
        assert isinstance(tx, SqlTx)
        other = scene.chief.device.id
        tx.graves._connection.execute(graves.update().values(device=other, sender=CHIEF))

    await scene.night.deps.store.write(lie)
    with pytest.raises(SealError):
        await scene.reads(scene.chief, notice)


async def test_a_revoked_commanders_device_is_not_believed(scene: Scene) -> None:
    """What a lost device sent is not shown once it is revoked."""
    notice = await scene.tell()
    deps, lost = scene.night.deps, scene.commander.device.id
    await deps.store.write(lambda tx: revoke(tx, deps, lost, by="test"))
    with pytest.raises(SealError):
        await scene.reads(scene.chief, notice)


async def test_who_came_later_reads_nothing_and_the_list_is_the_one_of_now(scene: Scene) -> None:
    """Who was taken off is not rung; a device that came later has no copy."""
    deps = scene.night.deps
    await deps.store.write(lambda tx: forum_lists.take_off(tx, deps, FORUM, PersonId(EVENING_1), by="test"))
    before = len(scene.night.phone(EVENING_1).messages)
    notice = await scene.tell()
    assert len(scene.night.phone(EVENING_1).messages) == before
    later = await scene.devices.of(CHIEF, "malmo")
    assert await scene.reads(later, notice) is None
    assert set(await scene.answers()) == {CHIEF, OFFICER}


async def test_bounds_and_refusals(scene: Scene) -> None:
    """An empty list, a clock that is wrong, an id used again, one too many within the hour: each has its name."""
    deps, one = scene.night.deps, scene.commander
    tell = notices.tell
    wrong = tell(
        one.api, one.device, one.trust, FORUM, TEXT, draw=deps.entropy.draw, now=lambda: scene.now() - 600
    )
    assert await refusal(wrong) == "other_time"
    nobody = tell(one.api, one.device, one.trust, "ctc-malmo", TEXT, draw=deps.entropy.draw, now=scene.now)
    assert await refusal(nobody) == "list_empty"
    unknown = tell(one.api, one.device, one.trust, "no-forum", TEXT, draw=deps.entropy.draw, now=scene.now)
    assert await refusal(unknown) == "not_yours"
    for _ in range(MOST_AN_HOUR):
        await scene.tell()
    assert await refusal(scene.tell()) == "notices_enough"


async def test_the_list_is_kept_by_whose_forum_it_is(scene: Scene) -> None:
    """The board's coordinator sees and changes the list; a supervisor, and another authority's coordinator, do not."""
    coordinator = await scene.devices.of(COORDINATOR, "malmo")
    elsewhere = await scene.devices.of("p-sj-malmo-samordnare", "socialjour-malmo")
    path = f"/api/v1/forums/{FORUM}/list"
    told = await coordinator.api.get(path)
    assert told["people"] == sorted(LISTED)
    body = {"person": EVENING_1, "listed": False}
    changed = await coordinator.api.post(path, body, key="k" * 22)
    assert changed["people"] == sorted({CHIEF, OFFICER})
    for api in (scene.chief.api, elsewhere.api):
        assert await refusal(api.get(path)) == "403"
        assert await refusal(api.post(path, body, key="l" * 22)) == "403"
    owner = await scene.night.deps.store.read(lambda tx: tx.graves.listed(FORUM)[0].organisation)
    assert owner == OrganisationId("malmo")


async def test_a_repetition_rings_once_and_no_name_is_kept_for_it(scene: Scene) -> None:
    """Sealed again under the same key, it is the same notice; what is kept for repetitions has nobody's name."""
    one, deps = scene.commander, scene.night.deps
    answers = []
    for _ in range(2):
        body = await scene.body("1" * 32)
        answers.append(await one.api.post(GRAVES, body, key="k" * 22))
        await scene.night.quiet()
    assert answers == [{"id": "1" * 32, "people": len(LISTED)}] * 2
    said = await notices.answer(scene.chief.api, deps.entropy.draw, "1" * 32, "later")
    assert said == {"id": "1" * 32, "answer": "later"}
    assert [row["id"] for row in await notices.told(scene.chief.api)] == ["1" * 32]
    bells = [m for m in scene.night.phone(EVENING_1).messages if "brådskande besked" in m.text]
    assert len(bells) == 1


async def test_what_is_no_notice_is_refused(scene: Scene) -> None:
    """An instant that no calendar has, a copy that is none, two for one device: named refusals, and nobody is rung."""
    whole = await scene.body("2" * 32)
    (first, *others) = whole["copies"]
    for changed, code in (
        ({"at": 2**40}, "other_time"),
        ({"copies": [{**first, "blob": "AAAA"}, *others]}, "bad_seal"),
        ({"copies": [first, first, *others]}, "bad_seal"),
        ({"copies": others}, "plan_stale"),
    ):
        assert await refusal(scene.commander.api.post(GRAVES, {**whole, **changed}, key="b" * 22)) == code
    assert await notices.told(scene.chief.api) == []


async def test_who_has_left_is_told_nothing_and_reads_nothing(scene: Scene) -> None:
    """A posting that has ended ends it: on the list, with a copy, and as the commander who sent it."""
    notice = await scene.tell()
    await scene.leaves(CHIEF)
    assert await refusal(scene.reads(scene.chief, notice)) == "403"
    assert (
        await refusal(notices.answer(scene.chief.api, scene.night.deps.entropy.draw, notice, "coming"))
        == "403"
    )
    assert await notices.told(scene.chief.api) == []
    await scene.tell()
    assert set(await scene.answers()) == {EVENING_1, OFFICER}
    await scene.leaves(COMMANDER)
    assert await refusal(scene.reads(scene.commander, notice)) == "403"
    assert await notices.sent(scene.commander.api) == []


async def test_an_old_notice_is_read_and_answered_no_more(scene: Scene) -> None:
    """Also not by its address, and not by a button that still stands in a chat."""
    notice = await scene.tell()

    def age(tx: object) -> None:
        assert isinstance(tx, SqlTx)
        old = scene.night.clock.now() - KEPT_IN_VIEW - timedelta(seconds=1)
        tx.graves._connection.execute(graves.update().values(at=old))

    await scene.night.deps.store.write(age)
    assert await refusal(scene.reads(scene.chief, notice)) == "not_yours"
    assert await refusal(scene.reads(scene.commander, notice)) == "not_yours"
    await scene.night.phone(EVENING_1).press("Deltar")
    await scene.night.quiet()
    told = await scene.night.deps.store.read(lambda tx: tx.graves.told(GraveId(notice)))
    assert {one.answer for one in told} == {Answer.NONE}


async def test_everybody_has_a_copy_before_anybody_has_two(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With more devices than a notice is sealed to, the last of the list is not left without."""
    monkeypatch.setattr("bot.flow.graves.MOST_DEVICES", 3)
    await scene.devices.of(CHIEF, "malmo")
    await scene.devices.of(OFFICER, "polisen")
    plan = await scene.commander.api.get(f"/api/v1/forums/{FORUM}/plan")
    people = [row["person"] for row in plan["recipients"]]
    assert sorted(people) == sorted([COMMANDER, CHIEF, OFFICER])
    assert plan["unread"] == 1  # the evening worker has only a chat


async def test_the_sender_sees_whom_nothing_rang(scene: Scene) -> None:
    """Without a chat or a telephone that can be called nothing rings: the commander is told to call them."""
    deps = scene.night.deps

    def mute(tx: Tx) -> None:
        for address in tx.people.addresses(CHIEF):
            tx.people.unlink(
                address.channel, CHIEF, fact(deps, deps.home, "person", deps.clock.now(), by="test")
            )

    await deps.store.write(mute)
    notice = await scene.tell()
    assert await scene.rung() == {CHIEF: False, EVENING_1: True, OFFICER: True}
    await scene.reads(scene.chief, notice)
    assert (await scene.rung())[CHIEF]  # has looked
