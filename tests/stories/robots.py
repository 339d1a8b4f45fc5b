"""Officers and workers that use their phones by themselves, whatever happens to Samjour meanwhile."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from itertools import permutations
from random import Random

from bot.demo.botapi.phone import Phone
from bot.demo.botapi.shown import Shown
from tests.stories.short_chains import SECONDS
from tests.stories.story import BUSY, RING, new_page

PATIENCE = timedelta(seconds=180)  # against hanging only
FOREVER = timedelta(hours=1)
TAKEN = "har tagit din förfrågan"
REPEATED = "(kan vara en upprepning) "
_HEARD = ("Polisen: ", "Socialtjänsten: ")
_PLACES = [
    "gatan",
    "parken",
    "torget",
    "bron",
    "skolan",
    "kajen",
    "trappan",
    "gården",
    "stationen",
    "backen",
    "vägen",
    "hallen",
]


class Moment(StrEnum):
    """What somebody is just doing."""

    POSTING = "posting"
    ACCEPTING = "accepting"
    TALKING = "talking"
    DEADLINE = "deadline"  # a step's time is nearly out


class Plan(StrEnum):
    """How a request is to go; its matter tells every worker."""

    TAKEN = "Barn som kan fara illa"
    REFUSED = "Heder"
    IGNORED = "Våld i nära relation"


PLANS = (Plan.TAKEN, Plan.TAKEN, Plan.REFUSED, Plan.TAKEN, Plan.IGNORED)


@dataclass(slots=True)
class Moments:
    """Tells whoever waits that such a moment has come."""

    bells: dict[Moment, asyncio.Event] = field(
        default_factory=lambda: {moment: asyncio.Event() for moment in Moment}
    )

    def tell(self, moment: Moment) -> None:
        """It is now."""
        self.bells[moment].set()
        self.bells[moment] = asyncio.Event()

    async def wait(self, moment: Moment) -> None:
        """Return at the next such moment."""
        await self.bells[moment].wait()


@dataclass(slots=True, kw_only=True)
class Night:
    """What all of them share, and what they have done."""

    chance: Random
    moments: Moments = field(default_factory=Moments)
    over: bool = False  # nobody asks for anybody any more
    said: list[str] = field(default_factory=list)
    asked: list[Plan] = field(default_factory=list)
    taken: int = 0
    phoned: int = 0
    _texts: Iterator[tuple[str, ...]] = field(default_factory=lambda: permutations(_PLACES, 3))

    def text(self) -> str:
        """Words that nobody has said before, and that point nobody out."""
        one, two, three = next(self._texts)
        self.said.append(f"Det är lugnt vid {one}, stökigt vid {two} och tomt vid {three}.")
        return self.said[-1]


async def work(phone: Phone, night: Night) -> None:
    """Answer every doorbell as its request's plan wants it, and every word with a word, until cancelled."""
    seen: set[int] = set()
    answered: set[str] = set()

    def new(message: Shown) -> bool:
        return message.message_id not in seen and (_is_bell(message) or heard(message) is not None)

    while True:
        message = await phone.wait_for(new, within=FOREVER)
        seen.add(message.message_id)
        words = heard(message)
        if words is None:
            await _answer_bell(phone, message, night)
        elif words not in answered:
            answered.add(words)
            await phone.say(night.text(), reply_to=message)
            night.moments.tell(Moment.TALKING)


async def seek(phone: Phone, night: Night) -> None:
    """Ask for somebody, again and again, and go through with whatever comes of it."""
    while not night.over:
        plan = PLANS[len(night.asked) % len(PLANS)]
        night.asked.append(plan)
        start = await _ask(phone, plan, night)
        outcome = await phone.wait_for(_is_outcome, after=start, within=PATIENCE)
        if outcome.button("Nej, ingen svarade") is None or await _is_taken_after_all(phone, start):
            night.taken += 1
            await _talk(phone, night)
        else:
            night.phoned += 1
        await _close(phone, start)


def heard(message: Shown) -> str | None:
    """What the other one said, if that is what the message carries."""
    text = message.text.removeprefix(REPEATED)
    return next((text.removeprefix(led) for led in _HEARD if text.startswith(led)), None)


def _is_bell(message: Shown) -> bool:
    return message.text == RING and message.button("Visa") is not None


def _is_word(message: Shown) -> bool:
    return heard(message) is not None


def _is_outcome(message: Shown) -> bool:
    return TAKEN in message.text or message.button("Nej, ingen svarade") is not None


async def _answer_bell(phone: Phone, bell: Shown, night: Night) -> None:
    asyncio.get_running_loop().call_later(SECONDS * 0.95, night.moments.tell, Moment.DEADLINE)
    await phone.press("Visa", bell)
    shown = await phone.wait_for(
        lambda m: m.message_id == bell.message_id and m.text != RING, within=PATIENCE
    )
    if shown.button("Jag tar den") is None:
        return
    if Plan.TAKEN in shown.text:
        await phone.press("Jag tar den", shown)
        night.moments.tell(Moment.ACCEPTING)
    elif Plan.REFUSED in shown.text:
        await phone.press(BUSY, shown)


async def _ask(phone: Phone, plan: Plan, night: Night) -> Shown:
    start, shown = await phone.say("/konsultera"), ""
    for choice in ("Lokalpolisområde Norr", plan.value, "Råd", "Nu"):
        page = await phone.wait_for(new_page(choice, shown), after=start, within=PATIENCE)
        await phone.press(choice, page)
        night.moments.tell(Moment.POSTING)
        shown = page.text
    return start


async def _talk(phone: Phone, night: Night) -> None:
    """Say something and wait for what is said to it, once or more often."""
    for _ in range(night.chance.choice((1, 2, 3))):
        before = phone.last
        await phone.say(night.text())
        night.moments.tell(Moment.TALKING)
        await phone.wait_for(_is_word, after=before, within=PATIENCE)


async def _is_taken_after_all(phone: Phone, start: Shown) -> bool:
    """The first number does not answer, the second one does, unless somebody who has become free takes it meanwhile."""
    for press, told in (("Nej, ingen svarade", "Ingen svarade på"), ("Ja, någon svarade", "svarade kl.")):
        card = await phone.wait_for(_either(press), after=start, within=PATIENCE)
        if card.button(press) is not None:
            await phone.press(press, card)
            card = await phone.wait_for(_either(told), after=start, within=PATIENCE)
        if TAKEN in card.text:
            return True
    return False


def _either(wanted: str) -> Callable[[Shown], bool]:
    """Whether a message has that button or those words, or says that somebody took the request."""
    return lambda message: (
        TAKEN in message.text or wanted in message.text or message.button(wanted) is not None
    )


async def _close(phone: Phone, start: Shown) -> None:
    card = await phone.wait_for_button("Avsluta", after=start, within=PATIENCE)
    await phone.press("Avsluta", card)
    asked = await phone.wait_for_button("Råd gett", after=start, within=PATIENCE)
    await phone.press("Råd gett", asked)
    await phone.wait_for_text("Avslutad", after=start, within=PATIENCE)
