"""Reads knowledge/, policies/ and texts/ -> one frozen, digested Content, all of it or nothing."""

import asyncio
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Final, TypeVar, assert_never

from bot.core import (
    access_file,
    channels_policy,
    guard,
    openings_policy,
    organisation_file,
    people_file,
    retention_file,
    who,
    witnesses_file,
)
from bot.core.channels_policy import ChannelPolicy
from bot.core.choices import choice_faults
from bot.core.errors import BadContent
from bot.core.guard import GuardRules, SpanType
from bot.core.library import article as articles_of
from bot.core.library import freshness, law_sections, search, shelf_faults
from bot.core.library import glossary as glossary_of
from bot.core.library.article import Article
from bot.core.library.glossary import Glossary
from bot.core.library.law_sections import LawSections
from bot.core.library.search import Library
from bot.core.local_fields import local_fields
from bot.core.openings_policy import OpeningPolicy
from bot.core.people_file import PeopleFile
from bot.core.places import Structure
from bot.core.policy import AccessPolicy
from bot.core.retention import RetentionPolicy
from bot.core.text import Language, Texts, merge, parity
from bot.core.witnesses_file import Witness
from bot.seal.cosignature import witness_from_text
from bot.seal.errors import Malformed

MAX_BYTES: Final = 256 * 1024  # of one file
MAX_FILES: Final = 5_000
MAX_DEPTH: Final = 8  # folders within folders
TEXTS: Final = Path(__file__).parent / "texts"  # sentences belong to the code that says them

GLOSSARY: Final = "knowledge/glossary.yaml"
ACCESS: Final = "policies/access.yaml"
CHANNELS: Final = "policies/channels.yaml"
DEMO: Final = "policies/demo.yaml"
GUARD: Final = "policies/guard.yaml"
LAW: Final = law_sections.PATH
NAMES: Final = "policies/guard/names.txt"
OPENINGS: Final = "policies/openings.yaml"
RETENTION: Final = "policies/retention.yaml"
WORDS: Final = "policies/guard/words.txt"
WITNESSES: Final = "policies/witnesses.yaml"
SINGLE: Final = (GLOSSARY, ACCESS, CHANNELS, DEMO, GUARD, LAW, NAMES, OPENINGS, RETENTION, WORDS, WITNESSES)
ARTICLE: Final = re.compile(r"knowledge/sv/[a-z0-9-]+/[a-z0-9-]+\.md")
ORGANISATION: Final = re.compile(r"policies/organisations/[a-z0-9-]+\.yaml")
ORGANISATIONS: Final = "policies/organisations"
TEXT: Final = re.compile(r"bot/texts/[a-z0-9-]+\.(sv|en)\.toml")
PROSE: Final = "README.md"  # for people; not content
MARK: Final = "\ufeff"  # a byte order mark: nobody sees it, and every other program reads it differently
# What no article may hold of anybody. Names and streets are left to the eye: an article tells of offices and places.
IDENTITIES: Final = frozenset(
    {SpanType.PERSONNUMMER, SpanType.SAMORDNINGSNUMMER, SpanType.PHONE, SpanType.EMAIL}
)

T = TypeVar("T")


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
    texts: Texts
    witnesses: tuple[Witness, ...]
    demo: PeopleFile | None


Load = Callable[[date], tuple[Content | None, list[str]]]


def locate(chosen: Path | None, working: Path) -> Path:
    """Where knowledge/ and policies/ stand: the chosen folder, else the working one, else the checkout.

    Raises BadContent where they do not.
    """
    checkout = Path(__file__).parent.parent
    for root in (chosen,) if chosen is not None else (working, checkout):
        if (root / "knowledge").is_dir() and (root / "policies").is_dir():
            return root
    raise BadContent("SAMJOUR_CONTENT_DIR: there is no folder with knowledge/ and policies/")


def read(root: Path, texts: Path = TEXTS, *, knowledge: Path | None = None) -> Content:
    """Everything under `root`, and the sentences under `texts`. `knowledge`: instead of that folder of `root`.

    Raises BadContent with every fault, one a line: "path: reason". Nothing is ever half read.
    """
    faults: list[str] = []
    bodies = _gathered(root, texts, faults, knowledge or root / "knowledge")
    content = _parsed(_decoded(bodies, faults), digest(bodies), faults)
    if faults or content is None:
        raise BadContent("\n".join(faults))
    return content


def digest(bodies: Mapping[str, bytes]) -> str:
    """SHA-256 (hex) over paths and bytes in the order of the paths, each led by its length (u64be)."""
    total = sha256()
    for path, body in sorted(bodies.items()):
        for part in (path.encode(), body):
            total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()


