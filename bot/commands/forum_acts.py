"""What `samjour forum` does with the database, wherever it is open."""

from typing import Final

from bot.app import Samjour
from bot.commands import given
from bot.commands.admin import Act
from bot.commands.given import Args
from bot.core.ids import PersonId
from bot.flow import forum_lists
from bot.flow.ports import Tx

BY: Final = "command line"


async def show(samjour: Samjour, args: Args) -> dict[str, object]:
    """Who stands on a forum's list. Raises BadInput for a forum there is not today."""
    return await samjour.store.read(lambda tx: _told(tx, samjour, given.text(args, "forum")))


async def add(samjour: Samjour, args: Args) -> dict[str, object]:
    """Put somebody on the list."""

    def act(tx: Tx) -> dict[str, object]:
        forum = forum_lists.owner_of(samjour.deps, given.text(args, "forum"))[1].id
        forum_lists.put_on(tx, samjour.deps, forum, PersonId(given.text(args, "person")), by=BY)
        return _told(tx, samjour, forum)

    return await samjour.store.write(act)


async def remove(samjour: Samjour, args: Args) -> dict[str, object]:
    """Take somebody off the list."""

    def act(tx: Tx) -> dict[str, object]:
        forum = forum_lists.owner_of(samjour.deps, given.text(args, "forum"))[1].id
        forum_lists.take_off(tx, samjour.deps, forum, PersonId(given.text(args, "person")), by=BY)
        return _told(tx, samjour, forum)

    return await samjour.store.write(act)


def _told(tx: Tx, samjour: Samjour, named: str) -> dict[str, object]:
    own, forum = forum_lists.owner_of(samjour.deps, named)
    people = forum_lists.listed_at(tx, forum.id, samjour.deps.clock.now())
    return {"forum": forum.id, "organisation": own.id, "people": list(people)}


ACTS: Final[dict[str, Act]] = {"forum-list": show, "forum-add": add, "forum-remove": remove}
