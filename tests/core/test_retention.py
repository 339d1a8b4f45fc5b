"""Retention's rules: nothing without a decision, never too early, never by a clock that cannot be right."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import content as files
from bot.content import Content
from bot.core.consultation import Consultation
from bot.core.errors import BadContent
from bot.core.hours import STOCKHOLM, local_day
from bot.core.ids import ConsultationId, DistrictId, OrganisationId, PersonId, RoomId
from bot.core.people_file import people_faults
from bot.core.request import Matter, Need, Request, Urgency
from bot.core.retention import (
    LEAP,
    LEAST_IDENTIFIED,
    Decided,
    RetentionClass,
    Stays,
    Trust,
    class_of,
    deciding,
    is_quiet,
    is_time,
    shortest,
    stays,
    term,
    trust,
    with_decisions,
)
from bot.core.retention_file import decision_faults, parse, run_examples
from bot.core.retention_subject import named_in

ROOT = Path(__file__).parents[2]
PATH = "policies/retention.yaml"
MALMO, FARSTA, POLISEN = OrganisationId("malmo"), OrganisationId("farsta"), OrganisationId("polisen")
NOW = datetime(2026, 11, 21, 22, 40, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
INSTANTS = st.integers(0, 40 * 365 * 24 * 3600).map(lambda seconds: NOW + timedelta(seconds=seconds))
GENERAL = """
rules:
  - {id: a, covers: library, basis: b, because: c, examples: [{organisation: farsta, closed: 2026-01-01, on: 2027-01-01, erased: false}]}
  - {id: b, covers: unnamed, basis: b, because: c, examples: [{organisation: farsta, closed: 2026-01-01, on: 2027-01-01, erased: false}]}
  - {id: d, covers: questions, basis: b, because: c, examples: [{organisation: farsta, closed: 2026-01-01, on: 2027-01-01, erased: false}]}
  - {id: e, covers: register, basis: b, because: c, examples: [{organisation: farsta, closed: 2026-01-01, on: 2027-01-01, erased: false}]}
  - {id: c, covers: identified, basis: b, because: c, examples: [{organisation: farsta, closed: 2026-01-01, on: 2027-01-01, erased: false}]}
"""
OF_MALMO = """
  - id: malmo-fragor
    covers: library
    organisations: [malmo]
    days: 30
    decision: ASN 2027/1
    basis: b
    because: c
    examples:
      - {organisation: malmo, closed: 2026-01-01, on: 2026-01-31, erased: false}
      - {organisation: malmo, closed: 2026-01-01, on: 2026-02-01, erased: true}
      - {organisation: farsta, closed: 2026-01-01, on: 2026-02-01, erased: false}
"""


@pytest.fixture(scope="module")
def content() -> Content:
    """The real files, read once."""
    return files.read(ROOT)


def faults(content: Content, text: str) -> str:
    """What the file's parser says, all of it."""
    with pytest.raises(BadContent) as refused:
        parse(text, PATH, content.structure)
    return str(refused.value)


# ---- the file as it is shipped ----------------------------------------------------------------------------------------


def test_shipped_file_decides_nothing(content: Content) -> None:
    """No authority has decided, so there is no number and no period, and nothing is erased in a hundred years."""
    assert {rule.decision for rule in content.retention.rules} == {None}
    assert {rule.days for rule in content.retention.rules} == {None}
    assert all(rule.needs_lawyer for rule in content.retention.rules)
    assert deciding(content.retention, content.structure.organisations) == frozenset()
    assert shortest(content.retention) is None
    for covers in RetentionClass:
        for organisation in content.structure.organisations:
            later = local_day(NOW) + 36_500 * DAY
            assert (
                stays(content.retention, covers, {organisation}, closed=NOW, today=later) is Stays.NO_DECISION
            )
    assert run_examples(content.retention) == []


def test_demo_decides_only_in_the_demo(content: Content) -> None:
    """The made-up decisions stand apart, say that they are made up, and do not touch what somebody was named in."""
    assert content.demo is not None
    assert content.demo.retention
    assert {one.number.partition("-")[0] for one in content.demo.retention} == {"DEMO"}
    assert RetentionClass.IDENTIFIED not in {one.covers for one in content.demo.retention}
    decided = with_decisions(content.retention, content.demo.retention)
    assert term(decided, MALMO, RetentionClass.UNNAMED) is not None
    assert term(decided, FARSTA, RetentionClass.UNNAMED) is None
    assert term(content.retention, MALMO, RetentionClass.UNNAMED) is None


# ---- what the parser refuses ------------------------------------------------------------------------------------------


def test_rule_that_names_an_organisation_outranks_the_general(content: Content) -> None:
    """A board that has decided is erased by its own number; the others are kept as before."""
    policy = parse(GENERAL + OF_MALMO, PATH, content.structure)
    assert term(policy, MALMO, RetentionClass.LIBRARY) is not None
    assert term(policy, FARSTA, RetentionClass.LIBRARY) is None
    assert deciding(policy, content.structure.organisations) == {MALMO}
    assert shortest(policy) == 30 * DAY
    assert run_examples(policy) == []


