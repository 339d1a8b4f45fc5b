from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.chain import (
    Ask,
    Defer,
    Exhausted,
    Next,
    Wait,
    applicable,
    came_in_time,
    chain_faults,
    next_step,
)
from bot.core.errors import BadInput
from bot.core.hours import local_instant, parse_hours
from bot.core.ids import DistrictId, OfferId, OrganisationId, PersonId
from bot.core.matching import Worker
from bot.core.organisation_file import read_structure
from bot.core.people import Delegation, Person, Posting, Role, Vetting, VettingState
from bot.core.places import Organisation, Place, Step, Structure, When, organisation
from bot.core.request import DecisionKind, Matter, Need, Offer, Outcome, Request, Urgency
from bot.core.roster import Duty

COMMON = """
label: {sv: Prov, en: Trial}
source: a test
drafts: true
escrow: {needed: 2, of: 3}
valid_from: 2020-01-01
"""
NUMBERS = """
numbers:
  - {id: NAME-day, label: {sv: D, en: D}, number: 070-1740605, hours: {weekly: {mon-fri: ["08:00-16:30"]}},
     tested: 2026-11-01}
  - {id: NAME-all, label: {sv: A, en: A}, number: 070-1740606, hours: always, tested: 2026-11-01}
examples: [{at: 2026-11-24T10:00, need: advice, phone: 070-1740605}]
"""
BOARD = """
hours: {weekly: {mon-fri: ["08:00-16:30"]}}
areas: [{id: board, label: {sv: B, en: B}, valid_from: 2020-01-01}]
districts: [{id: lpo, label: {sv: L, en: L}, region: r, valid_from: 2020-01-01}]
mappings: [{district: lpo, area: board, valid_from: 2020-01-01}]
may_ask: [jour]
deferrable: [advice, consult]
steps:
  - {id: day, label: {sv: D, en: D}, because: a test, roles: [social_worker], when: open,
     at_once: 2, seconds: 90, load_limit: 3}
  - {id: evening, label: {sv: K, en: E}, because: a test, roles: [social_worker], when: closed,
     at_once: 1, seconds: 60, load_limit: 3}
  - {id: jour, label: {sv: J, en: J}, because: a test, roles: [jour], organisations: [jour], when: always,
     at_once: 2, seconds: 120, load_limit: 3}
  - {id: outreach, label: {sv: F, en: F}, because: a test, roles: [outreach], when: always,
     at_once: 2, seconds: 60, load_limit: 3, needs: [presence], after_jour: true}
"""
JOUR = """
hours: always
steps:
  - {id: jour, label: {sv: J, en: J}, because: a test, roles: [jour], when: always,
     at_once: 2, seconds: 120, load_limit: 3}
"""
FILES = {
    "o/board.yaml": "id: board\nkind: board" + COMMON + BOARD + NUMBERS.replace("NAME", "board"),
    "o/jour.yaml": "id: jour\nkind: jour" + COMMON + JOUR + NUMBERS.replace("NAME", "jour"),
}
STRUCTURE = read_structure(FILES)
OWN = organisation(STRUCTURE, "board")
NIGHT, DAY = local_instant("2026-11-28T23:40"), local_instant("2026-11-24T10:00")
SINCE = date(2020, 1, 1)


def worker(
    name: str, role: Role = Role.SOCIAL_WORKER, own: str = "board", *delegated: DecisionKind
) -> Worker:
    home = OrganisationId(own)
    person = Person(
        id=PersonId(name),
        name="Test",
        vetting=Vetting(state=VettingState.CLEARED, since=SINCE),
        postings=(Posting(organisation=home, role=role, valid_from=SINCE),),
        delegations=tuple(
            Delegation(organisation=home, decision=kind, number="DEMO-1", valid_from=SINCE)
            for kind in delegated
        ),
    )
    duty = Duty(
        person=person.id,
        role=role,
        organisations=(home,),
        areas=(),
        until=NIGHT + timedelta(days=9),
        pressed=False,
    )
    return Worker(person=person, duties=(duty,))


ONE, TWO = worker("w-1"), worker("w-2")
JOURS = (worker("j-1", Role.JOUR, "jour"), worker("j-2", Role.JOUR, "jour"), worker("j-3", Role.JOUR, "jour"))
OUT = (worker("o-1", Role.OUTREACH), worker("o-2", Role.OUTREACH))
ALL = (ONE, TWO, *JOURS, *OUT)


