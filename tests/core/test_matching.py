from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.hours import ALWAYS, local_day, local_instant
from bot.core.ids import AreaId, DistrictId, OfferId, OrganisationId, PersonId, StepId
from bot.core.matching import (
    ASKED,
    Eligible,
    Ineligible,
    Reason,
    Standing,
    Worker,
    concerns,
    judge,
    no_longer,
    workers,
)
from bot.core.people import Delegation, Person, Posting, Role, Vetting, VettingState
from bot.core.places import (
    Area,
    Escrow,
    Example,
    Kind,
    Label,
    Number,
    NumberId,
    Organisation,
    Place,
    Step,
    When,
)
from bot.core.request import DecisionKind, Matter, Need, Offer, Outcome, Request, Urgency
from bot.core.roster import Attendance, Duty

NOW = local_instant("2026-11-28T23:40")
SINCE = date(2020, 1, 1)
MALMO, JOUR = OrganisationId("malmo"), OrganisationId("jour")
NORTH, SOUTH = AreaId("north"), AreaId("south")
LABEL = Label(sv="Prov", en="Trial")
BOARD = Organisation(
    id=MALMO,
    kind=Kind.BOARD,
    label=LABEL,
    source="a test",
    valid_from=SINCE,
    hours=ALWAYS,
    steps=(),
    numbers=(
        Number(id=NumberId("n"), label=LABEL, number="070-1740605", hours=ALWAYS, tested=date(2026, 11, 1)),
    ),
    drafts=True,
    escrow=Escrow(needed=2, of=3),
    examples=(Example(at="2026-11-24T10:00", need=Need.ADVICE, phone="070-1740605"),),
    areas=(Area(id=NORTH, label=LABEL, valid_from=SINCE), Area(id=SOUTH, label=LABEL, valid_from=SINCE)),
    may_ask=(JOUR,),
)
PLACE = Place(organisation=BOARD, area=NORTH)
STEP = Step(
    id=StepId("s"),
    label=LABEL,
    because="a test",
    roles=(Role.SOCIAL_WORKER, Role.JOUR),
    when=When.ALWAYS,
    at_once=1,
    seconds=60,
    load_limit=2,
    organisations=(MALMO, JOUR),
)
REQUEST = Request(
    officer=PersonId("officer"),
    district=DistrictId("lpo"),
    matter=Matter.CHILD,
    need=Need.CONSULT,
    urgency=Urgency.NOW,
    at=NOW,
)


def person(
    name: str = "p-1", role: Role = Role.SOCIAL_WORKER, organisation: OrganisationId = MALMO
) -> Person:
    return Person(
        id=PersonId(name),
        name="Test",
        vetting=Vetting(state=VettingState.CLEARED, since=SINCE),
        postings=(Posting(organisation=organisation, role=role, valid_from=SINCE),),
    )


def duty(one: Person) -> Duty:
    posting = one.postings[0]
    return Duty(
        person=one.id,
        role=posting.role,
        organisations=(posting.organisation,),
        areas=(),
        until=NOW + timedelta(hours=2),
        pressed=False,
    )


def worker(one: Person | None = None) -> Worker:
    one = one or person()
    return Worker(person=one, duties=(duty(one),))


def offer(name: str, outcome: Outcome) -> Offer:
    return Offer(
        id=OfferId("o"),
        person=PersonId(name),
        step=STEP.id,
        at=NOW,
        until=NOW + timedelta(seconds=60),
        outcome=outcome,
    )


def why_not(who: Worker, request: Request = REQUEST, *offers: Offer, place: Place = PLACE) -> list[Reason]:
    found = judge(who, request, STEP, place, NOW, offers)
    assert isinstance(found, Ineligible)
    return [why.reason for why in found.why_not]


def eligible(who: Worker, request: Request = REQUEST, *offers: Offer, place: Place = PLACE) -> Eligible:
    found = judge(who, request, STEP, place, NOW, offers)
    assert isinstance(found, Eligible)
    return found


