"""The numbers that answer now: as they are shown, and gathered so that what boards share stands once."""

from collections.abc import Iterable

from bot.core.places import Kind, Number, Organisation, numbers_at, organisations_at
from bot.flow.status import Line, Numbers
from bot.flow.words import Words


def line_of(words: Words, number: Number, tried: str = "") -> Line:
    """A number as it is shown: when it answers, when it was last tested, and perhaps what came of calling it."""
    said = words.number(number)
    note = (said["hours"], words.say("web.tested", day=said["tested"]), tried)
    return Line(label=said["label"], number=said["number"], note=" ".join(filter(None, note)))


def all_boards(words: Words) -> tuple[Organisation, ...]:
    """Every board that exists now."""
    found = organisations_at(words.content.structure, words.now)
    return tuple(board for board in found if board.kind is Kind.BOARD)


def numbers_of(words: Words, boards: Iterable[Organisation]) -> tuple[Numbers, ...]:
    """The numbers that answer now: first what the boards of a group share, then what is a board's own."""
    lines = [(board, _lines(words, board)) for board in boards]
    shared = tuple(_shared(words, lines))
    known = {frozenset(found.lines) for found in shared}
    own = (
        Numbers(places=(words.label(board.label),), lines=found)
        for board, found in lines
        if found and frozenset(found) not in known
    )
    return (*shared, *own)


def _shared(words: Words, lines: list[tuple[Organisation, tuple[Line, ...]]]) -> Iterable[Numbers]:
    for _, group in words.content.structure.groups.values():
        members = [found for board, found in lines if board.id in group.members]
        if len(members) < 2:
            continue
        common = tuple(line for line in members[0] if all(line in other for other in members))
        if common:
            yield Numbers(places=(words.label(group.label),), lines=common)


def _lines(words: Words, board: Organisation) -> tuple[Line, ...]:
    return tuple(line_of(words, number) for number in numbers_at(board, words.now))
