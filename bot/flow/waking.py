"""Wakes a person by telephone when no doorbell was heard, and records what was done and what came of it.

Beneath it stand offers (`waking_offers`) and whatever else people are woken for; what follows when a call comes to
nothing is theirs (`called`).
"""

from dataclasses import dataclass
from datetime import datetime

from bot.core import waking
from bot.core.codec import instant_to_text
from bot.core.consultation import Consultation
from bot.core.ids import ConsultationId, OfferId, OrganisationId, PersonId
from bot.core.people import Person
from bot.core.waking import Did, Means, Purpose, Ring
from bot.core.waking_policy import allows
from bot.flow.deps import Deps, fresh_id
from bot.flow.ports import Tx
from bot.flow.record import fact, put
from bot.flow.records import Kind, Saying
from bot.seal.field import lookup
from bot.seal.plain import Plain

KIND = "ring"  # of ledger entries


@dataclass(frozen=True, slots=True, kw_only=True)
class What:
    """What somebody is woken for. `ref` names it; `until`: after that nobody needs to be woken for it any more."""

    purpose: Purpose
    ref: str
    organisation: OrganisationId  # on whose behalf: it has decided on the means, and pays
    until: datetime
    consultation: ConsultationId | None = None


def wake_person(tx: Tx, deps: Deps, person: PersonId, means: Means, what: What) -> Did:
    """Call somebody's telephone by SMS or voice, with a fixed sentence; returns CALLED, or why not, recorded both ways.

    What comes of it is told later, in rings of `what.ref`: TAKEN, DELIVERED, REFUSED, FAILED.
    """
    found = tx.people.get(person)
    did = _kept_from(tx, deps, found, means, what) or Did.CALLED
    ring = note(tx, deps, what, person=person, means=means, did=did)
    if did is Did.CALLED:
        params = {"about": what.ref, "until": instant_to_text(what.until)}
        put(tx, deps, person, means, Kind.CALL_OUT, ref=ring.id, key=what.purpose, params=params)
    return did


def call_by_any(tx: Tx, deps: Deps, person: PersonId, what: What) -> bool:
    """Call by the first telephone channel that was not tried for this and takes it; whether there was one."""
    tried = {ring.means for ring in tx.rings.of(what.ref)}
    left = (means for means in waking.TELEPHONE if means not in tried)
    return any(wake_person(tx, deps, person, means, what) is Did.CALLED for means in left)


def what_of(call: Ring) -> What:
    """What a call was for; within the hour in which it was made."""
    return What(
        purpose=call.purpose,
        ref=call.ref,
        organisation=call.organisation,
        until=call.at + waking.HOUR,
        consultation=call.consultation,
    )


def seen(tx: Tx, deps: Deps, what: What, person: PersonId, means: Means) -> None:
    """Somebody has looked: no second channel is tried for it any more. Harmless the second time."""
    if not any(ring.did is Did.SEEN for ring in tx.rings.of(what.ref)):
        note(tx, deps, what, person=person, means=means, did=Did.SEEN)


def note(tx: Tx, deps: Deps, what: What, *, person: PersonId, means: Means, did: Did, of: str = "") -> Ring:
    """Keep one ring, on the ledger of the organisation it was done for."""
    now = deps.clock.now()
    ring = Ring(
        id=fresh_id(now, deps.entropy),
        purpose=what.purpose,
        ref=what.ref,
        number=len(tx.rings.of(what.ref)) + 1,
        person=person,
        organisation=what.organisation,
        consultation=what.consultation,
        means=means,
        did=did,
        at=now,
        of=of,
    )
    told = {name: value for name, value in waking.told(ring).items() if name != "at"}
    tx.rings.put(ring, fact(deps, what.organisation, KIND, now, **told))
    return ring


def came_of(tx: Tx, deps: Deps, call: Ring, did: Did) -> bool:
    """Keep what came of a call; False, with nothing kept, if that is known."""
    if any(ring.of == call.id and ring.did is did for ring in tx.rings.of(call.ref)):
        return False
    note(tx, deps, what_of(call), person=call.person, means=call.means, did=did, of=call.id)
    return True


def is_wanted(tx: Tx, saying: Saying, now: datetime) -> bool:
    """Whether a call that stands in the outbox is still to be made: it is not too late, and nobody has looked."""
    call = tx.rings.get(saying.ref)
    if call is None or now > datetime.fromisoformat(saying.params["until"]):
        return False
    if call.purpose is Purpose.OFFER and not _is_pending(tx, OfferId(call.ref)):
        return False
    return not any(ring.did is Did.SEEN for ring in tx.rings.of(call.ref))


def being_called(tx: Tx, c: Consultation) -> Means | None:
    """By which second channel somebody who is asked is being called just now; None: nobody is."""
    tried = (waking.trying(tx.rings.of(offer.id)) for offer in c.pending)
    return next((means for means in tried if means is not None), None)


def proof(deps: Deps, ring: str) -> str:
    """What a report about a call must show in its address, 64 hex digits: nobody can tell of calls that we did not make."""
    return lookup(deps.keys.fields, "ring-report", Plain(ring.encode())).hex()


def report_url(deps: Deps, ring: str) -> str:
    """Where the gateway tells what became of a call."""
    return f"{deps.base_url}/gateway/{ring}/{proof(deps, ring)}"


def _is_pending(tx: Tx, offer: OfferId) -> bool:
    c = tx.consultations.by_offer(offer)
    return c is not None and any(one.id == offer for one in c.pending)


def _kept_from(tx: Tx, deps: Deps, person: Person | None, means: Means, what: What) -> Did | None:
    now = deps.clock.now()
    if not allows(deps.content().waking, what.organisation, means):
        return Did.NOT_ALLOWED
    if means not in deps.means:
        return Did.NO_GATEWAY
    if person is None or not person.active or waking.dialled(person.phone) is None:
        return Did.NO_PHONE
    since = now - waking.HOUR
    recent = tx.rings.calls_to(person.id, since)
    own_bound = what.purpose is Purpose.GRAVE  # so many notices an hour, so many people on a list
    made = 0 if own_bound else tx.rings.calls_by(what.organisation, since)
    return waking.kept_from(means, recent, made, now)
