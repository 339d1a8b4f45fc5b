"""Forums' lists and notices of grave events."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.core.codec import instant_to_text, to_json
from bot.core.graves import Answer, GraveId
from bot.core.ids import OrganisationId, PersonId
from bot.core.referrals import EntryId
from bot.flow.records import Entry
from bot.flow.records_graves import Copy, Grave, Listed, Told
from bot.store.facts import Columns, Facts
from bot.store.grave_tables import forum_lists, grave_copies, graves, graves_told

_LISTED = select(forum_lists).where(forum_lists.c.forum == bindparam("of")).order_by(forum_lists.c.person)
_LIST = upsert(forum_lists)
_LIST = _LIST.on_conflict_do_update(
    index_elements=[forum_lists.c.forum, forum_lists.c.person],
    set_={name: _LIST.excluded[name] for name in ("organisation", "since", "until")},
)
_PUT, _PUT_COPY = insert(graves), insert(grave_copies)
_TELL = upsert(graves_told)
_TELL = _TELL.on_conflict_do_update(
    index_elements=[graves_told.c.grave, graves_told.c.person],
    set_={name: _TELL.excluded[name] for name in ("answer", "at")},
)
_GET = select(graves).where(graves.c.id == bindparam("named"))
_TOLD = select(graves_told).where(graves_told.c.grave == bindparam("of")).order_by(graves_told.c.person)
_COPY = select(grave_copies).where(
    grave_copies.c.grave == bindparam("of"), grave_copies.c.device == bindparam("on")
)
_SENT = (
    select(graves)
    .where(graves.c.sender == bindparam("by"), graves.c.at >= bindparam("since"))
    .order_by(graves.c.at.desc())
)
_TOLD_TO = (
    select(graves)
    .join(graves_told, graves_told.c.grave == graves.c.id)
    .where(graves_told.c.person == bindparam("to"), graves.c.at >= bindparam("since"))
    .order_by(graves.c.at.desc())
)


class SqlGraves:
    """Implements `Graves` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        """`connection`: in the transaction that all of this belongs to."""
        self._connection = connection
        self._facts = Facts(connection)

    def listed(self, forum: EntryId) -> tuple[Listed, ...]:
        """Everybody who was ever on a forum's list, in the order of their ids."""
        return tuple(_listed(row) for row in self._connection.execute(_LISTED, {"of": forum}))

    def put_listed(self, listed: Listed, entry: Entry) -> None:
        """On the list, or no longer."""
        row = {
            "forum": listed.forum,
            "person": listed.person,
            "organisation": listed.organisation,
            "since": listed.since,
            "until": listed.until,
        }
        self._connection.execute(_LIST, row)
        self._facts.record(entry, "forum_lists", put=dict([list_fact(row)]))

    def put(
        self, grave: Grave, told: Sequence[Told], copies: Sequence[Copy], entries: tuple[Entry, Entry, Entry]
    ) -> None:
        """Keep a new notice, whom it was told, and its copies."""
        row = {
            "id": grave.id,
            "organisation": grave.organisation,
            "forum": grave.forum,
            "sender": grave.sender,
            "device": grave.device,
            "at": grave.at,
        }
        self._connection.execute(_PUT, row)
        self._facts.record(entries[0], "graves", put=dict([grave_fact(row)]))
        people, blobs = [_told_row(one) for one in told], [_copy_row(one) for one in copies]
        self._connection.execute(_TELL, people)
        self._facts.record(entries[1], "graves_told", put=dict(map(told_fact, people)))
        self._connection.execute(_PUT_COPY, blobs)
        self._facts.record(entries[2], "grave_copies", put=dict(map(copy_fact, blobs)))

    def get(self, grave: GraveId) -> Grave | None:
        """One notice."""
        row = self._connection.execute(_GET, {"named": grave}).one_or_none()
        return _grave(row) if row is not None else None

    def told(self, grave: GraveId) -> tuple[Told, ...]:
        """Everybody who was told, in the order of their ids."""
        rows = self._connection.execute(_TOLD, {"of": grave})
        return tuple(
            Told(grave=grave, person=PersonId(row.person), answer=Answer(row.answer), at=row.at)
            for row in rows
        )

    def copy(self, grave: GraveId, device: bytes) -> Copy | None:
        """The notice as that device can open it."""
        row = self._connection.execute(_COPY, {"of": grave, "on": device}).one_or_none()
        if row is None:
            return None
        return Copy(grave=grave, device=row.device, person=PersonId(row.person), blob=row.blob)

    def answer(self, told: Told, entry: Entry) -> None:
        """What somebody answers now."""
        row = _told_row(told)
        self._connection.execute(_TELL, row)
        self._facts.record(entry, "graves_told", put=dict([told_fact(row)]))

    def sent_by(self, person: PersonId, since: datetime) -> tuple[Grave, ...]:
        """The notices that somebody sent, newest first."""
        return tuple(map(_grave, self._connection.execute(_SENT, {"by": person, "since": since})))

    def told_to(self, person: PersonId, since: datetime) -> tuple[Grave, ...]:
        """The notices that somebody was told, newest first."""
        return tuple(map(_grave, self._connection.execute(_TOLD_TO, {"to": person, "since": since})))


def list_fact(row: Columns) -> tuple[str, object]:
    """What the ledger is told of somebody on a list: all of it."""
    until = instant_to_text(row["until"]) if row["until"] is not None else None
    told = {"organisation": row["organisation"], "since": instant_to_text(row["since"]), "until": until}
    return to_json([row["forum"], row["person"]]).decode(), told


def grave_fact(row: Columns) -> tuple[str, object]:
    """What the ledger is told of a notice: whose it is, to whom, when; what it says is not there."""
    told = {name: row[name] for name in ("organisation", "forum", "sender")}
    return row["id"], {**told, "device": row["device"].hex(), "at": instant_to_text(row["at"])}


def told_fact(row: Columns) -> tuple[str, object]:
    """What the ledger is told of somebody who was told: what they have answered."""
    key = to_json([row["grave"], row["person"]]).decode()
    return key, {"answer": row["answer"], "at": instant_to_text(row["at"])}


def copy_fact(row: Columns) -> tuple[str, object]:
    """What the ledger is told of a copy: the hash of its bytes."""
    key = to_json([row["grave"], row["device"].hex()]).decode()
    return key, {"person": row["person"], "hash": sha256(row["blob"].content).hexdigest()}


def _told_row(told: Told) -> dict[str, object]:
    return {"grave": told.grave, "person": told.person, "answer": told.answer.value, "at": told.at}


def _copy_row(copy: Copy) -> dict[str, object]:
    return {"grave": copy.grave, "device": copy.device, "person": copy.person, "blob": copy.blob}


def _listed(row: Row[Any]) -> Listed:
    return Listed(
        forum=EntryId(row.forum),
        person=PersonId(row.person),
        organisation=OrganisationId(row.organisation),
        since=row.since,
        until=row.until,
    )


def _grave(row: Row[Any]) -> Grave:
    return Grave(
        id=GraveId(row.id),
        organisation=OrganisationId(row.organisation),
        forum=EntryId(row.forum),
        sender=PersonId(row.sender),
        device=row.device,
        at=row.at,
    )
