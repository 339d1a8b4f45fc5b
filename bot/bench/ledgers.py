"""Appends, carries messages and verifies, each beside SQLite and the primitives alone."""

import asyncio
import hashlib
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Final
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from bot.bench.grow import Script
from bot.bench.measure import Pair
from bot.bench.talks import TEXT, Talks
from bot.core.errors import Tampered
from bot.core.ids import OrganisationId
from bot.flow import verify
from bot.flow.deps import Deps
from bot.flow.findings import Findings
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.flow.upkeep import signers
from bot.flow.verify_rooms import read_devices
from bot.seal.event import MAX_HEADER, from_bytes
from bot.seal.labels import Label
from bot.seal.signing import SigningKey
from bot.seal.symmetric import KEY
from bot.seal.wire import Reader, lp

TOGETHER: Final = 128  # appends in one transaction: as many as the writer takes
SLOW: Final = 3  # rounds of what takes long
_READ: Final = frozenset({"entries", "room_events"})
_SIGNED: Final = frozenset({"checkpoints", "devices", "device_approvals", "introductions"})  # once a row
_NOT_VERIFIED: Final = frozenset({"inbox", "outbox", "spots", "tickets", "sessions"})
_OWNER: Final = OrganisationId("polisen")
_DURABLE: Final = ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA wal_autocheckpoint = 0")
_TABLE: Final = "CREATE TABLE entries (number INTEGER PRIMARY KEY, kind, at, salt, body, leaf)"
_ROW: Final = "INSERT INTO entries (kind, at, salt, body, leaf) VALUES ('bench', 0, ?, ?, ?)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A deployment of its own, with people and supervisors, to measure in; `database` is its file.

    `roots`: the organisations' keys, that devices can be enrolled with.
    """

    deps: Deps
    database: Path
    roots: Mapping[OrganisationId, SigningKey]


@asynccontextmanager
async def append(ground: Ground, appends: int) -> AsyncIterator[Pair]:
    """Entries of the ledger, durable, beside rows of the same size in SQLite: both as many at once."""
    deps = ground.deps
    entry = fact(deps, _OWNER, "bench", deps.clock.now(), note="x" * 200)

    async def ours() -> int:
        def act(tx: Tx) -> None:
            tx.ledger.append(fact(deps, _OWNER, "bench", entry.at, note="x" * 200))

        await asyncio.gather(*(deps.store.write(act) for _ in range(appends)))
        return appends

    with closing(raw_file(ground.database)) as raw:
        row = (entry.salt, entry.body, bytes(KEY))

        async def limit() -> int:
            for start in range(0, appends, TOGETHER):
                insert_raw(raw, [row] * min(TOGETHER, appends - start))
            return appends

        yield Pair(name="append", unit="entries/s", ours=ours, raw=limit)


@asynccontextmanager
async def message(ground: Ground, rooms: int, turns: int) -> AsyncIterator[Pair]:
    """Messages from the inbox to the other side's outbox, durable, beside one signature, one hash and one row each."""
    talks = Talks(ground.deps)
    await talks.begin(rooms)
    signer = Ed25519PrivateKey.from_private_bytes(ground.deps.entropy.draw(KEY))

    async def ours() -> int:
        for _ in range(turns):
            await talks.speak()
        return rooms * turns

    with closing(raw_file(ground.database)) as raw:

        async def limit() -> int:
            for _ in range(turns):
                insert_raw(raw, [_signed(signer) for _ in range(rooms)])
            return rooms * turns

        yield Pair(name="message", unit="messages/s", ours=ours, raw=limit)


@asynccontextmanager
async def verified(ground: Ground, entries: int) -> AsyncIterator[Pair]:
    """All that `ledger verify` checks, beside reading the same rows, hashing them, and checking the same signatures."""
    deps = ground.deps
    script = Script(deps, ground.roots)
    await script.cast()
    await script.grow(entries)
    signatures = await deps.store.read(lambda tx: tuple(_signatures(tx)))

    async def ours() -> int:
        found = await deps.store.read(lambda tx: verify.verify(tx, signers(deps)))
        if not found.ok:
            raise Tampered(f"{found.faults[0].where}: {found.faults[0].what}")
        return found.entries

    async def limit() -> int:
        return await asyncio.to_thread(_read_and_check, ground.database, signatures)

    yield Pair(name="verify", unit="entries/s", ours=ours, raw=limit, rounds=SLOW)


def raw_file(database: Path) -> sqlite3.Connection:
    """SQLite alone, as durable as ours, on the same disk."""
    raw = sqlite3.connect(database.with_name("raw.db"), isolation_level=None)
    for statement in (*_DURABLE, _TABLE):
        raw.execute(statement)
    return raw


def insert_raw(raw: sqlite3.Connection, rows: list[tuple[bytes, bytes, bytes]]) -> None:
    """These rows in one transaction, durable."""
    raw.execute("BEGIN IMMEDIATE")
    raw.executemany(_ROW, rows)
    raw.execute("COMMIT")


def _signed(signer: Ed25519PrivateKey) -> tuple[bytes, bytes, bytes]:
    text = TEXT.encode()
    return signer.sign(text), text, hashlib.sha256(text).digest()


_Signature = tuple[Ed25519PublicKey, bytes, bytes]  # key, signature, message


def _signatures(tx: Tx) -> Iterator[_Signature]:
    """What signed each event of every room, in the order in which the rows are read."""
    devices = read_devices(tx.audit, Findings())
    keys = {id_: Ed25519PublicKey.from_public_bytes(signer.public.ed25519) for id_, signer in devices.items()}
    for room in tx.audit.rooms():
        for _, sealed in tx.audit.events(room.id):
            reader = Reader(Label.EVENT_BYTES, sealed.content)
            header, event = reader.up_to(MAX_HEADER), from_bytes(sealed.content)
            signed = lp(Label.EVENT_SIG, header, hashlib.sha256(event.ct).digest())
            yield keys[event.device_id], event.sig[1:], signed


def _read_and_check(database: Path, signatures: Sequence[_Signature]) -> int:
    """Read every row that a verification reads, make the hashes that its formats ask for, check each signature."""
    address = f"file:{quote(str(database.absolute()))}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as raw:
        entries = 0
        for body, leaf in raw.execute("SELECT body, leaf FROM entries ORDER BY organisation, number"):
            hashlib.sha256(body).digest()
            hashlib.sha256(leaf + leaf).digest()  # a tree has as many nodes as leaves
            entries += 1
        events = raw.execute("SELECT body FROM room_events ORDER BY room, seq")
        for (body,), (key, signature, message) in zip(events, signatures, strict=True):
            hashlib.sha256(body).digest()
            hashlib.sha256(message).digest()  # as long as what is hashed for the next event
            key.verify(signature, message)
        some = cycle(signatures)  # those of other rows take as long
        for table in _tables(raw) - _READ - _NOT_VERIFIED:
            for _ in raw.execute(f"SELECT * FROM {table}"):  # noqa: S608 - the database's own names
                if table in _SIGNED and (one := next(some, None)) is not None:
                    key, signature, message = one
                    key.verify(signature, message)
    return entries


def _tables(raw: sqlite3.Connection) -> set[str]:
    return {name for (name,) in raw.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
