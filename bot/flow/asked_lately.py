"""What was answered a while ago, already sealed: kept in memory alone, until somebody says that it did not help."""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.core.ids import ConsultationId
from bot.flow.records_questions import SealedQuestion

MOST: Final = 500  # answers remembered; the oldest go first

Copies = tuple[SealedQuestion, ...]


class AskedLately:
    """Copies of questions by consultation. They open on curators' devices alone, and are gone with the process."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._found: OrderedDict[ConsultationId, tuple[datetime, Copies]] = OrderedDict()
        self._told: OrderedDict[ConsultationId, None] = OrderedDict()  # that they did not help

    def put(self, consultation: ConsultationId, copies: Sequence[SealedQuestion], until: datetime) -> None:
        """Remember an answered question until then."""
        self._found[consultation] = (until, tuple(copies))
        while len(self._found) > MOST:
            self._found.popitem(last=False)

    def drop(self, consultation: ConsultationId) -> None:
        """It helped."""
        self._found.pop(consultation, None)

    def take(self, consultation: ConsultationId, now: datetime) -> Copies | None:
        """The copies, the first time; none where nothing is remembered any more. None the second time."""
        if consultation in self._told:
            return None
        self._told[consultation] = None
        while len(self._told) > MOST:
            self._told.popitem(last=False)
        until, copies = self._found.pop(consultation, (now, ()))
        return copies if now < until else ()

    def forget(self, now: datetime) -> None:
        """Forget what is too old."""
        for consultation in [one for one, (until, _) in self._found.items() if until <= now]:
            del self._found[consultation]
