"""Deadlines: what happens when nobody says anything, and when somebody says it too late."""

from datetime import UTC, datetime, timedelta

from bot.core.consultation import State
from bot.core.events import Ending
from bot.core.ids import PersonId
from bot.core.request import Outcome, Urgency
from tests.stories.conftest import Begin
from tests.stories.story import (
    DAY_1,
    DAY_2,
    DEMO_LINES,
    EVE,
    EVENING_1,
    EVENING_2,
    HOUR,
    JOUR_1,
    JOUR_2,
    JOUR_3,
    JOUR_4,
    MINUTE,
    NIGHT,
    OFFICER,
    OUTREACH_1,
    OUTREACH_2,
    RING,
    SECOND,
    STEP,
    TUESDAY,
    Story,
)

EVERYBODY = (EVENING_1, EVENING_2, JOUR_3, JOUR_4, OUTREACH_1, OUTREACH_2)
JOUR_CHANGES = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)  # 08.00 on Sunday
MONDAY_OPENING = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
CLOCKS_GO_BACK = datetime(
    2026, 10, 25, 0, 59, 30, tzinfo=UTC
)  # 02.59.30; half a minute later it is 02.00 again
CAN_WAIT = "Kan vänta till nästa öppettid"
NO_LONGER = "Det kan inte vänta längre"


def rings(story: Story, *people: str) -> set[str]:
    """Who of them has ever been rung; all are asked when none are named."""
    return {
        person
        for person in people or EVERYBODY
        if any(RING in (message.text, *message.history) for message in story.phone(person).messages)
    }


async def nobody_answers(story: Story, *steps: tuple[str, ...]) -> None:
    """Each step's people are rung at once and say nothing; the next only when the time is out."""
    for people in steps:
        for person in people:
            await story.rung(person)
        before = rings(story)
        await story.pass_time(STEP - SECOND)
        assert rings(story) == before, "somebody was rung before the time was out"
        await story.pass_time(SECOND)
        for person in people:
            await story.phone(person).wait_for_text("Tiden gick ut")


# ---- silence ---------------------------------------------------------------------------------------------


async def test_silence_goes_on_step_by_step_to_the_numbers(night: Story) -> None:
    """Nobody waits for somebody who says nothing: each step gets its seconds, no more and no less, then come numbers."""
    await night.ask_for(night.phone(OFFICER))
    await nobody_answers(night, (EVENING_1,), (EVENING_2,), (JOUR_3, JOUR_4))
    card = await night.phone(OFFICER).wait_for_button("Nej, ingen svarade")
    c = await night.latest()
    assert (c.state, c.ending) == (State.PHONED, None)
    assert {offer.outcome for offer in c.offers} == {Outcome.SILENT}
    assert DEMO_LINES[0] in card.text
    assert not rings(night, OUTREACH_1, OUTREACH_2), "outreach was asked for advice"
    await night.verified()


async def test_the_card_says_what_comes_next_at_every_step(night: Story) -> None:
    """The officer never waits without knowing for whom, until when, and what to call meanwhile."""
    officer = night.phone(OFFICER)
    card = await night.ask_for(officer)
    for who, following in (
        ("Socialsekreterare hos polisen", "Därefter: Socialsekreterare hos polisen"),
        ("Socialsekreterare hos polisen", "Därefter: Socialjouren"),
        ("Socialjouren", "Därefter: nummer att ringa"),
    ):
        text = (await officer.wait_for_text(following, after=None)).text
        assert f"Frågar {who}" in text
        assert DEMO_LINES[0] in text
        assert "Har du inget hört kl." in text
        await night.pass_time(STEP)
    final = await officer.wait_for_text("Svarade någon?")
    assert final.message_id == card.message_id, "the live message was not the same one"


async def test_a_decline_goes_on_at_once(night: Story) -> None:
    """A no costs no time: the next one is rung in the same minute."""
    await night.ask_for(night.phone(OFFICER))
    await night.decline(EVENING_1)
    await night.rung(EVENING_2)
    assert night.clock.now() == NIGHT


# ---- the last second ----------------------------------------------------------------------------------------


async def test_accepting_in_the_last_second_counts(night: Story) -> None:
    """Until the minute is over, a yes is a yes."""
    await night.ask_for(night.phone(OFFICER))
    offer = await night.show(EVENING_1)
    await night.pass_time(STEP - SECOND)
    await night.phone(EVENING_1).press("Jag tar den", offer)
    await night.phone(EVENING_1).wait_for_text("Du har förfrågan")
    assert (await night.latest()).holder == PersonId(EVENING_1)


