"""What the commands of retention do with the database, wherever it is open."""

from collections.abc import Mapping
from typing import Final

from bot.app import Samjour
from bot.commands.given import Args
from bot.core.errors import BadInput
from bot.core.ids import ConsultationId
from bot.core.retention import Stays
from bot.flow import retention_hold
from bot.flow.ports import Tx
from bot.flow.retention import Batch
from bot.flow.retention_restore import reapply
from bot.flow.retention_run import believe, rehearse, run
from bot.seal.certificate import Certificate

BY: Final = "command line"


async def retention_run(samjour: Samjour, args: Args) -> dict[str, object]:
    """Erase everything whose time is over. `clock_is_right`: somebody has looked, and says so."""
    if args.get("clock_is_right") is True:
        await believe(samjour.deps, BY)
    done = await run(samjour.deps, BY)
    told = [_certificate(certificate) for certificate in done.certificates]
    report = {"dry_run": False, "certificates": told, "kept": _kept(done.staying), "cleared": done.cleared}
    return {**report, "question_days": done.questions}


async def retention_rehearse(samjour: Samjour, args: Args) -> dict[str, object]:
    """What a run would erase now."""
    del args
    plan = await rehearse(samjour.deps)
    told = [_batch(batch) for batch in plan.batches]
    report = {"dry_run": True, "certificates": told, "kept": _kept(plan.staying), "more": plan.more}
    return {**report, "question_days": plan.questions}


async def retention_reapply(samjour: Samjour, args: Args) -> dict[str, object]:
    """Erase again what certificates name and a restored backup has brought back."""
    del args
    return {"erased": await reapply(samjour.deps, BY)}


async def hold_add(samjour: Samjour, args: Args) -> dict[str, object]:
    """Keep a consultation whatever its class says."""
    id_, decision = _named(args)
    deps = samjour.deps
    hold = await samjour.store.write(lambda tx: retention_hold.add(tx, deps, id_, decision, BY))
    return {"consultation": id_, "decision": hold.decision, "held": True}


async def hold_remove(samjour: Samjour, args: Args) -> dict[str, object]:
    """Let its class say again; other holds of the same consultation stand."""
    id_, decision = _named(args)
    deps = samjour.deps

    def act(tx: Tx) -> bool:
        retention_hold.remove(tx, deps, id_, decision, BY)
        return tx.retention.is_held(id_)

    held = await samjour.store.write(act)
    return {"consultation": id_, "decision": decision.strip(), "held": held}


async def hold_list(samjour: Samjour, args: Args) -> dict[str, object]:
    """Every hold that stands."""
    del args
    holds = await samjour.store.read(lambda tx: tx.retention.holds())
    told = [
        {
            "consultation": hold.consultation,
            "decision": hold.decision,
            "since": hold.since.isoformat(),
            "by": hold.by,
        }
        for hold in holds
    ]
    return {"holds": told}


def _certificate(certificate: Certificate) -> dict[str, object]:
    return {
        "certificate": certificate.id,
        "organisation": certificate.organisation,
        "class": certificate.kept_as,
        "decisions": {ledger.organisation: ledger.decision for ledger in certificate.ledgers},
        "consultations": list(certificate.consultations),
        "entries": sum(ledger.count for ledger in certificate.ledgers),
    }


def _batch(batch: Batch) -> dict[str, object]:
    first = batch.dues[0]
    return {
        "organisation": first.owner,
        "class": first.covers,
        "decisions": dict(first.decisions),
        "consultations": sorted(due.consultation.id for due in batch.dues),
        "entries": sum(len(due.entries) for due in batch.dues),
    }


def _kept(staying: Mapping[Stays, int]) -> dict[str, int]:
    return {reason.value: count for reason, count in staying.items() if count}


def _named(args: Args) -> tuple[ConsultationId, str]:
    consultation, decision = args.get("consultation"), args.get("decision")
    if not isinstance(consultation, str) or not isinstance(decision, str):
        raise BadInput("a hold is of a consultation, by a decision")
    return ConsultationId(consultation), decision
