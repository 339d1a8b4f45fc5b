"""Feeds: which addresses are taken, when to look, what is kept while a feed fails, and when that is told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import BadInput
from bot.core.feed import (
    ALARMED,
    EVERY,
    NOTED,
    STALE,
    WHOLE,
    Feed,
    FeedId,
    Format,
    Found,
    Look,
    Outcome,
    check_feed,
    is_due,
    is_news,
    looked,
    rounds,
    wants_whole,
)
from bot.core.ids import OrganisationId

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FEED = Feed(
    id=FeedId("f"),
    organisation=OrganisationId("malmo"),
    label="Schema",
    url="https://schema.example/malmo.ics?token=hemlig",
    format=Format.ICS,
    every=EVERY,
    made=NOW,
    by="test",
)
GOOD = Found(outcome=Outcome.GOOD, whole=True, etag='"1"', modified="m", digest="d", shifts=9)
BAD = Found(outcome=Outcome.UNREACHABLE)


@pytest.mark.parametrize(
    "url",
    [
        *("http://schema.example/a", "ftp://schema.example/a", "file:///etc/passwd", "schema.example", ""),
        *(
            "https://",
            "https://name:secret@schema.example/",
            "https://schema.example:99999/",
            "https://[::1/",
        ),
        *(
            "https://schema.example/a b",
            "https://schema.example/\n",
            "https://schema.example/#a",
            "https://å.example/",
        ),
        *("https://schema..example:0x1/", "https://-schema.example/", "https://x" + "x" * 2000),
    ],
)
def test_an_address_that_is_none_is_refused_without_repeating_it(url: str) -> None:
    """Only https, a host, nobody's password; the address is a secret, so no refusal says it."""
    with pytest.raises(BadInput) as refused:
        check_feed(replace(FEED, url=url))
    assert "schema.example" not in str(refused.value)


def test_an_address_inside_is_taken_where_a_setting_names_its_host() -> None:
    """A schedule on one's own network, also over http, by host and port."""
    inside = frozenset({"10.0.0.7:8080", "schema.local"})
    for url in ("http://10.0.0.7:8080/a", "https://schema.local/a"):
        check_feed(replace(FEED, url=url), inside)
    for url in ("http://10.0.0.7/a", "http://schema.local:81/a"):
        with pytest.raises(BadInput):
            check_feed(replace(FEED, url=url), inside)


@pytest.mark.parametrize(
    "change", [{"label": ""}, {"label": "a\nb"}, {"every": MINUTE}, {"every": 13 * 60 * MINUTE}]
)
def test_a_feed_that_cannot_be_kept_is_refused(change: dict[str, object]) -> None:
    """A name of one line, and a rhythm that neither hammers nor forgets."""
    with pytest.raises(BadInput):
        check_feed(replace(FEED, **change))  # type: ignore[arg-type]  # fields by name


def test_the_address_is_not_shown_by_accident() -> None:
    """Neither in a log line nor in a traceback: a feed's text form has no address."""
    assert "hemlig" not in repr(FEED)
    assert FEED.host == "schema.example"


def test_a_feed_is_due_by_its_rhythm_and_after_a_clock_that_was_set_back() -> None:
    """At once at start, then every so often; a clock an hour back does not stop it for an hour."""
    assert is_due(FEED, None, NOW)
    assert not is_due(FEED, NOW, NOW + EVERY - MINUTE)
    assert is_due(FEED, NOW, NOW + EVERY)
    assert is_due(FEED, NOW, NOW - MINUTE)
    assert not is_due(replace(FEED, ended=NOW), None, NOW)


def test_what_was_good_stays_known_while_a_feed_fails() -> None:
    """Failing says since when; the tag of the last good file is kept, and never one of a bad file."""
    good = looked(FEED, None, GOOD, NOW)
    bad = looked(FEED, good, replace(BAD, etag="other"), NOW + MINUTE)
    worse = looked(FEED, bad, BAD, NOW + 2 * MINUTE)
    assert (worse.outcome, worse.since, worse.good, worse.etag) == (BAD.outcome, NOW + MINUTE, NOW, '"1"')
    back = looked(FEED, replace(worse, told=2), Found(outcome=Outcome.GOOD), NOW + 3 * MINUTE)
    assert (back.good, back.whole, back.shifts, back.told) == (NOW + 3 * MINUTE, NOW, 9, 0)


def test_a_file_that_never_changes_is_read_whole_now_and_then() -> None:
    """What recurs reaches a year ahead of the last whole reading: an unchanged file is read again."""
    good = looked(FEED, None, GOOD, NOW)
    same = looked(FEED, good, Found(outcome=Outcome.GOOD), NOW + WHOLE - MINUTE)
    assert wants_whole(None, NOW)
    assert not wants_whole(same, NOW + WHOLE - MINUTE)
    assert wants_whole(same, NOW + WHOLE)
    assert wants_whole(same, NOW - MINUTE)


def test_a_look_that_changes_nothing_is_written_down_once_an_hour() -> None:
    """Quarter after quarter of nothing new fills no ledger; any change is written down at once."""
    good = looked(FEED, None, GOOD, NOW)
    later = looked(FEED, good, Found(outcome=Outcome.GOOD), NOW + EVERY)
    assert is_news(None, good)
    assert not is_news(good, later)
    assert is_news(good, replace(later, at=NOW + NOTED))
    assert is_news(good, looked(FEED, good, BAD, NOW + EVERY))
    assert is_news(good, replace(later, digest="other"))


@given(st.lists(st.tuples(st.integers(1, 600), st.booleans()), max_size=30))
def test_staleness_is_counted_from_the_last_good_look(looks: list[tuple[int, bool]]) -> None:
    """For every course of looks: nobody is told before a day without a good one, supervisors after three."""
    now, good, known = NOW, NOW, None
    look: Look | None = known
    for minutes, well in looks:
        now += minutes * MINUTE
        look = looked(FEED, look, GOOD if well else BAD, now)
        good = now if well else good
        assert rounds(FEED, look, now) == (now - good >= STALE) + (now - good >= ALARMED)
