"""Disclosures in a room: who lets whom know something of a named person, and on which ground, as its event's kind says.

The kind is signed with the event by the device of whoever discloses, so that neither can be exchanged afterwards.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NewType

from bot.core.errors import BadInput

GroundId = NewType("GroundId", str)

PREFIX: Final = "disclosure:"
GROUND: Final = r"[a-z0-9]+(-[a-z0-9]+)*"
MAX_GROUND: Final = 40  # characters
_KIND: Final = re.compile(rf"{PREFIX}(to_police|to_social):({GROUND})", re.ASCII)


class Direction(StrEnum):
    """Who is let know. The values go into events, rules and the ledger: add, never rename."""

    TO_POLICE = "to_police"  # socialtjänsten lämnar till polisen
    TO_SOCIAL = "to_social"  # polisen lämnar till socialtjänsten


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """What was chosen before something was disclosed."""

    direction: Direction
    ground: GroundId


def disclosure_kind(disclosure: Disclosure) -> str:
    """The kind of an event that discloses so."""
    return f"{PREFIX}{disclosure.direction}:{disclosure.ground}"


def disclosed_in(kind: str) -> Disclosure | None:
    """What an event of that kind discloses; None for other kinds. Raises BadInput for one that only begins like it."""
    if not kind.startswith(PREFIX):
        return None
    found = _KIND.fullmatch(kind)
    if found is None or len(found[2]) > MAX_GROUND:
        raise BadInput("a disclosure names a direction and a ground")
    return Disclosure(direction=Direction(found[1]), ground=GroundId(found[2]))
