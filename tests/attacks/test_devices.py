"""Attacks on who is trusted: by people, by thieves, and by the server itself. Each test names what stops it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.client.answers import directory_answer
from bot.client.api import Api, Problem
from bot.client.device import PythonDevice, enrol, give_word, read_directory, revoke, sign_in
from bot.client.files import Known
from bot.client.link import Invite
from bot.core.ids import OrganisationId, PersonId
from bot.flow.device_directory import publish
from bot.flow.device_revoke import revoke as revoke_at_server
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.flow.records_devices import Device, DeviceState, Tier
from bot.seal.directory import MAX_AGE
from bot.seal.enrolment import Right, approval_from_bytes, approve, bundle_from_bytes, make_bundle, root_id
from bot.seal.errors import SealError, Tampered
from bot.seal.keys import DeviceSecret, make_device, public_to_bytes
from bot.seal.sign_in import sign_challenge
from bot.seal.signing import signing_key
from bot.seal.trust import verify_directory_answer
from bot.seal.wire import from_base64url, to_base64url
from bot.store.passkeys import MOST_WAITING
from tests.attacks.town import (
    CHIEF_1,
    CHIEF_2,
    CHIEF_3,
    COORDINATOR,
    JOUR,
    MALMO,
    OFFICER,
    WORKER,
    WORKER_2,
    At,
    Town,
)

SHARES = Right.SHARES | Right.APPROVE


async def refused(status: int, code: str, act: Any) -> None:  # noqa: ANN401 - any coroutine
    """The server refuses just so."""
    with pytest.raises(Problem) as told:
        await act
    assert (told.value.status, told.value.code) == (status, code)


async def disbelieved(town: Town, *, at: At | None = None) -> None:
    """An honest client believes nothing of what the server says now, and keeps the pins that it has."""
    client = at or await town.seated(CHIEF_3)
    before = client.device.known
    with pytest.raises(SealError):
        await read_directory(client.api, client.device, MALMO, now=town.now)
    assert client.device.known == before


# ---- what a server that turned bad can do --------------------------------------------------------------------------------


async def force(town: Town, device: Device, *words: bytes) -> None:
    """The server writes a device into its own database as active, with these words, and publishes it, all recorded."""
    deps = town.deps

    def told(kind: str) -> Any:  # noqa: ANN401 - an entry
        return fact(deps, device.organisation, kind, deps.clock.now(), act="forced")

    def act(tx: Tx) -> None:
        tx.devices.put(replace(device, state=DeviceState.PENDING), told("device"))
        for word in words:
            tx.devices.approve(device.id, approval_from_bytes(word).approver, word, told("approval"))
        tx.devices.put(replace(device, state=DeviceState.ACTIVE), told("device"))
        publish(tx, deps, device.organisation, deps.clock.now())

    await deps.store.write(act)


def made(
    secret: DeviceSecret,
    person: str = WORKER,
    rights: Right = Right.MEMBER,
    *,
    inviter: str = "malmo",
    organisation: str = "malmo",
    now: int = 0,
) -> Device:
    """A device that nobody has invited."""
    bundle = make_bundle(
        secret=secret,
        organisation=organisation,
        person=person,
        rights=rights,
        inviter=inviter,
        invitation=bytes(32),
        made_at=now,
    )
    return Device(
        id=secret.public.device_id,
        organisation=OrganisationId("malmo"),
        person=PersonId(person),
        rights=rights,
        state=DeviceState.PENDING,
        tier=Tier.FILE,
        public=public_to_bytes(secret.public),
        bundle=bundle.content,
        enrolled_at=datetime(2026, 11, 21, tzinfo=UTC),
    )


EVIL, EVIL_2 = make_device(b"e" * 64), make_device(b"f" * 64)
EVIL_ROOT = signing_key(b"x" * 32)


async def test_server_enrols_a_device(town: Town) -> None:
    """Stopped by the client: no word leads from its pinned root to the device (MUST 52). And `ledger verify` names it."""
    await force(town, made(EVIL))
    await disbelieved(town)
    assert f"device {EVIL.public.device_id.hex()}: nobody who may has vouched for it" in await town.verified()


async def test_server_certifies_with_a_root_of_its_own(town: Town) -> None:
    """Stopped by the pinned root's id in every word: another root's word is none (MUST 46)."""
    device = made(EVIL)
    named = root_id(EVIL_ROOT.public)
    word = approve(
        bundle=bundle_from_bytes(device.bundle), root=named, approver=named, key=EVIL_ROOT, at=town.now
    )
    await force(town, device, word.content)
    await disbelieved(town)
    assert "gave its word and was not active" in await town.verified()


async def test_server_substitutes_a_device(town: Town) -> None:
    """Stopped by approvals naming the bundle's hash: the words for the real device say nothing of another (MUST 46)."""
    worker = await town.active(WORKER)
    words = await town.deps.store.read(lambda tx: tx.devices.approvals(worker.device.id))
    await town.deps.store.write(lambda tx: revoke_at_server(tx, town.deps, worker.device.id, by="test"))
    await force(town, made(EVIL, inviter=COORDINATOR), *words)
    await disbelieved(town)
    assert f"device {EVIL.public.device_id.hex()}: nobody who may has vouched for it" in await town.verified()


