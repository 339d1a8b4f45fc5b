import base64
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.seal.checkpoint import Checkpoint, checkpoint_from_text, sign_checkpoint, verify_checkpoint
from bot.seal.cosignature import (
    AHEAD,
    _message,
    is_by,
    secret_from_text,
    secret_to_text,
    sign_cosignature,
    verify_cosignature,
    witness_from_text,
    witness_to_text,
)
from bot.seal.errors import Malformed, SealError, Tampered
from bot.seal.note import Verifier, parse_note, verifier_to_text
from bot.seal.signing import signing_key
from bot.seal.wire import MAX_NUMBER

LEDGER, KEY = signing_key(b"l" * 32), signing_key(b"w" * 32)
ORIGIN, NAME = "samjour.example/malmo", "polisen.example/witness"
WITNESS = Verifier(name=NAME, public=KEY.public)
HEAD = Checkpoint(origin=ORIGIN, size=7, root=bytes(range(32)))
NOTE = sign_checkpoint(HEAD, LEDGER)
AT = 1_790_000_000
LINE = sign_cosignature(HEAD, name=NAME, key=KEY, at=AT)
Vectors = Callable[[str], Any]


def _outcome(note: str, witness: Verifier) -> str:
    try:
        verify_cosignature(note, witness)
    except SealError as error:
        return type(error).__name__
    return "opened"


def test_sigsum_vectors(vectors: Vectors) -> None:
    """A cosignature that sigsum-go made holds here, its bad ones are refused, and its key signs the same bytes."""
    known = vectors("cosignature_sigsum")
    key = signing_key(bytes.fromhex(known["witness"]["seed"]))
    witness = Verifier(name=known["witness"]["name"], public=key.public)
    text = known["checkpoint"]
    for case in known["cases"]:
        assert _outcome(f"{text}\n{case['line']}", witness) == case["expect"], case["name"]
    line = known["cases"][0]["line"]
    assert verify_cosignature(f"{text}\n{line}", witness) == known["time"]
    made = sign_cosignature(checkpoint_from_text(text), name=witness.name, key=key, at=known["time"])
    assert made == line


def test_example_of_the_specification(vectors: Vectors) -> None:
    """C2SP's own example has the time and the message that it says; its key was never published."""
    known = vectors("cosignature_sigsum")["specification"]
    note = parse_note(known["note"])
    blob = note.signatures[1].signature
    at = int.from_bytes(blob[:8], "big")
    assert (len(blob), at) == (72, 1679315147)
    assert _message(note.text, at) == known["message"].encode()


def test_keys_of_others_are_read(vectors: Vectors) -> None:
    """A witness key in use elsewhere is read and written the same; a key of another type is none."""
    known = vectors("cosignature_sigsum")
    for text in known["witness_keys"]:
        assert witness_to_text(witness_from_text(text)) == text
    for text in [
        *known["other_keys"],
        verifier_to_text(WITNESS),
        "",
        "a+b+c",
        witness_to_text(WITNESS) + "=",
    ]:
        with pytest.raises(Malformed):
            witness_from_text(text)


@given(at=st.integers(0, MAX_NUMBER), size=st.integers(1, MAX_NUMBER))
def test_round_trip(at: int, size: int) -> None:
    """Any time over any checkpoint is cosigned and read back, and the ledger's own signature still holds."""
    head = Checkpoint(origin=ORIGIN, size=size, root=HEAD.root)
    note = sign_checkpoint(head, LEDGER) + sign_cosignature(head, name=NAME, key=KEY, at=at)
    assert verify_cosignature(note, WITNESS) == at
    assert verify_checkpoint(note, origin=ORIGIN, public=LEDGER.public) == head


@pytest.mark.parametrize("at", [-1, MAX_NUMBER + 1, 2**63])
def test_a_time_that_cannot_be_is_not_signed(at: int) -> None:
    """Times are seconds from 1970, of at most 2^53 - 1."""
    with pytest.raises(Malformed):
        sign_cosignature(HEAD, name=NAME, key=KEY, at=at)


def test_any_flipped_byte_is_refused(flips: Callable[[bytes], list[bytes]]) -> None:
    """A cosigned note changed in one byte, in its text or in the witness's line, is not cosigned any more."""
    note = f"{parse_note(NOTE).text}\n{LINE}"
    for changed in flips(note.encode()):
        with pytest.raises(SealError):
            verify_cosignature(changed.decode(errors="surrogateescape"), WITNESS)


