"""Doubts: before anything is destroyed, whether the ledger itself says that it is over.

Whoever has the database in hand could make a row look closed, or old, and have us certify that it was time.
"""

from bot.core.codec import Happened, parse_consultation_body
from bot.core.consultation import Consultation, replay
from bot.core.errors import SamjourError
from bot.flow.ports import Tx
from bot.seal import log
from bot.seal.errors import SealError


def is_doubtful(tx: Tx, c: Consultation) -> bool:
    """Whether the entries about it, each that of its leaf, lead to anything but its row."""
    try:
        return replay(c.id, tuple(told.event for told in _told(tx, c))) != c
    except (SamjourError, SealError):
        return True


def _told(tx: Tx, c: Consultation) -> list[Happened]:
    told = []
    for recorded in tx.retention.recorded(c.id):
        entry = recorded.entry
        if log.leaf_hash(kind=entry.kind, salt=entry.salt, body=entry.body) != recorded.leaf:
            raise SealError
        if entry.kind == "consultation":
            told.append(parse_consultation_body(entry.body))
    return sorted(told, key=lambda happened: happened.version)
