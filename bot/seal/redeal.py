"""Re-deals: an escrow replaced by another of the same key, for other supervisors, signed by who did it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.seal.errors import Malformed, Tampered
from bot.seal.keys import DEVICE_ID, DevicePublic, DeviceSecret
from bot.seal.labels import Label
from bot.seal.statement import sign_statement, split_statement, verify_statement
from bot.seal.symmetric import KEY
from bot.seal.threshold import Escrow, hash_escrow
from bot.seal.wire import Reader, lp, name, number


@dataclass(frozen=True, slots=True, kw_only=True)
class Redeal:
    """One escrow in another's place. Who signed, `check_redeal` says."""

    organisation: str
    room: str
    epoch: int
    opening: str  # the opening in which the key was had
    old: bytes  # 32 bytes; hash of the escrow that was in force
    new: bytes  # 32 bytes; hash of the one in its place
    device_id: bytes  # 32 bytes; the device that signs
    at: int  # seconds since 1970
    content: bytes = field(repr=False)


def sign_redeal(
    *, secret: DeviceSecret, organisation: str, opening: str, old: Escrow, new: Escrow, at: int
) -> Redeal:
    """Sign that `new` takes the place of `old`. Raises `Malformed` when it would take fewer people."""
    _check_pair(old, new)
    statement = lp(
        Label.REDEAL,
        name(organisation),
        old.room,
        old.epoch,
        name(opening),
        hash_escrow(old),
        hash_escrow(new),
        secret.public.device_id,
        number(at),
    )
    return redeal_from_bytes(sign_statement(Label.REDEAL_BYTES, statement, secret.signing))


def redeal_from_bytes(content: bytes) -> Redeal:
    """Read a re-deal, or raise `Malformed`."""
    reader = Reader(Label.REDEAL, split_statement(Label.REDEAL_BYTES, content)[0])
    redeal = Redeal(
        organisation=reader.name(),
        room=reader.name(),
        epoch=reader.number(least=1),
        opening=reader.name(),
        old=reader.exact(KEY),
        new=reader.exact(KEY),
        device_id=reader.exact(DEVICE_ID),
        at=reader.number(),
        content=content,
    )
    reader.end()
    return redeal


def check_redeal(
    redeal: Redeal, *, organisation: str, old: Escrow, new: Escrow, device: DevicePublic
) -> None:
    """Return when `new` takes the place of `old` by this device's word, else raise `Tampered` or `Malformed`.

    Whether the new escrow holds the same key, nobody can see without opening it: `kc` tells then (FORMAT.md, 19).
    """
    _check_pair(old, new)
    named = (redeal.organisation, redeal.room, redeal.epoch, redeal.old, redeal.new, redeal.device_id)
    if named != (organisation, old.room, old.epoch, hash_escrow(old), hash_escrow(new), device.device_id):
        raise Tampered("The re-deal is of other escrows, or another device's.")
    verify_statement(device.ed25519, *split_statement(Label.REDEAL_BYTES, redeal.content))


def follow_redeals(
    redeals: Sequence[Redeal],
    *,
    organisation: str,
    room: str,
    epoch: int,
    first: bytes,
    devices: Mapping[bytes, DevicePublic],
) -> bytes:
    """The hash of the escrow in force: `first`, the manifest's, or where the chain of re-deals from there ends.

    `devices`: those whose word counts, by id. The replaced escrows need not exist any more. Raises `Tampered` for a
    re-deal of another place, by another device, or one that does not follow the one before it.
    """
    in_force = first
    for redeal in redeals:
        device = devices.get(redeal.device_id)
        named = (redeal.organisation, redeal.room, redeal.epoch, redeal.old)
        if device is None or named != (organisation, room, epoch, in_force):
            raise Tampered("A re-deal does not follow the one before it, or nobody who may has signed it.")
        verify_statement(device.ed25519, *split_statement(Label.REDEAL_BYTES, redeal.content))
        in_force = redeal.new
    return in_force


def _check_pair(old: Escrow, new: Escrow) -> None:
    if (old.room, old.epoch) != (new.room, new.epoch) or new.t < old.t:
        raise Malformed(
            "An escrow is replaced by one of the same room and epoch that takes as many people or more."
        )
