"""Every row of the papers' world: an officer finds it as a step, a referral, a competence, a contact, a forum or an article.

The rows are those of the domain's list of actors. Each is looked for as an officer would: by `find` at a place, by what
`who` answers at a dated minute, by a question typed to the library. Rows 22 and 28 also ask for reports, which are not here.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot import content
from bot.content import Content
from bot.core import who
from bot.core.finding import Found, FoundKind, found_at
from bot.core.hours import local_day, local_instant
from bot.core.ids import DistrictId, OrganisationId
from bot.core.library.search import Answer, Unsure, Withheld
from bot.core.people import Role
from bot.core.places import districts_at, owner
from bot.core.policy import Act, roles_for
from bot.core.request import DecisionKind, Matter, Need
from bot.core.staffing import posts_on
from bot.flow.reading import look_up, open_article, reader_at

ROOT = Path(__file__).parents[2]
TUESDAY, WEDNESDAY, NIGHT = "2026-11-24T10:00", "2026-11-25T10:00", "2026-11-28T23:40"
Sight = Callable[["Town"], None]


class Town:
    """The demo's files, looked at by an officer."""

    def __init__(self, files: Content) -> None:
        assert files.demo is not None
        self.files, self.demo = files, files.demo

    def find(self, name: str, at: str = TUESDAY) -> dict[tuple[str, str], Found]:
        """What is found at an organisation or a lokalpolisområde, by kind and id."""
        instant, structure = local_instant(at), self.files.structure
        district = DistrictId(name) if name in structure.districts else None
        board = (
            owner(structure, district, instant)[0]
            if district
            else structure.organisations[OrganisationId(name)]
        )
        found = found_at(structure, board, self.demo.people, instant, district)
        return {(one.kind.value, one.id): one for one in found}

    def who(self, name: str, at: str, **asked: object) -> dict[str, list[str]]:
        """The chain: step -> who can be asked there."""
        instant = local_instant(at)
        # A test names fields of Question with values of their types; keywords cannot say so.
        question = who.Question(name=name, at=instant, **asked)  # type: ignore[arg-type]
        told = who.report(self.files.structure, who.workers_by_rules(self.demo, instant), question)
        steps = told["steps"]
        assert isinstance(steps, list)
        return {step["step"]: [one["person"] for one in step["candidates"]] for step in steps}

    def ask(self, name: str, question: str) -> set[str]:
        """Which articles the library answers with, or asks back about."""
        board = self.files.structure.organisations[OrganisationId(name)]
        found = look_up(
            self.files.library, question, reader_at(self.files.structure, board, local_instant(NIGHT))
        )
        match found:
            case Answer() | Withheld():
                return {str(found.article.id)}
            case Unsure():
                return {str(article.id) for article in found.candidates}
        return set()

    def reads(self, found: Found, name: str) -> bool:
        """Whether the entry's article opens there, or is known to wait for a lawyer."""
        assert found.entry is not None
        if found.entry.article is None:
            return found.kind is FoundKind.CONTACT  # whom to call needs no reading
        reader = reader_at(
            self.files.structure,
            self.files.structure.organisations[OrganisationId(name)],
            local_instant(NIGHT),
        )
        return isinstance(open_article(self.files.library, found.entry.article, reader), Answer | Withheld)


@pytest.fixture(scope="module")
def town() -> Town:
    return Town(content.read(ROOT))


def entry(name: str, kind: str, *ids: str, at: str = TUESDAY) -> Sight:
    """Each is found there, says how it is reached, and its article opens."""

    def look(town: Town) -> None:
        found = town.find(name, at)
        board = found[next(iter(found))].organisation
        for id_ in ids:
            one = found[kind, id_]
            assert one.step is not None or one.number is not None or one.says is not None
            assert town.reads(one, str(board))

    return look


