"""Gathering: what an act leaves behind, and what it is told meanwhile, is the same as if each row were written at once."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.codec import consultation_body
from bot.core.consultation import Consultation, step
from bot.core.errors import BadInput, NotNow, Unavailable
from bot.core.events import Accepted, Closed, Declined, Ending, Event, Lapsed, Reason
from bot.core.ids import ConsultationId, RoomId
from bot.flow.ports import Tx
from bot.flow.ports_timers import Timer, TimerKind
from bot.flow.records import Entry, Kind
from bot.seal.field import FieldKey
from bot.store import gathered
from bot.store.cipher import FieldCipher
from bot.store.sqlite import SqliteStore
from tests.store.small import (
    AT,
    CIPHER,
    HOUR,
    MALMO,
    MINUTE,
    OFFICER,
    OTHER,
    POLISEN,
    WORKER,
    address,
    entry,
    new,
    offered,
    override,
    person,
    referred,
    saying,
    seeking,
    shift,
)

PEOPLE = (OFFICER, WORKER, OTHER)
SAID = (Kind.TELL, Kind.SHOW, Kind.HUSH, Kind.RING)
OPS = "refer offer decline accept lapse close note say claim finish put link unlink press roster set unset ask look stale"
Op = tuple[str, int, int]


class Acting:
    """One store, and everything that happened in it so far."""

    def __init__(self, store: SqliteStore) -> None:
        self.store = store
        self.minute = 0
        self.told: list[object] = []

    async def act(self, ops: list[Op], *, fails: bool) -> None:
        """Do all of it in one act, which at its end may change its mind."""

        def act(tx: Tx) -> None:
            for name, n, m in ops:
                self.minute += 1
                self.told.append(self._do(tx, name, n, m))
            if fails:
                raise ValueError

        try:
            await self.store.write(act)
        except ValueError:
            self.told.append("failed")

    def _do(self, tx: Tx, name: str, n: int, m: int) -> object:
        at, who = AT + self.minute * MINUTE, PEOPLE[m % 3]
        c = tx.consultations.get(ConsultationId(f"c-{n}")) or new(f"c-{n}")
        pending = c.pending[0].id if c.pending else offered("o-none").offer.id
        match name:
            case "refer":
                return self._happen(tx, c, referred(at))
            case "offer":
                return self._happen(tx, c, offered(f"o-{n}-{m}-{self.minute}", who, at))
            case "decline":
                return self._happen(tx, c, Declined(at=at, offer=pending, reason=Reason.UNSAID))
            case "accept":
                at = c.pending[0].at if c.pending else at
                room, until = RoomId(f"r-{n}"), at + MINUTE
                return self._happen(tx, c, Accepted(at=at, offer=pending, room=room, answer_by=until))
            case "lapse":
                return self._happen(tx, c, Lapsed(at=at + HOUR))
            case "close":
                return self._happen(tx, c, Closed(at=at, by=c.officer, ending=Ending.ADVICE))
            case "stale":
                return self._happen(tx, new(f"c-{n}"), referred(at))
            case _:
                return self._write(tx, name, n, m) or self._ask(tx, name, n)

    def _write(self, tx: Tx, name: str, n: int, m: int) -> object:
        at, who = AT + self.minute * MINUTE, PEOPLE[m % 3]
        match name:
            case "note":
                tx.ledger.append(entry_of((MALMO, POLISEN)[m % 2], f"note {self.minute}"))
            case "say":
                due = AT + (self.minute * 7 % 5) * MINUTE
                tx.outbox.put(saying(f"s-{self.minute}", who, SAID[m % 4], ref=f"c-{n}", due=due))
            case "claim":
                return [s.id for s in tx.outbox.claim(at, at + HOUR, 3)]
            case "finish":
                return [tx.outbox.finish(s) for s in tx.outbox.claim(at + 2 * HOUR, at + 3 * HOUR, 1)]
            case "put":
                tx.people.put(person(who, name=f"Tora {n}"), entry_of(MALMO, "{}"))
            case "link":
                tx.people.put(person(who), entry_of(MALMO, "{}"))
                tx.people.link(address(who), entry_of(MALMO, "{}"))
            case "unlink":
                tx.people.unlink("telegram", who, entry_of(MALMO, "{}"))
            case "set":
                timer = Timer(kind=TimerKind.WAKING, ref=f"o-{n}", due=at + (m * 7 % 5) * MINUTE)
                tx.timers.put(timer)
            case "unset":
                tx.timers.drop(TimerKind.WAKING, f"o-{n}")
            case "press":
                pressed = override(f"p-{n}", on_duty=m % 2 == 0, starts=at, ends=at + (m + 1) * MINUTE)
                tx.rosters.override(pressed, entry_of(MALMO, "{}"))
            case "roster":
                told = shift(f"s-{n}", who, at - MINUTE, at + (n + 1) * MINUTE)
                tx.rosters.replace(MALMO, "file", (told,), entry_of(MALMO, "{}"))
        return None

    def _ask(self, tx: Tx, name: str, n: int) -> object:
        at = AT + self.minute * MINUTE
        if name == "look":
            return (
                tx.people.all(),
                [tx.people.addresses(one) for one in PEOPLE],
                tx.people.reachable(),
                tx.people.get(OTHER),
                tx.rosters.attendance(at),
                tx.rosters.attendance(at - n * MINUTE),
            )
        if name == "ask":
            return (
                tx.consultations.open_rooms(),
                tx.consultations.doorbells(),
                tx.consultations.last_offered(),
                tx.consultations.overdue(at, 3),
                tx.consultations.next_due(),
                tx.consultations.of_officer(OFFICER, 3),
                tx.consultations.offered_to(WORKER),
                tx.outbox.next_due(),
                tx.timers.overdue(at, 9),
                tx.ledger.root(MALMO),
                tx.ledger.size(POLISEN),
            )
        return None

    def _happen(self, tx: Tx, before: Consultation, event: Event) -> object:
        try:
            after, _ = step(before, event)
            body = consultation_body(after.id, after.version, event, (), "d" * 64)
            tx.consultations.save(before, after, entry_of(MALMO, body.decode(), "consultation"))
        except NotNow as refused:
            return str(refused)
        return None


def entry_of(organisation: object, body: str, kind: str = "content") -> Entry:
    """An entry whose salt only its body decides."""
    made = entry(MALMO if organisation == MALMO else POLISEN)
    return Entry(
        organisation=made.organisation,
        kind=kind,
        body=body.encode(),
        salt=sha256(body.encode()).digest()[:16],
        at=AT,
    )


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which nothing is yet: copied, it spares each life its migrations."""
    path = tmp_path_factory.mktemp("empty") / "samjour.db"
    asyncio.run(SqliteStore(path, cipher=CIPHER).close())
    return path


