"""Whatever a dishonest device, a former member or a stranger can send to a room is refused, and changes nothing."""

import base64
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.client.api import Api
from bot.core.ids import PersonId, RoomId
from bot.seal.event import Event, Head, sign_epoch, sign_grant, to_bytes
from bot.seal.grant import give_history
from bot.seal.keys import make_device
from bot.seal.padding import BUCKETS
from bot.seal.plain import Sealed
from bot.seal.symmetric import TAG
from bot.seal.wire import from_base64url, to_base64url
from bot.web.rooms import MAX_EPOCH, MAX_EVENT, MAX_HANDOVER
from tests.attacks.talking import JOUR_HOME, MALMO, POLISEN, Body, Talking, as_planned, talking
from tests.attacks.town import JOUR, OFFICER, WORKER, Town
from tests.stories.handsets import Handset, Handsets, handsets
from tests.web.serving import pieces

OFFICER_2 = "p-polis-malmo-2"
STRANGER = make_device(b"\x07" * 64)


def rows_of(body: Body, name: str) -> list[dict[str, str]]:
    """A list of a body that was built here."""
    found = body[name]
    assert isinstance(found, list)
    return found


@pytest.fixture
async def devices(town: Town) -> AsyncIterator[Handsets]:
    async with handsets(town.deps, town.clock, town.folder) as found:
        yield found


@pytest.fixture
async def talk(town: Town, devices: Handsets) -> Talking:
    """An officer and a worker in a room, each on a device; both have said something."""
    return await talking(town, devices)


@pytest.fixture
async def changing(talk: Talking) -> Talking:
    """The same, when the officer has just got a second device: a new epoch has to begin."""
    await talk.devices.of(OFFICER, POLISEN)
    return talk


# ---- events ------------------------------------------------------------------------------------------


async def test_an_honest_event_is_taken(talk: Talking) -> None:
    """What all the others differ from by one thing."""
    head = talk.room(talk.officer).log.head
    answer = await talk.put(talk.officer, talk.seal(talk.officer))
    assert answer["head"] != {"epoch": head.epoch, "seq": head.seq, "hash": to_base64url(head.hash)}
    assert await talk.worker.heard(talk.id) == ["Hej, vad gäller det?", "Ett barn, i natt.", "Hej."]
    assert await talk.town.verified() == ""


async def test_a_forged_sender_is_refused(talk: Talking) -> None:
    """One's own session carries nobody else's event, whoever signed it and in whoever's name."""
    theirs = talk.seal(talk.worker)
    named = replace(talk.seal(talk.officer), device_id=talk.worker.device.id)
    unknown = talk.seal(talk.officer, secret=STRANGER)
    for event in (theirs, named, unknown):
        assert await talk.refused(talk.put(talk.officer, event)) == "bad_seal"


async def test_a_spoofed_author_is_refused(talk: Talking) -> None:
    """A device speaks for its own person alone, although the signature holds."""
    spoofed = talk.seal(talk.worker, author=OFFICER)
    assert await talk.refused(talk.put(talk.worker, spoofed)) == "bad_seal"


async def test_a_replayed_event_is_stale(talk: Talking) -> None:
    """The same event again, under another key, is told where the room stands; so is one on an old head."""
    event = talk.seal(talk.officer)
    old = talk.room(talk.officer).log.head
    await talk.put(talk.officer, event)
    for again in (event, talk.seal(talk.officer, head=old)):
        assert await talk.refused(talk.put(talk.officer, again)) == "stale_head"


async def test_a_hole_in_the_chain_is_refused(talk: Talking) -> None:
    """A number left out, or another hash before it, is no event of this room."""
    head = talk.room(talk.officer).log.head
    for wrong in (replace(head, seq=head.seq + 1), replace(head, hash=bytes(32))):
        event = talk.seal(talk.officer, head=wrong)
        assert await talk.refused(talk.put(talk.officer, event)) == "bad_seal"


