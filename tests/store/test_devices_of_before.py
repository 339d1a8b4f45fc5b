"""A database of the first version, with devices that have signed nothing, still opens, holds, and can be built on."""

import sqlite3
from base64 import b64encode
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

import bot.store
from bot.core.codec import Fact, fact_body
from bot.flow.ports import Tx
from bot.flow.records_devices import DeviceState, Tier
from bot.flow.verify import verify
from bot.seal import log
from bot.seal.enrolment import Right
from bot.seal.keys import DeviceSecret, public_to_bytes
from bot.store.sqlite import SqliteStore
from tests.store import small_devices
from tests.store.small import AT, BRIDGE, CHIEF_DEVICES, CHIEFS, CIPHER, MALMO, SIGNERS, entry, person

ROWS = (
    (BRIDGE, "bridge", None, True),
    (CHIEF_DEVICES[CHIEFS[0]], "supervisor", CHIEFS[0], True),
    (CHIEF_DEVICES[CHIEFS[1]], "supervisor", CHIEFS[1], False),
)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A database as the first version left it: schema, device rows, and what its ledger was told of them."""
    path = tmp_path / "samjour.db"
    config = Config()
    scripts = Path(bot.store.__file__).parent / "migrations"
    config.set_main_option("script_location", str(scripts))
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()
    raw = sqlite3.connect(path)
    with raw:
        for row in ROWS:
            _put(raw, *row)
    raw.close()
    return path


def _put(raw: sqlite3.Connection, secret: DeviceSecret, kind: str, who: str | None, active: bool) -> None:  # noqa: FBT001
    public = secret.public
    id_, content = public.device_id, public_to_bytes(public)
    raw.execute("INSERT INTO devices VALUES (?, ?, ?, ?, ?, ?)", (id_, kind, MALMO, who, content, active))
    number = raw.execute("SELECT count(*) FROM entries").fetchone()[0]
    told = {
        "kind": kind,
        "organisation": MALMO,
        "person": who,
        "public": b64encode(content).decode(),
        "active": active,
    }
    fact = Fact(table="devices", version=number + 1, at=AT, put={id_.hex(): told}, act={"act": "enrolled"})
    body, salt = fact_body(fact), bytes(16)
    leaf = log.leaf_hash(kind="device", salt=salt, body=body)
    at = int(AT.timestamp()) * 1_000_000 + AT.microsecond

    def read(level: int, index: int) -> bytes:
        leaf = raw.execute("SELECT leaf FROM entries WHERE number = ?", (index,))
        node = raw.execute("SELECT hash FROM nodes WHERE level = ? AND number = ?", (level, index))
        return bytes((node if level else leaf).fetchone()[0])

    rows = log.append(number, leaf, read)
    raw.execute(
        "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?)", (MALMO, number, "device", at, salt, body, leaf)
    )
    for row in rows[1:]:
        raw.execute("INSERT INTO nodes VALUES (?, ?, ?, ?)", (MALMO, row.level, row.index, row.hash))
    raw.execute("INSERT OR REPLACE INTO ledgers VALUES (?, ?)", (MALMO, number + 1))
    raw.execute("INSERT OR REPLACE INTO subjects VALUES ('devices', ?)", (number + 1,))


async def test_devices_of_before_wait_and_nothing_is_sealed_to_them(old: Path) -> None:
    """They stay under their ids with the rights of their kind, none of them active; the ledger still gives the rows."""
    store = SqliteStore(old, cipher=CIPHER)
    known = await store.read(lambda tx: {d.id: d for d in tx.devices.of_organisation(MALMO)})
    bridge, chief, former = (known[secret.public.device_id] for secret, *_ in ROWS)
    assert (bridge.rights, bridge.state, bridge.tier) == (Right.BRIDGE, DeviceState.PENDING, Tier.SERVER)
    assert (chief.rights, chief.state, chief.person) == (Right.SHARES, DeviceState.PENDING, CHIEFS[0])
    assert former.state is DeviceState.REVOKED
    assert await store.read(lambda tx: tx.devices.active(MALMO, Right.SHARES)) == ()
    assert (await store.read(lambda tx: verify(tx, SIGNERS))).faults == ()
    await store.close()


async def test_devices_of_before_are_enrolled_under_their_ids(old: Path) -> None:
    """Once they have signed a bundle and are vouched for they are active, and what was sealed to them still is."""
    store = SqliteStore(old, cipher=CIPHER)
    secret = CHIEF_DEVICES[CHIEFS[0]]

    def act(tx: Tx) -> None:
        tx.people.put(person(CHIEFS[0]), entry(MALMO, "person"))
        small_devices.put_root(tx, MALMO, entry(MALMO, "root"))
        device = small_devices.device_of(secret, MALMO, CHIEFS[0], Right.SHARES, AT)
        words = (entry(MALMO, "device"), entry(MALMO, "approval"), entry(MALMO, "device"))
        small_devices.certify(tx, device, words)
        small_devices.publish(tx, entry(MALMO))

    await store.write(act)
    (device,) = await store.read(lambda tx: tx.devices.active(MALMO, Right.SHARES))
    assert device.id == secret.public.device_id
    assert (await store.read(lambda tx: verify(tx, SIGNERS))).faults == ()
    await store.close()
