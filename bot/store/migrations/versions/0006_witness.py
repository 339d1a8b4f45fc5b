"""Cosignatures of witnesses over checkpoints."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add what is missing."""
