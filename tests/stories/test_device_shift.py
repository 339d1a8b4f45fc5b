"""The end of a shift: everything that somebody holds goes to a colleague in one act, with keys, unread words and promises."""

from collections.abc import AsyncIterator, Awaitable, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from bot.client import shift
from bot.client.answers import Json, rows_of
from bot.client.api import Json as Answer
from bot.client.api import Problem, opened
from bot.client.room_giving import grants_for
from bot.core.errors import NotNow, Unavailable
from bot.core.ids import PersonId, RoomId
from bot.core.people import Person
from bot.flow import shift_handover
from bot.flow.consult import signed_in_speaker
from bot.flow.shift_handover import Part
from bot.seal.wire import to_base64url
from tests.stories.conftest import Begin
from tests.stories.handsets import Handset, Handsets, handsets
from tests.stories.story import JOUR_1, JOUR_3, OFFICER, OFFICER_2, OFFICER_3, Story

SHIFT = "/api/v1/shift/handover"
MALMO, POLISEN, JOUR = "malmo", "polisen", "socialjour-malmo"
MORNING = datetime(2026, 11, 22, 6, 40, tzinfo=UTC)  # Sunday 07.40: the night's jour goes at 08.00
FIRST, SECOND, THIRD, TAKEN = "Vi väntar vid porten.", "Var är ni?", "Hon sover nu.", "Jag har tagit över."
HOUR, SECOND_ = timedelta(hours=1), timedelta(seconds=1)


@pytest.fixture
async def morning(begin: Begin) -> AsyncIterator[Story]:
    """Sunday morning, twenty minutes before the night's jour goes."""
    async with begin(MORNING) as story:
        story.hidden |= {FIRST, SECOND, THIRD, TAKEN}
        yield story


@pytest.fixture
async def devices(morning: Story) -> AsyncIterator[Handsets]:
    """Devices of that morning; in the end everything verifies."""
    async with handsets(morning.deps, morning.clock, morning.database.parent) as found:
        yield found
        await morning.quiet()
        await morning.verified()


@pytest.fixture
async def night_jour(devices: Handsets) -> Handset:
    return await devices.of(JOUR_3, JOUR)


@pytest.fixture
async def day_jour(devices: Handsets) -> Handset:
    return await devices.of(JOUR_1, JOUR)


async def code_of(refused: Awaitable[object]) -> str:
    """Why the server refused."""
    with pytest.raises(Problem) as problem:
        await refused
    return problem.value.code


def rooms_in(told: Json) -> list[str]:
    """The rooms of what one would hand over."""
    return [str(row["room"]) for row in rows_of(told, "talks", 50)]


async def give_all(giver: Handset, to: str, promises: shift.Promises | None = None) -> Json:
    """Hand over everything that the device shows."""
    shown = rooms_in(await shift.leaving(giver.api))
    return await shift.hand_over(giver.api, giver.room, giver.deps.entropy.draw, to, shown, promises)


async def on_three_ways(morning: Story, devices: Handsets, giver: Handset) -> tuple[Handset, list[str]]:
    """An officer on a device, one on Telegram, one on the telephone: all three talks are the giver's."""
    officer = await devices.of(OFFICER, POLISEN)
    await officer.ask()
    written = (await giver.accept()).log.room
    await officer.room(written).say(FIRST)
    await giver.room(written).follow()
    await giver.room(written).say(SECOND)
    morning.clock.move(SECOND_)
    await morning.ask_for(morning.phone(OFFICER_2))
    bridged = (await giver.accept()).log.room
    await morning.phone(OFFICER_2).say(THIRD)
    await morning.quiet()
    morning.clock.move(SECOND_)
    await morning.ask_for(morning.phone(OFFICER_3), "Ring upp mig")
    called = (await giver.accept()).log.room
    await morning.quiet()
    return officer, [written, bridged, called]


