"""Samjour with chains that wait a second and people who are always on duty: for stories on the machine's own clock.

Run as a script it is `samjour`, with that content. Files cannot say it: a step waits fifteen seconds at least.
"""

import sys
from dataclasses import replace
from datetime import time

from bot.__main__ import main
from bot.commands import places
from bot.content import Content
from bot.core.ids import DistrictId
from bot.core.people_file import PeopleFile
from bot.core.places import Organisation, Structure, When
from bot.core.weekly import OnHoliday, WeeklyRule

SECONDS = 1  # that every step waits
PLACE = DistrictId("lpo-malmo-norr")
DAY_STEP = "dag"  # the evening step stands for it at all hours
SHIFTS = ((time(8), time(20)), (time(20), time(8)))


def short(content: Content) -> Content:
    """The same content, in a hurry, at every minute of every year."""
    assert content.demo is not None
    return replace(content, structure=_structure(content.structure), demo=_always(content.demo))


def _structure(known: Structure) -> Structure:
    hurried = {id_: _hurried(organisation) for id_, organisation in known.organisations.items()}
    return replace(
        known,
        organisations=hurried,
        areas={id_: (hurried[owner.id], area) for id_, (owner, area) in known.areas.items()},
        groups={id_: (hurried[owner.id], group) for id_, (owner, group) in known.groups.items()},
        districts={**known.districts, PLACE: replace(known.districts[PLACE], valid_to=None)},
        mappings={**known.mappings, PLACE: (replace(known.mappings[PLACE][0], valid_to=None),)},
    )


def _hurried(organisation: Organisation) -> Organisation:
    steps = tuple(
        replace(step, seconds=SECONDS, when=When.ALWAYS, load_limit=20)
        for step in organisation.steps
        if step.id != DAY_STEP
    )
    return replace(organisation, steps=steps)


def _always(known: PeopleFile) -> PeopleFile:
    first = {rule.person: rule for rule in known.weekly}
    return replace(
        known, weekly=tuple(rule for one in first.values() for rule in _shifts(one)) if first else ()
    )


def _shifts(rule: WeeklyRule) -> list[WeeklyRule]:
    return [
        replace(
            rule,
            id=f"{rule.id}-{n}",
            days=tuple(range(7)),
            starts=starts,
            ends=ends,
            on_holiday=OnHoliday.WORK,
        )
        for n, (starts, ends) in enumerate(SHIFTS)
    ]


if __name__ == "__main__":
    read = places.content
    places.content = lambda found: short(read(found))
    sys.exit(main())
