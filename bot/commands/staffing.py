"""`samjour find` and `samjour staffing`: who does what at a place; which posts boards have had."""

import asyncio
import json
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from bot.commands import acts, admin, out, places, staffing_acts
from bot.commands.database import call
from bot.core.errors import BadInput
from bot.demo.seed import people_of

MAX_FILE: Final = 16 * 1024  # bytes of one post as JSON


def run_find(args: Namespace) -> int:
    """Who does what at a place; from the demo's own files where there is no database yet."""
    found = places.settings()
    files = places.content(found)
    at = out.instant(args.at, places.now(), found.timezone).isoformat()
    asked = {"org": args.org, "district": args.district, "at": at}
    kept = places.database(found)
    if kept is not None:
        told: Mapping[str, Any] = asyncio.run(admin.call(kept, files, acts.ACTS, "find", asked))
    else:
        out.note("no database here: answered from the demo's people")
        told = staffing_acts.found(files, people_of(files).people, asked)
    out.result(told) if args.json else _print_found(told, args.language)
    return 0


def run_staffing(args: Namespace) -> int:
    """Show, put, remove."""
    if args.put is not None:
        told = call("staffing-put", {"post": _json(args.put)})
    elif args.remove is not None:
        told = call("staffing-remove", {"org": args.org, "post": args.remove})
    else:
        found = places.settings()
        at = out.instant(args.at, places.now(), found.timezone).isoformat() if args.at else None
        told = call("staffing", {"org": args.org, "at": at})
        if not args.json:
            _print_posts(told)
            return 0
    out.result(told)
    return 0


def _json(path: str) -> object:
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise BadInput(f"{path}: cannot be read") from error
    if len(data) > MAX_FILE:
        raise BadInput(f"{path}: is larger than {MAX_FILE} bytes")
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{path}: is no JSON") from error


def _print_found(told: Mapping[str, Any], language: str) -> None:
    out.line(f"{told['organisation']} {told['district'] or ''} {told['at']}")
    for one in told["found"]:
        label = one["label"][language] if one["label"] is not None else one["id"]
        out.line(f"{one['kind']}: {label}{_reached(one['reach'], language)}")


def _reached(reach: Mapping[str, Any], language: str) -> str:
    if "number" in reach:
        return f" -> {reach['number']['number']}"
    if "step" in reach:
        return f" -> {reach['step']}"
    return f" -> {reach['says'][language]}" if "says" in reach else ""


def _print_posts(told: Mapping[str, Any]) -> None:
    for post in told["posts"]:
        until = post["until"] or ""
        span = f"{post['since']}..{until}"
        out.line(f"{post['organisation']} {post['function']} {post['percent']} % {span} {post['placement']}")
