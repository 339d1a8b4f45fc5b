"""Synthetic texts for the guard: every type in odd spellings, clean sentences, mixtures. Nobody in them exists.

Telephone numbers are of the series 070-1740605 to 070-1740699, birth numbers 980 to 999, IBANs and cards the examples
of their standards, mail and links of example.org.
"""

import unicodedata
from collections.abc import Callable, Iterator
from random import Random
from typing import Final

FIRST: Final = (
    *("Ulrika", "Fatemeh", "Jean-Pierre", "Åke", "Öykü", "Zdeněk", "Nguyễn", "Björn", "Sara", "Ali", "Märta"),
    *("Håkan", "Leila", "Óscar", "Ebba", "Tesfay", "Rim", "Stig", "Linnéa", "Mohammed", "Vera", "Ann-Sofie"),
)
LAST: Final = (
    *("Ekdahl", "Al-Hassan", "von Testow", "Öberg", "Lindqvist", "Şahin", "O'Provsson", "Nowicki", "Berg"),
    *(
        "Haile",
        "Ström",
        "Påhittsson",
        "Karimi-Zadeh",
        "Łukaszewski",
        "Sjö",
        "Jovanović",
        "de la Prova",
        "El Amin",
    ),
)
STREETS: Final = (
    *(
        "Provgatan",
        "Exempelvägen",
        "Påhittsgränd",
        "Sagostigen",
        "Norra Övningsgatan",
        "Testtorget",
        "Sagoallén",
    ),
    *("Professor Exempels väg", "Prov Backes gränd", "Provg.", "S:t Exempels gata"),
)
PLATES: Final = ("TXY 48C", "MLB84A", "XYZ-123", "GHJ 07P", "WXU 999")
UNITS: Final = ("noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio")
PHONETIC: Final = (
    "Tore Xerxes Yngve fyra åtta Cesar",
    "martin ludvig bertil 8 4 adam",
    "golf hotel juliett noll sju papa",
)
FRAMES: Final = (
    *("{}", "{} sa han", "gäller {}", "kan nån kolla {}?", "mamman uppger {} men är osäker.", "({})", "„{}”"),
    *(
        "Ring {} nu!\nInga andra.",
        "hej\r\n{}\r\ntack",
        "pojken {}, 13 år",
        "1. {}\n2. se ovan",
        "{}\n",
        "snap {}",
    ),
    *(
        "bor på {}",
        "heter {}",
        "- {}",
        "👮🏽‍♀️ {} 🚓",
        "{}👨‍👩‍👧‍👦",
        "שלום {} مرحبا",
        "\u202b{}\u202c",
        "ÄR DET {} SOM RINGT",
    ),
)
CLEAN: Final = (
    *(
        "",
        " ",
        "\n",
        "\r\n",
        "Kvinna 30-nåt m spädbarn 3 v, inga papper",
        "ring 112 eller 114 14",
        "SoL 19:1 gäller",
    ),
    *(
        "JO 682-2014 om rattfylla",
        "enhet 52-2310 avslutar 23.15",
        "lagen 2025:400 och prop. 2024/25:89",
        "kl. 02:30",
    ),
    *(
        "Malmö, Rosengård: fem killar på torget 3 timmar nu",
        "Är det LVU eller SoL som gäller här?",
        "vi är 2 st kvar",
    ),
    *(
        "tacka personalen i Farsta från oss",
        "Maria Ungdom ringer tillbaka",
        "se 1177.se",
        "Barnet är 4 år och fryser.",
    ),
    *(
        "نحن هنا",
        "Где мама?",
        "המשטרה כאן",
        "ขอบคุณ",
        "警察在这里",
        "🚓🚓🚓",
        "a\u0301\u0302\u0303\u0304",
        "…",
        "§ 12 a",
        "½ ¾ ① Ⅷ ﬁ",
    ),
    *(
        "Hämtning på HVB-hemmet i morgon",
        "Polishuset i Täby 15:30",
        "NÄR KOMMER SOCIALJOUREN",
        "pappan o mamman bråkar",
    ),
    *("\ud83d\ude00", "x" * 200, "-" * 300, "0" * 64, "@" * 80, "." * 90, " a" * 150, "1 " * 120, "å\n" * 90),
)

Spelling = Callable[[str], str]


def texts(chance: Random) -> Iterator[str]:
    """All of them, in one order."""
    yield from CLEAN
    for at, value in enumerate(VALUES):
        for _, spelt in SPELLINGS[at % 3 :: 3]:
            yield chance.choice(FRAMES).format(spelt(value))
    for frame in FRAMES:
        for _ in range(6):
            yield frame.format(chance.choice(VALUES))
    for sentence in CLEAN:
        for _, spelt in SPELLINGS[::6]:
            yield spelt(sentence)
    for _ in range(400):
        yield _mixture(chance)


