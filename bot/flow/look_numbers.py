"""The numbers that answer now: as they are shown, and gathered so that what boards share stands once."""

from collections.abc import Callable, Iterable, Iterator

from bot.core.ids import OrganisationId
from bot.core.places import Kind, Number, Organisation, members_at, numbers_at, organisations_at
from bot.flow.status import Line, Numbers
from bot.flow.words import Words

MOST_NEAR = 3  # of more places than this, none is nearer than another


def line_of(words: Words, number: Number, tried: str = "") -> Line:
    """A number as it is shown: when it answers, when it was last tested, and perhaps what came of calling it."""
    said = words.number(number)
    notes = (said["hours"], words.say("web.tested", day=said["tested"]), tried)
    return Line(label=said["label"], number=said["number"], notes=tuple(filter(None, notes)))


def all_boards(words: Words) -> tuple[Organisation, ...]:
    """Every board that exists now."""
    found = organisations_at(words.content.structure, words.now)
    return tuple(board for board in found if board.kind is Kind.BOARD)


def answering(words: Words, board: Organisation) -> tuple[Line, ...]:
    """The numbers of a board that answer now."""
    return tuple(line_of(words, number) for number in numbers_at(board, words.now))


def numbers_of(
    words: Words,
    boards: Iterable[Organisation],
    near: Iterable[Organisation] = (),
    lines_of: Callable[[Words, Organisation], tuple[Line, ...]] = answering,
) -> tuple[Numbers, ...]:
    """The numbers that answer now, those near first. What the boards of a group share stands once, for the group.

    Where no place is nearer than another, what is shared counts as near, and what is a member's own does not.
    """
    lines = {board.id: lines_of(words, board) for board in boards}
    close = frozenset(board.id for board in near)
    chosen = close if len(close) <= MOST_NEAR else frozenset()
    shared = tuple(_shared(words, lines, chosen))
    found = (*shared, *_own(words, lines, chosen, shared))
    return tuple(sorted(found, key=lambda numbers: not numbers.near))


Lines = dict[OrganisationId, tuple[Line, ...]]


def _shared(words: Words, lines: Lines, near: frozenset[OrganisationId]) -> Iterator[Numbers]:
    for _, group in words.content.structure.groups.values():
        members = members_at(group, words.now)
        common = _common(lines, members)
        if common:
            same = any(lines[name] == common for name in near if name in members)
            yield Numbers(places=(words.label(group.label),), lines=common, near=same or not near)


def _own(
    words: Words, lines: Lines, near: frozenset[OrganisationId], shared: tuple[Numbers, ...]
) -> Iterator[Numbers]:
    structure = words.content.structure
    told = {numbers.lines for numbers in shared}
    groups = (group for _, group in structure.groups.values()) if shared else ()
    members = {name for group in groups for name in members_at(group, words.now)}
    for name, found in lines.items():
        if found and found not in told:
            place = words.label(structure.organisations[name].label)
            yield Numbers(places=(place,), lines=found, near=name in near if near else name not in members)


def _common(lines: Lines, members: Iterable[OrganisationId]) -> tuple[Line, ...]:
    """The lines that all of these have; none where there are fewer than two of them."""
    first, *others = [lines[name] for name in members if name in lines] or [()]
    return tuple(line for line in first if all(line in other for other in others)) if others else ()
