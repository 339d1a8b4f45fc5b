"""Changes by people through the real app: what a press, the coordinator and an import do to rosters, rooms and chats."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.content import Content
from bot.core.booking import Refusal, Refused
from bot.core.consultation import State
from bot.core.errors import BadInput, Denied
from bot.core.feed import Format
from bot.core.ids import OrganisationId, PersonId
from bot.core.people import Role
from bot.core.policy import Act
from bot.core.request import Outcome
from bot.core.roster import Shift, ShiftId
from bot.core.roster_files import Written
from bot.core.shift_told import Mine, mine
from bot.core.swaps import SwapId
from bot.flow import door, shift_changes, swaps
from bot.flow.messages import Inbound
from bot.flow.ports import Tx
from bot.flow.roster_import import Given, take
from bot.flow.shift_book import book
from bot.flow.shift_changes import Doer, doer
from bot.flow.situation import attendance
from bot.flow.speaker import Speaker
from bot.flow.upkeep import signers
from bot.flow.verify import verify
from bot.flow.wake import pass_edges
from tests.flow.flow_world import (
    DAY_1,
    EVENING_1,
    EVENING_2,
    JOUR_3,
    NIGHT,
    World,
    read_content,
    through_gaps,
)

ANN, BO, DAY = (PersonId(name) for name in (EVENING_1, EVENING_2, DAY_1))
CHIEF = Doer(by=PersonId("command line"))
MALMO = OrganisationId("malmo")


@pytest.fixture(scope="module")
def content() -> Content:
    """The real files, where whoever is on duty is asked though others have gone off."""
    return through_gaps(read_content())


async def shifts_of(world: World, person: PersonId) -> tuple[Mine, ...]:
    """What somebody holds in the coming week."""
    now = world.clock.now()
    return await world.deps.store.read(
        lambda tx: mine(book(tx, now, now + timedelta(days=7)).parts, person, now)
    )


async def there(world: World, at: datetime) -> set[str]:
    """Who of Malmö's is on duty at a minute."""
    found = await world.deps.store.read(lambda tx: attendance(tx, at))
    return {p for p in found.present if p.startswith("p-malmo-")}


async def holds(world: World) -> None:
    verdict = await world.deps.store.read(lambda tx: verify(tx, signers(world.deps)))
    assert verdict.faults == ()


async def do(world: World, act: object) -> None:
    await world.deps.store.write(act)  # type: ignore[arg-type]  # an act of one Tx
    world.deps.bells.ring()
    await world.work()


async def link(world: World, person: str) -> None:
    """Somebody has Telegram from now on."""
    code = await world.deps.store.write(lambda tx: door.issue_code(tx, world.deps, PersonId(person)))
    await world.command(person, "start", code)


async def test_sick_now_takes_back_doorbells_and_passes_talks_on(world: World) -> None:
    """Whoever falls ill with a talk open: the officer is sought another at once, and is told; nobody waits for them."""
    c = await world.ask_for()
    await world.accept(EVENING_1)
    assert (await world.latest()).holder == ANN
    own = (await shifts_of(world, ANN))[0]
    await world.command(EVENING_1, "pass")
    await world.press_shown(EVENING_1, f"s:see:{own.span.ref}")
    await world.press_shown(EVENING_1, ":ill:" + own.span.ref)
    assert (await world.latest()).state is State.OPEN  # nothing yet: it is asked whether it is sure
    await world.press_shown(EVENING_1, ":gone:" + own.span.ref)
    c = await world.latest()
    assert c.state is State.OFFERED
    assert [(o.person, o.outcome) for o in c.offers] == [
        (ANN, Outcome.COULD_NOT_ATTEND),
        (BO, Outcome.PENDING),
    ]
    assert EVENING_1 not in await there(world, NIGHT)
    assert EVENING_1 in await there(world, own.starts)
    assert world.texts(EVENING_1)[-1] == (
        "Passet är inte längre ditt. Samordnaren och chefen har fått veta att det saknar person."
    )
    await holds(world)


