"""The page of numbers that a telephone keeps: true for a week without asking anybody."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.hours import is_open, local_day
from bot.core.places import lasts
from bot.flow.numbers_ahead import GOOD, is_answered, numbers_ahead
from bot.flow.words import Words
from tests.web import world
from tests.web.serving import Site
from tests.web.world import Known

CLOCKS_GO_BACK = datetime(2026, 10, 23, 20, 0, tzinfo=UTC)  # the Friday before
CLOCKS_GO_FORWARD = datetime(2027, 3, 26, 20, 0, tzinfo=UTC)
CHRISTMAS = datetime(2026, 12, 21, 12, 0, tzinfo=UTC)  # the Monday before
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("made", [world.NOW, CLOCKS_GO_BACK, CLOCKS_GO_FORWARD, CHRISTMAS])
def test_at_every_minute_of_the_week_it_says_what_the_server_would_say(known: Known, made: datetime) -> None:
    """Holidays and both nights when the clocks are changed included: the hours in the page are the hours in the files."""
    found = numbers_ahead(Words(known, "sv", made))  # type: ignore[arg-type]  # all that it asks for
    boards = [own for own in known.structure.organisations.values() if own.numbers]
    told = {line.number: opened for line, opened in found.open.items()}
    checked = 0
    for number in (one for own in boards for one in own.numbers):
        if number.number not in told:
            continue
        for step in range(0, int(GOOD / MINUTE), 30):
            at = made + step * MINUTE
            answers = lasts(number, local_day(at)) and is_open(number.hours, at)
            assert is_answered(told[number.number], at) == answers, (number.id, at)
            checked += 1
    assert checked > 1000


async def test_it_needs_neither_session_nor_store_and_knows_nobody(site: Site) -> None:
    """The same bytes for whoever asks, also when the database is gone: a telephone may keep it for anybody to see."""
    async with site.client.get("/numbers") as answer:
        outside = await answer.text()
        assert answer.headers["Samjour-Made"] == f"{world.NOW.timestamp():.0f}"
    await site.sign_in(world.OFFICER)
    async with site.client.get("/numbers") as answer:
        assert await answer.text() == outside
    await site.lose_database()
    async with site.client.get("/numbers") as answer:
        assert (answer.status, await answer.text()) == (200, outside)


async def test_it_shows_numbers_that_do_not_answer_now_with_their_hours(site: Site) -> None:
    """A list for a week cannot leave out what opens on Monday: it stands there, and does not stand out."""
    async with site.client.get("/numbers") as answer:
        text = await answer.text()
    assert 'href="tel:0701740609"' in text
    assert "Måndag 30 november till fredag 4 december: 08.00–16.30." in text
    assert "Hämtad lördag 28 november kl. 23.40. Gäller till lördag 5 december kl. 23.40." in text
    async with site.client.get("/numbers?lang=en") as answer:
        english = await answer.text()
    assert "Monday 30 November to Friday 4 December: 08:00–16:30." in english


async def test_the_worker_may_look_after_every_page_and_is_asked_for_each_time(site: Site) -> None:
    """A new version of what stands between page and net is taken at once; it is a file like others on the ledger's list."""
    async with site.client.get("/static/sw.js") as answer:
        assert answer.headers["Service-Worker-Allowed"] == "/"
        assert answer.headers["Cache-Control"] == "no-cache"
        assert answer.content_type == "text/javascript"
    async with site.client.get("/static/status.js") as answer:
        assert "Service-Worker-Allowed" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/device", "/enrol"])
async def test_a_page_that_stands_open_has_its_alert_ready(site: Site, path: str) -> None:
    """The number is in the page before anything goes wrong: saying "ring" needs no server."""
    async with site.client.get(path) as answer:
        text = await answer.text()
    alert = text.partition("data-silence")[2].partition("</section>")[0]
    assert alert.startswith(" hidden")
    assert 'href="tel:0701740605"' in alert or 'href="tel:0701740610"' in alert
    assert 'href="/numbers?lang=sv"' in alert
    assert "offline.js" in text
