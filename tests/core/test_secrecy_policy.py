"""Grounds of disclosure: only what was read in force is offered, in its direction, less what an organisation withholds."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import content as files
from bot.content import Content
from bot.core.disclosures import MAX_GROUND, Direction, Disclosure, GroundId, disclosed_in, disclosure_kind
from bot.core.errors import BadContent, BadInput
from bot.core.ids import OrganisationId
from bot.core.library.law_sections import of_source
from bot.core.secrecy_policy import (
    SecrecyPolicy,
    chosen,
    ground_named,
    offered,
    parse,
    read_on,
    run_examples,
)

ROOT = Path(__file__).parents[2]
PATH = "policies/secrecy.yaml"
TEXT = (ROOT / PATH).read_text(encoding="utf-8")
MALMO, FARSTA = OrganisationId("malmo"), OrganisationId("farsta")
WAITING = {"osl-10-15a", "osl-10-21", "osl-10-23", "osl-10-24", "lul-6", "lvu-43b", "brb-24-4"}
SMALL = """
grounds:
  - {id: consent, label: {sv: Samtycke, en: Consent}, directions: [to_police, to_social], basis: OSL 10:1, because: b, says: {sv: Ja., en: Yes.}}
  - {id: report, label: {sv: Anmälan, en: Report}, directions: [to_social], basis: SoL 19:1, because: b, says: {sv: Genast., en: At once.}}
  - {id: unread, label: {sv: Oläst, en: Unread}, directions: [to_police], basis: OSL 10:21, because: b, needs_lawyer: true}
examples:
  - {organisation: malmo, direction: to_police, ground: consent, offered: true}
  - {organisation: malmo, direction: to_police, ground: report, offered: false}
"""
ROUTINE = """
routines:
  - {id: ours, organisations: [farsta], grounds: [consent], basis: b, because: c, ADDED}
"""


@pytest.fixture(scope="module")
def content() -> Content:
    """The real files, read once."""
    return files.read(ROOT)


@pytest.fixture
def read(content: Content) -> Callable[[str], SecrecyPolicy]:
    """Reads a file's text."""
    return lambda text: parse(text, PATH, content.structure, content.law)


def ids(policy: SecrecyPolicy, organisation: OrganisationId, direction: Direction) -> list[str]:
    return [choice.ground.id for choice in offered(policy, organisation, direction)]


# ---- the file as it is shipped ---------------------------------------------------------------------------------------


def test_what_is_shipped_says_what_its_examples_say(content: Content) -> None:
    """The examples are run by `samjour check`, and hold."""
    assert run_examples(content.secrecy) == []


def test_only_what_was_read_in_force_is_offered(content: Content) -> None:
    """Every section that an offered ground rests on is among those somebody has read; what is unread waits for a lawyer."""
    for direction in Direction:
        for choice in offered(content.secrecy, MALMO, direction):
            for one in of_source(content.law, choice.ground.basis):
                assert {one.first, one.last} <= content.law.acts[one.act].sections
            assert choice.ground.says is not None
            assert read_on(content.law, choice.ground) <= content.law.verified_on
    everything = {
        *ids(content.secrecy, MALMO, Direction.TO_POLICE),
        *ids(content.secrecy, MALMO, Direction.TO_SOCIAL),
    }
    assert not WAITING & everything
    for name in WAITING:
        known = ground_named(content.secrecy, name)
        assert known is not None
        assert known.needs_lawyer


def test_every_organisation_has_something_to_choose_in_both_directions(content: Content) -> None:
    """Consent and the report of concern can be chosen wherever a talk can be."""
    for organisation in content.structure.organisations:
        assert "samtycke" in ids(content.secrecy, organisation, Direction.TO_POLICE)
        assert "sol-19-1" in ids(content.secrecy, organisation, Direction.TO_SOCIAL)


# ---- what is chosen --------------------------------------------------------------------------------------------------


def test_a_ground_holds_in_its_own_direction(read: Callable[[str], SecrecyPolicy]) -> None:
    """A report of concern is no ground for telling the police, and what waits for a lawyer is none for anybody."""
    policy = read(SMALL)
    report = Disclosure(direction=Direction.TO_SOCIAL, ground=GroundId("report"))
    assert chosen(policy, MALMO, report).id == "report"
    for direction, name in (("to_police", "report"), ("to_police", "unread"), ("to_social", "other")):
        with pytest.raises(BadInput):
            chosen(policy, MALMO, Disclosure(direction=Direction(direction), ground=GroundId(name)))


def test_a_routine_reminds_where_it_is_made(read: Callable[[str], SecrecyPolicy]) -> None:
    """What Farsta has agreed on is said in Farsta, beside the ground, and nowhere else."""
    policy = read(SMALL + ROUTINE.replace("ADDED", "says: {sv: Skriv., en: Write.}"))
    (first, *_) = offered(policy, FARSTA, Direction.TO_POLICE)
    assert [says.sv for says in first.routines] == ["Skriv."]
    (first, *_) = offered(policy, MALMO, Direction.TO_POLICE)
    assert first.routines == ()


