"""Invitations with which a visitor makes a browser a device of the demo's officer or worker, and what approves it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bot.app import Samjour
from bot.core.errors import Unavailable
from bot.core.ids import OrganisationId, PersonId
from bot.demo.seed_devices import ROOTS
from bot.flow import device_invite
from bot.flow.ports import Tx
from bot.seal.enrolment import Right

INVITED: Final = {"officer": OrganisationId("polisen"), "worker_1": OrganisationId("malmo")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A link that works once, within a day, and the commands that show and approve the device made with it."""

    link: str = field(repr=False)
    waiting: str
    approve: str


async def invitations(
    samjour: Samjour, folder: Path, people: Mapping[str, PersonId]
) -> dict[str, Invitation]:
    """One invitation by role, for the person of that role. `folder`: the demo's; the roots that vouch lie there."""

    def act(tx: Tx) -> dict[str, Invitation]:
        return {role: _invited(tx, samjour, folder, own, people[role]) for role, own in INVITED.items()}

    return await samjour.deps.store.write(act)


def _invited(
    tx: Tx, samjour: Samjour, folder: Path, organisation: OrganisationId, id_: PersonId
) -> Invitation:
    person = tx.people.get(id_)
    if person is None:
        raise Unavailable("policies/demo.yaml: a demo needs its people")
    made = device_invite.make(
        tx, samjour.deps, person, organisation=organisation, rights=Right.MEMBER, inviter=organisation
    )
    root = folder / ROOTS / f"{organisation}.key"
    return Invitation(
        link=made.link,
        waiting=f"samjour device list --org {organisation}",
        approve=f"samjour organisation certify --root {root} --device DEVICE",
    )
