"""`samjour witness`: follows ledgers from outside and cosigns them while they only grow; refuses them for good if not."""

import asyncio
import signal
from argparse import Namespace
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from yarl import URL

from bot.app import SystemClock, SystemEntropy
from bot.commands import out
from bot.commands.witness_files import Accepted, OwnKey, keep_evidence, open_key, read_state, write_state
from bot.commands.witness_http import Ledgers, address, ledgers_at
from bot.core.errors import BadInput, Denied, Unavailable
from bot.flow.ports import Clock
from bot.seal.checkpoint import Checkpoint, verify_checkpoint
from bot.seal.cosignature import is_by, sign_cosignature, witness_to_text
from bot.seal.errors import Malformed, SealError
from bot.seal.note import Verifier, is_signed_by, parse_note, signature_to_line, verifier_from_text
from bot.seal.witness import Seen, check_growth, judge
from bot.store.lock import FileLock


class Did(StrEnum):
    """What came of looking at one ledger."""

    COSIGNED = "cosigned"
    NOTHING = "nothing new"
    REFUSED = "refused"
    NOT_TAKEN = "not taken"
    UNREACHABLE = "unreachable"


@dataclass(slots=True, kw_only=True)
class Witness:
    """A witness at work: which ledgers it follows, by whose keys, and what it accepted of them."""

    own: OwnKey
    ledgers: Mapping[str, Verifier]  # organisation -> the ledger's key; its name is the origin
    state: Path
    accepted: dict[str, Accepted]  # by origin
    clock: Clock


def run(args: Namespace) -> int:
    """Follow the ledgers until told to stop, or once. Exit 1 when one was refused, 3 when one was not reached or took nothing."""
    ledgers, base = _ledgers(args.vkey, args.org), address(args.url)
    if args.every < 1:
        raise BadInput("--every: is a number of seconds")
    own = open_key(Path(args.key), SystemEntropy(), args.name)
    out.result({"witness": witness_to_text(own.verifier)})
    state = Path(args.state)
    lock = _lock(state)
    try:
        witness = Witness(
            own=own, ledgers=ledgers, state=state, accepted=read_state(state, own), clock=SystemClock()
        )
        if args.once:
            return exit_code(asyncio.run(look(witness, base)))
        asyncio.run(_follow(witness, base, timedelta(seconds=args.every)))
        return 0
    finally:
        lock.release()


async def look(witness: Witness, base: URL) -> dict[str, Did]:
    """Look at every ledger once; what came of it, by organisation."""
    return {organisation: await _look_at(witness, base, organisation) for organisation in witness.ledgers}


def exit_code(did: Mapping[str, Did]) -> int:
    """A refusal outweighs a ledger that is out of reach, or whose server does not know us yet."""
    if Did.REFUSED in did.values():
        return 1
    return 3 if {Did.UNREACHABLE, Did.NOT_TAKEN} & set(did.values()) else 0


async def _follow(witness: Witness, base: URL, every: timedelta) -> None:
    stop = asyncio.Event()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(wanted, stop.set)
    while not stop.is_set():
        await look(witness, base)
        until = witness.clock.now() + every
        while not stop.is_set() and witness.clock.now() < until:
            await witness.clock.wait(stop, until)


async def _look_at(witness: Witness, base: URL, organisation: str) -> Did:
    """One ledger; whatever is wrong is said in one line on stderr."""
    try:
        async with ledgers_at(base) as ledgers:
            did = await _witness_one(witness, ledgers, organisation)
    except Unavailable as error:
        out.note(f"samjour witness: {organisation}: {error}")
        did = Did.UNREACHABLE
    except Denied as error:
        out.note(f"samjour witness: {organisation}: {error}: {_unknown(witness.own)}")
        did = Did.NOT_TAKEN
    except (BadInput, SealError) as error:
        out.note(f"samjour witness: {organisation}: REFUSED: {error}")
        did = Did.REFUSED
    known = witness.accepted.get(witness.ledgers[organisation].name)
    size = known.checkpoint.size if known else 0
    out.result({"organisation": organisation, "did": did, "size": size})
    return did


