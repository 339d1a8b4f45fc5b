"""Certificates outside the database: one file each, whole or not there, in a folder of their own."""

import asyncio
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from bot.core.errors import Unavailable
from bot.seal.note import MAX_NOTE

T = TypeVar("T")

FINISHED: Final = ".certificate"
PENDING: Final = ".pending"
OWED: Final = (
    "files.owed"  # an empty file: something was erased, and the database's file is not yet made anew
)
_ID: Final = re.compile(r"[0-9a-f]{32}")


class CertificateFolder:
    """Implements `Certificates`. Files are readable for their owner alone; other files are passed by."""

    def __init__(self, folder: Path) -> None:
        """`folder`: made when the first one comes."""
        self._folder = folder
        self.alone = asyncio.Lock()

    async def prepare(self, certificate: str, note: str) -> None:
        """Write the file under another name first, so that a pending certificate is whole."""
        await self._away(lambda: self._write(certificate, note))

    async def finish(self, certificate: str) -> None:
        """Rename it."""
        await self._away(lambda: self._rename(certificate))

    async def drop(self, certificate: str) -> None:
        """Remove the pending file."""
        await self._away(lambda: self._remove(certificate))

    async def owe(self) -> None:
        """Leave the note; it stands in the folder before anything is erased."""
        await self._away(self._leave_note)

    async def owes(self) -> bool:
        """Whether the note is there."""
        return await self._away((self._folder / OWED).exists)

    async def settled(self) -> None:
        """Take the note away."""
        await self._away(self._take_note)

    async def pending(self) -> frozenset[str]:
        """Ids of those that are not finished."""
        return await self._away(lambda: self._ids(PENDING))

    async def finished(self) -> frozenset[str]:
        """Ids of those kept for good."""
        return await self._away(lambda: self._ids(FINISHED))

    async def read(self, certificate: str) -> str:
        """The note. What is too long or no text is cut or marked, and then bears no signature."""
        return await self._away(lambda: self._read(certificate))

    async def _away(self, act: Callable[[], T]) -> T:
        try:
            return await asyncio.to_thread(act)
        except OSError as error:
            raise Unavailable("the folder of certificates cannot be read or written") from error

    def _write(self, certificate: str, note: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = self._folder / f".{certificate}.new"
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(note.encode())
            file.flush()
            os.fsync(file.fileno())
        beside.rename(self._path(certificate, PENDING))
        self._settle()

    def _rename(self, certificate: str) -> None:
        pending = self._path(certificate, PENDING)
        if pending.exists() or not self._path(certificate, FINISHED).exists():
            pending.rename(self._path(certificate, FINISHED))
            self._settle()

    def _leave_note(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (self._folder / OWED).touch(mode=0o600)
        self._settle()

    def _take_note(self) -> None:
        note = self._folder / OWED
        if note.exists():
            note.unlink()
            self._settle()

    def _remove(self, certificate: str) -> None:
        self._path(certificate, PENDING).unlink(missing_ok=True)
        self._settle()

    def _ids(self, ending: str) -> frozenset[str]:
        if not self._folder.exists():
            return frozenset()
        return frozenset(
            path.stem
            for path in self._folder.iterdir()
            if path.suffix == ending and _ID.fullmatch(path.stem) and path.is_file()
        )

    def _read(self, certificate: str) -> str:
        path = self._path(certificate, FINISHED)
        with (path if path.exists() else self._path(certificate, PENDING)).open("rb") as file:
            return file.read(MAX_NOTE).decode(errors="replace")

    def _path(self, certificate: str, ending: str) -> Path:
        return self._folder / (certificate + ending)

    def _settle(self) -> None:
        """Make the names durable, too."""
        descriptor = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
