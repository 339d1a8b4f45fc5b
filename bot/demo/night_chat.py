"""The evening's scenes on Telegram: a question, a request that goes down the chain, a talk through the bridge."""

from datetime import timedelta

from bot.demo.botapi.phone import Phone
from bot.demo.botapi.shown import Shown
from bot.demo.clock import ScriptedClock
from bot.demo.night_cast import EVENING_1, EVENING_2, JOUR_1, JOUR_2, OFFICER, OUTREACH, phone_of
from bot.demo.night_step import Scene
from bot.demo.run import Demo

ANSWER_TIME = timedelta(seconds=61)  # just past a step of the demo's chains
BELL = "Samjour: någon söker dig. Tryck Visa."
QUESTION = "ett litet barn är ensamt hemma i natt, vad gör jag?"
OFFICER_SAYS = "Vi står kvar hos barnet tills någon kommer, ungefär en halvtimme."
WORKER_SAYS = "Bra. Jag gör skyddsbedömningen när jag är framme."
NAMES_SOMEBODY = "Barnets mamma har nummer 070-174 06 05"
SECRETS = (QUESTION, OFFICER_SAYS, WORKER_SAYS, NAMES_SOMEBODY)  # what must be found nowhere in clear


class Chat:
    """The people who have only their phones, and what each scene does."""

    def __init__(self, shown: Demo, clock: ScriptedClock) -> None:
        """Everybody has a phone."""
        self.clock = clock
        people = (OFFICER, EVENING_1, EVENING_2, JOUR_1, JOUR_2, OUTREACH)
        self.phones = tuple(phone_of(shown, person) for person in people)
        self.officer, self.evening_1, self.evening_2, self.jour_1, self.jour_2, self.outreach = self.phones

    def script(self) -> tuple[Scene, ...]:
        """Every scene, in order."""
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
        )

    async def linked(self) -> None:
        """Every phone was linked by its code when the demo began."""
        for phone in self.phones:
            await phone.wait_for_text("kopplat")

    async def question(self) -> None:
        """A question to the library: an answer with its source, its draft mark and the line about danger."""
        await self.officer.say(QUESTION)
        answer = await self.officer.wait_for_button("Det hjälpte")
        assert "Källa:" in answer.text, "no source"
        assert "UTKAST" in answer.text, "a draft that does not say so"
        assert "PÅGÅENDE FARA" in answer.text, "no danger line"
        await self.officer.press("Det hjälpte", answer)
        await self.officer.wait_for_text("Lycka till")

    async def request(self) -> None:
        """The officer asks for a person; numbers to call stand on the card at once."""
        card = await self._ask_for("Närvaro på plats")
        assert "070-1740" in card.text.replace(" ", ""), "no number on the card"
        assert "ring" in card.text, "no time after which to call"

    async def decline(self) -> None:
        """The first in the chain is rung without a word of content, looks, and says no."""
        await self._rung(self.evening_1)
        shown = await self._show(self.evening_1)
        assert "Barn som kan fara illa" in shown.text, "the fixed choices are not shown"
        await self.evening_1.press("Kan inte: upptagen", shown)
        await self.evening_1.wait_for_text("Du avböjde")

    async def silence(self) -> None:
        """The second does not answer in time."""
        await self._rung(self.evening_2)
        self.clock.move(ANSWER_TIME)
        await self.evening_2.wait_for_text("Tiden gick ut")

    async def accept(self) -> None:
        """Both of the jour are rung; one takes it, the other is told that it is taken."""
        await self._rung(self.jour_1)
        await self._rung(self.jour_2)
        await self._accept(self.jour_1)
        await self.jour_2.wait_for_text("Tagen av")
        await self.officer.wait_for_text("har tagit din förfrågan")

    async def talk(self) -> None:
        """The bridge carries words both ways."""
        await self.officer.say(OFFICER_SAYS)
        await self.jour_1.wait_for_text(OFFICER_SAYS)
        await self.jour_1.say(WORKER_SAYS)
        await self.officer.wait_for_text(WORKER_SAYS)

    async def guarded(self) -> None:
        """A telephone number of somebody's is stopped, and reaches nobody."""
        await self.officer.say(NAMES_SOMEBODY)
        await self.officer.wait_for_text("STOPPAT")
        assert not any(NAMES_SOMEBODY in m.text for m in self.jour_1.messages), "it was passed on"

    async def could_not_come(self) -> None:
        """Whoever took it cannot come after all; the chain goes on where it was."""
        await self.jour_1.press("Jag kan inte komma")
        await self.officer.wait_for_text("kan inte komma")
        shown = await self._show(self.jour_2)
        await self.jour_2.press("Kan inte: upptagen", shown)

    async def outreach_accepts(self) -> None:
        """The last in the chain takes it."""
        await self._rung(self.outreach)
        await self._accept(self.outreach)
        await self.officer.wait_for_text("Ungdomsfält")

    async def close(self) -> None:
        """Whoever took it says how it ended."""
        await self.outreach.press("Avsluta")
        asked = await self.outreach.wait_for_text("Hur slutade det?")
        await self.outreach.press("Närvaro på plats", asked)
        await self.officer.wait_for_text("Avslutad")

    async def numbers(self) -> None:
        """Nobody answers: one number after the other, until somebody does."""
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

    async def _ask_for(self, need: str) -> Shown:
        """The officer's four taps; returns the live card."""
        await self.officer.say("/konsultera")
        for choice in ("Lokalpolisområde Norr", "Barn som kan fara illa", need, "Nu"):
            await self.officer.wait_for_button(choice)
            await self.officer.press(choice)
        return await self.officer.wait_for_button("Dra tillbaka")

    async def _rung(self, phone: Phone) -> None:
        bell = await phone.wait_for_button("Visa")
        assert bell.text == BELL, "a doorbell with content"

    async def _show(self, phone: Phone) -> Shown:
        await phone.wait_for_button("Visa")
        await phone.press("Visa")
        return await phone.wait_for_button("Jag tar den")

    async def _accept(self, phone: Phone) -> None:
        shown = await self._show(phone)
        await phone.press("Jag tar den", shown)
        await phone.wait_for_text("Du har förfrågan")
