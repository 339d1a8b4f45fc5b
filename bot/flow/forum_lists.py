"""Forums' lists: who is told of a grave event, kept by the coordinator of the authority whose forum it is."""

from datetime import datetime
from typing import Final

from bot.core.errors import BadInput, Denied, NotNow
from bot.core.facts import facts_about, roles_on
from bot.core.graves import MOST_CONTACTS, forum_on
from bot.core.hours import local_day
from bot.core.ids import OrganisationId, PersonId
from bot.core.places import Organisation
from bot.core.policy import Act, decide
from bot.core.referrals import EntryId, Forum
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.flow.records_graves import Listed
from bot.flow.speaker import Speaker

KIND: Final = "forum"


def listed_at(tx: Tx, forum: EntryId, at: datetime) -> tuple[PersonId, ...]:
    """Who is on a forum's list at an instant and may be told anything then, in the order of their ids.

    Nothing is told to whoever is suspended, or posted nowhere on that day.
    """
    named = (
        one.person
        for one in tx.graves.listed(forum)
        if one.since <= at and (one.until is None or at < one.until)
    )
    known = (tx.people.get(person) for person in named)
    return tuple(one.id for one in known if one is not None and one.active and roles_on(one, at))


def put_on(tx: Tx, deps: Deps, forum: EntryId, person: PersonId, by: str) -> None:
    """Put somebody on the list; harmless when they are. Raises BadInput, or NotNow when the list is full."""
    now, own = deps.clock.now(), owner_of(deps, forum)[0].id
    found, there = tx.people.get(person), listed_at(tx, forum, now)
    if found is None or not found.active or not roles_on(found, now):
        raise BadInput("person: there is no such person, or they are suspended or posted nowhere today")
    if person in there:
        return
    if len(there) >= MOST_CONTACTS:
        raise NotNow("there are as many on the list as it holds")
    listed = Listed(forum=forum, person=person, organisation=own, since=now)
    tx.graves.put_listed(listed, fact(deps, own, KIND, now, by=by, act="added"))


def take_off(tx: Tx, deps: Deps, forum: EntryId, person: PersonId, by: str) -> None:
    """Take somebody off the list; harmless when they are not on it."""
    now, own = deps.clock.now(), owner_of(deps, forum)[0].id
    known = next((one for one in tx.graves.listed(forum) if one.person == person and one.until is None), None)
    if known is not None:
        ended = Listed(
            forum=forum, person=person, organisation=own, since=known.since, until=max(now, known.since)
        )
        tx.graves.put_listed(ended, fact(deps, own, KIND, now, by=by, act="removed"))


def owner_of(deps: Deps, named: str) -> tuple[Organisation, Forum]:
    """A forum that exists today, with whose it is. Raises BadInput."""
    found = forum_on(deps.content().structure, named, local_day(deps.clock.now()))
    if found is None:
        raise BadInput("forum: there is no forum with that id today")
    return found


def may_keep(deps: Deps, who: Speaker, own: OrganisationId) -> tuple[str, ...]:
    """The ids of the rules that let somebody keep the lists of an organisation. Raises Denied."""
    content = deps.content()
    facts = facts_about(content.structure, who.person, who.now, concerns=(own,))
    decision = decide(content.policy, who.roles, Act.FORUM_KEEP, facts)
    if not decision.allowed:
        raise Denied(" ".join(decision.reasons))
    return decision.rules
