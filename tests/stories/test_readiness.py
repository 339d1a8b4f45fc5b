"""An afternoon and an evening: a drill at half past two, and the evening's worker asked half an hour before the shift."""

from datetime import UTC, datetime, timedelta

from bot.core.checks import Outcome
from bot.core.ids import PersonId
from bot.flow.checking import check
from bot.flow.drills import drill
from tests.stories.conftest import Begin
from tests.stories.story import DAY_1, EVENING_1, MINUTE

AFTERNOON = datetime(2026, 11, 24, 13, 28, tzinfo=UTC)  # Tuesday, 14.28
DRILL = "Provlarm: tryck Visa."
EVENING = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # 16.00; the evening begins at half past four


async def test_a_drill_and_a_check_through_the_whole_app(begin: Begin) -> None:
    """Each looks and answers by thumb; nobody else is disturbed, and everything is on record."""
    async with begin(AFTERNOON) as story:
        day, evening = story.phone(DAY_1), story.phone(EVENING_1)
        await story.pass_time(2 * MINUTE)
        await drill(story.deps)  # as its loop does within the minute; the second of the two does nothing
        bell = await day.wait_for(lambda m: m.text == DRILL)
        await day.press("Visa", bell)
        await day.wait_for_text("Provlarmet kom fram")
        await story.pass_time(EVENING - story.clock.now() + timedelta(minutes=1))
        await check(story.deps)
        asked = await evening.wait_for_button("Jag nås")
        assert asked.text == "Samjour: ditt pass börjar om en stund. Nås du? Tryck Jag nås."
        await evening.press("Jag nås", asked)
        await evening.wait_for_text("Samjour vet att du nås")
        since = EVENING - timedelta(hours=1)
        checks = await story.deps.store.read(lambda tx: tx.readiness.last_checks(since))
        assert checks[PersonId(EVENING_1)].outcome is Outcome.ANSWERED
        assert await story.verified() > 0
