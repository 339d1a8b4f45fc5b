"""What the route of who is on duty gives: as `samjour who --json`, which may gain fields, and whom to call."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Growing(BaseModel):
    """Gains fields, never loses any."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True, hide_input_in_errors=True)


class Words(Growing):
    """The same words in both languages."""

    sv: str
    en: str


class Candidate(Growing):
    """Somebody who can be asked, by id, and why, as codes."""

    person: str
    why: list[str]


class Skipped(Growing):
    """Somebody who cannot be asked, by id, and why not, as codes."""

    person: str
    why_not: list[str]


class AskedStep(Growing):
    """One step of the chain, in the order in which it is asked."""

    step: str
    label: Words
    candidates: list[Candidate]
    skipped: list[Skipped]
    seconds: int
    at_once: int
    after_jour: bool
    planned: bool


class Answered(Growing):
    """A number that is answered at that minute."""

    id: str
    label: Words
    number: str
    tested: str


class Call(Growing):
    """Whom an exchange calls, one after the other; a person by the function that is asked, never by name."""

    label: str
    number: Annotated[str, Field(repr=False)]


class WhoNow(Growing):
    """The chain of a place at a minute."""

    at: str
    organisation: str
    area: str | None
    open: bool
    steps: list[AskedStep]
    phone: str
    numbers: list[Answered]
    call: list[Call]
