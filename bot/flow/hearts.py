"""Hears whether every loop still goes round: one that hangs, or breaks at each try, is noticed within its own bound."""

import asyncio
import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.flow.ports import Clock

USUAL: Final = timedelta(minutes=2)  # a loop may work so long between two looks at the clock
FAILING: Final = timedelta(seconds=20)  # a loop that has done nothing but break for so long does not work
# While one of these stands still somebody waits for a person whom nobody wakes.
BOUNDS: Final[Mapping[str, timedelta]] = {
    "deadlines": timedelta(seconds=20),
    "inbox": timedelta(seconds=20),
    "outbox": timedelta(seconds=20),
    "telegram": timedelta(minutes=3),  # between two tries while Telegram is away
    "retention": timedelta(minutes=30),  # a large file is written anew
}

Tick = Callable[[], float]  # seconds of a clock that nobody sets


@dataclass(slots=True, kw_only=True)
class Heart:
    """One loop's signs of life. It rests as long as it says, and works at most `bound` between two signs."""

    tick: Tick
    bound: timedelta
    _stirred: float = field(init=False)
    _rests: list[float] = field(default_factory=list)  # until when; several tasks may share a heart
    _broken: float | None = None  # since when it only breaks

    def __post_init__(self) -> None:
        """It begins to work."""
        self._stirred = self.tick()

    def stir(self) -> None:
        """It does something."""
        self._stirred = self.tick()

    def broke(self) -> None:
        """It broke, and is started again."""
        self._broken = self.tick() if self._broken is None else self._broken
        self.stir()

    @contextmanager
    def resting(self, span: timedelta | None) -> Iterator[None]:
        """It has gone round, and now waits so long at most; None: for a bell, however long."""
        self._broken = None
        until = math.inf if span is None else self.tick() + max(0.0, span.total_seconds())
        self._rests.append(until)
        try:
            yield
        finally:
            self._rests.remove(until)
            self.stir()

    @property
    def hangs(self) -> bool:
        """Whether it has shown no sign of life for too long: only a new process helps."""
        return self.tick() > max([self._stirred, *self._rests]) + self.bound.total_seconds()

    @property
    def fails(self) -> bool:
        """Whether it has only broken for too long: it lives, and does not do its work."""
        return self._broken is not None and self.tick() - self._broken > FAILING.total_seconds()


@dataclass(slots=True, kw_only=True)
class Hearts:
    """The hearts of all loops that run, by name."""

    tick: Tick
    _running: dict[str, Heart] = field(default_factory=dict)

    def begin(self, name: str) -> Heart:
        """A loop begins."""
        self._running[name] = Heart(tick=self.tick, bound=BOUNDS.get(name, USUAL))
        return self._running[name]

    def end(self, name: str) -> None:
        """It has done what it was there for."""
        self._running.pop(name, None)

    def hanging(self) -> tuple[str, ...]:
        """Which loops hang."""
        return tuple(name for name, heart in self._running.items() if heart.hangs)

    def silent(self) -> tuple[str, ...]:
        """Which loops do not do their work, because they hang or because they break at each try."""
        return tuple(name for name, heart in self._running.items() if heart.hangs or heart.fails)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardClock:
    """The clock as one loop is given it: whoever looks at it lives, and whoever waits by it has said for how long."""

    clock: Clock
    heart: Heart

    def now(self) -> datetime:
        """The present instant."""
        self.heart.stir()
        return self.clock.now()

    async def sleep(self, span: timedelta) -> None:
        """Return after that long."""
        with self.heart.resting(span):
            await self.clock.sleep(span)

    async def wait(self, bell: asyncio.Event, until: datetime | None) -> None:
        """Return when the bell is set or the instant is reached; or, at times, before."""
        with self.heart.resting(None if until is None else until - self.clock.now()):
            await self.clock.wait(bell, until)
