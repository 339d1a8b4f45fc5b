"""C2SP tlog-checkpoints: how large the ledger is and what its root is, in three lines signed by its key."""

import base64
from dataclasses import dataclass

from bot.seal.errors import Malformed, Tampered
from bot.seal.log import HASH
from bot.seal.note import Verifier, check_key_name, from_base64, sign_note, verify_note
from bot.seal.signing import SigningKey
from bot.seal.wire import exact, number


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A ledger at one moment."""

    origin: str  # "<host>/<organisation>"; also the name of the key that signs
    size: int  # leaves
    root: bytes  # 32 bytes

    def __post_init__(self) -> None:
        """Refuse what is out of bounds."""
        check_key_name(self.origin)
        number(self.size)
        exact(self.root, HASH)


def sign_checkpoint(checkpoint: Checkpoint, key: SigningKey) -> str:
    """Return the signed note. A ledger never signs two checkpoints that are not consistent."""
    return sign_note(checkpoint_to_text(checkpoint), name=checkpoint.origin, key=key)


def verify_checkpoint(content: str, *, origin: str, public: bytes) -> Checkpoint:
    """Return the checkpoint when the ledger's key signed it, else raise `Tampered` or `Malformed`."""
    checkpoint = checkpoint_from_text(verify_note(content, Verifier(name=origin, public=public)))
    if checkpoint.origin != origin:
        raise Tampered("The checkpoint is of another ledger.")
    return checkpoint


def checkpoint_to_text(checkpoint: Checkpoint) -> str:
    """Write the three lines that are signed."""
    return f"{checkpoint.origin}\n{checkpoint.size}\n{base64.b64encode(checkpoint.root).decode()}\n"


def checkpoint_from_text(text: str) -> Checkpoint:
    """Read the three lines, or raise `Malformed`; extension lines, which our ledgers never write, are refused."""
    lines = text.split("\n")
    if len(lines) != 4 or not (lines[1].isascii() and lines[1].isdigit() and len(lines[1]) <= 16):
        raise Malformed("A checkpoint is three lines: origin, size, root.")
    checkpoint = Checkpoint(origin=lines[0], size=int(lines[1]), root=from_base64(lines[2], most=HASH))
    if checkpoint_to_text(checkpoint) != text:
        raise Malformed("A checkpoint is three lines: origin, size, root.")
    return checkpoint
