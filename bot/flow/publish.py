"""Publishes content: records which is in force, and puts it in force in one step, or not at all."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final, TypeVar

from bot.core.errors import BadContent
from bot.core.stranded import stranded_faults
from bot.flow.deps import Content, Deps
from bot.flow.ports import Tx
from bot.flow.record import fact

log = logging.getLogger(__name__)
KIND: Final = "published"
STARTED: Final = "start"  # who does it when the server begins with other files than it ended with

C = TypeVar("C", bound=Content)


async def publish(deps: Deps, content: C, before: C, put: Callable[[C], None], by: str) -> bool:
    """Put `content` in force, with its digest on the ledger; False where it was in force already.

    `put` is called between two acts of the writer, so that no act sees two contents; should the transaction fail
    after all, it is called with `before`.

    Raises BadContent, with nothing changed, where requests that are under way would lose their place.
    """

    def act(tx: Tx) -> bool:
        now = deps.clock.now()
        faults = stranded_faults(content.structure, tx.publishing.unclosed(), now)
        if faults:
            raise BadContent("\n".join(faults))
        changed = _note(tx, deps, content.digest, now, by)
        put(content)
        return changed

    try:
        changed = await deps.store.write(act)
    except BaseException:
        put(before)
        raise
    deps.bells.ring()
    return changed


async def note_content(deps: Deps) -> bool:
    """Record with which content the server begins, where it is not the one it ended with.

    Requests that have lost their place meanwhile are logged: a server that does not start helps nobody.
    """

    def act(tx: Tx) -> tuple[bool, bool]:
        content, now = deps.content(), deps.clock.now()
        stranded = bool(stranded_faults(content.structure, tx.publishing.unclosed(), now))
        return _note(tx, deps, content.digest, now, STARTED), stranded

    changed, stranded = await deps.store.write(act)
    if stranded:
        log.error("requests without a place", extra={"kind": "stranded"})
    return changed


def _note(tx: Tx, deps: Deps, digest: str, now: datetime, by: str) -> bool:
    if tx.publishing.digest() == digest:
        return False
    tx.publishing.put_digest(digest, now, fact(deps, deps.home, KIND, now, by=by))
    return True
