"""What the routes of handovers take and give. Bytes are base64url without padding."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, Field

from bot.core.people import Role
from bot.core.promises import PromiseKind
from bot.seal.epoch import MAX_RECIPIENTS
from bot.web.room_models import DueGrant, NewGrant, Wish
from bot.web.shapes import Strict

MAX_TALKS = 50  # of one handover
MAX_GRANTS = 8  # of one talk: the devices of one person
MAX_PROMISES = 3  # of one talk: one of each kind

_Name = Annotated[str, Field(min_length=1, max_length=255)]


class OnePromise(Strict):
    """What was promised, and by when; "nothing" has no time."""

    kind: Annotated[PromiseKind, Field(strict=False)]
    due: Annotated[AwareDatetime | None, Field(strict=False)] = None


class NewPromises(Strict):
    """What is promised from now on, and nothing else: one of each kind at most, or one "nothing"."""

    promises: Annotated[tuple[OnePromise, ...], Field(min_length=1, max_length=MAX_PROMISES, strict=False)]


class HandedTalk(Strict):
    """One talk as it is handed over: the grants that are due, and what was promised, where that is said now."""

    room: _Name
    grants: Annotated[tuple[NewGrant, ...], Field(max_length=MAX_RECIPIENTS, strict=False)] = ()
    promises: Annotated[tuple[OnePromise, ...] | None, Field(max_length=MAX_PROMISES, strict=False)] = None


class NewShiftHandover(Strict):
    """To whom, and every talk that one holds."""

    to: _Name
    rooms: Annotated[tuple[HandedTalk, ...], Field(min_length=1, max_length=MAX_TALKS, strict=False)]


class HeldTalk(Strict):
    """A talk that one holds. `promises` None: nobody has said. `by_device`: it takes one's own device to give its keys."""

    consultation: str
    room: str
    request: Wish
    unread: int
    owed: bool
    due: datetime | None
    promises: tuple[OnePromise, ...] | None
    by_device: bool


class DueWith(Strict):
    """What has to be given with one talk."""

    room: str
    grants: tuple[DueGrant, ...]


class ColleagueAnswer(Strict):
    """Somebody who can be given every one of the talks. `holds`: how many they have; `until`: None before their duty."""

    person: str
    name: Annotated[str, Field(repr=False)]
    role: Role
    organisation: str
    holds: int
    until: datetime | None
    rooms: tuple[DueWith, ...]


class Unreached(Strict):
    """Somebody on duty to whom nothing can be given: no device of theirs has signed in, and no channel carries it."""

    person: str
    name: Annotated[str, Field(repr=False)]


class LeavingAnswer(Strict):
    """What one would hand over now, and to whom. `until`: when one's duty ends; None off duty."""

    talks: tuple[HeldTalk, ...]
    until: datetime | None
    colleagues: tuple[ColleagueAnswer, ...]
    unreached: tuple[Unreached, ...]


class HandoverReceiptTalk(Strict):
    """One talk of a receipt. `entry` is its number on the ledger of `organisation`, `leaf` its hash there."""

    consultation: str
    room: str | None
    request: Wish
    unread: int
    promises: tuple[OnePromise, ...]
    mine: bool  # the reader has it now
    waits: bool  # ... and has said nothing in it yet
    organisation: str
    entry: int
    leaf: str


class HandoverReceipt(Strict):
    """A handover, as giver and receiver keep it. `digest`: SHA-256 over all leaves in this order; None when some were erased."""

    handover: str
    at: datetime
    role: str  # of the reader: "giver" or "receiver"
    giver: Annotated[str, Field(repr=False)]
    receiver: Annotated[str, Field(repr=False)]
    talks: tuple[HandoverReceiptTalk, ...]
    erased: int
    digest: str | None


class HandoverReceipts(Strict):
    """The handovers that one gave or was given, the newest first."""

    handovers: tuple[HandoverReceipt, ...]


class Promised(Strict):
    """What stands promised now."""

    consultation: str
    promises: tuple[OnePromise, ...]
