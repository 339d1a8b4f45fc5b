"""Enrols people, rosters and the bridge: who can sign in, be rung, stand for somebody."""

from bot.core.errors import Unavailable
from bot.core.ids import OrganisationId
from bot.core.people import Person
from bot.core.roster import Shift
from bot.flow.changed import duty_changed, turned
from bot.flow.deps import Deps
from bot.flow.device_trust import seconds
from bot.flow.devices import add
from bot.flow.escrows import unready
from bot.flow.opening_ready import safety
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.flow.records_devices import Tier
from bot.flow.shift_follow import Place, follow_all, keep_followed
from bot.flow.situation import attendance
from bot.flow.speaker import organisations_of
from bot.seal.enrolment import Right, make_bundle
from bot.seal.symmetric import KEY

BRIDGE = "bridge"  # the person that a bridge's bundle names


async def register_bridge(deps: Deps) -> None:
    """Make the bridge's device known, once. Raises Unavailable when the rooms are sealed to another one."""
    bridge = deps.keys.bridge

    def act(tx: Tx) -> None:
        known = {d.id: d for d in tx.devices.of_organisation(deps.home) if d.rights == Right.BRIDGE}
        if known and bridge.public.device_id not in known:
            raise Unavailable(f"the database was made with another bridge key ({known.popitem()[0].hex()})")
        if not known or not known[bridge.public.device_id].bundle:
            add(tx, deps, _bundle_of_bridge(deps), person=None, tier=Tier.SERVER, by=BRIDGE)

    await deps.store.write(act)


def _bundle_of_bridge(deps: Deps) -> bytes:
    """The bridge invites itself: nobody believes it before the root, or two approvers, have vouched for it."""
    bundle = make_bundle(
        secret=deps.keys.bridge,
        organisation=deps.home,
        person=BRIDGE,
        rights=Right.BRIDGE,
        inviter=deps.home,
        invitation=deps.entropy.draw(KEY),
        made_at=seconds(deps.clock.now()),
    )
    return bundle.content


def put_person(tx: Tx, deps: Deps, person: Person, by: str) -> None:
    """Add or change a person; recorded in the first organisation where they are posted."""
    now = deps.clock.now()
    home = next(iter(organisations_of(person, now)), deps.home)
    tx.people.put(person, fact(deps, home, "person", now, by=by))
    deps.gates.forget()


def put_roster(
    tx: Tx, deps: Deps, organisation: OrganisationId, source: str, shifts: tuple[Shift, ...], by: str
) -> None:
    """Put these shifts in the place of all from the same source; who is on duty now by them is asked, or no longer."""
    now = deps.clock.now()
    before, place = attendance(tx, now), Place(organisation=organisation, source=source, now=now)
    followed = follow_all(tx, place, shifts)
    tx.rosters.replace(organisation, source, shifts, fact(deps, organisation, "roster", now, by=by))
    keep_followed(tx, deps, place, followed, by)
    duty_changed(tx, deps, now, turned(before, attendance(tx, now)))


async def readiness(deps: Deps) -> dict[str, object]:
    """Whether database, content and ledger answer, which organisations cannot open rooms, how safely keys are kept."""

    def ask(tx: Tx) -> dict[str, object]:
        structure = deps.content().structure
        waiting = [o for o in structure.organisations if unready(tx, deps, o)]
        return {
            "ok": True,
            "database": True,
            "content": deps.content().digest,
            "ledger": {o: tx.ledger.size(o) for o in structure.organisations},
            "not_ready": waiting,
            "keys": {o.id: safety(tx, deps, o).plain() for o in structure.organisations.values()},
        }

    return await deps.store.read(ask)
