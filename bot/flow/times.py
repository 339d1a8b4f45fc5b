"""How times are said to somebody who reads now: the clock alone when near, with the day when far."""

from datetime import datetime, timedelta

from bot.core.text import Language, clock_time, day_and_time
from bot.flow.words import Words

NEAR = timedelta(hours=12)  # within it a clock time means one minute only


def until(words: Words, at: datetime) -> str:
    """A time as it follows a preposition: "kl. 23.40", "23:40", "lördag 21 november kl. 08.00"."""
    if _near(words, at):
        return clock_time(at, words.language)
    return day_and_time(at, words.now, words.language)


def moment(words: Words, at: datetime) -> str:
    """A time as it follows a verb: "kl. 23.40", "at 23:40", "Saturday 21 November at 08:00"."""
    said = until(words, at)
    return f"at {said}" if words.language == Language.EN and _near(words, at) else said


def _near(words: Words, at: datetime) -> bool:
    return abs(at - words.now) < NEAR
