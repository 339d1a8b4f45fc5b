"""People, their addresses and ways in."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.core import people as core
from bot.core.codec import object_from_json, to_json
from bot.core.ids import OrganisationId, PersonId
from bot.core.people import Person, Role
from bot.flow.records import Address, Entry, Session, Ticket
from bot.seal.plain import Sealed
from bot.store.cipher import FieldCipher
from bot.store.facts import Facts, address_fact, person_fact
from bot.store.known import known
from bot.store.tables import addresses, people, sessions, tickets

OpenPerson = Callable[[PersonId, bytes, bytes | None, bytes], Person]
_Row = Row[Any]  # SQLAlchemy types a row's columns no closer

_PUT = upsert(people)
_PUT = _PUT.on_conflict_do_update(
    index_elements=[people.c.id],
    set_={name: _PUT.excluded[name] for name in ("name", "phone", "facts")},
)
_ALL = select(people).order_by(people.c.id)
_GET = select(people).where(people.c.id == bindparam("of"))

# In the facts as `to_json` writes them; that somebody is who is meant is seen when the row is opened.
_MENTIONED = select(people).where(func.instr(people.c.facts, bindparam("where")) > 0)

_LINKED = select(addresses).where(
    addresses.c.channel == bindparam("on"), addresses.c.person == bindparam("of")
)
_BY_ADDRESS = select(addresses).where(
    addresses.c.channel == bindparam("on"), addresses.c.lookup == bindparam("by")
)
_ADDRESSES = select(addresses).where(addresses.c.person == bindparam("of")).order_by(addresses.c.channel)
_REACHABLE = select(addresses.c.person).distinct()
_DROP_ADDRESS = delete(addresses).where(
    addresses.c.channel == bindparam("on"), addresses.c.lookup == bindparam("by")
)
_SET_LANGUAGE = (
    update(addresses)
    .where(addresses.c.channel == bindparam("on"), addresses.c.person == bindparam("of"))
    .values(language=bindparam("to"))
)

_TICKET = select(tickets.c.person).where(
    tickets.c.digest == bindparam("of"),
    tickets.c.purpose == bindparam("for"),
    tickets.c.expires > bindparam("now"),
)
_TAKE_TICKET = delete(tickets).where(tickets.c.digest == bindparam("of"))
_SWEEP_TICKETS = delete(tickets).where(tickets.c.expires <= bindparam("now"))
_SESSION = select(sessions).where(sessions.c.digest == bindparam("of"), sessions.c.expires > bindparam("now"))
_ON_DEVICES = (
    select(sessions.c.person)
    .distinct()
    .where(sessions.c.device.is_not(None), sessions.c.expires > bindparam("now"))
)
_CLOSE_SESSION = delete(sessions).where(sessions.c.digest == bindparam("of"))
_SWEEP_SESSIONS = delete(sessions).where(sessions.c.expires <= bindparam("now"))
_CLOSE_SESSIONS_OF = delete(sessions).where(sessions.c.device == bindparam("of"))
_PEOPLE, _LINKS = ("people",), ("addresses",)

_CLOSE_UNBOUND = delete(sessions).where(sessions.c.person == bindparam("of"), sessions.c.device.is_(None))


class SqlPeople:
    """Implements `People` over one transaction."""

    def __init__(self, connection: Connection, cipher: FieldCipher, open_person: OpenPerson) -> None:
        """`open_person`: makes a person of a row; the store remembers what it has made."""
        self._connection = connection
        self._known = known(connection)
        self._cipher = cipher
        self._open = open_person
        self._facts = Facts(connection)

    def put(self, person: Person, entry: Entry) -> None:
        """Add or change somebody. Name and telephone number are encrypted before they come near a row."""
        row = _row(person, self._cipher)
        self._connection.execute(_PUT, row)
        self._facts.record(entry, "people", put=dict([person_fact(row)]))

    def get(self, person: PersonId) -> Person | None:
        """Somebody by id."""
        return self._known.of(_PEOPLE, person, lambda: self._get(person))

    def all(self) -> tuple[Person, ...]:
        """Everybody, by id."""
        return self._known.of(_PEOPLE, "", lambda: tuple(map(self._person, self._connection.execute(_ALL))))

    def posted(self, organisation: OrganisationId, roles: Collection[Role]) -> tuple[Person, ...]:
        """Whoever has a posting there, on whatever days, and one of the roles, there or elsewhere; by id.

        Rows that do not name both are passed over unopened: among thousands of people that is what takes time.
        """
        if not roles:
            return ()
        named = [func.instr(people.c.facts, _member("role", role)) > 0 for role in sorted(roles)]
        found = self._connection.execute(
            _MENTIONED.where(or_(*named)), {"where": _member("organisation", organisation)}
        )
        posted = (one for one in map(self._person, found) if _is_posted(one, organisation, roles))
        return tuple(sorted(posted, key=lambda one: one.id))

    def link(self, address: Address, entry: Entry) -> None:
        """A person is reached there from now on, and no longer where they were on that channel, nor anybody else there.

        Raises BadInput for a person who is not known.
        """
        old = self._connection.execute(_LINKED, {"on": address.channel, "of": address.person}).one_or_none()
        dropped = [] if old is None or old.lookup == address.lookup else [self._drop(old)]
        self._connection.execute(_DROP_ADDRESS, {"on": address.channel, "by": address.lookup})
        row = {
            "channel": address.channel,
            "lookup": address.lookup,
            "person": address.person,
            "sealed": address.sealed,
            "language": address.language,
            "linked_at": address.linked_at,
        }
        self._connection.execute(insert(addresses), row)
        self._facts.record(entry, "addresses", put=dict([address_fact(row)]), dropped=dropped)

    def unlink(self, channel: str, person: PersonId, entry: Entry) -> None:
        """A person is no longer reached on that channel; nothing is recorded if they were not."""
        old = self._connection.execute(_LINKED, {"on": channel, "of": person}).one_or_none()
        if old is not None:
            self._facts.record(entry, "addresses", put={}, dropped=[self._drop(old)])

    def by_address(self, channel: str, lookup: bytes) -> Address | None:
        """Whose address this is."""
        row = self._connection.execute(_BY_ADDRESS, {"on": channel, "by": lookup}).one_or_none()
        return None if row is None else _address(row)

    def addresses(self, person: PersonId) -> tuple[Address, ...]:
        """Where somebody is reached, one address a channel."""
        return self._known.of(_LINKS, person, lambda: self._addresses(person))

    def reachable(self) -> frozenset[PersonId]:
        """Everybody with an address on some channel."""
        return self._known.of(_LINKS, "", lambda: frozenset(self._connection.scalars(_REACHABLE)))

    def on_devices(self, now: datetime) -> frozenset[PersonId]:
        """Everybody who is signed in on a device of their own; a device that is revoked has no session left."""
        return frozenset(PersonId(person) for person in self._connection.scalars(_ON_DEVICES, {"now": now}))

    def set_language(self, channel: str, person: PersonId, language: str) -> None:
        """How to speak there; a taste, not a fact for the ledger."""
        self._connection.execute(_SET_LANGUAGE, {"on": channel, "of": person, "to": language})

    def issue(self, ticket: Ticket) -> None:
        """Keep a code's digest until it is redeemed or too old."""
        row = {
            "digest": ticket.digest,
            "purpose": ticket.purpose,
            "person": ticket.person,
            "expires": ticket.expires,
        }
        self._connection.execute(insert(tickets), row)

    def redeem(self, digest: bytes, purpose: str, now: datetime) -> PersonId | None:
        """Whom the code was for, once; None if it is unknown, used, too old or for something else."""
        self._connection.execute(_SWEEP_TICKETS, {"now": now})
        person = self._connection.execute(_TICKET, {"of": digest, "for": purpose, "now": now}).scalar()
        if person is None:
            return None
        taken = self._connection.execute(_TAKE_TICKET, {"of": digest}).rowcount
        return PersonId(person) if taken else None

    def open_session(self, session: Session) -> None:
        """Keep a session's digest; those that have run out by its beginning are forgotten."""
        self._connection.execute(_SWEEP_SESSIONS, {"now": session.created})
        row = {
            "digest": session.digest,
            "person": session.person,
            "created": session.created,
            "expires": session.expires,
            "device": session.device,
        }
        self._connection.execute(insert(sessions), row)

    def session(self, digest: bytes, now: datetime) -> Session | None:
        """A session that has not run out."""
        row = self._connection.execute(_SESSION, {"of": digest, "now": now}).one_or_none()
        if row is None:
            return None
        return Session(**row._asdict())

    def close_session(self, digest: bytes) -> None:
        """Forget a session; harmless the second time."""
        self._connection.execute(_CLOSE_SESSION, {"of": digest})

    def forget_ways_in(self) -> None:
        """Forget every session and ticket: in a copy put back, those that were ended or used since would work again."""
        self._connection.execute(delete(sessions))
        self._connection.execute(delete(tickets))

    def close_sessions_of(self, device: bytes) -> None:
        """Forget the sessions that a device has opened."""
        self._connection.execute(_CLOSE_SESSIONS_OF, {"of": device})

    def close_unbound_sessions(self, person: PersonId) -> None:
        """Forget a person's sessions that are bound to no device."""
        self._connection.execute(_CLOSE_UNBOUND, {"of": person})

    def _get(self, person: PersonId) -> Person | None:
        row = self._connection.execute(_GET, {"of": person}).one_or_none()
        return None if row is None else self._person(row)

    def _addresses(self, person: PersonId) -> tuple[Address, ...]:
        return tuple(_address(row) for row in self._connection.execute(_ADDRESSES, {"of": person}))

    def _person(self, row: _Row) -> Person:
        phone = None if row.phone is None else row.phone.content
        return self._open(row.id, row.name.content, phone, row.facts)

    def _drop(self, old: _Row) -> str:
        self._connection.execute(_DROP_ADDRESS, {"on": old.channel, "by": old.lookup})
        return address_fact(old._asdict())[0]


