"""One whole evening, scripted, through the real app over HTTP and a Bot API server on loopback."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp

from bot.content import Content
from bot.core.consultation import State
from bot.core.errors import SamjourError, Unavailable
from bot.core.ids import PersonId
from bot.demo.botapi.phone import Phone
from bot.demo.botapi.shown import Shown
from bot.demo.clock import ScriptedClock
from bot.demo.run import Demo, demo, free_port
from bot.flow import verify
from bot.flow.retention_run import run as run_retention
from bot.flow.sign_in import issue_link
from bot.flow.upkeep import sign_heads, signers

SATURDAY = datetime(2026, 11, 21, 21, 40, tzinfo=UTC)  # 22.40 in Malmö: the hour of the greatest need
ANSWER_TIME = timedelta(seconds=61)  # just past a step of the demo's chains
KEPT_IN_THE_DEMO = timedelta(days=8)  # longer than its made-up decisions give (policies/demo.yaml)
QUESTION = "ett litet barn är ensamt hemma i natt, vad gör jag?"
OFFICER_SAYS = "Vi står kvar hos barnet tills någon kommer, ungefär en halvtimme."
WORKER_SAYS = "Bra. Jag gör skyddsbedömningen när jag är framme."
NAMES_SOMEBODY = "Barnets mamma har nummer 070-174 06 05"
SECRETS = (QUESTION, OFFICER_SAYS, WORKER_SAYS, NAMES_SOMEBODY)  # what must be found nowhere in clear


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the evening: what was to happen, whether it did, and how long it took (milliseconds)."""

    name: str
    ok: bool
    ms: float
    why: str = ""
    more: dict[str, object] = field(default_factory=dict)


async def night(folder: Path, content: Content, *, tick: Callable[[], float]) -> AsyncIterator[Step]:
    """Play the evening in `folder`; yields each step as it is done. After a failed step the rest is not played."""
    folder.mkdir(parents=True, exist_ok=True)
    clock = ScriptedClock(SATURDAY)
    async with demo(folder, content, port=free_port(), clock=clock) as shown:
        evening = _Evening(shown, clock)
        for name, play in evening.script():
            begun = tick()
            try:
                await play()
            except (SamjourError, AssertionError, aiohttp.ClientError) as error:
                why = str(error) or type(error).__name__
                yield Step(name=name, ok=False, ms=(tick() - begun) * 1000, why=why)
                return
            yield Step(name=name, ok=True, ms=(tick() - begun) * 1000)


