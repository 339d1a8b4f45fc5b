"""The writer: one thread, one connection, group commit.

All who wait when a transaction begins are in it, each act within its own savepoint, so that one act's error
takes back only what that act did. They are told after COMMIT is durable, never before.
"""

import asyncio
import queue
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from sqlalchemy import Connection

from bot.core.errors import SamjourError, Unavailable
from bot.store.connect import driver
from bot.store.faults import translate

T = TypeVar("T")

_TOGETHER: Final = 128  # acts in one transaction: the last of them waits for all the others


@dataclass(frozen=True, slots=True, kw_only=True)
class _Caller:
    act: Callable[[Connection], Any]  # what it returns is between caller and act
    loop: asyncio.AbstractEventLoop
    answer: asyncio.Future[Any]
    between: bool = False  # to be run between transactions, not in one


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outcome:
    caller: _Caller
    value: Any = None  # whatever the act returned
    error: BaseException | None = None


class Writer:
    """Runs acts in the order in which they come. `opening` makes the connection, in the writer's own thread.

    `confirm` is called after each COMMIT and raises SamjourError when it does not count; `rest` after the
    callers were told, with whether anybody is waiting: the time for a checkpoint; `undone` whenever what acts have done
    was taken back.
    """

    def __init__(
        self,
        opening: Callable[[], Connection],
        *,
        confirm: Callable[[], None],
        rest: Callable[[Connection, bool], None],
        undone: Callable[[Connection], None],
        waiting: int,
    ) -> None:
        """Return when the connection is open. Raises what `opening` raises. `waiting`: callers at most in line."""
        self._opening = opening
        self._confirm = confirm
        self._rest = rest
        self._undone = undone
        self._line: queue.Queue[_Caller | None] = queue.Queue(maxsize=waiting)
        self._opened: queue.SimpleQueue[BaseException | None] = queue.SimpleQueue()
        self._closed = False
        self._gate = threading.Lock()  # nobody gets in line after the end of the line
        self._thread = threading.Thread(target=self._run, name="samjour-writer", daemon=True)
        self._thread.start()
        if (error := self._opened.get()) is not None:
            self._thread.join()
            raise error

    async def run(self, act: Callable[[Connection], T]) -> T:
        """Run the act and return once it is durable. Raises what it raises, and Unavailable when it cannot run."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        self._join_line(_Caller(act=act, loop=loop, answer=answer))
        return await answer

    async def run_between(self, act: Callable[[Connection], T]) -> T:
        """Run the act outside every transaction: for what SQLite does in none. The others wait meanwhile."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        self._join_line(_Caller(act=act, loop=loop, answer=answer, between=True))
        return await answer

    def close(self) -> None:
        """Do what is in line, then end. Blocks until then; harmless the second time."""
        with self._gate:
            if not self._closed:
                self._closed = True
                self._line.put(None)
        self._thread.join()

    def _join_line(self, caller: _Caller) -> None:
        with self._gate:
            if self._closed:
                raise Unavailable("the store is closed")
            try:
                self._line.put_nowait(caller)
            except queue.Full:
                raise Unavailable("too many are waiting to write") from None

    def _run(self) -> None:
        try:
            connection = self._opening()
        except BaseException as error:  # noqa: BLE001 - whoever waits for the opening is told whatever it was
            self._opened.put(error)
            return
        self._opened.put(None)
        try:
            while self._turn(connection):
                pass
        finally:
            with self._gate:
                self._closed = True
                self._refuse_rest()
            connection.close()

    def _turn(self, connection: Connection) -> bool:
        """Serve those in line; False when the last was served."""
        callers, more = self._next()
        together = [caller for caller in callers if not caller.between]
        if together:
            _tell(self._transact(connection, together))
            self._rest(connection, not self._line.empty())
        for caller in callers:
            if caller.between:
                _tell([_alone(connection, caller)])
        return more

    def _transact(self, connection: Connection, callers: list[_Caller]) -> list[_Outcome]:
        try:
            connection.begin()
            outcomes = [self._attempt(connection, caller) for caller in callers]
            _commit(connection)
            self._confirm()
        except Exception as error:  # noqa: BLE001 - whatever it was, nobody was told anything yet, and all are told now
            _roll_back(connection)
            self._undone(connection)
            return [_Outcome(caller=caller, error=_unavailable(error)) for caller in callers]
        return outcomes

    def _attempt(self, connection: Connection, caller: _Caller) -> _Outcome:
        raw = driver(connection)
        raw.execute("SAVEPOINT act")
        try:
            outcome = _Outcome(caller=caller, value=caller.act(connection))
        except Exception as error:  # an act's error is its caller's, whatever it is
            self._undone(connection)
            if (
                not raw.in_transaction
            ):  # a full disk and its like end the transaction, and the others' acts with it
                raise
            raw.execute("ROLLBACK TO act")
            outcome = _Outcome(caller=caller, error=error)
        raw.execute("RELEASE act")
        return outcome

    def _next(self) -> tuple[list[_Caller], bool]:
        callers: list[_Caller] = []
        head = self._line.get()
        while head is not None:
            if not head.answer.cancelled():
                callers.append(head)
            if len(callers) == _TOGETHER:
                return callers, True
            try:
                head = self._line.get_nowait()
            except queue.Empty:
                return callers, True
        return callers, False

    def _refuse_rest(self) -> None:
        refused = []
        while True:
            try:
                caller = self._line.get_nowait()
            except queue.Empty:
                break
            if caller is not None:
                refused.append(_Outcome(caller=caller, error=Unavailable("the store is closed")))
        _tell(refused)


def _alone(connection: Connection, caller: _Caller) -> _Outcome:
    try:
        return _Outcome(caller=caller, value=caller.act(connection))
    except Exception as error:  # noqa: BLE001 - as in a transaction: the caller is told whatever it was
        return _Outcome(caller=caller, error=_unavailable(error))


def _commit(connection: Connection) -> None:
    if not driver(connection).in_transaction:  # the driver would call that success
        raise Unavailable("the database gave the transaction up")
    connection.commit()


def _roll_back(connection: Connection) -> None:
    with suppress(Exception):  # what cannot be rolled back was never committed
        connection.rollback()
        driver(
            connection
        ).rollback()  # after a COMMIT that failed, SQLAlchemy thinks there is nothing to undo


def _unavailable(error: Exception) -> Unavailable:
    told = error if isinstance(error, SamjourError) else translate(error)
    refusal = Unavailable(str(told))
    refusal.__cause__ = error
    return refusal


def _tell(outcomes: Iterable[_Outcome]) -> None:
    by_loop: dict[asyncio.AbstractEventLoop, list[_Outcome]] = {}
    for outcome in outcomes:
        by_loop.setdefault(outcome.caller.loop, []).append(outcome)
    for loop, theirs in by_loop.items():
        with suppress(RuntimeError):  # the loop has ended, and nobody waits there any more
            loop.call_soon_threadsafe(_settle, theirs)


def _settle(outcomes: list[_Outcome]) -> None:
    for outcome in outcomes:
        answer = outcome.caller.answer
        if answer.done():
            continue
        if outcome.error is None:
            answer.set_result(outcome.value)
        elif isinstance(outcome.error, StopIteration):  # a future refuses it
            answer.set_exception(RuntimeError("an act raised StopIteration"))
        else:
            answer.set_exception(outcome.error)
