"""Counts what has come in a talk since whoever holds it last read or wrote, as far as can be seen without a key."""

from bot.core.consultation import Consultation
from bot.core.receipt import KIND as RECEIPT
from bot.flow.bridge_epochs import bridge_id
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.rooms import MESSAGE
from bot.seal.event import from_bytes

LOOKED_AT = 200  # events, the newest


def unread(tx: Tx, deps: Deps, c: Consultation) -> int:
    """How many messages of the officer's nobody has read or answered; those of the newest LOOKED_AT events.

    A receipt says on the outside who read, and within how far: whatever came before it counts as read. That of a bridge
    says that something could not be passed on.
    """
    room = tx.rooms.get(c.room) if c.room is not None else None
    if room is None:
        return 0
    count = 0
    for seq in range(room.seq, max(room.seq - LOOKED_AT, 0), -1):
        kept = tx.rooms.event(room.id, seq)
        event = from_bytes(kept.content) if kept is not None else None
        if event is None or event.kind not in (MESSAGE, RECEIPT):
            continue
        if event.author == c.officer:
            count += event.kind == MESSAGE
        elif event.kind == MESSAGE or event.device_id != bridge_id(deps):
            break
    return count
