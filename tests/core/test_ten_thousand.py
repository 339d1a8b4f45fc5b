"""Ten thousand situations over the demo organisations: nobody is asked who may not be, nobody passed over who may."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from bot.core.chain import Ask, Defer, Exhausted, Wait, next_step
from bot.core.hours import is_open
from bot.core.ids import AreaId, DistrictId, OfferId, OrganisationId, PersonId, StepId
from bot.core.matching import Worker
from bot.core.organisation_file import read_structure
from bot.core.people import Delegation, Person, Posting, Role, Vetting, VettingState
from bot.core.places import Organisation, Step, Structure, districts_at, numbers_at
from bot.core.request import DecisionKind, Matter, Need, Offer, Outcome, Request, Urgency
from bot.core.roster import Duty
from tests.models.chain import Situation, able, owner, steps, then_on_duty, turn

ROOT = Path(__file__).parents[2]
FILES = {str(path): path.read_text("utf-8") for path in (ROOT / "policies/organisations").glob("*.yaml")}
SEEDS, EACH = range(20), 500
MINUTE = timedelta(minutes=1)
FIRST, DAYS = datetime(2022, 1, 1, tzinfo=UTC), 6 * 365  # over every merger, split and beginning in the files
ROLES = (Role.SOCIAL_WORKER, Role.JOUR, Role.OUTREACH, Role.SIG_COORDINATOR, Role.SUPERVISOR)
OFFICER = PersonId("p-0")
DONE = tuple(o for o in Outcome if o not in {Outcome.PENDING, Outcome.ACCEPTED})


@pytest.fixture(scope="module")
def structure() -> Structure:
    return read_structure(FILES)


class Drawn:
    """Situations out of one seed: most people fit in most ways, so that single faults decide."""

    def __init__(self, structure: Structure, seed: int) -> None:
        """The same seed draws the same."""
        self.structure, self.chance = structure, Random(seed)  # noqa: S311 - situations, not keys

    def situation(self) -> Situation:
        """One request, five to thirty people, and what was asked before."""
        at = FIRST + timedelta(days=self.chance.randrange(DAYS), minutes=self.chance.randrange(1440))
        request = self.request(at, self.chance.choice(districts_at(self.structure, at)).id)
        bare = Situation(structure=self.structure, request=request, workers=(), offers=(), now=at)
        board, area = owner(bare)
        now = at + self.chance.randrange(180) * MINUTE
        asked = (board.id, *(name for step in board.steps for name in step.organisations))
        workers = tuple(self.worker(n, asked, area, now) for n in range(self.chance.randint(5, 30)))
        offers = tuple(self.offers(board, workers, at))
        return replace(bare, workers=workers, offers=offers, now=now)

    def request(self, at: datetime, district: DistrictId) -> Request:
        """Any need, matter and urgency."""
        need = self.chance.choice(tuple(Need))
        later = at + timedelta(minutes=self.chance.randint(15, 900))
        return Request(
            officer=OFFICER,
            district=district,
            matter=self.chance.choice(tuple(Matter)),
            need=need,
            urgency=self.chance.choice(tuple(Urgency)),
            at=at,
            interview_at=later if need is Need.INTERVIEW and self.often() else None,
            decision=self.chance.choice(tuple(DecisionKind)) if need is Need.DECISION else None,
        )

    def worker(self, n: int, asked: tuple[OrganisationId, ...], area: AreaId, now: datetime) -> Worker:
        """Somebody of those organisations, on duty and able, as often as not."""
        role, own = self.chance.choice(ROLES[:3] if self.often() else ROLES), self.chance.choice(asked)
        person = Person(
            id=PersonId(f"p-{n}"),
            name="Påhittad",
            vetting=Vetting(
                state=VettingState.CLEARED if self.often() else self.chance.choice(tuple(VettingState)),
                since=date(2020, 1, 1)
                if self.often()
                else now.date() + timedelta(days=self.chance.randint(-1, 2)),
            ),
            postings=tuple(
                self.posting(role, own, asked, area, now) for _ in range(self.chance.choice((1, 1, 1, 2)))
            ),
            delegations=tuple(self.delegation(asked[0], now) for _ in range(self.chance.choice((0, 1, 2)))),
            active=self.often(),
        )
        duties = tuple(
            self.duty(person, role, own, asked, area) for _ in range(self.chance.choice((0, 1, 1, 2)))
        )
        then = tuple(self.duty(person, role, own, asked, area) for _ in range(self.chance.choice((0, 1))))
        return Worker(
            person=person,
            duties=duties,
            reachable=self.often(),
            open_rooms=self.chance.choice((0, 0, 0, 1, 2, 3)),
            pending=self.chance.choice((0, 0, 0, 1)),
            last_offered=now - self.chance.randrange(9999) * MINUTE if self.chance.random() < 0.5 else None,
            then=then,
        )

    def posting(
        self, role: Role, own: OrganisationId, asked: tuple[OrganisationId, ...], area: AreaId, now: datetime
    ) -> Posting:
        """There, perhaps elsewhere, perhaps over, perhaps for another area."""
        ends = now.date() + timedelta(days=self.chance.randint(-1, 2))
        return Posting(
            organisation=own if self.often() else self.chance.choice((*asked, *self.structure.organisations)),
            role=role if self.often() else self.chance.choice(ROLES),
            valid_from=date(2020, 1, 1) if self.often() else ends,
            valid_to=None if self.often() else ends,
            areas=self.areas(area),
            competences=tuple(self.chance.sample(tuple(Matter), self.chance.choice((0, 0, 2, 5)))),
        )

    def duty(
        self, person: Person, role: Role, own: OrganisationId, asked: tuple[OrganisationId, ...], area: AreaId
    ) -> Duty:
        """There, perhaps in another role, or elsewhere."""
        return Duty(
            person=person.id,
            role=role if self.often() else self.chance.choice(ROLES),
            organisations=(own,) if self.often() else (self.chance.choice(asked), OrganisationId("polisen")),
            areas=self.areas(area),
            until=FIRST + timedelta(days=9 * 365),
            pressed=not self.often(),
        )

    def delegation(self, board: OrganisationId, now: datetime) -> Delegation:
        """Of any kind of decision, perhaps another board's, perhaps over."""
        ends = now.date() + timedelta(days=self.chance.randint(-1, 2))
        return Delegation(
            organisation=board if self.often() else OrganisationId("malmo"),
            decision=self.chance.choice(tuple(DecisionKind)),
            number="DEMO-1",
            valid_from=date(2020, 1, 1),
            valid_to=None if self.often() else ends,
        )

    def areas(self, area: AreaId) -> tuple[AreaId, ...]:
        """All, this one, or another."""
        return self.chance.choice(((), (), (area,), (area, AreaId("annan")), (AreaId("annan"),)))

    def offers(self, board: Organisation, workers: tuple[Worker, ...], at: datetime) -> list[Offer]:
        """What some of them were asked before; now and then somebody has yet to answer, or has accepted."""
        named = [step.id for step in board.steps] or [StepId("borta")]
        asked = self.chance.sample(workers, self.chance.randrange(len(workers)) // 3)
        made = [self.offer(n, worker, self.chance.choice(named), at) for n, worker in enumerate(asked)]
        rest = self.chance.choice((Outcome.PENDING, Outcome.ACCEPTED))
        return [replace(made[0], outcome=rest), *made[1:]] if made and self.chance.random() < 0.1 else made

    def offer(self, n: int, worker: Worker, step: StepId, at: datetime) -> Offer:
        """One that is settled."""
        outcome, until = self.chance.choice(DONE), at + 9 * MINUTE
        return Offer(
            id=OfferId(f"o-{n}"), person=worker.person.id, step=step, at=at, until=until, outcome=outcome
        )

    def often(self) -> bool:
        """Nine times in ten."""
        return self.chance.random() < 0.9


def judge(found: Situation) -> str:
    """What the chain says must be what plain words say; returns of which kind it was."""
    said = next_step(found.structure, found.request, found.offers, found.workers, found.now)
    board, _ = owner(found)
    outcomes = {offer.outcome for offer in found.offers}
    match said:
        case Wait(until=until):
            assert outcomes & {Outcome.PENDING, Outcome.ACCEPTED}
            assert (until is None) is (Outcome.ACCEPTED in outcomes)
        case Defer(until=until):
            assert found.request.urgency is Urgency.CAN_WAIT
            assert found.request.need in board.deferrable
            assert not is_open(board.hours, found.now)
            assert until > found.now
            assert is_open(board.hours, until)
        case Ask() as ask:
            _judge_ask(found, ask)
        case Exhausted(numbers=numbers):
            assert not any(able(found, step) for step in steps(found))
            assert numbers
            assert numbers == numbers_at(board, found.now)
    return type(said).__name__


def _judge_ask(found: Situation, ask: Ask) -> None:
    """Everybody asked may be; the step is the first with anybody; nobody is asked twice or past the step's number."""
    assert not {offer.outcome for offer in found.offers} & {Outcome.PENDING, Outcome.ACCEPTED}
    may = {worker.person.id: worker for worker in able(found, ask.step)}
    people = [one.person for one in ask.people]
    assert set(people) <= may.keys()
    assert people == _first_in_turn(found, ask.step)
    assert ask.until == found.now + timedelta(seconds=ask.step.seconds)
    fit_then = [then_on_duty(found, ask.step, may[person]) for person in people]
    before = [
        step for step in steps(found) if any(then_on_duty(found, step, one) for one in able(found, step))
    ]
    if before:
        assert ask.step == before[0]
        assert all(fit_then)
    else:
        assert ask.step == next(step for step in steps(found) if able(found, step))


def _first_in_turn(found: Situation, step: Step) -> list[PersonId]:
    """As many as are asked at once, whose turn it is: of those on duty at the hour of an interview, else of all."""
    some = able(found, step)
    fit = [one for one in some if then_on_duty(found, step, one)] or some
    return [one.person.id for one in sorted(fit, key=lambda one: turn(found, step, one))][: step.at_once]


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_is_asked_who_may_not_be(structure: Structure, seed: int) -> None:
    """Ten thousand generated situations: the chain asks whom plain words say, at the first step with anybody, or gives numbers."""
    drawn = Drawn(structure, seed)
    kinds = Counter(judge(drawn.situation()) for _ in range(EACH))
    assert kinds["Ask"] > EACH // 4  # the draw has not gone stale
    assert kinds["Exhausted"] > EACH // 20
    assert kinds["Wait"] > 0
    assert kinds["Defer"] > 0
