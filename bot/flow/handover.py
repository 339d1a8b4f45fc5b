"""Hands a talk over to another worker, with the keys of everything that was said in it.

The giver grants the receiver's devices every key that the giver's own device has, in the present epoch; the consultation is
the receiver's from that moment, and with it what is owed. The next epoch, without the giver, begins when a device of the
receiver's or of the officer's next wants to say something: a giver who began it would know its key. Nobody asks the
receiver first: they are on duty or about to be, they are told at once, and should they stay silent it lapses and goes on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.core.consultation import Consultation
from bot.core.events import HandedOver
from bot.core.hours import holds, local_day
from bot.core.ids import OfferId, OrganisationId, PersonId
from bot.core.in_force import crossings_at
from bot.core.matching import ONLY_CHAIR
from bot.core.people import Person, Posting, Role, delegation_for, is_cleared
from bot.core.places import organisation
from bot.core.request import Need
from bot.flow.advance import advance
from bot.flow.bridge_epochs import begin_as_bridge
from bot.flow.deps import FIRST_ANSWER, TELEPHONING, Deps, fresh_id
from bot.flow.grants import missing, take_grant
from bot.flow.ports import Tx
from bot.flow.records import Room
from bot.flow.records_devices import Device
from bot.flow.refusals import Code, Refused
from bot.flow.room_acts import InRoom, check_open
from bot.flow.room_chain import read_event, recipients_of, signer_of
from bot.flow.room_epochs import plan_for
from bot.flow.room_members import by_telephone, members, own_devices
from bot.flow.situation import attendance
from bot.flow.speaker import WORKERS
from bot.seal.plain import Sealed

SOON = timedelta(hours=1)  # before their duty begins somebody can be given a talk
MOST = 100  # people named


@dataclass(frozen=True, slots=True, kw_only=True)
class Taker:
    """Somebody who can have the talk, by this posting."""

    person: Person
    posting: Posting


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """Somebody who can be given the talk, by this posting. `grants`: which keys each of their devices has to be given."""

    person: Person
    posting: Posting
    grants: tuple[tuple[Device, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One grant as it came: the event, and the sealed key of each epoch."""

    content: bytes
    keys: Mapping[int, Sealed]


def receivers(tx: Tx, deps: Deps, inside: InRoom) -> tuple[Receiver, ...]:
    """Who can be given the talk now, and what each has to be given with it; a bounded number of people, by id."""
    check_open(inside)
    able = takers(tx, deps, inside.c, inside.who.now)
    return tuple(_receiver(tx, inside, one) for one in able[:MOST])


def takers(tx: Tx, deps: Deps, c: Consultation, now: datetime, soon: timedelta = SOON) -> tuple[Taker, ...]:
    """Who could have the talk now in the place of whoever has it: on duty or about to be, and reached by it; by id."""
    reached = _reached(tx, deps, c, now)
    able = present_colleagues(tx, deps, c, now, soon)
    return tuple(one for one in able if _hears(tx, deps, c, one.person.id, reached))


def present_colleagues(
    tx: Tx, deps: Deps, c: Consultation, now: datetime, soon: timedelta
) -> tuple[Taker, ...]:
    """The same with those whom nothing that is said would reach: who never signed in on a device."""
    present = attendance(tx, now).present.keys() | attendance(tx, now + soon).present.keys()
    allowed = _organisations(deps, c, now)
    found = (
        _taker(c, person, allowed, now)
        for person in tx.people.all()
        if person.id in present and person.id not in (c.officer, c.holder)
    )
    return tuple(one for one in found if one is not None)


def hand_over(
    tx: Tx, deps: Deps, inside: InRoom, to: PersonId, grants: Sequence[Given]
) -> tuple[Consultation, Room]:
    """Hand over; returns the consultation and where its room stands then.

    Raises Refused for somebody who cannot be given it, and when the grants are not all and only those that are due.
    """
    check_open(inside)
    taker = next((one for one in takers(tx, deps, inside.c, inside.who.now) if one.person.id == to), None)
    if taker is None:
        raise Refused(Code.NOT_ELIGIBLE)
    room = take_grants(tx, deps, inside, to, grants)
    return pass_on(tx, deps, inside.c, room, taker, inside.now, FIRST_ANSWER, inside.rules)


