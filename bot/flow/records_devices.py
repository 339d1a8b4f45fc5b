"""Records of devices: how they came to be trusted, and the directories that say so."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.ids import OrganisationId, PersonId


class DeviceState(StrEnum):
    """How far a device has come. The values go into rows and the ledger: add, never rename."""

    PENDING = "pending"  # its bundle is here, its approvals are not
    ACTIVE = "active"  # in the directory: rooms and escrows are sealed to it
    REVOKED = "revoked"  # nothing more is sealed to it, nothing more is taken from it


class Tier(StrEnum):
    """Where the device says it keeps its keys; nobody can check that from outside."""

    PRF = "prf"  # encrypted under a passkey's secret
    STORAGE = "storage"  # in the browser's storage, not to be taken out by scripts, not encrypted
    FILE = "file"  # in a file of mode 0600
    SERVER = "server"  # the server's own bridge


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One device. `rights` are those of its signed bundle (`seal.enrolment.Right`)."""

    id: bytes  # 32 bytes
    organisation: OrganisationId  # whose root its approvals lead to
    person: PersonId | None  # None: a bridge
    rights: int
    state: DeviceState
    tier: Tier
    public: bytes
    bundle: bytes  # signed by the device; empty: known from before devices signed one, and never active
    enrolled_at: datetime
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A one-time invitation. `digest` is SHA-256 of its secret, which stands in the link's fragment alone."""

    digest: bytes
    organisation: OrganisationId
    person: PersonId
    rights: int
    inviter: str  # a person's id, or the organisation's own where the operator invites
    expires: datetime
    redeemed_at: datetime | None = None
    device: bytes | None = None  # which was enrolled with it


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """A directory as it stands on its organisation's ledger."""

    organisation: OrganisationId
    number: int
    index: int  # of the ledger's entry whose body it is
    salt: bytes  # of that entry, disclosed so that its leaf can be computed
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """A passkey with which a person signs in. `public` is its COSE key, `signed` how often it says it has signed."""

    id: bytes
    person: PersonId
    public: bytes
    made_at: datetime
    signed: int
