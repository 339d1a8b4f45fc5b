"""Cosignatures of witnesses over checkpoints."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "cosignatures",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("witness", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation", "size"],
            ["checkpoints.organisation", "checkpoints.size"],
            name=op.f("fk_cosignatures_organisation_size"),
        ),
        sa.PrimaryKeyConstraint("organisation", "size", "witness", name=op.f("pk_cosignatures")),
    )
