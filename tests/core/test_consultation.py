import importlib.util
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.core import events as k
from bot.core.consultation import NEXT, WAITING, Consultation, State, erased, replay, step
from bot.core.effects import Hush, Notice, Tell
from bot.core.errors import NotNow
from bot.core.events import Because, Ending, Event
from bot.core.ids import (
    AreaId,
    ArticleId,
    ConsultationId,
    DistrictId,
    OfferId,
    OrganisationId,
    PersonId,
    RoomId,
    StepId,
)
from bot.core.referrals import EntryId
from bot.core.request import Matter, Need, Offer, Outcome, Request, Urgency

T0 = datetime(2026, 11, 21, 22, 40, tzinfo=UTC)
OFFICER, WORKER, SECOND = PersonId("officer"), PersonId("worker"), PersonId("second")
MALMO = OrganisationId("malmo")


def after(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


REQUEST = Request(
    officer=OFFICER,
    district=DistrictId("norr"),
    matter=Matter.CHILD,
    need=Need.ADVICE,
    urgency=Urgency.NOW,
    at=T0,
)


def referred(at: datetime = T0) -> k.Referred:
    return k.Referred(at=at, organisation=MALMO, area=AreaId("norr"), request=REQUEST)


def offered(person: PersonId = WORKER, *, at: datetime = T0, until: datetime | None = None) -> k.Offered:
    offer = Offer(
        id=OfferId(f"offer-{person}"), person=person, step=StepId("dag"), at=at, until=until or after(60)
    )
    return k.Offered(at=at, offer=offer)


def accepted(person: PersonId = WORKER, at: datetime = T0) -> k.Accepted:
    return k.Accepted(at=at, offer=OfferId(f"offer-{person}"), room=RoomId("room"), answer_by=after(180))


def said(author: PersonId, *, at: datetime = T0, due: float = 600) -> k.Said:
    return k.Said(at=at, author=author, seq=2, digest="00" * 32, due=after(due))


def closed(by: PersonId | None = OFFICER) -> k.Closed:
    return k.Closed(at=T0, by=by, ending=Ending.NOTHING)


def come_to(*events: Event) -> Consultation:
    return replay(ConsultationId("c"), events)


ASKED = k.Asked(at=T0, officer=OFFICER, organisation=MALMO, until=after(1800))
ANSWERED = k.Answered(at=T0, article=ArticleId("A01"), until=after(1800))
EXHAUSTED = k.Exhausted(at=T0, numbers=("jour", "vb"), until=after(3600))
DEFERRED = k.Deferred(at=T0, until=after(7200))

REACHED: dict[State, Consultation] = {
    State.NEW: come_to(),
    State.ASKED: come_to(ASKED),
    State.ANSWERED: come_to(ASKED, ANSWERED),
    State.SEEKING: come_to(referred()),
    State.OFFERED: come_to(referred(), offered()),
    State.DEFERRED: come_to(referred(), DEFERRED),
    State.OPEN: come_to(referred(), offered(), accepted()),
    State.PHONED: come_to(referred(), EXHAUSTED),
    State.CLOSED: come_to(referred(), closed()),
    State.ERASED: replace(come_to(), state=State.ERASED),
}

TAKEN_OVER = k.TakenOver(at=T0, to=SECOND, answer_by=after(180), offer=OfferId("taken"), because=Because.OWED)

SOME: dict[type[Event], Event] = {
    k.Asked: ASKED,
    k.AskedBack: k.AskedBack(at=T0, candidates=(ArticleId("A01"), ArticleId("A02")), until=after(9)),
    k.Answered: ANSWERED,
    k.Referred: referred(),
    k.Offered: offered(SECOND),
    k.Deferred: DEFERRED,
    k.UrgencyRaised: k.UrgencyRaised(at=T0, by=OFFICER),
    k.Exhausted: EXHAUSTED,
    k.Tried: k.Tried(at=T0, number="jour", answered=False),
    k.Declined: k.Declined(at=T0, offer=OfferId("offer-worker")),
    k.Withdrawn: k.Withdrawn(at=T0, offer=OfferId("offer-worker")),
    k.Accepted: accepted(),
    k.Said: said(WORKER),
    k.Identified: k.Identified(at=T0, by=OFFICER),
    k.HandedOver: k.HandedOver(at=T0, to=SECOND, answer_by=after(180)),
    k.TakenOver: TAKEN_OVER,
    k.Lapsed: k.Lapsed(at=after(180)),
    k.CouldNotAttend: k.CouldNotAttend(at=T0, by=WORKER),
    k.Reminded: k.Reminded(at=after(60), due=after(600)),
    k.Closed: closed(),
    k.Erased: k.Erased(at=T0, certificate="0" * 32, ending=Ending.NOTHING, begun_at=T0),
}


def event_for(state: State, kind: type[Event]) -> Event:
    if kind is not k.DeadlinePassed:
        return SOME[kind]
    due = REACHED[state].due or after(60)
    return k.DeadlinePassed(at=due, due=due)


def settled(state: State) -> Consultation:
    """The reached state, where no answer is owed, so that a deadline may end it."""
    reached = REACHED[state]
    return step(reached, said(WORKER))[0] if state is State.OPEN else reached


@pytest.mark.parametrize("kind", k.EVENTS)
@pytest.mark.parametrize("state", State)
def test_every_event_in_every_state_is_in_the_table_or_refused(state: State, kind: type[Event]) -> None:
    """An event either leads where the table says, or is refused and nothing changes."""
    before = REACHED[state]
    event = event_for(state, kind)
    if kind is k.DeadlinePassed and state is State.OPEN:
        before = settled(state)
        due = before.due
        assert due is not None
        event = k.DeadlinePassed(at=due, due=due)
    if kind is k.Reminded and state is State.OPEN:
        before = settled(state)
        event = k.Reminded(at=after(600), due=after(900))
    if kind is k.Tried and state is State.OFFERED:
        before = come_to(referred(), EXHAUSTED, offered())
    copy = replace(before)
    if kind in NEXT[state]:
        now, _ = step(before, event)
        assert now.state in NEXT[state][kind]
        assert now.version == before.version + 1
    else:
        with pytest.raises(NotNow):
            step(before, event)
    assert before == copy


def test_the_table_names_every_state_and_only_known_events() -> None:
    """Absence is visible: every state has its row, the last one empty."""
    assert set(NEXT) == set(State)
    assert NEXT[State.ERASED] == {}
    assert {kind for row in NEXT.values() for kind in row} == set(k.EVENTS)


def test_every_waiting_state_has_a_deadline() -> None:
    """Nobody waits for nothing: each waiting state knows when it will look again."""
    for state in WAITING:
        assert REACHED[state].due is not None, state


def test_decline_goes_on_at_once_only_when_it_was_the_last() -> None:
    """With two asked, one refusal leaves the other's time running; the second sends it on."""
    both = come_to(referred(), offered(WORKER), offered(SECOND))
    one, _ = step(both, k.Declined(at=T0, offer=OfferId("offer-worker")))
    assert one.state is State.OFFERED
    none, _ = step(one, k.Declined(at=T0, offer=OfferId("offer-second")))
    assert none.state is State.SEEKING


def test_accepting_tells_everybody_else_who_was_rung() -> None:
    """Whoever was rung and was slower learns that it is taken."""
    both = come_to(referred(), offered(WORKER), offered(SECOND))
    won, effects = step(both, accepted(SECOND))
    assert won.holder == SECOND
    assert Hush(person=WORKER, offer=OfferId("offer-worker")) in effects
    assert Tell(person=OFFICER, notice=Notice.ACCEPTED) in effects
    with pytest.raises(NotNow):
        step(won, accepted(WORKER))


def test_closing_while_offered_withdraws_every_offer() -> None:
    """Nobody stays rung for a request that has ended."""
    both = come_to(referred(), offered(WORKER), offered(SECOND))
    ended, effects = step(both, closed())
    assert {o.outcome for o in ended.offers} == {Outcome.WITHDRAWN}
    assert {e.person for e in effects if isinstance(e, Hush)} == {WORKER, SECOND}


def test_an_offer_cannot_be_accepted_after_its_time() -> None:
    """Late is late, even before the deadline has been worked off."""
    with pytest.raises(NotNow):
        step(REACHED[State.OFFERED], accepted(at=after(61)))


def test_a_deadline_that_has_moved_is_refused() -> None:
    """A timer that was set for an earlier deadline does no harm."""
    with pytest.raises(NotNow):
        step(REACHED[State.OFFERED], k.DeadlinePassed(at=after(61), due=after(59)))
    with pytest.raises(NotNow):
        step(REACHED[State.OFFERED], k.DeadlinePassed(at=after(59), due=after(60)))


def test_silence_is_neither_no_nor_could_not() -> None:
    """Three outcomes stay three: silence is recorded as silence."""
    silent, _ = step(REACHED[State.OFFERED], k.DeadlinePassed(at=after(60), due=after(60)))
    assert [o.outcome for o in silent.offers] == [Outcome.SILENT]


def test_time_is_out_for_each_at_their_own_instant() -> None:
    """Who came on duty later has their own seconds; who was asked first is silent when theirs are out, not later."""
    came = k.Offered(at=after(30), offer=replace(offered(SECOND).offer, at=after(30), until=after(90)))
    both, _ = step(REACHED[State.OFFERED], came)
    assert both.due == after(60)
    first, _ = step(both, k.DeadlinePassed(at=after(60), due=after(60)))
    assert [o.outcome for o in first.offers] == [Outcome.SILENT, Outcome.PENDING]
    assert (first.state, first.due) == (State.OFFERED, after(90))
    then, _ = step(first, k.DeadlinePassed(at=after(90), due=after(90)))
    assert (then.state, [o.outcome for o in then.offers]) == (State.SEEKING, [Outcome.SILENT] * 2)
    declined, _ = step(both, k.Declined(at=after(40), offer=OfferId("offer-worker")))
    assert (declined.state, declined.due) == (State.OFFERED, after(90))


def test_it_lapses_only_while_an_answer_is_owed() -> None:
    """A worker who has answered may be quiet; one who owes an answer may not."""
    answered, _ = step(REACHED[State.OPEN], said(WORKER))
    with pytest.raises(NotNow):
        step(answered, k.Lapsed(at=after(9999)))
    owed, _ = step(answered, said(OFFICER, due=200))
    assert owed.owed
    with pytest.raises(NotNow):
        step(owed, k.DeadlinePassed(at=after(200), due=after(200)))
    gone, effects = step(owed, k.Lapsed(at=after(200)))
    assert gone.state is State.SEEKING
    assert Tell(person=WORKER, notice=Notice.LAPSED_YOURS) in effects


def test_writing_twice_gives_the_worker_no_more_time() -> None:
    """The first unanswered word counts."""
    owed = REACHED[State.OPEN]
    again, _ = step(owed, said(OFFICER, due=9999))
    assert again.due == owed.due


def test_only_the_two_in_the_room_speak() -> None:
    """Somebody else, or a worker who has left, has no voice in it."""
    with pytest.raises(NotNow):
        step(REACHED[State.OPEN], said(SECOND))
    left, _ = step(REACHED[State.OPEN], k.CouldNotAttend(at=T0, by=WORKER))
    assert left.state is State.SEEKING
    with pytest.raises(NotNow):
        step(left, said(WORKER))


def test_what_is_handed_over_is_the_receivers_in_every_way() -> None:
    """The receiver holds it by an offer of their own and owes the answer; the giver's offer says what became of it."""
    given = k.HandedOver(at=after(1), to=SECOND, answer_by=after(180), offer=OfferId("offer-second"))
    c, effects = step(REACHED[State.OPEN], given)
    assert (c.holder, c.owed, c.due, c.state) == (SECOND, True, after(180), State.OPEN)
    outcomes = {o.person: o.outcome for o in c.offers}
    assert outcomes == {WORKER: Outcome.HANDED_OVER, SECOND: Outcome.ACCEPTED}
    assert Tell(person=SECOND, notice=Notice.YOURS) in effects
    with pytest.raises(NotNow):
        step(c, said(WORKER))
    lapsed, _ = step(c, k.Lapsed(at=after(180)))
    assert {o.person: o.outcome for o in lapsed.offers}[SECOND] is Outcome.LAPSED
    for person in (WORKER, SECOND):
        with pytest.raises(NotNow):
            step(lapsed, replace(offered(person), at=after(181)))


@pytest.mark.parametrize("to", [OFFICER, WORKER])
def test_nothing_is_handed_over_to_whoever_is_in_it_already(to: PersonId) -> None:
    """Not to the holder, and never to the officer."""
    with pytest.raises(NotNow):
        step(REACHED[State.OPEN], k.HandedOver(at=T0, to=to, answer_by=after(180), offer=OfferId("o")))


def test_what_is_taken_over_is_the_colleagues_in_every_way() -> None:
    """The colleague holds it by an offer of their own and owes the answer; whoever had it is out, and all three are told."""
    taken = replace(TAKEN_OVER, at=after(170), answer_by=after(350))
    c, effects = step(REACHED[State.OPEN], taken)
    assert (c.holder, c.owed, c.due, c.state, c.room) == (
        SECOND,
        True,
        after(350),
        State.OPEN,
        RoomId("room"),
    )
    assert {o.person: o.outcome for o in c.offers} == {WORKER: Outcome.TAKEN_OVER, SECOND: Outcome.ACCEPTED}
    assert {e.person: e.notice for e in effects if isinstance(e, Tell)} == {
        OFFICER: Notice.TAKEN_OVER,
        WORKER: Notice.TAKEN_OVER_YOURS,
        SECOND: Notice.YOURS,
    }
    assert Hush(person=WORKER, offer=OfferId("offer-worker")) in effects
    with pytest.raises(NotNow):
        step(c, said(WORKER, at=after(171)))
    with pytest.raises(NotNow):  # the deadline of whoever had it has moved
        step(c, k.Lapsed(at=after(180)))
    lapsed, _ = step(c, k.Lapsed(at=after(350)))
    for person in (WORKER, SECOND):
        with pytest.raises(NotNow):
            step(lapsed, replace(offered(person), at=after(351)))


def test_nothing_is_taken_over_that_nobody_waits_for() -> None:
    """Whoever has answered keeps it, unless they are not on duty any more; then a colleague may have it all the same."""
    answered, _ = step(REACHED[State.OPEN], said(WORKER))
    with pytest.raises(NotNow):
        step(answered, TAKEN_OVER)
    gone = replace(TAKEN_OVER, because=Because.OFF_DUTY)
    assert step(answered, gone)[0].holder == SECOND


@pytest.mark.parametrize(
    "changed", [{"to": OFFICER}, {"to": WORKER}, {"answer_by": T0}, {"offer": OfferId("offer-worker")}]
)
def test_a_take_over_that_gives_nothing_is_refused(changed: dict[str, Any]) -> None:
    """Not by the officer, not by whoever has it, not without time to answer, not by an offer that was made already."""
    with pytest.raises(NotNow):
        step(REACHED[State.OPEN], replace(TAKEN_OVER, **changed))


def test_only_whoever_had_it_says_to_what_it_was_referred() -> None:
    """The target is kept with the ending that says so; the officer names none, and no other ending has one."""
    talk, target = REACHED[State.OPEN], EntryId("sluta-skjut")
    referred_on = replace(closed(WORKER), ending=Ending.REFERRED, target=target)
    ended, _ = step(talk, referred_on)
    assert (ended.ending, ended.target) == (Ending.REFERRED, target)
    for wrong in ({"by": OFFICER}, {"by": None}, {"ending": Ending.ADVICE}):
        with pytest.raises(NotNow):
            step(talk, replace(referred_on, **wrong))
    with pytest.raises(NotNow):
        step(REACHED[State.OFFERED], replace(referred_on, by=OFFICER))


def test_numbers_say_whether_nobody_could_be_asked_at_all() -> None:
    """An organisation that is not ready is another thing than one in which nobody is left; a later round says it anew."""
    unready = come_to(referred(), replace(EXHAUSTED, unready=True))
    assert unready.unready
    silent, _ = step(step(unready, offered())[0], k.DeadlinePassed(at=after(60), due=after(60)))
    assert not step(silent, replace(EXHAUSTED, at=after(60)))[0].unready


def test_somebody_asked_in_vain_is_not_asked_again() -> None:
    """A refusal, silence or lapse stands for the whole request; a withdrawn offer does not count."""
    declined, _ = step(REACHED[State.OFFERED], k.Declined(at=T0, offer=OfferId("offer-worker")))
    again = k.Offered(at=T0, offer=replace(offered().offer, id=OfferId("o2")))
    with pytest.raises(NotNow):
        step(declined, again)
    withdrawn, _ = step(REACHED[State.OFFERED], k.Withdrawn(at=T0, offer=OfferId("offer-worker")))
    assert step(withdrawn, again)[0].state is State.OFFERED


def test_time_does_not_run_backwards() -> None:
    """An event from before the last one is refused."""
    with pytest.raises(NotNow):
        step(REACHED[State.OFFERED], replace(accepted(), at=after(-1)))


def test_erasing_keeps_nothing_of_what_was_said() -> None:
    """After erasing, only the id, when it began and how it ended remain; the event alone says as much."""
    done = come_to(referred(), offered(), accepted(), said(OFFICER), closed())
    event = k.Erased(at=after(60), certificate="0" * 32, ending=done.ending, begun_at=T0)
    gone, effects = step(done, event)
    assert gone == erased(done.id, done.version + 1, event)
    assert (gone.state, gone.ending, gone.begun_at) == (State.ERASED, Ending.NOTHING, T0)
    told = {"id", "version", "state", "ending", "begun_at", "last_at"}
    nothing = Consultation(id=done.id)
    left = [
        name for name in Consultation.__dataclass_fields__ if getattr(gone, name) != getattr(nothing, name)
    ]
    assert set(left) <= told
    assert effects == ()


@pytest.mark.parametrize("changed", [{"ending": Ending.ADVICE}, {"ending": None}, {"begun_at": after(-1)}])
def test_erasing_tells_no_other_end(changed: dict[str, Any]) -> None:
    """What is left of it must be what it was."""
    event = replace(SOME[k.Erased], **changed)
    with pytest.raises(NotNow):
        step(REACHED[State.CLOSED], event)


def test_time_alone_erases_nothing() -> None:
    """Closed stays closed: it waits for nothing, and no deadline that passes makes it erased."""
    done = REACHED[State.CLOSED]
    assert done.due is None
    with pytest.raises(NotNow):
        step(done, k.DeadlinePassed(at=after(60), due=after(60)))
    with pytest.raises(NotNow):
        step(replace(done, due=after(60)), k.DeadlinePassed(at=after(60), due=after(60)))


def test_whoever_comes_while_numbers_are_called_is_asked_and_let_go_when_one_answers() -> None:
    """Asked besides the numbers; when a number answers the doorbell is taken back, and the request is the telephone's."""
    asked = come_to(referred(), EXHAUSTED, offered())
    assert asked.state is State.OFFERED
    again, effects = step(asked, k.Tried(at=T0, number="jour", answered=False))
    assert again.state is State.OFFERED
    answered = k.Tried(at=T0, number="vb", answered=True, until=after(3600))
    phoned, effects = step(again, answered)
    assert (phoned.state, phoned.due, phoned.answered) == (State.PHONED, after(3600), True)
    assert [o.outcome for o in phoned.offers] == [Outcome.WITHDRAWN]
    assert any(isinstance(effect, Hush) for effect in effects)
    with pytest.raises(NotNow):  # not without a time until when the number stands
        step(again, replace(answered, until=None))
    with pytest.raises(NotNow):  # nobody is woken for what a number has answered
        step(phoned, offered(SECOND))


def test_the_officer_hears_that_somebody_has_come_on_duty() -> None:
    """A live message that changes does not ring: whoever telephones is told in a message of its own."""
    _, effects = step(come_to(referred(), EXHAUSTED), offered())
    assert Tell(person=OFFICER, notice=Notice.SOUGHT_AGAIN) in effects


def test_a_reminder_moves_the_deadline_and_is_not_early() -> None:
    """Both are told; it never takes the place of an answer that is owed, and never comes before its time."""
    talk = settled(State.OPEN)
    reminded, effects = step(talk, k.Reminded(at=after(600), due=after(900)))
    assert (reminded.state, reminded.due) == (State.OPEN, after(900))
    told = {effect.person for effect in effects if isinstance(effect, Tell)}
    assert told == {OFFICER, WORKER}
    for before, event in (
        (talk, k.Reminded(at=after(599), due=after(900))),
        (talk, k.Reminded(at=after(600), due=after(600))),
        (REACHED[State.OPEN], k.Reminded(at=after(600), due=after(900))),
    ):
        with pytest.raises(NotNow):
            step(before, event)


def test_the_diagram_is_the_table() -> None:
    """The picture in docs cannot lie: it is drawn from the table."""
    page = Path(__file__).parents[2] / "docs" / "diagram.py"
    spec = importlib.util.spec_from_file_location("diagram", page)
    assert spec is not None
    assert spec.loader is not None
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert page.with_name("consultation.md").read_text() == module.draw()


class Nights(RuleBasedStateMachine):
    """Any sequence of events: the invariants hold and replay gives the same state."""

    @initialize()
    def begin(self) -> None:
        self.now = T0
        self.events: list[Event] = []
        self.c = Consultation(id=ConsultationId("c"))
        self.people = 0

    def _try(self, event: Event) -> None:
        before = self.c
        try:
            self.c, _ = step(before, event)
        except NotNow:
            assert self.c is before
        else:
            self.events.append(event)

    @rule(seconds=st.integers(0, 400))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(asks=st.booleans())
    def start(self, asks: bool) -> None:  # noqa: FBT001 - drawn
        self._try(replace(ASKED, at=self.now, until=self.now + timedelta(minutes=30)))
        self._try(referred(self.now) if not asks else replace(ANSWERED, at=self.now, until=self.now))

    @rule(many=st.integers(1, 3))
    def offer(self, many: int) -> None:
        for _ in range(many):
            self.people += 1
            person = PersonId(f"p{self.people}")
            self._try(offered(person, at=self.now, until=self.now + timedelta(seconds=60)))

    @precondition(lambda self: self.c.offers)
    @rule(data=st.data(), says=st.sampled_from(["yes", "no", "withdrawn"]))
    def answer(self, data: st.DataObject, says: str) -> None:
        offer = data.draw(st.sampled_from(self.c.offers)).id
        events: dict[str, Event] = {
            "yes": k.Accepted(
                at=self.now, offer=offer, room=RoomId("r"), answer_by=self.now + timedelta(seconds=180)
            ),
            "no": k.Declined(at=self.now, offer=offer),
            "withdrawn": k.Withdrawn(at=self.now, offer=offer),
        }
        self._try(events[says])

    @rule(officer=st.booleans())
    def speak(self, officer: bool) -> None:  # noqa: FBT001 - drawn
        author = OFFICER if officer else self.c.holder or SECOND
        self._try(replace(said(author), at=self.now, due=self.now + timedelta(seconds=300)))

    @rule()
    def hand_over(self) -> None:
        self.people += 1
        person, until = PersonId(f"p{self.people}"), self.now + timedelta(seconds=180)
        offer = OfferId(f"offer-{person}")
        self._try(k.HandedOver(at=self.now, to=person, answer_by=until, offer=offer))

    @rule(because=st.sampled_from(Because))
    def take_over(self, because: Because) -> None:
        self.people += 1
        person, until = PersonId(f"p{self.people}"), self.now + timedelta(seconds=180)
        offer = OfferId(f"offer-{person}")
        self._try(k.TakenOver(at=self.now, to=person, answer_by=until, offer=offer, because=because))

    @rule(
        kind=st.sampled_from(
            [
                *(k.Lapsed, k.CouldNotAttend, k.Closed, k.Exhausted),
                *(k.Deferred, k.UrgencyRaised, k.Tried, k.Reminded),
            ]
        ),
        answered=st.booleans(),
    )
    def something(self, kind: type[Event], answered: bool) -> None:  # noqa: FBT001 - drawn
        event: Any = replace(SOME[kind], at=self.now)
        if isinstance(event, k.Exhausted | k.Deferred):
            event = replace(event, until=self.now + timedelta(hours=1))
        if isinstance(event, k.Tried):
            until = self.now + timedelta(hours=1)
            event = replace(event, answered=answered, until=until if answered else None)
        if isinstance(event, k.Reminded):
            event = replace(event, due=self.now + timedelta(seconds=60))
        if isinstance(event, k.CouldNotAttend):
            event = replace(event, by=self.c.holder or SECOND)
        self._try(event)

    @precondition(lambda self: self.c.due is not None)
    @rule()
    def deadline(self) -> None:
        due = self.c.due
        assert due is not None
        self.now = max(self.now, due)
        self._try(k.Lapsed(at=self.now) if self.c.owed else k.DeadlinePassed(at=self.now, due=due))

    @precondition(lambda self: self.c.state is State.CLOSED)
    @rule()
    def erase(self) -> None:
        begun = self.c.begun_at
        assert begun is not None
        self._try(k.Erased(at=self.now, certificate="0" * 32, ending=self.c.ending, begun_at=begun))
        assert self.c.state is State.ERASED

    @invariant()
    def whoever_waits_has_a_deadline(self) -> None:
        assert self.c.due is not None or self.c.state not in WAITING

    @invariant()
    def at_most_one_holds_it(self) -> None:
        accepted_now = [o for o in self.c.offers if o.outcome is Outcome.ACCEPTED]
        assert (self.c.holder is not None) <= (len(accepted_now) == 1)
        if self.c.state is State.OPEN:
            assert self.c.holder is not None

    @invariant()
    def offered_means_somebody_is_asked(self) -> None:
        assert (self.c.state is State.OFFERED) == bool(self.c.pending)

    @invariant()
    def only_an_open_room_owes(self) -> None:
        assert not self.c.owed or self.c.state is State.OPEN

    @invariant()
    def replay_gives_the_same_state(self) -> None:
        assert replay(ConsultationId("c"), tuple(self.events)) == self.c


TestNights = Nights.TestCase
TestNights.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
