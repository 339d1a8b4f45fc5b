"""Bad updates: whatever is posted to the webhook, the answer is clear, nothing changes, and the night goes on."""

import asyncio
import json
from itertools import product
from typing import Any

from bot.core.consultation import State
from bot.core.ids import PersonId
from bot.demo.botapi.shown import Shown
from tests.stories.story import (
    EVENING_1,
    EVENING_2,
    JOUR_3,
    OFFICER,
    OFFICER_2,
    Story,
)
from tests.stories.wire import SECRET, message_of, post, post_to, press_of, update

SAID = "Barnet är hos en granne och mår efter omständigheterna bra."
DEEP = b'{"update_id":1,"message":' + b"[" * 50_000 + b"]" * 50_000 + b"}"
NO_UPDATES = (
    b"",
    b"{",
    b"[]",
    b"null",
    b'"update_id"',
    b"{}",
    b"\xff\xfe\x00",
    b'{"update_id":null}',
    b'{"update_id":"one"}',
    b'{"update_id":"7"}',
    b'{"update_id":true}',
    b'{"update_id":[]}',
    b'{"update_id":1.5}',
    b'{"update_id":NaN}',
    b'{"update_id":1e999}',
    b'{"update_id":' + b"9" * 5000 + b"}",
    b'{"update_id":-1}',
    DEEP,
)
NO_BUTTONS = (
    "x",
    ":",
    "å" * 32,
    "m:nowhere",
    "m:home:home",
    "c:nowhere",
    "c:lpo-malmo-norr:nothing",
    "c:lpo-malmo-norr:child:advice:now:now",
    "c:lpo-malmo-norr:child:advice:never",
    "c:lpo-malmo-1:child:advice:now",
    "c:lpo-malmo-norr:suspect:interview@2575:now",
    "c:lpo-malmo-norr:child:advice@now:now",
    "l:de",
    "d:perhaps",
    "o:0:maybe",
    "k:0:explode",
)


async def unchanged(story: Story, kept: tuple[object, int]) -> None:
    """No ledger has grown, and nothing more was kept."""
    await story.quiet()
    assert await marks(story) == kept


async def marks(story: Story) -> tuple[object, int]:
    """What would have changed: the ledgers' sizes, and how many updates were kept."""
    return await story.recorded(), story.rows("inbox")


# ---- at the door ---------------------------------------------------------------------------------------------


async def test_a_wrong_secret_is_refused(night: Story) -> None:
    """Whoever cannot show the secret is nobody: 403, and what was sent is not even kept."""
    kept = await marks(night)
    told = message_of(night.phone(OFFICER), SAID)
    night.hidden.add(SAID)
    for secret in ("", "wrong", "å" * 40, "0" * 4000, night.deps.keys.webhook_path):
        assert await post(night, update(message=told), **{SECRET: secret}) == 403, secret
    await unchanged(night, kept)


async def test_a_missing_secret_is_refused(night: Story) -> None:
    """No secret at all is a wrong one; and at another path there is nothing."""
    kept = await marks(night)
    told = update(message=message_of(night.phone(OFFICER), SAID))
    url = f"{night.deps.base_url}/telegram/"
    assert await post_to(url + night.deps.keys.webhook_path, told, {}) == 403
    assert await post_to(url + night.deps.keys.webhook_secret, told, {}) == 404
    assert await post_to(url + "x", told, {SECRET: night.deps.keys.webhook_secret}) == 404
    await unchanged(night, kept)


async def test_a_header_that_is_no_text_is_refused(night: Story) -> None:
    """Bytes that are no UTF-8, in the secret or in the path, are as wrong as any others."""
    kept, port = await marks(night), int(night.deps.base_url.rpartition(":")[2])
    path = night.deps.keys.webhook_path.encode()
    for request in (
        b"POST /telegram/" + path + b" HTTP/1.1\r\nHost: x\r\n" + SECRET.encode() + b": \xff\xfe\r\n",
        b"POST /telegram/%FF%FE HTTP/1.1\r\nHost: x\r\n",
    ):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request + b"Content-Length: 2\r\nConnection: close\r\n\r\n{}")
        status = (await reader.read()).split(b" ", 2)[1]
        writer.close()
        await writer.wait_closed()
        assert status in {b"403", b"404"}
    await unchanged(night, kept)


async def test_path_and_secret_are_two_secrets(night: Story) -> None:
    """The path stands in the logs of any proxy: knowing it must not be knowing the secret."""
    keys = night.deps.keys
    assert keys.webhook_path not in keys.webhook_secret
    assert keys.webhook_secret not in keys.webhook_path


async def test_what_is_no_update_is_refused(night: Story) -> None:
    """What is not even an update is answered 400, so that its sender stops, and is not kept."""
    kept = await marks(night)
    for body in NO_UPDATES:
        assert await post(night, body) == 400, body[:40]
    await unchanged(night, kept)


async def test_a_huge_update_is_refused(night: Story) -> None:
    """Real updates are a few kilobytes; a quarter of a megabyte is refused before it is read whole."""
    kept = await marks(night)
    huge = update(message=message_of(night.phone(OFFICER), "x" * 300_000))
    assert await post(night, huge) == 413
    await unchanged(night, kept)


