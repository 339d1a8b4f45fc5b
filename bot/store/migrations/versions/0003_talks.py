"""Rooms of device identities: which event named a key, to whom keys were handed out, what was sent already.

The keys of before were all named by the event that began their epoch.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_NAMED_BY = """
UPDATE room_keys SET seq = (
    SELECT room_epochs.seq FROM room_epochs
    WHERE room_epochs.room = room_keys.room AND room_epochs.epoch = room_keys.epoch
)
"""


def upgrade() -> None:
    """Make the tables, and say of each key which event named it."""
    op.add_column("room_keys", sa.Column("seq", sa.Integer(), nullable=True))
    op.execute(_NAMED_BY)
    with op.batch_alter_table("room_keys") as keys:
        keys.alter_column("seq", existing_type=sa.Integer(), nullable=False)
        keys.drop_constraint(op.f("pk_room_keys"), type_="primary")
        keys.create_primary_key(op.f("pk_room_keys"), ["room", "epoch", "device", "seq"])
    op.create_table(
        "key_reads",
        sa.Column("room", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("device", sa.LargeBinary(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["room", "epoch"], ["room_epochs.room", "room_epochs.epoch"], name=op.f("fk_key_reads_room_epoch")
        ),
        sa.PrimaryKeyConstraint("room", "epoch", "device", name=op.f("pk_key_reads")),
    )
    op.create_table(
        "sendings",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("what", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sendings")),
    )
    op.create_index(op.f("ix_sendings_at"), "sendings", ["at"], unique=False)
