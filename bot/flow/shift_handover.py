"""Hands everything over that somebody holds, at the end of their shift: all talks in one act, or none.

The receiver has the talks from that moment, and five minutes to answer in each: a talk is never without a holder, and keys
that were given cannot be taken back from somebody who did not confirm. Whoever stays silent loses them as any holder
does: each talk lapses, the officer is told, the chain goes on.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.core.consultation import Consultation
from bot.core.ids import PersonId, RoomId
from bot.core.people import Person
from bot.core.policy import Act
from bot.core.promises import Promise
from bot.flow import promises
from bot.flow.advance import moment
from bot.flow.bridge_epochs import bridge_id, give_history
from bot.flow.deps import Deps, fresh_id
from bot.flow.handover import (
    Given,
    Taker,
    due_grants,
    pass_on,
    present_colleagues,
    take_grants,
    takers,
)
from bot.flow.ports import Tx
from bot.flow.record import fact, reply
from bot.flow.records import Room
from bot.flow.records_devices import Device
from bot.flow.records_handovers import Handed, HandoverId
from bot.flow.refusals import Code, Refused
from bot.flow.room_acts import InRoom, check_device
from bot.flow.room_chain import recipients_of
from bot.flow.room_members import members, own_devices
from bot.flow.situation import attendance
from bot.flow.speaker import Speaker, may
from bot.flow.unread import unread

KIND: Final = "handover"  # of the entry
SOON: Final = timedelta(minutes=30)  # before their duty begins somebody can be given talks
TAKING: Final = timedelta(minutes=5)  # in which the receiver says something in each talk
MOST: Final = 50  # talks, and colleagues named

Due = tuple[tuple[Device, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A talk that somebody holds. `promised` None: nobody has said; `by_device`: only their own device can give its keys."""

    c: Consultation
    room: Room
    unread: int
    promised: tuple[Promise, ...] | None
    by_device: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    """Somebody on duty, or about to be, who can be given every one of the talks, and what has to be given with each."""

    taker: Taker
    holds: int
    until: datetime | None
    due: Mapping[RoomId, Due]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """What somebody would hand over now, until when they are on duty, and to whom.

    `unreached`: colleagues on duty who could, if anything that is said would reach them.
    """

    talks: tuple[Talk, ...]
    until: datetime | None
    colleagues: tuple[Colleague, ...]
    unreached: tuple[Person, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One talk as the giver hands it over. `promised` None: as it was said before."""

    room: RoomId
    grants: Sequence[Given] = ()
    promised: tuple[Promise, ...] | None = None


def leaving(tx: Tx, deps: Deps, who: Speaker, device: Device | None) -> Leaving:
    """What there is to be handed over, and to whom. Raises Denied where no rule lets them."""
    may(deps, who, Act.SHIFT_HAND_OVER, subject=who.person)
    return leaving_of(tx, deps, who.person, who.now, device)


def leaving_of(tx: Tx, deps: Deps, person: Person, now: datetime, device: Device | None = None) -> Leaving:
    """The same of anybody, for a page about themselves."""
    talks = held(tx, deps, person.id)
    able = _able(tx, deps, talks, now)
    present, load = attendance(tx, now).present, tx.consultations.open_rooms()
    ends = {id_: max(duty.until for duty in duties) for id_, duties in present.items() if duties}
    return Leaving(
        talks=talks,
        until=ends.get(person.id),
        colleagues=tuple(
            Colleague(
                taker=taker,
                holds=load.get(taker.person.id, 0),
                until=ends.get(taker.person.id),
                due=_due(tx, device, talks, taker.person.id),
            )
            for taker in able.values()
        ),
        unreached=_unreached(tx, deps, talks, now, able.keys()),
    )


def held(tx: Tx, deps: Deps, person: PersonId) -> tuple[Talk, ...]:
    """Every open talk that somebody holds, the oldest first."""
    return tuple(
        Talk(
            c=c,
            room=room,
            unread=unread(tx, deps, c),
            promised=tx.handovers.promised(c.id),
            by_device=_by_device(tx, c, room, person),
        )
        for c in tx.consultations.held_by(person)
        if c.room is not None and (room := tx.rooms.get(c.room)) is not None
    )


def hand_over(
    tx: Tx, deps: Deps, who: Speaker, device: Device | None, to: PersonId, parts: Sequence[Part]
) -> tuple[Handed, ...]:
    """Hand all of it over; returns the talks as they were handed over.

    `parts`: every talk that the giver holds, and no other; `device`: whose grants they bring, where any are due.

    Raises Refused as `check`, and for grants that do not hold: then the whole act must fail, and nothing is handed over.
    """
    talks, taker = check(tx, deps, who, device, to, parts)
    named = {part.room: part for part in parts}
    act = (HandoverId(fresh_id(who.now, deps.entropy)), len(talks))
    handed = [_give(tx, deps, who, device, taker, talk, named[talk.room.id], act) for talk in talks]
    for address in tx.people.addresses(to):
        reply(tx, deps, to, address.channel, "handover.received", handover=act[0])
    return tuple(handed)


def check(
    tx: Tx, deps: Deps, who: Speaker, device: Device | None, to: PersonId, parts: Sequence[Part]
) -> tuple[tuple[Talk, ...], Taker]:
    """What would be handed over, and to whom; nothing is changed.

    Raises Refused where they hold others by now, where the receiver cannot have one of them, and where it takes the
    giver's own device.
    """
    may(deps, who, Act.SHIFT_HAND_OVER, subject=who.person)
    talks, named = held(tx, deps, who.person.id), {part.room for part in parts}
    if not talks or named != {talk.room.id for talk in talks} or len(named) != len(parts):
        raise Refused(Code.TALKS_CHANGED)
    taker = _able(tx, deps, talks, who.now).get(to)
    if taker is None:
        raise Refused(Code.NOT_ELIGIBLE)
    if device is not None:
        check_device(tx, who, device)
    elif any(talk.by_device for talk in talks):
        raise Refused(Code.DEVICE_NEEDED)
    return talks, taker


def _give(
    tx: Tx,
    deps: Deps,
    who: Speaker,
    device: Device | None,
    taker: Taker,
    talk: Talk,
    part: Part,
    act: tuple[HandoverId, int],
) -> Handed:
    c, room, at = talk.c, talk.room, moment(talk.c, who.now)
    rules = may(deps, who, Act.CONSULTATION_HAND_OVER, consultation=c)
    if part.promised is not None:
        promises.put(tx, deps, who, c, part.promised)
    if device is not None:
        inside = InRoom(who=who, device=device, room=room, c=c, rules=rules)
        room = take_grants(tx, deps, inside, taker.person.id, part.grants)
    c, room = pass_on(tx, deps, c, room, taker, at, TAKING, rules)
    _leave_bridge(tx, deps, c, room, taker.person.id, at)
    handed = Handed(
        id=act[0],
        consultation=c.id,
        giver=who.person.id,
        receiver=taker.person.id,
        at=at,
        talks=act[1],
        unread=talk.unread,
        promised=tx.handovers.said(c.id),
    )
    record(tx, deps, c, handed, rules)
    return handed


def record(tx: Tx, deps: Deps, c: Consultation, handed: Handed, rules: tuple[str, ...] = ()) -> None:
    """Keep it, and say so on the ledger of whoever owns the talk."""
    assert c.organisation is not None
    named = {"consultation": c.id, "handover": handed.id, "giver": handed.giver, "receiver": handed.receiver}
    tx.handovers.put(handed, fact(deps, c.organisation, KIND, handed.at, **named, rules=rules))


def _leave_bridge(tx: Tx, deps: Deps, c: Consultation, room: Room, to: PersonId, at: datetime) -> None:
    """A bridge that speaks for neither of the two from now on gives what it has: to the devices that come in its place."""
    found = members(tx, deps.content(), c, to)
    if not found.spoken_for and bridge_id(deps) in recipients_of(tx, room):
        give_history(tx, deps, room, found.devices, to, at)


def _able(tx: Tx, deps: Deps, talks: Sequence[Talk], now: datetime) -> dict[PersonId, Taker]:
    """Who can have every one of them."""
    each = [{t.person.id: t for t in takers(tx, deps, talk.c, now, SOON)} for talk in talks]
    if not each:
        return {}
    return {id_: taker for id_, taker in each[0].items() if all(id_ in others for others in each)}


def _unreached(
    tx: Tx, deps: Deps, talks: Sequence[Talk], now: datetime, able: Collection[PersonId]
) -> tuple[Person, ...]:
    """Who would be among them, had they a device or a channel: the giver is told why they are not."""
    each = [{t.person.id: t for t in present_colleagues(tx, deps, talk.c, now, SOON)} for talk in talks]
    if not each:
        return ()
    everywhere = set(each[0]).intersection(*each) - set(able)
    return tuple(each[0][id_].person for id_ in sorted(everywhere))


def _due(tx: Tx, device: Device | None, talks: Sequence[Talk], to: PersonId) -> dict[RoomId, Due]:
    if device is None:
        return {}
    return {talk.room.id: due_grants(tx, talk.room, device, to) for talk in talks}


def _by_device(tx: Tx, c: Consultation, room: Room, giver: PersonId) -> bool:
    """Whether something was said that nobody could read on, unless the giver's own device gives the keys."""
    if not c.said:
        return False
    has = tx.rooms.holders(room.id)
    return any(device.id in has for device in own_devices(tx, giver))