def test_another_checkpoint_name_or_key_is_refused() -> None:
    """A cosignature holds for one checkpoint, of one key, under one name."""
    other = sign_checkpoint(Checkpoint(origin=ORIGIN, size=8, root=HEAD.root), LEDGER)
    strangers = (
        Verifier(name="else.example", public=KEY.public),
        Verifier(name=NAME, public=signing_key(b"o" * 32).public),
    )
    with pytest.raises(Tampered):
        verify_cosignature(other + LINE, WITNESS)
    for stranger in strangers:
        with pytest.raises(Tampered):
            verify_cosignature(NOTE + LINE, stranger)
    with pytest.raises(Tampered):
        verify_cosignature(NOTE, WITNESS)


def test_a_line_of_another_key_is_passed_over() -> None:
    """Lines of the ledger and of other witnesses stand beside, and say nothing of this witness."""
    stranger = sign_cosignature(HEAD, name="else.example", key=signing_key(b"o" * 32), at=AT + 9)
    note = NOTE + stranger + LINE
    assert verify_cosignature(note, WITNESS) == AT
    assert [is_by(line, WITNESS) for line in parse_note(note).signatures] == [False, False, True]


def test_a_bad_line_of_the_witness_spoils_the_note() -> None:
    """One line of the key that does not hold is enough to refuse, beside one that does."""
    for head, at in ((Checkpoint(origin=ORIGIN, size=8, root=HEAD.root), AT), (HEAD, AT + 1)):
        line = sign_cosignature(head, name=NAME, key=KEY, at=at)
        broken = line if head != HEAD else _stamped(line, at + 1)
        with pytest.raises(Tampered):
            verify_cosignature(NOTE + LINE + broken, WITNESS)


def test_of_two_times_the_later_counts() -> None:
    """A witness may say the same later again."""
    later = sign_cosignature(HEAD, name=NAME, key=KEY, at=AT + 60)
    assert verify_cosignature(NOTE + later + LINE, WITNESS) == AT + 60


@pytest.mark.parametrize(("ahead", "holds"), [(0, True), (AHEAD, True), (AHEAD + 1, False)])
def test_a_time_that_has_not_come_is_refused(ahead: int, holds: bool) -> None:  # noqa: FBT001 - a table of cases
    """Whoever has a clock takes a cosignature that is five minutes ahead of it, and none beyond."""
    note = NOTE + sign_cosignature(HEAD, name=NAME, key=KEY, at=AT + ahead)
    if holds:
        assert verify_cosignature(note, WITNESS, latest=AT + AHEAD) == AT + ahead
    else:
        with pytest.raises(Tampered, match="has not come"):
            verify_cosignature(note, WITNESS, latest=AT + AHEAD)


def test_the_plain_signature_of_the_same_key_is_no_cosignature() -> None:
    """What a key signs as a note it has not cosigned: the key id tells the two apart."""
    with pytest.raises(Tampered, match="did not cosign"):
        verify_cosignature(sign_checkpoint(HEAD, KEY), Verifier(name=ORIGIN, public=KEY.public))


def test_a_key_file_is_read_back_whole_or_not_at_all(flips: Callable[[bytes], list[bytes]]) -> None:
    """A witness's key file gives name and key; a typing error in it is noticed."""
    text = secret_to_text(NAME, KEY)
    name, key = secret_from_text(text)
    assert (name, key.public) == (NAME, KEY.public)
    damaged = [flip.decode("latin-1") for flip in flips(text.encode())]
    for changed in [
        "",
        "PRIVATE+KEY+",
        text[:-1],
        text + "\n",
        text[:-6] + "\n",
        witness_to_text(WITNESS),
        *damaged,
    ]:
        with pytest.raises(Malformed):
            secret_from_text(changed)


def _stamped(line: str, at: int) -> str:
    """The same signature under another time."""
    head, _, blob = line[:-1].rpartition(" ")
    raw = base64.b64decode(blob)
    return f"{head} {base64.b64encode(raw[:4] + at.to_bytes(8, 'big') + raw[12:]).decode()}\n"