def step(name: str, at: str, wanted: str, *people: str, **asked: object) -> Sight:
    """The first step that finds anybody for such a request is that one, and asks these people."""

    def look(town: Town) -> None:
        chain = town.who(name, at, **asked)
        first = next(name for name, able in chain.items() if able)
        assert first == wanted
        assert set(people) <= set(chain[wanted])
        assert ("step", wanted) in town.find(name, at)

    return look


def article(name: str, question: str, *wanted: str) -> Sight:
    """A question as an officer types it leads to one of these articles."""

    def look(town: Town) -> None:
        assert town.ask(name, question) & set(wanted), town.ask(name, question)

    return look


def knows(name: str, *matters: Matter, at: str = TUESDAY) -> Sight:
    """Somebody there knows these matters in particular."""
    return lambda town: _all(town.find(name, at), FoundKind.COMPETENCE, *matters)


def decides(name: str, *kinds: DecisionKind, at: str = TUESDAY) -> Sight:
    """Somebody there has these decisions by delegation."""
    return lambda town: _all(town.find(name, at), FoundKind.DECISION, *kinds)


def ages(name: str, id_: str, lowest: int | None, highest: int | None) -> Sight:
    """The referral says from and to which age it is."""

    def look(town: Town) -> None:
        found = town.find(name)["referral", id_].entry
        assert (getattr(found, "from_age", None), getattr(found, "to_age", None)) == (lowest, highest)

    return look


def districts(region: str, at: str, *ids: str) -> Sight:
    """An officer chooses among these lokalpolisområden, and each belongs to somebody."""

    def look(town: Town) -> None:
        instant = local_instant(at)
        there = [d.id for d in districts_at(town.files.structure, instant) if d.region == region]
        assert set(ids) <= set(there)
        assert all(owner(town.files.structure, one, instant)[0].numbers for one in there)

    return look


def posts(name: str, at: str, count: int) -> Sight:
    """So many posts are known there on that day."""

    def look(town: Town) -> None:
        own = [post for post in town.demo.posts if post.organisation == name]
        assert len(posts_on(own, local_day(local_instant(at)))) == count

    return look


def browsed(*roles: Role) -> Sight:
    """These may read the library at leisure."""
    return lambda town: _within(set(roles), set(roles_for(town.files.policy, Act.LIBRARY_BROWSE)))


def skipped(name: str, person: str, reason: str) -> Sight:
    """Somebody is posted there and not asked, and why is told with the date."""

    def look(town: Town) -> None:
        instant = local_instant(TUESDAY)
        told = who.report(
            town.files.structure,
            who.workers_by_rules(town.demo, instant),
            who.Question(name=name, at=instant),
        )
        steps = told["steps"]
        assert isinstance(steps, list)
        reasons = {one["person"]: one["why_not"] for found in steps for one in found["skipped"]}
        assert reason in reasons[person]

    return look


def _all(found: dict[tuple[str, str], Found], kind: FoundKind, *wanted: str) -> None:
    assert {(kind.value, str(one)) for one in wanted} <= found.keys()


def _within(some: set[Role], more: set[Role]) -> None:
    assert some <= more


