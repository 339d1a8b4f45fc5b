"""Openings for the small world: a talk opened and ended, every key dealt again, a share handed on to a new device."""

from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from bot.core.codec import instant_to_text, to_json
from bot.core.ids import ConsultationId, OrganisationId, PersonId, RoomId
from bot.core.openings_policy import Gives
from bot.flow.ports import Tx
from bot.flow.records import Entry
from bot.flow.records_openings import (
    Ended,
    HandOn,
    Notice,
    Opening,
    PassedShare,
    Place,
    Redealt,
    WrongShare,
)
from bot.seal import threshold
from bot.seal.keys import DeviceSecret
from bot.seal.opening import EVERY_ROOM, ask
from bot.seal.passing import for_opening, for_successor, pass_share, passed_to_bytes
from bot.seal.plain import Sealed
from bot.seal.redeal import sign_redeal
from bot.seal.room import RoomKey
from bot.seal.threshold import Escrow, Supervisor, open_share

MALMO = OrganisationId("malmo")
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
Chiefs = dict[PersonId, DeviceSecret]


def open_talk(tx: Tx, chiefs: Chiefs, consultation: str, at: datetime) -> Opening:
    """The first chief asks, the second helps, calls it wrong for once, opens and ends; officer and worker are told."""
    one, two = list(chiefs)[:2]
    c, room = ConsultationId(consultation), RoomId(f"r-{consultation}")
    opening = asked(tx, chiefs[one], one, room, c, at)
    put(tx, opening, "asked", at)
    place = Place(room=room, epoch=1)
    pass_on(tx, opening, place, chiefs[two], two, chiefs[one], at + SECOND)
    notices = [
        Notice(opening=opening.id, person=PersonId(who), consultation=c, at=at + 2 * SECOND)
        for who in ("p-officer", "p-worker")
    ]
    opening = replace(opening, opened_at=at + 2 * SECOND)
    put(tx, opening, "opened", at + 2 * SECOND, notices)
    wrong = WrongShare(opening=opening.id, place=place, seat=two, at=at + 3 * SECOND)
    tx.openings.call_wrong(wrong, entry("opening", at + 3 * SECOND, act="wrong", consultation=c))
    opening = replace(opening, ended_at=at + 4 * SECOND, ended=Ended.ENDED)
    put(tx, opening, "ended", at + 4 * SECOND)
    tx.openings.forget_shares(opening.id)
    return opening


def deal_again(tx: Tx, chiefs: Chiefs, places: list[Place], at: datetime) -> Opening:
    """The first chief deals some keys again, in an opening of every room that goes on."""
    one, two = list(chiefs)[:2]
    opening = asked(tx, chiefs[one], one, None, None, at)
    put(tx, opening, "asked", at)
    for place in places:
        pass_on(tx, opening, place, chiefs[two], two, chiefs[one], at + SECOND)
    opening = replace(opening, opened_at=at + 2 * SECOND)
    put(tx, opening, "opened", at + 2 * SECOND)
    for place in places:
        redealt = _redealt(tx, chiefs, one, opening, place, at + 3 * SECOND)
        told = entry("redeal", at + 3 * SECOND, act="redealt", room=place.room, epoch=place.epoch)
        tx.seats.redeal([redealt], told)
    return opening


def _redealt(
    tx: Tx, chiefs: Chiefs, by: PersonId, opening: Opening, place: Place, at: datetime
) -> tuple[Redealt, Sealed]:
    old = escrow_at(tx, place)
    new = threshold.make_escrow(
        RoomKey(
            room=place.room, epoch=place.epoch, key=bytes(32)
        ),  # worthless, which nobody sees from outside
        t=old.t,
        supervisors=[Supervisor(person=who, devices=[device.public]) for who, device in chiefs.items()],
        escrow_key=sha256(b"escrow").digest(),
        iv=bytes(12),
    )
    statement = sign_redeal(
        secret=chiefs[by], organisation=MALMO, opening=opening.id, old=old, new=new, at=_seconds(at)
    )
    redealt = Redealt(
        place=place,
        organisation=MALMO,
        number=1,
        opening=opening.id,
        content=statement.content,
        old=threshold.to_sealed(old),
        at=at,
    )
    return redealt, threshold.to_sealed(new)


