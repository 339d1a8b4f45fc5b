"""Wakes whoever is asked: when nobody has pressed "Visa" in time, the organisation's second channels, one after the other."""

from datetime import datetime

from bot.core.consultation import Consultation
from bot.core.ids import OfferId, PersonId
from bot.core.request import Offer, Outcome
from bot.core.waking import Did, Means, Purpose, Wait, follows
from bot.core.waking_policy import plan_of
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.ports_timers import Timer, TimerKind
from bot.flow.record import reach
from bot.flow.records import Kind
from bot.flow.waking import What, note, seen, wake_person


def look(tx: Tx, deps: Deps, ref: str, now: datetime) -> None:
    """Look whether the person has looked; if not, call them as their turn says, and look again at the next turn."""
    c, offer = _pending(tx, ref)
    if c is None or offer is None or c.organisation is None or now > offer.until:
        return
    plan = plan_of(deps.content().waking, c.organisation)
    bells = [address.channel for address in tx.people.addresses(offer.person)]
    shown = False
    while (then := follows(plan, offer.at, tx.rings.of(ref), bells, now)) is not None:
        if isinstance(then, Wait):
            tx.timers.put(Timer(kind=TimerKind.WAKING, ref=ref, due=then.until))
            break
        shown |= wake_person(tx, deps, offer.person, then.by, what_of(c, offer)) is Did.CALLED
    if shown and c.officer is not None:
        reach(tx, deps, c.officer, Kind.SHOW, ref=c.id)  # the officer sees that more is being tried


def bell_failed(tx: Tx, deps: Deps, ref: str, person: PersonId, means: Means) -> None:
    """A doorbell did not ring: the second channel has its turn at once."""
    c, offer = _pending(tx, ref)
    if c is None or offer is None or c.organisation is None:
        return
    note(tx, deps, what_of(c, offer), person=person, means=means, did=Did.REFUSED)
    look(tx, deps, ref, deps.clock.now())


def looked_at(tx: Tx, deps: Deps, c: Consultation, offer: Offer, means: Means) -> None:
    """Whoever is asked has looked at what they are asked: nothing more rings for it."""
    if c.organisation is not None:
        seen(tx, deps, what_of(c, offer), offer.person, means)
        tx.timers.drop(TimerKind.WAKING, offer.id)


def what_of(c: Consultation, offer: Offer) -> What:
    """What somebody is woken for by an offer."""
    assert c.organisation is not None
    return What(
        purpose=Purpose.OFFER,
        ref=offer.id,
        organisation=c.organisation,
        until=offer.until,
        consultation=c.id,
    )


def _pending(tx: Tx, ref: str) -> tuple[Consultation | None, Offer | None]:
    c = tx.consultations.by_offer(OfferId(ref))
    found = (
        (o for o in c.offers if o.id == ref and o.outcome is Outcome.PENDING) if c is not None else iter(())
    )
    return c, next(found, None)
