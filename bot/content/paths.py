"""Which files are content, by their path, and how large they may be."""

import re
from pathlib import Path
from typing import Final

from bot.core.library import law_sections

MAX_BYTES: Final = 256 * 1024  # of one file
MAX_FILES: Final = 5_000
MAX_DEPTH: Final = 8  # folders within folders
TEXTS: Final = Path(__file__).parents[1] / "texts"  # sentences belong to the code that says them

GLOSSARY: Final = "knowledge/glossary.yaml"
ACCESS: Final = "policies/access.yaml"
CHANNELS: Final = "policies/channels.yaml"
DEMO: Final = "policies/demo.yaml"
GUARD: Final = "policies/guard.yaml"
LAW: Final = law_sections.PATH
NAMES: Final = "policies/guard/names.txt"
OPENINGS: Final = "policies/openings.yaml"
RETENTION: Final = "policies/retention.yaml"
SECRECY: Final = "policies/secrecy.yaml"
WORDS: Final = "policies/guard/words.txt"
WAKING: Final = "policies/waking.yaml"
WITNESSES: Final = "policies/witnesses.yaml"
SINGLE: Final = (
    GLOSSARY,
    ACCESS,
    CHANNELS,
    DEMO,
    GUARD,
    LAW,
    NAMES,
    OPENINGS,
    RETENTION,
    SECRECY,
    WORDS,
    WAKING,
    WITNESSES,
)
ARTICLE: Final = re.compile(r"knowledge/sv/[a-z0-9-]+/[a-z0-9-]+\.md")
ORGANISATION: Final = re.compile(r"policies/organisations/[a-z0-9-]+\.yaml")
ORGANISATIONS: Final = "policies/organisations"
TEXT: Final = re.compile(r"bot/texts/[a-z0-9-]+\.(sv|en)\.toml")


def is_content(path: str) -> bool:
    """Whether Samjour reads a file of that path: its folder's name, then the way within it."""
    return path in SINGLE or any(kind.fullmatch(path) for kind in (ARTICLE, ORGANISATION, TEXT))
