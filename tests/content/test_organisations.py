import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import BadContent, BadInput
from bot.core.hours import local_instant
from bot.core.ids import DistrictId
from bot.core.organisation_file import read_organisation, read_structure
from bot.core.people import Role
from bot.core.people_file import PeopleFile, people_faults, read_people
from bot.core.places import Kind, Structure, districts_at, organisations_at, owner
from bot.core.request import DecisionKind
from bot.core.strict_yaml import MAX_DEPTH, MAX_FILE, read_yaml
from bot.core.who import run_examples

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "policies/organisations"
FILES = {f"organisations/{path.name}": path.read_text("utf-8") for path in sorted(FOLDER.glob("*.yaml"))}
DEMO = (ROOT / "policies/demo.yaml").read_text("utf-8")
BOARDS = [
    "farsta",
    "jarva",
    "skarholmen",
    "bromma",
    "hasselby-vallingby",
    "hagersten-alvsjo",
    "sodermalm",
    "norra-innerstaden",
    "kungsholmen",
    "enskede-arsta-vantor",
    "skarpnack",
]
NOW = local_instant("2026-11-28T23:40")


@pytest.fixture(scope="module")
def structure() -> Structure:
    return read_structure(FILES)


@pytest.fixture(scope="module")
def people() -> PeopleFile:
    return read_people("demo.yaml", DEMO)


def test_the_demo_holds_together(structure: Structure, people: PeopleFile) -> None:
    """Files, people and their examples agree with each other."""
    assert people_faults(structure, people) == []
    assert run_examples(structure, people) == []


def test_the_organisations_of_the_papers_are_there(structure: Structure) -> None:
    """Malmö, Stockholm's eleven boards as one group, both jours and the police; merged boards are history."""
    now = {found.id for found in organisations_at(structure, NOW)}
    assert now == {"malmo", *BOARDS, "socialjour-malmo", "socialjouren-stockholm", "polisen"}
    (jour, group) = next(iter(structure.groups.values()))
    assert (jour.id, group.id) == ("socialjouren-stockholm", "stockholm")
    assert set(BOARDS) <= set(group.members)


def test_two_lokalpolisomraden_in_malmo_become_four_on_a_day_entered_ahead(structure: Structure) -> None:
    """Paper 002 tells of two and a plan of four; the social services' one area owns all of them."""

    def malmo(at: str) -> list[str]:
        return [d.id for d in districts_at(structure, local_instant(at)) if d.region == "malmo"]

    assert malmo("2026-12-31T23:59") == ["lpo-malmo-norr", "lpo-malmo-soder"]
    assert malmo("2027-01-01T00:00") == [f"lpo-malmo-{n}" for n in (1, 2, 3, 4)]
    assert owner(structure, DistrictId("lpo-malmo-3"), local_instant("2027-01-01T00:00"))[0].id == "malmo"


@pytest.mark.parametrize(
    ("district", "before"), [("lpo-rinkeby", "rinkeby-kista"), ("lpo-spanga", "spanga-tensta")]
)
def test_the_merger_to_jarva_changed_owners_at_midnight(
    structure: Structure, district: str, before: str
) -> None:
    """Row 7: from 2023-07-01 both belong to Järva's board; a minute earlier each to its own."""
    midnight = local_instant("2023-07-01T00:00")
    assert owner(structure, DistrictId(district), midnight)[0].id == "jarva"
    assert owner(structure, DistrictId(district), midnight - timedelta(minutes=1))[0].id == before


def test_every_district_has_an_owner_on_each_of_its_days(structure: Structure) -> None:
    """On a sample of days from the first to the planned ones, wherever an officer can stand there is an owner."""
    for year in range(2019, 2030):
        for month in (1, 7):
            at = local_instant(f"{year}-{month:02}-01T00:00")
            for district in districts_at(structure, at):
                assert owner(structure, district.id, at)[0].numbers


def test_who_must_be_there_for_a_night_is_there(people: PeopleFile) -> None:
    """Officers of both cities, two evening workers, two jours by night and day, three supervisors per authority."""

    def posted(place: str, role: Role) -> int:
        return sum(
            any(p.organisation == place and p.role is role and p.valid_to is None for p in person.postings)
            for person in people.people
        )

    assert posted("polisen", Role.OFFICER) >= 4
    assert posted("malmo", Role.OUTREACH) == 2
    assert posted("socialjour-malmo", Role.JOUR) == posted("socialjouren-stockholm", Role.JOUR) == 4
    for place in ["malmo", *BOARDS, "polisen", "socialjour-malmo", "socialjouren-stockholm"]:
        assert posted(place, Role.SUPERVISOR) == 3
    for place in ["malmo", *BOARDS]:
        for role in (Role.COORDINATOR, Role.CURATOR, Role.LAWYER):
            assert posted(place, role) == 1
    assert posted("polisen", Role.POLICE_COORDINATOR) == 1
    assert posted("polisen", Role.COORDINATOR) == 0
    staff = [posted(board, Role.SOCIAL_WORKER) for board in BOARDS]
    assert staff == [2, 3, 2, 1, 1, 1, 2, 1, 1, 2, 1]


