"""Changes entered ahead, crossings, referrals, contacts, forums: each fault is one clear line, told by `check`."""

from collections.abc import Callable

import pytest

from bot.core.chain import Ask, next_step
from bot.core.errors import BadContent, BadInput
from bot.core.hours import is_open, local_instant, parse_hours, spans_on, unanswered, written_hours
from bot.core.ids import AreaId, DistrictId, OrganisationId, PersonId
from bot.core.in_force import as_named, changes, crossings_at, on_day, steps_at
from bot.core.organisation_file import read_structure
from bot.core.people_file import PeopleFile, read_people
from bot.core.places import Structure, members_at, numbers_at, owner, place_named
from bot.core.request import Matter, Need, Request, Urgency
from bot.core.who import workers_by_rules
from tests.content.test_organisations import DEMO, FILES, NOW

LAST, FIRST = local_instant("2026-12-31T23:59"), local_instant("2027-01-01T00:00")
REFERRAL = """referrals:
  - {id: prov, label: {sv: P, en: P}, does: {sv: G, en: D}, reach: {step: dag}, valid_from: 2024-01-01}
examples:
"""


def faults(change: Callable[[dict[str, str]], None]) -> list[str]:
    files = dict(FILES)
    change(files)
    try:
        read_structure(files)
    except BadContent as error:
        return str(error).splitlines()
    return []


def edited(name: str, *pairs: tuple[str, str]) -> Callable[[dict[str, str]], None]:
    """One file with texts exchanged, each the first time it stands."""

    def change(files: dict[str, str]) -> None:
        path = f"organisations/{name}.yaml"
        for old, new in pairs:
            assert old in files[path], old
            files[path] = files[path].replace(old, new, 1)

    return change


def read(change: Callable[[dict[str, str]], None]) -> Structure:
    files = dict(FILES)
    change(files)
    return read_structure(files)


@pytest.fixture(scope="module")
def people() -> PeopleFile:
    return read_people("demo.yaml", DEMO)


BROMMA = OrganisationId("bromma")
LATER_JOUR = (
    "    repeat: 25\n    load_limit: 5\nnumbers:",
    "    repeat: 25\n    load_limit: 5\n    valid_to: 2027-01-01\nnumbers:",
)
AT_A_DAY = '{weekly: {mon-fri: ["08:00-16:30"]}, holidays: closed}'


# ---- what is entered ahead -----------------------------------------------------------------------------


def test_a_step_entered_ahead_is_asked_from_its_first_minute(people: PeopleFile) -> None:
    """The chain changes at Swedish midnight: a minute before it nobody is asked by the new step."""
    step = (
        "  - id: jour\n",
        (
            "  - {id: snabb, label: {sv: S, en: S}, because: prov, roles: [jour], needs: [advice],\n"
            "     organisations: [socialjouren-stockholm], when: always, at_once: 1, seconds: 30, load_limit: 1,\n"
            "     valid_from: 2027-01-01}\n  - id: jour\n"
        ),
    )
    structure = read(edited("bromma", step))
    bromma = structure.organisations[BROMMA]
    assert [s.id for s in steps_at(bromma, LAST)] == ["dag", "jour"]
    assert [s.id for s in steps_at(bromma, FIRST)] == ["dag", "snabb", "jour"]
    request = _request("lpo-bromma", LAST)
    asked = [next_step(structure, request, (), workers_by_rules(people, at), at) for at in (LAST, FIRST)]
    assert [found.step.id for found in asked if isinstance(found, Ask)] == ["jour", "snabb"]


