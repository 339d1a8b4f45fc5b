"""`samjour witness`: follows a ledger that only grows, and refuses for good one that does not."""

import asyncio
import json
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from sqlalchemy import text

from bot.__main__ import main
from bot.commands.witness_files import MAX_EVIDENCE, keep_evidence
from bot.core.ids import OrganisationId
from bot.core.witnesses_file import Witness
from bot.flow.ports import Tx
from bot.flow.upkeep import origin
from bot.seal.checkpoint import Checkpoint, sign_checkpoint, verify_checkpoint
from bot.seal.cosignature import verify_cosignature, witness_from_text, witness_to_text
from bot.seal.note import Verifier, split_notes, verifier_to_text
from bot.seal.signing import signing_key
from bot.store.lock import FileLock
from bot.store.sqlite import SqliteStore
from tests.web.serving import Site, serve
from tests.web.world import LEDGER_KEY, MALMO, POLICE, Known, entry, make_database, read_content

ROWS = ("cosignatures", "checkpoints", "nodes", "entries", "ledgers")  # in the order in which they may go


@pytest.fixture(scope="session")
def known() -> Known:
    return read_content()


@pytest.fixture(scope="session")
def database(known: Known, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seeded database, to be copied."""
    path = tmp_path_factory.mktemp("seeded") / "samjour.db"
    make_database(path, known)
    return path


@pytest.fixture
async def site(tmp_path: Path, known: Known, database: Path) -> AsyncIterator[Site]:
    """A server with ledgers of Malmö and the police."""
    path = Path(shutil.copy(database, tmp_path / "samjour.db"))
    async with serve(path, known) as served:
        await grow(served, 0)
        yield served


@dataclass(slots=True, kw_only=True)
class Desk:
    """Where the witness is run, and what it said."""

    folder: Path
    url: str
    vkeys: list[str]
    capsys: pytest.CaptureFixture[str]
    said: str = ""
    told: str = ""

    @property
    def key(self) -> Path:
        return self.folder / "witness.key"

    @property
    def state(self) -> Path:
        return self.folder / "witness.state"

    @property
    def evidence(self) -> list[Path]:
        return sorted(self.folder.glob("witness.state.evidence-*"))

    def arguments(self, *more: str) -> list[str]:
        keys = [word for vkey in self.vkeys for word in ("--vkey", vkey)]
        files = ["--key", str(self.key), "--state", str(self.state)]
        return ["witness", "--url", self.url, *keys, *files, *more]

    async def run(self, *more: str) -> int:
        """Run it once, as its own command; the exit code."""
        code = await asyncio.to_thread(main, self.arguments("--once", *more))
        self.said, self.told = self.capsys.readouterr()
        assert "Traceback" not in self.told
        return code

    @property
    def did(self) -> dict[str, str]:
        """What came of each ledger."""
        return {one["organisation"]: one["did"] for one in map(json.loads, self.said.splitlines()[1:])}

    @property
    def own(self) -> Verifier:
        """The verifier key that it printed."""
        return witness_from_text(json.loads(self.said.splitlines()[0])["witness"])


@pytest.fixture
def desk(site: Site, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    """A witness of Malmö's ledger: it knows an address and a key."""
    return Desk(folder=tmp_path / "desk", url=site.deps.base_url, vkeys=[vkey(site, MALMO)], capsys=capsys)


def vkey(site: Site, organisation: str) -> str:
    """The ledger's verifier key, as it was handed over on paper."""
    name = origin(site.deps.base_url, OrganisationId(organisation))
    return verifier_to_text(Verifier(name=name, public=LEDGER_KEY.public))


def hire(site: Site, key: Verifier) -> None:
    """Enter the witness in policies/witnesses.yaml."""
    one = Witness(
        name=key.name, vkey=witness_to_text(key), organisations=(MALMO, POLICE), since=date(2026, 1, 1)
    )
    site.content.now = replace(site.content.now, witnesses=(one,))


async def hired(site: Site, desk: Desk) -> None:
    """Let the witness make its key and be entered."""
    assert await desk.run() == 3
    hire(site, desk.own)


async def grow(site: Site, more: int = 1) -> None:
    """So many entries in both ledgers, and a checkpoint over them."""

    def act(tx: Tx) -> None:
        for organisation in (MALMO, POLICE):
            for _ in range(more):
                tx.ledger.append(entry(organisation, "content"))
            sign(tx, site, organisation)

    await site.store.write(act)


def sign(tx: Tx, site: Site, organisation: OrganisationId = MALMO) -> None:
    """Sign the ledger as it stands, whatever was signed before."""
    size = tx.ledger.size(organisation)
    head = Checkpoint(
        origin=origin(site.deps.base_url, organisation), size=size, root=tx.ledger.root(organisation)
    )
    tx.ledger.put_checkpoint(organisation, size, sign_checkpoint(head, LEDGER_KEY))


async def rewrite(store: SqliteStore, act: Callable[[Tx], None]) -> None:
    """What somebody does who has the database and the ledger's key: begin Malmö's ledger anew."""

    def anew(tx: Any) -> None:  # noqa: ANN401 - a SqlTx, whose connection is used
        for table in ROWS:
            tx._connection.execute(text(f"DELETE FROM {table} WHERE organisation = 'malmo'"))  # noqa: S608
        act(tx)

    await store.write(anew)


def other_entries(site: Site, number: int) -> Callable[[Tx], None]:
    """A ledger of so many other entries, signed."""

    def act(tx: Tx) -> None:
        for _ in range(number):
            tx.ledger.append(entry(MALMO, "forged"))
        sign(tx, site)

    return act


async def size_of(site: Site, organisation: OrganisationId = MALMO) -> int:
    return await site.store.read(lambda tx: tx.ledger.size(organisation))


# ---- a ledger that grows -----------------------------------------------------------------------------


async def test_a_growing_ledger_is_followed(site: Site, desk: Desk) -> None:
    """Entered in the files, the witness cosigns the first checkpoint and each later one, and nothing twice."""
    await hired(site, desk)
    for more in (0, 1, 5):
        await grow(site, more)
        assert await desk.run() == 0
        assert desk.did == {"malmo": "cosigned"}
        assert await desk.run() == 0
        assert desk.did == {"malmo": "nothing new"}
        async with site.client.get("/api/v1/ledger/malmo/checkpoint") as answer:
            note = await answer.text()
        verify_cosignature(note, desk.own)


async def test_the_state_is_a_file_of_checkpoints(site: Site, desk: Desk) -> None:
    """What the witness keeps is signed by ledger and witness, readable by its owner alone, and serves to verify."""
    desk.vkeys.append(vkey(site, POLICE))
    await desk.run()
    notes = split_notes(desk.state.read_text())
    assert len(notes) == 2
    for note, organisation in zip(notes, (MALMO, POLICE), strict=True):
        named = origin(site.deps.base_url, organisation)
        head = verify_checkpoint(note, origin=named, public=LEDGER_KEY.public)
        assert head.size == await size_of(site, organisation)
        verify_cosignature(note, desk.own)
    assert {path.stat().st_mode & 0o777 for path in (desk.key, desk.state)} == {0o600}


async def test_the_key_is_made_once_and_its_verifier_key_is_shown(desk: Desk) -> None:
    """The first line on stdout is the key to be entered in the files; it stays the same, and so does its name."""
    assert await desk.run("--name", "polisen.example/witness") == 3
    first = desk.own
    assert first.name == "polisen.example/witness"
    await desk.run()
    assert desk.own == first
    assert await desk.run("--name", "else.example") == 2
    assert "--name" in desk.told


async def test_what_is_accepted_is_kept_before_anybody_is_told(site: Site, desk: Desk) -> None:
    """A server that does not take the cosignature is told again later what is on the witness's disk already."""
    assert await desk.run() == 3
    assert "did not take the cosignature (403)" in desk.told
    assert f"name: {desk.own.name}, vkey: {witness_to_text(desk.own)}\n" in desk.told
    assert (desk.did, "REFUSED" in desk.told) == ({"malmo": "not taken"}, False)
    kept = desk.state.read_text()
    hire(site, desk.own)
    assert await desk.run() == 0
    assert desk.did == {"malmo": "cosigned"}
    assert desk.state.read_text() == kept
    lines = await site.store.read(lambda tx: tx.cosignatures.lines(MALMO, tx.ledger.size(MALMO)))
    assert all(line in kept for line in lines)
    assert lines


async def test_a_crash_before_the_state_is_written_cosigns_nothing(
    site: Site, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the state cannot be made durable, the server hears nothing."""
    await hired(site, desk)
    desk.state.unlink()

    def fails(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bot.store.files.os.fsync", fails)
    assert await desk.run() == 3
    assert "No space left" in desk.told
    assert await site.store.read(lambda tx: list(tx.cosignatures.all(MALMO))) == []
    assert not desk.state.exists()


async def test_ledgers_are_followed_apart(site: Site, desk: Desk) -> None:
    """What one ledger does says nothing of another: the honest one goes on being cosigned."""
    desk.vkeys.append(vkey(site, POLICE))
    await hired(site, desk)
    await desk.run()
    await rewrite(site.store, other_entries(site, 1))
    await site.store.write(lambda tx: tx.ledger.append(entry(POLICE, "content")))
    await site.store.write(lambda tx: sign(tx, site, POLICE))
    assert await desk.run() == 1
    assert desk.did == {"malmo": "refused", "polisen": "cosigned"}
    assert await desk.run("--org", "polisen") == 0
    assert len(split_notes(desk.state.read_text())) == 2


# ---- a ledger that does not --------------------------------------------------------------------------


@pytest.mark.parametrize("change", [-1, 0, 1, 7])
async def test_a_rewritten_ledger_is_refused_for_good(site: Site, desk: Desk, change: int) -> None:
    """Shrunk, of the same size or grown: whoever has the database and the ledger's key is found out by the witness.

    It says so in one line, keeps both notes beside its state, cosigns nothing, and goes on refusing.
    """
    await hired(site, desk)
    await desk.run()
    before, size = desk.state.read_text(), await size_of(site)
    await rewrite(site.store, other_entries(site, size + change))
    for _ in range(2):
        assert await desk.run() == 1
        assert desk.did == {"malmo": "refused"}
        assert [line for line in desk.told.splitlines() if "REFUSED" in line] != []
    assert desk.state.read_text() == before
    (evidence,) = desk.evidence
    heads = [
        verify_checkpoint(note, origin=origin(site.deps.base_url, MALMO), public=LEDGER_KEY.public)
        for note in split_notes(evidence.read_text())
    ]
    assert [head.size for head in heads] == [size, size + change]
    assert evidence.stat().st_mode & 0o777 == 0o600
    assert await site.store.read(lambda tx: list(tx.cosignatures.all(MALMO))) == []


async def test_a_database_put_back_is_refused(site: Site, desk: Desk) -> None:
    """A restore to an earlier hour takes entries away, and the witness says so although each is as it was."""
    await hired(site, desk)
    await grow(site, 3)
    await desk.run()
    size = await size_of(site)

    def cut(tx: Any) -> None:  # noqa: ANN401 - a SqlTx, whose connection is used
        for table in ("cosignatures", "checkpoints"):
            tx._connection.execute(text(f"DELETE FROM {table} WHERE size = {size}"))  # noqa: S608

    await site.store.write(cut)
    assert await desk.run() == 1
    assert f"had {size} entries and shows {size - 3}" in desk.told


async def test_a_ledger_that_is_gone_is_refused(site: Site, desk: Desk) -> None:
    """No checkpoint where there was one is a ledger taken away, not one that has not begun."""
    await desk.run()
    await rewrite(site.store, lambda _: None)
    assert await desk.run() == 1
    assert "shows none" in desk.told
    desk.state.unlink()
    assert await desk.run() == 3
    assert "no checkpoint yet" in desk.told


async def test_another_key_is_refused(site: Site, desk: Desk) -> None:
    """A checkpoint that another key signed is not the ledger's; nothing is accepted or kept."""
    name = origin(site.deps.base_url, MALMO)
    desk.vkeys = [verifier_to_text(Verifier(name=name, public=signing_key(b"o" * 32).public))]
    assert await desk.run() == 1
    assert not desk.state.exists()
    assert desk.evidence == []


async def test_another_ledgers_checkpoint_is_refused(site: Site, desk: Desk) -> None:
    """Shown in one ledger's place, another's checkpoint is refused, though the same key signed it and it is the larger."""
    await desk.run()
    kept = desk.state.read_bytes()
    await grow(site, 3)
    mine, size = origin(site.deps.base_url, MALMO), await size_of(site)
    other = origin(site.deps.base_url, POLICE)

    def exchange(tx: Any) -> None:  # noqa: ANN401 - a SqlTx, whose connection is used
        head = Checkpoint(origin=other, size=size, root=tx.ledger.root(MALMO))
        named = {"note": sign_checkpoint(head, LEDGER_KEY), "size": size}
        tx._connection.execute(
            text("UPDATE checkpoints SET note = :note WHERE organisation = 'malmo' AND size = :size"), named
        )

    await site.store.write(exchange)
    assert other != mine
    assert await desk.run() == 1
    assert desk.did == {"malmo": "refused"}
    assert desk.state.read_bytes() == kept


async def test_of_two_histories_each_witness_believes_one_and_no_witness_both(
    site: Site, desk: Desk, tmp_path: Path
) -> None:
    """A server that shows another history to each witness: both go on, but their notes contradict each other for good."""
    other = replace(desk, folder=tmp_path / "second")
    assert await desk.run() == 3  # kept; not yet entered in the files
    size = await size_of(site)
    await rewrite(site.store, other_entries(site, size))
    assert await other.run() == 3
    first, second = (verify_checkpoint_of(site, one.state.read_text()) for one in (desk, other))
    assert (first.size, first.root == second.root) == (second.size, False)
    assert await desk.run() == 1  # and each refuses the other's
    assert len(desk.evidence) == 1


def verify_checkpoint_of(site: Site, note: str) -> Checkpoint:
    return verify_checkpoint(note, origin=origin(site.deps.base_url, MALMO), public=LEDGER_KEY.public)


async def test_a_state_that_is_damaged_or_anothers_stops_the_witness(desk: Desk) -> None:
    """A witness never begins anew in silence: a state that it did not write stops it, and stays as it is."""
    await desk.run()
    good = desk.state.read_text()
    for damaged in (good[:-1], good.replace("malmo\n", "farsta\n"), good + "x", "\n" + good[3:], "x" * 2**20):
        desk.state.write_text(damaged)
        assert await desk.run() == 3
        assert "state" in desk.told
        assert desk.state.read_text() == damaged
    desk.state.write_text(good)
    desk.key.unlink()
    assert await desk.run() == 3
    assert desk.state.read_text() == good


async def test_a_state_that_is_gone_is_told(desk: Desk) -> None:
    """The first checkpoint of a ledger is taken as it is, and that is said each time that it happens."""
    for _ in range(2):
        await desk.run()
        assert "for the first time" in desk.told
        desk.state.unlink()


async def test_a_key_that_others_can_read_is_not_used(desk: Desk) -> None:
    """Mode 0600 or nothing; a damaged key file is named."""
    await desk.run()
    desk.key.chmod(0o644)
    assert await desk.run() == 3
    assert "chmod 600" in desk.told
    desk.key.chmod(0o600)
    desk.key.write_text("PRIVATE+KEY+damaged")
    assert await desk.run() == 3
    assert "damaged" in desk.told


def test_evidence_is_bounded(tmp_path: Path) -> None:
    """Whoever floods a witness with contradictions fills no disk; the same ones are kept once."""
    state = tmp_path / "state"
    assert keep_evidence(state, "malmo", ["a"]) == keep_evidence(state, "malmo", ["a"])
    kept = [keep_evidence(state, "malmo", [str(number)]) for number in range(MAX_EVIDENCE + 5)]
    assert kept.count(None) == 6
    assert len(list(tmp_path.iterdir())) == MAX_EVIDENCE


# ---- bad input and bad servers -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        ["--org", "farsta"],
        ["--vkey", "nonsense"],
        ["--url", "ftp://localhost"],
        ["--url", "not an address"],
        ["--url", "https://user:secret@localhost"],
        ["--every", "0"],
        ["--name", "two words"],
    ],
    ids=lambda change: "-".join(change)[2:20],
)
async def test_bad_usage_is_told_in_one_line(desk: Desk, change: list[str]) -> None:
    """Exit 2 and one line, before anything is asked or made."""
    assert await desk.run(*change) == 2
    assert len(desk.told.splitlines()) == 1
    assert not desk.state.exists()


