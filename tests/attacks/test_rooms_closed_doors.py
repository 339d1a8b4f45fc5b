"""Every door of requests, offers and rooms, for those to whom it is not open: the table of routes decides what is tried."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Final

import pytest

from bot.client.api import Json, Problem
from bot.client.room_plan import make_epoch, read_plan
from bot.core.consultation import State
from bot.core.ids import ConsultationId, OfferId, OrganisationId, PersonId, RoomId
from bot.core.request import Outcome
from bot.core.roster import Override, OverrideId
from bot.flow.advance import overdue
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.seal.event import to_bytes
from bot.seal.grant import give_history
from bot.seal.wire import to_base64url
from bot.web.room_rows import SERVED
from tests.attacks.talking import JOUR_HOME, MALMO, POLISEN, Body, Talking, talking
from tests.attacks.town import JOUR, OFFICER, WORKER, WORKER_2, Town
from tests.stories.handsets import Handset, Handsets, handsets

OFFICER_2 = "p-polis-malmo-2"
OF_NOBODY: Final = "/api/v1/choices"  # the one that needs no session
DOORS: Final = sorted((route.method, route.path) for route in SERVED if route.path != OF_NOBODY)
NAMED: Final = [door for door in DOORS if "{" in door[1]]
A: Final = "AAAA"  # three bytes
BODIES: Final[dict[str, Body]] = {
    "consultations": {"district": "lpo-malmo-norr", "matter": "child", "need": "advice", "urgency": "now"},
    "close": {"ending": "advice"},
    "accept": {
        "event": A,
        "keys": [{"device": A, "key": A}],
        "escrows": [{"organisation": "malmo", "escrow": A}],
    },
    "events": {"event": A},
    "grants": {"event": A, "keys": [{"epoch": 1, "key": A}]},
    "handover": {"to": JOUR, "grants": []},
}


@pytest.fixture
async def devices(town: Town) -> AsyncIterator[Handsets]:
    """Devices of one night; in the end everything verifies."""
    async with handsets(town.deps, town.clock, town.folder) as found:
        yield found
        assert await town.verified() == ""


@pytest.fixture
async def talk(town: Town, devices: Handsets) -> Talking:
    """An officer and a worker in a room, each on a device."""
    return await talking(town, devices)


async def offer_of(talk: Talking) -> str:
    """The offer that was accepted."""
    found = await talk.town.deps.store.read(lambda tx: tx.consultations.get(ConsultationId(talk.id)))
    assert found is not None
    return found.offers[0].id


async def knock(talk: Talking, by: Handset, door: tuple[str, str], offer: str) -> str:
    """How one device is refused at a door of that talk; nothing has changed."""
    method, path = door
    path = path.format(room=talk.id, consultation=talk.id, offer=offer)
    if method == "GET":
        return await talk.refused(by.api.get(path))
    name = door[1].rpartition("/")[2]
    body = BODIES.get("accept" if name in {"epochs", "{offer}"} else name, {})
    return await talk.refused(by.api.post(path, body, key=talk.fresh()))


def is_unread(door: tuple[str, str], refusal: str) -> bool:
    """What begins an epoch and is none is refused before anybody looks who sent it, and where."""
    return refusal == "bad_seal" and door[1].endswith(("/accept", "/epochs", "/takeovers/{offer}"))


def closed(door: tuple[str, str]) -> str:
    """How a named door is closed. Of a talk to take over all hear the same, be it another's, gone, or none at all."""
    return "taken" if "/takeovers/" in door[1] else "not_yours"


async def test_every_named_door_is_closed_to_strangers(talk: Talking) -> None:
    """An officer with somebody else's ids, and a worker who was not asked: refused alike, whatever they try."""
    offer = await offer_of(talk)
    officer, worker = await talk.devices.of(OFFICER_2, POLISEN), await talk.devices.of(WORKER_2, MALMO)
    for stranger in (officer, worker):
        for door in NAMED:
            if stranger is worker and "/takeovers/" in door[1]:
                continue  # a colleague of that function may, while the officer waits for an answer
            refusal = await knock(talk, stranger, door, offer)
            assert refusal == closed(door) or is_unread(door, refusal), door
    unknown = await knock(talk, worker, ("GET", "/api/v1/takeovers/{offer}"), "0" * 32)
    assert unknown == "taken"


