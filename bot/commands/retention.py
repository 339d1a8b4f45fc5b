"""`samjour retention` and `samjour hold`: erase what a decision says is over; keep what another says is needed."""

from argparse import Namespace
from collections.abc import Mapping
from typing import Any, Final

from bot.commands import out
from bot.commands.database import call
from bot.core.retention import Stays

_WHY: Final[Mapping[str, str]] = {
    Stays.NO_DECISION: "no decision has been taken on their class",
    Stays.NOT_OVER: "their time is not over",
    Stays.HELD: "a hold stands",
    Stays.BEING_OPENED: "supervisors are opening them",
    Stays.DOUBTFUL: "the ledger does not say what their rows say: see samjour ledger verify",
    Stays.CLOCK: "this was the first look, and there was nothing to judge the clock by: run again",
    Stays.MOVED: "something happened to them meanwhile: run again",
    Stays.REFUSED: "the database refused: this is a fault, please report it",
}


def run_retention(args: Namespace) -> int:
    """Erase, or tell what would be erased. Exit 1 when something is left that should have gone."""
    if args.act == "reapply":
        out.result(call("retention-reapply", {}))
        return 0
    given = {"clock_is_right": args.clock_is_right}
    told: dict[str, Any] = call("retention-rehearse", {}) if args.dry_run else call("retention-run", given)
    if args.json:
        out.result(told)
    else:
        _print(told)
    wrong = {Stays.REFUSED, Stays.DOUBTFUL} & told["kept"].keys()
    return 1 if wrong or not told.get("cleared", True) else 0


def run_hold(args: Namespace) -> int:
    """Add, remove, list."""
    given = {} if args.act == "list" else {"consultation": args.consultation, "decision": args.decision}
    out.result(call(f"hold-{args.act}", given))
    return 0


def _print(told: Mapping[str, Any]) -> None:
    done = "would be erased" if told["dry_run"] else "erased"
    for one in told["certificates"]:
        decisions = ", ".join(f"{owner} {number}" for owner, number in one["decisions"].items())
        by = f" by certificate {one['certificate']}" if "certificate" in one else ""
        out.line(
            f"{one['organisation']} {one['class']}: {len(one['consultations'])} {done}{by} ({decisions})"
        )
    if told.get("question_days"):
        out.line(f"curators' questions of {told['question_days']} days {done}")
    elif not told["certificates"]:
        out.line(f"nothing {done}")
    for reason, count in told["kept"].items():
        out.line(f"{count} kept: {_WHY[reason]}")
    if told.get("more"):
        out.line("and more: a run goes on until nothing is left")
    if not told.get("cleared", True):
        out.line("traces may be left in the database's files, since somebody reads an older state: run again")
