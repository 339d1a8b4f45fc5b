"""What the route of the register gives."""

from datetime import datetime

from bot.core.disclosures import Direction
from bot.core.registers import RegisterKind
from bot.web.shapes import Strict


class RegisterEntry(Strict):
    """That somebody was named in a talk, or that something was disclosed in it; of no person and no words."""

    id: str
    consultation: str
    organisation: str
    at: datetime
    kind: RegisterKind
    direction: Direction | None
    ground: str | None


class RegisterAnswer(Strict):
    """Entries of one organisation's register, the oldest first. `next`: what to ask with as `after` for those that follow."""

    organisation: str
    entries: tuple[RegisterEntry, ...]
    next: str | None
