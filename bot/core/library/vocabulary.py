"""The library's own words, and the bridges from what is typed to them: spelling, compounds, synonyms."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.core.library import swedish
from bot.core.library.glossary import Glossary

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A text as the library reads it.

    `features` are weighted: `w:` stems, `t:` glossary terms, `a:` age groups, `<` and `>` first and last letters, `?:`
    unknown words. `words` gives them per content word, so that one can tell which words an article explains. `content`
    is the folded content words, `stems` their stems. `typed` is the text itself.
    """

    typed: str
    features: Features
    words: tuple[Features, ...]
    content: str
    stems: str


def gather(
    counts: Mapping[str, int], glossary: Glossary, stages: Stages | None = None, *, term: float = TERM
) -> Vocabulary:
    """The vocabulary of words (folded, as `swedish.words` gives them) with their counts, and of `glossary`, each of whose
    terms weighs `term`.
    """
    stages = Stages() if stages is None else stages
    counted = Counter(counts)
    phrases: defaultdict[str, list[Phrase]] = defaultdict(list)
    for number, one in enumerate(glossary.terms if stages.terms else ()):
        for spelling in one.spellings:
            spelt = swedish.words(spelling)
            counted.update(spelt)
            stems = tuple(_stem(stages, word) for word in spelt)
            if stems:
                phrases[stems[0]].append((stems, f"t:{number}"))
    by_length: defaultdict[int, list[str]] = defaultdict(list)
    by_start: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    for word in sorted(counted):
        if len(word) >= SHORTEST_REPAIRED - 1 and word.isalpha():
            by_length[len(word)].append(word)
            by_start[len(word), word[0]].append(word)
    bare = Vocabulary(
        counts=counted,
        stems=frozenset(_stem(stages, word) for word in counted),
        by_length={length: tuple(found) for length, found in by_length.items()},
        by_start={start: tuple(found) for start, found in by_start.items()},
        phrases={first: tuple(found) for first, found in phrases.items()},
        stages=stages,
        term=term,
    )
    return replace(bare, known={word: _word(bare, word) for word in counted})


def read(vocabulary: Vocabulary, text: str) -> Reading:
    """`text` as features. The same function reads entries and questions: an entry's own words are all known."""
    words = swedish.words(text)
    read = [vocabulary.known.get(word) or _word(vocabulary, word) for word in words]
    own = [dict(one.features) for one in read]
    for term, places in _terms(vocabulary, read):
        for place in places:
            own[place][term] = vocabulary.term
    features: dict[str, float] = dict(_joined(vocabulary, words))
    for found in own:
        for feature, weight in found.items():
            if weight > features.get(feature, 0.0):
                features[feature] = weight
    content = [place for place, word in enumerate(words) if word not in swedish.FUNCTION]
    return Reading(
        typed=text,
        features=features,
        words=tuple(own[place] for place in content),
        content=" ".join(words[place] for place in content),
        stems=" ".join(" ".join(read[place].stems) for place in content),
    )


def counted(vocabulary: Vocabulary, words: Sequence[str], weight: float, into: dict[str, float]) -> None:
    """Add to `into` how often each feature stands in `words`, times `weight`."""
    read = [vocabulary.known.get(word) or _word(vocabulary, word) for word in words]
    for one in read:
        for feature, worth in one.features:
            into[feature] = into.get(feature, 0.0) + worth * weight
    for term, _ in _terms(vocabulary, read):
        into[term] = into.get(term, 0.0) + vocabulary.term * weight
    for feature, worth in _joined(vocabulary, words):
        into[feature] = into.get(feature, 0.0) + worth * weight


def stems(vocabulary: Vocabulary, words: Sequence[str]) -> list[str]:
    """The stems of the content words among `words`, without grammar."""
    found = [word for word in words if word not in swedish.FUNCTION] or words
    return [stem for word in found for stem in (vocabulary.known.get(word) or _word(vocabulary, word)).stems]


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


def _near(vocabulary: Vocabulary, length: int, first: str) -> tuple[str, ...]:
    """The known words of one length that are worth comparing."""
    found = vocabulary.by_length.get(length, ())
    return found if len(found) <= CROWD else vocabulary.by_start.get((length, first), ())


def _stem(stages: Stages, word: str) -> str:
    return swedish.stem(word) if stages.stems else word


def _word(vocabulary: Vocabulary, word: str) -> Word:
    """What one word tells, wherever it stands."""
    years = swedish.age(word)
    if years is not None:
        return _age(word, years)
    stages = vocabulary.stages
    stem = _stem(stages, word)
    found: dict[str, float] = {}
    stems: tuple[str, ...] = (stem,)
    if stem in vocabulary.stems:
        found[f"w:{stem}"] = GRAMMAR if word in swedish.FUNCTION else 1.0
        _add(found, _parts(vocabulary, word), PART)
    elif parts := _parts(vocabulary, word):
        _add(found, parts, SPLIT)
        stems = parts
    elif stages.repair and (meant := repair(vocabulary, word)):
        own = _stem(stages, meant)
        found[f"w:{own}"] = GRAMMAR if meant in swedish.FUNCTION else REPAIRED
        _add(found, _parts(vocabulary, meant), PART * REPAIRED)
        stems = (own,)
    else:
        found[f"?:{stem}"] = 1.0
    if stages.letters and len(word) > ENDS and word not in swedish.FUNCTION:
        found[f"<{word[:ENDS]}"] = LETTERS
        found[f">{stem[-ENDS:]}"] = LETTERS
    return Word(features=tuple(found.items()), stems=stems)


def _parts(vocabulary: Vocabulary, word: str) -> tuple[str, ...]:
    """The stems of a compound's two parts, () where it is none."""
    if not vocabulary.stages.compounds:
        return ()
    return tuple(_stem(vocabulary.stages, part) for part in swedish.split(word, vocabulary.stems))


def _add(found: dict[str, float], stems: Sequence[str], weight: float) -> None:
    for stem in stems:
        found[f"w:{stem}"] = max(found.get(f"w:{stem}", 0.0), weight)


def _age(word: str, years: int) -> Word:
    """An age as itself, as the group that the law treats alike, and as "barn" or "ungdom"."""
    group = next((name for limit, name in AGE_GROUPS if years < limit), "adult")
    young = next((stem for limit, stem in (CHILD, YOUTH) if years < limit), None)
    return Word(features=((f"w:{word}", AGE), (f"a:{group}", 1.0)), stems=() if young is None else (young,))


def _joined(vocabulary: Vocabulary, words: Sequence[str]) -> Iterator[tuple[str, float]]:
    """Compounds that were typed as two words ("tvångs vård")."""
    if not vocabulary.stages.compounds:
        return
    for first, second in pairwise(words):
        if len(first) > 2 and len(second) > 2 and (whole := first + second) in vocabulary.counts:
            yield f"w:{_stem(vocabulary.stages, whole)}", SPLIT


def _terms(vocabulary: Vocabulary, words: Sequence[Word]) -> Iterator[tuple[str, list[int]]]:
    """The glossary terms whose spelling stands in the words, with the places of those that make it."""
    if not vocabulary.phrases:
        return
    chain = [(stem, place) for place, word in enumerate(words) for stem in word.stems]
    for start, (stem, _) in enumerate(chain):
        for spelling, term in vocabulary.phrases.get(stem, ()):
            found = chain[start : start + len(spelling)]
            if len(spelling) == 1 or tuple(one for one, _ in found) == spelling:
                yield term, [place for _, place in found]
