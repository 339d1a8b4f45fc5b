"""Records of readiness: checks of people before their duty."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.checks import Outcome, Stage
from bot.core.ids import OrganisationId, PersonId
from bot.core.people import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Whether one person could be reached at one stage of one stint; a row that changes until it is settled.

    `starts`: of the stint; `until`: when it is looked at next; `means`: by what they answered; `called`: what came of
    the second channel. `device`, `skew` (ms, theirs before ours is negative): where a device answered.
    """

    id: str
    person: PersonId
    starts: datetime
    stage: Stage
    organisation: OrganisationId  # the first one they are on duty for, on whose ledger
    role: Role
    outcome: Outcome
    asked: datetime
    until: datetime
    means: str = ""
    called: str = ""
    answered: datetime | None = None
    device: str = ""
    skew: int | None = None
    told: datetime | None = None
