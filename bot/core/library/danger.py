"""Recognises from a question's own words that somebody is in danger right now."""

import re

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.core.library import swedish
from bot.core.library.danger_signs import (
    ABOUT,
    AROUND,
    CRY,
    DATED,
    GRAVE,
    HABIT,
    IDIOM,
    NOW,
    OPENS,
    PAST,
    SIGNS,
    TAKEN_BACK,
    Sign,
)

# Words of the signs that a trembling thumb misspells; a word like one of them is read as it.
LEXICON = tuple(
    """
    andas ambulans attackerar avsvimmad balkongen barrikaderat batteri beväpnad blodpöl blöder blödning brinner drunknar
    eldsvåda exploderade exploderar explosion fönstret försvann försvunnen gevär granat handgranat handleden hjärtattack
    hjärtinfarkt hjärtstopp hotar hugger huggen huggit inlåst kniv instängd inklämd knivhuggen knivhugger knivman kollapsade
    krampanfall krampar kvävs livlös lågor machete medvetslös misshandlar misshandlas misshandlad okontaktbar överdos
    överfallen pistol påkörd pulsen rånas räcket självmord skjuten skjuter skjutning skottlossning skottskadad skriker
    sparkar snara snöstorm sprängladdning stelfrusen strupgrepp strypgrepp stryper svimmat tabletter tågspåret tändare vaknar
    viftar våldtas våldtar unconscious breathing bleeding shooting stabbed strangling overdose
    """.split()  # noqa: SIM905 - a list of words reads best as prose
)
FOLDED = tuple(swedish.fold(word) for word in LEXICON)
STARTING = {first: tuple(one for one in FOLDED if one[0] == first) for first in {one[0] for one in FOLDED}}
ORDINARY = frozenset(
    [
        "broder",
        "brunnar",
        "krampor",
        "stryker",
        "stripper",
        "hugget",
        "vaknat",
        "hoter",
        "batterier",
        "fonster",
        "skimmat",
        "sparkat",
        "skriver",
        "skrivit",
    ]
)
SHORTEST = 6  # letters of a word that is compared letter by letter
ALIKE = 0.83  # at most one edit in six letters, two in twelve
BARE = 3  # letters of a word whose vowels were left out
ENOUGH = 3  # points
CLAUSE = re.compile(r"[,.;:!?\n\u2013()]|\s-\s")


def immediate(text: str) -> bool:
    """Whether `text` tells of danger to life right now, in any spelling; past, asked-about and figurative danger is not."""
    clauses = [plain for clause in CLAUSE.split(text) if (plain := _plain(clause))]
    whole = " ".join(clauses)
    now = NOW.search(whole) is not None
    if DATED.search(whole) and not now:
        return False
    told = whole if now else " ".join(clause for clause in clauses if not OPENS.match(clause))
    if not now and (HABIT.search(whole) or ABOUT.search(whole)):
        return False
    if _told(told, firm=True):
        return True
    return (now or not PAST.search(whole)) and (_told(told, firm=False) or _grave(told))


def _grave(told: str) -> bool:
    """Whether enough speaks of danger together, where no sign knows the words in which it is told."""
    if TAKEN_BACK.search(told):
        return False
    grave = sum(one.search(told) is not None for one in GRAVE)
    return grave > 0 and 2 * grave + sum(one.search(told) is not None for one in AROUND) >= ENOUGH


def _told(told: str, *, firm: bool) -> bool:
    return any(_found(sign, told) for sign in SIGNS if sign.firm or not firm)


def _found(sign: Sign, told: str) -> bool:
    return all(one.search(told) for one in sign.all_of)


def _plain(clause: str) -> str:
    """A clause as its signs are sought: folded, slips read as what they mean, figures of speech and cries left out."""
    told = " ".join(_meant(word) for word in swedish.words(clause))
    return " ".join(CRY.sub(" ", IDIOM.sub(" ", told)).split())


def _meant(word: str) -> str:
    """The lexicon's word where this one is a slip of it, else the word as it stands."""
    if len(word) < BARE or word in FOLDED or word in ORDINARY:
        return word
    bare = next((known for known in STARTING.get(word[0], ()) if _lacks_vowels(word, known)), None)
    if bare is not None or len(word) < SHORTEST:
        return bare or word
    near = STARTING.get(word[0], ())
    nearest = process.extractOne(word, near, scorer=OSA.normalized_similarity, score_cutoff=ALIKE)
    return word if nearest is None else nearest[0]


def _lacks_vowels(word: str, known: str) -> bool:
    """Whether `word` is `known` with one or two vowels left out, or its double letters typed once ("brinr")."""
    if not 0 < len(known) - len(word) <= 2 or word[-1] != known[-1]:
        return False
    place = 0
    for before, sign in zip(" " + known, known, strict=False):
        if place < len(word) and word[place] == sign:
            place += 1
        elif sign not in "aeiouy" and sign != before:
            return False
    return place == len(word)
