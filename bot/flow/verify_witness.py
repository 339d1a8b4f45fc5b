"""Checks what witnesses said: cosignatures that are stored, and those under checkpoints that were kept elsewhere."""

from bot.core.errors import Tampered
from bot.core.ids import OrganisationId
from bot.flow.findings import Findings
from bot.flow.ports_witness import Cosignatures, Cosigned
from bot.flow.verify_ledger import Signers
from bot.seal.cosignature import is_by, verify_cosignature, witness_id
from bot.seal.note import Verifier, parse_note


def check_cosignatures(
    kept: Cosignatures, organisation: OrganisationId, signers: Signers, findings: Findings
) -> None:
    """Every stored cosignature is a known witness's, of the checkpoint that it stands under.

    That the checkpoint is of this ledger is checked with the ledger. A cosignature that was taken away is not
    noticed here: the witness has it still.
    """
    with findings.within(f"{organisation}/cosignatures"):
        witnesses = {witness_id(witness): witness for witness in signers.witnesses(organisation)}
        for cosigned in kept.all(organisation):
            with findings.within(f"{organisation}/cosignature/{cosigned.size}"):
                _check(cosigned, witnesses.get(cosigned.witness))


def check_lines(note: str, organisation: OrganisationId, signers: Signers) -> None:
    """Raise SealError when a line under the note is a known witness's and does not hold."""
    lines = parse_note(note).signatures
    for witness in signers.witnesses(organisation):
        if any(is_by(line, witness) for line in lines):
            verify_cosignature(note, witness)


def _check(cosigned: Cosigned, witness: Verifier | None) -> None:
    if witness is None:
        raise Tampered("no such witness is known")
    if cosigned.note is None:
        raise Tampered("the checkpoint that was cosigned is missing")
    alone = f"{parse_note(cosigned.note).text}\n{cosigned.line}"
    if len(parse_note(alone).signatures) != 1:
        raise Tampered("there is more than one signature")
    verify_cosignature(alone, witness)
