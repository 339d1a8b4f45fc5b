"""Erases: the certificate first and outside, then everything that it names, in one transaction; then every trace in the files."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial

from bot.core.consultation import State
from bot.core.errors import BadInput, NotNow
from bot.core.events import Erased
from bot.core.ids import OrganisationId
from bot.core.retention import Stays
from bot.flow.deps import Deps, fresh_id
from bot.flow.ports import Tx
from bot.flow.record import fact, happen
from bot.flow.records_retention import About
from bot.flow.retention import Batch, Due, stop
from bot.flow.retention_certificates import KIND, instant, note_digest, ranges
from bot.flow.upkeep import origin
from bot.seal import log
from bot.seal.certificate import Certificate, ErasedFrom, sign_certificate
from bot.seal.errors import SealError


async def erase(deps: Deps, batch: Batch, by: str) -> Certificate | Stays:
    """Erase what the batch names, all of it or nothing; why it stays when it does. Hold `deps.certificates.alone`.

    The certificate stands outside, as pending, before the transaction that destroys what it names and records it.
    Should we be ended at any moment: the database says whether it was done, and `settle` does the rest of that.
    """
    at = max(deps.clock.now(), *(due.consultation.last_at or due.closed for due in batch.dues))
    try:
        certificate = _certify(deps, batch, at)
        named = origin(deps.base_url, batch.dues[0].owner)
        note = sign_certificate(certificate, origin=named, key=deps.keys.ledger)
    except SealError:  # something in it cannot be certified
        return Stays.REFUSED
    await deps.certificates.prepare(certificate.id, note)
    try:
        await deps.store.write(lambda tx: _erase(tx, deps, batch, certificate, note, at, by))
    except (NotNow, BadInput) as error:  # nothing was changed; after anything else we cannot know
        await deps.certificates.drop(certificate.id)
        return Stays.MOVED if isinstance(error, NotNow) else Stays.REFUSED
    return certificate


async def settle(deps: Deps) -> bool:
    """Finish what is pending, and write outside what stands inside alone; whether nothing is left to do.

    Hold `deps.certificates.alone`. A pending certificate that the database does not know was never carried out: what
    it names is due again. For the others, and for what was erased without one, every file is made anew (`Store.scour`), since only then is what they name
    destroyed everywhere.
    """
    done = await deps.store.read(lambda tx: tx.retention.certificates())
    for lost in sorted(done - await deps.certificates.pending() - await deps.certificates.finished()):
        note = await deps.store.read(partial(_note, certificate=lost))
        await deps.certificates.prepare(lost, note)
    pending = await deps.certificates.pending()
    for undone in sorted(pending - done):
        await deps.certificates.drop(undone)
    owed = await deps.certificates.owes()
    if (owed or pending & done) and not await deps.store.scour():
        return False
    for one in sorted(pending & done):
        await deps.certificates.finish(one)
    if owed:
        await deps.certificates.settled()
    return True


def _certify(deps: Deps, batch: Batch, at: datetime) -> Certificate:
    closed = [instant(due.closed) for due in batch.dues]
    ledgers = [_erased_from(o, entries, batch) for o, entries in _by_ledger(batch.dues)]
    return Certificate(
        id=fresh_id(at, deps.entropy),
        organisation=batch.dues[0].owner,
        kept_as=batch.dues[0].covers,
        at=instant(at),
        closed=(min(closed), max(closed)),
        again=batch.again,
        ledgers=tuple(ledgers),
        consultations=tuple(sorted((due.consultation.id for due in batch.dues), key=str.encode)),
    )


def _erased_from(organisation: OrganisationId, entries: Sequence[About], batch: Batch) -> ErasedFrom:
    return ErasedFrom(
        organisation=organisation,
        count=len(entries),
        first=entries[0].number,
        last=entries[-1].number,
        root=log.root_of(one.leaf for one in entries),
        decision=batch.dues[0].decisions[organisation],
    )


def _by_ledger(dues: Sequence[Due]) -> Iterator[tuple[OrganisationId, list[About]]]:
    gathered: dict[OrganisationId, list[About]] = defaultdict(list)
    for due in dues:
        for one in due.entries:
            gathered[one.organisation].append(one)
    for organisation in sorted(gathered, key=str.encode):
        yield organisation, sorted(gathered[organisation], key=lambda one: one.number)


def _erase(
    tx: Tx, deps: Deps, batch: Batch, certificate: Certificate, note: str, at: datetime, by: str
) -> None:
    for due in batch.dues:
        _check(tx, due)
        if batch.again is None:
            _check_stops(tx, due)
    for due in batch.dues:
        tx.retention.blank(due.entries, certificate.id, at)
    tx.retention.remove([due.consultation for due in batch.dues])
    tx.retention.put_certificate(certificate.id, note)
    for due in batch.dues:
        c = due.consultation
        assert c.begun_at is not None
        happen(tx, deps, c, Erased(at=at, certificate=certificate.id, ending=c.ending, begun_at=c.begun_at))
    for organisation, entries in _by_ledger(batch.dues):
        tx.ledger.append(
            fact(
                deps,
                organisation,
                KIND,
                at,
                certificate=certificate.id,
                note=note_digest(note),
                numbers=ranges(one.number for one in entries),
                by=by,
            )
        )


def _check(tx: Tx, due: Due) -> None:
    """Raise NotNow unless it stands as it stood when it was found due."""
    c = due.consultation
    if tx.consultations.get(c.id) != c or c.state is not State.CLOSED:
        raise NotNow("something has happened to it")
    if tx.retention.about(c.id) != due.entries:
        raise NotNow("something was recorded about it")


def _check_stops(tx: Tx, due: Due) -> None:
    if stop(tx, due.consultation) is not None:
        raise NotNow("it is held, or being opened")


def _note(tx: Tx, certificate: str) -> str:
    note = tx.retention.certificate(certificate)
    assert note is not None  # none is ever taken away
    return note
