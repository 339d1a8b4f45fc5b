"""A talk is opened over HTTP, by supervisors at Python devices, and again with one of them away; nothing leaks."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bot.client import opening
from bot.client.api import Api, Json, Problem, opened
from bot.client.device import PythonDevice, sign_in
from bot.client.files import Known
from bot.core.errors import Denied
from bot.core.ids import OrganisationId, PersonId
from bot.flow import door
from bot.flow.deps import fresh_id
from bot.flow.sign_in import issue_link
from bot.flow.upkeep import origin
from bot.keyring import read_device, read_signing
from bot.seal.errors import SealError, WrongShare
from bot.seal.keys import make_device
from bot.seal.opening import ask
from bot.seal.passing import for_opening
from bot.seal.room import RoomKey
from bot.seal.threshold import Supervisor, from_bytes, make_escrow, open_share, to_bytes
from bot.seal.trust import Pins
from bot.seal.wire import from_base64url, to_base64url
from tests.flow.openings_world import altered_bytes
from tests.stories.story import EVENING_1, OFFICER, Story

MALMO = OrganisationId("malmo")
CHIEFS = ("p-malmo-chef-1", "p-malmo-chef-2", "p-malmo-chef-3")
SAID = ("Vi har ett barn i bilen.", "Jag är där om tio minuter.")


@dataclass(slots=True)
class At:
    """A supervisor at a device, signed in over HTTP."""

    device: PythonDevice
    api: Api


@dataclass(slots=True)
class Night:
    """The running demo, and supervisors at their devices."""

    story: Story
    stack: AsyncExitStack

    @property
    def now(self) -> int:
        return int(self.story.clock.now().timestamp())

    async def at(self, person: str, organisation: OrganisationId = MALMO) -> At:
        deps, folder = self.story.deps, self.story.database.parent
        secret = read_device(folder / "supervisors" / f"{organisation}--{person}.key", deps.entropy)
        root = read_signing(folder / "roots" / f"{organisation}.key", deps.entropy)
        pins = Pins(
            organisation=organisation,
            root=root.public,
            origin=origin(deps.base_url, organisation),
            ledger=deps.keys.ledger.public,
        )
        known = Known(
            origin=deps.base_url, organisation=organisation, person=person, pins={organisation: pins}
        )
        device = PythonDevice(folder=folder / "clients" / person, secret=secret, known=known)
        api = await self.stack.enter_async_context(opened(deps.base_url))
        await sign_in(api, device)
        return At(device, api)

    async def talk(self) -> str:
        """The officer and the worker talk on their phones; returns the room."""
        await self.story.open_talk()
        await self.story.phone(OFFICER).say(SAID[0])
        await self.story.phone(EVENING_1).wait_for_text(SAID[0])
        await self.story.phone(EVENING_1).say(SAID[1])
        await self.story.phone(OFFICER).wait_for_text(SAID[1])
        room = (await self.story.latest()).room
        assert room is not None
        return room

    async def ask(
        self, who: At, room: str, purpose: str = "log-check", ground: str = "lag-2001-454-10"
    ) -> str:
        """Ask to open; returns the opening's id."""
        id_ = fresh_id(self.story.clock.now(), self.story.deps.entropy)
        told = await opening.request(
            who.api,
            who.device,
            opening=id_,
            room=room,
            purpose=purpose,
            ground=ground,
            at=self.now,
            until=self.now + 1800,
        )
        assert told["opening"] == id_
        return id_

    async def help(self, who: At, id_: str) -> int:
        return await opening.pass_on(who.api, who.device, id_, now=self.now)

    async def read(self, who: At, id_: str) -> list[str]:
        found = await opening.read(who.api, who.device, id_, now=self.now)
        assert found.closed == ()
        return [line.text for line in found.lines]


@pytest.fixture
async def town(night: Story) -> AsyncIterator[Night]:
    """A Saturday night, with everybody who has a key file."""
    async with AsyncExitStack() as stack:
        yield Night(story=night, stack=stack)


