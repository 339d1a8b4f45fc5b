"""People: kept encrypted, found by keyed hash, recorded at every change."""

import itertools
import sqlite3
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.core.codec import object_from_json, parse_fact_body
from bot.core.errors import BadInput, Tampered
from bot.core.ids import OrganisationId, PersonId
from bot.core.people import Posting, Role
from bot.flow.ports import Tx
from bot.flow.records import Session, Ticket
from bot.seal.field import FieldKey
from bot.seal.plain import Sealed
from bot.store.cipher import FieldCipher
from bot.store.sqlite import SqliteStore
from tests.store.small import (
    AT,
    CIPHER,
    HOUR,
    MALMO,
    MINUTE,
    NAME,
    OFFICER,
    OTHER,
    PHONE,
    POLISEN,
    WORKER,
    address,
    draw,
    entry,
    person,
)

LINK = Ticket(digest=b"d" * 32, purpose="link", person=WORKER, expires=AT + MINUTE)


@pytest.fixture
async def known(store: SqliteStore) -> SqliteStore:
    """A store that knows three people."""

    def act(tx: Tx) -> None:
        for who in (OFFICER, WORKER, OTHER):
            tx.people.put(person(who), entry(POLISEN))

    await store.write(act)
    return store


async def test_person_comes_back_equal(known: SqliteStore) -> None:
    """Somebody is read as they were put, name and number included; the last change wins."""
    changed = replace(person(WORKER, name="Någon annan", phone=None), active=False)
    assert await known.read(lambda tx: tx.people.get(WORKER)) == person(WORKER)
    await known.write(lambda tx: tx.people.put(changed, entry()))
    assert await known.read(lambda tx: tx.people.get(WORKER)) == changed
    assert await known.read(lambda tx: [p.id for p in tx.people.all()]) == [OFFICER, OTHER, WORKER]


@pytest.mark.parametrize(
    "where", [MALMO, POLISEN, OrganisationId("malm"), OrganisationId("socialjour-malmo")]
)
@pytest.mark.parametrize("roles", [(), (Role.CURATOR,), (Role.CURATOR, Role.LAWYER), tuple(Role)])
async def test_posted_are_those_of_all_who_are(
    store: SqliteStore, where: OrganisationId, roles: tuple[Role, ...]
) -> None:
    """Whatever organisation and roles: the same people as by looking at everybody, by id; a change counts at once."""
    first = date(2026, 1, 1)
    kinds = itertools.product(
        (MALMO, POLISEN, OrganisationId("malmo-2"), OrganisationId("socialjour-malmo")),
        (Role.CURATOR, Role.LAWYER, Role.SIG_COORDINATOR, Role.COORDINATOR, Role.OFFICER),
        (None, date(2026, 1, 2)),
    )
    postings = [Posting(organisation=o, role=r, valid_from=first, valid_to=until) for o, r, until in kinds]
    many = [
        replace(
            person(PersonId(f"p-{n}")), postings=(one, postings[(7 * n) % len(postings)]), active=n % 3 > 0
        )
        for n, one in enumerate(postings)
    ]

    def act(tx: Tx) -> None:
        for who in many:
            tx.people.put(who, entry(POLISEN))
        held = tx.people.posted(where, roles)
        assert held == tuple(
            who
            for who in tx.people.all()
            if any(p.organisation == where for p in who.postings)
            and any(p.role in roles for p in who.postings)
        )
        for who in held:
            tx.people.put(replace(who, postings=()), entry(POLISEN))
        assert tx.people.posted(where, roles) == ()

    await store.write(act)


async def test_unknown_person_is_nobody(known: SqliteStore) -> None:
    """An id that nobody has gives nobody."""
    assert await known.read(lambda tx: tx.people.get(PersonId("p-nobody"))) is None


async def test_ledger_tells_of_a_person_without_name(known: SqliteStore) -> None:
    """The ledger's body has the facts and what the row has of name and number: ciphertext."""
    recorded = await known.read(lambda tx: list(tx.audit.entries(POLISEN)))
    assert [r.entry.kind for r in recorded] == ["person"] * 3
    for r in recorded:
        assert NAME.encode() not in r.entry.body
        assert PHONE.encode() not in r.entry.body
    fact = parse_fact_body(recorded[0].entry.body)
    assert (fact.table, fact.version, list(fact.put)) == ("people", 1, [OFFICER])


