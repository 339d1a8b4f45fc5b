"""Prints: results on stdout, sentences for people on stderr."""

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.core.errors import BadInput
from bot.core.hours import local_instant

MAX_LINE = 20_000  # characters of one line of a batch


def result(value: Mapping[str, object]) -> None:
    """One JSON object on one line of stdout."""
    line(json.dumps(value, ensure_ascii=False))


def line(text: str) -> None:
    """One line for a person, on stdout."""
    print(_encodable(text), flush=True)  # noqa: T201 - this is what a command line is for


def note(text: str) -> None:
    """One line for a person, on stderr, so that stdout stays what scripts read."""
    print(_encodable(text), file=sys.stderr, flush=True)  # noqa: T201 - likewise


def _encodable(text: str) -> str:
    """`text` with half a surrogate pair, which is no UTF-8, written as JSON escapes it."""
    return text.encode(errors="backslashreplace").decode()


def instant(text: str | None, now: datetime, zone: ZoneInfo) -> datetime:
    """The instant meant by `--at`, in `zone` unless it has an offset; now without one.

    Raises BadInput for a time that is none, or is two.
    """
    return local_instant(text, zone).astimezone(UTC) if text is not None else now


def batch(path: str, wanted: str) -> list[tuple[str, str]]:
    """(id, text) of each line of a JSON-lines file. Raises BadInput naming the line."""
    try:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123 - "-" and /dev/stdin work too
            return [_one(n, text, wanted) for n, text in enumerate(file, start=1) if text.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: cannot be read as text") from error


def _one(number: int, text: str, wanted: str) -> tuple[str, str]:
    try:
        row = json.loads(text) if len(text) <= MAX_LINE else None
    except (ValueError, RecursionError):
        row = None
    if (
        not isinstance(row, dict)
        or not isinstance(row.get("id"), str)
        or not isinstance(row.get(wanted), str)
    ):
        raise BadInput(f'line {number}: is no JSON object with "id" and "{wanted}"')
    return row["id"], row[wanted]
