"""Questions that the library could not settle: kept without anybody's name, sealed to curators, counted, and erased in time."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from bot.content import Content
from bot.core.errors import Unavailable
from bot.core.guard import Span, SpanType, Verdict
from bot.core.hours import local_day
from bot.core.ids import OrganisationId, PersonId
from bot.core.library.search import Nothing
from bot.core.questions import MOST_A_DAY, QuestionKind, question_from_bytes, unnamed
from bot.core.retention import Decided, RetentionClass, is_quiet, with_decisions
from bot.flow import questions
from bot.flow.deps import QUESTION, Deps
from bot.flow.ports import Store, Tx
from bot.flow.record import fact
from bot.flow.records_devices import Device, DeviceState, Tier
from bot.flow.retention_run import look, rehearse, run
from bot.flow.upkeep import sign_heads, signers
from bot.flow.verify import verify
from bot.seal.enrolment import Right
from bot.seal.keys import DeviceSecret, make_device, public_to_bytes, secret_from_bytes
from bot.seal.question import open_question
from tests.flow.flow_world import NIGHT, OFFICER, World

MALMO = OrganisationId("malmo")
CURATOR, LAWYER, CHIEF = "p-malmo-redaktor", "p-malmo-jurist", "p-malmo-chef-1"
UNKNOWN = "hur lagar jag en trasig cykelkedja"
DAY = timedelta(days=1)
T = TypeVar("T")


async def enrol(
    world: World, person: str, number: int, state: DeviceState = DeviceState.ACTIVE
) -> DeviceSecret:
    """A device of somebody in Malmö, as the database has it; who vouched for it has no part in this."""
    secret = make_device(bytes([number]) * 64)
    device = Device(
        id=secret.public.device_id,
        organisation=MALMO,
        person=PersonId(person),
        rights=Right.MEMBER,
        state=state,
        tier=Tier.FILE,
        public=public_to_bytes(secret.public),
        bundle=b"",
        enrolled_at=NIGHT,
    )
    await world.deps.store.write(
        lambda tx: tx.devices.put(device, fact(world.deps, MALMO, "device", NIGHT, act="enrolled", by="test"))
    )
    return secret


async def next_day(world: World, days: int = 1) -> int:
    """The day is over."""
    world.clock.move(DAY * days)
    return await questions.close_over(world.deps)


async def read(world: World, secret: DeviceSecret) -> list[tuple[str, tuple[str, ...], str]]:
    """What a device reads: kind, articles, text."""
    found = await world.deps.store.read(
        lambda tx: tx.questions.of_device(MALMO, secret.public.device_id, None, 1000)
    )
    opened = (
        question_from_bytes(
            open_question(one.blob, organisation=MALMO, day=one.day, id_=one.id.hex(), secret=secret).reveal()
        )
        for one in found
    )
    return [(one.kind.value, one.articles, one.text) for one in opened]


async def counted(world: World) -> dict[tuple[str, str | None], int]:
    """How many there were, by kind and article."""
    found = await world.deps.store.read(lambda tx: tx.questions.counts(MALMO, "2026-01-01"))
    return {(one.kind.value, one.article): one.count for one in found}


async def test_a_question_without_an_answer_reaches_the_curator_and_the_lawyer(
    world: World, tmp_path: Path
) -> None:
    """Each opens it on their own device once the day is over; before that nobody can."""
    curator, lawyer = (
        secret_from_bytes((tmp_path / "night" / "curators" / f"malmo--{person}.key").read_bytes())
        for person in (CURATOR, LAWYER)
    )
    await world.say(OFFICER, UNKNOWN)
    assert await read(world, curator) == []
    assert await next_day(world) == 1
    assert await read(world, curator) == await read(world, lawyer) == [("nothing", (), UNKNOWN)]
    assert await counted(world) == {("nothing", None): 1}
    await sign_heads(world.deps)
    found = await world.deps.store.read(lambda tx: verify(tx, signers(world.deps)))
    assert found.faults == ()


async def test_only_those_who_may_read_get_a_copy(world: World) -> None:
    """A chief's device, an officer's, and a curator's that waits or was revoked: nothing is sealed to them."""
    others = [await enrol(world, person, n) for n, person in enumerate((CHIEF, OFFICER), start=3)]
    others += [
        await enrol(world, CURATOR, 5, DeviceState.PENDING),
        await enrol(world, CURATOR, 6, DeviceState.REVOKED),
    ]
    await world.say(OFFICER, UNKNOWN)
    await next_day(world)
    assert [await read(world, secret) for secret in others] == [[]] * len(others)
    assert await counted(world) == {("nothing", None): 1}


async def test_what_the_guard_sees_is_replaced_by_its_kind(world: World) -> None:
    """A name and a number become their kinds, and stand nowhere in the database."""
    curator = await enrol(world, CURATOR, 1)
    await world.say(OFFICER, "hur lagar Ulrika Ekdahl 070-1740640 en cykelkedja")
    await next_day(world)
    assert await read(world, curator) == [("nothing", (), "hur lagar [NAMN] [TELEFONNUMMER] en cykelkedja")]