async def test_night_hands_three_talks_to_day_in_one_act(
    morning: Story, devices: Handsets, night_jour: Handset, day_jour: Handset
) -> None:
    """A talk on devices, one with the bridge, one by telephone: the day's jour reads all, the officers are told, a receipt stays."""
    officer, rooms = await on_three_ways(morning, devices, night_jour)
    told = await shift.leaving(night_jour.api)
    assert rooms_in(told) == rooms
    assert [row["unread"] for row in told["talks"]] == [0, 1, 0]
    due = (morning.clock.now() + HOUR).isoformat()
    said = {rooms[0]: [{"kind": "call", "due": due}], rooms[1]: [{"kind": "nothing"}]}
    receipt = await give_all(night_jour, JOUR_1, said)
    assert [talk["promises"] != [] for talk in receipt["talks"]] == [True, False, False]
    assert [(talk["unread"], talk["organisation"]) for talk in receipt["talks"]] == [
        (0, MALMO),
        (1, MALMO),
        (0, MALMO),
    ]
    assert await day_jour.heard(rooms[0]) == [FIRST, SECOND]
    assert await day_jour.heard(rooms[1]) == [THIRD]
    for person in (OFFICER, OFFICER_2, OFFICER_3):
        assert (await morning.latest(person)).holder == PersonId(JOUR_1)
    assert await shift.take_up(day_jour.api, day_jour.room, TAKEN) == 2
    assert await shift.take_up(day_jour.api, day_jour.room, TAKEN) == 0
    assert (await officer.heard(rooms[0]))[-1] == TAKEN
    await morning.phone(OFFICER_2).wait_for_text(TAKEN)
    assert not (await morning.latest()).owed
    assert await shift.receipts(night_jour.api) == [{**receipt, "talks": receipt["talks"]}]
    (mine,) = await shift.receipts(day_jour.api)
    assert (mine["role"], mine["handover"], mine["digest"]) == (
        "receiver",
        receipt["handover"],
        receipt["digest"],
    )


async def test_the_old_holder_is_out_of_all_of_it(
    morning: Story, devices: Handsets, night_jour: Handset, day_jour: Handset
) -> None:
    """RC#23404: whoever handed over is told nothing more, holds no key of what comes, and is not among those who hear it."""
    officer, rooms = await on_three_ways(morning, devices, night_jour)
    await give_all(night_jour, JOUR_1)
    for room in rooms:
        assert await code_of(night_jour.room(room).follow()) == "not_yours"
        assert await code_of(night_jour.room(room).look()) == "not_yours"
    await day_jour.room(rooms[0]).say(THIRD)
    await morning.phone(OFFICER_2).say(FIRST)
    await morning.quiet()
    held = {r: await morning.deps.store.read(lambda tx, r=r: tx.rooms.holders(RoomId(r))) for r in rooms}  # type: ignore[misc]
    assert held[rooms[0]][night_jour.device.id] == held[rooms[1]][night_jour.device.id] == {1}
    assert held[rooms[0]][day_jour.device.id] == held[rooms[1]][day_jour.device.id] == {1, 2}
    assert night_jour.device.id not in officer.room(rooms[0]).log.recipients or await officer.heard(rooms[0])
    assert night_jour.device.id not in officer.room(rooms[0]).log.recipients
    told = [
        shown.text for shown in morning.phone(JOUR_3).messages if not shown.from_bot or FIRST in shown.text
    ]
    assert FIRST not in "".join(told)


async def test_every_device_of_the_receiver_reads_on(
    morning: Story, devices: Handsets, night_jour: Handset, day_jour: Handset
) -> None:
    """MSC4268: the keys are given with the talk, to each device that the colleague has; one that comes later gets them too."""
    second = await devices.of(JOUR_1, JOUR)
    officer, rooms = await on_three_ways(morning, devices, night_jour)
    await give_all(night_jour, JOUR_1)
    assert await day_jour.heard(rooms[0]) == await second.heard(rooms[0]) == [FIRST, SECOND]
    await second.room(rooms[0]).say(THIRD)
    third = await devices.of(JOUR_1, JOUR)
    await officer.room(rooms[0]).settle()
    assert await officer.give_history(rooms[0]) == 2
    assert await third.heard(rooms[0]) == [FIRST, SECOND, THIRD]


