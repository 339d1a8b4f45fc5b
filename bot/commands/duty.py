"""`samjour duty`: changes of shifts, as the coordinator makes them: take over, give back, swap, sick, override."""

from argparse import Namespace
from typing import Final

from bot.commands import out, places
from bot.commands.database import call
from bot.core.errors import BadInput

TIMES: Final = ("from", "to", "back_from", "back_to")
_NAMES: Final = frozenset({*TIMES, "org", "person", "of", "with", "on", "role"})


def run(args: Namespace) -> int:
    """Do it, and print what was kept; exit 2 says why it cannot be."""
    found, now = places.settings(), places.now()
    asked = {name: value for name, value in vars(args).items() if name in _NAMES and value is not None}
    for name in TIMES:
        if name in asked:
            asked[name] = out.instant(asked[name], now, found.timezone).isoformat()
    if ("from" in asked) is not ("to" in asked):
        raise BadInput("--from and --to: both, or neither")
    out.result(call(f"duty-{args.act}", asked))
    return 0
