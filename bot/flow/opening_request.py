"""Requests: a supervisor asks to open a room, or to deal every room's key again; recorded before anybody hears of it."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.core.errors import BadInput
from bot.core.ids import RoomId
from bot.core.openings_policy import Gives, Purpose, chosen
from bot.core.places import organisation
from bot.core.policy import Act
from bot.flow.deps import Deps
from bot.flow.device_trust import read, refuse_other_times, seconds
from bot.flow.opening_end import expire, told
from bot.flow.opening_people import Supervisor, may, took_part
from bot.flow.opening_told import ring_others
from bot.flow.ports import Tx
from bot.flow.records_openings import Opening
from bot.flow.refusals import Code, Refused
from bot.seal.errors import SealError
from bot.seal.opening import EVERY_ROOM, Request, check_request, request_from_bytes

_ID: Final = re.compile(
    r"[A-Za-z0-9_-]{16,64}", re.ASCII
)  # it stands in addresses, and on terminals of others


def request(tx: Tx, deps: Deps, who: Supervisor, content: bytes) -> Opening:
    """Take a request that was signed on this device; harmless the second time.

    Raises BadInput for what is no request of this device or no purpose of this organisation, Denied where no rule
    allows it, Refused while the room is being opened or where there is nothing to open.
    """
    asked = read(request_from_bytes, content)
    if not _ID.fullmatch(asked.opening):
        raise BadInput("the id of an opening is 16 to 64 letters, digits, - and _")
    known = tx.openings.get(asked.opening)
    if known is not None and (known.request, known.device) == (content, who.device.id):
        return known
    _check_own(who, asked)
    may(deps, who, Act.OPENING_WATCH)
    purpose = _purpose(deps, who, asked)
    if known is not None:
        raise Refused(Code.OPENING_UNDER_WAY)
    expire(tx, deps)
    if purpose.gives is Gives.EVERY_KEY:
        opening, rules = _of_every_room(tx, deps, who, asked)
    else:
        opening, rules = _of_room(tx, deps, who, asked, purpose)
    digest = deps.content().digest
    entry = told(deps, opening, "asked", who.now, by=who.person.id, rules=list(rules), content=digest)
    tx.openings.put(opening, entry)
    ring_others(tx, deps, opening)
    return opening


def _check_own(who: Supervisor, asked: Request) -> None:
    named = (asked.device_id, asked.person, asked.organisation)
    if named != (who.device.id, who.person.id, who.organisation):
        raise BadInput("the request is another person's, device's or organisation's")
    refuse_other_times(asked.at, who.now)
    try:
        check_request(asked, who.public, now=seconds(who.now))
    except SealError as error:
        raise BadInput("the request does not hold, or its time is over") from error


def _purpose(deps: Deps, who: Supervisor, asked: Request) -> Purpose:
    content = deps.content()
    kind = organisation(content.structure, who.organisation).kind
    box = timedelta(seconds=asked.until - asked.at)
    purpose = chosen(content.openings, kind, purpose=asked.purpose, ground=asked.ground, box=box)
    if (asked.room == EVERY_ROOM) is not (purpose.gives is Gives.EVERY_KEY):
        raise BadInput("every room is opened to deal the keys again, and for nothing else")
    return purpose


def _of_every_room(tx: Tx, deps: Deps, who: Supervisor, asked: Request) -> tuple[Opening, tuple[str, ...]]:
    rules = may(deps, who, Act.SEAT_REDEAL)
    if tx.openings.of_every_room(who.organisation) is not None:
        raise Refused(Code.OPENING_UNDER_WAY)
    return _opening(who, asked, Gives.EVERY_KEY), rules


def _of_room(
    tx: Tx, deps: Deps, who: Supervisor, asked: Request, purpose: Purpose
) -> tuple[Opening, tuple[str, ...]]:
    room = tx.rooms.get(RoomId(asked.room))
    c = tx.consultations.get(room.consultation) if room is not None else None
    if room is None or c is None or not tx.seats.escrows_of(room.id, who.organisation, room.epoch):
        raise Refused(Code.NO_ESCROW)
    rules = may(deps, who, Act.OPENING_REQUEST, consultation=c, involved=took_part(tx, c))
    if tx.openings.in_room(room.id) is not None:
        raise Refused(Code.OPENING_UNDER_WAY)
    opening = _opening(who, asked, purpose.gives)
    return replace(opening, room=room.id, consultation=c.id, epoch=room.epoch, seq=room.seq), rules


def _opening(who: Supervisor, asked: Request, gives: Gives) -> Opening:
    return Opening(
        id=asked.opening,
        organisation=who.organisation,
        room=None,
        consultation=None,
        person=who.person.id,
        device=who.device.id,
        purpose=asked.purpose,
        ground=asked.ground,
        gives=gives,
        asked_at=who.now,
        until=datetime.fromtimestamp(asked.until, UTC),
        epoch=0,
        seq=0,
        request=asked.content,
    )
