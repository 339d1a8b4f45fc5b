"""The glossary: words that mean the same, and questions that belong elsewhere."""

from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from bot.core.library import strict


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One thing of the field: its Swedish term, its English, its one name in code, and what else people type for it."""

    term: str
    english: str
    code: str | None
    same: tuple[str, ...]

    @property
    def spellings(self) -> tuple[str, ...]:
        """Everything that stands for this term."""
        return (self.term, self.english, *self.same)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """A theme that the library does not answer, with questions of that kind."""

    theme: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Glossary:
    """All terms and all themes that lie outside."""

    terms: tuple[Term, ...] = ()
    outside: tuple[Outside, ...] = ()


Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^\S(.*\S)?$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Term(_Strict):
    term: Line
    english: Line
    code: Line | None = None
    same: Annotated[list[Line], Field(max_length=100)]

    @model_validator(mode="after")
    def _once(self) -> Self:
        if len({one.casefold() for one in (self.term, *self.same)}) != len(self.same) + 1:
            raise ValueError("a spelling stands twice")
        return self


class _Outside(_Strict):
    theme: Line
    questions: Annotated[list[Line], Field(min_length=1, max_length=200)]


class _Glossary(_Strict):
    terms: Annotated[list[_Term], Field(max_length=2000)]
    outside: Annotated[list[_Outside], Field(max_length=200)]

    @model_validator(mode="after")
    def _once(self) -> Self:
        if len({one.term for one in self.terms}) != len(self.terms):
            raise ValueError("a term stands twice")
        if len({one.theme for one in self.outside}) != len(self.outside):
            raise ValueError("a theme stands twice")
        return self


def parse(text: str, path: str) -> Glossary:
    """The glossary in `text`, which `path` names. Raises BadContent, one line per fault: path, field, reason."""
    raw = strict.read(_Glossary, text, path)
    return Glossary(
        terms=tuple(
            Term(term=one.term, english=one.english, code=one.code, same=tuple(one.same)) for one in raw.terms
        ),
        outside=tuple(Outside(theme=one.theme, questions=tuple(one.questions)) for one in raw.outside),
    )
