import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.core.coverage import gaps
from bot.core.errors import BadInput
from bot.core.hours import local_day, local_instant
from bot.core.ids import OrganisationId, StepId
from bot.core.matching import Reason, Standing, Worker, workers
from bot.core.organisation_file import read_structure
from bot.core.people import Role, Vetting, VettingState
from bot.core.people_file import PeopleFile, people_faults, read_people
from bot.core.places import Example, Structure, organisation
from bot.core.request import DecisionKind, Matter, Need
from bot.core.roster import Override, OverrideId, on_duty, roster
from bot.core.weekly import expand
from bot.core.who import Question, Say, report, run_examples

ROOT = Path(__file__).parents[2]
FILES = {str(path): path.read_text("utf-8") for path in (ROOT / "policies/organisations").glob("*.yaml")}


@dataclass(frozen=True, kw_only=True)
class Demo:
    structure: Structure
    people: PeopleFile


@pytest.fixture(scope="module")
def demo() -> Demo:
    people = read_people("demo.yaml", (ROOT / "policies/demo.yaml").read_text("utf-8"))
    return Demo(structure=read_structure(FILES), people=people)


def everybody(demo: Demo, at: str, standings: Mapping[str, Standing] | None = None) -> tuple[Worker, ...]:
    minute = local_instant(at)
    day = local_day(minute)
    known = roster(expand(demo.people.weekly, first=day - timedelta(days=1), last=day))
    given = {p.id: (standings or {})[p.id] for p in demo.people.people if p.id in (standings or {})}
    return workers(demo.people.people, on_duty(known, minute), given)


def spoken(language: str) -> Say:
    texts = tomllib.loads((ROOT / f"bot/texts/duty.{language}.toml").read_text("utf-8"))

    def say(key: str, **params: str) -> str:
        return str(texts[key]).format(**params)

    return say


def shown(demo: Demo, name: str, at: str, say: Say | None = None, **about: object) -> dict[str, object]:
    question = replace(Question(name=name, at=local_instant(at)), **about)  # type: ignore[arg-type]  # by name
    return report(demo.structure, everybody(demo, at), question, say)


def steps(answer: Mapping[str, object]) -> list[str]:
    """One line per step, "jour: sj-malmo-1 sj-malmo-2", short enough for a table."""
    found = answer["steps"]
    assert isinstance(found, list)
    return [
        f"{s['step']}: {' '.join(c['person'].removeprefix('p-') for c in s['candidates'])}".strip()
        for s in found
    ]


NIGHT_JOUR = "jour: sj-malmo-3 sj-malmo-4"
DAY_JOUR = "jour: sj-malmo-1 sj-malmo-2"
STHLM_DAY = "jour: sj-sthlm-1 sj-sthlm-2"
STHLM_NIGHT = "jour: sj-sthlm-3 sj-sthlm-4"
OPEN, CLOSED = True, False
MALMO_DAY, MALMO_JOUR, JOUREN = "070-1740609", "070-1740605", "070-1740610"

