"""Forums' lists; notices of grave events, their sealed copies, and what each person answered."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "forum_lists",
        sa.Column("forum", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("forum", "person", name=op.f("pk_forum_lists")),
    )
    op.create_table(
        "graves",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("forum", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("device", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_graves")),
    )
    op.create_index(op.f("ix_graves_sender_at"), "graves", ["sender", "at"])
    op.create_table(
        "grave_copies",
        sa.Column("grave", sa.Text(), nullable=False),
        sa.Column("device", sa.LargeBinary(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("grave", "device", name=op.f("pk_grave_copies")),
    )
    op.create_table(
        "graves_told",
        sa.Column("grave", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("grave", "person", name=op.f("pk_graves_told")),
    )
    op.create_index(op.f("ix_graves_told_person"), "graves_told", ["person"])
