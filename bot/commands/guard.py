"""`samjour guard`: the guard from a terminal."""

from argparse import Namespace

from bot.commands import out, places
from bot.core import guard


def run(args: Namespace) -> int:
    """Judge one text, or each of a file, as a message in a room without names."""
    rules = places.content(places.settings()).guard
    texts = out.batch(args.batch, "text") if args.batch else [(None, " ".join(args.text))]
    for id_, text in texts:
        told = guard.report(guard.judge(rules, text, channel="telegram", phase="unnamed"))
        out.result({"id": id_, **told} if id_ is not None else told)
    return 0