async def test_a_future_epoch_is_refused(talk: Talking) -> None:
    """Nobody speaks in an epoch that has not begun."""
    head = talk.room(talk.officer).log.head
    event = talk.seal(talk.officer, head=replace(head, epoch=head.epoch + 1))
    assert await talk.refused(talk.put(talk.officer, event)) == "bad_seal"


@pytest.mark.parametrize("kind", ["named", "Said", "epoch", "grant"])
async def test_only_words_and_receipts_are_events(talk: Talking, kind: str) -> None:
    """An epoch, a grant or a kind that nobody knows is not taken as an event, however well it is signed."""
    log = talk.room(talk.officer).log
    secret = talk.officer.device.secret
    signed = {
        "epoch": lambda: sign_epoch(head=log.head, secret=secret, author=OFFICER, manifest=b"m"),
        "grant": lambda: sign_grant(head=log.head, secret=secret, author=OFFICER, grant=b"g"),
    }
    event = signed[kind]() if kind in signed else talk.seal(talk.officer, kind=kind)
    assert await talk.refused(talk.put(talk.officer, event)) == "bad_seal"


async def test_bytes_that_are_no_event_are_refused(talk: Talking) -> None:
    """Truncated, with trailing bytes, with one bit changed, or empty of sense."""
    content = to_bytes(talk.seal(talk.officer))
    flipped = content[:40] + bytes([content[40] ^ 1]) + content[41:]
    for wrong in (content[:-1], content[1:], content + b"\0", flipped, b"\0", bytes(200)):
        assert await talk.refused(talk.put(talk.officer, wrong)) == "bad_seal"


async def test_other_spellings_of_base64_are_refused(talk: Talking) -> None:
    """The same bytes in another spelling are not the same event: padding, the other alphabet, blanks, loose bits."""
    content = to_bytes(talk.seal(talk.officer))
    while len(content) % 3 == 0:
        content = to_bytes(talk.seal(talk.officer, author=OFFICER, text="Hej igen."))
        content += b"\0"
    text = to_base64url(content)
    plain = base64.b64encode(content).decode()
    loose = text[:-1] + chr(ord(text[-1]) + 1)
    for wrong in (text + "=", f"{text}\n", f" {text}", plain, ""):
        body: Body = {"event": wrong}
        assert await talk.refused(talk.post(talk.officer, "events", body)) == "400"
    assert await talk.refused(talk.post(talk.officer, "events", {"event": loose})) == "bad_seal"


async def test_an_event_of_no_bucket_is_refused(talk: Talking) -> None:
    """A length that padding does not give could tell what was said."""
    event = talk.seal(talk.officer)
    content = to_bytes(event)
    longer = content.replace(event.ct, event.ct + b"\0").replace(
        len(event.ct).to_bytes(4, "big"), (len(event.ct) + 1).to_bytes(4, "big")
    )
    assert await talk.refused(talk.put(talk.officer, longer)) == "bad_seal"


async def test_the_largest_event_fits_and_nothing_larger(talk: Talking) -> None:
    """The largest bucket is taken; a body over the bound is not read."""
    largest = talk.seal(talk.officer, "å" * 32_000)
    assert len(largest.ct) == BUCKETS[-1] + TAG
    await talk.put(talk.officer, largest)
    body: Body = {"event": "A" * MAX_EVENT}
    assert await talk.refused(talk.post(talk.officer, "events", body)) == "413"
    for what, bound in (("events", MAX_EVENT), ("epochs", MAX_EPOCH), ("handover", MAX_HANDOVER)):
        asked = {"Origin": talk.officer.api.origin, "Idempotency-Key": talk.fresh()}
        url = f"{talk.officer.api.origin}{talk.path}/{what}"
        async with talk.officer.api._session.post(
            url, data=pieces(b" " * (bound + 1)), headers=asked
        ) as answer:
            assert answer.status == 413


