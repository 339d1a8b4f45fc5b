"""A night in Malmö and Farsta for the tests of the web: the real files, the demo's people, a clock that stands still."""

import asyncio
import tomllib
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import cast

from bot.core import access_file, channels_policy, codec, secrecy_policy
from bot.core.channels_policy import ChannelPolicy
from bot.core.consultation import Consultation, step
from bot.core.events import (
    Accepted,
    Closed,
    Declined,
    Deferred,
    Ending,
    Event,
    Exhausted,
    Offered,
    Referred,
    Tried,
)
from bot.core.guard import GuardRules, build, read_lexicon, read_rules
from bot.core.hours import local_day
from bot.core.ids import (
    AreaId,
    ConsultationId,
    DistrictId,
    OfferId,
    OrganisationId,
    PersonId,
    RoomId,
    StepId,
)
from bot.core.library import law_sections
from bot.core.library.law_sections import LawSections
from bot.core.organisation_file import read_structure
from bot.core.people import Person, Posting, Role
from bot.core.people_file import PeopleFile, read_people
from bot.core.places import Label, Organisation, Structure, numbers_at
from bot.core.policy import AccessPolicy
from bot.core.request import Matter, Need, Offer, Request, Urgency
from bot.core.secrecy_policy import SecrecyPolicy
from bot.core.text import Language, Texts, merge, placeholders
from bot.core.waking_policy import WakingPolicy
from bot.core.weekly import expand
from bot.core.witnesses_file import Witness
from bot.flow.deps import Content
from bot.flow.ports import Tx
from bot.flow.records import Address, Entry, Session
from bot.flow.records_devices import Device, DeviceState, Tier
from bot.seal.enrolment import Right
from bot.seal.field import FieldKey
from bot.seal.signing import signing_key
from bot.store.cipher import FieldCipher
from bot.store.sqlite import SqliteStore

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 28, 22, 40, tzinfo=UTC)  # Saturday 23.40 in Stockholm
DAYTIME = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # Tuesday 10.00
EVIL = "<script>alert(1)</script>\"'&<img src=x onerror=alert(2)>"
LEDGER_KEY = signing_key(b"l" * 32)
EVIL_LABEL = Label(sv=EVIL, en=EVIL)

MALMO, FARSTA, POLICE = OrganisationId("malmo"), OrganisationId("farsta"), OrganisationId("polisen")
EVENING, EVENING_2 = PersonId("p-malmo-kvall-1"), PersonId("p-malmo-kvall-2")
JOUR, JOUR_2 = PersonId("p-sj-malmo-3"), PersonId("p-sj-malmo-4")
JOUR_STHLM, JOUR_STHLM_2 = PersonId("p-sj-sthlm-3"), PersonId("p-sj-sthlm-4")
DAY_WORKER = PersonId("p-malmo-dag-1")  # off duty at night
CHIEF, COORDINATOR = PersonId("p-malmo-chef-1"), PersonId("p-farsta-samordnare")
OFFICER, OFFICER_2, OFFICER_3 = (PersonId(f"p-polis-malmo-{n}") for n in (1, 2, 3))
OFFICER_STHLM, OFFICER_STHLM_2, OFFICER_STHLM_3 = (PersonId(f"p-polis-sthlm-{n}") for n in (1, 2, 3))

GROUND: dict[PersonId, tuple[str, ...]] = {
    OFFICER: ("lpo-malmo-norr",),
    OFFICER_2: ("lpo-malmo-norr",),
    OFFICER_3: (),  # anywhere
    OFFICER_STHLM: ("lpo-farsta",),
    OFFICER_STHLM_2: ("lpo-farsta",),
    OFFICER_STHLM_3: (),
}


