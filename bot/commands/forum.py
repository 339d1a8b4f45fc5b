"""`samjour forum`: who is told of a grave event in a forum's name."""

from argparse import Namespace
from collections.abc import Mapping
from typing import Any

from bot.commands import out
from bot.commands.database import call


def run_forum(args: Namespace) -> int:
    """List, add, remove."""
    asked = {"forum": args.forum} if args.what == "list" else {"forum": args.forum, "person": args.person}
    told: Mapping[str, Any] = call(f"forum-{args.what}", asked)
    if args.json:
        out.result(told)
        return 0
    for person in told["people"]:
        out.line(person)
    return 0
