"""Revokes devices: at once, by whoever may, always recorded; nobody but the server need take part."""

from dataclasses import replace
from datetime import UTC, datetime

from bot.core.ids import OrganisationId, PersonId
from bot.flow.bridge_epochs import rekey_needed
from bot.flow.deps import Deps
from bot.flow.device_directory import publish
from bot.flow.device_trust import found, seconds
from bot.flow.passkeys import entry_about
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.flow.records_devices import Device, DeviceState
from bot.seal.directory import introductions_of
from bot.seal.enrolment import approval_from_bytes


def revoke(tx: Tx, deps: Deps, device: bytes, *, by: str) -> Device:
    """Revoke a device: nothing more is sealed to it or taken from it, and its ways in end. Harmless the second time.

    Whoever holds it may hold a passkey and an open page, too, and neither says on which device it lies: the person's
    passkeys are forgotten and every session ends that is bound to no device of theirs. Another device signs in by its key.

    What it has vouched for stays vouched for: the directory says that it was revoked after its last word.
    """
    before = found(tx, device)
    gone = _revoke(tx, deps, before, by)
    if before.state is DeviceState.ACTIVE:
        publish(tx, deps, before.organisation, deps.clock.now())
    return gone


def revoke_all(tx: Tx, deps: Deps, person: PersonId, *, by: str) -> tuple[OrganisationId, ...]:
    """Revoke every device of a person; returns the organisations whose directory has changed."""
    known = [device for device in tx.devices.of_person(person) if device.state is not DeviceState.REVOKED]
    for device in known:
        _revoke(tx, deps, device, by)
    changed = sorted({device.organisation for device in known if device.state is DeviceState.ACTIVE})
    for organisation in changed:
        publish(tx, deps, organisation, deps.clock.now())
    return tuple(changed)


def _revoke(tx: Tx, deps: Deps, known: Device, by: str) -> Device:
    if known.state is DeviceState.REVOKED:
        return known
    now = deps.clock.now()
    moment = max(seconds(now), 1 + _last_word(tx, known))
    gone = replace(known, state=DeviceState.REVOKED, revoked_at=datetime.fromtimestamp(moment, UTC))
    tx.devices.put(gone, fact(deps, known.organisation, "device", now, act="revoked", by=by))
    tx.people.close_sessions_of(known.id)
    if known.person is not None:
        rekey_needed(tx, deps, known.person)
        if known.state is DeviceState.ACTIVE:
            _close_ways_in(tx, deps, known.person, by)
    return gone


def _close_ways_in(tx: Tx, deps: Deps, id_: PersonId, by: str) -> None:
    tx.people.close_unbound_sessions(id_)
    person, now = tx.people.get(id_), deps.clock.now()
    if person is None:
        return
    for passkey in tx.passkeys.of_person(id_):
        tx.passkeys.drop(passkey.id, entry_about(deps, person, now, "removed", by=by))


def _last_word(tx: Tx, device: Device) -> int:
    """When it last vouched for anybody, in seconds since 1970; its word stands although it is revoked."""
    given = [approval_from_bytes(content).at for content in tx.devices.approved_by(device.id)]
    introduced = introductions_of(tx.devices.introductions(device.organisation))
    return max([0, *given, *(one.at for one in introduced if one.approver == device.id)])