ROWS: dict[int, tuple[Sight, ...]] = {
    1: (step("malmo", TUESDAY, "dag", "p-malmo-dag-1", need=Need.INTERVIEW, matter=Matter.SUSPECT),
        step("malmo", TUESDAY, "dag", need=Need.NOTIFY), step("malmo", TUESDAY, "dag", need=Need.HANDOVER),
        article("malmo", "vad gör en socialsekreterare hos polisen", "L01")),
    2: (step("malmo", NIGHT, "kvall", need=Need.CONSULT),),
    3: (decides("bromma", DecisionKind.AID, DecisionKind.PLACEMENT), step("bromma", NIGHT, "jour", need=Need.DECISION),
        article("malmo", "får socialsekreteraren hos polisen fatta myndighetsbeslut", "L02")),
    4: (step("malmo", "2026-11-29T04:00", "jour"), step("farsta", NIGHT, "jour"),
        article("malmo", "vad kan jouren inte göra", "L05")),
    5: (entry("malmo", "referral", "ungdomsfalt"), article("malmo", "vad är ungdomsfält malmö", "L06")),
    6: (step("farsta", TUESDAY, "dag", "p-farsta-1", "p-farsta-2"),
        step("farsta", WEDNESDAY, "sig", "p-farsta-1", "p-farsta-2", matter=Matter.SUSPECT), posts("farsta", TUESDAY, 2)),
    7: (*(step(name, TUESDAY, "dag") for name in ("skarholmen", "jarva", "bromma", "hasselby-vallingby",
          "hagersten-alvsjo", "sodermalm", "norra-innerstaden", "kungsholmen", "farsta", "enskede-arsta-vantor")),
        step("skarpnack", TUESDAY, "granne", need=Need.CONSULT),
        step("rinkeby-kista", "2023-06-30T10:00", "dag"), step("spanga-tensta", "2023-06-30T10:00", "dag"),
        article("farsta", "vilka stadsdelar har socialsekreterare hos polisen", "N13")),
    8: (districts("malmo", "2026-12-31T12:00", "lpo-malmo-norr", "lpo-malmo-soder"),
        districts("malmo", "2027-01-01T12:00", *(f"lpo-malmo-{n}" for n in (1, 2, 3, 4))),
        article("malmo", "hur hör lokalpolisområden och socialtjänst ihop", "N14")),
    9: (step("farsta", TUESDAY, "dag", need=Need.CONSULT),
        article("farsta", "måste jag konsultera innan jag gör en orosanmälan", "A16", "A01", "A02")),
    10: (article("farsta", "vad gör en socialsekreterare hos polisen", "L01"),),
    11: (browsed(Role.OFFICER, Role.SOCIAL_WORKER),),
    12: (entry("farsta", "referral", "allvar-farsta"), entry("malmo", "referral", "allvar-malmo"),
         article("farsta", "vad är ett allvarssamtal", "G04")),
    13: (entry("farsta", "referral", "sig-farsta"), entry("malmo", "referral", "sig-malmo"),
         ages("malmo", "sig-malmo", 18, None), knows("farsta", Matter.SUSPECT, Matter.EXIT),
         *(entry(name, "referral", id_) for name, id_ in (("jarva", "sig-jarva"), ("skarholmen", "sig-skarholmen"),
           ("hasselby-vallingby", "sig-hasselby")))),
    14: (entry("malmo", "referral", "sspf-malmo"),),
    15: (entry("farsta", "referral", "trefas-farsta"),),
    16: (entry("farsta", "referral", "avhopp-farsta"), entry("malmo", "referral", "konsultationsteamet"),
         ages("malmo", "konsultationsteamet", 18, None), ages("farsta", "avhopp-farsta", None, None),
         knows("malmo", Matter.EXIT)),
    17: (entry("malmo", "referral", "sluta-skjut"),),
    18: (entry("malmo", "referral", "evonhuset"), ages("malmo", "evonhuset", 18, None), knows("malmo", Matter.EXPLOITED)),
    19: (entry("malmo", "referral", "vald-malmo"), knows("malmo", Matter.VIOLENCE),
         step("malmo", TUESDAY, "skydd", need=Need.PROTECTION, matter=Matter.VIOLENCE),
         article("malmo", "hon behöver skyddat boende i natt", "D02")),
    20: (entry("malmo", "referral", "lyftet", "flexitet"), ages("malmo", "lyftet", None, 21),
         ages("malmo", "flexitet", None, 21)),
    21: (entry("malmo", "forum", "ctc-malmo"),),
    22: (entry("malmo", "forum", "orat-mot-marken"),),
    23: (entry("malmo", "forum", "beredskap-nhl", "beredskap-rosengard", "trygghet-holma", at=NIGHT),
         entry("malmo", "contact", "tib-malmo", at=NIGHT)),
    24: (entry("malmo", "forum", "medborgarloften", "omradeslyft", "avtal-malmo"),
         entry("farsta", "forum", "plan-farsta"), entry("farsta", "contact", "utbildning-farsta", "trafik-farsta")),
    25: (entry("farsta", "referral", "hemtagning-farsta"), step("farsta", TUESDAY, "dag", matter=Matter.MISSING)),
    26: (*(entry(name, "referral", "skolsociala-team") for name in ("farsta", "bromma", "skarpnack", "sodermalm")),),
    27: (article("farsta", "gemensamma rutiner för sekretess i samverkan", "N10"),
         article("farsta", "får jag berätta för socialtjänsten vad jag vet om en familj", "E01")),
    28: (step("malmo", NIGHT, "kvall"), step("farsta", NIGHT, "jour")),
    29: (skipped("skarpnack", "p-skarpnack-1", "vetting_pending"), step("kungsholmen", "2022-11-30T10:00", "jour"),
         step("kungsholmen", "2022-12-01T10:00", "dag")),
    30: (posts("skarholmen", "2021-06-01T10:00", 1), posts("skarholmen", TUESDAY, 2), posts("jarva", TUESDAY, 3),
         posts("rinkeby-kista", "2023-06-30T10:00", 2), posts("rinkeby-kista", TUESDAY, 0),
         posts("sodermalm", TUESDAY, 2), posts("enskede-arsta-vantor", TUESDAY, 2), posts("skarpnack", TUESDAY, 0)),
    31: (*(entry(name, "contact", "ungdomssamordnare") for name in ("lpo-farsta", "lpo-malmo-norr", "lpo-rinkeby")),
         entry("lpo-malmo-3", "contact", "ungdomssam-2027", at="2027-01-12T10:00"),
         entry("farsta", "forum", "moten-farsta")),
}  # fmt: skip