async def test_server_swaps_the_root_in_its_answer(town: Town) -> None:
    """Stopped by pinning: whatever the server says the root is, the client checks from the one in its invitation.

    The whole organisation made anew under another root, with everything signed in order, is refused as a whole.
    """
    client = await town.seated(CHIEF_3)
    known = client.device.known
    await read_directory(client.api, client.device, MALMO, now=town.now)
    wrong = replace(known.home, root=EVIL_ROOT.public)
    client.device.known = replace(known, pins={"malmo": wrong})
    with pytest.raises(Tampered):
        await read_directory(client.api, client.device, MALMO, now=town.now)
    told = await client.api.get("/api/v1/organisations/malmo/pins")
    assert from_base64url(told["root"]) == known.home.root


async def test_server_brings_back_a_stolen_device(town: Town) -> None:
    """Stopped by the client's memory of who was revoked (MUST 53), for whoever has seen it; and named by verify."""
    worker, client = await town.active(WORKER), await town.seated(CHIEF_3)
    device = await town.read_device(worker.device.id)
    await revoke(worker.api, worker.device.id)
    await read_directory(client.api, client.device, MALMO, now=town.now)

    def act(tx: Tx) -> None:
        told = fact(town.deps, MALMO, "device", town.clock.now(), act="forced")
        tx.devices.put(device, told)
        publish(tx, town.deps, MALMO, town.clock.now())

    await town.deps.store.write(act)
    await disbelieved(town, at=client)
    assert f"device {device.id.hex()} was exchanged or brought back" in await town.verified()


async def test_server_serves_a_stale_directory(town: Town) -> None:
    """Stopped by the directory's own time: after a day nothing is sealed by it (MUST 53)."""
    client = await town.seated(CHIEF_3)
    await read_directory(client.api, client.device, MALMO, now=town.now + MAX_AGE - 60)
    with pytest.raises(Tampered, match="too old"):
        await read_directory(client.api, client.device, MALMO, now=town.now + MAX_AGE + 60)


async def test_server_shows_a_fork_of_the_ledger(town: Town) -> None:
    """Stopped by consistency with the checkpoint accepted before (MUST 54): its key may sign a fork, the tree cannot join it."""
    client = await town.seated(CHIEF_3)
    await read_directory(client.api, client.device, MALMO, now=town.now)
    pins = client.device.known.home
    forged = replace(pins, tree=bytes(32))
    client.device.known = client.device.known.pinned(forged)  # as if it had seen the other branch
    await disbelieved(town, at=client)
    await refused(
        400,
        "400",
        client.api.get("/api/v1/organisations/malmo/directory", since=pins.size + 10_000),
    )


async def test_server_changes_any_part_of_its_answer(town: Town) -> None:
    """Stopped by hashes, signatures and proofs: no single byte string of the answer can be another."""
    client = await town.seated(CHIEF_3)
    plain = await client.api.get("/api/v1/organisations/malmo/directory")

    pins = client.device.known.home
    verify_directory_answer(directory_answer(plain), pins, now=town.now)
    for wrong in _altered(plain):
        with pytest.raises(SealError):
            verify_directory_answer(directory_answer(wrong), pins, now=town.now)


