"""Checks openings without a key: what the ledger says of them, who signed what, which escrow is in force, who holds it.

Not noticed: shares that hold nothing (only whoever opens them sees that), and openings that never reached the server.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final, TypeVar

from bot.core.codec import object_from_json, to_json
from bot.core.errors import BadInput, Tampered
from bot.core.ids import OrganisationId, PersonId, RoomId
from bot.flow.findings import Findings
from bot.flow.ports import Audit
from bot.flow.ports_openings import OpeningAudit
from bot.flow.records import Recorded
from bot.flow.records_openings import HandOn, Opening, PassedShare, Place, Redealt, Sitting
from bot.seal.directory import Member
from bot.seal.enrolment import Right
from bot.seal.keys import public_from_bytes
from bot.seal.opening import EVERY_ROOM, check_signer, request_from_bytes
from bot.seal.passing import check_sender, for_opening, join_passed, passed_from_bytes, read_pass
from bot.seal.plain import Sealed
from bot.seal.redeal import check_redeal, redeal_from_bytes
from bot.seal.seats import follow_hand_ons
from bot.seal.threshold import Escrow, from_bytes, hash_escrow

KINDS: Final = frozenset({"opening", "seat", "redeal", "handover", "promise"})  # that tell of rows
Members = Mapping[bytes, Member]
Key = tuple[Place, OrganisationId]
T = TypeVar("T", Redealt, HandOn)


class OpeningRows:
    """Folds the entries about openings and seats: what should be stored by them."""

    def __init__(self, findings: Findings) -> None:
        """Nothing yet."""
        self._findings = findings
        self.rows: dict[tuple[str, str], bytes] = {}  # table and key -> SHA-256 of the row

    def take(self, recorded: Recorded) -> None:
        """One entry; those of other kinds are passed over."""
        if recorded.entry.kind not in KINDS:
            return
        with self._findings.within(f"{recorded.entry.organisation}/{recorded.index}"):
            rows = object_from_json(recorded.entry.body).get("rows")
            if not isinstance(rows, dict):
                raise BadInput("the entry says nothing of what it led to")
            for table, put in rows.items():
                self.rows.update({(table, key): _digest(row) for key, row in put.items()})


def check_openings(
    audit: Audit, kept: OpeningAudit, told: Mapping[tuple[str, str], bytes], findings: Findings
) -> None:
    """Compare every row with what the ledgers told of it (`OpeningRows`), and check what devices signed: each request,
    each share passed on; and, room by room, which escrow is in force and who holds its seats.
    """
    _compare(kept, dict(told), findings)
    members: dict[bytes, Member] = {}
    with findings.within("openings"):
        members.update(_members(audit))
        for opening in kept.openings():
            with findings.within(f"opening {opening.id}"):
                _check_request(opening, members)
            for share in kept.shares(opening.id):
                with findings.within(f"passed_shares {_key(share)}"):
                    _check_share(opening, share, members)
    with findings.within("seats"):
        for room in audit.rooms():
            with findings.within(f"seats of room {room.id}"):
                _check_room(kept, room.id, members)


def _compare(kept: OpeningAudit, missing: dict[tuple[str, str], bytes], findings: Findings) -> None:
    """Tell which rows are not what was recorded, are missing, or were never recorded."""
    with findings.within("openings"):
        for table, key, row in kept.rows():
            told = missing.pop((table, key), None)
            if told is None:
                findings.add(f"{table} {key}", "it is not on the ledger")
            elif told != _digest(row):
                findings.add(f"{table} {key}", "its row is not what the ledger leads to")
    for table, key in sorted(missing):
        findings.add(f"{table} {key}", "its row is missing")


def _check_request(opening: Opening, members: Members) -> None:
    request, member = request_from_bytes(opening.request), _known(members, opening.device)
    check_signer(request, member.public)
    stored = (opening.id, opening.organisation, opening.room or EVERY_ROOM, opening.person)
    signed = (request.opening, request.organisation, request.room, request.person)
    why = (opening.purpose, opening.ground, opening.until)
    if stored != signed or why != (request.purpose, request.ground, _instant(request.until)):
        raise Tampered("its row is not what was asked for")
    if (member.person, member.organisation) != (opening.person, opening.organisation):
        raise Tampered("the device is not that of whoever asked")


def _check_share(opening: Opening, share: PassedShare, members: Members) -> None:
    signed, member = read_pass(share.statement, share.sig), _known(members, share.device)
    check_sender(signed, member.public)
    named = (signed.use, signed.seat, signed.receiver, member.person)
    if named != (for_opening(opening.id), share.seat, opening.device, share.person):
        raise Tampered("it was passed on for something else, or by somebody else")
    if share.blob is not None:
        join_passed(signed, share.blob.content)
        if opening.ended_at is not None:
            raise Tampered("the share is still there")


def _key(share: PassedShare) -> str:
    """The row's, as facts are told of it."""
    return to_json([share.opening, share.place.room, share.place.epoch, share.seat]).decode()


