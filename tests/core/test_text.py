"""Texts: every sentence is there in both languages, and times read as people write them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import BadContent, BadInput
from bot.core.text import (
    Language,
    Texts,
    bare_time,
    clock_time,
    day_and_time,
    duration,
    merge,
    nearest_language,
    parity,
    placeholders,
)

TEXTS = Texts(
    sentences={
        Language.SV: {"card.open": "{who} har tagit den kl. {since}.", "card.bye": "Hej då"},
        Language.EN: {"card.open": "{who} took it at {since}.", "card.bye": "Goodbye"},
    }
)
INSTANTS = st.datetimes(
    min_value=datetime.fromisoformat("2000-01-01"),
    max_value=datetime.fromisoformat("2099-01-01"),
    timezones=st.just(UTC),
)


def test_a_sentence_is_said_with_its_placeholders_filled() -> None:
    """A key and a language give the sentence; what is not asked for is left out."""
    assert TEXTS.say("sv", "card.open", who="Jouren", since="23.40") == "Jouren har tagit den kl. 23.40."
    assert TEXTS.say("en", "card.open", who="The jour", since=7, other="x") == "The jour took it at 7."
    assert TEXTS.say(Language.SV, "card.bye") == "Hej då"


def test_a_parameter_may_have_any_name() -> None:
    """A placeholder called like an argument of `say` is filled like any other."""
    texts = Texts(sentences={Language.SV: {"a": "{key} {language}"}})
    assert texts.say("sv", "a", key="1", language="2") == "1 2"


@pytest.mark.parametrize(
    ("language", "key", "params", "names"),
    [
        ("sv", "card.shut", {}, "card.shut"),
        ("sv", "card.open", {"who": "Hemlig"}, "since"),
        ("de", "card.bye", {}, "language"),
    ],
)
def test_what_is_missing_is_refused(language: str, key: str, params: dict[str, str], names: str) -> None:
    """An unknown key, an unfilled placeholder and an unknown language are refused without any value."""
    with pytest.raises(BadContent, match=names) as refusal:
        TEXTS.say(language, key, **params)
    assert "Hemlig" not in str(refusal.value)


def test_a_filled_in_brace_is_only_a_brace() -> None:
    """What a person wrote is never read as a placeholder."""
    said = TEXTS.say("sv", "card.open", who="{since.__class__}", since="{who}")
    assert said == "{since.__class__} har tagit den kl. {who}."


@pytest.mark.parametrize(
    ("code", "language"),
    [("sv", "sv"), ("en", "en"), ("en-GB", "en"), ("EN_us", "en"), ("de", "sv"), ("", "sv"), (None, "sv")],
)
def test_swedish_comes_first(code: str | None, language: str) -> None:
    """A device that speaks English is answered in English, every other in Swedish."""
    assert nearest_language(code) == language


def test_files_of_a_language_become_one() -> None:
    """Tables are joined by dots, and files by one another."""
    files: dict[str, dict[str, object]] = {
        "talk.sv.toml": {"home": {"officer": "Vad behöver du?"}, "stop": {"112": "Ring\n"}},
        "duty.sv.toml": {"asleep": "Ingen är {role}."},
    }
    assert merge(files) == {
        "home.officer": "Vad behöver du?",
        "stop.112": "Ring\n",
        "asleep": "Ingen är {role}.",
    }


BAD_SENTENCES: list[tuple[object, str]] = [
    (7, "must be a sentence"),
    ("", "must be a sentence"),
    (" \n", "must be a sentence"),
    (["a"], "must be a sentence"),
    ("en {klammer", "brace that stands alone"),
    ("en } klammer", "brace that stands alone"),
    ("{}", "plain name"),
    ("{0}", "plain name"),
    ("{Who}", "plain name"),
    ("{who.name}", "plain name"),
    ("{who[0]}", "plain name"),
    ("{who!r}", "plain name"),
    ("{who:>99999}", "plain name"),
    ("dold\u202e", "cannot be seen"),
    ("\x1b[31m", "cannot be seen"),
    ({"a": {"b": {"c": {"d": "för djupt"}}}}, "must be a sentence"),
]


@pytest.mark.parametrize(("value", "reason"), BAD_SENTENCES)
def test_a_faulty_sentence_is_refused_with_its_place(value: object, reason: str) -> None:
    """The fault names the file, the key and what is wrong."""
    with pytest.raises(BadContent, match=rf"^talk\.sv\.toml: hem[.a-c]*: .*{reason}"):
        merge({"talk.sv.toml": {"hem": value}})


def test_a_key_is_plain_and_stands_once() -> None:
    """Odd keys, and a key in two files, are refused; every fault is told at once."""
    with pytest.raises(BadContent) as refusal:
        merge({"a.sv.toml": {"x": "ett", "å ä": "två", "z\x1b": ""}, "b.sv.toml": {"x": "tre", "y": ""}})
    assert str(refusal.value).splitlines() == [
        "a.sv.toml: å ä: a key is made of letters, digits, - and _",
        "a.sv.toml: z?: a key is made of letters, digits, - and _",
        "b.sv.toml: x: stands twice",
        "b.sv.toml: y: must be a sentence",
    ]


def test_both_languages_say_the_same() -> None:
    """A key or a placeholder that only one language has is a fault."""
    assert parity({"a": "{x} {y}"}, {"a": "{y}, {x}, {x}"}) == ()
    assert parity({"a": "{x}", "b": "bara"}, {"a": "x", "c": "only"}) == (
        "b: is not in English",
        "c: is not in Swedish",
        "a: the placeholders differ between Swedish and English",
    )


@given(st.text(max_size=30))
def test_what_is_accepted_can_be_said(sentence: str) -> None:
    """A sentence that `merge` accepts is said whatever fills it, and shows what filled it."""
    try:
        accepted = merge({"t.sv.toml": {"a": sentence}})
    except BadContent:
        return
    params = dict.fromkeys(placeholders(sentence), "Å")
    said = Texts(sentences={Language.SV: accepted}).say("sv", "a", **params)
    assert said.count("Å") >= len(params)


NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)  # lördag kl. 21.00


def test_clock_times_are_swedish() -> None:
    """An instant is told by the clock on the wall in Sweden, as each language writes it."""
    instant = datetime(2026, 11, 21, 22, 40, tzinfo=UTC)
    assert clock_time(instant, "sv") == "kl. 23.40"
    assert clock_time(instant, "en") == "23:40"
    assert bare_time(instant, "sv") == "23.40"
    assert clock_time(instant.astimezone(timezone(timedelta(hours=-5))), "sv") == "kl. 23.40"


def test_the_doubled_hour_says_which_it_is() -> None:
    """On the night when the clock goes back, 02.30 is told apart; the hours around it are not."""
    assert clock_time(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "sv") == "kl. 02.30 (sommartid)"
    assert clock_time(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "sv") == "kl. 02.30 (normaltid)"
    assert clock_time(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "en") == "02:30 (standard time)"
    assert clock_time(datetime(2026, 10, 25, 2, 0, tzinfo=UTC), "sv") == "kl. 03.00"
    assert clock_time(datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "sv") == "kl. 03.00"


@pytest.mark.parametrize(
    ("instant", "swedish", "english"),
    [
        (datetime(2026, 11, 21, 22, 40, tzinfo=UTC), "i dag kl. 23.40", "today at 23:40"),
        (datetime(2026, 11, 21, 23, 5, tzinfo=UTC), "i morgon kl. 00.05", "tomorrow at 00:05"),
        (datetime(2026, 11, 20, 7, 0, tzinfo=UTC), "i går kl. 08.00", "yesterday at 08:00"),
        (datetime(2026, 11, 23, 7, 0, tzinfo=UTC), "måndag 23 november kl. 08.00", "Monday 23 November at 08:00"),
        (datetime(2027, 7, 1, 6, 0, tzinfo=UTC), "torsdag 1 juli 2027 kl. 08.00", "Thursday 1 July 2027 at 08:00"),
    ],
)  # fmt: skip
def test_days_are_told_as_people_tell_them(instant: datetime, swedish: str, english: str) -> None:
    """Near days by their names, others by weekday and date, another year with its number."""
    assert day_and_time(instant, NOW, "sv") == swedish
    assert day_and_time(instant, NOW, "en") == english


def test_new_years_eve_is_the_day_before() -> None:
    """A near day needs no year even when the year changes at midnight Swedish time."""
    eve = datetime(2026, 12, 31, 22, 30, tzinfo=UTC)
    assert day_and_time(eve + timedelta(hours=1), eve, "sv") == "i morgon kl. 00.30"
    assert day_and_time(eve + timedelta(days=2), eve, "sv") == "lördag 2 januari 2027 kl. 23.30"


def test_a_naive_time_is_refused() -> None:
    """A time without an offset is nobody's time."""
    with pytest.raises(BadInput, match="offset"):
        clock_time(datetime.fromisoformat("2026-11-21T23:40"), "sv")


@pytest.mark.parametrize(
    ("seconds", "swedish", "english"),
    [
        (90, "1 min 30 s", "1 min 30 s"),
        (60, "1 min", "1 min"),
        (59.6, "1 min", "1 min"),
        (45, "45 s", "45 s"),
        (0, "0 s", "0 s"),
        (-5, "0 s", "0 s"),
        (7_200, "2 tim", "2 h"),
        (7_199, "1 tim 59 min", "1 h 59 min"),
        (3_605, "1 tim", "1 h"),
        (90_000, "1 dygn 1 tim", "1 d 1 h"),
    ],
)
def test_lengths_of_time_are_short(seconds: float, swedish: str, english: str) -> None:
    """A length of time is told in its two largest units."""
    assert duration(timedelta(seconds=seconds), "sv") == swedish
    assert duration(timedelta(seconds=seconds), "en") == english


@given(INSTANTS, INSTANTS, st.sampled_from(Language))
def test_every_instant_can_be_told(instant: datetime, now: datetime, language: Language) -> None:
    """Whatever the instant, the day sentence ends with the same clock time."""
    assert day_and_time(instant, now, language).endswith(bare_time(instant, language))