def _altered(plain: dict[str, Any]) -> list[dict[str, Any]]:
    def other(text: str) -> str:
        content = bytearray(from_base64url(text))
        content[len(content) // 2] ^= 1
        return to_base64url(bytes(content))

    found = [
        {**plain, "directory": other(plain["directory"])},
        {**plain, "salt": other(plain["salt"])},
        {**plain, "index": plain["index"] - 1},
        {**plain, "checkpoint": plain["checkpoint"].replace("localhost", "example")},
    ]
    for name in ("introductions", "inclusion"):
        found += [
            {**plain, name: [*plain[name][:at], other(text), *plain[name][at + 1 :]]}
            for at, text in enumerate(plain[name])
        ]
    for at, entry in enumerate(plain["entries"]):
        rest = (plain["entries"][:at], plain["entries"][at + 1 :])
        for wrong in (
            {**entry, "bundle": other(entry["bundle"])},
            {**entry, "approvals": [other(entry["approvals"][0])]},
            {**entry, "approvals": []},
        ):
            found.append({**plain, "entries": [*rest[0], wrong, *rest[1]]})
    return found


# ---- whose word counts ------------------------------------------------------------------------------------------------------


async def test_inviter_approves(town: Town) -> None:
    """Stopped by the server (`not_counted`), and for a server that looks away by every client (MUST 47)."""
    device = await town.enrolled(WORKER)
    await refused(409, "not_counted", town.approve(COORDINATOR, device))
    await _forced_word(town, device, COORDINATOR)


async def _forced_word(town: Town, device: At, *givers: str) -> None:
    """The server takes words that do not count: clients disbelieve the directory, verify names the device."""
    bundle = await town.bundle(device)
    words = []
    for giver in givers:
        at = await town.seated(giver)
        words.append(
            approve(
                bundle=bundle,
                root=root_id(town.root().public),
                approver=at.device.id,
                key=at.device.secret.signing,
                at=town.now,
            ).content
        )
    await force(town, await town.read_device(device.device.id), *words)
    await disbelieved(town)
    assert f"device {device.id}: nobody who may has vouched for it" in await town.verified()


async def test_device_approves_itself(town: Town) -> None:
    """Stopped by the server: a device that waits is no approver; and by clients, for it rests on itself (MUST 48)."""
    device = await town.enrolled(WORKER)
    bundle = await town.bundle(device)
    await refused(409, "not_counted", give_word(device.api, device.device, bundle, at=town.now))


async def test_somebody_elses_word_is_brought(town: Town) -> None:
    """Stopped by policy: a word is given in the session of the person whose device signed it."""
    device, chief = await town.enrolled(WORKER), await town.seated(CHIEF_1)
    bundle = await town.bundle(device)
    await refused(403, "403", give_word(device.api, chief.device, bundle, at=town.now))
    stranger = await town.session(OFFICER)
    await refused(403, "403", give_word(stranger, chief.device, bundle, at=town.now))


async def test_roots_word_over_http(town: Town) -> None:
    """Stopped by policy: the root speaks at the operator's command line, and nobody is the root over HTTP."""
    device, named = await town.enrolled(WORKER), root_id(town.root().public)
    word = approve(bundle=await town.bundle(device), root=named, approver=named, key=town.root(), at=town.now)
    chief = await town.seated(CHIEF_1)
    body = {"approval": to_base64url(word.content)}
    await refused(403, "403", chief.api.post(f"/api/v1/devices/{device.id}/approvals", body))


async def test_revoked_device_approves(town: Town) -> None:
    """Stopped by the server: its session has ended and its word is not taken, however it is dated (MUST 48)."""
    device, chief = await town.enrolled(WORKER), await town.seated(CHIEF_1)
    bundle = await town.bundle(device)
    coordinator = await town.seated(COORDINATOR)
    await revoke(coordinator.api, chief.device.id)
    await refused(401, "401", give_word(chief.api, chief.device, bundle, at=town.now))
    session = await town.session(CHIEF_1)
    for late in (-60, 0, 60):
        await refused(409, "not_counted", give_word(session, chief.device, bundle, at=town.now + late))


async def test_thief_dates_a_word_back(town: Town) -> None:
    """Stopped by the server: a device's word is of now (`other_time`); a server that helps is named by verify.

    Clients cannot tell: whoever has a stolen approver's keys and the server has two of the three it takes.
    """
    device = await town.enrolled(WORKER)
    for away in (-3600, 3600):
        await refused(409, "other_time", town.approve(CHIEF_1, device, time=town.now + away))


async def test_one_word_for_a_supervisor(town: Town) -> None:
    """Stopped by counting people: the device goes on waiting, and forced it is disbelieved (MUST 47)."""
    device = await town.enrolled(CHIEF_3, SHARES)
    assert await town.approve(CHIEF_1, device) == "pending"
    await refused(403, "sign_in_failed", sign_in(device.api, device.device))
    await force(town, await town.read_device(device.device.id))
    await disbelieved(town)


async def test_two_words_by_one_persons_devices(town: Town) -> None:
    """Stopped by counting people, not devices: the second word of the same person is refused (`word_given`)."""
    second = await town.active(CHIEF_1, SHARES, by=None)
    device = await town.enrolled(CHIEF_3, SHARES)
    bundle = await town.bundle(device)
    assert await town.approve(CHIEF_1, device) == "pending"
    await refused(409, "word_given", give_word(second.api, second.device, bundle, at=town.now))


async def test_circle_of_words(town: Town) -> None:
    """Stopped by clients: devices that vouch for each other and that the root does not lead to (MUST 48)."""
    first, second = made(EVIL, CHIEF_1, SHARES), made(EVIL_2, CHIEF_2, SHARES)
    words = {}
    for giver, device in ((EVIL_2, first), (EVIL, second)):
        words[device.id] = approve(
            bundle=bundle_from_bytes(device.bundle),
            root=root_id(town.root().public),
            approver=giver.public.device_id,
            key=giver.signing,
            at=town.now,
        ).content
    await force(town, first, words[first.id])
    await force(town, second, words[second.id])
    await disbelieved(town)
    said = await town.verified()
    assert all(f"device {device.id.hex()}: nobody who may" in said for device in (first, second))


async def test_vouch_used_for_a_supervisor(town: Town) -> None:
    """Stopped by the right in the jour's own bundle: it vouches for members, and for nobody else (MUST 47)."""
    jour = await town.active(JOUR, Right.MEMBER | Right.VOUCH, by=None)
    device = await town.enrolled(CHIEF_3, SHARES)
    bundle = await town.bundle(device)
    await refused(409, "not_counted", give_word(jour.api, jour.device, bundle, at=town.now))
    member = await town.enrolled(WORKER)
    told = await give_word(jour.api, jour.device, await town.bundle(member), at=town.now)
    assert told["state"] == "active"


async def test_colleague_approves(town: Town) -> None:
    """Stopped by policy before anything is read: a worker's device approves nobody else's."""
    colleague, device = await town.active(WORKER_2), await town.enrolled(WORKER)
    bundle = await town.bundle(device)
    await refused(403, "403", give_word(colleague.api, colleague.device, bundle, at=town.now))


# ---- invitations and enrolment ----------------------------------------------------------------------------------------------


async def test_invitation_is_replayed(town: Town) -> None:
    """Stopped by the server: an invitation is redeemed once, by whoever is first, within a day."""
    invite = await town.invited(WORKER)
    secret = {"secret": to_base64url(invite.secret)}
    first, second = await town.browser(), await town.browser()
    await first.post("/api/v1/invitations/redemption", secret)
    await refused(403, "invitation_spent", second.post("/api/v1/invitations/redemption", secret))
    late = await town.invited(WORKER)
    town.clock.move(timedelta(days=1))
    secret = {"secret": to_base64url(late.secret)}
    await refused(403, "invitation_spent", second.post("/api/v1/invitations/redemption", secret))
    guess = {"secret": to_base64url(bytes(32))}
    await refused(403, "invitation_spent", second.post("/api/v1/invitations/redemption", guess))


async def test_invitation_of_somebody_suspended(town: Town) -> None:
    """Stopped by the server: nobody who is suspended is let in by an older invitation."""
    invite, api = await town.invited(WORKER), await town.browser()
    await town.change(WORKER, active=False)
    secret = {"secret": to_base64url(invite.secret)}
    await refused(403, "invitation_spent", api.post("/api/v1/invitations/redemption", secret))


async def bundle_of(
    town: Town,
    api: Api,
    invite: Invite,
    **other: Any,  # noqa: ANN401 - fields of a bundle
) -> dict[str, str]:
    """An enrolment whose bundle says something else than the invitation."""
    secret = other.pop("secret", EVIL)
    said = {
        "secret": secret,
        "organisation": "malmo",
        "person": WORKER,
        "rights": Right.MEMBER,
        "inviter": COORDINATOR,
        "invitation": invite.digest,
        "made_at": town.now,
        **other,
    }
    challenge = from_base64url((await api.post("/api/v1/challenges", {}))["challenge"])
    answer = sign_challenge(secret=secret, origin=api.origin, challenge=challenge)
    return {
        "bundle": to_base64url(make_bundle(**said).content),
        "tier": "file",
        "challenge": to_base64url(challenge),
        "answer": to_base64url(answer),
    }


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"organisation": "lund"}, 403),
        ({"organisation": "polisen"}, 403),
        ({"rights": Right.MEMBER | Right.APPROVE}, 403),
        ({"person": WORKER_2}, 403),
        ({"inviter": "malmo"}, 403),
        ({"invitation": bytes(32)}, 403),
        ({"rights": Right.BRIDGE}, 403),
    ],
)
async def test_bundle_is_another_than_the_invitation(town: Town, wrong: dict[str, Any], status: int) -> None:
    """Stopped by the server: organisation, person, rights, inviter and invitation are those that were invited.

    A bundle of another organisation, approved there, would be refused by clients, too (MUST 46, 52).
    """
    invite, api = await town.invited(WORKER), await town.browser()
    await api.post("/api/v1/invitations/redemption", {"secret": to_base64url(invite.secret)})
    body = await bundle_of(town, api, invite, **wrong)
    await refused(status, str(status), api.post("/api/v1/devices", body))
    fine = await bundle_of(town, api, invite)
    assert (await api.post("/api/v1/devices", fine))["state"] == "pending"


