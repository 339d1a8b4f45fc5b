import hashlib
import re
from pathlib import Path

import pytest

import bot.seal
from bot.seal import (
    certificate,
    cosignature,
    directory,
    epoch,
    event,
    grant,
    hpke,
    log,
    note,
    opening,
    padding,
    proof,
    room,
    shamir,
    statement,
    threshold,
    wire,
)
from bot.seal.checkpoint import Checkpoint, checkpoint_to_text, sign_checkpoint
from bot.seal.epoch import Manifest, manifest_to_bytes
from bot.seal.event import genesis, hash_event, open_event, seal_event, sign_epoch
from bot.seal.field import FieldKey, Place, lookup, seal_field
from bot.seal.keys import make_device
from bot.seal.labels import Label
from bot.seal.note import Verifier, key_id, verifier_to_text
from bot.seal.plain import Plain
from bot.seal.room import RoomKey, commit
from bot.seal.signing import signing_key
from bot.seal.symmetric import digest, encrypt

FORMAT = (Path(bot.seal.__file__).parent / "FORMAT.md").read_text()

DEVICE = make_device(bytes(range(64)))
KEY = RoomKey(room="room-1", epoch=1, key=bytes(range(0x20, 0x40)))
MANIFEST = manifest_to_bytes(
    Manifest(
        kc=commit(KEY), recipients={DEVICE.public.device_id: b"\xaa" * 32}, escrows={"malmo": b"\xbb" * 32}
    )
)
PEOPLE = ["p-1", "p-2", "p-3"]
LEDGER = signing_key(b"\x4c" * 32)
ORIGIN = "samjour.example/malmo"


def devices() -> dict[str, bytes]:
    """Section 4."""
    public = DEVICE.public
    return {
        "ed25519": public.ed25519,
        "SHA-256(kem)": hashlib.sha256(public.kem).digest(),
        "device_id": public.device_id,
    }


def rooms() -> dict[str, bytes]:
    """Sections 5 and 6."""
    start = genesis("room-1")
    first = sign_epoch(head=start, secret=DEVICE, author="p-1", manifest=MANIFEST)
    head = event.check_event(first, start, DEVICE.public)
    said = seal_event(
        room_key=KEY,
        head=head,
        secret=DEVICE,
        author="p-1",
        kind="said",
        plain=Plain(b"Hej"),
        nonce=bytes(range(12)),
    )
    assert open_event(KEY, said).reveal() == b"Hej"
    return {
        "LP": wire.lp(Label.ROOM, "room-1"),
        "genesis": start.hash,
        "kc": commit(KEY),
        "manifest": MANIFEST,
        "epoch event sig": first.sig,
        "epoch event hash": head.hash,
        "MK": event._message_key(KEY, DEVICE.public.device_id),
        "hdr": event._header(said),
        "SHA-256(ct)": hashlib.sha256(said.ct).digest(),
        "ct, first 32": said.ct[:32],
        "sig": said.sig,
        "event hash": hash_event(said),
        "SHA-256(event bytes)": hashlib.sha256(event.to_bytes(said)).digest(),
    }


def escrows() -> dict[str, bytes]:
    """Section 7."""
    ctx = threshold._ctx("room-1", 1, 2, PEOPLE)
    escrow_key = bytes(range(0x40, 0x60))
    shares = threshold._deal(escrow_key, 2, 3, ctx)
    values = {"ctx": ctx, "box": encrypt(escrow_key, bytes(12), KEY.key, aad=ctx)}
    for x, share in enumerate(shares, start=1):
        values[f"share {x}"] = share
        values[f"commitment {x}"] = digest(Label.SHARE_COMMIT, ctx, share)
    return values


def fields() -> dict[str, bytes]:
    """Section 8."""
    key = FieldKey(key=bytes(range(0x60, 0x80)))
    place = Place(table="people", column="phone", row="p-1")
    number = Plain(b"+46701740605")
    sealed = seal_field(key, place, number, nonce=bytes(range(12))).content
    return {
        "SHA-256(sealed field)": hashlib.sha256(sealed).digest(),
        "lookup": lookup(key, "phone", number),
    }


def ledgers() -> dict[str, bytes]:
    """Section 9."""
    leaves = [log.leaf_hash(kind="grant", salt=bytes(16), body=bytes([number])) for number in range(3)]
    head = Checkpoint(origin=ORIGIN, size=3, root=log.root_of(leaves))
    return {
        "leaf 0": leaves[0],
        "root of 3": head.root,
        "key id": key_id(ORIGIN, LEDGER.public),
        "SHA-256(note)": hashlib.sha256(sign_checkpoint(head, LEDGER).encode()).digest(),
    }