class _Evening:
    """The people of the evening, their phones, and what each step does."""

    def __init__(self, shown: Demo, clock: ScriptedClock) -> None:
        self.shown, self.clock = shown, clock
        self.officer = self._phone("p-polis-malmo-1")
        self.evening_1, self.evening_2 = self._phone("p-malmo-kvall-1"), self._phone("p-malmo-kvall-2")
        self.jour_1, self.jour_2 = self._phone("p-sj-malmo-3"), self._phone("p-sj-malmo-4")
        self.outreach = self._phone("p-malmo-falt-1")

    def script(self) -> tuple[tuple[str, Callable[[], Awaitable[None]]], ...]:
        """Every step, in order."""
        return (
            ("accounts linked", self.linked),
            ("question answered", self.question),
            ("request made, number shown at once", self.request),
            ("first person rung without content, declines", self.decline),
            ("second person silent, chain goes on", self.silence),
            ("jour accepts, the other is told", self.accept),
            ("talk both ways", self.talk),
            ("identity stopped before it is stored", self.guarded),
            ("jour could not come, chain goes on", self.could_not_come),
            ("outreach accepts", self.outreach_accepts),
            ("closed with an outcome", self.close),
            ("nobody answers: numbers one after the other", self.numbers),
            ("status page by a sign-in link", self.web),
            ("erased a week later, with certificates", self.erased),
            ("ledger verify", self.ledger),
        )

    async def linked(self) -> None:
        for phone in (self.officer, self.evening_1, self.evening_2, self.jour_1, self.jour_2, self.outreach):
            await phone.wait_for_text("kopplat")

    async def question(self) -> None:
        await self.officer.say(QUESTION)
        answer = await self.officer.wait_for_button("Det hjälpte")
        assert "Källa:" in answer.text, "no source"
        assert "UTKAST" in answer.text, "a draft that does not say so"
        assert "PÅGÅENDE FARA" in answer.text, "no danger line"
        await self.officer.press("Det hjälpte", answer)
        await self.officer.wait_for_text("Lycka till")

    async def request(self) -> None:
        card = await self._ask_for("Närvaro på plats")
        assert "070-1740" in card.text.replace(" ", ""), "no number on the card"
        assert "ring" in card.text, "no time after which to call"

    async def decline(self) -> None:
        await self._rung(self.evening_1)
        shown = await self._show(self.evening_1)
        assert "Barn som kan fara illa" in shown.text, "the fixed choices are not shown"
        await self.evening_1.press("Kan inte: upptagen", shown)
        await self.evening_1.wait_for_text("Du avböjde")

    async def silence(self) -> None:
        await self._rung(self.evening_2)
        self.clock.move(ANSWER_TIME)
        await self.evening_2.wait_for_text("Tiden gick ut")

    async def accept(self) -> None:
        await self._rung(self.jour_1)
        await self._rung(self.jour_2)
        await self._accept(self.jour_1)
        await self.jour_2.wait_for_text("Tagen av")
        await self.officer.wait_for_text("har tagit din förfrågan")

    async def talk(self) -> None:
        await self.officer.say(OFFICER_SAYS)
        await self.jour_1.wait_for_text(OFFICER_SAYS)
        await self.jour_1.say(WORKER_SAYS)
        await self.officer.wait_for_text(WORKER_SAYS)

    async def guarded(self) -> None:
        await self.officer.say(NAMES_SOMEBODY)
        await self.officer.wait_for_text("STOPPAT")
        assert not any(NAMES_SOMEBODY in m.text for m in self.jour_1.messages), "it was passed on"

    async def could_not_come(self) -> None:
        await self.jour_1.press("Jag kan inte komma")
        await self.officer.wait_for_text("kan inte komma")
        shown = await self._show(self.jour_2)
        await self.jour_2.press("Kan inte: upptagen", shown)

    async def outreach_accepts(self) -> None:
        await self._rung(self.outreach)
        await self._accept(self.outreach)
        await self.officer.wait_for_text("Ungdomsfält")

    async def close(self) -> None:
        await self.outreach.press("Avsluta")
        asked = await self.outreach.wait_for_text("Hur slutade det?")
        await self.outreach.press("Närvaro på plats", asked)
        await self.officer.wait_for_text("Avslutad")

    async def numbers(self) -> None:
        before = self.officer.last
        await self._ask_for("Råd")
        for phone in (self.evening_1, self.evening_2, self.jour_1):
            await phone.wait_for_button("Visa")
            self.clock.move(ANSWER_TIME)
            await phone.wait_for_text("Tiden gick ut")
        card = await self.officer.wait_for_button("Nej, ingen svarade", after=before)
        await self.officer.press("Nej, ingen svarade", card)
        again = await self.officer.wait_for_text("Ingen svarade på", after=before)
        await self.officer.press("Ja, någon svarade", again)
        await self.officer.wait_for_text("svarade kl.", after=before)
        await self.officer.press("Avsluta")
        asked = await self.officer.wait_for_text("Hur slutade det?", after=before)
        await self.officer.press("Råd gett", asked)
        await self.officer.wait_for_text("råd gett", after=before)

    async def web(self) -> None:
        deps = self.shown.samjour.deps
        link = await issue_link(deps, PersonId("p-polis-malmo-1"))
        page, _, token = link.partition("#")
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
            async with session.get(page) as response:
                assert response.status == 200, "the sign-in page is not there"
            headers = {"Origin": deps.base_url}
            url = f"{deps.base_url}/api/v1/sessions"
            async with session.post(url, json={"token": token}, headers=headers) as response:
                assert response.status < 300, "the link does not sign in"
            async with session.get(f"{deps.base_url}/") as response:
                assert "Ring" in await response.text(), "no number on the page"
            async with session.post(url, json={"token": token}, headers=headers) as response:
                assert response.status >= 400, "the link works twice"

    async def erased(self) -> None:
        deps, officer = self.shown.samjour.deps, PersonId("p-polis-malmo-1")
        before = await deps.store.read(lambda tx: tx.consultations.of_officer(officer, 10))
        closed = {c.id for c in before if c.state is State.CLOSED}
        assert closed, "nothing was closed"
        self.clock.move(KEPT_IN_THE_DEMO)
        await run_retention(deps, "demo")
        states = await deps.store.read(
            lambda tx: {getattr(tx.consultations.get(id_), "state", None) for id_ in closed}
        )
        assert states == {State.ERASED}, "something was not erased"
        inside = await deps.store.read(lambda tx: tx.retention.certificates())
        assert inside, "there is no certificate"
        assert await deps.certificates.finished() == inside, (
            "a certificate does not stand outside the database"
        )

    async def ledger(self) -> None:
        deps = self.shown.samjour.deps
        await sign_heads(deps)
        found = await deps.store.read(lambda tx: verify.verify(tx, signers(deps)))
        assert found.entries > 0, "the ledger is empty"
        assert not found.faults, "; ".join(f"{fault.where}: {fault.what}" for fault in found.faults[:3])

    async def _ask_for(self, need: str) -> Shown:
        """The officer's four taps; returns the live card."""
        await self.officer.say("/konsultera")
        for choice in ("Lokalpolisområde Norr", "Barn som kan fara illa", need, "Nu"):
            await self.officer.wait_for_button(choice)
            await self.officer.press(choice)
        return await self.officer.wait_for_button("Dra tillbaka")

    async def _rung(self, phone: Phone) -> None:
        bell = await phone.wait_for_button("Visa")
        assert bell.text == "Samjour: någon söker dig. Tryck Visa.", "a doorbell with content"

    async def _show(self, phone: Phone) -> Shown:
        await phone.wait_for_button("Visa")
        await phone.press("Visa")
        return await phone.wait_for_button("Jag tar den")

    async def _accept(self, phone: Phone) -> None:
        shown = await self._show(phone)
        await phone.press("Jag tar den", shown)
        await phone.wait_for_text("Du har förfrågan")

    def _phone(self, person: str) -> Phone:
        phone = self.shown.phones.get(PersonId(person))
        if phone is None:
            raise Unavailable("the demo has no phone for one of the evening's people")
        return phone