async def test_an_event_of_another_room_is_refused(talk: Talking) -> None:
    """What was said in one room is not said in another."""
    other = Head(room="01a2000000007000800000000000aaaa", epoch=1, seq=3, hash=bytes(32))
    event = talk.seal(talk.officer, head=other)
    assert await talk.refused(talk.put(talk.officer, event)) == "bad_seal"


async def test_receipts_do_not_fill_a_room(talk: Talking) -> None:
    """Two for each device since anything else happened; then something must be said first."""
    room = talk.room(talk.officer)
    for _ in range(2):
        await talk.put(talk.officer, talk.seal(talk.officer, "read 3", kind="receipt"))
        await room.follow()
    third = talk.seal(talk.officer, "read 3", kind="receipt")
    assert await talk.refused(talk.put(talk.officer, third)) == "receipts_enough"
    await talk.room(talk.worker).follow()
    await talk.put(talk.worker, talk.seal(talk.worker, "read 3", kind="receipt"))
    await talk.room(talk.worker).say("Nytt.")
    await room.follow()
    await talk.put(talk.officer, talk.seal(talk.officer, "read 7", kind="receipt"))
    assert await talk.town.verified() == ""


# ---- who is in the room --------------------------------------------------------------------------------


async def test_strangers_learn_nothing_of_a_room(talk: Talking) -> None:
    """Another officer, and a worker who was not asked, get the same answer as for a room that does not exist."""
    for other in (await talk.devices.of(OFFICER_2, POLISEN), await talk.devices.of(JOUR, JOUR_HOME)):
        for path in (talk.path, "/api/v1/rooms/none", f"/api/v1/consultations/{talk.id}"):
            codes = [await talk.refused(other.api.get(path))]
            assert codes == ["not_yours"]
        for what in ("events", "keys", "handover"):
            path = f"{talk.path}/{what}"
            assert await talk.refused(other.api.get(path)) == "not_yours"
        event = talk.seal(talk.officer)
        assert await talk.refused(talk.put(other, event)) == "not_yours"


async def test_a_member_of_another_room_has_no_voice_here(talk: Talking) -> None:
    """Being in one room opens no other, not with an event and not with its keys."""
    other = await talk.devices.of(OFFICER_2, POLISEN)
    consultation = await other.ask()
    await talk.worker.accept()
    theirs = f"/api/v1/rooms/{consultation}/keys"
    assert await talk.refused(talk.officer.api.get(theirs)) == "not_yours"
    event = talk.seal(talk.worker)
    posted = {"event": to_base64url(to_bytes(event))}
    path = f"/api/v1/rooms/{consultation}/events"
    assert await talk.refused(talk.worker.api.post(path, posted, key=talk.fresh())) == "bad_seal"


async def test_a_room_takes_a_device_of_ones_own(talk: Talking) -> None:
    """A session without a device, as a sign-in link opens it, reads and says nothing in rooms."""
    browser: Api = await talk.town.session(WORKER)
    assert await talk.refused(browser.get(talk.path)) == "device_needed"
    posted = {"event": to_base64url(to_bytes(talk.seal(talk.worker)))}
    attempt = browser.post(f"{talk.path}/events", posted, key=talk.fresh())
    assert await talk.refused(attempt) == "device_needed"


async def test_nobody_signed_in_is_nobody(talk: Talking) -> None:
    """Without a session there is no room."""
    nobody = await talk.town.browser()
    assert await talk.refused(nobody.get(talk.path)) == "401"
    attempt = nobody.post(f"{talk.path}/events", {"event": "AAAA"}, key=talk.fresh())
    assert await talk.refused(attempt) == "401"


