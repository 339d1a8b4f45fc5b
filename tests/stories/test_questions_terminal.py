"""A curator with key files reads at a terminal what officers asked in vain; nobody else does; and the learning view, served."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.__main__ import main
from bot.core.ids import PersonId
from bot.demo.seed_pins import write_pins
from bot.flow.questions import close_over
from bot.flow.sign_in import issue_link
from tests.stories.story import OFFICER, Story

UNKNOWN = "hur lagar Ulrika Ekdahl en trasig cykelkedja"
KEPT = "hur lagar [NAMN] en trasig cykelkedja"
OWN = {"Sec-Fetch-Site": "same-origin"}


@dataclass(slots=True)
class Desk:
    """Terminals, and what they say."""

    night: Story
    captured: pytest.CaptureFixture[str]

    @property
    def folder(self) -> Path:
        return self.night.database.parent

    async def run(self, key: str, *words: str) -> tuple[int, str, str]:
        """Run a command with somebody's key file; exit code, stdout, stderr."""
        file = self.folder / key
        pins = write_pins(self.night.deps, file)
        self.captured.readouterr()
        named = ["--key", str(file), "--pins", str(pins)]
        code = await asyncio.to_thread(main, ["questions", *words, *named])
        shown = self.captured.readouterr()
        return code, shown.out, shown.err

    async def asked_in_vain(self) -> None:
        """An officer asks what the library does not know, and the day goes by."""
        phone = self.night.phone(OFFICER)
        await phone.say(UNKNOWN)
        await phone.wait_for_text("Jag vet inte")
        self.night.clock.move(timedelta(days=1))
        await close_over(self.night.deps)


@pytest.fixture
def desk(night: Story, capfd: pytest.CaptureFixture[str]) -> Desk:
    """A Saturday night."""
    return Desk(night=night, captured=capfd)


CURATOR, LAWYER, CHIEF = (
    "curators/malmo--p-malmo-redaktor.key",
    "curators/malmo--p-malmo-jurist.key",
    "supervisors/malmo--p-malmo-chef-1.key",
)


async def test_a_curator_reads_at_a_terminal(desk: Desk) -> None:
    """What was asked stands on stdout, without the name that was in it; the lawyer reads the same; the counts agree."""
    await desk.asked_in_vain()
    code, told, _ = await desk.run(CURATOR, "list", "--json")
    (one,) = [json.loads(line) for line in told.splitlines()]
    assert (code, one["ok"], one["kind"], one["articles"], one["text"]) == (0, True, "nothing", [], KEPT)
    assert one["day"] == "2026-11-21"
    code, told, _ = await desk.run(LAWYER, "list")
    assert (code, KEPT in told) == (0, True)
    code, told, _ = await desk.run(CURATOR, "counts", "--json")
    assert (code, json.loads(told)["kinds"]) == (0, {"nothing": 1})
    reads = await desk.night.deps.store.read(
        lambda tx: [one for one in tx.audit.entries("malmo") if one.entry.kind == "question-read"]  # type: ignore[arg-type]
    )
    assert len(reads) == 2


async def test_nobody_else_reads(desk: Desk) -> None:
    """A supervisor, a coordinator, and a curator in an organisation that is not theirs: refused, and nothing is told."""
    await desk.asked_in_vain()
    for key, words in (
        (CHIEF, ("list",)),
        (CHIEF, ("counts",)),
        ("coordinators/malmo--p-malmo-samordnare.key", ("list",)),
        (CURATOR, ("list", "--org", "farsta")),
        (CURATOR, ("counts", "--org", "nowhere")),
    ):
        code, told, said = await desk.run(key, *words)
        assert (code, told) == (3, "")
        assert said.startswith("samjour: these questions are not for this device: ")
        assert len(said.splitlines()) == 1


async def test_nothing_to_count_is_said(desk: Desk) -> None:
    """An empty answer is no silence: since when it was counted, and that today comes tomorrow; stdout stays empty."""
    code, told, said = await desk.run(CURATOR, "counts")
    assert (code, told) == (0, "")
    assert said == "nothing was counted since 2026-10-22: today's questions are counted tomorrow\n"


async def test_a_changed_copy_is_told_and_hides_no_other(desk: Desk) -> None:
    """A copy that somebody changed in the database does not open, and is said not to; exit 1."""
    await desk.asked_in_vain()
    with closing(sqlite3.connect(desk.night.database)) as database, database:
        database.execute("UPDATE questions SET day = '2026-11-20'")
    code, told, _ = await desk.run(CURATOR, "list", "--json")
    assert (code, json.loads(told)["ok"]) == (1, False)
    with closing(sqlite3.connect(desk.night.database)) as database, database:
        database.execute("UPDATE questions SET day = '2026-11-21'")
    assert (await desk.run(CURATOR, "list", "--json"))[0] == 0


async def test_bad_words_on_the_line_are_refused(desk: Desk) -> None:
    """A limit that is none, and files that are not there."""
    assert (await desk.run(CURATOR, "list", "--limit", "0"))[0] == 2
    assert await desk.run(CURATOR, "counts", "--days", "0") == (
        2,
        "",
        "samjour: --days: is a number from 1 on\n",
    )
    assert (await desk.run(CURATOR, "counts", "--days", "1000000"))[0] == 2
    code = await asyncio.to_thread(main, ["questions", "list", "--key", "nowhere", "--pins", "nowhere"])
    assert code == 3


