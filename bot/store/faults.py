"""Foreign errors, translated once: what SQLite says becomes one of our sentences."""

import sqlite3
from typing import Final

from sqlalchemy import ExceptionContext

from bot.core.errors import BadInput, SamjourError, Tampered, Unavailable

_OUT_OF_REACH: Final = {
    sqlite3.SQLITE_BUSY: "another process holds the database",
    sqlite3.SQLITE_LOCKED: "another process holds the database",
    sqlite3.SQLITE_CANTOPEN: "the database cannot be opened",
    sqlite3.SQLITE_NOTADB: "the file is not a database of Samjour",
    sqlite3.SQLITE_CORRUPT: "the database is damaged",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "the disk cannot be read or written",
    sqlite3.SQLITE_READONLY: "the database can only be read here",
    sqlite3.SQLITE_PERM: "the database may not be opened by this user",
    sqlite3.SQLITE_AUTH: "the database may not be opened by this user",
    sqlite3.SQLITE_NOMEM: "there is no memory left for the database",
}


def translate(error: BaseException) -> SamjourError:
    """What a database error means here. Its own text stays behind: it might repeat a value."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None and isinstance(
        error, sqlite3.OperationalError
    ):  # the driver's own: a text that is no UTF-8
        return Tampered("a stored text cannot be read")
    code = (code or sqlite3.SQLITE_ERROR) & 0xFF  # the low byte is the primary code
    if code == sqlite3.SQLITE_CONSTRAINT:
        return BadInput("this does not fit what is recorded")
    return Unavailable(_OUT_OF_REACH.get(code, "the database refused"))


def on_error(context: ExceptionContext) -> None:
    """The engine's listener: no error of the driver leaves the store untranslated."""
    if isinstance(context.original_exception, sqlite3.Error):
        raise translate(context.original_exception)
