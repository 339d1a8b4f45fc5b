import json
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import BadInput
from bot.core.ids import OrganisationId, PersonId
from bot.core.people import (
    Delegation,
    Person,
    Posting,
    Role,
    Vetting,
    VettingState,
    delegation_for,
    from_dict,
    is_cleared,
    postings_in,
    to_dict,
)
from bot.core.request import DecisionKind, Matter

MALMO = OrganisationId("malmo")
DAY = date(2026, 11, 24)
days = st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31))
organisations = st.sampled_from([OrganisationId("malmo"), OrganisationId("farsta")])
postings = st.builds(
    Posting,
    organisation=organisations,
    role=st.sampled_from(Role),
    valid_from=days,
    valid_to=st.none() | days,
    areas=st.lists(st.sampled_from(["malmo", "farsta"]), max_size=2).map(tuple),
    competences=st.lists(st.sampled_from(Matter), max_size=3).map(tuple),
)
people = st.builds(
    Person,
    id=st.from_regex(r"[a-z0-9-]{1,40}", fullmatch=True).map(PersonId),
    name=st.text(min_size=1, max_size=120).filter(lambda name: name.isprintable()),
    vetting=st.builds(Vetting, state=st.sampled_from(VettingState), since=days),
    phone=st.none() | st.just("070-1740640"),
    postings=st.lists(postings, max_size=3).map(tuple),
    delegations=st.lists(
        st.builds(
            Delegation,
            organisation=organisations,
            decision=st.sampled_from(DecisionKind),
            number=st.just("DEMO-1"),
            valid_from=days,
            valid_to=st.none() | days,
        ),
        max_size=2,
    ).map(tuple),
    active=st.booleans(),
)


def plain(**changes: object) -> dict[str, object]:
    given: dict[str, object] = {
        "id": "p-malmo-kvall-1",
        "name": "Socialsekreterare Malmö kväll 1",
        "vetting": {"state": "cleared", "since": "2024-01-01"},
        "phone": "070-1740633",
        "postings": [{"organisation": "malmo", "role": "social_worker", "valid_from": "2024-01-01"}],
    }
    return given | changes


@settings(deadline=None)
@given(people)
def test_a_person_survives_rows_and_ledger_bodies(person: Person) -> None:
    """What is kept as JSON comes back as the same person."""
    assert from_dict(json.loads(json.dumps(to_dict(person)))) == person


def test_names_and_numbers_stay_out_of_repr() -> None:
    """A person that ends up in a log line shows neither name nor telephone number."""
    shown = repr(from_dict(plain()))
    assert "Socialsekreterare" not in shown
    assert "1740633" not in shown
    assert "p-malmo-kvall-1" in shown


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"nickname": "x"}, "nickname"),
        ({"nick\x1bname": "x"}, "nick?name"),
        ({"id": 7}, "id"),
        ({"id": "P 1"}, "id"),
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"phone": "ring mig"}, "phone"),
        ({"active": "yes"}, "active"),
        ({"vetting": {"state": "cleared", "since": 20240101}}, "vetting.since"),
        ({"vetting": {"state": "cleared"}}, "vetting.since"),
        ({"vetting": {"state": "done", "since": "2024-01-01"}}, "vetting.state"),
        (
            {"postings": [{"organisation": "malmo", "role": "boss", "valid_from": "2024-01-01"}]},
            "postings.0.role",
        ),
        ({"postings": [{"organisation": "malmo", "role": "jour"}]}, "postings.0.valid_from"),
        (
            {"delegations": [{"organisation": "malmo", "decision": "aid", "valid_from": "2024-01-01"}]},
            "number",
        ),
    ],
)
def test_a_wrong_field_is_named_and_its_value_is_not(changes: dict[str, object], field: str) -> None:
    """Nothing unknown, missing or of the wrong type gets in; the error names fields, never what they held."""
    with pytest.raises(BadInput) as refused:
        from_dict(plain(**changes))
    assert field in str(refused.value)
    assert "Socialsekreterare" not in str(refused.value)
    assert "ring mig" not in str(refused.value)


def test_what_is_no_json_is_refused() -> None:
    """A value that JSON does not have is a clear error."""
    with pytest.raises(BadInput):
        from_dict(plain(vetting={"state": "cleared", "since": date(2024, 1, 1)}))


@pytest.mark.parametrize(
    ("state", "since", "cleared"),
    [
        (VettingState.CLEARED, DAY, True),
        (VettingState.CLEARED, DAY + timedelta(days=1), False),
        (VettingState.PENDING, DAY - timedelta(days=400), False),
        (VettingState.REVOKED, DAY - timedelta(days=400), False),
    ],
)
def test_vetting_counts_from_its_day(state: VettingState, since: date, *, cleared: bool) -> None:
    """Only a vetting that was done by that day clears; pending and revoked never do."""
    person = Person(id=PersonId("p"), name="Test", vetting=Vetting(state=state, since=since))
    assert is_cleared(person, DAY) is cleared


def dated(since: date, until: date | None) -> Person:
    return Person(
        id=PersonId("p"),
        name="Test",
        vetting=Vetting(state=VettingState.CLEARED, since=since),
        postings=(Posting(organisation=MALMO, role=Role.JOUR, valid_from=since, valid_to=until),),
        delegations=(
            Delegation(
                organisation=MALMO,
                decision=DecisionKind.AID,
                number="DEMO-1",
                valid_from=since,
                valid_to=until,
            ),
        ),
    )


@pytest.mark.parametrize(
    ("since", "until", "holding"),
    [
        (DAY, None, True),
        (DAY, DAY + timedelta(days=1), True),
        (DAY - timedelta(days=1), DAY, False),
        (DAY + timedelta(days=1), None, False),
    ],
)
def test_postings_and_delegations_hold_from_their_first_day_until_before_the_last(
    since: date, until: date | None, *, holding: bool
) -> None:
    """`valid_to` is the first day on which it no longer holds."""
    person = dated(since, until)
    assert bool(postings_in(person, MALMO, Role.JOUR, DAY)) is holding
    assert (delegation_for(person, MALMO, DecisionKind.AID, DAY) is not None) is holding


def test_a_posting_is_for_one_organisation_and_role_and_a_delegation_for_one_kind() -> None:
    """Nothing follows from a posting or delegation but what it says."""
    person = dated(DAY, None)
    assert not postings_in(person, OrganisationId("farsta"), Role.JOUR, DAY)
    assert not postings_in(person, MALMO, Role.OUTREACH, DAY)
    assert delegation_for(person, MALMO, DecisionKind.PLACEMENT, DAY) is None
    assert delegation_for(person, OrganisationId("farsta"), DecisionKind.AID, DAY) is None
