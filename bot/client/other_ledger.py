"""Tells a ledger that is not the one this device has seen from whatever else may be wrong with an answer."""

from bot.client.api import Problem
from bot.seal.checkpoint import verify_checkpoint
from bot.seal.errors import SealError, Tampered
from bot.seal.proof import verify_consistency
from bot.seal.trust import Answer, Pins

_UNKNOWN_SIZE = 400  # how a server answers whose ledger has not grown to what was asked from


class OtherLedger(Tampered):
    """The server's ledger is shorter than, or other than, the one that this device has seen."""

    def __init__(self, pins: Pins, shown: int | None) -> None:
        """`shown`: entries of the ledger that the server signs for now; None where it has too few to prove anything."""
        now = "fewer" if shown is None else f"{shown}, and does not prove that they begin with those"
        super().__init__(
            f"The ledger of {pins.organisation} is not the one that this device has seen: that had {pins.size} entries, "
            f"the server shows {now}. Either it was restored from a backup or somebody rewrote it; the device cannot "
            "tell which and believes none of it. Ask the operator by telephone; the witness's last checkpoint tells. "
            "After a restore this device has to be enrolled anew."
        )
        self.organisation, self.seen, self.shown = pins.organisation, pins.size, shown


def told_by(problem: Problem, pins: Pins) -> OtherLedger | None:
    """What a refusal to continue from our checkpoint means; None for any other refusal."""
    return OtherLedger(pins, None) if pins.size and problem.status == _UNKNOWN_SIZE else None


def shown_by(answer: Answer, pins: Pins) -> OtherLedger | None:
    """Whether the ledger has signed something that does not continue our checkpoint; None where that is not the fault."""
    if not pins.size:
        return None
    try:
        head = verify_checkpoint(answer.checkpoint, origin=pins.origin, public=pins.ledger)
    except SealError:
        return None
    try:
        verify_consistency(
            old=pins.size,
            new=head.size,
            old_root=pins.tree,
            new_root=head.root,
            proof=answer.consistency,
        )
    except SealError:
        return OtherLedger(pins, head.size)
    return None
