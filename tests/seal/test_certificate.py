"""Certificates of erasure: read as they were written, by whoever has the key, or refused."""

import base64
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.seal.certificate import (
    MAX_CONSULTATIONS,
    MAX_LEDGERS,
    Certificate,
    ErasedFrom,
    certificate_from_text,
    certificate_to_text,
    read_certificate,
    sign_certificate,
    verify_certificate,
)
from bot.seal.errors import Malformed, SealError, Tampered
from bot.seal.note import sign_note
from bot.seal.signing import signing_key
from tests.seal.test_format import FORMAT

KEY = signing_key(b"\x4c" * 32)
ORIGIN = "samjour.example/malmo"
AT = "2026-11-29T04:00:00.000000Z"
WORKED = Certificate(
    id="019ace7a0e0070008000000000000001",
    organisation="malmo",
    kept_as="unnamed",
    at=AT,
    closed=("2026-11-21T21:52:07.000000Z", "2026-11-21T23:10:41.123456Z"),
    ledgers=(
        ErasedFrom(
            organisation="malmo",
            count=9,
            first=12,
            last=40,
            root=bytes(range(32)),
            decision="KS 2026/123 § 7",
        ),
        ErasedFrom(
            organisation="polisen", count=2, first=3, last=4, root=b"\xaa" * 32, decision="A123.456/2026"
        ),
    ),
    consultations=("019aa39b0000700080000000000000aa", "019aa39c0000700080000000000000bb"),
)

WORDS = st.text(st.sampled_from("abcåäö-09_"), min_size=1, max_size=8)
INSTANTS = st.datetimes().map(lambda at: f"{at:%Y-%m-%dT%H:%M:%S.%f}Z".rjust(27, "0"))
NUMBERS = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Z")) | st.just(" "), min_size=1, max_size=120
).filter(lambda text: text == text.strip() and text.isprintable())


@st.composite
def erased(draw: st.DrawFn, organisation: str) -> ErasedFrom:
    """What was erased from one ledger."""
    first, more = draw(st.integers(0, 2**40)), draw(st.integers(0, 10**6))
    return ErasedFrom(
        organisation=organisation,
        count=draw(st.integers(1, more + 1)),
        first=first,
        last=first + more,
        root=draw(st.binary(min_size=32, max_size=32)),
        decision=draw(NUMBERS),
    )


@st.composite
def certificates(draw: st.DrawFn) -> Certificate:
    """Any certificate."""
    names = sorted(draw(st.sets(WORDS, min_size=1, max_size=4)), key=str.encode)
    closed = sorted(draw(st.tuples(INSTANTS, INSTANTS)))
    return Certificate(
        id=draw(st.uuids()).hex,
        organisation=draw(WORDS),
        kept_as=draw(st.sampled_from(("library", "unnamed", "identified"))),
        at=draw(INSTANTS),
        closed=(closed[0], closed[1]),
        again=draw(st.none() | st.uuids().map(lambda id_: id_.hex)),
        ledgers=tuple(draw(erased(name)) for name in names),
        consultations=tuple(sorted(draw(st.sets(WORDS, min_size=1, max_size=5)), key=str.encode)),
    )


@given(certificates())
def test_read_as_written(certificate: Certificate) -> None:
    """Whatever is certified comes back as it was, from whoever has the key."""
    note = sign_certificate(certificate, origin=ORIGIN, key=KEY)
    assert verify_certificate(note, origin=ORIGIN, public=KEY.public) == certificate
    assert read_certificate(note) == certificate
    assert certificate_from_text(certificate_to_text(certificate)) == certificate


