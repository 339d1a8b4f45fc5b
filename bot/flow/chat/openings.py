"""What a chat says of openings: doorbells for supervisors, and word to those whose talk it was."""

from bot.core.ids import ConsultationId
from bot.flow import opening_words
from bot.flow.chat.spoken import Speech
from bot.flow.chat.turn import Turn
from bot.flow.records_openings import Notice


def opening_page(turn: Turn, name: str) -> Speech | None:
    """A doorbell's fixed sentence; or that somebody's talk was opened. None when it is gone meanwhile."""
    if name != "told":
        return turn.speech(turn.say(f"opening.{name}"))
    if turn.person is None:
        return None
    opening = turn.tx.openings.get(turn.params.get("opening", ""))
    if opening is None or opening.opened_at is None:
        return None
    notice = Notice(
        opening=opening.id,
        person=turn.person.id,
        consultation=ConsultationId(turn.params.get("consultation", "")),
        at=opening.opened_at,
    )
    text = opening_words.told(turn.tx, turn.words, notice)
    return None if text is None else turn.speech(text)
