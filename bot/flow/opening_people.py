"""Supervisors: who can open what an organisation keeps, what each may do, and who has had part in a talk."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.core.consultation import Consultation
from bot.core.errors import Denied
from bot.core.facts import facts_about, roles_on
from bot.core.ids import OrganisationId, PersonId, RoomId
from bot.core.people import Person
from bot.core.policy import Act, decide
from bot.core.request import Outcome
from bot.flow.deps import Content, Deps
from bot.flow.ports import Tx
from bot.flow.records_devices import Device, DeviceState
from bot.seal.enrolment import Right
from bot.seal.epoch import read_epoch
from bot.seal.event import from_bytes
from bot.seal.keys import DevicePublic, public_from_bytes

# Whoever was asked and never took it; whatever else becomes of an offer, its person had it for a time.
_NEVER_TOOK = frozenset({Outcome.PENDING, Outcome.DECLINED, Outcome.SILENT, Outcome.WITHDRAWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervisor:
    """A supervisor at one of their devices, now."""

    person: Person
    device: Device
    now: datetime

    @property
    def organisation(self) -> OrganisationId:
        """Whose escrows the device has shares of."""
        return self.device.organisation

    @property
    def public(self) -> DevicePublic:
        """The device's keys."""
        return public_from_bytes(self.device.public)


def may(
    deps: Deps,
    who: Supervisor,
    act: Act,
    *,
    consultation: Consultation | None = None,
    involved: Collection[PersonId] | None = None,
) -> tuple[str, ...]:
    """The ids of the rules that allow the act in the device's organisation. Raises Denied where none does.

    Whatever the rules say, it takes an active device that may hold shares.
    """
    if who.device.state is not DeviceState.ACTIVE or not who.device.rights & Right.SHARES:
        raise Denied("that takes a device that may hold shares")
    content = deps.content()
    facts = facts_about(
        content.structure,
        who.person,
        who.now,
        consultation=consultation,
        concerns=(who.organisation,),
        involved=involved,
    )
    decision = decide(content.policy, roles_on(who.person, who.now), act, facts)
    if not decision.allowed:
        raise Denied(" ".join(decision.reasons))
    return decision.rules


def living(tx: Tx, deps: Deps, organisation: OrganisationId) -> dict[PersonId, tuple[Device, ...]]:
    """Everybody who can open what they have a share of, with their devices, by id: those who may hold a seat now."""
    return living_at(tx, deps.content(), organisation, deps.clock.now())


def living_at(
    tx: Tx, content: Content, organisation: OrganisationId, now: datetime
) -> dict[PersonId, tuple[Device, ...]]:
    """The same at a minute."""
    found = dict[PersonId, tuple[Device, ...]]()
    for device in tx.devices.active(organisation, Right.SHARES):
        person = tx.people.get(device.person) if device.person is not None else None
        if person is not None and holds_seats(content, person, organisation, now):
            found[person.id] = (*found.get(person.id, ()), device)
    return dict(sorted(found.items()))


def holds_seats(content: Content, person: Person, organisation: OrganisationId, now: datetime) -> bool:
    """Whether the rules let somebody hold a seat of that organisation's escrows."""
    facts = facts_about(content.structure, person, now, concerns=(organisation,))
    return decide(content.policy, roles_on(person, now), Act.SEAT_HOLD, facts).allowed


def took_part(tx: Tx, c: Consultation) -> frozenset[PersonId]:
    """Everybody who asked, took it, spoke in its room, or had a device in it, at any time."""
    people = {person for person in (c.officer, c.holder) if person is not None}
    people |= {offer.person for offer in c.offers if offer.outcome not in _NEVER_TOOK}
    return frozenset(people if c.room is None else people | _in_room(tx, c.room))


def _in_room(tx: Tx, room: RoomId) -> set[PersonId]:
    authors = {PersonId(from_bytes(kept.content).author) for _, kept in tx.audit.events(room)}
    devices: set[bytes] = set()
    for epoch, _ in tx.rooms.epochs(room):
        began = tx.rooms.epoch(room, epoch)
        if began is not None:
            devices |= read_epoch(from_bytes(began.content)).recipients.keys()
    known = (tx.devices.get(device) for device in devices)
    return authors | {device.person for device in known if device is not None and device.person is not None}
