"""Seeds the demo's devices: each organisation's root, the devices of its supervisors, coordinators and curators, the bridge.

All secrets are files in the demo's folder, the roots' too: it shows the form, and protects nothing from its operator.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.content import Content
from bot.core.ids import OrganisationId, PersonId
from bot.core.people import Person, Role
from bot.flow.deps import Deps
from bot.flow.device_directory import publish
from bot.flow.device_introduce import take_introduction
from bot.flow.device_trust import seconds
from bot.flow.devices import add, put_root, settle, take_word
from bot.flow.ports import Tx
from bot.flow.records_devices import Tier
from bot.keyring import read_device, read_signing
from bot.seal.enrolment import (
    Right,
    approve,
    bundle_from_bytes,
    introduce,
    introduction_from_bytes,
    make_bundle,
    root_id,
)
from bot.seal.keys import DeviceSecret
from bot.seal.signing import SigningKey
from bot.seal.symmetric import KEY

BY = "demo"
ROOTS, SUPERVISORS, COORDINATORS = "roots", "supervisors", "coordinators"  # folders of key files
CURATORS = "curators"  # likewise, and of lawyers
RIGHTS = {
    Role.SUPERVISOR: Right.SHARES | Right.APPROVE,
    Role.COORDINATOR: Right.MEMBER | Right.APPROVE,
    Role.POLICE_COORDINATOR: Right.MEMBER | Right.APPROVE,
    Role.CURATOR: Right.MEMBER,
    Role.LAWYER: Right.MEMBER,
}
_FOLDERS = {Role.SUPERVISOR: SUPERVISORS, Role.CURATOR: CURATORS, Role.LAWYER: CURATORS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One device of one person in one organisation, with the secret that the demo keeps for them."""

    organisation: OrganisationId
    person: PersonId
    rights: Right
    secret: DeviceSecret = field(repr=False)


def read_seats(deps: Deps, people: Iterable[Person], folder: Path) -> tuple[Seat, ...]:
    """The devices of everybody who holds shares or approves, their key files made where they are missing."""
    return tuple(_seats(deps, people, folder))


def read_roots(deps: Deps, content: Content, folder: Path) -> dict[OrganisationId, SigningKey]:
    """Every organisation's root, its key file made where it is missing."""
    return {
        organisation: read_signing(folder / ROOTS / f"{organisation}.key", deps.entropy)
        for organisation in content.structure.organisations
    }


def seed_devices(
    tx: Tx, deps: Deps, roots: dict[OrganisationId, SigningKey], seats: tuple[Seat, ...]
) -> None:
    """Make roots, introductions and devices known, those that are missing; publish each directory that has changed."""
    for organisation, root in roots.items():
        put_root(tx, deps, organisation, root.public, by=BY)
    changed = {seat.organisation for seat in seats if _seat(tx, deps, seat, roots[seat.organisation])}
    if _certify(tx, deps, deps.keys.bridge.public.device_id, roots[deps.home]):
        changed.add(deps.home)
    changed |= {organisation for organisation in roots if _introduced(tx, deps, organisation, roots)}
    for organisation in sorted(changed):
        publish(tx, deps, organisation, deps.clock.now())


def _seats(deps: Deps, people: Iterable[Person], folder: Path) -> Iterator[Seat]:
    for person in people:
        for posting in person.postings:
            if posting.role in RIGHTS:
                kind = _FOLDERS.get(posting.role, COORDINATORS)
                file = folder / kind / f"{posting.organisation}--{person.id}.key"
                yield Seat(
                    organisation=posting.organisation,
                    person=person.id,
                    rights=RIGHTS[posting.role],
                    secret=read_device(file, deps.entropy),
                )


def _seat(tx: Tx, deps: Deps, seat: Seat, root: SigningKey) -> bool:
    """Enrol one device, invited and certified by its organisation's operator; whether it was missing."""
    known = tx.devices.get(seat.secret.public.device_id)
    if known is not None and known.bundle:
        return False
    bundle = make_bundle(
        secret=seat.secret,
        organisation=seat.organisation,
        person=seat.person,
        rights=seat.rights,
        inviter=seat.organisation,
        invitation=deps.entropy.draw(KEY),
        made_at=seconds(deps.clock.now()),
    )
    device = add(tx, deps, bundle.content, person=seat.person, tier=Tier.FILE, by=BY)
    return _certify(tx, deps, device.id, root)


def _certify(tx: Tx, deps: Deps, device: bytes, root: SigningKey) -> bool:
    """Have the root vouch for a device; whether it was not yet active."""
    known = tx.devices.get(device)
    if known is None or tx.devices.approvals(device):
        return False
    named = root_id(root.public)
    word = approve(
        bundle=bundle_from_bytes(known.bundle),
        root=named,
        approver=named,
        key=root,
        at=seconds(deps.clock.now()),
    )
    take_word(tx, deps, word.content, device=device, by=BY)
    return settle(tx, deps, device, by=BY)


def _introduced(
    tx: Tx, deps: Deps, organisation: OrganisationId, roots: dict[OrganisationId, SigningKey]
) -> bool:
    """Introduce every other organisation's root; whether any was missing."""
    known = {introduction_from_bytes(content).other for content in tx.devices.introductions(organisation)}
    own, at = roots[organisation], seconds(deps.clock.now())
    missing = [other for other in roots if other != organisation and other not in known]
    for other in missing:
        word = introduce(
            organisation=organisation,
            root=root_id(own.public),
            other=other,
            other_root=roots[other].public,
            approver=root_id(own.public),
            key=own,
            at=at,
        )
        take_introduction(tx, deps, word.content, by=BY)
    return bool(missing)
