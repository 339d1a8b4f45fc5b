"""The guard's word lists, parsed from text: who is called what, and which words are nobody's name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

from bot.core.errors import BadContent
from bot.core.guard.fold import plain_word

MAX_WORDS: Final = 50_000  # in all lists together
_HEADING: Final = re.compile(r"\[([a-z_]+)\]")
_NAMES: Final = ("first", "first_weak", "last", "last_weak")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Words in plain spelling (`fold`), by what they are. What each list is for stands in the files themselves."""

    first: frozenset[str]
    first_weak: frozenset[str]
    last: frozenset[str]
    last_weak: frozenset[str]
    ordinary: frozenset[str]
    place: frozenset[str]
    public: frozenset[str]
    role: frozenset[str]
    name_cue: frozenset[str]
    cue_filler: frozenset[str]
    person_verb: frozenset[str]
    place_before: frozenset[str]
    person_before: frozenset[str]
    join: frozenset[str]
    particle: frozenset[str]
    family_cue: frozenset[str]
    speaking_verb: frozenset[str]
    pronoun: frozenset[str]
    article: frozenset[str]
    rarely_name: frozenset[str]
    direction: frozenset[str]
    bare_street: frozenset[str]
    abbreviation: frozenset[str]
    human_act: frozenset[str]
    helper: frozenset[str]
    being: frozenset[str]
    clause_start: frozenset[str]
    met: frozenset[str]
    met_with: frozenset[str]
    sought: frozenset[str]
    met_filler: frozenset[str]
    said: frozenset[str]
    named: frozenset[str]
    named_filler: frozenset[str]
    grammar: frozenset[str]
    possessive: frozenset[str]
    thing: frozenset[str]


def read_lexicon(*, names: str, words: str) -> Lexicon:
    """The lists of `names` (policies/guard/names.txt) and `words` (policies/guard/words.txt).

    A list begins with its name in brackets; words are separated by white space; a line that begins with # is a
    comment. Raises BadContent, with the line, for anything else.
    """
    wanted = tuple(field.name for field in fields(Lexicon))
    found = {
        **_sections("names", names, _NAMES),
        **_sections("words", words, tuple(name for name in wanted if name not in _NAMES)),
    }
    if sum(map(len, found.values())) > MAX_WORDS:
        raise BadContent(f"The guard's word lists hold at most {MAX_WORDS} words.")
    return Lexicon(**_settled(found))


def _sections(file: str, text: str, wanted: tuple[str, ...]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    current: set[str] | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        heading = _HEADING.fullmatch(line.strip())
        if heading is not None:
            if heading[1] not in wanted:
                raise BadContent(f"{file}, line {number}: there is no such list")
            current = found.setdefault(heading[1], set())
        elif line.strip() and not line.startswith("#"):
            if current is None:
                raise BadContent(f"{file}, line {number}: words before the first list")
            current.update(map(plain_word, line.split()))
    missing = [name for name in wanted if not found.get(name)]
    if missing:
        raise BadContent(f"{file}: lists without words: {', '.join(missing)}")
    return found


def _settled(found: Mapping[str, set[str]]) -> dict[str, frozenset[str]]:
    """Plain spelling can make two words one (gül, gul): what is an everyday word is then a weak name."""
    everyday = found["ordinary"] | found["place"] | found["public"]
    lists = {name: frozenset(words) for name, words in found.items()}
    for strong, weak in (("first", "first_weak"), ("last", "last_weak")):
        lists[weak] |= lists[strong] & everyday
        lists[strong] -= everyday
    return lists
