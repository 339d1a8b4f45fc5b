"""`samjour serve` and `samjour demo`: what runs until it is told to stop."""

import asyncio
import json
import logging
import os
import signal
import sys
import time
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import urlsplit

from bot.app import build, running
from bot.commands import out, places, watch_file
from bot.commands.acts import ACTS
from bot.commands.admin import listening
from bot.commands.systemd import systemd, told
from bot.core.errors import BadInput
from bot.demo.gateway import GatewayServer
from bot.demo.invitations import invitations
from bot.demo.night import night
from bot.demo.run import ROLES, announce, demo, links
from bot.demo.seed_pins import write_all_pins
from bot.settings import Settings

_FIELDS: Final = (
    "channel",
    "kind",
    "loop",
    "consultation",
    "saying",
    "ledger",
    "certificate",
    "at",
)  # all that a log line may add


class Lines(logging.Formatter):
    """One JSON object per line: ids and kinds, never content, names or numbers."""

    def format(self, record: logging.LogRecord) -> str:
        """The line. A message's arguments and exceptions are left out: they may hold what people wrote."""
        told: Mapping[str, object] = {
            "level": record.levelname,
            "logger": record.name,
            "event": record.msg if record.name.startswith("bot.") else record.name,
            **{name: record.__dict__[name] for name in _FIELDS if name in record.__dict__},
        }
        return json.dumps(told, ensure_ascii=False, default=str)


def log_to_stderr(level: str) -> None:
    """Every logger writes such lines to stderr; libraries only from WARNING."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("bot").setLevel(level)


def run_serve(args: Namespace) -> int:
    """Serve until SIGTERM or SIGINT."""
    found = places.settings()
    log_to_stderr(found.log_level)
    asyncio.run(_serve(found, args.host, _port(args, found)))
    return 0


def run_demo(args: Namespace) -> int:
    """The demo, or its scripted evening. Quiet, unless a log level was asked for."""
    found = places.settings()
    log_to_stderr(found.log_level if "SAMJOUR_LOG_LEVEL" in os.environ else "WARNING")
    if args.night:
        return asyncio.run(_night(args))
    asyncio.run(_demo(args))
    return 0


async def _serve(found: Settings, host: str, port: int) -> None:
    async with build(found, places.published(found)) as samjour:
        if watch_file.path_of(found).exists():
            samjour.watch.expect()
        async with running(samjour, host=host, port=port), listening(samjour, found, ACTS):
            out.note(f"Samjour serves {found.base_url}")
            async with told(systemd(), lambda: not samjour.hearts.hanging()):
                await told_to_stop()


async def _demo(args: Namespace) -> None:
    found = places.settings()
    published = places.published(found)
    folder = Path(args.dir) if args.dir else places.DEMO
    folder.mkdir(parents=True, exist_ok=True)
    gateway = GatewayServer()
    async with (
        gateway.running(),
        demo(
            folder,
            published(),
            load=published.load,
            port=args.port,
            phones_port=args.port + 1,
            gateway=gateway,
        ) as shown,
    ):
        write_all_pins(shown.samjour.deps, folder)
        async with listening(shown.samjour, places.demo_settings(found, folder), ACTS):
            base = f"http://localhost:{args.port}"
            phones = f"http://localhost:{args.port + 1}/phones"
            invited = await invitations(shown.samjour, folder, ROLES)
            signed = await links(shown.samjour)
            announce(base, phones, signed, invited, as_json=args.json, say=out.line, folder=folder)
            await told_to_stop()


async def _night(args: Namespace) -> int:
    content = places.content(places.settings())
    all_well = True
    with TemporaryDirectory(prefix="samjour-night-") as fresh:
        folder = Path(args.dir) if args.dir else Path(fresh)
        async for step in night(folder, content, tick=time.perf_counter):
            all_well = all_well and step.ok
            if args.json:
                out.result({"step": step.name, "ok": step.ok, "ms": round(step.ms, 1), **step.more})
            else:
                out.line(f"{'ok  ' if step.ok else 'FEL '} {step.ms:8.1f} ms  {step.name} {step.why}")
    return 0 if all_well else 1


async def told_to_stop() -> None:
    """Return when this process is asked to end."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(wanted, stop.set)
    await stop.wait()


def _port(args: Namespace, found: Settings) -> int:
    port = args.port or urlsplit(found.base_url).port
    if port is None:
        raise BadInput("--port: say on which port to listen")
    return int(port)
