"""What a verification found: where, and what is wrong there; ids and numbers, never content."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final

from bot.core.errors import SamjourError, Unavailable
from bot.seal.errors import SealError

MOST: Final = 1000  # faults told; a broken ledger needs no longer list


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that does not hold."""

    where: str
    what: str


class Findings:
    """Gathers faults."""

    def __init__(self) -> None:
        """None yet."""
        self._faults: list[Fault] = []

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Those found so far, in the order of finding, `MOST` at most."""
        return tuple(self._faults)

    def add(self, where: str, what: str) -> None:
        """One more."""
        if len(self._faults) < MOST:
            self._faults.append(Fault(where=where, what=what))

    def within(self, where: str) -> AbstractContextManager[None]:
        """Whatever is raised inside becomes a fault there; Unavailable, which is none, goes on."""
        return _Within(self, where)


class _Within:
    """A class of its own: it is entered for every row, and a generator takes three times as long."""

    __slots__ = ("_findings", "_where")

    def __init__(self, findings: Findings, where: str) -> None:
        self._findings = findings
        self._where = where

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        match error:
            case None | Unavailable():
                return False
            case SamjourError() | SealError():
                self._findings.add(self._where, str(error))
            case Exception():  # whatever an altered row provokes is itself the finding
                self._findings.add(self._where, "a row cannot be read")
            case _:
                return False
        return True
