"""What a witness keeps: its key, the last checkpoint of each ledger that it accepted, and evidence against a ledger."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final, TypeVar

from bot.core.errors import BadInput, Unavailable
from bot.flow.ports import Entropy
from bot.seal.checkpoint import Checkpoint, checkpoint_from_text
from bot.seal.cosignature import secret_from_text, secret_to_text, verify_cosignature
from bot.seal.errors import SealError
from bot.seal.note import Verifier, parse_note, split_notes
from bot.seal.signing import SEED, SigningKey, signing_key
from bot.store.files import write_durably

NAME: Final = "samjour-witness"  # of a key that was given no other
MAX_STATE: Final = 2**20  # bytes; a note of one ledger is half a kilobyte
MAX_EVIDENCE: Final = 100  # files; whoever floods a witness with contradictions has been caught by then
_PRIVATE: Final = 0o077  # what nobody else may do with a key file

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnKey:
    """The witness's key and the name under which it signs."""

    name: str
    key: SigningKey = field(repr=False)

    @property
    def verifier(self) -> Verifier:
        """What others know of it."""
        return Verifier(name=self.name, public=self.key.public)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A checkpoint that the witness cosigned: signed by the ledger, then by us."""

    note: str
    checkpoint: Checkpoint


def open_key(path: Path, entropy: Entropy, name: str | None) -> OwnKey:
    """Read the key file, or make it. Raises Unavailable, and BadInput for another name than the key's."""
    if not path.exists():
        _guarded(path, lambda: write_durably(path, _new_key(entropy, name or NAME)))
    content = _guarded(path, path.read_bytes)
    if path.stat().st_mode & _PRIVATE:
        raise Unavailable(f"{path}: others can read this key; chmod 600 it, or replace the key")
    try:
        known, key = secret_from_text(content.decode())
    except (SealError, UnicodeDecodeError) as error:
        raise Unavailable(f"{path}: the key file is damaged") from error
    if name not in (None, known):
        raise BadInput("--name: the key has another name, which stays")
    return OwnKey(name=known, key=key)


def read_state(path: Path, own: OwnKey) -> dict[str, Accepted]:
    """What was accepted, by the ledger's origin; nothing where there is no file.

    Raises Unavailable for a file that is not wholly ours: starting anew would forget what a ledger must go on from.
    """
    if not path.exists():
        return {}
    content = _guarded(path, path.read_bytes)
    try:
        if len(content) > MAX_STATE:
            raise Unavailable(f"{path}: is no state of a witness")
        notes = [_accepted(note, own) for note in split_notes(content.decode())]
    except (SealError, UnicodeDecodeError) as error:
        raise Unavailable(f"{path}: the state is damaged; put the right file back") from error
    return {accepted.checkpoint.origin: accepted for accepted in notes}


def write_state(path: Path, accepted: Mapping[str, Accepted]) -> None:
    """Write everything that was accepted: whole and durable when this returns. Raises Unavailable."""
    notes = "\n".join(accepted[origin].note for origin in sorted(accepted))
    _guarded(path, lambda: write_durably(path, notes.encode()))


def keep_evidence(beside: Path, organisation: str, notes: Iterable[str]) -> Path | None:
    """Keep contradicting notes in a file of their own; None when there are too many such files already."""
    content = "\n".join(notes).encode()
    path = beside.with_name(f"{beside.name}.evidence-{organisation}-{sha256(content).hexdigest()[:16]}")
    if not path.exists():
        if len(list(beside.parent.glob(f"{beside.name}.evidence-*"))) >= MAX_EVIDENCE:
            return None
        _guarded(path, lambda: write_durably(path, content))
    return path


def _accepted(note: str, own: OwnKey) -> Accepted:
    verify_cosignature(note, own.verifier)
    return Accepted(note=note, checkpoint=checkpoint_from_text(parse_note(note).text))


def _new_key(entropy: Entropy, name: str) -> bytes:
    try:
        return secret_to_text(name, signing_key(entropy.draw(SEED))).encode()
    except SealError as error:
        raise BadInput("--name: is one word without + and spaces") from error


def _guarded(path: Path, act: Callable[[], T]) -> T:
    try:
        return act()
    except OSError as error:
        raise Unavailable(f"{path}: {error.strerror or 'cannot be read or written'}") from error
