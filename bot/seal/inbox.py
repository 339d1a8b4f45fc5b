"""Seals what a webhook brings to the bridge, before its row is written."""

from bot.seal.errors import Malformed
from bot.seal.hpke import OVERHEAD, open_with, seal_to
from bot.seal.keys import DevicePublic, DeviceSecret
from bot.seal.labels import Label
from bot.seal.padding import BUCKETS, pad, unpad
from bot.seal.plain import Plain, Sealed
from bot.seal.wire import lp, name

_SIZES = frozenset(bucket + OVERHEAD for bucket in BUCKETS)


def seal_inbox(bridge: DevicePublic, *, channel: str, native_id: str, body: Plain) -> Sealed:
    """Seal a native message, at most 65 535 bytes, so that only the bridge opens it, as that message."""
    info = _info(channel, native_id, bridge)
    return Sealed(content=seal_to(bridge.kem, pad(body.reveal()), info=info))


def open_inbox(sealed: Sealed, *, channel: str, native_id: str, secret: DeviceSecret) -> Plain:
    """Undo `seal_inbox`. Raises `Tampered` for another bridge, channel or message, or changed bytes."""
    if len(sealed.content) not in _SIZES:
        raise Malformed
    return Plain(unpad(open_with(secret.kem, sealed.content, info=_info(channel, native_id, secret.public))))


def _info(channel: str, native_id: str, bridge: DevicePublic) -> bytes:
    return lp(Label.INBOX, name(channel), name(native_id), bridge.device_id)
