"""Hands a talk over to another worker, with the keys of everything that was said in it.

The giver grants the receiver's devices every key that the giver's own device has, in the present epoch; the consultation is
the receiver's from that moment, and with it what is owed. The next epoch, without the giver, begins when a device of the
receiver's or of the officer's next wants to say something: a giver who began it would know its key. Nobody asks the
receiver first: they are on duty or about to be, they are told at once, and should they stay silent it lapses and goes on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.consultation import Consultation
from bot.core.events import HandedOver
from bot.core.hours import holds, local_day
from bot.core.ids import OfferId, OrganisationId, PersonId
from bot.core.in_force import crossings_at
from bot.core.people import Person, Posting, is_cleared
from bot.core.places import organisation
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
    now = inside.who.now
    allowed = _organisations(deps, inside.c, now)
    soon = attendance(tx, now + SOON).present.keys()
    able = attendance(tx, now).present.keys() | soon
    found = (_receiver(tx, deps, inside, person, allowed) for person in tx.people.all() if person.id in able)
    return tuple(one for one in found if one is not None)[:MOST]


def hand_over(
    tx: Tx, deps: Deps, inside: InRoom, to: PersonId, grants: Sequence[Given]
) -> tuple[Consultation, Room]:
    """Hand over; returns the consultation and where its room stands then.

    Raises Refused for somebody who cannot be given it, and when the grants are not all and only those that are due.
    """
    receiver = next((one for one in receivers(tx, deps, inside) if one.person.id == to), None)
    if receiver is None:
        raise Refused(Code.NOT_ELIGIBLE)
    room = _take_grants(tx, deps, inside, receiver, grants)
    c = advance(tx, deps, inside.c, _handed_over(tx, deps, inside, receiver), inside.rules)
    plan = plan_for(tx, deps, c, to)
    if plan.members.spoken_for:
        room = begin_as_bridge(tx, deps, plan, to, inside.now)
    return c, room


def _take_grants(tx: Tx, deps: Deps, inside: InRoom, receiver: Receiver, grants: Sequence[Given]) -> Room:
    room, due = inside.room, {device.id: epochs for device, epochs in receiver.grants}
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


def _receiver(
    tx: Tx, deps: Deps, inside: InRoom, person: Person, allowed: frozenset[OrganisationId]
) -> Receiver | None:
    posting = _posting(person, allowed, inside.who.now)
    if posting is None or person.id in (inside.c.officer, inside.c.holder):
        return None
    if person.id in members(tx, deps.content(), inside.c, person.id).absent:
        return None  # nothing that is said would reach them
    mine = tx.rooms.holders(inside.room.id).get(inside.device.id, frozenset())
    devices = own_devices(tx, person.id)
    lacking = missing(tx, inside.room, [device.id for device in devices])
    due = ((device, tuple(e for e in lacking.get(device.id, ()) if e in mine)) for device in devices)
    return Receiver(person=person, posting=posting, grants=tuple(pair for pair in due if pair[1]))


def _posting(person: Person, allowed: frozenset[OrganisationId], at: datetime) -> Posting | None:
    """The posting by which somebody may take it: active, vetted, in a role that is asked, where the owner may ask."""
    day = local_day(at)
    if not person.active or not is_cleared(person, day):
        return None
    held = (p for p in person.postings if holds(day, p.valid_from, p.valid_to))
    return next((p for p in held if p.role in WORKERS and p.organisation in allowed), None)


def _organisations(deps: Deps, c: Consultation, now: datetime) -> frozenset[OrganisationId]:
    """Whose people the owner's chain may ask now, for such a need: its own, and those it may cross to."""
    assert c.organisation is not None
    need = c.request.need if c.request is not None else None
    return crossings_at(organisation(deps.content().structure, c.organisation), need, now) | {c.organisation}


def _handed_over(tx: Tx, deps: Deps, inside: InRoom, receiver: Receiver) -> HandedOver:
    where = receiver.posting.organisation
    by_phone = by_telephone(tx, deps.content(), inside.c, receiver.person.id)
    return HandedOver(
        at=inside.now,
        to=receiver.person.id,
        answer_by=inside.now + (TELEPHONING if by_phone else FIRST_ANSWER),
        offer=OfferId(fresh_id(inside.now, deps.entropy)),
        crossing=where if where != inside.c.organisation else None,
    )
