"""The gateway: exactly the allowed sentences go out, every outcome is a decision, and nothing of it is logged."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from aiohttp import web

from bot import content as files
from bot.channels.gateway import MAX_WAIT, SMS, VOICE, Gateway, Sms, Voice
from bot.channels.telegram import NAME
from bot.core.text import Language
from bot.core.waking import TELEPHONE, Means, Purpose
from bot.demo.gateway import RECORDING, SECRET, SENDER, USER, GatewayServer, Mishap
from bot.flow.messages import Delivery, Outbound, Receipt
from bot.seal.plain import Plain

ROOT = Path(__file__).parents[2]
PHONE = "+46701740633"
REPORT = "https://samjour.example.org/gateway/" + "a" * 32 + "/" + "b" * 64
# What may ever be sent to a telephone: a change here is a decision, and `docs/decisions` says of whom.
SENTENCES = {
    "Samjour: någon söker dig. Öppna Samjour.",
    "Samjour: ditt pass börjar. Öppna Samjour och svara att du nås.",
    "Samjour: någon i tjänst går inte att nå. Öppna Samjour.",
    "Samjour: du behövs nu. Öppna Samjour.",
    "Samjour: somebody is looking for you. Open Samjour.",
    "Samjour: you are needed now. Open Samjour.",
    "Samjour: your shift begins. Open Samjour and answer that you can be reached.",
    "Samjour: somebody on duty cannot be reached. Open Samjour.",
}


def message(text: str = "Samjour: någon söker dig. Öppna Samjour.", *, report: str = REPORT) -> Outbound:
    return Outbound(address=PHONE, text=Plain(text.encode()), key="k1", report=report)


@asynccontextmanager
async def at(url: str, *, secret: str = SECRET) -> AsyncIterator[Gateway]:
    gateway = Gateway(url=url, user=USER, secret=secret, sender=SENDER)
    try:
        yield gateway
    finally:
        await gateway.close()


@asynccontextmanager
async def answering(
    status: int, body: bytes = b"{}", **headers: str
) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A gateway that answers so to everything, and keeps the bytes that it was sent."""
    seen: list[bytes] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(await request.read())
        return web.Response(
            status=status, body=body, headers={n.replace("_", "-"): v for n, v in headers.items()}
        )

    application = web.Application()
    application.router.add_route("*", "/{tail:.*}", answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/a1", seen
    finally:
        await runner.cleanup()


async def sent(url: str, outbound: Outbound, *, voice: bool = False) -> Receipt:
    async with at(url) as gateway:
        channel = Voice(gateway, RECORDING) if voice else Sms(gateway)
        return await channel.send(outbound)


async def test_the_bytes_of_an_sms() -> None:
    """An SMS is the sender, the telephone, the sentence and where to report, byte for byte, and nothing else."""
    async with answering(200) as (url, seen):
        await sent(url, message())
    assert seen == [
        b"from=%2B46701740699&to=%2B46701740633"
        b"&message=Samjour%3A+n%C3%A5gon+s%C3%B6ker+dig.+%C3%96ppna+Samjour."
        b"&whendelivered=https%3A%2F%2Fsamjour.example.org%2Fgateway%2F" + b"a" * 32 + b"%2F" + b"b" * 64
    ]


async def test_the_bytes_of_a_call() -> None:
    """A call plays the one recording, whatever else the message should say."""
    async with answering(200) as (url, seen):
        await sent(url, message("whatever was put here"), voice=True)
    assert seen == [
        b"from=%2B46701740699&to=%2B46701740633"
        b"&voice_start=%7B%22play%22%3A%22sound%2Fbeep%22%2C%22skippable%22%3Afalse%7D"
        b"&whenhangup=https%3A%2F%2Fsamjour.example.org%2Fgateway%2F"
        + b"a" * 32
        + b"%2F"
        + b"b" * 64
        + b"&timeout=30"
    ]


def test_the_sentences_are_those_that_are_allowed() -> None:
    """One fixed sentence for each purpose, in which nothing can be put, and each fits one SMS (GSM 03.38)."""
    texts = files.read(ROOT).texts.sentences
    found = {texts[language][f"waking.{purpose}"] for language in Language for purpose in Purpose}
    assert found == SENTENCES
    assert not any("{" in sentence or len(sentence) > 160 for sentence in found)


def test_every_channel_is_a_means() -> None:
    """That somebody looked, or was not reached, is told of the channel by its own name."""
    assert {NAME, SMS, VOICE} <= set(Means)
    assert (SMS, VOICE) == TELEPHONE


@pytest.mark.parametrize(
    ("status", "delivery"),
    [
        (200, Delivery.SENT),
        (204, Delivery.SENT),
        (302, Delivery.REFUSED),
        (400, Delivery.REFUSED),
        (401, Delivery.REFUSED),
        (403, Delivery.REFUSED),
        (404, Delivery.REFUSED),
        (429, Delivery.LATER),
        (500, Delivery.LATER),
        (503, Delivery.LATER),
    ],
)
async def test_each_status_is_a_decision(status: int, delivery: Delivery) -> None:
    """What gets better by itself is tried again; what does not is refused, so that the next means has its turn."""
    async with answering(status, Location="https://elsewhere.example") as (url, seen):
        assert (await sent(url, message())).delivery is delivery
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("said", "wait"), [("7", 7.0), ("999999", MAX_WAIT), ("soon", 0.0), ("", 0.0), ("-1", 0.0)]
)
async def test_a_busy_gateway_says_how_long(said: str, wait: float) -> None:
    """As long as it asks for, never longer than a step may last."""
    async with answering(429, Retry_After=said) as (url, _):
        assert (await sent(url, message())).wait == wait


