"""Who is in a talk, by what is stored now: own devices, the bridge, or the telephone."""

from enum import StrEnum

from bot.core import channels_policy
from bot.core.channels_policy import Talk
from bot.core.consultation import Consultation
from bot.core.ids import OrganisationId, PersonId
from bot.core.members import Members, Side, members_of
from bot.core.request import Need
from bot.flow.deps import Content
from bot.flow.ports import Tx
from bot.flow.records_devices import Device, DeviceState
from bot.seal.enrolment import Right


class Way(StrEnum):
    """How somebody takes part in a talk, seen from one channel."""

    HERE = "here"  # the channel carries their words
    ROOM = "room"  # they write on a device of their own
    PHONE = "phone"  # they telephone


def own_devices(tx: Tx, person: PersonId) -> tuple[Device, ...]:
    """The devices of somebody's own that may be in rooms, by id."""
    return tuple(
        device
        for device in tx.devices.of_person(person)
        if device.state is DeviceState.ACTIVE and device.rights & Right.MEMBER
    )


def members(tx: Tx, content: Content, c: Consultation, holder: PersonId | None) -> Members:
    """Who is to be in the room when this person holds the consultation."""
    assert c.organisation is not None
    people = (person for person in (c.officer, holder) if person is not None)
    sides = [_side(tx, content, c.organisation, person) for person in people]
    return members_of(sides, identified=c.identified)


def way(tx: Tx, content: Content, c: Consultation, person: PersonId, channel: str) -> Way:
    """How one of the two takes part, seen from this channel. Where the other cannot take part, both telephone."""
    assert c.organisation is not None
    found = members(tx, content, c, c.holder)
    if not found.complete:
        return Way.PHONE
    if person in found.spoken_for and carries(content, c.organisation, channel):
        return Way.HERE
    return Way.ROOM if person in found.devices.values() else Way.PHONE


def by_telephone(tx: Tx, content: Content, c: Consultation, holder: PersonId) -> bool:
    """Whether the two talk by telephone: one of them cannot be in the room, or the officer asked to be called."""
    assert c.request is not None
    return c.request.need is Need.CALL_ME or not members(tx, content, c, holder).complete


def carries(content: Content, organisation: OrganisationId, channel: str) -> bool:
    """Whether both authorities have decided that this channel may carry talk."""
    return channels_policy.talk(content.channels, organisation, channel) is Talk.GUARDED


def _side(tx: Tx, content: Content, organisation: OrganisationId, person: PersonId) -> Side:
    return Side(
        person=person,
        devices=frozenset(device.id for device in own_devices(tx, person)),
        bridged=any(
            carries(content, organisation, address.channel) for address in tx.people.addresses(person)
        ),
    )
