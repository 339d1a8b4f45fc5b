"""Enrols people and devices: who can sign in, be rung, hold a share."""

from bot.core.errors import Unavailable
from bot.core.ids import OrganisationId, PersonId
from bot.core.people import Person
from bot.core.roster import Shift
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.flow.records import Device
from bot.flow.rooms import unready
from bot.flow.speaker import organisations_of
from bot.seal.keys import DevicePublic, public_to_bytes


async def register_bridge(deps: Deps) -> None:
    """Make the bridge's device known, once. Raises Unavailable when the rooms are sealed to another one."""
    public = deps.keys.bridge.public

    def act(tx: Tx) -> None:
        known = {device.id for device in tx.people.devices("bridge")}
        if known and public.device_id not in known:
            raise Unavailable(f"the database was made with another bridge key ({known.pop().hex()})")
        if not known:
            put_device(tx, deps, "bridge", deps.home, None, public)

    await deps.store.write(act)


def put_device(
    tx: Tx, deps: Deps, kind: str, organisation: OrganisationId, person: PersonId | None, public: DevicePublic
) -> None:
    """Add a device; the ledger has its id."""
    device = Device(
        id=public.device_id,
        kind=kind,
        organisation=organisation,
        person=person,
        public=public_to_bytes(public),
        active=True,
    )
    tx.people.put_device(device, fact(deps, organisation, "device", deps.clock.now(), act="enrolled"))


def put_person(tx: Tx, deps: Deps, person: Person, by: str) -> None:
    """Add or change a person; recorded in the first organisation where they are posted."""
    now = deps.clock.now()
    home = next(iter(organisations_of(person, now)), deps.home)
    tx.people.put(person, fact(deps, home, "person", now, by=by))


def put_roster(
    tx: Tx, deps: Deps, organisation: OrganisationId, source: str, shifts: tuple[Shift, ...], by: str
) -> None:
    """Put these shifts in the place of all from the same source."""
    tx.rosters.replace(
        organisation, source, shifts, fact(deps, organisation, "roster", deps.clock.now(), by=by)
    )


async def readiness(deps: Deps) -> dict[str, object]:
    """Whether database, content and ledger answer, and which organisations cannot open rooms."""

    def ask(tx: Tx) -> dict[str, object]:
        structure = deps.content().structure
        waiting = [o for o in structure.organisations if unready(tx, deps, o)]
        return {
            "ok": True,
            "database": True,
            "content": deps.content().digest,
            "ledger": {o: tx.ledger.size(o) for o in structure.organisations},
            "not_ready": waiting,
        }

    return await deps.store.read(ask)