async def test_invitation_is_used_for_two_devices(town: Town) -> None:
    """Stopped by the server: one invitation, one device; the same device again is harmless."""
    invite, api = await town.invited(WORKER), await town.browser()
    await api.post("/api/v1/invitations/redemption", {"secret": to_base64url(invite.secret)})
    body = await bundle_of(town, api, invite)
    assert (await api.post("/api/v1/devices", body))["device"] == EVIL.public.device_id.hex()
    assert (await api.post("/api/v1/devices", body))["device"] == EVIL.public.device_id.hex()
    other = await bundle_of(town, api, invite, secret=EVIL_2)
    await refused(403, "403", api.post("/api/v1/devices", other))


async def test_invitation_of_somebody_else(town: Town) -> None:
    """Stopped by the server: who redeemed it enrols with it, and nobody who overheard its hash."""
    invite, api = await town.invited(WORKER), await town.browser()
    await api.post("/api/v1/invitations/redemption", {"secret": to_base64url(invite.secret)})
    thief = await town.session(WORKER_2)
    for person in (WORKER, WORKER_2):
        body = await bundle_of(town, thief, invite, person=person)
        await refused(403, "403", thief.post("/api/v1/devices", body))


async def test_somebody_elses_device_is_enrolled(town: Town) -> None:
    """Stopped by the challenge: whoever enrols a device holds its keys at that moment."""
    invite, api = await town.invited(WORKER), await town.browser()
    await api.post("/api/v1/invitations/redemption", {"secret": to_base64url(invite.secret)})
    body = await bundle_of(town, api, invite)
    other = await bundle_of(town, api, invite, secret=EVIL_2)
    mixed = {**body, "challenge": other["challenge"], "answer": other["answer"]}
    await refused(403, "403", api.post("/api/v1/devices", mixed))


