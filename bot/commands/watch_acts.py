"""What the watching process asks of the running server: whether it lives, and whom to tell when it does not."""

from collections.abc import Mapping

from bot.app import Samjour
from bot.commands.admin import Act
from bot.commands.given import Args
from bot.commands.watch_file import asked_in
from bot.flow.watch import asked, told_of


async def alive(samjour: Samjour, args: Args) -> dict[str, object]:
    """Which loops do not do their work, and the list; the question is itself a sign of life."""
    found = await asked(samjour.deps, samjour.watch, asked_in(args))
    return {"silent": list(samjour.hearts.silent()), "calls": told_of(found)}


ACTS: Mapping[str, Act] = {"alive": alive}
