"""The evening's scenes about readiness: what an organisation lacks, and whether whoever comes next can be reached."""

import aiohttp

from bot.core.checks import Outcome
from bot.core.hours import local_instant
from bot.core.ids import PersonId
from bot.demo.clock import ScriptedClock
from bot.demo.night_cast import MALMO, SUPERVISORS, phone_of
from bot.demo.night_step import Scene
from bot.demo.run import Demo
from bot.flow.sign_in import issue_link

MORNING = PersonId("p-sj-malmo-1")  # whose shift begins at eight
HALF_PAST_SEVEN = local_instant("2026-11-22T07:30")
ASKED, YES, THANKS = "Nås du?", "Jag nås", "Samjour vet att du nås"


class Ready:
    """A supervisor at a page, and the jour's phone in the morning."""

    def __init__(self, shown: Demo, clock: ScriptedClock) -> None:
        """Of this demo."""
        self.shown, self.clock, self.deps = shown, clock, shown.samjour.deps

    def script(self) -> tuple[Scene, ...]:
        """Every scene, in order."""
        return (
            ("readiness: the supervisor sees that nothing keeps officers from people", self.seen),
            ("readiness: half an hour before a shift the phone asks, a press answers", self.before_a_shift),
        )

    async def seen(self) -> None:
        """Signed in by a link, over HTTP: the organisation is ready."""
        page, _, token = (await issue_link(self.deps, SUPERVISORS[0])).partition("#")
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
            headers, base = {"Origin": self.deps.base_url}, f"{self.deps.base_url}/api/v1"
            async with session.post(f"{base}/sessions", json={"token": token}, headers=headers) as response:
                assert response.status < 300, f"the link of {page} does not sign in"
            async with session.get(f"{base}/organisations/{MALMO}/readiness") as response:
                told = await response.json()
        assert told["ready"], f"not ready: {told}"

    async def before_a_shift(self) -> None:
        """Asked on the phone without content; the press is kept as an answer."""
        phone = phone_of(self.shown, MORNING)
        before = phone.last
        self.clock.move(HALF_PAST_SEVEN - self.clock.now())
        bell = await phone.wait_for_button(YES, after=before)
        assert ASKED in bell.text, "not the question"
        await phone.press(YES, bell)
        await phone.wait_for_text(THANKS)
        kept = await self.deps.store.read(lambda tx: tx.readiness.last_checks(HALF_PAST_SEVEN))
        assert kept[MORNING].outcome is Outcome.ANSWERED, "the answer was not kept"
