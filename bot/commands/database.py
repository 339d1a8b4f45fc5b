"""`samjour who`, `roster`, `people`: what is asked of the database, wherever it is open."""

import asyncio
import json
from argparse import Namespace
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.commands import acts, admin, out, places
from bot.content import Content
from bot.core import who
from bot.core.errors import BadInput, Unavailable
from bot.demo.seed import people_of

A_MONTH = timedelta(days=30)
MAX_FILE = 10 * 1024 * 1024  # bytes of a roster


def run_who(args: Namespace) -> int:
    """Who is asked, in which order, and why; from the demo's own files where there is no database yet."""
    found = places.settings()
    files = places.content(found)
    at = out.instant(args.at, places.now(), found.timezone).isoformat()
    hour = args.interview_at
    later = out.instant(hour, places.now(), found.timezone).isoformat() if hour else None
    asked = {
        "org": args.org,
        "area": args.area,
        "matter": args.matter,
        "need": args.need,
        "decision": args.decision,
        "urgency": args.urgency,
        "district": args.district,
        "interview_at": later,
        "at": at,
        "explain": args.explain,
        "language": args.language,
    }
    kept = places.database(found)
    if kept is not None:
        told = asyncio.run(admin.call(kept, files, acts.ACTS, "who", asked))
    else:
        out.note("no database here: answered from the demo's people and weekly duties")
        told = _from_files(files, asked)
    out.result(told) if args.json else _print_who(told)
    return 0


def run_roster(args: Namespace) -> int:
    """Gaps, show."""
    now = places.now()
    zone = places.settings().timezone
    first, last = out.instant(args.first, now, zone), out.instant(args.last, now + A_MONTH, zone)
    named = {"org": args.org, "from": first.isoformat(), "to": last.isoformat()}
    by_need = "-by-need" if args.act == "gaps" and args.need else ""
    out.result(call(f"roster-{args.act}{by_need}", named))
    return 0


def run_people(args: Namespace) -> int:
    """Add, suspend, invite, link."""
    if args.act == "add":
        told = call("people-add", {"person": _json(read_text(args.file))})
    else:
        told = call(f"people-{args.act}", {"person": args.person})
    out.result(told)
    return 0


def call(name: str, given: Mapping[str, object]) -> dict[str, object]:
    """Run a command where the database is open. Raises Unavailable where there is none."""
    found = places.settings()
    kept = places.database(found)
    if kept is None:
        raise Unavailable("there is no database yet: start `samjour serve` or `samjour demo` first")
    return asyncio.run(admin.call(kept, places.content(found), acts.ACTS, name, given))


def _from_files(files: Content, asked: Mapping[str, object]) -> dict[str, object]:
    question = acts.question_of(asked)
    found, until = people_of(files), who.waits_until(files.structure, question)
    everybody = who.workers_by_rules(found, question.at, question.interview_at)
    then = who.workers_by_rules(found, until) if until is not None else None
    return acts.explained(files, question, everybody, asked, then)


def read_text(path: str) -> str:
    """A file's text; bytes that are no UTF-8 are kept, for the parser to refuse with their line."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise BadInput(f"{path}: cannot be read") from error
    if len(data) > MAX_FILE:
        raise BadInput(f"{path}: is larger than {MAX_FILE} bytes")
    return data.decode("utf-8", "surrogateescape")


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput("the file is no JSON") from error


def _print_who(told: Mapping[str, Any]) -> None:
    if "sentence" in told:
        out.line(told["sentence"])
        return
    place = " ".join(filter(None, (told["organisation"], told["area"])))
    out.line(f"{place} {told['at']} {'öppet' if told['open'] else 'stängt'}")
    for step in told["steps"]:
        out.line(f"{step['label']['sv']} ({step['seconds']} s)")
        for person in step["candidates"]:
            out.line(f"  + {person['person']}: {' '.join(person['why'])}")
        for person in step["skipped"]:
            out.line(f"  - {person['person']}: {' '.join(person['why_not'])}")
    for number in told["numbers"]:
        out.line(f"{number['label']['sv']}: {number['number']} (prövat {number['tested']})")