async def refused(code: str, act: object) -> None:
    with pytest.raises(Problem) as caught:
        await act  # type: ignore[misc]  # one of the coroutines below
    assert caught.value.code == code


async def test_two_of_three_open_and_everybody_hears_of_it(town: Night) -> None:
    """Two supervisors read what was said, whoever of the three is away; officer and worker are told; all of it holds."""
    room = await town.talk()
    one, two, three = [await town.at(person) for person in CHIEFS]
    offered = await opening.purposes(one.api)
    assert offered["needed"] == 2
    assert "log-check" in {purpose["purpose"] for purpose in offered["purposes"]}
    assert "supervision" not in {purpose["purpose"] for purpose in offered["purposes"]}
    id_ = await town.ask(one, room)
    (waiting,) = await opening.newest(two.api)
    assert (waiting["opening"], waiting["left"], waiting["mine"]) == (id_, 1, False)
    assert waiting["purpose_label"] == "Loggkontroll"
    await refused("opening_incomplete", opening.read(one.api, one.device, id_, now=town.now))
    assert await town.help(two, id_) == 1
    assert await town.read(one, id_) == list(SAID)
    for person in (OFFICER, EVENING_1):
        told = await town.story.phone(person).wait_for_text("Loggkontroll")
        assert "2 chefer" in told.text
    await opening.end(one.api, id_)
    await refused("opening_over", opening.read(one.api, one.device, id_, now=town.now))
    again = await town.ask(three, room)
    await town.help(one, again)
    assert await town.read(three, again) == list(SAID)
    assert await town.story.verified() > 0


async def test_everything_takes_a_device(town: Night) -> None:
    """A session without a device, of a supervisor or of anybody, sees and does nothing here; nor does nobody."""
    room = await town.talk()
    one = await town.at(CHIEFS[0])
    id_ = await town.ask(one, room)
    link = await issue_link(town.story.deps, PersonId(CHIEFS[1]))
    bare = await town.stack.enter_async_context(opened(town.story.deps.base_url))
    reads = (
        "/openings",
        "/openings/purposes",
        f"/openings/{id_}",
        f"/openings/{id_}/material",
        f"/openings/{id_}/events",
        "/seats",
        "/seats/state",
    )
    share = {"room": room, "epoch": 1, "passed": "AA"}
    writes: dict[str, dict[str, object]] = {
        "/openings": {"request": "AA"},
        f"/openings/{id_}/shares": {"shares": [share]},
        f"/openings/{id_}/wrong": {"room": room, "epoch": 1, "seat": "x"},
        f"/openings/{id_}/redeals": {"redeals": [{"room": room, "epoch": 1, "redeal": "AA", "escrow": "AA"}]},
        f"/openings/{id_}/end": {},
        "/seats/hand-on": {"shares": [share]},
    }
    for code in ("401", "device_needed"):
        for path in reads:
            await refused(code, bare.get(f"/api/v1{path}"))
        for path, body in writes.items():
            await refused(code, bare.post(f"/api/v1{path}", body))
        if code == "401":
            await bare.post("/api/v1/sessions", {"token": link.partition("#")[2]})


async def test_bodies_are_bounded_and_strict(town: Night) -> None:
    """What is too large, of another form, or not in canonical base64url is refused with a clear code."""
    one = await town.at(CHIEFS[0])
    for path, body in (
        ("/openings", {"request": "AA=="}),
        ("/openings", {"request": "AB"}),
        ("/openings", {"request": "AA", "more": 1}),
        ("/openings", {}),
        ("/openings/x/shares", {"shares": []}),
        ("/openings/x/shares", {"shares": [{"room": "r", "epoch": 0, "passed": "AA"}]}),
        ("/openings/x/shares", {"shares": [{"room": "r", "epoch": 1, "passed": "AA"}] * 129}),
        ("/openings/x/end", {"more": 1}),
    ):
        await refused("400", one.api.post(f"/api/v1{path}", body))
    await refused("413", one.api.post("/api/v1/openings", {"request": "A" * 40_000}))
    await refused("400", one.api.get("/api/v1/seats", after="x"))
    await refused("400", one.api.get("/api/v1/openings/x/events", after="-1"))
    await refused("not_yours", one.api.get("/api/v1/openings/x"))


