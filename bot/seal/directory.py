"""An organisation's directory: which devices it has, which are revoked, and why each is to be believed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.seal.enrolment import (
    Approval,
    Bundle,
    Introduction,
    Right,
    approval_from_bytes,
    bundle_from_bytes,
    check_approval,
    check_introduction,
    introduction_from_bytes,
    root_id,
)
from bot.seal.errors import Malformed, SealError, Tampered
from bot.seal.keys import DEVICE_ID, DevicePublic
from bot.seal.labels import Label
from bot.seal.statement import MAX_STATEMENT
from bot.seal.symmetric import KEY, digest
from bot.seal.wire import Reader, lp, name, number

KIND = "directory"  # of the ledger's entry whose body a directory is
MAX_DEVICES = 4096  # of one organisation, those that are revoked among them
MAX_APPROVALS = 8  # of one device
MAX_INTRODUCTIONS = 256
MAX_AGE = 86_400  # seconds after which a directory is no longer believed
MAX_AHEAD = 300  # seconds that it may be ahead of the reader's clock

_MAX_ON_WIRE = MAX_STATEMENT + 2**8  # bytes of a signed statement with its label and signature
_TWO = 2  # approvals of whatever is more than a member


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One device's line in a directory."""

    device_id: bytes  # 32 bytes
    revoked_at: int  # seconds since 1970; 0 while it is active
    hash: bytes  # 32 bytes; of its entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """All devices of an organisation at one moment: the body of a ledger entry of kind `directory`."""

    organisation: str
    number: int  # counts the directories of the organisation from 1
    at: int  # seconds since 1970
    devices: tuple[Listed, ...]  # ascending by id
    introductions: tuple[bytes, ...]  # hashes, ascending

    def __post_init__(self) -> None:
        """Refuse what is out of bounds or out of order."""
        name(self.organisation)
        number(self.at)
        ids = [listed.device_id for listed in self.devices]
        if self.number < 1 or len(ids) > MAX_DEVICES or len(self.introductions) > MAX_INTRODUCTIONS:
            raise Malformed("A directory is numbered from 1 and bounded.")
        if ids != sorted(set(ids)) or list(self.introductions) != sorted(set(self.introductions)):
            raise Malformed("A directory is in order and names nothing twice.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A device's bundle, and everybody's word for it."""

    bundle: Bundle
    approvals: tuple[Approval, ...]  # ascending by approver, each once

    def __post_init__(self) -> None:
        """Refuse what is out of bounds or out of order."""
        approvers = [approval.approver for approval in self.approvals]
        if len(approvers) > MAX_APPROVALS or approvers != sorted(set(approvers)):
            raise Malformed("A device has at most eight approvals, in order, none twice.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A device that a verified directory vouches for."""

    organisation: str
    person: str
    rights: Right
    public: DevicePublic
    revoked_at: int  # seconds since 1970; 0 while it is active

    @property
    def active(self) -> bool:
        """Whether one may seal to it."""
        return self.revoked_at == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a checked directory says: its devices by id, and the roots that it introduces by organisation."""

    organisation: str
    number: int
    members: Mapping[bytes, Member]
    roots: Mapping[str, bytes]


def hash_entry(entry: Entry) -> bytes:
    """Return the 32 bytes by which a directory names an entry."""
    return hash_parts(entry.bundle.content, [approval.content for approval in entry.approvals])


def hash_parts(bundle: bytes, approvals: Sequence[bytes]) -> bytes:
    """Return the same of an entry's parts on the wire, the approvals ascending by approver."""
    return digest(Label.DIRECTORY_ENTRY, bundle, len(approvals), *approvals)


def hash_introduction(introduction: Introduction) -> bytes:
    """Return the 32 bytes by which a directory names an introduction."""
    return digest(Label.INTRODUCTION_HASH, introduction.content)


def make_entry(bundle: bytes, approvals: Sequence[bytes]) -> Entry:
    """Read an entry of its parts on the wire. Raises `Malformed` or `Tampered`."""
    read = (approval_from_bytes(_bounded(content)) for content in approvals[: MAX_APPROVALS + 1])
    return Entry(
        bundle=bundle_from_bytes(_bounded(bundle)),
        approvals=tuple(sorted(read, key=lambda approval: approval.approver)),
    )


def directory_to_bytes(directory: Directory) -> bytes:
    """Write a directory."""
    fields: list[bytes | int | str] = [directory.organisation, directory.number, directory.at]
    fields.append(len(directory.devices))
    for listed in directory.devices:
        fields += [listed.device_id, listed.revoked_at, listed.hash]
    return lp(Label.DIRECTORY, *fields, len(directory.introductions), *directory.introductions)


def directory_from_bytes(content: bytes) -> Directory:
    """Read a directory, or raise `Malformed`."""
    reader = Reader(Label.DIRECTORY, content)
    organisation, counted, at = reader.name(), reader.number(), reader.number()
    devices = tuple(
        Listed(device_id=reader.exact(DEVICE_ID), revoked_at=reader.number(), hash=reader.exact(KEY))
        for _ in range(reader.number(most=MAX_DEVICES))
    )
    introductions = tuple(reader.exact(KEY) for _ in range(reader.number(most=MAX_INTRODUCTIONS)))
    reader.end()
    return Directory(
        organisation=organisation, number=counted, at=at, devices=devices, introductions=introductions
    )


def check_fresh(directory: Directory, *, now: int, least: int = 1) -> None:
    """Raise `Tampered` unless it is at most a day old (seconds) and not older than number `least`, seen before."""
    if directory.number < least:
        raise Tampered("A newer directory has been seen.")
    if not now - MAX_AGE <= directory.at <= now + MAX_AHEAD:
        raise Tampered("The directory is too old, or from the future.")


def verify_directory(
    directory: Directory, *, entries: Sequence[Entry], introductions: Sequence[Introduction], root: bytes
) -> Verified:
    """Check who vouches for whom, from the pinned root (its public key) on; age and ledger are checked apart.

    Every listed device must come with its entry, and nothing else. Raises `Tampered` when one is missing, is
    another, or is not vouched for: a directory holds as a whole or not at all.
    """
    by_id = {entry.bundle.device_id: entry for entry in entries}
    listed = {one.device_id: one for one in directory.devices}
    if len(by_id) != len(entries) or by_id.keys() != listed.keys():
        raise Tampered("The entries are not those of the directory.")
    for device_id, entry in by_id.items():
        wanted = (directory.organisation, listed[device_id].hash)
        if (entry.bundle.organisation, hash_entry(entry)) != wanted:
            raise Tampered("An entry is not the one that the directory names.")
    members = believe(by_id, {id_: one.revoked_at for id_, one in listed.items()}, root)
    if members.keys() != listed.keys():
        raise Tampered("A device in the directory is not vouched for.")
    roots = _introduced(directory, introductions, members, root)
    return Verified(
        organisation=directory.organisation, number=directory.number, members=members, roots=roots
    )


def believe(entries: Mapping[bytes, Entry], revoked: Mapping[bytes, int], root: bytes) -> dict[bytes, Member]:
    """Whom to believe of these devices, from the root (its public key) on: believed devices vouch for others.

    `entries` by device id; `revoked`: seconds since 1970, 0 while active. An approval is checked once at most.
    """
    by_approver: dict[bytes, list[tuple[bytes, Approval]]] = {}
    for id_, entry in entries.items():
        for approval in entry.approvals:
            by_approver.setdefault(approval.approver, []).append((id_, approval))
    named, believed, people = root_id(root), dict[bytes, Member](), dict[bytes, set[str]]()
    for id_, approval in by_approver.get(named, ()):
        if _holds(approval, entries[id_].bundle, named, root):
            believed[id_] = member_of(entries[id_].bundle, revoked[id_])
    ask = list(believed)
    while ask:
        approver = believed[asked := ask.pop()]
        for id_, approval in by_approver.get(asked, ()):
            bundle = entries[id_].bundle
            if id_ in believed or not counts(approver, approval, bundle, root=named):
                continue
            people.setdefault(id_, set()).add(approver.person)
            if len(people[id_]) >= people_needed(bundle.rights):
                believed[id_] = member_of(bundle, revoked[id_])
                ask.append(id_)
    return believed


def counts(approver: Member, approval: Approval, bundle: Bundle, *, root: bytes) -> bool:
    """Whether this believed device's word counts for that bundle, under the root of that id."""
    return _may(approver, approval, bundle) and _holds(approval, bundle, root, approver.public.ed25519)


def people_needed(rights: Right) -> int:
    """How many people must vouch for a device with these rights, where the root does not."""
    return 1 if rights == Right.MEMBER else _TWO


def member_of(bundle: Bundle, revoked_at: int = 0) -> Member:
    """What a bundle says of its device, once it is believed."""
    return Member(
        organisation=bundle.organisation,
        person=bundle.person,
        rights=bundle.rights,
        public=bundle.public,
        revoked_at=revoked_at,
    )


def _may(approver: Member, approval: Approval, bundle: Bundle) -> bool:
    """Whether this device may vouch for that bundle at all."""
    if approver.revoked_at and approval.at >= approver.revoked_at:
        return False
    if approver.person == bundle.person:
        return bundle.rights == Right.MEMBER and bool(approver.rights & Right.MEMBER)
    if approver.person == bundle.inviter:
        return False
    if approver.rights & Right.APPROVE:
        return True
    return bundle.rights == Right.MEMBER and bool(approver.rights & Right.VOUCH)


def _holds(approval: Approval, bundle: Bundle, named: bytes, public: bytes) -> bool:
    """Whether it is of that bundle, under the root of that id, and signed by that key."""
    try:
        check_approval(approval, bundle, root=named, public=public)
    except SealError:
        return False
    return True


def _introduced(
    directory: Directory, introductions: Sequence[Introduction], members: Mapping[bytes, Member], root: bytes
) -> dict[str, bytes]:
    hashes = sorted(hash_introduction(introduction) for introduction in introductions)
    if tuple(hashes) != directory.introductions:
        raise Tampered("The introductions are not those of the directory.")
    roots: dict[str, bytes] = {}
    for introduction in introductions:
        check_introduction(
            introduction,
            organisation=directory.organisation,
            root=root_id(root),
            public=_introducer(introduction, members, root),
        )
        if introduction.other in roots:
            raise Tampered("An organisation is introduced twice.")
        roots[introduction.other] = introduction.other_root
    return roots


def _introducer(introduction: Introduction, members: Mapping[bytes, Member], root: bytes) -> bytes:
    if introduction.approver == root_id(root):
        return root
    member = members.get(introduction.approver)
    if member is None or not member.rights & Right.APPROVE:
        raise Tampered("Nobody who may has introduced that root.")
    if member.revoked_at and introduction.at >= member.revoked_at:
        raise Tampered("A revoked device has introduced that root.")
    return member.public.ed25519


def introductions_of(contents: Sequence[bytes]) -> tuple[Introduction, ...]:
    """Read introductions off the wire. Raises `Malformed`."""
    return tuple(introduction_from_bytes(_bounded(content)) for content in contents[: MAX_INTRODUCTIONS + 1])


def _bounded(content: bytes) -> bytes:
    if len(content) > _MAX_ON_WIRE:
        raise Malformed("A signed statement is too long.")
    return content
