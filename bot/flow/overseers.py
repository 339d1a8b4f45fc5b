"""Tells those who oversee an organisation that somebody on duty cannot be reached: by function and time, never by name."""

from datetime import datetime

from bot.core.hours import holds, local_day
from bot.core.ids import OrganisationId
from bot.core.people import Person, Role
from bot.core.places import organisation
from bot.core.waking import Purpose
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.record import reply
from bot.flow.records_readiness import Check
from bot.flow.times import moment
from bot.flow.waking import What, call_by_any
from bot.flow.words import Words

TOLD = frozenset({Role.COORDINATOR, Role.SUPERVISOR})


def oversees(person: Person, own: OrganisationId, at: datetime) -> bool:
    """Whether somebody is posted there on that day in a role that oversees it."""
    day = local_day(at)
    return person.active and any(
        posting.organisation == own
        and posting.role in TOLD
        and holds(day, posting.valid_from, posting.valid_to)
        for posting in person.postings
    )


def tell_overseers(tx: Tx, deps: Deps, check: Check, key: str) -> None:
    """On every channel that reaches each of them; whoever has none is called, where the organisation allows it."""
    now = deps.clock.now()
    for person in tx.people.posted(check.organisation, TOLD):
        if not oversees(person, check.organisation, now) or person.id == check.person:
            continue
        for address in tx.people.addresses(person.id):
            words = Words(deps.content(), address.language, now)
            reply(tx, deps, person.id, address.channel, key, **told(words, check))
        if not tx.people.addresses(person.id):
            _call(tx, deps, person, check)


def told(words: Words, check: Check) -> dict[str, str]:
    """What a sentence about a check can need: the function, where, and since or from when."""
    own = organisation(words.content.structure, check.organisation)
    return {
        "role": words.say(f"web.role.{check.role}"),
        "organisation": words.label(own.label),
        "starts": moment(words, check.starts),
    }


def _call(tx: Tx, deps: Deps, person: Person, check: Check) -> None:
    what = What(
        purpose=Purpose.SUPERVISOR,
        ref=f"{check.id}/{person.id}",
        organisation=check.organisation,
        until=max(check.until, deps.clock.now()),
    )
    call_by_any(tx, deps, person.id, what)
