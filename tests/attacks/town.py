"""A whole server on loopback, with the demo's people and certified coordinators, and devices that come and go."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from aiohttp import web

from bot.app import Samjour, build
from bot.client.api import Api, opened
from bot.client.device import PythonDevice, enrol, give_word, sign_in, waiting
from bot.client.files import Known
from bot.client.link import Invite, read_link
from bot.content import Content
from bot.core.ids import OrganisationId, PersonId
from bot.demo.clock import ScriptedClock
from bot.demo.run import free_port
from bot.demo.seed import seed
from bot.flow import device_invite, door
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.records_devices import Device
from bot.flow.sign_in import issue_link
from bot.flow.upkeep import origin, signers
from bot.flow.verify import verify
from bot.keyring import read_device, read_signing
from bot.seal.directory import Member, Verified
from bot.seal.enrolment import Bundle, Right, bundle_from_bytes
from bot.seal.signing import SigningKey
from bot.seal.trust import Pins
from bot.settings import Settings
from tests.flow.flow_world import NIGHT

MALMO, POLISEN = OrganisationId("malmo"), OrganisationId("polisen")
COORDINATOR, CHIEF_1, CHIEF_2, CHIEF_3 = (
    "p-malmo-samordnare",
    "p-malmo-chef-1",
    "p-malmo-chef-2",
    "p-malmo-chef-3",
)
WORKER, WORKER_2, JOUR, OFFICER = "p-malmo-kvall-1", "p-malmo-kvall-2", "p-sj-malmo-3", "p-polis-malmo-1"
SECOND = timedelta(seconds=1)


@dataclass(slots=True)
class At:
    """A device, and the session it holds with the server."""

    device: PythonDevice
    api: Api

    @property
    def id(self) -> str:
        """As paths name it."""
        return self.device.id.hex()


@dataclass(slots=True)
class Town:
    """The server, and everybody at their devices."""

    samjour: Samjour
    clock: ScriptedClock
    folder: Path
    stack: AsyncExitStack
    made: int = 0
    here: dict[str, At] = field(default_factory=dict)

    @property
    def deps(self) -> Deps:
        return self.samjour.deps

    @property
    def now(self) -> int:
        """Seconds since 1970."""
        return int(self.clock.now().timestamp())

    def root(self, organisation: OrganisationId = MALMO) -> SigningKey:
        """The organisation's root, out of its safe."""
        return read_signing(self.folder / "roots" / f"{organisation}.key", self.deps.entropy)

    async def read_device(self, device: bytes) -> Device:
        """As the server has it."""
        found = await self.deps.store.read(lambda tx: tx.devices.get(device))
        assert found is not None
        return found

    async def session(self, person: str) -> Api:
        """Somebody signed in by a link, without a device."""
        api = await self.browser()
        link = await issue_link(self.deps, PersonId(person))
        await api.post("/api/v1/sessions", {"token": link.partition("#")[2]})
        return api

    async def browser(self) -> Api:
        """Nobody yet."""
        return await self.stack.enter_async_context(opened(self.deps.base_url))

    async def seated(self, person: str, organisation: OrganisationId = MALMO) -> At:
        """A supervisor or coordinator at the device that the demo certified."""
        if person not in self.here:
            kind = "coordinators" if "samordnare" in person else "supervisors"
            secret = read_device(self.folder / kind / f"{organisation}--{person}.key", self.deps.entropy)
            pins = self.pins(organisation)
            known = Known(
                origin=self.deps.base_url,
                organisation=organisation,
                person=person,
                pins={organisation: pins},
            )
            folder = self.folder / "clients" / person
            device = PythonDevice(folder=folder, secret=secret, known=known)
            api = await self.browser()
            await sign_in(api, device)
            self.here[person] = At(device, api)
        return self.here[person]

    def pins(self, organisation: OrganisationId = MALMO) -> Pins:
        """What an honest invitation pins."""
        return Pins(
            organisation=organisation,
            root=self.root(organisation).public,
            origin=origin(self.deps.base_url, organisation),
            ledger=self.deps.keys.ledger.public,
        )

    async def invited(
        self,
        person: str,
        rights: int = Right.MEMBER,
        *,
        by: str | None = COORDINATOR,
        organisation: OrganisationId = MALMO,
    ) -> Invite:
        """An invitation by a coordinator over HTTP, or by the operator."""
        if by is None:
            return read_link(await self._operator_invites(person, rights, organisation))
        api = (await self.seated(by)).api if by == COORDINATOR else await self.session(by)
        path = f"/api/v1/organisations/{organisation}/invitations"
        told = await api.post(path, {"person": person, "rights": int(rights)})
        return read_link(str(told["link"]))

    async def enrolled(self, person: str, rights: int = Right.MEMBER, *, by: str | None = COORDINATOR) -> At:
        """A new device that waits for approval."""
        api, self.made = await self.browser(), self.made + 1
        folder = self.folder / "clients" / f"{person}-{self.made}"
        invite = await self.invited(person, rights, by=by)
        entropy = self.deps.entropy.draw(64)
        return At(await enrol(api, invite, folder, entropy=entropy), api)

    async def active(self, person: str, rights: int = Right.MEMBER, *, by: str | None = COORDINATOR) -> At:
        """A new device, approved by chiefs and signed in."""
        at = await self.enrolled(person, rights, by=by)
        others = [chief for chief in (CHIEF_1, CHIEF_2, CHIEF_3) if chief != person]
        for chief in others[: 1 if rights == Right.MEMBER else 2]:
            await self.approve(chief, at)
        await sign_in(at.api, at.device)
        return at

    async def approve(self, approver: str, at: At, *, time: int | None = None) -> str:
        """Somebody at their device approves; the state that comes of it."""
        giver = await self.seated(approver)
        bundle = await self.bundle(at)
        told = await give_word(giver.api, giver.device, bundle, at=self.now if time is None else time)
        return str(told["state"])

    async def bundle(self, at: At) -> Bundle:
        """The bundle of a device, as the server has it."""
        return bundle_from_bytes((await self.read_device(at.device.id)).bundle)

    async def shown(self, approver: str) -> list[Bundle]:
        """What waits for approval."""
        giver = await self.seated(approver)
        return await waiting(giver.api, MALMO)

    async def verified(self) -> str:
        """What `ledger verify` says."""
        found = await self.deps.store.read(lambda tx: verify(tx, signers(self.deps)))
        return "\n".join(f"{fault.where}: {fault.what}" for fault in found.faults)

    async def change(self, person: str, **what: object) -> None:
        """Somebody's facts change, unnoticed by anything else."""

        def act(tx: Tx) -> None:
            found = tx.people.get(PersonId(person))
            assert found is not None
            door.change(tx, self.deps, replace(found, **what), by="test")  # type: ignore[arg-type]

        await self.deps.store.write(act)

    async def _operator_invites(self, person: str, rights: int, organisation: OrganisationId) -> str:
        def act(tx: Tx) -> str:
            subject = tx.people.get(PersonId(person))
            assert subject is not None
            return device_invite.make(
                tx, self.deps, subject, organisation=organisation, rights=rights, inviter=organisation
            ).link

        return await self.deps.store.write(act)


def member_of(verified: Verified, at: At) -> Member | None:
    """A device in a directory."""
    return verified.members.get(at.device.id)


@asynccontextmanager
async def serving(folder: Path, content: Content, *, seeded: bool = True) -> AsyncIterator[Town]:
    """Start the server in `folder`."""
    clock, port = ScriptedClock(NIGHT), free_port()
    settings = replace(
        Settings(),
        database_url=f"sqlite+aiosqlite:///{folder / 'samjour.db'}",
        base_url=f"http://localhost:{port}",
        keys_dir=folder / "keys",
    )
    async with AsyncExitStack() as stack:
        samjour = await stack.enter_async_context(build(settings, lambda: content, clock=clock))
        if seeded:
            await seed(samjour.deps, content, folder / "supervisors")
        runner = web.AppRunner(samjour.pages, access_log=None)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "localhost", port).start()
        yield Town(samjour, clock, folder, stack)
