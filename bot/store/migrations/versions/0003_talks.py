"""Rooms of device identities: what was sent already."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add what is missing."""
