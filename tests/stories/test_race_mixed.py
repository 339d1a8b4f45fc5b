"""A crowd presses at the same moment, half of it at devices and half in Telegram: one gets it, all others hear who."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.bench.handsets import Handset, enrol
from bot.client.room_plan import make_epoch, read_plan
from bot.client.room_trust import Trust
from bot.content import Content
from bot.core.consultation import Consultation, State
from bot.core.press import Reply, Say, encode
from bot.core.request import Offer, Outcome
from bot.core.weekly import expand
from bot.flow.door import change
from bot.flow.enrol import put_roster
from bot.flow.ports import Tx
from bot.flow.sign_in import draw_token, open_session
from bot.keyring import read_signing
from bot.seal.wire import to_base64url
from bot.web.deps import SITE
from tests.stories.crowd import MALMO, crowded, made_up, named
from tests.stories.handsets import handsets
from tests.stories.story import NIGHT, OFFICER, Story, story
from tests.stories.wire import post, press_of

HALVES = (50, pytest.param(500, marks=pytest.mark.long))  # a thousand take a minute and a half
PATIENCE = timedelta(minutes=1)  # for the officer's card when so many are asked in one act
FIRST, LAST = date(2026, 11, 20), date(2026, 11, 23)
TAKEN = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Somebody at a device, signed in."""

    handset: Handset
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a device sends in order to accept, made ready beforehand."""

    offer: Offer
    seat: Seat
    body: dict[str, object]


@pytest.mark.parametrize("half", HALVES)
async def test_of_all_claims_on_two_channels_one_wins(malmo: Content, tmp_path: Path, half: int) -> None:
    """One winner and one room; everybody else is told that it is taken, and by which function."""
    phones, devices = range(half), range(half, 2 * half)
    async with story(tmp_path, crowded(malmo, phones=half, at_once=2 * half), NIGHT) as night:
        seats = await _seated(night, malmo, tmp_path, devices)
        asked = await _all_asked(night, 2 * half)
        offers = {offer.person: offer for offer in asked.offers}
        claims = await _made_ready(night, seats, offers, tmp_path)
        answers = await _claimed(night, claims, [offers[named(n)] for n in phones])
        await night.quiet()
        await _one_won(night, 2 * half)
        statuses = [status for status, _ in answers]
        told = [night.phone(named(n)).last.text for n in phones]
        in_chats = sum("Du har förfrågan" in text for text in told)
        assert statuses.count(201) + in_chats == 1
        assert statuses.count(TAKEN) == half - statuses.count(201)
        assert {code for status, code in answers if status == TAKEN} == {"taken"}
        assert sum("kväll" in text and "tag" in text.lower() for text in told) == half - in_chats


async def _seated(night: Story, malmo: Content, folder: Path, numbers: range) -> list[Seat]:
    """Half of them work at devices alone: enrolled, vouched for, signed in, on duty."""
    people, rules = made_up(malmo, numbers)
    shifts = tuple(expand(rules, first=FIRST, last=LAST))
    root = read_signing(folder / "roots" / f"{MALMO}.key", night.deps.entropy)

    def act(tx: Tx) -> list[Seat]:
        seats = []
        for person in people:
            change(tx, night.deps, person, by="test")
            handset, token = enrol(tx, night.deps, person, MALMO, root), draw_token(night.deps.entropy)
            open_session(tx, person.id, token, night.deps.clock.now(), device=handset.device.id)
            seats.append(Seat(handset=handset, token=token))
        put_roster(tx, night.deps, MALMO, "devices", shifts, by="test")
        return seats

    return await night.deps.store.write(act)


async def _all_asked(night: Story, many: int) -> Consultation:
    await night.ask_for(night.phone(OFFICER), within=PATIENCE)
    await night.quiet()
    asked = await night.latest()
    assert {offer.person for offer in asked.pending} == {named(n) for n in range(many)}
    return asked


async def _made_ready(night: Story, seats: list[Seat], offers: dict[Any, Offer], folder: Path) -> list[Claim]:
    """Each device has read what is planned and made the next epoch; one of them has checked the directories for all."""
    async with handsets(night.deps, night.clock, folder) as devices, _session() as session:
        trust = (await devices.of(seats[0].handset.person.id, MALMO)).trust
        return [await _ready(night, session, trust, seat, offers[seat.handset.person.id]) for seat in seats]


async def _ready(
    night: Story, session: aiohttp.ClientSession, trust: Trust, seat: Seat, offer: Offer
) -> Claim:
    url = f"{night.deps.base_url}/api/v1/offers/{offer.id}"
    async with session.get(url, headers=_headers(night, seat)) as answer:
        assert answer.status == 200
        planned = read_plan((await answer.json())["plan"])
    await trust.check(planned.organisations, within=60)
    person, draw = seat.handset.person.id, night.deps.entropy.draw
    made = make_epoch(planned, trust.members, secret=seat.handset.secret, person=person, draw=draw)
    return Claim(offer=offer, seat=seat, body=made.body)


async def _claimed(night: Story, claims: list[Claim], pressed: list[Offer]) -> list[tuple[int, str]]:
    """All at once; of the devices' answers the status and the code."""
    presses: list[Coroutine[Any, Any, int]] = []
    for offer in pressed:
        phone = night.phone(offer.person)
        presses.append(post(night, press_of(phone, phone.last, encode(Reply(offer=offer.id, say=Say.YES)))))
    async with _session() as session:
        posted = asyncio.gather(*(_posted(night, session, claim) for claim in claims))
        statuses, answers = await asyncio.gather(asyncio.gather(*presses), posted)
    assert set(statuses) == {200}
    return answers


async def _posted(night: Story, session: aiohttp.ClientSession, claim: Claim) -> tuple[int, str]:
    url = f"{night.deps.base_url}/api/v1/offers/{claim.offer.id}/accept"
    key = to_base64url(night.deps.entropy.draw(16))
    headers = {**_headers(night, claim.seat), "Idempotency-Key": key}
    async with session.post(url, json=claim.body, headers=headers) as answer:
        return answer.status, (await answer.json()).get("code", "")


async def _one_won(night: Story, many: int) -> None:
    after = await night.latest()
    outcomes = [offer.outcome for offer in after.offers]
    assert after.state is State.OPEN
    assert (outcomes.count(Outcome.ACCEPTED), outcomes.count(Outcome.WITHDRAWN)) == (1, many - 1)
    assert night.rows("rooms") == 1
    assert night.rows("escrows") == 2  # of the board and of the police
    await night.verified()


def _session() -> aiohttp.ClientSession:
    """Everybody's requests at once, each with the cookie of its own."""
    connector = aiohttp.TCPConnector(limit=0)
    return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())


def _headers(night: Story, seat: Seat) -> dict[str, str]:
    cookie = night.shown.samjour.pages[SITE].cookie
    return {"Origin": night.deps.base_url, "Cookie": f"{cookie}={seat.token}"}
