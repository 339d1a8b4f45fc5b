"""A room's events: each encrypted, signed, and chained to the one before it."""

import hashlib
from dataclasses import dataclass

from bot.seal import signing
from bot.seal.errors import Malformed, StaleHead, Tampered
from bot.seal.keys import DEVICE_ID, DevicePublic, DeviceSecret
from bot.seal.labels import Label
from bot.seal.padding import BUCKETS, pad, unpad
from bot.seal.plain import Plain, Sealed
from bot.seal.room import RoomKey
from bot.seal.symmetric import KEY, NONCE, TAG, decrypt, derive, digest, encrypt
from bot.seal.wire import Reader, count, exact, lp, name

EPOCH_KIND = "epoch"  # who holds the key of the epoch that begins
GRANT_KIND = "grant"  # whom the keys of earlier epochs were given
CLEAR_KINDS = frozenset({EPOCH_KIND, GRANT_KIND})  # `ct` is in clear: ids and hashes, never what was said
MAX_MANIFEST = 2**14  # bytes of such an event's `ct`
MAX_HEADER = 2**11  # bytes; three names, two hashes, three numbers and a nonce fit
SIGNATURE = 1 + signing.SIGNATURE  # bytes; the first says which algorithm

_ED25519 = b"\x01"
_NO_NONCE = bytes(NONCE)
_SIZES = frozenset(bucket + TAG for bucket in BUCKETS)
_MAX_CT = BUCKETS[-1] + TAG
_HASH = KEY


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where a room stands: what the next event must name as the one before it."""

    room: str
    epoch: int
    seq: int
    hash: bytes  # 32 bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event as it is kept and sent. Its shape is sound by construction; `check_event` tells whether it holds."""

    room: str
    epoch: int
    seq: int  # from 1
    prev_hash: bytes  # 32 bytes
    device_id: bytes  # 32 bytes; the device that signed
    author: str  # the person who speaks; a bridge speaks for somebody else
    kind: str
    nonce: bytes  # 12 bytes; zeros where `ct` is in clear
    ct: bytes  # a padding bucket and 16 bytes; in clear for epochs and grants
    sig: bytes  # 1 + 64 bytes

    def __post_init__(self) -> None:
        """Refuse what is out of bounds."""
        for text in (self.room, self.author, self.kind):
            name(text)
        count(self.epoch)
        count(self.seq)
        exact(self.prev_hash, _HASH)
        exact(self.device_id, DEVICE_ID)
        exact(self.nonce, NONCE)
        if exact(self.sig, SIGNATURE)[:1] != _ED25519:
            raise Malformed("That signature algorithm is unknown.")
        _check_body(self.kind, self.nonce, self.ct)


def genesis(room: str) -> Head:
    """Return the head of a room in which nothing has happened."""
    return Head(room=room, epoch=0, seq=0, hash=digest(Label.ROOM, name(room)))


def seal_event(
    *,
    room_key: RoomKey,
    head: Head,
    secret: DeviceSecret,
    author: str,
    kind: str,
    plain: Plain,
    nonce: bytes,
) -> Event:
    """Pad, encrypt and sign what somebody said, as the event after `head`.

    `nonce`: 12 random bytes, new for every call, also when sealing again after `StaleHead`.
    Raises `Malformed` when the key is not of the head's room and epoch, or the text is too long.
    """
    if (room_key.room, room_key.epoch) != (head.room, head.epoch) or kind in CLEAR_KINDS:
        raise Malformed("A message is sealed under the key of the room's own epoch.")
    header = _next_header(head, head.epoch, secret, author, kind, nonce)
    message_key = _message_key(room_key, secret.public.device_id)
    ct = encrypt(message_key, nonce, pad(plain.reveal()), aad=header)
    return _signed(header, ct, secret)


def sign_epoch(*, head: Head, secret: DeviceSecret, author: str, manifest: bytes) -> Event:
    """Sign the manifest of the epoch after the head's; `epoch.start_epoch` is what calls this."""
    header = _next_header(head, head.epoch + 1, secret, author, EPOCH_KIND, _NO_NONCE)
    return _signed(header, manifest, secret)


def sign_grant(*, head: Head, secret: DeviceSecret, author: str, grant: bytes) -> Event:
    """Sign a grant in the head's epoch; `grant.give_history` is what calls this."""
    header = _next_header(head, head.epoch, secret, author, GRANT_KIND, _NO_NONCE)
    return _signed(header, grant, secret)


