"""Holds: somebody with a decision says that a consultation is not to be erased; both sides are on the ledger."""

from typing import Final

from bot.core.consultation import State
from bot.core.errors import BadInput, NotNow
from bot.core.ids import ConsultationId, OrganisationId
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.flow.records_retention import Hold
from bot.seal.certificate import MAX_DECISION

KIND: Final = "hold"


def add(tx: Tx, deps: Deps, consultation: ConsultationId, decision: str, by: str) -> Hold:
    """From now on it is kept, whatever the rules say.

    Raises BadInput for a consultation that is not there, or is held by that decision already; NotNow for one that is
    erased.
    """
    owner, now = _owner(tx, deps, consultation), deps.clock.now()
    hold = Hold(consultation=consultation, decision=_number(decision), since=now, by=by)
    tx.retention.put_hold(hold, fact(deps, owner, KIND, now, by=by))
    return hold


def remove(tx: Tx, deps: Deps, consultation: ConsultationId, decision: str, by: str) -> None:
    """That decision holds it no longer. Raises BadInput when it did not."""
    owner, now = _owner(tx, deps, consultation), deps.clock.now()
    tx.retention.drop_hold(consultation, _number(decision), fact(deps, owner, KIND, now, by=by))


def _owner(tx: Tx, deps: Deps, consultation: ConsultationId) -> OrganisationId:
    c = tx.consultations.get(consultation)
    if c is None:
        raise BadInput("there is no consultation with that id")
    if c.state is State.ERASED:
        raise NotNow("it is erased")
    return c.organisation or deps.home


def _number(decision: str) -> str:
    number = decision.strip()
    if not 1 <= len(number) <= MAX_DECISION or not number.isprintable():
        raise BadInput(f"the number of a decision is one line of at most {MAX_DECISION} characters")
    return number