@pytest.mark.parametrize(
    ("person", "rights"),
    [
        (WORKER, Right.SHARES),
        (WORKER, Right.MEMBER | Right.APPROVE),
        (WORKER, Right.MEMBER | Right.VOUCH),
        (WORKER, Right.BRIDGE),
        (JOUR, Right.MEMBER),
        (JOUR, Right.VOUCH | Right.APPROVE),
    ],
)
async def test_rights_that_nobody_gave(town: Town, person: str, rights: Right) -> None:
    """Stopped by the server: shares are for supervisors, approving for them and coordinators, vouching for the jour."""
    await refused(409, "not_posted", town.invited(person, rights))


async def test_invitation_by_somebody_who_may_not(town: Town) -> None:
    """Stopped by policy: a worker invites themselves, as a member, and nobody else and to nothing else."""
    await town.invited(WORKER, by=WORKER)
    await refused(403, "403", town.invited(WORKER_2, by=WORKER))
    await refused(403, "403", town.invited(CHIEF_1, SHARES, by=CHIEF_1))
    await refused(403, "403", town.invited(OFFICER, by=COORDINATOR))


# ---- signing in -------------------------------------------------------------------------------------------------------------


async def test_challenge_is_replayed(town: Town) -> None:
    """Stopped by the server: a challenge is answered once, within two minutes (MUST 57)."""
    worker = await town.active(WORKER)
    body = await answered(worker)
    api = await town.browser()
    await api.post("/api/v1/session/device", body)
    await refused(403, "sign_in_failed", api.post("/api/v1/session/device", body))
    late = await answered(worker)
    town.clock.move(timedelta(minutes=2))
    await refused(403, "sign_in_failed", api.post("/api/v1/session/device", late))


