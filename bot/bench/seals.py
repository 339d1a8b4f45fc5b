"""Seals and opens, each beside the same sizes through the library's own primitives."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from bot.bench.measure import Pair, repeated
from bot.seal.epoch import start_epoch
from bot.seal.event import Event, Head, check_event, genesis, open_event, seal_event
from bot.seal.keys import ENTROPY, DeviceSecret, make_device
from bot.seal.padding import pad
from bot.seal.plain import Plain
from bot.seal.room import RoomKey, commit, open_room_key, seal_room_key
from bot.seal.symmetric import KEY, NONCE
from bot.seal.threshold import Escrow, Supervisor, make_escrow, open_escrow, open_share

TEXT: Final = b"x" * 512  # bytes of a message (budgets)
NEEDED, OF = 2, 3  # supervisors
HEADER: Final = 256  # bytes, about, of what is authenticated and signed beside the text

Draw = Callable[[int], bytes]


def pairs(draw: Draw, times: int) -> Iterator[Pair]:
    """Every comparison of bot/seal, each done `times` times a round."""
    room, raw = _room(draw), _raw(draw)
    for name, unit, ours, limit in (
        ("seal", "events/s", room.seal, raw.seal),
        ("open", "events/s", room.open, raw.open),
        ("check", "events/s", room.check, raw.check),
        ("seal-key", "keys/s", room.seal_key, raw.seal_key),
        ("open-key", "keys/s", room.open_key, raw.open_key),
        ("escrow-make", "escrows/s", room.make_escrow, raw.make_escrow),
        ("escrow-open", "escrows/s", room.open_escrow, raw.open_escrow),
    ):
        yield Pair(name=name, unit=unit, ours=repeated(ours, times), raw=repeated(limit, times))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Acts:
    """The same acts, ours or raw."""

    seal: Callable[[], object]
    open: Callable[[], object]
    check: Callable[[], object]
    seal_key: Callable[[], object]
    open_key: Callable[[], object]
    make_escrow: Callable[[], object]
    open_escrow: Callable[[], object]


def _room(draw: Draw) -> _Acts:
    device, *chiefs = (make_device(draw(ENTROPY)) for _ in range(1 + OF))
    key = RoomKey(room="room-1", epoch=1, key=draw(KEY))
    supervisors = [Supervisor(person=f"p-{n}", devices=[chief.public]) for n, chief in enumerate(chiefs)]
    sealed, escrow = seal_room_key(key, device.public), _escrow(key, supervisors, draw)
    head = _head(key, device, escrow)
    said = _say(key, head, device, draw)
    kc = commit(key)

    def opened() -> object:
        shares = [
            open_share(escrow, person=f"p-{n}", secret=chief) for n, chief in enumerate(chiefs[:NEEDED])
        ]
        return open_escrow(escrow, shares, kc=kc)

    return _Acts(
        seal=lambda: _say(key, head, device, draw),
        open=lambda: open_event(key, said),
        check=lambda: check_event(said, head, device.public),
        seal_key=lambda: seal_room_key(key, device.public),
        open_key=lambda: open_room_key(sealed, room="room-1", epoch=1, kc=kc, secret=device),
        make_escrow=lambda: _escrow(key, supervisors, draw),
        open_escrow=opened,
    )


def _raw(draw: Draw) -> _Acts:
    suite = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
    mlkem, x25519 = MLKEM768PrivateKey.generate(), X25519PrivateKey.generate()
    private = MLKEM768X25519PrivateKey(mlkem, x25519)
    public = MLKEM768X25519PublicKey(mlkem.public_key(), x25519.public_key())
    signer = Ed25519PrivateKey.from_private_bytes(draw(KEY))
    verifier, aead, header = signer.public_key(), AESGCM(draw(KEY)), draw(HEADER)
    padded, nonce, secret = pad(TEXT), draw(NONCE), draw(KEY)
    ct, boxed, sealed = (
        aead.encrypt(nonce, padded, header),
        aead.encrypt(nonce, secret, header),
        suite.encrypt(secret, public, header),
    )
    signature = signer.sign(header)

    def seal() -> object:
        made = aead.encrypt(nonce, padded, header)
        return signer.sign(header + hashlib.sha256(made).digest())

    def check() -> None:
        hashlib.sha256(ct).digest()
        verifier.verify(signature, header)

    def deal() -> object:
        return aead.encrypt(nonce, secret, header), [suite.encrypt(secret, public, header) for _ in range(OF)]

    def gather() -> object:
        shares = [suite.decrypt(sealed, private, header) for _ in range(NEEDED)]
        return shares, aead.decrypt(nonce, boxed, header)

    return _Acts(
        seal=seal,
        open=lambda: aead.decrypt(nonce, ct, header),
        check=check,
        seal_key=lambda: suite.encrypt(secret, public, header),
        open_key=lambda: suite.decrypt(sealed, private, header),
        make_escrow=deal,
        open_escrow=gather,
    )


def _head(key: RoomKey, device: DeviceSecret, escrow: Escrow) -> Head:
    began = start_epoch(
        room_key=key,
        head=genesis(key.room),
        secret=device,
        author="p-1",
        room_keys={device.public.device_id: seal_room_key(key, device.public)},
        escrows={"malmo": escrow},
    )
    return check_event(began, genesis(key.room), device.public)


def _say(key: RoomKey, head: Head, device: DeviceSecret, draw: Draw) -> Event:
    return seal_event(
        room_key=key,
        head=head,
        secret=device,
        author="p-1",
        kind="said",
        plain=Plain(TEXT),
        nonce=draw(NONCE),
    )


def _escrow(key: RoomKey, supervisors: list[Supervisor], draw: Draw) -> Escrow:
    return make_escrow(key, t=NEEDED, supervisors=supervisors, escrow_key=draw(KEY), iv=draw(NONCE))
