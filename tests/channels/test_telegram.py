import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import telegram
from telegram.request import HTTPXRequest

from bot.channels.telegram import MAX_UPDATE, Telegram
from bot.channels.telegram_update import understand
from bot.core.errors import Unavailable
from bot.demo.botapi import BotApiServer, Fault, Phone
from bot.flow.messages import Button, Delivery, Inbound, Outbound
from bot.seal.plain import Plain

AT = datetime(2026, 11, 21, 22, 40, tzinfo=UTC)
TOKEN = "1000:a-token-for-tests"
SECRET = "s" * 48


class Kept:
    """What a channel handed over to be kept."""

    def __init__(self) -> None:
        self.updates: list[tuple[str, str, Plain]] = []
        self.broken = False

    async def __call__(self, channel: str, native_id: str, body: Plain) -> None:
        if self.broken:
            raise Unavailable
        self.updates.append((channel, native_id, body))

    def understood(self, bot: telegram.Bot) -> list[Inbound | None]:
        return [understand(body, AT, bot) for _, _, body in self.updates]


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
async def api(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[BotApiServer]:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    server = BotApiServer(token=TOKEN, clock=lambda: AT)
    async with server.running():
        yield server


@pytest.fixture
def bot(api: BotApiServer) -> telegram.Bot:
    request = HTTPXRequest(read_timeout=2, connect_timeout=2)
    return telegram.Bot(TOKEN, base_url=api.base_url, base_file_url=api.base_file_url, request=request)


@pytest.fixture
async def channel(bot: telegram.Bot, kept: Kept) -> AsyncIterator[Telegram]:
    channel = Telegram(bot, keep=kept, secret=SECRET)
    await bot.initialize()
    yield channel
    await channel.close()


def message(
    text: str = "Visa", *, buttons: tuple[tuple[Button, ...], ...] = (), replaces: str | None = None
) -> Outbound:
    return Outbound(address="7", text=Plain(text.encode()), buttons=buttons, replaces=replaces)


async def started(api: BotApiServer) -> Phone:
    phone = api.phone(7, "Worker")
    await phone.say("/start")
    return phone


async def test_a_message_arrives_with_its_buttons(api: BotApiServer, channel: Telegram) -> None:
    """What is sent is shown as it was meant: text, buttons, not to be forwarded."""
    phone = await started(api)
    receipt = await channel.send(
        message(
            buttons=((Button(text="Ja", press="o:1:yes"), Button(text="Mer", url="https://example.org")),)
        )
    )
    assert receipt.delivery is Delivery.SENT
    assert phone.last.text == "Visa"
    assert phone.last.protected
    assert [b.text for row in phone.last.buttons for b in row] == ["Ja", "Mer"]


async def test_text_is_text(api: BotApiServer, channel: Telegram) -> None:
    """What somebody writes is never read as formatting."""
    phone = await started(api)
    await channel.send(message("<b>*fet*</b> & _kursiv_"))
    assert phone.last.text == "<b>*fet*</b> & _kursiv_"


async def test_a_message_is_changed_in_place(api: BotApiServer, channel: Telegram) -> None:
    """A live message is one message, and changing it to the same is no fault."""
    phone = await started(api)
    sent = await channel.send(message("ett"))
    changed = await channel.send(message("två", replaces=sent.native_id))
    same = await channel.send(message("två", replaces=sent.native_id))
    assert (changed.delivery, same.delivery) == (Delivery.SENT, Delivery.SAME)
    assert [m.text for m in phone.messages][-1] == "två"


async def test_a_message_that_is_gone_is_said_to_be(api: BotApiServer, channel: Telegram) -> None:
    """Whoever deleted the card is sent a new one by the flow."""
    await started(api)
    receipt = await channel.send(message(replaces="4711"))
    assert receipt.delivery is Delivery.GONE


async def test_somebody_who_blocked_us_cannot_be_reached(api: BotApiServer, channel: Telegram) -> None:
    """A blocked bot is not tried again."""
    phone = await started(api)
    await phone.block()
    assert (await channel.send(message())).delivery is Delivery.NEVER


async def test_a_stranger_cannot_be_reached(channel: Telegram) -> None:
    """A chat that does not exist is not tried again."""
    assert (await channel.send(message())).delivery is Delivery.NEVER


async def test_flood_control_is_obeyed(api: BotApiServer, channel: Telegram) -> None:
    """Telegram says how long to wait, and that is how long is waited."""
    await started(api)
    api.fail("sendMessage", Fault.FLOOD, retry_after=timedelta(seconds=17))
    receipt = await channel.send(message())
    assert (receipt.delivery, receipt.wait) == (Delivery.LATER, 17)


@pytest.mark.parametrize("fault", [Fault.SERVER_ERROR, Fault.BAD_GATEWAY, Fault.CLOSE])
async def test_what_may_pass_is_tried_again(api: BotApiServer, channel: Telegram, fault: Fault) -> None:
    """A fault on the way is no reason to give up."""
    await started(api)
    api.fail("sendMessage", fault)
    assert (await channel.send(message())).delivery is Delivery.LATER


async def test_a_text_that_telegram_refuses_is_not_tried_for_ever(
    api: BotApiServer, channel: Telegram
) -> None:
    """A message too long for Telegram does not come round again."""
    await started(api)
    assert (await channel.send(message("x" * 5000))).delivery is Delivery.REFUSED


def update(padding: str = "") -> bytes:
    chat = {"id": 7, "type": "private", "first_name": "W"}
    user = {"id": 7, "is_bot": False, "first_name": "W", "language_code": "sv"}
    told = {"message_id": 5, "date": 1_790_000_000, "chat": chat, "from": user, "text": "hej"}
    return json.dumps({"update_id": 99, "message": told, "padding": padding}).encode()


async def test_an_update_is_kept_before_it_is_acknowledged(channel: Telegram, kept: Kept) -> None:
    """200 means that it is safe with us."""
    assert await channel.webhook(update(), SECRET) == 200
    assert [(c, n) for c, n, _ in kept.updates] == [("telegram", "99")]


@pytest.mark.parametrize("secret", [None, "", "s" * 47, "S" * 48, "ö" * 48])
async def test_whoever_does_not_know_the_secret_is_refused(
    channel: Telegram, kept: Kept, secret: str | None
) -> None:
    """A forged update is neither kept nor looked at."""
    assert await channel.webhook(update(), secret) == 403
    assert kept.updates == []


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'{"message": {}}', b'{"update_id": "x"}', b"\xff\xfe", b"[" * 100_000],
)
async def test_what_is_no_update_is_refused(channel: Telegram, kept: Kept, body: bytes) -> None:
    """Malformed bytes get one clear status."""
    assert await channel.webhook(body, SECRET) == 400
    assert kept.updates == []