def test_who_is_on_duty_vetted_reachable_and_free_can_be_asked_and_it_is_said_why() -> None:
    """Every condition that was met is told, in the order in which a person would explain it."""
    found = eligible(worker())
    assert [why.reason for why in found.why] == [
        Reason.ON_DUTY,
        Reason.VETTED,
        Reason.REACHABLE,
        Reason.AREA_ALL,
        Reason.HAS_ROOM,
        Reason.NEVER_ASKED,
    ]
    assert found.why[0].role is Role.SOCIAL_WORKER
    assert found.why[0].note == "01:40"


def test_off_duty_is_not_asked() -> None:
    """Nobody is woken who is not on duty, or is on duty as something else or for somebody else."""
    assert why_not(Worker(person=person())) == [Reason.OFF_DUTY]
    assert why_not(Worker(person=person(), away_until=NOW)) == [Reason.TAKEN_OFF]
    elsewhere = replace(duty(person()), organisations=(OrganisationId("farsta"),))
    assert why_not(Worker(person=person(), duties=(elsewhere,))) == [Reason.OFF_DUTY]
    otherwise = replace(duty(person()), role=Role.OUTREACH)
    assert why_not(Worker(person=person(), duties=(otherwise,))) == [Reason.OFF_DUTY]


def test_a_duty_without_a_posting_of_that_day_is_not_enough() -> None:
    """A roster that was not changed when somebody left does not make them askable."""
    left = replace(person(), postings=(replace(person().postings[0], valid_to=local_day(NOW)),))
    assert why_not(Worker(person=left, duties=(duty(person()),))) == [Reason.NO_POSTING]


@pytest.mark.parametrize(
    ("vetting", "reason"),
    [
        (Vetting(state=VettingState.PENDING, since=SINCE), Reason.VETTING_PENDING),
        (Vetting(state=VettingState.REVOKED, since=SINCE), Reason.VETTING_REVOKED),
        (Vetting(state=VettingState.CLEARED, since=date(2026, 11, 29)), Reason.VETTED_LATER),
    ],
)
def test_a_worker_whose_vetting_is_not_complete_is_never_matched(vetting: Vetting, reason: Reason) -> None:
    """Pending, revoked, or cleared only from a later day (domain row 29)."""
    assert why_not(worker(replace(person(), vetting=vetting))) == [reason]


def test_suspended_unreachable_or_full_people_and_the_officer_are_not_asked() -> None:
    """Each of these alone is enough, and all of them are told together."""
    assert why_not(worker(replace(person(), active=False))) == [Reason.INACTIVE]
    assert why_not(replace(worker(), reachable=False)) == [Reason.UNREACHABLE]
    assert why_not(replace(worker(), open_rooms=2)) == [Reason.FULL]
    assert why_not(worker(person("officer"))) == [Reason.IS_OFFICER]
    assert why_not(replace(worker(replace(person(), active=False)), reachable=False, open_rooms=3)) == [
        Reason.INACTIVE,
        Reason.UNREACHABLE,
        Reason.FULL,
    ]
    assert eligible(replace(worker(), open_rooms=1)).why[4].note == "1/2"


def test_a_doorbell_counts_as_much_as_a_talk() -> None:
    """Whoever rings may be accepted: with a limit of two, one talk and one doorbell are enough."""
    assert why_not(replace(worker(), open_rooms=1, pending=1)) == [Reason.FULL]
    assert why_not(replace(worker(), pending=2)) == [Reason.FULL]
    found = eligible(replace(worker(), pending=1))
    assert next(why.note for why in found.why if why.reason is Reason.HAS_ROOM) == "1/2"