def check(root: Path, texts: Path = TEXTS, *, today: date | None = None) -> tuple[int, list[str]]:
    """How many articles there are, and every fault: of the files, or, where they can be read, of their examples.

    `today`: also what has expired, or is dated ahead of that Swedish day.
    """
    content, faults = examine(root, texts, today=today)
    if content is None:
        return 0, faults
    if today is not None:
        faults += freshness.expiry_faults(content.articles, today)
    return len(content.articles), faults


def examine(
    root: Path, texts: Path = TEXTS, *, today: date | None = None
) -> tuple[Content | None, list[str]]:
    """The content, None where it cannot be read, and every fault but that an article has expired.

    What has expired is withheld and does no harm: it must not keep back a correction of something else.
    """
    try:
        content = read(root, texts)
    except BadContent as error:
        return None, str(error).splitlines()
    return content, [
        *(f"{ACCESS}: {fault}" for fault in access_file.run_examples(content.policy)),
        *(f"{CHANNELS}: {fault}" for fault in channels_policy.run_examples(content.channels)),
        *(f"{RETENTION}: {fault}" for fault in retention_file.run_examples(content.retention)),
        *(f"{GUARD}: {fault}" for fault in guard.run_examples(content.guard)),
        *(f"{OPENINGS}: {fault}" for fault in openings_policy.run_examples(content.openings)),
        *_organisation_faults(content),
        *_knowledge_faults(content),
        *(freshness.ahead_faults(content.articles, today) if today is not None else ()),
        *(
            fault if fault.startswith("bot/texts") else f"{ORGANISATIONS}: {fault}"
            for fault in choice_faults(content.texts, content.structure)
        ),
    ]


class Published:
    """The content in force: called, it gives what was put there last."""

    def __init__(self, first: Content, load: Load) -> None:
        """`load` reads and checks the files anew, as of a Swedish day: the content, or None, and every fault."""
        self._current = first
        self.load = load
        self.alone = asyncio.Lock()  # one publishing at a time

    def __call__(self) -> Content:
        """The content in force."""
        return self._current

    def put(self, content: Content) -> None:
        """From now on this one; whoever was given the other keeps it until they ask again."""
        self._current = content


# ---- files -------------------------------------------------------------------------------------------


def _gathered(root: Path, texts: Path, faults: list[str], knowledge: Path) -> dict[str, bytes]:
    """The bytes of every file that is content, by its path; what is not is a fault."""
    bodies: dict[str, bytes] = {}
    for name, top, boundary in (
        ("knowledge", knowledge, knowledge.parent),
        ("policies", root / "policies", root),
        ("bot/texts", texts, texts),
    ):
        if not _inside(top, boundary.resolve()):
            faults.append(f"{name}: is not a folder of the content")
            continue
        for path, file in _walk(name, top, boundary.resolve(), MAX_DEPTH, faults):
            if len(bodies) == MAX_FILES:
                faults.append(f"{name}: there are more than {MAX_FILES} files")
                return bodies
            bodies[path] = _body(path, file, faults)
    return bodies


def _walk(
    name: str, folder: Path, boundary: Path, depth: int, faults: list[str]
) -> Iterator[tuple[str, Path]]:
    """Every file under a folder, in the order of names. Hidden files and prose for people are passed by."""
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        faults.append(f"{name}: cannot be read")
        return
    for entry in entries:
        path = f"{name}/{_shown(entry.name)}"
        if entry.name.startswith(".") or entry.name == PROSE:
            continue
        if entry.is_symlink() and (entry.is_dir() or not _inside(entry, boundary)):
            faults.append(f"{path}: a link must lead to a file of the content")
        elif entry.is_dir() and depth > 1:
            yield from _walk(path, entry, boundary, depth - 1, faults)
        elif entry.is_file() and _is_content(path):
            yield path, entry
        else:
            faults.append(f"{path}: is not a file that Samjour reads here")


def _inside(entry: Path, boundary: Path) -> bool:
    try:
        return entry.resolve(strict=True).is_relative_to(boundary)
    except (OSError, RuntimeError):  # it leads nowhere, or round in a ring
        return False


def _is_content(path: str) -> bool:
    return path in SINGLE or any(kind.fullmatch(path) for kind in (ARTICLE, ORGANISATION, TEXT))


def _body(path: str, file: Path, faults: list[str]) -> bytes:
    try:
        with file.open("rb") as opened:
            body = opened.read(MAX_BYTES + 1)
    except OSError:
        faults.append(f"{path}: cannot be read")
        return b""
    if len(body) > MAX_BYTES:
        faults.append(f"{path}: is larger than {MAX_BYTES} bytes")
    return body


