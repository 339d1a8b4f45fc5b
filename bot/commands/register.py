"""`samjour register`: when somebody was named in a talk, and when something was disclosed; nobody's name, no content."""

from argparse import Namespace
from collections.abc import Mapping
from typing import Any

from bot.commands import out, places
from bot.commands.database import call
from bot.core.hours import local_beginning


def run(args: Namespace) -> int:
    """Show the register of an organisation, or of every board of a group, of a span of time if one is named."""
    zone, span = places.settings().timezone, {"from": args.first, "to": args.last}
    told = {name: local_beginning(text, zone).isoformat() for name, text in span.items() if text is not None}
    found = call("register", {"org": args.org, **told})
    if args.json:
        out.result(found)
    else:
        _print(found)
    return 0


def _print(found: Mapping[str, Any]) -> None:
    for one in found["entries"]:
        chosen = f" {one['direction']} {one['ground']}" if one["direction"] is not None else ""
        out.line(f"{one['at']} {one['organisation']} {one['kind']}{chosen} {one['consultation']} {one['id']}")