async def test_accepting_a_second_too_late_is_told_so(night: Story) -> None:
    """A second after, the request belongs to the next one, and whoever was late is told when the time was out."""
    await night.ask_for(night.phone(OFFICER))
    offer = await night.show(EVENING_1)
    await night.pass_time(STEP + SECOND)
    recorded = await night.recorded()
    await night.phone(EVENING_1).press("Jag tar den", offer)
    await night.quiet()
    late = night.phone(EVENING_1).last
    assert late.text == "Tiden gick ut kl. 22.41. Den gick vidare."
    assert late.buttons == ()
    c = await night.latest()
    assert (c.state, c.holder) == (State.OFFERED, None)
    assert [offer.person for offer in c.pending] == [EVENING_2]
    assert await night.recorded() == recorded, "a late yes changed something"


async def test_both_see_the_same_deadline(night: Story) -> None:
    """What the worker is told is what the officer is told."""
    card = await night.ask_for(night.phone(OFFICER))
    offer = await night.show(EVENING_1)
    assert "Svar senast kl. 22.41" in card.text
    assert "Svara senast kl. 22.41" in offer.text


# ---- after the yes --------------------------------------------------------------------------------------------


async def test_an_accept_without_an_answer_lapses(night: Story) -> None:
    """Whoever takes it and then says nothing for three minutes has it no longer: both are told, the chain goes on."""
    await night.open_talk()
    await night.pass_time(3 * MINUTE - SECOND)
    assert (await night.latest()).holder == PersonId(EVENING_1)
    await night.pass_time(SECOND)
    await night.phone(OFFICER).wait_for_text("svarade inte. Jag söker vidare")
    await night.phone(EVENING_1).wait_for_text("Du svarade inte i tid")
    await night.rung(EVENING_2)
    c = await night.latest()
    assert [(o.person, o.outcome) for o in c.offers[:1]] == [(EVENING_1, Outcome.LAPSED)]
    await night.accept(EVENING_2)
    await night.verified()


async def test_whoever_lapsed_hears_nothing_more(night: Story) -> None:
    """Once the request has gone on, what the officer writes reaches the new holder alone."""
    await night.open_talk()
    await night.pass_time(3 * MINUTE)
    await night.accept(EVENING_2)
    before = night.phone(EVENING_1).last
    await night.phone(OFFICER).say("Är det någon annan som har tagit över nu?")
    await night.phone(EVENING_2).wait_for_text("har tagit över nu?")
    await night.quiet()
    assert night.phone(EVENING_1).last == before


async def test_writing_twice_gives_no_more_time(night: Story) -> None:
    """The first word that waits for an answer counts: an officer who adds to it does not excuse the worker."""
    await night.open_talk()
    await night.phone(EVENING_1).say("Jag hör er. Vad har hänt hittills?")
    await night.phone(OFFICER).wait_for_text("Vad har hänt hittills?")
    await night.phone(OFFICER).say("Vi är kvar på platsen.")
    await night.quiet()
    await night.pass_time(2 * MINUTE)
    await night.phone(OFFICER).say("Hur länge dröjer det?")
    await night.quiet()
    await night.pass_time(MINUTE)
    await night.phone(EVENING_1).wait_for_text("Du svarade inte i tid")


async def test_a_talk_that_is_quiet_for_long_closes(night: Story) -> None:
    """Two hours after the last word nobody is kept waiting: it is closed, and both are told how."""
    await night.open_talk()
    await night.phone(EVENING_1).say("Då gör vi så, ring om något ändras.")
    await night.phone(OFFICER).wait_for_text("ring om något ändras")
    await night.quiet()
    await night.pass_time(2 * HOUR - SECOND)
    assert (await night.latest()).state is State.OPEN
    await night.pass_time(SECOND)
    for person in (OFFICER, EVENING_1):
        await night.phone(person).wait_for_text("länge tyst")
    c = await night.latest()
    assert (c.state, c.ending) == (State.CLOSED, Ending.QUIET)
    await night.verified()


async def test_could_not_come_goes_on_at_once(night: Story) -> None:
    """Whoever took it and cannot come says so: the officer knows it, and the next one is rung, in the same minute."""
    await night.open_talk()
    await night.phone(EVENING_1).press("Jag kan inte komma")
    await night.phone(OFFICER).wait_for_text("kan inte komma")
    await night.rung(EVENING_2)
    assert night.clock.now() == NIGHT


