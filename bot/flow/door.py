"""The door: strangers, codes that link an account, and people who have been suspended."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Protocol

from bot.core.ids import PersonId
from bot.core.people import Person
from bot.flow.changed import duty_changed
from bot.flow.deps import Deps, fresh_id
from bot.flow.device_revoke import revoke_all
from bot.flow.enrol import put_person
from bot.flow.messages import Inbound
from bot.flow.opening_ready import keep_openable
from bot.flow.parting import part, takes_part
from bot.flow.ports import Clock, Entropy, Tx
from bot.flow.record import fact, put
from bot.flow.records import Address, Kind, Ticket
from bot.flow.speaker import Speaker, address_hash, organisations_of, recognise
from bot.seal.field import Place, seal_field
from bot.seal.plain import Plain
from bot.seal.symmetric import NONCE

LINK_PURPOSE = "link"
LINK_LIFETIME = timedelta(minutes=10)
CODE = 15  # random bytes: 20 characters of base64url
MAX_CODE = 64  # characters; Telegram's start parameter


class Chance(Protocol):
    """What making a code takes."""

    @property
    def clock(self) -> Clock: ...
    @property
    def entropy(self) -> Entropy: ...


def issue_code(tx: Tx, chance: Chance, person: PersonId) -> str:
    """Make a code that links one account, once, within ten minutes. Only its hash is kept."""
    now = chance.clock.now()
    code = chance.entropy.draw(CODE).hex()
    expires = now + LINK_LIFETIME
    tx.people.issue(Ticket(digest=_digest(code), purpose=LINK_PURPOSE, person=person, expires=expires))
    return code


def link(tx: Tx, deps: Deps, inbound: Inbound, code: Plain, language: str) -> Speaker | None:
    """Link the address to the person whose code it is; None if the code is used, old or unknown.

    An account that was linked to somebody else, and an older account of the same person, give way.
    """
    text = code.reveal().decode()
    if len(text) > MAX_CODE:
        return None
    person_id = tx.people.redeem(_digest(text), LINK_PURPOSE, inbound.at)
    person = tx.people.get(person_id) if person_id is not None else None
    if person is None or not person.active:
        return None
    lookup = address_hash(deps, inbound.channel, inbound.address)
    sealed = seal_address(deps, inbound, lookup.hex())
    home = next(iter(organisations_of(person, inbound.at)), deps.home)
    facts = {"channel": inbound.channel, "person": person.id}
    former = tx.people.by_address(inbound.channel, lookup)
    if former is not None and former.person != person.id:
        unlink(tx, deps, inbound.channel, former.person)
    address = Address(
        channel=inbound.channel,
        lookup=lookup,
        person=person.id,
        sealed=sealed,
        language=language,
        linked_at=inbound.at,
    )
    entry = fact(deps, home, "address", inbound.at, **facts, lookup=lookup.hex(), linked=True)
    tx.people.link(address, entry)
    duty_changed(tx, deps, deps.clock.now(), (person.id,))
    return recognise(tx, deps, inbound)


def leave(tx: Tx, deps: Deps, inbound: Inbound, who: Speaker | None) -> None:
    """Somebody blocked us: they can no longer be rung here, so what was put to them goes on at once."""
    if who is not None:
        unlink(tx, deps, inbound.channel, who.person.id)


def unlink(tx: Tx, deps: Deps, channel: str, person_id: PersonId) -> None:
    """Somebody is no longer reached on a channel; who is reached on none is asked nothing more."""
    now, person = deps.clock.now(), tx.people.get(person_id)
    home = next(iter(organisations_of(person, now)), deps.home) if person is not None else deps.home
    entry = fact(deps, home, "address", now, channel=channel, person=person_id, linked=False)
    tx.people.unlink(channel, person_id, entry)
    duty_changed(tx, deps, now, (person_id,))


def suspend(tx: Tx, deps: Deps, person: Person, by: str) -> None:
    """Suspend somebody: what is under way with them goes on without them at once."""
    change(tx, deps, replace(person, active=False), by=by)


def change(tx: Tx, deps: Deps, person: Person, by: str) -> None:
    """Add a person or change one; what is under way with whoever may no longer take part goes on without them.

    Raises Refused for a supervisor without whom too few could open what their organisation keeps.
    """
    now = deps.clock.now()
    keep_openable(tx, deps, person)
    put_person(tx, deps, person, by=by)
    if not person.active:
        revoke_all(tx, deps, person.id, by=by)
    if not takes_part(person, now):
        part(tx, deps, person.id, now)
    duty_changed(tx, deps, now, (person.id,))


def turn_away(tx: Tx, deps: Deps, inbound: Inbound, key: str) -> None:
    """Answer somebody we do not know, on the address they wrote from."""
    row = fresh_id(inbound.at, deps.entropy)
    sealed = seal_address(deps, inbound, row)
    language = "en" if (inbound.language or "").partition("-")[0] == "en" else "sv"
    params = {"language": language, "row": row}
    put(tx, deps, None, inbound.channel, Kind.REPLY, key=key, params=params, address=sealed)


def seal_address(deps: Deps, inbound: Inbound, row: str) -> bytes:
    """Encrypt an address for its row."""
    place = Place(table=inbound.channel, column="address", row=row)
    nonce = deps.entropy.draw(NONCE)
    return seal_field(deps.keys.fields, place, Plain(inbound.address.encode()), nonce=nonce).content


def _digest(code: str) -> bytes:
    return sha256(code.encode()).digest()