async def test_words_that_come_in_the_middle_of_it_go_along(
    morning: Story, devices: Handsets, night_jour: Handset, day_jour: Handset
) -> None:
    """The officer writes between the grants and the act: nothing was handed over, it is made anew, and nothing is lost."""
    officer, rooms = await on_three_ways(morning, devices, night_jour)
    plain, meddled = night_jour.api.post, list[str]()

    async def post(path: str, body: Mapping[str, object], *, key: str | None = None) -> Answer:
        if path.endswith("/shift/handover") and not meddled:
            meddled.append(path)
            await officer.room(rooms[0]).say(THIRD)
        return await plain(path, body, key=key)

    night_jour.api.post = post  # type: ignore[method-assign]  # somebody who writes at that very moment
    receipt = await give_all(night_jour, JOUR_1)
    assert meddled
    assert [
        talk["unread"] for talk in sorted(receipt["talks"], key=lambda talk: rooms.index(talk["room"]))
    ] == [
        1,
        1,
        0,
    ]
    assert await day_jour.heard(rooms[0]) == [FIRST, SECOND, THIRD]


async def test_grants_of_one_room_that_do_not_hold_stop_all_of_them(
    morning: Story, devices: Handsets, night_jour: Handset, day_jour: Handset
) -> None:
    """Without the keys of one room, or with those of another: refused, and every talk is where it was."""
    officer, rooms = await on_three_ways(morning, devices, night_jour)
    due = (await shift.leaving(night_jour.api))["colleagues"][0]["rooms"]
    assert [row["room"] for row in due] == sorted(rooms)
    parts: list[dict[str, object]] = [{"room": room, "grants": []} for room in rooms]
    body: dict[str, object] = {"to": JOUR_1, "rooms": parts}
    assert await code_of(night_jour.api.post(SHIFT, body, key=fresh(night_jour))) == "plan_stale"
    good = {row["room"]: row for row in rows_of(await leaving_to(night_jour, JOUR_1), "rooms", 9)}
    await night_jour.room(rooms[0]).make_safe()
    grants = await grants_for(night_jour.room(rooms[0]), good[rooms[0]], JOUR_1)
    swapped: list[dict[str, object]] = [
        {"room": rooms[0], "grants": grants},
        {"room": rooms[1], "grants": grants},
        parts[2],
    ]
    body = {"to": JOUR_1, "rooms": swapped}
    assert await code_of(night_jour.api.post(SHIFT, body, key=fresh(night_jour))) == "bad_seal"
    for person in (OFFICER, OFFICER_2, OFFICER_3):
        assert (await morning.latest(person)).holder == PersonId(JOUR_3)
    assert await officer.heard(rooms[0]) == [FIRST, SECOND]
    assert await day_jour.room(rooms[0]).api.get("/api/v1/consultations") == {"consultations": []}


async def leaving_to(giver: Handset, to: str) -> Json:
    """What that colleague has to be given."""
    rows = rows_of(await shift.leaving(giver.api), "colleagues", 50)
    return next(row for row in rows if row["person"] == to)


def fresh(handset: Handset) -> str:
    """An Idempotency-Key."""
    return to_base64url(handset.deps.entropy.draw(16))


