"""Whom a client seals to: a directory is believed from what the client has pinned on, or not at all."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.seal import log
from bot.seal.checkpoint import Checkpoint, verify_checkpoint
from bot.seal.directory import (
    KIND,
    MAX_DEVICES,
    Member,
    Verified,
    check_fresh,
    directory_from_bytes,
    introductions_of,
    make_entry,
    verify_directory,
)
from bot.seal.enrolment import Right
from bot.seal.epoch import Manifest
from bot.seal.errors import Malformed, Tampered
from bot.seal.event import Event
from bot.seal.keys import DevicePublic
from bot.seal.proof import verify_consistency, verify_inclusion


@dataclass(frozen=True, slots=True, kw_only=True)
class Pins:
    """What a client holds to be true of one organisation. It starts from an invitation or an introduction."""

    organisation: str
    root: bytes  # the root's public key, 32 bytes
    origin: str  # the ledger's name, `<host>/<organisation>`
    ledger: bytes  # the ledger's public key, 32 bytes
    size: int = 0  # of the last checkpoint accepted; 0: none yet
    tree: bytes = b""  # its root hash, 32 bytes; empty: none yet
    number: int = 0  # of the last directory accepted; 0: none yet
    index: int = -1  # of that directory's entry
    revoked: Mapping[bytes, int] = field(default_factory=dict)  # device id -> when, as that directory said


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A directory with everything that it takes to believe it, as a server gives it."""

    directory: bytes
    entries: Sequence[tuple[bytes, Sequence[bytes]]]  # each a bundle, and its approvals
    introductions: Sequence[bytes]
    index: int  # of the ledger's entry
    salt: bytes  # of that entry, 16 bytes
    checkpoint: str  # a signed note
    inclusion: Sequence[bytes]  # that the entry is under the checkpoint
    consistency: Sequence[bytes]  # from the checkpoint accepted before; empty for the first


def verify_directory_answer(answer: Answer, pins: Pins, *, now: int) -> tuple[Verified, Pins]:
    """Return what the directory says, and the pins to keep from now on (FORMAT.md 51 to 54).

    `now`: seconds since 1970. Raises `Malformed` or `Tampered`; then nothing in the answer is to be believed.
    """
    head = verify_checkpoint(answer.checkpoint, origin=pins.origin, public=pins.ledger)
    _follows(head, answer, pins)
    leaf = log.leaf_hash(kind=KIND, salt=answer.salt, body=answer.directory)
    verify_inclusion(index=answer.index, size=head.size, leaf=leaf, proof=answer.inclusion, root=head.root)
    directory = directory_from_bytes(answer.directory)
    if directory.organisation != pins.organisation:
        raise Tampered("The directory is of another organisation.")
    check_fresh(directory, now=now, least=pins.number)
    if answer.index < pins.index or (directory.number == pins.number) != (answer.index == pins.index):
        raise Tampered("Two entries of the ledger claim to be the same directory.")
    if len(answer.entries) > MAX_DEVICES:
        raise Malformed("A directory has at most 4096 devices.")
    verified = verify_directory(
        directory,
        entries=[make_entry(bundle, approvals) for bundle, approvals in answer.entries],
        introductions=introductions_of(answer.introductions),
        root=pins.root,
    )
    revoked = _still_revoked(verified, pins)
    kept = replace(
        pins,
        size=head.size,
        tree=head.root,
        number=directory.number,
        index=answer.index,
        revoked=revoked,
    )
    return verified, kept


def introduced(home: Pins, verified: Verified, other: str, known: Pins | None = None) -> Pins:
    """Return the pins of another organisation on the same ledger server, as one's own directory introduces it.

    `known`: those kept already. Raises `Tampered` for an organisation that is not introduced, or by another root.
    """
    root = verified.roots.get(other)
    if root is None or verified.organisation != home.organisation:
        raise Tampered("Nobody has introduced that organisation.")
    host = home.origin.removesuffix(f"/{home.organisation}")
    fresh = Pins(organisation=other, root=root, origin=f"{host}/{other}", ledger=home.ledger)
    if known is None:
        return fresh
    if (known.organisation, known.root, known.origin, known.ledger) != (
        other,
        root,
        fresh.origin,
        home.ledger,
    ):
        raise Tampered("That organisation is introduced with another root than before.")
    return known


def recipient(verified: Verified, device_id: bytes, right: Right) -> DevicePublic:
    """Return the keys to seal to. Raises `Tampered` for a device not listed, revoked, or without the right (55)."""
    member = verified.members.get(device_id)
    if member is None or not member.active or not member.rights & right:
        raise Tampered("Nothing is sealed to that device.")
    return member.public


def check_speaker(event: Event, member: Member, *, recipients: Collection[bytes]) -> None:
    """Return when this device may have said this in this person's name, else raise `Tampered` (56).

    `member`: the event's device, as its verified directory has it; `recipients`: those that the manifest of the
    event's epoch names, for an epoch event those of the epoch it begins.
    """
    if event.device_id != member.public.device_id:
        raise Tampered("Another device signed the event.")
    if event.author != member.person and not member.rights & Right.BRIDGE:
        raise Tampered("The event is in somebody else's name.")
    if event.device_id not in recipients:
        raise Tampered("A device that is not in the room speaks.")


def check_recipients(manifest: Manifest, members: Mapping[bytes, Member]) -> None:
    """Return when every recipient of an epoch is listed, else raise `Tampered` (69).

    `members`: devices by id, of every verified directory there is to do with.
    """
    if not manifest.recipients.keys() <= members.keys():
        raise Tampered("Nobody vouches for a device in the room.")


def _follows(head: Checkpoint, answer: Answer, pins: Pins) -> None:
    """The checkpoint continues the one that was accepted before; a first one has nothing to continue."""
    if pins.size == 0:
        if answer.consistency:
            raise Malformed("There is nothing that the first checkpoint must continue.")
        return
    verify_consistency(
        old=pins.size, new=head.size, old_root=pins.tree, new_root=head.root, proof=answer.consistency
    )


def _still_revoked(verified: Verified, pins: Pins) -> dict[bytes, int]:
    """Whoever was revoked stays so: a server cannot bring back a lost telephone."""
    revoked = {id_: m.revoked_at for id_, m in verified.members.items() if not m.active}
    if any(revoked.get(id_) != at for id_, at in pins.revoked.items()):
        raise Tampered("A device that was revoked is listed otherwise.")
    return revoked
