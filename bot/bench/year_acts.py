"""What people do in a simulated year when their telephone rings: take it, say no, sleep through it, come late, go home."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import Final

from bot.bench.casts import CHANNEL
from bot.bench.year_people import Wanted
from bot.core.consultation import Consultation, State
from bot.core.effects import Notice
from bot.core.events import Ending, Reason
from bot.core.ids import ConsultationId, OfferId, PersonId, StepId
from bot.core.matching import Ineligible, judge
from bot.core.places import organisation, place_of
from bot.core.press import Act, Do, Reply, Say
from bot.core.request import Outcome
from bot.core.standing import current_number
from bot.core.waking import Means
from bot.flow import acts, checks, offers, refer
from bot.flow.deps import Deps
from bot.flow.duty import change_duty, duties
from bot.flow.messages import Inbound
from bot.flow.ports import Tx
from bot.flow.records import Kind, Saying
from bot.flow.room_members import Way, way
from bot.flow.situation import workers
from bot.flow.speaker import Speaker
from bot.flow.talk import speak
from bot.seal.plain import Plain

WORDS: Final = Plain("Vi står kvar vid porten och väntar på besked.".encode())
JUDGED: Final = 10  # every so many accepted offers are judged anew, with everything read again
OFF_NET: Final = 0.03  # of doorbells come when somebody has no network
ASLEEP, DECLINES, LOOKS = 0.08, 0.12, 0.07  # of doorbells; the others are taken
CANCELS, RAISES, COULD_NOT, SLOW, GOES_HOME = 0.02, 0.1, 0.05, 0.04, 0.01

Doing = Callable[[Tx], None]
Later = Callable[[timedelta, Doing], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """Somebody took a request, so many seconds after it was made, and after they were asked."""

    consultation: ConsultationId
    step: StepId
    since_request: float
    since_offer: float


@dataclass(slots=True)
class Told:
    """What is counted while it happens."""

    asked: list[ConsultationId] = field(default_factory=list)
    deferred: set[ConsultationId] = field(default_factory=set)  # of them: can wait for the opening, and did
    took: list[Took] = field(default_factory=list)
    did: Counter[str] = field(default_factory=Counter)
    pressed: bool = False  # somebody went on or off duty a moment ago
    judged: int = 0
    ineligible: int = 0  # took what they could not have been asked


class People:
    """Everybody's habits. Each thing that somebody does is one act of the flow, at the minute the clock shows."""

    def __init__(self, deps: Deps, chance: Random, later: Later) -> None:
        """`later`: have something done after a while."""
        self._deps = deps
        self._chance = chance
        self._later = later
        self.told = Told()

    def ask(self, tx: Tx, wanted: Wanted) -> None:
        """An officer asks for somebody; some change their mind while they wait."""
        c = refer.request(tx, self._deps, self._speaker(tx, wanted.officer), wanted.choice)
        self.told.asked.append(c.id)
        if c.state is State.DEFERRED:
            self.told.deferred.add(c.id)
        if self._chance.random() < CANCELS:
            self._soon(20, 300, lambda tx: self._press(tx, c.id, Act.CANCEL, c.officer))
        elif c.state is State.DEFERRED and self._chance.random() < RAISES:
            self._soon(600, 7200, lambda tx: self._press(tx, c.id, Act.RAISE, c.officer))

    def hear(self, saying: Saying) -> None:
        """Something has reached somebody: most doorbells are answered, and an officer who is given numbers calls."""
        who = saying.person
        if who is None:
            return
        if saying.kind is Kind.RING:
            offer, drawn = OfferId(saying.ref), self._chance.random()
            if drawn < ASLEEP:
                return
            if drawn < ASLEEP + DECLINES:
                self._soon(5, 55, lambda tx: self._reply(tx, who, offer, Say.NO))
            elif drawn < ASLEEP + DECLINES + LOOKS:
                self._soon(5, 40, lambda tx: self._reply(tx, who, offer, Say.SHOW))
            else:
                self._soon(4, 62, lambda tx: self._reply(tx, who, offer, Say.YES))
        elif saying.kind is Kind.READY and self._chance.random() >= ASLEEP:
            self._soon(5, 100, lambda tx: self._is_there(tx, who, saying.ref))
        elif saying.kind is Kind.TELL and saying.key == Notice.PHONE:
            self._soon(30, 120, lambda tx: self._call(tx, ConsultationId(saying.ref), who))

    def _is_there(self, tx: Tx, who: PersonId, check: str) -> None:
        """Whoever is asked before their shift presses that they can be reached."""
        checks.answer(tx, self._deps, who, check, Means.TELEGRAM)
        self.told.did["was there"] += 1

    def is_off_net(self) -> timedelta | None:
        """How long somebody cannot be reached just now; None: they can."""
        return (
            timedelta(seconds=self._chance.randrange(30, 1200)) if self._chance.random() < OFF_NET else None
        )

    def _reply(self, tx: Tx, who: PersonId, offer: OfferId, say: Say) -> None:
        speaker, c = self._speaker(tx, who), tx.consultations.by_offer(offer)
        assert c is not None
        if say is Say.YES and self._chance.random() < GOES_HOME:
            change_duty(tx, self._deps, speaker, on=False)
            self.told.pressed = True
            self.told.did["went home"] += 1
            self._soon(3600, 7200, lambda tx: self._comes_back(tx, who))
            return
        suspect = say is Say.YES and self._is_ineligible(tx, c, offer)
        offers.reply_to_offer(tx, self._deps, speaker, Reply(offer=offer, say=say, reason=Reason.BUSY))
        after = tx.consultations.get(c.id)
        assert after is not None
        taken = say is Say.YES and c.state is not State.OPEN and after.holder == who
        self.told.did["took" if taken else f"said {say.value}"] += 1
        self.told.ineligible += taken and suspect
        if taken:
            self._note(after, offer)
            self._hold(after, who)

    def _note(self, c: Consultation, ref: OfferId) -> None:
        assert c.request is not None
        offer, now = next(one for one in c.offers if one.id == ref), self._deps.clock.now()
        took = Took(
            consultation=c.id,
            step=offer.step,
            since_request=(now - c.request.at).total_seconds(),
            since_offer=(now - offer.at).total_seconds(),
        )
        self.told.took.append(took)

    def _comes_back(self, tx: Tx, who: PersonId) -> None:
        speaker = self._speaker(tx, who)
        if not duties(tx, speaker):
            change_duty(tx, self._deps, speaker, on=True)
            self.told.pressed = True

    def _is_ineligible(self, tx: Tx, c: Consultation, ref: OfferId) -> bool:
        """Whether core, with everything read anew, would not let the person be asked; now and then."""
        offer = next(one for one in c.offers if one.id == ref)
        self.told.did["presses"] += 1
        if self.told.did["presses"] % JUDGED or c.request is None or offer.outcome is not Outcome.PENDING:
            return False
        structure, now = self._deps.content().structure, self._deps.clock.now()
        place = place_of(structure, c.request.district, c.request.at)
        step = next(s for s in organisation(structure, place.organisation.id).steps if s.id == offer.step)
        found = next(w for w in workers(tx, now) if w.person.id == offer.person)
        one = replace(found, pending=0, reachable=True)  # the doorbell has rung, and only talks are too many
        self.told.judged += 1
        others = tuple(o for o in c.offers if o.id != ref)
        return isinstance(judge(one, c.request, step, place, now, others), Ineligible)

    def _hold(self, c: Consultation, holder: PersonId) -> None:
        """They talk, or telephone, and end it; some cannot come, or forget."""
        drawn = self._chance.random()
        if drawn < COULD_NOT:
            self._soon(30, 170, lambda tx: self._press(tx, c.id, Act.COULD_NOT, holder))
        elif drawn < COULD_NOT + SLOW:
            return
        else:
            self._soon(15, 170, lambda tx: self._speak(tx, c.id, holder))
            self._soon(200, 2400, lambda tx: self._press(tx, c.id, Act.CLOSE, holder, Ending.ADVICE))

    def _speak(self, tx: Tx, id_: ConsultationId, holder: PersonId) -> None:
        c = tx.consultations.get(id_)
        if c is None or c.state is not State.OPEN or c.holder != holder:
            return
        if way(tx, self._deps.content(), c, holder, CHANNEL) is Way.HERE:
            speak(tx, self._deps, self._speaker(tx, holder), (c,), WORDS)
            self.told.did["said a word"] += 1
        else:  # by telephone: it is ended before the quarter of an hour is out
            self._soon(120, 600, lambda tx: self._press(tx, id_, Act.CLOSE, holder, Ending.ADVICE))

    def _call(self, tx: Tx, id_: ConsultationId, officer: PersonId) -> None:
        """The number that is shown is called; most are answered, and then it is over."""
        c = tx.consultations.get(id_)
        if c is None or c.state is not State.PHONED or c.answered:
            return
        act = Act.ANSWERED if self._chance.random() < 0.8 else Act.SILENT
        press = Do(consultation=id_, act=act, index=current_number(c))
        acts.do(tx, self._deps, self._speaker(tx, officer), press)
        self.told.did[f"number {act.value}"] += 1
        if act is Act.SILENT:
            self._soon(40, 90, lambda tx: self._call(tx, id_, officer))
        else:
            self._soon(120, 900, lambda tx: self._press(tx, id_, Act.CLOSE, officer, Ending.NOTHING))

    def _press(
        self, tx: Tx, id_: ConsultationId, act: Act, who: PersonId | None, ending: Ending | None = None
    ) -> None:
        assert who is not None
        acts.do(tx, self._deps, self._speaker(tx, who), Do(consultation=id_, act=act, ending=ending))
        self.told.did[act.value] += 1

    def _soon(self, least: int, most: int, doing: Doing) -> None:
        self._later(timedelta(seconds=self._chance.randrange(least, most)), doing)

    def _speaker(self, tx: Tx, who: PersonId) -> Speaker:
        now, person = self._deps.clock.now(), tx.people.get(who)
        assert person is not None
        inbound = Inbound(channel=CHANNEL, address=who, native_id="0", at=now)
        return Speaker(person=person, inbound=inbound, language="sv", now=now)
