"""Records which files browsers are served: their digests as one entry of the ledger, anew whenever one has changed.

It narrows what a server can serve unnoticed and does not close it: who serves other code to one browser records nothing.
"""

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.core.errors import BadInput, SamjourError
from bot.flow import proofs
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.flow.records import Recorded
from bot.flow.upkeep import sign_head

KIND: Final = "served_files"
MAX_FILES: Final = 1024
_PATH: Final = re.compile(r"[A-Za-z0-9_./-]{1,200}", re.ASCII)
_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """The newest list, with what it takes to believe that the ledger has it."""

    recorded: Recorded
    checkpoint: str
    proof: list[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How many entries have been looked through, and the newest list among them."""

    until: int = 0
    found: Recorded | None = None


async def note_served_at_start(deps: Deps, files: Mapping[str, str]) -> None:
    """`note_served`; should it fail, say so and go on: somebody may be waiting for a person at this very moment."""
    try:
        await note_served(deps, files)
    except SamjourError as error:
        log.error("files not recorded", extra={"kind": type(error).__name__})  # noqa: TRY400 - the kind says it


async def note_served(deps: Deps, files: Mapping[str, str]) -> bool:
    """Record the digests (SHA-256, hex, by path) unless the newest entry has just these; whether it was needed.

    Raises BadInput for what is no such list.
    """
    told = files_in({"files": dict(files)})

    def act(tx: Tx) -> bool:
        last = tx.ledger.newest(deps.home, KIND)
        if last is not None and _plain(last).get("files") == told:
            return False
        tx.ledger.append(fact(deps, deps.home, KIND, deps.clock.now(), files=told))
        sign_head(tx, deps, deps.home)
        return True

    return await deps.store.write(act)


def served(tx: Tx, deps: Deps, look: Look) -> tuple[Served | None, Look]:
    """The newest list that stands under a checkpoint, with its proof, None where there is none; and how far was looked.

    `look`: how far the last one came, so that nobody has us look through a whole ledger again and again.
    """
    newer = tx.ledger.newest(deps.home, KIND, since=look.until)
    looked = Look(until=tx.ledger.size(deps.home), found=newer or look.found)
    note = proofs.checkpoint(tx, deps.home)
    if looked.found is None or note is None:
        return None, looked
    try:
        included = proofs.inclusion(tx, deps.home, looked.found.index)
    except BadInput:
        return None, looked  # recorded, and not signed yet
    if included is None:
        return None, looked
    return Served(recorded=looked.found, checkpoint=note, proof=included.proof), looked


def files_in(plain: Mapping[str, object]) -> dict[str, str]:
    """The digests by path that an entry's body names. Raises BadInput for a body of another form."""
    files = plain.get("files")
    if not isinstance(files, dict) or not 1 <= len(files) <= MAX_FILES:
        raise BadInput("it names no files")
    for path, digest in files.items():
        if not (_is(_PATH, path) and _is(_DIGEST, digest)):
            raise BadInput("it names a file that is none")
    return files


def _is(form: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and form.fullmatch(value) is not None


def _plain(recorded: Recorded) -> dict[str, object]:
    """Our own entry; one that cannot be read is as good as none here, and `ledger verify` names it."""
    try:
        plain = json.loads(recorded.entry.body)
    except ValueError:
        return {}
    return plain if isinstance(plain, dict) else {}
