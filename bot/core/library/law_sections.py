"""The sections of law that somebody has read, and what an article cites beside them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from bot.core.errors import BadContent
from bot.core.library import strict
from bot.core.library.article import Article, Status
from bot.core.library.citations import (
    Citation,
    Section,
    broken,
    citations,
    decisions,
    loose,
    section,
)
from bot.core.shown import shown

PATH: Final = "policies/law_sections.yaml"
MAX_DIGITS: Final = 3  # of a chapter or a section


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """An act whose text was read as of `text_of`. `unread` holds sections that exist but were not read in force."""

    id: str
    sfs: str
    names: tuple[str, ...]
    source: str
    text_of: date
    sections: frozenset[Section]
    unread: frozenset[Section]


@dataclass(frozen=True, slots=True, kw_only=True)
class LawSections:
    """Every listed act by its short name, everything that acts are called, and the decisions that were read."""

    verified_on: date
    acts: Mapping[str, Act]
    names: Mapping[str, str]  # as written -> short name
    decisions: frozenset[str]


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("must be printable")
    return text


Line = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=r"^\S(.*\S)?$"),
    AfterValidator(_printable),  # faults repeat it
]
Listed = Annotated[str, StringConstraints(max_length=2_000, pattern=r"^([0-9a-z:]+( [0-9a-z:]+)*)?$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Act(_Strict):
    id: Line
    sfs: Annotated[str, StringConstraints(pattern=r"^\d{4}:\d{1,4}$")]
    names: Annotated[list[Line], Field(max_length=10)]
    source: Line
    text_of: date
    sections: Listed
    unread: Listed


class _File(_Strict):
    verified_on: date
    acts: Annotated[list[_Act], Field(min_length=1, max_length=200)]
    decisions: Annotated[list[Line], Field(max_length=500)]


def parse(text: str, path: str) -> LawSections:
    """The list in `text`, which `path` names. Raises BadContent, one line per fault: path, field, reason."""
    file = strict.read(_File, text, path)
    faults: list[str] = []
    acts: dict[str, Act] = {}
    names: dict[str, str] = {}
    for raw in file.acts:
        acts[raw.id] = Act(
            id=raw.id,
            sfs=raw.sfs,
            names=tuple(raw.names),
            source=raw.source,
            text_of=raw.text_of,
            sections=_sections(raw.sections, f"{path}: {raw.id}: sections", faults),
            unread=_sections(raw.unread, f"{path}: {raw.id}: unread", faults),
        )
        if acts[raw.id].sections & acts[raw.id].unread:
            faults.append(f"{path}: {raw.id}: unread: a section stands in both lists")
        faults.extend(
            f"{path}: {raw.id}: names: {name} stands also with {names[name]}"
            for name in _names(raw)
            if names.setdefault(name, raw.id) != raw.id
        )
    if len(acts) != len(file.acts):
        faults.append(f"{path}: acts: an id stands twice")
    if faults:
        raise BadContent("\n".join(faults))
    return LawSections(
        verified_on=file.verified_on, acts=acts, names=names, decisions=frozenset(file.decisions)
    )


def cited(law: LawSections, article: Article) -> tuple[Citation, ...]:
    """Everything that the article cites, in its sources and its text, each once."""
    found = [one for source in article.sources for one in of_source(law, source.ref)]
    return tuple(dict.fromkeys((*found, *citations(article.body, law.names))))


def faults(law: LawSections, article: Article) -> Iterator[str]:
    """What the article cites though nobody has read it, or dates later than it was read: "path: field: reason"."""
    fields = [(f"sources.{n}.ref", source.ref) for n, source in enumerate(article.sources)]
    fields.append(("body", article.body))
    told: set[object] = set()  # what the sources cite wrongly is not told again of the text
    for name, text in fields:
        for one in dict.fromkeys(of_source(law, text) if name != "body" else citations(text, law.names)):
            reason = _reason(law, article, one)
            if reason is not None and one not in told:
                told.add(one)
                yield f"{article.path}: {name}: {one}: {reason}"
        for stray in dict.fromkeys(broken(text, law.names)):
            yield f"{article.path}: {name}: {shown((stray,), 'law')}: has a part that is no section"
        for decision in decisions(text):
            if decision not in law.decisions and decision not in told:
                told.add(decision)
                yield f"{article.path}: {name}: {decision}: is no decision in {PATH}"
    for stray in dict.fromkeys(loose(article.body, law.names)):
        yield f"{article.path}: body: {stray}: names no act: write it as PL 12 § or SoL 19:1"
    if not told:
        yield from _source_faults(law, article)


def of_source(law: LawSections, ref: str) -> tuple[Citation, ...]:
    """What a source cites. `TF 2` is a chapter of an act that has chapters, `PL 12` a section of one that has none."""
    act, _, number = ref.rpartition(" ")
    if act in law.acts and number.isdecimal() and len(number) <= MAX_DIGITS:
        known = law.acts[act].sections | law.acts[act].unread
        has_chapters = any(one.chapter for one in known)
        one = Section(chapter=int(number) if has_chapters else 0, number=0 if has_chapters else int(number))
        return (Citation(act=act, known=True, first=one, last=one),)
    return tuple(citations(ref, law.names))


def _source_faults(law: LawSections, article: Article) -> Iterator[str]:
    """What the text cites and the sources do not, and a law that is said to be newer than what was read."""
    named = [one for source in article.sources for one in of_source(law, source.ref)]
    for one in dict.fromkeys(citations(article.body, law.names)):
        if not any(covers(other, one.act, one.first) and covers(other, one.act, one.last) for other in named):
            yield f"{article.path}: body: {one}: is not among the sources"
    read = [law.acts[one.act].text_of for one in named if one.act in law.acts]
    if read and article.law_as_of is None:
        yield f"{article.path}: law_as_of: must say how old the law is that the sources cite"
    elif read and article.law_as_of is not None and article.law_as_of > min(read):
        yield f"{article.path}: law_as_of: the law that the sources cite was read as of {min(read)}"


def covers(one: Citation, act: str, changed: Section) -> bool:
    """Whether a citation includes that section of that act, or a part of it where a chapter or an act is meant."""
    if one.act != act:
        return False
    if changed.chapter == changed.number == 0:
        return True
    ends = (one.first, one.last)
    if changed.number == 0 or one.first.number == 0:
        return min(ends).chapter <= changed.chapter <= max(ends).chapter
    return min(ends) <= changed <= max(ends)


def _reason(law: LawSections, article: Article, one: Citation) -> str | None:
    if one.act not in law.acts:
        return f"is of no act in {PATH}"
    act = law.acts[one.act]
    known = act.sections | act.unread
    ends = {one.first, one.last}
    if any(end not in known and not _is_chapter_of(end, known) for end in ends):
        return f"is no section in {PATH}"
    if ends & act.unread and not _is_a_lawyers(article):
        return f"was not read in force ({PATH}): only an article that needs_lawyer, or that a lawyer approved, may cite it"
    return None


def _is_a_lawyers(article: Article) -> bool:
    """Whether a lawyer has it still to read, or has approved it."""
    approved = article.approved_by
    return article.status is Status.NEEDS_LAWYER or (approved is not None and approved.role == "lawyer")


def _is_chapter_of(one: Section, known: frozenset[Section]) -> bool:
    return one.number == 0 and any(one.chapter in (0, other.chapter) for other in known)


def _sections(text: str, at: str, told: list[str]) -> frozenset[Section]:
    found: set[Section] = set()
    for word in text.split():
        one = section(word)
        if one is None or one.number == 0 or one in found:
            told.append(f"{at}: {word}: is no section, or stands twice")
        else:
            found.add(one)
    return frozenset(found)


def _names(raw: _Act) -> Iterator[str]:
    """Everything that the act is called, at the beginning of a sentence too."""
    for name in (raw.id, *raw.names, f"lag ({raw.sfs})", f"lagen ({raw.sfs})"):
        yield name
        yield name[0].upper() + name[1:]