# ---- updates that make no sense --------------------------------------------------------------------------------


def wrong(kind: str, *bodies: object) -> list[dict[str, object]]:
    """Each body as an update's part of that kind."""
    return [{kind: body} for body in bodies]


def nonsense(story: Story) -> list[dict[str, Any]]:
    """Updates with a number, and something wrong inside."""
    phone = story.phone(OFFICER)
    good = message_of(phone, SAID)
    under = phone.last
    chat = {"id": phone.user_id, "type": "private"}
    query = press_of(phone, under, "m:home")["callback_query"]
    assert isinstance(query, dict)
    parts: list[dict[str, object]] = [
        {},
        *wrong("message", None, 0, "x", [], {}, {"message_id": 1}, {"chat": chat}),
        *wrong("edited_message", "x", {}, {"message_id": 1, "date": 1, "chat": chat}),
        *wrong("callback_query", "x", {}, {"id": "1"}, {**query, "message": None}),
        {"callback_query": {**query, "data": None}},
        {"callback_query": {**query, "data": 5}},
        {"callback_query": {**query, "data": "\ud800"}},
        {"callback_query": {**query, "message": {"message_id": 1, "chat": chat, "date": 0}}},
        {"callback_query": {k: v for k, v in query.items() if k != "message"} | {"inline_message_id": "1"}},
        {"my_chat_member": {"chat": chat}},
        {"my_chat_member": "x"},
        {"channel_post": good},
        {"a_kind_of_tomorrow": {"x": 1}},
        {"message": {**good, "text": "\ud800 ensam"}},
        {"message": {**good, "text": "\x00\x01\x02"}},
        {"message": {**good, "text": 5}},
        {"message": {**good, "text": ["a"]}},
        {"message": {**good, "date": "i går"}},
        {"message": {**good, "date": 10**18}},
        {"message": {**good, "from": "x"}},
        {"message": {**good, "chat": {**chat, "id": "x"}}},
        {"message": {**good, "chat": {**chat, "id": 2**70}}},
        {"message": {**good, "chat": {**chat, "type": "of a new kind"}}},
        {"message": {**good, "chat": {"type": "private"}}},
        {"message": {**good, "entities": "x"}},
        {"message": {**good, "entities": [{"type": "bot_command", "offset": 0, "length": 9999}]}},
        {"message": {**good, "entities": [{"type": "bot_command", "offset": 0, "length": -3}]}},
        {"message": {**good, "entities": [{"type": "bot_command", "offset": "0", "length": 3}]}},
        {"message": {**good, "text": "/", "entities": [{"type": "bot_command", "offset": 0, "length": 1}]}},
        {"message": {**good, "forward_origin": "x"}},
        {"message": {**good, "reply_to_message": "x"}},
        {"message": {**good, "photo": "x"}},
    ]
    return [update(**part) for part in parts]


async def test_nonsense_stops_nobody(night: Story) -> None:
    """An update that cannot be understood is put aside; the next one in line is handled all the same."""
    night.hidden.add(SAID)
    recorded = await night.recorded()
    for body in nonsense(night):
        assert await post(night, json.dumps(body).encode()) == 200, body
    await night.settle()
    await night.phone(OFFICER).say("/status")
    await night.phone(OFFICER).wait_for_text("Inget pågår")
    await night.quiet()
    malmo = night.deps.home
    grown = {o: n - recorded[o] for o, n in (await night.recorded()).items() if n != recorded[o]}
    assert not grown.keys() - {malmo, "malmo"}, "nonsense was recorded"
    await night.open_talk()
    await night.verified()


# ---- twice, and in another order -----------------------------------------------------------------------------------


async def test_everything_twice_happens_once(night: Story) -> None:
    """Telegram may bring every update twice: one request, one room, each word once."""
    night.shown.api.duplicate_next(100)
    await night.open_talk()
    for words in ("Hur snart kan någon komma hit?", "Vi väntar utanför porten."):
        await night.phone(OFFICER).say(words)
    await night.phone(EVENING_1).wait_for_text("utanför porten")
    await night.quiet()
    c = await night.latest()
    assert (await night.count(), c.said) == (1, 2)
    heard = [m.text for m in night.phone(EVENING_1).messages if m.text.startswith("Polisen:")]
    assert heard == ["Polisen: Hur snart kan någon komma hit?", "Polisen: Vi väntar utanför porten."]
    await night.verified()


async def test_the_same_number_again_is_the_same_update(night: Story) -> None:
    """An update is known by its number: the same one later, even with other words, changes nothing."""
    await night.open_talk()
    first = update(message=message_of(night.phone(OFFICER), SAID))
    other = {**first, "message": message_of(night.phone(OFFICER), "Något helt annat som inte ska fram.")}
    night.hidden |= {SAID, "Något helt annat som inte ska fram."}
    for body in (first, first, other):
        assert await post(night, body) == 200
    await night.phone(EVENING_1).wait_for_text(SAID)
    kept = await marks(night)
    assert await post(night, other) == 200
    await unchanged(night, kept)
    assert (await night.latest()).said == 1


