"""Questions kept for curators: those of days that are over, and those of today, which the ledger is told of at night."""

from sqlalchemy import Column, Index, Integer, LargeBinary, Table, Text

from bot.store.columns import SealedBytes
from bot.store.metadata import METADATA, kept, key


def _copies() -> tuple[Column[bytes], ...]:
    return (
        key("id", LargeBinary),  # of the question: 16 random bytes
        key("device", LargeBinary),  # that it is sealed to
        kept("organisation", Text),
        kept("day", Text),
        kept("blob", SealedBytes),
    )


def _counts() -> tuple[Column[int], ...]:
    return (
        key("organisation", Text),
        key("day", Text),
        key("kind", Text),
        key("article", Text),  # '-' where none was meant
        kept("count", Integer),
    )


questions = Table("questions", METADATA, *_copies(), Index(None, "organisation", "device", "day", "id"))
question_counts = Table("question_counts", METADATA, *_counts())
questions_today = Table("questions_today", METADATA, *_copies(), Index(None, "organisation", "day"))
question_counts_today = Table("question_counts_today", METADATA, *_counts())
