"""Every figure of `samjour bench` by name, and how it is come by."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Final

from bot.bench import ledgers, seals
from bot.bench.ledgers import Ground
from bot.bench.measure import Figure, Pair, Tick, compare
from bot.core.errors import BadInput

Grounds = Callable[[], AbstractAsyncContextManager[Ground]]  # a fresh one for each figure that writes

SEALS: Final = ("seal", "open", "check", "seal-key", "open-key", "escrow-make", "escrow-open")
LEDGERS: Final = ("append", "message", "verify")
NAMES: Final = (*SEALS, *LEDGERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much of each is done in one round."""

    seals: int = 200
    appends: int = 1024
    rooms: int = 20  # that speak in lockstep (budgets)
    turns: int = 10  # of each room
    entries: int = 20_000  # of the ledgers that are verified


def chosen(only: str | None) -> tuple[str, ...]:
    """The figures that are asked for, all of them without a name. Raises BadInput for a name that is none."""
    if only is not None and only not in NAMES:
        raise BadInput(f"--only: is one of {', '.join(NAMES)}")
    return NAMES if only is None else (only,)


async def measure(
    names: tuple[str, ...], grounds: Grounds, tick: Tick, sizes: Sizes
) -> AsyncIterator[Figure]:
    """Measure one after the other. Raises Unavailable where a ground cannot be made, or has nobody to act in it."""
    async with grounds() as ground:
        for pair in seals.pairs(ground.deps.entropy.draw, sizes.seals):
            if pair.name in names:
                yield await compare(pair, tick)
    for name in names:
        if name in LEDGERS:
            async with grounds() as ground, _pair(name, ground, sizes) as pair:
                yield await compare(pair, tick)


def _pair(name: str, ground: Ground, sizes: Sizes) -> AbstractAsyncContextManager[Pair]:
    match name:
        case "append":
            return ledgers.append(ground, sizes.appends)
        case "message":
            return ledgers.message(ground, sizes.rooms, sizes.turns)
        case _:
            return ledgers.verified(ground, sizes.entries)
