"""What the two people of a consultation can do with it by a button."""

from bot.core.consultation import Consultation, State
from bot.core.errors import BadInput, NotNow
from bot.core.events import Closed, CouldNotAttend, Ending, Event, Tried, UrgencyRaised
from bot.core.policy import Act as Allowed
from bot.core.press import Act, Do
from bot.core.standing import current_number
from bot.flow.advance import advance, moment
from bot.flow.chat.talks import ENDINGS
from bot.flow.deps import PHONING, Deps
from bot.flow.ports import Tx
from bot.flow.referred import check_target, targets
from bot.flow.room_members import Way, members, way
from bot.flow.speaker import Speaker, amend, answer, may

_RULE = {
    Act.CANCEL: Allowed.CONSULTATION_CANCEL,
    Act.CLOSE: Allowed.CONSULTATION_CLOSE,
    Act.REFER: Allowed.CONSULTATION_CLOSE,
    Act.RAISE: Allowed.CONSULTATION_RAISE,
    Act.COULD_NOT: Allowed.CONSULTATION_COULD_NOT_ATTEND,
    Act.ANSWERED: Allowed.NUMBER_TRY,
    Act.SILENT: Allowed.NUMBER_TRY,
    Act.NAME: Allowed.CONSULTATION_WATCH,
    Act.SHOW: Allowed.CONSULTATION_WATCH,
}


def do(tx: Tx, deps: Deps, who: Speaker, press: Do) -> None:
    """Do it, or say why not. Raises NotNow when things have changed since the button was made."""
    c = tx.consultations.get(press.consultation)
    if c is None or who.person.id not in (c.officer, c.holder):
        may(deps, who, _RULE[press.act])
        raise NotNow("that is not yours")
    rules = may(deps, who, _RULE[press.act], consultation=c)
    if press.act is Act.SHOW:
        answer(tx, deps, who, "status.one", consultation=c.id)
        return
    if press.act is Act.NAME:
        answer(tx, deps, who, f"talk.{_where_to_name(tx, deps, who, c)}", consultation=c.id)
        return
    if press.act in (Act.CLOSE, Act.REFER) and c.state in (State.CLOSED, State.ERASED):
        raise NotNow("it is over")
    if press.ending is not None and press.ending not in ENDINGS:
        raise BadInput("that button is not one of ours")
    if press.act is Act.CLOSE and press.ending is None:
        answer(tx, deps, who, "talk.close_how", consultation=c.id)
        return
    if press.ending is Ending.REFERRED and who.person.id == c.holder and targets(deps.content(), c, who.now):
        amend(tx, deps, who, "talk.refer_to", consultation=c.id)
        return
    check_target(deps.content(), c, who.person.id, Ending.REFERRED, press.target, who.now)
    advance(tx, deps, c, _event(who, c, press), rules)
    if press.ending is not None or press.act is Act.REFER:
        amend(tx, deps, who, "closed", consultation=c.id)


def _where_to_name(tx: Tx, deps: Deps, who: Speaker, c: Consultation) -> str:
    """Never here: on one's device, where both have one, else by telephone. The name of a sentence."""
    if c.identified:
        return "named"
    here = (
        way(tx, deps.content(), c, who.person.id, who.inbound.channel) if c.state is State.OPEN else Way.PHONE
    )
    private = len(set(members(tx, deps.content(), c, c.holder).devices.values())) == len(
        {c.officer, c.holder}
    )
    return "name_room" if here is Way.ROOM and private else "name_refused"


def refuse_taken(c: Consultation) -> None:
    """Raise NotNow when somebody has taken it: then it is finished, not withdrawn."""
    if c.state is State.OPEN:
        raise NotNow("somebody has taken it: finish it instead")


def _event(who: Speaker, c: Consultation, press: Do) -> Event:
    at = moment(c, who.now)
    match press.act:
        case Act.CANCEL:
            refuse_taken(c)
            return Closed(at=at, by=who.person.id, ending=Ending.CANCELLED)
        case Act.CLOSE:
            return Closed(at=at, by=who.person.id, ending=press.ending or Ending.NOTHING)
        case Act.REFER:
            return Closed(at=at, by=who.person.id, ending=Ending.REFERRED, target=press.target)
        case Act.RAISE:
            return UrgencyRaised(at=at, by=who.person.id)
        case Act.COULD_NOT:
            return CouldNotAttend(at=at, by=who.person.id)
        case Act.ANSWERED | Act.SILENT:
            if not 0 <= press.index < len(c.numbers):
                raise NotNow("that number is not among those to try")
            if press.act is Act.SILENT and press.index != current_number(c):
                raise NotNow("that number has been tried: a second press must not pass over the next one")
            answered = press.act is Act.ANSWERED
            return Tried(at=at, number=c.numbers[press.index], answered=answered, until=at + PHONING)
        case Act.NAME | Act.SHOW:
            raise NotNow
