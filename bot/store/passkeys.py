"""Passkeys, and challenges that wait for an answer."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from bot.core.ids import PersonId
from bot.flow.records import Entry
from bot.flow.records_devices import Passkey
from bot.store.device_facts import passkey_fact
from bot.store.device_tables import challenges, passkeys
from bot.store.facts import Facts

MOST_WAITING: Final = 65_536  # challenges; the oldest give way, so that asking for many keeps nobody out

_PUT = insert(passkeys)
_GET = select(passkeys).where(passkeys.c.id == bindparam("of"))
_OF_PERSON = select(passkeys).where(passkeys.c.person == bindparam("of")).order_by(passkeys.c.id)
_USED = update(passkeys).where(passkeys.c.id == bindparam("of")).values(signed=bindparam("to"))
_DROP = delete(passkeys).where(passkeys.c.id == bindparam("of"))

_ISSUE = insert(challenges).returning(challenges.c.position)
_CROWDED = delete(challenges).where(challenges.c.position <= bindparam("upto"))
_TAKE = delete(challenges).where(challenges.c.digest == bindparam("of"))
_FIND = _TAKE.where(challenges.c.purpose == bindparam("for"), challenges.c.expires > bindparam("now"))


class SqlPasskeys:
    """Implements `Passkeys` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        """`connection`: in the transaction that all of this belongs to."""
        self._connection = connection
        self._facts = Facts(connection)

    def put(self, passkey: Passkey, entry: Entry) -> None:
        """Add a passkey. Raises BadInput when one with its id is there already."""
        row = {
            "id": passkey.id,
            "person": passkey.person,
            "public": passkey.public,
            "made_at": passkey.made_at,
            "signed": passkey.signed,
        }
        self._connection.execute(_PUT, row)
        self._facts.record(entry, "passkeys", put=dict([passkey_fact(row)]))

    def get(self, id_: bytes) -> Passkey | None:
        """A passkey by id."""
        row = self._connection.execute(_GET, {"of": id_}).one_or_none()
        return None if row is None else _passkey(row)

    def of_person(self, person: PersonId) -> tuple[Passkey, ...]:
        """Somebody's passkeys, by id."""
        return tuple(_passkey(row) for row in self._connection.execute(_OF_PERSON, {"of": person}))

    def used(self, id_: bytes, signed: int) -> None:
        """Remember how often it says that it has signed."""
        self._connection.execute(_USED, {"of": id_, "to": signed})

    def drop(self, id_: bytes, entry: Entry) -> None:
        """Forget a passkey; nothing is recorded if there is none."""
        if self._connection.execute(_DROP, {"of": id_}).rowcount:
            self._facts.record(entry, "passkeys", put={}, dropped=[id_.hex()])


class SqlChallenges:
    """Implements `Challenges` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        """`connection`: in the transaction that all of this belongs to."""
        self._connection = connection

    def issue(self, digest: bytes, purpose: str, expires: datetime) -> None:
        """Wait for an answer to it, and no longer for the oldest of too many."""
        row = {"digest": digest, "purpose": purpose, "expires": expires}
        position: int = self._connection.execute(_ISSUE, row).scalar_one()
        self._connection.execute(_CROWDED, {"upto": position - MOST_WAITING})

    def take(self, digest: bytes, purpose: str, now: datetime) -> bool:
        """Whether it was issued for that and still holds; true once."""
        holds = self._connection.execute(_FIND, {"of": digest, "for": purpose, "now": now}).rowcount
        self._connection.execute(_TAKE, {"of": digest})
        return bool(holds)


def _passkey(row: Row[Any]) -> Passkey:
    return Passkey(id=row.id, person=row.person, public=row.public, made_at=row.made_at, signed=row.signed)
