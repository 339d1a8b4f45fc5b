"""Devices: enrolled, and vouched for. Each act is recorded, and the directory says so at once."""

from dataclasses import replace
from datetime import datetime

from bot.core.errors import BadInput
from bot.core.ids import OrganisationId, PersonId
from bot.flow.bridge_epochs import rekey_needed
from bot.flow.deps import Deps
from bot.flow.device_directory import publish
from bot.flow.device_trust import (
    check_word,
    found,
    is_believed,
    read,
    read_bundle,
    refuse_other_times,
)
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.flow.records_devices import Device, DeviceState, Tier
from bot.flow.refusals import Code, Refused
from bot.seal.directory import MAX_APPROVALS, MAX_DEVICES
from bot.seal.enrolment import Approval, Bundle, Right, approval_from_bytes, bundle_from_bytes, root_id
from bot.seal.keys import public_to_bytes
from bot.seal.threshold import MAX_DEVICES as MAX_OF_PERSON


def put_root(tx: Tx, deps: Deps, organisation: OrganisationId, public: bytes, by: str) -> None:
    """Make an organisation's root known and publish its first directory; harmless the second time.

    Raises BadInput for a key that is none, Refused when the organisation has another root.
    """
    read(root_id, public)
    known, now = tx.devices.root(organisation), deps.clock.now()
    if known is not None and known != public:
        raise Refused(Code.OTHER_ROOT, told="the organisation has another root")
    if known is None:
        tx.devices.put_root(organisation, public, fact(deps, organisation, "root", now, act="made", by=by))
        publish(tx, deps, organisation, now)


def add(tx: Tx, deps: Deps, content: bytes, *, person: PersonId | None, tier: Tier, by: str) -> Device:
    """Keep a device that has signed its bundle; nobody has vouched for it yet. Harmless the second time.

    `person`: whom the bundle must name; None: a bridge. Raises BadInput for a bundle that does not hold, Refused for
    one too many or of a device that is known otherwise.
    """
    bundle, now = read(bundle_from_bytes, content), deps.clock.now()
    organisation = OrganisationId(bundle.organisation)
    if (bundle.rights == Right.BRIDGE) != (person is None) or person not in (None, bundle.person):
        raise BadInput("the bundle is of somebody else")
    known = tx.devices.get(bundle.device_id)
    if known is not None and known.bundle == content:
        return known
    if known is not None and (known.bundle or known.state is DeviceState.REVOKED):
        raise Refused(Code.DEVICE_KNOWN, told="that device is enrolled already, or was revoked")
    _refuse_too_many(tx, organisation, person)
    device = Device(
        id=bundle.device_id,
        organisation=organisation,
        person=person,
        rights=bundle.rights,
        state=DeviceState.PENDING,
        tier=tier,
        public=public_to_bytes(bundle.public),
        bundle=content,
        enrolled_at=now,
    )
    tx.devices.put(device, fact(deps, organisation, "device", now, act="enrolled", by=by))
    return device


def approve(tx: Tx, deps: Deps, content: bytes, *, device: bytes, by: str) -> Device:
    """Take somebody's word for a device; when it is enough, the directory names the device from now on.

    Harmless the second time. Raises BadInput for a word that does not hold, Refused for one that does not count.
    """
    now = deps.clock.now()
    if take_word(tx, deps, content, device=device, by=by) and settle(tx, deps, device, by=by):
        publish(tx, deps, found(tx, device).organisation, now)
    return found(tx, device)


def take_word(tx: Tx, deps: Deps, content: bytes, *, device: bytes, by: str) -> bool:
    """Keep somebody's word for a device; False when it is kept already."""
    approval, known, now = read(approval_from_bytes, content), found(tx, device), deps.clock.now()
    kept = tx.devices.approvals(device)
    if content in kept:
        return False
    if known.state is not DeviceState.PENDING:
        raise Refused(Code.NOT_WAITING, told="that device is active already, or was revoked")
    bundle = read_bundle(known)
    _refuse_repetition(tx, approval, bundle, kept, now)
    organisation = OrganisationId(bundle.organisation)
    told = fact(deps, organisation, "approval", now, act="approved", by=by)
    tx.devices.approve(device, approval.approver, content, told)
    return True


def settle(tx: Tx, deps: Deps, device: bytes, *, by: str) -> bool:
    """Make a device active for which enough have vouched; whether it became so. The directory is not published."""
    known, now = found(tx, device), deps.clock.now()
    if known.state is not DeviceState.PENDING or not is_believed(tx, known):
        return False
    told = fact(deps, known.organisation, "device", now, act="active", by=by)
    tx.devices.put(replace(known, state=DeviceState.ACTIVE), told)
    if known.person is not None:
        rekey_needed(tx, deps, known.person)
    return True


def _refuse_repetition(
    tx: Tx, approval: Approval, bundle: Bundle, kept: tuple[bytes, ...], now: datetime
) -> None:
    """Raise unless this word counts, is of now, and is of somebody who has not given theirs."""
    approver = check_word(tx, approval, bundle)
    if len(kept) >= MAX_APPROVALS:
        raise Refused(Code.WORD_GIVEN, told="enough have given their word")
    others = [approval_from_bytes(content).approver for content in kept]
    if approval.approver in others:
        raise Refused(Code.WORD_GIVEN, told="that word has been given")
    if approver is None:
        return
    refuse_other_times(approval.at, now)
    people = {device.person for one in others if (device := tx.devices.get(one)) is not None}
    if approver.person in people:
        raise Refused(Code.WORD_GIVEN, told="the same person has given their word with another device")


def _refuse_too_many(tx: Tx, organisation: OrganisationId, person: PersonId | None) -> None:
    known = [d for d in tx.devices.of_organisation(organisation) if d.state is not DeviceState.REVOKED]
    if len(known) >= MAX_DEVICES:
        raise Refused(
            Code.DEVICES_ENOUGH, told="the organisation has as many devices as a directory can hold"
        )
    if person is not None and sum(device.person == person for device in known) >= MAX_OF_PERSON:
        raise Refused(Code.DEVICES_ENOUGH, told="that person has eight devices: revoke one that is not used")
