"""`samjour ledger verify`: the record checked where it is in use, or a copy of it, without a server and without secrets."""

import asyncio
from argparse import Namespace
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from bot.commands import acts, admin, out, places
from bot.commands.trust import believed
from bot.core.errors import BadInput, Unavailable
from bot.flow.verify import verify
from bot.keyring import read_ledger_public
from bot.seal.note import split_notes
from bot.settings import Settings
from bot.store.copy import looking_into

MAX_NOTES: Final = 2**20  # bytes of a file with checkpoints; a witness's has half a kilobyte a ledger


def run(args: Namespace) -> int:
    """Verify the record; exit 1 when something does not hold."""
    given = {"checkpoints": read_notes(args.checkpoint), "keys": args.vkey or []}
    told = _verify_copy(Path(args.database), given) if args.database else _verify_own(given)
    if args.json:
        out.result(told)
    else:
        _print(told)
    return 0 if told["ok"] else 1


def _verify_own(given: Mapping[str, Any]) -> dict[str, object]:
    found = places.settings()
    kept = places.database(found)
    if kept is None:
        raise Unavailable("there is no database yet: start `samjour serve` or `samjour demo` first")
    return asyncio.run(admin.call(kept, places.content(found), acts.ACTS, "ledger-verify", given))


def _verify_copy(path: Path, given: Mapping[str, Any]) -> dict[str, object]:
    found = places.settings()
    signers = believed(
        given["keys"], places.content(found), base_url=found.base_url, own=lambda: _own_key(found)
    )
    with looking_into(path) as tx:
        return acts.verdict_to_json(verify(tx, signers, given["checkpoints"]))


def _own_key(found: Settings) -> bytes:
    """The public key beside the database in use, or where it was, if it is gone."""
    with suppress(Unavailable):
        found = places.database(found) or found
    return read_ledger_public(found.keys_dir)


def read_notes(path: str | None) -> list[str]:
    """The signed notes in a file. Raises BadInput for a file that has none."""
    if path is None:
        return []
    try:
        content = Path(path).read_bytes()[: MAX_NOTES + 1]
        notes = split_notes(content.decode())
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: cannot be read as text") from error
    if len(content) > MAX_NOTES or not notes:
        raise BadInput(f"{path}: is no file of checkpoints")
    return notes


def _print(told: Mapping[str, Any]) -> None:
    out.line(f"{told['entries']} entries: {'everything holds' if told['ok'] else 'something does not hold'}")
    for fault in told["faults"]:
        out.line(f"{fault['where']}: {fault['what']}")
