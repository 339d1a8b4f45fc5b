"""Devices, what vouches for them, invitations, and which directory is the newest."""

from typing import Any, Final

from sqlalchemy import Connection, Row, Table, bindparam, select
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.dialects.sqlite.dml import Insert

from bot.core.ids import OrganisationId, PersonId
from bot.flow.records import Entry
from bot.flow.records_devices import Device, DeviceState, Invitation, Published, Tier
from bot.store.device_facts import (
    approval_fact,
    device_fact,
    introduction_fact,
    invitation_fact,
    root_fact,
)
from bot.store.device_tables import (
    device_approvals,
    device_roots,
    devices,
    directories,
    introductions,
    invitations,
)
from bot.store.facts import Facts
from bot.store.known import known
from bot.store.tables import entries

_ACTIVE: Final = DeviceState.ACTIVE.value


def put_of(table: Table) -> Insert:
    """Add a row of that table, or put it in the place of the one with its key."""
    put = upsert(table)
    rest = {column.name: put.excluded[column.name] for column in table.c if not column.primary_key}
    return put.on_conflict_do_update(index_elements=list(table.primary_key), set_=rest)


_PUT = put_of(devices)
_GET = select(devices).where(devices.c.id == bindparam("of"))
_OF_PERSON = select(devices).where(devices.c.person == bindparam("of")).order_by(devices.c.id)
_OF_ORGANISATION = select(devices).where(devices.c.organisation == bindparam("of")).order_by(devices.c.id)
_OF_STATE = _OF_ORGANISATION.where(devices.c.state == bindparam("in"))

_APPROVE = put_of(device_approvals)
_APPROVALS = (
    select(device_approvals.c.content)
    .where(device_approvals.c.device == bindparam("of"))
    .order_by(device_approvals.c.approver)
)
_APPROVED_BY = (
    select(device_approvals.c.content)
    .where(device_approvals.c.approver == bindparam("by"))
    .order_by(device_approvals.c.device)
)
_PUT_ROOT = put_of(device_roots)
_ROOT = select(device_roots.c.public).where(device_roots.c.organisation == bindparam("of"))
_INTRODUCE = put_of(introductions)
_INTRODUCTIONS = (
    select(introductions.c.content)
    .where(introductions.c.organisation == bindparam("of"))
    .order_by(introductions.c.other)
)
_PUT_INVITATION = put_of(invitations)
_INVITATION = select(invitations).where(invitations.c.digest == bindparam("of"))
_PUBLISH = put_of(directories)
_PUBLISHED = (
    select(directories.c.number, directories.c.position, entries.c.salt, entries.c.body)
    .join(
        entries,
        (entries.c.organisation == directories.c.organisation) & (entries.c.number == directories.c.position),
    )
    .where(directories.c.organisation == bindparam("of"))
)


