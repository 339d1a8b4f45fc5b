"""Quality and latency of the guard beside a few regular expressions, on sentences made here, in the same run."""

import json
from collections.abc import Callable, Iterator, Sequence
from itertools import cycle
from pathlib import Path
from typing import Final

from bot.bench import plain
from bot.bench.measure import Figure, Tick, share
from bot.core.guard import GuardRules, find

# Texts that somebody else wrote, and that the rules were not made from; only in a checkout.
APART: Final = Path(__file__).parents[2] / "tests" / "bench" / "guard_apart.jsonl"

# Nobody: numbers are the series that are kept for examples, names are common ones put together by turns.
NUMBERS: Final = ("19980980-2385", "980980 2395", "199809802387", "1998 09 80 2393")
PHONES: Final = ("070-174 06 05", "0701740612", "+46 70 174 06 33", "noll sju noll 174 06 44")
NAMES: Final = (
    "Anna Lindqvist",
    "ali hassan",
    "Fatima Nilsson",
    "johan bergström",
    "Maria Svensson",
    "ahmed ali",
)
PLACES: Final = ("Storgatan 14", "björkvägen 3 b", "Ringvägen 112", "lillgatan 7")
PLATES: Final = ("ABC 12D", "mlb 84a", "GHJ 123")
MAILS: Final = ("anna.l@example.com", "kontakt(at)example.se", "ali@example.org")
TELLING: Final = (
    ("jag har {} i bilen nu", NAMES),
    ("han heter {} och är sexton", NAMES),
    ("grannen {} ringde in", NAMES),
    ("personnummer {} vad gäller", NUMBERS),
    ("kan ni slå {} åt mig", NUMBERS),
    ("mamman nås på {}", PHONES),
    ("ring {} när ni kommer", PHONES),
    ("vi står på {} nu", PLACES),
    ("familjen bor {}", PLACES),
    ("bilen är {}", PLATES),
    ("mejla {} efteråt", MAILS),
)
CLEAN: Final = (
    "pojken är femton och full, vem ringer jag", "får vi hålla kvar henne efter tolvan", "två barn ensamma i en lägenhet",
    "Vad säger SoL 19:1 om anmälan", "hur länge får en 16-åring sitta i arrest", "mamman vill inte att pappan får veta",
    "Socialjouren i Malmö svarar inte", "behöver skyddat boende i natt för tre personer", "gäller 43 § LVU även på kvällen",
    "vi har väntat i 45 minuter", "Farsta och Skärholmen är oense om ansvaret", "killen är på väg ut ur gänget",
    "det är 14 dagar för förhandsbedömningen", "larm klockan 02:15, två patruller på plats", "Får polisen visitera enligt 19 § PL",
    "barnet sover hos mormor", "hon är gravid i vecka 30", "vem är vakthavande befäl i natt", "Åklagaren är underrättad",
    "Kan jag skriva utan namn här", "ungdomen är placerad på HVB sedan i våras", "tolk behövs på somaliska",
)  # fmt: skip


def figures(rules: GuardRules, tick: Tick) -> Iterator[Figure]:
    """Texts with somebody in them that are stopped, clean ones that are stopped too, and the time of each (ms)."""
    telling = list(texts())
    engines: dict[str, Callable[[str], bool]] = {
        "regex": plain.points_out,
        "samjour": lambda text: bool(find(rules, text)),
    }
    base: list[float] = []
    for name, sees in engines.items():
        times: list[float] = []
        seen = [_timed(sees, text, tick, times) for text in telling]
        false = [_timed(sees, text, tick, times) for text in CLEAN]
        times.sort()
        base = base or times
        yield share(f"guard.stopped.{name}", seen)
        yield share(f"guard.clean-stopped.{name}", false)
        yield from _latency(name, times, base)
    yield from apart(rules, APART)


def apart(rules: GuardRules, path: Path) -> Iterator[Figure]:
    """Texts of a stranger: how many with somebody in them are stopped, of what is marked how much is seen, and clean ones."""
    if not path.is_file():
        return
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    found = [find(rules, row["text"]) for row in rows]
    yield share(
        "guard.apart.stopped", [bool(one) for one, row in zip(found, rows, strict=True) if row["spans"]]
    )
    yield share(
        "guard.apart.clean-stopped",
        [bool(one) for one, row in zip(found, rows, strict=True) if not row["spans"]],
    )
    for kind in (None, "NAME", "PERSONNUMMER", "SAMORDNINGSNUMMER"):
        seen = [
            any(span.start < marked["end"] and marked["start"] < span.end for span in one)
            for one, row in zip(found, rows, strict=True)
            for marked in row["spans"]
            if kind in (None, marked["type"])
        ]
        yield share(f"guard.apart.recall{'' if kind is None else '.' + kind.lower()}", seen)


def texts() -> Iterator[str]:
    """Every sentence with each of what identifies; always the same."""
    for sentence, who in TELLING:
        for one, tail in zip(who, cycle(("", " tack", ", bråttom")), strict=False):
            yield sentence.format(one) + tail


def _timed(sees: Callable[[str], bool], text: str, tick: Tick, times: list[float]) -> bool:
    begun = tick()
    seen = sees(text)
    times.append((tick() - begun) * 1000)
    return seen


def _latency(name: str, times: Sequence[float], base: Sequence[float]) -> Iterator[Figure]:
    for label, part in (("p50", 0.5), ("p99", 0.99)):
        place = min(len(times) - 1, int(len(times) * part))
        yield Figure(
            name=f"guard.{label}.{name}", value=times[place], unit="ms", limit=max(base[place], 1e-6)
        )
