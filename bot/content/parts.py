"""What stands in the files: each kind read by its own parser, every fault kept and led by its file's path."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TypeVar

from bot.content.paths import (
    ARTICLE,
    DEMO,
    GUARD,
    NAMES,
    ORGANISATION,
    ORGANISATIONS,
    TEXT,
    WAKING,
    WITNESSES,
    WORDS,
)
from bot.core import guard, organisation_file, people_file, waking_policy, witnesses_file
from bot.core.errors import BadContent
from bot.core.guard import GuardRules
from bot.core.library import article as articles_of
from bot.core.library.article import Article
from bot.core.local_fields import local_fields
from bot.core.people_file import PeopleFile
from bot.core.places import Structure
from bot.core.text import Language, Texts, merge, parity
from bot.core.waking_policy import WakingPolicy
from bot.core.witnesses_file import Witness
from bot.seal.cosignature import witness_from_text
from bot.seal.errors import Malformed

T = TypeVar("T")


def attempt(faults: list[str], parse: Callable[[], T], at: str = "") -> T | None:
    """What `parse` gives; its faults, one a line and led by `at`, where it refuses."""
    try:
        return parse()
    except BadContent as error:
        faults.extend(at + line for line in str(error).splitlines())
        return None


def single(
    faults: list[str], files: Mapping[str, str], path: str, parse: Callable[[str, str], T]
) -> T | None:
    """What stands in the one file of that path."""
    if path in files:
        return attempt(faults, lambda: parse(files[path], path))
    if not any(fault.startswith(f"{path}: ") for fault in faults):
        faults.append(f"{path}: is missing")
    return None


def read_texts(files: Mapping[str, str]) -> Texts:
    """Every sentence, in both languages. Raises BadContent where one lacks what the other has."""
    faults: list[str] = []
    tables: dict[Language, dict[str, Mapping[str, object]]] = {language: {} for language in Language}
    for path, text in files.items():
        named = TEXT.fullmatch(path)
        table = attempt(faults, partial(read_table, path, text)) if named else None
        if named and table is not None:
            tables[Language(named[1])][path] = table
    merged = {language: attempt(faults, partial(merge, tables[language])) or {} for language in Language}
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


def read_table(path: str, text: str) -> dict[str, object]:
    """The table of one TOML file. Raises BadContent."""
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadContent(f"{path}: is not TOML: {error}".replace("\n", " ")) from None


def read_guard(files: Mapping[str, str], faults: list[str]) -> GuardRules | None:
    """The guard with its rules and lists; None, and a fault, where one of them cannot be read."""
    rules = single(faults, files, GUARD, guard.read_rules)
    names, words = (single(faults, files, path, lambda text, _: text) for path in (NAMES, WORDS))
    if rules is None or names is None or words is None:
        return None
    lexicon = attempt(faults, partial(guard.read_lexicon, names=names, words=words), "policies/guard: ")
    return attempt(faults, partial(guard.build, lexicon, rules), f"{GUARD}: ") if lexicon else None


def read_articles(files: Mapping[str, str], faults: list[str]) -> tuple[Article, ...]:
    """The articles that can be read."""
    paths = [path for path in files if ARTICLE.fullmatch(path)]
    if not paths:
        faults.append("knowledge/sv: there is no article")
    found = (single(faults, files, path, articles_of.parse) for path in paths)
    return tuple(article for article in found if article is not None)


def read_structure(files: Mapping[str, str], faults: list[str]) -> Structure | None:
    """The organisations; None, and the faults, where one cannot be read."""
    organisations = {path: text for path, text in files.items() if ORGANISATION.fullmatch(path)}
    if not organisations:
        faults.append("policies/organisations: there is no organisation")
        return None
    found: list[str] = []
    structure = attempt(found, partial(organisation_file.read_structure, organisations))
    faults += [
        fault if fault.startswith(f"{ORGANISATIONS}/") else f"{ORGANISATIONS}: {fault}" for fault in found
    ]
    return structure


def read_demo(files: Mapping[str, str], structure: Structure) -> PeopleFile | None:
    """The people of the demo; None where there is no such file."""
    if DEMO not in files:
        return None
    found = people_file.read_people(DEMO, files[DEMO])
    faults = people_file.people_faults(structure, found)
    if faults:
        raise BadContent("\n".join(f"{DEMO}: {fault}" for fault in faults))
    return found


def read_witnesses(files: Mapping[str, str], structure: Structure) -> tuple[Witness, ...]:
    """Whose cosignatures count; nobody's where there is no such file."""
    found = witnesses_file.parse(files.get(WITNESSES, "witnesses: []"), WITNESSES, structure)
    faults = [f"{WITNESSES}: {w.name}: vkey: is no key of that witness" for w in found if not _is_key(w)]
    if faults:
        raise BadContent("\n".join(faults))
    return found


def read_waking(files: Mapping[str, str], structure: Structure) -> WakingPolicy:
    """How people are woken; by the doorbell alone where there is no such file."""
    return waking_policy.parse(files.get(WAKING, "rules: []"), WAKING, structure)


def _is_key(witness: Witness) -> bool:
    try:
        return witness_from_text(witness.vkey).name == witness.name
    except Malformed:
        return False


def cross_faults(articles: tuple[Article, ...], structure: Structure) -> Iterator[str]:
    """What only shows when the files are seen together."""
    places = {*structure.organisations, *structure.groups}
    known = {name for one in structure.organisations.values() for name in local_fields(one)}
    for article in articles:
        if article.org is not None and article.org not in places:
            yield f"{article.path}: org: there is no such organisation or group"
        for name in sorted(article.needs - known):
            yield f"{article.path}: body: no organisation has {{{name}}}"
