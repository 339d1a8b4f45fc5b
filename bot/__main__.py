"""The command line of Samjour."""

import sys
from argparse import ArgumentParser, Namespace, _SubParsersAction
from collections.abc import Callable, Sequence
from importlib import import_module

from bot.core.errors import BadInput, SamjourError

OK, FOUND, USAGE, FAILED = 0, 1, 2, 3  # exit codes (also what argparse uses for bad usage)
Run = Callable[[Namespace], int]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code. Errors are one clear line on stderr, never a traceback."""
    args = _parser().parse_args(argv)
    try:
        return _load(args.code)(args)
    except BadInput as error:
        return _say(error, USAGE)
    except SamjourError as error:
        return _say(error, FAILED)
    except BrokenPipeError:
        return FAILED
    except OSError as error:
        return _say(error.strerror or "the system refused", FAILED)
    except KeyboardInterrupt:
        return FAILED


def _say(error: object, code: int) -> int:
    print(f"samjour: {error}", file=sys.stderr)
    return code


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="samjour", description="The line between police officers and the people on duty."
    )
    commands = parser.add_subparsers(required=True, metavar="command")
    _serving(commands)
    _asking(commands)
    _duty(commands)
    _people(commands)
    return parser


def _command(
    commands: "_SubParsersAction[ArgumentParser]", name: str, code: str, told: str
) -> ArgumentParser:
    """A command whose code ("module:function") is loaded only when used: `samjour ask` needs no web server."""
    command = commands.add_parser(name, help=told, description=told)
    command.set_defaults(code=code)
    return command


def _load(code: str) -> Run:
    module, _, function = code.partition(":")
    run: Run = getattr(import_module(f"bot.commands.{module}"), function)
    return run


def _serving(commands: "_SubParsersAction[ArgumentParser]") -> None:
    demo = _command(
        commands, "demo", "serving:run_demo", "a whole Samjour to try, or its scripted evening (--night)"
    )
    demo.add_argument("--port", type=int, default=8400)
    demo.add_argument("--dir", default=None, help="where the records are kept (var/demo; --night: nowhere)")
    demo.add_argument("--night", action="store_true")
    demo.add_argument("--json", action="store_true")
    serve = _command(
        commands, "serve", "serving:run_serve", "pages, channels, deadlines and outbox, in one process"
    )
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=None)


def _asking(commands: "_SubParsersAction[ArgumentParser]") -> None:
    check = _command(commands, "check", "check:run", "read every file, run every example")
    check.add_argument("--json", action="store_true")
    ask = _command(commands, "ask", "ask:run", "ask the library")
    ask.add_argument("question", nargs="*")
    ask.add_argument("--org")
    ask.add_argument("--at", help="ISO 8601; Swedish time unless an offset is given")
    ask.add_argument("--batch", metavar="FILE", help='JSON lines with "id" and "query"')
    ask.add_argument("--json", action="store_true")
    guard = _command(commands, "guard", "guard:run", "find what points out a person")
    guard.add_argument("text", nargs="*")
    guard.add_argument("--batch", metavar="FILE", help='JSON lines with "id" and "text"')
    guard.add_argument("--json", action="store_true")


def _duty(commands: "_SubParsersAction[ArgumentParser]") -> None:
    who = _command(commands, "who", "database:run_who", "who is asked for a place at a minute, and why")
    who.add_argument("--org", required=True, help="an organisation or a group")
    for name in ("area", "matter", "need", "decision", "at"):
        who.add_argument(f"--{name}")
    who.add_argument("--explain", action="store_true", help="reasons as sentences")
    who.add_argument("--language", choices=("sv", "en"), default="sv")
    who.add_argument("--json", action="store_true")
    roster = _command(
        commands, "roster", "database:run_roster", "rosters: import, gaps, show"
    ).add_subparsers(dest="act", required=True)
    imported = roster.add_parser("import", help="put a file's shifts in the place of those imported before")
    imported.add_argument("file")
    imported.add_argument("--org", required=True)
    imported.add_argument("--format", choices=("ics", "csv"))
    for name in ("gaps", "show"):
        shown = roster.add_parser(name)
        shown.add_argument("--org", required=True)
        shown.add_argument("--from", dest="first")
        shown.add_argument("--to", dest="last")
        shown.add_argument("--json", action="store_true")


def _people(commands: "_SubParsersAction[ArgumentParser]") -> None:
    people = _command(
        commands, "people", "database:run_people", "people: add, suspend, invite, link"
    ).add_subparsers(dest="act", required=True)
    people.add_parser("add", help="add or change a person from a JSON file").add_argument("file")
    for name, told in (
        ("suspend", "nothing more is offered to them or taken from them"),
        ("invite", "a one-time sign-in link"),
        ("link", "a one-time code that links their Telegram account"),
    ):
        people.add_parser(name, help=told).add_argument("person")
    ledger = _command(
        commands, "ledger", "database:run_ledger", "the record that cannot be rewritten"
    ).add_subparsers(dest="act", required=True)
    ledger.add_parser("verify").add_argument("--json", action="store_true")


if __name__ == "__main__":
    sys.exit(main())