def long_texts() -> tuple[tuple[tuple[str, int], ...], ...]:
    """Very long ones, as pieces and how often each comes: up to the bound, and what makes patterns go back."""
    return (
        (("Är det lugnt. ", 714),),
        (("Är det lugnt. ", 700), ("Ring 070-174 06 05", 1)),
        (("1 2 3 4 5 6 7 8 9 0 ", 500),),
        (("noll sju noll ", 600), ("tack", 1)),
        (("a_b.c@", 1600),),
        (("aaaaaaaaaa", 1000),),
        (("å\u0308\u030a", 3333),),
        (("👩‍👩‍👧‍👧 ", 1200), ("Åke Påhittsson", 1)),
        (("Anna von ", 1100),),
        (("gatan 1 ", 1200),),
        (("född ", 1900), ("3 maj 2013", 1)),
        (("\r\n", 4900), ("TXY 48C", 1)),
    )


def _check_digit(nine: str) -> int:
    doubled = (int(digit) * (2 - at % 2) for at, digit in enumerate(nine))
    return -sum(value - 9 if value > 9 else value for value in doubled) % 10


def _born(chance: Random, added: int) -> str:
    day = f"{chance.randint(0, 99):02}{chance.randint(1, 12):02}{chance.randint(1, 28) + added:02}"
    number = str(chance.randint(980, 999))
    wrong = chance.random() < 0.2
    return day + number + str((_check_digit(day + number) + wrong) % 10)


def _numbers(chance: Random, added: int) -> Iterator[str]:
    for form in range(11):
        n = _born(chance, added)
        century = "20" if int(n[:2]) < 26 else "19"
        spoken = " ".join(UNITS[int(digit)] for digit in n)
        yield (
            *(
                f"{n[:6]}-{n[6:]}",
                n,
                f"{century}{n[:6]}-{n[6:]}",
                century + n,
                f"{n[:6]} {n[6:]}",
                " ".join(n),
            ),
            *(f"{n[:2]} {n[2:4]} {n[4:6]} {n[6:]}", f"{century}{n[:6]}-XXXX", f"{n[:6]}+{n[6:]}", spoken),
            f"personnr {century} {n[:6]}/{n[6:]}",
        )[form]


def _phones(chance: Random) -> Iterator[str]:
    for _ in range(2):
        last = f"{chance.randint(5, 99):02}"
        yield from (f"070-174 06 {last}", f"07017406{last}", f"+46 70 174 06 {last}", f"004670 17406{last}")
        yield from (f"(070) 174 06 {last}", f"070/17406{last}", f"70 174 06 {last}", f"070-174 06 {last[0]}")
        yield from (f"tel: 17406{last}", f"0 7 0 1 7 4 0 6 {last[0]} {last[1]}", f"+46(0)70-17406{last}")
        yield " ".join(UNITS[int(digit)] for digit in f"07017406{last}")


def _names(chance: Random) -> Iterator[str]:
    for first in FIRST:
        last = chance.choice(LAST)
        yield from (
            f"{first} {last}",
            f"{first}s",
            f"grannen {first}",
            f"heter {last}",
            f"{first[0]}. {last}",
        )
    for last in LAST:
        yield from (
            f"familjen {last}",
            f"{last.lower()}",
            f"{chance.choice(FIRST).lower()} {last.lower()} 12",
        )


def _fixed() -> Iterator[str]:
    yield from ("kalle.exempel@example.org", "kalle.exempel (at) example punkt org", "k snabel-a example.org")
    yield from (
        "KALLE＠EXAMPLE.ORG",
        "kalle @ example.org",
        "kalle_exempel@example.org.",
        "post@exempel-å.example",
    )
    yield from PLATES
    yield from PHONETIC
    yield from ("t x y 4 8 c", "reg TXY48", "regnr: txy 48 c")
    for street in STREETS:
        yield from (
            f"{street} 12",
            f"{street} 12 B lgh 1101",
            f"{street.lower()} 7, 2 tr",
            f"nummer 4 på {street}",
        )
    yield from ("Provgatan tolv", "torpet Sagolyckan 3", "c/o Ekdahl, Provgatan 1, 123 45 Påhittstad")
    yield from ("dnr 2026-00123", "K123456-26", "5000-K123456-26", "AM-12345-26", "B 1234-26", "SN 2026/1123")
    yield from (
        "mål nr 4711-26",
        "ärende 2026-0042",
        "akten: 12345",
        "händelserapport 123 456 789",
        "k 123 456 - 26",
    )
    yield from (
        "bg 999-0000",
        "pg 12 34 56-7",
        "clearing 1234, konto 123 456 7",
        "SE35 5000 0000 0549 1000 0003",
    )
    yield from (
        "DE89 3704 0044 0532 0130 00",
        "GB29 NWBK 6016 1331 9268 19",
        "123 000 00 00",
        "4242 4242 4242 4242",
    )
    yield from ("1234-5, 123 456-7", "8327-9,123 456 789-0", "5000 123 456 789 på hans konto")
    yield from (
        "https://example.org/u/nn",
        "www.example.org/x_y",
        "instagram.com/prov.person",
        "exempel_killen99",
    )
    yield from (
        "@prov.konto",
        "provis#1234",
        "prov.per.son",
        "insta: provis.99",
        "discord heter provis_x",
        "nick=Provis9",
    )
    yield from (
        "född 3 maj 2013",
        "f. 130503",
        "födelsedag 2013-05-03",
        "den tredje maj 2013 föddes",
        "20130503",
    )
    yield from (
        "flickan, 20130503",
        "fyller år den femte i femte",
        "föddes den tredje maj tjugohundra tretton",
        "f 3/5 -13",
    )


