"""Sendings: whatever a device asks under a key of its own choice is done once, however often it is asked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from bot.core.codec import object_from_json, to_json
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.records_talks import Sending
from bot.flow.refusals import Code, Refused

REMEMBERED: Final = timedelta(days=3)  # a device that was away longer looks before it repeats anything
Answer = dict[str, object]  # ids, instants, fixed choices


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked. `what`: everything that a repetition must repeat; sealing again changes a seal, so no seal is in it."""

    sender: str  # a device's id, or a person's where no device is needed
    key: str
    what: tuple[str, ...]


def once(tx: Tx, asked: Asked, now: datetime, act: Callable[[], Answer]) -> Answer:
    """Do it, or answer as the first time. Raises Refused when the same key was used for something else."""
    id_, what = _hash(asked.sender, asked.key), _hash(*asked.what)
    before = tx.sendings.get(id_)
    if before is not None:
        if before.what != what:
            raise Refused(Code.KEY_REUSED)
        return object_from_json(before.answer)
    answer = act()
    tx.sendings.put(Sending(id=id_, what=what, answer=to_json(answer), at=now))
    return answer


async def forget(deps: Deps) -> int:
    """Forget what was sent long ago; returns how many."""
    before = deps.clock.now() - REMEMBERED
    return await deps.store.write(lambda tx: tx.sendings.forget(before))


def _hash(*parts: str) -> bytes:
    """One hash of several strings, none of which can be taken for two."""
    return sha256(to_json(parts)).digest()
