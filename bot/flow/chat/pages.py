"""Pages: the answers and menus of a chat, by the key and the fixed choices of an outbox row."""

from collections.abc import Callable

from bot.flow.chat.choosing import choosing
from bot.flow.chat.find import find_page
from bot.flow.chat.handover import handover_page
from bot.flow.chat.home import duty, home, menu, status
from bot.flow.chat.library import answered
from bot.flow.chat.openings import opening_page
from bot.flow.chat.readiness import readiness_page
from bot.flow.chat.shifts import shifts_page
from bot.flow.chat.spoken import Speech
from bot.flow.chat.talks import closed, offer_page, talk_page
from bot.flow.chat.turn import Turn
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.records import Saying
from bot.flow.words import Words


def page(tx: Tx, deps: Deps, words: Words, saying: Saying) -> Speech | None:
    """The page that a reply's key names, for the person (or stranger) of the row."""
    topic, _, name = saying.key.partition(".")
    return _PAGES.get(topic, _plain)(Turn(tx, deps, words, saying), name)


def _plain(turn: Turn, name: str) -> Speech:
    """A sentence with the parameters of the row."""
    topic = turn.saying.key.partition(".")[0]
    return turn.speech(turn.say(f"{topic}.{name}", **turn.params))


_PAGES: dict[str, Callable[[Turn, str], Speech | None]] = {
    "home": home,
    "page": menu,
    "ask": answered,
    "choose": choosing,
    "offer": offer_page,
    "talk": talk_page,
    "closed": closed,
    "status": status,
    "duty": duty,
    "opening": opening_page,
    "find": find_page,
    "readiness": readiness_page,
    "handover": handover_page,
    "shifts": shifts_page,
}
