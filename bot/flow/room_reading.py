"""What a device reads of a room: where it stands, who is in it, its events, and its own sealed keys."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.consultation import Consultation, State
from bot.core.ids import OrganisationId, PersonId
from bot.flow.bridge_epochs import bridge_id
from bot.flow.deps import Deps
from bot.flow.grants import missing
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.flow.records import Room
from bot.flow.records_talks import KeptKey, KeyRead
from bot.flow.room_acts import InRoom
from bot.flow.room_chain import recipients_of
from bot.flow.room_epochs import Plan, plan_for
from bot.flow.room_members import members

MOST = 200  # events handed out at once
MOST_BYTES = 2**20  # likewise, and one event more


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharer:
    """One of the two people, with their devices that should be in the room: id and whose root vouches for each."""

    person: PersonId
    is_officer: bool
    devices: tuple[tuple[bytes, OrganisationId], ...]
    bridged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A room as one of its members sees it. `plan`: of the epoch that has to begin before anything is said, if one has."""

    c: Consultation
    room: Room
    epochs: tuple[tuple[int, int], ...]  # epoch, number of the event that began it
    sharers: tuple[Sharer, ...]
    recipients: tuple[bytes, ...]  # of the present epoch
    bridge: bytes | None  # the bridge's device, while it holds the present key
    history: dict[bytes, tuple[int, ...]]  # which keys each device still waits for
    organisations: tuple[OrganisationId, ...]  # whose devices hold or held a key, or should
    plan: Plan | None


def view(tx: Tx, deps: Deps, inside: InRoom) -> View:
    """The room as it stands."""
    c, room = inside.c, inside.room
    found, present = members(tx, deps.content(), c, c.holder), recipients_of(tx, room)
    settled = present == found.recipients(bridge_id(deps)) or c.state is not State.OPEN
    return View(
        c=c,
        room=room,
        epochs=tx.rooms.epochs(room.id),
        sharers=tuple(
            Sharer(
                person=person,
                is_officer=person == c.officer,
                devices=_named(tx, [id_ for id_, owner in found.devices.items() if owner == person]),
                bridged=person in found.spoken_for,
            )
            for person in (c.officer, c.holder)
            if person is not None
        ),
        recipients=tuple(sorted(present)),
        bridge=bridge_id(deps) if bridge_id(deps) in present else None,
        history=missing(tx, room, found.devices),
        organisations=_organisations(tx, {*tx.rooms.holders(room.id), *found.devices}),
        plan=None if settled else plan_for(tx, deps, c, c.holder),
    )


def events(tx: Tx, inside: InRoom, after: int, limit: int) -> tuple[tuple[bytes, ...], bool]:
    """The events after a number, in order, and whether there are more."""
    page: list[bytes] = []
    size = 0
    for _, sealed in tx.rooms.events(inside.room.id, after, min(limit, MOST)):
        if page and size + len(sealed.content) > MOST_BYTES:
            break
        page.append(sealed.content)
        size += len(sealed.content)
    return tuple(page), after + len(page) < inside.room.seq


def keys(tx: Tx, deps: Deps, inside: InRoom) -> tuple[KeptKey, ...]:
    """The keys that were sealed to this very device. The first time that each epoch's is handed out is recorded."""
    kept = tx.rooms.keys(inside.room.id, inside.device.id)
    fresh = sorted({key.epoch for key in kept} - tx.key_reads.epochs(inside.room.id, inside.device.id))
    if fresh:
        _record(tx, deps, inside, fresh, inside.who.now)
    return kept


def _record(tx: Tx, deps: Deps, inside: InRoom, epochs: list[int], now: datetime) -> None:
    room, device, person = inside.room, inside.device.id, inside.who.person.id
    reads = [KeyRead(room=room.id, epoch=epoch, device=device, person=person, at=now) for epoch in epochs]
    named = {"room": room.id, "consultation": room.consultation}
    entry = fact(
        deps, room.organisation, "read", now, **named, device=device.hex(), person=person, epochs=epochs
    )
    tx.key_reads.put(reads, entry)


def _organisations(tx: Tx, ids: set[bytes]) -> tuple[OrganisationId, ...]:
    found = (tx.devices.get(id_) for id_ in ids)
    return tuple(sorted({device.organisation for device in found if device is not None}))


def _named(tx: Tx, ids: list[bytes]) -> tuple[tuple[bytes, OrganisationId], ...]:
    found = (tx.devices.get(id_) for id_ in sorted(ids))
    return tuple((device.id, device.organisation) for device in found if device is not None)