async def test_a_former_member_gets_no_key(talk: Talking) -> None:
    """Whoever could not come reads nothing and says nothing from then on; what they have they keep."""
    await talk.worker.do(talk.id, "could-not-attend")
    event = talk.seal(talk.worker)
    for path in (talk.path, f"{talk.path}/keys", f"{talk.path}/events"):
        assert await talk.refused(talk.worker.api.get(path)) == "not_yours"
    assert await talk.refused(talk.put(talk.worker, event)) == "not_yours"
    assert await talk.refused(talk.put(talk.officer, talk.seal(talk.officer))) == "not_open"


async def test_a_device_is_handed_its_own_keys_alone(talk: Talking) -> None:
    """Each gets what was sealed to it, and that it was handed out is on the ledger, once for each epoch and device."""

    async def keys(of: Handset) -> list[str]:
        told = await of.api.get(f"{talk.path}/keys")
        return [str(row["key"]) for row in told["keys"]]

    before = await talk.size()
    mine, theirs = await keys(talk.officer), await keys(talk.worker)
    assert len(mine) == len(theirs) == 1
    assert not set(mine) & set(theirs)
    assert await talk.size() == before  # both had read theirs before
    reads = await talk.town.deps.store.read(lambda tx: list(tx.audit.key_reads(RoomId(talk.id))))
    assert {(read.person, read.device) for read in reads} == {
        (PersonId(OFFICER), talk.officer.device.id),
        (PersonId(WORKER), talk.worker.device.id),
    }
    assert await talk.town.verified() == ""


async def test_a_revoked_device_has_no_voice(talk: Talking) -> None:
    """Its session is over, and its event is not taken in anybody else's."""
    lost = await talk.devices.of(OFFICER, POLISEN)
    await lost.room(talk.id).say("Från den andra.")
    await lost.room(talk.id).follow()
    event = talk.seal(lost)
    await talk.devices.lose(lost)
    assert await talk.refused(talk.put(lost, event)) == "401"
    await talk.room(talk.officer).follow()
    assert await talk.refused(talk.put(talk.officer, event)) in ("bad_seal", "rekey_needed")
    honest = talk.seal(talk.officer)
    assert await talk.refused(talk.put(talk.officer, honest)) == "rekey_needed"
    await talk.room(talk.officer).say("Nu utan den.")
    replayed = talk.seal(lost, head=talk.room(talk.officer).log.head)
    assert await talk.refused(talk.put(talk.officer, replayed)) in ("stale_head", "bad_seal")
    assert await talk.town.verified() == ""


# ---- epochs ---------------------------------------------------------------------------------------------


async def test_an_honest_epoch_is_taken(changing: Talking) -> None:
    """What all the others differ from by one thing."""
    forgery = as_planned(await changing.plan(changing.worker), changing.worker)
    body = forgery.body(changing.worker.device.secret, WORKER, changing.town.deps.entropy.draw)
    await changing.post(changing.worker, "epochs", body)
    assert await changing.town.verified() == ""


async def test_an_epoch_is_begun_by_a_member_in_their_own_name(changing: Talking) -> None:
    """A stranger, another device than the session's, and another author are refused."""
    forgery = as_planned(await changing.plan(changing.worker), changing.worker)
    draw, worker = changing.town.deps.entropy.draw, changing.worker
    stranger = await changing.devices.of(JOUR, JOUR_HOME)
    theirs = forgery.body(stranger.device.secret, JOUR, draw)
    assert await changing.refused(changing.post(stranger, "epochs", theirs)) == "not_yours"
    for body in (
        theirs,
        forgery.body(changing.officer.device.secret, OFFICER, draw),
        forgery.body(worker.device.secret, OFFICER, draw),
        forgery.body(STRANGER, WORKER, draw),
    ):
        assert await changing.refused(changing.post(worker, "epochs", body)) == "bad_seal"


