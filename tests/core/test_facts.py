"""Facts: what the policy is told of people and acts is what is true of them on that day, and no more."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.core.consultation import Consultation
from bot.core.facts import facts_about, roles_on
from bot.core.hours import ALWAYS
from bot.core.ids import ConsultationId, OfferId, OrganisationId, PersonId, StepId
from bot.core.people import Person, Posting, Role, Vetting, VettingState
from bot.core.places import Escrow, Kind, Label, Organisation, Structure
from bot.core.policy import Facts
from bot.core.request import Offer, Outcome

AT = datetime(2026, 11, 21, 22, 40, tzinfo=UTC)
FIRST = date(2026, 1, 1)
MALMO, FARSTA, JARVA = OrganisationId("malmo"), OrganisationId("farsta"), OrganisationId("jarva")
POLISEN = OrganisationId("polisen")


def organisation(name: OrganisationId, kind: Kind) -> Organisation:
    return Organisation(
        id=name,
        kind=kind,
        label=Label(sv=name, en=name),
        source="prov",
        valid_from=FIRST,
        hours=ALWAYS,
        steps=(),
        numbers=(),
        drafts=False,
        escrow=Escrow(needed=2, of=3),
        examples=(),
    )


STRUCTURE = Structure(
    organisations={
        POLISEN: organisation(POLISEN, Kind.POLICE),
        **{name: organisation(name, Kind.BOARD) for name in (MALMO, FARSTA, JARVA)},
    },
    groups={},
    areas={},
    districts={},
    mappings={},
)


def posting(
    role: Role, where: OrganisationId, since: date = FIRST, until: date | None = None
) -> Posting:  # fmt: skip
    return Posting(organisation=where, role=role, valid_from=since, valid_to=until)


def person(name: str, *postings: Posting, cleared: date | None = FIRST, active: bool = True) -> Person:
    state = VettingState.CLEARED if cleared else VettingState.PENDING
    return Person(
        id=PersonId(name),
        name=f"Person {name}",
        vetting=Vetting(state=state, since=cleared or FIRST),
        postings=postings,
        active=active,
    )


COORDINATOR = person("c", posting(Role.COORDINATOR, MALMO))
OFFICER = person("o", posting(Role.OFFICER, POLISEN))
WORKER = person("w", posting(Role.SOCIAL_WORKER, FARSTA), posting(Role.SOCIAL_WORKER, JARVA))


def test_nothing_is_true_of_an_act_on_nothing() -> None:
    """Without a consultation, a subject or an organisation only the person's own state is known."""
    assert facts_about(STRUCTURE, OFFICER, AT) == Facts(active=True, vetted=True)


def test_a_suspended_or_unvetted_person_is_neither() -> None:
    """Suspension and a vetting that is pending, or clears tomorrow, show."""
    tomorrow = date(2026, 11, 22)
    assert facts_about(STRUCTURE, person("x", cleared=None, active=False), AT) == Facts()
    assert not facts_about(STRUCTURE, person("x", cleared=tomorrow), AT).vetted
    assert facts_about(STRUCTURE, person("x", cleared=tomorrow), AT + timedelta(minutes=20)).vetted


def test_a_consultation_is_known_by_its_people() -> None:
    """The officer's is theirs, the holder holds it, an offer is to the one asked, whatever came of it."""
    offer = Offer(
        id=OfferId("f1"),
        person=WORKER.id,
        step=StepId("s"),
        at=AT,
        until=AT,
        outcome=Outcome.DECLINED,
    )
    held = Consultation(id=ConsultationId("k"), officer=OFFICER.id, holder=COORDINATOR.id, offers=(offer,))
    officer, holder, asked = (
        facts_about(STRUCTURE, who, AT, consultation=held) for who in (OFFICER, COORDINATOR, WORKER)
    )
    assert (officer.own_consultation, officer.is_holder, officer.offered_to_me) == (True, False, False)
    assert (holder.own_consultation, holder.is_holder, holder.offered_to_me) == (False, True, False)
    assert (asked.own_consultation, asked.is_holder, asked.offered_to_me) == (False, False, True)
    assert facts_about(STRUCTURE, WORKER, AT, consultation=held, offer=OfferId("f1")).offered_to_me
    assert not facts_about(STRUCTURE, WORKER, AT, consultation=held, offer=OfferId("f2")).offered_to_me


