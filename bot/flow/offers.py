"""Offers: shown, accepted by exactly one, declined."""

from datetime import datetime

from bot.core.consultation import Consultation
from bot.core.events import Accepted, Declined, Reason, Withdrawn
from bot.core.ids import OfferId, PersonId
from bot.core.policy import Act
from bot.core.press import Reply, Say
from bot.core.request import Offer, Outcome
from bot.flow.advance import advance, moment
from bot.flow.deps import FIRST_ANSWER, TELEPHONING, Deps
from bot.flow.ports import Tx
from bot.flow.rooms import open_room
from bot.flow.speaker import Speaker, amend, may
from bot.flow.talk import by_telephone


def reply_to_offer(tx: Tx, deps: Deps, who: Speaker, press: Reply) -> None:
    """Show, accept or decline. Whoever comes too late is told who was faster."""
    c = tx.consultations.by_offer(press.offer)
    offer = _offer(c, press.offer)
    if c is None or offer is None or offer.person != who.person.id:
        amend(tx, deps, who, "offer.not_yours")
        return
    if offer.outcome is not Outcome.PENDING or who.inbound.at > offer.until:
        amend(tx, deps, who, "offer.late", offer=offer.id)
        return
    match press.say:
        case Say.SHOW:
            may(deps, who, Act.OFFER_SHOW, consultation=c, offer=offer.id)
            amend(tx, deps, who, "offer.shown", offer=offer.id)
        case Say.YES:
            accept(tx, deps, who, c, offer)
        case Say.NO:
            decline(tx, deps, who, c, offer, press.reason or Reason.UNSAID)


def accept(tx: Tx, deps: Deps, who: Speaker, c: Consultation, offer: Offer) -> Consultation:
    """Accept: the room is opened and the consultation taken in one transaction; the first one wins.

    Raises NotNow for everybody after the first.
    """
    rules = may(deps, who, Act.OFFER_ACCEPT, consultation=c, offer=offer.id)
    at = moment(c, who.inbound.at)  # when it was pressed, should we have been away since
    room = open_room(tx, deps, c, who.person.id, at)
    first = TELEPHONING if by_telephone(deps.content(), c, who.inbound.channel) else FIRST_ANSWER
    event = Accepted(at=at, offer=offer.id, room=room, answer_by=max(at, who.now) + first)
    return advance(tx, deps, c, event, rules)


def decline(tx: Tx, deps: Deps, who: Speaker, c: Consultation, offer: Offer, reason: Reason) -> Consultation:
    """Decline: the chain goes on at once."""
    rules = may(deps, who, Act.OFFER_DECLINE, consultation=c, offer=offer.id)
    return advance(tx, deps, c, Declined(at=moment(c, who.now), offer=offer.id, reason=reason), rules)


def _offer(c: Consultation | None, offer: OfferId) -> Offer | None:
    return next((o for o in c.offers if o.id == offer), None) if c is not None else None


def withdraw_offers(tx: Tx, deps: Deps, person: PersonId, now: datetime, rules: tuple[str, ...] = ()) -> None:
    """Take back what is put to somebody who can no longer answer; each chain goes on at once."""
    for c in tx.consultations.offered_to(person):
        for offer in c.pending:
            if offer.person == person:
                advance(tx, deps, c, Withdrawn(at=moment(c, now), offer=offer.id), rules)
