"""What each kind of person sees of now: their own, functions instead of names, and always a number."""

import json
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from bot.core.consultation import State
from bot.core.errors import Denied
from bot.core.events import CouldNotAttend, DeadlinePassed, Event, Said, Tried
from bot.core.ids import AreaId, ConsultationId, OrganisationId, PersonId
from bot.core.people import Posting, Role
from bot.core.places import organisations_at
from bot.core.request import Need, Outcome
from bot.flow.look import look, look_from_outside
from bot.flow.ports import Tx
from bot.flow.status import Held, MyRequest, Status
from bot.store.sqlite import SqliteStore
from tests.web import world

STATUS = TypeAdapter(Status)


@dataclass(slots=True, kw_only=True)
class Night:
    """The store of the night, and whoever looks."""

    store: SqliteStore
    content: world.Changing
    now: datetime = world.NOW
    language: str = "sv"

    async def seen_by(self, person: PersonId) -> Status:
        def ask(tx: Tx) -> Status:
            found = tx.people.get(person)
            assert found is not None
            return look(tx, self.content(), found, self.language, self.now)

        return await self.store.read(ask)

    async def happen(self, consultation: str, event: Event) -> None:
        await self.store.write(lambda tx: world.happen(tx, ConsultationId(consultation), event))

    async def play(self, story: world.Story) -> None:
        await self.store.write(lambda tx: world.play(tx, story))

    async def change(self, person: PersonId, **changes: object) -> None:
        def act(tx: Tx) -> None:
            found = tx.people.get(person)
            assert found is not None
            # A test names fields of Person with values of their types; keywords cannot say so.
            changed = replace(found, **changes)  # type: ignore[arg-type]
            tx.people.put(changed, world.entry(world.POLICE, "person"))

        await self.store.write(act)


@pytest.fixture(scope="module")
def content() -> world.Known:
    """The real files, read once."""
    return world.read_content()


