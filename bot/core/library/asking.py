"""What kind of answer a question asks for (a time, a sum, yes or no ...), and which kinds an answer gives."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

WEIGHT: Final = 1.0  # beside a content word

# Patterns are read against folded words with single spaces between them.
ASKED: Final[Mapping[str, re.Pattern[str]]] = {
    kind: re.compile(pattern)
    for kind, pattern in {
        "sum": r"\b(?:kosta\w*|avgift\w*|pris\w*|betala\w*|hur mycket|vilket belopp|hur hog\w*)\b",
        "time": r"\b(?:nar|hur lange|hur lang tid|hur lang|hur fort|hur snart|hur snabbt|hur ofta|vilken tid|vilka tider|tidigast|senast|sista dag\w*|handlaggningstid\w*)\b",
        "count": r"\b(?:hur manga|hur stor\w*|hur gammal|hur hog\w*|hur mycket|vilken alder|aldersgrans\w*|hur lang\b(?! tid))",
        "yes": r"^(?:kan|far|maste|behover|galler|ar|har|finns|ska|gar|racker|kommer|blir|bor|hjalper|tar|ingar|raknas) ",
        "how": r"\bhur (?:gor|ska|kan|far|anmaler|ansoker|soker|kontaktar|overklagar|lamnar|begar|bestaller|andrar|byter|skickar|fyller|loggar|betalar|klagar|rattar|avslutar|avbokar|bokar|hittar|ser|vet)\b|\bvad (?:gor|ska|behover) (?:jag|man|vi)\b",
        "why": r"\bvarfor\b|\bhur kommer det sig\b|\bav vilken anledning\b",
        "who": r"\b(?:vem|vilka (?:kan|far|har|ar|som)|for vem)\b",
        "where": r"^var |\b(?:vart|var (?:kan|hittar|finns|far|ska|vander|lamnar|ser|skickar|redovisar)|vilken adress|vilken blankett)\b",
        "what": r"\b(?:vad (?:ar|betyder|innebar|menas|star)|vilken skillnad|vad raknas)\b",
    }.items()
}
GIVEN: Final[Mapping[str, re.Pattern[str]]] = {
    kind: re.compile(pattern)
    for kind, pattern in {
        "sum": r"\b(?:kr|kronor|sek|gratis|kostnadsfri\w*|avgift\w*|pris\w*|kosta\w*|belopp\w*|procent)\b",
        "time": r"\b(?:[0-9]+|en|ett|tva|tre|fyra|fem|sex|sju|atta|nio|tio|tolv|nagra|varje|varannan|samma) (?:arbets|bank|var)?(?:dag|dagar|vecka|veckor|manad|manader|ar|timmar|timme|minuter)\b|"
        r"\b(?:januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december|tidigast|senast|klockan|vardagar|omgaende|direkt|forsta dagen|handlaggningstid\w*)\b",
        "count": r"\b(?:[0-9]+(?:[.,][0-9]+)?|hogst|minst|mellan|procent)\b",
        "yes": r"^(?:ja|nej|jo|jada|det (?:kan|gar|beror|ar)|du (?:kan|far|maste|behover|har)|om du)\b",
        "how": r"\b(?:fyll|skicka|ring|logga|ga in|ansok|anmal|kontakta|begar|lamna|lagg|skriv|tala|boka|gor|klicka|valj|meddela|bestall|vand|ta med|mina sidor|blankett\w*|e tjanst\w*|formular\w*)\b",
        "why": r"\b(?:beror|eftersom|darfor|orsak\w*|anledning\w*|pa grund av|till foljd|for att)\b",
        "who": r"\b(?:den som|du som|alla som|personer som|personal\w*|handlaggar\w*|ansvar\w*|ombud\w*|myndighet\w*)\b",
        "where": r"\b(?:webb\w*|hemsida\w*|mina sidor|adress\w*|kontor\w*|blankett\w*|bilaga\w*|ruta\w*|lank\w*|sidan)\b",
        "what": r"\b(?:ar (?:en|ett|den|det)|innebar|betyder|kallas|det vill saga|menas|bestar av)\b",
    }.items()
}


def asked(words: Sequence[str]) -> Iterator[tuple[str, float]]:
    """The kinds of answer that a question in these folded words asks for, as weighted features."""
    text = " ".join(words)
    return ((f"k:{kind}", WEIGHT) for kind, pattern in ASKED.items() if pattern.search(text))


def given(words: Sequence[str]) -> Iterator[tuple[str, float]]:
    """The kinds of answer that an answer in these folded words gives, as weighted features."""
    text = " ".join(words)
    return ((f"k:{kind}", WEIGHT) for kind, pattern in GIVEN.items() if pattern.search(text))
