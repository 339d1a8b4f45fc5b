"""Any list of questions and answers, indexed once and searched in milliseconds: the engine under the library.

shelf = index([Entry(id="pass", question="Hur förnyar jag mitt pass?", answer="Boka tid hos polisen ...")])
best = search(shelf, "förnya passet")[0]  # best.id == "pass", best.score between 0 and 1
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.core.errors import BadInput
from bot.core.library import asking, letters, swedish, vocabulary
from bot.core.library import index as indexes
from bot.core.library.everyday import EVERYDAY
from bot.core.library.glossary import Glossary
from bot.core.library.meaning import Embed, Vector
from bot.core.library.shelf import GRAMS, LIKENESS, Shelf, rank, spelt
from bot.core.library.vocabulary import Stages, Vocabulary

MAX_QUESTION: Final = 500  # characters
RUNS: Final = 0.2  # weight of a run of letters beside a word, where entries have no phrasings
SYNONYM: Final = 0.6  # weight of an everyday synonym, which is looser than a term of the field
MANY: Final = (
    20_000  # entries; with more, an index of their runs of letters takes longer to build than it is worth
)
WHOLE: Final = 1 + GRAMS + LIKENESS  # the score of an entry that holds all that is asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """How much a field of an entry tells about what it answers, and whether it is a way of asking."""

    weight: float
    is_asked: bool


QUESTION: Final = Field(weight=1.5, is_asked=True)
ALTERNATIVE: Final = Field(weight=1.0, is_asked=True)
KEYWORDS: Final = Field(weight=1.5, is_asked=False)
ANSWER: Final = Field(weight=0.4, is_asked=False)

Text = tuple[Field, list[str]]  # folded words


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One answer: how it is asked for (a question, other wordings of it, keywords) and what it says. All but `id` may be empty.

    A single wording, or keywords in one text, need no list around them.
    """

    id: str
    question: str = ""
    alternatives: Sequence[str] = ()
    answer: str = ""
    keywords: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An entry that may answer. `score` lies between 0 and 1 and orders the hits of one search; it is no probability."""

    id: str
    score: float


def index(
    entries: Iterable[Entry],
    glossary: Glossary | None = None,
    stages: Stages | None = None,
    embed: Embed | None = None,
) -> Shelf:
    """The shelf of `entries`; `glossary` holds the synonyms of a field, without one everyday ones are used.

    With `embed` the best by their words are also ranked by meaning: of their phrasings, or of the answer where none is.
    """
    stages = Stages() if stages is None else stages
    entries = tuple(entries)
    ids: list[str] = []
    texts: list[list[Text]] = []
    vectors: list[tuple[Vector, ...]] = []
    interned: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for entry in entries:
        ids.append(entry.id)
        texts.append([_text(interned, field, text) for field, text in fields(entry) if text])
        for _, words in texts[-1]:
            counts.update(words)
        if embed is not None:
            vectors.append(tuple(embed(text) for text in _meant(entry)))
    known = (
        vocabulary.gather(counts, EVERYDAY, stages, term=SYNONYM)
        if glossary is None
        else vocabulary.gather(counts, glossary, stages)
    )
    is_bare = any(_is_bare(text) for text in texts)
    return Shelf(
        ids=tuple(ids),
        vocabulary=known,
        index=indexes.build(_document(known, text) for text in texts),
        grams=indexes.build(map(_grams, entries))
        if stages.grams and not is_bare and len(entries) <= MANY
        else None,
        is_bare=is_bare,
        embed=embed,
        vectors=tuple(vectors),
        asked=tuple(
            tuple(spelt(vocabulary.stems(known, words)) for field, words in text if field.is_asked)
            for text in texts
        ),
    )


def search(shelf: Shelf, question: str, limit: int = 3) -> tuple[Hit, ...]:
    """The entries that answer `question` best, best first; ties go to the one that was given first.

    Raises BadInput for a question that is longer than MAX_QUESTION characters.
    """
    if len(question) > MAX_QUESTION:
        raise BadInput(f"A question has at most {MAX_QUESTION} characters.")
    asked = vocabulary.read(shelf.vocabulary, question)
    if shelf.is_bare:
        words = swedish.words(question)
        hints = _hints(shelf.vocabulary.stages, words, asking.asked(words), RUNS)
        asked = replace(asked, features={**asked.features, **dict(hints)})
    ranked = rank(shelf, asked, limit)
    return tuple(Hit(id=shelf.ids[one.place], score=min(1.0, one.score / WHOLE)) for one in ranked)


def fields(entry: Entry) -> Iterator[tuple[Field, str]]:
    """The entry's texts, phrasings first."""
    yield QUESTION, entry.question
    for wording in _listed(entry.alternatives):
        yield ALTERNATIVE, wording
    yield KEYWORDS, " ".join(_listed(entry.keywords))
    yield ANSWER, entry.answer


def _text(interned: dict[str, str], field: Field, text: str) -> Text:
    """The words of one text, each kept once in memory however many entries hold it."""
    return field, [interned.setdefault(word, word) for word in swedish.words(text)]


def _document(known: Vocabulary, texts: Sequence[Text]) -> dict[str, float]:
    """How often each feature stands in an entry. Where nobody wrote how it is asked for, the answer must tell all."""
    bare = _is_bare(texts)
    found: dict[str, float] = {}
    for field, words in texts:
        vocabulary.counted(known, words, 1.0 if bare else field.weight, found)
        if bare:
            found.update(_hints(known.stages, words, asking.given(words), 1.0))
    return found


def _grams(entry: Entry) -> "Counter[str]":
    """How often each run of letters stands in an entry's phrasings and keywords: an answer is written, not typed."""
    found: Counter[str] = Counter()
    for field, text in fields(entry):
        if field is not ANSWER:
            found.update(letters.grams(text))
    return found


def _hints(
    stages: Stages, words: Sequence[str], kinds: Iterable[tuple[str, float]], run: float
) -> Iterator[tuple[str, float]]:
    """What else an answer and a question may share when they share no words: the kind of answer, and runs of letters."""
    if stages.kinds:
        yield from kinds
    if stages.letters:
        yield from ((one, run) for one in letters.runs(words))


def _is_bare(texts: Sequence[Text]) -> bool:
    return not any(field.is_asked for field, _ in texts)


def _meant(entry: Entry) -> list[str]:
    return [text for text in (entry.question, *_listed(entry.alternatives)) if text] or [entry.answer]


def _listed(texts: Sequence[str]) -> Sequence[str]:
    """A text alone is a list of one: as a list it would be read letter by letter."""
    return (texts,) if isinstance(texts, str) else texts
