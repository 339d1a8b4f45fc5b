"""Rewrites a database's file, so that nothing is left in it of what was deleted.

`secure_delete` overwrites a row where it stood last. Where it stood before, when a page was split or joined, a copy may
be left in the unused part of that page, and nothing ever clears that part by itself. Only VACUUM does: it makes every
page anew.
"""

from pathlib import Path

from sqlalchemy import Connection

from bot.store.connect import driver


def rewrite(connection: Connection, folder: Path) -> None:
    """VACUUM. Call it outside every transaction; then empty the log, through which the new pages went.

    The copy that it makes is as large as the database, and stands in `folder`, beside it: in memory it could end the
    process, and elsewhere it might leave an encrypted disk. Raises sqlite3.Error when there is no room.
    """
    raw = driver(connection)
    beside = str(folder.absolute()).replace("'", "''")
    raw.execute(f"PRAGMA temp_store_directory = '{beside}'")
    raw.execute("PRAGMA temp_store = FILE")
    try:
        raw.execute("VACUUM")
    finally:
        raw.execute("PRAGMA temp_store = MEMORY")
