"""Retention: certificates of what was erased, and holds that stop it."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add what is missing."""