def test_a_new_consultation_is_nobodys() -> None:
    """A consultation without an officer or a holder belongs to no one, not to everybody."""
    facts = facts_about(STRUCTURE, OFFICER, AT, consultation=Consultation(id=ConsultationId("k")))
    assert facts == Facts(active=True, vetted=True)


def test_oneself_is_not_somebody_else() -> None:
    """An act on a person concerns either oneself or somebody else."""
    own = facts_about(STRUCTURE, OFFICER, AT, subject=OFFICER)
    other = facts_about(STRUCTURE, COORDINATOR, AT, subject=OFFICER)
    assert (own.oneself, own.own_duty, own.somebody_else) == (True, True, False)
    assert (other.oneself, other.own_duty, other.somebody_else) == (False, False, True)


@pytest.mark.parametrize(
    ("postings", "police", "municipal"),
    [
        ((), False, False),
        ((posting(Role.OFFICER, POLISEN),), True, False),
        ((posting(Role.JOUR, MALMO),), False, True),
        ((posting(Role.OFFICER, POLISEN), posting(Role.JOUR, MALMO)), False, False),
        ((posting(Role.OFFICER, POLISEN, FIRST, FIRST), posting(Role.JOUR, MALMO)), False, True),
        ((posting(Role.OFFICER, POLISEN, date(2027, 1, 1)),), True, False),
    ],
)
def test_a_person_is_of_one_authority_or_of_none(
    *, postings: tuple[Posting, ...], police: bool, municipal: bool
) -> None:
    """Somebody posted with both, or nowhere, is vetted by neither; what has ended does not count."""
    facts = facts_about(STRUCTURE, COORDINATOR, AT, subject=person("s", *postings))
    assert (facts.police_person, facts.municipal_person) == (police, municipal)


def test_a_role_counts_where_it_is_held() -> None:
    """Held in every organisation concerned, or in one of them: told apart, role by role."""
    both = person("b", posting(Role.COORDINATOR, FARSTA), posting(Role.SOCIAL_WORKER, JARVA))
    facts = facts_about(STRUCTURE, both, AT, subject=WORKER)
    assert facts.same_organisation == frozenset()
    assert facts.shared_organisation == {Role.COORDINATOR, Role.SOCIAL_WORKER}
    here = facts_about(STRUCTURE, both, AT, concerns=[FARSTA])
    assert here.same_organisation == here.shared_organisation == {Role.COORDINATOR}
    assert facts_about(STRUCTURE, both, AT, concerns=[MALMO]).shared_organisation == frozenset()


def test_a_posting_that_begins_tomorrow_is_a_power_given_today() -> None:
    """Who adds a person to another board, from a later day, acts on that board."""
    later = person("l", posting(Role.JOUR, MALMO), posting(Role.SUPERVISOR, FARSTA, date(2027, 1, 1)))
    assert facts_about(STRUCTURE, COORDINATOR, AT, subject=later).same_organisation == frozenset()


def test_roles_are_those_of_the_day() -> None:
    """A posting that has ended, or not begun, gives no role."""
    today = date(2026, 11, 21)
    somebody = person(
        "x",
        posting(Role.OFFICER, POLISEN, FIRST, today),
        posting(Role.JOUR, MALMO, today),
        posting(Role.LAWYER, MALMO, date(2026, 11, 22)),
    )
    assert roles_on(somebody, AT) == {Role.JOUR}
    assert roles_on(somebody, AT - timedelta(days=1)) == {Role.OFFICER}


def test_who_is_uninvolved_was_looked_for() -> None:
    """Somebody had no part in a talk when everybody who had is known, and they are not among them; else nobody knows."""
    chief = person("chief", posting(Role.SUPERVISOR, MALMO))
    assert facts_about(STRUCTURE, chief, AT, involved={PersonId("other")}).uninvolved
    assert facts_about(STRUCTURE, chief, AT, involved=()).uninvolved
    assert not facts_about(STRUCTURE, chief, AT, involved={chief.id}).uninvolved
    assert not facts_about(STRUCTURE, chief, AT).uninvolved