async def test_a_huge_update_is_refused(channel: Telegram, kept: Kept) -> None:
    """An outsider does not decide how much we read."""
    assert await channel.webhook(update(padding="x" * MAX_UPDATE), SECRET) == 413
    assert kept.updates == []


async def test_an_update_larger_than_a_seal_is_kept_as_who_sent_it(
    channel: Telegram, kept: Kept, bot: telegram.Bot
) -> None:
    """Telegram must not bring it again for ever; whoever sent it is told that it cannot be taken."""
    assert await channel.webhook(update(padding="x" * 100_000), SECRET) == 200
    assert len(kept.updates[0][2].reveal()) < 1000
    (inbound,) = kept.understood(bot)
    assert inbound is not None
    assert (inbound.address, inbound.odd, inbound.text) == ("7", "other", None)


async def test_an_update_that_cannot_be_kept_is_not_acknowledged(channel: Telegram, kept: Kept) -> None:
    """Telegram brings it again when the database was away."""
    kept.broken = True
    assert await channel.webhook(update(), SECRET) == 503


async def test_polling_moves_on_only_past_what_is_kept(
    api: BotApiServer, channel: Telegram, kept: Kept, bot: telegram.Bot
) -> None:
    """Without a public address updates are fetched, and none is lost while the database is away."""
    phone = api.phone(7, "Worker")
    kept.broken = True
    await phone.say("första")
    listening = asyncio.create_task(channel.listen(None))
    await api.called("getUpdates")
    kept.broken = False
    await phone.say("andra")
    await api.settled()
    listening.cancel()
    texts = [i.text.reveal().decode() for i in kept.understood(bot) if i is not None and i.text is not None]
    assert texts == ["första", "andra"]