def _decoded(bodies: Mapping[str, bytes], faults: list[str]) -> dict[str, str]:
    """The texts of the files that can be read; those that already have a fault are left out."""
    files: dict[str, str] = {}
    for path, body in bodies.items():
        if any(fault.startswith(f"{path}: ") for fault in faults):
            continue
        try:
            files[path] = body.decode()
        except UnicodeDecodeError:
            faults.append(f"{path}: is not UTF-8")
            continue
        if files[path].startswith(MARK):
            del files[path]
            faults.append(f"{path}: begins with a byte order mark: save it as UTF-8 without one")
    return files


def _shown(name: str) -> str:
    """A file's name, made safe to print on one line."""
    return "".join(c if c.isprintable() else "?" for c in name)


# ---- what stands in them -----------------------------------------------------------------------------


def _parsed(files: Mapping[str, str], digested: str, faults: list[str]) -> Content | None:
    """The content of the files; None where there is any fault."""
    texts = _attempt(faults, partial(_texts, files))
    policy = _single(faults, files, ACCESS, access_file.parse)
    openings = _single(faults, files, OPENINGS, openings_policy.parse)
    glossary = _single(faults, files, GLOSSARY, glossary_of.parse)
    law = _single(faults, files, LAW, law_sections.parse)
    rules = _guard(files, faults)
    articles = _articles(files, faults)
    # where an article could not be read, those that relate to it are not wrong
    whole = not any(fault.startswith("knowledge/sv/") for fault in faults)
    structure = _structure(files, faults)
    channels = retention = demo = witnesses = None
    if structure is not None:
        channels = _single(faults, files, CHANNELS, partial(channels_policy.parse, structure=structure))
        retention = _single(faults, files, RETENTION, partial(retention_file.parse, structure=structure))
        demo = _attempt(faults, partial(_demo, files, structure))
        witnesses = _attempt(faults, partial(_witnesses, files, structure))
        faults += _cross_faults(articles, structure)
    library = None
    if glossary is not None and articles and whole:
        library = _attempt(faults, partial(search.build, articles, glossary))
    if faults:
        return None
    assert texts is not None
    assert policy is not None
    assert openings is not None
    assert glossary is not None
    assert law is not None
    assert rules is not None
    assert structure is not None
    assert channels is not None
    assert retention is not None
    assert library is not None
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
        texts=texts,
        witnesses=witnesses,
        demo=demo,
    )


def _attempt(faults: list[str], parse: Callable[[], T], at: str = "") -> T | None:
    """What `parse` gives; its faults, one a line and led by `at`, where it refuses."""
    try:
        return parse()
    except BadContent as error:
        faults.extend(at + line for line in str(error).splitlines())
        return None


def _single(
    faults: list[str], files: Mapping[str, str], path: str, parse: Callable[[str, str], T]
) -> T | None:
    """What stands in the one file of that path."""
    if path in files:
        return _attempt(faults, lambda: parse(files[path], path))
    if not any(fault.startswith(f"{path}: ") for fault in faults):
        faults.append(f"{path}: is missing")
    return None


def _texts(files: Mapping[str, str]) -> Texts:
    faults: list[str] = []
    tables: dict[Language, dict[str, Mapping[str, object]]] = {language: {} for language in Language}
    for path, text in files.items():
        named = TEXT.fullmatch(path)
        table = _attempt(faults, partial(_table, path, text)) if named else None
        if named and table is not None:
            tables[Language(named[1])][path] = table
    merged = {language: _attempt(faults, partial(merge, tables[language])) or {} for language in Language}
    if not faults:
        where = {
            key: path for of in tables.values() for path, table in of.items() for key in merge({path: table})
        }
        told = parity(merged[Language.SV], merged[Language.EN])
        faults = [f"{_lacking(where[fault.partition(': ')[0]], fault)}: {fault}" for fault in told]
    if faults:
        raise BadContent("\n".join(faults))
    return Texts(sentences=merged)


def _lacking(path: str, fault: str) -> str:
    """The file that a fault of parity is about: where the sentence stands, or ought to stand, in the other language."""
    stem = path.rsplit(".", 2)[0]
    return f"{stem}.{'en' if fault.endswith('is not in English') else 'sv'}.toml"


