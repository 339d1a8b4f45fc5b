"""Citations: which sections of which acts a Swedish text names, in the short form and in the forms that laws use."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_LETTER: Final = r"(?:(?! ?p\. ?\d) ?[a-z](?!\w))?"  # and not the p of "p. 15", which is a point of a section
_NUMBER: Final = rf"\d{{1,3}}{_LETTER}"
_SHORT: Final = rf"(?:\d{{1,3}}:)?{_NUMBER}(?: ?§§?)?(?: p\. ?\d+)?"
_LONG: Final = rf"\d{{1,3}}(?: [a-z])? kap\.(?: {_NUMBER}(?:(?:, |–|-| och ){_NUMBER})* ?§§?)?"
_ONE: Final = rf"(?:{_LONG}|{_SHORT})"
_MANY: Final = rf"{_ONE}(?:(?:, |–|-| och | samt | eller ){_ONE})*"
# An act that nobody has listed: lag (2024:99), or two capitals in a short name. SFS names an act, JO and NJA a decision.
_UNLISTED: Final = (
    r"(?:lag|lagen|förordning|förordningen) \(\d{4}:\d+\)|"
    r"(?!SFS\b|JO\b|NJA\b|HFD\b|RÅ\b|GDPR\b)[A-ZÅÄÖ][a-zåäö]{0,4}[A-ZÅÄÖ][A-Za-zÅÄÖåäö]{0,3}|"
    r"[A-ZÅÄÖa-zåäö][a-zåäö]{2,}(?:lagen|balken|förordningen|kungörelsen)"
)
_LOOSE: Final = re.compile(
    rf"(?:\d{{1,3}} kap\. )?{_NUMBER} ?§|\b\d{{1,2}}:\d{{1,3}} [a-z]\b(?=[).,;])"
    r"|§§? ?\d{1,3}|\b[Pp]aragraf(?:en|erna)? \d{1,3}|\b\d{1,3} paragraf(?:en)?\b"
)
_SMALL: Final = re.compile(r"\b([a-zåäö]{2,5}) \d{1,2}:\d{1,3}\b")
_SPACES: Final = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f", " "))  # that do not break a line
_SEPARATOR: Final = re.compile(r"(, |–|-| och | samt | eller )")
_DECISIONS: Final = re.compile(r"\bJO(?::s)?(?: beslut)?(?: dnr)? \d+-\d{4}(?:, \d+-\d{4})*")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Section:
    """One section: chapter 0 where an act has none; number 0 is the whole chapter, and with chapter 0 the whole act."""

    chapter: int
    number: int
    letter: str = ""

    def __str__(self) -> str:
        """As the articles write it: `19:1`, `10:18 a`, `43 §`, `43 a §`, `2 kap.`."""
        own = f"{self.number} {self.letter}".strip()
        if self.number == 0:
            return f"{self.chapter} kap." if self.chapter else "hela lagen"
        return f"{self.chapter}:{own}" if self.chapter else f"{own} §"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One section of an act, or all from `first` to `last`. `act` is its short name, or as it stands where unknown."""

    act: str
    known: bool
    first: Section
    last: Section

    def __str__(self) -> str:
        """As `SoL 19:1` or `LUL 34 §`."""
        return (
            f"{self.act} {self.first}" if self.first == self.last else f"{self.act} {self.first}–{self.last}"
        )


def section(text: str) -> Section | None:
    """The section that `text` names: `19:1`, `10:18 a`, `43 a §`, `19 kap. 1 §`, `2 kap.`; None where it names none.

    Chapters and sections count from 1; a chapter with a letter (`5 a kap.`) is not read.
    """
    found = re.fullmatch(
        r"(?:(\d{1,3}):(\d{1,3}) ?([a-z])?|(?:(\d{1,3}) kap\.)? ?(?:(\d{1,3}) ?([a-z])? ?§?)?)", text.strip()
    )
    if found is None or not text.strip() or 0 in (int(found[n]) for n in (1, 2, 4, 5) if found[n]):
        return None
    chapter, number, letter = (found[1], found[2], found[3]) if found[1] else (found[4], found[5], found[6])
    return Section(chapter=int(chapter or 0), number=int(number or 0), letter=letter or "")


