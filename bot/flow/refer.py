"""Refers an officer to a person: place, matter, need, urgency by fixed choices, then the chain."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.consultation import Consultation, State
from bot.core.errors import BadInput
from bot.core.events import Referred
from bot.core.hours import STOCKHOLM, wall_instant
from bot.core.ids import ConsultationId
from bot.core.places import owner
from bot.core.policy import Act
from bot.core.press import NOW, Choose, encode
from bot.core.request import DecisionKind, Need, Request, Urgency
from bot.flow.advance import advance, moment
from bot.flow.ask import latest_question
from bot.flow.deps import Deps, fresh_id
from bot.flow.ports import Tx
from bot.flow.speaker import Speaker, amend, may
from bot.flow.talk import LOOKED_AT

LOOKED_FOR = (State.SEEKING, State.OFFERED)  # one at a time
SET_ASIDE = (State.DEFERRED, State.PHONED)  # what waits for an opening or a call: other requests may be made


def choose(tx: Tx, deps: Deps, who: Speaker, choice: Choose, **shown: str) -> None:
    """Show the next choice; when all are made, make the request and start the chain at once.

    Raises BadInput for a place that nobody owns now.
    """
    may(deps, who, Act.CONSULTATION_REQUEST)
    choice = at_once(choice)
    if choice.district is not None:
        owner(deps.content().structure, choice.district, who.now)
    already = going_on(tx, who, choice)
    if already is not None:
        amend(tx, deps, who, "choose.already", consultation=already.id)
        return
    page = next_page(choice)
    if page is not None:
        amend(tx, deps, who, page, press=encode(choice), **shown)
        return
    c = request(tx, deps, who, choice)
    amend(tx, deps, who, "choose.done", consultation=c.id)


def at_once(choice: Choose) -> Choose:
    """A decision waits for nothing, whatever was said: nobody is asked how soon."""
    if choice.need is not Need.DECISION or not choice.detail:
        return choice
    return replace(choice, urgency=Urgency.NOW)


def request(tx: Tx, deps: Deps, who: Speaker, choice: Choose) -> Consultation:
    """Make the request. The board that owns the place at this minute owns it.

    Raises BadInput for a place that nobody owns now.
    """
    rules = may(deps, who, Act.CONSULTATION_REQUEST)
    assert choice.district is not None
    assert choice.matter is not None
    assert choice.need is not None
    assert choice.urgency is not None
    board, area = owner(deps.content().structure, choice.district, who.now)
    wanted = Request(
        officer=who.person.id,
        district=choice.district,
        matter=choice.matter,
        need=choice.need,
        urgency=choice.urgency,
        at=who.now,
        interview_at=_interview(choice, who.now),
        decision=DecisionKind(choice.detail) if choice.need is Need.DECISION else None,
    )
    c = latest_question(tx, who) or Consultation(id=ConsultationId(fresh_id(who.now, deps.entropy)))
    event = Referred(at=moment(c, who.now), organisation=board.id, area=area.id, request=wanted)
    return advance(tx, deps, c, event, rules)


def going_on(tx: Tx, who: Speaker, choice: Choose) -> Consultation | None:
    """What is being looked for already, or the same thing set aside: a thumb that taps twice asks once."""
    mine = tx.consultations.of_officer(who.person.id, LOOKED_AT)
    looked_for = (c for c in mine if c.state in LOOKED_FOR)
    same = (c for c in mine if c.state in SET_ASIDE and _is_for(c, choice))
    return next(looked_for, None) or next(same, None)


def _is_for(c: Consultation, choice: Choose) -> bool:
    r = c.request
    chosen = (choice.district, choice.matter, choice.need, choice.urgency)
    return r is not None and (r.district, r.matter, r.need, r.urgency) == chosen


def next_page(choice: Choose) -> str | None:
    """The page that asks for what is not chosen yet; None when all is."""
    if choice.district is None:
        return "choose.place"
    if choice.matter is None:
        return "choose.matter"
    if choice.need is None:
        return "choose.need"
    if choice.need is Need.INTERVIEW and not choice.detail:
        return "choose.hour"
    if choice.need is Need.DECISION and not choice.detail:
        return "choose.decision"
    return "choose.urgency" if choice.urgency is None else None


def _interview(choice: Choose, now: datetime) -> datetime | None:
    """The next time the clock on the wall shows that hour; an hour that does not exist that night moves on."""
    if choice.need is not Need.INTERVIEW:
        return None
    if choice.detail == NOW:
        return now
    local = now.astimezone(STOCKHOLM)
    hour, minute = int(choice.detail[:2]), int(choice.detail[2:])
    if hour > 23 or minute > 59:
        raise BadInput("there is no such hour")
    wall = local.replace(hour=hour, minute=minute, second=0, microsecond=0, tzinfo=None)
    if wall < local.replace(tzinfo=None):
        wall += timedelta(days=1)
    return wall_instant(wall)
