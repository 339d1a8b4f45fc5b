"""The whole app on a port of this machine, with Malmö's people, for browsers and Python devices side by side."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from bot import content as files
from bot.app import Samjour, build, running
from bot.client import device as client
from bot.client.api import Api, opened
from bot.client.device import PythonDevice
from bot.client.files import Known, write_key, write_known
from bot.client.link import read_link
from bot.content import Content
from bot.core.ids import OrganisationId, PersonId
from bot.core.people_file import PeopleFile
from bot.demo.clock import ScriptedClock
from bot.demo.run import free_port
from bot.demo.seed import seed
from bot.flow import device_invite, device_revoke, devices, door
from bot.flow.deps import Deps
from bot.flow.device_trust import read_bundle, seconds
from bot.flow.messages import Inbound
from bot.flow.ports import Tx
from bot.flow.sign_in import issue_link
from bot.flow.upkeep import origin
from bot.keyring import read_device, read_signing
from bot.seal.enrolment import Right, approve, root_id
from bot.seal.keys import DeviceSecret
from bot.seal.plain import Plain
from bot.seal.signing import SigningKey
from bot.seal.trust import Pins
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
PEOPLE = ("p-polis-malmo-", "p-polis-chef-", "p-malmo-", "p-sj-malmo-")
NIGHT = datetime(2026, 11, 21, 21, 40, tzinfo=UTC)  # Saturday 22.40 in Malmö
MALMO, POLICE = OrganisationId("malmo"), OrganisationId("polisen")
OFFICER, EVENING, EVENING_2 = (
    PersonId(f"p-{name}") for name in ("polis-malmo-1", "malmo-kvall-1", "malmo-kvall-2")
)
CHIEFS = tuple(PersonId(f"p-malmo-chef-{n}") for n in (1, 2, 3))


def malmo_content() -> Content:
    """The real files with Malmö's people alone: there is less to seed."""
    content = files.read(ROOT)
    assert content.demo is not None
    people = tuple(person for person in content.demo.people if person.id.startswith(PEOPLE))
    known = {person.id for person in people}
    weekly = tuple(rule for rule in content.demo.weekly if rule.person in known)
    return replace(content, demo=PeopleFile(people=people, weekly=weekly))


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A running Samjour, and what a test may do as its operator."""

    samjour: Samjour
    clock: ScriptedClock
    folder: Path
    address: str

    @property
    def deps(self) -> Deps:
        return self.samjour.deps

    async def invite(
        self, person: PersonId, rights: int = Right.MEMBER, organisation: OrganisationId = POLICE
    ) -> str:
        """A link by which somebody enrols a device, made by the organisation's operator."""

        def act(tx: Tx) -> str:
            subject = tx.people.get(person)
            assert subject is not None
            made = device_invite.make(
                tx, self.deps, subject, organisation=organisation, rights=rights, inviter=organisation
            )
            return made.link

        return await self.deps.store.write(act)

    async def certify(self, device: bytes) -> None:
        """Have the organisation's root vouch for a device."""

        def act(tx: Tx) -> None:
            known = tx.devices.get(device)
            assert known is not None
            root = self.root(known.organisation)
            word = approve(
                bundle=read_bundle(known),
                root=root_id(root.public),
                approver=root_id(root.public),
                key=root,
                at=seconds(self.clock.now()),
            )
            devices.approve(tx, self.deps, word.content, device=device, by="operator")

        await self.deps.store.write(act)

    async def revoke(self, device: bytes) -> None:
        """Revoke a device from the command line."""
        await self.deps.store.write(lambda tx: device_revoke.revoke(tx, self.deps, device, by="operator"))

    async def link(self, *people: PersonId) -> None:
        """Link somebody's account on Telegram: who cannot be rung is asked by nobody. Nothing is sent there."""

        def act(tx: Tx) -> None:
            for person in people:
                inbound = Inbound(
                    channel="telegram", address=f"of-{person}", native_id=person, at=self.clock.now()
                )
                assert door.link(
                    tx, self.deps, inbound, Plain(door.issue_code(tx, self.deps, person).encode()), "sv"
                )

        await self.deps.store.write(act)

    async def sign_in_link(self, person: PersonId) -> str:
        """A sign-in link."""
        return await issue_link(self.deps, person)

    async def devices_of(self, person: PersonId) -> list[tuple[bytes, str, str]]:
        """Id, state and tier of somebody's devices."""
        found = await self.deps.store.read(lambda tx: tx.devices.of_person(person))
        return [(device.id, device.state.value, device.tier.value) for device in found]

    def root(self, organisation: OrganisationId) -> SigningKey:
        """An organisation's root, from its file."""
        return read_signing(self.folder / "roots" / f"{organisation}.key", self.deps.entropy)

    def supervisor_key(self, person: PersonId, organisation: OrganisationId = MALMO) -> DeviceSecret:
        """The key of a supervisor's device, from its file."""
        return read_device(self.folder / "supervisors" / f"{organisation}--{person}.key", self.deps.entropy)


async def lay_out(folder: Path, content: Content) -> Path:
    """Seed a folder without serving: a copy of it is a night that can begin at once."""
    async with build(_settings(folder, 0), lambda: content, clock=ScriptedClock(NIGHT)) as samjour:
        await seed(samjour.deps, content, folder / "supervisors")
    return folder


@asynccontextmanager
async def whole(folder: Path, content: Content) -> AsyncIterator[Whole]:
    """Run it in a folder that was laid out; its clock stands still until the test moves it."""
    clock, port = ScriptedClock(NIGHT), free_port()
    async with (
        build(_settings(folder, port), lambda: content, clock=clock) as samjour,
        running(samjour, host="127.0.0.1", port=port),
    ):
        yield Whole(samjour=samjour, clock=clock, folder=folder, address=f"http://localhost:{port}")


def _settings(folder: Path, port: int) -> Settings:
    return replace(
        Settings(),
        database_url=f"sqlite+aiosqlite:///{folder / 'samjour.db'}",
        base_url=f"http://localhost:{port}",
        keys_dir=folder / "keys",
    )


@asynccontextmanager
async def python_device(
    site: Whole, person: PersonId, organisation: OrganisationId = POLICE
) -> AsyncIterator[tuple[Api, PythonDevice]]:
    """A device of somebody's in Python, enrolled, certified and signed in."""
    link = await site.invite(person, organisation=organisation)
    async with opened(site.address) as api:
        folder = site.folder / "python" / f"{person}-{len(await site.devices_of(person))}"
        device = await client.enrol(api, read_link(link), folder, entropy=site.deps.entropy.draw(64))
        await site.certify(device.id)
        await client.sign_in(api, device)
        yield api, device


def supervisor_files(
    site: Whole, person: PersonId, organisation: OrganisationId = MALMO
) -> tuple[Path, Path]:
    """The two files with which a supervisor opens from a terminal: the seeded key, and what they were told to pin."""
    folder = site.folder / "terminals"
    key, pins = folder / f"{person}.key", folder / f"{person}.pins"
    if not key.exists():
        first = Pins(
            organisation=organisation,
            root=site.root(organisation).public,
            origin=origin(site.address, organisation),
            ledger=site.deps.keys.ledger.public,
        )
        known = Known(
            origin=site.address, organisation=organisation, person=person, pins={organisation: first}
        )
        write_key(key, site.supervisor_key(person, organisation))
        write_known(pins, known)
    return key, pins
