"""What a ledger shows to everybody: signed checkpoints, and proofs between and under them; never an entry."""

from dataclasses import dataclass

from bot.core.errors import BadInput
from bot.core.ids import OrganisationId
from bot.flow.ports import Tx
from bot.seal.checkpoint import Checkpoint, checkpoint_from_text
from bot.seal.log import ReadRow
from bot.seal.note import parse_note
from bot.seal.proof import prove_consistency, prove_inclusion


@dataclass(frozen=True, slots=True, kw_only=True)
class Inclusion:
    """That a leaf is in the tree of `size` leaves."""

    index: int
    size: int
    leaf: bytes
    proof: list[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consistency:
    """That the tree of `old` leaves is the beginning of that of `new`."""

    old: int
    new: int
    proof: list[bytes]


def checkpoint(tx: Tx, organisation: OrganisationId, size: int | None = None) -> str | None:
    """The checkpoint of that size, by default the newest, with what witnesses said of it; None when there is none."""
    note = (
        tx.ledger.last_checkpoint(organisation) if size is None else tx.ledger.checkpoint(organisation, size)
    )
    if note is None:
        return None
    return "".join((note, *tx.cosignatures.lines(organisation, _read(note).size)))


def inclusion(tx: Tx, organisation: OrganisationId, index: int, size: int | None = None) -> Inclusion | None:
    """The proof that entry `index` is among the first `size`, by default all that are signed; None without a ledger.

    Raises BadInput for more than is signed: what stands under no checkpoint is shown to nobody.
    """
    signed = _signed(tx, organisation)
    if signed is None:
        return None
    within = signed.size if size is None else size
    if not 0 <= index < within <= signed.size:
        raise BadInput("there is no such entry under a checkpoint")
    rows = _rows(tx, organisation)
    proof = prove_inclusion(index, within, rows)
    return Inclusion(index=index, size=within, leaf=rows(0, index), proof=proof)


def consistency(tx: Tx, organisation: OrganisationId, old: int, new: int | None = None) -> Consistency | None:
    """The proof that the first `old` entries are the beginning of the first `new`, by default of all that are signed.

    None without a ledger. Raises BadInput for nothing, or for more than is signed.
    """
    signed = _signed(tx, organisation)
    if signed is None:
        return None
    within = signed.size if new is None else new
    if not 0 < old <= within <= signed.size:
        raise BadInput("there are no such sizes under a checkpoint")
    return Consistency(old=old, new=within, proof=prove_consistency(old, within, _rows(tx, organisation)))


def _signed(tx: Tx, organisation: OrganisationId) -> Checkpoint | None:
    note = tx.ledger.last_checkpoint(organisation)
    return None if note is None else _read(note)


def _read(note: str) -> Checkpoint:
    """Our own checkpoint, as it is stored: who asks from outside verifies it."""
    return checkpoint_from_text(parse_note(note).text)


def _rows(tx: Tx, organisation: OrganisationId) -> ReadRow:
    return lambda level, index: tx.ledger.row(organisation, level, index)
