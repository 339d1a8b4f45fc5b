"""Promises: whoever holds a talk says what they will do in it, so that it goes with the talk whoever has it next."""

from collections.abc import Sequence

from bot.core.consultation import Consultation, State
from bot.core.ids import ConsultationId
from bot.core.policy import Act
from bot.core.promises import Promise, check_promises
from bot.flow.advance import moment
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.flow.refusals import Code, Refused
from bot.flow.speaker import Speaker, may

KIND = "promise"  # of the entry


def make(tx: Tx, deps: Deps, who: Speaker, id_: ConsultationId, promises: Sequence[Promise]) -> Consultation:
    """Promise this from now on, and nothing else, in a talk of one's own.

    Raises Refused where it is not theirs or over, BadInput for what cannot be promised.
    """
    c = tx.consultations.get(id_)
    if c is None or c.holder != who.person.id:
        raise Refused(Code.NOT_YOURS)
    if c.state is not State.OPEN:
        raise Refused(Code.NOT_OPEN)
    put(tx, deps, who, c, promises)
    return c


def put(tx: Tx, deps: Deps, who: Speaker, c: Consultation, promises: Sequence[Promise]) -> None:
    """Keep what is promised. Raises BadInput for what cannot be."""
    rules = may(deps, who, Act.PROMISE_MAKE, consultation=c)
    check_promises(promises, who.now)
    assert c.organisation is not None
    by = who.person.id
    entry = fact(deps, c.organisation, KIND, moment(c, who.now), consultation=c.id, by=by, rules=rules)
    tx.handovers.promise(c.id, promises, by, entry)
