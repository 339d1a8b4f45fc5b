"""Material: what an opening gives, once enough have passed their shares on; handing it out is the opening."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from bot.core.ids import OrganisationId
from bot.core.openings_policy import Gives
from bot.flow.deps import Deps
from bot.flow.opening_end import own, told
from bot.flow.opening_pass import standing
from bot.flow.opening_people import Supervisor
from bot.flow.opening_told import notices, tell
from bot.flow.ports import Tx
from bot.flow.records_openings import HandOn, KeptEscrow, Opening, PassedShare, Place, Redealt, WrongShare
from bot.flow.refusals import Code, Refused
from bot.seal.passing import read_pass
from bot.seal.plain import Sealed
from bot.seal.threshold import from_bytes, hash_escrow

PLACES: Final = 32  # epochs of one page
EVENTS: Final = 256  # of one page
EVENT_BYTES: Final = 512 * 1024  # likewise; the first is given whatever its size


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is kept of one epoch, and by whose hands it went: all that a client needs to check it."""

    place: Place
    began: Sealed  # the event that began the epoch: `kc`, and the hash of the first escrow
    escrow: Sealed  # the one in force
    redeals: tuple[Redealt, ...]
    hand_ons: tuple[HandOn, ...]
    shares: tuple[PassedShare, ...]
    standing: tuple[PassedShare, ...]  # those of them that count
    wrong: tuple[WrongShare, ...]
    needed: int  # people
    ready: bool  # whether they are there


def keys(
    tx: Tx, deps: Deps, who: Supervisor, id_: str, after: Place | None
) -> tuple[tuple[Kept, ...], Place | None]:
    """A page of epochs with the shares passed on, and where the next begins; the first time, the room is opened by it.

    A re-deal is given the epochs that are ready; every other opening all of its epochs, or Refused. What was passed
    on after the first time is recorded when it is given.
    """
    opening = own(tx, deps, who, id_)
    page, following = kept(tx, opening, after)
    if opening.gives is Gives.EVERY_KEY:
        given = tuple(one for one in page if one.ready)
        opened = bool(given)
    else:
        given, opened = page, all(one.ready for one in _all(tx, opening))
        if not opened:
            raise Refused(Code.OPENING_INCOMPLETE)
    if opened and opening.opened_at is None:
        _record(tx, deps, opening, who)
    elif opened:
        _record_more(tx, deps, opening, who, given)
    return given, following


def events(tx: Tx, deps: Deps, who: Supervisor, id_: str, after: int) -> tuple[tuple[int, Sealed], ...]:
    """A page of the room's events from the one after `after`, in order; none later than the request.

    Raises Refused before the keys were given, and for what gives no transcript.
    """
    opening = own(tx, deps, who, id_)
    if opening.gives is not Gives.TRANSCRIPT or opening.opened_at is None or opening.room is None:
        raise Refused(Code.OPENING_INCOMPLETE)
    page, size = list[tuple[int, Sealed]](), 0
    for seq, event in tx.rooms.events(opening.room, after, EVENTS):
        size += len(event.content)
        if seq > opening.seq or (page and size > EVENT_BYTES):
            break
        page.append((seq, event))
    return tuple(page)


def kept(tx: Tx, opening: Opening, after: Place | None) -> tuple[tuple[Kept, ...], Place | None]:
    """A page of the epochs of an opening, and where the next begins."""
    page = _escrows(tx, opening, after)
    found = tuple(_kept(tx, opening, escrow) for escrow in page)
    return found, page[-1].place if len(page) == PLACES else None