def _table(path: str, text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadContent(f"{path}: is not TOML: {error}".replace("\n", " ")) from None


def _guard(files: Mapping[str, str], faults: list[str]) -> GuardRules | None:
    rules = _single(faults, files, GUARD, guard.read_rules)
    names, words = (_single(faults, files, path, lambda text, _: text) for path in (NAMES, WORDS))
    if rules is None or names is None or words is None:
        return None
    lexicon = _attempt(faults, partial(guard.read_lexicon, names=names, words=words), "policies/guard: ")
    return _attempt(faults, partial(guard.build, lexicon, rules), f"{GUARD}: ") if lexicon else None


def _articles(files: Mapping[str, str], faults: list[str]) -> tuple[Article, ...]:
    paths = [path for path in files if ARTICLE.fullmatch(path)]
    if not paths:
        faults.append("knowledge/sv: there is no article")
    found = (_single(faults, files, path, articles_of.parse) for path in paths)
    return tuple(article for article in found if article is not None)


def _structure(files: Mapping[str, str], faults: list[str]) -> Structure | None:
    organisations = {path: text for path, text in files.items() if ORGANISATION.fullmatch(path)}
    if not organisations:
        faults.append("policies/organisations: there is no organisation")
        return None
    found: list[str] = []
    structure = _attempt(found, partial(organisation_file.read_structure, organisations))
    faults += [
        fault if fault.startswith(f"{ORGANISATIONS}/") else f"{ORGANISATIONS}: {fault}" for fault in found
    ]
    return structure


def _demo(files: Mapping[str, str], structure: Structure) -> PeopleFile | None:
    """The people of the demo; None where there is no such file."""
    if DEMO not in files:
        return None
    found = people_file.read_people(DEMO, files[DEMO])
    faults = people_file.people_faults(structure, found)
    if faults:
        raise BadContent("\n".join(f"{DEMO}: {fault}" for fault in faults))
    return found


def _witnesses(files: Mapping[str, str], structure: Structure) -> tuple[Witness, ...]:
    """Whose cosignatures count; nobody's where there is no such file."""
    found = witnesses_file.parse(files.get(WITNESSES, "witnesses: []"), WITNESSES, structure)
    faults = [f"{WITNESSES}: {w.name}: vkey: is no key of that witness" for w in found if not _is_key(w)]
    if faults:
        raise BadContent("\n".join(faults))
    return found


def _is_key(witness: Witness) -> bool:
    try:
        return witness_from_text(witness.vkey).name == witness.name
    except Malformed:
        return False


def _cross_faults(articles: tuple[Article, ...], structure: Structure) -> Iterator[str]:
    """What only shows when the files are seen together."""
    places = {*structure.organisations, *structure.groups}
    known = {name for one in structure.organisations.values() for name in local_fields(one)}
    for article in articles:
        if article.org is not None and article.org not in places:
            yield f"{article.path}: org: there is no such organisation or group"
        for name in sorted(article.needs - known):
            yield f"{article.path}: body: no organisation has {{{name}}}"


# ---- examples ----------------------------------------------------------------------------------------


def _organisation_faults(content: Content) -> Iterator[str]:
    """The examples need people: without a demo's they say nothing."""
    if content.demo is not None:
        for fault in who.run_examples(content.structure, content.demo):
            named, _, reason = fault.partition(": ")
            known = named in content.structure.organisations
            yield f"{ORGANISATIONS}/{named}.yaml: {reason}" if known else f"{ORGANISATIONS}: {fault}"


def _knowledge_faults(content: Content) -> Iterator[str]:
    """What the articles cite, whom they name, whether their own questions find them, and where the glossary leads."""
    for article in content.articles:
        yield from law_sections.faults(content.law, article)
        yield from _identity_faults(content.guard, article)
        yield from _question_faults(content.library, article)
    yield from shelf_faults.alias_faults(content.articles)
    yield from shelf_faults.glossary_faults(content.glossary, content.articles, GLOSSARY)


def _identity_faults(rules: GuardRules, article: Article) -> Iterator[str]:
    """The numbers and addresses of somebody. Public numbers pass; a jour's number is a field in braces."""
    texts = [("title", article.title), ("body", article.body), ("keywords", " ".join(article.keywords))]
    texts += [(f"questions.{n}", question) for n, question in enumerate(article.questions)]
    texts += [(f"sources.{n}.title", source.title) for n, source in enumerate(article.sources)]
    for field, text in texts:
        for kind in sorted({span.type for span in guard.find(rules, text)} & IDENTITIES):
            yield f"{article.path}: {field}: holds what seems to be somebody's {kind}"


def _question_faults(library: Library, article: Article) -> Iterator[str]:
    """The article's own questions that do not find it among the first three."""
    for n, question in enumerate(article.questions):
        found = search.find(
            library, question, today=article.reviewed, org=None, drafts_allowed=True, fields={}
        )
        if article.id not in _named(found):
            yield f"{article.path}: questions.{n}: does not find the article among the first three"


def _named(found: search.Finding) -> tuple[str, ...]:
    match found:
        case search.Answer() | search.Withheld():
            return (found.article.id, *(one.id for one in found.alternatives))
        case search.Unsure():
            return tuple(one.id for one in found.candidates)
        case search.Nothing():
            return ()
        case _:
            assert_never(found)
