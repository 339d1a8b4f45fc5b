"""`samjour numbers`, `readiness` and `token`: what is tested, how ready that leaves whom, which machines may ask."""

from argparse import Namespace

from bot.commands import out
from bot.commands.database import call


def run_numbers(args: Namespace) -> int:
    """Tested, list."""
    if args.act == "tested":
        out.result(call("numbers-tested", {"number": args.number, "answered": not args.no_answer}))
        return 0
    out.result(call("numbers-list", {"org": args.org}))
    return 0


def run_readiness(args: Namespace) -> int:
    """Say how ready an organisation is; 1 where something is missing."""
    found = call("readiness", {"org": args.org})
    out.result(found)
    return 0 if found.get("ready") else 1


def run_token(args: Namespace) -> int:
    """Issue, list, revoke. The secret goes to stdout alone, once."""
    given: dict[str, object] = {}
    if args.act == "issue":
        given = {"org": args.org, "label": args.label, "scope": args.scope, "days": args.days}
    elif args.act == "revoke":
        given = {"id": args.token}
    out.result(call(f"token-{args.act}", given))
    return 0
