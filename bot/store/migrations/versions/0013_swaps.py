"""Changes of shifts by people: proposals to exchange them."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "swaps",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_swaps")),
    )
    waiting = sa.text("state = 'proposed'")
    op.create_index(op.f("ix_swaps_waiting"), "swaps", ["id"], sqlite_where=waiting, postgresql_where=waiting)
