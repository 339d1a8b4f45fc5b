"""Who is on duty, or about to be, and cannot be reached: the roster says that they are there, and no channel does."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.core.chain import ASKABLE
from bot.core.checks import Outcome
from bot.core.ids import OrganisationId, PersonId
from bot.core.in_force import steps_at
from bot.core.matching import asked_organisations
from bot.core.people import Role
from bot.core.places import Organisation, Place
from bot.core.roster import MAX_SHIFT
from bot.flow.ports import Tx
from bot.flow.records_readiness import Check
from bot.flow.situation import attendance

SOON: Final = timedelta(minutes=30)  # before duty begins, its checks count


class Why(StrEnum):
    """Why somebody is not known to be reached. The values are a promise to whoever reads them: add, never rename."""

    NO_CHANNEL = "no_channel"  # nothing rings, and they are signed in nowhere
    NO_ANSWER = "no_answer"  # asked on every channel there is


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreached:
    """One person on duty, or from `starts` on, with the function in which they would be asked."""

    person: PersonId
    role: Role
    organisations: tuple[OrganisationId, ...]
    why: Why
    starts: datetime | None = None  # None: on duty already


def unreached(tx: Tx, now: datetime) -> tuple[Unreached, ...]:
    """Everybody on duty whom nothing reaches, and whoever is about to be and has not answered; by id."""
    there, soon = attendance(tx, now).present, attendance(tx, now + SOON).present
    channels = tx.people.reachable() | tx.people.on_devices(now)
    checks = tx.readiness.last_checks(now - MAX_SHIFT)
    found = []
    for person, duties in sorted({**soon, **there}.items()):
        why = _why(tx, person, person in channels, checks.get(person))
        asked = [duty for duty in duties if duty.role in ASKABLE]
        if why is not None and asked and (person in there or why is Why.NO_ANSWER):
            starts = None if person in there else checks[person].starts
            named = tuple(dict.fromkeys(name for duty in asked for name in duty.organisations))
            found.append(
                Unreached(person=person, role=asked[0].role, organisations=named, why=why, starts=starts)
            )
    return tuple(found)


def of_chain(found: tuple[Unreached, ...], own: Organisation, now: datetime) -> tuple[Unreached, ...]:
    """Those whom the organisation's chain would ask."""
    place = Place(organisation=own, area=None)
    asked = {
        (name, role)
        for step in steps_at(own, now)
        for name in asked_organisations(step, place)
        for role in step.roles
    }
    return tuple(one for one in found if any((name, one.role) in asked for name in one.organisations))


def _why(tx: Tx, person: PersonId, has_channel: bool, check: Check | None) -> Why | None:  # noqa: FBT001 - one fact
    if not has_channel:
        return Why.NO_CHANNEL
    if check is None or check.outcome is not Outcome.FAILED:
        return None
    since = check.told or check.asked
    linked = any(address.linked_at >= since for address in tx.people.addresses(person))
    return None if linked or tx.readiness.shown(person, since) else Why.NO_ANSWER
