"""`samjour work`: watches the serving process without its database, and tells supervisors when it is silent."""

import asyncio
import logging
import time
from argparse import Namespace
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

import aiohttp

from bot.app import SystemEntropy, telephones_of
from bot.channels.gateway import SMS, VOICE
from bot.commands import admin, out, places, watch_file
from bot.commands.serving import log_to_stderr, told_to_stop
from bot.commands.systemd import systemd, told
from bot.commands.watch_file import Kept
from bot.core.errors import BadInput, SamjourError
from bot.core.ids import PersonId
from bot.core.vigil import LONGEST, ROUNDS, SHORTEST, Vigil, heard, looked, silence
from bot.flow.hearts import Heart
from bot.flow.messages import Delivery, Outbound
from bot.flow.ports import Channel
from bot.flow.watch import Call
from bot.keyring import read_fields
from bot.seal.plain import Plain
from bot.settings import Settings

log = logging.getLogger(__name__)
TRIES: Final = 60  # rounds in which somebody is tried before the gateway is given up for them
SLACK: Final = timedelta(seconds=30)  # how long one round may take: an answer, and then the gateway


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What somebody is to be told. `key`: the same in each try."""

    call: Call
    text: str = field(repr=False)
    key: str
    tries: int = 0


Ask = Callable[[Mapping[str, object]], Awaitable[Mapping[str, object]]]
Tell = Callable[[Owed], Awaitable[Delivery]]


@dataclass(slots=True, kw_only=True)
class Work:
    """One watch over one serving process."""

    ask: Ask  # raises SamjourError where nobody answers
    tell: Tell
    keep: Callable[[Kept], None]
    draw: Callable[[int], bytes]
    tick: Callable[[], float]
    vigil: Vigil
    kept: Kept
    _owed: dict[PersonId, Owed] = field(default_factory=dict)
    _silent: int = 0  # seconds of the last silence, and whom we told of it, until the server has heard it
    _told: frozenset[PersonId] = frozenset()

    async def go_round(self) -> None:
        """Ask once, and tell whoever is to be told."""
        calls = await self._answer()
        if calls is None:
            self.vigil, is_news = looked(self.vigil, self.tick())
            if is_news:
                self._is_gone()
        else:
            self._is_here(calls)
        await asyncio.gather(*(self._try(owed) for owed in tuple(self._owed.values())))

    async def _answer(self) -> tuple[Call, ...] | None:
        """The server's list; None when it is silent, or says that it does not do its work."""
        said = {"every": self.vigil.every, "silent": self._silent, "told": sorted(self._told)}
        try:
            answer = await self.ask(said)
            calls = watch_file.calls_in(answer.get("calls"))
        except SamjourError as error:
            log.warning("no answer", extra={"kind": type(error).__name__})
            return None
        self._silent, self._told = 0, frozenset()
        return None if answer.get("silent") else calls

    def _is_gone(self) -> None:
        log.error("serve is silent")
        self._owed = {
            c.person: self._owe(c, c.gone) for c in self.kept.calls if c.person not in self.kept.told
        }

    def _is_here(self, calls: tuple[Call, ...]) -> None:
        """Whoever was told that it is silent, by us or by the one before us, is told that it is back; nobody else."""
        passed = silence(self.vigil, self.tick())
        self.vigil, is_back = heard(self.vigil, self.tick())
        if is_back or self.kept.told:
            log.warning("serve answers again")
            self._silent, self._told = max(1, passed), self.kept.told
            self._owed = {
                c.person: self._owe(c, c.back) for c in self.kept.calls if c.person in self.kept.told
            }
        kept = Kept(calls=calls)
        if kept != self.kept:
            self._keep(kept)

    def _owe(self, call: Call, text: str) -> Owed:
        return Owed(call=call, text=text, key=self.draw(16).hex())

    async def _try(self, owed: Owed) -> None:
        delivery = await self.tell(owed)
        if delivery is Delivery.LATER and owed.tries < TRIES:
            self._owed[owed.call.person] = replace(owed, tries=owed.tries + 1)
            return
        self._owed.pop(owed.call.person, None)
        if delivery is not Delivery.SENT:
            log.error("somebody could not be told", extra={"kind": delivery.value})
        elif self.vigil.is_gone:
            self._keep(replace(self.kept, told=self.kept.told | {owed.call.person}))

    def _keep(self, kept: Kept) -> None:
        self.kept = kept
        try:
            self.keep(kept)
        except SamjourError as error:
            log.error("list not kept", extra={"kind": type(error).__name__})  # noqa: TRY400 - the kind says it


def run(args: Namespace) -> int:
    """Watch until SIGTERM or SIGINT."""
    if not SHORTEST <= args.every <= LONGEST:
        raise BadInput(f"--every: {SHORTEST:.0f} to {LONGEST:.0f} seconds")
    found = places.settings()
    log_to_stderr(found.log_level)
    asyncio.run(_run(found, args.every))
    return 0


async def _run(found: Settings, every: float) -> None:
    key, path, draw = read_fields(found.keys_dir), watch_file.path_of(found), SystemEntropy().draw
    patience = aiohttp.ClientTimeout(total=every)
    async with AsyncExitStack() as stack:
        telephones = telephones_of(found, stack)
        if not telephones:
            out.note("SAMJOUR_GATEWAY_URL is not set: nobody can be told, and silence is only logged")
        work = Work(
            ask=lambda said: admin.call_running(found, "alive", said, patience),
            tell=teller(telephones) if telephones else _nobody,
            keep=lambda kept: watch_file.write(path, key, kept, draw),
            draw=draw,
            tick=time.monotonic,
            vigil=Vigil(heard=time.monotonic(), every=every),
            kept=watch_file.read(path, key),
        )
        heart = Heart(tick=time.monotonic, bound=timedelta(seconds=every) + SLACK)
        out.note(f"Samjour's watch begins: told after {every * ROUNDS:.0f} seconds of silence")
        async with told(systemd(), lambda: not heart.hangs):
            rounds = asyncio.create_task(_go_round_and_round(work, heart))
            await told_to_stop()
            rounds.cancel()


async def _go_round_and_round(work: Work, heart: Heart) -> None:
    while True:
        try:
            await work.go_round()
        except Exception as error:  # noqa: BLE001 - the watch goes on; the kind is logged, never a number
            log.error("round broke", extra={"kind": type(error).__name__})  # noqa: TRY400 - a traceback may hold a number
        with heart.resting(timedelta(seconds=work.vigil.every)):
            await asyncio.sleep(work.vigil.every)


def teller(telephones: Mapping[str, Channel]) -> Tell:
    """An SMS, and a call where the gateway can: an SMS alone wakes nobody."""

    async def tell(owed: Owed) -> Delivery:
        message = Outbound(address=owed.call.number, text=Plain(owed.text.encode()), key=owed.key)
        if VOICE in telephones and owed.text == owed.call.gone and owed.tries == 0:
            await telephones[VOICE].send(replace(message, key=f"{owed.key}-call"))
        return (await telephones[SMS].send(message)).delivery

    return tell


async def _nobody(_: Owed) -> Delivery:
    """Without a gateway: silence is logged, and that is all."""
    return Delivery.REFUSED
