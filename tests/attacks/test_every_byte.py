"""Every byte that is stored is answered for: whichever bit flips, `ledger verify` says so, or the reason stands here."""

import asyncio
import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import zip_longest
from multiprocessing import get_context
from pathlib import Path
from typing import Final, TypeVar

import pytest

from bot.store.audit import _FACTS
from bot.store.schema import METADATA
from bot.store.sqlite import SqliteStore
from tests.attacks.flips import Bench, Cell, Flip, remember_signatures
from tests.store.small import CIPHER, one_night

T = TypeVar("T")

OUTSIDE: Final = {
    "inbox": "sealed to the bridge, gone within seconds; what does not open is given up and the sender told",
    "outbox": "references that are said within hours; a changed one makes a wrong or no message, never a record",
    "spots": "where a message stands on somebody's phone, so that it can be changed; at worst a new one is sent",
    "tickets": "digests of codes that live for minutes; a changed one lets nobody in",
    "sessions": "digests of cookies that live for hours; a changed one lets nobody in, or out too late",
    "challenges": "digests of what a device or a passkey is to sign within two minutes; a changed one lets nobody in",
    "sendings": "what was sent already, for three days; a changed one makes a repetition a conflict, or a second sending",
    "timers": "when to look again; a changed one rings too early, late or not, and is derived anew where that matters",
    "questions_today": "sealed to curators' devices, on the ledger within a day; a changed one does not open there",
    "question_counts_today": "how many questions there were today, on the ledger within a day; until then a number",
    "addresses.language": "a taste: how somebody is spoken to",
    "passkeys.signed": "how often a passkey says that it has signed; a changed one refuses a sign-in, or misses a clone",
}
BOOKKEEPING: Final = {
    "alembic_version",
    "sqlite_sequence",
}  # the schema's version, which opening checks; positions
FACTS: Final = "facts"  # all their tables
RUN: Final = 200  # runs of verify that one task of a worker makes


@pytest.fixture(scope="session")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small database with something in every table, closed."""
    path = tmp_path_factory.mktemp("bytes") / "samjour.db"

    async def make() -> None:
        store = SqliteStore(path, cipher=CIPHER)
        await store.write(one_night)
        await store.close()

    asyncio.run(make())
    return path


@pytest.fixture(scope="session")
def bench(night: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """The same, to be harmed."""
    made = Bench(Path(shutil.copy(night, tmp_path_factory.mktemp("bench") / "samjour.db")))
    yield made
    made.close()


@pytest.fixture(scope="session")
def cells(bench: Bench) -> list[Cell]:
    """Every value that is not outside the promise."""
    return list(bench.cells(OUTSIDE))


@pytest.fixture(scope="session")
def workers(night: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProcessPoolExecutor]:
    """A process for each core, each with a copy of its own."""
    folder = tmp_path_factory.mktemp("workers")
    copies = [Path(shutil.copy(night, folder / f"{n}.db")) for n in range(os.cpu_count() or 1)]
    with ProcessPoolExecutor(
        max_workers=len(copies),
        mp_context=get_context("spawn"),
        initializer=_begin,
        initargs=(folder,),
    ) as workers:
        yield workers


def test_the_night_holds(bench: Bench) -> None:
    """Unharmed, there is no fault: whatever is found below was flipped."""
    assert bench.faults() == ()


def test_every_table_and_column_is_answered_for(bench: Bench, cells: Sequence[Cell]) -> None:
    """A table or column that is new has values in this night, so that its bytes are flipped; or a reason above."""
    assert bench.tables() - set(METADATA.tables) == BOOKKEEPING
    wanted = {
        f"{name}.{column.name}"
        for name, table in METADATA.tables.items()
        for column in table.columns
        if not {name, f"{name}.{column.name}"} & OUTSIDE.keys()
    }
    missing = wanted - {f"{cell.table}.{cell.column}" for cell in cells}
    assert missing == set(), "fill them in tests/store/small.py, one_night, or give a reason in OUTSIDE"


def test_no_reason_is_given_for_what_is_not_there() -> None:
    """A table or column that is gone needs no reason any more."""
    known = {*METADATA.tables, *(f"{t.name}.{c.name}" for t in METADATA.tables.values() for c in t.columns)}
    assert set(OUTSIDE) <= known
    assert all(len(reason) > 10 for reason in OUTSIDE.values())


def test_each_value_is_noticed_by_itself(workers: ProcessPoolExecutor, cells: Sequence[Cell]) -> None:
    """The last byte of every value, flipped alone and judged by the whole of verify, gives a fault."""
    flips = [Flip(cell=cell, at=cell.size - 1) for cell in cells]
    assert _found(workers, _flip_each, flips) == []


def test_every_byte_is_noticed(workers: ProcessPoolExecutor, cells: Sequence[Cell]) -> None:
    """Each byte of each value, one bit flipped, gives a fault.

    Where verify judges row by row and names the row, one byte of every row is flipped at once and each row must be
    named; whatever is not is flipped again alone. Facts are each compared with what the ledgers told of that very row, so
    those of all tables are flipped at once. Everything else is flipped alone from the start.
    """
    assert _found(workers, _flip_all, list(_runs(cells))) == []


def _found(
    workers: ProcessPoolExecutor, flip: Callable[[Sequence[T]], list[Flip]], runs: Sequence[T]
) -> list[str]:
    """What went unnoticed."""
    tasks = [runs[start : start + RUN] for start in range(0, len(runs), RUN)]
    return [str(unnoticed) for found in workers.map(flip, tasks) for unnoticed in found]


def _runs(cells: Sequence[Cell]) -> Iterator[tuple[Flip, ...]]:
    """What is flipped together: one byte, or one byte in each of the rows that are judged by themselves."""
    together: defaultdict[str, defaultdict[tuple[str, int], list[Flip]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for cell in cells:
        flips = [Flip(cell=cell, at=at) for at in range(cell.size)]
        if cell.place is None:
            yield from ((flip,) for flip in flips)
        else:
            kind = FACTS if cell.table in _FACTS else cell.table
            together[kind][cell.table, cell.rowid] += flips
    for rows in together.values():
        for at_once in zip_longest(*rows.values()):
            yield tuple(flip for flip in at_once if flip is not None)


_BENCHES: list[Bench] = []  # of a worker process: one


def _begin(folder: Path) -> None:
    """A worker takes a copy that no other has."""
    remember_signatures()
    for copy in sorted(folder.glob("*.db")):
        try:
            mine = copy.rename(copy.with_suffix(f".taken-{os.getpid()}"))
        except FileNotFoundError:  # another was faster
            continue
        _BENCHES.append(Bench(mine))
        _BENCHES[0].look_closely()
        return


def _flip_each(flips: Sequence[Flip]) -> list[Flip]:
    return [flip for flip in flips if not _BENCHES[0].faults(flip)]


def _flip_all(runs: Sequence[Sequence[Flip]]) -> list[Flip]:
    return [flip for run in runs for flip in _BENCHES[0].unnoticed(run)]