def test_a_number_that_changes_is_given_as_it_is_that_minute() -> None:
    """The new number is entered before its day under the same name; what was tried before can still be told."""
    new = (
        "  - id: bromma-jour\n",
        (
            "  - {id: bromma-jour, label: {sv: N, en: N}, number: 070-1740699, hours: always, tested: 2026-11-16,\n"
            "     valid_from: 2027-01-01}\n  - id: bromma-jour\n    valid_to: 2027-01-01\n"
        ),
    )
    bromma = read(edited("bromma", new)).organisations[BROMMA]
    assert [n.number for n in numbers_at(bromma, LAST) if n.id == "bromma-jour"] == ["070-1740610"]
    assert [n.number for n in numbers_at(bromma, FIRST) if n.id == "bromma-jour"] == ["070-1740699"]
    told = as_named(bromma, FIRST.date())
    assert len({n.id for n in told.numbers}) == len(told.numbers) == 4
    assert [day.isoformat() for day in changes(bromma)] == ["2019-01-01", "2027-01-01"]


def test_what_has_ended_is_still_told_by_its_name() -> None:
    """A request that was offered by a step, or tried a number, that is gone since is told as it was."""
    gone = ("  - id: bromma-dag\n", "  - id: bromma-dag\n    valid_to: 2025-01-01\n")
    bromma = read(edited("bromma", gone)).organisations[BROMMA]
    assert "bromma-dag" in [n.id for n in as_named(bromma, NOW.date()).numbers]
    assert "bromma-dag" not in [n.id for n in on_day(bromma, NOW.date()).numbers]


def test_hours_entered_ahead_hold_from_their_day() -> None:
    """Longer opening hours from a day on: office hours the day before, evening from that day."""
    hours = parse_hours(
        [
            {"hours": {"weekly": {"mon-fri": ["08:00-16:30"]}}},
            {"valid_from": "2027-01-04", "hours": {"weekly": {"mon-fri": ["08:00-21:00"]}}},
        ]
    )
    assert not is_open(hours, local_instant("2026-12-30T20:00"))
    assert is_open(hours, local_instant("2027-01-04T20:00"))
    assert parse_hours(written_hours(hours)) == hours
    assert spans_on(hours, local_instant("2027-01-04T20:00").date())[0].closes == 21 * 60
    assert unanswered([hours]) == "mon 00:00"


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        [{"hours": "always"}],
        [{"hours": "always"}, {"hours": "always"}],
        [{"valid_from": "2027-01-01", "hours": "always"}, {"valid_from": "2027-02-01", "hours": "always"}],
        [{"hours": "always"}, {"valid_from": "2027-02-01", "hours": "always"}, {"valid_from": "2027-01-01",
         "hours": "always"}],
        [{"hours": "always"}, {"valid_from": "2027-01-01", "hours": [{"hours": "always"}]}],
        [{"hours": "always"}, {"valid_from": "soon", "hours": "always"}],
        [{"hours": "always", "until": "2027-01-01"}, {"valid_from": "2027-01-01", "hours": "always"}],
        ["always"],
    ],
)  # fmt: skip
def test_hours_that_change_unclearly_are_refused(wrong: object) -> None:
    """Nothing is guessed of which hours hold when."""
    with pytest.raises(BadInput):
        parse_hours(wrong)


# ---- crossings -----------------------------------------------------------------------------------------


def test_another_boards_people_are_asked_only_for_what_policy_says(people: PeopleFile) -> None:
    """Skarpnäck asks its neighbour for advice by day; for presence, and at night, it asks the jour."""
    structure = read_structure(FILES)
    day = local_instant("2026-11-24T10:00")

    def asked(need: Need, at: str) -> tuple[str, list[str]]:
        now = local_instant(at)
        found = next_step(
            structure, _request("lpo-skarpnack", now, need), (), workers_by_rules(people, now), now
        )
        assert isinstance(found, Ask)
        return found.step.id, [one.organisation for one in found.people]

    assert asked(Need.ADVICE, "2026-11-24T10:00") == ("granne", ["enskede-arsta-vantor"])
    assert asked(Need.PRESENCE, "2026-11-24T10:00")[0] == "jour"
    assert asked(Need.ADVICE, "2026-11-24T20:00")[0] == "jour"
    skarpnack = structure.organisations[OrganisationId("skarpnack")]
    both = frozenset({"socialjouren-stockholm", "enskede-arsta-vantor"})
    assert crossings_at(skarpnack, Need.ADVICE, day) == both
    assert crossings_at(skarpnack, Need.DECISION, day) == {"socialjouren-stockholm"}
    assert crossings_at(skarpnack, None, local_instant("2026-11-24T20:00")) == {"socialjouren-stockholm"}
    assert crossings_at(skarpnack, None, local_instant("2023-11-24T10:00")) == {"socialjouren-stockholm"}


