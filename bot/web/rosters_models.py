"""What the routes of rosters take and give."""

from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from bot.core.feed import Format
from bot.core.people import Role
from bot.core.roster_files import MAX_BYTES, SOURCE
from bot.seal.errors import Malformed
from bot.seal.wire import from_base64url, to_base64url
from bot.web.shapes import Strict


def _read(value: object) -> object:
    """Canonical base64url of a roster's size at most; ValueError is what pydantic takes for a refusal."""
    if not isinstance(value, str):
        raise ValueError("bytes are written as base64url")  # noqa: TRY004 - see above
    try:
        return from_base64url(value, most=MAX_BYTES)
    except Malformed as error:
        raise ValueError("bytes are written as base64url") from error


_File = Annotated[
    bytes,
    BeforeValidator(_read),
    PlainSerializer(to_base64url, return_type=str),
    WithJsonSchema({"type": "string", "description": "base64url without padding (RFC 4648 section 5)"}),
    Field(repr=False),
]


class RosterFile(Strict):
    """A roster file. `source`: which of the organisation's rosters it is; `data`: its bytes as base64url."""

    source: Annotated[str, Field(pattern=f"^{SOURCE}$")]
    format: Format
    data: _File


class ShiftShown(Strict):
    """One duty."""

    person: str
    organisations: list[str]
    role: Role
    starts: datetime
    ends: datetime
    areas: list[str]


class ShiftMoved(Strict):
    """One shift as it stands and as it will stand."""

    before: ShiftShown
    after: ShiftShown


class ShortRest(Strict):
    """Less rest between two shifts than eleven hours: shown, not refused."""

    person: str
    begins: datetime
    ends: datetime


class RosterCounts(Strict):
    """How much an import changes. `unchanged`: shifts that stand already."""

    added: int
    moved: int
    removed: int
    running: int
    unchanged: int
    short_rest: int


class RosterPreview(Strict):
    """What an import would change; of each kind the first thousand. `running`: duties under way that would break off.

    `faults`: with their lines; where there are any, nothing can be imported.
    """

    organisation: str
    source: str
    counts: RosterCounts
    added: list[ShiftShown]
    moved: list[ShiftMoved]
    removed: list[ShiftShown]
    running: list[ShiftShown]
    short_rest: list[ShortRest]
    faults: list[str]


class RosterTaken(Strict):
    """What an import has changed."""

    organisation: str
    source: str
    counts: RosterCounts
