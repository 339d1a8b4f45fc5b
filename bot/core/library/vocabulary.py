"""The library's own words, and the bridges from what is typed to them: spelling, compounds, synonyms."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.core.library import swedish
from bot.core.library.glossary import Glossary

# How much each kind of evidence weighs beside a content word as it stands (1.0).
GRAMMAR = 0.2  # a function word
PART = 0.5  # a part of a compound that is itself known
SPLIT = 0.8  # a part of a compound that is not known as a whole
REPAIRED = 0.8  # the nearest known word to an unknown one
TERM = 1.0  # a glossary term
AGE = 0.6  # an exact age; the group it belongs to weighs 1.0

SHORTEST_REPAIRED = 5  # letters; shorter words have too many neighbours
LONG = 8  # from this length two edits are allowed, below it one
ALIKE = 0.78  # least likeness of a repair, 1.0 is the same word
SAME_START, OTHER_START = 0.03, -0.10  # people seldom miss the first letter

AGE_GROUPS = ((12, "under12"), (15, "12to14"), (18, "15to17"), (21, "18to20"), (200, "adult"))

Features = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Known words (folded) with their counts, their stems, and the glossary's phrases by first stem."""

    counts: Mapping[str, int]
    stems: frozenset[str]
    by_length: Mapping[int, tuple[str, ...]]
    phrases: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]


def gather(texts: Iterable[str], glossary: Glossary) -> Vocabulary:
    """The vocabulary of `texts` and `glossary`."""
    counts = Counter(word for text in texts for word in swedish.words(text))
    phrases: defaultdict[str, list[tuple[tuple[str, ...], str]]] = defaultdict(list)
    for number, term in enumerate(glossary.terms):
        for spelling in term.spellings:
            spelt = swedish.words(spelling)
            counts.update(spelt)
            stems = tuple(swedish.stem(word) for word in spelt)
            if stems:
                phrases[stems[0]].append((stems, f"t:{number}"))
    by_length: defaultdict[int, list[str]] = defaultdict(list)
    for word in sorted(counts):
        if len(word) >= SHORTEST_REPAIRED - 1 and word.isalpha():
            by_length[len(word)].append(word)
    return Vocabulary(
        counts=counts,
        stems=frozenset(swedish.stem(word) for word in counts),
        by_length={length: tuple(words) for length, words in by_length.items()},
        phrases={first: tuple(found) for first, found in phrases.items()},
    )


def repair(vocabulary: Vocabulary, word: str) -> str | None:
    """The known word that `word` was meant to be, None where none is near enough. Deterministic."""
    if len(word) < SHORTEST_REPAIRED or not word.isalpha():
        return None
    edits = 1 if len(word) < LONG else 2
    near = [w for n in range(len(word) - edits, len(word) + edits + 1) for w in vocabulary.by_length.get(n, ())]
    best: tuple[float, int, str] | None = None
    for known, distance, _ in process.extract(word, near, scorer=OSA.distance, score_cutoff=edits, limit=8):
        start = SAME_START if known[0] == word[0] else OTHER_START
        likeness = 1 - distance / max(len(word), len(known)) + start
        candidate = (likeness, vocabulary.counts[known], known)
        if likeness >= ALIKE and (best is None or candidate > best):
            best = candidate
    return None if best is None else best[2]


def features(vocabulary: Vocabulary, text: str) -> Features:
    """What `text` says, as weighted features: `w:` stems, `t:` glossary terms, `a:` age groups, `?:` unknown words.

    The same function reads articles and questions; an article's own words are all known, so nothing is repaired there.
    """
    found: defaultdict[str, float] = defaultdict(float)
    chain: list[str] = []
    words = swedish.words(text)
    for word in words:
        for feature, weight, stem in _word(vocabulary, word):
            found[feature] = max(found[feature], weight)
            if stem:
                chain.append(stem)
    for feature, weight in _joined(vocabulary, words):
        found[feature] = max(found[feature], weight)
    for term in _terms(vocabulary, chain):
        found[term] = TERM
    return dict(found)


def _word(vocabulary: Vocabulary, word: str) -> Iterable[tuple[str, float, str]]:
    """The features of one word; the third part is the stem it adds to the chain in which phrases are sought."""
    years = swedish.age(word)
    if years is not None:
        yield f"w:{word}", AGE, ""
        yield f"a:{_age_group(years)}", 1.0, "barn" if years < 13 else "ungdom" if years < 18 else ""
        return
    stem = swedish.stem(word)
    if stem in vocabulary.stems:
        yield f"w:{stem}", GRAMMAR if word in swedish.FUNCTION else 1.0, stem
        for part in swedish.split(word, vocabulary.stems):
            yield f"w:{swedish.stem(part)}", PART, ""
        return
    parts = swedish.split(word, vocabulary.stems)
    for part in parts:
        yield f"w:{swedish.stem(part)}", SPLIT, swedish.stem(part)
    if parts:
        return
    meant = repair(vocabulary, word)
    if meant is None:
        yield f"?:{stem}", 1.0, stem
        return
    yield f"w:{swedish.stem(meant)}", GRAMMAR if meant in swedish.FUNCTION else REPAIRED, swedish.stem(meant)
    for part in swedish.split(meant, vocabulary.stems):
        yield f"w:{swedish.stem(part)}", PART * REPAIRED, ""


def _joined(vocabulary: Vocabulary, words: Sequence[str]) -> Iterable[tuple[str, float]]:
    """Compounds that were typed as two words ("tvangs vard")."""
    for first, second in zip(words, words[1:], strict=False):
        if min(len(first), len(second)) > 2 and (whole := first + second) in vocabulary.counts:
            yield f"w:{swedish.stem(whole)}", SPLIT


def _terms(vocabulary: Vocabulary, chain: Sequence[str]) -> Iterable[str]:
    """The glossary terms whose spelling stands in the chain of stems."""
    for place, stem in enumerate(chain):
        for spelling, term in vocabulary.phrases.get(stem, ()):
            if tuple(chain[place : place + len(spelling)]) == spelling:
                yield term


def _age_group(years: int) -> str:
    return next(name for limit, name in AGE_GROUPS if years < limit)


def grams(text: str) -> dict[str, float]:
    """The runs of two to four letters in the content words of `text`, counted: they survive any spelling."""
    counts: Counter[str] = Counter()
    for word in swedish.words(text):
        if word in swedish.FUNCTION:
            continue
        padded = f" {word} "
        for size in (2, 3, 4):
            counts.update(padded[start : start + size] for start in range(len(padded) - size + 1))
    return {gram: float(count) for gram, count in counts.items()}
