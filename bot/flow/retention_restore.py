"""After a restored backup: what certificates outside say was erased is erased again, before anybody can read it."""

import logging
from dataclasses import replace

from bot.core.consultation import Consultation, State
from bot.core.errors import SamjourError
from bot.core.events import Closed, Ending
from bot.core.ids import ConsultationId, OrganisationId
from bot.core.retention import RetentionClass, class_of
from bot.flow.advance import moment
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.record import fact, happen
from bot.flow.retention import Due, batches
from bot.flow.retention_certificates import trusted
from bot.flow.retention_erase import erase
from bot.flow.retention_hold import KIND as HOLD
from bot.flow.upkeep import signers
from bot.seal.certificate import Certificate
from bot.seal.errors import SealError

log = logging.getLogger(__name__)


async def reapply_at_start(deps: Deps) -> None:
    """`reapply`; should it fail, say so and go on: somebody may be waiting for a person at this very moment."""
    try:
        await reapply(deps, "start")
    except SamjourError as error:
        log.error("certificates not applied", extra={"kind": type(error).__name__})  # noqa: TRY400 - the kind says it


async def reapply(deps: Deps, by: str) -> int:
    """Erase again what finished certificates name and this database still has; returns how many consultations.

    A certificate counts when its ledger's key has signed it; another is told and passed by. Holds, and openings that
    were under way in the backup, do not count: it was erased when there were none. What is left of them in the files
    goes with the next run. Raises Unavailable when the certificates or the database cannot be read.
    """
    erased = 0
    async with deps.certificates.alone:
        known = await deps.store.read(lambda tx: tx.retention.certificates())
        for id_ in sorted(await deps.certificates.finished() - known):
            certificate = await _trusted(deps, id_)
            if certificate is not None:
                erased += await _again(deps, certificate, by)
    return erased


async def _trusted(deps: Deps, id_: str) -> Certificate | None:
    note = await deps.certificates.read(id_)
    try:
        return trusted(signers(deps), id_, note)
    except SealError as error:
        log.error("certificate passed by", extra={"certificate": id_, "kind": type(error).__name__})  # noqa: TRY400 - likewise
        return None


async def _again(deps: Deps, certificate: Certificate, by: str) -> int:
    def prepare(tx: Tx) -> list[Due]:
        back = [_ready(tx, deps, ConsultationId(id_), by) for id_ in certificate.consultations]
        return [_due(tx, deps, c, certificate) for c in back if c is not None]

    erased = 0
    for batch in batches(await deps.store.write(prepare)):
        done = await erase(deps, replace(batch, again=certificate.id), by)
        if isinstance(done, Certificate):
            erased += len(batch.dues)
        else:
            log.error("not erased", extra={"certificate": certificate.id, "kind": done.value})
    return erased


def _ready(tx: Tx, deps: Deps, id_: ConsultationId, by: str) -> Consultation | None:
    """One that the backup has brought back, closed and without holds, as it was when it was erased; None if erased."""
    c = tx.consultations.get(id_)
    if c is None or c.state is State.ERASED:
        return None
    now, owner = deps.clock.now(), c.organisation or deps.home
    for hold in tx.retention.holds():
        if hold.consultation == id_:
            tx.retention.drop_hold(id_, hold.decision, fact(deps, owner, HOLD, now, by=by))
    if c.state is not State.CLOSED:
        c = happen(tx, deps, c, Closed(at=moment(c, now), by=None, ending=Ending.QUIET))
    return c


def _due(tx: Tx, deps: Deps, c: Consultation, certificate: Certificate) -> Due:
    entries = tx.retention.about(c.id)
    owner = c.organisation or deps.home
    decided = {OrganisationId(one.organisation): one.decision for one in certificate.ledgers}
    otherwise = decided.get(OrganisationId(certificate.organisation), certificate.ledgers[0].decision)
    known = certificate.kept_as in set(RetentionClass)
    assert c.closed_at is not None
    return Due(
        consultation=c,
        owner=owner,
        covers=RetentionClass(certificate.kept_as) if known else class_of(c),
        closed=c.closed_at,
        entries=entries,
        decisions={o: decided.get(o, otherwise) for o in {owner, *(one.organisation for one in entries)}},
    )
