"""Somebody is named: refused with the number where others listen; on two devices with a receipt, the register, and a ground."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.client import talks
from bot.client.api import Problem
from bot.client.room_log import Said
from bot.core.consultation import State
from bot.core.disclosures import Direction, Disclosure, GroundId
from bot.core.ids import ConsultationId, OrganisationId
from bot.core.registers import RegisterKind
from tests.stories.handsets import Handset, Handsets, handsets
from tests.stories.story import DEMO_LINES, EVENING_1, JOUR_3, OFFICER, Story

MALMO, POLISEN, JOUR = "malmo", "polisen", "socialjour-malmo"
NAMES = "Det gäller Nora Provsson, född 2011."
GIVEN = "Hon bor i familjehem sedan i våras."
TOLD = "Polisen: hon är hos oss nu."
STAYS = Disclosure(direction=Direction.TO_POLICE, ground=GroundId("sol-15-7"))
REPORT = Disclosure(direction=Direction.TO_SOCIAL, ground=GroundId("sol-19-1"))


@pytest.fixture
async def devices(night: Story) -> AsyncIterator[Handsets]:
    """Devices on a Saturday night in Malmö; what is said of Nora Provsson is in no log."""
    night.hidden |= {NAMES, GIVEN, TOLD, "Provsson"}
    async with handsets(night.deps, night.clock, night.database.parent) as found:
        yield found


@pytest.fixture
async def officer(devices: Handsets) -> Handset:
    return await devices.of(OFFICER, POLISEN)


@pytest.fixture
async def worker(devices: Handsets) -> Handset:
    return await devices.of(EVENING_1, MALMO)


async def talking(officer: Handset, worker: Handset) -> str:
    """A talk between two devices; the room, which is the consultation's."""
    await officer.ask()
    return (await worker.accept()).log.room


async def code_of(refused: object) -> str:
    """Why the server refused."""
    with pytest.raises(Problem) as problem:
        await refused  # type: ignore[misc]  # whatever is awaited here must fail
    return problem.value.code


async def entered(night: Story, consultation: str) -> list[tuple[str, str, Disclosure | None]]:
    """What stands in the register of it: kind, board, and what was chosen."""
    found = await night.deps.store.read(lambda tx: tx.registers.of_talk(ConsultationId(consultation)))
    return [(one.kind.value, one.organisation, one.disclosure) for one in found]


async def on_record(night: Story, organisation: str) -> int:
    """Entries about the register on a ledger."""
    own = OrganisationId(organisation)
    return await night.deps.store.read(
        lambda tx: sum(one.entry.kind == "register" for one in tx.audit.entries(own))
    )


async def test_in_a_bridged_talk_the_number_and_on_two_devices_the_receipt(
    night: Story, devices: Handsets, worker: Handset
) -> None:
    """An officer who names somebody in Telegram is told which number answers; on a device the same press gives a receipt."""
    await night.ask_for(night.phone(OFFICER))
    room = (await worker.accept()).log.room
    await night.phone(OFFICER).wait_for_text("har tagit din förfrågan")
    await night.phone(OFFICER).wait_for_button("Nu namnger jag")
    await night.phone(OFFICER).press("Nu namnger jag")
    refused = await night.phone(OFFICER).wait_for_text("Att namnge någon går inte i Telegram")
    assert any(number in refused.text for number in DEMO_LINES)
    assert await code_of(worker.do(room, "identify")) == "bridge_in_room"
    call = (await talks.mine(worker.api))[0]["call"]
    assert call["number"] in DEMO_LINES
    assert await entered(night, room) == []
    officer = await devices.of(OFFICER, POLISEN)
    await officer.room(room).rekey()
    await night.phone(OFFICER).press("Nu namnger jag")
    await night.phone(OFFICER).wait_for_text("Öppna")
    told = await officer.do(room, "identify")
    assert told["receipt"] == {
        "entry": told["receipt"]["entry"],  # type: ignore[index]  # an object
        "at": told["receipt"]["at"],  # type: ignore[index]
        "organisation": MALMO,
        "kept_as": "identified",
    }
    shown = await night.phone(OFFICER).wait_for_text("Kvitto: någon är namngiven")
    assert "Malmö" in shown.text
    assert shown.button("Nu namnger jag") is None
    assert await entered(night, room) == [("identified", MALMO, None)]
    await night.verified()