async def test_a_pending_doorbell_of_whoever_falls_ill_is_withdrawn(world: World) -> None:
    """Offers are taken back and the next is rung, without waiting for the step's seconds."""
    await world.ask_for()
    await do(world, lambda tx: shift_changes.sick_now(tx, world.deps, ANN, CHIEF))
    c = await world.latest()
    assert [(o.person, o.outcome) for o in c.offers] == [(ANN, Outcome.WITHDRAWN), (BO, Outcome.PENDING)]
    await holds(world)


async def test_a_gap_is_told_to_those_who_oversee_without_a_name(world: World) -> None:
    """Coordinator and supervisor are told at once, by time and board; when it is filled there is nothing left to say."""
    boss = "p-malmo-samordnare"
    await link(world, boss)
    await do(world, lambda tx: shift_changes.sick_now(tx, world.deps, ANN, CHIEF))
    (told,) = [text for text in world.texts(boss) if "saknar person" in text]
    assert told.startswith("Ett pass saknar person: i dag kl. ")
    assert "Malmö" in told
    assert "sjuk" not in told.lower()


async def test_whoever_can_work_after_all_has_their_shift_again(world: World) -> None:
    """On duty again by one press, unless somebody has taken it since."""
    await do(world, lambda tx: shift_changes.sick_now(tx, world.deps, ANN, CHIEF))
    assert EVENING_1 not in await there(world, NIGHT)
    world.clock.move(timedelta(minutes=1))
    await world.press(EVENING_1, "d:on")
    now = world.clock.now()
    found = await world.deps.store.read(lambda tx: attendance(tx, now))
    (duty,) = found.present[ANN]
    assert not duty.pressed
    await holds(world)


async def test_nothing_changes_before_the_other_has_said_yes(world: World) -> None:
    """LO#296: a swap needs an approval; until then whoever stands on the roster is on duty."""
    own = (await shifts_of(world, ANN))[1]
    await offer_to_all(world, own)
    assert EVENING_1 in await there(world, own.starts)
    await world.press_shown(DAY_1, yes(world, DAY_1))
    assert DAY_1 in await there(world, own.starts)
    assert EVENING_1 not in await there(world, own.starts)
    assert any(text.startswith("Det blev ja") for text in world.texts(EVENING_1))
    await holds(world)


async def offer_to_all(world: World, own: Mine) -> None:
    """Ann gives a coming shift of hers out."""
    await world.command(EVENING_1, "pass")
    await world.press_shown(EVENING_1, f"s:see:{own.span.ref}")
    await world.press_shown(EVENING_1, f":give:{own.span.ref}")


def yes(world: World, person: str) -> str:
    """The press of the newest button with which somebody says yes."""
    presses = [p for message in world.messages(person) for p in message.presses if p.startswith("s:yes:")]
    return presses[-1]


async def test_what_is_given_out_is_seen_by_all_who_could_take_it(world: World) -> None:
    """OC#2844: it is shown also to who has nothing to swap; the first yes has it, the second is told, the message says so."""
    own = (await shifts_of(world, ANN))[1]
    await offer_to_all(world, own)
    asked = [text for text in world.texts(DAY_1) if text.startswith("Ett pass är utlagt")]
    assert len(asked) == 1
    assert not any("Ann" in text or "EVENING" in text for text in asked)
    await world.command(DAY_1, "pass")
    assert any("Lediga pass" in b.text for m in world.messages(DAY_1) for b in m.buttons)
    press = yes(world, DAY_1)
    await world.press_shown(DAY_1, press)
    await world.press_shown(DAY_1, press) if press in all_presses(world, DAY_1) else None
    with pytest.raises(Refused) as refused:
        await do(
            world,
            lambda tx: swaps.agree(tx, world.deps, SwapId(press.split(":")[2]), Doer(by=BO)),
        )
    assert refused.value.why is Refusal.ANSWERED


def all_presses(world: World, person: str) -> set[str]:
    return {press for message in world.messages(person) for press in message.presses}