TABLE = [
    # place, minute, open, the chain, the number that is given
    ("malmo", "2026-11-24T10:00", OPEN, ["dag: malmo-dag-1 malmo-dag-2", DAY_JOUR], MALMO_DAY),
    ("malmo", "2026-11-24T16:29", OPEN, ["dag: malmo-dag-1 malmo-dag-2", DAY_JOUR], MALMO_DAY),
    ("malmo", "2026-11-24T16:30", CLOSED, ["kvall: malmo-kvall-1", DAY_JOUR], MALMO_JOUR),
    ("malmo", "2026-11-28T23:40", CLOSED, ["kvall: malmo-kvall-1 malmo-kvall-2", NIGHT_JOUR], MALMO_JOUR),
    ("malmo", "2026-11-29T01:00", CLOSED, ["kvall: malmo-kvall-2", NIGHT_JOUR], MALMO_JOUR),
    ("malmo", "2026-11-29T04:00+01:00", CLOSED, ["kvall:", NIGHT_JOUR], MALMO_JOUR),
    ("malmo", "2026-12-23T10:00", OPEN, ["dag: malmo-dag-1 malmo-dag-2", DAY_JOUR], MALMO_DAY),
    ("malmo", "2026-12-24T10:00", CLOSED, ["kvall:", DAY_JOUR], MALMO_JOUR),
    ("malmo", "2026-12-24T23:40", CLOSED, ["kvall: malmo-kvall-1 malmo-kvall-2", NIGHT_JOUR], MALMO_JOUR),
    ("malmo", "2026-12-25T12:00", CLOSED, ["kvall:", DAY_JOUR], MALMO_JOUR),
    ("malmo", "2026-10-25T02:30+02:00", CLOSED, ["kvall: malmo-kvall-2", NIGHT_JOUR], MALMO_JOUR),
    ("malmo", "2026-10-25T02:30+01:00", CLOSED, ["kvall: malmo-kvall-2", NIGHT_JOUR], MALMO_JOUR),
    ("malmo", "2026-10-25T03:00", CLOSED, ["kvall:", NIGHT_JOUR], MALMO_JOUR),
    ("malmo", "2026-10-25T07:59", CLOSED, ["kvall:", NIGHT_JOUR], MALMO_JOUR),
    ("malmo", "2027-03-28T01:59", CLOSED, ["kvall: malmo-kvall-2", NIGHT_JOUR], MALMO_JOUR),
    ("malmo", "2027-03-28T03:00", CLOSED, ["kvall:", NIGHT_JOUR], MALMO_JOUR),
    ("malmo", "2027-03-28T00:30+00:00", CLOSED, ["kvall: malmo-kvall-2", NIGHT_JOUR], MALMO_JOUR),
    ("malmo", "2026-06-18T10:00", OPEN, ["dag: malmo-dag-1 malmo-dag-2", DAY_JOUR], MALMO_DAY),
    ("malmo", "2026-06-19T10:00", CLOSED, ["kvall:", DAY_JOUR], MALMO_JOUR),
    ("socialjour-malmo", "2026-11-28T23:40", OPEN, [NIGHT_JOUR], MALMO_JOUR),
    ("stockholm", "2026-11-28T23:40", OPEN, [STHLM_NIGHT], JOUREN),
    ("stockholm/farsta", "2026-11-24T10:00", OPEN, ["dag: farsta-1 farsta-2", STHLM_DAY], "070-1740614"),
    ("farsta/farsta", "2026-11-25T10:00", OPEN, ["dag:", STHLM_DAY], "070-1740614"),
    ("farsta/farsta", "2024-03-26T10:00", OPEN, ["dag: farsta-1", STHLM_DAY], "070-1740614"),
    ("farsta/farsta", "2024-04-02T10:00", OPEN, ["dag: farsta-1 farsta-2", STHLM_DAY], "070-1740614"),
    ("norra-innerstaden", "2026-11-24T10:00", OPEN, ["dag: innerstaden-1", STHLM_DAY], "070-1740621"),
    ("kungsholmen", "2026-11-24T10:00", OPEN, ["dag: innerstaden-1", STHLM_DAY], "070-1740622"),
    ("kungsholmen", "2022-11-30T10:00", OPEN, ["dag:", STHLM_DAY], "070-1740622"),
    ("kungsholmen", "2022-12-01T10:00", OPEN, ["dag: innerstaden-1", STHLM_DAY], "070-1740622"),
    (
        "skarpnack/skarpnack",
        "2026-11-24T10:00",
        OPEN,
        ["dag:", "granne: enskede-2", STHLM_DAY],
        "070-1740624",
    ),
    ("rinkeby-kista", "2023-06-30T10:00", OPEN, ["dag: jarva-1 jarva-2", STHLM_DAY], "070-1740615"),
    ("spanga-tensta", "2023-06-30T10:00", OPEN, ["dag: jarva-3", STHLM_DAY], "070-1740615"),
    ("stockholm/jarva", "2023-07-03T10:00", OPEN, ["dag: jarva-1 jarva-2 jarva-3", STHLM_DAY], "070-1740615"),
    ("jarva", "2026-11-28T23:40", CLOSED, [STHLM_NIGHT], JOUREN),
    ("polisen/annan-kommun", "2026-11-28T23:40", OPEN, [], "070-1740608"),
]


