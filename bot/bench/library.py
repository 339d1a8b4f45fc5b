"""Quality and latency of the library beside plain rapidfuzz, BM25 and chance: the same questions, in the same run."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import Final

from bot.bench import library_whole, plain
from bot.bench.library_tasks import Task, answers_alone, held_apart, made, misspelt
from bot.bench.library_whole import Content
from bot.bench.measure import Figure, Tick, share
from bot.bench.plain import Search
from bot.core.library import entries
from bot.core.library.article import Article
from bot.core.library.entries import Entry
from bot.core.library.glossary import Glossary
from bot.core.library.vocabulary import Stages

__all__ = ["Content", "Task", "answers_alone", "figures", "held_apart", "made", "misspelt"]
OWN: Final = (
    Path(__file__).parents[2] / "tests" / "bench"
)  # questions that were written apart; only in a checkout
PLAINEST: Final = "bm25"  # what latency is compared with
LOOKS: Final = 300  # searches whose time is taken
FEW: Final = 60  # of the engine that walks through everything, and takes seconds for it


def figures(content: Content, tick: Tick, size: int) -> Iterator[Figure]:
    """Every figure: on wordings held apart, on answers alone, as a whole, by stage, and how fast at 1 000 and `size` entries."""
    apart = held_apart(content.articles)
    yield from _compared([apart], tick, content.glossary)
    yield from _compared(answers_alone(OWN / "faq.jsonl"), tick, None)
    yield from library_whole.figures(content, "whole", OWN / "questions.jsonl")
    yield from library_whole.figures(content, "apart", OWN / "apart.jsonl")
    yield from _ablated(apart, content.glossary)
    for count in dict.fromkeys((1_000, size)):
        yield from _speed(content.articles, count, tick)


def _compared(tasks: Sequence[Task], tick: Tick, glossary: Glossary | None) -> Iterator[Figure]:
    """One after the other, each engine on every task."""
    engines: dict[str, Callable[[Sequence[Entry]], Search]] = {
        PLAINEST: plain.bm25,
        "rapidfuzz": plain.rapidfuzz,
        "chance": plain.chance,
        "samjour": partial(_ours, glossary=glossary),
    }
    base: list[float] = []
    for name, engine in engines.items():
        times, first, three = _measured(tasks, engine, tick)
        if not times:
            return
        base = base or times
        yield share(f"library.{tasks[0].name}.first.{name}", first)
        yield share(f"library.{tasks[0].name}.three.{name}", three)
        yield from _latency(f"library.{tasks[0].name}", name, times, base)


def _measured(
    tasks: Sequence[Task], engine: Callable[[Sequence[Entry]], Search], tick: Tick
) -> tuple[list[float], list[bool], list[bool]]:
    """How long each question took (ms), and whether the right one came first, and among three."""
    times: list[float] = []
    hits: list[list[bool]] = []
    for task in tasks:
        look = engine(task.entries)
        for question, right in task.asked:
            begun = tick()
            found = look(question)
            times.append((tick() - begun) * 1000)
            hits.append([one == right for one in found] or [False])
    return sorted(times), [one[0] for one in hits], [any(one) for one in hits]


def _ours(given: Sequence[Entry], glossary: Glossary | None = None, stages: Stages | None = None) -> Search:
    shelf = entries.index(given, glossary, stages)
    return lambda question: [hit.id for hit in entries.search(shelf, question)]


def _ablated(apart: Task, glossary: Glossary) -> Iterator[Figure]:
    """What is lost when one stage is left out: right first, on wordings held apart, the same misspelt, and answers alone."""
    slips = replace(
        apart, name="slips", asked=[(misspelt(question), right) for question, right in apart.asked]
    )
    alone = answers_alone(OWN / "faq.jsonl")
    for left_out in (None, *(field.name for field in fields(Stages))):
        stages = Stages() if left_out is None else Stages(**{left_out: False})
        for tasks, terms in (([apart], glossary), ([slips], glossary), (alone, None)):
            _, first, _ = _measured(tasks, partial(_ours, glossary=terms, stages=stages), lambda: 0.0)
            if first:
                yield share(f"library.{tasks[0].name}.without.{left_out or 'nothing'}", first)


def _speed(articles: Sequence[Article], count: int, tick: Tick) -> Iterator[Figure]:
    """Entries with eight wordings made of the library's own words, asked with half of a wording's words."""
    given = made(articles, count)
    begun = tick()
    look = _ours(given, None)
    yield Figure(name=f"library.{count}.build", value=tick() - begun, unit="s", limit=60.0)
    base: list[float] = []
    step = max(1, count // LOOKS)
    asked = [(" ".join(one.question.split()[::2]), one.id) for one in given[::step]][:LOOKS]
    for name, engine in ((PLAINEST, plain.bm25), ("rapidfuzz", plain.rapidfuzz), ("samjour", lambda _: look)):
        looks = asked[:FEW] if name == "rapidfuzz" else asked
        times, first, _ = _measured([Task(name=str(count), entries=given, asked=looks)], engine, tick)
        base = base or times
        yield share(f"library.{count}.first.{name}", first)
        yield from _latency(f"library.{count}", name, times, base)


def _latency(task: str, name: str, times: Sequence[float], base: Sequence[float]) -> Iterator[Figure]:
    for label, part in (("p50", 0.5), ("p99", 0.99)):
        place = min(len(times) - 1, int(len(times) * part))
        yield Figure(
            name=f"{task}.{label}.{name}", value=times[place], unit="ms", limit=max(base[place], 1e-6)
        )