def test_malmos_workers_have_no_delegations_and_nobody_has_the_chairs(people: PeopleFile) -> None:
    """Row 3: no myndighetsutövning at Malmö; LVU 6 § and shelter for children are nobody's by delegation."""
    given = [(d.organisation, d.decision) for person in people.people for d in person.delegations]
    assert "malmo" not in {place for place, _ in given}
    assert {kind for _, kind in given} == {DecisionKind.AID, DecisionKind.PLACEMENT}


def test_only_fictitious_numbers_and_names_that_are_functions(people: PeopleFile) -> None:
    """Nobody real is in the demo: numbers of the fictitious series, names that say a function and a place."""
    every = "".join(FILES.values()) + DEMO
    phones = re.findall(r"\b0\d{2}-\d{5,}", every)
    assert phones
    assert all(605 <= int(phone.removeprefix("070-1740")) <= 699 for phone in phones)
    functions = (
        "Polis i yttre tjänst|Polisens samordnare|Enhetschef|Socialsekreterare|Ungdomsfältare|Socialjour(en)?"
        "|Samordnare|Redaktör|Jurist|Yttre befäl"
    )
    assert all(re.match(f"({functions})( |$)", person.name) for person in people.people)


def test_ids_fit_into_a_button(structure: Structure) -> None:
    """Telegram's buttons hold 64 bytes; an id of a district, an area or a step takes at most 20 of them."""
    steps = [step.id for one in structure.organisations.values() for step in one.steps]
    for name in [*structure.districts, *structure.areas, *steps]:
        assert len(name.encode("ascii")) <= 20


def faults(change: Callable[[dict[str, str]], None]) -> list[str]:
    files = dict(FILES)
    change(files)
    with pytest.raises(BadContent) as refused:
        read_structure(files)
    return str(refused.value).splitlines()


