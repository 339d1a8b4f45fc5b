"""Openings of transcripts: who asked, whose shares were passed on, which escrows replaced others."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add what is missing."""