async def test_the_recipients_are_exactly_those_planned(changing: Talking) -> None:
    """Nobody is let in beside the two people's devices, and nobody is left out."""
    planned = await changing.plan(changing.worker)
    forgery = as_planned(planned, changing.worker)
    outsider = (await changing.devices.of(JOUR, JOUR_HOME)).device.secret.public
    bridge = changing.town.deps.keys.bridge.public
    draw, secret = changing.town.deps.entropy.draw, changing.worker.device.secret
    for inside in (
        (*forgery.recipients, outsider),
        (*forgery.recipients, bridge),
        (*forgery.recipients, STRANGER.public),
        forgery.recipients[1:],
        (outsider, *forgery.recipients[1:]),
    ):
        wrong = replace(forgery, recipients=inside, sealed_for=inside)
        body = wrong.body(secret, WORKER, draw)
        assert await changing.refused(changing.post(changing.worker, "epochs", body)) == "plan_stale"


async def test_no_room_without_its_escrows(changing: Talking) -> None:
    """Not without any, not without the police's, not of another organisation, not with fewer seats, another t, other people."""
    forgery = as_planned(await changing.plan(changing.worker), changing.worker)
    (name, t, people), police = forgery.escrows
    draw, secret = changing.town.deps.entropy.draw, changing.worker.device.secret
    mine = replace(people[0], devices=[changing.worker.device.secret.public])
    stranger = replace(people[0], person=WORKER)
    for escrows in (
        ((name, t, people),),
        (police,),
        ((name, t, people), police, ("farsta", t, people)),
        ((name, t, people[:2]), police),
        ((name, t + 1, people), police),
        ((name, t, (people[1], people[0], *people[2:])), police),
        ((name, t, (mine, *people[1:])), police),
        ((name, t, (stranger, *people[1:])), police),
    ):
        body = replace(forgery, escrows=escrows).body(secret, WORKER, draw)
        assert await changing.refused(changing.post(changing.worker, "epochs", body)) == "plan_stale"
    whole = forgery.body(secret, WORKER, draw)
    none: Body = {**whole, "escrows": []}
    assert await changing.refused(changing.post(changing.worker, "epochs", none)) == "400"


async def test_what_comes_with_an_epoch_is_what_it_signed(changing: Talking) -> None:
    """A key or an escrow that is missing, added, repeated, exchanged or cut is found without opening it."""
    forgery = as_planned(await changing.plan(changing.worker), changing.worker)
    draw, secret = changing.town.deps.entropy.draw, changing.worker.device.secret
    whole, other = forgery.body(secret, WORKER, draw), forgery.body(secret, WORKER, draw)
    keys, escrows = rows_of(whole, "keys"), rows_of(whole, "escrows")
    swapped = [{**keys[0], "key": keys[1]["key"]}, {**keys[1], "key": keys[0]["key"]}, *keys[2:]]
    cut = [{**keys[0], "key": keys[0]["key"][:-4]}, *keys[1:]]
    for change in (
        {"keys": keys[1:]},
        {"keys": [*keys, keys[0]]},
        {"keys": swapped},
        {"keys": cut},
        {"keys": other["keys"]},
        {"escrows": other["escrows"]},
        {"escrows": [escrows[0], escrows[0]]},
        {"event": other["event"]},
        {"event": to_base64url(from_base64url(str(whole["event"])) + b"\0")},
        {"escrows": [{**escrows[0], "escrow": escrows[0]["escrow"][:-4]}, escrows[1]]},
    ):
        body = {**whole, **change}
        refusal = await changing.refused(changing.post(changing.worker, "epochs", body))
        assert refusal in ("bad_seal", "plan_stale"), change
    await changing.post(changing.worker, "epochs", whole)


