"""Rings a doorbell again that got no answer: the same fixed sentence, in a message of its own, since one that changes does not ring."""

from datetime import datetime

from bot.core.bell import next_ring, rings_at, step_of
from bot.core.consultation import Consultation
from bot.core.ids import OfferId
from bot.core.places import organisation
from bot.core.request import Offer, Outcome
from bot.core.standing import Woken
from bot.core.waking import Did, Means
from bot.flow.deps import Content, Deps
from bot.flow.ports import Tx
from bot.flow.ports_timers import Timer, TimerKind
from bot.flow.record import reach
from bot.flow.records import Kind
from bot.flow.waking import being_called


def ring_again(tx: Tx, deps: Deps, ref: str, now: datetime) -> None:
    """Ring once more, unless whoever is asked has looked, answered, or need not answer any more; and see to the next time."""
    c = tx.consultations.by_offer(OfferId(ref))
    offer = next((o for o in c.offers if o.id == ref), None) if c is not None else None
    if (
        c is None
        or offer is None
        or offer.outcome is not Outcome.PENDING
        or now >= offer.until
        or _has_looked(tx, offer)
    ):
        return
    reach(tx, deps, offer.person, Kind.RING_AGAIN, ref=ref)
    if c.officer is not None:
        reach(tx, deps, c.officer, Kind.SHOW, ref=c.id)
    assert c.organisation is not None
    due = next_ring(step_of(organisation(deps.content().structure, c.organisation), offer), offer, now)
    if due is not None:
        tx.timers.put(Timer(kind=TimerKind.RING_AGAIN, ref=ref, due=due))


def woken(tx: Tx, content: Content, c: Consultation, now: datetime) -> Woken | None:
    """What has been done to wake whoever is asked, beside ringing once; the last thing that was."""
    if any(_has_looked(tx, offer) for offer in c.pending):
        return Woken.LOOKED
    means = being_called(tx, c)
    if means is not None:
        return Woken.VOICE if means is Means.VOICE else Woken.SMS
    return Woken.AGAIN if any(_has_rung_again(tx, content, c, offer, now) for offer in c.pending) else None


def _has_looked(tx: Tx, offer: Offer) -> bool:
    return any(ring.did is Did.SEEN for ring in tx.rings.of(offer.id))


def _has_rung_again(tx: Tx, content: Content, c: Consultation, offer: Offer, now: datetime) -> bool:
    """Whether its first time was worked off: the timer has moved on from it, or is gone after the last."""
    assert c.organisation is not None
    times = rings_at(step_of(organisation(content.structure, c.organisation), offer), offer)
    waits = tx.timers.get(TimerKind.RING_AGAIN, offer.id)
    if not times or now < times[0]:
        return False
    return now >= times[-1] if waits is None else waits.due > times[0]