def _check_room(kept: OpeningAudit, room: RoomId, members: Members) -> None:
    redeals, hand_ons = _by_place(kept.redeals_of(room)), _by_place(kept.hand_ons_of(room))
    sittings: defaultdict[Key, set[Sitting]] = defaultdict(set)
    for place, organisation, sitting in kept.sittings_of(room):
        sittings[place, organisation].add(sitting)
    for place, organisation, blob in kept.escrows_of(room):
        key = (place, organisation)
        in_force = from_bytes(blob.content)
        _check_chain(organisation, redeals.pop(key, []), blob, members)
        if sittings.pop(key, set()) != _seated(in_force, hand_ons.pop(key, []), members):
            raise Tampered(f"who holds the seats of epoch {place.epoch} is not what was signed")
    if redeals or hand_ons or sittings:
        raise Tampered("there are seats of an escrow that is not there")


def _check_chain(
    organisation: OrganisationId, redeals: list[Redealt], in_force: Sealed, members: Members
) -> None:
    """Every re-deal, by the device that signed it, from the first escrow to the one in force."""
    if not redeals:
        return
    chain = [from_bytes(sealed.content) for sealed in (*(one.old for one in redeals), in_force)]
    for one, old, new in zip(redeals, chain, chain[1:], strict=False):
        statement = redeal_from_bytes(one.content)
        member = _known(members, statement.device_id)
        if member.organisation != organisation or not member.rights & Right.SHARES:
            raise Tampered("a key was dealt again by a device that may not")
        check_redeal(statement, organisation=organisation, old=old, new=new, device=member.public)
        if statement.opening != one.opening:
            raise Tampered("a key was dealt again in another opening")


def _seated(escrow: Escrow, hand_ons: list[HandOn], members: Members) -> set[Sitting]:
    """Who holds the seats, by the escrow and what was handed on of it."""
    own, in_force = [], hash_escrow(escrow) if hand_ons else b""  # which of them is meant, only they ask
    for hand_on in hand_ons:
        passed = passed_from_bytes(hand_on.content.content)
        named = (passed.signed.escrow, passed.signed.seat, passed.signed.receiver)
        if named != (hand_on.escrow, hand_on.seat, hand_on.device):
            raise Tampered("a seat was handed on otherwise than its row says")
        if hand_on.escrow == in_force:
            own.append((hand_on, passed))
    follow_hand_ons(escrow, [passed for _, passed in own], members)
    seated = {(seat.person, share.device_id, seat.person) for seat in escrow.seats for share in seat.shares}
    for one, _ in own:  # whoever held the seat before holds it no more, on none of their devices
        seated = {(s, d, p) for s, d, p in seated if s != one.seat or p == one.person}
        seated.add((one.seat, one.device, one.person))
    return {Sitting(seat=s, device=d, person=PersonId(p), needed=escrow.t) for s, d, p in seated}


def _members(audit: Audit) -> dict[bytes, Member]:
    """Every device with a person, also of those revoked since: what they signed stays signed."""
    return {
        device.id: Member(
            organisation=device.organisation,
            person=device.person,
            rights=Right(device.rights),
            public=public_from_bytes(device.public),
            revoked_at=0,
        )
        for device in audit.devices()
        if device.person is not None
    }


def _known(members: Members, device: bytes) -> Member:
    member = members.get(device)
    if member is None:
        raise Tampered("it is signed by a device that is not known")
    return member


def _by_place(rows: Iterator[T]) -> dict[Key, list[T]]:
    found: defaultdict[Key, list[T]] = defaultdict(list)
    for row in rows:
        found[row.place, row.organisation].append(row)
    return found


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _digest(row: object) -> bytes:
    return sha256(to_json(row)).digest()
