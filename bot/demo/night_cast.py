"""Who plays in the scripted evening, when, and on which phones."""

from datetime import UTC, datetime

from bot.core.errors import Unavailable
from bot.core.ids import OrganisationId, PersonId
from bot.demo.botapi.phone import Phone
from bot.demo.run import Demo

SATURDAY = datetime(2026, 11, 21, 21, 40, tzinfo=UTC)  # 22.40 in Malmö: the hour of the greatest need
POLICE, MALMO = OrganisationId("polisen"), OrganisationId("malmo")
OFFICER = PersonId("p-polis-malmo-1")
EVENING_1, EVENING_2 = PersonId("p-malmo-kvall-1"), PersonId("p-malmo-kvall-2")
JOUR_1, JOUR_2 = PersonId("p-sj-malmo-3"), PersonId("p-sj-malmo-4")
OUTREACH = PersonId("p-malmo-falt-1")
POLICE_COORDINATOR, POLICE_CHIEF = PersonId("p-polis-samordnare"), PersonId("p-polis-chef-1")
COORDINATOR = PersonId("p-malmo-samordnare")
SUPERVISORS = tuple(PersonId(f"p-malmo-chef-{n}") for n in (1, 2, 3))


def phone_of(shown: Demo, person: PersonId) -> Phone:
    """Somebody's phone. Raises Unavailable where the demo's people are others."""
    phone = shown.phones.get(person)
    if phone is None:
        raise Unavailable("the demo has no phone for one of the evening's people")
    return phone
