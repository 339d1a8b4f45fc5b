"""Rosters from outside: what a file would change, and putting it in the place of what its source said before.

A file is read before anything is locked; what it says is judged again, against the people and rosters of that very
moment, in the transaction that puts it there. What has ended stays as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from bot.core.errors import Denied
from bot.core.facts import facts_about
from bot.core.feed import Format
from bot.core.hours import local_day
from bot.core.ids import OrganisationId
from bot.core.people import Role
from bot.core.places import Kind, organisation
from bot.core.policy import Act, decide
from bot.core.roster import MAX_SHIFT, Shift
from bot.core.roster_files import Import, Written, read_csv, refuse, shift_faults
from bot.core.roster_ics import Window, read_ics
from bot.core.roster_preview import Preview, ahead, clashes, compare, history
from bot.core.shift_follow import Followed
from bot.flow.changed import duty_changed, turned
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.flow.shift_book import book
from bot.flow.shift_follow import Place, keep_followed, rename_proposals, tell_followed
from bot.flow.shift_follow import foresee as foresee_changes
from bot.flow.situation import attendance
from bot.flow.speaker import Speaker

AHEAD: Final = timedelta(days=366)  # how far a recurring roster is expanded
KIND: Final = "roster"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A roster as it was handed in: for which organisation, and which of its rosters it is."""

    organisation: OrganisationId
    source: str
    format: Format
    data: bytes = field(repr=False)


def may_import(deps: Deps, who: Speaker, given: Given, written: Sequence[Written] = ()) -> tuple[str, ...]:
    """The rules that let this person import that organisation's roster. Raises Denied where none does.

    `written`: what it says, once it is read; whoever puts people on duty for other boards too must be allowed to there.
    """
    content = deps.content()
    named = {name for one in written for name in one.shift.organisations}
    facts = facts_about(content.structure, who.person, who.now, concerns={given.organisation, *named})
    decision = decide(content.policy, who.roles, Act.ROSTER_IMPORT, facts)
    if not decision.allowed:
        raise Denied(" ".join(decision.reasons))
    return decision.rules


def read_roster(tx: Tx, deps: Deps, given: Given) -> tuple[Written, ...]:
    """What the file says. Raises BadInput with every fault and its line, and for an unknown organisation."""
    into = _into(tx, deps, given)
    if given.format is Format.CSV:
        return read_csv(given.data, into)
    return read_ics(given.data, _window(into, deps.clock.now()))


def preview(tx: Tx, deps: Deps, given: Given) -> Preview:
    """What importing it now would change. Raises BadInput with every fault and its line."""
    return foresee(tx, deps, given, read_roster(tx, deps, given))


def foresee(tx: Tx, deps: Deps, given: Given, written: Sequence[Written]) -> Preview:
    """The same of what was read already."""
    return _judged(tx, deps, given, written, deps.clock.now())[0]


def take(
    tx: Tx, deps: Deps, given: Given, written: Sequence[Written], by: str, rules: tuple[str, ...] = ()
) -> Preview:
    """Put what was read in the place of what the source said before, all or nothing; returns what that changed.

    Whoever is on duty no longer gives back what they were asked; whoever has come is asked. Raises BadInput.
    """
    now = deps.clock.now()
    found, shifts, changes = _judged(tx, deps, given, written, now)
    if found.people:
        before, known = attendance(tx, now), book(tx, now)
        entry = fact(deps, given.organisation, KIND, now, by=by, rules=list(rules))
        tx.rosters.replace(given.organisation, given.source, shifts, entry, now)
        keep_followed(tx, deps, _place(given, now), changes, by)
        rename_proposals(tx, deps, _place(given, now), found)
        duty_changed(tx, deps, now, turned(before, attendance(tx, now)), rules)
        tell_followed(tx, deps, known, changes)
    return found


async def put_file(deps: Deps, given: Given, by: str) -> Preview:
    """Read and take it. Raises BadInput with every fault and its line; then nothing is changed."""
    written = await deps.store.read(lambda tx: read_roster(tx, deps, given))
    found = await deps.store.write(lambda tx: take(tx, deps, given, written, by))
    deps.bells.ring()
    return found


def _judged(
    tx: Tx, deps: Deps, given: Given, written: Sequence[Written], now: datetime
) -> tuple[Preview, tuple[Shift, ...], Followed]:
    """What it changes, what the source is to say of all that has not ended, and what becomes of changes by people."""
    into = _into(tx, deps, given)
    coming = [one for one in written if one.shift.ends > now]
    faults = [f"{one.place}: {fault}" for one in coming for fault in shift_faults(one.shift, into)]
    new = ahead((one.shift for one in coming), now)
    last = max((shift.ends for shift in new), default=now)
    others = [
        one
        for one in tx.rosters.listed(now - MAX_SHIFT, last + MAX_SHIFT)
        if (one.organisation, one.source) != (given.organisation, given.source)
    ]
    refuse([*faults, *clashes(coming, others, now)])
    old = tx.rosters.of_source(given.organisation, given.source, now)
    named = {shift.person for shift in new}
    around = [one.shift for one in others if one.shift.person in named]
    found, stands = compare(old, new, now, around), (*history(old, new, now), *new)
    foreseen = foresee_changes(tx, _place(given, now), found, stands, [one.shift for one in others])
    if foreseen is None:
        return found, stands, Followed()
    refuse(list(foreseen.faults(_place(given, now), coming)))
    return replace(found, void=foreseen.followed.void), stands, foreseen.followed


def _place(given: Given, now: datetime) -> Place:
    return Place(organisation=given.organisation, source=given.source, now=now)


def _into(tx: Tx, deps: Deps, given: Given) -> Import:
    structure = deps.content().structure
    return Import(
        organisation=organisation(structure, given.organisation).id,
        structure=structure,
        people={person.id: person for person in tx.people.all()},
        source=given.source,
    )


def _window(into: Import, now: datetime) -> Window:
    """Whatever touches yesterday or a day of the coming year."""
    kind = organisation(into.structure, into.organisation).kind
    role = Role.JOUR if kind is Kind.JOUR else Role.SOCIAL_WORKER
    today = local_day(now)
    return Window(into=into, role=role, first=today - timedelta(days=1), last=today + AHEAD)