def test_whoever_was_asked_is_judged_anew_when_they_answer() -> None:
    """Their own doorbell is no hindrance, nor other doorbells; duty, vetting, area and talks are, and a rule that is gone."""
    one = replace(worker(), pending=2)
    assert no_longer(one, REQUEST, STEP, PLACE, NOW) is None
    gone = {
        Reason.OFF_DUTY: replace(one, duties=()),
        Reason.FULL: replace(one, open_rooms=2),
        Reason.INACTIVE: replace(one, person=replace(one.person, active=False)),
        Reason.OTHER_AREA: replace(one, duties=(replace(duty(one.person), areas=(SOUTH,)),)),
    }
    for reason, who in gone.items():
        why = no_longer(who, REQUEST, STEP, PLACE, NOW)
        assert why is not None
        assert why.reason is reason
    why = no_longer(one, REQUEST, None, PLACE, NOW)
    assert why is not None
    assert why.reason is Reason.STEP_GONE


def test_an_interview_at_a_given_time_is_judged_by_the_duty_of_that_time() -> None:
    """Who is on duty at its hour is told so, also by a later shift; who is not can still be asked, as the last."""
    interview = replace(REQUEST, need=Need.INTERVIEW, interview_at=NOW + timedelta(hours=3))
    there, away = replace(worker(), then=(duty(person()),)), replace(worker(), then=())
    found = eligible(there, interview)
    assert found.then
    assert Reason.THEN_ON_DUTY in [why.reason for why in found.why]
    found = eligible(away, interview)
    assert not found.then
    assert Reason.THEN_OFF_DUTY in [why.reason for why in found.why]
    elsewhere = replace(duty(person()), organisations=(OrganisationId("farsta"),))
    assert not eligible(replace(worker(), then=(elsewhere,)), interview).then
    assert eligible(worker(), interview).then, "an interview that begins now has no other hour"


def test_posting_and_shift_must_both_cover_the_area() -> None:
    """Either of them may narrow the other; without an area the whole organisation is meant."""
    posted_south = worker(replace(person(), postings=(replace(person().postings[0], areas=(SOUTH,)),)))
    on_south = Worker(person=person(), duties=(replace(duty(person()), areas=(SOUTH,)),))
    for who in (posted_south, on_south):
        assert why_not(who) == [Reason.OTHER_AREA]
        assert eligible(who, place=Place(organisation=BOARD, area=None)).person == "p-1"
        assert eligible(who, place=Place(organisation=BOARD, area=SOUTH)).why[3].reason is Reason.AREA_NAMED


@pytest.mark.parametrize("outcome", list(Outcome))
def test_nobody_is_asked_twice_about_one_request_unless_the_offer_was_withdrawn(outcome: Outcome) -> None:
    """No, silence, a lapse, not coming: each is final. A withdrawn offer was never answered."""
    if outcome is Outcome.WITHDRAWN:
        assert eligible(worker(), REQUEST, offer("p-1", outcome)).person == "p-1"
    else:
        assert why_not(worker(), REQUEST, offer("p-1", outcome)) == [ASKED[outcome]]
        assert why_not(worker(), REQUEST, offer("p-1", outcome), offer("p-1", Outcome.WITHDRAWN)) == [
            ASKED[outcome]
        ]
    assert eligible(worker(), REQUEST, offer("p-2", outcome)).person == "p-1"


def deciding(kind: DecisionKind | None) -> Request:
    return replace(REQUEST, need=Need.DECISION, decision=kind)


def delegated(kind: DecisionKind, **changes: object) -> Worker:
    given = Delegation(organisation=MALMO, decision=kind, number="DEMO-1", valid_from=SINCE)
    return worker(replace(person(), delegations=(replace(given, **changes),)))  # type: ignore[arg-type]  # by name


def test_a_decision_goes_to_who_may_take_it() -> None:
    """A valid delegation of that board for that kind, or the jour, which reaches the chair (domain row 3)."""
    aid = deciding(DecisionKind.AID)
    assert Reason.DELEGATED in [why.reason for why in eligible(delegated(DecisionKind.AID), aid).why]
    assert why_not(worker(), aid) == [Reason.NO_DELEGATION]
    assert why_not(delegated(DecisionKind.PLACEMENT), aid) == [Reason.NO_DELEGATION]
    assert why_not(delegated(DecisionKind.AID, valid_to=local_day(NOW)), aid) == [Reason.NO_DELEGATION]
    assert why_not(delegated(DecisionKind.AID, organisation=JOUR), aid) == [Reason.NO_DELEGATION]
    jour = worker(person(role=Role.JOUR, organisation=JOUR))
    assert Reason.REACHES_CHAIR in [why.reason for why in eligible(jour, aid).why]


