"""Files that are whole or not there: written under another name first, durable before they get their own."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def write_durably(path: Path, content: bytes) -> None:
    """Put a file of mode 0600 in the place of whatever stands there; durable when this returns. Raises OSError."""

    def fill(beside: Path) -> None:
        beside.write_bytes(content)

    make_file(path, fill, place=os.replace)


def make_file(path: Path, fill: Callable[[Path], None], *, place: Callable[[Path, Path], None]) -> None:
    """Have an empty file of mode 0600 in the same folder filled, then `place` it at its path; durable when this returns.

    Raises OSError, and what `fill` and `place` raise; then nothing of it is left.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    os.close(descriptor)
    beside = Path(name)
    try:
        fill(beside)
        _sync(beside)
        place(beside, path)
        _sync(path.parent)
    finally:
        beside.unlink(missing_ok=True)


def place_new(beside: Path, path: Path) -> None:
    """Give a file its name, if nothing has it yet. Raises FileExistsError."""
    try:
        os.link(beside, path)
    except FileExistsError:
        raise
    except OSError as error:  # a file system without links
        if path.exists():
            raise FileExistsError from error
        beside.rename(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
