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


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Everything that files decide, as they stood at one moment; `digest` (hex) names exactly these bytes.

    `demo` holds the people of a demo, where there is such a file. `fields` are each organisation's own
    values, by which articles are completed.
    """

    digest: str
    articles: tuple[Article, ...]
    glossary: Glossary
    library: Library
    structure: Structure
    guard: GuardRules
    policy: AccessPolicy
    channels: ChannelPolicy
    texts: Texts
    demo: PeopleFile | None
    fields: Mapping[OrganisationId, Mapping[str, str]]


def locate(chosen: Path | None, working: Path) -> Path:
    """Where knowledge/ and policies/ stand: the chosen folder, else the working one, else the checkout.

    Raises BadContent where they do not.
    """
    checkout = Path(__file__).parent.parent
    for root in (chosen,) if chosen is not None else (working, checkout):
        if (root / "knowledge").is_dir() and (root / "policies").is_dir():
            return root
    raise BadContent("SAMJOUR_CONTENT_DIR: there is no folder with knowledge/ and policies/")


def read(root: Path, texts: Path = TEXTS) -> Content:
    """Everything under `root`, and the sentences under `texts`.

    Raises BadContent with every fault, one a line: "path: reason". Nothing is left half read.
    """
    faults = _Faults()
    found = _gather(root, texts, faults)
    files = _decoded(found, faults)
    faults.raise_any()
    content = _parse(files, digest(found), faults)
    faults.raise_any()
    assert content is not None
    return content


def digest(files: Mapping[str, bytes]) -> str:
    """SHA-256 (hex) over paths and bytes in the order of the paths, each led by its length (u64be)."""
    total = sha256()
    for path, body in sorted(files.items()):
        for part in (path.encode(), body):
            total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()