@pytest.mark.parametrize("kind", [DecisionKind.LVU_6, DecisionKind.SHELTER_CHILD, None])
def test_what_only_the_chair_decides_goes_to_the_jour_whatever_is_delegated(
    kind: DecisionKind | None,
) -> None:
    """LVU 6 § and lag 2024:79 4 kap. 1 §: a written delegation to a social worker changes nothing."""
    who = delegated(kind) if kind else worker()
    assert why_not(who, deciding(kind)) == [Reason.ONLY_THROUGH_JOUR]
    assert eligible(worker(person(role=Role.JOUR, organisation=JOUR)), deciding(kind)).organisation == JOUR


def test_the_own_board_then_nearer_areas_then_competence_then_rest_decide_the_order() -> None:
    """Nearer area, competence for the matter, least recently offered, then the id."""

    def posted(name: str, areas: tuple[AreaId, ...] = (), competences: tuple[Matter, ...] = ()) -> Worker:
        one = person(name)
        return worker(
            replace(one, postings=(replace(one.postings[0], areas=areas, competences=competences),))
        )

    ordered = [
        posted("p-9", (NORTH,), (Matter.CHILD,)),
        posted("p-8", (NORTH,)),
        posted("p-7", (NORTH,), (Matter.ADDICTION,)),
        posted("p-6"),
        replace(posted("p-4"), last_offered=NOW - timedelta(hours=2)),
        replace(posted("p-3"), last_offered=NOW - timedelta(hours=1)),
        replace(posted("p-5"), last_offered=NOW - timedelta(hours=1)),
        worker(person("p-1", Role.JOUR, JOUR)),
        worker(person("p-2", Role.JOUR, JOUR)),
    ]
    found = sorted((eligible(who) for who in reversed(ordered)), key=lambda one: one.rank)
    assert [one.person for one in found] == [who.person.id for who in ordered]


def test_a_crossing_is_said() -> None:
    """Somebody asked for another organisation than the owner: the reason and the organisation say so."""
    found = eligible(worker(person(role=Role.JOUR, organisation=JOUR)))
    assert found.organisation == JOUR
    assert Reason.CROSSING in [why.reason for why in found.why]
    shared = person()
    both = replace(duty(shared), organisations=(JOUR, MALMO))
    assert eligible(Worker(person=shared, duties=(both,))).organisation == MALMO


def test_who_never_was_in_a_step_is_not_listed_under_it() -> None:
    """`who` lists those posted or on duty for a step, not the whole deployment."""
    assert concerns(worker(), STEP, PLACE, NOW)
    assert concerns(Worker(person=person()), STEP, PLACE, NOW)
    assert not concerns(Worker(person=person(role=Role.LAWYER)), STEP, PLACE, NOW)
    assert not concerns(worker(person(organisation=OrganisationId("farsta"))), STEP, PLACE, NOW)


def test_workers_are_people_with_duties_and_standing_of_that_minute() -> None:
    """Who has no standing in the store is reachable, free and never asked."""
    one, two = person("p-1"), person("p-2")
    attendance = Attendance(present={one.id: (duty(one),)}, away={two.id: NOW})
    found = workers(
        [one, two], attendance, {one.id: Standing(reachable=False, open_rooms=1, last_offered=NOW)}
    )
    assert found == (
        Worker(person=one, duties=(duty(one),), reachable=False, open_rooms=1, last_offered=NOW),
        Worker(person=two, away_until=NOW),
    )


