"""Columns: instants are exact, and nothing but ciphertext fits where people's words are kept."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import LargeBinary, Table, create_engine, insert, select

from bot.seal.plain import Plain, Sealed
from bot.store.columns import Instant, SealedBytes, WrongType
from bot.store.schema import METADATA
from bot.store.tables import inbox, people, room_events

DIALECT = create_engine("sqlite://").dialect
ZONES = st.builds(timezone, st.timedeltas(timedelta(hours=-14), timedelta(hours=14)))
INSTANTS = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=ZONES)  # noqa: DTZ001 - hypothesis adds it
MARK = "Tora Provsson bor där"


@given(INSTANTS)
def test_instant_comes_back_equal(at: datetime) -> None:
    """Whatever its zone, an instant comes back as the same instant to the microsecond, aware and in UTC."""
    column = Instant()
    stored = column.process_bind_param(at, DIALECT)
    back = column.process_result_value(stored, DIALECT)
    assert back == at
    assert back is not None
    assert back.tzinfo is UTC


@given(INSTANTS, INSTANTS)
def test_instants_keep_their_order(one: datetime, other: datetime) -> None:
    """The database sorts what it stores as time does."""
    column = Instant()
    first, second = column.process_bind_param(one, DIALECT), column.process_bind_param(other, DIALECT)
    assert first is not None
    assert second is not None
    assert (first < second) is (one < other)


@pytest.mark.parametrize("value", [datetime(2026, 10, 25, 2, 30), "2026-10-25", 17])  # noqa: DTZ001 - what is refused
def test_instant_refuses_what_is_none(value: object) -> None:
    """A time without a zone is refused: in an October night it would be two instants."""
    with pytest.raises(WrongType):
        Instant().process_bind_param(value, DIALECT)


def test_nothing_stays_nothing() -> None:
    """An empty column comes back empty."""
    for column in (Instant(), SealedBytes()):
        assert column.process_bind_param(None, DIALECT) is None
        assert column.process_result_value(None, DIALECT) is None


@pytest.mark.parametrize(
    "value", [MARK, MARK.encode(), Plain(MARK.encode()), bytearray(b"x"), {"content": b"x"}]
)
@pytest.mark.parametrize(("table", "column"), [(inbox, "body"), (room_events, "body"), (people, "name")])
def test_sealed_column_refuses_everything_else(table: Table, column: str, value: object) -> None:
    """Text, bytes and `Plain` are refused by the column itself, as a TypeError that repeats nothing of them."""
    engine = create_engine("sqlite://", hide_parameters=True)
    METADATA.create_all(engine)
    with engine.connect() as connection, pytest.raises(TypeError) as refusal:
        connection.execute(insert(table), {**{key.name: 1 for key in table.primary_key}, column: value})
    assert MARK not in str(refusal.value)
    with engine.connect() as connection:
        assert connection.execute(select(table)).all() == []
    engine.dispose()


def test_sealed_comes_back_sealed() -> None:
    """Ciphertext goes in and comes out as ciphertext."""
    column = SealedBytes()
    assert column.process_bind_param(Sealed(content=b"c"), DIALECT) == b"c"
    assert column.process_result_value(b"c", DIALECT) == Sealed(content=b"c")


def test_columns_that_are_not_sealed_are_known() -> None:
    """A new column of bytes is noticed here, so that somebody asks what will stand in it."""
    plain = {
        f"{table.name}.{column.name}"
        for table in METADATA.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    hashes = {"tickets.digest", "sessions.digest", "spots.digest", "rooms.head", "nodes.hash", "entries.leaf"}
    hashes |= {"sendings.id", "sendings.what"}
    ids = {"addresses.lookup", "devices.id", "room_keys.device", "devices.public", "entries.salt"}
    ids |= {"key_reads.device", "graves.device", "grave_copies.device"}
    ids |= {f"{table}.{column}" for table in ("questions", "questions_today") for column in ("id", "device")}
    hashes |= {"challenges.digest", "invitations.digest", "hand_ons.escrow"}
    ids |= {
        f"{table}.device"
        for table in (
            "device_approvals",
            "escrow_seats",
            "hand_ons",
            "invitations",
            "openings",
            "passed_shares",
            "sessions",
        )
    }
    ids |= {"device_approvals.approver", "device_roots.public", "passkeys.id", "passkeys.public"}
    signed = {  # statements of devices: who, what for, and for which device
        "device_approvals.content",
        "devices.bundle",
        "introductions.content",
        "openings.request",
        "passed_shares.sig",
        "passed_shares.statement",
        "redeals.content",
    }
    encrypted_addresses = {"addresses.sealed", "outbox.address"}
    fixed_choices = {
        "people.facts",
        "posts.body",
        "swaps.body",
        "shifts.body",
        "overrides.body",
        "consultations.body",
        "outbox.params",
        "entries.body",
        "sendings.answer",
    }
    assert plain == hashes | ids | signed | encrypted_addresses | fixed_choices
