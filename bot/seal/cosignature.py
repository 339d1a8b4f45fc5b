"""C2SP tlog-cosignatures: a witness says when it saw a checkpoint as the largest tree that followed from all before."""

import base64

from bot.seal import signing
from bot.seal.checkpoint import Checkpoint, checkpoint_to_text
from bot.seal.errors import Malformed, Tampered
from bot.seal.note import (
    COSIGNATURE,
    NoteSignature,
    Verifier,
    check_key_name,
    from_base64,
    is_signed_by,
    key_id,
    parse_note,
    signature_to_line,
    verifier_from_text,
    verifier_to_text,
)
from bot.seal.signing import SEED, SigningKey, signing_key
from bot.seal.wire import MAX_NUMBER, number

AHEAD = 300  # seconds by which a witness's clock may be ahead of the reader's

_TIME = 8  # bytes
_SECRET = "PRIVATE+KEY+"  # noqa: S105 - says what follows, is none; as Go's signed notes write a key that signs


def sign_cosignature(checkpoint: Checkpoint, *, name: str, key: SigningKey, at: int) -> str:
    """Return the witness's signature line under that checkpoint, newline included. `at`: seconds since 1970.

    Whoever calls this has checked that the checkpoint follows from the last one cosigned, and has stored it.
    """
    check_key_name(name)
    signature = signing.sign(key, _message(checkpoint_to_text(checkpoint), at))
    stamped = number(at).to_bytes(_TIME, "big") + signature
    return signature_to_line(
        NoteSignature(name=name, key_id=key_id(name, key.public, COSIGNATURE), signature=stamped)
    )


def verify_cosignature(content: str, witness: Verifier, *, latest: int = MAX_NUMBER) -> int:
    """Return when the witness cosigned the note, in seconds since 1970; lines of other keys are passed over.

    `latest`: whoever has a clock gives the present second and `AHEAD`. Raises `Tampered` when no line is of that
    key, one of that key does not hold, or is of a later time; `Malformed` for one of another length.
    """
    note = parse_note(content)
    times = [_check(note.text, line, witness) for line in note.signatures if is_by(line, witness)]
    if not times:
        raise Tampered("The witness did not cosign the note.")
    if max(times) > latest:
        raise Tampered("A cosignature is of a time that has not come.")
    return max(times)


def is_by(line: NoteSignature, witness: Verifier) -> bool:
    """Whether the line says that it is this witness's cosignature."""
    return is_signed_by(line, witness, COSIGNATURE)


def witness_id(witness: Verifier) -> str:
    """Write `name+keyid`, which names one key among all."""
    return witness_to_text(witness).rpartition("+")[0]


def witness_to_text(witness: Verifier) -> str:
    """Write `name+keyid+base64(0x04 || key)`, the form in which a witness's key is handed to others."""
    return verifier_to_text(witness, COSIGNATURE)


def witness_from_text(text: str) -> Verifier:
    """Read what `witness_to_text` writes, or raise `Malformed`; a ledger's key is none."""
    return verifier_from_text(text, COSIGNATURE)


def secret_to_text(name: str, key: SigningKey) -> str:
    """Write `PRIVATE+KEY+name+keyid+base64(0x04 || seed)`, a witness's key file: it holds the name too."""
    check_key_name(name)
    identity = key_id(name, key.public, COSIGNATURE).hex()
    return f"{_SECRET}{name}+{identity}+{base64.b64encode(COSIGNATURE + key.seed).decode()}\n"


def secret_from_text(text: str) -> tuple[str, SigningKey]:
    """Read what `secret_to_text` writes: name and key. Raises `Malformed` for anything else."""
    parts = text.removeprefix(_SECRET).rstrip("\n").split("+", 2)
    seed = from_base64(parts[2], most=1 + SEED)[1:] if len(parts) == 3 else b""
    key = signing_key(seed)
    if secret_to_text(parts[0], key) != text:
        raise Malformed("That is no key of a witness.")
    return parts[0], key


def _check(text: str, line: NoteSignature, witness: Verifier) -> int:
    if len(line.signature) != _TIME + signing.SIGNATURE:
        raise Malformed("A cosignature is a time and a signature.")
    at = number(int.from_bytes(line.signature[:_TIME], "big"))
    signing.verify(witness.public, _message(text, at), line.signature[_TIME:])
    return at


def _message(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {number(at)}\n{text}".encode()