async def test_the_receipt_is_found_afterwards(night: Story, officer: Handset, worker: Handset) -> None:
    """Both see it on their device, when it is over too, and the officer on the card; nobody sees it of another's talk."""
    room = await talking(officer, worker)
    await worker.do(room, "identify")
    for one in (officer, worker):
        assert (await talks.mine(one.api))[0]["receipt"]["organisation"] == MALMO
    await worker.do(room, "close", ending="report")
    assert (await talks.mine(officer.api))[0]["receipt"]["kept_as"] == "identified"
    await night.quiet()
    shown = await night.phone(OFFICER).wait_for_text("Kvitto: någon är namngiven")
    assert "orosanmälan görs" in shown.text
    await night.verified()


async def test_whoever_has_it_is_told_that_duties_may_begin(
    night: Story, devices: Handsets, officer: Handset, worker: Handset
) -> None:
    """By the officer's act the worker hears it, in words that name nobody; so does whoever is given the talk next."""
    room = await talking(officer, worker)
    await officer.do(room, "identify")
    told = await night.phone(EVENING_1).wait_for_text("skyldigheter kan börja")
    assert "SoL 14:2" in told.text
    assert "SoL 20:1" in told.text
    other = await devices.of(JOUR_3, JOUR)
    await worker.hand_over(room, JOUR_3)
    await night.phone(JOUR_3).wait_for_text("Någon är namngiven i samtalet")
    assert (await talks.mine(other.api))[0]["receipt"]["organisation"] == MALMO
    await night.verified()


async def test_two_who_press_at_once_enter_it_once(night: Story, officer: Handset, worker: Handset) -> None:
    """The second press changes nothing, and shows the same receipt."""
    room = await talking(officer, worker)
    first, second = await officer.do(room, "identify"), await worker.do(room, "identify")
    assert first["receipt"] == second["receipt"]
    assert await entered(night, room) == [("identified", MALMO, None)]
    await night.verified()


async def test_nothing_is_disclosed_before_direction_and_ground_are_chosen(
    night: Story, officer: Handset, worker: Handset
) -> None:
    """Not before somebody is named, not on a ground that is not offered, not the other way, not by the officer."""
    room = await talking(officer, worker)
    here = worker.room(room)
    assert await code_of(here.disclose(STAYS, GIVEN)) == "not_identified"
    await officer.do(room, "identify")
    for direction, ground in (
        (Direction.TO_POLICE, "osl-10-15a"),  # waits for a lawyer
        (Direction.TO_POLICE, "osl-10-23"),
        (Direction.TO_SOCIAL, "sol-15-7"),  # is of the other direction
        (Direction.TO_POLICE, "whatever"),
    ):
        chosen = Disclosure(direction=direction, ground=GroundId(ground))
        assert await code_of(here.disclose(chosen, GIVEN)) == "no_such_ground"
    await here.follow()
    for kind in ("disclosure:to_press:samtycke", "disclosure:to_police", "disclosure"):
        assert await code_of(here._put(kind, GIVEN, here.fresh_key())) == "bad_seal"
    assert await code_of(officer.room(room).disclose(STAYS, GIVEN)) == "403"
    assert await code_of(talks.grounds(officer.api, room)) == "403"
    assert await entered(night, room) == [("identified", MALMO, None)]
    assert await officer.heard(room) == []
    await night.verified()


async def test_a_disclosure_is_marked_for_both_and_entered(
    night: Story, officer: Handset, worker: Handset
) -> None:
    """The worker chooses among what is offered; both read what was given with direction and ground, as its device signed it."""
    room = await talking(officer, worker)
    await worker.do(room, "identify")
    offered = await talks.grounds(worker.api, room)
    assert "sol-15-7" in offered["to_police"]
    assert "sol-19-1" in offered["to_social"]
    assert not {"osl-10-15a", "osl-10-21", "osl-10-23", "osl-10-24", "lul-6"} & {
        *offered["to_police"],
        *offered["to_social"],
    }
    await officer.room(room).say(NAMES)
    await worker.room(room).disclose(STAYS, GIVEN)
    await worker.room(room).disclose(REPORT, TOLD)
    for one in (officer, worker):
        assert await one.heard(room) == [NAMES, GIVEN, TOLD]
        said = [line for line in one.room(room).log.show() if isinstance(line, Said)]
        assert [line.disclosure for line in said] == [None, STAYS, REPORT]
        assert {line.author for line in said if line.disclosure is not None} == {EVENING_1}
    first, *disclosed = await entered(night, room)
    assert first == (RegisterKind.IDENTIFIED, MALMO, None)
    assert {chosen for _, _, chosen in disclosed} == {STAYS, REPORT}
    assert await on_record(night, MALMO) == 3
    await night.verified()