def request(need: Need = Need.CONSULT, urgency: Urgency = Urgency.NOW, at: datetime = NIGHT) -> Request:
    return Request(
        officer=PersonId("officer"),
        district=DistrictId("lpo"),
        matter=Matter.CHILD,
        need=need,
        urgency=urgency,
        at=at,
        decision=DecisionKind.AID if need is Need.DECISION else None,
    )


def offers(*made: tuple[str, str, Outcome]) -> tuple[Offer, ...]:
    return tuple(
        Offer(
            id=OfferId(f"o{n}"),
            person=PersonId(person),
            step=next(step.id for step in OWN.steps if step.id == name),
            at=NIGHT,
            until=NIGHT + timedelta(seconds=60 + n),
            outcome=outcome,
        )
        for n, (person, name, outcome) in enumerate(made)
    )


def ask(
    asked: Request, made: Sequence[Offer] = (), workers: Sequence[Worker] = ALL, now: datetime | None = None
) -> Next:
    return next_step(STRUCTURE, asked, made, workers, now or asked.at)


def asked_people(found: Next) -> tuple[str, list[str]]:
    assert isinstance(found, Ask)
    return found.step.id, [one.person for one in found.people]


def test_outside_office_hours_the_evening_duty_is_asked_one_by_one_then_the_jour() -> None:
    """A Saturday at 23:40: each who says no or nothing makes room for the next, and then for the next step."""
    assert asked_people(ask(request())) == ("evening", ["w-1"])
    declined = offers(("w-1", "evening", Outcome.DECLINED))
    assert asked_people(ask(request(), declined)) == ("evening", ["w-2"])
    silent = offers(("w-1", "evening", Outcome.DECLINED), ("w-2", "evening", Outcome.SILENT))
    found = ask(request(), silent)
    assert asked_people(found) == ("jour", ["j-1", "j-2"])
    assert isinstance(found, Ask)
    assert found.until == NIGHT + timedelta(seconds=120)
    assert found.people[0].organisation == "jour"


def test_inside_office_hours_the_day_duty_is_asked_several_at_once() -> None:
    """A Tuesday at ten: both at the police station, then the jour; the evening step is not there."""
    assert asked_people(ask(request(at=DAY))) == ("day", ["w-1", "w-2"])
    assert [step.id for step in applicable(Place(organisation=OWN, area=None), request(), DAY)] == [
        "day",
        "jour",
    ]


def test_a_step_with_nobody_is_skipped_at_once() -> None:
    """No officer waits for a step that nobody staffs."""
    assert asked_people(ask(request(), (), JOURS)) == ("jour", ["j-1", "j-2"])


def test_while_somebody_may_still_answer_one_waits() -> None:
    """Nobody else is woken before time is out, and one who accepted is the one."""
    made = offers(("j-1", "jour", Outcome.DECLINED), ("j-2", "jour", Outcome.PENDING))
    assert ask(request(), made) == Wait(until=made[1].until)
    assert ask(
        request(), offers(("j-1", "jour", Outcome.ACCEPTED), ("j-2", "jour", Outcome.WITHDRAWN))
    ) == Wait(until=None)


def test_could_not_come_sends_the_request_on_and_may_ask_again_who_was_called_off() -> None:
    """After "kunde inte komma" the one whose offer was withdrawn is asked, not the one who could not."""
    made = offers(
        ("w-1", "evening", Outcome.DECLINED),
        ("w-2", "evening", Outcome.DECLINED),
        ("j-1", "jour", Outcome.COULD_NOT_ATTEND),
        ("j-2", "jour", Outcome.WITHDRAWN),
    )
    assert asked_people(ask(request(), made)) == ("jour", ["j-2", "j-3"])


def test_when_nobody_is_left_the_numbers_that_answer_now_are_given_in_order() -> None:
    """The chain always ends in numbers; an office that is closed is not among them."""
    night, day = ask(request(), (), ()), ask(request(at=DAY), (), ())
    assert isinstance(night, Exhausted)
    assert isinstance(day, Exhausted)
    assert [number.number for number in night.numbers] == ["070-1740606"]
    assert [number.number for number in day.numbers] == ["070-1740605", "070-1740606"]


