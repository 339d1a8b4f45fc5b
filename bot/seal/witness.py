"""What a witness makes of a ledger's checkpoint: cosign it, ask for a proof first, or refuse it."""

from collections.abc import Sequence
from enum import StrEnum

from bot.seal.checkpoint import Checkpoint
from bot.seal.errors import Malformed, Tampered
from bot.seal.proof import verify_consistency


class Seen(StrEnum):
    """How a checkpoint stands to the last one that the witness accepted."""

    FIRST = "first"  # nothing was accepted before: it is taken as it is
    SAME = "same"
    GROWN = "grown"  # to be cosigned only after `check_growth`


def judge(last: Checkpoint | None, shown: Checkpoint) -> Seen:
    """Compare a checkpoint that the ledger signed with the last one accepted of the same ledger.

    Raises `Tampered` for one that contradicts it, `Malformed` for another ledger's or an empty one's.
    """
    if shown.size == 0:
        raise Malformed("A ledger without entries is not witnessed.")
    if last is None:
        return Seen.FIRST
    if last.origin != shown.origin:
        raise Malformed("The checkpoint is of another ledger.")
    if shown.size < last.size:
        raise Tampered(f"The ledger had {last.size} entries and shows {shown.size}.")
    if shown.size > last.size:
        return Seen.GROWN
    if shown.root != last.root:
        raise Tampered(f"There are two ledgers of {shown.size} entries.")
    return Seen.SAME


def check_growth(last: Checkpoint, shown: Checkpoint, proof: Sequence[bytes]) -> None:
    """Return when the proof shows that all that was accepted is the beginning of what is shown now.

    Raises `Tampered` when it does not, `Malformed` when it is no proof.
    """
    try:
        verify_consistency(
            old=last.size, new=shown.size, old_root=last.root, new_root=shown.root, proof=proof
        )
    except Tampered as error:
        told = f"The first {last.size} of {shown.size} entries are not proved to be what they were."
        raise Tampered(told) from error
