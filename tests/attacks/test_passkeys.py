"""Passkeys: the person's own, the user verified, this site's, each answer once; and what stops everything else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.client.api import Api, Problem
from bot.seal.wire import from_base64url, to_base64url
from tests.attacks.authenticator import PRESENT, Authenticator
from tests.attacks.town import OFFICER, WORKER, Town

Wrong = Callable[[Authenticator], None]


async def registered(town: Town, person: str = WORKER) -> tuple[Api, Authenticator]:
    """Somebody signed in by a link, with a passkey that was registered."""
    api, made = await town.session(person), Authenticator(town.deps.base_url)
    made.id = f"credential of {person}".encode()
    options = (await api.post("/api/v1/passkeys/options", {}))["options"]
    await api.post("/api/v1/passkeys", {"credential": made.create(options)})
    return api, made


async def signed_in(api: Api, authenticator: Authenticator, **wrong: object) -> None:
    """Sign in with the passkey."""
    options = (await api.post("/api/v1/session/passkey/options", {}))["options"]
    await api.post("/api/v1/session/passkey", {"credential": authenticator.get(options, **wrong)})


async def refused(status: int, act: Any) -> None:  # noqa: ANN401 - any coroutine
    """The server refuses."""
    with pytest.raises(Problem) as told:
        await act
    assert told.value.status == status


async def test_passkey_signs_in(town: Town) -> None:
    """A registered passkey opens a session of its person, again and again, without any link."""
    _, made = await registered(town)
    api = await town.browser()
    for _ in range(2):
        await signed_in(api, made)
        found = await api.get("/api/v1/me/passkeys")
        assert found["passkeys"] == [{"passkey": to_base64url(made.id)}]
    assert await town.verified() == ""


async def test_options_ask_for_what_is_needed(town: Town) -> None:
    """The user is to be verified, the passkey to be found without a name, the host is ours, and PRF is asked for."""
    api, made = await registered(town)
    options = (await api.post("/api/v1/passkeys/options", {}))["options"]
    assert options["rp"]["id"] == "localhost"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert [known["id"] for known in options["excludeCredentials"]] == [to_base64url(made.id)]
    assert len(from_base64url(options["extensions"]["prf"]["eval"]["first"])) == 32
    asked = (await api.post("/api/v1/session/passkey/options", {}))["options"]
    assert asked["userVerification"] == "required"
    assert asked["allowCredentials"] == []
    assert asked["extensions"] == options["extensions"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://localhost.example"},
        {"type": "webauthn.get"},
        {"challenge": to_base64url(bytes(32))},
        {"crossOrigin": True},
    ],
)
async def test_registration_of_another_site_or_kind(town: Town, wrong: dict[str, object]) -> None:
    """Stopped by what the browser signs of: origin, kind, challenge, and that no other site embeds us."""
    api, made = await town.session(WORKER), Authenticator(town.deps.base_url)
    options = (await api.post("/api/v1/passkeys/options", {}))["options"]
    with pytest.raises(Problem) as told:
        await api.post("/api/v1/passkeys", {"credential": made.create(options, **wrong)})
    assert told.value.status in (400, 403)
    assert (await api.get("/api/v1/me/passkeys"))["passkeys"] == []


async def test_user_is_not_verified(town: Town) -> None:
    """Stopped on both ways: an authenticator that took whoever was there for its owner is refused."""
    api, made = await town.session(WORKER), Authenticator(town.deps.base_url, flags=PRESENT)
    options = (await api.post("/api/v1/passkeys/options", {}))["options"]
    await refused(400, api.post("/api/v1/passkeys", {"credential": made.create(options)}))
    api, made = await registered(town)
    made.flags = PRESENT
    await refused(403, signed_in(api, made))


async def test_registration_for_somebody_else(town: Town) -> None:
    """Stopped by the challenge: it was issued for one person's registration and serves no other's, and once."""
    api, other = await town.session(WORKER), await town.session(OFFICER)
    made = Authenticator(town.deps.base_url)
    options = (await api.post("/api/v1/passkeys/options", {}))["options"]
    credential = {"credential": made.create(options)}
    await refused(403, other.post("/api/v1/passkeys", credential))
    asked = (await api.post("/api/v1/session/passkey/options", {}))["options"]
    await refused(403, api.post("/api/v1/passkeys", {"credential": made.create(asked)}))


async def test_passkey_is_known_once(town: Town) -> None:
    """Stopped by the store: a credential's id is one person's; nobody registers it again for themselves."""
    _, made = await registered(town)
    other = await town.session(OFFICER)
    options = (await other.post("/api/v1/passkeys/options", {}))["options"]
    await refused(409, other.post("/api/v1/passkeys", {"credential": made.create(options)}))


@pytest.mark.parametrize(
    "wrong",
    [{"origin": "https://localhost.example"}, {"type": "webauthn.create"}, {"crossOrigin": True}],
)
async def test_assertion_of_another_site_or_kind(town: Town, wrong: dict[str, object]) -> None:
    """Stopped by what the browser signs of: a phisher's page has another origin."""
    _, made = await registered(town)
    with pytest.raises(Problem) as told:
        await signed_in(await town.browser(), made, **wrong)
    assert told.value.status in (400, 403)


