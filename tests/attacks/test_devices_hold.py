"""Devices as they should come and go: nothing below is an attack, so nothing may be refused."""

import pytest

from bot.client.device import code_of, give_word, load, read_directory, revoke, sign_in
from bot.flow.device_sign_in import signed_in_device
from bot.flow.records_devices import DeviceState
from bot.seal.enrolment import Right
from tests.attacks.town import CHIEF_1, CHIEF_2, COORDINATOR, MALMO, POLISEN, WORKER, Town, member_of


async def test_member_is_enrolled_and_believed(town: Town) -> None:
    """Invited by the coordinator, approved by a chief who compared the code: in the directory that others believe."""
    worker = await town.enrolled(WORKER)
    (bundle,) = await town.shown(CHIEF_1)
    chief = await town.seated(CHIEF_1)
    assert code_of(chief.device, bundle) == worker.device.code
    assert await town.approve(CHIEF_1, worker) == "active"
    await sign_in(worker.api, worker.device)
    verified = await read_directory(worker.api, worker.device, MALMO, now=town.now)
    member = member_of(verified, worker)
    assert member is not None
    assert (member.person, member.rights, member.active) == (WORKER, Right.MEMBER, True)
    others = await read_directory(worker.api, worker.device, POLISEN, now=town.now)
    assert any(found.rights == Right.BRIDGE for found in others.members.values())
    assert await town.verified() == ""


async def test_supervisor_takes_two(town: Town) -> None:
    """After the first word a supervisor's device still waits; after the second it is active."""
    device = await town.enrolled("p-malmo-chef-3", Right.SHARES | Right.APPROVE)
    assert await town.approve(CHIEF_1, device) == "pending"
    assert await town.approve(CHIEF_1, device) == "pending"
    assert await town.approve(CHIEF_2, device) == "active"
    assert await town.verified() == ""


async def test_device_is_read_back_from_its_files(town: Town) -> None:
    """Key file and pins file are all that a device needs; what it has accepted it remembers."""
    worker = await town.active(WORKER)
    await read_directory(worker.api, worker.device, MALMO, now=town.now)
    again = load(worker.device.folder)
    assert again.id == worker.device.id
    assert again.known == worker.device.known
    assert again.known.home.size > 0
    await sign_in(worker.api, again)


async def test_own_next_device(town: Town) -> None:
    """Somebody invites themselves, and approves the new device from the old one."""
    first = await town.active(WORKER)
    second = await town.enrolled(WORKER, by=WORKER)
    bundle = await town.bundle(second)
    told = await give_word(first.api, first.device, bundle, at=town.now)
    assert told["state"] == "active"
    assert await town.verified() == ""


async def test_lost_device_is_revoked_by_the_other(town: Town) -> None:
    """A lost telephone is revoked from anywhere: its session ends at once, and the directory says so at once."""
    first, second = await town.active(WORKER), await town.active(WORKER)
    told = await revoke(second.api, first.device.id)
    assert told["state"] == "revoked"
    verified = await read_directory(second.api, second.device, MALMO, now=town.now)
    member = member_of(verified, first)
    assert member is not None
    assert not member.active
    with pytest.raises(Exception, match="401"):
        await first.api.get("/api/v1/me/devices")
    assert await town.verified() == ""


async def test_session_knows_its_device(town: Town) -> None:
    """What other parts ask: who is signed in, and on which active device."""
    worker = await town.active(WORKER)
    (cookie,) = [c for c in worker.api._session.cookie_jar if c.key == "samjour"]
    now = town.clock.now()
    found = await town.deps.store.read(lambda tx: signed_in_device(tx, cookie.value, now))
    assert found is not None
    person, device = found
    assert (person.id, device.id, device.state) == (WORKER, worker.device.id, DeviceState.ACTIVE)
    await revoke(worker.api, worker.device.id)
    assert await town.deps.store.read(lambda tx: signed_in_device(tx, cookie.value, now)) is None


async def test_coordinator_is_certified_by_the_root(town: Town) -> None:
    """The demo's coordinators and supervisors are active from the start, each by the root's word."""
    at = await town.seated(COORDINATOR)
    verified = await read_directory(at.api, at.device, MALMO, now=town.now)
    rights = {member.person: member.rights for member in verified.members.values()}
    assert rights[COORDINATOR] == Right.MEMBER | Right.APPROVE
    assert rights["p-malmo-chef-1"] == Right.SHARES | Right.APPROVE
    assert set(verified.roots) >= {"polisen", "farsta"}