@pytest.mark.parametrize("compute", [devices, rooms, escrows, fields, ledgers])
def test_worked_values_are_what_the_code_computes(compute: object) -> None:
    """Each worked value in FORMAT.md is computed by the code, byte for byte."""
    assert callable(compute)
    written = dict(re.findall(r"^([^\n=|]+?) = ([0-9a-f]+)$", FORMAT, flags=re.MULTILINE))
    for name, value in compute().items():
        assert written.get(name) == value.hex(), name


def test_the_worked_note_is_what_the_code_signs() -> None:
    """The checkpoint and the verifier key that FORMAT.md shows are those that the code writes."""
    leaves = [log.leaf_hash(kind="grant", salt=bytes(16), body=bytes([number])) for number in range(3)]
    head = Checkpoint(origin=ORIGIN, size=3, root=log.root_of(leaves))
    assert sign_checkpoint(head, LEDGER) in FORMAT
    assert checkpoint_to_text(head) in FORMAT
    assert verifier_to_text(Verifier(name=ORIGIN, public=LEDGER.public)) in FORMAT
    witness, name = signing_key(b"\x57" * 32), "polisen.example/witness"
    assert cosignature.sign_cosignature(head, name=name, key=witness, at=1790000000) in FORMAT
    assert cosignature.witness_to_text(Verifier(name=name, public=witness.public)) in FORMAT


def test_every_worked_value_is_checked() -> None:
    """No worked value stands in FORMAT.md that no code computes."""
    computed = {**devices(), **rooms(), **escrows(), **fields(), **ledgers()}
    written = re.findall(r"^([^\n=|]+?) = [0-9a-f]+$", FORMAT, flags=re.MULTILINE)
    assert sorted(written) == sorted(computed)


def test_every_label_is_specified() -> None:
    """FORMAT.md names every label that the code uses, and no other."""
    assert set(re.findall(r"samjour/[a-z-]+/v\d", FORMAT)) == {label.value for label in Label}


def test_requirements_have_numbers_of_their_own() -> None:
    """Each MUST has its own number, so that a test or a vector can name it; numbers are never given twice."""
    numbers = [int(number) for number in re.findall(r"^- \*\*(\d+)\*\*", FORMAT, flags=re.MULTILINE)]
    assert len(set(numbers)) == len(numbers) > 60


LIMITS = {
    "signed statement": statement.MAX_STATEMENT,
    "devices of a directory": directory.MAX_DEVICES,
    "introductions of a directory": directory.MAX_INTRODUCTIONS,
    "approvals of a device": directory.MAX_APPROVALS,
    "age of a directory": directory.MAX_AGE,
    "epochs of a grant": grant.MAX_EPOCHS,
    "opening": opening.MAX_SECONDS,
    "field": wire.MAX_FIELD,
    "number": wire.MAX_NUMBER,
    "identifier": wire.MAX_NAME,
    "plaintext": padding.MAX_PLAIN,
    "event header": event.MAX_HEADER,
    "manifest": event.MAX_MANIFEST,
    "recipients": epoch.MAX_RECIPIENTS,
    "escrows of a room": epoch.MAX_ESCROWS,
    "people of an escrow": threshold.MAX_PEOPLE,
    "devices of a supervisor": threshold.MAX_DEVICES,
    "least t": threshold.LEAST,
    "shares": shamir.MAX_SHARES,
    "sealed room key": room.SEALED_KEY,
    "KEM public key": hpke.PUBLIC,
    "proof": proof.MAX_PROOF,
    "note": note.MAX_NOTE,
    "cosignature ahead": cosignature.AHEAD,
    "ledgers of a certificate": certificate.MAX_LEDGERS,
    "consultations of a certificate": certificate.MAX_CONSULTATIONS,
    "decision's number": certificate.MAX_DECISION,
    "note signatures": note.MAX_SIGNATURES,
}


def test_limits_are_those_of_the_code() -> None:
    """Each bound in FORMAT.md is the one that the code keeps."""
    rows = re.findall(r"^\| ([^|]+) \| (\d+) \|", FORMAT, flags=re.MULTILINE)
    assert {name.strip(): int(value) for name, value in rows} == LIMITS