async def test_an_altered_share_is_named_over_http(town: Night) -> None:
    """A dishonest supervisor is found out by the device that asked, and the others see the accusation."""
    room = await town.talk()
    one, two = [await town.at(person) for person in CHIEFS[:2]]
    id_ = await town.ask(one, room)
    detail = await two.api.get(f"/api/v1/openings/{id_}")
    (epoch,) = detail["epochs"]
    escrow = from_bytes(from_base64url(epoch["escrow"]))
    share = open_share(escrow, person=CHIEFS[1], secret=two.device.secret)
    bad = altered_bytes(
        for_opening(id_), escrow, share, sender=two.device.secret, to=one.device.secret.public
    )
    path = f"/api/v1/openings/{id_}/shares"
    await two.api.post(path, {"shares": [{"room": room, "epoch": 1, "passed": to_base64url(bad)}]})
    with pytest.raises(WrongShare) as caught:
        await town.read(one, id_)
    assert caught.value.people == (CHIEFS[1],)
    await opening.call_wrong(one.api, id_, room=room, epoch=1, seat=CHIEFS[1])
    detail = await two.api.get(f"/api/v1/openings/{id_}")
    assert detail["epochs"][0]["wrong"] == [CHIEFS[1]]
    assert detail["epochs"][0]["passed"][0]["wrong"] is True
    town.story.clock.move(timedelta(seconds=1))
    assert await town.help(two, id_) == 1
    assert await town.read(one, id_) == list(SAID)


async def test_a_drill_and_a_redeal_with_one_supervisor_gone(town: Night) -> None:
    """The monthly drill with one away; then one is gone for good, the others deal again, and the alarm goes out."""
    room = await town.talk()
    one, two, three = [await town.at(person) for person in CHIEFS]
    drill = await town.ask(one, room, "drill", "routine-drill")
    await town.help(three, drill)
    assert await opening.practise(one.api, one.device, drill, now=town.now) == 1
    await refused("opening_incomplete", one.api.get(f"/api/v1/openings/{drill}/events"))
    await opening.end(one.api, drill)
    deps = town.story.deps
    person = await deps.store.read(lambda tx: tx.people.get(PersonId(CHIEFS[2])))
    assert person is not None
    await deps.store.write(lambda tx: door.change(tx, deps, replace(person, active=False), by="test"))
    told = await opening.state(one.api)
    assert (told["enrolled"], told["thin"], told["lost"], told["alarm"]) == (2, 1, 0, True)
    id_ = fresh_id(town.story.clock.now(), deps.entropy)
    await opening.request(
        one.api,
        one.device,
        opening=id_,
        room="*",
        purpose="redeal",
        ground="routine-redeal",
        at=town.now,
        until=town.now + 7200,
    )
    assert await opening.deal_again(one.api, one.device, id_, now=town.now, draw=deps.entropy.draw) == 0
    assert await town.help(two, id_) == 1
    assert await opening.deal_again(one.api, one.device, id_, now=town.now, draw=deps.entropy.draw) == 1
    assert await opening.deal_again(one.api, one.device, id_, now=town.now, draw=deps.entropy.draw) == 0
    await opening.end(one.api, id_)
    told = await opening.state(one.api)
    assert (told["enrolled"], told["thin"], told["lost"]) == (2, 0, 0)
    again = await town.ask(two, room)
    await town.help(one, again)
    assert await town.read(two, again) == list(SAID)
    assert await town.story.verified() > 0


class Lying:
    """The server as it is, but for what is changed in its answers; a share that leaves the device is a failure."""

    def __init__(self, api: Api, **changed: object) -> None:
        self._api, self._changed = api, changed

    async def get(self, path: str, **query: str | int) -> Json:
        told = await self._api.get(path, **query)
        return {**told, **{name: value for name, value in self._changed.items() if name in told}}

    async def post(self, path: str, body: Json) -> Json:
        raise AssertionError(f"something left the device: {path} {sorted(body)}")


