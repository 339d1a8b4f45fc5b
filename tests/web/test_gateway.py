"""The gateway's door: only whoever was given a call's address can tell of it, once, briefly, and of nothing else."""

from dataclasses import replace

import pytest

from bot.core.ids import ConsultationId
from bot.core.waking import Did, Means, Purpose, Ring
from bot.flow.deps import Deps
from bot.flow.waking import What, note, proof, report_url
from bot.web.gateway import MAX_REPORT
from bot.web.rates import PER_MINUTE
from tests.web import world
from tests.web.serving import Site, pieces

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DELIVERED = b"id=s0&status=delivered&delivered=2026-11-28T22%3A40%3A03"


def flow(site: Site) -> Deps:
    assert site.deps.flow is not None
    return site.deps.flow


async def called(site: Site, did: Did = Did.CALLED) -> Ring:
    """An SMS that was sent to somebody."""
    deps = flow(site)
    what = What(
        purpose=Purpose.OFFER,
        ref="o-unknown",
        organisation=world.MALMO,
        until=world.NOW,
        consultation=ConsultationId("c-unknown"),
    )
    return await site.store.write(
        lambda tx: note(tx, deps, what, person=world.OFFICER, means=Means.SMS, did=did)
    )


def door(site: Site, ring: Ring) -> str:
    return report_url(flow(site), ring.id).removeprefix(site.deps.base_url)


async def told(site: Site, ring: Ring) -> list[str]:
    found = await site.store.read(lambda tx: tx.rings.of(ring.ref))
    return [one.did.value for one in found if one.of == ring.id]


async def post(site: Site, path: str, body: bytes = DELIVERED) -> int:
    async with site.client.post(path, data=body, headers=FORM) as answer:
        return answer.status


@pytest.mark.parametrize(
    ("body", "did"),
    [
        (DELIVERED, ["delivered"]),
        (b"id=s0&status=failed", ["failed"]),
        (b"callid=c0&state=success&duration=4", ["delivered"]),
        (b"state=busy", ["failed"]),
        (b"state=failed", ["failed"]),
        (b"status=sent", []),
        (b"status=created", []),
        (b"status=", []),
        (b"", []),
        (b"status=delivered%20", []),
    ],
)
async def test_what_a_report_means(site: Site, body: bytes, did: list[str]) -> None:
    """Delivered or failed is kept; what is still on its way, or unknown, is thanked for."""
    ring = await called(site)
    assert await post(site, door(site, ring), body) == 204
    assert await told(site, ring) == did


async def test_a_report_that_comes_again_changes_nothing(site: Site) -> None:
    """A gateway that repeats itself is thanked each time."""
    ring = await called(site)
    assert [await post(site, door(site, ring)) for _ in range(3)] == [204] * 3
    assert await told(site, ring) == ["delivered"]


async def test_without_the_proof_there_is_nothing(site: Site) -> None:
    """Neither another call's proof, nor a shorter one, nor one in capitals is one; and nobody learns which calls there were."""
    ring, other = await called(site), await called(site)
    right = proof(flow(site), ring.id)
    shown = [proof(flow(site), other.id), right[:-1], right + "0", right.upper(), "0" * 64, "x", "%ff", "å"]
    assert {await post(site, f"/gateway/{ring.id}/{wrong}") for wrong in shown} == {404}
    assert await post(site, f"/gateway/{ring.id[:-1]}/{right}") == 404
    assert await post(site, f"/gateway/{ring.id.upper()}/{right}") == 404
    assert await told(site, ring) == []


async def test_a_call_that_is_erased_is_thanked_for(site: Site) -> None:
    """What is gone stays gone: a report of it is taken, and leaves nothing."""
    ring = replace(await called(site), id="0" * 32)
    assert await post(site, door(site, ring)) == 204
    assert await told(site, ring) == []


async def test_what_was_no_call_has_nothing_to_report(site: Site) -> None:
    """That somebody looked cannot have failed."""
    ring = await called(site, Did.SEEN)
    assert await post(site, door(site, ring), b"status=failed") == 204
    assert await told(site, ring) == []


@pytest.mark.parametrize("body", [b"\xff\xfe", b"&".join(b"a%d=1" % n for n in range(60)), b"status=%ff"])
async def test_what_is_no_form_is_refused(site: Site, body: bytes) -> None:
    """400, and nothing is kept."""
    ring = await called(site)
    assert await post(site, door(site, ring), body) == 400
    assert await told(site, ring) == []


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_report_that_is_too_large_is_refused(site: Site, *, chunked: bool) -> None:
    """More than four kilobytes is no report."""
    ring, sent = await called(site), b"status=delivered&a=" + b"x" * MAX_REPORT
    async with site.client.post(
        door(site, ring), data=pieces(sent) if chunked else sent, headers=FORM
    ) as answer:
        assert answer.status == 413
    assert await told(site, ring) == []


async def test_at_most_sixty_reports_a_minute(site: Site) -> None:
    """A gateway gone mad waits; after a minute it may go on. Whoever has no proof uses up nobody's minute."""
    ring = await called(site)
    for _ in range(PER_MINUTE + 5):
        assert await post(site, f"/gateway/{ring.id}/{'0' * 64}") == 404
    assert {await post(site, door(site, ring)) for _ in range(PER_MINUTE)} == {204}
    async with site.client.post(door(site, ring), data=DELIVERED, headers=FORM) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "60")


async def test_a_report_needs_no_page_of_ours(site: Site) -> None:
    """It comes from another machine: what protects against other sites is the proof, and it reads no cookie."""
    ring = await called(site)
    foreign = {**FORM, "Origin": "https://gateway.example", "Sec-Fetch-Site": "cross-site"}
    async with site.client.post(door(site, ring), data=DELIVERED, headers=foreign) as answer:
        assert answer.status == 204
    async with site.client.get(door(site, ring)) as answer:
        assert answer.status == 405