class FrozenClock:
    """A clock that stands where it was put."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    async def sleep(self, span: timedelta) -> None:
        self.at += span

    async def wait(self, bell: asyncio.Event, until: datetime | None) -> None:
        del until
        await bell.wait()


class CountingEntropy:
    """Bytes that are never the same and always the same again."""

    def __init__(self, start: int = 0) -> None:
        self.drawn = start

    def draw(self, size: int) -> bytes:
        self.drawn += 1
        blocks = (sha256(f"{self.drawn}/{n}".encode()).digest() for n in range(size // 32 + 1))
        return b"".join(blocks)[:size]


@lru_cache(1)
def guard_rules() -> GuardRules:
    """The guard's rules of this repository."""
    names, words, file = (
        (ROOT / "policies" / path).read_text()
        for path in ("guard/names.txt", "guard/words.txt", "guard.yaml")
    )
    return build(read_lexicon(names=names, words=words), read_rules(file))


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The content that the web asks for; the library has no part in it."""

    digest: str
    structure: Structure
    policy: AccessPolicy
    channels: ChannelPolicy
    texts: Texts
    witnesses: tuple[Witness, ...] = ()
    secrecy: SecrecyPolicy
    law: LawSections
    guard: GuardRules = field(default_factory=guard_rules)
    waking: WakingPolicy = field(default_factory=lambda: WakingPolicy(rules=(), plans={}))


@dataclass(slots=True, kw_only=True)
class Changing:
    """Content that a test may exchange, as a reload does."""

    now: Known

    def __call__(self) -> Content:
        return cast("Content", self.now)  # without what the web never asks for


def read_content() -> Known:
    """The real files of this repository."""
    organisations = (ROOT / "policies/organisations").glob("*.yaml")
    structure = read_structure({path.name: path.read_text() for path in organisations})
    policy = access_file.parse((ROOT / "policies/access.yaml").read_text(), "access.yaml")
    channels = channels_policy.parse(
        (ROOT / "policies/channels.yaml").read_text(), "channels.yaml", structure
    )
    law = law_sections.parse((ROOT / law_sections.PATH).read_text(), law_sections.PATH)
    grounds = (ROOT / "policies/secrecy.yaml").read_text()
    return Known(
        digest="test",
        structure=structure,
        policy=policy,
        channels=channels,
        texts=read_texts(),
        secrecy=secrecy_policy.parse(grounds, "secrecy.yaml", structure, law),
        law=law,
    )


def read_texts() -> Texts:
    """Every sentence, in both languages."""
    return Texts(sentences={language: _sentences(language) for language in Language})


def read_demo() -> PeopleFile:
    """The demo's people and their weekly duties."""
    return read_people("demo.yaml", (ROOT / "policies/demo.yaml").read_text())


def _sentences(language: Language) -> dict[str, str]:
    files = sorted((ROOT / "bot/texts").glob(f"*.{language}.toml"))
    return merge({path.name: tomllib.loads(path.read_text()) for path in files})


# ---- what has happened tonight -----------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class Story:
    """One consultation, event by event."""

    id: str
    officer: PersonId
    district: str = "lpo-malmo-norr"
    organisation: OrganisationId = MALMO
    area: str = "malmo"
    matter: Matter = Matter.CHILD
    need: Need = Need.CONSULT
    urgency: Urgency = Urgency.NOW
    begun: datetime = NOW - timedelta(minutes=3)
    events: list[Event] = field(default_factory=list)

    def asked(self) -> "Story":
        request = Request(
            officer=self.officer,
            district=DistrictId(self.district),
            matter=self.matter,
            need=self.need,
            urgency=self.urgency,
            at=self.begun,
        )
        self.events.append(
            Referred(at=self.begun, organisation=self.organisation, area=AreaId(self.area), request=request)
        )
        return self

    def offered(self, person: PersonId, at_step: str, *, after: int = 0, seconds: int = 600) -> "Story":
        at = self.begun + timedelta(seconds=after)
        offer = Offer(
            id=OfferId(f"{self.id}-{person}"),
            person=person,
            step=StepId(at_step),
            at=at,
            until=at + timedelta(seconds=seconds),
        )
        self.events.append(Offered(at=at, offer=offer))
        return self

    def declined(self, person: PersonId, *, after: int) -> "Story":
        at = self.begun + timedelta(seconds=after)
        self.events.append(Declined(at=at, offer=OfferId(f"{self.id}-{person}")))
        return self

    def accepted(self, person: PersonId, *, after: int) -> "Story":
        at = self.begun + timedelta(seconds=after)
        offer, room = OfferId(f"{self.id}-{person}"), RoomId(f"room-{self.id}")
        self.events.append(Accepted(at=at, offer=offer, room=room, answer_by=at + timedelta(minutes=9)))
        return self

    def exhausted(self, numbers: tuple[str, ...], *, after: int) -> "Story":
        at = self.begun + timedelta(seconds=after)
        self.events.append(Exhausted(at=at, numbers=numbers, until=at + timedelta(hours=12)))
        return self

    def tried(self, number: str, *, after: int, answered: bool) -> "Story":
        at = self.begun + timedelta(seconds=after)
        self.events.append(Tried(at=at, number=number, answered=answered))
        return self

    def deferred(self, until: datetime) -> "Story":
        self.events.append(Deferred(at=self.begun, until=until))
        return self

    def closed(self, by: PersonId, ending: Ending, *, after: int) -> "Story":
        self.events.append(Closed(at=self.begun + timedelta(seconds=after), by=by, ending=ending))
        return self