async def test_a_server_that_lies_is_found_out(town: Night) -> None:
    """An altered request, another's, another room's, an escrow that is not in force: no share leaves the device."""
    room = await town.talk()
    one, two, three = [await town.at(person) for person in CHIEFS]
    id_ = await town.ask(one, room)
    told = await two.api.get(f"/api/v1/openings/{id_}")
    (epoch,) = told["epochs"]
    signed = from_base64url(told["request"])
    other_room = opening_request(one.device, id_, "another-room", town.now)
    another = opening_request(three.device, id_, room, town.now, person=CHIEFS[0])
    stranger = PythonDevice(folder=one.device.folder, secret=make_device(bytes(64)), known=one.device.known)
    for changed in (
        {"request": to_base64url(signed[:-1] + bytes([signed[-1] ^ 1]))},
        {"request": other_room},
        {"request": another},
        {"request": opening_request(stranger, id_, room, town.now)},
        {"request": opening_request(one.device, "another-opening", room, town.now)},
        {"request": opening_request(two.device, id_, room, town.now, person=CHIEFS[1])},
        {"request": opening_request(one.device, id_, room, town.now - 7200)},
        {"epochs": [{**epoch, "escrow": epoch["began"]}]},
        {"epochs": [{**epoch, "redeals": [told["request"]]}]},
        {"epochs": [{**epoch, "escrow": await another_escrow(town, epoch)}]},
    ):
        with pytest.raises(SealError):
            await opening.pass_on(Lying(two.api, **changed), two.device, id_, now=town.now)  # type: ignore[arg-type]
    with pytest.raises(Denied):
        await opening.read(two.api, two.device, id_, now=town.now)
    assert await town.help(two, id_) == 1


async def test_a_transcript_that_was_tampered_with_is_not_shown(town: Night) -> None:
    """Events left out, swapped, doubled or altered, and keys of another epoch: the device shows nothing."""
    room = await town.talk()
    one, two, _ = [await town.at(person) for person in CHIEFS]
    id_ = await town.ask(one, room)
    await town.help(two, id_)
    assert await town.read(one, id_) == list(SAID)
    told = (await one.api.get(f"/api/v1/openings/{id_}/events"))["events"]
    last = from_base64url(told[-1])
    for events in (
        told[1:],
        told[:1] + told[2:],
        [*told[:-2], told[-1], told[-2]],
        [*told, told[-1]],
        [*told[:-1], to_base64url(last[:-1] + bytes([last[-1] ^ 1]))],
    ):
        lying = Lying(one.api, events=events)
        with pytest.raises(SealError):
            await opening.read(lying, one.device, id_, now=town.now)  # type: ignore[arg-type]


def opening_request(device: PythonDevice, id_: str, room: str, at: int, person: str = "") -> str:
    """A request as that device signs it."""
    signed = ask(
        secret=device.secret,
        opening=id_,
        organisation=MALMO,
        room=room,
        purpose="log-check",
        ground="lag-2001-454-10",
        person=person or device.known.person,
        at=at,
        until=at + 1800,
    )
    return to_base64url(signed.content)


async def another_escrow(town: Night, epoch: Json) -> str:
    """An escrow of the same room that nobody has put in force."""
    escrow, deps = from_bytes(from_base64url(epoch["escrow"])), town.story.deps
    key = RoomKey(room=escrow.room, epoch=escrow.epoch, key=bytes(32))
    members = await opening.home_members((at := await town.at(CHIEFS[0])).api, at.device, now=town.now)
    people = [
        Supervisor(person=seat.person, devices=[members[share.device_id].public for share in seat.shares])
        for seat in escrow.seats
    ]
    made = make_escrow(key, t=escrow.t, supervisors=people, escrow_key=deps.entropy.draw(32), iv=bytes(12))
    return to_base64url(to_bytes(made))
