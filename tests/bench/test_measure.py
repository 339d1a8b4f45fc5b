"""Measuring: medians of work done in turns, by a clock that is handed in."""

from collections.abc import Iterator
from itertools import accumulate, chain, repeat

from bot.bench.measure import Figure, Pair, Work, compare, repeated


class Ticks:
    """A clock that moves on as work says."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def work(ticks: Ticks, seconds: Iterator[float], done: list[str], name: str) -> Work:
    async def act() -> int:
        ticks.now += next(seconds)
        done.append(name)
        return 10

    return act


async def test_a_figure_is_the_median_of_rounds_in_turns() -> None:
    """One slow round, of whatever the machine did meanwhile, does not change the figure; nor does warming up."""
    ticks, done = Ticks(), list[str]()
    ours = work(ticks, chain([99.0, 2.0, 50.0], repeat(2.0)), done, "ours")
    raw = work(ticks, chain([77.0], repeat(1.0)), done, "raw")
    figure = await compare(Pair(name="x", unit="things/s", ours=ours, raw=raw, rounds=5), ticks)
    assert figure == Figure(name="x", value=5.0, unit="things/s", limit=10.0)
    assert figure.ratio == 0.5
    assert done == ["ours", "raw"] + ["ours", "raw", "raw", "ours"] * 2 + ["ours", "raw"]


async def test_an_act_is_repeated_and_counted() -> None:
    """What takes microseconds is done often enough to be timed."""
    seen = list[int]()
    numbers = accumulate(repeat(1))
    assert await repeated(lambda: seen.append(next(numbers)), 3)() == 3
    assert seen == [1, 2, 3]


async def test_a_clock_that_stands_still_breaks_nothing() -> None:
    """Work too short for the clock gives a large figure, not a division by zero."""
    pair = Pair(name="x", unit="things/s", ours=repeated(int, 1), raw=repeated(int, 1), rounds=1)
    assert (await compare(pair, Ticks())).value > 0
