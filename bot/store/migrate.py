"""Brings a database's schema forward to this version's, in one transaction; never back."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.core.errors import Unavailable

_SCRIPTS: Final = Path(__file__).parent / "migrations"


def is_current(connection: Connection) -> bool:
    """Whether the schema is exactly this version's. `connection`: in a transaction."""
    stored = MigrationContext.configure(connection).get_current_heads()
    return set(stored) == set(_scripts(Config()).get_heads())


def migrate(connection: Connection) -> None:
    """Run what is missing. Raises Unavailable, with nothing changed, for a database of a newer version."""
    config = Config()
    config.attributes["connection"] = connection
    scripts = _scripts(config)
    with connection.begin():
        stored = set(MigrationContext.configure(connection).get_current_heads())
        if stored - {script.revision for script in scripts.walk_revisions()}:
            raise Unavailable("a newer version of Samjour made this database")
        if stored != set(scripts.get_heads()):
            command.upgrade(config, "head")


def _scripts(config: Config) -> ScriptDirectory:
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return ScriptDirectory.from_config(config)