async def test_what_policy_stops_is_counted_and_no_more(world: World) -> None:
    """Where the guard stops the text, nothing of it is kept, not even sealed."""
    curator = await enrol(world, CURATOR, 1)
    c = await ask(world, "vem är Ulrika Ekdahl", blocked=True)
    assert c is not None
    await next_day(world)
    assert await read(world, curator) == []
    assert sum((await counted(world)).values()) == 1


async def test_what_did_not_help_is_kept_once(world: World) -> None:
    """An answered question is kept when its officer says that it did not help, the first time and within its time."""
    curator = await enrol(world, CURATOR, 1)
    asked = next(a for a in world.deps.content().library.articles if a.status == "draft" and a.org is None)
    await world.say(OFFICER, asked.questions[0])
    c = await world.latest()
    assert c.article == asked.id
    await world.press_shown(OFFICER, ":no")
    await world.deps.store.write(lambda tx: questions.was_unhelpful(tx, world.deps, c))
    await next_day(world)
    assert await read(world, curator) == [("unhelpful", (asked.id,), asked.questions[0])]
    assert await counted(world) == {("unhelpful", asked.id): 1}


async def test_what_is_too_old_is_counted_only(world: World) -> None:
    """After half an hour the question itself is forgotten; the word that it did not help is not."""
    curator = await enrol(world, CURATOR, 1)
    asked = next(a for a in world.deps.content().library.articles if a.status == "draft" and a.org is None)
    await world.say(OFFICER, asked.questions[0])
    c = await world.latest()
    world.clock.move(QUESTION + timedelta(seconds=1))
    await world.deps.store.write(lambda tx: questions.was_unhelpful(tx, world.deps, c))
    await next_day(world)
    assert await read(world, curator) == []
    assert await counted(world) == {("unhelpful", asked.id): 1}


async def test_an_answer_that_helped_is_kept_nowhere(world: World) -> None:
    """Nothing is kept or counted of a question that was answered."""
    curator = await enrol(world, CURATOR, 1)
    asked = next(a for a in world.deps.content().library.articles if a.status == "draft" and a.org is None)
    await world.say(OFFICER, asked.questions[0])
    await world.press_shown(OFFICER, ":yes")
    await next_day(world)
    assert (await read(world, curator), await counted(world)) == ([], {})


