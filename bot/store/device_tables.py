"""Devices: how they came to be trusted, the directories that say so, and how people sign in with them."""

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from bot.store.columns import Instant
from bot.store.metadata import METADATA, kept, key, maybe

devices = Table(
    "devices",
    METADATA,
    key("id", LargeBinary),
    kept("organisation", Text),
    maybe("person", Text),  # none: a bridge
    kept("rights", Integer),
    kept("state", Text),
    kept("tier", Text),
    kept("public", LargeBinary),
    kept("bundle", LargeBinary),  # empty: known from before devices signed one
    kept("enrolled_at", Instant),
    maybe("revoked_at", Instant),
    Index(None, "organisation", "state"),
    Index(None, "person"),
)

device_approvals = Table(
    "device_approvals",
    METADATA,
    key("device", LargeBinary, ForeignKey("devices.id")),
    key("approver", LargeBinary),  # a device's id, or the root's
    kept("content", LargeBinary),
    Index(None, "approver"),
)

device_roots = Table(
    "device_roots",
    METADATA,
    key("organisation", Text),
    kept("public", LargeBinary),
)

introductions = Table(
    "introductions",
    METADATA,
    key("organisation", Text),  # who introduces
    key("other", Text),  # who is introduced
    kept("content", LargeBinary),
)

invitations = Table(
    "invitations",
    METADATA,
    key("digest", LargeBinary),
    kept("organisation", Text),
    kept("person", Text, ForeignKey("people.id")),
    kept("rights", Integer),
    kept("inviter", Text),
    kept("expires", Instant),
    maybe("redeemed_at", Instant),
    maybe("device", LargeBinary),  # which was enrolled with it
    Index(None, "person"),
)

directories = Table(
    "directories",
    METADATA,
    key("organisation", Text),
    kept("number", Integer),  # of the newest; its body is the ledger's entry
    kept("position", BigInteger),  # of that entry
)

passkeys = Table(
    "passkeys",
    METADATA,
    key("id", LargeBinary),
    kept("person", Text, ForeignKey("people.id")),
    kept("public", LargeBinary),  # COSE key
    kept("made_at", Instant),
    kept("signed", BigInteger),  # of signatures, as the authenticator last said
    Index(None, "person"),
)

challenges = Table(
    "challenges",
    METADATA,
    key("position", Integer),  # order of issuing
    kept("digest", LargeBinary),
    kept("purpose", Text),
    kept("expires", Instant),
    UniqueConstraint("digest"),
    sqlite_autoincrement=True,
)