def counted(tx: Tx, opening: Opening, escrow: KeptEscrow) -> tuple[tuple[PassedShare, ...], int, bool]:
    """The shares of an epoch that count, how many people are needed, and whether they are there.

    People count, not seats (FORMAT.md 66): whoever asked by a share on the device on which they asked, and whoever
    holds a seat now whose share was passed on, of this very escrow, and stands.
    """
    shares = standing(tx, opening.id, escrow.place)
    in_force = hash_escrow(from_bytes(escrow.blob.content))
    sitting = tx.seats.sitting(escrow.place, opening.organisation)
    people = {one.person for one in sitting if one.device == opening.device}
    holders = {one.seat: one.person for one in sitting}
    people |= {
        holders[share.seat] for share in shares if read_pass(share.statement, share.sig).escrow == in_force
    }
    needed = max((one.needed for one in sitting), default=0)
    return shares, needed, 0 < needed <= len(people)


def organisations(tx: Tx, opening: Opening) -> tuple[OrganisationId, ...]:
    """Whose devices have had keys of the room: by their directories a client can know every device in it."""
    if opening.room is None:
        return ()
    known = (tx.devices.get(device) for device in tx.rooms.holders(opening.room))
    return tuple(sorted({device.organisation for device in known if device is not None}))


def describe(
    tx: Tx, place: Place, organisation: OrganisationId, escrow: Sealed
) -> tuple[Sealed, tuple[Redealt, ...], tuple[HandOn, ...]]:
    """What proves that an escrow is in force and who holds its seats: the epoch's beginning, re-deals, hand-ons."""
    began = tx.rooms.epoch(place.room, place.epoch)
    if began is None:
        raise Refused(Code.NO_ESCROW)
    hashed = hash_escrow(from_bytes(escrow.content))
    return began, tx.seats.redeals(place, organisation), tx.seats.hand_ons(place, organisation, hashed)


def _kept(tx: Tx, opening: Opening, escrow: KeptEscrow) -> Kept:
    stand, needed, ready = counted(tx, opening, escrow)
    began, redeals, hand_ons = describe(tx, escrow.place, opening.organisation, escrow.blob)
    return Kept(
        place=escrow.place,
        began=began,
        escrow=escrow.blob,
        redeals=redeals,
        hand_ons=hand_ons,
        shares=tx.openings.passed(opening.id, escrow.place),
        standing=stand,
        wrong=tx.openings.wrong(opening.id, escrow.place),
        needed=needed,
        ready=ready,
    )


def _all(tx: Tx, opening: Opening) -> Iterator[Kept]:
    after: Place | None = None
    while True:
        page, after = kept(tx, opening, after)
        yield from page
        if after is None:
            return


def _escrows(tx: Tx, opening: Opening, after: Place | None) -> tuple[KeptEscrow, ...]:
    if opening.room is None:
        return tx.seats.escrows(opening.organisation, after, PLACES)
    whole = tx.seats.escrows_of(opening.room, opening.organisation, opening.epoch)
    past = 0 if after is None else after.epoch
    return tuple(escrow for escrow in whole if escrow.place.epoch > past)[:PLACES]


def _record(tx: Tx, deps: Deps, opening: Opening, who: Supervisor) -> None:
    """The keys leave the server now: that is the opening, and everybody whose talk it is is told."""
    c = tx.consultations.get(opening.consultation) if opening.consultation is not None else None
    found = notices(tx, c, opening, who.now) if c is not None else ()
    helpers = list(tx.openings.helpers(opening.id))
    entry = told(deps, opening, "opened", who.now, by=who.person.id, helpers=helpers)
    tx.openings.put(replace(opening, opened_at=who.now), entry, found)
    tell(tx, deps, found)


def _record_more(tx: Tx, deps: Deps, opening: Opening, who: Supervisor, given: tuple[Kept, ...]) -> None:
    """Shares that were passed on since the opening leave the server now: of which epochs, the ledger says."""
    assert opening.opened_at is not None
    more = [one.place for one in given if any(share.at > opening.opened_at for share in one.standing)]
    if more:
        places = [[place.room, place.epoch] for place in more]
        tx.openings.put(opening, told(deps, opening, "given", who.now, by=who.person.id, epochs=places))
