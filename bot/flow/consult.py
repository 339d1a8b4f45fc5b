"""What the two people of a consultation can do with it on a device or in a browser, and what they see of it."""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from bot.core.consultation import Consultation, State
from bot.core.errors import BadInput, Denied, NotNow
from bot.core.events import Closed, CouldNotAttend, Ending, Event, Identified, Reason, UrgencyRaised
from bot.core.ids import ConsultationId, OfferId
from bot.core.people import Person
from bot.core.policy import Act
from bot.core.press import Choose, encode, parse
from bot.core.referrals import EntryId
from bot.flow import offers, refer, register
from bot.flow.acts import refuse_taken
from bot.flow.advance import advance, moment
from bot.flow.chat.talks import ENDINGS
from bot.flow.deps import Deps
from bot.flow.messages import Inbound
from bot.flow.ports import Tx
from bot.flow.records_devices import Device
from bot.flow.referred import check_target
from bot.flow.refusals import Code, Refused
from bot.flow.room_acts import check_device, check_private
from bot.flow.speaker import Speaker, may

WEB = "web"  # the channel of whoever is signed in: nothing is delivered there, they come and look


class Doing(StrEnum):
    """What can be done with one press. The values stand in paths: add, never rename."""

    CANCEL = "cancel"
    CLOSE = "close"
    RAISE = "raise"
    COULD_NOT_ATTEND = "could-not-attend"


_RULE = {
    Doing.CANCEL: Act.CONSULTATION_CANCEL,
    Doing.CLOSE: Act.CONSULTATION_CLOSE,
    Doing.RAISE: Act.CONSULTATION_RAISE,
    Doing.COULD_NOT_ATTEND: Act.CONSULTATION_COULD_NOT_ATTEND,
}


def signed_in_speaker(person: Person, language: str, now: datetime) -> Speaker:
    """Somebody who is signed in, as one who speaks."""
    inbound = Inbound(channel=WEB, address="", native_id="", at=now)
    return Speaker(person=person, inbound=inbound, language=language, now=now)


def request(tx: Tx, deps: Deps, who: Speaker, choice: Choose) -> Consultation:
    """Make a request of fixed choices. Raises Refused while one is under way, BadInput when a choice is missing."""
    whole = parse(encode(choice))  # what no button could say is refused
    if not isinstance(whole, Choose) or refer.next_page(whole) is not None:
        raise BadInput("a request has a place, a matter, a need with what belongs to it, and an urgency")
    may(deps, who, Act.CONSULTATION_REQUEST)
    settled = refer.at_once(whole)
    if refer.going_on(tx, who, settled) is not None:
        raise Refused(Code.ALREADY)
    return refer.request(tx, deps, who, settled)


def mine(tx: Tx, deps: Deps, who: Speaker, limit: int) -> tuple[Consultation, ...]:
    """What somebody asked for or holds, newest first; what is erased is left out."""
    found = (
        *tx.consultations.of_officer(who.person.id, limit),
        *tx.consultations.of_holder(who.person.id, limit),
    )
    known = {c.id: c for c in found if c.request is not None and _may_watch(deps, who, c)}
    return tuple(sorted(known.values(), key=lambda c: (c.begun_at or who.now, c.id), reverse=True)[:limit])


def one(tx: Tx, deps: Deps, who: Speaker, id_: ConsultationId) -> Consultation:
    """A consultation of one's own. Raises Refused for any other, and for one that is not."""
    c = _own(tx, who, id_)
    may(deps, who, Act.CONSULTATION_WATCH, consultation=c)
    return c


def do(
    tx: Tx,
    deps: Deps,
    who: Speaker,
    id_: ConsultationId,
    doing: Doing,
    ending: Ending | None = None,
    target: EntryId | None = None,
) -> Consultation:
    """Do it. Raises Refused where it is not theirs, NotNow where it has no place, BadInput for another ending or target."""
    c = _own(tx, who, id_)
    rules = may(deps, who, _RULE[doing], consultation=c)
    event = _event(who, c, doing, ending)
    if isinstance(event, Closed):
        check_target(deps.content(), c, who.person.id, event.ending, target, who.now)
        event = replace(event, target=target)
    return advance(tx, deps, c, event, rules)


def decline(tx: Tx, deps: Deps, who: Speaker, offer_id: OfferId, reason: Reason) -> Consultation:
    """Say no to an offer: the chain goes on at once."""
    c, offer = offers.put_to(tx, who, offer_id)
    return offers.decline(tx, deps, who, c, offer, reason)


def identify(tx: Tx, deps: Deps, who: Speaker, device: Device, id_: ConsultationId) -> Consultation:
    """Begin the identified phase, deliberately: from now on no bridge is let into the room, whatever happens.

    It is entered in the register of the receiving board. When both press, the second changes nothing. Raises Refused
    while a bridge holds the key, while either has no approved device, and while anybody else holds the key.
    """
    c = _own(tx, who, id_)
    check_device(tx, who, device)
    rules = may(deps, who, Act.CONSULTATION_IDENTIFY, consultation=c)
    if c.state is State.OPEN and c.identified:
        return c
    check_private(tx, deps, c)
    at = moment(c, who.now)
    entered = register.new_id(deps, at)
    after = advance(tx, deps, c, Identified(at=at, by=who.person.id, register=entered), rules)
    register.enter(tx, deps, after, entered, at, rules)
    return after


def _own(tx: Tx, who: Speaker, id_: ConsultationId) -> Consultation:
    c = tx.consultations.get(id_)
    if c is None or c.state is State.ERASED or who.person.id not in (c.officer, c.holder):
        raise Refused(Code.NOT_YOURS)
    return c


def _may_watch(deps: Deps, who: Speaker, c: Consultation) -> bool:
    try:
        may(deps, who, Act.CONSULTATION_WATCH, consultation=c)
    except Denied:
        return False
    return True


def _event(who: Speaker, c: Consultation, doing: Doing, ending: Ending | None) -> Event:
    at, me = moment(c, who.now), who.person.id
    match doing:
        case Doing.CANCEL:
            refuse_taken(c)
            return Closed(at=at, by=me, ending=Ending.CANCELLED)
        case Doing.CLOSE:
            if ending not in ENDINGS:
                raise BadInput("that is no way to end it")
            if c.state is State.CLOSED:
                raise NotNow("it is over")
            return Closed(at=at, by=me, ending=ending)
        case Doing.RAISE:
            return UrgencyRaised(at=at, by=me)
        case Doing.COULD_NOT_ATTEND:
            return CouldNotAttend(at=at, by=me)
