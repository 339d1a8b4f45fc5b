"""Grave events, as small as they can be: a forum's list, a notice, a copy of it, and an answer."""

from datetime import timedelta

from bot.core.graves import Answer, GraveId
from bot.core.ids import PersonId
from bot.core.referrals import EntryId
from bot.flow.ports import Tx
from bot.flow.records import Entry
from bot.flow.records_graves import Copy, Grave, Listed, Told
from bot.seal.plain import Sealed

FORUM = EntryId("beredskap-nhl")


def tell(tx: Tx, number: int, person: PersonId, sender: PersonId, entry: Entry) -> None:
    """Somebody is put on the list, told, and answers. `entry`: as the ledger has each."""
    own, id_, at = entry.organisation, GraveId(f"{number:032x}"), entry.at + number * timedelta(minutes=1)
    listed = Listed(forum=FORUM, person=person, organisation=own, since=at, until=at + timedelta(days=1))
    grave = Grave(id=id_, organisation=own, forum=FORUM, sender=sender, device=b"d" * 32, at=at)
    told = Told(grave=id_, person=person, answer=Answer.NONE, at=at)
    copy = Copy(
        grave=id_, device=b"e" * 32, person=person, blob=Sealed(content=f"sealed notice {number}".encode())
    )
    tx.graves.put_listed(listed, entry)
    tx.graves.put(grave, [told], [copy], (entry, entry, entry))
    coming = Told(grave=id_, person=person, answer=Answer.COMING, at=at)
    tx.graves.answer(coming, entry)