def tonight(structure: Structure) -> list[Story]:
    """One consultation in each state that a page can show."""
    malmo = structure.organisations[MALMO]
    numbers = tuple(number.id for number in numbers_at(malmo, NOW))
    opening = datetime(2026, 11, 30, 7, 0, tzinfo=UTC)
    return [
        Story(id="c-offered", officer=OFFICER)
        .asked()
        .offered(EVENING_2, "kvall")
        .declined(EVENING_2, after=20)
        .offered(JOUR, "jour", after=20)
        .offered(JOUR_2, "jour", after=20),
        Story(id="c-open", officer=OFFICER_2, matter=Matter.MISSING, need=Need.PRESENCE)
        .asked()
        .offered(EVENING, "kvall")
        .accepted(EVENING, after=40),
        Story(id="c-phoned", officer=OFFICER_3, matter=Matter.VIOLENCE, need=Need.PROTECTION)
        .asked()
        .offered(EVENING_2, "kvall")
        .declined(EVENING_2, after=5)
        .exhausted(numbers, after=5)
        .tried(numbers[0], after=60, answered=False),
        Story(
            id="c-off",
            officer=OFFICER_STHLM,
            district="lpo-farsta",
            organisation=FARSTA,
            area="farsta",
            need=Need.ADVICE,
        )
        .asked()
        .offered(JOUR_STHLM, "jour")
        .accepted(JOUR_STHLM, after=30),
        Story(
            id="c-deferred",
            officer=OFFICER_STHLM_2,
            district="lpo-farsta",
            organisation=FARSTA,
            area="farsta",
            need=Need.ADVICE,
            urgency=Urgency.CAN_WAIT,
        )
        .asked()
        .deferred(opening),
        Story(id="c-closed", officer=OFFICER_2, begun=NOW - timedelta(hours=2), need=Need.ADVICE)
        .asked()
        .offered(JOUR, "jour")
        .accepted(JOUR, after=30)
        .closed(JOUR, Ending.ADVICE, after=900),
        Story(id="c-waiting", officer=OFFICER_3, begun=NOW - timedelta(minutes=1), matter=Matter.SUSPECT)
        .asked()
        .offered(EVENING, "kvall"),
    ]


# ---- putting it into the store -----------------------------------------------------------------------


async def open_database(path: Path, entropy: CountingEntropy) -> SqliteStore:
    """The real store on a file of its own."""
    cipher = FieldCipher(key=FieldKey(key=bytes(32)), draw=entropy.draw)
    return await asyncio.to_thread(SqliteStore, path, cipher=cipher)


def make_database(path: Path, content: Known) -> None:
    """A seeded database file, made once and copied for each test."""

    async def make() -> None:
        store = await open_database(path, CountingEntropy())
        demo = read_demo()
        await store.write(lambda tx: seed(tx, content, demo))
        await store.close()

    asyncio.run(make())


def seed(tx: Tx, content: Known, demo: PeopleFile, *, at: datetime = NOW) -> None:
    """The demo's people, a week of roster around `at`, and what has happened tonight."""
    for person in demo.people:
        tx.people.put(_posted(person), entry(POLICE, "person"))
    for person in demo.people:
        tx.people.link(address_of(person.id), entry(POLICE, "address"))
    day = local_day(at)
    shifts = expand(demo.weekly, first=day - timedelta(days=2), last=day + timedelta(days=5))
    for organisation in content.structure.organisations:
        own = tuple(shift for shift in shifts if shift.organisations[0] == organisation)
        if own:
            tx.rosters.replace(organisation, "weekly", own, entry(organisation, "roster"))
    for number, name in enumerate(("p-malmo-chef-1", "p-malmo-chef-2", "p-malmo-chef-3")):
        tx.devices.put(_key_of(PersonId(name), number), entry(MALMO, "device"))
    for story in tonight(content.structure):
        play(tx, story)