@pytest.mark.parametrize(
    ("body", "id_"),
    [
        (b'{"id": "s123"}', "s123"),
        (b'{"id": 5}', ""),
        (b'{"id": "a b"}', ""),
        (b'{"id": "%s"}' % (b"x" * 200), ""),
        (b"[]", ""),
        (b"<html>", ""),
        (b"[" * 200_000, ""),
        (b"", ""),
    ],
)
async def test_whatever_is_answered_to_a_call_that_was_taken(body: bytes, id_: str) -> None:
    """A call that was taken is taken, however badly that is said: calling again would wake somebody twice."""
    async with answering(200, body) as (url, _):
        assert await sent(url, message()) == Receipt(delivery=Delivery.SENT, native_id=id_)


async def test_nobody_there_is_tried_again() -> None:
    """A gateway that is away comes back."""
    async with answering(200) as (url, _):
        pass
    assert (await sent(url, message())).delivery is Delivery.LATER


async def test_neither_number_nor_secret_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """What goes wrong is logged by its kind; whom it was about, and our account, is not."""
    caplog.set_level(logging.DEBUG)
    for status in (401, 500):
        async with answering(status, PHONE.encode()) as (url, _):
            await sent(url, message())
    await sent("http://127.0.0.1:1/a1", message())
    told = " ".join(
        f"{record.getMessage()} {record.__dict__}"
        for record in caplog.records
        if record.name.startswith("bot")
    )
    assert "a call was not taken" in told
    assert not [secret for secret in (PHONE, PHONE[1:], SECRET, USER, "b" * 64) if secret in told]


async def test_the_double_wants_the_account() -> None:
    """A gateway that is shown another secret takes nothing."""
    double = GatewayServer()
    async with double.running() as url, at(url, secret="wrong") as gateway:
        assert (await Sms(gateway).send(message())).delivery is Delivery.REFUSED
    assert double.asked == 0


async def test_the_double_sends_once_what_is_tried_twice() -> None:
    """The same key again is answered as the first time: at least once for us is once for whoever sleeps."""
    double = GatewayServer()
    double.fail(Mishap.LOSE)
    async with double.running() as url, at(url) as gateway:
        first = await Sms(gateway).send(message())
        assert await Sms(gateway).send(message()) == first
    assert [taken.to for taken in double.taken] == [PHONE]


async def test_a_slow_gateway_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A gateway that never answers holds nothing up: the try ends in time, and is made again."""
    import aiohttp  # noqa: PLC0415

    from bot.channels import gateway as channel  # noqa: PLC0415

    monkeypatch.setattr(channel, "PATIENCE", aiohttp.ClientTimeout(total=0.05))

    gone = asyncio.Event()

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            await reader.read()
        writer.close()
        gone.set()

    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        assert (await sent(f"http://127.0.0.1:{port}/a1", message())).delivery is Delivery.LATER
        await gone.wait()
