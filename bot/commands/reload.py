"""`samjour reload`: the running server takes the files as they stand now, all of them or none."""

import asyncio
from argparse import Namespace

from bot.commands import out, places
from bot.commands.admin import call_running
from bot.core.errors import Unavailable


def run(args: Namespace) -> int:
    """Exit 1 when there is a fault: then nothing has changed. Raises Unavailable when no server runs."""
    found = places.database(places.settings())
    if found is None:
        raise Unavailable("no server is running: there is no database")
    told = asyncio.run(call_running(found, "reload", {}))
    if args.json:
        out.result(told)
    else:
        _print(told)
    return 0 if told.get("ok") is True else 1


def _print(told: dict[str, object]) -> None:
    faults = told.get("faults")
    for fault in faults if isinstance(faults, list) else ():
        out.line(str(fault))
    if told.get("ok") is not True:
        out.note("nothing was changed")
        return
    out.line(f"{'in force' if told.get('changed') else 'unchanged'}: {told.get('digest')}")
    if told.get("expired"):
        out.note(f"expired and withheld: {told.get('expired')} (samjour check says which)")
