"""What files decide: knowledge/, policies/ and texts/, read as one and checked as one."""

from bot.content.checks import check, examine
from bot.content.files import digest
from bot.content.paths import (
    ACCESS,
    CHANNELS,
    DEMO,
    GLOSSARY,
    GUARD,
    LAW,
    MAX_BYTES,
    NAMES,
    OPENINGS,
    RETENTION,
    SECRECY,
    TEXTS,
    WAKING,
    WORDS,
)
from bot.content.published import Load, Published
from bot.content.whole import Content, locate, read

__all__ = [
    "ACCESS",
    "CHANNELS",
    "DEMO",
    "GLOSSARY",
    "GUARD",
    "LAW",
    "MAX_BYTES",
    "NAMES",
    "OPENINGS",
    "RETENTION",
    "SECRECY",
    "TEXTS",
    "WAKING",
    "WORDS",
    "Content",
    "Load",
    "Published",
    "check",
    "digest",
    "examine",
    "locate",
    "read",
]
