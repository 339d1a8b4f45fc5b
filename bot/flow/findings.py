"""What a verification found: where, and what is wrong there; ids and numbers, never content."""

from collections.abc import Iterator
from contextlib import contextmanager
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

    @contextmanager
    def within(self, where: str) -> Iterator[None]:
        """Whatever is raised inside becomes a fault there; Unavailable, which is none, goes on."""
        try:
            yield
        except Unavailable:
            raise
        except (SamjourError, SealError) as error:
            self.add(where, str(error))
        except Exception:  # noqa: BLE001 - whatever an altered row provokes is itself the finding
            self.add(where, "a row cannot be read")
