"""What is done to a database that was put back from a backup, before anybody uses it."""

from datetime import datetime

from bot.core.codec import instant_to_text, to_json
from bot.flow.ports import Entropy, Tx
from bot.flow.record import SALT
from bot.flow.records import Entry


def make_good(tx: Tx, *, copy: str, now: datetime, entropy: Entropy) -> None:
    """Take the copy into use: what passed since it was made must not come back, and every ledger says what happened.

    `copy`: SHA-256 (hex) of the backup's file. Whatever else must be done again after a restore, such as erasing what
    was erased since, is done here, in this transaction.
    """
    tx.people.forget_ways_in()
    body = to_json({"act": "restored", "at": instant_to_text(now), "copy": copy})
    for organisation in tx.audit.organisations():
        salt = entropy.draw(SALT)
        tx.ledger.append(Entry(organisation=organisation, kind="restore", body=body, salt=salt, at=now))
