"""Follows devices through the ledgers: who vouched for whom and when, and whether each directory follows from it.

A server that enrols a device, exchanges one, or leaves one out of the directory has to say so on the ledger, and is
named here: every bundle, approval and introduction is checked again from the organisation's root on.
"""

import json
from base64 import b64decode
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.core.codec import Fact
from bot.core.errors import BadInput, Tampered
from bot.core.ids import OrganisationId
from bot.flow.device_trust import LATE
from bot.flow.findings import Findings
from bot.flow.ports import Audit
from bot.flow.records import Recorded
from bot.flow.records_devices import DeviceState
from bot.seal.directory import (
    MAX_AHEAD,
    Directory,
    Entry,
    believe,
    directory_from_bytes,
    introductions_of,
    make_entry,
    verify_directory,
)
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
from bot.seal.errors import SealError
from bot.seal.keys import public_to_bytes

TABLES = ("devices", "device_approvals", "device_roots", "introductions")
_NEXT = {
    None: frozenset({DeviceState.PENDING}),
    DeviceState.PENDING: frozenset(DeviceState),
    DeviceState.ACTIVE: frozenset({DeviceState.ACTIVE, DeviceState.REVOKED}),
    DeviceState.REVOKED: frozenset({DeviceState.REVOKED}),
}


@dataclass(slots=True)
class _Known:
    """One device as its organisation's ledger tells it."""

    content: bytes
    bundle: Bundle | None  # None: from before devices signed one
    state: DeviceState
    revoked_at: int
    approvals: dict[bytes, bytes] = field(default_factory=dict)


@dataclass(slots=True)
class _Course:
    """One organisation."""

    root: bytes | None = None
    devices: dict[bytes, _Known] = field(default_factory=dict)
    introductions: dict[str, bytes] = field(default_factory=dict)
    last: Directory | None = None
    position: int = -1  # of the last directory's entry


class Trust:
    """Takes each ledger's entries in its own order."""

    def __init__(self, audit: Audit, findings: Findings) -> None:
        """`audit`: what is stored."""
        self._audit = audit
        self._findings = findings
        self._courses: defaultdict[OrganisationId, _Course] = defaultdict(_Course)

    def changed(self, recorded: Recorded, fact: Fact) -> None:
        """Rows of one of `TABLES` that were put. Raises Tampered for what the server should have refused."""
        course, organisation = self._courses[recorded.entry.organisation], recorded.entry.organisation
        if fact.dropped:
            raise Tampered("nothing of a device is ever taken away")
        for key, row in fact.put.items():
            told = self._audit.as_now(fact.table, row)
            match fact.table:
                case "devices":
                    _device(course, organisation, bytes.fromhex(key), told)
                case "device_approvals":
                    _approval(course, key, told, recorded.entry.at)
                case "device_roots":
                    _root(course, organisation, key, told)
                case _:
                    _introduction(course, organisation, key, told)

    def published(self, recorded: Recorded) -> None:
        """A directory. Raises Tampered, and names the device, unless it follows from what the ledger has."""
        course, organisation = self._courses[recorded.entry.organisation], recorded.entry.organisation
        directory = directory_from_bytes(recorded.entry.body)
        number = 1 if course.last is None else course.last.number + 1
        told = (directory.organisation, directory.number, directory.at)
        if told != (organisation, number, int(recorded.entry.at.timestamp())):
            raise Tampered("the directory is not the next, or not of that time or organisation")
        self._compare(course, directory)
        before, course.last, course.position = course.last, directory, recorded.index
        if not _same(before, directory):
            self._verify(course, directory)

    def finish(self) -> None:
        """Tell which device is active and not in the newest directory, and which directory is not the newest."""
        rows = {organisation: rest for organisation, *rest in self._audit.directories()}
        for organisation, course in sorted(self._courses.items()):
            listed = {} if course.last is None else {d.device_id: d.revoked_at for d in course.last.devices}
            for id_, known in course.devices.items():
                if known.state is DeviceState.ACTIVE and listed.get(id_) != 0:
                    self._findings.add(
                        f"device {id_.hex()}", "it is active, and the directory does not say so"
                    )
            told = None if course.last is None else [course.last.number, course.position]
            if rows.pop(organisation, None) != told:
                self._findings.add(f"directories {organisation}", "its row is not what the ledger leads to")
        for organisation in rows:
            self._findings.add(f"directories {organisation}", "it is not on the ledger")

    def _compare(self, course: _Course, directory: Directory) -> None:
        """Whether all active devices are in it, no revoked one is left out, and nobody else is in it."""
        before = frozenset(d.device_id for d in course.last.devices) if course.last else frozenset[bytes]()
        wanted = {
            id_: known.revoked_at
            for id_, known in course.devices.items()
            if known.state is DeviceState.ACTIVE or (known.state is DeviceState.REVOKED and id_ in before)
        }
        listed = {d.device_id: d.revoked_at for d in directory.devices}
        for id_ in sorted(wanted.keys() | listed.keys()):
            if wanted.get(id_) != listed.get(id_):
                raise Tampered(f"the directory does not say of device {id_.hex()} what the ledger does")

    def _verify(self, course: _Course, directory: Directory) -> None:
        if course.root is None:
            raise Tampered("a directory of an organisation without a root")
        entries = {d.device_id: _entry(course.devices[d.device_id]) for d in directory.devices}
        try:
            verify_directory(
                directory,
                entries=list(entries.values()),
                introductions=introductions_of(list(course.introductions.values())),
                root=course.root,
            )
        except SealError:
            revoked = {d.device_id: d.revoked_at for d in directory.devices}
            for id_ in sorted(entries.keys() - believe(entries, revoked, course.root).keys()):
                self._findings.add(f"device {id_.hex()}", "nobody who may has vouched for it")
            raise


