"""What routes of readiness take and give."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from bot.core.checks import Outcome, Stage
from bot.core.drills import Skipped
from bot.core.people import Role
from bot.core.readiness import Missing
from bot.flow.unreached import Why
from bot.seal.statement import SIGNATURE
from bot.web.device_asking import Bytes
from bot.web.shapes import Strict

MAX_CLOCK = 2**53 - 1  # ms; the largest whole number that is exact in JSON


class CheckAsked(Strict):
    """Whether somebody can be reached before a shift. `nonce`: 32 bytes; a device signs them with the check's id and its clock."""

    id: str
    stage: Stage
    starts: datetime
    sentence: str
    nonce: Bytes


class ReadinessAsked(Strict):
    """What whoever is signed in is asked now. `drill`: the sentence of a drill that waits to be seen."""

    checks: list[CheckAsked]
    drill: str | None = None


class ReadinessAnswer(Strict):
    """A device's answer. `clock`: ms since 1970 by the device; `answer`: over SHA-256 of label, id, clock and nonce."""

    clock: Annotated[int, Field(ge=0, le=MAX_CLOCK)]
    answer: Annotated[Bytes, Field(min_length=SIGNATURE, max_length=SIGNATURE)]


class ReadinessKept(Strict):
    """How the check stands."""

    id: str
    outcome: Outcome


class DrillSeen(Strict):
    """Whether there was a drill to see."""

    seen: bool


class NotReached(Strict):
    """Somebody on duty, or from `starts` on, whom nothing reaches."""

    person: str
    role: Role
    organisations: list[str]
    why: Why
    starts: datetime | None


class DrillResult(Strict):
    """The last drill of one step. `passed`: None while it goes on, where it was skipped, or where there was none."""

    step: str
    day: date | None
    passed: bool | None
    seconds: float | None
    skipped: Skipped | None


class ReadinessState(Strict):
    """How ready an organisation is. `shut`: what keeps its officers from waiting for a person."""

    organisation: str
    ready: bool
    shut: Missing | None
    missing: list[Missing]
    needs: list[Missing]
    unreached: list[NotReached]
    drills: list[DrillResult]
