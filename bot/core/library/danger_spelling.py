"""Misspelt words of danger, read as what was meant: doubled letters, left-out vowels, a letter wrong."""

import re
from collections.abc import Callable

from rapidfuzz import process
from rapidfuzz.distance import OSA

# Words that a trembling thumb misspells, folded; a word like one of them is read as it.
SLIPS = tuple(
    """
    andas bron sparkar
    vattnet trillat ramlat huvudet skjutit hoppa puls fallit balkongen
    kniv kniven viftar pistol drunknar knivskuren ihjal avsvimmad andas kidnappat kidnappad drunknade sjalvmord blodade bloder brinner
    stranglar forgiftat krampar rokfyllt pistolen ambulans attackerar barrikaderat bensin blodpol blodning
    brinnande drunknat drunkna eldsvada exploderade exploderar explosion gevar handgranat handleden hjalp
    hjartattack hjartinfarkt hjartstopp huggen instangd inklamd knivhuggen knivhugger knivman kollapsade
    kollapsat krampanfall kvavs livlos machete medvetslos misshandlar misshandlas misshandlad okontaktbar
    overdos tabletterna pillren overfallen pistol skjuten skjuter skjutning skottlossning skottskadad svimmade
    snara stelfrus strupgrepp strypgrepp stryper svimmat tabletter tagsparet tandare tramadol vaknar valdtas
    valdtar unconscious breathing bleeding shooting stabbed strangling overdose knivhuggit strypa
    sjalvmordsforsok
    """.split()  # noqa: SIM905 - a list of words reads best as prose
)
DOUBLED = re.compile(r"(.)\1+")
SINGLE = {
    DOUBLED.sub(r"\1", one): one for one in SLIPS
}  # doubled letters typed once, and single ones doubled
STARTING = {first: tuple(one for one in SLIPS if one[0] == first) for first in {one[0] for one in SLIPS}}
ORDINARY = frozenset(  # words of their own that look like slips
    """
    stryka misshandlade misshandlat hjalpt hopa andras andring batterier sluta laddaren blod broder brunnar fallet fonster forsvinner fostret gralukt graslukt halla
    hallar hallen hatar hotad hotat hoter hugget inlagt klader krampor kraver lagar lager ligor maken makens
    maten motte nallen plus pulisen pulls pulsa racet racker skimmat skjutsen skriven skriver skrivit skrivna
    slagar slaggen slappa slappas slavar slipar solar spara sparar sparkat stalla stripper stryker stryks
    svarat syrran vagnar vaknat vaktar vecka veckan
    """.split()  # noqa: SIM905 - likewise
)
BARE = 3  # letters of a word whose vowels were left out
SHORTEST = 6  # letters of a word that is compared letter by letter
ALIKE = 0.83  # at most one edit in six letters, two in twelve


def meant(word: str, parts: Callable[[str], frozenset[str]], plain: Callable[[str], bool]) -> str:
    """The word of danger of which `word` is a slip, else the word as it stands.

    `parts` tells which parts a word plays in danger, `plain` whether it is sure to be the word it looks like.
    """
    if len(word) < BARE or word in ORDINARY or word in SLIPS:
        return word
    single = DOUBLED.sub(r"\1", word)
    if single in SINGLE:
        return SINGLE[single]
    if plain(word):
        return word
    known = parts(word)
    if single != word and len(single) >= SHORTEST and parts(single) - known:
        return single
    near = STARTING.get(word[0], ())
    bare = next((one for one in near if _lacks_vowels(word, one)), None)
    if bare is not None or known or len(word) < SHORTEST:
        return bare or word
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
