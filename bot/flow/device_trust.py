"""What the server holds to be true of an organisation's devices: which exist, and whose word counts for another."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from bot.core.errors import BadInput
from bot.core.ids import OrganisationId
from bot.flow.ports import Tx
from bot.flow.records_devices import Device, DeviceState
from bot.flow.refusals import Code, Refused
from bot.seal.directory import MAX_AHEAD, Member, counts, member_of, people_needed
from bot.seal.enrolment import (
    Approval,
    Bundle,
    approval_from_bytes,
    bundle_from_bytes,
    check_approval,
    root_id,
)
from bot.seal.errors import SealError

T = TypeVar("T")
LATE = 900  # seconds after it was given that a device's word is taken; the root's, which is kept offline, at any time


def root_of(tx: Tx, organisation: OrganisationId) -> bytes:
    """The organisation's root, public. Raises Refused for one that has none."""
    root = tx.devices.root(organisation)
    if root is None:
        raise Refused(Code.NO_ROOT, told="the organisation has no root yet: samjour organisation init")
    return root


def read_bundle(device: Device) -> Bundle:
    """The bundle that a device has signed. Raises Refused for one from before devices signed any."""
    if not device.bundle:
        raise Refused(Code.NOT_WAITING, told="that device has not signed a bundle: enrol it again")
    return bundle_from_bytes(device.bundle)


def is_believed(tx: Tx, device: Device) -> bool:
    """Whether enough of those who may have vouched for the device, by what is stored now (FORMAT.md 47, 48)."""
    root, bundle = root_of(tx, device.organisation), read_bundle(device)
    named, people = root_id(root), set()
    for content in tx.devices.approvals(device.id):
        approval = approval_from_bytes(content)
        if approval.approver == named:
            return True
        approver = member(tx, approval.approver)
        if approver is not None and counts(approver, approval, bundle, root=named):
            people.add(approver.person)
    return len(people) >= people_needed(bundle.rights)


def member(tx: Tx, device: bytes) -> Member | None:
    """A device that is or was in the directory, as one's word is judged by; None for one that never was."""
    found = tx.devices.get(device)
    if found is None or found.state is DeviceState.PENDING or not found.bundle:
        return None
    return member_of(read_bundle(found), seconds(found.revoked_at))


def check_word(tx: Tx, approval: Approval, bundle: Bundle) -> Member | None:
    """Whoever gives their word, when it counts now; None for the root. Raises BadInput or Refused, which says why not."""
    organisation = OrganisationId(bundle.organisation)
    root = root_of(tx, organisation)
    named = root_id(root)
    if approval.approver == named:
        _checked(approval, bundle, named, root)
        return None
    device = tx.devices.get(approval.approver)
    if device is None or device.state is not DeviceState.ACTIVE or device.organisation != organisation:
        raise Refused(Code.NOT_COUNTED, told="the approver is no active device of that organisation")
    approver = member_of(read_bundle(device))
    _checked(approval, bundle, named, approver.public.ed25519)
    if not counts(approver, approval, bundle, root=named):
        raise Refused(Code.NOT_COUNTED, told="that device's word does not count for this one")
    return approver


def found(tx: Tx, device: bytes) -> Device:
    """A device by id. Raises BadInput for one that is not known."""
    known = tx.devices.get(device)
    if known is None:
        raise BadInput("there is no such device")
    return known


def refuse_other_times(at: int, now: datetime) -> None:
    """Raise Refused unless `at` is of now: a word dated back to before its device was revoked is worth nothing."""
    if not seconds(now) - LATE <= at <= seconds(now) + MAX_AHEAD:
        raise Refused(
            Code.OTHER_TIME,
            told="that was signed at another time: give it again, and look at the clock of the device",
        )


def read(reader: Callable[[bytes], T], content: bytes) -> T:
    """What a reader of the seals makes of bytes from outside. Raises BadInput where it refuses them."""
    try:
        return reader(content)
    except SealError as error:
        raise BadInput("what was signed cannot be read or does not hold") from error


def seconds(at: datetime | None) -> int:
    """Whole seconds since 1970, as signed statements count them; 0 for never."""
    return 0 if at is None else int(at.timestamp())


def _checked(approval: Approval, bundle: Bundle, root: bytes, public: bytes) -> None:
    try:
        check_approval(approval, bundle, root=root, public=public)
    except SealError as error:
        raise BadInput("the approval does not hold") from error