async def answered(at: At, *, origin: str | None = None) -> dict[str, str]:
    """A device's answer to a fresh challenge."""
    challenge = from_base64url((await at.api.post("/api/v1/challenges", {}))["challenge"])
    answer = sign_challenge(secret=at.device.secret, origin=origin or at.api.origin, challenge=challenge)
    return {"device": at.id, "challenge": to_base64url(challenge), "answer": to_base64url(answer)}


async def test_challenge_is_passed_on_by_another_site(town: Town) -> None:
    """Stopped by the origin in what is signed: a device signs for the site that it is on (MUST 57)."""
    worker = await town.active(WORKER)
    body = await answered(worker, origin="https://samjour.example.org")
    await refused(403, "sign_in_failed", worker.api.post("/api/v1/session/device", body))


async def test_challenge_of_ones_own_making(town: Town) -> None:
    """Stopped by the server: only a challenge that it issued is answered, and none that was meant for something else."""
    worker = await town.active(WORKER)
    body = await answered(worker)
    signed = sign_challenge(secret=worker.device.secret, origin=worker.api.origin, challenge=bytes(32))
    own = {**body, "challenge": to_base64url(bytes(32)), "answer": to_base64url(signed)}
    await refused(403, "sign_in_failed", worker.api.post("/api/v1/session/device", own))
    options = await worker.api.post("/api/v1/session/passkey/options", {})
    challenge = from_base64url(options["options"]["challenge"])
    signed = sign_challenge(secret=worker.device.secret, origin=worker.api.origin, challenge=challenge)
    other = {**body, "challenge": to_base64url(challenge), "answer": to_base64url(signed)}
    await refused(403, "sign_in_failed", worker.api.post("/api/v1/session/device", other))


async def test_device_that_is_not_active_signs_in(town: Town) -> None:
    """Stopped by the server: waiting, revoked, or of somebody suspended, a device opens no session."""
    waits, lost, worker = (
        await town.enrolled(WORKER),
        await town.active(WORKER),
        await town.active(WORKER_2),
    )
    await refused(403, "sign_in_failed", sign_in(waits.api, waits.device))
    await revoke(lost.api, lost.device.id)
    await refused(403, "sign_in_failed", sign_in(lost.api, lost.device))
    await town.change(WORKER_2, active=False)
    await refused(403, "sign_in_failed", sign_in(worker.api, worker.device))
    await town.change(WORKER_2, active=True)
    await refused(403, "sign_in_failed", sign_in(worker.api, worker.device))
    assert await town.verified() == ""


