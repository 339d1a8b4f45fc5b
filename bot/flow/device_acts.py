"""What people do with each other's devices: approve, vouch, revoke, introduce; each by policy and in their own name."""

from datetime import datetime

from bot.core.errors import BadInput, Denied
from bot.core.ids import OrganisationId
from bot.core.people import Person
from bot.core.policy import Act
from bot.flow import device_introduce, device_revoke, devices
from bot.flow.deps import Content, Deps
from bot.flow.device_permit import permit
from bot.flow.device_trust import found, read
from bot.flow.ports import Tx
from bot.flow.records_devices import Device
from bot.seal.enrolment import Right, approval_from_bytes, introduction_from_bytes


def approve(tx: Tx, deps: Deps, who: Person, device: bytes, content: bytes) -> Device:
    """Take the word that somebody's device has signed, in that person's own session.

    Raises Denied by policy or for a device that is not theirs, else as `devices.approve`.
    """
    known, giver = found(tx, device), _own(tx, who, read(approval_from_bytes, content).approver)
    subject = None if known.person is None else tx.people.get(known.person)
    act = Act.DEVICE_VOUCH if _only_vouches(giver, known) else Act.DEVICE_APPROVE
    now = deps.clock.now()
    permit(deps.content(), who, act, now, organisation=known.organisation, subject=subject)
    return devices.approve(tx, deps, content, device=device, by=who.id)


def revoke(tx: Tx, deps: Deps, who: Person, device: bytes) -> Device:
    """Revoke one's own device or, by policy, somebody else's. Raises Denied."""
    known = found(tx, device)
    subject = None if known.person is None else tx.people.get(known.person)
    permit(
        deps.content(),
        who,
        Act.DEVICE_REVOKE,
        deps.clock.now(),
        organisation=known.organisation,
        subject=subject,
    )
    return device_revoke.revoke(tx, deps, device, by=who.id)


def introduce(
    tx: Tx, deps: Deps, who: Person, content: bytes, *, organisation: OrganisationId
) -> OrganisationId:
    """Take the introduction that somebody's device has signed. Raises Denied, else as `device_introduce.introduce`."""
    given = read(introduction_from_bytes, content)
    _own(tx, who, given.approver)
    if given.organisation != organisation:
        raise BadInput("the introduction is of another organisation")
    permit(deps.content(), who, Act.ORGANISATION_INTRODUCE, deps.clock.now(), organisation=organisation)
    return device_introduce.introduce(tx, deps, content, by=who.id)


def watch(content: Content, who: Person, organisation: OrganisationId, now: datetime) -> None:
    """Return when somebody may see all devices of the organisation. Raises Denied."""
    permit(content, who, Act.DEVICE_WATCH, now, organisation=organisation)


def _own(tx: Tx, who: Person, device: bytes) -> Device:
    """The device that gave its word, when it is this person's: nobody brings another's word."""
    known = tx.devices.get(device)
    if known is None or known.person != who.id:
        raise Denied("that was signed by a device which is not yours")
    return known


def _only_vouches(giver: Device, known: Device) -> bool:
    return giver.person != known.person and not giver.rights & Right.APPROVE
