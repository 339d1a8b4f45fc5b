"""Readiness: whether an organisation's supervisors can open what it keeps, and who may not leave before handing on."""

from dataclasses import dataclass
from typing import Final

from bot.core.ids import OrganisationId, PersonId
from bot.core.people import Person
from bot.core.places import Organisation
from bot.flow.deps import Deps
from bot.flow.opening_people import holds_seats, living
from bot.flow.ports import Tx
from bot.flow.records_openings import Keeping, Place
from bot.flow.refusals import Code, Refused

MOST_BEHIND: Final = 50  # epochs named; the others follow when these are dealt again
_TOLD = (
    "without that supervisor too few could open what the organisation keeps: let them hand their seats on, or the "
    "others deal the keys again, first; a lost device is revoked all the same"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Having:
    """A supervisor's device, and of how many epochs it has a share."""

    person: PersonId
    device: bytes
    epochs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Safety:
    """How safely an organisation keeps its keys. `alarm`: fewer supervisors than it should have, or seats unheld.

    `behind`: the first of the epochs whose seats are not all held, as after a re-deal that left them out.
    """

    organisation: OrganisationId
    enrolled: int  # people who can hold a seat
    needed: int
    of: int
    keeping: Keeping
    devices: tuple[Having, ...]
    behind: tuple[Place, ...] = ()

    @property
    def alarm(self) -> bool:
        """Whether somebody must act."""
        return self.enrolled < self.of or self.keeping.thin > 0

    def plain(self) -> dict[str, object]:
        """As a health check tells it: counts alone."""
        return {
            "enrolled": self.enrolled,
            "needed": self.needed,
            "of": self.of,
            "epochs": self.keeping.epochs,
            "thin": self.keeping.thin,
            "lost": self.keeping.lost,
            "alarm": self.alarm,
        }


def safety(tx: Tx, deps: Deps, organisation: Organisation) -> Safety:
    """How safely its keys are kept now."""
    people, counts = living(tx, deps, organisation.id), tx.seats.count(organisation.id)
    devices = [(person, device.id) for person, owned in people.items() for device in owned]
    ids = [device for _, device in devices]
    return Safety(
        organisation=organisation.id,
        enrolled=len(people),
        needed=organisation.escrow.needed,
        of=organisation.escrow.of,
        keeping=tx.seats.keeping(organisation.id, ids),
        behind=tx.seats.behind(organisation.id, ids, MOST_BEHIND),
        devices=tuple(
            Having(person=person, device=device, epochs=counts.get(device, 0)) for person, device in devices
        ),
    )


def keep_openable(tx: Tx, deps: Deps, after: Person) -> None:
    """Refuse a change that would leave an organisation with too few who can open what it keeps.

    Raises Refused when somebody is to lose a seat's right and fewer than t supervisors would remain, or epochs
    that can be opened now could not any more: their seats are handed on, or dealt again, first. t is never lowered.
    A lost device is revoked all the same, and the alarm stands.
    """
    now = deps.clock.now()
    for organisation in _held_in(tx, after.id):
        people = living(tx, deps, organisation)
        if after.id not in people or holds_seats(deps.content(), after, organisation, now):
            continue
        needed = deps.content().structure.organisations[organisation].escrow.needed
        all_ = [device.id for owned in people.values() for device in owned]
        own = [device.id for device in people[after.id]]
        too_few = len(people) - 1 < needed and tx.seats.count(organisation)
        if too_few or tx.seats.losing(organisation, all_, own):
            raise Refused(Code.LAST_HOLDERS, told=_TOLD)


def _held_in(tx: Tx, person: PersonId) -> tuple[OrganisationId, ...]:
    return tuple(sorted({device.organisation for device in tx.devices.of_person(person)}))
