"""Cosignatures of witnesses over checkpoints."""

from sqlalchemy import BigInteger, ForeignKeyConstraint, Table, Text

from bot.store.metadata import METADATA, kept, key

cosignatures = Table(
    "cosignatures",
    METADATA,
    key("organisation", Text),
    key("size", BigInteger),  # of the checkpoint
    key("witness", Text),  # "name+keyid": which key
    kept("line", Text),  # the signature line as it stands under the note, newline included
    ForeignKeyConstraint(["organisation", "size"], ["checkpoints.organisation", "checkpoints.size"]),
)