async def test_words_in_another_order_all_arrive(night: Story) -> None:
    """Updates that overtake each other lose nothing: each word is delivered once."""
    await night.open_talk()
    night.shown.api.reorder_next(2)
    said = ["Vi är på plats nu.", "Ett barn är vaket.", "En vuxen sover tungt.", "Grannen har nyckel."]
    for words in said:
        await night.phone(OFFICER).say(words)
    await night.quiet()
    heard = [m.text for m in night.phone(EVENING_1).messages if m.text.startswith("Polisen:")]
    assert heard == [f"Polisen: {said[n]}" for n in (1, 0, 3, 2)]
    await night.verified()


async def test_a_yes_before_its_show_counts(night: Story) -> None:
    """A "Jag tar den" that overtakes "Visa" is still a yes; the late "Visa" shows what became of it."""
    await night.ask_for(night.phone(OFFICER))
    phone, bell = night.phone(EVENING_1), await night.rung(EVENING_1)
    offer = (await night.latest()).offers[0].id
    assert await post(night, press_of(phone, bell, f"o:{offer}:yes")) == 200
    assert await post(night, press_of(phone, bell, f"o:{offer}:show")) == 200
    await phone.wait_for_text("Du har förfrågan")
    await night.quiet()
    assert (await night.latest()).holder == PersonId(EVENING_1)
    assert [m.text for m in phone.messages if m.message_id == bell.message_id] == ["Du tog den kl. 22.40."]


# ---- buttons that are none ---------------------------------------------------------------------------------------


async def test_an_unknown_button_gets_one_sentence(night: Story) -> None:
    """What no button of ours says is answered with where to begin again, and changes nothing."""
    recorded, phone = await night.recorded(), night.phone(OFFICER)
    for data in NO_BUTTONS:
        under = await menu(night, OFFICER)
        await night.press_raw(OFFICER, data, under)
        assert await night.recorded() == recorded, data
        told = [m.text for m in phone.messages if m.message_id >= under.message_id and m.text != under.text]
        assert len(told) == 1, (data, told)
        assert "inte giltig längre" in told[0], data


async def menu(story: Story, person: str) -> Shown:
    """A fresh page with buttons."""
    await story.phone(person).say("/start")
    await story.quiet()
    return story.phone(person).last


async def test_a_button_about_nothing_gets_one_sentence(night: Story) -> None:
    """An offer or a consultation that does not exist is nobody's."""
    recorded, nothing = await night.recorded(), "0" * 32
    for data in ("o:0:yes", "o:0:show", "k:0:cancel", "k:0:close:advice", "k:0:show"):
        under = await menu(night, EVENING_1)
        await night.press_raw(EVENING_1, data.replace("0", nothing), under)
        assert await night.recorded() == recorded, data
        told = night.phone(EVENING_1).last.text
        assert any(part in told for part in ("inte ställd till dig", "får du inte göra")), told


async def test_a_number_that_was_not_given_was_not_called(night: Story) -> None:
    """Only the numbers on the card can have been tried."""
    await night.ask_for(night.phone(OFFICER), place="Annan kommun", until="Nej, ingen svarade")
    recorded, c = await night.recorded(), await night.latest()
    for act, index in product(("answered", "silent"), (-1, 2, 99)):
        await night.press_raw(OFFICER, f"k:{c.id}:{act}:{index}")
        assert await night.recorded() == recorded, (act, index)
    assert (await night.latest()).tried == ()


async def test_somebody_elses_offer_cannot_be_taken(night: Story) -> None:
    """The reference on a doorbell is worth nothing in another hand: not to a colleague, not to the officer."""
    await night.ask_for(night.phone(OFFICER))
    await night.rung(EVENING_1)
    recorded, c = await night.recorded(), await night.latest()
    for person in (EVENING_2, JOUR_3, OFFICER_2, OFFICER):
        for say in ("yes", "show", "no:busy"):
            pressed = await night.press_raw(person, f"o:{c.offers[0].id}:{say}")
            answer = next(m for m in night.phone(person).messages if m.message_id == pressed.message_id)
            assert answer.text == "Den förfrågan är inte ställd till dig."
    assert await night.recorded() == recorded
    assert (await night.latest()).state is State.OFFERED


async def test_somebody_elses_request_cannot_be_touched(night: Story) -> None:
    """Another officer, a worker who was not asked, one who was: none of them can withdraw, close or read it."""
    await night.ask_for(night.phone(OFFICER))
    await night.rung(EVENING_1)
    recorded, c = await night.recorded(), await night.latest()
    for person in (OFFICER_2, EVENING_1, JOUR_3):
        for act in ("cancel", "close:advice", "raise", "could_not", "answered:0", "silent:0", "name", "show"):
            await night.press_raw(person, f"k:{c.id}:{act}")
            assert "Barn som kan fara illa" not in night.phone(person).last.text, act
    assert await night.recorded() == recorded
