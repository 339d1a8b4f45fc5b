"""Targets that people write: files of content, rosters, settings."""

import json
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final

from bot import content, settings
from bot.content.parts import read_table
from bot.core import (
    access_file,
    channels_policy,
    guard,
    openings_policy,
    organisation_file,
    people_file,
    retention_file,
    secrecy_policy,
    waking_policy,
    witnesses_file,
)
from bot.core.disclosures import Disclosure, disclosed_in
from bot.core.errors import BadContent, BadInput
from bot.core.guard import GuardRules, Lexicon
from bot.core.ids import OrganisationId
from bot.core.library import article, glossary, law_sections, search
from bot.core.library.search import Library
from bot.core.people import Role
from bot.core.places import Organisation, Structure
from bot.core.roster_files import Import, parse_csv
from bot.core.roster_ics import Window, parse_ics
from bot.core.roster_ics_lines import read_lines
from bot.core.strict_yaml import read_yaml
from bot.core.text import merge

ROOT: Final = Path(__file__).parents[2]
BOARD: Final = OrganisationId("malmo")
DISTRICT: Final = OrganisationId("farsta")
FILE: Final = f"policies/organisations/{DISTRICT}.yaml"


@lru_cache(1)
def structure() -> Structure:
    """The organisations of this checkout; only what a target needs is read, for the fuzzer makes reading slow."""
    paths = sorted(ROOT.glob("policies/organisations/*.yaml"))
    return organisation_file.read_structure({str(path.relative_to(ROOT)): path.read_text() for path in paths})


@lru_cache(1)
def lexicon_of_checkout() -> Lexicon:
    """The guard's words."""
    names, words = ((ROOT / path).read_text() for path in (content.NAMES, content.WORDS))
    return guard.read_lexicon(names=names, words=words)


@lru_cache(1)
def guard_of_checkout() -> GuardRules:
    """The guard as it is."""
    return guard.build(lexicon_of_checkout(), guard.read_rules((ROOT / content.GUARD).read_text()))


@lru_cache(1)
def library_of_checkout() -> Library:
    """The library as it is."""
    paths = sorted(ROOT.glob("knowledge/sv/*/*.md"))
    articles = tuple(article.parse(path.read_text(), str(path.relative_to(ROOT))) for path in paths)
    return search.build(articles, glossary.parse((ROOT / content.GLOSSARY).read_text(), content.GLOSSARY))


@lru_cache(1)
def _into() -> Import:
    demo = people_file.read_people(content.DEMO, (ROOT / content.DEMO).read_text())
    people = {person.id: person for person in demo.people}
    return Import(organisation=BOARD, structure=structure(), people=people)


def csv(data: bytes) -> object:
    """A roster as CSV."""
    shifts = parse_csv(data, _into())
    assert all(shift.starts < shift.ends for shift in shifts)
    return shifts


def ics(data: bytes) -> object:
    """A roster as iCalendar, of one autumn with its change of the clocks."""
    window = Window(into=_into(), role=Role.SOCIAL_WORKER, first=date(2026, 10, 1), last=date(2026, 12, 31))
    shifts = parse_ics(data, window)
    assert all(shift.starts < shift.ends for shift in shifts)
    return shifts


def roster_lines(data: bytes) -> bool:
    """What of a calendar is read, and where: few lines, each of them the file's."""
    lines, count = read_lines(data), data.count(b"\n") + 1
    assert lines.count <= count
    assert len(lines.events) <= lines.count
    assert [one.begins for one in lines.events] == sorted(one.begins for one in lines.events)
    assert all(1 <= line <= count for one in lines.events for line in (one.begins, *one.properties.values()))
    return lines.whole


def yaml(text: str) -> object:
    """Strict YAML: what was read is JSON."""
    return json.dumps(read_yaml(text), allow_nan=False)


def organisation(text: str) -> object:
    """One organisation among the others."""
    others: dict[str, Organisation] = {
        o.id: o for o in structure().organisations.values() if o.id != DISTRICT
    }
    found = organisation_file.read_organisation(FILE, text)
    return organisation_file.assemble({**others, FILE: found})


def people(text: str) -> object:
    """People, held against the places."""
    found = people_file.read_people("people.yaml", text)
    return people_file.people_faults(structure(), found)


def access(text: str) -> object:
    """Who may do what, with its examples."""
    return access_file.run_examples(access_file.parse(text, "access.yaml"))


def channels(text: str) -> object:
    """What channels may carry, with the examples."""
    return channels_policy.run_examples(channels_policy.parse(text, "channels.yaml", structure()))


def retention(text: str) -> object:
    """How long what is kept, with the examples."""
    return retention_file.run_examples(retention_file.parse(text, "retention.yaml", structure()))


def openings(text: str) -> object:
    """Why and for how long a room may be opened, with the examples."""
    return openings_policy.run_examples(openings_policy.parse(text, "openings.yaml"))


def secrecy(text: str) -> object:
    """On which grounds something is disclosed, with the examples."""
    return secrecy_policy.run_examples(secrecy_policy.parse(text, "secrecy.yaml", structure(), law()))


@lru_cache(1)
def law() -> law_sections.LawSections:
    """The sections of law of this checkout."""
    return law_sections.parse((ROOT / law_sections.PATH).read_text(), law_sections.PATH)


def disclosure(text: str) -> Disclosure:
    """What an event's kind discloses. Raises BadInput where it is none."""
    found = disclosed_in(text)
    if found is None:
        raise BadInput("that is no disclosure")
    return found


def waking(text: str) -> object:
    """How people are woken, with the examples."""
    return waking_policy.run_examples(waking_policy.parse(text, "waking.yaml", structure()))


def witnesses(text: str) -> object:
    """Who cosigns which ledger."""
    return witnesses_file.parse(text, "witnesses.yaml", structure())


def guard_rules(text: str) -> object:
    """The guard's rules with the words of this checkout; none of their patterns is tried on a text."""
    return guard.build(lexicon_of_checkout(), guard.read_rules(text))


def lexicon(text: str) -> object:
    """The guard's lists of names."""
    return guard.read_lexicon(names=text, words=(ROOT / content.WORDS).read_text())


def sentences(text: str) -> object:
    """A file of sentences."""
    return merge({"texts.toml": read_table("texts.toml", text)})


def told_by_path(parse: Callable[[str], object]) -> Callable[[str], object]:
    """A file's parser, of which each fault stands on a line of its own that can be printed."""

    def checked(text: str) -> object:
        refusal: BadContent | None = None
        try:
            return parse(text)
        except BadContent as error:
            refusal = error
        assert all(line and line.isprintable() for line in str(refusal).split("\n"))
        raise refusal

    return checked


def front_matter(text: str) -> object:
    """An article."""
    return article.parse(text, "knowledge/sv/a/a.md")


def terms(text: str) -> object:
    """The glossary."""
    return glossary.parse(text, "knowledge/glossary.yaml")


def environment(text: str) -> object:
    """Settings, a line each; whatever they are, they are refused in one line or read."""
    lines = (line.partition("=") for line in text.splitlines() if "\0" not in line)
    return settings.read({f"SAMJOUR_{name}": value for name, _, value in lines})
