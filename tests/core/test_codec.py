"""The codec: what is written is read back equal, and nothing else is read at all."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.codec import (
    Fact,
    consultation_body,
    decode_consultation,
    decode_event,
    encode_consultation,
    encode_event,
    fact_body,
    instant_to_text,
    object_from_json,
    parse_consultation_body,
    parse_fact_body,
    to_json,
)
from bot.core.consultation import Consultation
from bot.core.errors import BadInput
from bot.core.events import EVENTS, Closed, Declined, Ending, Event, Exhausted, Tried
from bot.core.ids import ConsultationId, OfferId
from bot.core.request import Offer, Request

AT = datetime(2026, 11, 21, 22, 40, 0, 123456, tzinfo=UTC)
INSTANTS = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds it
TEXT = st.text(max_size=12)
st.register_type_strategy(datetime, INSTANTS)
st.register_type_strategy(str, TEXT)
EVENTS_OF_ALL_KINDS = st.one_of([st.builds(kind) for kind in EVENTS])
CONSULTATIONS = st.builds(
    Consultation,
    offers=st.lists(st.builds(Offer), max_size=3).map(tuple),
    tried=st.lists(st.builds(Tried), max_size=3).map(tuple),
    request=st.none() | st.builds(Request),
)
DECLINED = Declined(at=AT, offer=OfferId("o-1"))


@given(EVENTS_OF_ALL_KINDS)
def test_event_comes_back_equal(event: Event) -> None:
    """Every event of every kind survives the way through JSON text, its instants to the microsecond."""
    back = decode_event(json.loads(json.dumps(encode_event(event))))
    assert back == event
    assert type(back) is type(event)


@given(CONSULTATIONS)
def test_consultation_comes_back_equal(consultation: Consultation) -> None:
    """A consultation survives the way into a row and back."""
    assert decode_consultation(encode_consultation(consultation)) == consultation


@given(TEXT, st.integers(1, 2**53), EVENTS_OF_ALL_KINDS, st.lists(TEXT, max_size=3), TEXT)
def test_body_comes_back_equal(id_: str, version: int, event: Event, rules: list[str], content: str) -> None:
    """A ledger body says which consultation, which version, which event, under which rules and which content."""
    body = consultation_body(ConsultationId(id_), version, event, tuple(rules), content)
    happened = parse_consultation_body(body)
    assert (happened.consultation, happened.version, happened.event) == (id_, version, event)
    assert (happened.rules, happened.content) == (tuple(rules), content)


def test_body_has_the_promised_form() -> None:
    """The form of a body is a promise to whoever reads the ledger years from now."""
    assert json.loads(consultation_body(ConsultationId("c-1"), 3, DECLINED, ("r-1",), "abc")) == {
        "consultation": "c-1",
        "version": 3,
        "event": {
            "kind": "Declined",
            "at": "2026-11-21T22:40:00.123456Z",
            "offer": "o-1",
            "reason": "unsaid",
        },
        "rules": ["r-1"],
        "content": "abc",
    }


def test_equal_values_give_equal_bytes() -> None:
    """The order in which something was put together does not show."""
    assert to_json({"b": 1, "a": "å"}) == to_json({"a": "å", "b": 1}) == '{"a":"å","b":1}'.encode()


GOOD: dict[str, Any] = encode_event(DECLINED)  # Any: each test spoils another field


@pytest.mark.parametrize(
    "plain",
    [
        {},
        {**GOOD, "kind": "Denied"},
        {**GOOD, "kind": None},
        {**GOOD, "kind": ["Declined"]},
        {key: value for key, value in GOOD.items() if key != "kind"},
        {key: value for key, value in GOOD.items() if key != "at"},
        {**GOOD, "note": "något mer"},
        {**GOOD, "reason": "sleepy"},
        {**GOOD, "offer": 17},
        {**GOOD, "at": "2026-11-21T22:40:00"},
        {**GOOD, "at": 1795300865},
        {**GOOD, "at": "soon"},
    ],
)
def test_spoilt_event_is_refused(plain: dict[str, Any]) -> None:
    """An unknown kind, a missing or unknown field, a wrong type or a time without a zone is refused."""
    with pytest.raises(BadInput):
        decode_event(plain)


def test_unknown_field_deep_inside_is_refused() -> None:
    """Strictness reaches into what an event carries."""
    plain = json.loads(encode_consultation(Consultation(id=ConsultationId("c-1"), due=AT)))
    assert decode_consultation(to_json(plain)).due == AT
    offer = {"id": "o", "person": "p", "step": "s", "at": instant_to_text(AT), "until": instant_to_text(AT)}
    good = {**plain, "offers": [{**offer, "outcome": "pending"}]}
    assert decode_consultation(to_json(good)).offers[0].at == AT
    for spoilt in ({**offer, "outcome": "pending", "x": 1}, {**offer, "at": "2026-11-21T22:40:00"}):
        with pytest.raises(BadInput):
            decode_consultation(to_json({**plain, "offers": [spoilt]}))


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"null", b"\xff", b'{"id": "c-1"', b'{"id": 1}'])
def test_what_is_no_consultation_is_refused(body: bytes) -> None:
    """Bytes that are not a consultation are refused, whatever they are."""
    with pytest.raises(BadInput):
        decode_consultation(body)
    with pytest.raises(BadInput):
        parse_consultation_body(body)
    with pytest.raises(BadInput):
        parse_fact_body(body)


def test_refusal_repeats_nothing() -> None:
    """What could not be read is not repeated in the error: it might be anything."""
    with pytest.raises(BadInput) as refusal:
        decode_event({**GOOD, "note": "Tora Provsson"})
    assert "Provsson" not in str(refusal.value)
    assert refusal.value.__cause__ is None


def test_fact_comes_back_equal() -> None:
    """A fact survives the way into a ledger body and back."""
    fact = Fact(
        table="people", version=2, at=AT, put={"p": {"active": True}}, dropped=("q",), act={"by": "c"}
    )
    assert parse_fact_body(fact_body(fact)) == fact
    with pytest.raises(BadInput):
        parse_fact_body(fact_body(replace(fact, at=AT.replace(tzinfo=None))))


@pytest.mark.parametrize("body", [b"", b"[]", b"17", b"\xff\xfe", b"{", b"[" * 100_000])
def test_object_is_an_object(body: bytes) -> None:
    """Where a JSON object is needed nothing else passes."""
    with pytest.raises(BadInput):
        object_from_json(body)


def test_instant_is_written_like_everywhere() -> None:
    """One instant has one text, whatever zone it came in."""
    assert instant_to_text(AT) == "2026-11-21T22:40:00.123456Z"
    assert instant_to_text(AT - timedelta(microseconds=123456)) == "2026-11-21T22:40:00Z"


@pytest.mark.parametrize(
    ("event", "later"),
    [
        (Closed(at=AT, by=None, ending=Ending.REFERRED), "target"),
        (Exhausted(at=AT, numbers=("jour",), until=AT), "unready"),
    ],
)
def test_what_an_earlier_version_wrote_is_read(event: Event, later: str) -> None:
    """Ledgers of before replay: a field that came later has a value that changes nothing."""
    plain = encode_event(event)
    del plain[later]
    assert decode_event(plain) == event


def test_a_row_that_an_earlier_version_wrote_is_read() -> None:
    """The same of a consultation as it is kept."""
    kept = Consultation(id=ConsultationId("c"))
    plain = json.loads(encode_consultation(kept))
    for later in ("target", "unready"):
        del plain[later]
    assert decode_consultation(json.dumps(plain).encode()) == kept
