"""The front matter of an article as it stands in its file: which fields there are, and what each may hold."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

MIN_QUESTIONS, MAX_QUESTIONS = 6, 60

Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^\S(.*\S)?$")]
Link = Annotated[str, StringConstraints(min_length=1, max_length=400, pattern=r"^\S(.*\S)?$")]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{2}$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
# YAML reads a bare 112 as a number; both spellings mean the same.
StopName = Annotated[
    Literal["112", "jour", "ful"] | None, BeforeValidator(lambda raw: "112" if raw == 112 else raw)
]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class SourceLine(_Strict):
    """One source."""

    title: Line
    ref: Link
    retrieved: date


class ApprovedBy(_Strict):
    """Who approved it, and when."""

    role: Line
    date: date


class Front(_Strict):
    """The front matter as it stands in the file."""

    id: Id
    title: Line
    questions: Annotated[list[Line], Field(min_length=MIN_QUESTIONS, max_length=MAX_QUESTIONS)]
    keywords: Annotated[list[Line], Field(min_length=1, max_length=40)]
    stop: StopName
    sources: Annotated[list[SourceLine], Field(min_length=1, max_length=20)]
    status: Literal["draft", "approved", "needs_lawyer"]
    approved_by: ApprovedBy | None = None
    law_as_of: date | None
    reviewed: date
    review_in: Annotated[int, Field(ge=1, le=1100)]
    owner: Line
    org: Name | None = None
    related: Annotated[list[Id], Field(max_length=20)] = []
    aliases: Annotated[list[Id], Field(max_length=20)] = []

    @model_validator(mode="after")
    def _hold_together(self) -> Self:
        if (self.status == "approved") != (self.approved_by is not None):
            raise ValueError("status approved and approved_by go together")
        if len({question.casefold() for question in self.questions}) != len(self.questions):
            raise ValueError("a question stands twice")
        if self.id in (*self.related, *self.aliases):
            raise ValueError("an article neither relates to itself nor is its own alias")
        if self.review_in > (date.max - self.reviewed).days:
            raise ValueError("its last day is beyond every calendar")
        return self
