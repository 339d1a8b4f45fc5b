"""What routes take and give: strict models, and the row that describes one route."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from bot.flow.sign_in import MAX_TOKEN


class Strict(BaseModel):
    """Nothing unknown, nothing of the wrong type, and no input in an error."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)


class SessionRequest(Strict):
    """The token from a sign-in link's fragment."""

    token: Annotated[str, Field(min_length=16, max_length=MAX_TOKEN, pattern=r"^[A-Za-z0-9_-]+$", repr=False)]


class SessionAnswer(Strict):
    """A session was opened; its token is in the cookie alone."""

    expires: datetime


class RoomHead(Strict):
    """Where a room stands: epoch and number of its last event, and that event's hash as base64url."""

    epoch: int
    seq: int
    hash: str


class Problem(Strict):
    """What went wrong (RFC 9457). `code` names the case, `detail` says what to do, in the reader's language.

    `head`: where a room stands, when that is what has changed.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    head: RoomHead | None = None


class Health(BaseModel):
    """Whether it works; what else stands here tells the operator what does not."""

    ok: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One route: what it does, what it takes, what it answers (status -> schema or media type), how it fails."""

    method: str
    path: str
    does: str
    asks: tuple[str, ...] = ()  # what may stand in the query
    takes: str | None = None
    gives: Mapping[int, str]
    fails: tuple[int, ...] = ()
    needs_session: bool = False
    needs_token: bool = False
