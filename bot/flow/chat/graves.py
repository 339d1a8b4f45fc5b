"""The doorbell of a grave event in a chat: that there is a notice, where it is read, and what was answered."""

from bot.core.graves import KEPT_IN_VIEW, Answer, GraveId
from bot.core.press import Heard, encode
from bot.flow.chat.spoken import Buttons, Speech
from bot.flow.deps import Deps
from bot.flow.messages import Button
from bot.flow.ports import Tx
from bot.flow.records import Saying
from bot.flow.words import Words

_ROWS = ((Answer.COMING, Answer.LATER), (Answer.CALL_ME, Answer.CANNOT))


def grave_bell(tx: Tx, deps: Deps, words: Words, saying: Saying) -> Speech | None:
    """One message, changed when they answer. Nothing of what happened is in it: that is read on a device."""
    grave = tx.graves.get(GraveId(saying.ref))
    told = next((one for one in tx.graves.told(GraveId(saying.ref)) if one.person == saying.person), None)
    if grave is None or told is None or words.now > grave.at + KEPT_IN_VIEW:
        return None
    answered = told.answer is not Answer.NONE
    said = words.say("grave.answered", answer=words.say(f"grave.answer.{told.answer}")) if answered else ""
    text = "\n\n".join(part for part in (words.say("grave.bell"), said, words.say("grave.never")) if part)
    return Speech(text=text, buttons=_buttons(deps, words, grave.id), spot=f"grave:{grave.id}")


def _buttons(deps: Deps, words: Words, grave: GraveId) -> Buttons:
    read = Button(text=words.say("grave.read"), url=f"{deps.base_url}/device#graves")
    return ((read,), *(tuple(_answer(words, grave, one) for one in row) for row in _ROWS))


def _answer(words: Words, grave: GraveId, said: Answer) -> Button:
    return Button(text=words.say(f"grave.answer.{said}"), press=encode(Heard(grave=grave, answer=said)))
