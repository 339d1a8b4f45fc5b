"""Where a person's name begins: every rule with its id, the surest first."""

from collections.abc import Callable
from typing import Final

from bot.core.guard import by_cues, by_lists, by_place
from bot.core.guard.sentence import Sentence

Start = Callable[[Sentence, int], bool]

STARTS: Final[tuple[tuple[str, Start], ...]] = (
    ("name-known", by_lists.known),
    ("name-cued", by_cues.cued),
    ("name-called", by_cues.called),
    ("name-initials", by_cues.initials),
    ("name-in-family", by_lists.in_family),
    ("name-weak", by_lists.weak),
    ("name-owner", by_cues.owner),
    ("name-before-family", by_place.before_family),
    ("name-joined", by_lists.joined),
    ("name-particle", by_cues.particle),
    ("name-role", by_cues.role),
    ("name-family", by_lists.family),
    ("name-stranger", by_place.stranger),
    ("name-strangers", by_place.strangers),
    ("name-acting", by_place.acting),
    ("name-met", by_place.encountered),
)