async def test_a_swap_is_proposed_agreed_and_told(world: World) -> None:
    """Two take-overs with consent: by buttons, without a name; both halves in one act."""
    mine_, theirs = (await shifts_of(world, ANN))[1], (await shifts_of(world, DAY))[0]
    await world.command(EVENING_1, "pass")
    await world.press_shown(EVENING_1, f"s:see:{mine_.span.ref}")
    await world.press_shown(EVENING_1, f":pick:{mine_.span.ref}")
    await world.press_shown(EVENING_1, f":{theirs.span.ref}")
    assert world.texts(EVENING_1)[-1].startswith("Frågan är ställd")
    assert "En kollega vill byta" in world.texts(DAY_1)[-1]
    await world.press_shown(DAY_1, yes(world, DAY_1))
    assert DAY_1 in await there(world, mine_.starts)
    assert EVENING_1 in await there(world, theirs.starts)
    await holds(world)


async def test_a_no_leaves_everything_and_an_answered_question_is_over(world: World) -> None:
    """Refused, taken back, answered twice, answered by another: nothing changes, and each is said."""
    own = (await shifts_of(world, ANN))[1]

    def ask(tx: Tx) -> SwapId:
        by = Doer(by=ANN)
        return swaps.propose(tx, world.deps, by, giver=ANN, gives=own.span, taker=DAY).id

    for answer, who, state in (
        (swaps.refuse, DAY, "Det blev nej"),
        (swaps.withdraw, ANN, "Frågan är tillbakadragen"),
    ):
        world.clock.move(timedelta(minutes=1))
        named = await world.deps.store.write(ask)
        with pytest.raises(Refused) as refused:
            await do(world, lambda tx, named=named: swaps.agree(tx, world.deps, named, Doer(by=BO)))
        assert refused.value.why is Refusal.NOT_ASKED
        await do(
            world, lambda tx, named=named, answer=answer, who=who: answer(tx, world.deps, named, Doer(by=who))
        )
        told = EVENING_1 if who == DAY else DAY_1
        assert world.texts(told)[-1].startswith(state)
        with pytest.raises(Refused) as refused:
            await do(world, lambda tx, named=named: swaps.agree(tx, world.deps, named, Doer(by=DAY)))
        assert refused.value.why is Refusal.ANSWERED
    assert EVENING_1 in await there(world, own.starts)
    await holds(world)


async def test_overlapping_proposals_are_not_possible(world: World) -> None:
    """OC#2787: one question about a shift at a time."""
    own = (await shifts_of(world, ANN))[1]
    half = replace(own.span, ends=own.starts + timedelta(hours=2))

    def ask(tx: Tx) -> None:
        swaps.propose(tx, world.deps, Doer(by=ANN), giver=ANN, gives=own.span, taker=None)
        swaps.propose(tx, world.deps, Doer(by=ANN), giver=ANN, gives=half, taker=DAY)

    with pytest.raises(Refused) as refused:
        await world.deps.store.write(ask)
    assert refused.value.why is Refusal.PROPOSED


async def test_whoevers_next_shift_is_another_is_told_with_its_hours(world: World) -> None:
    """GA#1973, OC#2249, OC#3096: begin, end, holder; a clock time that is right whenever it is read; whoever did it knows."""
    own = (await shifts_of(world, ANN))[0]
    await do(world, lambda tx: shift_changes.take_for(tx, world.deps, own.span, DAY, CHIEF))
    assert world.texts(EVENING_1)[-1].startswith("Dina pass har ändrats. Så här är det nu:\n• ")
    assert "• i dag kl. 22.40–01.00, Malmö stad\n" in world.texts(DAY_1)[-1]
    assert "min" not in world.texts(DAY_1)[-1].split()
    assert not any("ändrats" in text for text in world.texts(EVENING_2))


async def test_a_proposal_is_void_when_what_it_was_about_has_gone(world: World) -> None:
    """The coordinator gives the shift to another: whoever was asked, and who asked, are told."""
    own = (await shifts_of(world, ANN))[1]

    def ask(tx: Tx) -> None:
        swaps.propose(tx, world.deps, Doer(by=ANN), giver=ANN, gives=own.span, taker=DAY)

    await do(world, ask)
    await do(world, lambda tx: shift_changes.let_go(tx, world.deps, own.span, ANN, CHIEF))
    assert any(text.startswith("Frågan gäller inte längre") for text in world.texts(DAY_1))
    assert any(text.startswith("Frågan gäller inte längre") for text in world.texts(EVENING_1))
    assert await world.deps.store.read(lambda tx: tx.swaps.waiting()) == ()
    await holds(world)


