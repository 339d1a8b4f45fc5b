"""`samjour roster import` and `roster feed`: rosters from files and from elsewhere."""

import re
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.commands import out
from bot.commands.database import call, read_text
from bot.core.errors import BadInput

FOUND = 1  # exit code: the file has faults, or the feed gives nothing good


def run_import(args: Namespace) -> int:
    """Import a file, or only tell what that would change."""
    name = args.source or _source(args.file)
    given = {"org": args.org, "format": _format(args), "source": name, "data": read_text(args.file)}
    if not args.dry_run:
        out.result(call("roster-import", given))
        return 0
    told = call("roster-preview", given)
    out.result(told) if args.json else _print(told)
    return FOUND if told["faults"] else 0


def run_feed(args: Namespace) -> int:
    """Add, list, look, remove."""
    if args.what == "add":
        told = call(
            "feed-add",
            {
                "org": args.org,
                "label": args.label,
                "format": args.format,
                "every": args.every,
                "url": read_text(args.url_file).strip(),
            },
        )
    elif args.what == "list":
        told = call("feed-list", {"org": args.org})
    elif args.what == "look":
        told = call("feed-look", {"feed": args.feed})
    else:
        told = call("feed-remove", {"feed": args.feed, "drop": args.drop_shifts})
    out.result(told)
    return FOUND if told.get("outcome", "good") != "good" else 0


def _source(path: str) -> str:
    """What a file's roster is called, unless it is said: as the file."""
    return re.sub(r"[^a-z0-9._-]+", "-", Path(path).stem.casefold()).strip("._-")[:60] or "import"


def _format(args: Namespace) -> str:
    named = args.format or Path(args.file).suffix.lstrip(".").lower()
    if named not in ("ics", "csv"):
        raise BadInput("--format: is ics or csv")
    return str(named)


def _print(told: Mapping[str, Any]) -> None:
    for fault in told["faults"]:
        out.line(fault)
    for sign, shift in (
        *(("+", shift) for shift in told["added"]),
        *((">", pair["after"]) for pair in told["moved"]),
        *(("-", shift) for shift in told["removed"]),
        *(("!", shift) for shift in told["running"]),
    ):
        out.line(f"{sign} {shift['person']} {shift['starts']} {shift['ends']}")
    for rest in told["short_rest"]:
        out.line(f"~ {rest['person']} {rest['hours']} h {rest['to']}")
