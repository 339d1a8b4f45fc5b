"""Who hears what is said in a room: words go to those who were shown when they were written, and to nobody else."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.core.errors import NotNow
from bot.seal.directory import Member
from bot.seal.enrolment import Right
from bot.seal.errors import Tampered

TWO: Final = 2  # sides of a room


class Overheard(NotNow):
    """Others would hear it than were shown when it was written: it waits until its writer has seen who they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Who holds a room's key: people by their own devices, and whether a bridge does."""

    people: frozenset[str]
    bridged: bool


def audience_of(inside: Iterable[Member]) -> Audience:
    """Whom these devices belong to.

    Raises `Tampered` for more than a room has place for: two people, or one and a bridge that speaks for the other. So
    no server lets a bridge listen beside two people who have devices.
    """
    known = tuple(inside)
    bridged = any(member.rights & Right.BRIDGE for member in known)
    people = frozenset(member.person for member in known if not member.rights & Right.BRIDGE)
    if len(people) + bridged > TWO:
        raise Tampered("Those are more than a room is for.")
    return Audience(people=people, bridged=bridged)


def check_audience(present: Audience, shown: Audience | None, *, me: str) -> None:
    """Raise `Overheard` unless whoever hears it now was shown when it was written (FORMAT.md 69).

    `shown`: None when nobody had been shown yet; then no bridge hears it. Where a bridge was shown the server was to
    hear it anyway, and whoever it spoke for may have come in. `me`: whoever writes.
    """
    if shown is not None and shown.bridged:
        return
    if present.bridged or (shown is not None and not present.people <= shown.people | {me}):
        raise Overheard("others are in the room than when this was written: look who, and send it again")