def test_a_decision_goes_to_the_jour_first_and_at_once() -> None:
    """Also in office hours, and before anybody who has a delegation (domain row 3)."""
    entitled = worker("w-3", Role.SOCIAL_WORKER, "board", DecisionKind.AID)
    for now in (DAY, NIGHT):
        assert asked_people(ask(request(Need.DECISION, at=now), (), (*ALL, entitled))) == (
            "jour",
            ["j-1", "j-2"],
        )
    without_jour = (ONE, TWO, entitled)
    assert asked_people(ask(request(Need.DECISION), (), without_jour)) == ("evening", ["w-3"])
    assert isinstance(ask(request(Need.DECISION), (), (ONE, TWO)), Exhausted)


IN_VAIN = [Outcome.DECLINED, Outcome.SILENT, Outcome.LAPSED, Outcome.COULD_NOT_ATTEND]


@pytest.mark.parametrize("outcome", IN_VAIN)
def test_outreach_is_asked_for_presence_after_the_jour_was_tried_in_vain(outcome: Outcome) -> None:
    """Domain row 5: sometimes used when the jour cannot attend."""
    assert asked_people(ask(request(Need.PRESENCE), offers(("j-1", "jour", outcome)), (JOURS[0], *OUT))) == (
        "outreach",
        ["o-1", "o-2"],
    )


@pytest.mark.parametrize("need", [need for need in Need if need is not Need.PRESENCE])
def test_outreach_is_never_asked_for_anything_else(need: Need) -> None:
    """Never for an interview, a decision, a hand-over or advice, whatever became of the jour."""
    tried = offers(("j-1", "jour", Outcome.COULD_NOT_ATTEND))
    assert isinstance(ask(request(need), tried, OUT), Exhausted)


def test_outreach_is_not_asked_when_the_jour_was_not_even_tried() -> None:
    """An untried or called-off jour is no jour that could not."""
    assert isinstance(ask(request(Need.PRESENCE), (), OUT), Exhausted)
    called_off = offers(("j-1", "jour", Outcome.WITHDRAWN), ("w-1", "evening", Outcome.DECLINED))
    assert isinstance(ask(request(Need.PRESENCE), called_off, OUT), Exhausted)


def test_what_can_wait_is_held_to_the_next_opening_where_the_organisation_says_so() -> None:
    """Outside office hours and for the needs it names; never for what it does not name, never inside hours."""
    opening = local_instant("2026-11-30T08:00")
    assert ask(request(urgency=Urgency.CAN_WAIT)) == Defer(until=opening)
    assert asked_people(ask(request(urgency=Urgency.CAN_WAIT), (), ALL, opening)) == ("day", ["w-1", "w-2"])
    assert asked_people(ask(request(Need.PROTECTION, Urgency.CAN_WAIT)))[0] == "evening"
    assert asked_people(ask(request(urgency=Urgency.TONIGHT)))[0] == "evening"


def test_an_interview_at_a_given_time_goes_by_the_hours_of_now() -> None:
    """Somebody must be booked now, whenever the interview is."""
    booked = replace(
        request(Need.INTERVIEW, Urgency.CAN_WAIT), interview_at=local_instant("2026-11-30T09:00")
    )
    assert asked_people(ask(booked))[0] == "evening"


def test_an_interview_goes_to_whoever_is_on_duty_then_wherever_in_the_chain() -> None:
    """The evening duty goes home before it begins: the jour, who is there then, is asked first; then the others."""
    asked = replace(request(Need.INTERVIEW), interview_at=NIGHT + timedelta(hours=4))
    home = tuple(replace(one, then=()) for one in (ONE, TWO))
    there = tuple(replace(one, then=one.duties) for one in JOURS)
    assert asked_people(ask(asked, workers=(*home, *there))) == ("jour", ["j-1", "j-2"])
    silent = offers(*((one.person.id, "jour", Outcome.SILENT) for one in JOURS))
    assert asked_people(ask(asked, silent, workers=(*home, *there))) == ("evening", ["w-1"])
    late = replace(TWO, then=TWO.duties)
    assert asked_people(ask(asked, workers=(replace(ONE, then=()), late))) == ("evening", ["w-2"])


