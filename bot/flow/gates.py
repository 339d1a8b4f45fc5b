"""What keeps officers from waiting for people, by organisation: found once a minute, and anew when something has changed."""

from datetime import datetime, timedelta
from typing import Final

from bot.core.ids import OrganisationId
from bot.core.readiness import Missing

KEPT: Final = timedelta(minutes=1)  # how long what was found stands, should nobody say that it has changed


class Gates:
    """What was found of each organisation a moment ago. It is gone with the process, and found again."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._found: dict[OrganisationId, tuple[datetime, str, Missing | None]] = {}

    def put(self, organisation: OrganisationId, now: datetime, content: str, missing: Missing | None) -> None:
        """It was found now, under content of that digest."""
        self._found[organisation] = (now, content, missing)

    def is_known(self, organisation: OrganisationId, now: datetime, content: str) -> bool:
        """Whether what was found still stands; not where the clock has jumped back."""
        at, under, _ = self._found.get(organisation, (None, "", None))
        return at is not None and under == content and timedelta(0) <= now - at < KEPT

    def missing(self, organisation: OrganisationId) -> Missing | None:
        """What was found."""
        return self._found[organisation][2]

    def forget(self) -> None:
        """Duties, numbers, people or devices have changed: find out again."""
        self._found.clear()