# ---- what can wait ----------------------------------------------------------------------------------------------


async def test_what_can_wait_waits_for_the_opening(night: Story) -> None:
    """On Saturday night nobody is woken for what can wait; on Monday at eight those at the police are asked."""
    card = await night.ask_for(night.phone(OFFICER), urgency=CAN_WAIT, until=NO_LONGER)
    assert "måndag 23 november kl. 08.00" in card.text
    c = await night.latest()
    assert (c.state, c.due) == (State.DEFERRED, MONDAY_OPENING)
    await night.pass_time(MONDAY_OPENING - NIGHT - SECOND)
    assert not rings(night, *EVERYBODY, DAY_1, DAY_2)
    await night.pass_time(SECOND)
    await night.rung(DAY_1)
    await night.rung(DAY_2)
    assert not rings(night)


async def test_it_cannot_wait_any_longer(night: Story) -> None:
    """One button, and somebody is woken at once."""
    officer = night.phone(OFFICER)
    card = await night.ask_for(officer, urgency=CAN_WAIT, until=NO_LONGER)
    await night.pass_time(10 * MINUTE)
    await officer.press(NO_LONGER, card)
    await night.rung(EVENING_1)
    c = await night.latest()
    assert c.request is not None
    assert c.request.urgency is Urgency.NOW
    again = await officer.wait_for_button("Dra tillbaka")
    assert again.message_id == card.message_id
    await officer.press(NO_LONGER, card)  # the same thumb once more, on what stood there before
    await night.quiet()
    assert "läget har ändrats" in officer.last.text
    await night.verified()


async def test_in_office_hours_nothing_is_put_off(begin: Begin) -> None:
    """What can wait until the opening is asked now when it is open."""
    async with begin(TUESDAY) as day:
        await day.ask_for(day.phone(OFFICER), urgency=CAN_WAIT)
        await day.rung(DAY_1)


async def test_a_decision_is_never_put_off(night: Story) -> None:
    """A decision goes to the jour at once, and nobody is asked how soon: nobody else has the right."""
    officer = night.phone(OFFICER)
    await night.ask_for(officer, "Beslut", detail="Omedelbart omhändertagande (LVU 6 §)", urgency="")
    await night.rung(JOUR_3)
    await night.rung(JOUR_4)
    await nobody_answers(night, (JOUR_3, JOUR_4))
    await officer.wait_for_button("Nej, ingen svarade")
    assert rings(night) == {JOUR_3, JOUR_4}, "somebody without the right to decide was asked"


# ---- who is never asked -------------------------------------------------------------------------------------------


async def test_outreach_is_never_asked_for_an_interview(night: Story) -> None:
    """Presence at an interview is the social services' own duty (LUL 7 §): after the jour come numbers, not outreach."""
    await night.ask_for(night.phone(OFFICER), "Närvaro vid förhör (LUL 7 §)", detail="Nu")
    await nobody_answers(night, (EVENING_1,), (EVENING_2,), (JOUR_3, JOUR_4))
    await night.phone(OFFICER).wait_for_button("Nej, ingen svarade")
    assert not rings(night, OUTREACH_1, OUTREACH_2)


async def test_outreach_is_asked_for_presence_after_the_jour(night: Story) -> None:
    """Presence on the spot: the outreach is asked, both at once, only when the jour was tried in vain."""
    await night.ask_for(night.phone(OFFICER), "Närvaro på plats")
    await nobody_answers(night, (EVENING_1,), (EVENING_2,), (JOUR_3, JOUR_4), (OUTREACH_1, OUTREACH_2))
    await night.phone(OFFICER).wait_for_button("Nej, ingen svarade")


# ---- numbers ------------------------------------------------------------------------------------------------------


async def test_numbers_come_one_after_the_other_and_again(night: Story) -> None:
    """After the last number that nobody answers comes the first again: there is always one to call."""
    officer = night.phone(OFFICER)
    await night.ask_for(officer)
    await nobody_answers(night, (EVENING_1,), (EVENING_2,), (JOUR_3, JOUR_4))
    for number in (*DEMO_LINES, DEMO_LINES[0]):
        card = await officer.wait_for_text(f": {number}. ")
        await officer.press("Nej, ingen svarade", card)
    await officer.wait_for_text(f": {DEMO_LINES[1]}.")
    c = await night.latest()
    assert [(tried.number, tried.answered) for tried in c.tried] == [
        ("malmo-jour", False),
        ("malmo-tib", False),
        ("malmo-befal", False),
        ("malmo-jour", False),
    ]