@pytest.fixture(scope="module")
def database(content: world.Known, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A seeded database, to be copied."""
    path = tmp_path_factory.mktemp("seeded") / "samjour.db"
    world.make_database(path, content)
    return path


@pytest.fixture
async def night(database: Path, content: world.Known, tmp_path: Path) -> AsyncIterator[Night]:
    """Saturday 23.40: what has happened so far, in a database of its own."""
    path = Path(shutil.copy(database, tmp_path / "samjour.db"))
    store = await world.open_database(path, world.CountingEntropy(1_000_000))
    yield Night(store=store, content=world.Changing(now=content))
    await store.close()


def request_of(status: Status) -> MyRequest:
    assert status.requests
    return status.requests[0]


def held_of(status: Status) -> Held:
    assert status.held
    return status.held[0]


def numbers_in(status: Status) -> list[str]:
    return [line.number for found in status.numbers for line in found.lines]


# ---- an officer --------------------------------------------------------------------------------------


async def test_an_officer_sees_who_is_asked_until_when_what_comes_next_and_whom_to_call(night: Night) -> None:
    """The four things that keep somebody from waiting in silence."""
    found = request_of(await night.seen_by(world.OFFICER))
    assert found.state is State.OFFERED
    assert found.sentence == "Frågar Socialjouren (2 personer)"
    assert found.more == "Svar senast kl. 23.47. Ringt igen."
    assert found.next == "Därefter: Socialsekreterare hos polisen, kväll."
    assert [line.number for line in found.lines] == ["070-1740605"]
    assert found.until is not None


async def test_what_has_happened_is_told_function_by_function(night: Night) -> None:
    """Those asked at once in one function stand together; each with what came of it."""
    found = request_of(await night.seen_by(world.OFFICER))
    assert [(step.function, step.outcome) for step in found.happened] == [
        ("Socialsekreterare hos polisen, kväll", Outcome.DECLINED),
        ("Socialjouren", Outcome.PENDING),
    ]
    assert [step.sentence for step in found.happened] == ["kunde inte", "frågas nu (2 personer)"]


async def test_when_nobody_is_left_to_ask_numbers_come_next(night: Night) -> None:
    """The chain's end is told before it is reached."""
    story = world.Story(id="c-last", officer=world.OFFICER_STHLM_3, organisation=world.FARSTA, area="farsta")
    story.district = "lpo-farsta"
    await night.play(story.asked().offered(world.JOUR_STHLM, "jour").offered(world.JOUR_STHLM_2, "jour"))
    found = request_of(await night.seen_by(world.OFFICER_STHLM_3))
    assert found.next == "Därefter: nummer att ringa."


async def test_an_accepted_request_names_the_function_and_how_they_talk(night: Night) -> None:
    """In Malmö the talk is in Telegram; an answer is owed until a time that is said."""
    found = request_of(await night.seen_by(world.OFFICER_2))
    assert found.sentence == "Socialsekreterare hos polisen, kväll har tagit den"
    assert "Samtalet förs i Telegram." in found.more
    assert "Svar till dig senast kl. 23.46" in found.more


async def test_where_telegram_may_not_carry_the_talk_the_officer_is_called_and_may_call(night: Night) -> None:
    """`talk: off`: the accepted function, and the jour's own number."""
    found = request_of(await night.seen_by(world.OFFICER_STHLM))
    assert found.sentence == "Socialjouren har tagit den"
    assert "Du blir uppringd." in found.more
    assert [line.number for line in found.lines] == ["070-1740610"]


async def test_at_the_end_of_the_chain_the_numbers_stand_one_after_the_other(night: Night) -> None:
    """The one that did not answer is told; the next is the one to call."""
    status = await night.seen_by(world.OFFICER_3)
    assert status.requests
    found = next(one for one in status.requests if one.state is State.PHONED)
    assert found.sentence == "Ring nu"
    assert [line.number for line in found.lines] == ["070-1740605", "070-1740606", "070-1740607"]
    assert found.lines[0].notes[-1] == "Ingen svarade kl. 23.38."
    assert found.call == 1


async def test_a_number_that_answered_ends_the_search(night: Night) -> None:
    """It says which, and what to do when it is done."""
    await night.happen("c-phoned", Tried(at=world.NOW, number="malmo-tib", answered=True))
    status = await night.seen_by(world.OFFICER_3)
    assert status.requests
    found = next(one for one in status.requests if one.state is State.PHONED)
    assert found.sentence == "Tjänsteman i beredskap svarade kl. 23.40"
    assert "Avsluta" in found.more


async def test_what_can_wait_says_until_when(night: Night) -> None:
    """The opening, with its day; and what to do if it becomes urgent."""
    found = request_of(await night.seen_by(world.OFFICER_STHLM_2))
    assert found.sentence == "Väntar till måndag 30 november kl. 08.00"
    assert (
        found.more
        == "Då öppnar Farsta stadsdelsnämnd. Kan det inte vänta: ring, eller tryck på Det kan inte vänta längre."
    )


async def test_what_ended_stays_in_sight_for_the_night(night: Night) -> None:
    """Nobody wonders where it went; after twelve hours it is gone from the page."""
    status = await night.seen_by(world.OFFICER_2)
    assert [found.sentence for found in status.recent] == ["Avslutad: råd gett"]
    night.now += timedelta(hours=12)
    assert (await night.seen_by(world.OFFICER_2)).recent == ()


async def test_an_officer_sees_nobody_elses_requests(night: Night) -> None:
    """One's own only; without any, an empty list and the numbers."""
    status = await night.seen_by(world.OFFICER_STHLM_3)
    assert status.requests == ()
    assert numbers_in(status)


async def test_an_officer_whose_ground_is_not_said_is_near_every_board(night: Night) -> None:
    """Nothing is guessed: all boards' cover, and the numbers place by place."""
    status = await night.seen_by(world.OFFICER_STHLM_3)
    assert len(status.cover) == 12
    assert [found.near for found in status.numbers] == [True, True]


async def test_the_place_of_ones_request_comes_first_among_the_numbers(night: Night) -> None:
    """Malmö's numbers stand open, Stockholm's folded: the next call may come from anywhere."""
    status = await night.seen_by(world.OFFICER_3)
    assert [(found.places, found.near) for found in status.numbers] == [
        (("Malmö stad",), True),
        (("Stockholm",), False),
    ]
    assert [found.organisation for found in status.cover] == [world.MALMO]


async def test_an_officer_posted_to_a_district_is_near_its_board(night: Night) -> None:
    """Farsta's officer sees Farsta's cover, and the rest of the region's numbers after."""
    area = AreaId("lpo-farsta")
    posting = Posting(
        organisation=world.POLICE, role=Role.OFFICER, valid_from=date(2022, 1, 1), areas=(area,)
    )
    await night.change(world.OFFICER_STHLM_3, postings=(posting,))
    night.now = world.DAYTIME
    status = await night.seen_by(world.OFFICER_STHLM_3)
    assert [found.organisation for found in status.cover] == [world.FARSTA]
    assert status.numbers[0].places == ("Farsta stadsdelsnämnd",)
    assert all("Malmö stad" not in found.places for found in status.numbers)


# ---- whoever is on duty ------------------------------------------------------------------------------


async def test_a_worker_sees_their_duty_and_until_when(night: Night) -> None:
    """On duty, with role and organisation; off duty, and how to go on."""
    duty = (await night.seen_by(world.EVENING)).duty
    assert duty is not None
    assert duty.sentence == "I tjänst till kl. 01.00"
    assert duty.duties == ("Socialsekreterare hos polisen, Malmö stad",)
    off = (await night.seen_by(world.DAY_WORKER)).duty
    assert off is not None
    assert (off.on, off.sentence) == (False, "Inte i tjänst")


async def test_a_worker_sees_what_waits_for_their_answer(night: Night) -> None:
    """The fixed choices and the time, until it is out."""
    (waiting,) = (await night.seen_by(world.EVENING)).waiting
    assert waiting.sentence == "Svara senast kl. 23.49"
    night.now = waiting.until
    assert (await night.seen_by(world.EVENING)).waiting == ()


async def test_whoever_is_not_vetted_is_shown_no_request(night: Night) -> None:
    """The rule that guards the doorbell guards the page: no vetting, nothing shown."""
    found = await night.store.read(lambda tx: tx.people.get(world.EVENING))
    assert found is not None
    await night.change(world.EVENING, vetting=replace(found.vetting, since=date(2030, 1, 1)))
    assert (await night.seen_by(world.EVENING)).waiting == ()


async def test_a_worker_sees_what_they_hold_and_that_an_answer_is_owed(night: Night) -> None:
    """Once they have answered, it is just theirs."""
    held = held_of(await night.seen_by(world.EVENING))
    assert (held.sentence, held.how, held.call) == ("Polisen väntar på svar", "Samtalet förs i Telegram.", ())
    later = world.NOW + timedelta(hours=2)
    await night.happen("c-open", Said(at=world.NOW, author=world.EVENING, seq=1, digest="00", due=later))
    held = held_of(await night.seen_by(world.EVENING))
    assert (held.sentence, held.until) == ("Du har den", None)


async def test_where_they_talk_by_telephone_the_worker_gets_the_officers_number(night: Night) -> None:
    """`talk: off`: only whoever accepted, only while it is open."""
    (line,) = held_of(await night.seen_by(world.JOUR_STHLM)).call
    assert (line.label, line.number) == ("polisen", "070-1740628")
    assert (await night.seen_by(world.JOUR_STHLM_2)).held == ()
    await night.happen("c-off", CouldNotAttend(at=world.NOW, by=world.JOUR_STHLM))
    assert (await night.seen_by(world.JOUR_STHLM)).held == ()


async def test_whoever_asks_to_be_called_is_called_also_where_telegram_may_talk(night: Night) -> None:
    """Need "ring upp mig": the number from the profile."""
    story = world.Story(id="c-call", officer=world.OFFICER, need=Need.CALL_ME)
    await night.play(story.asked().offered(world.JOUR, "jour").accepted(world.JOUR, after=10))
    (line,) = held_of(await night.seen_by(world.JOUR)).call
    assert line.number == "070-1740625"


async def test_without_a_number_in_the_profile_that_is_said(night: Night) -> None:
    """No dead end: it says so, and where to reach the police."""
    await night.change(world.OFFICER_STHLM, phone=None)
    held = held_of(await night.seen_by(world.JOUR_STHLM))
    assert held.call
    assert held.call[0].label != "polisen"
    assert "inget nummer i sin profil" in held.how


# ---- whoever oversees --------------------------------------------------------------------------------


async def test_a_supervisor_sees_functions_and_counts(night: Night) -> None:
    """Who is on duty, as functions and how many; by night, the night's functions."""
    (cover,) = (await night.seen_by(world.CHIEF)).cover
    assert (cover.organisation, cover.open) == (world.MALMO, False)
    assert [(found.label, found.count) for found in cover.functions] == [
        ("Socialjouren, akut skydd", 2),
        ("Socialsekreterare hos polisen, kväll", 2),
        ("Socialjouren", 2),
        ("Ungdomsfält", 2),
    ]
    assert cover.count.startswith("6 "), "the jour's two stand at two steps, and are two people"


async def test_a_supervisor_sees_whether_the_organisation_is_ready(night: Night) -> None:
    """Supervisors, numbers, cover, held keys, people who can be reached, drills: all six, or not ready, and each says why."""
    (ready,) = (await night.seen_by(world.CHIEF)).readiness
    assert (ready.ok, [check.ok for check in ready.checks]) == (True, [True] * 6)
    old = world.last_tested(night.content.now.structure, date(2026, 10, 1))
    night.content.now = replace(night.content.now, structure=old)
    (ready,) = (await night.seen_by(world.CHIEF)).readiness
    assert (ready.ok, ready.checks[1].sentence) == (False, "0 av 4 de senaste 31 dygnen")


async def test_a_coordinator_sees_each_organisation_of_theirs(night: Night) -> None:
    """Whoever coordinates several boards sees them all, not ready without supervisors' keys, and nothing of other cities."""
    found = organisations_at(night.content.now.structure, world.NOW)
    everywhere = [o.id for o in found if o.id not in ("malmo", "socialjour-malmo", "polisen")]
    posted = tuple(
        Posting(organisation=o, role=Role.COORDINATOR, valid_from=date(2023, 7, 1)) for o in everywhere
    )
    await night.change(world.COORDINATOR, postings=posted)
    status = await night.seen_by(world.COORDINATOR)
    assert len(status.readiness) == len(everywhere) == 12
    assert not any(found.ok for found in status.readiness)
    assert world.MALMO not in [found.organisation for found in status.readiness]


async def test_a_gap_ahead_is_told_with_its_time(night: Night) -> None:
    """Nobody of the jour tonight: not staffed, from when."""
    jour = OrganisationId("socialjour-malmo")
    empty = world.entry(jour, "roster")
    await night.store.write(lambda tx: tx.rosters.replace(jour, "weekly", (), empty))
    (ready,) = (await night.seen_by(world.CHIEF)).readiness
    assert not ready.checks[2].ok
    assert ready.checks[2].sentence.startswith("Ingen ")


async def test_an_officer_is_shown_no_readiness(night: Night) -> None:
    """Keys and gaps are the organisation's own matter."""
    assert (await night.seen_by(world.OFFICER)).readiness == ()


# ---- everybody ---------------------------------------------------------------------------------------


async def test_nobody_is_shown_anybodys_name_but_their_own(night: Night) -> None:
    """Functions, never names: nowhere in what anybody sees stands another person's name."""
    names = {person.id: person.name for person in world.read_demo().people}
    for viewer in (world.OFFICER, world.EVENING, world.JOUR_STHLM, world.CHIEF, world.COORDINATOR):
        seen = STATUS.dump_json(await night.seen_by(viewer)).decode()
        strings = set(_strings(json.loads(seen)))
        assert names[viewer] in strings
        assert not [name for id_, name in names.items() if id_ != viewer and name in strings]


async def test_nobody_is_shown_a_private_number_but_whoever_accepted(night: Night) -> None:
    """An officer's number reaches the one who has taken the request, and nobody else's page."""
    phones = {person.phone for person in world.read_demo().people if person.phone}
    for viewer in (world.OFFICER, world.EVENING, world.JOUR_STHLM_2, world.CHIEF, world.COORDINATOR):
        seen = STATUS.dump_json(await night.seen_by(viewer)).decode()
        assert not [phone for phone in phones if phone in seen]


async def test_whoever_is_not_active_sees_nothing(night: Night) -> None:
    """No rule lets the suspended look."""
    await night.change(world.OFFICER, active=False)
    with pytest.raises(Denied):
        await night.seen_by(world.OFFICER)


async def test_whoever_has_no_posting_today_sees_nothing(night: Night) -> None:
    """A posting that has ended is no role: silence denies."""
    await night.change(world.OFFICER, postings=())
    with pytest.raises(Denied):
        await night.seen_by(world.OFFICER)


async def test_the_headline_says_the_one_thing_that_matters(night: Night) -> None:
    """What is read aloud: one's request first, then what waits, then one's duty."""
    assert (await night.seen_by(world.OFFICER)).headline.startswith("Frågar Socialjouren")
    assert (await night.seen_by(world.EVENING)).headline.startswith("Väntar på ditt svar.")
    assert (await night.seen_by(world.DAY_WORKER)).headline == "Inte i tjänst"


async def test_english_is_complete(night: Night) -> None:
    """Every sentence of every view is there in English too."""
    night.language = "en"
    found = request_of(await night.seen_by(world.OFFICER))
    assert (found.more, found.next) == (
        "Answer by 23:47. Rung again.",
        "Then: Social worker at the police, evening.",
    )
    for person in world.read_demo().people:
        await night.seen_by(person.id)


async def test_a_deadline_that_passes_shows_in_what_happened(night: Night) -> None:
    """Silence is told as silence."""
    consultation = await night.store.read(lambda tx: tx.consultations.get(ConsultationId("c-waiting")))
    assert consultation is not None
    assert consultation.due is not None
    night.now = consultation.due
    await night.happen("c-waiting", DeadlinePassed(at=night.now, due=consultation.due))
    status = await night.seen_by(world.OFFICER_3)
    assert status.requests
    found = next(one for one in status.requests if one.id == "c-waiting")
    assert found.sentence == "Söker nästa person"
    assert found.happened[0].sentence == "svarade inte i tid"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)), st.sampled_from(["sv", "en"]))  # noqa: DTZ001 - made aware below
def test_at_every_minute_there_is_a_number_for_every_board(
    content: world.Known, at: datetime, language: str
) -> None:
    """Signed out, whatever the hour: each board, or the group it shares with, has a number that answers now."""
    known = world.Changing(now=content)()
    status = look_from_outside(known, language, at.replace(tzinfo=UTC))
    places = {place for found in status.numbers for place in found.places if found.lines}
    assert {"Malmö stad", "Stockholm"} <= places or {"City of Malmö", "Stockholm"} <= places
    assert not status.signed_in


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for one in inside for text in _strings(one)]
