"""Targets that come from outside while it runs: updates, presses, words, and JSON."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, TypeVar

import telegram
from pydantic import BaseModel, ValidationError

from bot.channels.gateway import MAX_ID, id_in
from bot.channels.telegram import Telegram
from bot.channels.telegram_update import MAX_KEPT, understand
from bot.core import guard
from bot.core.codec import Happened, consultation_body
from bot.core.errors import BadInput
from bot.core.library.ask import report
from bot.demo.botapi import entities
from bot.demo.botapi.refusals import Refused
from bot.flow.messages import Inbound
from bot.flow.reading import Reader, look_up, reader_at
from bot.seal.plain import Plain
from bot.web import server
from bot.web.shapes import Strict
from tests.fuzz.written import guard_of_checkout, library_of_checkout, structure

AT: Final = datetime(2026, 11, 21, 22, 40, tzinfo=UTC)
SECRET: Final = "s" * 48
NOWHERE: Final = "http://127.0.0.1:9/bot"  # nothing is ever sent there

V = TypeVar("V")


@lru_cache(1)
def bot() -> telegram.Bot:
    """A bot that is never asked anything."""
    return telegram.Bot("1000:a-token-for-tests", base_url=NOWHERE, base_file_url=NOWHERE)


def update(data: bytes) -> bool:
    """A webhook's body is refused, or kept within bounds and then understood."""
    kept: list[Plain] = []

    async def keep(channel: str, native_id: str, body: Plain) -> None:
        assert channel == "telegram"
        assert 0 < int(native_id) < 1 << 52
        kept.append(body)

    status = asyncio.run(Telegram(bot(), keep=keep, secret=SECRET).webhook(data, SECRET))
    assert status == (200 if kept else 400)
    return bool(kept) and _understood(kept[0])


def _understood(body: Plain) -> bool:
    assert len(body.reveal()) <= MAX_KEPT
    inbound = understand(body, AT, bot())
    if inbound is None:
        return False
    _check_inbound(inbound)
    return True


def _check_inbound(inbound: Inbound) -> None:
    """Its text is UTF-8, so that it can be stored, and it says one thing."""
    for told in (getattr(inbound, each.name) for each in fields(inbound)):
        if isinstance(told, str):
            told.encode()
        if isinstance(told, Plain):
            told.reveal().decode()
    assert sum(each is not None for each in (inbound.text, inbound.press, inbound.command, inbound.odd)) == 1
    int(inbound.address)


def judged(text: str) -> bool:
    """The guard says something of every text that is not too long, and points into it."""
    try:
        verdict = guard.judge(guard_of_checkout(), text, channel="telegram", phase="unnamed")
    except BadInput:
        assert len(text) > guard.MAX_TEXT
        return False
    at = 0
    for span in verdict.spans:
        assert at <= span.start < span.end <= len(text)
        at = span.end
    assert verdict.blocked or not verdict.spans
    json.dumps(guard.report(verdict))
    return bool(verdict.spans)


def found(text: str) -> bool:
    """The library says something of every question that is not too long."""
    try:
        told = report(look_up(library_of_checkout(), text, _reader()))
    except BadInput:
        return False
    assert 0 <= told["score"] <= 1
    json.dumps(told)
    return told["entry"] is not None


@lru_cache(1)
def _reader() -> Reader:
    return reader_at(structure(), None, AT)


def written(text: str) -> bool:
    """What a demo's bot writes with mark-up is read, with every stretch inside the text, or refused."""
    try:
        formatted = entities.sent_text({"text": text, "parse_mode": "HTML"})
    except Refused:
        return False
    assert all(
        0 <= e.offset < e.offset + e.length <= entities.units(formatted.text) for e in formatted.entities
    )
    return True


def from_object(read: Callable[[Mapping[str, object]], V]) -> Callable[[bytes], V]:
    """A parser of plain values, given JSON."""

    def parse(data: bytes) -> V:
        try:
            plain = json.loads(data)
        except (ValueError, RecursionError):
            plain = None
        if not isinstance(plain, dict):
            raise BadInput
        return read(plain)

    return parse


def to_json(write: Callable[[V], object]) -> Callable[[V], bytes]:
    """The writer that goes with it."""
    return lambda value: json.dumps(write(value)).encode()


def entry_body(happened: Happened) -> bytes:
    """The ledger body of an event."""
    h = happened
    return consultation_body(h.consultation, h.version, h.event, h.rules, h.content)


def bodies(data: bytes) -> bool:
    """Every model of a request: what one accepts, it writes, and reads the same again."""
    return sum(_accepts(model, data) for model in models()) > 0  # each of them, not the first


def _accepts(model: type[BaseModel], data: bytes) -> bool:
    try:
        value = model.model_validate_json(data)
    except ValidationError:
        return False
    assert model.model_validate_json(value.model_dump_json()) == value
    return True


@lru_cache(1)
def models() -> tuple[type[BaseModel], ...]:
    """All strict models that the web's routes have loaded."""
    assert server.ROUTES
    return tuple(sorted(_heirs(Strict), key=lambda model: model.__qualname__))


def _heirs(model: type[BaseModel]) -> set[type[BaseModel]]:
    return {heir for each in model.__subclasses__() for heir in (each, *_heirs(each))}


def call_taken(data: bytes) -> bool:
    """What a gateway answers to a call: a short plain name is kept of it, or nothing."""
    found = id_in(data)
    assert len(found) <= MAX_ID
    assert found == "" or (found.isascii() and found.isalnum())
    return found != ""
