"""Buttons and commands that come too late, too early or twice: one clear answer, and nothing changes."""

from bot.core.consultation import State
from bot.core.events import Ending
from bot.core.ids import PersonId
from bot.core.request import Outcome
from tests.stories.story import (
    BUSY,
    EVENING_1,
    EVENING_2,
    JOUR_3,
    JOUR_4,
    MINUTE,
    OFFICER,
    OFFICER_2,
    Story,
    new_page,
)

CHANGED = "läget har ändrats"


async def refused(story: Story, person: str, data: str, *parts: str) -> None:
    """The press is answered with one of these, and recorded nowhere."""
    await story.quiet()
    recorded = await story.recorded()
    before = {m.message_id: m.text for m in story.phone(person).messages}
    await story.press_raw(person, data)
    new = [
        m.text
        for m in story.phone(person).messages
        if m.from_bot and before.get(m.message_id) != m.text and not m.deleted
    ]
    assert len(new) == 1, new
    assert any(part in new[0] for part in parts), new
    assert await story.recorded() == recorded


# ---- after it has ended ---------------------------------------------------------------------------------------------


async def test_accepting_what_was_withdrawn(night: Story) -> None:
    """The officer has withdrawn it: a yes that comes then takes nothing, and says that nothing need be done."""
    officer, worker = night.phone(OFFICER), night.phone(EVENING_1)
    card = await night.ask_for(officer)
    offer = await night.show(EVENING_1)
    await officer.press("Dra tillbaka", card)
    await worker.wait_for_text("Tillbakadragen. Du behöver inte göra något.")
    await night.quiet()
    recorded = await night.recorded()
    await worker.press("Jag tar den", offer)
    await night.quiet()
    assert worker.last.text == "Tillbakadragen. Du behöver inte göra något."
    c = await night.latest()
    assert (c.state, c.ending, c.holder) == (State.CLOSED, Ending.CANCELLED, None)
    assert await night.recorded() == recorded


async def test_declining_after_the_yes(night: Story) -> None:
    """Whoever took it and then presses no under the old message has it still, and is told so."""
    await night.ask_for(night.phone(OFFICER))
    offer = await night.show(EVENING_1)
    await night.phone(EVENING_1).press("Jag tar den", offer)
    await night.phone(EVENING_1).wait_for_text("Du har förfrågan")
    await night.quiet()
    recorded = await night.recorded()
    await night.phone(EVENING_1).press(BUSY, offer)
    await night.phone(EVENING_1).press("Jag tar den", offer)
    await night.quiet()
    assert await night.recorded() == recorded
    assert (await night.latest()).holder == PersonId(EVENING_1)


async def test_withdrawing_what_is_taken(night: Story) -> None:
    """When somebody has taken it, "Dra tillbaka" is refused: it must be ended, so that the other one is told."""
    card = await night.ask_for(night.phone(OFFICER))
    await night.accept(EVENING_1)
    await night.quiet()
    recorded = await night.recorded()
    await night.phone(OFFICER).press("Dra tillbaka", card)
    await night.phone(OFFICER).wait_for_text(CHANGED)
    await night.quiet()
    assert (await night.latest()).state is State.OPEN
    assert await night.recorded() == recorded


async def test_ending_it_twice(night: Story) -> None:
    """Both end it in the same moment: it ends once, with the first one's outcome, and nobody gets an error."""
    await night.open_talk()
    for person in (OFFICER, EVENING_1):
        await night.phone(person).press("Avsluta", await night.phone(person).wait_for_button("Avsluta"))
    officer_asked = await night.phone(OFFICER).wait_for_text("Hur slutade det?")
    worker_asked = await night.phone(EVENING_1).wait_for_text("Hur slutade det?")
    await night.phone(EVENING_1).press("Råd gett", worker_asked)
    await night.phone(OFFICER).press("Inget mer", officer_asked)
    await night.phone(OFFICER).wait_for_text(CHANGED)
    await night.quiet()
    c = await night.latest()
    assert (c.state, c.ending) == (State.CLOSED, Ending.ADVICE)
    for act in ("cancel", "close:present", "raise", "answered:0", "silent:0", "could_not"):
        await refused(night, OFFICER, f"k:{c.id}:{act}", CHANGED, "får du inte göra")
    await night.verified()


async def test_speaking_into_a_closed_room(night: Story) -> None:
    """What is written after the end is no longer passed on: it is a question like any other."""
    await night.open_talk()
    await night.phone(EVENING_1).press("Avsluta")
    await night.phone(EVENING_1).press(
        "Råd gett", await night.phone(EVENING_1).wait_for_text("Hur slutade det?")
    )
    await night.phone(OFFICER).wait_for_text("Avslutad")
    await night.quiet()
    before = night.phone(EVENING_1).last
    await night.phone(OFFICER).say("Tack för hjälpen i kväll.")
    await night.quiet()
    assert night.phone(EVENING_1).last == before


# ---- by the wrong one -------------------------------------------------------------------------------------------------


async def test_the_officer_cannot_say_that_the_worker_could_not(night: Story) -> None:
    """Saying "Jag kan inte komma" belongs to whoever took it."""
    await night.open_talk()
    c = await night.latest()
    await refused(night, OFFICER, f"k:{c.id}:could_not", CHANGED, "får du inte göra")
    assert (await night.latest()).holder == PersonId(EVENING_1)


async def test_the_worker_cannot_withdraw_or_raise(night: Story) -> None:
    """Withdrawing, raising the urgency and calling numbers belong to the officer."""
    await night.open_talk()
    c = await night.latest()
    for act in ("cancel", "raise", "answered:0", "silent:0"):
        await refused(night, EVENING_1, f"k:{c.id}:{act}", CHANGED, "får du inte göra")


