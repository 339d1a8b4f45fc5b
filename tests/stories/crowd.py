"""Malmö with so many people on evening duty who are all asked at once."""

from dataclasses import replace
from datetime import date

from bot.content import Content
from bot.core.ids import OrganisationId, PersonId, StepId
from bot.core.people import Person
from bot.core.people_file import PeopleFile
from bot.core.weekly import WeeklyRule
from tests.stories.story import EVENING_1

MALMO = OrganisationId("malmo")
EVENING = StepId("kvall")


def crowded(malmo: Content, *, phones: int, at_once: int) -> Content:
    """The content with that many people on evening duty instead of its own, and a chain that asks so many at once."""
    assert malmo.demo is not None
    people, rules = made_up(malmo, range(phones))
    others = [p for p in malmo.demo.people if "kvall" not in p.id]
    kept = [r for r in malmo.demo.weekly if "kvall" not in r.person]
    board = malmo.structure.organisations[MALMO]
    steps = tuple(replace(s, at_once=at_once) if s.id == EVENING else s for s in board.steps)
    widened = replace(board, steps=steps)
    areas = {id_: (widened if o is board else o, area) for id_, (o, area) in malmo.structure.areas.items()}
    organisations = {**malmo.structure.organisations, MALMO: widened}
    return replace(
        malmo,
        demo=PeopleFile(people=(*others, *people), weekly=(*kept, *rules)),
        structure=replace(malmo.structure, organisations=organisations, areas=areas),
    )


def made_up(malmo: Content, numbers: range) -> tuple[list[Person], list[WeeklyRule]]:
    """People like the one on evening duty, with their duty around that night alone: a year of so many has its own test."""
    assert malmo.demo is not None
    model = next(p for p in malmo.demo.people if p.id == EVENING_1)
    rule = next(r for r in malmo.demo.weekly if r.person == EVENING_1)
    return [_copy(model, n) for n in numbers], [_duty(rule, n) for n in numbers]


def named(number: int) -> PersonId:
    """Who that is."""
    return PersonId(f"p-rusning-{number}")


def _copy(model: Person, number: int) -> Person:
    return replace(model, id=named(number), name=f"Rusning {number}", phone=None)


def _duty(model: WeeklyRule, number: int) -> WeeklyRule:
    return replace(
        model,
        id=f"rusning-{number}",
        person=named(number),
        valid_from=date(2026, 11, 20),
        valid_to=date(2026, 11, 23),
    )