async def test_pressing_no_twice_skips_no_number(night: Story) -> None:
    """A thumb that slips twice on the same number does not pass over the next one."""
    officer = night.phone(OFFICER)
    await night.ask_for(officer)
    await nobody_answers(night, (EVENING_1,), (EVENING_2,), (JOUR_3, JOUR_4))
    card = await officer.wait_for_button("Nej, ingen svarade")
    await officer.press("Nej, ingen svarade", card)
    await officer.press("Nej, ingen svarade", card)
    await night.quiet()
    live = await officer.wait_for_button("Nej, ingen svarade")
    assert f": {DEMO_LINES[1]}." in live.text
    assert len((await night.latest()).tried) == 1


async def test_numbers_stand_for_twelve_hours(night: Story) -> None:
    """What was left to the telephone is closed in the end, and the officer is told."""
    officer = night.phone(OFFICER)
    await night.ask_for(officer)
    await nobody_answers(night, (EVENING_1,), (EVENING_2,), (JOUR_3, JOUR_4))
    await night.pass_time(JOUR_CHANGES - night.clock.now() - SECOND)
    assert not rings(night, JOUR_1, JOUR_2)
    await night.pass_time(SECOND)
    await night.decline(JOUR_1)  # who have just come on duty, and are asked
    await night.decline(JOUR_2)
    assert (await night.latest()).state is State.PHONED
    await night.pass_time(NIGHT + 12 * HOUR - night.clock.now() - SECOND)
    assert (await night.latest()).state is State.PHONED
    await night.pass_time(SECOND)
    c = await night.latest()
    assert (c.state, c.ending) == (State.CLOSED, Ending.PHONE)
    await officer.wait_for_text("Avslutad")


async def test_another_municipality_gets_a_number_at_once(night: Story) -> None:
    """Where there is nobody to ask, nobody is waited for."""
    card = await night.ask_for(night.phone(OFFICER), place="Annan kommun", until="Nej, ingen svarade")
    assert "070-1740608" in card.text
    assert not rings(night)


# ---- days and hours -----------------------------------------------------------------------------------------------


async def test_christmas_eve_is_no_office_day(begin: Begin) -> None:
    """Thursday 24 December at ten is outside office hours: the jour is asked, and its number stands on the card."""
    async with begin(EVE) as eve:
        card = await eve.ask_for(eve.phone(OFFICER))
        await eve.rung(JOUR_1)
        await eve.rung(JOUR_2)
        assert DEMO_LINES[0] in card.text
        assert "070-1740609" not in card.text, "the reception is closed"
        assert not rings(eve, DAY_1, DAY_2, EVENING_1)


async def test_a_tuesday_morning_is(begin: Begin) -> None:
    """The same hour on a working day: those at the police are asked, and the reception's number stands on the card."""
    async with begin(TUESDAY) as day:
        card = await day.ask_for(day.phone(OFFICER))
        await day.rung(DAY_1)
        await day.rung(DAY_2)
        assert "070-1740609" in card.text
        assert not rings(day, JOUR_1, JOUR_2)


async def test_a_minute_is_a_minute_while_the_clocks_go_back(begin: Begin) -> None:
    """In the night when 02.59 is followed by 02.00 nobody gets an hour more, and nobody is skipped."""
    async with begin(CLOCKS_GO_BACK) as night:
        await night.ask_for(night.phone(OFFICER))
        await night.rung(EVENING_2)
        c = await night.latest()
        assert c.due == CLOCKS_GO_BACK + STEP
        assert not rings(night, EVENING_1), "the evening duty ended at one"
        await night.pass_time(STEP)
        await night.rung(JOUR_3)
        await night.rung(JOUR_4)
        await night.accept(JOUR_3)


async def test_a_jump_of_the_clock_loses_no_deadline(night: Story) -> None:
    """A machine that slept for an hour works off what is overdue when it wakes, once."""
    await night.ask_for(night.phone(OFFICER))
    await night.rung(EVENING_1)
    await night.pass_time(timedelta(hours=1))
    await night.rung(EVENING_2)
    c = await night.latest()
    assert [offer.outcome for offer in c.offers] == [Outcome.SILENT, Outcome.PENDING]
    assert c.due == NIGHT + timedelta(hours=1) + STEP, "whoever is asked now has the whole minute"
