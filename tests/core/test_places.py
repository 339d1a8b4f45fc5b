import pytest

from bot.core.errors import BadInput
from bot.core.hours import local_instant
from bot.core.ids import DistrictId
from bot.core.organisation_file import read_structure
from bot.core.places import (
    Structure,
    districts_at,
    numbers_at,
    organisation,
    organisations_at,
    owner,
    place_named,
    place_of,
)

COMMON = """
label: {sv: Prov, en: Trial}
source: a test
drafts: true
escrow: {needed: 2, of: 3}
hours: {weekly: {mon-fri: ["08:00-16:30"]}}
"""
STEPS = """
may_ask: [jour]
steps:
  - {id: jour, label: {sv: J, en: J}, because: a test, roles: [jour], organisations: [jour], when: always,
     at_once: 1, seconds: 60, load_limit: 3}
"""
NUMBERS = """
numbers:
  - {id: NAME-day, label: {sv: D, en: D}, number: 070-1740605, hours: {weekly: {mon-fri: ["08:00-16:30"]}},
     tested: 2026-11-01}
  - {id: NAME-all, label: {sv: A, en: A}, number: 070-1740606, hours: always, tested: 2026-11-01}
examples: [{at: 2026-11-24T10:00, need: advice, phone: 070-1740605}]
"""


def file(name: str, rest: str, kind: str = "board") -> str:
    steps = STEPS if kind != "jour" else STEPS.replace("may_ask: [jour]", "")
    return f"id: {name}\nkind: {kind}" + COMMON + rest + steps + NUMBERS.replace("NAME", name)


FILES = {
    "o/west.yaml": file(
        "west",
        """
valid_from: 2020-01-01
valid_to: 2027-01-01
areas: [{id: west, label: {sv: V, en: W}, valid_from: 2020-01-01, valid_to: 2027-01-01}]
mappings: [{district: lpo-west, area: west, valid_from: 2020-01-01, valid_to: 2027-01-01}]
""",
    ),
    "o/east.yaml": file(
        "east",
        """
valid_from: 2020-01-01
areas:
  - {id: east, label: {sv: Ö, en: E}, valid_from: 2020-01-01}
  - {id: coast, label: {sv: K, en: C}, valid_from: 2027-01-01}
mappings:
  - {district: lpo-west, area: coast, valid_from: 2027-01-01}
  - {district: lpo-east, area: east, valid_from: 2020-01-01}
districts:
  - {id: lpo-west, label: {sv: V, en: W}, region: r, valid_from: 2020-01-01}
  - {id: lpo-east, label: {sv: Ö, en: E}, region: r, valid_from: 2020-01-01}
""",
    ),
    "o/jour.yaml": file(
        "jour",
        """
valid_from: 2020-01-01
group: {id: both, label: {sv: B, en: B}, members: [west, east]}
""",
        "jour",
    ),
}
LAST_MINUTE, FIRST_MINUTE = local_instant("2026-12-31T23:59"), local_instant("2027-01-01T00:00")


@pytest.fixture
def structure() -> Structure:
    return read_structure(FILES)


def test_a_lokalpolisomrade_belongs_to_whom_the_map_of_that_minute_says(structure: Structure) -> None:
    """A merger takes effect at Swedish midnight: one minute before it another authority owns the room."""
    before = owner(structure, DistrictId("lpo-west"), LAST_MINUTE)
    after = owner(structure, DistrictId("lpo-west"), FIRST_MINUTE)
    assert (before[0].id, before[1].id) == ("west", "west")
    assert (after[0].id, after[1].id) == ("east", "coast")
    assert place_of(structure, DistrictId("lpo-west"), FIRST_MINUTE).area == "coast"


@pytest.mark.parametrize(
    ("district", "at"), [("lpo-moon", "2026-11-24T10:00"), ("lpo-west", "2019-11-24T10:00")]
)
def test_a_place_that_is_nowhere_is_refused(structure: Structure, district: str, at: str) -> None:
    """An unknown district, or one that did not exist yet, has no owner."""
    with pytest.raises(BadInput):
        owner(structure, DistrictId(district), local_instant(at))


def test_a_group_without_an_area_is_its_jour_and_with_one_the_board_that_owns_it(
    structure: Structure,
) -> None:
    """`--org` takes an organisation or a group."""
    assert place_named(structure, "both", None, LAST_MINUTE).organisation.id == "jour"
    assert place_named(structure, "both", "west", LAST_MINUTE).organisation.id == "west"
    assert place_named(structure, "both", "coast", FIRST_MINUTE).organisation.id == "east"
    assert place_named(structure, "east", None, LAST_MINUTE).area is None


@pytest.mark.parametrize(
    ("name", "area", "at"),
    [
        ("nowhere", None, "2026-11-24T10:00"),
        ("both", "moon", "2026-11-24T10:00"),
        ("west", "east", "2026-11-24T10:00"),
        ("jour", "east", "2026-11-24T10:00"),
        ("east", "coast", "2026-12-31T23:59"),
        ("both", "west", "2027-01-01T00:00"),
        ("west", None, "2027-01-01T00:00"),
        ("both", None, "2019-01-01T00:00"),
    ],
)
def test_a_place_that_does_not_exist_there_and_then_is_refused(
    structure: Structure, name: str, area: str | None, at: str
) -> None:
    """Unknown names, an area of another board, and what does not exist on that day."""
    with pytest.raises(BadInput):
        place_named(structure, name, area, local_instant(at))


def test_only_numbers_that_are_answered_now_are_given_in_their_order(structure: Structure) -> None:
    """Nobody is told to call an office that is closed."""
    east = organisation(structure, "east")
    assert [n.id for n in numbers_at(east, local_instant("2026-11-24T10:00"))] == ["east-day", "east-all"]
    assert [n.id for n in numbers_at(east, local_instant("2026-11-24T17:00"))] == ["east-all"]


def test_what_there_is_to_choose_among_follows_the_day(structure: Structure) -> None:
    """Organisations and districts appear and go on their days."""
    assert [o.id for o in organisations_at(structure, LAST_MINUTE)] == ["east", "jour", "west"]
    assert [o.id for o in organisations_at(structure, FIRST_MINUTE)] == ["east", "jour"]
    assert [d.id for d in districts_at(structure, FIRST_MINUTE)] == ["lpo-west", "lpo-east"]
    assert districts_at(structure, local_instant("2019-11-24T10:00")) == ()
    with pytest.raises(BadInput):
        organisation(structure, "nowhere")
