"""One consultation: its states, what may happen in each, and what follows from it.

Everything that changes a consultation's state is in this file. `NEXT` is the whole picture as data (the
diagram in docs/ is drawn from it); `step` looks an event up in it and either returns the next consultation
with what is to be said, or raises `NotNow` with nothing changed.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from bot.core.effects import Effect, Hush, Notice, Pass, Ring, Show, Tell
from bot.core.errors import NotNow
from bot.core.events import (
    Accepted,
    Answered,
    Asked,
    AskedBack,
    Because,
    Closed,
    CouldNotAttend,
    DeadlinePassed,
    Declined,
    Deferred,
    Ending,
    Erased,
    Event,
    Exhausted,
    HandedOver,
    Identified,
    Lapsed,
    Offered,
    Referred,
    Reminded,
    Said,
    TakenOver,
    Tried,
    UrgencyRaised,
    Withdrawn,
)
from bot.core.ids import AreaId, ArticleId, ConsultationId, OfferId, OrganisationId, PersonId, RoomId
from bot.core.referrals import EntryId
from bot.core.request import Offer, Outcome, Request, Urgency


class State(StrEnum):
    """Where a consultation stands."""

    NEW = "new"
    ASKED = "asked"
    ANSWERED = "answered"
    SEEKING = "seeking"
    OFFERED = "offered"
    DEFERRED = "deferred"
    OPEN = "open"
    PHONED = "phoned"
    CLOSED = "closed"
    ERASED = "erased"


# state -> event -> where it may lead. Two targets: the first while other offers are still unanswered.
NEXT: dict[State, dict[type[Event], tuple[State, ...]]] = {
    State.NEW: {Asked: (State.ASKED,), Referred: (State.SEEKING,)},
    State.ASKED: {
        AskedBack: (State.ASKED,),
        Answered: (State.ANSWERED,),
        Referred: (State.SEEKING,),
        Closed: (State.CLOSED,),
        DeadlinePassed: (State.CLOSED,),
    },
    State.ANSWERED: {
        Referred: (State.SEEKING,),
        Closed: (State.CLOSED,),
        DeadlinePassed: (State.CLOSED,),
    },
    State.SEEKING: {
        Offered: (State.OFFERED,),
        Deferred: (State.DEFERRED,),
        Exhausted: (State.PHONED,),
        Closed: (State.CLOSED,),
    },
    State.OFFERED: {
        Offered: (State.OFFERED,),
        Declined: (State.OFFERED, State.SEEKING),
        Withdrawn: (State.OFFERED, State.SEEKING),
        Tried: (State.OFFERED, State.PHONED),
        Accepted: (State.OPEN,),
        DeadlinePassed: (State.OFFERED, State.SEEKING),
        Closed: (State.CLOSED,),
    },
    State.DEFERRED: {
        UrgencyRaised: (State.SEEKING,),
        DeadlinePassed: (State.SEEKING,),
        Closed: (State.CLOSED,),
    },
    State.OPEN: {
        Said: (State.OPEN,),
        Identified: (State.OPEN,),
        HandedOver: (State.OPEN,),
        TakenOver: (State.OPEN,),
        Lapsed: (State.SEEKING,),
        CouldNotAttend: (State.SEEKING,),
        Reminded: (State.OPEN,),
        Closed: (State.CLOSED,),
        DeadlinePassed: (State.CLOSED,),
    },
    State.PHONED: {
        Offered: (State.OFFERED,),
        Tried: (State.PHONED,),
        Closed: (State.CLOSED,),
        DeadlinePassed: (State.CLOSED,),
    },
    State.CLOSED: {Erased: (State.ERASED,)},
    State.ERASED: {},
}

WAITING = frozenset(
    {State.ASKED, State.ANSWERED, State.SEEKING, State.OFFERED, State.DEFERRED, State.OPEN, State.PHONED}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consultation:
    """One consultation as it stands. `due` is its one deadline (aware, UTC): always set while it waits."""

    id: ConsultationId
    version: int = 0
    state: State = State.NEW
    due: datetime | None = None
    officer: PersonId | None = None
    organisation: OrganisationId | None = None
    area: AreaId | None = None
    request: Request | None = None
    candidates: tuple[ArticleId, ...] = ()
    article: ArticleId | None = None
    offers: tuple[Offer, ...] = ()
    room: RoomId | None = None
    holder: PersonId | None = None
    owed: bool = False  # the holder owes the officer an answer
    identified: bool = False
    said: int = 0
    numbers: tuple[str, ...] = ()
    unready: bool = False  # the numbers were given because the organisation could not be asked at all
    tried: tuple[Tried, ...] = ()
    ending: Ending | None = None
    target: EntryId | None = None  # to what the officer was referred
    begun_at: datetime | None = None
    closed_at: datetime | None = None
    last_at: datetime | None = None

    @property
    def pending(self) -> tuple[Offer, ...]:
        """The offers that nobody has answered yet."""
        return tuple(offer for offer in self.offers if offer.outcome is Outcome.PENDING)

    @property
    def answered(self) -> bool:
        """Whether the officer has said that a number answered."""
        return bool(self.tried) and self.tried[-1].answered


def step(consultation: Consultation, event: Event) -> tuple[Consultation, tuple[Effect, ...]]:
    """The consultation after the event, and what is to be said.

    Raises NotNow, with nothing changed, when the event has no place in this state, names an offer or person
    that it cannot concern, or lies before what has already happened.
    """
    targets = NEXT[consultation.state].get(type(event))
    if targets is None:
        raise NotNow(f"{type(event).__name__} has no place in {consultation.state}")
    if consultation.last_at is not None and event.at < consultation.last_at:
        raise NotNow("this happened before what has already happened")
    changed, effects = _apply(consultation, event)
    state = targets[0] if len(targets) == 1 or changed.pending else targets[1]
    after = replace(changed) if changed is consultation else changed
    _stamp(
        after,
        state=state,
        version=consultation.version + 1,
        due=event.at if state is State.SEEKING else changed.due,
        last_at=event.at,
        begun_at=consultation.begun_at or event.at,
    )
    return after, effects


def _stamp(fresh: Consultation, **fields: object) -> None:
    """Set fields of a copy that nobody has seen yet: to copy so many fields twice takes longer than all the rest."""
    for name, value in fields.items():
        object.__setattr__(fresh, name, value)


def replay(id_: ConsultationId, events: tuple[Event, ...]) -> Consultation:
    """The consultation that these events, in order, lead to. Raises NotNow at the first that has no place."""
    consultation = Consultation(id=id_)
    for event in events:
        consultation, _ = step(consultation, event)
    return consultation


def erased(id_: ConsultationId, version: int, event: Erased) -> Consultation:
    """What is left of a consultation, as the event tells it: what came before is gone, and cannot be replayed."""
    return Consultation(
        id=id_,
        version=version,
        state=State.ERASED,
        ending=event.ending,
        begun_at=event.begun_at,
        last_at=event.at,
    )


def _apply(c: Consultation, event: Event) -> tuple[Consultation, tuple[Effect, ...]]:  # noqa: C901 - one exhaustive match
    match event:
        case Asked():
            return replace(c, officer=event.officer, organisation=event.organisation, due=event.until), ()
        case AskedBack():
            return replace(c, candidates=event.candidates, due=event.until), ()
        case Answered():
            return replace(c, article=event.article, due=event.until), ()
        case Referred():
            return _referred(c, event)
        case Offered():
            return _offered(c, event)
        case Deferred():
            return replace(c, due=event.until), (*_show(c), *_tell(c, Notice.DEFERRED))
        case UrgencyRaised():
            assert c.request is not None
            return replace(c, request=replace(c.request, urgency=Urgency.NOW)), _show(c)
        case Exhausted():
            after = replace(c, numbers=event.numbers, unready=event.unready, due=event.until)
            return after, (*_show(c), *_tell(c, Notice.PHONE))
        case Tried():
            return _tried(c, event)
        case Declined() | Withdrawn():
            outcome = Outcome.DECLINED if isinstance(event, Declined) else Outcome.WITHDRAWN
            offer = _pending(c, event.offer)
            after = _until_first(_settle(c, {offer.id: outcome}, event.at))
            return after, (Hush(person=offer.person, offer=offer.id), *_show(c))
        case Accepted():
            return _accepted(c, event)
        case Said():
            return _said(c, event)
        case Identified():
            _member(c, event.by)
            if c.identified:
                raise NotNow("already in the identified phase")
            assert c.holder is not None
            return replace(c, identified=True), (*_show(c), Tell(person=c.holder, notice=Notice.IDENTIFIED))
        case HandedOver():
            return _handed_over(c, event)
        case TakenOver():
            return _taken_over(c, event)
        case Lapsed():
            return _lapsed(c, event)
        case CouldNotAttend():
            if event.by != c.holder:
                raise NotNow("only whoever accepted can say that")
            after = _leave(c, Outcome.COULD_NOT_ATTEND, event.at)
            return after, (*_tell(c, Notice.COULD_NOT_ATTEND), *_show(c))
        case Reminded():
            return _reminded(c, event)
        case Closed():
            return _closed(c, event)
        case DeadlinePassed():
            return _deadline_passed(c, event)
        case Erased():
            if (event.ending, event.begun_at) != (c.ending, c.begun_at):
                raise NotNow("what is left of it would not be what it was")
            return erased(c.id, c.version, event), ()
        case _:
            assert_never(event)


def _referred(c: Consultation, event: Referred) -> tuple[Consultation, tuple[Effect, ...]]:
    if c.officer not in (None, event.request.officer):
        raise NotNow("somebody else asked this")
    after = replace(
        c,
        officer=event.request.officer,
        organisation=event.organisation,
        area=event.area,
        request=event.request,
    )
    return after, _show(after)


def _offered(c: Consultation, event: Offered) -> tuple[Consultation, tuple[Effect, ...]]:
    offer = event.offer
    if c.state is State.PHONED and c.answered:
        raise NotNow("a number has answered")
    if offer.outcome is not Outcome.PENDING or offer.until <= event.at:
        raise NotNow("an offer begins unanswered and with time left")
    asked = [o for o in c.offers if o.outcome is not Outcome.WITHDRAWN]
    if any(o.id == offer.id for o in c.offers) or any(o.person == offer.person for o in asked):
        raise NotNow("that person has already been asked")
    after = _until_first(replace(c, offers=(*c.offers, offer)))
    told = _tell(c, Notice.SOUGHT_AGAIN) if c.state is State.PHONED else ()
    return after, (Ring(person=offer.person, offer=offer.id), *told, *_show(c))


def _accepted(c: Consultation, event: Accepted) -> tuple[Consultation, tuple[Effect, ...]]:
    taken = _pending(c, event.offer)
    if event.at > taken.until:
        raise NotNow("the time to answer is out")
    outcomes = {o.id: Outcome.ACCEPTED if o.id == taken.id else Outcome.WITHDRAWN for o in c.pending}
    after = replace(
        _settle(c, outcomes, event.at), holder=taken.person, room=event.room, owed=True, due=event.answer_by
    )
    hushed = tuple(Hush(person=o.person, offer=o.id) for o in c.pending)
    told = (*_tell(c, Notice.ACCEPTED), Tell(person=taken.person, notice=Notice.YOURS))
    return after, (*told, *hushed, *_show(c))


def _said(c: Consultation, event: Said) -> tuple[Consultation, tuple[Effect, ...]]:
    _member(c, event.author)
    assert c.officer is not None
    assert c.holder is not None
    by_officer = event.author == c.officer
    after = replace(c, said=c.said + 1, owed=by_officer, due=_next_due(c, event, by_officer=by_officer))
    other = c.holder if by_officer else c.officer
    told = (
        _show(c) if after.owed is not c.owed else ()
    )  # until when an answer is owed stands on the officer's card
    return after, (Pass(person=other, seq=event.seq), *told)


def _handed_over(c: Consultation, event: HandedOver) -> tuple[Consultation, tuple[Effect, ...]]:
    if event.to in (c.holder, c.officer):
        raise NotNow("already theirs")
    after = _passed_on(c, event, Outcome.HANDED_OVER)
    return after, (*_tell(c, Notice.ACCEPTED), Tell(person=event.to, notice=Notice.YOURS), *_show(c))


def _taken_over(c: Consultation, event: TakenOver) -> tuple[Consultation, tuple[Effect, ...]]:
    if event.to in (c.holder, c.officer):
        raise NotNow("already theirs")
    if event.because is Because.OWED and not c.owed:
        raise NotNow("nobody waits for an answer")
    if event.answer_by <= event.at or any(offer.id == event.offer for offer in c.offers):
        raise NotNow("it is taken over anew, with time to answer")
    assert c.holder is not None
    hushed = tuple(Hush(person=o.person, offer=o.id) for o in c.offers if o.outcome is Outcome.ACCEPTED)
    told = (*_tell(c, Notice.TAKEN_OVER), Tell(person=c.holder, notice=Notice.TAKEN_OVER_YOURS))
    yours = Tell(person=event.to, notice=Notice.YOURS)
    return _passed_on(c, event, Outcome.TAKEN_OVER), (*told, yours, *hushed, *_show(c))


def _passed_on(c: Consultation, event: HandedOver | TakenOver, outcome: Outcome) -> Consultation:
    """Somebody else has it, by an offer of their own, and owes the answer; the one before says what became of it."""
    given = next((o for o in c.offers if o.outcome is Outcome.ACCEPTED), None)
    offers = _settle(c, {given.id: outcome}, event.at).offers if given is not None else c.offers
    if given is not None and event.offer is not None:
        taken = Offer(
            id=event.offer,
            person=event.to,
            step=given.step,
            at=event.at,
            until=event.answer_by,
            outcome=Outcome.ACCEPTED,
            settled_at=event.at,
        )
        offers = (*offers, taken)
    return replace(c, offers=offers, holder=event.to, owed=True, due=event.answer_by)


def _next_due(c: Consultation, event: Said, *, by_officer: bool) -> datetime:
    # An officer who writes twice does not give the worker more time: the first unanswered word counts.
    still_owed = by_officer and c.owed and c.due is not None
    return c.due if still_owed and c.due is not None else event.due


def _tried(c: Consultation, event: Tried) -> tuple[Consultation, tuple[Effect, ...]]:
    if event.number not in c.numbers:
        raise NotNow("that number is not among those to try")
    after = replace(c, tried=(*c.tried, event)[-50:])
    if c.state is not State.OFFERED or not event.answered:
        return after, _show(c)
    if event.until is None or event.until <= event.at:
        raise NotNow("whoever is asked besides is let go for a time that is named")
    hushed = tuple(Hush(person=o.person, offer=o.id) for o in c.pending)
    settled = _settle(after, {o.id: Outcome.WITHDRAWN for o in c.pending}, event.at)
    return replace(settled, due=event.until), (*hushed, *_show(c))


def _lapsed(c: Consultation, event: Lapsed) -> tuple[Consultation, tuple[Effect, ...]]:
    if not c.owed or c.due is None or event.at < c.due:
        raise NotNow("no answer is overdue")
    assert c.holder is not None
    told = (*_tell(c, Notice.LAPSED), Tell(person=c.holder, notice=Notice.LAPSED_YOURS))
    return _leave(c, Outcome.LAPSED, event.at), (*told, *_show(c))


def _reminded(c: Consultation, event: Reminded) -> tuple[Consultation, tuple[Effect, ...]]:
    if c.owed or c.due is None or event.at < c.due or event.due <= event.at:
        raise NotNow("nobody is to be reminded now")
    assert c.holder is not None
    told = (*_tell(c, Notice.REMINDED), Tell(person=c.holder, notice=Notice.REMINDED))
    return replace(c, due=event.due), (*told, *_show(c))


def _closed(c: Consultation, event: Closed) -> tuple[Consultation, tuple[Effect, ...]]:
    if event.by is not None:
        _member(c, event.by)
    by_holder = event.by is not None and event.by == c.holder
    if event.target is not None and not (by_holder and event.ending is Ending.REFERRED):
        raise NotNow("only whoever had it refers somebody to something")
    hushed = tuple(Hush(person=o.person, offer=o.id) for o in c.pending)
    after = replace(
        _settle(c, {o.id: Outcome.WITHDRAWN for o in c.pending}, event.at),
        due=None,
        ending=event.ending,
        target=event.target,
        closed_at=event.at,
        owed=False,
    )
    others = tuple(p for p in (c.officer, c.holder) if p is not None and p != event.by)
    told = tuple(Tell(person=p, notice=Notice.ENDED) for p in others) if c.request is not None else ()
    return after, (*hushed, *told, *(_show(c) if c.request is not None else ()))


def _deadline_passed(c: Consultation, event: DeadlinePassed) -> tuple[Consultation, tuple[Effect, ...]]:
    if c.due is None or event.due != c.due or event.at < c.due:
        raise NotNow("the deadline has moved")
    if c.state is State.OFFERED:
        silent = tuple(o for o in c.pending if o.until <= event.at)
        hushed = tuple(Hush(person=o.person, offer=o.id) for o in silent)
        settled = _settle(c, {o.id: Outcome.SILENT for o in silent}, event.at)
        return _until_first(settled), (*hushed, *_show(c))
    if c.state is State.DEFERRED:
        return c, _show(c)
    if c.owed:
        raise NotNow("an answer is owed: this lapses, it does not end")
    ending = {State.PHONED: Ending.PHONE, State.OPEN: Ending.QUIET}.get(c.state, Ending.LIBRARY)
    after = replace(c, due=None, ending=ending, closed_at=event.at)
    if c.request is None:
        return after, ()
    others = tuple(p for p in (c.officer, c.holder) if p is not None)
    return after, (*(Tell(person=p, notice=Notice.ENDED) for p in others), *_show(c))


def _pending(c: Consultation, offer_id: OfferId) -> Offer:
    for offer in c.pending:
        if offer.id == offer_id:
            return offer
    raise NotNow("that offer is no longer open")


def _until_first(c: Consultation) -> Consultation:
    """The deadline is when the time of the first of those who are asked is out; who came later has time left then."""
    return replace(c, due=min((o.until for o in c.pending), default=c.due))


def _settle(c: Consultation, outcomes: dict[OfferId, Outcome], at: datetime) -> Consultation:
    offers = tuple(
        replace(o, outcome=outcomes[o.id], settled_at=at) if o.id in outcomes else o for o in c.offers
    )
    return replace(c, offers=offers)


def _leave(c: Consultation, outcome: Outcome, at: datetime) -> Consultation:
    """The holder leaves: their accepted offer ends so, and the chain goes on without them."""
    offers = tuple(
        replace(o, outcome=outcome, settled_at=at)
        if o.person == c.holder and o.outcome is Outcome.ACCEPTED
        else o
        for o in c.offers
    )
    return replace(c, offers=offers, holder=None, owed=False)


def _member(c: Consultation, person: PersonId) -> None:
    if person not in (c.officer, c.holder):
        raise NotNow("only those in this consultation can do that")


def _show(c: Consultation) -> tuple[Effect, ...]:
    return (Show(person=c.officer),) if c.officer is not None else ()


def _tell(c: Consultation, notice: Notice) -> tuple[Effect, ...]:
    return (Tell(person=c.officer, notice=notice),) if c.officer is not None else ()
