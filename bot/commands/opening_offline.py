"""Reads a talk out of a backup, with the key files of t supervisors: for when there is no server any more.

Nothing is recorded, and nobody is told. The devices are believed as the database has them: verify it first.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from bot.client import opening_keys
from bot.client.files import read_key
from bot.client.opening_keys import Holder, Kept
from bot.client.transcript import Transcript, read_transcript
from bot.commands import out
from bot.core.errors import BadInput, NotNow, Unavailable
from bot.core.ids import OrganisationId, RoomId
from bot.flow.device_trust import member
from bot.flow.ports import Tx
from bot.flow.records_openings import KeptEscrow, Place
from bot.seal.directory import Member
from bot.seal.epoch import read_epoch
from bot.seal.errors import SealError
from bot.seal.event import Event
from bot.seal.event import from_bytes as event_from_bytes
from bot.seal.keys import DeviceSecret
from bot.seal.passing import passed_from_bytes
from bot.seal.room import RoomKey
from bot.seal.seats import follow_hand_ons, open_together
from bot.seal.threshold import Escrow, Share, from_bytes, hash_escrow
from bot.store.copy import looking_into

Members = Mapping[bytes, Member]


def read(path: Path, keys: Sequence[Path], room: str | None) -> Transcript:
    """The transcript of a room. Raises BadInput for keys that are none of one organisation, NotNow for too few."""
    if not room:
        raise BadInput("which room is to be read?")
    out.note("read from a backup: this is not recorded, and nobody is told; verify the backup first")
    secrets = [read_key(key) for key in keys]
    with looking_into(path) as tx:
        members = _members(tx)
        holders = [_holder(secret, members) for secret in secrets]
        events = [event_from_bytes(sealed.content) for _, sealed in tx.audit.events(RoomId(room))]
        opened = dict(_opened(tx, RoomId(room), holders, members, events))
    if not events:
        raise BadInput("there is no such room")
    try:
        return read_transcript(room, events, opened, members)
    except SealError as error:
        raise Unavailable(f"the room does not hold: {error}") from error


def _members(tx: Tx) -> dict[bytes, Member]:
    found = ((device.id, member(tx, device.id)) for device in tx.audit.devices())
    return {id_: one for id_, one in found if one is not None}


def _holder(secret: DeviceSecret, members: Members) -> Holder:
    found = members.get(secret.public.device_id)
    if found is None:
        raise BadInput("a key file is of no device in this backup")
    return Holder(organisation=found.organisation, person=found.person, secret=secret)


def _opened(
    tx: Tx, room: RoomId, holders: Sequence[Holder], members: Members, events: Sequence[Event]
) -> Iterator[tuple[int, RoomKey]]:
    if len({holder.organisation for holder in holders}) != 1:
        raise BadInput("--key: key files of supervisors of one organisation are needed")
    organisation, begun = OrganisationId(holders[0].organisation), {e.epoch: e for e in events}
    for escrow in tx.seats.escrows_of(room, organisation, max(begun, default=0)):
        yield escrow.place.epoch, _open(tx, escrow, organisation, holders, members)


def _open(
    tx: Tx, escrow: KeptEscrow, organisation: OrganisationId, holders: Sequence[Holder], members: Members
) -> RoomKey:
    """By the escrow in force; should that be worthless, by one that it replaced."""
    replaced = [redealt.old for redealt in tx.seats.redeals(escrow.place, organisation)]
    began = tx.rooms.epoch(escrow.place.room, escrow.place.epoch)
    if began is None:
        raise Unavailable("an epoch's beginning is missing")
    event, refusal = event_from_bytes(began.content), SealError("nobody has a share")
    for blob in (escrow.blob, *reversed(replaced)):
        one = from_bytes(blob.content)
        kept = _kept(tx, escrow.place, organisation, one, event)
        try:
            return _together(kept, holders, members)
        except SealError as error:
            refusal = error
    raise NotNow(f"epoch {escrow.place.epoch} does not open with these keys: {refusal}") from refusal


def _together(kept: Kept, holders: Sequence[Holder], members: Members) -> RoomKey:
    shares: dict[str, Share] = {}
    for holder in holders:
        share = opening_keys.own_share(kept, holder, members)
        if share is not None:
            shares[share.person] = share
    seats = follow_hand_ons(kept.escrow, kept.hand_ons, members)
    return open_together(kept.escrow, list(shares.values()), holders=seats, kc=read_epoch(kept.began).kc)


def _kept(tx: Tx, place: Place, organisation: OrganisationId, escrow: Escrow, began: Event) -> Kept:
    handed = tx.seats.hand_ons(place, organisation, hash_escrow(escrow))
    kept = Kept(began=began, escrow=escrow)
    return replace(kept, hand_ons=tuple(passed_from_bytes(one.content.content) for one in handed))