async def test_no_more_than_so_many_are_kept_in_a_day(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever floods the library fills a bounded place: the others are counted."""
    assert MOST_A_DAY <= 1000
    monkeypatch.setattr(questions, "MOST_A_DAY", 2)
    curator = await enrol(world, CURATOR, 1)
    for _ in range(4):
        await world.say(OFFICER, UNKNOWN)
    await next_day(world)
    assert len(await read(world, curator)) == 2
    assert await counted(world) == {("nothing", None): 4}


async def test_nothing_stored_says_who_asked_or_when(world: World, tmp_path: Path) -> None:
    """The rows have a day and random ids; the ledger is told at the end of the day, of all at once, and of nobody."""
    await enrol(world, CURATOR, 1)
    await world.say(OFFICER, UNKNOWN)
    c = await world.latest()
    await next_day(world)
    with closing(sqlite3.connect(tmp_path / "night" / "samjour.db")) as database:
        rows = database.execute("SELECT * FROM questions").fetchall()
        entries = database.execute("SELECT body FROM entries WHERE kind = 'question'").fetchall()
    told = repr(rows) + repr(entries)
    assert rows
    assert OFFICER not in told
    assert c.id not in told
    assert UNKNOWN not in told
    assert {row[3] for row in rows} == {local_day(NIGHT).isoformat()}
    assert all(f"{NIGHT:%Y-%m-%dT%H}".encode() not in body for (body,) in entries)


async def test_questions_go_when_a_decision_says_so(world: World, content: Content) -> None:
    """Without a decision they stay; with one the text is gone after its days, and the counts stay."""
    curator = await enrol(world, CURATOR, 1)
    await world.say(OFFICER, UNKNOWN)
    await next_day(world)
    decided = Decided(covers=RetentionClass.QUESTIONS, organisations=(MALMO,), number="PROV 1", days=7)
    policy = with_decisions(content.retention, [decided])
    deps = replace(world.deps, content=lambda: replace(content, retention=policy))
    await run(deps, "test")  # the first look erases nothing
    world.clock.move(DAY * 6)
    await run(deps, "test")
    assert len(await read(world, curator)) == 1
    world.clock.move(DAY * 2)
    assert await world.deps.store.write(lambda tx: questions.erase_due(tx, world.deps, "test")) == 0
    assert (await rehearse(deps)).questions == 1
    report = await run(deps, "test")
    assert (report.cleared, report.questions) == (True, 1)
    assert (await rehearse(deps)).questions == 0
    assert await read(world, curator) == []
    assert await counted(world) == {("nothing", None): 1}


class Unclean:
    """A store whose files cannot be made anew as long as something fails; `tried` counts how often it was asked to."""

    def __init__(self, store: Store) -> None:
        self.inner, self.tried = store, 0
        self.fails: Exception | None = None
        self.cannot = True

    async def write(self, act: Callable[[Tx], T]) -> T:
        return await self.inner.write(act)

    async def read(self, ask: Callable[[Tx], T]) -> T:
        return await self.inner.read(ask)

    async def scour(self) -> bool:
        self.tried += 1
        if self.fails is not None:
            raise self.fails
        return not self.cannot and await self.inner.scour()


async def long_kept(world: World, content: Content) -> tuple[Deps, Unclean]:
    """A question whose time is over, in a database whose files cannot be made anew."""
    await enrol(world, CURATOR, 1)
    await world.say(OFFICER, UNKNOWN)
    await next_day(world)
    decided = Decided(covers=RetentionClass.QUESTIONS, organisations=(MALMO,), number="PROV 1", days=7)
    policy = with_decisions(content.retention, [decided])
    store = Unclean(world.deps.store)
    deps = replace(world.deps, content=lambda: replace(content, retention=policy), store=store)
    store.cannot = False
    await run(deps, "test")  # the first look erases nothing
    store.cannot, store.tried = True, 0
    world.clock.move(DAY * 9)
    return deps, store


def quiet(world: World) -> timedelta:
    """How long until an hour in which retention works."""
    now = world.clock.now()
    return next(span for n in range(48) if is_quiet(now + (span := timedelta(hours=n))))


@pytest.mark.parametrize("fails", [None, Unavailable("there is no room for a copy")])
async def test_files_that_cannot_be_made_anew_are_tried_again(
    world: World, content: Content, fails: Exception | None
) -> None:
    """As with other erasures: while a snapshot or a full disk forbids it, that is said, and every quiet hour tries again."""
    deps, store = await long_kept(world, content)
    store.fails = fails
    if fails is None:
        report = await run(deps, "test")
        assert (report.cleared, report.questions) == (False, 1)
    else:
        with pytest.raises(Unavailable):
            await run(deps, "test")
    assert await deps.certificates.owes()
    assert store.tried == 1
    await look(deps)  # the day's run is over; is it quiet?
    tried = store.tried
    world.clock.move(quiet(world))
    await look(deps)
    assert store.tried > tried
    assert await deps.certificates.owes()
    store.fails, store.cannot, tried = None, False, store.tried
    await look(deps)
    assert store.tried == tried + 1
    assert not await deps.certificates.owes()
    await look(deps)
    assert store.tried == tried + 1


async def test_killed_after_the_note_nothing_is_lost(world: World, content: Content) -> None:
    """Ended between the note and the erasing: the next run makes the files anew, and erases what is due."""
    deps, store = await long_kept(world, content)
    await deps.certificates.owe()
    await deps.certificates.owe()
    store.cannot = False
    report = await run(deps, "test")
    assert (report.cleared, report.questions) == (True, 1)
    assert not await deps.certificates.owes()


async def test_without_anything_due_the_files_stay(world: World, content: Content) -> None:
    """A run that erases nothing copies no database."""
    deps, store = await long_kept(world, content)
    store.cannot = False
    await run(deps, "test")
    tried = store.tried
    await run(deps, "test")
    assert store.tried == tried


def test_overlapping_finds_leave_nothing_between() -> None:
    """Whatever the guard found is gone, however its finds overlap."""
    spans = (Span(0, 4, SpanType.NAME), Span(2, 8, SpanType.ADDRESS), Span(9, 10, SpanType.PHONE))
    assert unnamed("abcdefgh i j", spans, lambda span: span.type) == "[NAME] [PHONE] j"


async def ask(world: World, text: str, *, blocked: bool) -> object:
    """Keep a question as a channel where the guard stops would."""

    def act(tx: Tx) -> object:
        (c,) = tx.consultations.of_officer(PersonId(OFFICER), 1) or (None,)
        if c is None:
            return None
        verdict = Verdict(blocked=blocked, spans=(Span(7, 20, SpanType.NAME),), warned=())
        finding = Nothing(score=0.0, stop=None)
        questions.keep(tx, world.deps, c, text, verdict, finding)
        return c

    asked = next(a for a in world.deps.content().library.articles if a.status == "draft" and a.org is None)
    await world.say(OFFICER, asked.questions[0])
    return await world.deps.store.write(act)


def test_kinds_are_a_promise() -> None:
    """The values stand in rows and ledgers."""
    assert [kind.value for kind in QuestionKind] == ["unsure", "nothing", "withheld", "unhelpful"]
