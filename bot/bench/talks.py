"""Talks in lockstep: in each of many rooms somebody says something, and all of it is handled together."""

import asyncio
import json
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.bench.casts import CHANNEL, Cast
from bot.bench.grow import Script
from bot.core.errors import Unavailable
from bot.core.ids import PersonId
from bot.core.people import Person
from bot.flow.deps import Deps
from bot.flow.enrol import put_person
from bot.flow.inbox import handle_waiting, keep
from bot.flow.messages import Inbound
from bot.flow.ports import Tx
from bot.seal.plain import Plain

TEXT: Final = ("Vi står kvar vid porten och väntar på besked. " * 12)[
    :500
]  # about 512 bytes; nobody is in it


class Talks:
    """Rooms that are open, one for each officer, all with one worker."""

    def __init__(self, deps: Deps) -> None:
        """None yet."""
        self._deps = deps
        self._officers: list[PersonId] = []
        self._count = 0

    async def begin(self, rooms: int) -> None:
        """Open them. Raises Unavailable where no board lets the channel carry talks."""
        script = Script(self._deps)
        await script.cast()
        cast = script.casts[0]
        for number in range(rooms):
            officer = replace(cast.officer, id=PersonId(f"p-bench-{number}"), phone=None)
            await self._deps.store.write(lambda tx, o=officer: self._open(tx, script, cast, o))  # type: ignore[misc]
            self._officers.append(officer.id)

    async def speak(self) -> None:
        """Everybody says one thing; returns when all of it is on the ledger and durable."""
        self._count += 1
        await asyncio.gather(*(self._keep(officer) for officer in self._officers))
        handled, failed = await handle_waiting(self._deps, {CHANNEL: _understand})
        if handled != len(self._officers) or failed:
            raise Unavailable("a message was not handled")

    async def _keep(self, officer: PersonId) -> None:
        native_id = f"{self._count}:{officer}"
        body = json.dumps({"from": officer, "id": native_id, "text": TEXT}, ensure_ascii=False).encode()
        await keep(self._deps, CHANNEL, native_id, Plain(body))

    def _open(self, tx: Tx, script: Script, cast: Cast, officer: Person) -> None:
        put_person(tx, self._deps, officer, by="bench")
        script.link(tx, officer)
        script.talk(tx, replace(cast, officer=officer), words=0)


def _understand(body: Plain, at: datetime) -> Inbound:
    told = json.loads(body.reveal())
    text = Plain(told["text"].encode())
    return Inbound(channel=CHANNEL, address=told["from"], native_id=told["id"], at=at, text=text)
