"""What the flow needs from the store about devices."""

from datetime import datetime
from typing import Protocol

from bot.core.ids import OrganisationId, PersonId
from bot.flow.records import Entry
from bot.flow.records_devices import Device, Invitation, Passkey, Published


class Devices(Protocol):
    """Devices, what vouches for them, and the directories. Everything changed here is on the ledger."""

    def put(self, device: Device, entry: Entry) -> None:
        """Add a device, or change its state."""
        ...

    def get(self, device: bytes) -> Device | None: ...
    def of_person(self, person: PersonId) -> tuple[Device, ...]:
        """All devices of a person, whatever their state, by id."""
        ...

    def active(self, organisation: OrganisationId, right: int) -> tuple[Device, ...]:
        """The active devices of an organisation that have the right, by id."""
        ...

    def of_organisation(self, organisation: OrganisationId) -> tuple[Device, ...]:
        """All devices of an organisation, whatever their state, by id."""
        ...

    def approve(self, device: bytes, approver: bytes, content: bytes, entry: Entry) -> None: ...
    def approvals(self, device: bytes) -> tuple[bytes, ...]:
        """Their signed bytes, by approver."""
        ...

    def approved_by(self, approver: bytes) -> tuple[bytes, ...]:
        """The signed bytes of every approval that a device, or a root, has given."""
        ...

    def put_root(self, organisation: OrganisationId, public: bytes, entry: Entry) -> None: ...
    def root(self, organisation: OrganisationId) -> bytes | None:
        """The organisation's public root key."""
        ...

    def introduce(
        self, organisation: OrganisationId, other: OrganisationId, content: bytes, entry: Entry
    ) -> None: ...
    def introductions(self, organisation: OrganisationId) -> tuple[bytes, ...]: ...
    def put_invitation(self, invitation: Invitation, entry: Entry) -> None:
        """Keep an invitation, or what became of it."""
        ...

    def invitation(self, digest: bytes) -> Invitation | None:
        """An invitation, whether or not it was redeemed or has run out."""
        ...

    def publish(self, published: Published) -> None: ...
    def published(self, organisation: OrganisationId) -> Published | None:
        """The newest directory."""
        ...


class Passkeys(Protocol):
    """Passkeys. Which there are is on the ledger; how often each has signed is not."""

    def put(self, passkey: Passkey, entry: Entry) -> None: ...
    def get(self, id_: bytes) -> Passkey | None: ...
    def of_person(self, person: PersonId) -> tuple[Passkey, ...]: ...
    def used(self, id_: bytes, signed: int) -> None:
        """Remember how often it says that it has signed."""
        ...

    def drop(self, id_: bytes, entry: Entry) -> None: ...


class Challenges(Protocol):
    """Challenges that wait for an answer, a bounded number of them."""

    def issue(self, digest: bytes, purpose: str, expires: datetime) -> None: ...
    def take(self, digest: bytes, purpose: str, now: datetime) -> bool:
        """Whether it was issued for that and still holds; true once."""
        ...