# ---- the learning view ---------------------------------------------------------------------------------


@asynccontextmanager
async def browser(night: Story, person: str | None) -> AsyncIterator[aiohttp.ClientSession]:
    """A browser without scripts, signed in as somebody."""
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(night.deps.base_url, cookie_jar=jar) as session:
        if person is not None:
            token = (await issue_link(night.deps, PersonId(person))).partition("#")[2]
            async with session.post("/api/v1/sessions", json={"token": token}, headers=OWN) as answer:
                assert answer.status == 201
        yield session


async def page(session: aiohttp.ClientSession, path: str, **form: str) -> tuple[int, str]:
    """A page, or what a form is answered with."""
    sent = session.post(path, data=form, headers=OWN) if form else session.get(path)
    async with sent as answer:
        return answer.status, await answer.text()


async def test_the_library_is_browsed_topic_by_topic(night: Story) -> None:
    """Every topic and every article has a page; an answer comes with sources, status and dates; what waits has no text."""
    content = night.deps.content()
    async with browser(night, OFFICER) as session:
        status, start = await page(session, "/learn?lang=sv")
        assert status == 200
        topics = {
            article.path.split("/")[2]
            for article in content.library.articles
            if article.org in (None, "malmo")
        }
        assert all(f'href="/learn/{topic}?lang=sv"' in start for topic in topics)
        for article in content.library.articles:
            if article.org not in (None, "malmo"):
                continue
            _, _, topic, file = article.path.split("/")
            status, told = await page(session, f"/learn/{topic}/{file.removesuffix('.md')}?lang=sv")
            assert status == 200
            told = told.replace("\N{NO-BREAK SPACE}", " ")  # a section keeps its sign on its line
            waits = article.status == "needs_lawyer"
            assert ("Väntar på jurist" in told) is waits
            assert ("UTKAST" in told) is not waits or article.status == "approved"
            assert ("Källor" in told) is not waits
            assert (
                (article.body[:20] in told) is not waits
                or "{" in article.body[:60]
                or '"' in article.body[:20]
            )
        status, everything = await page(session, "/learn/all?lang=en")
        here = [one for one in content.library.articles if one.org in (None, "malmo", "skane")]
        assert (status, everything.count("<article") >= len(here)) == (200, True)


async def test_only_who_is_signed_in_and_asks_or_answers_browses(night: Story) -> None:
    """Nobody, and a coordinator: refused, on every page."""
    for person, status in ((None, 401), ("p-malmo-samordnare", 403)):
        async with browser(night, person) as session:
            for path in ("/learn", "/learn/lvu", "/learn/all", "/learn/lvu/nar-omedelbart-lvu"):
                assert (await page(session, path))[0] == status
            assert (await page(session, "/learn", q="lvu"))[0] == status
    async with browser(night, OFFICER) as session:
        for path in ("/learn/nowhere", "/learn/lvu/nowhere", "/learn/nowhere/nowhere"):
            assert (await page(session, path))[0] == 404


async def test_a_search_says_what_an_officer_is_told(night: Story, capfd: pytest.CaptureFixture[str]) -> None:
    """For each outcome of the engine the page names the same articles as `samjour ask` does in that place and hour."""
    told_as = {
        "answer": "skulle du ha fått",
        "unsure": "vilken du menar",
        "withheld": "en person svara",
        "nothing": "vet inte",
    }
    asked = [
        "får vi låsa in en lvu-kille under transporten",
        "heder brott",
        "hur lagar jag en cykelkedja",
        "lvu",
    ]
    async with browser(night, OFFICER) as session:
        for question in asked:
            capfd.readouterr()
            at = night.clock.now().isoformat()
            code = await asyncio.to_thread(main, ["ask", "--org", "malmo", "--at", at, "--json", question])
            report = json.loads(capfd.readouterr().out)
            status, shown = await page(session, "/learn?lang=sv", q=question)
            assert (code, status) == (0, 200)
            assert told_as[report["answer_kind"]] in shown
            others = report["alternatives"] if report["answer_kind"] == "unsure" else []
            wanted = [one for one in (report["entry"], *others) if one is not None]
            places = [shown.find(f'id="{one}"') for one in wanted]
            assert places == sorted(places)
            assert -1 not in places
            assert shown.count("<article") == len(wanted)


async def test_a_search_that_points_somebody_out_is_not_made(night: Story) -> None:
    """The guard stops it as on every page of the web; nothing of it comes back, and nothing is kept."""
    async with browser(night, OFFICER) as session:
        status, shown = await page(session, "/learn?lang=sv", q="var bor Ulrika Ekdahl 070-1740640")
        assert status == 200
        assert "ett namn" in shown
        assert "Ekdahl" not in shown
        assert "<article" not in shown
        assert (await page(session, "/learn", q="x" * 501))[1].count("500") >= 1
        assert (await page(session, "/learn", q=" "))[0] == 200
        assert (await page(session, "/learn", q="å" * 5000))[0] == 413