async def test_one_state_has_one_witness(desk: Desk) -> None:
    """Two processes never share a state: the second is refused."""
    desk.folder.mkdir()
    lock = FileLock(desk.state)
    assert await desk.run() == 3
    assert "another witness" in desk.told
    lock.release()


Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def liar(answer: Answer) -> AsyncIterator[str]:
    """A server that answers everything in its own way."""
    app = web.Application()
    app.router.add_route("*", "/{any:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert runner.addresses
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


NOTE = sign_checkpoint(Checkpoint(origin="127.0.0.1/malmo", size=9, root=bytes(32)), LEDGER_KEY)


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (200, b"", 1),
        (200, b"\xff\xfe", 1),
        (200, b"x" * (2**16 + 1), 1),
        (200, NOTE.replace("\n9\n", "\n8\n").encode(), 1),
        (500, b"", 3),
        (503, NOTE.encode(), 3),
        (301, b"", 3),
        (404, b"", 3),
        (403, b"", 3),
    ],
)
async def test_an_answer_that_is_no_checkpoint_is_not_accepted(
    desk: Desk, status: int, body: bytes, code: int
) -> None:
    """Garbage, too much, another size than was signed: refused. Errors and redirects: out of reach. Nothing is kept."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, body=body, headers={"Location": "/elsewhere"})

    async with liar(answer) as desk.url:
        assert await desk.run() == code
    assert not desk.state.exists()


@pytest.mark.parametrize(
    "proof",
    [b"", b"{}", b'{"proof": 1}', b'{"proof": ["x"]}', b'{"proof": []}', b"[" * 9000],
    ids=["empty", "none", "number", "no-hash", "too-short", "too-long"],
)
@pytest.mark.parametrize("status", [200, 400])
async def test_growth_without_a_proof_is_refused(site: Site, desk: Desk, status: int, proof: bytes) -> None:
    """A server that shows more and proves nothing is refused, and both notes are kept."""
    await desk.run()
    await grow(site, 3)

    async def answer(request: web.Request) -> web.Response:
        if "consistency" in request.path:
            return web.Response(status=status, body=proof)
        async with site.client.get(request.path) as real:
            return web.Response(status=real.status, body=await real.read())

    async with liar(answer) as desk.url:
        assert await desk.run() == 1
    assert len(desk.evidence) == 1


async def test_a_server_that_cannot_prove_just_now_is_asked_again(site: Site, desk: Desk) -> None:
    """An error of the server's is no refusal of the ledger: exit 3, nothing kept against it, and it goes on later."""
    await hired(site, desk)
    await grow(site, 3)

    async def answer(request: web.Request) -> web.Response:
        if "consistency" in request.path:
            return web.Response(status=503)
        async with site.client.get(request.path) as real:
            return web.Response(status=real.status, body=await real.read())

    url = desk.url
    async with liar(answer) as desk.url:
        assert await desk.run() == 3
    assert desk.evidence == []
    desk.url = url
    assert await desk.run() == 0


async def test_nobody_there_is_out_of_reach(desk: Desk) -> None:
    """A port where nobody listens is exit 3 and one line."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response()

    async with liar(answer) as desk.url:
        pass
    assert await desk.run() == 3
    assert "does not answer" in desk.told


async def test_it_goes_on_until_it_is_told_to_stop(site: Site, desk: Desk) -> None:
    """Without --once it looks again and again, and ends in order on SIGTERM."""
    await desk.run()
    arguments = desk.arguments("--every", "1")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout is not None
    lines = [json.loads(await process.stdout.readline()) for _ in range(3)]
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 0
    assert witness_from_text(lines[0]["witness"]) == desk.own
    assert [line["organisation"] for line in lines[1:]] == ["malmo", "malmo"]
    assert await size_of(site) == lines[1]["size"]