def test_a_routine_withholds_and_never_adds(read: Callable[[str], SecrecyPolicy]) -> None:
    """An organisation may do without a ground; what needs a lawyer stays away whatever its routine says."""
    policy = read(SMALL + ROUTINE.replace("ADDED", "withholds: true"))
    assert ids(policy, FARSTA, Direction.TO_POLICE) == []
    assert ids(policy, FARSTA, Direction.TO_SOCIAL) == ["report"]
    assert ids(policy, MALMO, Direction.TO_POLICE) == ["consent"]
    reminded = SMALL + ROUTINE.replace("[consent]", "[unread]").replace("ADDED", "says: {sv: A, en: B}")
    assert "unread" not in ids(read(reminded), FARSTA, Direction.TO_POLICE)


# ---- what the parser refuses -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("basis: OSL 10:1,", "basis: OSL 10:21,", "consent: basis: OSL 10:21: nobody has read it in force"),
        ("basis: OSL 10:1,", "basis: OSL 10:99,", "consent: basis: OSL 10:99: nobody has read it in force"),
        ("basis: OSL 10:1,", "basis: sunt förnuft,", "consent: basis: cites no section"),
        ("basis: OSL 10:1,", "basis: lag (2031:4) 2 §,", "consent: basis: lag (2031:4) 2 §: nobody has read it"),
        ("basis: OSL 10:21,", "basis: OSL 99:1,", "unread: basis: OSL 99:1: nobody has read it"),
        (", says: {sv: Ja., en: Yes.}", "", "consent: says: what is offered says when it holds"),
        ("id: report", "id: consent", "consent: id: stands 2 times"),
        ("directions: [to_social]", "directions: [to_social, to_social]", "report: directions: one stands twice"),
        ("directions: [to_social]", "directions: []", "grounds.1.directions"),
        ("directions: [to_social]", "directions: [to_press]", "grounds.1.directions"),
        ("ground: report, offered: false", "ground: other, offered: false", "examples.1: other is no ground"),
        ("{organisation: malmo, direction: to_police, ground: report", "{organisation: lund, direction: to_police, ground: report", "examples.1: lund: there is no such organisation"),
        ("ground: report, offered: false", "ground: consent, offered: true", "examples: must show one that is offered and one that is not"),
        ("label: {sv: Samtycke,", "label: {sv: " + "S" * 41 + ",", "grounds.0.label.sv"),
        ("because: b, says: {sv: Ja.", "because: b, extra: 1, says: {sv: Ja.", "grounds.0.extra"),
    ],
)  # fmt: skip
def test_each_fault_is_told_by_its_place(content: Content, old: str, new: str, fault: str) -> None:
    """A ground that nobody has read, or that says nothing, is refused with the whole file."""
    assert old in SMALL
    with pytest.raises(BadContent) as refused:
        parse(SMALL.replace(old, new, 1), PATH, content.structure, content.law)
    assert fault in str(refused.value)
    assert all(line.startswith(f"{PATH}: ") for line in str(refused.value).splitlines())


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("[farsta]", "[lund]", "ours: lund: there is no such organisation"),
        ("[consent]", "[other]", "ours: grounds: other is no ground"),
        (", ADDED", "", "ours: says: a routine says what to think of, or withholds"),
        ("ADDED", "withholds: true, says: {sv: A, en: B}", "ours: says: a routine says what to think of"),
    ],
)
def test_each_fault_of_a_routine_is_told(content: Content, old: str, new: str, fault: str) -> None:
    """A routine is of organisations and grounds that there are, and does one thing."""
    text = SMALL + ROUTINE.replace(old, new).replace("ADDED", "withholds: true")
    with pytest.raises(BadContent) as refused:
        parse(text, PATH, content.structure, content.law)
    assert fault in str(refused.value)


def test_an_example_that_lies_is_told(read: Callable[[str], SecrecyPolicy]) -> None:
    """By its number."""
    lying = SMALL.replace("ground: consent, offered: true", "ground: consent, offered: false").replace(
        "ground: report, offered: false", "ground: report, offered: true"
    )
    assert run_examples(read(lying)) == ["examples.0: is offered", "examples.1: is not offered"]


# ---- the kind of an event --------------------------------------------------------------------------------------------


@given(
    direction=st.sampled_from(Direction),
    ground=st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True).filter(
        lambda name: len(name) <= MAX_GROUND
    ),
)
def test_what_a_kind_says_is_read_back(direction: Direction, ground: str) -> None:
    """Each choice has one kind, and each kind one choice."""
    made = Disclosure(direction=direction, ground=GroundId(ground))
    assert disclosed_in(disclosure_kind(made)) == made


@pytest.mark.parametrize(
    "kind", ["said", "receipt", "epoch", "grant", "", "disclosures", "Disclosure:to_police:a"]
)
def test_other_kinds_disclose_nothing(kind: str) -> None:
    """They are not taken for a disclosure."""
    assert disclosed_in(kind) is None


@pytest.mark.parametrize(
    "kind",
    [
        "disclosure:", "disclosure:to_police", "disclosure:to_police:", "disclosure:to_press:samtycke",
        "disclosure:to_police:Samtycke", "disclosure:to_police:a b", "disclosure:to_police:a:b",
        "disclosure:to_police:a\n", "disclosure:to_police:å", "disclosure:to_police:" + "a" * 41,
    ],
)  # fmt: skip
def test_what_only_begins_like_one_is_refused(kind: str) -> None:
    """No other spelling passes, however near."""
    with pytest.raises(BadInput):
        disclosed_in(kind)