async def test_bridge_signs_in(town: Town) -> None:
    """Stopped by the server: the bridge is nobody's device, and nobody signs in with it."""
    bridge = town.deps.keys.bridge
    known = Known(origin=town.deps.base_url, organisation="polisen", person="bridge")
    device = PythonDevice(folder=town.folder / "bridge", secret=bridge, known=known)
    await refused(403, "sign_in_failed", sign_in(await town.browser(), device))


# ---- revoking ---------------------------------------------------------------------------------------------------------------


async def test_stranger_revokes(town: Town) -> None:
    """Stopped by policy: another worker revokes nobody's device; an officer's is not the municipality's to revoke."""
    worker, other = await town.active(WORKER), await town.active(WORKER_2)
    await refused(403, "403", revoke(other.api, worker.device.id))
    coordinator = await town.seated(COORDINATOR)
    bridge = town.deps.keys.bridge.public.device_id
    await refused(403, "403", revoke(coordinator.api, bridge))


async def test_jour_revokes_at_night(town: Town) -> None:
    """Not stopped: the jour, who always answers, revokes a lost telephone; and it is recorded who did."""
    worker, jour = await town.active(WORKER), await town.session(JOUR)
    told = await revoke(jour, worker.device.id)
    assert told["state"] == "revoked"
    (entry,) = await town.deps.store.read(
        lambda tx: [
            one.entry.body
            for one in tx.audit.entries(MALMO)
            if one.entry.kind == "device" and b'"act":"revoked"' in one.entry.body
        ]
    )
    assert f'"by":"{JOUR}"'.encode() in entry


# ---- sizes ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/v1/challenges", lambda big: {"x": big}),
        ("/api/v1/session/device", lambda big: {"device": big, "challenge": "", "answer": ""}),
        ("/api/v1/session/passkey", lambda big: {"credential": {"id": big * 8}}),
        ("/api/v1/invitations/redemption", lambda big: {"secret": big}),
        ("/api/v1/devices", lambda big: {"bundle": big, "tier": "file", "challenge": "", "answer": ""}),
        ("/api/v1/devices/" + "0" * 64 + "/approvals", lambda big: {"approval": big}),
        ("/api/v1/devices/" + "0" * 64 + "/revocation", lambda big: {"x": big}),
        ("/api/v1/organisations/malmo/invitations", lambda big: {"person": big, "rights": 1}),
        ("/api/v1/organisations/malmo/introductions", lambda big: {"introduction": big}),
        ("/api/v1/passkeys", lambda big: {"credential": {"id": big * 8}}),
        ("/api/v1/passkeys/removal", lambda big: {"passkey": big}),
    ],
)
async def test_oversized_requests(town: Town, path: str, body: Callable[[str], dict[str, Any]]) -> None:
    """Stopped before it is read: every body has a bound (413), and every field within it (400)."""
    chief = await town.seated(CHIEF_1)
    with pytest.raises(Problem) as told:
        await chief.api.post(path, body("A" * 100_000))
    assert told.value.status == 413
    with pytest.raises(Problem) as told:
        await chief.api.post(path, body("A" * 3_000))
    assert told.value.status == 400


async def test_too_many_devices(town: Town) -> None:
    """Stopped by the server: eight devices a person, so that a share is never sealed to more (`devices_enough`)."""
    for _ in range(8):
        await town.enrolled(WORKER)
    invite = await town.invited(WORKER)
    with pytest.raises(Problem) as told:
        await enrol(await town.browser(), invite, town.folder / "ninth", entropy=town.deps.entropy.draw(64))
    assert told.value.code == "devices_enough"


async def test_many_challenges(town: Town) -> None:
    """Not stopped, but harmless: whoever asks for many pushes out only the oldest, far beyond two minutes' worth."""
    worker = await town.active(WORKER)
    body = await answered(worker)

    def flood(tx: Tx) -> None:
        for number in range(MOST_WAITING // 64):
            tx.challenges.issue(number.to_bytes(32, "big"), "device", town.clock.now() + timedelta(minutes=2))

    await town.deps.store.write(flood)
    await worker.api.post("/api/v1/session/device", body)