async def test_whoever_was_too_late_is_out(night: Story) -> None:
    """Who lapsed or could not come has no more say in it."""
    await night.open_talk()
    c = await night.latest()
    await night.pass_time(3 * MINUTE)
    await night.accept(EVENING_2)
    for act in ("close:advice", "could_not", "show", "name"):
        await refused(night, EVENING_1, f"k:{c.id}:{act}", CHANGED, "får du inte göra")
    assert (await night.latest()).holder == PersonId(EVENING_2)


async def test_naming_somebody_is_refused_here(night: Story) -> None:
    """Naming is deliberate, and not possible through Telegram: the officer is given a number instead."""
    await night.open_talk()
    c = await night.latest()
    await refused(night, OFFICER, f"k:{c.id}:name", "Att namnge någon går inte i Telegram")
    assert not (await night.latest()).identified


# ---- in the wrong moment ----------------------------------------------------------------------------------------------


async def test_one_request_at_a_time(night: Story) -> None:
    """Who already has somebody being looked for is shown that one; no second chain begins."""
    officer = night.phone(OFFICER)
    card = await night.ask_for(officer)
    await night.quiet()
    recorded = await night.recorded()
    await officer.say("/konsultera")
    await officer.wait_for_text("Du har redan en förfrågan")
    c = await night.latest()
    await night.press_raw(OFFICER, "c:lpo-malmo-soder:violence:advice:now", card)
    assert await night.recorded() == recorded
    assert (await night.count(), (await night.latest()).id) == (1, c.id)


async def test_the_last_tap_twice_makes_one_request(night: Story) -> None:
    """A thumb that taps the urgency twice asks once."""
    officer = night.phone(OFFICER)
    start = await officer.say("/konsultera")
    shown = ""
    for choice in ("Lokalpolisområde Norr", "Barn som kan fara illa", "Råd"):
        page = await officer.wait_for(new_page(choice, shown), after=start)
        await officer.press(choice, page)
        shown = page.text
    last = await officer.wait_for(lambda m: "Hur bråttom" in m.text)
    for _ in range(3):
        await officer.press("Nu", last)
    await night.quiet()
    assert await night.count() == 1


async def test_buttons_of_another_state(night: Story) -> None:
    """Numbers before there are any, urgency while somebody is asked: the state decides, not the button."""
    await night.ask_for(night.phone(OFFICER))
    await night.rung(EVENING_1)
    c = await night.latest()
    for act in ("raise", "answered:0", "silent:0"):
        await refused(night, OFFICER, f"k:{c.id}:{act}", CHANGED)


async def test_off_duty_with_somebody_waiting(night: Story) -> None:
    """Nobody goes off duty out of an open talk; without one, what was put to them goes on at once."""
    worker = night.phone(EVENING_1)
    await night.open_talk()
    await worker.say("/pass")
    await worker.press("Gå av tjänst", await worker.wait_for_button("Gå av tjänst"))
    await worker.wait_for_text("Du har ett öppet samtal")
    await night.ask_for(night.phone(OFFICER_2))
    await night.decline(EVENING_1)
    await night.rung(EVENING_2)
    other = night.phone(EVENING_2)
    await other.press("Gå av tjänst", await other.wait_for_button("Gå av tjänst"))
    await other.wait_for_text("Du är inte i tjänst")
    await other.wait_for_text("Tillbakadragen")
    c = await night.latest(OFFICER_2)
    assert [o.outcome for o in c.offers[:2]] == [Outcome.DECLINED, Outcome.WITHDRAWN]
    assert {o.person for o in c.pending} == {JOUR_3, JOUR_4}, "the chain did not go on"
    await night.verified()


async def test_a_command_that_does_not_exist(night: Story) -> None:
    """An unknown command is answered with what there is."""
    for person in (OFFICER, EVENING_1):
        recorded = await night.recorded()
        await night.phone(person).say("/finnsinte nu")
        await night.phone(person).wait_for_text("Det kommandot finns inte")
        await night.quiet()
        assert await night.recorded() == recorded


async def test_a_worker_cannot_ask_for_a_person(night: Story) -> None:
    """Asking for somebody on duty is the officers'; a worker who tries is told so, and nobody is woken."""
    recorded = await night.recorded()
    await night.phone(EVENING_1).say("/konsultera")
    await night.phone(EVENING_1).wait_for_text("Det får du inte göra")
    await night.press_raw(EVENING_1, "c:lpo-malmo-norr:child:advice:now")
    assert await night.recorded() == recorded


async def test_two_talks_are_never_mixed_up(night: Story) -> None:
    """A worker in two talks who does not say which one is meant reaches neither; a reply reaches the one it answers."""
    worker, first, second = night.phone(EVENING_1), night.phone(OFFICER), night.phone(OFFICER_2)
    await night.open_talk()
    before = worker.last
    await night.ask_for(second)
    yours = await night.accept(EVENING_1, after=before)
    await worker.say("Jag kommer om tio minuter.")
    await worker.wait_for_text("Du är i flera samtal")
    assert not any("tio minuter" in m.text for m in (*first.messages, *second.messages))
    await first.say("Vi står på torget.")
    heard = await worker.wait_for_text("Vi står på torget.")
    await worker.say("Då ses vi på torget.", reply_to=heard)
    await worker.say("Vänta hemma hos er.", reply_to=yours)
    await first.wait_for_text("Då ses vi på torget.")
    await second.wait_for_text("Vänta hemma hos er.")
    await night.quiet()
    assert not any("hemma hos" in m.text for m in first.messages)
    assert not any("på torget" in m.text for m in second.messages)
