"""Seals what an officer asked to one curator's device: from then on the server cannot read it."""

from bot.seal.errors import Malformed
from bot.seal.hpke import OVERHEAD, open_with, seal_to
from bot.seal.keys import DevicePublic, DeviceSecret
from bot.seal.labels import Label
from bot.seal.padding import BUCKETS, pad, unpad
from bot.seal.plain import Plain, Sealed
from bot.seal.wire import lp, name

_SIZES = frozenset(bucket + OVERHEAD for bucket in BUCKETS)


def seal_question(device: DevicePublic, *, organisation: str, day: str, id_: str, body: Plain) -> Sealed:
    """Seal a question, at most 65 535 bytes, so that only this device opens it, as that one of that day."""
    info = _info(organisation, day, id_, device)
    return Sealed(content=seal_to(device.kem, pad(body.reveal()), info=info))


def open_question(sealed: Sealed, *, organisation: str, day: str, id_: str, secret: DeviceSecret) -> Plain:
    """Undo `seal_question`. Raises `Tampered` for another device, organisation, day or question, or changed bytes."""
    if len(sealed.content) not in _SIZES:
        raise Malformed
    info = _info(organisation, day, id_, secret.public)
    return Plain(unpad(open_with(secret.kem, sealed.content, info=info)))


def _info(organisation: str, day: str, id_: str, device: DevicePublic) -> bytes:
    return lp(Label.QUESTION, name(organisation), name(day), name(id_), device.device_id)
