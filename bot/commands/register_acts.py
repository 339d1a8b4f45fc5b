"""What `samjour register` does with the database, wherever it is open."""

from collections.abc import Iterator
from typing import Final

from bot.app import Samjour
from bot.commands import given
from bot.commands.admin import Act
from bot.commands.given import Args
from bot.core.ids import OrganisationId
from bot.core.registers import Register, register_to_dict
from bot.flow import register
from bot.flow.ports import Tx
from bot.flow.staffing import those_of


async def show(samjour: Samjour, args: Args) -> dict[str, object]:
    """Every entry of an organisation, or of every board of a group, the oldest first."""
    those = those_of(samjour.deps.content().structure, given.text(args, "org"))
    found = await samjour.store.read(lambda tx: [one for own in those for one in _entries(tx, args, own.id)])
    return {"entries": [register_to_dict(one) for one in sorted(found, key=lambda one: (one.at, one.id))]}


def _entries(tx: Tx, args: Args, organisation: OrganisationId) -> Iterator[Register]:
    since, before = (given.instant(args, name) if args.get(name) else None for name in ("from", "to"))
    after, more = None, True
    while more:
        page = register.page(tx, organisation, since=since, before=before, after=after)
        yield from page.entries
        after, more = page.entries[-1].id if page.entries else None, page.more


ACTS: Final[dict[str, Act]] = {"register": show}
