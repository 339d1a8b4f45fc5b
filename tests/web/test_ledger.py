"""What a ledger shows to everybody, and what it takes from witnesses."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.core.errors import BadInput
from bot.core.ids import OrganisationId
from bot.core.witnesses_file import Witness
from bot.flow.ports import Tx
from bot.flow.upkeep import origin
from bot.seal.checkpoint import Checkpoint, sign_checkpoint, verify_checkpoint
from bot.seal.cosignature import AHEAD, sign_cosignature, verify_cosignature, witness_to_text
from bot.seal.note import Verifier, parse_note, verifier_from_text
from bot.seal.proof import verify_consistency, verify_inclusion
from bot.seal.signing import SigningKey, signing_key
from bot.seal.wire import from_base64url
from tests.web.serving import Site, pieces
from tests.web.world import LEDGER_KEY, MALMO, NOW, POLICE, entry

LEDGER = "/api/v1/ledger/malmo"
KEY = signing_key(b"w" * 32)
WITNESS = Verifier(name="polisen.example/witness", public=KEY.public)
STRANGER = signing_key(b"s" * 32)
FOREIGN = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
OPEN = ["checkpoint", "inclusion?index=0", "consistency?from=1"]


def sign(tx: Tx, site: Site, organisation: OrganisationId = MALMO) -> Checkpoint:
    """Sign the ledger as it stands."""
    head = Checkpoint(
        origin=origin(site.deps.base_url, organisation),
        size=tx.ledger.size(organisation),
        root=tx.ledger.root(organisation),
    )
    tx.ledger.put_checkpoint(organisation, head.size, sign_checkpoint(head, LEDGER_KEY))
    return head


async def signed(site: Site, more: int = 0) -> Checkpoint:
    """A checkpoint over Malmö's ledger, after so many entries more."""

    def act(tx: Tx) -> Checkpoint:
        for _ in range(more):
            tx.ledger.append(entry(MALMO, "content"))
        return sign(tx, site)

    return await site.store.write(act)


def hire(site: Site, *, since: date = date(2026, 1, 1), until: date | None = None) -> None:
    """Make the witness one of Malmö's."""
    vkey = witness_to_text(WITNESS)
    one = Witness(name=WITNESS.name, vkey=vkey, organisations=(MALMO,), since=since, until=until)
    site.content.now = replace(site.content.now, witnesses=(one,))


def cosigned(
    head: Checkpoint, *, at: int = int(NOW.timestamp()), key: SigningKey = KEY, name: str = WITNESS.name
) -> str:
    """The note that a witness hands in."""
    text = parse_note(sign_checkpoint(head, LEDGER_KEY)).text
    return f"{text}\n{sign_cosignature(head, name=name, key=key, at=at)}"


async def hand_in(site: Site, note: str | bytes, path: str = LEDGER) -> int:
    """Post a note as a process elsewhere does; the status of the answer."""
    async with site.client.post(f"{path}/cosignatures", data=note) as answer:
        assert answer.status < 400 or answer.content_type == "application/problem+json"
        return answer.status


async def get(site: Site, path: str) -> Any:  # noqa: ANN401 - parsed JSON
    """What a route gives."""
    async with site.client.get(path) as answer:
        assert answer.status == 200
        return await answer.json()


def hashes(found: list[str]) -> list[bytes]:
    """The hashes of a proof."""
    return [from_base64url(text) for text in found]


# ---- checkpoints and proofs --------------------------------------------------------------------------


async def test_a_checkpoint_is_shown_to_whoever_asks(site: Site) -> None:
    """The newest signed note, or that of a size, as text, without a session; it verifies with the published key."""
    first = await signed(site)
    second = await signed(site, more=3)
    found = {one["organisation"]: one["key"] for one in (await get(site, "/api/v1/ledger/key"))["keys"]}
    assert set(found) == set(site.content.now.structure.organisations)
    key = verifier_from_text(found["malmo"])
    for query, head in (("", second), (f"?size={first.size}", first), (f"?size={second.size}", second)):
        async with site.client.get(f"{LEDGER}/checkpoint{query}") as answer:
            assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
            note = await answer.text()
        assert verify_checkpoint(note, origin=key.name, public=key.public) == head


