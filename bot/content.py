"""Reads knowledge/, policies/ and texts/ -> one frozen, digested Content, all of it or nothing."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final, TypeVar

from bot.core import access_file, channels_policy, organisation_file, people_file, who
from bot.core.channels_policy import Bridge, ChannelPolicy
from bot.core.consultation import Ending
from bot.core.errors import BadContent
from bot.core.ids import OrganisationId
from bot.core.library import article as articles_of
from bot.core.library import glossary as glossary_of
from bot.core.library.article import Article
from bot.core.library.glossary import Glossary
from bot.core.local_fields import local_fields
from bot.core.people_file import PeopleFile
from bot.core.places import Kind, Structure
from bot.core.policy import AccessPolicy
from bot.core.press import Choose, encode
from bot.core.request import DecisionKind, Matter, Need, Urgency
from bot.core.text import Language, Texts, merge, parity

MAX_BYTES: Final = 256 * 1024  # of one file
MAX_FILES: Final = 5_000
MAX_DEPTH: Final = 8  # folders within folders
MAX_BUTTON: Final = 40  # characters of a choice: what a narrow phone shows on one line
TEXTS: Final = Path(__file__).parent / "texts"  # sentences belong to the code that says them

ACCESS: Final = "policies/access.yaml"
CHANNELS: Final = "policies/channels.yaml"
DEMO: Final = "policies/demo.yaml"
GLOSSARY: Final = "knowledge/glossary.yaml"
GUARD: Final = "policies/guard.yaml"
REQUIRED: Final = (ACCESS, CHANNELS, GLOSSARY, GUARD)
_ARTICLE: Final = re.compile(r"knowledge/sv/[^/]+/[^/]+\.md")
_ORGANISATION: Final = re.compile(r"policies/organisations/[^/]+\.yaml")
_GUARD_PART: Final = re.compile(r"policies/guard/[^/]+\.yaml")
_TEXT: Final = re.compile(r"bot/texts/[^/]+\.(sv|en)\.toml")
_KNOWN: Final = (_ARTICLE, _ORGANISATION, _GUARD_PART, _TEXT)

T = TypeVar("T")