def test_every_row_is_looked_for() -> None:
    """Rows 1 to 31, each at least once."""
    assert list(ROWS) == list(range(1, 32))


@pytest.mark.parametrize("row", ROWS)
def test_an_officer_finds_what_the_papers_tell_of(town: Town, row: int) -> None:
    """As a step, a referral, a competence, a decision, a contact, a forum or an article, with the way there."""
    for look in ROWS[row]:
        look(town)


def test_nobodys_name_or_number_is_among_what_is_found(town: Town) -> None:
    """Functions and forms of work: no person of the deployment, and no number but those of the organisations."""
    names = {person.name for person in town.demo.people}
    phones = {person.phone for person in town.demo.people}
    for one in town.files.structure.organisations.values():
        if one.valid_to is None:
            for found in town.find(str(one.id)).values():
                assert found.label is None or not {found.label.sv, found.label.en} & names
                assert found.number is None or found.number.number not in phones


def test_each_lokalpolisomrade_has_a_youth_coordinator_on_each_of_its_days(town: Town) -> None:
    """Row 31: the key contact is found from wherever an officer stands, today and after the planned change."""
    for at in (TUESDAY, "2027-01-12T10:00"):
        for district in districts_at(town.files.structure, local_instant(at)):
            if str(district.id) != "annan-kommun":
                kinds = [one.entry for one in town.find(str(district.id), at).values() if one.districts]
                assert kinds, district.id


def test_police_and_municipal_coordinators_are_separate_and_one_per_authority(town: Town) -> None:
    """Nobody coordinates two authorities; the police's own is not a board's, and each authority has one."""
    held: dict[str, list[str]] = {}
    for person in town.demo.people:
        where = [
            p.organisation for p in person.postings if p.role in (Role.COORDINATOR, Role.POLICE_COORDINATOR)
        ]
        assert len(where) <= 1, person.id
        for name in where:
            held.setdefault(str(name), []).append(person.id)
    alive = {str(o.id) for o in town.files.structure.organisations.values() if o.valid_to is None}
    assert held.keys() == alive
    assert all(len(people) == 1 for people in held.values())
    assert held["polisen"] == ["p-polis-samordnare"]
