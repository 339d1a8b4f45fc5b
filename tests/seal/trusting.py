"""An organisation of fixed devices, who approved whom, and its directory: for the tests of enrolment and trust."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.seal.checkpoint import Checkpoint, sign_checkpoint
from bot.seal.directory import KIND as DIRECTORY
from bot.seal.directory import (
    Directory,
    Entry,
    Listed,
    Verified,
    directory_to_bytes,
    hash_entry,
    hash_introduction,
    make_entry,
    verify_directory,
)
from bot.seal.enrolment import Introduction, Right, approve, introduce, make_bundle, root_id
from bot.seal.keys import DeviceSecret, make_device
from bot.seal.log import append, leaf_hash, root
from bot.seal.proof import prove_consistency, prove_inclusion
from bot.seal.signing import SigningKey, signing_key
from bot.seal.trust import Answer, Pins

NOW = 1_790_000_000
ROOT = signing_key(b"r" * 32)
OTHER_ROOT = signing_key(b"o" * 32)
MEMBER, SHARES, APPROVE, VOUCH, BRIDGE = Right.MEMBER, Right.SHARES, Right.APPROVE, Right.VOUCH, Right.BRIDGE


def secret_of(name: str) -> DeviceSecret:
    """A device of its name."""
    return make_device((name.encode() * 64)[:64])


@dataclass(slots=True)
class World:
    """Devices by name, each of the person whose name comes before the dash."""

    organisation: str = "malmo"
    root: SigningKey = ROOT
    entries: dict[str, Entry] = field(default_factory=dict)
    revoked: dict[str, int] = field(default_factory=dict)
    introductions: list[Introduction] = field(default_factory=list)

    def enrol(
        self,
        name: str,
        rights: Right,
        *approvers: str,
        inviter: str = "malmo",
        at: int | Mapping[str, int] = NOW,
    ) -> Entry:
        """A device, approved by those; "root" is the root. Approvers need not exist yet: cycles can be made."""
        bundle = make_bundle(
            secret=secret_of(name),
            organisation=self.organisation,
            person=name.partition("-")[0],
            rights=rights,
            inviter=inviter,
            invitation=bytes(32),
            made_at=NOW,
        )
        self.entries[name] = make_entry(bundle.content, [])
        given = [
            self.word(name, one, at=at if isinstance(at, int) else at.get(one, NOW)) for one in approvers
        ]
        self.entries[name] = make_entry(bundle.content, given)
        return self.entries[name]

    def word(self, name: str, approver: str, *, at: int = NOW, root: SigningKey | None = None) -> bytes:
        """Somebody's approval of an enrolled device."""
        under = root_id((root or self.root).public)
        by_root = approver == "root"
        key = (root or self.root) if by_root else secret_of(approver).signing
        return approve(
            bundle=self.entries[name].bundle,
            root=under,
            approver=under if by_root else secret_of(approver).public.device_id,
            key=key,
            at=at,
        ).content

    def introduce(
        self, other: str, approver: str = "root", *, public: bytes = OTHER_ROOT.public, at: int = NOW
    ) -> Introduction:
        """Another organisation's root, introduced by the root or a device."""
        under = root_id(self.root.public)
        word = introduce(
            organisation=self.organisation,
            root=under,
            other=other,
            other_root=public,
            approver=under if approver == "root" else secret_of(approver).public.device_id,
            key=self.root if approver == "root" else secret_of(approver).signing,
            at=at,
        )
        self.introductions.append(word)
        return word

    def directory(self, *, number: int = 1, at: int = NOW) -> Directory:
        """The directory of all of them."""
        listed = sorted(
            (
                Listed(
                    device_id=entry.bundle.device_id,
                    revoked_at=self.revoked.get(name, 0),
                    hash=hash_entry(entry),
                )
                for name, entry in self.entries.items()
            ),
            key=lambda line: line.device_id,
        )
        return Directory(
            organisation=self.organisation,
            number=number,
            at=at,
            devices=tuple(listed),
            introductions=tuple(sorted(hash_introduction(one) for one in self.introductions)),
        )

    def verify(self, root: SigningKey | None = None) -> Verified:
        """What a client finds, with this root pinned."""
        return verify_directory(
            self.directory(),
            entries=list(self.entries.values()),
            introductions=self.introductions,
            root=(root or self.root).public,
        )


def id_of(name: str) -> bytes:
    """A device's id."""
    return secret_of(name).public.device_id


def people_of(verified: Verified) -> Sequence[str]:
    """Whose devices are believed."""
    return sorted(member.person for member in verified.members.values())


@dataclass(slots=True)
class Ledger:
    """A ledger in memory: entries of any kind, checkpoints, proofs."""

    organisation: str = "malmo"
    key: SigningKey = field(default_factory=lambda: signing_key(b"l" * 32))
    rows: dict[tuple[int, int], bytes] = field(default_factory=dict)
    size: int = 0

    @property
    def origin(self) -> str:
        """Its name."""
        return f"samjour.example/{self.organisation}"

    def append(self, kind: str, body: bytes, salt: bytes = bytes(16)) -> int:
        """One entry more; returns its index."""
        leaf = leaf_hash(kind=kind, salt=salt, body=body)
        for row in append(self.size, leaf, self._read):
            self.rows[row.level, row.index] = row.hash
        self.size += 1
        return self.size - 1

    def note(self, size: int | None = None) -> str:
        """A signed checkpoint, of the present size or an earlier one."""
        of = self.size if size is None else size
        return sign_checkpoint(Checkpoint(origin=self.origin, size=of, root=self.root(of)), self.key)

    def root(self, size: int) -> bytes:
        """The root when it had that size."""
        return root(size, self._read)

    def answer(self, world: World, *, number: int = 1, at: int = NOW, since: int = 0) -> Answer:
        """Publish the world's directory and answer with it, as an honest server would."""
        body = directory_to_bytes(world.directory(number=number, at=at))
        return self.prove(world, body, self.append(DIRECTORY, body), since=since)

    def prove(self, world: World, body: bytes, index: int, *, since: int = 0) -> Answer:
        """Answer with an entry that stands on the ledger."""
        return Answer(
            directory=body,
            entries=[(e.bundle.content, [a.content for a in e.approvals]) for e in world.entries.values()],
            introductions=[word.content for word in world.introductions],
            index=index,
            salt=bytes(16),
            checkpoint=self.note(),
            inclusion=prove_inclusion(index, self.size, self._read),
            consistency=prove_consistency(since, self.size, self._read) if since else [],
        )

    def pins(self) -> Pins:
        """What an invitation pins."""
        return Pins(
            organisation=self.organisation, root=ROOT.public, origin=self.origin, ledger=self.key.public
        )

    def _read(self, level: int, index: int) -> bytes:
        return self.rows[level, index]
