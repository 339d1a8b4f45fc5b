"""Reads knowledge/, policies/ and texts/ -> one frozen, digested Content, all of it or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bot.content.files import decoded, digest, gathered
from bot.content.parts import (
    attempt,
    cross_faults,
    read_articles,
    read_demo,
    read_guard,
    read_structure,
    read_texts,
    read_waking,
    read_witnesses,
    single,
)
from bot.content.paths import ACCESS, CHANNELS, GLOSSARY, LAW, OPENINGS, RETENTION, SECRECY, TEXTS
from bot.core import access_file, channels_policy, openings_policy, retention_file, secrecy_policy
from bot.core.channels_policy import ChannelPolicy
from bot.core.errors import BadContent
from bot.core.guard import GuardRules
from bot.core.library import glossary as glossary_of
from bot.core.library import law_sections, search
from bot.core.library.article import Article
from bot.core.library.glossary import Glossary
from bot.core.library.law_sections import LawSections
from bot.core.library.search import Library
from bot.core.openings_policy import OpeningPolicy
from bot.core.people_file import PeopleFile
from bot.core.places import Structure
from bot.core.policy import AccessPolicy
from bot.core.retention import RetentionPolicy
from bot.core.secrecy_policy import SecrecyPolicy
from bot.core.text import Texts
from bot.core.waking_policy import WakingPolicy
from bot.core.witnesses_file import Witness


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Everything that files decide, as they stood at one moment; `digest` (hex) names exactly these bytes.

    `demo` holds the people of a demo, where there is such a file.
    """

    digest: str
    articles: tuple[Article, ...]
    glossary: Glossary
    library: Library
    law: LawSections
    structure: Structure
    guard: GuardRules
    policy: AccessPolicy
    channels: ChannelPolicy
    retention: RetentionPolicy
    openings: OpeningPolicy
    secrecy: SecrecyPolicy
    texts: Texts
    waking: WakingPolicy
    witnesses: tuple[Witness, ...]
    demo: PeopleFile | None


def locate(chosen: Path | None, working: Path) -> Path:
    """Where knowledge/ and policies/ stand: the chosen folder, else the working one, else the checkout.

    Raises BadContent where they do not.
    """
    checkout = Path(__file__).parents[2]
    for root in (chosen,) if chosen is not None else (working, checkout):
        if (root / "knowledge").is_dir() and (root / "policies").is_dir():
            return root
    raise BadContent("SAMJOUR_CONTENT_DIR: there is no folder with knowledge/ and policies/")


def read(root: Path, texts: Path = TEXTS, *, knowledge: Path | None = None) -> Content:
    """Everything under `root`, and the sentences under `texts`. `knowledge`: instead of that folder of `root`.

    Raises BadContent with every fault, one a line: "path: reason". Nothing is ever half read.
    """
    faults: list[str] = []
    bodies = gathered(root, texts, faults, knowledge or root / "knowledge")
    content = _parsed(decoded(bodies, faults), digest(bodies), faults)
    if faults or content is None:
        raise BadContent("\n".join(faults))
    return content


def _parsed(files: Mapping[str, str], digested: str, faults: list[str]) -> Content | None:
    """The content of the files; None where there is any fault."""
    texts = attempt(faults, partial(read_texts, files))
    policy = single(faults, files, ACCESS, access_file.parse)
    openings = single(faults, files, OPENINGS, openings_policy.parse)
    glossary = single(faults, files, GLOSSARY, glossary_of.parse)
    law = single(faults, files, LAW, law_sections.parse)
    rules = read_guard(files, faults)
    articles = read_articles(files, faults)
    # where an article could not be read, those that relate to it are not wrong
    whole = not any(fault.startswith("knowledge/sv/") for fault in faults)
    structure = read_structure(files, faults)
    channels = retention = secrecy = demo = waking = witnesses = None
    if structure is not None:
        channels = single(faults, files, CHANNELS, partial(channels_policy.parse, structure=structure))
        retention = single(faults, files, RETENTION, partial(retention_file.parse, structure=structure))
        if law is not None:
            secrecy = single(
                faults, files, SECRECY, partial(secrecy_policy.parse, structure=structure, law=law)
            )
        demo = attempt(faults, partial(read_demo, files, structure))
        waking = attempt(faults, partial(read_waking, files, structure))
        witnesses = attempt(faults, partial(read_witnesses, files, structure))
        faults += cross_faults(articles, structure)
    library = None
    if glossary is not None and articles and whole:
        library = attempt(faults, partial(search.build, articles, glossary))
    if faults:
        return None
    assert texts is not None
    assert policy is not None
    assert openings is not None
    assert secrecy is not None
    assert glossary is not None
    assert law is not None
    assert rules is not None
    assert structure is not None
    assert channels is not None
    assert retention is not None
    assert library is not None
    assert waking is not None
    assert witnesses is not None
    return Content(
        digest=digested,
        articles=articles,
        glossary=glossary,
        library=library,
        law=law,
        structure=structure,
        guard=rules,
        policy=policy,
        channels=channels,
        retention=retention,
        openings=openings,
        secrecy=secrecy,
        texts=texts,
        waking=waking,
        witnesses=witnesses,
        demo=demo,
    )
