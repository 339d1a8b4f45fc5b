"""Publishes an organisation's directory: a new entry on its ledger, signed over at once."""

from datetime import datetime, timedelta

from bot.core.errors import Unavailable
from bot.core.ids import OrganisationId
from bot.flow.deps import Deps
from bot.flow.device_trust import seconds
from bot.flow.ports import Tx
from bot.flow.record import make_entry
from bot.flow.records_devices import Device, DeviceState, Published
from bot.flow.refusals import Code, Refused
from bot.flow.upkeep import sign_head
from bot.seal.directory import (
    KIND,
    MAX_DEVICES,
    Directory,
    Listed,
    directory_from_bytes,
    directory_to_bytes,
    hash_introduction,
    hash_parts,
    introductions_of,
)

RENEWED = timedelta(hours=6)  # older ones are published anew; clients refuse one after a day


def publish(tx: Tx, deps: Deps, organisation: OrganisationId, now: datetime) -> Published:
    """Publish what is true now, under the next number.

    Raises Refused when it would be too large, Unavailable when the ledger may not be signed.
    """
    deps.gates.forget()
    before = tx.devices.published(organisation)
    listed = _listed(tx, organisation, before)
    if len(listed) > MAX_DEVICES:
        raise Refused(
            Code.DEVICES_ENOUGH, told="the organisation has as many devices as a directory can hold"
        )
    introduced = introductions_of(tx.devices.introductions(organisation))
    directory = Directory(
        organisation=organisation,
        number=1 if before is None else before.number + 1,
        at=seconds(now),
        devices=tuple(_line(tx, device) for device in listed),
        introductions=tuple(sorted(hash_introduction(introduction) for introduction in introduced)),
    )
    body, at = (
        directory_to_bytes(directory),
        now.replace(microsecond=0),
    )  # the time that the body says, no other
    recorded = tx.ledger.append(make_entry(deps, organisation, KIND, body, at))
    published = Published(
        organisation=organisation,
        number=directory.number,
        index=recorded.index,
        salt=recorded.entry.salt,
        body=recorded.entry.body,
    )
    tx.devices.publish(published)
    if not sign_head(tx, deps, organisation):
        raise Unavailable("the ledger contradicts its last checkpoint: nothing is published")
    return published


def is_due(tx: Tx, organisation: OrganisationId, now: datetime) -> bool:
    """Whether the directory is to be published anew: it is getting old, or the clock was set back."""
    published = tx.devices.published(organisation)
    if published is None:
        return False
    return not seconds(now - RENEWED) <= directory_from_bytes(published.body).at <= seconds(now)


def in_directory(published: Published) -> frozenset[bytes]:
    """The ids of the devices that a directory lists."""
    return frozenset(listed.device_id for listed in directory_from_bytes(published.body).devices)


def _listed(tx: Tx, organisation: OrganisationId, before: Published | None) -> list[Device]:
    """The active, and of the revoked those that have been active: nobody vouches for the others."""
    known = frozenset[bytes]() if before is None else in_directory(before)
    return [
        device
        for device in tx.devices.of_organisation(organisation)
        if device.state is DeviceState.ACTIVE or (device.state is DeviceState.REVOKED and device.id in known)
    ]


def _line(tx: Tx, device: Device) -> Listed:
    hashed = hash_parts(device.bundle, tx.devices.approvals(device.id))
    return Listed(device_id=device.id, revoked_at=seconds(device.revoked_at), hash=hashed)
