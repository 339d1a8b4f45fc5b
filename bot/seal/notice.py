"""Notices of grave events: signed by the device that sends one, sealed to each device of those on a list."""

import hashlib

from bot.seal.errors import Malformed
from bot.seal.hpke import OVERHEAD, open_with, seal_to
from bot.seal.keys import DevicePublic, DeviceSecret
from bot.seal.labels import Label
from bot.seal.padding import BUCKETS, pad, unpad
from bot.seal.plain import Plain, Sealed
from bot.seal.statement import SIGNATURE, sign_bare, verify_statement
from bot.seal.wire import Reader, lp, name, number

MAX_TEXT = 2000  # bytes of UTF-8

SIZES = frozenset(bucket + OVERHEAD for bucket in BUCKETS)  # bytes of a sealed notice


def sign_notice(
    text: Plain, *, organisation: str, forum: str, id_: str, at: int, secret: DeviceSecret
) -> Plain:
    """Sign what is to be told to a forum's list; the same for everybody on it. `at`: seconds since 1970.

    Raises `Malformed` for more than MAX_TEXT bytes, or none.
    """
    said = _bounded(text.reveal())
    statement = _statement(said, organisation, forum, id_, at, secret.public)
    return Plain(lp(Label.NOTICE_BYTES, sign_bare(statement, secret.signing), said))


def seal_notice(signed: Plain, to: DevicePublic, *, organisation: str, id_: str) -> Sealed:
    """Seal a signed notice so that only this device opens it, as that one."""
    return Sealed(content=seal_to(to.kem, pad(signed.reveal()), info=_info(organisation, id_, to)))


def open_notice(
    sealed: Sealed,
    *,
    organisation: str,
    forum: str,
    id_: str,
    at: int,
    sender: DevicePublic,
    secret: DeviceSecret,
) -> Plain:
    """Open a notice on a device of somebody on the list; returns what was told.

    Raises `Tampered` for another device, notice, forum or instant, or when that sender did not sign it, `Malformed` for
    what nobody would have written. Whether the sender is to be believed, a checked directory says.
    """
    if len(sealed.content) not in SIZES:
        raise Malformed
    opened = unpad(open_with(secret.kem, sealed.content, info=_info(organisation, id_, secret.public)))
    reader = Reader(Label.NOTICE_BYTES, opened)
    sig, said = reader.exact(SIGNATURE), _bounded(reader.up_to(MAX_TEXT))
    reader.end()
    verify_statement(sender.ed25519, _statement(said, organisation, forum, id_, at, sender), sig)
    return Plain(said)


def _statement(said: bytes, organisation: str, forum: str, id_: str, at: int, sender: DevicePublic) -> bytes:
    told = hashlib.sha256(said).digest()
    return lp(Label.NOTICE, name(organisation), name(forum), name(id_), number(at), sender.device_id, told)


def _info(organisation: str, id_: str, device: DevicePublic) -> bytes:
    return lp(Label.SEALED_NOTICE, name(organisation), name(id_), device.device_id)


def _bounded(said: bytes) -> bytes:
    if not 0 < len(said) <= MAX_TEXT:
        raise Malformed("A notice has 1 to 2000 bytes.")
    try:
        said.decode()
    except UnicodeDecodeError as error:
        raise Malformed from error
    return said