def _unknown(own: OwnKey) -> str:
    """What the other side has to enter before it takes anything of ours."""
    return (
        "our key does not stand in the other side's policies/witnesses.yaml for this ledger and day (yet). What we "
        f"accepted is kept and handed in later. Hand over: name: {own.name}, vkey: {witness_to_text(own.verifier)}"
    )


async def _witness_one(witness: Witness, ledgers: Ledgers, organisation: str) -> Did:
    """Fetch, verify, store, cosign, hand in: in this order. Raises SealError or BadInput for what is refused."""
    key = witness.ledgers[organisation]
    last = witness.accepted.get(key.name)
    note = await ledgers.checkpoint(organisation)
    if note is None:
        if last is not None:
            raise BadInput(f"The ledger had {last.checkpoint.size} entries and shows none.")
        raise Unavailable("the ledger has no checkpoint yet")
    shown = verify_checkpoint(note, origin=key.name, public=key.public)
    seen = await _judge(witness, ledgers, organisation, last, note, shown)
    if seen is Seen.FIRST:
        out.note(
            f"samjour witness: {organisation}: seen for the first time, taken as it is: {shown.size} entries"
        )
    if seen is not Seen.SAME:
        last = _accept(witness, key, note, shown)
    elif any(is_by(line, witness.own.verifier) for line in parse_note(note).signatures):
        return Did.NOTHING
    assert last is not None
    await ledgers.hand_in(organisation, last.note)
    return Did.COSIGNED


async def _judge(
    witness: Witness,
    ledgers: Ledgers,
    organisation: str,
    last: Accepted | None,
    note: str,
    shown: Checkpoint,
) -> Seen:
    """How the checkpoint follows from the last. What contradicts it is kept: both notes are signed by the ledger."""
    before = last.checkpoint if last else None
    try:
        seen = judge(before, shown)
        if before is not None and seen is Seen.GROWN:
            check_growth(before, shown, await ledgers.proof(organisation, before.size, shown.size))
    except (BadInput, SealError):
        if last is not None:
            kept = keep_evidence(witness.state, organisation, (last.note, note))
            out.note(f"samjour witness: {organisation}: evidence: {kept or 'not kept, there is too much'}")
        raise
    return seen


def _accept(witness: Witness, key: Verifier, note: str, shown: Checkpoint) -> Accepted:
    """Cosign, and have it on disk before anybody is told (FORMAT 81)."""
    at = int(witness.clock.now().timestamp())
    line = sign_cosignature(shown, name=witness.own.name, key=witness.own.key, at=at)
    parsed = parse_note(note)
    theirs = [signature_to_line(signed) for signed in parsed.signatures if is_signed_by(signed, key)]
    accepted = Accepted(note="".join((parsed.text, "\n", *theirs, line)), checkpoint=shown)
    after = {**witness.accepted, key.name: accepted}
    write_state(witness.state, after)
    witness.accepted = after
    return accepted


def _ledgers(vkeys: Sequence[str], organisations: Sequence[str] | None) -> dict[str, Verifier]:
    """The keys by organisation, for those that are to be followed. Raises BadInput."""
    known = {}
    for vkey in vkeys:
        try:
            verifier = verifier_from_text(vkey)
        except Malformed as error:
            raise BadInput("--vkey: is no verifier key of a ledger") from error
        known[verifier.name.rpartition("/")[2]] = verifier
    wanted = organisations or sorted(known)
    for organisation in wanted:
        if organisation not in known:
            raise BadInput(f"--org {organisation}: no --vkey is of that ledger")
    return {organisation: known[organisation] for organisation in wanted}


def _lock(state: Path) -> FileLock:
    with suppress(Unavailable):
        return FileLock(state)
    raise Unavailable(f"{state}: another witness uses this state, or its folder cannot be written")
