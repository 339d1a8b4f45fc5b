"""What is true of a person and an act: people, consultations and structure in, the policy's Facts out."""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from bot.core.consultation import Consultation
from bot.core.hours import holds, local_day
from bot.core.ids import OfferId, OrganisationId, PersonId
from bot.core.people import Person, Role, is_cleared
from bot.core.places import Kind, Structure
from bot.core.policy import Facts


def facts_about(
    structure: Structure,
    person: Person,
    at: datetime,
    *,
    consultation: Consultation | None = None,
    offer: OfferId | None = None,
    subject: Person | None = None,
    concerns: Iterable[OrganisationId] = (),
    involved: Collection[PersonId] | None = None,
) -> Facts:
    """Everything that rules may ask about this person and this act at that minute.

    `subject` is the person acted on, as they are or are to be; `concerns` the organisations acted on, by
    default those where the subject is or will be posted. `offer` narrows `consultation` to one offer. `involved`:
    everybody who has had part in the talk concerned; nobody is uninvolved where nobody has looked.
    """
    day = local_day(at)
    posted = _posted(subject, day) if subject else frozenset()
    concerned = frozenset(concerns) or posted
    police = frozenset(o.id for o in structure.organisations.values() if o.kind is Kind.POLICE)
    is_self = subject is not None and subject.id == person.id
    return Facts(
        active=person.active,
        vetted=is_cleared(person, day),
        own_consultation=consultation is not None and consultation.officer == person.id,
        is_holder=consultation is not None and consultation.holder == person.id,
        offered_to_me=consultation is not None and _was_asked(person, consultation, offer),
        own_duty=is_self,
        oneself=is_self,
        somebody_else=subject is not None and not is_self,
        police_person=bool(posted) and posted <= police,
        municipal_person=bool(posted) and not posted & police,
        same_organisation=_roles_where(person, day, concerned, everywhere=True),
        shared_organisation=_roles_where(person, day, concerned, everywhere=False),
        uninvolved=involved is not None and person.id not in involved,
    )


def roles_on(person: Person, at: datetime) -> frozenset[Role]:
    """The roles of the postings that hold on that day, in any organisation."""
    return frozenset(_held(person, local_day(at)))


def _roles_where(
    person: Person, day: date, concerned: frozenset[OrganisationId], *, everywhere: bool
) -> frozenset[Role]:
    """The roles held in all of the organisations, or in any of them; none where no organisation is concerned."""
    if not concerned:
        return frozenset()
    held = _held(person, day)
    if everywhere:
        return frozenset(role for role, where in held.items() if concerned <= where)
    return frozenset(role for role, where in held.items() if concerned & where)


def _held(person: Person, day: date) -> dict[Role, set[OrganisationId]]:
    held: dict[Role, set[OrganisationId]] = {}
    for posting in person.postings:
        if holds(day, posting.valid_from, posting.valid_to):
            held.setdefault(posting.role, set()).add(posting.organisation)
    return held


def _posted(person: Person, day: date) -> frozenset[OrganisationId]:
    """Where somebody is posted or will be: a posting that begins tomorrow is a power given today."""
    return frozenset(p.organisation for p in person.postings if p.valid_to is None or day < p.valid_to)


def _was_asked(person: Person, consultation: Consultation, offer: OfferId | None) -> bool:
    return any(o.person == person.id and offer in (None, o.id) for o in consultation.offers)
