"""What the routes of devices take and give. Ids of devices are hexadecimal, all other bytes base64url."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from bot.flow.records_devices import Device, DeviceState, Tier
from bot.seal.directory import MAX_APPROVALS, MAX_DEVICES, MAX_INTRODUCTIONS
from bot.seal.trust import Answer
from bot.seal.wire import MAX_NUMBER
from bot.web.device_asking import Bytes
from bot.web.shapes import Strict

PersonName = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
DeviceName = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="the device's id, hexadecimal")]
Secret = Annotated[Bytes, Field(min_length=32, max_length=32, repr=False)]
Rights = Annotated[
    int, Field(ge=1, le=31, description="1 member, 2 shares, 4 approve, 8 vouch; 16 a bridge's alone")
]
Called = Annotated[str | None, Field(repr=False, description="what people call the person; signed by nobody")]
Size = Annotated[int, Field(ge=0, le=MAX_NUMBER)]


class Nothing(Strict):
    """An empty object."""


class Challenge(Strict):
    """32 bytes to be signed within two minutes, once. `now`: seconds since 1970, as signed statements count."""

    challenge: Bytes
    expires: datetime
    now: int


class InvitationRequest(Strict):
    """Whom to invite, and what their device may do."""

    person: PersonName
    rights: Rights


class InvitationAnswer(Strict):
    """An invitation. Whoever invites makes the link of the secret and of what their own device has pinned."""

    secret: Secret
    expires: datetime
    link: Annotated[str, Field(repr=False, description="the same with what the server says is to be pinned")]


class RedeemRequest(Strict):
    """The secret from the link's fragment."""

    secret: Secret


class RedeemAnswer(Strict):
    """Who was invited to what: the bundle must say exactly this. The session is in the cookie."""

    organisation: str
    person: str
    name: Called
    rights: Rights
    inviter: str
    invitation: Bytes
    expires: datetime
    session_expires: datetime


class EnrolRequest(Strict):
    """A device's bundle, and its answer to a challenge."""

    bundle: Bytes
    tier: Literal["prf", "storage", "file"]
    challenge: Secret
    answer: Annotated[Bytes, Field(min_length=65, max_length=65)]


class DeviceAnswer(Strict):
    """One device."""

    device: DeviceName
    organisation: str
    person: str | None
    name: Called
    rights: Rights
    state: DeviceState
    tier: Tier
    bundle: Bytes
    approvals: Annotated[list[Bytes], Field(max_length=MAX_APPROVALS)]
    enrolled_at: datetime
    revoked_at: datetime | None


class DevicesAnswer(Strict):
    """A page of devices, by id. `next`: what to ask for as `after`; null at the end."""

    devices: list[DeviceAnswer]
    next: DeviceName | None
    now: int


class ApprovalRequest(Strict):
    """Somebody's word for a device."""

    approval: Bytes


class IntroductionRequest(Strict):
    """An organisation's word for another's root."""

    introduction: Bytes


class IntroductionAnswer(Strict):
    """Whose root is introduced now."""

    other: str


class PinsAnswer(Strict):
    """What devices of the organisation pin. A device compares; it never takes these in place of what it was invited with."""

    organisation: str
    root: Bytes
    root_id: Bytes
    ledger: Annotated[str, Field(description="the ledger's verifier key, name+keyid+base64")]
    origin: Annotated[str, Field(description="where to sign in: https://host")]


class EntryAnswer(Strict):
    """A device's bundle and everybody's word for it."""

    bundle: Bytes
    approvals: Annotated[list[Bytes], Field(max_length=MAX_APPROVALS)]


class DirectoryAnswer(Strict):
    """A directory, and all that it takes to believe it (FORMAT.md 51 to 54)."""

    directory: Bytes
    entries: Annotated[list[EntryAnswer], Field(max_length=MAX_DEVICES)]
    introductions: Annotated[list[Bytes], Field(max_length=MAX_INTRODUCTIONS)]
    index: Size
    salt: Bytes
    checkpoint: str
    inclusion: Annotated[list[Bytes], Field(max_length=64)]
    consistency: Annotated[list[Bytes], Field(max_length=64)]


class DeviceSignIn(Strict):
    """A device's answer to a challenge."""

    device: DeviceName
    challenge: Secret
    answer: Annotated[Bytes, Field(min_length=65, max_length=65)]


def device_answer(device: Device, approvals: tuple[bytes, ...], *, name: str | None) -> DeviceAnswer:
    """A device as it is told. `name`: whose it is, for people to read."""
    return DeviceAnswer(
        device=device.id.hex(),
        organisation=device.organisation,
        person=device.person,
        name=name,
        rights=device.rights,
        state=device.state,
        tier=device.tier,
        bundle=device.bundle,
        approvals=list(approvals),
        enrolled_at=device.enrolled_at,
        revoked_at=device.revoked_at,
    )


def directory_answer(answer: Answer) -> DirectoryAnswer:
    """A directory as it is told."""
    return DirectoryAnswer(
        directory=answer.directory,
        entries=[EntryAnswer(bundle=b, approvals=list(approvals)) for b, approvals in answer.entries],
        introductions=list(answer.introductions),
        index=answer.index,
        salt=answer.salt,
        checkpoint=answer.checkpoint,
        inclusion=list(answer.inclusion),
        consistency=list(answer.consistency),
    )