def hand_on(
    tx: Tx, place: Place, who: PersonId, device: DeviceSecret, to: DeviceSecret, at: datetime
) -> None:
    """A chief gives a share to a new device of their own."""
    escrow = escrow_at(tx, place)
    share = open_share(escrow, person=who, secret=device)
    passed = pass_share(escrow=escrow, share=share, use=for_successor(who), to=to.public, secret=device)
    made = HandOn(
        place=place,
        organisation=MALMO,
        number=1,
        escrow=threshold.hash_escrow(escrow),
        seat=who,
        person=who,
        device=to.public.device_id,
        content=Sealed(content=passed_to_bytes(passed)),
        at=at,
    )
    told = entry("seat", at, act="handed_on", room=place.room, epoch=place.epoch)
    tx.seats.hand_on([made], told)


def asked(
    tx: Tx,
    secret: DeviceSecret,
    who: PersonId,
    room: RoomId | None,
    consultation: ConsultationId | None,
    at: datetime,
) -> Opening:
    """An opening as its request says."""
    kept = tx.rooms.get(room) if room is not None else None
    every = room is None
    id_ = "o-every" if every else f"o-{room}"
    purpose, ground = ("redeal", "routine-redeal") if every else ("log-check", "lag-2001-454-10")
    until = _seconds(at + HOUR)
    signed = ask(
        secret=secret,
        opening=id_,
        organisation=MALMO,
        room=room or EVERY_ROOM,
        purpose=purpose,
        ground=ground,
        person=who,
        at=_seconds(at),
        until=until,
    )
    return Opening(
        id=id_,
        organisation=MALMO,
        room=room,
        consultation=consultation,
        person=who,
        device=secret.public.device_id,
        purpose=purpose,
        ground=ground,
        gives=Gives.EVERY_KEY if every else Gives.TRANSCRIPT,
        asked_at=at,
        until=datetime.fromtimestamp(until, at.tzinfo),
        epoch=kept.epoch if kept is not None else 0,
        seq=kept.seq if kept is not None else 0,
        request=signed.content,
    )


def put(tx: Tx, opening: Opening, act: str, at: datetime, notices: list[Notice] | None = None) -> None:
    """One step, on the ledger."""
    about = {} if opening.consultation is None else {"consultation": opening.consultation}
    tx.openings.put(opening, entry("opening", at, act=act, opening=opening.id, **about), notices or [])


def pass_on(
    tx: Tx,
    opening: Opening,
    place: Place,
    sender: DeviceSecret,
    who: PersonId,
    to: DeviceSecret,
    at: datetime,
) -> None:
    """Somebody's share, for the opening."""
    escrow = escrow_at(tx, place)
    share = open_share(escrow, person=who, secret=sender)
    use = for_opening(opening.id)
    passed = pass_share(escrow=escrow, share=share, use=use, to=to.public, secret=sender)
    kept = PassedShare(
        opening=opening.id,
        place=place,
        seat=who,
        person=who,
        device=sender.public.device_id,
        statement=passed.signed.content,
        sig=passed.signed.sig,
        blob=Sealed(content=passed.blob),
        at=at,
    )
    tx.openings.pass_on([kept], entry("opening", at, act="passed", room=place.room, epoch=place.epoch))


def escrow_at(tx: Tx, place: Place) -> Escrow:
    """The escrow in force."""
    kept = tx.seats.escrow(place, MALMO)
    assert kept is not None
    return threshold.from_bytes(kept.content)


def entry(kind: str, at: datetime, **facts: object) -> Entry:
    """A ledger entry of Malmö's."""
    body = to_json({"at": instant_to_text(at), **facts})
    salt = sha256(body).digest()[:16]
    return Entry(organisation=MALMO, kind=kind, body=body, salt=salt, at=at)


def _seconds(at: datetime) -> int:
    return int(at.timestamp())
