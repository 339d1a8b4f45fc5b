"""What one word tells, wherever it stands: itself, its parts, the known word that it was meant to be, an age."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.core.library import swedish

# How much each kind of evidence weighs beside a content word as it stands (1.0).
GRAMMAR = 0.3  # a function word
PART = 0.5  # a part of a compound that is itself known
SPLIT = 0.8  # a part of a compound that is not known as a whole
REPAIRED = 0.8  # the nearest known word to an unknown one
LETTERS = 0.35  # the first or the last letters of a word: what inflection and spelling leave alone
TERM = 1.2  # a glossary term: without them seven questions in a hundred lose their article
AGE = 0.6  # an exact age; the group it belongs to weighs 1.0

ENDS = 5  # letters that a word begins and ends with; shorter words are no longer than their stems
SHORTEST_REPAIRED = 5  # letters; shorter words have too many neighbours
LONG = 8  # from this length two edits are allowed, below it one
ALIKE = 0.78  # least likeness of a repair, 1.0 is the same word
SAME_START, OTHER_START = 0.03, -0.10  # people seldom miss the first letter
CROWD = (
    4_000  # known words of the right length; among more, only those with the same first letter are compared
)

# Age below which one is "barn" and below which "ungdom", as stems of the glossary's terms.
CHILD, YOUTH = (13, "barn"), (18, "ungdom")
AGE_GROUPS = ((12, "under12"), (15, "12to14"), (18, "15to17"), (21, "18to20"), (200, "adult"))

Features = Mapping[str, float]
Phrase = tuple[tuple[str, ...], str]  # a spelling as stems, and the feature of its term


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """Which parts of the engine are at work: all of them, unless one measures what each is worth."""

    stems: bool = True
    compounds: bool = True
    repair: bool = True
    terms: bool = True
    letters: bool = True
    grams: bool = True
    phrasings: bool = True
    kinds: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word as features, and the stems that it adds to the chain in which phrases are sought."""

    features: tuple[tuple[str, float], ...]
    stems: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Known words (folded) with their counts, their stems, and the glossary's phrases by first stem."""

    counts: Mapping[str, int]
    stems: frozenset[str]
    by_length: Mapping[int, tuple[str, ...]]
    by_start: Mapping[tuple[int, str], tuple[str, ...]]
    phrases: Mapping[str, tuple[Phrase, ...]]
    stages: Stages = field(default_factory=Stages)
    term: float = TERM  # what a glossary term weighs
    known: Mapping[str, Word] = field(default_factory=dict)


def word_of(vocabulary: Vocabulary, word: str) -> Word:
    """The features of one word (folded), and its stems."""
    years = swedish.age(word)
    if years is not None:
        return _age(word, years)
    stages = vocabulary.stages
    stem = stem_of(stages, word)
    found: dict[str, float] = {}
    stems: tuple[str, ...] = (stem,)
    if stem in vocabulary.stems:
        found[f"w:{stem}"] = GRAMMAR if word in swedish.FUNCTION else 1.0
        _add(found, _parts(vocabulary, word), PART)
    elif parts := _parts(vocabulary, word):
        _add(found, parts, SPLIT)
        stems = parts
    elif stages.repair and (meant := repair(vocabulary, word)):
        own = stem_of(stages, meant)
        found[f"w:{own}"] = GRAMMAR if meant in swedish.FUNCTION else REPAIRED
        _add(found, _parts(vocabulary, meant), PART * REPAIRED)
        stems = (own,)
    else:
        found[f"?:{stem}"] = 1.0
    if stages.letters and len(word) > ENDS and word not in swedish.FUNCTION:
        found[f"<{word[:ENDS]}"] = LETTERS
        found[f">{stem[-ENDS:]}"] = LETTERS
    return Word(features=tuple(found.items()), stems=stems)


def repair(vocabulary: Vocabulary, word: str) -> str | None:
    """The known word that `word` was meant to be, None where none is near enough. Deterministic."""
    if len(word) < SHORTEST_REPAIRED or not word.isalpha():
        return None
    edits = 1 if len(word) < LONG else 2
    lengths = range(len(word) - edits, len(word) + edits + 1)
    near = [known for length in lengths for known in _near(vocabulary, length, word[0])]
    best: tuple[float, int, str] | None = None
    for known, distance, _ in process.extract(word, near, scorer=OSA.distance, score_cutoff=edits, limit=8):
        start = SAME_START if known[0] == word[0] else OTHER_START
        likeness = 1 - distance / max(len(word), len(known)) + start
        candidate = (likeness, vocabulary.counts[known], known)
        if likeness >= ALIKE and (best is None or candidate > best):
            best = candidate
    return None if best is None else best[2]


def stem_of(stages: Stages, word: str) -> str:
    """The stem, or the word itself where stems are left out."""
    return swedish.stem(word) if stages.stems else word


def _near(vocabulary: Vocabulary, length: int, first: str) -> tuple[str, ...]:
    """The known words of one length that are worth comparing."""
    found = vocabulary.by_length.get(length, ())
    return found if len(found) <= CROWD else vocabulary.by_start.get((length, first), ())


def _parts(vocabulary: Vocabulary, word: str) -> tuple[str, ...]:
    """The stems of a compound's two parts, () where it is none."""
    if not vocabulary.stages.compounds:
        return ()
    return tuple(stem_of(vocabulary.stages, part) for part in swedish.split(word, vocabulary.stems))


def _add(found: dict[str, float], stems: Sequence[str], weight: float) -> None:
    for stem in stems:
        found[f"w:{stem}"] = max(found.get(f"w:{stem}", 0.0), weight)


def _age(word: str, years: int) -> Word:
    """An age as itself, as the group that the law treats alike, and as "barn" or "ungdom"."""
    group = next((name for limit, name in AGE_GROUPS if years < limit), "adult")
    young = next((stem for limit, stem in (CHILD, YOUTH) if years < limit), None)
    return Word(features=((f"w:{word}", AGE), (f"a:{group}", 1.0)), stems=() if young is None else (young,))
