"""What came of a call, and what follows when it came to nothing: for each purpose its own."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from bot.core.waking import IN_VAIN, Did, Means, Purpose
from bot.flow import checks, waking_offers
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.records import Kind, Saying
from bot.flow.waking import call_by_any, came_of, what_of

# By purpose: the ref of what somebody was to be woken for, and the present. Each looks at how things stand first. For
# what is not named here the other telephone channel is tried.
IN_VAIN_THEN: Final[Mapping[Purpose, Callable[[Tx, Deps, str, datetime], None]]] = {
    Purpose.OFFER: waking_offers.look,
    Purpose.READINESS: checks.call_failed,
}


def taken(tx: Tx, deps: Deps, saying: Saying) -> None:
    """The gateway has taken a call."""
    _came_of(tx, deps, saying.ref, Did.TAKEN)


def refused(tx: Tx, deps: Deps, saying: Saying) -> None:
    """A doorbell or a call was refused, or tried until it was too late: the next means has its turn at once."""
    if saying.kind is Kind.RING and saying.person is not None:
        waking_offers.bell_failed(tx, deps, saying.ref, saying.person, Means(saying.channel))
    elif saying.kind is Kind.READY:
        checks.bell_failed(tx, deps, saying.ref)
    elif saying.kind is Kind.CALL_OUT:
        _came_of(tx, deps, saying.ref, Did.REFUSED)


def reported(tx: Tx, deps: Deps, ring: str, did: Did) -> None:
    """The gateway tells what became of a call: DELIVERED or FAILED. What was told before, or is erased, is passed by."""
    _came_of(tx, deps, ring, did)


def _came_of(tx: Tx, deps: Deps, ring: str, did: Did) -> None:
    call = tx.rings.get(ring)
    if call is None or call.did is not Did.CALLED or not came_of(tx, deps, call, did):
        return
    if did not in IN_VAIN:
        return
    then = IN_VAIN_THEN.get(call.purpose)
    if then is not None:
        then(tx, deps, call.ref, deps.clock.now())
    else:
        call_by_any(tx, deps, call.person, what_of(call))