def open_person(cipher: FieldCipher, id_: PersonId, name: bytes, phone: bytes | None, facts: bytes) -> Person:
    """A person of a row's columns. Raises Tampered when a field does not open, BadInput when the facts are none."""
    plain = object_from_json(facts)
    plain["name"] = cipher.open(id_, "name", Sealed(content=name))
    plain["phone"] = None if phone is None else cipher.open(id_, "phone", Sealed(content=phone))
    return core.from_dict(plain)


def _is_posted(person: Person, organisation: OrganisationId, roles: Collection[Role]) -> bool:
    here = any(posting.organisation == organisation for posting in person.postings)
    return here and any(posting.role in roles for posting in person.postings)


def _member(name: str, value: str) -> bytes:
    """How a member of an object stands in the facts."""
    return to_json({name: value})[1:-1]


def _row(person: Person, cipher: FieldCipher) -> dict[str, object]:
    facts = core.to_dict(person)
    del facts["name"], facts["phone"]
    return {
        "id": person.id,
        "name": cipher.seal(person.id, "name", person.name),
        "phone": None if person.phone is None else cipher.seal(person.id, "phone", person.phone),
        "facts": to_json(facts),
    }


def _address(row: _Row) -> Address:
    return Address(
        channel=row.channel,
        lookup=row.lookup,
        person=row.person,
        sealed=row.sealed,
        language=row.language,
        linked_at=row.linked_at,
    )
