"""The library's own words, and the bridges from what is typed to them: spelling, compounds, synonyms."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.core.library import swedish
from bot.core.library.glossary import Glossary

# How much each kind of evidence weighs beside a content word as it stands (1.0).
GRAMMAR = 0.2  # a function word
PART = 0.5  # a part of a compound that is itself known
SPLIT = 0.8  # a part of a compound that is not known as a whole
REPAIRED = 0.8  # the nearest known word to an unknown one
TERM = 1.2  # a glossary term: without them seven questions in a hundred lose their article
AGE = 0.6  # an exact age; the group it belongs to weighs 1.0

SHORTEST_REPAIRED = 5  # letters; shorter words have too many neighbours
LONG = 8  # from this length two edits are allowed, below it one
ALIKE = 0.78  # least likeness of a repair, 1.0 is the same word
SAME_START, OTHER_START = 0.03, -0.10  # people seldom miss the first letter
GRAM_SIZES = (3, 4)

# Age below which one is "barn" and below which "ungdom", as stems of the glossary's terms.
CHILD, YOUTH = (13, "barn"), (18, "ungdom")
AGE_GROUPS = ((12, "under12"), (15, "12to14"), (18, "15to17"), (21, "18to20"), (200, "adult"))

Features = Mapping[str, float]
Phrase = tuple[tuple[str, ...], str]  # a spelling as stems, and the feature of its term


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Known words (folded) with their counts, their stems, and the glossary's phrases by first stem."""

    counts: Mapping[str, int]
    stems: frozenset[str]
    by_length: Mapping[int, tuple[str, ...]]
    phrases: Mapping[str, tuple[Phrase, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A text as the library reads it.

    `features` are weighted: `w:` stems, `t:` glossary terms, `a:` age groups, `?:` unknown words. `words` gives them per
    content word, so that one can tell which words an article explains. `content` is the folded content words.
    """

    features: Features
    words: tuple[Features, ...]
    content: str


def gather(texts: Iterable[str], glossary: Glossary) -> Vocabulary:
    """The vocabulary of `texts` and `glossary`."""
    counts = Counter(word for text in texts for word in swedish.words(text))
    phrases: defaultdict[str, list[Phrase]] = defaultdict(list)
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


def read(vocabulary: Vocabulary, text: str) -> Reading:
    """`text` as features. The same function reads articles and questions: an article's own words are all known."""
    words = swedish.words(text)
    own = [dict[str, float]() for _ in words]
    chain: list[tuple[str, int]] = []  # stems in order, each with the place of its word
    for place, word in enumerate(words):
        for feature, weight, stem in _word(vocabulary, word):
            own[place][feature] = max(own[place].get(feature, 0.0), weight)
            if stem:
                chain.append((stem, place))
    for term, places in _terms(vocabulary, chain):
        for place in places:
            own[place][term] = TERM
    features: dict[str, float] = dict(_joined(vocabulary, words))
    for found in own:
        for feature, weight in found.items():
            features[feature] = max(features.get(feature, 0.0), weight)
    content = [place for place, word in enumerate(words) if word not in swedish.FUNCTION]
    return Reading(
        features=features,
        words=tuple(own[place] for place in content),
        content=" ".join(words[place] for place in content),
    )


def repair(vocabulary: Vocabulary, word: str) -> str | None:
    """The known word that `word` was meant to be, None where none is near enough. Deterministic."""
    if len(word) < SHORTEST_REPAIRED or not word.isalpha():
        return None
    edits = 1 if len(word) < LONG else 2
    near = [
        w for n in range(len(word) - edits, len(word) + edits + 1) for w in vocabulary.by_length.get(n, ())
    ]
    best: tuple[float, int, str] | None = None
    for known, distance, _ in process.extract(word, near, scorer=OSA.distance, score_cutoff=edits, limit=8):
        start = SAME_START if known[0] == word[0] else OTHER_START
        likeness = 1 - distance / max(len(word), len(known)) + start
        candidate = (likeness, vocabulary.counts[known], known)
        if likeness >= ALIKE and (best is None or candidate > best):
            best = candidate
    return None if best is None else best[2]


def grams(content: str) -> dict[str, float]:
    """The runs of letters in content words, counted: most of them survive any spelling."""
    counts: Counter[str] = Counter()
    for word in content.split():
        padded = f" {word} "
        for size in GRAM_SIZES:
            counts.update(padded[start : start + size] for start in range(len(padded) - size + 1))
    return {gram: float(count) for gram, count in counts.items()}


def _word(vocabulary: Vocabulary, word: str) -> Iterator[tuple[str, float, str]]:
    """The features of one word; the third part is the stem it adds to the chain in which phrases are sought."""
    years = swedish.age(word)
    if years is not None:
        yield from _age(word, years)
        return
    stem = swedish.stem(word)
    if stem in vocabulary.stems:
        yield f"w:{stem}", GRAMMAR if word in swedish.FUNCTION else 1.0, stem
        for part in swedish.split(word, vocabulary.stems):
            yield f"w:{swedish.stem(part)}", PART, ""
    elif parts := swedish.split(word, vocabulary.stems):
        for part in parts:
            yield f"w:{swedish.stem(part)}", SPLIT, swedish.stem(part)
    elif meant := repair(vocabulary, word):
        yield (
            f"w:{swedish.stem(meant)}",
            GRAMMAR if meant in swedish.FUNCTION else REPAIRED,
            swedish.stem(meant),
        )
        for part in swedish.split(meant, vocabulary.stems):
            yield f"w:{swedish.stem(part)}", PART * REPAIRED, ""
    else:
        yield f"?:{stem}", 1.0, stem


def _age(word: str, years: int) -> Iterator[tuple[str, float, str]]:
    """An age as itself, as the group that the law treats alike, and as "barn" or "ungdom"."""
    group = next((name for limit, name in AGE_GROUPS if years < limit), "adult")
    yield f"w:{word}", AGE, ""
    yield f"a:{group}", 1.0, next((stem for limit, stem in (CHILD, YOUTH) if years < limit), "")


def _joined(vocabulary: Vocabulary, words: Sequence[str]) -> Iterator[tuple[str, float]]:
    """Compounds that were typed as two words ("tvångs vård")."""
    for first, second in pairwise(words):
        if min(len(first), len(second)) > 2 and (whole := first + second) in vocabulary.counts:
            yield f"w:{swedish.stem(whole)}", SPLIT


def _terms(vocabulary: Vocabulary, chain: Sequence[tuple[str, int]]) -> Iterator[tuple[str, list[int]]]:
    """The glossary terms whose spelling stands in the chain, with the places of the words that make it."""
    stems = [stem for stem, _ in chain]
    for start, stem in enumerate(stems):
        for spelling, term in vocabulary.phrases.get(stem, ()):
            if tuple(stems[start : start + len(spelling)]) == spelling:
                yield term, [place for _, place in chain[start : start + len(spelling)]]