def _device(course: _Course, organisation: OrganisationId, id_: bytes, told: object) -> None:
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
        known = course.devices[id_] = _Known(content=b"", bundle=None, state=now, revoked_at=0)
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


def _approval(course: _Course, key: str, told: object, at: datetime) -> None:
    device, approver = (bytes.fromhex(part) for part in json.loads(key))
    known, content = course.devices.get(device), _content(told)
    approval = approval_from_bytes(content)
    if known is None or known.bundle is None or known.state is not DeviceState.PENDING:
        raise Tampered(f"an approval of device {device.hex()}, which does not wait for one")
    if approval.approver != approver or known.approvals.get(approver, content) != content:
        raise Tampered(f"an approval of device {device.hex()} was exchanged")
    _check_word(course, approval, known.bundle, at)
    known.approvals[approver] = content


def _check_word(course: _Course, approval: Approval, bundle: Bundle, at: datetime) -> None:
    if course.root is None:
        raise Tampered("an approval in an organisation without a root")
    named = root_id(course.root)
    if approval.approver == named:
        check_approval(approval, bundle, root=named, public=course.root)
        return
    giver = _active(course, approval.approver)
    check_approval(approval, bundle, root=named, public=giver.public.ed25519)
    _check_time(approval.at, at)


def _root(course: _Course, organisation: OrganisationId, key: str, told: object) -> None:
    match told:
        case {"public": str(public)} if key == organisation and course.root is None:
            course.root = b64decode(public, validate=True)
            root_id(course.root)
        case _:
            raise Tampered("the root was exchanged, or is of another organisation")


def _introduction(course: _Course, organisation: OrganisationId, key: str, told: object) -> None:
    content = _content(told)
    given = introduction_from_bytes(content)
    if course.root is None or json.loads(key) != [organisation, given.other]:
        raise Tampered("an introduction by or of another organisation")
    named = root_id(course.root)
    public = course.root if given.approver == named else _active(course, given.approver).public.ed25519
    check_introduction(given, organisation=organisation, root=named, public=public)
    course.introductions[given.other] = content


def _active(course: _Course, device: bytes) -> Bundle:
    known = course.devices.get(device)
    if known is None or known.bundle is None or known.state is not DeviceState.ACTIVE:
        raise Tampered(f"device {device.hex()} gave its word and was not active")
    return known.bundle


def _check_time(said: int, at: datetime) -> None:
    """A word dated back is how a device that is revoked, and a server that helps it, would enrol another."""
    if not -MAX_AHEAD <= int(at.timestamp()) - said <= LATE:
        raise Tampered("a word was recorded at another time than it says")


def _entry(known: _Known) -> Entry:
    return make_entry(known.content, list(known.approvals.values()))


def _same(before: Directory | None, directory: Directory) -> bool:
    """Whether there is nothing in it that has not been verified."""
    return before is not None and (before.devices, before.introductions) == (
        directory.devices,
        directory.introductions,
    )


def _content(told: object) -> bytes:
    match told:
        case {"content": str(content)}:
            return b64decode(content, validate=True)
        case _:
            raise BadInput("a field is missing or of the wrong kind")


def _seconds(at: object) -> int:
    return int(datetime.fromisoformat(at).timestamp()) if isinstance(at, str) else 0
