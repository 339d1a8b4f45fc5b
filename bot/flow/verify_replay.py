"""Replays the ledgers' bodies and compares what they lead to with what is stored."""

from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from typing import Final

from bot.core.codec import (
    Fact,
    Happened,
    instant_to_text,
    object_from_json,
    parse_consultation_body,
    parse_fact_body,
    to_json,
)
from bot.core.consultation import Consultation, erased, step
from bot.core.errors import BadInput, SamjourError, Tampered
from bot.core.events import Erased, Identified, Said
from bot.core.ids import ConsultationId, OrganisationId, RoomId
from bot.core.retention_subject import named_in
from bot.flow.findings import Findings
from bot.flow.in_order import InOrder
from bot.flow.ports import Audit
from bot.flow.records import Kept, Recorded
from bot.flow.retention_certificates import KIND as ERASURE
from bot.flow.served_files import KIND as SERVED
from bot.flow.served_files import files_in
from bot.flow.verify_devices import TABLES as TRUSTED
from bot.flow.verify_devices import Trust
from bot.flow.verify_registers import RegistersDue
from bot.flow.verify_retention import Erasures
from bot.flow.verify_rings import RingsTold
from bot.flow.waking import KIND as RING
from bot.seal.directory import KIND as DIRECTORY

READ: Final = "read"  # of an entry: keys of a room were handed out
_FACT_KINDS: Final = frozenset(
    {
        "person",
        "address",
        "device",
        "approval",
        "root",
        "introduction",
        "invitation",
        "passkey",
        "roster",
        "override",
        "feed",
        "hold",
        "retention",
        "question",
        "published",
        "freshness",
        "post",
        "swap",
        "token",
        "number",
        "summary",
        "readiness",
        "drill",
        "register",
        "forum",
        "grave",
    }
)
_FACT_TABLES: Final = (
    "people",
    "addresses",
    "devices",
    "device_approvals",
    "device_roots",
    "introductions",
    "invitations",
    "passkeys",
    "shifts",
    "overrides",
    "feeds",
    "feed_looks",
    "holds",
    "looks",
    "questions",
    "question_counts",
    "published",
    "expiries",
    "posts",
    "swaps",
    "tokens",
    "number_tests",
    "summaries",
    "readiness",
    "drills",
    "registers",
    "forum_lists",
    "graves",
    "graves_told",
    "grave_copies",
)


@dataclass(slots=True)
class _Course:
    """A consultation on its way to its stored version."""

    state: Consultation
    stored: Kept | None
    order: InOrder[Happened] = field(default_factory=InOrder)


@dataclass(slots=True)
class _Table:
    """A table of facts as the ledger tells it: key -> SHA-256 of the row."""

    order: InOrder[Fact] = field(default_factory=InOrder)
    rows: dict[str, bytes] = field(default_factory=dict)


@dataclass(slots=True)
class RoomCourse:
    """What the ledger says of a room: whose it is, and one hash over its events' numbers and hashes, in order."""

    consultation: ConsultationId | None = None
    organisation: OrganisationId | None = None
    order: InOrder[bytes] = field(default_factory=InOrder)
    folded: bytes = bytes(32)
    reads: dict[tuple[int, str], tuple[str, str]] = field(default_factory=dict)  # epoch, device -> person, at


def fold(before: bytes, event_hash: bytes) -> bytes:
    """One event more in the hash over a room's events."""
    return sha256(before + event_hash).digest()


