"""Offers: shown, accepted by exactly one, declined."""

from datetime import datetime

from bot.core.consultation import Consultation
from bot.core.errors import Denied
from bot.core.events import Accepted, Declined, Reason, Withdrawn
from bot.core.ids import OfferId, PersonId
from bot.core.policy import Act
from bot.core.press import Reply, Say
from bot.core.request import Offer, Outcome
from bot.core.waking import Means
from bot.flow.advance import advance, moment
from bot.flow.bridge_epochs import bridge_id, give_history, open_room
from bot.flow.changed import cannot_take, duty_changed
from bot.flow.deps import FIRST_ANSWER, TELEPHONING, Deps
from bot.flow.ports import Tx
from bot.flow.records_devices import Device
from bot.flow.refusals import Code, Refused
from bot.flow.room_acts import check_device
from bot.flow.room_chain import signer_of
from bot.flow.room_epochs import Opening, Plan, begin, plan_for
from bot.flow.room_members import by_telephone
from bot.flow.situation import situation
from bot.flow.speaker import Speaker, amend, may
from bot.flow.waking_offers import looked_at


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
            looked_at(tx, deps, c, offer, Means(who.inbound.channel))
            amend(tx, deps, who, "offer.shown", offer=offer.id)
        case Say.YES:
            accept(tx, deps, who, c, offer)
        case Say.NO:
            decline(tx, deps, who, c, offer, press.reason or Reason.UNSAID)


def accept(tx: Tx, deps: Deps, who: Speaker, c: Consultation, offer: Offer) -> Consultation:
    """Accept: judged anew, the room opened and the consultation taken in one transaction; the first one wins.

    From whoever can no longer take it the offer is taken back, and they are told why. Raises NotNow for everybody after
    the first.
    """
    rules = may(deps, who, Act.OFFER_ACCEPT, consultation=c, offer=offer.id)
    at = moment(c, who.inbound.at)  # when it was pressed, should we have been away since
    why = cannot_take(tx, deps.content().structure, c, offer, situation(tx, at), reached=True)
    if why is not None:
        c = advance(tx, deps, c, Withdrawn(at=at, offer=offer.id, why=why.reason), rules)
        amend(tx, deps, who, "offer.no_longer", offer=offer.id, why=why.reason)
        return c
    room = open_room(tx, deps, c, who.person.id, at)
    first = TELEPHONING if by_telephone(tx, deps.content(), c, who.person.id) else FIRST_ANSWER
    event = Accepted(at=at, offer=offer.id, room=room, answer_by=max(at, who.now) + first)
    return advance(tx, deps, c, event, rules)


def put_to(tx: Tx, who: Speaker, offer_id: OfferId) -> tuple[Consultation, Offer]:
    """The consultation and the offer, if it was put to this person. Raises Refused when it was not, or is no longer open."""
    c = tx.consultations.by_offer(offer_id)
    offer = _offer(c, offer_id)
    if c is None or offer is None or offer.person != who.person.id:
        raise Refused(Code.NOT_YOURS)
    if offer.outcome is not Outcome.PENDING or who.now > offer.until:
        raise Refused(Code.TAKEN)
    return c, offer


def waiting(tx: Tx, deps: Deps, who: Speaker) -> tuple[tuple[Consultation, Offer], ...]:
    """What waits for this person's answer, oldest first."""
    return tuple(
        (c, offer)
        for c in tx.consultations.offered_to(who.person.id)
        for offer in c.pending
        if offer.person == who.person.id and who.now <= offer.until and _may_see(deps, who, c, offer)
    )


def show(tx: Tx, deps: Deps, who: Speaker, offer_id: OfferId) -> tuple[Consultation, Offer, Plan]:
    """What an offer asks, and what a device that accepts it has to bring; from now on it is known that they looked.

    Raises Refused, Denied or Unavailable.
    """
    c, offer = put_to(tx, who, offer_id)
    may(deps, who, Act.OFFER_SHOW, consultation=c, offer=offer_id)
    looked_at(tx, deps, c, offer, Means.DEVICE)
    return c, offer, plan_for(tx, deps, c, who.person.id)


def accept_on_device(
    tx: Tx, deps: Deps, who: Speaker, device: Device, offer_id: OfferId, opening: Opening
) -> Consultation:
    """Accept on a device, which brings the room's next epoch: both happen or neither; the first one wins.

    Raises Refused for everybody after the first, for whoever can no longer take it (`take_back` then takes the offer
    back), and where what was brought is not what is planned now.
    """
    c, offer = put_to(tx, who, offer_id)
    check_device(tx, who, device)
    rules = may(deps, who, Act.OFFER_ACCEPT, consultation=c, offer=offer.id)
    at, me = moment(c, who.now), who.person.id
    if cannot_take(tx, deps.content().structure, c, offer, situation(tx, at), reached=True) is not None:
        raise Refused(Code.NOT_ELIGIBLE)
    plan = plan_for(tx, deps, c, me)
    room = begin(tx, deps, plan, opening, signer_of(device), at)
    if bridge_id(deps) in plan.recipients:
        give_history(tx, deps, room, plan.members.devices, me, at)
    first = TELEPHONING if by_telephone(tx, deps.content(), c, me) else FIRST_ANSWER
    return advance(tx, deps, c, Accepted(at=at, offer=offer.id, room=room.id, answer_by=at + first), rules)


def decline(tx: Tx, deps: Deps, who: Speaker, c: Consultation, offer: Offer, reason: Reason) -> Consultation:
    """Decline: the chain goes on at once."""
    rules = may(deps, who, Act.OFFER_DECLINE, consultation=c, offer=offer.id)
    return advance(tx, deps, c, Declined(at=moment(c, who.now), offer=offer.id, reason=reason), rules)


def _may_see(deps: Deps, who: Speaker, c: Consultation, offer: Offer) -> bool:
    try:
        may(deps, who, Act.OFFER_SHOW, consultation=c, offer=offer.id)
    except Denied:
        return False
    return True


def _offer(c: Consultation | None, offer: OfferId) -> Offer | None:
    return next((o for o in c.offers if o.id == offer), None) if c is not None else None


def take_back(tx: Tx, deps: Deps, person: PersonId, now: datetime) -> None:
    """Take back what somebody can no longer take; each chain goes on at once."""
    duty_changed(tx, deps, now, (person,))


def withdraw_offers(tx: Tx, deps: Deps, person: PersonId, now: datetime, rules: tuple[str, ...] = ()) -> None:
    """Take back what is put to somebody who can no longer answer; each chain goes on at once."""
    for c in tx.consultations.offered_to(person):
        for offer in c.pending:
            if offer.person == person:
                advance(tx, deps, c, Withdrawn(at=moment(c, now), offer=offer.id), rules)