days = st.sampled_from([date(2020, 1, 1), date(2026, 11, 28), date(2026, 11, 29), date(2030, 1, 1)])
drawn_people = st.builds(
    Person,
    id=st.sampled_from([PersonId("p-1"), PersonId("officer")]),
    name=st.just("Test"),
    vetting=st.builds(Vetting, state=st.sampled_from(VettingState), since=days),
    postings=st.lists(
        st.builds(
            Posting,
            organisation=st.sampled_from([MALMO, JOUR]),
            role=st.sampled_from([Role.SOCIAL_WORKER, Role.JOUR, Role.LAWYER]),
            valid_from=days,
            valid_to=st.none() | days,
            areas=st.sampled_from([(), (NORTH,), (SOUTH,)]),
        ),
        max_size=3,
    ).map(tuple),
    delegations=st.lists(
        st.builds(
            Delegation,
            organisation=st.sampled_from([MALMO, JOUR]),
            decision=st.sampled_from(DecisionKind),
            number=st.just("DEMO-1"),
            valid_from=days,
            valid_to=st.none() | days,
        ),
        max_size=2,
    ).map(tuple),
    active=st.booleans(),
)
drawn_duties = st.builds(
    Duty,
    person=st.just(PersonId("p-1")),
    role=st.sampled_from([Role.SOCIAL_WORKER, Role.JOUR, Role.OUTREACH]),
    organisations=st.sampled_from([(MALMO,), (JOUR,), (MALMO, JOUR)]),
    areas=st.sampled_from([(), (NORTH,), (SOUTH,)]),
    until=st.just(NOW + timedelta(hours=1)),
    pressed=st.booleans(),
)
drawn_workers = st.builds(
    Worker,
    person=drawn_people,
    duties=st.lists(drawn_duties, max_size=2).map(tuple),
    reachable=st.booleans(),
    open_rooms=st.integers(0, 3),
    pending=st.integers(0, 2),
    last_offered=st.none() | st.just(datetime(2026, 1, 1, tzinfo=UTC)),
)
drawn_requests = st.builds(
    lambda need, decision: replace(REQUEST, need=need, decision=decision if need is Need.DECISION else None),
    st.sampled_from([Need.ADVICE, Need.DECISION]),
    st.sampled_from(DecisionKind),
)


def may_be_asked(who: Worker, request: Request, outcomes: list[Outcome]) -> set[OrganisationId]:
    """For which organisations, by product.md 3.3 said once more in plain words."""
    today, one = local_day(NOW), who.person
    fit = (
        one.active
        and one.id != request.officer
        and who.reachable
        and one.vetting.state is VettingState.CLEARED
        and one.vetting.since <= today
        and who.open_rooms + who.pending < STEP.load_limit
        and all(outcome is Outcome.WITHDRAWN for outcome in outcomes)
    )
    may_decide = request.decision not in {DecisionKind.LVU_6, DecisionKind.SHELTER_CHILD} and any(
        d.organisation == MALMO
        and d.decision is request.decision
        and d.valid_from <= today
        and (d.valid_to is None or today < d.valid_to)
        for d in one.delegations
    )
    return {
        p.organisation
        for p in one.postings
        for d in who.duties
        if fit
        and p.role in STEP.roles
        and d.role is p.role
        and p.organisation in d.organisations
        and p.valid_from <= today
        and (p.valid_to is None or today < p.valid_to)
        and (not p.areas or NORTH in p.areas)
        and (not d.areas or NORTH in d.areas)
        and (request.need is not Need.DECISION or p.role is Role.JOUR or may_decide)
    }


@settings(max_examples=400, deadline=None)
@given(drawn_workers, drawn_requests, st.lists(st.sampled_from(Outcome), max_size=2))
def test_exactly_the_eligible_are_matched(who: Worker, request: Request, outcomes: list[Outcome]) -> None:
    """In generated situations nobody is matched who may not be, and nobody left out who may."""
    found = judge(who, request, STEP, PLACE, NOW, [offer(who.person.id, outcome) for outcome in outcomes])
    allowed = may_be_asked(who, request, outcomes)
    if isinstance(found, Eligible):
        assert found.organisation in allowed
        assert found.organisation == MALMO or MALMO not in allowed
    else:
        assert not allowed
        assert found.why_not
