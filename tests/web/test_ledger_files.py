"""The digests of what browsers are served stand on the ledger, are proved to whoever asks, and give nothing else away."""

import json
from hashlib import sha256
from typing import Any

import pytest

from bot.core.errors import BadInput, Unavailable
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.flow.served_files import KIND, MAX_FILES, Look, files_in, note_served, note_served_at_start, served
from bot.flow.upkeep import origin, sign_heads, signers
from bot.flow.verify import verify
from bot.seal.checkpoint import verify_checkpoint
from bot.seal.log import leaf_hash
from bot.seal.proof import verify_inclusion
from bot.seal.wire import from_base64url
from bot.web.assets import digests
from bot.web.deps import ASSETS
from tests.web.serving import Site
from tests.web.world import LEDGER_KEY, POLICE

PATH = "/api/v1/ledger/files"
FILE = {"a.js": sha256(b"a").hexdigest()}


def deps_of(site: Site) -> Deps:
    """What the flow works with."""
    assert site.deps.flow is not None
    return site.deps.flow


async def told(site: Site) -> dict[str, Any]:
    """The list as somebody from outside reads it: believed by its proof alone."""
    async with site.client.get(PATH) as answer:
        assert answer.status == 200
        plain = await answer.json()
    body, salt = from_base64url(plain["body"]), from_base64url(plain["salt"])
    named = origin(site.deps.base_url, POLICE)
    head = verify_checkpoint(plain["checkpoint"], origin=named, public=LEDGER_KEY.public)
    verify_inclusion(
        index=plain["index"],
        size=head.size,
        leaf=leaf_hash(kind=plain["kind"], salt=salt, body=body),
        proof=[from_base64url(text) for text in plain["proof"]],
        root=head.root,
    )
    assert (plain["organisation"], plain["kind"]) == (POLICE, KIND)
    files: dict[str, Any] = json.loads(body)["files"]
    return files


async def test_whoever_is_served_a_file_can_compare_it(site: Site) -> None:
    """Each file that is served, and no other, stands in the list with the digest of the bytes that were served."""
    assets = site.runner.app[ASSETS]
    assert await note_served(deps_of(site), digests(assets)) is True
    files = await told(site)
    assert set(files) == set(assets)
    assert "directories.js" in files
    for name in sorted(files):
        async with site.client.get(f"/static/{name}") as answer:
            if answer.status == 200:
                assert sha256(await answer.read()).hexdigest() == files[name]


async def test_it_is_recorded_when_it_changed_and_not_before(site: Site) -> None:
    """The same files add nothing at the next start; another file, or one less, is a new entry, and the newest counts."""
    deps = deps_of(site)
    assert [await note_served(deps, FILE) for _ in range(3)] == [True, False, False]
    size = await site.store.read(lambda tx: tx.ledger.size(POLICE))
    more = {**FILE, "b.js": sha256(b"b").hexdigest()}
    assert await note_served(deps, more) is True
    assert await told(site) == more
    assert await note_served(deps, FILE) is True
    assert await told(site) == FILE
    assert await site.store.read(lambda tx: tx.ledger.size(POLICE)) == size + 2


async def test_the_ledger_is_looked_through_once(site: Site) -> None:
    """Whoever asks again and again has only what is new looked at; what was found before stays found."""
    deps = deps_of(site)
    await note_served(deps, FILE)

    def look(tx: Tx) -> tuple[Look, Look]:
        first = served(tx, deps, Look())[1]
        return first, served(tx, deps, first)[1]

    first, second = await site.store.read(look)
    assert first == second
    assert first.until == await site.store.read(lambda tx: tx.ledger.size(POLICE))
    assert first.found is not None
    assert await site.store.read(lambda tx: tx.ledger.newest(POLICE, KIND, since=first.until)) is None
    await site.store.write(lambda tx: tx.ledger.append(fact(deps, POLICE, "other", deps.clock.now())))
    assert [await told(site), await told(site)] == [FILE, FILE]


async def test_there_is_none_before_it_is_recorded(site: Site) -> None:
    """404, with other entries on the ledger and a checkpoint over them: no other entry is shown in its place."""
    await sign_heads(deps_of(site))
    async with site.client.get(PATH) as answer:
        assert answer.status == 404


async def test_what_stands_under_no_checkpoint_is_not_shown(site: Site) -> None:
    """A list that is recorded and not signed proves nothing, and is shown to nobody."""
    deps = deps_of(site)
    await sign_heads(deps)
    entry = fact(deps, POLICE, KIND, deps.clock.now(), files=FILE)
    await site.store.write(lambda tx: tx.ledger.append(entry))
    async with site.client.get(PATH) as answer:
        assert answer.status == 404
    await sign_heads(deps)
    assert await told(site) == FILE


@pytest.mark.parametrize(
    "files",
    [
        None,
        {},
        [],
        {"a.js": "00"},
        {"a.js": 1},
        {"a js": "0" * 64},
        {"": "0" * 64},
        {f"{n}.js": "0" * 64 for n in range(MAX_FILES + 1)},
    ],
    ids=["none", "empty", "list", "short", "number", "blank", "no-name", "too-many"],
)
async def test_an_entry_of_another_form_is_named(site: Site, files: object) -> None:
    """`ledger verify` reads what such an entry says: one that names no files, or nonsense, is a fault with its place."""
    deps = deps_of(site)
    with pytest.raises(BadInput):
        files_in({"files": files})

    def act(tx: Tx) -> int:
        return tx.ledger.append(fact(deps, POLICE, KIND, deps.clock.now(), files=files)).index

    index = await site.store.write(act)
    found = await site.store.read(lambda tx: verify(tx, signers(deps)))
    assert any(fault.where == f"{POLICE}/{index}" and "names" in fault.what for fault in found.faults)
    assert await note_served(deps, FILE) is True  # such an entry does not stand in for the list
    assert await told(site) == FILE


async def test_a_start_goes_on_without_it(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    """Where it cannot be recorded the server starts all the same, and the log says so by kind."""
    await site.store.close()
    await note_served_at_start(deps_of(site), FILE)
    (line,) = [record for record in caplog.records if record.message == "files not recorded"]
    assert line.__dict__["kind"] == Unavailable.__name__