def edited(name: str, old: str, new: str) -> Callable[[dict[str, str]], None]:
    def change(files: dict[str, str]) -> None:
        path = f"organisations/{name}.yaml"
        assert old in files[path]
        files[path] = files[path].replace(old, new, 1)

    return change


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        ("farsta", "kind: board", "kind: board\nkind: board", "line 4: a key stands twice"),
        ("farsta", "kind: board", "kind: boards", "kind: Input should be 'board'"),
        ("farsta", "kind: board", "kind: board\nmayor: x", "mayor: Unexpected keyword argument"),
        ("farsta", "drafts: true", "drafts: yes", "drafts: Input should be a valid boolean"),
        ("farsta", "needed: 2", "needed: 1", "escrow.needed: Input should be greater than or equal to 2"),
        ("farsta", "of: 3}", "of: 1}", "escrow.of: there must be at least as many"),
        ("farsta", "id: farsta", "id: farsta-2", "id: the file is named after the organisation"),
        ("farsta", "seconds: 60", "seconds: 0", "steps.0.seconds: Input should be greater"),
        ("farsta", "roles: [social_worker]", "roles: []", "steps.0.roles: "),
        ("farsta", "roles: [social_worker]", "roles: [officer]", "steps.dag: roles: nobody in such a role"),
        ("farsta", "number: 070-1740614", "number: mottagningen", "numbers.0.number: String should match"),
        ("farsta", '"08:00-16:30"', '"08-16"', "hours: Value error, Hours are written"),
        ("farsta", "tested: 2026-11-03", "tested: 20261103", "numbers.0.tested: Input should be a valid date"),
        ("farsta", "area: farsta, valid_from: 2019", "area: moon, valid_from: 2019", "mappings.0: area: there is no"),
        ("farsta", "district: lpo-farsta", "district: lpo-moon", "mappings.0: district: there is no such district"),
        ("farsta", "may_ask: [socialjouren-stockholm]", "may_ask: []", "steps.jour.organisations: socialjouren-"),
        ("farsta", "may_ask: [", "may_ask: [moon, ", "may_ask.moon: there is no such organisation"),
        ("farsta", "need: consult, step: dag", "need: consult, step: moon", "examples.0: step: there is no such step"),
        ("farsta", "need: consult, step: dag", "need: consult", "examples.0: expects either a step or a phone"),
        ("farsta", "at: 2026-11-24T10:00", "at: 2026-10-25T02:30", "examples.0: at: That time exists twice"),
        ("farsta", "en: Farsta}, valid_from: 2019", "en: Farsta}, valid_from: 2018", "within the organisation's own"),
        ("jarva", "area: jarva, valid_from: 2023-07-01", "area: jarva, valid_from: 2023-07-02", "no area on 2023-07-01"),
        ("spanga-tensta", "2019-01-01, valid_to: 2023-07-01}\nhours", "2019-01-01}\nhours", "mappings.0: area: does"),
        ("malmo", "lpo-malmo-1, area: malmo, valid_from: 2027-01-01", ("lpo-malmo-norr, area: malmo, "
         "valid_from: 2026-12-31"), "two areas on 2026-12-31"),
        ("malmo", "lpo-malmo-1, area: malmo, valid_from: 2027-01-01", ("lpo-malmo-2, area: malmo, "
         "valid_from: 2027-01-01"), "district lpo-malmo-1: mappings: belongs to no area"),
        ("malmo", "valid_from: 2020-01-01, valid_to: 2027-01-01", "valid_from: 2020-01-01, valid_to: 2019-01-01",
         "mappings.lpo-malmo-norr.valid_to: must be a later day"),
        ("malmo", "after_jour: true", "after_jour: false", "steps.falt: roles: outreach is asked for presence alone"),
        ("malmo", "id: falt", "id: ungdomsfalt-i-hela-malmo", "steps.4.id: String should have at most 20"),
        ("malmo", "id: malmo-tib", "id: malmo-jour", "numbers.malmo-jour: id: stands 2 times on 2020-01-01"),
        ("polisen", "id: lpo-bromma", "id: lpo-farsta", "district lpo-farsta: id: stands 2 times"),
        ("socialjouren-stockholm", "    - farsta", "    - moon", "group.members.moon: there is no such"),
        ("socialjouren-stockholm", "kind: jour", "kind: board", "group: stands in the file of the jour"),
        ("socialjouren-stockholm", "id: stockholm", "id: farsta", "organisation or group farsta: id: stands 2"),
        ("farsta", "drafts: true", "drafts: true\nready_needs: [numbers]", "ready_needs: no room opens without"),
        ("farsta", "drafts: true", "drafts: true\nready_needs: [supervisors, supervisors]", "the same stands twice"),
        ("farsta", "drafts: true", "drafts: true\nready_needs: [supervisors, luck]", "ready_needs.1: Input should be"),
        ("farsta", "kind: board", "kind: [board", "this is not YAML"),
        ("farsta", "kind: board", "kind: &a board\nother: *a", "aliases are not read"),
        ("farsta", "kind: board", "kind: !!python/name:os.system board", "tags are not read"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_file_and_field(name: str, old: str, new: str, fault: str) -> None:
    """Strict: nothing unknown, nothing doubled, nothing of the wrong kind, no gap and no overlap in the map."""
    found = faults(edited(name, old, new))
    assert any(fault in line for line in found), found
    assert all(
        line.startswith(("organisations/", "district ", "number ", "organisation or group "))
        for line in found
    )


def test_a_chain_that_nobody_answers_at_night_is_refused() -> None:
    """With every number in office hours there would be an officer at night without a next step."""

    def change(files: dict[str, str]) -> None:
        path = "organisations/farsta.yaml"
        head, tail = files[path].split("numbers:", 1)
        office = '{weekly: {mon-fri: ["08:00-16:30"]}}'
        files[path] = head + "numbers:" + tail.replace("hours: always", f"hours: {office}")

    assert faults(change) == ["organisations/farsta.yaml: numbers: none of them is answered on mon 00:00"]


def test_all_faults_of_all_files_are_told_at_once() -> None:
    """One reading is enough to mend everything."""

    def change(files: dict[str, str]) -> None:
        edited("farsta", "drafts: true", "drafts: 1")(files)
        edited("farsta", "needed: 2", "needed: 1")(files)
        edited("malmo", "kind: board", "kind: town")(files)

    found = faults(change)
    assert [line.split(":")[:2] for line in found] == [
        ["organisations/farsta.yaml", " drafts"],
        ["organisations/farsta.yaml", " escrow.needed"],
        ["organisations/malmo.yaml", " kind"],
    ]


def test_a_fault_never_repeats_what_stands_in_the_file() -> None:
    """A name or a number that was put in the wrong field is not carried on into a log."""
    found = faults(edited("farsta", "drafts: true", "drafts: Anna Exempel 070-1740699"))
    assert "Exempel" not in " ".join(found)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("id: p-polis-malmo-2", "id: p-polis-malmo-1", "p-polis-malmo-1: id: stands 2 times"),
        ("070-1740626", "070-1740625", "two people have the same number"),
        ("person: p-malmo-dag-1,", "person: p-moon,", "weekly.malmo-dag-1: person: there is no such person"),
        (
            "role: outreach, days",
            "role: jour, days",
            "weekly.malmo-falt-1: role: the person is not posted so",
        ),
        ('days: "wed-sat"', 'days: "sat-wed"', "days: Value error, Days are written"),
        ('starts: "18:00"', 'starts: "02:30"', "starts: Value error, No hours begin"),
        ("decision: aid", "decision: lvu_6", "delegations: only the board, its chair"),
        (
            "valid_from: 2020-01-01, valid_to: 2023-07-01}",
            "valid_from: 2020-01-01, valid_to: 2019-07-01}",
            "later day",
        ),
        ("state: cleared", "state: fine", "vetting.state: Input should be"),
        ("people:\n", "people:\n  - just a name\n", "people.0: Input should be"),
    ],
)
def test_a_fault_among_the_people_is_told(old: str, new: str, fault: str) -> None:
    """Doubled ids and numbers, duties without a posting, delegations that nobody can have."""
    assert old in DEMO
    with pytest.raises(BadContent) as refused:
        read_people("demo.yaml", DEMO.replace(old, new, 1))
    assert fault in str(refused.value)
    assert all(line.startswith("demo.yaml: ") for line in str(refused.value).splitlines())


