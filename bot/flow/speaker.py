"""Who is speaking: a person behind an address, with their roles of the day, and what they may do."""

from dataclasses import dataclass
from datetime import datetime

from bot.core.chain import ASKABLE
from bot.core.consultation import Consultation
from bot.core.errors import Denied
from bot.core.facts import facts_about, roles_on
from bot.core.hours import holds, local_day
from bot.core.ids import DistrictId, OfferId, OrganisationId
from bot.core.people import Person, Role
from bot.core.places import District, Kind, Organisation, Structure, districts_at, owner
from bot.core.policy import Act, decide
from bot.flow.deps import Deps
from bot.flow.messages import Inbound
from bot.flow.ports import Tx
from bot.flow.record import reply
from bot.seal.field import lookup
from bot.seal.plain import Plain

EVERYWHERE = "all"  # the region of a district that every officer can choose: another municipality
WORKERS = ASKABLE  # whoever a chain can ask presses on duty, is given talks and sees what they hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """One person, speaking on one channel, now."""

    person: Person
    inbound: Inbound
    language: str
    now: datetime

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held on this day, in any organisation."""
        return roles_on(self.person, self.now)

    @property
    def works(self) -> bool:
        """Whether this person can be rung for duty."""
        return bool(self.roles & WORKERS)


def organisations_of(person: Person, at: datetime) -> tuple[OrganisationId, ...]:
    """The organisations where somebody is posted on that day, in the order of the postings."""
    day = local_day(at)
    named = (p.organisation for p in person.postings if holds(day, p.valid_from, p.valid_to))
    return tuple(dict.fromkeys(named))


def recognise(tx: Tx, deps: Deps, inbound: Inbound) -> Speaker | None:
    """The person behind the address, if it is linked."""
    address = tx.people.by_address(inbound.channel, address_hash(deps, inbound.channel, inbound.address))
    person = tx.people.get(address.person) if address is not None else None
    if address is None or person is None:
        return None
    return Speaker(person=person, inbound=inbound, language=address.language, now=deps.clock.now())


def address_hash(deps: Deps, channel: str, address: str) -> bytes:
    """The keyed hash by which an address is found without being stored in clear."""
    return lookup(deps.keys.fields, channel, Plain(address.encode()))


def answer(tx: Tx, deps: Deps, who: Speaker, key: str, **params: str) -> None:
    """Reply with a message of its own where the speaker spoke."""
    reply(tx, deps, who.person.id, who.inbound.channel, key, **params)


def amend(tx: Tx, deps: Deps, who: Speaker, key: str, **params: str) -> None:
    """Reply by changing the message whose button was pressed: a page that has done its work gives way."""
    if who.inbound.press is not None and who.inbound.reply_to is not None:
        params["replaces"] = who.inbound.reply_to
    answer(tx, deps, who, key, **params)


def may(
    deps: Deps,
    who: Speaker,
    act: Act,
    *,
    consultation: Consultation | None = None,
    offer: OfferId | None = None,
    subject: Person | None = None,
) -> tuple[str, ...]:
    """The ids of the rules that allow the act. Raises Denied where none does."""
    content = deps.content()
    facts = facts_about(
        content.structure, who.person, who.now, consultation=consultation, offer=offer, subject=subject
    )
    decision = decide(content.policy, who.roles, act, facts)
    if not decision.allowed:
        raise Denied(" ".join(decision.reasons))
    return decision.rules


def home_districts(deps: Deps, person: Person, at: datetime) -> tuple[District, ...]:
    """The lokalpolisområden of an officer's own region, those of their posting first; all, if they have none."""
    structure = deps.content().structure
    known, own = districts_at(structure, at), _posted_districts(structure, person)
    regions = {structure.districts[d].region for d in own} or {d.region for d in known}
    shown = (d for d in known if d.region in regions | {EVERYWHERE})
    return tuple(sorted(shown, key=lambda d: (d.id not in own, d.region == EVERYWHERE)))


def home_board(deps: Deps, person: Person, at: datetime) -> Organisation | None:
    """The board whose library and numbers somebody is given before any place is chosen: their own, or the
    owner of the district where an officer is posted; None for an officer who is posted nowhere in particular.
    """
    structure, named = deps.content().structure, organisations_of(person, at)
    boards = [structure.organisations[o] for o in named if o in structure.organisations]
    own = next((o for o in boards if o.kind is not Kind.POLICE), None)
    if own is not None:
        return own
    districts = home_districts(deps, person, at) if _posted_districts(structure, person) else ()
    return owner(structure, districts[0].id, at)[0] if districts else None


def _posted_districts(structure: Structure, person: Person) -> set[DistrictId]:
    """An officer's posting names lokalpolisområden where a worker's names areas of a board."""
    areas = {DistrictId(area) for posting in person.postings for area in posting.areas}
    return areas & structure.districts.keys()
