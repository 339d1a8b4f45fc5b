"""Who: the whole chain of a place at a minute, person by person with why and why not; and where it is empty."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.core.chain import applicable, candidates, held_until
from bot.core.errors import BadInput
from bot.core.hours import (
    STOCKHOLM,
    is_open,
    local_day,
    local_instant,
    written_hours,
)
from bot.core.ids import AreaId, DistrictId, OrganisationId, PersonId, StepId
from bot.core.matching import Eligible, Reason, Why, Worker, concerns, judge, workers
from bot.core.people_file import PeopleFile
from bot.core.places import (
    Example,
    Number,
    Organisation,
    Place,
    Step,
    Structure,
    numbers_at,
    place_named,
    place_of,
)
from bot.core.request import DecisionKind, Matter, Need, Request, Urgency
from bot.core.roster import Attendance, on_duty, roster
from bot.core.weekly import expand

Say = Callable[..., str]  # say("why_on_duty", role="...", note="07.00") -> a sentence in one language

_NOBODY = PersonId("")
_NOWHERE = DistrictId("")  # the place is given outright
_DAY = timedelta(days=1)
_STAMP: Final = re.compile(r"(\S+ )?(\d\d):(\d\d)")  # "2026-12-24 07:00" or "07:00", as reasons note it
_OF_NOW: Final = frozenset({Reason.REACHABLE, Reason.HAS_ROOM, Reason.NEVER_ASKED, Reason.LAST_ASKED})
_TIMED: Final = frozenset(
    {
        Reason.ON_DUTY,
        Reason.PRESSED_ON,
        Reason.TAKEN_OFF,
        Reason.LAST_ASKED,
        Reason.THEN_ON_DUTY,
        Reason.THEN_OFF_DUTY,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Whose chain, at which instant. `name` is an organisation or a group; no area: all of it."""

    name: str
    at: datetime
    area: str | None = None
    matter: Matter = Matter.OTHER
    need: Need = Need.ADVICE
    decision: DecisionKind | None = None
    urgency: Urgency = Urgency.NOW
    interview_at: datetime | None = None
    district: str | None = None  # instead of an area: the place is found by the map of that minute


def report(
    structure: Structure,
    everybody: Sequence[Worker],
    asked: Question,
    say: Say | None = None,
    then: Sequence[Worker] | None = None,
    *,
    is_ahead: bool = False,
) -> dict[str, object]:
    """The JSON of `samjour who` (interfaces.md section 2). Reasons are codes, or with `say` sentences.

    Shows the whole chain as it would be gone through: a step after the jour as if the jour had been tried in
    vain. `order` counts the rounds: who has the same is asked at once. BadInput for an unknown place. `everybody`:
    workers of that same instant; `then`: of the instant that the matter waits for (`waits_until`), where it does.
    `is_ahead`: the instant is a later one; whether people can be reached and have room is not told.
    """
    place = place_asked(structure, asked)
    request = _request(asked)
    told = _Telling(structure=structure, say=say, is_ahead=is_ahead)
    answered = numbers_at(place.organisation, asked.at)
    until = held_until(place.organisation, request, request.at)
    steps = applicable(place, request, asked.at)
    order = rounds(place, steps, request, everybody)
    return {
        "at": asked.at.astimezone(STOCKHOLM).isoformat(),
        "organisation": place.organisation.id,
        "area": place.area,
        "open": is_open(place.organisation.hours, asked.at),
        "waits": until.astimezone(STOCKHOLM).isoformat() if until is not None else None,
        "then": _then(structure, then, asked, until, say),
        "steps": [_step(told, place, step, request, everybody, order) for step in steps],
        "phone": answered[0].number,
        "numbers": [_number(number) for number in answered],
    }


def waits_until(structure: Structure, asked: Question) -> datetime | None:
    """The instant that the matter waits for; None: it does not wait. BadInput for an unknown place."""
    return held_until(place_asked(structure, asked).organisation, _request(asked), asked.at)


def run_examples(structure: Structure, found: PeopleFile) -> list[str]:
    """Every example of every organisation file against these people; each that does not hold, as a sentence."""
    return [
        f"{own.id}: examples.{n}: {fault}"
        for own in structure.organisations.values()
        for n, example in enumerate(own.examples)
        for fault in _wrong(structure, found, own, example)
    ]


def workers_by_rules(found: PeopleFile, at: datetime, wanted: datetime | None = None) -> tuple[Worker, ...]:
    """A people file's workers at one minute, by their weekly rules alone; all of them reachable and free.

    `wanted`: the minute for which somebody is wanted, where that is a later one.
    """
    then = _by_rules(found, wanted) if wanted is not None and wanted > at else None
    return workers(found.people, _by_rules(found, at), {}, then)


