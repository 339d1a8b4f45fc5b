"""Goes on and off duty: what a worker presses outranks the roster."""

from datetime import datetime, timedelta

from bot.core.hours import holds, local_day
from bot.core.ids import OrganisationId
from bot.core.parts import parts
from bot.core.people import Person, Posting
from bot.core.policy import Act
from bot.core.roster import Duty, Override, OverrideId, override_to_dict
from bot.core.shift_told import mine
from bot.flow.changed import duty_changed
from bot.flow.deps import Deps, fresh_id
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.flow.shift_changes import Doer, take_again
from bot.flow.situation import attendance
from bot.flow.speaker import WORKERS, Speaker, answer, may
from bot.flow.talk import open_talks

OWN_SHIFT = timedelta(hours=8)  # how long pressing "on duty" lasts without a rostered shift


def change_duty(tx: Tx, deps: Deps, who: Speaker, *, on: bool) -> None:
    """Go on duty (a rostered shift is given back, else a shift of one's own begins), or off.

    Whoever goes off takes their unanswered offers back, so that the chain goes on at once; whoever has an open
    talk must end it or say that they cannot come first.
    """
    rules = may(deps, who, Act.DUTY_CHANGE, subject=who.person)
    postings = _postings(who.person, who.now)
    if not postings:
        answer(tx, deps, who, "duty.no_role")
        return
    if not on and any(c.holder == who.person.id for c in open_talks(tx, who)):
        answer(tx, deps, who, "duty.in_room")
        return
    before = duties(tx, who)
    if on and not before:
        take_again(tx, deps, who.person.id, Doer(by=who.person.id, rules=rules))
    if on and not duties(tx, who):
        rostered = _rostered_until(tx, who)
        for posting in (
            postings[:1] if rostered is not None else postings
        ):  # a shift that is given back knows its roles
            _record(tx, deps, who, posting, on=True, ends=rostered or who.now + OWN_SHIFT)
    elif not on and before:
        _record(tx, deps, who, postings[0], on=False, ends=max(d.until for d in before))
    after = duties(tx, who)
    if after != before:
        duty_changed(tx, deps, who.now, (who.person.id,), rules)
    until = max((d.until for d in after), default=None)
    answer(
        tx, deps, who, "duty.went_on" if after else "duty.went_off", until=until.isoformat() if until else ""
    )


def duties(tx: Tx, who: Speaker) -> tuple[Duty, ...]:
    """The speaker's duties at this minute."""
    return attendance(tx, who.now).present.get(who.person.id, ())


def _postings(person: Person, at: datetime) -> tuple[Posting, ...]:
    """A posting for each role in which somebody can be asked on that day, the first one of each."""
    day = local_day(at)
    held = (p for p in person.postings if p.role in WORKERS and holds(day, p.valid_from, p.valid_to))
    return tuple({posting.role: posting for posting in reversed(tuple(held))}.values())[::-1]


def _shared(person: Person, posting: Posting, at: datetime) -> tuple[OrganisationId, ...]:
    """Everywhere somebody is posted in the same role: who is shared is on duty for all of them."""
    day = local_day(at)
    held = (p for p in person.postings if holds(day, p.valid_from, p.valid_to))
    return tuple(dict.fromkeys(p.organisation for p in held if p.role is posting.role))


def _rostered_until(tx: Tx, who: Speaker) -> datetime | None:
    """Until when somebody holds a shift that is under way, by the roster or because they took it over."""
    shifts = tx.rosters.shifts(who.now, who.now + timedelta(microseconds=1))
    overrides = tx.rosters.overrides(who.now, max((s.ends for s in shifts), default=who.now))
    held = mine(parts(shifts, overrides), who.person.id, who.now)
    return max((one.ends for one in held if one.starts <= who.now), default=None)


def _record(tx: Tx, deps: Deps, who: Speaker, posting: Posting, *, on: bool, ends: datetime) -> None:
    own = on and _rostered_until(tx, who) is None
    override = Override(
        id=OverrideId(fresh_id(who.now, deps.entropy)),
        person=who.person.id,
        on_duty=on,
        starts=who.now,
        ends=ends,
        by=who.person.id,
        made=who.now,
        role=posting.role if own else None,
        organisations=_shared(who.person, posting, who.now) if own else (),
    )
    kept = override_to_dict(override)
    tx.rosters.override(override, fact(deps, posting.organisation, "override", who.now, **kept))
