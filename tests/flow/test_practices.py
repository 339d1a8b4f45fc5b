"""Practices that FORMAT.md requires and no bytes by themselves show; tests/seal/test_cases.py names these tests."""

import base64
import json
import sqlite3
from pathlib import Path

import pytest
import telegram

from bot.app import SystemEntropy
from bot.channels.telegram_update import understand
from bot.core.errors import NotNow, Unavailable
from bot.core.ids import PersonId, RoomId
from bot.flow import rooms
from bot.flow.ports import Tx
from bot.flow.speaker import address_hash
from bot.flow.upkeep import sign_heads
from bot.keyring import open_keys
from bot.seal import event
from bot.seal.event import Event
from bot.seal.keys import secret_from_bytes
from bot.seal.plain import Plain
from tests.flow.flow_world import EVENING_1, NIGHT, OFFICER, World
from tests.stories.plaintext import files_under

KEPT = ("bridge.key", "fields.key", "ledger.key", "webhook.key")


def test_key_files_are_their_owners_alone(tmp_path: Path) -> None:
    """Requirement 14: keys are written for their owner alone, and one that others can read is not used."""
    folder, database = tmp_path / "keys", tmp_path / "samjour.db"
    open_keys(folder, SystemEntropy(), database=database)
    assert {path.name for path in folder.iterdir()} >= set(KEPT)
    for path in folder.iterdir():
        assert path.stat().st_mode & 0o777 == 0o600, path.name
    for name in KEPT:
        for mode in (0o640, 0o604, 0o620, 0o602):
            (folder / name).chmod(mode)
            with pytest.raises(Unavailable, match=name):
                open_keys(folder, SystemEntropy(), database=database)
        (folder / name).chmod(0o600)


async def _room(world: World) -> RoomId:
    await world.ask_for()
    await world.accept(EVENING_1)
    room = (await world.latest()).room
    assert room is not None
    return room


async def test_sealing_again_takes_a_new_nonce(world: World) -> None:
    """Requirement 22: a message that could not be kept is sealed again under another nonce, on the same head."""
    room, lost = await _room(world), list[Event]()

    def say(tx: Tx) -> Event:
        seq, _ = rooms.say(tx, world.deps, room, PersonId(OFFICER), Plain(b"Hej"))
        kept = tx.rooms.event(room, seq)
        assert kept is not None
        return event.from_bytes(kept.content)

    def in_vain(tx: Tx) -> None:
        lost.append(say(tx))
        raise NotNow

    with pytest.raises(NotNow):
        await world.deps.store.write(in_vain)
    again = await world.deps.store.write(say)
    assert (lost[0].seq, lost[0].prev_hash) == (again.seq, again.prev_hash)
    assert lost[0].nonce != again.nonce


async def test_no_key_is_in_the_database(world: World, folder: Path) -> None:
    """Requirements 14 and 35: after a talk, no key of the server is in the database's files, however written."""
    await _room(world)
    await world.say(OFFICER, "Hej")
    await sign_heads(world.deps)
    keys = world.deps.keys
    secrets = [keys.fields.key, keys.ledger.seed, keys.bridge.signing_seed, keys.bridge.kem_seed]
    kept = files_under(folder)
    for name, content in kept.items():
        if name.startswith("supervisors/"):
            supervisor = secret_from_bytes(content)
            secrets += [supervisor.signing_seed, supervisor.kem_seed]
    assert len(secrets) > 8
    searched = [content for name, content in kept.items() if name.startswith("samjour.db")]
    assert len(searched) > 1
    assert any(keys.ledger.public in body or keys.bridge.public.ed25519 in body for body in searched)
    for secret in secrets:
        for form in _forms(secret):
            assert not any(form in body for body in searched)


def _forms(secret: bytes) -> list[bytes]:
    """As bytes, as hexadecimal, and as base64 wherever it stands in a longer text."""
    shifted = [base64.b64encode(bytes(lead) + secret)[4:-4] for lead in range(3)]
    url = [form.replace(b"+", b"-").replace(b"/", b"_") for form in shifted]
    return [secret, secret.hex().encode(), secret.hex().upper().encode(), *shifted, *url]


async def test_an_account_has_one_spelling(world: World) -> None:
    """Requirement 37: whatever a Telegram account does, the address that is looked up is the same decimal number."""
    person = {"id": 70174060507, "is_bot": False, "first_name": "A"}
    chat = {"id": 70174060507, "type": "private", "first_name": "A"}
    message = {"message_id": 1, "date": 1, "chat": chat, "from": person, "text": "Hej"}
    member = {"status": "member", "user": person}
    bodies = (
        {"message": message},
        {"edited_message": {**message, "edit_date": 2}},
        {
            "callback_query": {
                "id": "1",
                "from": person,
                "chat_instance": "1",
                "data": "x",
                "message": message,
            }
        },
        {
            "my_chat_member": {
                "chat": chat,
                "from": person,
                "date": 1,
                "old_chat_member": member,
                "new_chat_member": {**member, "status": "kicked", "until_date": 0},
            }
        },
    )
    bot = telegram.Bot("1000:a-token-for-tests")
    addresses = set()
    for body in bodies:
        raw = json.dumps({"update_id": 1, **body}).encode()
        inbound = understand(Plain(raw), NIGHT, bot)
        assert inbound is not None
        addresses.add((inbound.address, address_hash(world.deps, inbound.channel, inbound.address)))
    assert [address for address, _ in addresses] == ["70174060507"]


async def test_a_rewritten_ledger_is_not_signed(world: World, folder: Path) -> None:
    """Requirement 38: a ledger that is no longer the beginning that its last checkpoint names gets no other one."""
    await _room(world)
    await sign_heads(world.deps)
    database = sqlite3.connect(folder / "samjour.db")
    with database:
        changed = database.execute(
            "UPDATE nodes SET hash = randomblob(32) WHERE organisation = 'malmo' AND level = "
            "(SELECT max(level) FROM nodes WHERE organisation = 'malmo')"
        )
        assert changed.rowcount == 1
    before = database.execute("SELECT count(*) FROM checkpoints WHERE organisation = 'malmo'").fetchone()
    await world.say(OFFICER, "Hej")
    unsigned = await world.deps.store.read(lambda tx: tx.ledger.unsigned())
    assert "malmo" in unsigned
    assert await sign_heads(world.deps) == len(unsigned) - 1
    assert (
        database.execute("SELECT count(*) FROM checkpoints WHERE organisation = 'malmo'").fetchone() == before
    )
    database.close()