def _by_rules(found: PeopleFile, at: datetime) -> Attendance:
    day = local_day(at)
    return on_duty(roster(expand(found.weekly, first=day - _DAY, last=day)), at)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Telling:
    """How reasons are told: by codes, or by sentences with proper names instead of ids."""

    structure: Structure
    say: Say | None
    is_ahead: bool  # of a later instant: how people will stand then is not known

    def reasons(self, whys: Iterable[Why]) -> list[str]:
        known = (why for why in whys if not self.is_ahead or why.reason not in _OF_NOW)
        return [self._sentence(why, self.say) if self.say else why.reason.value for why in known]

    def _sentence(self, why: Why, say: Say) -> str:
        role = say(f"role_{why.role.value}") if why.role else ""
        had, _, most = why.note.partition("/")
        return say(f"why_{why.reason.value}", role=role, note=self._name(why), had=had, most=most)

    def _name(self, why: Why) -> str:
        if why.reason is Reason.CROSSING:
            return self.structure.organisations[OrganisationId(why.note)].label.sv
        if why.reason in {Reason.AREA_NAMED, Reason.AREA_ALL}:
            return self.structure.areas[AreaId(why.note)][1].label.sv
        return _STAMP.sub(r"\1\2.\3", why.note) if why.reason in _TIMED else why.note


def place_asked(structure: Structure, asked: Question) -> Place:
    """The place of a question. BadInput for one that is not, or that belongs to another organisation."""
    if asked.district is None:
        return place_named(structure, asked.name, asked.area, asked.at)
    place = place_of(structure, DistrictId(asked.district), asked.at)
    if asked.name and place.organisation.id != asked.name:
        raise BadInput("the district belongs to another organisation")
    return place


def rounds(
    place: Place, steps: Sequence[Step], request: Request, everybody: Sequence[Worker]
) -> dict[tuple[StepId, PersonId], int]:
    """In which round each is asked when nobody before has taken it, from 1; a person is asked once."""
    found: dict[tuple[StepId, PersonId], int] = {}
    asked: set[PersonId] = set()
    turn = 0
    for then in (True, False):
        for step in steps:
            able = candidates(place, step, request, everybody, request.at, ())
            left = [one.person for one in able if one.then is then and one.person not in asked]
            for n, person in enumerate(left):
                turn += n % step.at_once == 0
                found[step.id, person] = turn
            asked.update(left)
    return found


def _then(
    structure: Structure,
    everybody: Sequence[Worker] | None,
    asked: Question,
    until: datetime | None,
    say: Say | None,
) -> dict[str, object] | None:
    """The chain at the instant that a matter waits for."""
    if until is None or everybody is None:
        return None
    return report(structure, everybody, replace(asked, at=until, urgency=Urgency.NOW), say, is_ahead=True)


def _request(asked: Question) -> Request:
    return Request(
        officer=_NOBODY,
        district=_NOWHERE,
        matter=asked.matter,
        need=asked.need,
        urgency=asked.urgency,
        at=asked.at,
        interview_at=asked.interview_at if asked.need is Need.INTERVIEW else None,
        decision=asked.decision,
    )


def _step(
    told: _Telling,
    place: Place,
    step: Step,
    request: Request,
    everybody: Sequence[Worker],
    order: Mapping[tuple[StepId, PersonId], int],
) -> dict[str, object]:
    at = request.at
    judged = [judge(w, request, step, place, at, ()) for w in everybody if concerns(w, step, place, at)]
    able = candidates(place, step, request, everybody, at, (), told=True)
    on_duty_as = {w.person.id: sorted({duty.role for duty in w.duties}) for w in everybody}
    unable = sorted((j for j in judged if not isinstance(j, Eligible)), key=lambda found: found.person)
    return {
        "step": step.id,
        "label": {"sv": step.label.sv, "en": step.label.en},
        "candidates": [
            {
                "person": j.person,
                "why": told.reasons(j.why),
                "order": order.get((step.id, j.person)),
                "then": j.then,
            }
            for j in able
        ],
        "skipped": [
            {
                "person": j.person,
                "why_not": told.reasons(j.why_not),
                "off_duty": [why.reason for why in j.why_not] == [Reason.OFF_DUTY],
                "on_duty_as": on_duty_as.get(j.person, []),
            }
            for j in unable
        ],
        "seconds": step.seconds,
        "repeat": step.repeat,
        "at_once": step.at_once,
        "after_jour": step.after_jour,
        "planned": step.planned,
        "because": step.because,
    }


def _number(number: Number) -> dict[str, object]:
    return {
        "id": number.id,
        "label": {"sv": number.label.sv, "en": number.label.en},
        "number": number.number,
        "hours": written_hours(number.hours),
        "tested": number.tested.isoformat(),
    }


def _wrong(structure: Structure, found: PeopleFile, own: Organisation, example: Example) -> Iterator[str]:
    at = local_instant(example.at)
    everybody = workers_by_rules(found, at)
    try:
        place = place_named(structure, own.id, example.area, at)
    except BadInput as error:
        yield str(error)
        return
    asked = Question(name=own.id, at=at, area=example.area, matter=example.matter, need=example.need)
    step, phone = _first(place, _request(asked), everybody)
    if example.step and step != example.step:
        yield f"asks {step or 'nobody'} first, not {example.step}"
    if example.phone and phone != example.phone:
        yield f"gives {phone}, not {example.phone}"


def _first(place: Place, request: Request, everybody: Sequence[Worker]) -> tuple[StepId | None, str]:
    """The first step that finds somebody, and the first number that is answered."""
    at_once = (step for step in applicable(place, request, request.at) if not step.after_jour)
    asked = (step.id for step in at_once if candidates(place, step, request, everybody, request.at, ()))
    return next(asked, None), numbers_at(place.organisation, request.at)[0].number