def test_rule_without_a_decision_takes_a_general_one_away(content: Content) -> None:
    """A board can keep what all others erase."""
    general = GENERAL.replace("covers: library,", "covers: library, days: 9, decision: N 1,")
    kept = OF_MALMO.replace("    days: 30\n    decision: ASN 2027/1\n", "").replace(
        "erased: true", "erased: false"
    )
    policy = parse(general + kept, PATH, content.structure)
    assert term(policy, MALMO, RetentionClass.LIBRARY) is None
    assert term(policy, FARSTA, RetentionClass.LIBRARY) is not None


def test_example_that_does_not_hold_is_told(content: Content) -> None:
    """The examples are run: one that says otherwise than the rules is a fault with its number."""
    wrong = parse(GENERAL + OF_MALMO.replace("days: 30", "days: 31"), PATH, content.structure)
    assert run_examples(wrong) == ["malmo-fragor: examples.1: it is kept"]
    early = parse(GENERAL + OF_MALMO.replace("days: 30", "days: 29"), PATH, content.structure)
    assert run_examples(early) == ["malmo-fragor: examples.0: it is erased"]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("decision: ASN 2027/1", "needs_lawyer: true", "needs_lawyer: what a lawyer has to say first"),
        ("    days: 30\n", "", "days: a decision says for how long"),
        ("ASN 2027/1", "DEMO 1", "decision: made-up decisions stand in demo.yaml"),
        ("organisations: [malmo]", "organisations: [lund]", "lund: there is no such organisation"),
        ("{organisation: farsta,", "{organisation: lund,", "lund: there is no such organisation"),
        ("organisations: [malmo]", "organisations: [malmo, malmo]", "malmo: library: is spoken of 2 times"),
        ("    organisations: [malmo]\n", "", "all: library: is spoken of 2 times"),
        ("id: malmo-fragor", "id: a", "a: id: stands 2 times"),
        ("days: 30", "days: 0", "days"),
        ("days: 30", "days: 1000000", "days"),
        ("days: 30", 'days: "30"', "days"),
        ("decision: ASN 2027/1", 'decision: ""', "decision"),
        ("decision: ASN 2027/1", 'decision: " ASN"', "decision"),
        ("decision: ASN 2027/1", 'decision: "A\\nB"', "decision"),
        ("covers: library\n    organ", "covers: everything\n    organ", "covers"),
        ("basis: b\n    because: c\n    ex", "basis: b\n    ex", "because"),
        ("on: 2026-01-31", "on: 2025-01-31", "nothing is erased before it is closed"),
        ("id: malmo-fragor", "id: malmo-fragor\n    hours: 3", "hours"),
        (
            "  - id: malmo-fragor\n    covers: library",
            "  - id: malmo-fragor\n    covers: identified",
            "kept at least",
        ),
    ],
)
def test_faulty_rule_is_refused(content: Content, old: str, new: str, fault: str) -> None:
    """Each fault is told with its rule or field; a file with one is not used at all."""
    text = GENERAL + OF_MALMO
    assert old in text
    told = faults(content, text.replace(old, new))
    assert fault in told
    assert all(line.startswith(f"{PATH}: ") for line in told.splitlines())


def test_class_without_a_general_rule_is_refused(content: Content) -> None:
    """Silence keeps, but the file must say of each class that somebody has thought of it."""
    told = faults(content, "\n".join(GENERAL.splitlines()[:-1]) + "\n")
    assert "no rule covers identified for all organisations" in told


def test_identified_is_never_kept_shorter_than_the_law_can_mean(content: Content) -> None:
    """SoL 16 kap.: until the child is thirty. Nobody here knows the child, so thirty years is the least there is."""
    thirty_years = date(2030, 1, 1) - date(2000, 1, 1)
    assert thirty_years.days <= LEAST_IDENTIFIED
    least = Decided(
        covers=RetentionClass.IDENTIFIED, organisations=(MALMO,), number="DEMO 1", days=LEAST_IDENTIFIED
    )
    assert list(decision_faults([least], content.structure)) == []
    short = replace(least, days=LEAST_IDENTIFIED - 1)
    assert "kept at least" in "".join(decision_faults([short], content.structure))


def test_a_decision_on_the_register_is_refused(content: Content) -> None:
    """Nothing erases the register: a decision that would not be carried out must not stand there as if it were."""
    told = faults(content, GENERAL.replace("covers: register,", "covers: register, days: 9, decision: N 1,"))
    assert "nothing erases the register" in told
    demo = Decided(covers=RetentionClass.REGISTER, organisations=(MALMO,), number="DEMO 1", days=9)
    assert "nothing erases the register" in "".join(decision_faults([demo], content.structure))


def test_demo_with_a_real_looking_decision_is_refused(content: Content) -> None:
    """A made-up decision says so, and is of organisations that there are."""
    assert content.demo is not None
    bad = Decided(
        covers=RetentionClass.LIBRARY, organisations=(OrganisationId("lund"),), number="ASN 1", days=9
    )
    told = people_faults(content.structure, replace(content.demo, retention=(bad,)))
    assert len(told) == 2