async def test_the_webhook_is_registered_with_its_secret(api: BotApiServer, channel: Telegram) -> None:
    """Telegram is told where to call and what to show there."""
    await channel.listen("http://127.0.0.1:1/telegram/path")
    assert any(call.method.lower() == "setwebhook" for call in api.calls)


async def test_telegram_down_at_the_start_is_tried_again(
    api: BotApiServer, channel: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A front door that is shut when we start opens when it does."""

    async def at_once(_: float) -> None:
        return None

    monkeypatch.setattr("bot.channels.telegram.asyncio.sleep", at_once)
    api.fail("setWebhook", Fault.SERVER_ERROR, times=2)
    await channel.listen("http://127.0.0.1:1/telegram/path")
    assert sum(call.method.lower() == "setwebhook" for call in api.calls) == 3


async def heard(api: BotApiServer, channel: Telegram, kept: Kept, bot: telegram.Bot) -> list[Inbound | None]:
    listening = asyncio.create_task(channel.listen(None))
    await api.settled()
    listening.cancel()
    return kept.understood(bot)


async def test_what_cannot_be_used_has_a_name(
    api: BotApiServer, channel: Telegram, kept: Kept, bot: telegram.Bot
) -> None:
    """Pictures, stickers, voices, forwards and edits are told apart, so that each gets a sensible answer."""
    phone = api.phone(7, "Officer")
    said = await phone.say("hej")
    await phone.edit(said, "hejdå")
    await phone.photo("Titta")
    await phone.sticker()
    await phone.voice()
    await phone.forward("Läs det här", sender="Någon")
    found = await heard(api, channel, kept, bot)
    assert [i.odd for i in found if i is not None] == [None, "edit", "photo", "sticker", "voice", "forward"]
    assert all(i.text is None for i in found if i is not None and i.odd)


async def test_commands_are_read_with_what_follows(
    api: BotApiServer, channel: Telegram, kept: Kept, bot: telegram.Bot
) -> None:
    """`/fraga` takes the rest of the line; a slash in the middle of a sentence is no command."""
    phone = api.phone(7, "Officer")
    await phone.say("/fraga  vem hämtar?")
    await phone.say("/ring")
    await phone.say("skriv /ring")
    first, second, third = await heard(api, channel, kept, bot)
    assert first is not None
    assert first.argument is not None
    assert (first.command, first.argument.reveal().decode()) == ("fraga", "vem hämtar?")
    assert second is not None
    assert (second.command, second.argument) == ("ring", None)
    assert third is not None
    assert third.command is None


async def test_in_a_group_only_a_command_is_answered(
    api: BotApiServer, channel: Telegram, kept: Kept, bot: telegram.Bot
) -> None:
    """What is said among others is not ours to hear."""
    phone = api.phone(7, "Officer")
    await phone.in_group("Turlaget", "barnet heter")
    await phone.in_group("Turlaget", "/konsultera")
    found = [i for i in await heard(api, channel, kept, bot) if i is not None]
    assert [i.odd for i in found] == ["group"]


async def test_somebody_who_blocks_us_has_left(
    api: BotApiServer, channel: Telegram, kept: Kept, bot: telegram.Bot
) -> None:
    """Blocking is noticed at once, not when the next doorbell fails."""
    phone = api.phone(7, "Worker")
    await phone.say("hej")
    await phone.block()
    found = [i for i in await heard(api, channel, kept, bot) if i is not None]
    assert found[-1].odd == "left"


_BARE = b'{"update_id":1,"message":{"message_id":1,"date":1795300000,"chat":{"id":7,"type":"private"},%s}}'


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[]",
        b"[" * 100_000,
        b'{"update_id": 1}',
        b'{"update_id":1,"message":{"text":1}}',
        b'{"update_id":1,"message":{"message_id":1,"date":1795300000,"text":"nowhere"}}',
        _BARE % b'"text":"\\ud800"',
        _BARE.replace(b"1795300000", b"9" * 40) % b'"text":"Hej"',
        _BARE % b'"text":"Hej","from":{"id":7,"is_bot":false,"first_name":"A","language_code":"\\ud800"}',
        _BARE.replace(b'"id":7', b'"id":"seven"') % b'"text":"Hej"',
    ],
)
def test_an_update_of_an_unknown_shape_means_nothing(bot: telegram.Bot, body: bytes) -> None:
    """What Telegram may invent next is not a reason to break."""
    assert understand(Plain(body), AT, bot) is None
