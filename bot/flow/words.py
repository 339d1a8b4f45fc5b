"""Words for places, people and numbers: functions and organisations, never a person's name."""

from datetime import datetime

from bot.core.consultation import Consultation
from bot.core.hours import ALWAYS, STOCKHOLM, hours_on, local_day, spans_on
from bot.core.in_force import as_named
from bot.core.places import Label, Number, Organisation, Step, numbers_at, organisation
from bot.core.referrals import Caption, Told
from bot.core.request import Need, Offer, Request
from bot.core.text import Texts, bare_time
from bot.flow.deps import Content


class Words:
    """One reader's words: their language, the content and the minute."""

    def __init__(self, content: Content, language: str, now: datetime) -> None:
        """`now`: aware, UTC."""
        self.content, self.language, self.now = content, language, now
        self._texts: Texts = content.texts

    def say(self, key: str, **params: str) -> str:
        """The sentence in this reader's language."""
        return self._texts.say(self.language, key, **params)

    def label(self, label: Label | Caption | Told) -> str:
        """The label in this reader's language."""
        return label.en if self.language == "en" else label.sv

    def district(self, request: Request) -> str:
        """The name of the lokalpolisområde."""
        return self.label(self.content.structure.districts[request.district].label)

    def need(self, request: Request) -> str:
        """The need, with the decision or the hour that belongs to it."""
        if request.need is Need.DECISION and request.decision is not None:
            return self.say(f"decision.{request.decision}")
        said = self.say(f"need.{request.need}")
        if request.interview_at is None:
            return said
        return f"{said} {bare_time(request.interview_at, self.language)}"

    def head(self, request: Request) -> str:
        """The request in one line."""
        return self.say(
            "card.head",
            place=self.district(request),
            matter=self.say(f"matter.{request.matter}"),
            need=self.need(request),
            urgency=self.say(f"urgency.{request.urgency}"),
        )

    def owner(self, c: Consultation) -> Organisation:
        """The organisation that owns the consultation, with everything by which it was told, also what has ended."""
        assert c.organisation is not None
        return as_named(organisation(self.content.structure, c.organisation), local_day(self.now))

    def step(self, c: Consultation, offer: Offer) -> Step | None:
        """The step at which somebody was asked, if the policy still has it."""
        return next((s for s in self.owner(c).steps if s.id == offer.step), None)

    def who(self, c: Consultation, offer: Offer) -> str:
        """Whom an offer asked: the function."""
        step = self.step(c, offer)
        return self.label(step.label) if step is not None else self.label(self.owner(c).label)

    def holder(self, c: Consultation) -> str:
        """Who has the consultation: the function."""
        mine = [o for o in c.offers if o.person == c.holder]
        return self.who(c, mine[-1]) if mine else self.label(self.owner(c).label)

    def number(self, number: Number) -> dict[str, str]:
        """A number as placeholders: label, number, hours, tested."""
        return {
            "label": self.label(number.label),
            "number": number.number,
            "hours": self._hours(number),
            "tested": number.tested.isoformat(),
        }

    def first_number(self, owner: Organisation) -> dict[str, str]:
        """The number that answers at this minute; a structure without one is refused when it is read."""
        return self.number(numbers_at(owner, self.now)[0])

    def _hours(self, number: Number) -> str:
        if hours_on(number.hours, local_day(self.now)) == ALWAYS:
            return self.say("card.always")
        wall = self.now.astimezone(STOCKHOLM)
        minute = wall.hour * 60 + wall.minute
        spans = spans_on(number.hours, wall.date())
        closes = next((s.closes for s in spans if s.opens <= minute < s.closes), None)
        if closes is None:  # it was open when it was chosen
            return self.say("card.closed_now")
        return self.say("card.until", until=f"{closes // 60:02}.{closes % 60:02}")