async def test_a_doorbell_goes_with_the_shift_at_the_minute_when_a_part_begins(world: World) -> None:
    """A partial take-over begins at 23.00: whoever gave it is asked no longer, whoever took it is."""
    own = (await shifts_of(world, ANN))[0]
    starts = world.clock.now() + timedelta(minutes=1)
    part = replace(own.span, starts=starts)
    looked = world.clock.now()
    await do(world, lambda tx: shift_changes.take_for(tx, world.deps, part, DAY, CHIEF))
    c = await world.ask_for()
    assert [(o.person, o.outcome) for o in c.offers] == [(ANN, Outcome.PENDING)]
    world.clock.move(starts - world.clock.now())
    assert await pass_edges(world.deps, looked, world.clock.now())
    await world.work()
    c = await world.latest()
    assert (c.offers[0].person, c.offers[0].outcome) == (ANN, Outcome.WITHDRAWN)
    assert EVENING_1 not in await there(world, starts)


async def test_the_coordinator_of_another_organisation_changes_nothing(world: World) -> None:
    """Each authority its own: refused by policy, for a shift, for an absence, and for oneself as coordinator."""
    people = {p.id: p for p in await world.deps.store.read(lambda tx: tx.people.all())}
    ann = people[ANN]
    for role, organisation, allowed in (
        (Role.COORDINATOR, "malmo", True),
        (Role.COORDINATOR, "farsta", False),
        (Role.SUPERVISOR, "malmo", False),
    ):
        posting = replace(ann.postings[0], organisation=OrganisationId(organisation), role=role, areas=())
        chief = replace(people[PersonId(JOUR_3)], id=PersonId("p-prov"), postings=(posting,))
        who = Speaker(person=chief, inbound=some_inbound(), language="sv", now=world.clock.now())
        acts = (Act.DUTY_TAKE_OVER, Act.DUTY_SWAP, Act.DUTY_SICK)
        for act in acts:
            if allowed:
                assert doer(world.deps, who, act, ann, {MALMO}).by == chief.id
            else:
                with pytest.raises(Denied):
                    doer(world.deps, who, act, ann, {MALMO})


def some_inbound() -> Inbound:
    return Inbound(channel="web", address="", native_id="1", at=NIGHT)


async def test_a_shift_that_an_import_moves_takes_its_change_along_and_both_are_told(world: World) -> None:
    """OC#4182 through the app: the roster comes again with other hours, then without the shift."""
    own = (await shifts_of(world, ANN))[1]
    await do(world, lambda tx: shift_changes.take_for(tx, world.deps, own.span, DAY, CHIEF))
    later = timedelta(hours=1)
    await put(world, lambda s: replace(s, starts=s.starts + later) if is_it(s, own) else s)
    assert DAY_1 not in await there(world, own.starts)
    assert DAY_1 in await there(world, own.starts + later)
    assert EVENING_1 not in await there(world, own.starts + later)
    await put(world, lambda s: None if is_it(s, own) else s)
    assert await there(world, own.starts + later) <= {EVENING_2}
    found = await world.deps.store.read(lambda tx: tx.rosters.overrides(own.starts, own.ends))
    assert [o for o in found if o.shift is not None] == []
    for person in (EVENING_1, DAY_1):
        assert any("gäller inte längre" in text for text in world.texts(person))
    await holds(world)


def is_it(shift: Shift, own: Mine) -> bool:
    return shift.id == own.shift.id


