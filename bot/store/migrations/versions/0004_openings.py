"""Openings of transcripts: who asked, whose shares were passed on, who holds which seat, which escrows replaced others.

The seats of the escrows of before are held by those for whom they were made.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.seal.errors import SealError
from bot.seal.threshold import from_bytes

revision = "0004"
down_revision = "0003"

_ESCROWS = sa.text("SELECT room, epoch, organisation, blob FROM escrows")
_SIT = sa.text(
    "INSERT INTO escrow_seats (room, epoch, organisation, seat, device, person, needed)"
    " VALUES (:room, :epoch, :organisation, :seat, :device, :person, :needed)"
)
_AT_A_TIME = 500  # rows


def upgrade() -> None:
    """Make the tables, and seat everybody."""
    op.create_table(
        "openings",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=True),
        sa.Column("consultation", sa.Text(), nullable=True),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("device", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("gives", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("request", sa.LargeBinary(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_openings")),
    )
    op.create_index(op.f("ix_openings_organisation_asked_at"), "openings", ["organisation", "asked_at"])
    op.create_index(op.f("ix_openings_room"), "openings", ["room"])
    for name, column, where in (
        ("ux_openings_room", "room", "ended_at IS NULL"),
        ("ux_openings_every_room", "organisation", "ended_at IS NULL AND room IS NULL"),
    ):
        op.create_index(
            name,
            "openings",
            [column],
            unique=True,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )
    op.create_table(
        "passed_shares",
        sa.Column("opening", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("device", sa.LargeBinary(), nullable=False),
        sa.Column("statement", sa.LargeBinary(), nullable=False),
        sa.Column("sig", sa.LargeBinary(), nullable=False),
        sa.Column("blob", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["opening"], ["openings.id"], name=op.f("fk_passed_shares_opening")),
        sa.PrimaryKeyConstraint("opening", "room", "epoch", "seat", name=op.f("pk_passed_shares")),
    )
    op.create_index(op.f("ix_passed_shares_room"), "passed_shares", ["room"])
    op.create_table(
        "wrong_shares",
        sa.Column("opening", sa.Text(), nullable=False),
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["opening"], ["openings.id"], name=op.f("fk_wrong_shares_opening")),
        sa.PrimaryKeyConstraint("opening", "room", "epoch", "seat", name=op.f("pk_wrong_shares")),
    )
    op.create_index(op.f("ix_wrong_shares_room"), "wrong_shares", ["room"])
    op.create_table(
        "opening_notices",
        sa.Column("opening", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("consultation", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["opening"], ["openings.id"], name=op.f("fk_opening_notices_opening")),
        sa.PrimaryKeyConstraint("opening", "person", name=op.f("pk_opening_notices")),
    )
    op.create_index(op.f("ix_opening_notices_person_at"), "opening_notices", ["person", "at"])
    op.create_index(op.f("ix_opening_notices_consultation"), "opening_notices", ["consultation"])
    op.create_table(
        "escrow_seats",
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("device", sa.LargeBinary(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "room", "epoch", "organisation", "seat", "device", name=op.f("pk_escrow_seats")
        ),
    )
    op.create_index(
        op.f("ix_escrow_seats_organisation_room_epoch"), "escrow_seats", ["organisation", "room", "epoch"]
    )
    op.create_index(
        op.f("ix_escrow_seats_person_organisation_room_epoch"),
        "escrow_seats",
        ["person", "organisation", "room", "epoch"],
    )
    op.create_table(
        "hand_ons",
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("escrow", sa.LargeBinary(), nullable=False),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("device", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("room", "epoch", "organisation", "number", name=op.f("pk_hand_ons")),
    )
    op.create_table(
        "redeals",
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opening", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("old", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("room", "epoch", "organisation", "number", name=op.f("pk_redeals")),
    )
    _seat_everybody()


def _seat_everybody() -> None:
    bind = op.get_bind()
    found = bind.execute(_ESCROWS)
    while rows := found.fetchmany(_AT_A_TIME):
        seats = [seat for row in rows for seat in _seats_of(row)]
        if seats:
            bind.execute(_SIT, seats)


def _seats_of(row: Any) -> list[dict[str, object]]:
    try:
        escrow = from_bytes(row.blob)
    except SealError:  # a damaged escrow keeps no database from starting; `ledger verify` names it
        return []
    return [
        {
            "room": row.room,
            "epoch": row.epoch,
            "organisation": row.organisation,
            "seat": seat.person,
            "device": share.device_id,
            "person": seat.person,
            "needed": escrow.t,
        }
        for seat in escrow.seats
        for share in seat.shares
    ]
