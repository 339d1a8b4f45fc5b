"""What the flow needs from the store about devices."""

from datetime import datetime
from typing import Protocol

from bot.core.ids import OrganisationId, PersonId
from bot.flow.records import Entry
from bot.flow.records_devices import Device, Invitation, Published


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

    def put_root(self, organisation: OrganisationId, public: bytes, entry: Entry) -> None: ...
    def root(self, organisation: OrganisationId) -> bytes | None:
        """The organisation's public root key."""
        ...

    def introduce(
        self, organisation: OrganisationId, other: OrganisationId, content: bytes, entry: Entry
    ) -> None: ...
    def introductions(self, organisation: OrganisationId) -> tuple[bytes, ...]: ...
    def invite(self, invitation: Invitation) -> None: ...
    def redeem(self, digest: bytes, now: datetime) -> Invitation | None:
        """Take the invitation, once."""
        ...

    def publish(self, published: Published) -> None: ...
    def published(self, organisation: OrganisationId) -> Published | None:
        """The newest directory."""
        ...
