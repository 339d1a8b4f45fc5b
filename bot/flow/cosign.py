"""Takes what witnesses say of our checkpoints: believed by their signature alone, whoever brings it."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.errors import BadInput, Denied, NotNow
from bot.core.hours import local_day
from bot.core.ids import OrganisationId
from bot.core.witnesses_file import Witness, current, known
from bot.flow.deps import Content
from bot.flow.ports import Store, Tx
from bot.seal.checkpoint import Checkpoint, checkpoint_from_text
from bot.seal.cosignature import AHEAD, is_by, verify_cosignature, witness_from_text, witness_id
from bot.seal.errors import Malformed, SealError
from bot.seal.note import Note, NoteSignature, Verifier, parse_note, signature_to_line


async def take(
    store: Store, content: Content, organisation: OrganisationId, body: bytes, *, now: datetime
) -> bool:
    """Keep the cosignatures of known witnesses in a note over one of our checkpoints; whether any was new.

    Lines of others are passed over. Raises BadInput for what is no checkpoint, Denied when no known witness signed
    it or one did not, NotNow when we have no such checkpoint. Nothing is read or written before a signature holds.
    """
    note, checkpoint = _read(body)
    lines = _held(note, body.decode(), _current(content, organisation, now), now)

    def missing(tx: Tx) -> bool:
        ours = tx.ledger.checkpoint(organisation, checkpoint.size)
        if ours is None or parse_note(ours).text != note.text:
            raise NotNow("there is no such checkpoint here")
        return not set(lines.values()) <= set(tx.cosignatures.lines(organisation, checkpoint.size))

    def keep(tx: Tx) -> bool:
        put = [tx.cosignatures.put(organisation, checkpoint.size, of, line) for of, line in lines.items()]
        return any(put)

    return await store.read(missing) and await store.write(keep)


def witnesses_of(content: Content, organisation: OrganisationId) -> tuple[Verifier, ...]:
    """The keys of everybody who ever was a witness of that ledger."""
    return _keys(known(content.witnesses, organisation))


def _current(content: Content, organisation: OrganisationId, at: datetime) -> tuple[Verifier, ...]:
    return _keys(current(content.witnesses, organisation, local_day(at)))


def _keys(witnesses: Sequence[Witness]) -> tuple[Verifier, ...]:
    return tuple(witness_from_text(witness.vkey) for witness in witnesses)


def _read(body: bytes) -> tuple[Note, Checkpoint]:
    try:
        note = parse_note(body.decode())
        return note, checkpoint_from_text(note.text)
    except (Malformed, UnicodeDecodeError) as error:
        raise BadInput("a cosignature stands under a checkpoint, as a signed note") from error


def _held(note: Note, content: str, witnesses: Sequence[Verifier], now: datetime) -> dict[str, str]:
    """The newest line of each known witness, by witness. Raises Denied when one does not hold or there is none."""
    latest = int(now.timestamp()) + AHEAD
    found = {}
    for witness in witnesses:
        theirs = [line for line in note.signatures if is_by(line, witness)]
        if theirs:
            found[witness_id(witness)] = _newest(content, witness, theirs, latest)
    if not found:
        raise Denied("no witness of this ledger has signed that")
    return found


def _newest(content: str, witness: Verifier, lines: Sequence[NoteSignature], latest: int) -> str:
    try:
        verify_cosignature(content, witness, latest=latest)
    except SealError as error:
        raise Denied("a witness's signature does not hold") from error
    return signature_to_line(max(lines, key=lambda line: line.signature))  # begins with the time