async def test_every_entry_is_proved_under_every_checkpoint(site: Site) -> None:
    """Proofs of inclusion hold for each entry and size that is signed, and tell a leaf, never an entry."""
    heads = [await signed(site, more=n) for n in (0, 1, 4)]
    for head in heads:
        for index in (0, head.size // 2, head.size - 1):
            found = await get(site, f"{LEDGER}/inclusion?index={index}&size={head.size}")
            assert set(found) == {"index", "size", "leaf", "proof"}
            verify_inclusion(
                index=found["index"],
                size=found["size"],
                leaf=from_base64url(found["leaf"]),
                proof=hashes(found["proof"]),
                root=head.root,
            )
    assert (await get(site, f"{LEDGER}/inclusion?index=0"))["size"] == heads[-1].size


async def test_every_checkpoint_is_proved_from_every_earlier(site: Site) -> None:
    """Proofs of consistency hold between all sizes that are signed."""
    heads = [await signed(site, more=n) for n in (0, 1, 2, 5)]
    for new in heads:
        for old in (head for head in heads if head.size <= new.size):
            found = await get(site, f"{LEDGER}/consistency?from={old.size}&to={new.size}")
            assert (found["from"], found["to"]) == (old.size, new.size)
            proof = hashes(found["proof"])
            verify_consistency(old=old.size, new=new.size, old_root=old.root, new_root=new.root, proof=proof)
    assert (await get(site, f"{LEDGER}/consistency?from=1"))["to"] == heads[-1].size


async def test_what_is_not_signed_is_shown_to_nobody(site: Site) -> None:
    """The newest entries, under no checkpoint yet, can neither be counted nor proved."""
    head = await signed(site)
    await site.store.write(lambda tx: tx.ledger.append(entry(MALMO, "content")))
    for query in (
        f"inclusion?index={head.size}",
        f"inclusion?index=0&size={head.size + 1}",
        f"consistency?from=1&to={head.size + 1}",
        f"consistency?from={head.size + 1}",
    ):
        async with site.client.get(f"{LEDGER}/{query}") as answer:
            assert answer.status == 400
    async with site.client.get(f"{LEDGER}/checkpoint?size={head.size + 1}") as answer:
        assert answer.status == 404


@pytest.mark.parametrize("path", OPEN)
@pytest.mark.parametrize("own", ["nowhere", "MALMO", "malmo%20", "..%2fmalmo", "%00", "m" * 65, "farsta"])
async def test_a_ledger_that_is_not_there_is_not_found(site: Site, own: str, path: str) -> None:
    """404 as a problem document, for a name that is none and for a ledger that nothing was signed of."""
    await signed(site)
    async with site.client.get(f"/api/v1/ledger/{own}/{path}") as answer:
        assert (answer.status, answer.content_type) == (404, "application/problem+json")


@pytest.mark.parametrize(
    "query",
    [
        "checkpoint?size=",
        "checkpoint?size=-1",
        "checkpoint?size=01",
        "checkpoint?size=1&size=1",
        "checkpoint?size=1e3",
        "checkpoint?size=%D9%A1",
        f"checkpoint?size={2**53}",
        "checkpoint?size=" + "9" * 5000,
        "inclusion",
        "inclusion?size=1",
        "inclusion?index=x",
        "inclusion?index=1&size=1",
        "inclusion?index=0&size=0",
        "consistency",
        "consistency?to=1",
        "consistency?from=0",
        "consistency?from=2&to=1",
    ],
)
async def test_a_number_that_is_none_is_refused(site: Site, query: str) -> None:
    """400 as a problem document that repeats nothing of what was asked."""
    await signed(site)
    async with site.client.get(f"{LEDGER}/{query}") as answer:
        assert (answer.status, answer.content_type) == (400, "application/problem+json")
        assert set(await answer.json()) == {"type", "title", "status", "detail", "code"}


async def test_nothing_of_an_entry_is_public(site: Site) -> None:
    """Whatever these routes are asked, no kind, salt or body of an entry is in the answer."""
    head = await signed(site)
    async with site.client.get(f"{LEDGER}/checkpoint") as answer:
        told = [await answer.text()]
    told += [str(await get(site, f"{LEDGER}/inclusion?index={n}")) for n in range(head.size)]

    def ask(tx: Tx) -> list[bytes]:
        return [one.entry.body for one in tx.audit.entries(MALMO) if len(one.entry.body) > 2]

    bodies = await site.store.read(ask)
    assert bodies
    for body in bodies:
        words = re.findall(r"[a-z]{2,}(?:-[a-z0-9]+)+", body.decode())
        assert not any(word in text for word in words for text in told)


async def test_without_a_database_there_is_no_proof(site: Site) -> None:
    """503 as a problem document; the keys stand, they are no secret of the database's."""
    await signed(site)
    await site.lose_database()
    for path in OPEN:
        async with site.client.get(f"{LEDGER}/{path}") as answer:
            assert answer.status == 503
    async with site.client.get("/api/v1/ledger/key") as answer:
        assert answer.status == 200


# ---- witnesses ---------------------------------------------------------------------------------------


async def test_a_cosignature_is_taken_shown_and_taken_once(site: Site) -> None:
    """201 the first time, 200 after; the checkpoint then carries the line, and the first one stays."""
    hire(site)
    head = await signed(site)
    at = int(NOW.timestamp())
    assert await hand_in(site, cosigned(head)) == 201
    assert await hand_in(site, cosigned(head)) == 200
    assert await hand_in(site, cosigned(head, at=at + 60)) == 200
    async with site.client.get(f"{LEDGER}/checkpoint") as answer:
        note = await answer.text()
    assert verify_cosignature(note, WITNESS) == at
    assert verify_checkpoint(note, origin=head.origin, public=LEDGER_KEY.public) == head
    assert len(parse_note(note).signatures) == 2


async def test_a_cosignature_comes_from_nobodys_page(site: Site) -> None:
    """The route reads no cookie and asks for no origin: the signature is all that is believed; other routes still do."""
    hire(site)
    head = await signed(site)
    async with site.client.post(f"{LEDGER}/cosignatures", data=cosigned(head), headers=FOREIGN) as answer:
        assert answer.status == 201
        assert "Set-Cookie" not in answer.headers
    for method, path in (
        ("PUT", f"{LEDGER}/cosignatures"),
        ("POST", f"{LEDGER}/cosignatures/"),
        ("POST", f"{LEDGER}/checkpoint"),
        ("POST", "/api/v1/ledger/malmo/x/cosignatures"),
        ("POST", "/api/v1/sessions/end"),
        ("POST", "/api/v1/ledger/..%2f..%2fsessions%2fend%2fcosignatures"),
    ):
        async with site.client.request(method, path, data=b"", headers=FOREIGN) as answer:
            assert answer.status in (403, 404, 405), (method, path)
            assert answer.status != 404 or "%2f" in path


async def test_lines_of_others_are_passed_over(site: Site) -> None:
    """Under one note several may have signed; only the known witness's line is kept."""
    hire(site)
    head = await signed(site)
    other = sign_cosignature(head, name="else.example", key=STRANGER, at=1)
    note = sign_checkpoint(head, LEDGER_KEY) + other + cosigned(head).split("\n\n")[1]
    assert await hand_in(site, note) == 201
    lines = await site.store.read(lambda tx: tx.cosignatures.lines(MALMO, head.size))
    assert lines == (cosigned(head).split("\n\n")[1],)


async def test_of_several_lines_of_one_witness_the_newest_is_kept(site: Site) -> None:
    """A witness may hand in what it said earlier and later together."""
    hire(site)
    head, at = await signed(site), int(NOW.timestamp())
    later = sign_cosignature(head, name=WITNESS.name, key=KEY, at=at + 9)
    assert await hand_in(site, cosigned(head) + later + cosigned(head, at=at + 3).split("\n\n")[1]) == 201
    assert await site.store.read(lambda tx: tx.cosignatures.lines(MALMO, head.size)) == (later,)


async def test_who_is_no_witness_is_refused(site: Site) -> None:
    """403 for a stranger, for a stranger under the witness's name, and for the witness of another ledger."""
    hire(site)
    head = await signed(site)
    await site.store.write(lambda tx: tx.ledger.append(entry(POLICE, "content")))
    police = await site.store.write(lambda tx: sign(tx, site, POLICE))
    assert await hand_in(site, cosigned(head, key=STRANGER)) == 403
    assert await hand_in(site, cosigned(head, name="else.example")) == 403
    assert await hand_in(site, sign_checkpoint(head, LEDGER_KEY)) == 403
    assert await hand_in(site, cosigned(police), "/api/v1/ledger/polisen") == 403
    assert await hand_in(site, cosigned(head), "/api/v1/ledger/nowhere") == 403


async def test_without_witnesses_in_the_files_nobody_is_one(site: Site) -> None:
    """Deny by silence: an empty file, or none, takes nothing."""
    head = await signed(site)
    assert await hand_in(site, cosigned(head)) == 403


@pytest.mark.parametrize(
    ("since", "until", "status"),
    [
        (NOW.date(), None, 201),
        (NOW.date() + timedelta(days=1), None, 403),
        (date(2026, 1, 1), NOW.date() + timedelta(days=1), 201),
        (date(2026, 1, 1), NOW.date(), 403),
    ],
)
async def test_a_witness_counts_from_its_day_until_its_last(
    site: Site, since: date, until: date | None, status: int
) -> None:
    """`since` is the first day on which cosignatures are taken, `until` the first on which they are not."""
    hire(site, since=since, until=until)
    assert await hand_in(site, cosigned(await signed(site))) == status


async def test_a_signature_that_does_not_hold_is_refused(site: Site) -> None:
    """One of the witness that is of another checkpoint, or of a time that has not come, spoils all that came with it."""
    hire(site)
    first = await signed(site)
    second = await signed(site, more=1)
    text, line = cosigned(first).split("\n\n")
    assert await hand_in(site, cosigned(second) + line) == 403
    at = int(NOW.timestamp())
    assert await hand_in(site, cosigned(first, at=at + AHEAD + 1)) == 403
    assert await hand_in(site, cosigned(first) + cosigned(first, at=at + AHEAD + 1).split("\n\n")[1]) == 403
    assert await hand_in(site, cosigned(first, at=at + AHEAD)) == 201
    assert text


async def test_only_a_checkpoint_that_we_have_is_cosigned(site: Site) -> None:
    """409 for a size that we never signed, for another root of a size, and for another ledger's: nothing is kept."""
    hire(site)
    head = await signed(site)
    for forged in (
        replace(head, size=head.size + 1),
        replace(head, root=bytes(32)),
        replace(head, origin="127.0.0.1/farsta"),
    ):
        assert await hand_in(site, cosigned(forged)) == 409
    assert await site.store.read(lambda tx: list(tx.cosignatures.all(MALMO))) == []


@pytest.mark.parametrize(
    "make",
    [
        lambda _: "",
        lambda _: "\x00",
        lambda note: note[:-1],
        lambda note: note.replace("\n\n", "\n"),
        lambda note: note.replace("malmo\n", "malmo\nextension\n"),
        lambda note: note.encode() + b"\xff",
        lambda note: note + note.split("\n\n")[1] * 16,
        lambda _: '{"note": "x"}',
    ],
    ids=["empty", "zero", "cut", "no-blank-line", "four-lines", "no-utf8", "17-lines", "json"],
)
async def test_what_is_no_note_is_refused(site: Site, make: Callable[[str], str | bytes]) -> None:
    """400 for anything but a checkpoint with signature lines."""
    hire(site)
    assert await hand_in(site, make(cosigned(await signed(site)))) == 400


@pytest.mark.parametrize("chunked", [False, True])
async def test_too_long_a_note_is_refused(site: Site, *, chunked: bool) -> None:
    """More than 8 KiB is no note of a few witnesses."""
    sent = b"x" * (8 * 1024 + 1)
    path = f"{LEDGER}/cosignatures"
    async with site.client.post(path, data=pieces(sent) if chunked else sent) as answer:
        assert answer.status == 413


async def test_a_cosignature_needs_its_checkpoint(site: Site) -> None:
    """The store keeps no cosignature of a checkpoint that is not there."""
    with pytest.raises(BadInput):
        await site.store.write(lambda tx: tx.cosignatures.put(MALMO, 10**6, "w", "line"))