@pytest.mark.parametrize(("place", "at", "opened", "chain", "phone"), TABLE)
def test_who_is_asked_in_this_minute_of_the_year(
    demo: Demo, place: str, at: str, *, opened: bool, chain: list[str], phone: str
) -> None:
    """Written down: holidays, both half past twos, both changes of clocks, each board's own truth."""
    name, _, area = place.partition("/")
    answer = shown(demo, name, at, area=area or None)
    assert (answer["open"], steps(answer), answer["phone"]) == (opened, chain, phone)


@pytest.mark.parametrize("at", ["2026-10-25T02:30", "2027-03-28T02:30"])
def test_a_minute_that_is_not_one_minute_is_refused(at: str) -> None:
    """A naive time that exists twice or never has no answer; give an offset."""
    with pytest.raises(BadInput):
        local_instant(at)


@pytest.mark.parametrize(
    ("name", "area", "at"),
    [
        ("nowhere", None, "2026-11-24T10:00"),
        ("malmo", "farsta", "2026-11-24T10:00"),
        ("jarva", None, "2023-06-30T10:00"),
        ("rinkeby-kista", None, "2023-07-03T10:00"),
        ("stockholm", "jarva", "2023-06-30T10:00"),
    ],
)
def test_a_place_that_is_not_there_is_refused(demo: Demo, name: str, area: str | None, at: str) -> None:
    """Unknown, another board's, or not yet or no longer there."""
    with pytest.raises(BadInput):
        shown(demo, name, at, area=area)


def test_the_json_has_the_promised_fields(demo: Demo) -> None:
    """Interfaces.md section 2: add freely, rename never."""
    answer = shown(demo, "malmo", "2026-11-28T23:40:00", need=Need.PRESENCE)
    assert answer["at"] == "2026-11-28T23:40:00+01:00"
    found = answer["steps"]
    assert isinstance(found, list)
    assert {"step", "candidates", "skipped", "seconds"} <= set(found[0])
    assert found[0]["candidates"][0] == {
        "person": "p-malmo-kvall-1",
        "why": ["on_duty", "vetted", "reachable", "has_room", "never_asked"],
        "order": 1,
        "then": True,
    }
    assert found[0]["skipped"][0] == {
        "person": "p-malmo-dag-1",
        "why_not": ["off_duty"],
        "off_duty": True,
        "on_duty_as": [],
    }
    assert [one["order"] for step in found for one in step["candidates"]] == [1, 2, 3, 3, 4, 4]
    assert [(s["step"], s["after_jour"], s["planned"]) for s in found] == [
        ("kvall", False, True),
        ("jour", False, False),
        ("falt", True, False),
    ]
    numbers = answer["numbers"]
    assert isinstance(numbers, list)
    assert numbers[0] == {
        "id": "malmo-jour",
        "label": {"sv": "Socialjour Malmö", "en": "Social services on call, Malmö"},
        "number": MALMO_JOUR,
        "hours": "always",
        "tested": "2026-11-16",
    }


def test_a_decision_asks_the_jour_first_then_who_has_the_delegation(demo: Demo) -> None:
    """Bromma's worker has a delegation for aid, none for LVU 6 §; Malmö's have none at all."""

    def deciding(name: str, at: str, kind: DecisionKind = DecisionKind.AID) -> list[str]:
        return steps(shown(demo, name, at, need=Need.DECISION, decision=kind))

    assert deciding("bromma", "2026-11-24T10:00") == [STHLM_DAY, "dag: bromma-1"]
    assert deciding("bromma", "2026-11-24T10:00", DecisionKind.LVU_6) == [STHLM_DAY, "dag:"]
    assert deciding("malmo", "2026-11-24T10:00") == [DAY_JOUR, "dag:"]
    assert deciding("hasselby-vallingby", "2023-10-31T10:00") == [STHLM_DAY, "dag:"]
    assert deciding("hasselby-vallingby", "2023-11-01T10:00") == [STHLM_DAY, "dag: hasselby-1"]


def test_who_knows_the_matter_comes_first(demo: Demo) -> None:
    """Södermalm's two belong to different groups."""
    for matter, order in ((Matter.CHILD, "1 sodermalm-2"), (Matter.VIOLENCE, "2 sodermalm-1")):
        assert (
            steps(shown(demo, "sodermalm", "2026-11-24T10:00", matter=matter))[0] == f"dag: sodermalm-{order}"
        )