async def test_the_number_when_the_other_has_no_device_any_more(
    night: Story, devices: Handsets, officer: Handset, worker: Handset
) -> None:
    """Nothing is disclosed to a room where the other cannot read it on a device of their own."""
    room = await talking(officer, worker)
    await worker.do(room, "identify")
    await devices.lose(officer)
    assert await code_of(worker.room(room).disclose(STAYS, GIVEN)) == "device_missing"
    assert (await talks.mine(worker.api))[0]["call"]["number"] in DEMO_LINES
    assert await on_record(night, MALMO) == 1
    await night.verified()


async def test_the_board_that_owns_the_place_receives_it_when_the_jour_has_the_talk(
    night: Story, devices: Handsets, officer: Handset, worker: Handset
) -> None:
    """After a handover across authorities the entry is the board's; who has it no longer names nobody there."""
    room = await talking(officer, worker)
    other = await devices.of(JOUR_3, JOUR)
    await worker.hand_over(room, JOUR_3)
    assert await code_of(worker.do(room, "identify")) == "not_yours"
    await other.room(room).settle()
    assert (await other.do(room, "identify"))["receipt"]["organisation"] == MALMO  # type: ignore[index]  # an object
    await other.room(room).disclose(STAYS, GIVEN)
    assert await officer.heard(room) == [GIVEN]
    assert await on_record(night, MALMO) == 2
    assert await on_record(night, JOUR) == 0
    await night.verified()


async def test_what_is_closed_names_nobody(night: Story, officer: Handset, worker: Handset) -> None:
    """Closing comes first, and the press after it is refused, with nothing entered."""
    room = await talking(officer, worker)
    await worker.do(room, "close", ending="advice")
    assert await code_of(officer.do(room, "identify")) == "not_open"
    assert await code_of(worker.room(room).disclose(STAYS, GIVEN)) == "not_open"
    assert await entered(night, room) == []
    assert await on_record(night, MALMO) == 0
    await night.verified()


@pytest.mark.parametrize("turn", range(2))
async def test_naming_and_closing_at_once_leave_one_truth(
    night: Story, officer: Handset, worker: Handset, turn: int
) -> None:
    """Whichever is first: closed without a name and without an entry, or named with one and then closed."""
    room = await talking(officer, worker)
    acts = [officer.do(room, "identify"), worker.do(room, "close", ending="advice")]
    done = await asyncio.gather(*(acts[::-1] if turn else acts), return_exceptions=True)
    refused = [one.code for one in done if isinstance(one, Problem)]
    c = await night.latest()
    assert c.state is State.CLOSED
    assert refused == ([] if c.identified else ["not_open"])
    assert await on_record(night, MALMO) == c.identified
    await night.verified()


@pytest.mark.parametrize("turn", range(2))
async def test_naming_and_handing_over_at_once_leave_one_truth(
    night: Story, devices: Handsets, officer: Handset, worker: Handset, turn: int
) -> None:
    """It is named once or not yet, whoever has it then; the entry and the talk say the same."""
    room = await talking(officer, worker)
    await devices.of(JOUR_3, JOUR)
    acts = [officer.do(room, "identify"), worker.hand_over(room, JOUR_3)]
    done = await asyncio.gather(*(acts[::-1] if turn else acts), return_exceptions=True)
    refused = [one.code for one in done if isinstance(one, Problem)]
    c = await night.latest()
    assert c.holder == JOUR_3
    assert refused == ([] if c.identified else ["rekey_needed"])
    assert await on_record(night, MALMO) == c.identified
    await night.verified()
