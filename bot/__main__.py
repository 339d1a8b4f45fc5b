"""The command line of Samjour."""

import sys
from argparse import ArgumentParser, Namespace, _SubParsersAction
from collections.abc import Callable, Sequence
from importlib import import_module

from bot.commands import duty_line
from bot.core.errors import BadInput, SamjourError

OK, FOUND, USAGE, FAILED = 0, 1, 2, 3  # exit codes (also what argparse uses for bad usage)
Run = Callable[[Namespace], int]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code. Errors are one clear line on stderr, never a traceback."""
    args = _parser().parse_args(_joined(sys.argv[1:] if argv is None else argv))
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


def _joined(argv: Sequence[str]) -> list[str]:
    """Join `--public` to its key: one of 64 keys begins with `-`, and argparse takes that for an option."""
    words: list[str] = []
    for word in argv:
        if words and words[-1] == "--public":
            words[-1] = f"--public={word}"
        else:
            words.append(word)
    return words


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
    _organisations(commands)
    _devices(commands)
    _records(commands)
    _retention(commands)
    _opening(commands)
    _curating(commands)
    _coverage(commands)
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
    work = _command(
        commands, "work", "work:run", "watch `serve`: tell supervisors by telephone when it is silent"
    )
    work.add_argument(
        "--every",
        type=float,
        default=5.0,
        metavar="SECONDS",
        help="between questions; told after four without answer",
    )
    bench = _command(
        commands, "bench", "bench:run", "what this machine does per second, and what it could do"
    )
    bench.add_argument(
        "--only",
        metavar="NAMES",
        help="figures, or library, library-fit, guard, deadlines, year; with commas",
    )
    bench.add_argument("--size", type=int, default=20_000, help="entries of the ledgers that are verified")
    bench.add_argument("--json", action="store_true")


def _asking(commands: "_SubParsersAction[ArgumentParser]") -> None:
    check = _command(commands, "check", "check:run", "read every file, run every example")
    check.add_argument(
        "--law",
        metavar="FILE",
        help="changed law, one a line: act,section,date (SoL,19:1,2027-01-01; act: a short name or an SFS number; "
        "section: 19:1, 43 a §, 19 kap., or empty for the whole act); tells every article that cites it",
    )
    check.add_argument("--at", help="judge dates as of then; Swedish time unless an offset is given")
    check.add_argument("--json", action="store_true")
    reload = _command(
        commands,
        "reload",
        "reload:run",
        "the running server takes the files as they stand: all of them or none",
    )
    reload.add_argument("--json", action="store_true")
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
    who.add_argument("--org", help="an organisation or a group")
    who.add_argument("--district", help="a lokalpolisområde, instead of an organisation")
    for name in ("area", "matter", "need", "decision", "urgency", "at"):
        who.add_argument(f"--{name}")
    who.add_argument("--interview-at", help="the hour of an interview")
    who.add_argument("--explain", action="store_true", help="reasons as sentences")
    who.add_argument("--language", choices=("sv", "en"), default="sv")
    who.add_argument("--json", action="store_true")
    find = _command(commands, "find", "staffing:run_find", "who does what at a place, and how to reach them")
    find.add_argument("--org", help="an organisation or a group")
    find.add_argument("--district", help="a lokalpolisområde")
    find.add_argument("--at", help="ISO 8601; Swedish time unless an offset is given")
    find.add_argument("--language", choices=("sv", "en"), default="sv")
    find.add_argument("--json", action="store_true")
    register = _command(
        commands, "register", "register:run", "when somebody was named in a talk, and what was disclosed why"
    )
    register.add_argument("--org", required=True, help="an organisation or a group")
    for name, dest in (("from", "first"), ("to", "last")):
        register.add_argument(
            f"--{name}", dest=dest, help="a day or an instant; Swedish unless an offset is given"
        )
    register.add_argument("--json", action="store_true")
    duty = _command(commands, "duty", "duty:run", "shifts: take over, give back, swap, sick, override")
    duty_line.add_arguments(duty.add_subparsers(dest="act", required=True))
    forum = _command(commands, "forum", "forum:run_forum", "who is told of a grave event in a forum's name")
    forum.add_argument("what", choices=("list", "add", "remove"))
    forum.add_argument("--forum", required=True, help="its id")
    forum.add_argument("--person", default="")
    forum.add_argument("--json", action="store_true")
    staffing = _command(commands, "staffing", "staffing:run_staffing", "posts of boards over time")
    staffing.add_argument("--org", required=True, help="an organisation or a group")
    staffing.add_argument("--at", help="only the posts of that day")
    staffing.add_argument("--put", metavar="FILE", help="keep a post, new or changed, from a JSON file")
    staffing.add_argument("--remove", metavar="POST", help="take away a post entered by mistake")
    staffing.add_argument("--json", action="store_true")
    roster = _command(
        commands, "roster", "database:run_roster", "rosters: import, feed, gaps, show"
    ).add_subparsers(dest="act", required=True)
    imported = roster.add_parser(
        "import", help="put a file's shifts in the place of what its source said before"
    )
    imported.add_argument("file")
    imported.add_argument("--org", required=True)
    imported.add_argument("--format", choices=("ics", "csv"))
    imported.add_argument(
        "--source", help="which of the organisation's rosters it is; as the file is called, unless given"
    )
    imported.add_argument("--dry-run", action="store_true", help="only tell what would change")
    imported.add_argument("--json", action="store_true")
    imported.set_defaults(code="roster:run_import")
    feed = roster.add_parser("feed", help="rosters that are fetched: add, list, look, remove")
    feed.set_defaults(code="roster:run_feed")
    _feeds(feed.add_subparsers(dest="what", required=True))
    for name in ("gaps", "show"):
        shown = roster.add_parser(name)
        shown.add_argument("--org", required=True)
        shown.add_argument("--from", dest="first")
        shown.add_argument("--to", dest="last")
        shown.add_argument("--json", action="store_true")
        if name == "gaps":
            shown.add_argument("--need", action="store_true", help="tell for which need each is one")


def _coverage(commands: "_SubParsersAction[ArgumentParser]") -> None:
    numbers = _command(
        commands, "numbers", "coverage:run_numbers", "telephone numbers: tested, list"
    ).add_subparsers(dest="act", required=True)
    tested = numbers.add_parser("tested", help="somebody rang a number now, and it was answered")
    tested.add_argument("number", help="its id in the organisation's file")
    tested.add_argument("--no-answer", action="store_true", help="or was not")
    numbers.add_parser("list", help="every number, and when it was last found to answer").add_argument(
        "--org", required=True
    )
    ready = _command(
        commands, "readiness", "coverage:run_readiness", "how ready an organisation is, and why not"
    )
    ready.add_argument("--org", required=True, help="an organisation or a group")
    ready.add_argument("--json", action="store_true")
    token = _command(
        commands, "token", "coverage:run_token", "tokens of machines that ask who is on duty"
    ).add_subparsers(dest="act", required=True)
    issued = token.add_parser("issue", help="make one; its secret is shown this once")
    issued.add_argument("--org", required=True, help="an organisation or a group")
    issued.add_argument("--label", required=True, help="which machine it is for")
    issued.add_argument(
        "--scope", choices=("chain", "staff"), default="chain", help="staff: also people's own numbers"
    )
    issued.add_argument("--days", type=int, default=90)
    token.add_parser("list", help="every token, those that are over among them; no secrets")
    token.add_parser("revoke", help="end one now").add_argument("token")


def _feeds(commands: "_SubParsersAction[ArgumentParser]") -> None:
    added = commands.add_parser("add", help="fetch a roster from now on")
    added.add_argument("--label", required=True, help="what it is called here")
    added.add_argument(
        "--url-file", required=True, metavar="FILE", help="holds the address, which is a secret (/dev/stdin)"
    )
    added.add_argument("--format", choices=("ics", "csv"), default="ics")
    added.add_argument("--every", type=int, metavar="MINUTES", help="between looks (15)")
    listed = commands.add_parser("list", help="an organisation's feeds, and what came of the last looks")
    for named in (added, listed):
        named.add_argument("--org", required=True)
    commands.add_parser("look", help="look at one now").add_argument("feed")
    removed = commands.add_parser("remove", help="look at one no more; its shifts stay")
    removed.add_argument("feed")
    removed.add_argument("--drop-shifts", action="store_true", help="take its coming shifts away too")
    for act in commands.choices.values():
        act.add_argument("--json", action="store_true")


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


def _records(commands: "_SubParsersAction[ArgumentParser]") -> None:
    ledger = _command(commands, "ledger", "ledger:run", "the record that cannot be rewritten").add_subparsers(
        dest="act", required=True
    )
    verify = ledger.add_parser("verify", help="whether tree, chains, signatures and rows hold")
    verify.add_argument("--checkpoint", metavar="FILE", help="signed checkpoints that were kept elsewhere")
    verify.add_argument(
        "--database", metavar="FILE", help="a backup, or any copy: needs no server and no secrets"
    )
    verify.add_argument("--vkey", action="append", help="verifier key of a ledger, or of a witness")
    verify.add_argument("--json", action="store_true")
    files = ledger.add_parser("files", help="whether a server serves the files that its ledger says")
    files.add_argument("--url", required=True, help="where that Samjour answers")
    files.add_argument("--vkey", required=True, help="verifier key of the ledger of the police there")
    files.set_defaults(code="served:run")
    backup = _command(commands, "backup", "backup:run_backup", "copy the database, also while it is in use")
    backup.add_argument("file", help="a new file; it is not readable for others")
    restore = _command(
        commands, "restore", "backup:run_restore", "put a backup in the place of a database that is gone"
    )
    restore.add_argument("file")
    restore.add_argument(
        "--vkey", action="append", help="verifier key of a ledger, where its key file is not"
    )
    restore.add_argument(
        "--checkpoint", metavar="FILE", help="later checkpoints that were kept elsewhere: what is missing"
    )
    restore.add_argument("--with-faults", action="store_true", help="also one that does not verify")
    witness = _command(
        commands, "witness", "witness:run", "follow another authority's ledgers and cosign them"
    )
    witness.add_argument("--url", required=True, help="where that authority's Samjour answers")
    witness.add_argument(
        "--org", action="append", help="whose ledgers; all that a --vkey is of, unless given"
    )
    witness.add_argument("--vkey", action="append", required=True, help="a ledger's verifier key")
    witness.add_argument("--key", required=True, metavar="FILE", help="our own key; made the first time")
    witness.add_argument("--name", help="what the key is called, when it is made")
    witness.add_argument("--state", required=True, metavar="FILE", help="what was accepted; never delete it")
    witness.add_argument("--once", action="store_true", help="look once, and exit 1 when a ledger is refused")
    witness.add_argument("--every", type=int, default=60, metavar="SECONDS")


def _retention(commands: "_SubParsersAction[ArgumentParser]") -> None:
    retention = _command(
        commands, "retention", "retention:run_retention", "erase what a decision says is over"
    ).add_subparsers(dest="act", required=True)
    run = retention.add_parser("run", help="erase for real, with certificates; also done daily by itself")
    run.add_argument("--dry-run", action="store_true", help="only tell what would be erased")
    run.add_argument("--clock-is-right", action="store_true", help="the clock has jumped, and is right now")
    run.add_argument("--json", action="store_true")
    retention.add_parser("reapply", help="erase again what a restored backup has brought back")
    hold = _command(
        commands, "hold", "retention:run_hold", "keep a consultation whatever its class says"
    ).add_subparsers(dest="act", required=True)
    for name, told in (("add", "from now on it is kept"), ("remove", "that decision holds it no longer")):
        held = hold.add_parser(name, help=told)
        held.add_argument("consultation")
        held.add_argument("--decision", required=True, help="the number of the decision")
    hold.add_parser("list", help="every hold that stands").add_argument("--json", action="store_true")


def _organisations(commands: "_SubParsersAction[ArgumentParser]") -> None:
    organisation = _command(
        commands, "organisation", "organisation:run", "an organisation's root: init, certify, introduce"
    ).add_subparsers(dest="act", required=True)
    init = organisation.add_parser("init", help="make a root key's file, and print its public part")
    register = organisation.add_parser("register", help="make a root known to this server")
    register.add_argument("--public", required=True, help="as init prints it")
    show = organisation.add_parser("show", help="the root that this server has, to be compared")
    certify = organisation.add_parser("certify", help="vouch for a device with the root")
    certify.add_argument("--device", metavar="HEX", help="one that waits at this server")
    certify.add_argument("--bundle", metavar="FILE", help="one that was brought here in a file")
    certify.add_argument(
        "--code", dest="shown", help="the sixteen digits that the device shows; asked for at a terminal"
    )
    introduce = organisation.add_parser("introduce", help="vouch for another organisation's root")
    introduce.add_argument("--other", required=True)
    introduce.add_argument("--public", help="the other's root; as this server has it, unless given")
    for signing in (certify, introduce):
        signing.add_argument("--out", metavar="FILE", help="write what is signed there, and submit it later")
    for keyed in (init, certify, introduce):
        keyed.add_argument("--root", required=True, metavar="FILE", help="the root key's file")
    for named in (register, show, introduce):
        named.add_argument("--org", required=True)
    submit = organisation.add_parser("submit", help="take what was signed elsewhere to this server")
    submit.add_argument("file")


def _devices(commands: "_SubParsersAction[ArgumentParser]") -> None:
    device = _command(
        commands, "device", "device:run", "devices: invite, list, revoke; and one on this machine"
    ).add_subparsers(dest="act", required=True)
    invite = device.add_parser("invite", help="a link with which somebody enrols a device, once")
    invite.add_argument("person")
    invite.add_argument("--rights", default="member", help="of member, shares, approve, vouch; with commas")
    listed = device.add_parser("list", help="an organisation's devices")
    listed.add_argument("--json", action="store_true")
    for named in (invite, listed):
        named.add_argument("--org", required=True)
    device.add_parser("revoke", help="nothing more is sealed to it").add_argument("device", metavar="HEX")
    bundle = device.add_parser("bundle", help="what a device has signed of itself, to be certified elsewhere")
    bundle.add_argument("device", metavar="HEX")
    bundle.add_argument("--out", metavar="FILE")
    device.add_parser("enrol", help="enrol a device of this machine").add_argument("link")
    directory = device.add_parser("directory", help="read and check an organisation's directory")
    directory.add_argument("--org", help="its own, unless given")
    device.add_parser("waiting", help="what waits for approval, with codes to compare")
    approve = device.add_parser("approve", help="approve a device that shows this code")
    approve.add_argument("device", metavar="HEX")
    approve.add_argument(
        "--code", dest="shown", required=True, help="the sixteen digits that the device shows"
    )
    for act in ("enrol", "directory", "waiting", "approve"):
        device.choices[act].add_argument("--dir", required=True, help="the folder of the device's two files")


def _opening(commands: "_SubParsersAction[ArgumentParser]") -> None:
    opening = _command(
        commands, "opening", "opening:run", "supervisors open a talk together, from terminals with key files"
    ).add_subparsers(dest="act", required=True)
    told = {
        "list": "the organisation's openings",
        "rooms": "the rooms that one may ask to open: ids and times",
        "purposes": "for what, and on which ground, one may open",
        "request": "ask to open a room, or every room to deal its keys again",
        "wait": "return when enough have passed their shares on; exit 1 when it has ended",
        "pass": "pass one's shares on to whoever asked",
        "read": "what was said, on stdout and nowhere else",
        "end": "end it; the shares are destroyed",
        "state": "how safely the organisation's keys are kept; exit 1 when somebody must act",
        "hand-on": "hand all one's seats on to a device",
        "redeal": "deal every key again that an opening of every room has given",
    }
    acts = {name: opening.add_parser(name, help=what) for name, what in told.items()}
    for name, act in acts.items():
        act.add_argument("--key", action="append", metavar="FILE", help="a device's key file")
        act.add_argument("--pins", metavar="FILE", help="what the device has pinned")
        act.add_argument("--url", help="where the server answers; must be what is pinned")
        act.add_argument("--json", action="store_true")
        if name in ("wait", "pass", "read", "end", "redeal"):
            act.add_argument("opening", help="its id; with --backup the room's")
    asked = acts["request"]
    asked.add_argument("--room")
    asked.add_argument("--every-room", action="store_true")
    asked.add_argument("--purpose", required=True)
    asked.add_argument("--ground", required=True)
    asked.add_argument("--minutes", type=int, help="by default as long as the purpose may take")
    acts["read"].add_argument(
        "--backup", metavar="FILE", help="a backup to read from, with t --key and no server"
    )
    acts["hand-on"].add_argument("--to", required=True, help="the id of the device")


def _curating(commands: "_SubParsersAction[ArgumentParser]") -> None:
    questions = _command(
        commands, "questions", "questions:run", "curators read what the library could not settle"
    ).add_subparsers(dest="act", required=True)
    listed = questions.add_parser("list", help="what was asked, without names and without who asked it")
    listed.add_argument("--limit", type=int, default=100, help="at most so many, the newest first")
    counted = questions.add_parser("counts", help="how many, by kind and by article")
    counted.add_argument("--days", type=int, default=30, help="so many days back (30)")
    for act in (listed, counted):
        act.add_argument("--key", required=True, metavar="FILE", help="a device's key file")
        act.add_argument("--pins", required=True, metavar="FILE", help="what the device has pinned")
        act.add_argument("--url", help="where the server answers; must be what is pinned")
        act.add_argument("--org", help="whose questions; the device's own organisation, unless given")
        act.add_argument("--json", action="store_true")
    preview = _command(commands, "preview", "preview:run", "what a changed folder of knowledge breaks")
    preview.add_argument("folder", help="with sv/ in it, or with knowledge/sv/")
    preview.add_argument(
        "--batch", metavar="FILE", help='more questions: JSON lines with "id", "query" and "entry"'
    )
    preview.add_argument("--at", help="ISO 8601; Swedish time unless an offset is given")
    preview.add_argument("--json", action="store_true")
    approve = _command(commands, "approve", "approve:run", "write into an article which role approved it")
    approve.add_argument("id", help="of the article")
    approve.add_argument("--role", required=True, help="lawyer or curator, as policies/access.yaml says")
    approve.add_argument("--date", help="the day; today unless given")
    approve.add_argument("--json", action="store_true")


if __name__ == "__main__":
    sys.exit(main())