async def test_what_was_done_is_answered_again(
    morning: Story, devices: Handsets, night_jour: Handset, day_jour: Handset
) -> None:
    """No answer came, the same key again: the same receipt, and nothing a second time."""
    _, rooms = await on_three_ways(morning, devices, night_jour)
    plain, lost = night_jour.api.post, list[Answer]()

    async def post(path: str, body: Mapping[str, object], *, key: str | None = None) -> Answer:
        answer = await plain(path, body, key=key)
        if path.endswith("/shift/handover") and not lost:
            lost.append(answer)
            raise Unavailable("the answer was lost")
        return answer

    night_jour.api.post = post  # type: ignore[method-assign]  # a net that loses an answer
    assert await give_all(night_jour, JOUR_1) == lost[0]
    assert len(await shift.receipts(day_jour.api)) == 1
    await morning.quiet()
    assert morning.rows("handovers") == len(rooms)


async def test_words_that_are_not_sent_stop_it(
    morning: Story, devices: Handsets, night_jour: Handset, day_jour: Handset
) -> None:
    """What was written without coverage would be lost with the room: first it is sent."""
    _, rooms = await on_three_ways(morning, devices, night_jour)
    shown = rooms_in(await shift.leaving(night_jour.api))
    origin, night_jour.api.origin = night_jour.api.origin, "http://localhost:9"
    await night_jour.room(rooms[0]).say(THIRD)
    with pytest.raises(NotNow):
        await shift.hand_over(night_jour.api, night_jour.room, night_jour.deps.entropy.draw, JOUR_1, shown)
    night_jour.api.origin = origin
    await give_all(night_jour, JOUR_1)
    assert await day_jour.heard(rooms[0]) == [FIRST, SECOND, THIRD]


async def test_in_a_chat_whoever_has_the_keys_on_a_device_is_sent_there(
    morning: Story, devices: Handsets, night_jour: Handset
) -> None:
    """Telegram cannot give a device's keys: it says "öppna Samjour", and hands nothing over."""
    await on_three_ways(morning, devices, night_jour)
    phone = morning.phone(JOUR_3)
    start = await phone.say("/pass")
    await phone.press("Lämna över passet", await phone.wait_for_button("Lämna över passet", after=start))
    page = await phone.wait_for_text("Nycklarna till samtalen finns på din enhet")
    assert page.button("Utlovat: Lokalpolisområde Norr") is not None
    who = "g:give:" + JOUR_1 + ":" + "0" * 8
    await morning.press_raw(JOUR_3, who)
    assert (await morning.latest()).holder == PersonId(JOUR_3)


async def test_a_lost_device_hands_over_by_chat_and_the_officer_gives_the_history(
    morning: Story, devices: Handsets, night_jour: Handset, day_jour: Handset
) -> None:
    """The key is gone with the telephone: the talk goes on with the colleague, who gets what was said from the officer."""
    officer, rooms = await on_three_ways(morning, devices, night_jour)
    await devices.lose(night_jour)
    who = signed_in_speaker(await person_of(morning, JOUR_3), "sv", morning.clock.now())
    parts = [Part(room=RoomId(room)) for room in rooms]
    await morning.deps.store.write(
        lambda tx: shift_handover.hand_over(tx, morning.deps, who, None, PersonId(JOUR_1), parts)
    )
    assert await day_jour.heard(rooms[0]) == []
    await officer.room(rooms[0]).settle()
    assert await officer.give_history(rooms[0]) == 1
    assert await day_jour.heard(rooms[0]) == [FIRST, SECOND]
    assert await day_jour.heard(rooms[1]) == [THIRD]


