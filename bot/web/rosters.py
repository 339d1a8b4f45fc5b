"""Routes of rosters: what a file would change, and importing it, by coordinators of their own organisation."""

from hashlib import sha256
from typing import Final

from aiohttp import web

from bot.core.errors import BadInput
from bot.core.ids import OrganisationId
from bot.core.roster import Shift
from bot.core.roster_files import MAX_BYTES, Written
from bot.core.roster_preview import NOTHING, Preview
from bot.flow import roster_import
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.roster_import import Given
from bot.web import rosters_models as models
from bot.web.acting import Actor, act, answered, look, read_model

MAX_BODY: Final = MAX_BYTES * 4 // 3 + 1024  # base64url, and what stands around it
MOST: Final = 1_000  # shifts of a kind in one answer


async def preview(request: web.Request) -> web.Response:
    """What importing the file would change, or its faults with their lines. Nothing is changed."""
    given = await _given(request)

    def ask(tx: Tx, deps: Deps, actor: Actor) -> models.RosterPreview:
        roster_import.may_import(deps, actor.who, given)
        try:
            written = roster_import.read_roster(tx, deps, given)
            roster_import.may_import(deps, actor.who, given, written)
            return _shown(given, roster_import.foresee(tx, deps, given, written))
        except BadInput as error:
            return _shown(given, NOTHING, str(error).splitlines())

    return answered(await look(request, ask))


async def take(request: web.Request) -> web.Response:
    """Put the file's shifts in the place of what the same source said before: all, or 400 and nothing."""
    given = await _given(request)

    def read(tx: Tx, deps: Deps, actor: Actor) -> tuple[Written, ...]:
        roster_import.may_import(deps, actor.who, given)
        return roster_import.read_roster(tx, deps, given)

    def do(tx: Tx, deps: Deps, actor: Actor) -> models.RosterTaken:
        rules = roster_import.may_import(deps, actor.who, given, written)
        found = roster_import.take(tx, deps, given, written, by=actor.who.person.id, rules=rules)
        return models.RosterTaken(organisation=given.organisation, source=given.source, counts=_counts(found))

    written = await look(request, read)
    what = (given.organisation, given.source, given.format, sha256(given.data).hexdigest())
    return await act(request, what, do)


async def _given(request: web.Request) -> Given:
    file = await read_model(request, MAX_BODY, models.RosterFile)
    own = OrganisationId(request.match_info["organisation"])
    return Given(organisation=own, source=file.source, format=file.format, data=file.data)


def _shown(given: Given, found: Preview, faults: list[str] | None = None) -> models.RosterPreview:
    return models.RosterPreview(
        organisation=given.organisation,
        source=given.source,
        counts=_counts(found),
        added=[_shift(shift) for shift in found.added[:MOST]],
        moved=[
            models.ShiftMoved(before=_shift(pair.before), after=_shift(pair.after))
            for pair in found.moved[:MOST]
        ],
        removed=[_shift(shift) for shift in found.removed[:MOST]],
        running=[_shift(shift) for shift in found.running[:MOST]],
        short_rest=[
            models.ShortRest(person=rest.person, begins=rest.begins, ends=rest.ends)
            for rest in found.short_rest[:MOST]
        ],
        faults=faults or [],
    )


def _shift(shift: Shift) -> models.ShiftShown:
    return models.ShiftShown(
        person=shift.person,
        organisations=list(shift.organisations),
        role=shift.role,
        starts=shift.starts,
        ends=shift.ends,
        areas=list(shift.areas),
    )


def _counts(found: Preview) -> models.RosterCounts:
    return models.RosterCounts(
        added=len(found.added),
        moved=len(found.moved),
        removed=len(found.removed),
        running=len(found.running),
        unchanged=found.unchanged,
        short_rest=len(found.short_rest),
    )
