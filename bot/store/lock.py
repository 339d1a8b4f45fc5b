"""The lock beside the file: one process at a time opens a database read-write."""

import fcntl
import os
from pathlib import Path
from typing import Final

from bot.core.errors import Unavailable

_TAKEN: Final = "another Samjour process has this database open; ask it over its admin socket, or stop it"


class FileLock:
    """Holds `<path>.lock` until released; a process that dies lets go.

    The lock's file stays: removing it would let two processes lock two files of one name.
    """

    def __init__(self, path: Path) -> None:
        """Take the lock. Raises Unavailable when somebody else holds it or the folder cannot be written."""
        beside = path.with_name(path.name + ".lock")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(beside, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise Unavailable("the database's folder cannot be written") from error
        self._held = True
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self.release()
            raise Unavailable(
                _TAKEN if isinstance(error, BlockingIOError) else "the file cannot be locked"
            ) from error

    def release(self) -> None:
        """Let go; harmless the second time."""
        if self._held:
            self._held = False
            os.close(self._descriptor)