async def test_from_a_chat_to_a_device_the_bridge_gives_what_it_has_and_leaves(
    morning: Story, devices: Handsets, day_jour: Handset
) -> None:
    """Night has only Telegram, day has a device: where both sides have one the bridge is out, and all of it is read."""
    officer = await devices.of(OFFICER, POLISEN)
    await officer.ask()
    await morning.accept(JOUR_3)
    room = str((await morning.latest()).room)
    await officer.room(room).follow()
    await officer.room(room).say(FIRST)
    await morning.phone(JOUR_3).wait_for_text(FIRST)
    await morning.phone(JOUR_3).say(SECOND)
    await morning.quiet()
    phone = morning.phone(JOUR_3)
    start = await phone.say("/pass")
    await phone.press("Lämna över passet", await phone.wait_for_button("Lämna över passet", after=start))
    page = await phone.wait_for_text("Till vem?")
    (to,) = [b for row in page.buttons for b in row if b.text.startswith("socialjour SM1")]
    await phone.press(to.text, page)
    await phone.press("Ja, lämna över", await phone.wait_for_button("Ja, lämna över"))
    kept = await phone.wait_for_text("Kvitto")
    assert "Jag har tagit över" not in kept.text
    assert (await morning.latest()).holder == PersonId(JOUR_1)
    assert await day_jour.heard(room) == [FIRST, SECOND]
    await day_jour.room(room).say(TAKEN)
    assert await officer.heard(room) == [FIRST, SECOND, TAKEN]
    assert not officer.room(room).log.bridged
    await morning.quiet()
    assert not any(TAKEN in shown.text for shown in phone.messages)


async def person_of(morning: Story, person: str) -> Person:
    """Somebody's facts."""
    found = await morning.deps.store.read(lambda tx: tx.people.get(PersonId(person)))
    assert found is not None
    return found


async def test_the_doors_of_it_are_open_to_nobody_else(
    morning: Story, devices: Handsets, night_jour: Handset, day_jour: Handset
) -> None:
    """Signed out, an officer, a colleague, no key, a body of the wrong kind: refused, and nothing has changed."""
    officer, rooms = await on_three_ways(morning, devices, night_jour)
    parts = [{"room": room} for room in rooms]
    body = {"to": JOUR_1, "rooms": parts}
    promised = f"/api/v1/consultations/{rooms[0]}/promises"
    nothing = {"promises": [{"kind": "nothing"}]}
    async with opened(morning.deps.base_url) as stranger:
        for path in (SHIFT, f"{SHIFT}s"):
            assert await code_of(stranger.get(path)) == "401"
        assert await code_of(stranger.post(SHIFT, body, key=fresh(night_jour))) == "401"
        assert await code_of(stranger.post(promised, nothing, key=fresh(night_jour))) == "401"
    for path in (SHIFT, f"{SHIFT}s"):
        assert await code_of(officer.api.get(path)) == "403"
    assert await code_of(officer.api.post(SHIFT, body, key=fresh(officer))) == "403"
    assert await code_of(day_jour.api.post(SHIFT, body, key=fresh(day_jour))) == "talks_changed"
    for other in (officer, day_jour):
        assert await code_of(other.api.post(promised, nothing, key=fresh(other))) == "not_yours"
    assert await code_of(night_jour.api.post(SHIFT, body)) == "key_missing"
    wrong: list[dict[str, object]] = [
        {"to": JOUR_1},
        {"to": JOUR_1, "rooms": []},
        {"to": JOUR_1, "rooms": parts * 20},
        {"to": JOUR_1, "rooms": [{"room": rooms[0], "more": 1}]},
        {"to": JOUR_1, "rooms": [{"room": rooms[0], "promises": [{"kind": "money"}]}]},
        {"to": JOUR_1, "rooms": [{"room": rooms[0], "promises": [{"kind": "call", "due": "soon"}]}]},
    ]
    for one in wrong:
        assert await code_of(night_jour.api.post(SHIFT, one, key=fresh(night_jour))) == "400"
    naive: dict[str, object] = {"promises": [{"kind": "call", "due": "2026-11-22T07:00:00"}]}
    empty: dict[str, object] = {"promises": []}
    for one in (empty, naive):
        assert await code_of(night_jour.api.post(promised, one, key=fresh(night_jour))) == "400"
    assert await shift.receipts(night_jour.api) == []
    assert morning.rows("promises") == morning.rows("handovers") == 0
