"""Records: what happened becomes one ledger entry, the new state and what is to be said, in one transaction."""

import json
from datetime import datetime

from bot.core.bell import next_ring, step_of
from bot.core.codec import consultation_body, instant_to_text
from bot.core.consultation import Consultation, State, step
from bot.core.effects import Effect, Hush, Pass, Ring, Show, Tell
from bot.core.events import Event
from bot.core.ids import OfferId, OrganisationId, PersonId
from bot.core.places import organisation
from bot.core.waking import first_look
from bot.core.waking_policy import plan_of
from bot.flow.deps import Deps, fresh_id
from bot.flow.ports import Tx
from bot.flow.ports_timers import Timer, TimerKind
from bot.flow.records import Entry, Kind, Saying
from bot.flow.shift_watch import watch

SALT = 16  # bytes; a leaf of few possible values cannot be guessed


def happen(
    tx: Tx, deps: Deps, before: Consultation, event: Event, rules: tuple[str, ...] = ()
) -> Consultation:
    """Take one event into the consultation, the ledger and the outbox.

    Raises NotNow, with nothing changed, if the event has no place or somebody was faster.
    """
    after, effects = step(before, event)
    owner = after.organisation or before.organisation or deps.home
    body = consultation_body(after.id, after.version, event, rules, deps.content().digest)
    entry = make_entry(deps, owner, "consultation", body, event.at)
    tx.consultations.save(before, after, entry)
    if after.holder is not None and after.holder != before.holder:
        watch(tx, after.holder, event.at)
    for effect in effects:
        _say(tx, deps, after, effect)
    return after


def make_entry(deps: Deps, organisation: OrganisationId, kind: str, body: bytes, at: datetime) -> Entry:
    """Give a body its salt."""
    return Entry(organisation=organisation, kind=kind, body=body, salt=deps.entropy.draw(SALT), at=at)


def fact(deps: Deps, organisation: OrganisationId, kind: str, at: datetime, **facts: object) -> Entry:
    """Make an entry of plain facts: ids, times and fixed choices, as JSON with sorted keys."""
    told = {**facts, "at": instant_to_text(at)}
    body = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    return make_entry(deps, organisation, kind, body, at)


def reply(tx: Tx, deps: Deps, person: PersonId, channel: str, key: str, **params: str) -> None:
    """Answer somebody on the channel they wrote on, with a text of a fixed key and fixed choices."""
    put(tx, deps, person, channel, Kind.REPLY, key=key, params=params)


def reach(tx: Tx, deps: Deps, person: PersonId, kind: Kind, *, ref: str, key: str = "", seq: int = 0) -> bool:
    """Say something to a person on every channel that reaches them; whether there is any."""
    addresses = tx.people.addresses(person)
    for address in addresses:
        put(tx, deps, person, address.channel, kind, ref=ref, key=key, seq=seq)
    return bool(addresses)


def put(
    tx: Tx,
    deps: Deps,
    person: PersonId | None,
    channel: str,
    kind: Kind,
    *,
    ref: str = "",
    key: str = "",
    seq: int = 0,
    params: dict[str, str] | None = None,
    address: bytes | None = None,
) -> None:
    """Put one saying in the outbox, due now."""
    now = deps.clock.now()
    tx.outbox.put(
        Saying(
            id=fresh_id(now, deps.entropy),
            person=person,
            channel=channel,
            kind=kind,
            ref=ref,
            key=key,
            seq=seq,
            params=params or {},
            address=address,
            due=now,
        )
    )


def _say(tx: Tx, deps: Deps, c: Consultation, effect: Effect) -> None:
    match effect:
        case Ring(person=person, offer=offer):
            rung = reach(tx, deps, person, Kind.RING, ref=offer)
            _look_later(tx, deps, c, offer, rung=rung)
            _ring_later(tx, deps, c, offer)
        case Hush(person=person, offer=offer):
            tx.timers.drop(TimerKind.WAKING, offer)
            tx.timers.drop(TimerKind.RING_AGAIN, offer)
            reach(tx, deps, person, Kind.HUSH, ref=offer)
        case Show() if c.state is State.SEEKING:
            pass  # whatever follows in the same act is shown
        case Show(person=person):
            reach(tx, deps, person, Kind.SHOW, ref=c.id)
        case Tell(person=person, notice=notice):
            reach(tx, deps, person, Kind.TELL, ref=c.id, key=notice)
        case Pass(person=person, seq=seq):
            assert c.room is not None
            reach(tx, deps, person, Kind.CARRY, ref=c.room, seq=seq)


def _look_later(tx: Tx, deps: Deps, c: Consultation, offer: OfferId, *, rung: bool) -> None:
    """Somebody is asked: see in time whether a second channel is needed."""
    assert c.organisation is not None
    plan = plan_of(deps.content().waking, c.organisation)
    due = first_look(plan, deps.clock.now(), rung=rung)
    if due is not None:
        tx.timers.put(Timer(kind=TimerKind.WAKING, ref=offer, due=due))


def _ring_later(tx: Tx, deps: Deps, c: Consultation, ref: OfferId) -> None:
    """Somebody is asked: their doorbell rings again, where the chain says so."""
    assert c.organisation is not None
    offer = next(offer for offer in c.offers if offer.id == ref)
    board = organisation(deps.content().structure, c.organisation)
    due = next_ring(step_of(board, offer), offer, offer.at)
    if due is not None:
        tx.timers.put(Timer(kind=TimerKind.RING_AGAIN, ref=ref, due=due))