def test_who_comes_on_duty_joins_the_steps_that_have_had_their_turn() -> None:
    """Whoever comes for a step whose turn it is, or was, is asked at once; for a later step when its turn comes."""
    made = offers(("w-1", "evening", Outcome.PENDING))

    def joining(*came: str) -> list[tuple[str, list[str]]]:
        found = came_in_time(STRUCTURE, request(), made, ALL, [PersonId(name) for name in came], NIGHT)
        return [asked_people(one) for one in found]

    assert joining("w-2", "j-1") == [("evening", ["w-2"])]
    assert joining("j-1") == []
    assert joining("w-1") == [], "they are being asked already"
    assert joining() == []


def test_the_place_is_judged_by_the_minute_of_the_request() -> None:
    """A request for a district that did not exist then is refused, whatever there is now."""
    with pytest.raises(BadInput):
        ask(request(at=local_instant("2019-11-24T10:00")), (), ALL, NIGHT)


def with_steps(*steps: Step) -> Organisation:
    return replace(OWN, steps=steps)


EVENING, TO_JOUR, OUTREACH = OWN.steps[1], OWN.steps[2], OWN.steps[3]


@pytest.mark.parametrize(
    ("steps", "fault"),
    [
        ((), "names nobody"),
        ((TO_JOUR, TO_JOUR), "comes back"),
        ((EVENING, replace(EVENING, id=TO_JOUR.id), TO_JOUR), "already asked"),
        ((EVENING,), "the jour must be asked"),
        ((replace(TO_JOUR, when=When.CLOSED),), "the jour must be asked"),
        ((replace(TO_JOUR, matters=(Matter.CHILD,)),), "the jour must be asked"),
        ((TO_JOUR, replace(OUTREACH, needs=(Need.INTERVIEW,))), "presence alone"),
        ((TO_JOUR, replace(OUTREACH, after_jour=False)), "presence alone"),
        ((OUTREACH, TO_JOUR), "no earlier step"),
        ((TO_JOUR, replace(EVENING, roles=(Role.OFFICER,))), "nobody in such a role"),
    ],
)
def test_a_chain_that_loops_or_names_nobody_is_refused(steps: tuple[Step, ...], fault: str) -> None:
    """And one that skips the jour, sends outreach to interviews, or wakes officers."""
    assert any(fault in told for told in chain_faults(with_steps(*steps)))


def test_a_chain_without_an_answer_at_every_minute_is_refused() -> None:
    """At load it is known that some number answers at every minute there can be."""
    office = tuple(
        replace(n, hours=parse_hours({"weekly": {"mon-fri": ["08:00-16:30"]}})) for n in OWN.numbers
    )
    assert list(chain_faults(replace(OWN, numbers=office))) == [
        "numbers: none of them is answered on mon 00:00"
    ]
    assert list(chain_faults(OWN)) == []
    assert any("cannot wait" in told for told in chain_faults(replace(OWN, deferrable=(Need.DECISION,))))


def played(
    structure: Structure, asked: Request, workers: Sequence[Worker], answers: Sequence[Outcome]
) -> list[Offer]:
    """A whole request, with these answers in turn, until somebody accepts or nobody is left."""
    made: list[Offer] = []
    for _ in range(50):
        found = next_step(structure, asked, made, workers, NIGHT)
        if not isinstance(found, Ask):
            assert isinstance(found, Exhausted)
            assert found.numbers
            return made
        for one in found.people:
            outcome = answers[len(made) % len(answers)]
            made.append(
                Offer(
                    id=OfferId(f"o{len(made)}"),
                    person=one.person,
                    step=found.step.id,
                    at=NIGHT,
                    until=found.until,
                    outcome=outcome,
                )
            )
    raise AssertionError("the chain did not end")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(ALL), unique_by=lambda one: one.person.id),
    st.sampled_from(Need),
    st.lists(st.sampled_from(IN_VAIN), min_size=1, max_size=5),
)
def test_every_chain_ends_in_numbers_having_asked_nobody_twice(
    workers: list[Worker], need: Need, answers: list[Outcome]
) -> None:
    """Whoever is on duty and whatever they answer: everybody at most once, outreach last, then numbers."""
    made = played(STRUCTURE, request(need), workers, answers)
    people = [offer.person for offer in made]
    assert len(people) == len(set(people))
    steps = [str(offer.step) for offer in made]
    if "outreach" in steps:
        assert need is Need.PRESENCE
        assert "jour" in steps[: steps.index("outreach")]
    if need not in {Need.DECISION, Need.PRESENCE}:
        expected = {one.person.id for one in workers if one not in OUT}
        assert set(people) == expected