def test_people_must_fit_the_places(structure: Structure) -> None:
    """A posting, an area or a duty at a place that does not exist."""
    found = read_people("demo.yaml", DEMO.replace("areas: [farsta]", "areas: [moon]", 1))
    assert people_faults(structure, found) == ["people.p-farsta-1: areas: there is no such area"]
    moved = read_people("demo.yaml", DEMO.replace("organisation: polisen, role: officer", "organisation: p, role: officer", 1))  # fmt: skip
    assert people_faults(structure, moved) == [
        "people.p-polis-malmo-1: organisation: there is no such organisation"
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("talk: off", {"talk": "off"}),
        ("day: 2026-11-24", {"day": "2026-11-24"}),
        ("at: 16:30", {"at": "16:30"}),
        ("n: [1, -2, 010, 1.5, true, null, ~, yes]", {"n": [1, -2, "010", "1.5", True, None, None, "yes"]}),
        ('n: "1"', {"n": "1"}),
        ("", None),
    ],
)
def test_yaml_is_read_as_json_is(text: str, value: object) -> None:
    """Off is a word, a date is a text, sixteen thirty is not 990."""
    assert read_yaml(text) == value


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\na: 2",
        "{[1]: 2}",
        "a: b: c",
        "\x00",
        nested(5000),
        nested(MAX_DEPTH + 1),
        "- " * MAX_FILE,
        "--- 1\n--- 2",
    ],
)
def test_yaml_that_is_not_plain_is_refused(text: str) -> None:
    """Doubled keys, odd keys, several documents, control characters, depth and size without end."""
    with pytest.raises(BadInput):
        read_yaml(text)


def test_depth_is_bounded_before_anything_is_built() -> None:
    """The library builds a document by recursion in C: a small file of brackets would take the whole process."""
    assert read_yaml(nested(MAX_DEPTH)) is not None
    with pytest.raises(BadInput, match="line 1: at most"):
        read_yaml("[" * MAX_FILE)


def test_a_fault_cannot_write_to_the_terminal() -> None:
    """A field's name comes from the file: what cannot be printed is not repeated, and no name is repeated whole."""
    with pytest.raises(BadContent) as refused:
        read_organisation("organisations/malmo.yaml", f'"\\e[2J{"x" * 100}": 1')
    assert all(line.isprintable() and len(line) < 100 for line in str(refused.value).splitlines())


def lines() -> Iterator[str]:
    yield from (line for text in FILES.values() for line in text.splitlines()[:40])


@settings(deadline=None)
@given(st.lists(st.sampled_from(sorted(set(lines()))), max_size=12))
def test_no_file_fails_otherwise_than_by_refusal(drawn: list[str]) -> None:
    """Whatever lines a file is made of, an organisation or BadContent."""
    try:
        found = read_organisation("organisations/malmo.yaml", "\n".join(drawn))
    except BadContent:
        return
    assert found.kind in Kind