def check_event(event: Event, head: Head, device: DevicePublic) -> Head:
    """Check chain, sequence, epoch and signature, without any secret; return the room's new head.

    Raises `StaleHead` when the room already has an event of that number, `Tampered` for everything else.
    """
    if event.room != head.room:
        raise Tampered("The event is of another room.")
    if event.seq <= head.seq:
        raise StaleHead
    if event.seq != head.seq + 1 or event.prev_hash != head.hash:
        raise Tampered("The event does not follow the one before it.")
    if event.epoch != head.epoch + (event.kind == EPOCH_KIND):
        raise Tampered("The event is of another epoch.")
    if event.device_id != device.device_id:
        raise Tampered("Another device signed the event.")
    header, ct_hash = _header(event), _sha256(event.ct)
    signing.verify(device.ed25519, lp(Label.EVENT_SIG, header, ct_hash), event.sig[1:])
    event_hash = digest(Label.EVENT_HASH, header, ct_hash, event.sig)
    return Head(room=event.room, epoch=event.epoch, seq=event.seq, hash=event_hash)


def open_event(room_key: RoomKey, event: Event) -> Plain:
    """Decrypt an event that `check_event` has passed.

    Raises `Tampered` unless this key sealed exactly this event, `Malformed` for an epoch, a grant, or padding that is none.
    """
    if event.kind in CLEAR_KINDS:
        raise Malformed("An epoch or a grant holds no message.")
    if (room_key.room, room_key.epoch) != (event.room, event.epoch):
        raise Tampered("The event is of another room or epoch than the key.")
    key = _message_key(room_key, event.device_id)
    return Plain(unpad(decrypt(key, event.nonce, event.ct, aad=_header(event))))


def hash_event(event: Event) -> bytes:
    """Return the 32 bytes by which the next event, and the ledger, name this one."""
    return digest(Label.EVENT_HASH, _header(event), _sha256(event.ct), event.sig)


def to_bytes(event: Event) -> bytes:
    """Write an event for the wire or a ledger body."""
    return lp(Label.EVENT_BYTES, _header(event), event.ct, event.sig)


def to_sealed(event: Event) -> Sealed:
    """Write an event for the store."""
    return Sealed(content=to_bytes(event))


def from_bytes(content: bytes) -> Event:
    """Read an event, or raise `Malformed`; only what `to_bytes` writes is an event."""
    reader = Reader(Label.EVENT_BYTES, content)
    header, ct, sig = reader.up_to(MAX_HEADER), reader.up_to(_MAX_CT), reader.exact(SIGNATURE)
    reader.end()
    return _assemble(header, ct, sig)


def _assemble(header: bytes, ct: bytes, sig: bytes) -> Event:
    reader = Reader(Label.EVENT, header)
    event = Event(
        room=reader.name(),
        epoch=reader.number(),
        seq=reader.number(),
        prev_hash=reader.exact(_HASH),
        device_id=reader.exact(DEVICE_ID),
        author=reader.name(),
        kind=reader.name(),
        nonce=reader.exact(NONCE),
        ct=ct,
        sig=sig,
    )
    reader.end()
    return event


def _signed(header: bytes, ct: bytes, secret: DeviceSecret) -> Event:
    signature = signing.sign(secret.signing, lp(Label.EVENT_SIG, header, _sha256(ct)))
    return _assemble(header, ct, _ED25519 + signature)


def _next_header(head: Head, epoch: int, secret: DeviceSecret, author: str, kind: str, nonce: bytes) -> bytes:
    signer = secret.public.device_id
    return lp(Label.EVENT, head.room, epoch, head.seq + 1, head.hash, signer, author, kind, nonce)


def _header(event: Event) -> bytes:
    return lp(
        Label.EVENT,
        event.room,
        event.epoch,
        event.seq,
        event.prev_hash,
        event.device_id,
        event.author,
        event.kind,
        event.nonce,
    )


def _check_body(kind: str, nonce: bytes, ct: bytes) -> None:
    if kind in CLEAR_KINDS and (nonce != _NO_NONCE or len(ct) > MAX_MANIFEST):
        raise Malformed("An epoch or a grant has no nonce and a bounded body.")
    if kind not in CLEAR_KINDS and len(ct) not in _SIZES:
        raise Malformed("A message has one of nine lengths.")


def _message_key(room_key: RoomKey, device_id: bytes) -> bytes:
    return derive(room_key.key, Label.MESSAGE_KEY, room_key.room, room_key.epoch, device_id)


def _sha256(ct: bytes) -> bytes:
    return hashlib.sha256(ct).digest()
