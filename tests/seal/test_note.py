from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.seal.errors import Malformed, SealError
from bot.seal.note import (
    MAX_NOTE,
    MAX_SIGNATURES,
    Verifier,
    from_base64,
    parse_note,
    sign_note,
    split_notes,
    verifier_from_text,
    verifier_to_text,
    verify_note,
)
from bot.seal.signing import signing_key

KEY = signing_key(b"l" * 32)
NAME = "samjour.example/malmo"
VERIFIER = Verifier(name=NAME, public=KEY.public)
NOTE = sign_note("Hej\n", name=NAME, key=KEY)
Vectors = Callable[[str], Any]


def _outcome(note: str, verifier: Verifier) -> str:
    try:
        verify_note(note, verifier)
    except SealError as error:
        return type(error).__name__
    return "opened"


def test_go_note_vectors(vectors: Vectors) -> None:
    """Go's notes open or are refused as its own tests say, and its key signs the same bytes here."""
    known = vectors("note_golang_mod")
    verifiers = {who: verifier_from_text(text) for who, text in known["verifiers"].items()}
    for case in known["cases"]:
        assert _outcome(case["note"], verifiers[case["verifier"]]) == case["expect"], case["name"]
    signer = signing_key(bytes.fromhex(known["signer"]["seed"]))
    signed = sign_note(known["text"], name=known["signer"]["name"], key=signer)
    assert known["cases"][0]["note"].startswith(signed)
    for text in known["bad_verifiers"]:
        with pytest.raises(Malformed):
            verifier_from_text(text)


@given(
    lines=st.lists(st.text(alphabet=st.characters(min_codepoint=32, exclude_categories=["Cs"])), min_size=1)
)
def test_round_trip(lines: list[str]) -> None:
    """Any text of whole lines, blank ones among them, is signed and opened as it was."""
    text = "\n".join(lines) + "\n"
    assert verify_note(sign_note(text, name=NAME, key=KEY), VERIFIER) == text


def test_any_flipped_byte_is_refused(flips: Callable[[bytes], list[bytes]]) -> None:
    """A note changed in one byte does not open."""
    for changed in flips(NOTE.encode()):
        with pytest.raises(SealError):
            verify_note(changed.decode(errors="surrogateescape"), VERIFIER)


def test_a_bad_line_of_ours_spoils_the_note() -> None:
    """One signature of the key that does not hold is enough to refuse, beside one that does."""
    other = sign_note("Nej\n", name=NAME, key=KEY).split("\n\n")[1]
    with pytest.raises(SealError):
        verify_note(NOTE + other, VERIFIER)
    stranger = sign_note("Nej\n", name="else.example", key=signing_key(b"w" * 32)).split("\n\n")[1]
    assert verify_note(NOTE + stranger, VERIFIER) == "Hej\n"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "\n",
        "\n\n",
        "Hej\n",
        NOTE[:-1],
        NOTE + "\n",
        NOTE.replace("\n\n", "\n"),
        NOTE.replace("Hej", "H\tj"),
        NOTE.replace("Hej", "H\ud800j"),
        NOTE.replace("—", "-"),
        NOTE.replace("— ", "—  "),
        NOTE.replace(NAME, "a+b"),
        NOTE.replace(NAME, "a\u00a0b"),
        NOTE.replace(NAME, "a" * 256),
        NOTE.replace(NAME, "å" * 128),
        "Hej\n\n— a AAAA\n",
        "Hej\n\n— a AAAAAAA\n",
        "Hej\n\n— a AAAAAAB=\n",
        "Hej\n\n— a å\n",
        NOTE + NOTE.split("\n\n")[1] * MAX_SIGNATURES,
        "a" * MAX_NOTE + NOTE,
    ],
)
def test_parser_refuses(content: str) -> None:
    """What is not text, a blank line and signature lines, within bounds, is no note."""
    with pytest.raises(Malformed):
        parse_note(content)


@given(content=st.text(max_size=100))
def test_parser_never_fails_otherwise(content: str) -> None:
    """Arbitrary text is parsed or malformed, never another error."""
    try:
        parse_note(content)
    except Malformed:
        return


def test_as_many_signatures_as_allowed() -> None:
    """Sixteen lines are read, as the specification demands of a verifier."""
    note = NOTE + NOTE.split("\n\n")[1] * (MAX_SIGNATURES - 1)
    assert len(parse_note(note).signatures) == MAX_SIGNATURES


def test_what_is_not_whole_lines_is_not_signed() -> None:
    """Text without its last newline, with control characters, or under a name that is none is not signed."""
    for text, name in (
        ("Hej", NAME),
        ("", NAME),
        ("a\rb\n", NAME),
        ("\ud800\n", NAME),
        ("Hej\n", "a b"),
        ("Hej\n", ""),
    ):
        with pytest.raises(Malformed):
            sign_note(text, name=name, key=KEY)


def test_verifier_keys_have_one_spelling(flips: Callable[[bytes], list[bytes]]) -> None:
    """A key that is handed on is read back, and a typing error in it is noticed."""
    text = verifier_to_text(VERIFIER)
    assert verifier_from_text(text) == VERIFIER
    for changed in [
        "",
        "a",
        "a+b",
        "a+b+c",
        text + "=",
        *(flip.decode("latin-1") for flip in flips(text.encode())),
    ]:
        with pytest.raises(Malformed):
            verifier_from_text(changed)


@pytest.mark.parametrize("text", ["QQ", "QR==", "QQ==\n", "Q Q=", "Q-_=", "QUFBQUFB"])
def test_base64_is_canonical_and_bounded(text: str) -> None:
    """Missing padding, stray bits, blanks, another alphabet or more than was allowed: refused."""
    with pytest.raises(Malformed):
        from_base64(text, most=1)


SIGNED_TWICE = NOTE + sign_note("Nej\n", name="else.example", key=signing_key(b"w" * 32)).split("\n\n")[1]


@given(
    notes=st.lists(st.sampled_from((NOTE, SIGNED_TWICE)), max_size=6),
    between=st.sampled_from(("", "\n", "\n\n\n")),
)
def test_notes_in_one_file_are_told_apart(notes: list[str], between: str) -> None:
    """Notes one after another come out as they are, with blank lines between them or not."""
    assert split_notes(between + between.join(notes) + between) == notes


@pytest.mark.parametrize("content", ["Hej\n", NOTE + "Hej", NOTE[:-1], NOTE + "\n\nHej\n\n— a\n"])
def test_what_is_no_note_is_not_lost(content: str) -> None:
    """Whatever stands in a file of notes and is none comes out too, to be refused."""
    with pytest.raises(Malformed):
        [parse_note(note) for note in split_notes(content)]
