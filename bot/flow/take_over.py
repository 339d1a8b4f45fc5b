"""Takes a talk over from a colleague: the officer waits for an answer, or whoever has it is not on duty any more.

Whoever could be asked now at the step at which it was taken may: the same function of the same organisation, on duty,
vetted, for that area and that kind of decision, with room for one more. They begin the room's next epoch, which whoever
had it holds no key of; history is given as to anybody who comes later. What is pressed names the offer by which it is held:
of all who press, the first gets it, and nobody takes it from them by the same press.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core.consultation import Consultation, State
from bot.core.events import Because, TakenOver
from bot.core.facts import facts_about, roles_on
from bot.core.ids import OfferId
from bot.core.matching import asked_organisations
from bot.core.people import Person
from bot.core.places import organisation, place_of
from bot.core.policy import Act, decide
from bot.core.request import Offer
from bot.core.standing import offer_of_holder
from bot.flow.advance import advance, moment
from bot.flow.bridge_epochs import bridge_id, give_history, open_room
from bot.flow.changed import cannot_take
from bot.flow.deps import FIRST_ANSWER, TELEPHONING, Content, Deps, fresh_id
from bot.flow.ports import Tx
from bot.flow.records_devices import Device
from bot.flow.refusals import Code, Refused
from bot.flow.room_acts import check_device
from bot.flow.room_chain import signer_of
from bot.flow.room_epochs import Opening, Plan, begin, plan_for
from bot.flow.room_members import by_telephone
from bot.flow.situation import Situation, situation
from bot.flow.speaker import Speaker, amend

MOST = 200  # open talks looked at, those whose deadline is next
SHOWN = 10  # of them to one person


@dataclass(frozen=True, slots=True, kw_only=True)
class Takeable:
    """A talk that somebody may take over, from whoever took it by this offer; why, and by which rules."""

    c: Consultation
    taken: Offer
    because: Because
    rules: tuple[str, ...]


def takeable(tx: Tx, content: Content, person: Person, now: datetime) -> tuple[Takeable, ...]:
    """The talks that this person may take over now, those whose deadline is next first."""
    talks = tuple(c for c in tx.consultations.held(MOST) if _is_theirs(c, person))
    if not talks:
        return ()
    found = situation(tx, now)
    return tuple(_able(tx, content, talks, person, found))[:SHOWN]


def pressed(tx: Tx, deps: Deps, who: Speaker, taken: OfferId) -> None:
    """Take it over on the channel where it was pressed, or say that it is too late."""
    try:
        one = _one(tx, deps.content(), who, taken)
    except Refused:
        amend(tx, deps, who, "talk.not_taken_over")
        return
    at, me = moment(one.c, who.now), who.person.id
    open_room(tx, deps, one.c, me, at)
    _take(tx, deps, one, who, at)
    amend(tx, deps, who, "page.status")  # the list without it


def show(tx: Tx, deps: Deps, who: Speaker, taken: OfferId) -> tuple[Takeable, Plan]:
    """What can be taken over, and what a device that does has to bring. Raises Refused when it cannot be any more."""
    one = _one(tx, deps.content(), who, taken)
    return one, plan_for(tx, deps, one.c, who.person.id)


def take_over_on_device(
    tx: Tx, deps: Deps, who: Speaker, device: Device, taken: OfferId, opening: Opening
) -> Consultation:
    """Take it over on a device, which brings the room's next epoch: both happen or neither.

    Raises Refused for everybody after the first, and where what was brought is not what is planned now.
    """
    one = _one(tx, deps.content(), who, taken)
    check_device(tx, who, device)
    at, me = moment(one.c, who.now), who.person.id
    plan = plan_for(tx, deps, one.c, me)
    room = begin(tx, deps, plan, opening, signer_of(device), at)
    if bridge_id(deps) in plan.recipients:
        give_history(tx, deps, room, plan.members.devices, me, at)
    return _take(tx, deps, one, who, at)


def _take(tx: Tx, deps: Deps, one: Takeable, who: Speaker, at: datetime) -> Consultation:
    me = who.person.id
    first = TELEPHONING if by_telephone(tx, deps.content(), one.c, me) else FIRST_ANSWER
    event = TakenOver(
        at=at,
        to=me,
        answer_by=max(at, who.now) + first,
        offer=OfferId(fresh_id(at, deps.entropy)),
        because=one.because,
    )
    return advance(tx, deps, one.c, event, one.rules)


def _one(tx: Tx, content: Content, who: Speaker, taken: OfferId) -> Takeable:
    c = tx.consultations.by_offer(taken)
    talks = (c,) if c is not None and _is_theirs(c, who.person) else ()
    able = next(_able(tx, content, talks, who.person, situation(tx, who.now)), None)
    if (
        able is None or able.taken.id != taken
    ):  # nobody takes from whoever was faster what they saw as another's
        raise Refused(Code.TAKEN)
    return able


def _is_theirs(c: Consultation, person: Person) -> bool:
    """Whether it is a talk of others that is going on."""
    return c.state is State.OPEN and c.request is not None and person.id not in (c.officer, c.holder)


def _able(
    tx: Tx, content: Content, talks: tuple[Consultation, ...], person: Person, found: Situation
) -> Iterator[Takeable]:
    for c in talks:
        because, taken = _because(c, found), offer_of_holder(c)
        if because is None or taken is None:
            continue
        if cannot_take(tx, content.structure, c, replace(taken, person=person.id), found, reached=True):
            continue
        rules = _rules(content, c, person, found.at)
        if rules:
            yield Takeable(c=c, taken=taken, because=because, rules=rules)


def _because(c: Consultation, found: Situation) -> Because | None:
    if c.owed:
        return Because.OWED
    return None if c.holder in found.attendance.present else Because.OFF_DUTY


def _rules(content: Content, c: Consultation, person: Person, at: datetime) -> tuple[str, ...]:
    """The ids of the rules that allow it; none where it is not allowed."""
    assert c.organisation is not None
    assert c.request is not None
    structure, taken = content.structure, offer_of_holder(c)
    board = organisation(structure, c.organisation)
    place = place_of(structure, c.request.district, c.request.at)
    asked = [asked_organisations(step, place) for step in board.steps if taken and step.id == taken.step]
    facts = facts_about(structure, person, at, consultation=c, concerns=[o for those in asked for o in those])
    decision = decide(content.policy, roles_on(person, at), Act.CONSULTATION_TAKE_OVER, facts)
    return decision.rules if decision.allowed else ()