def _posted(person: Person) -> Person:
    """Officers on the ground that the tests speak of, whatever the demo says."""
    if person.id not in GROUND:
        return person
    areas = tuple(AreaId(district) for district in GROUND[person.id])
    posting = Posting(organisation=POLICE, role=Role.OFFICER, valid_from=date(2022, 1, 1), areas=areas)
    return replace(person, postings=(posting,))


def play(tx: Tx, story: Story) -> None:
    """Save a story's consultation event by event, as the flow does."""
    for event in story.events:
        happen(tx, ConsultationId(story.id), event)


def happen(tx: Tx, name: ConsultationId, event: Event) -> None:
    """Save one event of a consultation, the first included."""
    before = tx.consultations.get(name) or Consultation(id=name)
    after, _ = step(before, event)
    assert after.organisation is not None
    body = codec.consultation_body(after.id, after.version, event, (), "test")
    tx.consultations.save(
        before, after, replace(entry(after.organisation, "consultation", event.at), body=body)
    )


def entry(organisation: OrganisationId, kind: str, at: datetime = NOW) -> Entry:
    """A ledger entry for what a test does."""
    return Entry(organisation=organisation, kind=kind, body=b"{}", salt=bytes(16), at=at)


def address_of(person: PersonId) -> Address:
    """An address by which somebody is reached; nothing is ever sent there."""
    return Address(
        channel="telegram",
        lookup=sha256(person.encode()).digest(),
        person=person,
        sealed=b"sealed",
        language="sv",
        linked_at=NOW,
    )


def session_of(person: PersonId, token: str, *, now: datetime = NOW) -> Session:
    """A session that a browser with this token has."""
    digest = sha256(token.encode()).digest()
    return Session(digest=digest, person=person, created=now, expires=now + timedelta(hours=12))


def _key_of(person: PersonId, number: int) -> Device:
    return Device(
        id=bytes([number]) * 32,
        organisation=MALMO,
        person=person,
        rights=Right.SHARES,
        state=DeviceState.ACTIVE,
        tier=Tier.FILE,
        public=b"public",
        bundle=b"bundle",
        enrolled_at=NOW,
    )


def with_evil_content(content: Known) -> Known:
    """The same content, every label and every sentence of it an attempt at markup."""
    sentences = {
        language: {key: _evil_sentence(text) for key, text in known.items()}
        for language, known in content.texts.sentences.items()
    }
    structure = with_evil_names(content.structure)
    return replace(content, structure=structure, texts=Texts(sentences=sentences))


def with_evil_names(structure: Structure) -> Structure:
    """The same places, every label of them an attempt at markup."""
    evil = {id_: _evil(found) for id_, found in structure.organisations.items()}
    return replace(
        structure,
        organisations=evil,
        districts={id_: replace(d, label=EVIL_LABEL) for id_, d in structure.districts.items()},
        areas={id_: (evil[board.id], area) for id_, (board, area) in structure.areas.items()},
        groups={
            id_: (evil[jour.id], replace(group, label=EVIL_LABEL))
            for id_, (jour, group) in structure.groups.items()
        },
    )


def _evil(found: Organisation) -> Organisation:
    return replace(
        found,
        label=EVIL_LABEL,
        steps=tuple(replace(one, label=EVIL_LABEL) for one in found.steps),
        numbers=tuple(replace(one, label=EVIL_LABEL) for one in found.numbers),
    )


def _evil_sentence(text: str) -> str:
    return EVIL + "".join(f"{{{name}}}" for name in sorted(placeholders(text)))


def last_tested(structure: Structure, day: date) -> Structure:
    """The same places, every number last tested on that day."""
    tested = {
        id_: replace(found, numbers=tuple(replace(one, tested=day) for one in found.numbers))
        for id_, found in structure.organisations.items()
    }
    return replace(structure, organisations=tested)
