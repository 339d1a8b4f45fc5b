"""C2SP signed notes: a text anybody can read, and lines of Ed25519 signatures under it (signed-note v1)."""

import base64
import hashlib
import re
from dataclasses import dataclass

from bot.seal import signing
from bot.seal.errors import Malformed, Tampered
from bot.seal.signing import SigningKey
from bot.seal.wire import name as as_name

MAX_NOTE = 2**16  # bytes
MAX_SIGNATURES = 16

ED25519 = b"\x01"  # signature types (C2SP signed-note): over the text as it is
COSIGNATURE = b"\x04"  # over the text and a time (tlog-cosignature)
_KEY_ID = 4  # bytes
_DASH = "\u2014"
# Listed, not asked of Unicode's tables: those grow, and every platform has its own (FORMAT.md 1).
HIDDEN = re.compile(
    "[\\0-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
BLANKS = re.compile("[\x20\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LAST_LINE = re.compile(f"\n{_DASH} [^\n]*\n(?!{_DASH} )")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verifier:
    """Whom to believe: a key under its name."""

    name: str
    public: bytes  # 32 bytes

    def __post_init__(self) -> None:
        """Refuse what is out of bounds."""
        check_key_name(self.name)
        signing.check_public(self.public)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSignature:
    """One line under a note; by which algorithm, only the key id tells."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A parsed note. Its text says nothing until `verify_note` has returned."""

    text: str
    signatures: tuple[NoteSignature, ...]


def sign_note(text: str, *, name: str, key: SigningKey) -> str:
    """Return the note: `text`, which ends in a newline, a blank line, and one signature line."""
    check_key_name(name)
    signature = signing.sign(key, _check_text(text))
    line = NoteSignature(name=name, key_id=key_id(name, key.public), signature=signature)
    return f"{text}\n{signature_to_line(line)}"


def signature_to_line(signature: NoteSignature) -> str:
    """Write one signature line, its newline included."""
    blob = base64.b64encode(signature.key_id + signature.signature).decode()
    return f"{_DASH} {signature.name} {blob}\n"


def split_notes(content: str) -> list[str]:
    """Return the notes that stand one after another, as in a file of them, with blank lines between them or not.

    A note ends at the last of its signature lines, so this is for texts in which no line begins as those do: for
    checkpoints. What is no note comes out too, and is refused when it is parsed.
    """
    ends = [found.end() for found in _LAST_LINE.finditer(content)]
    pieces = zip([0, *ends], [*ends, len(content)], strict=True)
    return [note for start, end in pieces if (note := content[start:end].lstrip("\n"))]


def parse_note(content: str) -> Note:
    """Read a note of at most 64 KiB and 16 signatures, or raise `Malformed`. The last blank line divides it."""
    if len(content.encode(errors="replace")) > MAX_NOTE:
        raise Malformed("A note is longer than 65 536 bytes.")
    text, blank, lines = content.rpartition("\n\n")
    if not blank or not lines.endswith("\n"):
        raise Malformed("A note ends in signature lines.")
    _check_text(text + "\n")
    signed = lines[:-1].split("\n")
    if len(signed) > MAX_SIGNATURES:
        raise Malformed("A note has at most 16 signatures.")
    return Note(text=text + "\n", signatures=tuple(_parse_line(line) for line in signed))


def verify_note(content: str, verifier: Verifier) -> str:
    """Return the note's text when the verifier's key signed it; other keys' lines are passed over.

    Raises `Tampered` when no line is of that key, or one of that key does not hold.
    """
    note = parse_note(content)
    ours = [line.signature for line in note.signatures if is_signed_by(line, verifier)]
    if not ours:
        raise Tampered("The key that should have signed the note did not.")
    for signature in ours:
        if len(signature) != signing.SIGNATURE:
            raise Tampered
        signing.verify(verifier.public, note.text.encode(), signature)
    return note.text


def is_signed_by(line: NoteSignature, verifier: Verifier, kind: bytes = ED25519) -> bool:
    """Whether the line names this key; whether it holds is another question."""
    return (line.name, line.key_id) == (verifier.name, key_id(verifier.name, verifier.public, kind))


def key_id(name: str, public: bytes, kind: bytes = ED25519) -> bytes:
    """Return the 4 bytes that tell keys of one name apart; they identify, they do not protect."""
    return hashlib.sha256(name.encode() + b"\n" + kind + public).digest()[:_KEY_ID]


def verifier_to_text(verifier: Verifier, kind: bytes = ED25519) -> str:
    """Write `name+keyid+base64(kind || key)`, the form in which a key is handed to others."""
    identity = key_id(verifier.name, verifier.public, kind).hex()
    return f"{verifier.name}+{identity}+{base64.b64encode(kind + verifier.public).decode()}"


def verifier_from_text(text: str, kind: bytes = ED25519) -> Verifier:
    """Read what `verifier_to_text` writes of that kind, or raise `Malformed`."""
    parts = text.split("+", 2)
    key = from_base64(parts[2], most=64) if len(parts) == 3 else b""
    verifier = Verifier(name=parts[0], public=key[1:])
    if verifier_to_text(verifier, kind) != text:
        raise Malformed("That is no verifier key.")
    return verifier


def check_key_name(name: str) -> None:
    """Raise `Malformed` for a name that is empty, too long, or has a plus, a blank or a hidden character."""
    if "+" in as_name(name) or HIDDEN.search(name) or BLANKS.search(name):
        raise Malformed("That is no name of a key.")


def from_base64(text: str, *, most: int) -> bytes:
    """Decode at most `most` bytes of canonical base64 (RFC 4648 section 4); any other spelling is `Malformed`."""
    if len(text) > most * 4 // 3 + 4:
        raise Malformed
    try:
        decoded = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise Malformed from error
    if base64.b64encode(decoded).decode() != text:
        raise Malformed
    return decoded


def _parse_line(line: str) -> NoteSignature:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != _DASH:
        raise Malformed("A signature line is a dash, a name and a signature.")
    check_key_name(parts[1])
    signature = from_base64(parts[2], most=MAX_NOTE)
    if len(signature) <= _KEY_ID:
        raise Malformed("A signature line has no signature.")
    return NoteSignature(name=parts[1], key_id=signature[:_KEY_ID], signature=signature[_KEY_ID:])


def _check_text(text: str) -> bytes:
    if not text.endswith("\n") or any(character < " " and character != "\n" for character in text):
        raise Malformed("A note's text is whole lines without control characters.")
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise Malformed from error
