"""Changed sections of law, as somebody lists them in a file of comma separated values, and the articles that cite them."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.core.errors import BadInput
from bot.core.library.article import Article
from bot.core.library.citations import Citation, Section, section
from bot.core.library.law_sections import PATH, LawSections, cited, covers
from bot.core.shown import shown

MAX_LINES: Final = 10_000
MAX_LINE: Final = 500  # characters
HEADER: Final = ("act", "section", "date")
WHOLE: Final = Section(chapter=0, number=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A section (`WHOLE`: the whole act; number 0: the whole chapter) that reads otherwise from `date` on.

    `act` is the short name of a listed act, else its SFS number: then no article cites it.
    """

    line: int
    act: str
    section: Section
    date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article that cites what has changed or will change. `read_since`: it rests on a text from that day or later."""

    article: Article
    citation: Citation
    change: Change
    read_since: bool


def parse(text: str, law: LawSections) -> tuple[Change, ...]:
    """The changes in `text`: one a line, `act,section,date`, with `;` where there is no comma; `#` begins a remark.

    `act` is a short name (SoL), a name (polislagen) or an SFS number (2025:400); `section` is `19:1`, `19 kap. 1 §`,
    `43 a §`, `19 kap.`, or empty for the whole act; `date` is the first day of the new wording, ISO 8601.

    Raises BadInput with every malformed line, "line n: reason".
    """
    lines = text.removeprefix("\ufeff").splitlines()
    if len(lines) > MAX_LINES:
        raise BadInput(f"line {MAX_LINES + 1}: a list of changes has at most {MAX_LINES} lines")
    found: list[Change] = []
    faults: list[str] = []
    for number, line in enumerate(lines, start=1):
        try:
            if not _is_passed_by(number, line):
                found.append(_change(number, line, law))
        except BadInput as error:
            faults.append(f"line {number}: {error}")
    if faults:
        raise BadInput("\n".join(faults))
    if not found:
        raise BadInput("line 1: there is no change in this file")
    return tuple(found)


def hits(changes: Iterable[Change], articles: Iterable[Article], law: LawSections) -> Iterator[Hit]:
    """Every article that cites a changed section, in its sources or its text: once for each change, in their order."""
    listed = tuple(changes)
    for article in articles:
        named = cited(law, article)
        for change in listed:
            one = next((one for one in named if covers(one, change.act, change.section)), None)
            if one is not None:
                since = article.law_as_of is not None and article.law_as_of >= change.date
                yield Hit(article=article, citation=one, change=change, read_since=since)


def told(hit: Hit) -> str:
    """The hit as one line for a person."""
    as_of = hit.article.law_as_of or "no known day"
    rests = "it was read since then" if hit.read_since else f"it was read as of {as_of}"
    return f"{hit.article.path}: law: cites {hit.citation}, which changes on {hit.change.date}; {rests}"


def report(hit: Hit) -> dict[str, object]:
    """The hit as plain values, for `samjour check --law FILE --json`."""
    as_of = hit.article.law_as_of
    return {
        "article": hit.article.id,
        "path": hit.article.path,
        "act": hit.change.act,
        "section": str(hit.change.section),
        "date": hit.change.date.isoformat(),
        "cites": str(hit.citation),
        "law_as_of": None if as_of is None else as_of.isoformat(),
        "read_since": hit.read_since,
    }


def _is_passed_by(number: int, line: str) -> bool:
    """Whether nothing changes there: an empty line, a remark, or the header."""
    bare = line.strip()
    return not bare or bare.startswith("#") or (number == 1 and _is_header(line))


def _is_header(line: str) -> bool:
    return tuple(part.strip().lower() for part in _fields(line)) == HEADER


def _fields(line: str) -> list[str]:
    if len(line) > MAX_LINE:
        raise BadInput(f"has more than {MAX_LINE} characters")
    try:
        (fields,) = csv.reader([line], delimiter="," if "," in line else ";", strict=True)
    except (csv.Error, ValueError):
        raise BadInput("is not act,section,date") from None
    return fields


def _change(number: int, line: str, law: LawSections) -> Change:
    fields = [field.strip() for field in _fields(line)]
    if len(fields) != len(HEADER):
        raise BadInput("is not act,section,date")
    act, where, day = fields
    return Change(line=number, act=_act(act, law), section=_section(where), date=_date(day))


def _act(text: str, law: LawSections) -> str:
    short = law.names.get(text) or next((one.id for one in law.acts.values() if one.sfs == text), None)
    if short is not None:
        return short
    year, colon, serial = text.partition(":")
    if colon and year.isdecimal() and serial.isdecimal():
        return text  # an act that no article cites
    named = shown((text,), "act")
    raise BadInput(f"act: {named}: is no SFS number, and no act of {PATH}")


def _section(text: str) -> Section:
    if not text:
        return WHOLE
    found = section(text)
    if found is None:
        raise BadInput(
            "section: must be written 19:1, 19 kap. 1 §, 43 a § or 19 kap., or be empty for the whole act"
        )
    return found


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput("date: must be a date, written 2026-11-23") from None
