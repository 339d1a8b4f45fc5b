"""Questions kept for curators, and how many there were."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the tables, for today and for days that are over."""
    for suffix in ("", "_today"):
        op.create_table(
            f"questions{suffix}",
            sa.Column("id", sa.LargeBinary(), nullable=False),
            sa.Column("device", sa.LargeBinary(), nullable=False),
            sa.Column("organisation", sa.Text(), nullable=False),
            sa.Column("day", sa.Text(), nullable=False),
            sa.Column("blob", sa.LargeBinary(), nullable=False),
            sa.PrimaryKeyConstraint("id", "device", name=op.f(f"pk_questions{suffix}")),
        )
        op.create_table(
            f"question_counts{suffix}",
            sa.Column("organisation", sa.Text(), nullable=False),
            sa.Column("day", sa.Text(), nullable=False),
            sa.Column("kind", sa.Text(), nullable=False),
            sa.Column("article", sa.Text(), nullable=False),
            sa.Column("count", sa.Integer(), nullable=False),
            sa.PrimaryKeyConstraint(
                "organisation", "day", "kind", "article", name=op.f(f"pk_question_counts{suffix}")
            ),
        )
    op.create_index(
        op.f("ix_questions_organisation_device_day_id"), "questions", ["organisation", "device", "day", "id"]
    )
    op.create_index(op.f("ix_questions_today_organisation_day"), "questions_today", ["organisation", "day"])