def explained(demo: Demo, name: str, at: str, person: str, language: str = "sv", **about: object) -> str:
    found = shown(demo, name, at, spoken(language), **about)["steps"]
    assert isinstance(found, list)
    judged = (one for step in found for one in (*step["candidates"], *step["skipped"]))
    return next(" ".join(one.get("why") or one["why_not"]) for one in judged if one["person"] == person)


def test_why_is_told_in_sentences(demo: Demo) -> None:
    """Somebody who reads only this can say who is asked and why, in either language."""
    assert explained(
        demo, "malmo", "2026-11-28T23:40", "p-malmo-kvall-1", area="malmo", matter=Matter.CHILD
    ) == (
        "I tjänst som socialsekreterare hos polisen till 01.00. Säkerhetsprövad sedan 2024-01-01. Går att nå. "
        "Har Malmö som sitt område. Är kunnig i den sortens ärenden. Pågående samtal och förfrågningar: 0 av högst 3. "
        "Har inte frågats förut."
    )
    assert explained(demo, "skarpnack", "2026-11-24T10:00", "p-skarpnack-1") == (
        "Väntar på säkerhetsprövning sedan 2024-03-01."
    )
    assert explained(demo, "kungsholmen", "2022-11-30T10:00", "p-innerstaden-1") == (
        "Är säkerhetsprövad först från 2022-12-01."
    )
    assert explained(demo, "farsta", "2026-11-24T10:00", "p-sj-sthlm-1", "en", area="farsta") == (
        "On duty as social services on call until 20.00. Vetted since 2019-01-01. Can be reached. Belongs to "
        "Socialjouren Stockholm, whom the rules allow to be asked. Covers all areas, Farsta too. "
        "Open talks and requests: 0 of at most 5. Has not been asked before."
    )
    assert (
        explained(
            demo,
            "bromma",
            "2026-11-24T10:00",
            "p-bromma-1",
            need=Need.DECISION,
            decision=DecisionKind.LVU_6,
        )
        == "Det beslutet går bara genom jouren, som når ordföranden."
    )


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_reason_and_role_has_a_sentence(language: str) -> None:
    """No code is ever shown to a person; the languages have the same keys and use what they are given."""
    say = spoken(language)
    for reason in Reason:
        assert say(f"why_{reason.value}", role="r", note="n", had="h", most="m")
    for role in Role:
        assert say(f"role_{role.value}")
    texts = tomllib.loads((ROOT / f"bot/texts/duty.{language}.toml").read_text("utf-8"))
    assert set(texts) == {f"why_{r.value}" for r in Reason} | {f"role_{r.value}" for r in Role}


def test_how_people_stand_is_part_of_the_answer(demo: Demo) -> None:
    """Unreachable and full people are skipped; who was asked least recently comes first."""
    at = "2026-11-28T23:40"
    busy = {
        "p-malmo-kvall-1": Standing(last_offered=local_instant("2026-11-28T21:00")),
        "p-sj-malmo-3": Standing(reachable=False),
        "p-sj-malmo-4": Standing(open_rooms=5),
    }
    answer = report(demo.structure, everybody(demo, at, busy), Question(name="malmo", at=local_instant(at)))
    assert steps(answer) == ["kvall: malmo-kvall-2 malmo-kvall-1", "jour:"]


WINDOWS = [("2026-10-20", "2026-11-03"), ("2026-12-20", "2027-01-08"), ("2027-03-22", "2027-04-05")]


@pytest.mark.parametrize(("first", "last"), WINDOWS)
def test_no_minute_of_the_demo_is_without_somebody_on_duty(demo: Demo, first: str, last: str) -> None:
    """Around Christmas, Easter and both changes of clocks, every chain finds a person at every minute."""
    days = (date.fromisoformat(first), date.fromisoformat(last))
    known = roster(expand(demo.people.weekly, first=days[0] - timedelta(days=1), last=days[1]))
    span = {"first": local_instant(f"{first}T00:00"), "last": local_instant(f"{last}T00:00")}
    boards = [o for o in demo.structure.organisations.values() if o.steps and o.valid_to is None]
    for board in boards:
        assert gaps(board, demo.people.people, known, **span) == ()


