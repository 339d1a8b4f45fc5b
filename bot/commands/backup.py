"""`samjour backup` and `samjour restore`: one file that holds everything but the keys."""

import asyncio
from argparse import Namespace
from hashlib import file_digest
from pathlib import Path

from bot.app import SystemClock, SystemEntropy
from bot.commands import acts, admin, out, places, restored_told
from bot.commands.ledger import read_notes
from bot.commands.trust import believed
from bot.core.errors import BadInput, SamjourError, Tampered, Unavailable
from bot.flow.ports import Tx
from bot.flow.restored import make_good
from bot.flow.verify import Verdict, verify
from bot.keyring import read_ledger_public
from bot.settings import Settings
from bot.store.address import parse
from bot.store.copy import back_up, restore


def run_backup(args: Namespace) -> int:
    """Copy the database, also while it is in use: as it was after one commit."""
    kept = places.database(places.settings())
    if kept is None:
        raise Unavailable("there is no database yet")
    target = Path(args.file).absolute()
    size = back_up(parse(kept.database_url), target)
    out.result({"file": str(target), "bytes": size})
    return 0


def run_restore(args: Namespace) -> int:
    """Put a backup in the place of a database that is gone. Exit 1, with nothing done, when it does not verify."""
    found = places.settings()
    source, target = Path(args.file), parse(found.database_url)
    signers = believed(
        args.vkey or [],
        places.content(found),
        base_url=found.base_url,
        own=lambda: read_ledger_public(found.keys_dir),
    )
    copy, notes = _digest(source), read_notes(args.checkpoint)

    def act(tx: Tx) -> tuple[Verdict, restored_told.Reach]:
        found = verify(tx, signers)
        if not found.ok and not args.with_faults:
            raise _Faulty(found)
        reach = restored_told.reach_of(tx)
        make_good(tx, copy=copy, now=SystemClock().now(), entropy=SystemEntropy())
        return found, reach

    try:
        verdict, reach = restore(source, target, act)
    except _Faulty as faulty:
        _tell(faulty.verdict)
        out.note("nothing was restored; with --with-faults it is, as it is")
        return 1
    _tell(verdict)
    size, missing = source.stat().st_size, restored_told.missing_since(reach, notes, found, signers)
    told = {"database": str(target), "entries": verdict.entries, "ok": verdict.ok}
    out.result(
        {**told, "erased_again": _erase_again(found), **restored_told.told(reach, size, missing)},
    )
    restored_told.say(reach, size, missing, found.timezone)
    return 0


def _erase_again(found: Settings) -> object:
    """How many consultations that were erased since the backup; None when that must wait for the next start."""
    try:
        told = asyncio.run(admin.call(found, places.content(found), acts.ACTS, "retention-reapply", {}))
    except SamjourError as error:
        out.note(f"what was erased since the backup is erased again when `samjour serve` starts: {error}")
        return None
    return told["erased"]


class _Faulty(Tampered):
    """The backup does not verify."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__()
        self.verdict = verdict


def _digest(source: Path) -> str:
    try:
        with source.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise BadInput(f"{source}: cannot be read") from error


def _tell(verdict: Verdict) -> None:
    for fault in verdict.faults:
        out.note(f"{fault.where}: {fault.what}")