async def test_assertion_is_replayed(town: Town) -> None:
    """Stopped by the challenge, which is answered once and within two minutes."""
    _, made = await registered(town)
    api = await town.browser()
    options = (await api.post("/api/v1/session/passkey/options", {}))["options"]
    body = {"credential": made.get(options)}
    await api.post("/api/v1/session/passkey", body)
    await refused(403, api.post("/api/v1/session/passkey", body))
    options = (await api.post("/api/v1/session/passkey/options", {}))["options"]
    town.clock.move(timedelta(minutes=2))
    await refused(403, api.post("/api/v1/session/passkey", {"credential": made.get(options)}))


def _other_key(made: Authenticator) -> None:
    made.key = Authenticator("").key


def _other_site(made: Authenticator) -> None:
    made.rp_id = "example"


def _counts_back(made: Authenticator) -> None:
    made.count = -1


def _unknown(made: Authenticator) -> None:
    made.id = b"never registered"


@pytest.mark.parametrize("wrong", [_other_key, _other_site, _counts_back, _unknown])
async def test_assertion_that_does_not_hold(town: Town, wrong: Wrong) -> None:
    """Stopped by the signature, the host's hash, a counter that goes back (a copied key), an id that is not known."""
    _, made = await registered(town)
    await signed_in(await town.browser(), made)
    wrong(made)
    await refused(403, signed_in(await town.browser(), made))


async def test_prf_secret_is_sent(town: Town) -> None:
    """Stopped at once: a client that sends extension results, among them the secret that wraps its keys, is refused."""
    _, made = await registered(town)
    api = await town.browser()
    options = (await api.post("/api/v1/session/passkey/options", {}))["options"]
    secret = {"prf": {"results": {"first": to_base64url(b"s" * 32)}}}
    body = {"credential": {**made.get(options), "clientExtensionResults": secret}}
    await refused(400, api.post("/api/v1/session/passkey", body))


async def test_removed_passkey_or_suspended_person(town: Town) -> None:
    """Stopped by the store: what was removed, and who was suspended, opens nothing; removing another's does nothing."""
    api, made = await registered(town)
    other = await town.session(OFFICER)
    await other.post("/api/v1/passkeys/removal", {"passkey": to_base64url(made.id)})
    await signed_in(await town.browser(), made)
    await town.change(WORKER, active=False)
    await refused(403, signed_in(await town.browser(), made))
    await town.change(WORKER, active=True)
    await signed_in(api, made)
    await api.post("/api/v1/passkeys/removal", {"passkey": to_base64url(made.id)})
    await refused(403, signed_in(await town.browser(), made))
    assert await town.verified() == ""


async def test_a_lost_telephone_opens_nothing_by_another_way(town: Town) -> None:
    """Revoking a device ends its owner's passkeys and open pages, too; a device that is still theirs goes on."""
    lost, kept = await town.active(WORKER), await town.active(WORKER)
    page, made = await registered(town)
    await signed_in(page, made)
    await kept.api.post(f"/api/v1/devices/{lost.id}/revocation", {})
    await refused(403, signed_in(await town.browser(), made))
    for api in (page, lost.api):
        with pytest.raises(Problem):
            await api.get("/api/v1/me/passkeys")
    assert await kept.api.get("/api/v1/me/passkeys") == {"passkeys": []}
    assert await town.verified() == ""


async def test_a_device_that_never_counted_takes_no_passkey_along(town: Town) -> None:
    """A request for a device that is withdrawn before it was approved says nothing of a loss."""
    page, made = await registered(town)
    waiting = await town.enrolled(WORKER)
    await page.post(f"/api/v1/devices/{waiting.id}/revocation", {})
    await signed_in(page, made)


async def test_too_many_passkeys(town: Town) -> None:
    """Stopped by a bound: sixteen of one person."""
    api = await town.session(WORKER)
    for number in range(17):
        made = Authenticator(town.deps.base_url, id=f"number {number}".encode())
        options = (await api.post("/api/v1/passkeys/options", {}))["options"]
        body = {"credential": made.create(options)}
        if number < 16:
            await api.post("/api/v1/passkeys", body)
        else:
            await refused(409, api.post("/api/v1/passkeys", body))


@pytest.mark.parametrize(
    "credential",
    [
        {},
        {"id": "x"},
        {"rawId": "AA", "response": {}},
        {"rawId": "AA", "response": {"clientDataJSON": "AA"}},
        {"rawId": "AA", "response": {"clientDataJSON": to_base64url(b"[]")}},
        {"rawId": "AA", "response": {"clientDataJSON": to_base64url(b'{"challenge": 7}')}},
        {"rawId": 7, "response": {"clientDataJSON": to_base64url(b'{"challenge": "AA"}')}},
        {"rawId": "AA", "response": {"clientDataJSON": to_base64url(b"[" * 9000)}},
    ],
)
async def test_nonsense_is_refused(town: Town, credential: dict[str, Any]) -> None:
    """Stopped by the parsers: whatever is no credential is a refusal, never a fault of ours."""
    api = await town.session(WORKER)
    for path in ("/api/v1/session/passkey", "/api/v1/passkeys"):
        with pytest.raises(Problem) as told:
            await api.post(path, {"credential": credential})
        assert told.value.status in (400, 403)
