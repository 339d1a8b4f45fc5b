"""What `samjour duty` takes on the command line."""

from argparse import ArgumentParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import _SubParsersAction


def add_arguments(commands: "_SubParsersAction[ArgumentParser]") -> None:
    """The acts and what each takes."""
    show = _act(commands, "show", "who holds which part of which shift")
    _times(show, required=False)
    taken = _act(commands, "take-over", "somebody takes a shift, or a part of one, from whoever holds it")
    _person(taken, "who takes it")
    taken.add_argument("--of", metavar="PERSON", help="who holds it, where several shifts are at that time")
    _times(taken, required=True)
    back = _act(commands, "give-back", "what somebody took goes back to whomever they had it from")
    _person(back, "who gives it back")
    _times(back, required=True)
    swap = _act(commands, "swap", "two people exchange shifts, or parts of them")
    _person(swap, "who gives the first")
    _times(swap, required=True)
    swap.add_argument("--with", required=True, metavar="PERSON", help="who gives the other")
    for name in ("back-from", "back-to"):
        swap.add_argument(f"--{name}", required=True, help="ISO 8601, of the other's")
    ill = _act(
        commands, "sick", "somebody cannot work: from now until their shift ends, unless times are given"
    )
    _person(ill, "who")
    _times(ill, required=False)
    override = _act(commands, "override", "put somebody on duty beside every roster, or take them off")
    _person(override, "who")
    _times(override, required=True)
    which = override.add_mutually_exclusive_group(required=True)
    which.add_argument("--on", action="store_true")
    which.add_argument("--off", action="store_true")
    override.add_argument("--role", help="with --on: as what")


def _act(commands: "_SubParsersAction[ArgumentParser]", name: str, does: str) -> ArgumentParser:
    parser = commands.add_parser(name, help=does)
    parser.add_argument("--org", required=True, help="an organisation that the shift is for")
    parser.add_argument("--json", action="store_true", help="what is printed anyway")
    return parser


def _person(parser: ArgumentParser, does: str) -> None:
    parser.add_argument("--person", required=True, help=does)


def _times(parser: ArgumentParser, *, required: bool) -> None:
    for name in ("from", "to"):
        parser.add_argument(
            f"--{name}", required=required, help="ISO 8601; Swedish time unless an offset is given"
        )
