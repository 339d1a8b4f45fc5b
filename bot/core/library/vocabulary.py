"""The library's own words, and how a text is read with them: word by word, as compounds, and as terms of the glossary."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.core.library import swedish
from bot.core.library.glossary import Glossary
from bot.core.library.words import (
    SHORTEST_REPAIRED,
    SPLIT,
    TERM,
    Features,
    Phrase,
    Stages,
    Vocabulary,
    Word,
    repair,
    stem_of,
    word_of,
)

__all__ = ["Features", "Reading", "Stages", "Vocabulary", "counted", "gather", "read", "repair", "stems"]


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
            stems = tuple(stem_of(stages, word) for word in spelt)
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
        stems=frozenset(stem_of(stages, word) for word in counted),
        by_length={length: tuple(found) for length, found in by_length.items()},
        by_start={start: tuple(found) for start, found in by_start.items()},
        phrases={first: tuple(found) for first, found in phrases.items()},
        stages=stages,
        term=term,
    )
    return replace(bare, known={word: word_of(bare, word) for word in counted})


def read(vocabulary: Vocabulary, text: str) -> Reading:
    """`text` as features. The same function reads entries and questions: an entry's own words are all known."""
    words = swedish.words(text)
    read = [vocabulary.known.get(word) or word_of(vocabulary, word) for word in words]
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
    read = [vocabulary.known.get(word) or word_of(vocabulary, word) for word in words]
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
    return [
        stem for word in found for stem in (vocabulary.known.get(word) or word_of(vocabulary, word)).stems
    ]


def _joined(vocabulary: Vocabulary, words: Sequence[str]) -> Iterator[tuple[str, float]]:
    """Compounds that were typed as two words ("tvångs vård")."""
    if not vocabulary.stages.compounds:
        return
    for first, second in pairwise(words):
        if len(first) > 2 and len(second) > 2 and (whole := first + second) in vocabulary.counts:
            yield f"w:{stem_of(vocabulary.stages, whole)}", SPLIT


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