def test_a_request_keeps_its_owner_over_a_merger_and_goes_to_the_jour_at_once(people: PeopleFile) -> None:
    """Asked at 23.59 of a board that is gone at 00.00: no wait for people who are posted elsewhere now."""
    structure = read_structure(FILES)
    before, after = local_instant("2023-06-30T23:59"), local_instant("2023-07-01T00:00")
    request = _request("lpo-rinkeby", before)
    for at in (before, after, local_instant("2023-07-03T10:00")):
        found = next_step(structure, request, (), workers_by_rules(people, at), at)
        assert isinstance(found, Ask)
        assert found.step.id == "jour"
    assert owner(structure, DistrictId("lpo-rinkeby"), request.at)[0].id == "rinkeby-kista"
    assert owner(structure, DistrictId("lpo-rinkeby"), after)[0].id == "jarva"
    newer = next_step(
        structure,
        _request("lpo-rinkeby", local_instant("2023-07-03T10:00")),
        (),
        workers_by_rules(people, local_instant("2023-07-03T10:00")),
        local_instant("2023-07-03T10:00"),
    )
    assert isinstance(newer, Ask)
    assert newer.step.id == "dag"


def test_a_split_is_entered_as_a_merger_is() -> None:
    """One board becomes two at midnight: each lokalpolisområde follows to its own, and an older request stays."""
    north = FILES["organisations/bromma.yaml"].replace("bromma", "nord").replace("2019-01-01", "2027-01-01")
    north = (
        north.replace("lpo-nord", "lpo-spanga")
        .replace("2026-11-", "2027-02-")
        .replace("tested: 2027-02", "tested: 2026-11")
    )

    def change(files: dict[str, str]) -> None:
        files["organisations/nord.yaml"] = north
        edited(
            "jarva",
            ("{district: lpo-spanga, area: jarva, valid_from: 2023-07-01}",
             "{district: lpo-spanga, area: jarva, valid_from: 2023-07-01, valid_to: 2027-01-01}"),
        )(files)  # fmt: skip

    structure = read(change)
    assert owner(structure, DistrictId("lpo-spanga"), LAST)[0].id == "jarva"
    assert owner(structure, DistrictId("lpo-spanga"), FIRST)[0].id == "nord"
    assert owner(structure, DistrictId("lpo-rinkeby"), FIRST)[0].id == "jarva"
    with pytest.raises(BadInput, match="does not exist on that day"):
        place_named(structure, "nord", None, LAST)


def test_a_board_can_leave_a_group_on_a_day() -> None:
    """Whoever shares the jour no longer is not found through the group, and keeps its own name."""
    dated = (
        "  label: {sv: Stockholm, en: Stockholm}\n",
        (
            "  label: {sv: Stockholm, en: Stockholm}\n"
            "  dated: [{organisation: bromma, valid_from: 2019-01-01, valid_to: 2027-01-01}]\n"
        ),
    )
    structure = read(edited("socialjouren-stockholm", dated))
    _, group = next(iter(structure.groups.values()))
    assert BROMMA in members_at(group, LAST)
    assert BROMMA not in members_at(group, FIRST)
    assert place_named(structure, "stockholm", "bromma", LAST).area == AreaId("bromma")
    with pytest.raises(BadInput, match="does not belong"):
        place_named(structure, "stockholm", "bromma", FIRST)