@pytest.mark.parametrize("name", ["malmo", "socialjour-malmo", "socialjouren-stockholm"])
def test_no_minute_of_two_years_is_without_somebody_on_duty(demo: Demo, name: str) -> None:
    """The jours carry every chain of the demo: all of 2026 and 2027, minute by minute between the edges."""
    known = roster(expand(demo.people.weekly, first=date(2025, 12, 31), last=date(2027, 12, 31)))
    span = {"first": local_instant("2026-01-01T00:00"), "last": local_instant("2028-01-01T00:00")}
    assert gaps(demo.structure.organisations[OrganisationId(name)], demo.people.people, known, **span) == ()


def test_a_gap_is_told_by_area_from_its_first_minute_to_its_last(demo: Demo) -> None:
    """With the night's jour gone, Malmö has nobody from the evening duty's end until the morning."""
    rules = [rule for rule in demo.people.weekly if rule.id not in {"sj-malmo-3", "sj-malmo-4"}]
    known = roster(expand(rules, first=date(2026, 11, 27), last=date(2026, 11, 29)))
    span = {"first": local_instant("2026-11-28T12:00"), "last": local_instant("2026-11-29T12:00")}
    (gap,) = gaps(demo.structure.organisations[OrganisationId("malmo")], demo.people.people, known, **span)
    assert (gap.area, gap.starts, gap.ends) == (
        "malmo",
        local_instant("2026-11-29T03:00"),
        local_instant("2026-11-29T08:00"),
    )
    (jour,) = gaps(
        demo.structure.organisations[OrganisationId("socialjour-malmo")], demo.people.people, known, **span
    )
    assert (jour.area, jour.starts) == (None, local_instant("2026-11-28T20:00"))


def test_the_rostered_who_may_not_be_asked_leave_a_gap(demo: Demo) -> None:
    """A duty of somebody unvetted, or who pressed off, covers nothing."""
    pending = Vetting(state=VettingState.PENDING, since=date(2026, 1, 1))
    people = [replace(p, vetting=pending) if p.id == "p-sj-malmo-3" else p for p in demo.people.people]
    sick = Override(
        id=OverrideId("o"),
        person=next(p.id for p in people if p.id == "p-sj-malmo-4"),
        on_duty=False,
        starts=local_instant("2026-11-29T05:00"),
        ends=local_instant("2026-11-29T08:00"),
        by=people[0].id,
        made=local_instant("2026-11-29T05:00"),
    )
    known = roster(expand(demo.people.weekly, first=date(2026, 11, 27), last=date(2026, 11, 29)), [sick])
    span = {"first": local_instant("2026-11-28T12:00"), "last": local_instant("2026-11-29T12:00")}
    (gap,) = gaps(demo.structure.organisations[OrganisationId("malmo")], people, known, **span)
    assert (gap.starts, gap.ends) == (sick.starts, sick.ends)


def test_the_examples_in_the_files_hold_and_a_wrong_one_is_told(demo: Demo) -> None:
    """`check` executes them; what does not hold is a sentence with the file's organisation."""
    assert run_examples(demo.structure, demo.people) == []
    wrong = (
        Example(at="2026-11-28T23:40", need=Need.ADVICE, step=StepId("dag")),
        Example(at="2026-11-28T23:40", need=Need.ADVICE, phone="070-1740699"),
        Example(at="2019-11-28T23:40", need=Need.ADVICE, phone=MALMO_JOUR),
    )
    malmo = organisation(demo.structure, "malmo")
    changed = replace(demo.structure, organisations={malmo.id: replace(malmo, examples=wrong)})
    assert run_examples(changed, demo.people) == [
        "malmo: examples.0: asks kvall first, not dag",
        "malmo: examples.1: gives 070-1740605, not 070-1740699",
        "malmo: examples.2: That organisation does not exist on that day.",
    ]


def test_a_step_that_nobody_is_posted_to_is_told(demo: Demo) -> None:
    """A chain must name people who exist."""
    left = tuple(p for p in demo.people.people if not p.id.startswith("p-malmo-falt"))
    found = people_faults(demo.structure, replace(demo.people, people=left))
    assert found == ["malmo: steps.falt: nobody is posted there"]