class SqlDevices:
    """Implements `Devices` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        """`connection`: in the transaction that all of this belongs to."""
        self._connection = connection
        self._known = known(connection)
        self._facts = Facts(connection)

    def put(self, device: Device, entry: Entry) -> None:
        """Add a device, or change its state."""
        row = {
            "id": device.id,
            "organisation": device.organisation,
            "person": device.person,
            "rights": device.rights,
            "state": device.state.value,
            "tier": device.tier.value,
            "public": device.public,
            "bundle": device.bundle,
            "enrolled_at": device.enrolled_at,
            "revoked_at": device.revoked_at,
        }
        self._connection.execute(_PUT, row)
        self._facts.record(entry, "devices", put=dict([device_fact(row)]))

    def get(self, device: bytes) -> Device | None:
        """A device by id."""
        row = self._connection.execute(_GET, {"of": device}).one_or_none()
        return None if row is None else device_of(row)

    def of_person(self, person: PersonId) -> tuple[Device, ...]:
        """All devices of a person, whatever their state, by id."""
        return tuple(device_of(row) for row in self._connection.execute(_OF_PERSON, {"of": person}))

    def active(self, organisation: OrganisationId, right: int) -> tuple[Device, ...]:
        """The active devices of an organisation that have the right, by id."""
        return self._known.of(
            (devices.name,), (organisation, right), lambda: self._active(organisation, right)
        )

    def of_organisation(self, organisation: OrganisationId) -> tuple[Device, ...]:
        """All devices of an organisation, whatever their state, by id."""
        found = self._connection.execute(_OF_ORGANISATION, {"of": organisation})
        return tuple(device_of(row) for row in found)

    def approve(self, device: bytes, approver: bytes, content: bytes, entry: Entry) -> None:
        """Keep somebody's word for a device. Raises BadInput for a device that is not known."""
        row = {"device": device, "approver": approver, "content": content}
        self._connection.execute(_APPROVE, row)
        self._facts.record(entry, "device_approvals", put=dict([approval_fact(row)]))

    def approvals(self, device: bytes) -> tuple[bytes, ...]:
        """Everybody's word for a device, by approver."""
        return tuple(self._connection.scalars(_APPROVALS, {"of": device}))

    def approved_by(self, approver: bytes) -> tuple[bytes, ...]:
        """The word that a device, or a root, has given for others."""
        return tuple(self._connection.scalars(_APPROVED_BY, {"by": approver}))

    def put_root(self, organisation: OrganisationId, public: bytes, entry: Entry) -> None:
        """Make an organisation's root known."""
        row = {"organisation": organisation, "public": public}
        self._connection.execute(_PUT_ROOT, row)
        self._facts.record(entry, "device_roots", put=dict([root_fact(row)]))

    def root(self, organisation: OrganisationId) -> bytes | None:
        """The organisation's public root key."""
        public: bytes | None = self._connection.scalar(_ROOT, {"of": organisation})
        return public

    def introduce(
        self, organisation: OrganisationId, other: OrganisationId, content: bytes, entry: Entry
    ) -> None:
        """Keep an organisation's word for another's root, in the place of its last."""
        row = {"organisation": organisation, "other": other, "content": content}
        self._connection.execute(_INTRODUCE, row)
        self._facts.record(entry, "introductions", put=dict([introduction_fact(row)]))

    def introductions(self, organisation: OrganisationId) -> tuple[bytes, ...]:
        """An organisation's word for the roots of others, by whose they are."""
        return tuple(self._connection.scalars(_INTRODUCTIONS, {"of": organisation}))

    def put_invitation(self, invitation: Invitation, entry: Entry) -> None:
        """Keep an invitation, or what became of it. Raises BadInput for a person who is not known."""
        row = {
            "digest": invitation.digest,
            "organisation": invitation.organisation,
            "person": invitation.person,
            "rights": invitation.rights,
            "inviter": invitation.inviter,
            "expires": invitation.expires,
            "redeemed_at": invitation.redeemed_at,
            "device": invitation.device,
        }
        self._connection.execute(_PUT_INVITATION, row)
        self._facts.record(entry, "invitations", put=dict([invitation_fact(row)]))

    def invitation(self, digest: bytes) -> Invitation | None:
        """An invitation, whether or not it was redeemed or has run out."""
        row = self._connection.execute(_INVITATION, {"of": digest}).one_or_none()
        return None if row is None else Invitation(**row._asdict())

    def publish(self, published: Published) -> None:
        """From now on this directory, already on the ledger, is the newest."""
        self._connection.execute(
            _PUBLISH,
            {
                "organisation": published.organisation,
                "number": published.number,
                "position": published.index,
            },
        )

    def published(self, organisation: OrganisationId) -> Published | None:
        """The newest directory, as its ledger has it."""
        row = self._connection.execute(_PUBLISHED, {"of": organisation}).one_or_none()
        if row is None:
            return None
        return Published(
            organisation=organisation, number=row.number, index=row.position, salt=row.salt, body=row.body
        )

    def _active(self, organisation: OrganisationId, right: int) -> tuple[Device, ...]:
        found = self._connection.execute(_OF_STATE, {"of": organisation, "in": _ACTIVE})
        return tuple(device_of(row) for row in found if row.rights & right)


def device_of(row: Row[Any]) -> Device:
    """A device of its row."""
    return Device(
        id=row.id,
        organisation=row.organisation,
        person=row.person,
        rights=row.rights,
        state=DeviceState(row.state),
        tier=Tier(row.tier),
        public=row.public,
        bundle=row.bundle,
        enrolled_at=row.enrolled_at,
        revoked_at=row.revoked_at,
    )