async def test_who_did_it_is_kept(store: SqliteStore) -> None:
    """What the flow says of an act stands in its entry, beside the fact."""
    await store.write(lambda tx: tx.people.put(person(OFFICER), entry(by="p-chief", rule="people.add")))
    (recorded,) = await store.read(lambda tx: list(tx.audit.entries(MALMO)))
    assert parse_fact_body(recorded.entry.body).act["by"] == "p-chief"


async def test_act_that_is_no_object_is_refused(store: SqliteStore) -> None:
    """An entry whose body is no JSON object is refused, and the person is not kept."""
    with pytest.raises(BadInput):
        await store.write(lambda tx: tx.people.put(person(OFFICER), replace(entry(), body=b"[]")))
    assert await store.read(lambda tx: tx.people.all()) == ()


async def test_other_key_opens_nothing(path: Path, known: SqliteStore) -> None:
    """With another field key nobody's name is given, wrong or right."""
    await known.close()
    other = SqliteStore(path, cipher=FieldCipher(key=FieldKey(key=b"x" * 32), draw=draw))
    with pytest.raises(Tampered):
        await other.read(lambda tx: tx.people.get(OFFICER))
    await other.close()


async def test_name_moved_to_another_row_does_not_open(path: Path, known: SqliteStore) -> None:
    """Ciphertext opens only where it was put: nobody can be given another's number."""
    await known.close()
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("UPDATE people SET phone = (SELECT phone FROM people WHERE id = ?)", (OFFICER,))
    connection.close()
    store = SqliteStore(path, cipher=CIPHER)
    assert await store.read(lambda tx: tx.people.get(OFFICER)) == person(OFFICER)
    with pytest.raises(Tampered):
        await store.read(lambda tx: tx.people.get(WORKER))
    await store.close()


def test_field_that_is_no_ciphertext_is_tampered() -> None:
    """Bytes that no seal has made are refused as such."""
    with pytest.raises(Tampered):
        CIPHER.open(OFFICER, "name", Sealed(content=b"Tora"))


def test_field_of_no_place_is_refused() -> None:
    """A field that cannot be sealed is refused before anything is written."""
    with pytest.raises(BadInput):
        CIPHER.seal(PersonId(""), "name", NAME)


async def test_address_is_found_by_hash(known: SqliteStore) -> None:
    """A linked address is found by its keyed hash, by person, and makes the person reachable."""
    await known.write(lambda tx: tx.people.link(address(WORKER), entry()))
    lookup = address(WORKER).lookup
    assert await known.read(lambda tx: tx.people.by_address("telegram", lookup)) == address(WORKER)
    assert await known.read(lambda tx: tx.people.by_address("push", lookup)) is None
    assert await known.read(lambda tx: tx.people.addresses(WORKER)) == (address(WORKER),)
    assert await known.read(lambda tx: tx.people.reachable()) == {WORKER}


async def test_new_address_takes_the_place_of_the_old(known: SqliteStore) -> None:
    """A person has one address a channel; of two channels both stay."""
    await known.write(lambda tx: tx.people.link(address(WORKER), entry()))
    await known.write(lambda tx: tx.people.link(address(WORKER, channel="push"), entry()))
    await known.write(lambda tx: tx.people.link(address(WORKER, b"n" * 32), entry()))
    kept = await known.read(lambda tx: tx.people.addresses(WORKER))
    assert [(a.channel, a.lookup == b"n" * 32) for a in kept] == [("push", False), ("telegram", True)]


async def test_account_that_changes_hands_has_one_owner(known: SqliteStore) -> None:
    """An address linked to somebody else is no longer the first one's, who is no longer reachable by it."""
    await known.write(lambda tx: tx.people.link(address(WORKER, b"a" * 32), entry()))
    await known.write(lambda tx: tx.people.link(address(OTHER, b"a" * 32), entry()))
    assert await known.read(lambda tx: tx.people.reachable()) == {OTHER}
    assert await known.read(lambda tx: tx.people.addresses(WORKER)) == ()


