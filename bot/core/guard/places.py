"""Whether a place with a number is where somebody lives: a street, a village, a property; not a count or a score.

Each function says whether a match is what its rule takes it for; `checks` gives them to the rules.
"""

import re
from typing import Final

from bot.core.guard.knowledge import Knowledge
from bot.core.guard.match import Match, word_before
from bot.core.guard.rules_file import Shape

_LETTERED: Final = re.compile(r"[0-9][a-z]")  # a house that is no count: 88b
_BARE_LETTER: Final = re.compile(r" [vg]\Z")  # Kristinas v
_WORD: Final = re.compile(r"[a-zåäö'-]+")
_SHORTEST_TAIL: Final = 4  # letters of an everyday word that ends a compound


def street(match: Match, know: Knowledge) -> bool:
    """A street's name: a capital, an ending that only streets have, a house with a letter, or a home."""
    name = match.name
    if name in know.lexicon.ordinary or name in know.lexicon.bare_street:
        return _named_before(match, know)
    if name in know.lexicon.place or name in know.lexicon.public:
        return False
    if match.capital or know.looks(name, Shape.STREET):
        return True
    if _LETTERED.search(match.plain) or know.looks(match.before, Shape.HOME):
        return True
    return not _is_everyday(name, know) and know.looks(match.before, Shape.LIVES)


def street_sure(match: Match, know: Knowledge) -> bool:
    """A street by an ending that only streets have, with something before it (not "vägen två")."""
    names = [word for word in _WORD.findall(match.plain) if know.looks(word, Shape.STREET)]
    plain = know.lexicon.ordinary | know.lexicon.bare_street
    return bool(names) and not any(name in plain for name in names)


def street_short(match: Match, know: Knowledge) -> bool:
    """A shortened street: with a capital or a home before it, and no everyday word that a sentence ends with."""
    return (match.capital or know.looks(match.before, Shape.HOME)) and not _is_everyday(
        match.name.rstrip(". "), know
    )


def dwelling(match: Match, know: Knowledge) -> bool:
    """A place of its own with a number: a capital, neither an everyday word nor a known place."""
    lists = (know.lexicon.place, know.lexicon.public, know.lexicon.first)
    known = any(match.name in words for words in lists)
    return match.capital and not known and not _is_everyday(match.name, know)


def village(match: Match, know: Knowledge) -> bool:
    """A place with a number that is neither known nor everyday: with a capital, or where somebody lives."""
    last = _WORD.findall(match.name)[-1] if _WORD.search(match.name) else ""
    known = any(last in words for words in (know.lexicon.place, know.lexicon.public, know.lexicon.first))
    if known or last in know.lexicon.ordinary or know.looks(last, Shape.EVERYDAY):
        return False
    if not match.capital and know.looks(last, Shape.DEFINITE):
        return know.looks(match.before, Shape.HOME)
    return (
        match.capital
        or "-" in match.name
        or know.looks(match.before, Shape.LIVES)
        or not _is_everyday(last, know)
    )


def property(match: Match, know: Knowledge) -> bool:  # noqa: A001 - the rule file names it so
    """The name of a property, not the result of a match (Malmö 2:1) or a paragraph (SoL 19:1)."""
    name = match.name.removesuffix(" s")
    if know.looks(match.before, Shape.ESTATE):
        return name not in know.lexicon.ordinary
    known = name in know.lexicon.place or name in know.lexicon.public or name in know.lexicon.abbreviation
    shown = match.shown[: len(name)]
    return shown[:1].isupper() and shown[1:].islower() and not known and not _is_everyday(name, know)


def street_letter(match: Match, know: Knowledge) -> bool:
    """A street whose end is one letter, with a capital: its own, or that of what it is called after."""
    name = match.name.rstrip(". ")
    if _BARE_LETTER.search(name):
        owner = name[:-2]
        return owner not in know.lexicon.ordinary and (match.capital or _named_before(match, know))
    return match.capital and not _is_everyday(name, know) and name[:-1] not in know.lexicon.ordinary


def _named_before(match: Match, know: Knowledge) -> bool:
    """Whether the word before a bare "väg" or "plats" is a name: a direction, a capital, somebody's."""
    before = word_before(match.text, match.start)
    if before is None:
        return False
    word, capital = before
    if capital or word in know.lexicon.direction:
        return True
    return word.endswith("s") and word not in know.lexicon.ordinary


def _is_everyday(word: str, know: Knowledge) -> bool:
    """Whether the word, or what a compound ends with, is an everyday word."""
    return word in know.lexicon.ordinary or know.is_compound(word, _SHORTEST_TAIL)
