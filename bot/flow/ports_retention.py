"""What the flow needs in order to erase: the store's nouns, and a place for certificates outside the database."""

import asyncio
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Protocol

from bot.core.consultation import Consultation
from bot.core.ids import ConsultationId, OrganisationId
from bot.flow.records import Entry, Recorded
from bot.flow.records_retention import About, Hold


class RetentionNouns(Protocol):
    """What may be erased, what stops it, and what says that it was."""

    def closed(
        self, begun_before: datetime, after: Consultation | None, limit: int
    ) -> tuple[Consultation, ...]:
        """Those closed and begun before then, the oldest first, from the one that follows `after`."""
        ...

    def about(self, consultation: ConsultationId) -> tuple[About, ...]:
        """The entries about it that still have a body, by ledger and number."""
        ...

    def recorded(self, consultation: ConsultationId) -> Iterator[Recorded]:
        """The same entries, whole."""
        ...

    def sampled_before(self, organisation: OrganisationId, number: int) -> datetime | None:
        """The latest time of some entries before that one, in doubling steps back to the first."""
        ...

    def latest_before(self, organisation: OrganisationId, number: int) -> datetime | None:
        """The latest time of all entries before that one. Reads them all."""
        ...

    def blank(self, entries: Collection[About], certificate: str, at: datetime) -> None:
        """Destroy salts and bodies; numbers and leaves stay. Raises NotNow when one was erased already."""
        ...

    def remove(self, consultations: Collection[Consultation]) -> None:
        """Destroy every row that belongs to them but their own, which `Erased` reduces."""
        ...

    def put_certificate(self, certificate: str, note: str) -> None: ...
    def certificate(self, certificate: str) -> str | None: ...
    def certificates(self) -> frozenset[str]: ...

    def put_hold(self, hold: Hold, entry: Entry) -> None:
        """Keep a hold; BadInput when that decision holds it already."""
        ...

    def drop_hold(self, consultation: ConsultationId, decision: str, entry: Entry) -> None:
        """Take a hold away; BadInput when there is none by that decision."""
        ...

    def holds(self) -> tuple[Hold, ...]: ...
    def is_held(self, consultation: ConsultationId) -> bool: ...

    def looked(self) -> dict[OrganisationId, datetime]:
        """The latest instant that retention has believed, by organisation."""
        ...

    def put_look(self, organisation: OrganisationId, at: datetime, entry: Entry) -> None: ...

    def notes(self) -> Iterator[tuple[str, str]]:
        """Every certificate, for `ledger verify`: id, note."""
        ...

    def erased(self, certificate: str, organisation: OrganisationId) -> Iterator[tuple[int, bytes]]:
        """The entries of a ledger that name the certificate, likewise: number, leaf."""
        ...


class Certificates(Protocol):
    """Certificates outside the database. One is pending until what it names is destroyed in every file.

    What is erased without a certificate (curators' questions) leaves a note here until then.

    `alone` is held by whoever erases or finishes what was erased. All raise Unavailable when the place cannot be read
    or written.
    """

    alone: asyncio.Lock

    async def prepare(self, certificate: str, note: str) -> None:
        """Keep it as pending, durably; harmless the second time."""
        ...

    async def finish(self, certificate: str) -> None:
        """Keep it for good; harmless the second time."""
        ...

    async def drop(self, certificate: str) -> None:
        """Forget a pending one."""
        ...

    async def owe(self) -> None:
        """Note, durably, that every file is to be made anew for what no certificate names; harmless the second time."""
        ...

    async def owes(self) -> bool: ...
    async def settled(self) -> None:
        """Every file was made anew: forget the note, if there is one."""
        ...

    async def pending(self) -> frozenset[str]: ...
    async def finished(self) -> frozenset[str]: ...
    async def read(self, certificate: str) -> str:
        """The note, pending or not; at most `MAX_NOTE` bytes of it."""
        ...
