"""What the routes of grave events take and give. Bytes are base64url without padding."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from bot.core.graves import MOST_DEVICES, Answer
from bot.web.shapes import Strict

_Bytes = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$", repr=False)]
_Id = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
_Forum = Annotated[str, Field(min_length=1, max_length=20)]

# ---- what is taken -----------------------------------------------------------------------------------


class SealedCopy(Strict):
    """The notice, sealed to one device."""

    device: _Bytes
    blob: _Bytes


class NewGrave(Strict):
    """A notice. `at`: seconds since 1970, as signed; `copies`: one for each device that the plan names."""

    id: _Id
    forum: _Forum
    at: Annotated[int, Field(ge=0, le=2**40)]
    copies: Annotated[tuple[SealedCopy, ...], Field(strict=False, max_length=MOST_DEVICES)]


class GraveAnswered(Strict):
    """What somebody answers; not "none"."""

    answer: Annotated[Answer, Field(strict=False)]


class ListChange(Strict):
    """Somebody is on the list from now on, or no longer."""

    person: Annotated[str, Field(min_length=1, max_length=40)]
    listed: bool


# ---- what is given -----------------------------------------------------------------------------------


class ForumRow(Strict):
    """A forum, whose it is, and how many stand on its list."""

    forum: str
    label: str
    organisation: str
    organisation_label: str
    people: int


class Forums(Strict):
    """Those that one may tell."""

    forums: tuple[ForumRow, ...]


class GraveRecipient(Strict):
    """A device that is to get a copy, and whose it is."""

    device: str
    organisation: str
    person: str


class GravePlan(Strict):
    """To whom a notice goes now. `unread`: on the list without a device: they hear of it, and cannot read it."""

    forum: str
    organisation: str
    people: int
    unread: int
    recipients: tuple[GraveRecipient, ...]


class GraveReply(Strict):
    """What one person answered, and when; `at` without an answer: when they were told.

    `rung`: whether a doorbell or a telephone of theirs rang, or they have looked; who was not is to be called.
    """

    person: str
    name: str
    roles: tuple[str, ...]
    answer: Answer
    at: datetime
    rung: bool


class GraveRow(Strict):
    """A notice. `replies`: everybody's for who sent it, one's own for anybody else."""

    id: str
    organisation: str
    forum: str
    label: str
    at: datetime
    replies: tuple[GraveReply, ...]


class GraveSent(Strict):
    """What became of a notice; kept for a repetition, so that no name is in it. `people`: how many were told."""

    id: str
    people: int


class GraveSaid(Strict):
    """What one answers now; kept like that."""

    id: str
    answer: Answer


class Graves(Strict):
    """The notices of the last days: those that one sent, and those that one was told; newest first."""

    sent: tuple[GraveRow, ...]
    told: tuple[GraveRow, ...]


class GraveShown(Strict):
    """A notice as this device opens it. `signed_at`: seconds since 1970; no `blob`: none was sealed to it."""

    grave: GraveRow
    sender: str
    sender_device: str
    sender_organisation: str
    signed_at: int
    blob: str | None


class ForumList(Strict):
    """Who stands on a forum's list."""

    forum: str
    people: tuple[str, ...]