def take_grants(tx: Tx, deps: Deps, inside: InRoom, to: PersonId, grants: Sequence[Given]) -> Room:
    """Take the grants that are due; returns where the room stands then. Raises Refused for more, for less, for others."""
    room = inside.room
    due = {device.id: epochs for device, epochs in due_grants(tx, room, inside.device, to)}
    for given in grants:
        event = read_event(given.content, room.id)
        room = take_grant(
            tx,
            deps,
            room,
            event,
            given.keys,
            signer=signer_of(inside.device),
            recipients=recipients_of(tx, room),
            targets=due,
            now=inside.now,
        )
    has = tx.rooms.holders(room.id)
    if not all(frozenset(epochs) <= has.get(device, frozenset()) for device, epochs in due.items()):
        raise Refused(Code.PLAN_STALE, room)
    return room


def due_grants(tx: Tx, room: Room, giver: Device, to: PersonId) -> tuple[tuple[Device, tuple[int, ...]], ...]:
    """Which keys that the giver's device has each device of the receiver's still lacks."""
    mine = tx.rooms.holders(room.id).get(giver.id, frozenset())
    devices = own_devices(tx, to)
    lacking = missing(tx, room, [device.id for device in devices])
    due = ((device, tuple(e for e in lacking.get(device.id, ()) if e in mine)) for device in devices)
    return tuple(pair for pair in due if pair[1])


def pass_on(
    tx: Tx,
    deps: Deps,
    c: Consultation,
    room: Room,
    taker: Taker,
    at: datetime,
    first: timedelta,
    rules: tuple[str, ...],
) -> tuple[Consultation, Room]:
    """It is theirs, with `first` to answer in; where a bridge speaks for one of the two it begins the epoch without the giver."""
    to = taker.person.id
    by_phone = by_telephone(tx, deps.content(), c, to)
    event = HandedOver(
        at=at,
        to=to,
        answer_by=at + (TELEPHONING if by_phone else first),
        offer=OfferId(fresh_id(at, deps.entropy)),
        crossing=taker.posting.organisation if taker.posting.organisation != c.organisation else None,
    )
    c = advance(tx, deps, c, event, rules)
    plan = plan_for(tx, deps, c, to)
    if plan.members.spoken_for:
        room = begin_as_bridge(tx, deps, plan, to, at)
    return c, room


def _receiver(tx: Tx, inside: InRoom, taker: Taker) -> Receiver:
    grants = due_grants(tx, inside.room, inside.device, taker.person.id)
    return Receiver(person=taker.person, posting=taker.posting, grants=grants)


def _taker(c: Consultation, person: Person, allowed: frozenset[OrganisationId], at: datetime) -> Taker | None:
    """By the posting by which somebody may take it: active, vetted, in a role that is asked, where the owner may ask."""
    day = local_day(at)
    if not person.active or not is_cleared(person, day):
        return None
    held = (p for p in person.postings if holds(day, p.valid_from, p.valid_to))
    able = (
        p for p in held if p.role in WORKERS and p.organisation in allowed and _decides(c, person, p, day)
    )
    posting = next(able, None)
    return Taker(person=person, posting=posting) if posting is not None else None


def _decides(c: Consultation, person: Person, posting: Posting, day: date) -> bool:
    """Whether somebody can do what is waited for: a decision goes to whoever may decide it, or reaches who may."""
    if c.request is None or c.request.need is not Need.DECISION or posting.role is Role.JOUR:
        return True
    kind = c.request.decision
    if kind is None or kind in ONLY_CHAIR or c.organisation is None:
        return False
    return delegation_for(person, c.organisation, kind, day) is not None


def _reached(tx: Tx, deps: Deps, c: Consultation, now: datetime) -> frozenset[PersonId]:
    """Who hears of a talk by telephone; nobody where it is written: there it takes a device, or a bridge."""
    if c.holder is None or not by_telephone(tx, deps.content(), c, c.holder):
        return frozenset()
    return tx.people.reachable() | tx.people.on_devices(now)


def _hears(tx: Tx, deps: Deps, c: Consultation, person: PersonId, reached: frozenset[PersonId]) -> bool:
    """Whether anything that is said would reach them."""
    return person in reached or person not in members(tx, deps.content(), c, person).absent


def _organisations(deps: Deps, c: Consultation, now: datetime) -> frozenset[OrganisationId]:
    """Whose people the owner's chain may ask now, for such a need: its own, and those it may cross to."""
    assert c.organisation is not None
    need = c.request.need if c.request is not None else None
    return crossings_at(organisation(deps.content().structure, c.organisation), need, now) | {c.organisation}
