"""What the access policy says of a person and a device, or of an organisation's devices."""

from datetime import datetime

from bot.core.errors import Denied
from bot.core.facts import facts_about, roles_on
from bot.core.ids import OrganisationId
from bot.core.people import Person
from bot.core.policy import Act, decide
from bot.flow.deps import Content


def permit(
    content: Content,
    person: Person,
    act: Act,
    now: datetime,
    *,
    organisation: OrganisationId,
    subject: Person | None = None,
) -> tuple[str, ...]:
    """The ids of the rules that allow it; `subject`: whose device it is. Raises Denied where none does."""
    facts = facts_about(content.structure, person, now, subject=subject, concerns=(organisation,))
    decision = decide(content.policy, roles_on(person, now), act, facts)
    if not decision.allowed:
        raise Denied(" ".join(decision.reasons))
    return decision.rules
