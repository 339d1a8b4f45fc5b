"""Receipts are read as they were written, and nothing else passes for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import BadInput
from bot.core.receipt import Came, Receipt, receipt_from_text, receipt_to_text


@given(came=st.sampled_from(Came), seq=st.integers(1, 10**15 - 1))
def test_a_receipt_round_trips(came: Came, seq: int) -> None:
    """Written and read again it says the same."""
    receipt = Receipt(came=came, seq=seq)
    assert receipt_from_text(receipt_to_text(receipt)) == receipt


@pytest.mark.parametrize(
    "text",
    [
        "",
        "read",
        "read ",
        "read 0",
        "read 01",
        "read -1",
        "read 1 ",
        " read 1",
        "read  1",
        "READ 1",
        "seen 1",
        "read 1\n",
        "read 1.0",
        "read ١",
        "read 1234567890123456",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    """One spelling only, and a bounded one."""
    with pytest.raises(BadInput):
        receipt_from_text(text)
