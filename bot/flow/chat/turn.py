"""One reply being made: the transaction, the reader's words, the outbox row."""

from collections.abc import Iterable

from bot.core.consultation import Consultation
from bot.core.ids import ConsultationId
from bot.core.places import Organisation, organisation
from bot.core.press import Act, Do, Press, encode
from bot.flow import times
from bot.flow.chat.spoken import Buttons, Speech
from bot.flow.deps import Deps
from bot.flow.messages import Button
from bot.flow.ports import Tx
from bot.flow.records import Saying
from bot.flow.speaker import home_board
from bot.flow.words import Words


class Turn:
    """One reply being made: the transaction, the words, the row."""

    def __init__(self, tx: Tx, deps: Deps, words: Words, saying: Saying) -> None:
        """`saying`: the row whose reply is made."""
        self.tx, self.deps, self.words, self.saying = tx, deps, words, saying
        self.params = saying.params
        self.person = tx.people.get(saying.person) if saying.person is not None else None

    def speech(self, text: str, buttons: Buttons = (), spot: str = "") -> Speech:
        """The reply; on a pressed button it takes the place of the button's message."""
        return Speech(text=text, buttons=buttons, spot=spot, replaces=self.params.get("replaces", ""))

    def say(self, key: str, **params: str) -> str:
        """The sentence in the reader's language."""
        return self.words.say(key, **params)

    def button(self, key: str, press: Press, **params: str) -> Button:
        """A button that means this."""
        return Button(text=self.say(key, **params), press=encode(press))

    def consultation(self) -> Consultation | None:
        """The consultation that the row is about."""
        return self.tx.consultations.get(ConsultationId(self.params.get("consultation", "")))

    @property
    def language(self) -> str:
        """The reader's language."""
        return self.words.language


def in_rows(buttons: Iterable[Button], width: int = 2) -> Buttons:
    """Buttons side by side, so many in a row."""
    listed = tuple(buttons)
    return tuple(listed[n : n + width] for n in range(0, len(listed), width))


def board_of(turn: Turn) -> Organisation:
    """The board of the row, else of the person's own district, else the police's own numbers."""
    named = turn.params.get("board", "")
    structure = turn.deps.content().structure
    if named:
        return organisation(structure, named)
    board = home_board(turn.deps, turn.person, turn.words.now) if turn.person is not None else None
    return board if board is not None else organisation(structure, turn.deps.home)


def number_of(turn: Turn) -> str:
    """The number that answers now for this person."""
    return turn.words.first_number(board_of(turn))["number"]


def type_words(turn: Turn, types: str) -> str:
    """The kinds of identity that were found, in words."""
    return ", ".join(turn.say(f"guard.{kind}") for kind in types.split(","))


def to_card(turn: Turn, c: Consultation) -> tuple[Button, ...]:
    """A button that shows the card of a request."""
    assert c.request is not None
    press = Do(consultation=c.id, act=Act.SHOW)
    return (Button(text=turn.words.head(c.request), press=encode(press)),)


def in_a_line(turn: Turn, c: Consultation) -> str:
    """A consultation in one line: what was asked, and how it stands."""
    if c.request is None:
        return turn.say(f"status.state_{c.state}", who="", until="")
    who = turn.words.holder(c) if c.holder else turn.words.who(c, c.pending[0]) if c.pending else ""
    until = times.until(turn.words, c.due) if c.due is not None else ""
    return turn.say(
        "status.line",
        head=turn.words.head(c.request),
        state=turn.say(f"status.state_{c.state}", who=who, until=until),
    )
