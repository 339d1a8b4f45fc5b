"""What the guard finds: a stretch of text and the kind of identity it seems to be."""

from dataclasses import dataclass, field
from enum import StrEnum


class SpanType(StrEnum):
    """The kind of identity. The values are a promise (command line, texts, vectors): add, never rename."""

    PERSONNUMMER = "PERSONNUMMER"
    SAMORDNINGSNUMMER = "SAMORDNINGSNUMMER"  # a coordination number: the day plus 60
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    PLATE = "PLATE"  # of a vehicle
    ADDRESS = "ADDRESS"
    NAME = "NAME"
    CASE_NUMBER = "CASE_NUMBER"
    ACCOUNT = "ACCOUNT"  # of a bank, a giro, Swish, a card
    URL_HANDLE = "URL_HANDLE"  # a link, or what somebody is called in an app
    DOB_CONTEXT = "DOB_CONTEXT"  # a date of birth, told by the words around it


@dataclass(frozen=True, slots=True)
class Span:
    """Code points `start` (included) to `end` (excluded) of the text as it was given.

    `rule` is the id of the rule that found it: the reason, and what a vector in JavaScript need not repeat.
    """

    start: int
    end: int
    type: SpanType
    rule: str = field(default="", compare=False)
