"""What anybody would try first, to measure beside: rapidfuzz over all wordings, BM25 over words, chance, a few expressions."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Final
from zlib import crc32

from rapidfuzz import fuzz, process

from bot.core.library.entries import Entry

Search = Callable[[str], list[str]]  # a question to ids, best first, at most three

WORD: Final = re.compile(r"\w+")
K1, B = 1.5, 0.75  # as everybody sets them
SHOWN: Final = 3
IDENTITY: Final = re.compile(
    r"\b(?:\d{2})?\d{6}[-+ ]?\d{4}\b|\b0\d[\d -]{6,10}\d\b|[\w.]+@[\w.]+\.\w+|\b[A-Z]{3} ?\d\d[A-Z0-9]\b|"
    r"\b\w+(?:gatan|vägen) \d+|(?<=[a-zåäö] )[A-ZÅÄÖ][a-zåäö]+ [A-ZÅÄÖ][a-zåäö]+"
)


def rapidfuzz(entries: Sequence[Entry]) -> Search:
    """token_set_ratio against every wording; where an entry has none, against its answer."""
    wordings = [
        (entry.id, text)
        for entry in entries
        for text in ([one for one in (entry.question, *entry.alternatives) if one] or [entry.answer])
    ]
    texts = [text.lower() for _, text in wordings]

    def search(question: str) -> list[str]:
        found = process.extract(question.lower(), texts, scorer=fuzz.token_set_ratio, limit=50)
        return list(dict.fromkeys(wordings[place][0] for _, _, place in found))[:SHOWN]

    return search


def bm25(entries: Sequence[Entry]) -> Search:
    """Words as they stand, in lower case, of everything an entry holds."""
    documents = [
        Counter(_words(" ".join((entry.question, *entry.alternatives, *entry.keywords, entry.answer))))
        for entry in entries
    ]
    lengths = [sum(one.values()) for one in documents]
    average = sum(lengths) / max(1, len(lengths)) or 1.0
    postings: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, document in enumerate(documents):
        for word, count in document.items():
            share = count * (K1 + 1) / (count + K1 * (1 - B + B * lengths[place] / average))
            postings[word].append((place, share))

    def search(question: str) -> list[str]:
        scores: defaultdict[int, float] = defaultdict(float)
        for word in _words(question):
            held = postings.get(word, [])
            rarity = math.log1p((len(documents) - len(held) + 0.5) / (len(held) + 0.5))
            for place, share in held:
                scores[place] += rarity * share
        best = sorted(scores, key=lambda place: (-scores[place], place))[:SHOWN]
        return [entries[place].id for place in best]

    return search


def chance(entries: Sequence[Entry]) -> Search:
    """Three places that only the question's checksum decides."""

    def search(question: str) -> list[str]:
        first = crc32(question.encode()) % max(1, len(entries))
        return [entries[(first + step) % len(entries)].id for step in range(min(SHOWN, len(entries)))]

    return search


def points_out(text: str) -> bool:
    """Whether a few regular expressions find a person in `text`."""
    return IDENTITY.search(text) is not None


def _words(text: str) -> list[str]:
    return WORD.findall(text.lower())