# ---- classes and periods ----------------------------------------------------------------------------------------------


def test_classes() -> None:
    """Named beats asked for, and asked for beats asked about."""
    question = Consultation(id=ConsultationId("c"))
    request = Request(
        officer=PersonId("p"),
        district=DistrictId("d"),
        matter=Matter.CHILD,
        need=Need.ADVICE,
        urgency=Urgency.NOW,
        at=NOW,
    )
    assert class_of(question) is RetentionClass.LIBRARY
    assert class_of(replace(question, request=request)) is RetentionClass.UNNAMED
    assert class_of(replace(question, room=RoomId("r"))) is RetentionClass.UNNAMED
    assert class_of(replace(question, request=request, identified=True)) is RetentionClass.IDENTIFIED


@given(closed=INSTANTS, days=st.integers(1, 999))
def test_never_early_and_never_late(closed: datetime, days: int) -> None:
    """Whatever the hour and the season: kept through that many whole Swedish days, over on the next."""
    decided = Decided(covers=RetentionClass.LIBRARY, organisations=(MALMO, POLISEN), number="N", days=days)
    policy = with_decisions(parse(GENERAL, PATH, CONTENT.structure), [decided])
    last = local_day(closed) + days * DAY

    def why(today: date) -> Stays | None:
        return stays(policy, RetentionClass.LIBRARY, {MALMO, POLISEN}, closed=closed, today=today)

    assert why(last) is Stays.NOT_OVER
    assert why(last + DAY) is None
    over = datetime.combine(last + DAY, datetime.min.time(), STOCKHOLM).astimezone(UTC)
    assert over - closed >= days * DAY - HOUR


def test_the_longest_period_and_every_decision_count() -> None:
    """Of two authorities the one that keeps longer decides, and one that has decided nothing keeps for ever."""
    both = [
        Decided(covers=RetentionClass.LIBRARY, organisations=(MALMO,), number="N", days=5),
        Decided(covers=RetentionClass.LIBRARY, organisations=(POLISEN,), number="N", days=9),
    ]
    policy = with_decisions(parse(GENERAL, PATH, CONTENT.structure), both)
    day = local_day(NOW)

    def why(organisations: set[OrganisationId], days: int) -> Stays | None:
        return stays(policy, RetentionClass.LIBRARY, organisations, closed=NOW, today=day + days * DAY)

    assert (why({MALMO}, 6), why({MALMO, POLISEN}, 9), why({MALMO, POLISEN}, 10)) == (
        None,
        Stays.NOT_OVER,
        None,
    )
    assert why({MALMO, FARSTA}, 9999) is Stays.NO_DECISION
    assert why(set(), 9999) is Stays.NO_DECISION


CONTENT = files.read(ROOT)


# ---- the clock --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("looked", "worth"),
    [
        (None, Trust.FIRST),
        (NOW, Trust.RIGHT),
        (NOW - LEAP, Trust.RIGHT),
        (NOW - LEAP - timedelta(seconds=1), Trust.AHEAD),
        (NOW + HOUR, Trust.RIGHT),
        (NOW + HOUR + timedelta(seconds=1), Trust.BEHIND),
    ],
)
def test_what_a_clock_is_worth(looked: datetime | None, worth: Trust) -> None:
    """A month ahead is believed, an hour behind too; more is not, and nothing to compare with is no reason to erase."""
    assert trust(looked, NOW) is worth


def test_once_a_day_at_the_quiet_hour() -> None:
    """From five in the morning, Swedish time, in winter and in summer; a day that was missed is made up for at once."""
    winter, summer = datetime(2026, 12, 1, 4, 0, tzinfo=UTC), datetime(2026, 7, 1, 3, 0, tzinfo=UTC)
    for five in (winter, summer):
        assert is_time(five - 12 * HOUR, five)
        assert is_quiet(five)
        assert not is_time(five - 12 * HOUR, five - timedelta(seconds=1))
        assert not is_quiet(five - timedelta(seconds=1))
        assert not is_time(five - HOUR, five)
        assert not is_quiet(five + HOUR)
        assert is_time(five - 40 * HOUR, five + 9 * HOUR)
    assert is_time(None, winter - HOUR)


# ---- what an entry is about -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (b'{"consultation":"c-1","room":"r-1"}', ("c-1", "r-1")),
        (b'{"room": "r-1"}', (None, "r-1")),
        (b'{"act":{"consultation":"c-1"}}', (None, None)),
        (b'{"consultation":7,"room":null}', (None, None)),
        (b'["consultation":', (None, None)),
        (b'{"at":"2026-11-21T22:40:00Z"}', (None, None)),
        (b"\xff\xfe", (None, None)),
        (b"", (None, None)),
    ],
)
def test_what_a_body_names(body: bytes, names: tuple[str | None, str | None]) -> None:
    """A body names what stands at its top; what cannot be read names nothing, and breaks nothing."""
    assert named_in(body) == names
