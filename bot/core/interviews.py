"""Interviews at a given time: when whoever was booked is reminded, and how long their talk is kept open."""

from datetime import datetime, timedelta
from typing import Final

from bot.core.request import Request

BEFORE: Final = timedelta(minutes=15)  # the first reminder; the second is at the hour itself
AFTER: Final = timedelta(hours=1)  # a talk about an interview is not over before


def next_look(request: Request | None, at: datetime, quiet: timedelta) -> datetime:
    """When a talk in which nobody owes an answer is looked at next: to remind of its interview, or to end it.

    `quiet`: how long a talk stays open in which nothing is said.
    """
    hour = request.interview_at if request is not None else None
    if hour is None:
        return at + quiet
    ahead = (moment for moment in (hour - BEFORE, hour) if moment > at)
    return next(ahead, max(at + quiet, hour + AFTER))


def is_ahead(request: Request | None, at: datetime) -> bool:
    """Whether a talk is about an interview that has not begun, or began so lately that whoever is late must hear of it."""
    hour = request.interview_at if request is not None else None
    return hour is not None and at < hour + AFTER