async def test_every_door_is_closed_to_a_revoked_device_with_its_session(talk: Talking) -> None:
    """It was signed in a moment ago: nothing is read, taken, given or begun by it any more."""
    offer, lost = await offer_of(talk), await talk.devices.of(OFFICER, POLISEN)
    await lost.room(talk.id).say("Jag är med.")
    await talk.devices.lose(lost)
    for door in DOORS:
        refusal = await knock(talk, lost, door, offer)
        assert refusal == "401" or is_unread(door, refusal), door


async def test_every_door_is_closed_to_somebody_suspended(talk: Talking) -> None:
    """Suspended in the middle of a talk: their session is nobody's, whatever they hold."""
    offer = await offer_of(talk)
    await talk.town.change(WORKER, active=False)
    for door in DOORS:
        refusal = await knock(talk, talk.worker, door, offer)
        assert refusal == "401" or is_unread(door, refusal), door


async def test_the_door_of_a_room_is_closed_to_a_lapsed_holder(talk: Talking) -> None:
    """Silent for too long, somebody else is looked for: neither the room nor its keys are theirs any more."""
    offer = await offer_of(talk)
    await talk.room(talk.officer).say("Är du kvar?")
    due = await talk.town.deps.store.read(lambda tx: tx.consultations.next_due())
    assert due is not None
    talk.town.clock.move(due - talk.town.clock.now() + timedelta(seconds=1))
    await _lapse(talk)
    for door in NAMED:
        refusal = await knock(talk, talk.worker, door, offer)
        wanted = "taken" if "/offers/" in door[1] else closed(door)
        assert refusal == wanted or is_unread(door, refusal), door


async def _lapse(talk: Talking) -> None:
    """The deadline of the talk has passed, as its loop would notice."""

    def act(tx: Tx) -> None:
        c = tx.consultations.get(ConsultationId(talk.id))
        assert c is not None
        overdue(tx, talk.town.deps, c, talk.town.clock.now())

    await talk.town.deps.store.write(act)


async def opening(of: Handset, offer: str) -> Json:
    """What an honest device brings when it accepts."""
    planned = read_plan((await of.api.get(f"/api/v1/offers/{offer}"))["plan"])
    await of.trust.check(planned.organisations)
    draw = of.deps.entropy.draw
    return make_epoch(planned, of.trust.members, secret=of.device.secret, person=of.person, draw=draw).body


async def test_an_offer_that_lapsed_is_not_accepted(town: Town, devices: Handsets) -> None:
    """A second too late, with everything right: it is taken by nobody, no room begins, and a decline comes too late."""
    officer, worker = await devices.of(OFFICER, POLISEN), await devices.of(WORKER, MALMO)
    consultation = await officer.ask()
    offer = await worker.offered()
    body = await opening(worker, offer)
    found = await town.deps.store.read(lambda tx: tx.consultations.by_offer(OfferId(offer)))
    assert found is not None
    talk = Talking(town, devices, officer, worker, consultation)
    town.clock.move(found.pending[0].until - town.clock.now() + timedelta(microseconds=1))
    for what, sent in (("accept", body), ("decline", {})):
        attempt = worker.api.post(f"/api/v1/offers/{offer}/{what}", sent, key=talk.fresh())
        assert await talk.refused(attempt) == "taken"
    assert await town.deps.store.read(lambda tx: tx.rooms.holders(RoomId(consultation))) == {}


async def test_an_offer_of_somebody_off_duty_is_not_accepted_and_goes_on(
    town: Town, devices: Handsets
) -> None:
    """Off duty since the doorbell rang, with everything right: no room begins, and the chain does not wait for them."""
    officer, worker = await devices.of(OFFICER, POLISEN), await devices.of(WORKER, MALMO)
    consultation = await officer.ask()
    offer = await worker.offered()
    body, now = await opening(worker, offer), town.clock.now()

    def went_home(tx: Tx) -> None:
        """As the store keeps it; without whatever else follows a change."""
        me = PersonId(WORKER)
        gone = Override(
            id=OverrideId("gone"),
            person=me,
            on_duty=False,
            starts=now,
            ends=now + timedelta(hours=1),
            by=me,
            made=now,
        )
        tx.rosters.override(gone, fact(town.deps, OrganisationId(MALMO), "override", now, by=me))

    await town.deps.store.write(went_home)
    talk = Talking(town, devices, officer, worker, consultation)
    with pytest.raises(Problem) as problem:
        await worker.api.post(f"/api/v1/offers/{offer}/accept", body, key=talk.fresh())
    assert problem.value.code == "not_eligible"
    found = await town.deps.store.read(lambda tx: tx.consultations.by_offer(OfferId(offer)))
    assert found is not None
    assert found.offers[0].outcome is Outcome.WITHDRAWN
    assert len(found.offers) > 1 or found.state is State.PHONED
    assert await town.deps.store.read(lambda tx: tx.rooms.holders(RoomId(consultation))) == {}


