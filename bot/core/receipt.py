"""Receipts: how far what was said has come, as the sealed text of an event of its own."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.core.errors import BadInput

KIND: Final = "receipt"  # of the room's event
_FORM: Final = re.compile(r"(got|read|stopped) ([1-9][0-9]{0,14})")  # below 2^53 (FORMAT.md 1)


class Came(StrEnum):
    """What became of it. The values stand in sealed texts: add, never rename."""

    GOT = "got"  # everything up to that event has come to one of the reader's devices
    READ = "read"  # ... and was shown
    STOPPED = "stopped"  # that one event could not be passed on to the channel that its reader is on


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One receipt: about the event of that number."""

    came: Came
    seq: int


def receipt_to_text(receipt: Receipt) -> str:
    """The text that is sealed: "read 17"."""
    return f"{receipt.came} {receipt.seq}"


def receipt_from_text(text: str) -> Receipt:
    """What `receipt_to_text` wrote; BadInput for anything else."""
    found = _FORM.fullmatch(text)
    if found is None:
        raise BadInput("that is no receipt")
    return Receipt(came=Came(found[1]), seq=int(found[2]))
