"""`samjour check`: every file read, every example run, every fault told."""

from argparse import Namespace

from bot import content as content_files
from bot.commands import out, places


def run(args: Namespace) -> int:
    """Exit 1 when there is a fault."""
    found = places.settings()
    articles, faults = content_files.check(places.root(found))
    if args.json:
        out.result({"articles": articles, "faults": faults})
    else:
        for fault in faults:
            out.line(fault)
        out.note(f"{articles} articles, {len(faults)} faults")
    return 1 if faults else 0
