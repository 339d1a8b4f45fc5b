"""Recognises from a question's own words that somebody is in danger right now."""

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.core.library import swedish
from bot.core.library.danger_signs import ASKS, CRY, HABIT, IDIOM, NOW, PAST, SIGNS, Sign

# Words of the signs that a trembling thumb misspells; a long word this like one of them is read as it.
LEXICON = (
    "andas", "avsvimmad", "balkongen", "bloder", "brinner", "drunknar", "eldsvada", "forsvann", "forsvunnen",
    "hjartstopp", "instangd", "knivhuggen", "krampar", "kvavs", "livlos", "medvetslos", "misshandlar", "okontaktbar",
    "overdos", "pistol", "sjalvmord", "skjuten", "skjuter", "skottlossning", "snostorm", "stelfrusen", "stryper", "strupgrepp",
    "strypgrepp", "unconscious", "viftar",
)  # fmt: skip
SHORTEST = 7  # letters
ALIKE = 0.84  # at most one edit in seven letters, two in thirteen


def immediate(text: str) -> bool:
    """Whether `text` tells of danger to life right now, in any spelling; past, asked-about and figurative danger is not."""
    told = " ".join(_meant(word) for word in swedish.words(text))
    plain = " ".join(CRY.sub(" ", IDIOM.sub(" ", told)).split())
    now = NOW.search(plain) is not None
    if (PAST.search(plain) or HABIT.search(plain)) and not now:
        return False
    asks = ASKS.search(plain) is not None and not now
    return any(_found(sign, plain) for sign in SIGNS if sign.firm or not asks)


def _found(sign: Sign, told: str) -> bool:
    return all(one.search(told) for one in sign.all_of)


def _meant(word: str) -> str:
    """The lexicon's word where this one is a slip of it, else the word as it stands."""
    if len(word) < SHORTEST or word in LEXICON:
        return word
    nearest = process.extractOne(word, LEXICON, scorer=OSA.normalized_similarity, score_cutoff=ALIKE)
    return word if nearest is None else nearest[0]
