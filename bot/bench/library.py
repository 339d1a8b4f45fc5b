"""Quality and latency of the library beside plain rapidfuzz, BM25 and chance: the same questions, in the same run."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Final

from bot.bench import plain
from bot.bench.measure import Figure, Tick
from bot.bench.plain import Search
from bot.core.library import ask, catalogue, entries, search
from bot.core.library.article import Article, Stop
from bot.core.library.entries import Entry
from bot.core.library.glossary import Glossary
from bot.core.library.vocabulary import Stages

OWN: Final = (
    Path(__file__).parents[2] / "tests" / "bench"
)  # questions that were written apart; only in a checkout
APART: Final = 5  # one wording of so many is asked instead of indexed
PLAINEST: Final = "bm25"  # what latency is compared with
WORDINGS: Final = 8  # of each entry whose speed is measured
LOOKS: Final = 300  # searches whose time is taken
FEW: Final = 60  # of the engine that walks through everything, and takes seconds for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Entries, and questions with the id of the one that answers each."""

    name: str
    entries: Sequence[Entry]
    asked: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What the library is built from, and the day it is asked on."""

    articles: Sequence[Article]
    glossary: Glossary
    today: date


def figures(content: Content, tick: Tick, size: int) -> Iterator[Figure]:
    """Every figure: on wordings held apart, on answers alone, as a whole, by stage, and how fast at 1 000 and `size` entries."""
    apart = held_apart(content.articles)
    yield from _compared([apart], tick, content.glossary)
    yield from _compared(answers_alone(OWN / "faq.jsonl"), tick, None)
    yield from as_a_whole(content, OWN / "questions.jsonl")
    yield from _ablated(apart, content.glossary)
    for count in dict.fromkeys((1_000, size)):
        yield from _speed(content.articles, count, tick)


def held_apart(articles: Sequence[Article]) -> Task:
    """Every fifth wording of each article is asked, and not in the index."""
    return Task(
        name="wordings",
        entries=[
            replace(
                catalogue.entry(article),
                alternatives=[one for n, one in enumerate(article.questions) if n % APART],
            )
            for article in articles
        ],
        asked=[(one, article.id) for article in articles for one in article.questions[::APART]],
    )


def answers_alone(path: Path) -> list[Task]:
    """A list of questions and answers (the form of SweFAQ): within each category only the answers are indexed."""
    if not path.is_file():
        return []
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [
        Task(
            name="answers",
            entries=[
                Entry(id=row["question"], answer=row["answer"]) for row in rows if row["category"] == one
            ],
            asked=[(row["question"], row["question"]) for row in rows if row["category"] == one],
        )
        for one in dict.fromkeys(row["category"] for row in rows)
    ]


def as_a_whole(content: Content, path: Path) -> Iterator[Figure]:
    """The figures of an answer as it is given: right at once, among three, outright, rightly silent, flagged."""
    if not path.is_file():
        return
    library = search.build(content.articles, content.glossary)
    told = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        finding = search.find(
            library, row["query"], today=content.today, org=None, drafts_allowed=True, fields={}
        )
        told.append((frozenset(row["accept"]), row["stop"], ask.report(finding)))
    inside = [(accept, one) for accept, _, one in told if accept]
    outside = [one for accept, stop, one in told if not accept and stop is None]
    urgent = [one for _, stop, one in told if stop == Stop.EMERGENCY]
    outright = [(accept, one) for accept, _, one in told if one["answer_kind"] == "answer"]
    outright = [(accept, one) for accept, one in outright if accept or one in outside]
    named = [bool({one["entry"], *one["alternatives"]} & accept) for accept, one in inside]
    right = [one["entry"] in accept for accept, one in outright]
    first = [one["entry"] in accept for accept, one in inside]
    good = [
        hit if one["answer_kind"] in {"answer", "withheld"} else near
        for hit, near, (_, one) in zip(first, named, inside, strict=True)
    ]
    yield _share("library.whole.first", first)
    yield _share("library.whole.three", named)
    yield _share("library.whole.outright-right", right)
    yield Figure(name="library.whole.outright", value=sum(right) / len(inside), unit="share", limit=1.0)
    yield _share("library.whole.served", good)
    yield _share("library.whole.outside-answered", [one["answer_kind"] == "answer" for one in outside])
    yield _share("library.whole.urgent", [one["stop"] == Stop.EMERGENCY for one in urgent])


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
        yield _share(f"library.{tasks[0].name}.first.{name}", first)
        yield _share(f"library.{tasks[0].name}.three.{name}", three)
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
                yield _share(f"library.{tasks[0].name}.without.{left_out or 'nothing'}", first)


def misspelt(question: str) -> str:
    """The question with its longest word (the first of them) misspelt: the letter in its middle is missing."""
    words = question.split()
    place = max(range(len(words)), key=lambda number: (len(words[number]), -number))
    middle = len(words[place]) // 2
    words[place] = words[place][:middle] + words[place][middle + 1 :]
    return " ".join(words)


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
        yield _share(f"library.{count}.first.{name}", first)
        yield from _latency(f"library.{count}", name, times, base)


def made(articles: Sequence[Article], count: int) -> list[Entry]:
    """So many entries, each of eight words of its own choice, the common ones more often; always the same."""
    words = sorted(set(chain.from_iterable(one.split() for a in articles for one in (a.body, *a.questions))))
    state = 1
    made: list[Entry] = []

    def word() -> str:
        nonlocal state
        state = state * 6364136223846793005 + 1442695040888963407 & 0xFFFFFFFFFFFFFFFF  # Knuth, MMIX
        share = (state >> 33) / 2**31
        return words[int(len(words) * share * share)]

    for number in range(count):
        own = [word() for _ in range(WORDINGS)]
        wordings = [" ".join((*own[turn % 4 : turn % 4 + 4], word(), word())) for turn in range(WORDINGS)]
        answer = " ".join((*own, *(word() for _ in range(24))))
        made.append(Entry(id=str(number), question=wordings[0], alternatives=wordings[1:], answer=answer))
    return made


def _latency(task: str, name: str, times: Sequence[float], base: Sequence[float]) -> Iterator[Figure]:
    for label, share in (("p50", 0.5), ("p99", 0.99)):
        place = min(len(times) - 1, int(len(times) * share))
        yield Figure(
            name=f"{task}.{label}.{name}", value=times[place], unit="ms", limit=max(base[place], 1e-6)
        )


def _share(name: str, hits: Sequence[bool]) -> Figure:
    return Figure(name=name, value=sum(hits) / max(1, len(hits)), unit="share", limit=1.0)
