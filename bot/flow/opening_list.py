"""What supervisors see of openings: those under way, the newest that have ended, and one of them whole."""

from dataclasses import dataclass
from typing import Final

from bot.core.ids import PersonId
from bot.core.policy import Act
from bot.flow.deps import Deps
from bot.flow.opening_people import Supervisor, may
from bot.flow.opening_read import Kept, kept
from bot.flow.ports import Tx
from bot.flow.records_devices import Device
from bot.flow.records_openings import Opening, Place
from bot.flow.refusals import Code, Refused

RECENT: Final = 50  # openings shown, the newest


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An opening as one supervisor of its organisation sees it. `left`: epochs of which one's shares are asked for."""

    opening: Opening
    name: str  # of whoever asked
    helpers: tuple[PersonId, ...]
    left: int
    mine: bool  # asked for on this device


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """One opening with a page of its epochs. `asker`: the device that shares are to be sealed to."""

    shown: Shown
    asker: Device
    directory: int  # number of the newest, by which the device is to be believed
    epochs: tuple[Kept, ...]
    following: Place | None


def newest(tx: Tx, deps: Deps, who: Supervisor) -> tuple[Shown, ...]:
    """The openings of one's organisation, the newest first, whether or not they have ended."""
    may(deps, who, Act.OPENING_WATCH)
    return tuple(show(tx, who, opening) for opening in tx.openings.of_organisation(who.organisation, RECENT))


def whole(tx: Tx, deps: Deps, who: Supervisor, id_: str, after: Place | None) -> Whole:
    """One opening of one's organisation. Raises Refused for others."""
    may(deps, who, Act.OPENING_WATCH)
    opening = tx.openings.get(id_)
    asker = tx.devices.get(opening.device) if opening is not None else None
    published = tx.devices.published(who.organisation)
    if opening is None or asker is None or published is None or opening.organisation != who.organisation:
        raise Refused(Code.NOT_YOURS)
    page, following = kept(tx, opening, after)
    return Whole(
        shown=show(tx, who, opening),
        asker=asker,
        directory=published.number,
        epochs=page,
        following=following,
    )


def show(tx: Tx, who: Supervisor, opening: Opening) -> Shown:
    """An opening as this supervisor sees it."""
    asker = tx.people.get(opening.person)
    own = opening.person == who.person.id
    asked = (
        0 if own or opening.ended_at is not None else tx.openings.left(opening, who.person.id, who.device.id)
    )
    return Shown(
        opening=opening,
        name=asker.name if asker is not None else "",
        helpers=tx.openings.helpers(opening.id),
        left=asked,
        mine=opening.device == who.device.id,
    )
