"""Retention: certificates of what was erased, holds that stop it, when it last looked; entries that can be erased.

Entries are given the consultation that they are about, by what their bodies say.
"""

import sqlalchemy as sa
from alembic import op

from bot.core.retention_subject import named_in

revision = "0005"
down_revision = "0004"

_NAMING = sa.text("SELECT organisation, number, body FROM entries WHERE kind IN ('consultation', 'room')")
_ABOUT = sa.text("UPDATE entries SET about = :about WHERE organisation = :organisation AND number = :number")
_AT_A_TIME = 1000  # rows


def upgrade() -> None:
    """Make the tables, and what erasing has to find."""
    op.create_table(
        "certificates",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
    )
    op.create_table(
        "holds",
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["consultation"], ["consultations.id"], name=op.f("fk_holds_consultation")),
        sa.PrimaryKeyConstraint("consultation", "decision", name=op.f("pk_holds")),
    )
    op.create_table(
        "looks",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", name=op.f("pk_looks")),
    )
    op.create_index(
        "ix_consultations_closed",
        "consultations",
        ["begun_at"],
        unique=False,
        sqlite_where=sa.text("state = 'closed'"),
        postgresql_where=sa.text("state = 'closed'"),
    )
    op.create_index(op.f("ix_rooms_consultation"), "rooms", ["consultation"], unique=False)
    with op.batch_alter_table("entries") as entries:
        entries.alter_column("salt", existing_type=sa.LargeBinary(), nullable=True)
        entries.alter_column("body", existing_type=sa.LargeBinary(), nullable=True)
        entries.add_column(sa.Column("about", sa.Text(), nullable=True))
        entries.add_column(sa.Column("erased_by", sa.Text(), nullable=True))
    _say_what_entries_are_about()
    for name, columns in (("about", ["about"]), ("erased_by", ["erased_by", "organisation", "number"])):
        op.create_index(
            f"ix_entries_{name}",
            "entries",
            columns,
            unique=False,
            sqlite_where=sa.text(f"{name} IS NOT NULL"),
            postgresql_where=sa.text(f"{name} IS NOT NULL"),
        )


def _say_what_entries_are_about() -> None:
    bind = op.get_bind()
    found = bind.execute(_NAMING)
    while rows := found.fetchmany(_AT_A_TIME):
        told = [
            {"about": about, "organisation": row.organisation, "number": row.number}
            for row in rows
            if (about := named_in(row.body)[0]) is not None
        ]
        if told:
            bind.execute(_ABOUT, told)
