"""Ends of openings: said by whoever asked, or come with the time; the passed shares are destroyed."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.consultation import Consultation
from bot.core.openings_policy import Gives
from bot.core.policy import Act
from bot.flow.deps import Deps
from bot.flow.opening_people import Supervisor, may, took_part
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.flow.records import Entry
from bot.flow.records_openings import Ended, Opening
from bot.flow.refusals import Code, Refused
from bot.seal.directory import MAX_AHEAD

SKEW = timedelta(seconds=MAX_AHEAD)  # that a clock may have been set back since an opening was asked for


def is_open(opening: Opening, now: datetime) -> bool:
    """Whether its time has not run out. A clock set back past what happened in it opens nothing for longer."""
    latest = opening.opened_at or opening.asked_at
    return opening.ended_at is None and latest - SKEW <= now <= opening.until


def being_opened(tx: Tx, c: Consultation) -> bool:
    """Whether supervisors have asked to open its room and have not ended that: it must not be erased meanwhile."""
    return c.room is not None and tx.openings.in_room(c.room) is not None


def own(tx: Tx, deps: Deps, who: Supervisor, id_: str) -> Opening:
    """One's own opening, on the device on which one asked.

    Raises Refused where it is none, or over; Denied to whoever might not ask for it any more.
    """
    opening = tx.openings.get(id_)
    if opening is None or (opening.person, opening.device) != (who.person.id, who.device.id):
        raise Refused(Code.NOT_YOURS)
    if not is_open(opening, who.now):
        raise Refused(Code.OPENING_OVER)
    may_still(tx, deps, who, opening)
    return opening


def may_still(tx: Tx, deps: Deps, who: Supervisor, opening: Opening) -> tuple[str, ...]:
    """The ids of the rules by which somebody may ask for that now: a right can end, and one can come into the talk.

    Raises Denied where none does, Refused when the talk is there no more.
    """
    if opening.gives is Gives.EVERY_KEY:
        return may(deps, who, Act.SEAT_REDEAL)
    c = tx.consultations.get(opening.consultation) if opening.consultation is not None else None
    if c is None:
        raise Refused(Code.OPENING_OVER)
    return may(deps, who, Act.OPENING_REQUEST, consultation=c, involved=took_part(tx, c))


def end(tx: Tx, deps: Deps, who: Supervisor, id_: str) -> Opening:
    """End one's own opening; harmless the second time. Raises Refused for one of somebody else's."""
    opening = tx.openings.get(id_)
    if opening is None or opening.person != who.person.id:
        raise Refused(Code.NOT_YOURS)
    if opening.ended_at is not None:
        return opening
    return _end(tx, deps, opening, Ended.ENDED, by=who.person.id)


def expire(tx: Tx, deps: Deps) -> int:
    """End the openings whose time is over; returns how many."""
    now = deps.clock.now()
    over = [opening for opening in tx.openings.under_way() if now > opening.until]
    for opening in over:
        _end(tx, deps, opening, Ended.EXPIRED, by="")
    return len(over)


async def end_expired(deps: Deps) -> int:
    """End them in a transaction of its own, if there are any."""
    now = deps.clock.now()
    going = await deps.store.read(lambda tx: tx.openings.under_way())
    if not any(now > opening.until for opening in going):
        return 0
    return await deps.store.write(lambda tx: expire(tx, deps))


def told(deps: Deps, opening: Opening, act: str, now: datetime, **facts: object) -> Entry:
    """A ledger entry about an opening; it belongs to the consultation, where it is of one room."""
    named = {"room": opening.room, "consultation": opening.consultation}
    of_one = {name: value for name, value in named.items() if value is not None}
    more = {"opening": opening.id, **of_one, **facts}
    return fact(deps, opening.organisation, "opening", now, act=act, **more)


def _end(tx: Tx, deps: Deps, opening: Opening, how: Ended, *, by: str) -> Opening:
    now = deps.clock.now()
    after = replace(opening, ended_at=now, ended=how)
    tx.openings.put(after, told(deps, opening, how.value, now, by=by))
    tx.openings.forget_shares(opening.id)
    return after
