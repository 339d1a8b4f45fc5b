"""Devices: how they came to be trusted, and the directories that say so.

Devices of before have signed no bundle, so nobody can vouch for them yet. They stay, without a right to be sealed
to: a bridge is certified, a supervisor's device enrolled again, under the same id if its key file is kept, and what was
sealed to it stays sealed to it. Those that were out of use count as revoked.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_OF_BEFORE = """
INSERT INTO devices (id, organisation, person, rights, state, tier, public, bundle, enrolled_at, revoked_at)
SELECT id, organisation, person,
       CASE kind WHEN 'bridge' THEN 16 ELSE 2 END,
       CASE WHEN active THEN 'pending' ELSE 'revoked' END,
       CASE kind WHEN 'bridge' THEN 'server' ELSE 'file' END,
       public, :nothing, 0,
       CASE WHEN active THEN NULL ELSE 0 END
FROM devices_of_before
"""


def upgrade() -> None:
    """Put the new tables in place, and the devices of before in theirs."""
    op.execute("CREATE TABLE devices_of_before AS SELECT * FROM devices")
    op.drop_table("devices")
    op.create_table(
        "devices",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("rights", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("bundle", sa.LargeBinary(), nullable=False),
        sa.Column("enrolled_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
    )
    op.create_index(op.f("ix_devices_organisation_state"), "devices", ["organisation", "state"], unique=False)
    op.create_index(op.f("ix_devices_person"), "devices", ["person"], unique=False)
    op.get_bind().execute(sa.text(_OF_BEFORE), {"nothing": b""})
    op.drop_table("devices_of_before")
    op.create_table(
        "device_approvals",
        sa.Column("device", sa.LargeBinary(), nullable=False),
        sa.Column("approver", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["device"], ["devices.id"], name=op.f("fk_device_approvals_device")),
        sa.PrimaryKeyConstraint("device", "approver", name=op.f("pk_device_approvals")),
    )
    op.create_index(op.f("ix_device_approvals_approver"), "device_approvals", ["approver"], unique=False)
    op.create_table(
        "device_roots",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", name=op.f("pk_device_roots")),
    )
    op.create_table(
        "introductions",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("other", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "other", name=op.f("pk_introductions")),
    )
    op.create_table(
        "invitations",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("rights", sa.Integer(), nullable=False),
        sa.Column("inviter", sa.Text(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.Column("redeemed_at", sa.BigInteger(), nullable=True),
        sa.Column("device", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_invitations_person")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_invitations")),
    )
    op.create_index(op.f("ix_invitations_person"), "invitations", ["person"], unique=False)
    op.create_table(
        "directories",
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", name=op.f("pk_directories")),
    )
    op.create_table(
        "passkeys",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("signed", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_passkeys_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkeys")),
    )
    op.create_index(op.f("ix_passkeys_person"), "passkeys", ["person"], unique=False)
    op.create_table(
        "challenges",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_challenges")),
        sa.UniqueConstraint("digest", name=op.f("uq_challenges_digest")),
        sqlite_autoincrement=True,
    )
    op.add_column("sessions", sa.Column("device", sa.LargeBinary(), nullable=True))
    op.create_index(op.f("ix_sessions_device"), "sessions", ["device"], unique=False)
