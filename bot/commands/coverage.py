"""`samjour numbers` and `samjour token`: what is tested, and which machines may ask who is on duty."""

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


def run_token(args: Namespace) -> int:
    """Issue, list, revoke. The secret goes to stdout alone, once."""
    given: dict[str, object] = {}
    if args.act == "issue":
        given = {"org": args.org, "label": args.label, "scope": args.scope, "days": args.days}
    elif args.act == "revoke":
        given = {"id": args.token}
    out.result(call(f"token-{args.act}", given))
    return 0