class Replay:
    """Takes entries of all ledgers, by time, and knows in the end what should be stored."""

    def __init__(self, audit: Audit, erasures: Erasures, findings: Findings) -> None:
        """`audit`: what is stored; `erasures`: what may be missing."""
        self._audit = audit
        self._erasures = erasures
        self._findings = findings
        self._courses: dict[ConsultationId, _Course] = {}
        self._settled: set[ConsultationId] = set()  # reached the stored version
        self._broken: set[ConsultationId] = set()  # told once
        self._tables = {table: _Table() for table in _FACT_TABLES}
        self._trust = Trust(audit, findings)
        self._rings = RingsTold(audit, findings)
        self.rooms: dict[RoomId, RoomCourse] = {}
        self.registers = RegistersDue(audit, findings)

    def take(self, recorded: Recorded) -> None:
        """One entry."""
        if recorded.erased_by is not None:
            return
        with self._findings.within(f"{recorded.entry.organisation}/{recorded.index}"):
            kind = recorded.entry.kind
            if kind == "consultation":
                self._happened(recorded)
                return
            self._check_about(recorded, self._subject(recorded))
            if kind in _FACT_KINDS:
                self._changed(recorded)
            elif kind == DIRECTORY:
                self._trust.published(recorded)
            elif kind == "room":
                self._began(recorded, _plain(recorded))
            elif kind == RING:
                self._rings.take(recorded.entry.organisation, _plain(recorded))
            elif kind == READ:
                self._read(_plain(recorded))
            elif kind == ERASURE:
                self._erasures.recorded(recorded, _plain(recorded))
            elif kind == SERVED:
                files_in(_plain(recorded))
            else:
                _plain(recorded)

    def finish(self) -> None:
        """Tell what was not reached, and what is stored without having been recorded."""
        for id_ in self._courses:
            self._findings.add(f"consultation {id_}", "the ledger does not lead to what is stored")
        known = self._settled | self._broken | self._courses.keys()
        with self._findings.within("consultations"):
            for id_ in self._audit.consultations():
                if id_ not in known:
                    self._findings.add(f"consultation {id_}", "it is not on the ledger")
        with self._findings.within("facts"):
            versions = self._audit.fact_versions()
            for name in versions.keys() - self._tables.keys():
                self._findings.add(name, "no such table of facts")
            for name, table in self._tables.items():
                with self._findings.within(name):
                    self._compare(name, table, versions.get(name, 0))
        with self._findings.within("directories"):
            self._trust.finish()
        with self._findings.within("rings"):
            self._rings.finish()

    def _happened(self, recorded: Recorded) -> None:
        happened = parse_consultation_body(recorded.entry.body)
        id_ = happened.consultation
        self._check_about(recorded, id_)
        if happened.event.at != recorded.entry.at:
            raise Tampered("the entry's time is not its event's")
        if id_ in self._broken:
            return
        if id_ in self._settled:
            raise Tampered(f"an event beyond what is stored of consultation {id_}")
        if isinstance(happened.event, Erased):
            self._erased(happened, happened.event)
            return
        course = self._courses.get(id_)
        if course is None:
            course = _Course(state=Consultation(id=id_), stored=self._audit.consultation(id_))
            self._courses[id_] = course
        try:
            for following in course.order.take(happened.version, happened):
                self._advance(course, following)
        except SamjourError:
            self._end(id_, self._broken)
            raise

    def _erased(self, happened: Happened, event: Erased) -> None:
        """What came before is gone: the event itself says what is left."""
        id_ = happened.consultation
        if id_ in self._courses:
            self._end(id_, self._broken)
            raise Tampered(f"consultation {id_} is erased, and entries about it are not")
        self._end(id_, self._settled)
        self._erasures.erased(id_, event)
        self.registers.erased(id_)
        stored = self._audit.consultation(id_)
        if stored is None or stored.consultation is None:
            raise Tampered(f"the row of consultation {id_} is missing or cannot be read")
        if stored.consultation != erased(id_, happened.version, event) or not stored.agrees:
            self._findings.add(f"consultation {id_}", "its row is not what the ledger leads to")

    def _advance(self, course: _Course, happened: Happened) -> None:
        before = course.state
        if isinstance(happened.event, Said) and before.room is not None:
            self._said(before.room, happened.event.seq, bytes.fromhex(happened.event.digest))
        course.state, _ = step(before, happened.event)
        if isinstance(happened.event, Identified):
            self.registers.named(course.state, happened.event)
        stored = course.stored
        if stored is None or stored.consultation is None:
            raise Tampered(f"the row of consultation {before.id} is missing or cannot be read")
        if course.state.version == stored.consultation.version and course.order.complete:
            self._end(before.id, self._settled)
            if course.state != stored.consultation or not stored.agrees:
                self._findings.add(f"consultation {before.id}", "its row is not what the ledger leads to")

    def _end(self, id_: ConsultationId, among: set[ConsultationId]) -> None:
        among.add(id_)
        self._courses.pop(id_, None)

    def _changed(self, recorded: Recorded) -> None:
        fact = parse_fact_body(recorded.entry.body)
        table = self._tables.get(fact.table)
        if table is None:
            raise BadInput("no such table of facts")
        if fact.at != recorded.entry.at:
            raise Tampered("the entry's time is not its fact's")
        for following in table.order.take(fact.version, fact):
            as_now = partial(self._audit.as_now, following.table)
            table.rows.update({key: _digest(as_now(row)) for key, row in following.put.items()})
            for key in following.dropped:
                table.rows.pop(key, None)
        if fact.table in TRUSTED:
            self._trust.changed(recorded, fact)

    def _subject(self, recorded: Recorded) -> ConsultationId | None:
        """Which consultation an entry names, or names a room of."""
        consultation, room = named_in(recorded.entry.body)
        if consultation is None and room is not None and room in self.rooms:
            return self.rooms[room].consultation
        return consultation

    def _check_about(self, recorded: Recorded, consultation: ConsultationId | None) -> None:
        """Whether erasing the consultation would find this entry: only what it thinks the entry is about says so."""
        if recorded.about != consultation:
            self._findings.add(
                f"{recorded.entry.organisation}/{recorded.index}",
                "it would be passed by when its consultation is erased",
            )

    def _began(self, recorded: Recorded, plain: dict[str, object]) -> None:
        match plain:
            case {"room": str(room), "consultation": str(consultation), "seq": int(seq), "hash": str(hashed)}:
                self._own(recorded, RoomId(room), consultation)
                self._said(RoomId(room), seq, bytes.fromhex(hashed))
            case {"room": str(room), "consultation": str(consultation), "act": "waits"}:
                self._own(recorded, RoomId(room), consultation)
            case _:
                raise BadInput("the room entry has a field that is missing or of the wrong kind")

    def _own(self, recorded: Recorded, room: RoomId, consultation: str) -> None:
        course = self._room(room)
        owners = (ConsultationId(consultation), recorded.entry.organisation)
        if course.consultation is not None and owners != (course.consultation, course.organisation):
            raise Tampered(f"room {room} has two owners")
        course.consultation, course.organisation = owners

    def _read(self, plain: dict[str, object]) -> None:
        match plain:
            case {
                "room": str(room),
                "device": str(device),
                "person": str(person),
                "epochs": list(epochs),
                "at": str(at),
            }:
                reads = self._room(RoomId(room)).reads
                for epoch in epochs:
                    if reads.setdefault((epoch, device), (person, at)) != (person, at):
                        raise Tampered(f"the key of room {room} was handed out twice for the first time")
            case _:
                raise BadInput("the read entry has a field that is missing or of the wrong kind")

    def _said(self, room: RoomId, seq: int, event_hash: bytes) -> None:
        course = self._room(room)
        for following in course.order.take(seq, event_hash):
            course.folded = fold(course.folded, following)

    def _room(self, room: RoomId) -> RoomCourse:
        return self.rooms.setdefault(room, RoomCourse())

    def _compare(self, name: str, table: _Table, changes: int) -> None:
        if not table.order.complete or table.order.count != changes:
            self._findings.add(name, "changes are missing from the ledger")
        for key, row in self._audit.facts(name):
            told = table.rows.pop(key, None)
            if told is None:
                self._findings.add(f"{name} {key}", "it is not on the ledger")
            elif told != _digest(row):
                self._findings.add(f"{name} {key}", "its row is not what the ledger leads to")
        for key in table.rows:
            self._findings.add(f"{name} {key}", "its row is missing")


def _plain(recorded: Recorded) -> dict[str, object]:
    """The body of an entry of plain facts; its "at", which the leaf covers, must be the entry's time."""
    plain = object_from_json(recorded.entry.body)
    at = instant_to_text(recorded.entry.at)
    if plain.get("at", at) != at:
        raise Tampered("the entry's time is not what it says")
    return plain


def _digest(row: object) -> bytes:
    return sha256(to_json(row)).digest()
