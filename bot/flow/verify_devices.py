"""Follows devices through the ledgers: who vouched for whom and when, and whether each directory follows from it.

A server that enrols a device, exchanges one, or leaves one out of the directory has to say so on the ledger, and is
named here: every bundle, approval and introduction is checked again from the organisation's root on.
"""

from collections import defaultdict

from bot.core.codec import Fact
from bot.core.errors import Tampered
from bot.core.ids import OrganisationId
from bot.flow.findings import Findings
from bot.flow.ports import Audit
from bot.flow.records import Recorded
from bot.flow.records_devices import DeviceState
from bot.flow.verify_device_rows import (
    Course,
    Known,
    take_approval,
    take_device,
    take_introduction,
    take_root,
)
from bot.seal.directory import (
    Directory,
    Entry,
    believe,
    directory_from_bytes,
    introductions_of,
    make_entry,
    verify_directory,
)
from bot.seal.errors import SealError

TABLES = ("devices", "device_approvals", "device_roots", "introductions")


class Trust:
    """Takes each ledger's entries in its own order."""

    def __init__(self, audit: Audit, findings: Findings) -> None:
        """`audit`: what is stored."""
        self._audit = audit
        self._findings = findings
        self._courses: defaultdict[OrganisationId, Course] = defaultdict(Course)

    def changed(self, recorded: Recorded, fact: Fact) -> None:
        """Rows of one of `TABLES` that were put. Raises Tampered for what the server should have refused."""
        course, organisation = self._courses[recorded.entry.organisation], recorded.entry.organisation
        if fact.dropped:
            raise Tampered("nothing of a device is ever taken away")
        for key, row in fact.put.items():
            told = self._audit.as_now(fact.table, row)
            match fact.table:
                case "devices":
                    take_device(course, organisation, bytes.fromhex(key), told)
                case "device_approvals":
                    take_approval(course, key, told, recorded.entry.at)
                case "device_roots":
                    take_root(course, organisation, key, told)
                case _:
                    take_introduction(course, organisation, key, told)

    def published(self, recorded: Recorded) -> None:
        """A directory. Raises Tampered, and names the device, unless it follows from what the ledger has."""
        course, organisation = self._courses[recorded.entry.organisation], recorded.entry.organisation
        directory = directory_from_bytes(recorded.entry.body)
        number = 1 if course.last is None else course.last.number + 1
        told = (directory.organisation, directory.number, directory.at)
        if told != (
            organisation,
            number,
            recorded.entry.at.timestamp(),
        ):  # a whole second, which the leaf covers
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

    def _compare(self, course: Course, directory: Directory) -> None:
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

    def _verify(self, course: Course, directory: Directory) -> None:
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


def _entry(known: Known) -> Entry:
    return make_entry(known.content, list(known.approvals.values()))


def _same(before: Directory | None, directory: Directory) -> bool:
    """Whether there is nothing in it that has not been verified."""
    return before is not None and (before.devices, before.introductions) == (
        directory.devices,
        directory.introductions,
    )
