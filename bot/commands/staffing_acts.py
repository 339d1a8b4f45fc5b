"""What `samjour find` and `samjour staffing` do with the database, wherever it is open."""

import json
from datetime import date, datetime
from typing import Final

from bot.app import Samjour
from bot.commands import given
from bot.commands.admin import Act
from bot.commands.given import Args
from bot.core import finding
from bot.core.errors import BadInput
from bot.core.hours import local_day
from bot.core.ids import DistrictId, OrganisationId
from bot.core.people import Person
from bot.core.places import organisation, owner, place_named
from bot.core.staffing import PostId, post_from_json
from bot.flow import staffing
from bot.flow.deps import Content
from bot.flow.find import Spot

BY: Final = "command line"


async def find(samjour: Samjour, args: Args) -> dict[str, object]:
    """What an officer can find at a place at a minute."""
    people = await samjour.store.read(lambda tx: tx.people.all())
    return found(samjour.deps.content(), people, args)


def found(content: Content, people: tuple[Person, ...], args: Args) -> dict[str, object]:
    """The same by these people. Raises BadInput for a place there is not."""
    at = given.instant(args, "at")
    spot = _spot(content, str(args.get("org") or ""), str(args.get("district") or ""), at)
    listed = finding.found_at(content.structure, spot.board, people, at, spot.district)
    return finding.report(spot.board, listed, at, spot.district)


async def staffing_show(samjour: Samjour, args: Args) -> dict[str, object]:
    """The posts of an organisation or of every board of a group, over all years or on a day."""
    structure = samjour.deps.content().structure
    those = staffing.those_of(structure, given.text(args, "org"))
    on = _day(args) if args.get("at") else None
    listed = await samjour.store.read(lambda tx: [staffing.staffing_of(tx, own) for own in those])
    return staffing.told(listed, on)


async def staffing_put(samjour: Samjour, args: Args) -> dict[str, object]:
    """Keep a post, new or changed, from plain JSON."""
    given = args.get("post")
    if not isinstance(given, dict):
        raise BadInput("post: a post must be a JSON object")
    post = post_from_json(json.dumps(given))
    await samjour.store.write(lambda tx: staffing.keep(tx, samjour.deps, post, by=BY))
    return {"post": post.id}


async def staffing_remove(samjour: Samjour, args: Args) -> dict[str, object]:
    """Take away a post that was entered by mistake."""
    own = organisation(samjour.deps.content().structure, given.text(args, "org")).id
    post = PostId(given.text(args, "post"))
    await samjour.store.write(lambda tx: staffing.remove(tx, samjour.deps, OrganisationId(own), post, by=BY))
    return {"post": post, "removed": True}


def _spot(content: Content, name: str, district: str, at: datetime) -> Spot:
    structure = content.structure
    if district:
        board = owner(structure, DistrictId(district), at)[0]
        if name and name != board.id:
            raise BadInput("district: belongs to another organisation on that day")
        return Spot(board=board, district=DistrictId(district))
    if not name:
        raise BadInput("org: is missing")
    return Spot(board=place_named(structure, name, None, at).organisation)


def _day(args: Args) -> date:
    return local_day(given.instant(args, "at"))


ACTS: Final[dict[str, Act]] = {
    "find": find,
    "staffing": staffing_show,
    "staffing-put": staffing_put,
    "staffing-remove": staffing_remove,
}