# ---- each fault is one line ----------------------------------------------------------------------------

WRONG: list[tuple[str, str, tuple[tuple[str, str], ...], str]] = [
    ("the jour's step ends", "bromma", (LATER_JOUR,),
     "steps: the jour must be asked at all hours, for every need and matter (from 2027-01-01)"),
    ("a step's days", "bromma", (("    load_limit: 3\n", "    load_limit: 3\n    valid_from: 2027-01-01\n    valid_to: 2026-01-01\n"),),
     "steps.dag.valid_to: must be a later day than valid_from"),
    ("a number's days", "bromma", (("  - id: bromma-dag\n", "  - id: bromma-dag\n    valid_from: 2026-01-01\n    valid_to: 2026-01-01\n"),),
     "numbers.bromma-dag.valid_to: must be a later day than valid_from"),
    ("the last numbers end", "farsta", (
        ("  - id: farsta-jour\n", "  - id: farsta-jour\n    valid_to: 2027-01-01\n"),
        ("  - id: farsta-tib\n", "  - id: farsta-tib\n    valid_to: 2027-01-01\n"),
        ("  - id: farsta-befal\n", "  - id: farsta-befal\n    valid_to: 2027-02-01\n")),
     "numbers: none of them is answered on mon 00:00 (from 2027-02-01)"),
    ("a number twice on a day", "bromma", (("  - id: bromma-tib\n", "  - id: bromma-jour\n    valid_from: 2025-01-01\n"),),
     "numbers.bromma-jour: id: stands 2 times on 2025-01-01"),
    ("a crossing that ends before its step", "skarpnack", (("    valid_from: 2024-03-01\n", "    valid_from: 2024-03-01\n    valid_to: 2026-12-01\n"),),
     "steps.granne.organisations: enskede-arsta-vantor does not stand in may_ask"),
    ("a crossing's needs", "skarpnack", (("    needs: [advice, consult]\n    when", "    needs: [advice]\n    when"),),
     "steps.granne.organisations: enskede-arsta-vantor may not be asked for all of these needs"),
    ("a crossing's hours", "skarpnack", (("    when: open\n    because", "    when: closed\n    because"),),
     "steps.granne.organisations: enskede-arsta-vantor may not be asked at these hours"),
    ("a crossing's days", "skarpnack", (("    valid_from: 2024-03-01\ndeferrable", "    valid_from: 2024-03-01\n    valid_to: 2024-03-01\ndeferrable"),),
     "may_ask.enskede-arsta-vantor.valid_to: must be a later day than valid_from"),
    ("a crossing to a board that has ended", "bromma", (("may_ask: [socialjouren-stockholm]", "may_ask: [socialjouren-stockholm, spanga-tensta]"),),
     "may_ask.spanga-tensta: does not exist on all of these days"),
    ("a crossing's fields", "skarpnack", (("    when: open\n    because", "    whom: all\n    because"),),
     "may_ask.1.rule.whom: Unexpected keyword argument"),
    ("nobody to cross to", "skarpnack", (("organisation: enskede-arsta-vantor", "organisation: moon"), ("[enskede-arsta-vantor]\n    when", "[moon]\n    when")),
     "may_ask.moon: there is no such organisation"),
    ("a referral's days", "bromma", (("examples:\n", REFERRAL.replace("2024-01-01}", "2024-01-01, valid_to: 2024-01-01}")),),
     "referrals.prov: valid_to: must be a later day than valid_from"),
    ("a referral before its board", "bromma", (("examples:\n", REFERRAL.replace("2024", "2018")),),
     "referrals.prov: valid_from: does not lie within the organisation's own days"),
    ("a referral to no step", "bromma", (("examples:\n", REFERRAL.replace("step: dag", "step: moon")),),
     "referrals.prov: reach.step: there is no such step here"),
    ("a referral to no number", "bromma", (("examples:\n", REFERRAL.replace("step: dag", "number: moon")),),
     "referrals.prov: reach.number: there is no such number here"),
    ("a referral to a step that ends", "bromma", (
        ("    load_limit: 3\n", "    load_limit: 3\n    valid_to: 2027-01-01\n"), ("examples:\n", REFERRAL)),
     "referrals.prov: reach.step: does not exist on all of these days"),
    ("a referral to nowhere", "bromma", (("examples:\n", REFERRAL.replace("{step: dag}", "{}")),),
     "referrals.prov: reach: is one of number, step and says"),
    ("a referral to two places", "bromma", (("examples:\n", REFERRAL.replace("{step: dag}", "{step: dag, number: bromma-jour}")),),
     "referrals.prov: reach: is one of number, step and says"),
    ("a referral's ages", "bromma", (("examples:\n", REFERRAL.replace("id: prov", "id: prov, from_age: 21, to_age: 18")),),
     "referrals.prov: to_age: must not be lower than from_age"),
    ("a referral's matter", "bromma", (("examples:\n", REFERRAL.replace("id: prov", "id: prov, matters: [moon]")),),
     "referrals.0.matters.0: Input should be"),
    ("a caption too long for a button", "bromma", (("examples:\n", REFERRAL.replace("sv: P", f"sv: {'P' * 41}")),),
     "referrals.0.label.sv: String should have at most 40"),
    ("a name that buttons use", "bromma", (("examples:\n", REFERRAL.replace("id: prov", "id: places")),),
     "referrals.places: id: is a word that buttons use"),
    ("a contact's district", "polisen", (("districts: [lpo-malmo-norr", "districts: [lpo-moon"),),
     "contacts.ungdomssamordnare: districts.lpo-moon: there is no such district"),
    ("a contact before its district", "polisen", (("districts: [lpo-malmo-norr", "districts: [lpo-malmo-1"),),
     "contacts.ungdomssamordnare: districts.lpo-malmo-1: does not exist on all of these days"),
    ("a contact's role", "polisen", (("role: youth_coordinator", "role: mayor"),), "contacts.0.role: Input should be"),
    ("a member that is none", "socialjouren-stockholm", (("  members:\n", "  dated: [{organisation: moon, valid_from: 2019-01-01}]\n  members:\n"),),
     "group.dated.moon: does not stand in members"),
    ("a member's days", "socialjouren-stockholm", (("  members:\n", "  dated: [{organisation: farsta, valid_from: 2019-01-01, valid_to: 2018-01-01}]\n  members:\n"),),
     "group.dated.farsta: valid_to: must be a later day than valid_from"),
    ("a member twice", "socialjouren-stockholm", (("  members:\n", "  dated: [{organisation: farsta, valid_from: 2019-01-01}, {organisation: farsta, valid_from: 2020-01-01}]\n  members:\n"),),
     "group.dated.farsta: is a member twice on one day"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "file", "pairs", "fault"), WRONG, ids=[one[0] for one in WRONG])
def test_each_fault_is_one_clear_line(
    name: str, file: str, pairs: tuple[tuple[str, str], ...], fault: str
) -> None:
    """With its file and its field, told once, and nothing else is said to be wrong."""
    del name
    (line,) = faults(edited(file, *pairs))
    assert line.startswith(f"organisations/{file}.yaml: {fault}")


def test_an_entry_stands_once_in_the_deployment() -> None:
    """What a button names is one thing, whoever's file it stands in."""
    again = REFERRAL.replace("id: prov", "id: trefas-farsta")
    assert faults(edited("bromma", ("examples:\n", again))) == ["entry trefas-farsta: id: stands 2 times"]


def _request(district: str, at: object, need: Need = Need.ADVICE) -> Request:
    return Request(
        officer=PersonId("p-polis-sthlm-1"),
        district=DistrictId(district),
        matter=Matter.CHILD,
        need=need,
        urgency=Urgency.NOW,
        at=at,  # type: ignore[arg-type] # an instant
    )