async def test_unlinked_is_not_reachable(known: SqliteStore) -> None:
    """Unlinking takes the address away once; the second time nothing happens and nothing is recorded."""
    await known.write(lambda tx: tx.people.link(address(WORKER), entry()))
    for _ in range(2):
        await known.write(lambda tx: tx.people.unlink("telegram", WORKER, entry()))
    assert await known.read(lambda tx: tx.people.reachable()) == set()
    assert await known.read(lambda tx: tx.ledger.size(MALMO)) == 2


async def test_language_is_remembered(known: SqliteStore) -> None:
    """How to speak somewhere is kept, without an entry in the ledger."""
    await known.write(lambda tx: tx.people.link(address(WORKER), entry()))
    await known.write(lambda tx: tx.people.set_language("telegram", WORKER, "en"))
    assert await known.read(lambda tx: [a.language for a in tx.people.addresses(WORKER)]) == ["en"]
    assert await known.read(lambda tx: tx.ledger.size(MALMO)) == 1


async def test_code_works_once(known: SqliteStore) -> None:
    """A code gives its person once, and then nobody."""
    await known.write(lambda tx: tx.people.issue(LINK))
    assert await known.write(lambda tx: tx.people.redeem(LINK.digest, "link", AT)) == WORKER
    assert await known.write(lambda tx: tx.people.redeem(LINK.digest, "link", AT)) is None


async def test_code_for_something_else_stays(known: SqliteStore) -> None:
    """A code does not sign in when it was made to link, and is not used up by trying."""
    await known.write(lambda tx: tx.people.issue(LINK))
    assert await known.write(lambda tx: tx.people.redeem(LINK.digest, "sign_in", AT)) is None
    assert await known.write(lambda tx: tx.people.redeem(b"u" * 32, "link", AT)) is None
    assert await known.write(lambda tx: tx.people.redeem(LINK.digest, "link", AT)) == WORKER


async def test_code_runs_out(known: SqliteStore) -> None:
    """At the instant at which it expires a code is worth nothing, and is forgotten."""
    await known.write(lambda tx: tx.people.issue(LINK))
    assert await known.write(lambda tx: tx.people.redeem(LINK.digest, "link", LINK.expires)) is None
    assert await known.write(lambda tx: tx.people.redeem(LINK.digest, "link", AT)) is None


async def test_session_lasts_until_it_expires(known: SqliteStore) -> None:
    """A session is found until it has run out or is closed."""
    session = Session(digest=b"s" * 32, person=WORKER, created=AT, expires=AT + HOUR)
    await known.write(lambda tx: tx.people.open_session(session))
    just_before = session.expires - timedelta(microseconds=1)
    assert await known.read(lambda tx: tx.people.session(session.digest, just_before)) == session
    assert await known.read(lambda tx: tx.people.session(session.digest, session.expires)) is None
    for _ in range(2):
        await known.write(lambda tx: tx.people.close_session(session.digest))
    assert await known.read(lambda tx: tx.people.session(session.digest, AT)) is None


async def test_old_sessions_are_forgotten(path: Path, known: SqliteStore) -> None:
    """Opening a session sweeps those that have run out: the table does not grow for ever."""
    hours = [AT + number * HOUR for number in range(3)]
    opened = [
        Session(digest=bytes([number]) * 32, person=WORKER, created=at, expires=at + HOUR)
        for number, at in enumerate(hours)
    ]

    def act(tx: Tx) -> None:
        for session in opened:
            tx.people.open_session(session)

    await known.write(act)
    connection = sqlite3.connect(path)
    assert connection.execute("SELECT count(*) FROM sessions").fetchone() == (1,)
    connection.close()


async def test_changes_are_counted_over_all_ledgers(known: SqliteStore) -> None:
    """A person changed from two organisations has one history: the versions go on from ledger to ledger."""
    await known.write(lambda tx: tx.people.put(person(WORKER, name="Ny"), entry(MALMO)))
    (recorded,) = await known.read(lambda tx: list(tx.audit.entries(MALMO)))
    assert object_from_json(recorded.entry.body)["version"] == 4
