"""What a command gave to an act, read one by one; each fault is one sentence that names the argument."""

from collections.abc import Mapping
from datetime import UTC, datetime

from bot.core.errors import BadInput

Args = Mapping[str, object]


def text(args: Args, name: str, *, empty: bool = False) -> str:
    """A text, which may be `empty` only where that is said. Raises BadInput for anything else."""
    value = args.get(name)
    if not isinstance(value, str) or not (value or empty):
        raise BadInput(f"{name}: is missing")
    return value


def instant(args: Args, name: str) -> datetime:
    """An instant in ISO 8601, in UTC. Raises BadInput for what is none."""
    try:
        return datetime.fromisoformat(text(args, name)).astimezone(UTC)
    except ValueError as error:
        raise BadInput(f"{name}: is no time") from error