async def test_what_was_made_for_one_plan_does_not_fit_another(town: Town, devices: Handsets) -> None:
    """The officer gets another device between looking and accepting: the room is not begun without it."""
    officer, worker = await devices.of(OFFICER, POLISEN), await devices.of(WORKER, MALMO)
    consultation = await officer.ask()
    offer = await worker.offered()
    body = await opening(worker, offer)
    second = await devices.of(OFFICER, POLISEN)
    talk = Talking(town, devices, officer, worker, consultation)
    key = talk.fresh()
    path = f"/api/v1/offers/{offer}/accept"
    assert await talk.refused(worker.api.post(path, body, key=key)) == "plan_stale"
    taken = await worker.api.post(
        path, await opening(worker, offer), key=key
    )  # what was refused used up no key
    assert taken["room"] == consultation
    await worker.room(consultation).follow()
    assert second.device.id in worker.room(consultation).log.recipients


async def test_a_key_answers_for_its_own_act_only_and_changes_nothing_later(talk: Talking) -> None:
    """Used again with another body, on another door, or by somebody who has left: the first answer, or a refusal."""
    key = talk.fresh()
    first = await talk.put(talk.worker, talk.seal(talk.worker, "Sista ordet."), key=key)
    handed: Body = {"to": JOUR, "grants": []}
    await talk.devices.of(JOUR, JOUR_HOME)
    for where, body in (("handover", handed), ("epochs", BODIES["accept"]), ("grants", BODIES["grants"])):
        refusal = await talk.refused(talk.post(talk.worker, where, body, key=key))
        assert refusal in ("key_reused", "bad_seal"), where
    other = f"/api/v1/rooms/{to_base64url(bytes(12))}/events"
    event: Body = {"event": A}
    assert await talk.refused(talk.worker.api.post(other, event, key=key)) == "key_reused"
    await talk.worker.do(talk.id, "could-not-attend")
    before = await talk.size()
    assert await talk.put(talk.worker, talk.seal(talk.worker, "Sista ordet."), key=key) == first
    assert await talk.size() == before
    fresh = talk.put(talk.worker, talk.seal(talk.worker, "Ett till."))
    assert await talk.refused(fresh) == "not_yours"


async def test_a_receiver_gives_nothing_in_an_epoch_that_they_are_not_in(talk: Talking) -> None:
    """Handed over and handed back: whoever has it again has every key, and still signs nothing before their own epoch."""
    jour = await talk.devices.of(JOUR, JOUR_HOME)
    await talk.worker.hand_over(talk.id, JOUR)
    await jour.room(talk.id).say("Jag tog över.")
    await jour.hand_over(talk.id, WORKER)
    assert (await talk.worker.heard(talk.id))[-1] == "Jag tog över."
    newcomer = await talk.devices.of(OFFICER, POLISEN)
    log = talk.room(talk.worker).log
    assert talk.worker.device.id not in log.recipients
    event, sealed = give_history(
        room_keys=[log.keys[1]],
        head=log.head,
        secret=talk.worker.device.secret,
        author=WORKER,
        to=newcomer.device.secret.public,
    )
    keys = [{"epoch": epoch, "key": to_base64url(blob.content)} for epoch, blob in sealed.items()]
    body: Body = {"event": to_base64url(to_bytes(event)), "keys": keys}
    assert await talk.refused(talk.post(talk.worker, "grants", body)) == "bad_seal"
    assert await talk.refused(talk.put(talk.worker, talk.seal(talk.worker))) == "rekey_needed"
    await talk.worker.room(talk.id).say("Och nu är jag tillbaka.")
    assert await talk.worker.give_history(talk.id) == 2
    assert len(await newcomer.heard(talk.id)) == 4
