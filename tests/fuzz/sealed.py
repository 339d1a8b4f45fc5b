"""Targets that need keys: what is parsed, then checked and opened as its reader would."""

from base64 import b64encode
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Final, Protocol, TypeVar

from bot.seal import event, log, note, proof, shamir, threshold
from bot.seal.at_rest import KEY_NAMES, unwrap_key, wrap_key, wrapping_key
from bot.seal.checkpoint import verify_checkpoint
from bot.seal.enrolment import Approval, Bundle, Introduction
from bot.seal.epoch import accept_room_key
from bot.seal.errors import SealError
from bot.seal.event import Event, Head
from bot.seal.field import FieldKey, Place, open_field, seal_field
from bot.seal.inbox import open_inbox
from bot.seal.keys import DeviceSecret, make_device, public_to_bytes
from bot.seal.labels import Label
from bot.seal.note import Note, Verifier
from bot.seal.opening import Request
from bot.seal.passing import Passed
from bot.seal.plain import Plain, Sealed
from bot.seal.redeal import Redeal
from bot.seal.room import RoomKey
from bot.seal.statement import split_statement
from bot.seal.threshold import Escrow
from bot.seal.wire import MAX_NUMBER, Reader, lp

ORIGIN: Final = "samjour.example/malmo"
ROOM_KEY: Final = RoomKey(room="room-1", epoch=1, key=bytes(range(32)))
FIELD_KEY: Final = FieldKey(key=bytes(range(32, 64)))
PLACE: Final = Place(table="people", column="phone", row="p-1")
NONCE: Final = 12
HASH: Final = log.HASH
INBOX: Final = ("telegram", "17")

Field = bytes | int | str


class Signed(Protocol):
    """A statement that was read: it keeps what it was read of."""

    @property
    def content(self) -> bytes:
        """The signed bytes, with the signature."""
        ...


V = TypeVar("V", bound=Signed)


@lru_cache(1)
def device() -> DeviceSecret:
    """The device that everything here is signed by and sealed to."""
    return make_device(bytes(range(64)))


def wire(data: bytes) -> bool:
    """The first byte counts fields, the next say of which type; whatever is read is written as it was."""
    kinds, content = data[1 : 1 + data[0] % 16] if data else b"", data[17:]
    try:
        reader = Reader(Label.ENTRY, content)
        fields = [_field(reader, kind) for kind in kinds]
        reader.end()
    except SealError:
        return False
    assert lp(Label.ENTRY, *fields) == content
    return True


