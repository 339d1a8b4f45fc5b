"""The end of a shift: who holds talks is told to hand them over, and what nobody took is shown to whoever answers for it.

A quarter of an hour before, the holder gets the list. When the shift is over, what they still hold stands on the ledger as
given to nobody, and overseers, holder and every colleague on duty who may take it over are told at once. Five minutes
later the officer gets the number.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from bot.core.consultation import Consultation, State
from bot.core.hours import holds, local_day
from bot.core.ids import ConsultationId, OrganisationId, PersonId
from bot.core.people import Person, Role
from bot.flow.deps import Deps, fresh_id
from bot.flow.handover import SOON
from bot.flow.ports import Tx
from bot.flow.ports_timers import Timer, TimerKind
from bot.flow.record import reply
from bot.flow.records_handovers import Handed, HandoverId
from bot.flow.shift_handover import record
from bot.flow.situation import attendance
from bot.flow.take_over import takeable
from bot.flow.unread import unread

log = logging.getLogger(__name__)
BEFORE: Final = timedelta(minutes=15)  # the end of a shift
AFTER: Final = timedelta(minutes=5)  # it, the officer gets the number
LATELY: Final = timedelta(hours=12)  # what was told so long ago was of another shift
OVERSEERS: Final = frozenset({Role.SUPERVISOR, Role.COORDINATOR})
SHIFTS: Final = 8  # one after the other, that count as one


def look(tx: Tx, deps: Deps, ref: str, now: datetime) -> None:
    """Look at how far somebody's shift has come, and do what is due."""
    holder = PersonId(ref)
    talks = tx.consultations.held_by(holder)
    if not talks:
        return
    until = on_duty_until(tx, holder, now)
    if until is None and on_duty_until(tx, holder, now + SOON) is not None:
        tx.timers.put(Timer(kind=TimerKind.SHIFT_ENDS, ref=ref, due=now + SOON))  # given before their duty
    elif until is None:
        _left(tx, deps, holder, talks, now)
    elif now < until - BEFORE:
        tx.timers.put(Timer(kind=TimerKind.SHIFT_ENDS, ref=ref, due=until - BEFORE))
    else:
        _tell(tx, deps, (holder,), "handover.ends")
        tx.timers.put(Timer(kind=TimerKind.SHIFT_ENDS, ref=ref, due=until))


def on_duty_until(tx: Tx, person: PersonId, now: datetime) -> datetime | None:
    """When a duty ends that holds now, with those that follow at once; None off duty."""
    until: datetime | None = None
    for _ in range(SHIFTS):
        duties = attendance(tx, until or now).present.get(person, ())
        if not duties:
            break
        until = max(duty.until for duty in duties)
    return until


def left_at(tx: Tx, c: Consultation, now: datetime) -> datetime | None:
    """When whoever holds it went off duty with it, and that was told; None where they have not."""
    told = (
        one.at
        for one in tx.handovers.about(c.id)
        if one.receiver is None and one.giver == c.holder and now - one.at < LATELY
    )
    return max(told, default=None)


def number(tx: Tx, deps: Deps, ref: str, now: datetime) -> None:
    """Nobody took it for some minutes: the officer gets the number."""
    c = tx.consultations.get(ConsultationId(ref))
    if c is None or c.state is not State.OPEN or c.officer is None or c.holder is None:
        return
    if left_at(tx, c, now) is not None and not attendance(tx, now).present.get(c.holder):
        _tell(tx, deps, (c.officer,), "handover.left_officer", consultation=c.id, holder=c.holder)


def _left(tx: Tx, deps: Deps, holder: PersonId, talks: tuple[Consultation, ...], now: datetime) -> None:
    fresh = [c for c in talks if left_at(tx, c, now) is None]
    id_ = HandoverId(fresh_id(now, deps.entropy))
    for c in fresh:
        handed = Handed(
            id=id_,
            consultation=c.id,
            giver=holder,
            receiver=None,
            at=max(now, c.last_at or now),
            talks=len(fresh),
            unread=unread(tx, deps, c),
            promised=tx.handovers.said(c.id),
        )
        record(tx, deps, c, handed)
        named = {"consultation": c.id, "holder": holder}
        _tell(tx, deps, (holder,), "handover.left_mine", **named)
        if not _tell(tx, deps, _overseers(tx, c, now), "handover.left", **named):
            log.warning("nobody to tell of a talk that was left", extra={"consultation": c.id})
        _tell(tx, deps, _colleagues(tx, deps, c, now), "handover.left_colleague", **named)
        tx.timers.put(Timer(kind=TimerKind.TALK_LEFT, ref=c.id, due=now + AFTER))


def _overseers(tx: Tx, c: Consultation, now: datetime) -> Iterable[PersonId]:
    """Who oversees the organisation that owns it, or the one whose person held it."""
    assert c.organisation is not None
    holder = tx.people.get(c.holder) if c.holder is not None else None
    concerned = {c.organisation, *(_posted(holder, now) if holder is not None else ())}
    found = (person for one in sorted(concerned) for person in tx.people.posted(one, OVERSEERS))
    return dict.fromkeys(
        person.id for person in found if person.active and concerned & set(_posted(person, now, OVERSEERS))
    )


def _colleagues(tx: Tx, deps: Deps, c: Consultation, now: datetime) -> Iterable[PersonId]:
    """Everybody on duty who may take it over now."""
    found = (tx.people.get(person) for person in sorted(attendance(tx, now).present))
    return (
        person.id
        for person in found
        if person is not None and any(one.c.id == c.id for one in takeable(tx, deps.content(), person, now))
    )


def _posted(
    person: Person, at: datetime, roles: frozenset[Role] = frozenset(Role)
) -> Iterable[OrganisationId]:
    day = local_day(at)
    held = (p for p in person.postings if p.role in roles and holds(day, p.valid_from, p.valid_to))
    return (p.organisation for p in held)


def _tell(tx: Tx, deps: Deps, people: Iterable[PersonId], key: str, **params: str) -> bool:
    """On every channel that reaches them; whether any does."""
    found = [(person, address.channel) for person in people for address in tx.people.addresses(person)]
    for person, channel in found:
        reply(tx, deps, person, channel, key, **params)
    return bool(found)
