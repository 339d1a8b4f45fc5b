"""What the scripted evening is made of: scenes, and what each came to."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

Scene = tuple[
    str, Callable[[], Awaitable[None]]
]  # the step's name, which others script against, and how it is played


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the evening: what was to happen, whether it did, and how long it took (milliseconds)."""

    name: str
    ok: bool
    ms: float
    why: str = ""
    more: dict[str, object] = field(default_factory=dict)