def citations(text: str, names: Mapping[str, str]) -> Iterator[Citation]:
    """Every citation in `text`, in order. `names` gives the short name for everything that an act is called."""
    for act, known, part, _ in _found(text, names):
        yield from _parts(act, part, known=known)


def broken(text: str, names: Mapping[str, str]) -> Iterator[str]:
    """Every citation in `text`, as it stands, of which a part is no section: `citations` gives the other parts alone."""
    for _, _, part, (start, end) in _found(text, names):
        if any(_read(piece, 0) is None for piece in _SEPARATOR.split(part)[::2]):
            yield text[start:end]


def loose(text: str, names: Mapping[str, str]) -> Iterator[str]:
    """Every section in `text` that names no act, or is written so that its act is not known (`§ 12 PL`, `sol 19:1`)."""
    text = text.translate(_SPACES)
    spans = [span for *_, span in _found(text, names)]
    for found in _LOOSE.finditer(text):
        if not any(start <= found.start() < end for start, end in spans):
            yield found[0]
    small = {name.lower() for name in names if not name.islower()}
    yield from (found[0] for found in _SMALL.finditer(text) if found[1] in small)


def _found(text: str, names: Mapping[str, str]) -> Iterator[tuple[str, bool, str, tuple[int, int]]]:
    """Act, whether it is listed, its sections as they stand, and where."""
    for found in _pattern(tuple(sorted(names))).finditer(text.translate(_SPACES)):
        written = found["before"] or found["after"]
        part = found["sections"] or found["reversed"]
        if "§" in part or ":" in part or "kap." in part:
            short = names.get(written)
            yield short or written, short is not None, part, found.span()


@lru_cache(8)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    listed = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    act = rf"(?:{listed}|{_UNLISTED})" if listed else rf"(?:{_UNLISTED})"
    return re.compile(
        rf"(?<!\w)(?P<before>{act})s?(?: \(\d{{4}}:\d+\))? (?P<sections>{_MANY})"
        rf"|(?<![\w:])(?P<reversed>{_LONG}|{_NUMBER}(?:(?:, |–|-| och ){_NUMBER})* ?§§?) (?:i )?(?P<after>{act})(?!\w)"
    )


def _parts(act: str, text: str, *, known: bool) -> Iterator[Citation]:
    """The sections of one citation; of a list each, of a range both ends in one."""
    chapter, first, ranged = 0, None, False
    for piece in _SEPARATOR.split(text):
        if _SEPARATOR.fullmatch(piece):
            ranged = piece in ("–", "-")
            continue
        found = _read(piece, chapter)
        if found is None:
            continue
        chapter = found.chapter if "kap." in text else 0
        if first is not None and not ranged:
            yield Citation(act=act, known=known, first=first, last=first)
        elif first is not None:
            yield Citation(act=act, known=known, first=first, last=found)
            found = None
        first, ranged = found, False
    if first is not None:
        yield Citation(act=act, known=known, first=first, last=first)


def _read(piece: str, chapter: int) -> Section | None:
    plain = re.sub(r" p\. ?\d+$|§", "", piece).strip()
    found = section(plain)
    if found is not None and chapter and not found.chapter:
        return Section(chapter=chapter, number=found.number, letter=found.letter)
    return found


def decisions(text: str) -> Iterator[str]:
    """Every decision of the Parliamentary Ombudsmen in `text`, as `JO 682-2014`."""
    for found in _DECISIONS.finditer(text.translate(_SPACES)):
        yield from (f"JO {number}" for number in re.findall(r"\d+-\d{4}", found[0]))
