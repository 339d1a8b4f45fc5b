"""Seeds the demo: its people, their rosters around today, and the devices of those who vouch and keep shares."""

from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

from bot.content import Content
from bot.core.errors import Unavailable
from bot.core.hours import local_day
from bot.core.ids import OrganisationId, PersonId
from bot.core.in_force import numbers_on
from bot.core.people_file import PeopleFile
from bot.core.roster import Shift
from bot.core.weekly import expand
from bot.demo.seed_devices import read_roots, read_seats, seed_devices
from bot.flow import door
from bot.flow.deps import Deps
from bot.flow.enrol import put_person, put_roster
from bot.flow.forum_lists import put_on
from bot.flow.numbers_tested import answers_since, keep_test
from bot.flow.ports import Tx
from bot.flow.staffing import keep

SOURCE = "demo"
BEFORE, AFTER = timedelta(days=120), timedelta(days=400)  # of duty around today
RUNG = timedelta(days=7)  # a longer time since its numbers were rung, and the demo rings them anew
STALE = timedelta(days=300)  # less roster ahead than this, and it is laid anew


async def seed(deps: Deps, content: Content, keys_dir: Path) -> None:
    """Make the demo's people, rosters and devices known; the second time only what is missing.

    `keys_dir`: where the supervisors' key files are; roots and coordinators have folders beside it.
    """
    today = local_day(deps.clock.now())
    people = people_of(content).people
    roots = read_roots(deps, content, keys_dir.parent)
    seats = read_seats(deps, people, keys_dir.parent)

    def act(tx: Tx) -> None:
        for person in people:
            if tx.people.get(person.id) is None:
                put_person(tx, deps, person, by=SOURCE)
        for post in people_of(content).posts:
            if tx.posts.get(post.id) is None:
                keep(tx, deps, post, by=SOURCE)
        _fill_lists(tx, deps, content)
        _lay_rosters(tx, deps, content, today)
        _ring_numbers(tx, deps, content, today)
        seed_devices(tx, deps, roots, seats)

    await deps.store.write(act)


async def link_code(deps: Deps, person: PersonId) -> str:
    """A code with which a demo phone links itself to the person."""
    return await deps.store.write(lambda tx: door.issue_code(tx, deps, person))


def _fill_lists(tx: Tx, deps: Deps, content: Content) -> None:
    """Each forum's list, where nobody has ever kept it."""
    for one in people_of(content).forums:
        for person in one.people if not tx.graves.listed(one.forum) else ():
            put_on(tx, deps, one.forum, person, by=SOURCE)


def _lay_rosters(tx: Tx, deps: Deps, content: Content, today: date) -> None:
    horizon = deps.clock.now() + AFTER - STALE
    if tx.rosters.shifts(horizon, horizon + timedelta(days=1)):
        return
    by_first: dict[OrganisationId, list[Shift]] = defaultdict(list)
    for shift in expand(people_of(content).weekly, first=today - BEFORE, last=today + AFTER):
        by_first[shift.organisations[0]].append(shift)
    for organisation, shifts in sorted(by_first.items()):
        put_roster(tx, deps, organisation, SOURCE, tuple(shifts), by=SOURCE)


def _ring_numbers(tx: Tx, deps: Deps, content: Content, today: date) -> None:
    """As somebody does every month: each number is rung, and answers."""
    last = tx.coverage.last_tests()
    for own in content.structure.organisations.values():
        for number in numbers_on(own, today):
            since = answers_since(number, last)
            if since is None or since < today - RUNG:
                keep_test(tx, deps, number.id, answered=True, by=SOURCE)


def people_of(content: Content) -> PeopleFile:
    """The demo's people. Raises Unavailable where the content has none."""
    if content.demo is None:
        raise Unavailable("policies/demo.yaml: a demo needs its people")
    return content.demo
