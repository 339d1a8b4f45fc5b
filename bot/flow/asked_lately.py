"""What was answered a while ago: kept in memory alone, unnamed, until somebody says whether it helped."""

from collections import OrderedDict
from datetime import datetime
from typing import Final

from bot.core.ids import ConsultationId
from bot.core.questions import Question

MOST: Final = 500  # answers remembered; the oldest go first


class AskedLately:
    """Questions by consultation, as the guard left them. They are gone with the process."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._found: OrderedDict[ConsultationId, tuple[datetime, Question]] = OrderedDict()
        self._told: OrderedDict[ConsultationId, None] = OrderedDict()  # that they did not help

    def put(self, consultation: ConsultationId, question: Question, until: datetime) -> None:
        """Remember an answered question until then."""
        self._found[consultation] = (until, question)
        while len(self._found) > MOST:
            self._found.popitem(last=False)

    def take(self, consultation: ConsultationId, now: datetime) -> Question | None:
        """Return the question and forget it; None where it is not remembered, or no longer."""
        until, question = self._found.pop(consultation, (now, None))
        return question if now < until else None

    def is_first(self, consultation: ConsultationId) -> bool:
        """Whether nobody has said before that it did not help; from now on somebody has."""
        if consultation in self._told:
            return False
        self._told[consultation] = None
        while len(self._told) > MOST:
            self._told.popitem(last=False)
        return True

    def forget(self, now: datetime) -> None:
        """Forget what is too old."""
        for consultation in [one for one, (until, _) in self._found.items() if until <= now]:
            del self._found[consultation]
