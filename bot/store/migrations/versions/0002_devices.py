"""Devices: how they came to be trusted, and the directories that say so."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add what is missing."""