async def test_another_suite_is_refused(changing: Talking) -> None:
    """A manifest or an escrow of a suite that nobody knows is none."""
    forgery = as_planned(await changing.plan(changing.worker), changing.worker)
    whole = forgery.body(changing.worker.device.secret, WORKER, changing.town.deps.entropy.draw)
    one, two = (1).to_bytes(8, "big"), (2).to_bytes(8, "big")
    event = from_base64url(str(whole["event"]))
    at = event.index(b"samjour/epoch/v1") + len("samjour/epoch/v1") + 4
    assert event[at : at + 8] == one
    manifest = event[:at] + two + event[at + 8 :]
    first, second = rows_of(whole, "escrows")
    escrow = from_base64url(str(first["escrow"])).replace(one, two, 1)
    for change in (
        {"event": to_base64url(manifest)},
        {"escrows": [{**first, "escrow": to_base64url(escrow)}, second]},
    ):
        body = {**whole, **change}
        assert await changing.refused(changing.post(changing.worker, "epochs", body)) == "bad_seal"


async def test_an_epoch_is_not_begun_for_nothing_nor_twice(changing: Talking) -> None:
    """The second who begins the same epoch reads on instead; where everybody is in, there is nothing to begin."""
    planned = await changing.plan(changing.worker)
    draw, secret = changing.town.deps.entropy.draw, changing.worker.device.secret
    forgery = as_planned(planned, changing.worker)
    first, second = forgery.body(secret, WORKER, draw), forgery.body(secret, WORKER, draw)
    await changing.post(changing.worker, "epochs", first)
    assert await changing.refused(changing.post(changing.worker, "epochs", second)) == "stale_head"
    await changing.room(changing.worker).follow()
    again = replace(forgery, planned=replace(planned, head=changing.room(changing.worker).log.head))
    third = again.body(secret, WORKER, draw)
    assert await changing.refused(changing.post(changing.worker, "epochs", third)) == "rekey_unneeded"


async def test_an_epoch_cannot_be_skipped(changing: Talking) -> None:
    """The next epoch is the next, on the head that there is."""
    planned = await changing.plan(changing.worker)
    draw, secret = changing.town.deps.entropy.draw, changing.worker.device.secret
    for head in (
        replace(planned.head, epoch=planned.head.epoch + 1),
        replace(planned.head, seq=planned.head.seq + 1),
        replace(planned.head, hash=bytes(32)),
    ):
        wrong = as_planned(replace(planned, head=head), changing.worker).body(secret, WORKER, draw)
        assert await changing.refused(changing.post(changing.worker, "epochs", wrong)) == "bad_seal"


# ---- grants ---------------------------------------------------------------------------------------------


def granted(talk: Talking, to: Handset, epochs: list[int], *, of: Handset | None = None) -> Body:
    """A grant of these epochs, made on somebody's device."""
    giver = of or talk.worker
    log = talk.room(giver).log
    event, sealed = give_history(
        room_keys=[log.keys[epoch] for epoch in epochs],
        head=log.head,
        secret=giver.device.secret,
        author=giver.person,
        to=to.device.secret.public,
    )
    return grant_body(event, sealed)


def grant_body(event: Event, sealed: dict[int, Sealed]) -> Body:
    """As it is sent."""
    keys = [{"epoch": epoch, "key": to_base64url(blob.content)} for epoch, blob in sealed.items()]
    return {"event": to_base64url(to_bytes(event)), "keys": keys}


@pytest.fixture
async def newcomer(talk: Talking) -> Handset:
    """The officer's second device, in the room by a new epoch, without the history."""
    second = await talk.devices.of(OFFICER, POLISEN)
    await second.room(talk.id).say("Här är den andra.")
    await talk.room(talk.worker).follow()
    return second


