"""A Bot API server on a free port, and python-telegram-bot's own Bot talking to it."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import telegram

from bot.demo.botapi import BotApiServer, Phone

TOKEN = "4242:synthetic-demo-token"


Now = Callable[[], datetime]
Move = Callable[[timedelta], None]


@dataclass
class Hands:
    """A clock whose hands only the test moves."""

    at: datetime = datetime(2026, 11, 23, 22, 15, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def move(self, by: timedelta) -> None:
        self.at += by


@pytest.fixture(autouse=True)
def ptb_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def now(hands: Hands) -> Now:
    return hands.now


@pytest.fixture
def move(hands: Hands) -> Move:
    return hands.move


@pytest.fixture
async def botapi(now: Now) -> AsyncIterator[BotApiServer]:
    server = BotApiServer(token=TOKEN, clock=now)
    async with server.running():
        yield server


@pytest.fixture
def ptb(botapi: BotApiServer) -> Callable[..., telegram.Bot]:
    def make(token: str = TOKEN) -> telegram.Bot:
        return telegram.Bot(token, base_url=botapi.base_url, base_file_url=botapi.base_file_url)

    return make


@pytest.fixture
async def bot(ptb: Callable[..., telegram.Bot]) -> AsyncIterator[telegram.Bot]:
    async with ptb() as made:
        yield made


@pytest.fixture
async def phone(botapi: BotApiServer) -> Phone:
    """A phone that has begun its chat with the bot."""
    made = botapi.phone(7001, "Polis Ett", "polis_ett")
    await made.say("/start")
    return made