async def lived(
    empty: Path, acts: list[tuple[list[Op], bool]], gathering: int
) -> tuple[list[object], list[str]]:
    """What was told during all of it, and every row that is left."""
    chance = count()
    cipher = FieldCipher(
        key=FieldKey(key=b"f" * 32), draw=lambda size: sha256(b"%d" % next(chance)).digest()[:size]
    )
    with TemporaryDirectory() as folder:
        path = Path(shutil.copy(empty, folder))
        store = SqliteStore(path, cipher=cipher, gathering=gathering)
        acting = Acting(store)
        await acting.act([("put", 0, number) for number in range(3)], fails=False)
        for ops, fails in acts:
            await acting.act(ops, fails=fails)
        await store.close()
        return acting.told, rows_of(path)


def rows_of(path: Path) -> list[str]:
    """Every row of every table. Where their order counts a column says it: a timer set again stands where SQLite puts it."""
    with closing(sqlite3.connect(path)) as raw:
        return sorted(raw.iterdump())


acts = st.lists(
    st.tuples(
        st.lists(st.tuples(st.sampled_from(OPS.split()), st.integers(0, 3), st.integers(0, 3)), max_size=12),
        st.booleans(),
    ),
    max_size=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(acts)
def test_same_rows_and_same_answers(empty: Path, lives: list[tuple[list[Op], bool]]) -> None:
    """Whatever acts do, and whichever of them fail: rows, ledger bytes and answers do not tell whether rows were gathered."""
    plain = asyncio.run(lived(empty, lives, 0))
    assert asyncio.run(lived(empty, lives, gathered.MOST)) == plain
    assert asyncio.run(lived(empty, lives, 2)) == plain


async def test_what_is_asked_sees_what_was_gathered(store: SqliteStore) -> None:
    """An act reads what it has just put, though nothing of it was written yet."""

    def act(tx: Tx) -> tuple[object, ...]:
        tx.people.put(person(WORKER), entry(POLISEN))
        c = seeking(tx, "c-1", ("o-1", "o-2"))
        tx.outbox.put(saying("s-1"))
        known, due = tx.consultations.get(c.id), tx.outbox.next_due()
        return known == c, due, tx.consultations.doorbells(), tx.ledger.size(MALMO)

    assert await store.write(act) == (True, AT, {WORKER: 1}, 3)


async def test_an_act_that_caught_what_its_rows_met_is_not_kept(store: SqliteStore) -> None:
    """Rows that the database refused are not left out silently: the act that goes on as if nothing were is undone."""

    def act(tx: Tx) -> None:
        tx.outbox.put(saying("s-1"))
        tx.ledger.append(entry())

    def again(tx: Tx) -> None:
        act(tx)
        with pytest.raises(BadInput):  # a saying of that id there is: found when something is asked
            tx.outbox.next_due()

    await store.write(act)
    with pytest.raises(Unavailable):
        await store.write(again)
    assert await store.read(lambda tx: tx.ledger.size(MALMO)) == 1
    assert await store.write(lambda tx: tx.ledger.append(entry()).index) == 1


async def test_a_row_changed_behind_our_back_is_not_overwritten(store: SqliteStore, path: Path) -> None:
    """A consultation whose version in the file is not the one we know: the act fails, nothing is lost."""
    c = await store.write(lambda tx: seeking(tx, "c-1", ("o-1",)))
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("UPDATE consultations SET version = 9")
        raw.commit()

    def goes_on(tx: Tx) -> None:
        event = Closed(at=AT + timedelta(seconds=1), by=OFFICER, ending=Ending.CANCELLED)
        after, _ = step(c, event)
        body = consultation_body(after.id, after.version, event, (), "d" * 64)
        tx.consultations.save(c, after, entry_of(MALMO, body.decode(), "consultation"))

    with pytest.raises(NotNow):
        await store.write(goes_on)
    assert await store.read(lambda tx: tx.ledger.size(MALMO)) == 2


async def test_what_was_undone_is_not_known(store: SqliteStore) -> None:
    """After an act that failed nobody is told of what it had put: people, duties, loads, versions."""

    def fails(tx: Tx) -> None:
        tx.people.put(person(WORKER), entry())
        seeking(tx, "c-1", ("o-1",))
        read(tx)
        raise ZeroDivisionError

    def read(tx: Tx) -> tuple[object, ...]:
        return tx.people.all(), tx.people.get(WORKER), tx.consultations.doorbells(), tx.ledger.root(MALMO)

    before = await store.write(read)
    with pytest.raises(ZeroDivisionError):
        await store.write(fails)
    assert await store.write(read) == before
    assert await store.write(lambda tx: seeking(tx, "c-1", ("o-1",)).version) == 2