def _field(reader: Reader, kind: int) -> bytes | int | str:
    match kind % 4:
        case 0:
            return reader.up_to(kind * 4)
        case 1:
            return reader.exact(kind // 4)
        case 2:
            return reader.number(most=MAX_NUMBER >> kind // 8)
        case _:
            return reader.name()


def event_bytes(data: bytes) -> bool:
    """An event is written as it was read; then it is checked and opened."""
    try:
        parsed = event.from_bytes(data)
    except SealError:
        return False
    assert event.to_bytes(parsed) == data
    _check(parsed)
    return True


def _check(parsed: Event) -> None:
    """Check it as the one after the head that it claims, and open it; either may refuse."""
    begins = parsed.kind == event.EPOCH_KIND
    head = Head(room=parsed.room, epoch=parsed.epoch - begins, seq=parsed.seq - 1, hash=parsed.prev_hash)
    with suppress(SealError):
        event.check_event(parsed, head, device().public)
    with suppress(SealError):
        event.open_event(ROOM_KEY, parsed)
    with suppress(SealError):
        accept_room_key(parsed, Sealed(content=parsed.ct[:1168]), device())


def escrow_bytes(data: bytes) -> bool:
    """An escrow is written as it was read; then it is opened."""
    try:
        parsed = threshold.from_bytes(data)
    except SealError:
        return False
    assert threshold.to_bytes(parsed) == data
    _open(parsed)
    return True


def _open(escrow: Escrow) -> None:
    """Open whatever shares are this device's, and the escrow with them; either may refuse."""
    shares = []
    for seat in escrow.seats:
        with suppress(SealError):
            shares.append(threshold.open_share(escrow, person=seat.person, secret=device()))
    with suppress(SealError):
        threshold.open_escrow(escrow, shares, kc=bytes(HASH))


def shares(data: bytes) -> bool:
    """Any shares, each as long as the first byte says, are combined to a secret of their length or refused."""
    size = data[0] if data else 0
    cut = [data[at : at + size] for at in range(1, len(data), max(size, 1))]
    try:
        secret = shamir.combine(cut)
    except SealError:
        return False
    assert len(secret) == size - 1
    return True


def field(data: bytes) -> bool:
    """A field that opens is the one that its key, place and nonce make."""
    try:
        plain = open_field(FIELD_KEY, PLACE, Sealed(content=data))
    except SealError:
        return False
    assert seal_field(FIELD_KEY, PLACE, plain, nonce=data[:NONCE]).content == data
    return True


def inbox(data: bytes) -> Plain:
    """What was sealed to the bridge."""
    channel, native_id = INBOX
    return open_inbox(Sealed(content=data), channel=channel, native_id=native_id, secret=device())


def verify_note(content: str) -> Note:
    """The note, looked at by whoever knows our key; it may refuse."""
    parsed = note.parse_note(content)
    verifier = Verifier(name=ORIGIN, public=device().public.ed25519)
    with suppress(SealError):
        assert note.verify_note(content, verifier) == parsed.text
    with suppress(SealError):
        verify_checkpoint(content, origin=ORIGIN, public=device().public.ed25519)
    return parsed


def note_to_text(parsed: Note) -> str:
    """The note as it must have stood."""
    lines = (
        f"\u2014 {line.name} {b64encode(line.key_id + line.signature).decode()}\n"
        for line in parsed.signatures
    )
    return f"{parsed.text}\n{''.join(lines)}"


def key_name(name: str) -> str:
    """A key's name that is accepted keeps to its bounds."""
    note.check_key_name(name)
    assert 1 <= len(name.encode()) <= 255
    assert not set(name) & set("+ \n\t\r")
    return name


def proofs(data: bytes) -> bool:
    """Two numbers, two roots and a proof: inclusion and consistency hold or are refused, whatever they are."""
    first, second = (int.from_bytes(data[at : at + 8], "big") for at in (0, 8))
    roots = data[16 : 16 + HASH], data[16 + HASH : 16 + 2 * HASH]
    rest = data[16 + 2 * HASH :]
    path = [rest[at : at + HASH] for at in range(0, len(rest), HASH)]
    return any([_included(first, second, roots, path), _consistent(first, second, roots, path)])


def _included(index: int, size: int, roots: tuple[bytes, bytes], path: list[bytes]) -> bool:
    try:
        proof.verify_inclusion(index=index, size=size, leaf=roots[0], proof=path, root=roots[1])
    except SealError:
        return False
    assert index < size
    assert len(path) <= size.bit_length()
    return True


def _consistent(old: int, new: int, roots: tuple[bytes, bytes], path: list[bytes]) -> bool:
    try:
        proof.verify_consistency(old=old, new=new, old_root=roots[0], new_root=roots[1], proof=path)
    except SealError:
        return False
    assert 0 < old <= new
    assert old < new or roots[0] == roots[1]
    return True


def statement_bytes(
    outer: Label, inner: Label, fields: Callable[[V], Sequence[Field]]
) -> Callable[[V], bytes]:
    """A writer of signed statements, made again of what was read; the signature alone is taken from what was given."""

    def write(value: V) -> bytes:
        _, sig = split_statement(outer, value.content)
        return lp(outer, lp(inner, *fields(value)), sig)

    return write


def bundle_fields(b: Bundle) -> Sequence[Field]:
    """What a bundle says, in its order."""
    public = public_to_bytes(b.public)
    return b.organisation, b.person, b.rights, b.inviter, b.invitation, b.made_at, public


def approval_fields(a: Approval) -> Sequence[Field]:
    """What an approval says, in its order."""
    return a.organisation, a.root, a.bundle, a.approver, a.at


def introduction_fields(i: Introduction) -> Sequence[Field]:
    """What an introduction says, in its order."""
    return i.organisation, i.root, i.other, i.other_root, i.approver, i.at


def request_fields(r: Request) -> Sequence[Field]:
    """What a request to open says, in its order."""
    return r.opening, r.organisation, r.room, r.purpose, r.ground, r.person, r.device_id, r.at, r.until


def redeal_fields(r: Redeal) -> Sequence[Field]:
    """What a re-deal says, in its order."""
    return r.organisation, r.room, r.epoch, r.opening, r.old, r.new, r.device_id, r.at


def passed_bytes(passed: Passed) -> bytes:
    """A passed share, made again of what was read."""
    p = passed.signed
    signed = lp(Label.SHARE_PASS, p.use, p.escrow, p.seat, p.sender, p.receiver, p.hash)
    return lp(Label.SHARE_PASS_BYTES, signed, passed.blob, p.sig)


def wrapped(data: bytes) -> bool:
    """A wrapped key that opens is the one that its key, name and nonce make."""
    own, name = device().public.device_id, KEY_NAMES[0]
    kek = wrapping_key(bytes(HASH), own)
    try:
        key = unwrap_key(kek, device_id=own, key_name=name, wrapped=data)
    except SealError:
        return False
    assert wrap_key(kek, device_id=own, key_name=name, key=key, nonce=data[:NONCE]) == data
    return True


def notes(content: str) -> bool:
    """Notes one after another come apart, and what is no blank line between them is in one of them."""
    pieces = note.split_notes(content)
    assert "".join(pieces).replace("\n", "") == content.replace("\n", "")
    return any(_is_note(piece) for piece in pieces)


def _is_note(piece: str) -> bool:
    try:
        note.parse_note(piece)
    except SealError:
        return False
    return True
