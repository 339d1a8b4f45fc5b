"""Judges what a ledger tells of devices, row by row: whether each could have been recorded as it stands."""

import json
from base64 import b64decode
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.core.errors import BadInput, Tampered
from bot.core.ids import OrganisationId
from bot.flow.device_trust import LATE
from bot.flow.records_devices import DeviceState
from bot.seal.directory import MAX_AHEAD, Directory
from bot.seal.enrolment import (
    Approval,
    Bundle,
    Right,
    approval_from_bytes,
    bundle_from_bytes,
    check_approval,
    check_introduction,
    introduction_from_bytes,
    root_id,
)
from bot.seal.keys import public_to_bytes

_NEXT = {
    None: frozenset({DeviceState.PENDING}),
    DeviceState.PENDING: frozenset(DeviceState),
    DeviceState.ACTIVE: frozenset({DeviceState.ACTIVE, DeviceState.REVOKED}),
    DeviceState.REVOKED: frozenset({DeviceState.REVOKED}),
}


@dataclass(slots=True)
class Known:
    """One device as its organisation's ledger tells it."""

    content: bytes
    bundle: Bundle | None  # None: from before devices signed one
    state: DeviceState
    revoked_at: int
    approvals: dict[bytes, bytes] = field(default_factory=dict)


@dataclass(slots=True)
class Course:
    """One organisation."""

    root: bytes | None = None
    devices: dict[bytes, Known] = field(default_factory=dict)
    introductions: dict[str, bytes] = field(default_factory=dict)
    last: Directory | None = None
    position: int = -1  # of the last directory's entry


def take_device(course: Course, organisation: OrganisationId, id_: bytes, told: object) -> None:
    """A device that was put. Raises Tampered for one of another organisation, exchanged, brought back, or not what it signed."""
    match told:
        case {"organisation": str(owner), "state": str(state), "bundle": str(bundle), "revoked_at": revoked}:
            pass
        case _:
            raise BadInput("the device has a field that is missing or of the wrong kind")
    known, content = course.devices.get(id_), b64decode(bundle, validate=True)
    now = DeviceState(state)
    if owner != organisation:
        raise Tampered(f"device {id_.hex()} is of another organisation than the ledger")
    if known is None:
        known = course.devices[id_] = Known(content=b"", bundle=None, state=now, revoked_at=0)
        if now not in _NEXT[None] and content:
            raise Tampered(f"device {id_.hex()} was never pending")
    elif now not in _NEXT[known.state] or (known.content and content != known.content):
        raise Tampered(f"device {id_.hex()} was exchanged or brought back")
    if content != known.content:
        known.content, known.bundle = content, _bundle(content, id_, told)
    elif known.bundle is not None:
        _agrees(known.bundle, id_, told)
    known.state, known.revoked_at = now, _seconds(revoked)
    if known.state is DeviceState.ACTIVE and known.bundle is None:
        raise Tampered(f"device {id_.hex()} is active and has signed nothing")


def _bundle(content: bytes, id_: bytes, told: object) -> Bundle:
    bundle = bundle_from_bytes(content)
    _agrees(bundle, id_, told)
    return bundle


def _agrees(bundle: Bundle, id_: bytes, told: Any) -> None:  # noqa: ANN401 - JSON, matched by the caller
    person = None if bundle.rights == Right.BRIDGE else bundle.person
    said = (bundle.device_id, bundle.organisation, person, int(bundle.rights), public_to_bytes(bundle.public))
    if said != (id_, told["organisation"], told["person"], told["rights"], b64decode(told["public"])):
        raise Tampered(f"device {id_.hex()} is not what its bundle says")


def take_approval(course: Course, key: str, told: object, at: datetime) -> None:
    """Somebody's word that was kept. Raises Tampered for one that did not hold or count when it was recorded."""
    device, approver = (bytes.fromhex(part) for part in json.loads(key))
    known, content = course.devices.get(device), _content(told)
    approval = approval_from_bytes(content)
    if known is None or known.bundle is None or known.state is not DeviceState.PENDING:
        raise Tampered(f"an approval of device {device.hex()}, which does not wait for one")
    if approval.approver != approver or known.approvals.get(approver, content) != content:
        raise Tampered(f"an approval of device {device.hex()} was exchanged")
    _check_word(course, approval, known.bundle, at)
    known.approvals[approver] = content


def _check_word(course: Course, approval: Approval, bundle: Bundle, at: datetime) -> None:
    if course.root is None:
        raise Tampered("an approval in an organisation without a root")
    named = root_id(course.root)
    if approval.approver == named:
        check_approval(approval, bundle, root=named, public=course.root)
        return
    giver = _active(course, approval.approver)
    check_approval(approval, bundle, root=named, public=giver.public.ed25519)
    _check_time(approval.at, at)


def take_root(course: Course, organisation: OrganisationId, key: str, told: object) -> None:
    """A root that was made known. Raises Tampered for a second one, or another organisation's."""
    match told:
        case {"public": str(public)} if key == organisation and course.root is None:
            course.root = b64decode(public, validate=True)
            root_id(course.root)
        case _:
            raise Tampered("the root was exchanged, or is of another organisation")


def take_introduction(course: Course, organisation: OrganisationId, key: str, told: object) -> None:
    """An introduction that was kept. Raises Tampered for one that did not hold when it was recorded."""
    content = _content(told)
    given = introduction_from_bytes(content)
    if course.root is None or json.loads(key) != [organisation, given.other]:
        raise Tampered("an introduction by or of another organisation")
    named = root_id(course.root)
    public = course.root if given.approver == named else _active(course, given.approver).public.ed25519
    check_introduction(given, organisation=organisation, root=named, public=public)
    course.introductions[given.other] = content


def _active(course: Course, device: bytes) -> Bundle:
    known = course.devices.get(device)
    if known is None or known.bundle is None or known.state is not DeviceState.ACTIVE:
        raise Tampered(f"device {device.hex()} gave its word and was not active")
    return known.bundle


def _check_time(said: int, at: datetime) -> None:
    """A word dated back is how a device that is revoked, and a server that helps it, would enrol another."""
    if not -MAX_AHEAD <= int(at.timestamp()) - said <= LATE:
        raise Tampered("a word was recorded at another time than it says")


def _content(told: object) -> bytes:
    match told:
        case {"content": str(content)}:
            return b64decode(content, validate=True)
        case _:
            raise BadInput("a field is missing or of the wrong kind")


def _seconds(at: object) -> int:
    return int(datetime.fromisoformat(at).timestamp()) if isinstance(at, str) else 0