async def test_history_goes_to_members_alone_and_once(talk: Talking, newcomer: Handset) -> None:
    """Not to a device that is not of the two, not a key that the giver lacks, not twice by the same, not after a change."""
    stranger = await talk.devices.of(JOUR, JOUR_HOME)
    outside = granted(talk, stranger, [1])
    assert await talk.refused(talk.post(talk.worker, "grants", outside)) == "plan_stale"
    honest = granted(talk, newcomer, [1])
    cut: Body = {**honest, "keys": []}
    assert await talk.refused(talk.post(talk.worker, "grants", cut)) == "400"
    swapped = {**honest, "keys": granted(talk, newcomer, [1])["keys"]}
    assert await talk.refused(talk.post(talk.worker, "grants", swapped)) == "bad_seal"
    assert await talk.refused(talk.post(talk.officer, "grants", honest)) == "bad_seal"
    await talk.post(talk.worker, "grants", honest)
    await talk.room(talk.worker).follow()
    again = granted(talk, newcomer, [1])
    assert await talk.refused(talk.post(talk.worker, "grants", again)) == "history_given"
    own = granted(talk, newcomer, [2])
    assert await talk.refused(talk.post(talk.worker, "grants", own)) == "history_given"
    assert await newcomer.heard(talk.id) == ["Hej, vad gäller det?", "Ett barn, i natt.", "Här är den andra."]
    assert await talk.town.verified() == ""


async def test_a_newcomer_gives_no_history_that_it_lacks(talk: Talking, newcomer: Handset) -> None:
    """Whoever was not sealed a key cannot hand one on under its name."""
    third = await talk.devices.of(OFFICER, POLISEN)
    await third.room(talk.id).say("Och en tredje.")
    await newcomer.room(talk.id).follow()
    log = newcomer.room(talk.id).log
    made_up = replace(log.keys[2], epoch=1)
    event, sealed = give_history(
        room_keys=[made_up],
        head=log.head,
        secret=newcomer.device.secret,
        author=OFFICER,
        to=third.device.secret.public,
    )
    body = grant_body(event, sealed)
    assert await talk.refused(talk.post(newcomer, "grants", body)) == "bad_seal"


async def test_a_wrong_key_is_noticed_and_another_can_give_it_rightly(
    talk: Talking, newcomer: Handset
) -> None:
    """A giver who seals another key is found out on the newcomer's device, and does not stand in anybody's way."""
    log = talk.room(talk.worker).log
    wrong = replace(log.keys[1], key=b"w" * 32)
    event, sealed = give_history(
        room_keys=[wrong],
        head=log.head,
        secret=talk.worker.device.secret,
        author=WORKER,
        to=newcomer.device.secret.public,
    )
    await talk.post(talk.worker, "grants", grant_body(event, sealed))
    assert await newcomer.heard(talk.id) == ["Här är den andra."]
    assert newcomer.room(talk.id).log.missing() == {1}
    await talk.room(talk.officer).follow()
    await talk.post(talk.officer, "grants", granted(talk, newcomer, [1], of=talk.officer))
    assert (await newcomer.heard(talk.id))[0] == "Hej, vad gäller det?"
    assert newcomer.room(talk.id).log.missing() == frozenset()


# ---- offers, handing over, keys of repetition -----------------------------------------------------------


async def test_an_offer_is_taken_by_whom_it_was_put_to(town: Town, devices: Handsets) -> None:
    """Not seen, accepted or declined by anybody else; and by nobody after its time, or after another took it."""
    officer, worker = await devices.of(OFFICER, POLISEN), await devices.of(WORKER, MALMO)
    other = await devices.of(JOUR, JOUR_HOME)
    await officer.ask()
    offer = await worker.offered()
    path = f"/api/v1/offers/{offer}"
    talk = Talking(town, devices, officer, worker, "none")
    body: Body = {"event": "AAAA", "keys": [{"device": "AAAA", "key": "AAAA"}]}
    body["escrows"] = [{"organisation": "malmo", "escrow": "AAAA"}]
    for one in (other, officer):
        assert await talk.refused(one.api.get(path)) == "not_yours"
        declined = one.api.post(f"{path}/decline", {}, key=talk.fresh())
        assert await talk.refused(declined) == "not_yours"
    accepted = worker.api.post(f"{path}/accept", body, key=talk.fresh())
    assert await talk.refused(accepted) == "bad_seal"
    town.clock.move((await town.deps.store.read(lambda tx: tx.consultations.next_due())) - town.clock.now())  # type: ignore[operator]  # it has one
    town.clock.move(town.deps.clock.now().resolution)
    assert await talk.refused(worker.api.get(path)) == "taken"