async def put(world: World, change: object) -> None:
    """Malmö's roster comes again as a file whose shifts are these."""
    deps, now = world.deps, world.clock.now()
    shifts = await deps.store.read(lambda tx: tx.rosters.of_source(MALMO, "demo", now))
    changed = [change(shift) for shift in shifts]  # type: ignore[operator]  # a function of a shift
    written = [Written(place="line", shift=s) for s in changed if s is not None]
    given = Given(organisation=MALMO, source="demo", format=Format.CSV, data=b"")
    await do(world, lambda tx: take(tx, deps, given, written, by="test"))


async def test_a_shift_under_way_that_grows_stays_with_whoever_took_it(world: World) -> None:
    """History is as it was, the part ahead reaches the new end; given to another by the roster, it is theirs from now."""
    own, now = (await shifts_of(world, ANN))[0], world.clock.now()
    await do(world, lambda tx: shift_changes.take_for(tx, world.deps, own.span, DAY, CHIEF))
    hour = timedelta(hours=1)
    world.clock.move(timedelta(minutes=10))
    await put(world, lambda s: replace(s, ends=s.ends + hour) if is_it(s, own) else s)
    assert EVENING_1 in await there(world, now - hour)
    assert DAY_1 in await there(world, own.ends + hour / 2)
    assert EVENING_1 not in await there(world, own.ends + hour / 2)
    world.clock.move(timedelta(minutes=10))
    jour = PersonId("p-malmo-dag-2")
    await put(world, lambda s: replace(s, person=jour) if is_it(s, own) else s)
    assert DAY_1 in await there(world, now + timedelta(minutes=5))
    assert jour in await there(world, world.clock.now())
    assert DAY_1 not in await there(world, world.clock.now())
    await holds(world)


async def test_a_roster_that_says_what_people_agreed_upon_is_no_news(world: World) -> None:
    """The coordinator writes the take-over into the calendar: the same person is on duty, and nobody is told anything."""
    own = (await shifts_of(world, ANN))[1]
    await do(world, lambda tx: shift_changes.take_for(tx, world.deps, own.span, DAY, CHIEF))
    before = {person: len(world.texts(person)) for person in (EVENING_1, DAY_1)}
    await put(world, lambda s: replace(s, person=DAY) if is_it(s, own) else s)
    assert DAY_1 in await there(world, own.starts)
    assert {person: len(world.texts(person)) for person in before} == before
    await holds(world)


async def test_a_calendar_that_renews_its_names_loses_neither_changes_nor_questions(world: World) -> None:
    """What was taken over stays taken, and what waits for an answer goes on waiting, about the shift as it is called now."""
    taken, asked = (await shifts_of(world, ANN))[1:3]
    await do(world, lambda tx: shift_changes.take_for(tx, world.deps, taken.span, DAY, CHIEF))

    def ask(tx: Tx) -> SwapId:
        return swaps.propose(tx, world.deps, Doer(by=ANN), giver=ANN, gives=asked.span, taker=None).id

    named = await world.deps.store.write(ask)
    last = max(await shifts_of(world, BO), key=lambda one: one.starts)
    hour = timedelta(hours=1)

    def anew(shift: Shift) -> Shift:
        moved = replace(shift, ends=shift.ends - hour) if is_it(shift, last) else shift
        return replace(moved, id=ShiftId(f"ny/{shift.id}"))

    await put(world, anew)
    assert DAY_1 in await there(world, taken.starts)
    assert EVENING_1 not in await there(world, taken.starts)
    await do(world, lambda tx: swaps.agree(tx, world.deps, named, Doer(by=DAY)))
    assert DAY_1 in await there(world, asked.starts)
    await holds(world)


async def test_an_import_on_top_of_what_somebody_took_over_is_refused_with_its_line(world: World) -> None:
    """Nobody is booked twice: the file is told which line, and nothing of it is taken."""
    own, free = (await shifts_of(world, ANN))[1], (await shifts_of(world, DAY))[0]
    await do(world, lambda tx: shift_changes.take_for(tx, world.deps, own.span, DAY, CHIEF))

    def onto(shift: Shift) -> Shift:
        return replace(shift, starts=own.starts, ends=own.ends) if is_it(shift, free) else shift

    with pytest.raises(BadInput, match="line: the person has another shift then"):
        await put(world, onto)
    await holds(world)