def _values(chance: Random) -> tuple[str, ...]:
    return (
        *_numbers(chance, 0),
        *_numbers(chance, 60),
        *_phones(chance),
        *_names(chance),
        *_fixed(),
    )


def _mixture(chance: Random) -> str:
    parts: list[str] = []
    for _ in range(chance.randint(2, 7)):
        words = chance.choice((*VALUES, *CLEAN[3:30])).split(" ")
        cut = words[chance.randrange(len(words)) :] if chance.random() < 0.4 else words
        parts.append(chance.choice(SPELLINGS)[1](" ".join(cut)) if chance.random() < 0.3 else " ".join(cut))
        parts.append(
            chance.choice(
                (" ", " ", " ", ", ", ". ", "\n", "\r\n", "; ", "/", "-", "", "\t", " 🙂 ", ":\u00a0")
            )
        )
    return "".join(parts)


def _moved(by: int, low: str = "!", high: str = "~") -> Spelling:
    return lambda text: "".join(chr(ord(c) + by) if low <= c <= high else c for c in text)


def _joined(sign: str) -> Spelling:
    return sign.join


def _among(sign: str, step: int) -> Spelling:
    return lambda text: "".join(c + sign if at % step == step - 1 else c for at, c in enumerate(text))


def _swapped(old: str, new: str) -> Spelling:
    return lambda text: text.replace(old, new)


SPELLINGS: Final[tuple[tuple[str, Spelling], ...]] = (
    ("as it is", lambda text: text),
    ("lower", str.lower),
    ("upper", str.upper),
    ("title", str.title),
    ("loose accents", lambda text: unicodedata.normalize("NFD", text)),
    ("full width", _moved(0xFEE0)),
    ("Arabic figures", _moved(0x660 - 0x30, "0", "9")),
    ("Persian figures", _moved(0x6F0 - 0x30, "0", "9")),
    ("mathematical figures", _moved(0x1D7CE - 0x30, "0", "9")),
    ("mathematical letters", _moved(0x1D41A - 0x61, "a", "z")),
    ("without spaces", _swapped(" ", "")),
    ("two spaces", _swapped(" ", "  ")),
    ("hard spaces", _swapped(" ", "\u00a0")),
    ("line ends", _swapped(" ", "\r\n")),
    ("tabs", _swapped(" ", "\t")),
    ("long dashes", _swapped("-", " – ")),
    ("minus", _swapped("-", "\u2212")),
    ("dots for dashes", _swapped("-", ".")),
    ("spaced", _joined(" ")),
    ("dashed", _joined("-")),
    ("invisible", _among("\u200b", 3)),
    ("joiners", _among("\u200d\ufe0f", 4)),
    ("soft hyphens", _among("\u00ad", 2)),
    ("marks", _among("\u0336", 2)),
    ("ringed", _among("\u030a", 1)),
    ("keycaps", _among("\ufe0f\u20e3", 1)),
    ("astral", _among("🟦", 5)),
    ("Cyrillic a and e", lambda text: text.replace("a", "а").replace("e", "е")),
    ("right to left", lambda text: f"\u202e{text}\u202c"),
    ("controls", _among("\x00\x1f", 6)),
    ("lone surrogate", _among("\ud800", 7)),
    ("å as aa", lambda text: text.replace("å", "aa").replace("ä", "ae").replace("ö", "oe")),
    ("bare vowels", lambda text: text.translate(str.maketrans("åäöÅÄÖ", "aaoAAO"))),
)
VALUES: Final = _values(Random(4))  # noqa: S311 - made up, not secret