async def test_a_talk_is_handed_over_by_its_holder_to_who_can_take_it(talk: Talking) -> None:
    """Not by the officer, not to oneself, the officer, somebody off duty or unreachable, and not without the keys."""
    jour = await talk.devices.of(JOUR, JOUR_HOME)
    empty: Body = {"to": JOUR, "grants": []}
    assert await talk.refused(talk.post(talk.officer, "handover", empty)) == "403"
    for to in (WORKER, OFFICER, "p-malmo-dag-1", "nobody", "p-malmo-chef-1"):
        body: Body = {"to": to, "grants": []}
        assert await talk.refused(talk.post(talk.worker, "handover", body)) == "not_eligible"
    assert await talk.refused(talk.post(talk.worker, "handover", empty)) == "plan_stale"
    wrong: Body = {"to": JOUR, "grants": [granted(talk, talk.officer, [1])]}
    assert await talk.refused(talk.post(talk.worker, "handover", wrong)) == "plan_stale"
    theirs: Body = {"to": JOUR, "grants": [granted(talk, jour, [1], of=talk.officer)]}
    assert await talk.refused(talk.post(talk.worker, "handover", theirs)) == "bad_seal"
    honest: Body = {"to": JOUR, "grants": [granted(talk, jour, [1])]}
    await talk.post(talk.worker, "handover", honest)
    assert await talk.refused(talk.worker.api.get(talk.path)) == "not_yours"
    assert await talk.town.verified() == ""


async def test_the_same_key_answers_as_the_first_time(talk: Talking) -> None:
    """Sent again, also sealed anew after others have spoken, it is there once, and the answer is the first."""
    key = talk.fresh()
    first = await talk.put(talk.officer, talk.seal(talk.officer, "En gång."), key=key)
    await talk.room(talk.worker).say("Emellan.")
    await talk.room(talk.officer).follow()
    before = await talk.size()
    again = await talk.put(talk.officer, talk.seal(talk.officer, "En gång."), key=key)
    assert again == first
    assert await talk.size() == before
    assert (await talk.worker.heard(talk.id)).count("En gång.") == 1


async def test_a_key_stands_for_one_thing(talk: Talking) -> None:
    """For another kind, another length or another act it is refused; words of the same length it answers as the first."""
    key = talk.fresh()
    first = await talk.put(talk.officer, talk.seal(talk.officer, "Ett."), key=key)
    await talk.room(talk.officer).follow()
    receipt = talk.seal(talk.officer, "read 2", kind="receipt")
    longer = talk.seal(talk.officer, "Mycket längre. " * 40)
    for event in (receipt, longer):
        assert await talk.refused(talk.put(talk.officer, event, key=key)) == "key_reused"
    ended = talk.officer.api.post(f"/api/v1/consultations/{talk.id}/close", {"ending": "advice"}, key=key)
    assert await talk.refused(ended) == "key_reused"
    assert await talk.put(talk.officer, talk.seal(talk.officer, "Två."), key=key) == first
    assert "Två." not in await talk.worker.heard(talk.id)
    await talk.put(talk.worker, talk.seal(talk.worker, "Tre."), key=key)  # another's key is another key
    assert "Tre." in await talk.officer.heard(talk.id)


@pytest.mark.parametrize(
    "key", ["", "short", "a" * 65, "fifteen-chars-x", "with blanks in the key", "ä" * 20]
)
async def test_a_write_takes_a_key(talk: Talking, key: str) -> None:
    """Without an Idempotency-Key, or with one that is none, nothing is written."""
    body = {"event": to_base64url(to_bytes(talk.seal(talk.officer)))}
    attempt = talk.officer.api.post(f"{talk.path}/events", body, key=key)
    assert await talk.refused(attempt) == "key_missing"
