"""Reading: which articles may be given as answers here today, and how they read here."""

from dataclasses import dataclass, field
from datetime import date, datetime

from bot.core.hours import local_day
from bot.core.ids import ArticleId
from bot.core.in_force import on_day
from bot.core.library import search
from bot.core.library.search import Answer, Finding, Library, Withheld
from bot.core.local_fields import local_fields
from bot.core.places import Kind, Organisation, Structure, members_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """For whom the library is read: the day, the ids that count as here (None: everywhere), drafts, local fields."""

    today: date
    org: frozenset[str] | None = None
    drafts_allowed: bool = False
    fields: dict[str, str] = field(default_factory=dict)


def reader_at(structure: Structure, board: Organisation | None, at: datetime) -> Reader:
    """How one organisation reads the library; without one, what all boards of the deployment have in common.

    Everywhere a local field counts as present only if every board has it, and reads as its own name.
    """
    if board is not None:
        groups = {
            str(id_) for id_, (_, group) in structure.groups.items() if board.id in members_at(group, at)
        }
        return Reader(
            today=local_day(at),
            org=frozenset({str(board.id)} | groups),
            drafts_allowed=board.drafts,
            fields=local_fields(on_day(board, local_day(at))),
        )
    boards = [o for o in structure.organisations.values() if o.kind is Kind.BOARD]
    named = [
        {name for name, value in local_fields(on_day(o, local_day(at))).items() if value} for o in boards
    ]
    shared = set.intersection(*named) if named else set()
    return Reader(
        today=local_day(at),
        drafts_allowed=all(o.drafts for o in boards),
        fields={name: f"({name})" for name in sorted(shared)},
    )


def look_up(library: Library, question: str, reader: Reader) -> Finding:
    """What the library says here. Raises BadInput for a question that is too long."""
    return search.find(
        library,
        question,
        today=reader.today,
        org=reader.org,
        drafts_allowed=reader.drafts_allowed,
        fields=reader.fields,
    )


def open_article(library: Library, article: ArticleId, reader: Reader) -> Answer | Withheld | None:
    """An article by its id, under the same rules; None where there is none."""
    return search.opened(
        library,
        article,
        today=reader.today,
        org=reader.org,
        drafts_allowed=reader.drafts_allowed,
        fields=reader.fields,
    )
