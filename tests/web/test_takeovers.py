"""Colleagues' talks over HTTP for whoever is signed in without a device: seen by nobody who may not take them."""

import pytest

from bot.seal.wire import to_base64url
from tests.web import world
from tests.web.serving import Site

LIST = "/api/v1/takeovers"
EPOCH = {
    "event": to_base64url(b"\x00" * 8),
    "keys": [{"device": to_base64url(b"\x01" * 32), "key": to_base64url(b"\x02" * 8)}],
    "escrows": [{"organisation": "malmo", "escrow": to_base64url(b"\x03" * 8)}],
}


@pytest.mark.parametrize("person", [world.OFFICER, world.CHIEF, world.JOUR_STHLM])
async def test_whoever_may_take_nothing_over_sees_nothing(site: Site, person: str) -> None:
    """An officer, a supervisor and another jour are shown an empty list, and the same refusal for any offer."""
    await site.sign_in(person)  # type: ignore[arg-type]  # an id
    async with site.client.get(LIST) as answer:
        assert (answer.status, await answer.json()) == (200, {"takeovers": []})
    async with site.client.get(f"{LIST}/{'0' * 32}") as answer:
        assert (answer.status, (await answer.json())["code"]) == (409, "taken")


async def test_signed_out_there_is_no_list(site: Site) -> None:
    """Nobody is told of talks who is nobody."""
    for path in (LIST, f"{LIST}/{'0' * 32}"):
        async with site.client.get(path) as answer:
            assert answer.status == 401


async def test_what_is_not_sealed_as_it_must_be_takes_nothing_over(site: Site) -> None:
    """What begins no epoch is refused before anything is looked for."""
    await site.sign_in(world.EVENING)
    headers = {**site.own, "Idempotency-Key": "k" * 16}
    async with site.client.post(f"{LIST}/{'0' * 32}", json=EPOCH, headers=headers) as answer:
        assert (answer.status, (await answer.json())["code"]) == (400, "bad_seal")


async def test_the_targets_of_a_talk_are_its_two_peoples_alone(site: Site) -> None:
    """Somebody else's consultation has no targets to look at."""
    await site.sign_in(world.OFFICER_2)
    async with site.client.get("/api/v1/consultations/c-offered/targets") as answer:
        assert (answer.status, (await answer.json())["code"]) == (403, "not_yours")
    await site.sign_in(world.OFFICER)
    async with site.client.get("/api/v1/consultations/c-offered/targets") as answer:
        assert "sspf-malmo" in {one["target"] for one in (await answer.json())["targets"]}