def test_format_shows_the_worked_certificate() -> None:
    """The certificate in FORMAT.md is the one that the code writes, signature and all."""
    assert sign_certificate(WORKED, origin=ORIGIN, key=KEY) in FORMAT


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("samjour/erasure/v1", "samjour/erasure/v2"),
        ("certificate 019", "certificate 01"),
        ("certificate 019ace", "certificate 019ACE"),
        ("certificate", "Certificate"),
        ("organisation malmo", "organisation mal mo"),
        ("organisation malmo", "organisation "),
        ("class unnamed", "class Unnamed"),
        ("at 2026-11-29T04:00:00.000000Z", "at 2026-11-29T04:00:00Z"),
        ("at 2026-11-29T04:00:00.000000Z", "at 2026-11-29 04:00:00.000000Z"),
        ("2026-11-21T23:10:41.123456Z", "2026-11-20T23:10:41.123456Z"),
        (" 2026-11-21T23:10:41.123456Z", ""),
        ("again -", "again"),
        ("again -", "again 019ace7a0e0070008000000000000001"),
        ("again -", "again none"),
        ("ledgers 2", "ledgers 3"),
        ("ledgers 2", "ledgers 1"),
        ("ledgers 2", "ledgers 02"),
        ("ledgers 2", "ledgers 0"),
        ("ledgers 2", "ledgers -2"),
        ("ledgers 2", "ledgers ٢"),
        ("malmo 9 12 40", "malmo 30 12 40"),
        ("malmo 9 12 40", "malmo 0 12 40"),
        ("malmo 9 12 40", "malmo 9 40 12"),
        ("malmo 9 12 40", "malmo 09 12 40"),
        ("malmo 9 12 40", "malmo 9  12 40"),
        ("malmo 9 12 40", "polisen 9 12 40"),
        ("malmo 9 12 40", "stockholm 9 12 40"),
        ("polisen 2 3 4", "polisen 2 3 9007199254740992"),
        ("AAECAwQ", "AAECAw"),
        ("Hh8=", "Hh9="),
        ("KS 2026/123 § 7", "KS 2026/123 § 7 "),
        ("KS 2026/123 § 7", "x" * 121),
        (" KS 2026/123 § 7", ""),
        ("KS 2026", "KS\u20282026"),
        ("consultations 2", "consultations 1"),
        ("consultations 2", "consultations 3"),
        ("019aa39b", "019aa39d"),
        ("019aa39c0000700080000000000000bb", "019aa39b0000700080000000000000aa"),
        ("019aa39c", "019aa 39c"),
        ("\nconsultations", "\n\nconsultations"),
    ],
)
def test_other_text_is_refused(old: str, new: str) -> None:
    """A line that the writer would not have written so is no certificate, whoever signed it."""
    text = certificate_to_text(WORKED)
    assert text.count(old) >= 1
    with pytest.raises(Malformed):
        verify_certificate(
            sign_note(text.replace(old, new, 1), name=ORIGIN, key=KEY), origin=ORIGIN, public=KEY.public
        )


@pytest.mark.parametrize("more", ["x\n", "\n", "certificate 019ace7a0e0070008000000000000001\n"])
def test_trailing_lines_are_refused(more: str) -> None:
    """Nothing follows the last consultation, and nothing is missing before it."""
    text = certificate_to_text(WORKED)
    with pytest.raises(Malformed):
        certificate_from_text(text + more)
    for end in range(len(text) - 1):
        with pytest.raises(Malformed):
            certificate_from_text(text[:end])


@given(st.data())
def test_every_altered_byte_is_noticed(data: st.DataObject) -> None:
    """One character changed anywhere, and the note is not that of the key, or none at all."""
    note = sign_certificate(WORKED, origin=ORIGIN, key=KEY)
    at = data.draw(st.integers(0, len(note) - 1))
    other = data.draw(st.sampled_from("09afZ/ +\n").filter(lambda c: c != note[at]))
    altered = note[:at] + other + note[at + 1 :]
    with pytest.raises(SealError):
        verify_certificate(altered, origin=ORIGIN, public=KEY.public)


def test_other_key_or_name_is_refused() -> None:
    """Only the owner's ledger key, under its name, makes a certificate."""
    stranger = signing_key(b"\x07" * 32)
    note = sign_certificate(WORKED, origin=ORIGIN, key=KEY)
    with pytest.raises(Tampered):
        verify_certificate(note, origin=ORIGIN, public=stranger.public)
    with pytest.raises(Tampered):
        verify_certificate(note, origin="samjour.example/farsta", public=KEY.public)
    with pytest.raises(Tampered):
        verify_certificate(
            sign_certificate(WORKED, origin=ORIGIN, key=stranger), origin=ORIGIN, public=KEY.public
        )


def test_checkpoint_is_no_certificate() -> None:
    """What the same key signs for another purpose does not pass for a certificate."""
    checkpoint = f"{ORIGIN}\n3\n{base64.b64encode(bytes(32)).decode()}\n"
    with pytest.raises(Malformed):
        verify_certificate(sign_note(checkpoint, name=ORIGIN, key=KEY), origin=ORIGIN, public=KEY.public)


def test_bounds() -> None:
    """As many ledgers and consultations as FORMAT.md says, and not one more; a note too long is never signed."""
    ids = [f"{number:032x}" for number in range(MAX_CONSULTATIONS + 1)]
    ledgers = [replace(WORKED.ledgers[0], organisation=f"o-{number:03}") for number in range(MAX_LEDGERS + 1)]
    most = replace(WORKED, consultations=tuple(ids[:-1]), ledgers=tuple(ledgers[:-1]))
    assert certificate_from_text(certificate_to_text(most)) == most
    with pytest.raises(Malformed):
        replace(WORKED, consultations=tuple(ids))
    with pytest.raises(Malformed):
        replace(WORKED, ledgers=tuple(ledgers))
    with pytest.raises(Malformed):
        replace(WORKED, consultations=())
    with pytest.raises(Malformed):
        replace(WORKED, ledgers=())
    long = tuple(f"{number:03}{'x' * 250}" for number in range(MAX_CONSULTATIONS))
    with pytest.raises(Malformed):
        sign_certificate(replace(WORKED, consultations=long), origin=ORIGIN, key=KEY)


def test_first_line_is_a_label_of_its_own() -> None:
    """No LP string and no checkpoint begins as a certificate does."""
    assert re.match(r"samjour/erasure/v1\ncertificate [0-9a-f]{32}\n", certificate_to_text(WORKED))
