"""Swedish as it is typed on a phone at night, brought to one spelling: folded, split into words, stemmed."""

import re
import unicodedata
from collections.abc import Container

# Folding also joins those who write without å, ä and ö to those who do.
FOLD = str.maketrans({"å": "a", "ä": "a", "æ": "a", "ö": "o", "ø": "o", "ß": "ss", "’": "", "'": "", "´": ""})

UNSEEN = (
    "Cf"  # Unicode's format signs: soft hyphens and zero-width signs, which come along with what is pasted
)

# What is said and typed instead of the written form; keys and values are folded.
SPOKEN = {
    "aldri": "aldrig", "d": "det", "de": "det", "dej": "dig", "dom": "dem", "e": "ar", "el": "eller", "hen": "han",
    "hon": "han", "idag": "dag", "iaf": "anda", "ikvall": "kvall", "imorgon": "morgon",
    "imorron": "morgon", "inatt": "natt", "innan": "fore", "ite": "inte", "ja": "jag", "kl": "klockan",
    "kolla": "kontrollera", "m": "med", "mej": "mig", "mkt": "mycket", "morron": "morgon", "na": "nagot",
    "nagra": "nagon", "nan": "nagon", "nanstans": "nagonstans", "nanting": "nagot", "nat": "nagot", "ngn": "nagon",
    "ngt": "nagot", "o": "och", "oxa": "ocksa", "pga": "grund", "sager": "saga", "sen": "sedan", "skall": "ska",
    "sku": "skulle", "tel": "telefon", "tex": "exempel", "va": "vad", "vart": "var",
}  # fmt: skip

# Words that carry grammar, not matter; they count little.
FUNCTION = frozenset(
    """
    alla allt anda att av bara bli blir da dar de del dem den denna dess det detta dig din ditt du efter eller en ens er
    ett far finns for fore fram fran ga galler gang genast genom gor gora ha hade han har hans hur i in inte jag ju kan
    kommer lite man maste med mellan men mer mig min mitt mot mycket nagon nagot nar naste ni nu nya och ocksa om pa
    redan sa saga samma sedan ser sig sin sitt ska skulle som till tycker under ut utan vad var vara varfor vem vi vid
    vilka vilken vilket vill
    a an and anyone are as at be been by can could did do does for from get had has have he her here him his how if in
    is it its me my no not of off on or our out shall she should so than that the their them then there they this to
    up us was we were what when where which who whose why will with would you your
    """.split()  # noqa: SIM905 - a list of words reads best as prose
)

NUMBERS = {
    "noll": 0, "ett": 1, "en": 1, "tva": 2, "tre": 3, "fyra": 4, "fem": 5, "sex": 6, "sju": 7, "atta": 8, "nio": 9,
    "tio": 10, "elva": 11, "tolv": 12, "tretton": 13, "fjorton": 14, "femton": 15, "sexton": 16, "sjutton": 17,
    "arton": 18, "nitton": 19, "tjugo": 20,
}  # fmt: skip

TOKEN = re.compile(r"\d+:\d+|[a-z0-9]+|[^\W\d_a-z]+")  # words of other scripts too: a list may hold any
AGE = re.compile(r"\b(\d{1,2})[ -]?(?:years?[ -]olds?\b|yo\b|(?:ar(?=\b|s\b|ig)|aring)[a-z]*)")
AGE_WORD = re.compile(rf"\b({'|'.join(sorted(NUMBERS, key=len, reverse=True))})(?:aring|arig)[a-z]*\b")

# One is taken off, the longest that fits. Folded Swedish inflection of nouns, adjectives and verbs; a single n or t is as
# often part of the word ("barn", "beslut") as it is an ending.
ENDINGS = tuple(
    sorted(
        """
        heterna hetens heten heter arnas ernas ornas andet anden andes ande ende arna erna orna aren aste ades ade are
        ast het ens ets ars ers ors ar er or en et na ad as es at an tes te de it a e
        """.split(),  # noqa: SIM905 - likewise
        key=len,
        reverse=True,
    )
)
GENITIVE = re.compile(r"(?<=[^siou])s$")  # "barns", not "polis" or "hus"
SHORTEST_STEM = 3
LONGEST_COMPOUND = (
    60  # letters; a longer run is no word that anybody wrote, and trying every cut of it takes for ever
)


def fold(text: str) -> str:
    """`text` in lower case, without compatibility forms, accents, å, ä and ö, nor signs that nobody sees in a word."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(FOLD)
    if plain.isascii():
        return plain
    return "".join(
        sign
        for sign in unicodedata.normalize("NFKD", plain)
        if not unicodedata.combining(sign) and unicodedata.category(sign) != UNSEEN
    )


def words(text: str) -> list[str]:
    """The folded words of `text`: sms spelling written out, ages as one word ("16aring")."""
    folded = AGE_WORD.sub(lambda match: f"{NUMBERS[match.group(1)]}aring", fold(text))
    folded = AGE.sub(lambda match: f"{int(match.group(1))}aring", folded)
    return [SPOKEN.get(token, token) for token in TOKEN.findall(folded)]


def age(word: str) -> int | None:
    """The age that a word from `words` tells of, in years."""
    digits = word.removesuffix("aring")
    return int(digits) if digits != word and digits.isdecimal() else None


def stem(word: str) -> str:
    """The word without its ending, a double consonant made single."""
    if any(sign.isdecimal() for sign in word):
        return word
    base = GENITIVE.sub("", word) if len(word) > SHORTEST_STEM + 1 else word
    for ending in ENDINGS:
        if base.endswith(ending) and len(base) - len(ending) >= SHORTEST_STEM:
            base = base[: -len(ending)]
            break
    return base[:-1] if len(base) > SHORTEST_STEM and base[-1] == base[-2] else base


def split(word: str, known: Container[str], shortest: int = 4) -> tuple[str, ...]:
    """The two parts of a compound, each `known` by its stem, or () when it is none. A binding s, e, o or u is left out.

    The longest first part wins: "barnavardsutredning" gives "barnavard" and "utredning" where both are known.
    """
    if len(word) > LONGEST_COMPOUND:
        return ()
    for cut in range(len(word) - shortest, shortest - 1, -1):
        head, tail = word[:cut], word[cut:]
        if stem(tail) in known and (part := _head(head, known, shortest)):
            return (part, tail)
    return ()


def _head(head: str, known: Container[str], shortest: int) -> str:
    """The first part of a compound as a known word, with or without its binding sound."""
    if stem(head) in known:
        return head
    if head[-1] in "seou" and len(head) > shortest and stem(head[:-1]) in known:
        return head[:-1]
    return ""
