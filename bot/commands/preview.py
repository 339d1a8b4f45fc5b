"""`samjour preview`: a changed folder of knowledge beside the present one: what it breaks, and what it gains."""

from argparse import Namespace
from functools import partial
from pathlib import Path
from typing import Final

from bot import content as content_files
from bot.commands import out, places
from bot.content import Content
from bot.core.errors import BadContent, BadInput
from bot.core.ids import ArticleId
from bot.core.library import preview
from bot.core.library.preview import Change, Difference, Example
from bot.core.library.search import MAX_QUERY, Finding, Library
from bot.core.places import Organisation
from bot.flow.reading import Reader, look_up, reader_at

FOUND: Final = 1  # the exit code when something breaks
BREAKING: Final = (Change.BREAKS, Change.MISSES)


def run(args: Namespace) -> int:
    """Exit 1 when something breaks, or the changed folder cannot be read."""
    folder = _knowledge(Path(args.folder))
    found = places.settings()
    root = places.root(found)
    before = places.content(found)
    try:
        after = content_files.read(root, knowledge=folder)
    except BadContent as error:
        return _refused(str(error).splitlines(), args)
    at = out.instant(args.at, places.now(), found.timezone)
    asked = _asked(before, after, args.batch)
    readers = {name: reader_at(after.structure, board, at) for name, board in _boards(after).items()}
    known = _questions(before)
    told = list(
        preview.compare(before.library, after.library, asked, look=partial(_look, readers), known=known)
    )
    _print(told, len(asked), args)
    return FOUND if any(one["change"] in BREAKING for one in told) else 0


def _knowledge(folder: Path) -> Path:
    """The folder of knowledge meant: itself, or the one in it. Raises BadInput where there is neither."""
    for one in (folder / "knowledge", folder):
        if (one / "sv").is_dir():
            return one.absolute()
    raise BadInput(f"{folder}: there is no folder of knowledge, with sv/ in it")


def _asked(before: Content, after: Content, batch: str | None) -> list[Example]:
    asked = preview.examples(before.articles, after.articles)
    asked += preview.strangers(before.glossary, after.glossary, content_files.GLOSSARY)
    if batch is not None:
        asked += _of_file(batch)
    return [one for one in asked if len(one.question) <= MAX_QUERY]


def _of_file(path: str) -> list[Example]:
    """Questions of a file of JSON lines, with "query" and the article's id, or "", under "entry"."""
    questions, wanted = dict(out.batch(path, "query")), dict(out.batch(path, "entry"))
    return [
        Example(question=question, wanted=ArticleId(wanted[id_]) if wanted[id_] else None, source=path)
        for id_, question in questions.items()
    ]


def _questions(content: Content) -> list[str]:
    own = [question for one in content.articles for question in (one.title, *one.questions)]
    return own + [question for theme in content.glossary.outside for question in theme.questions]


def _boards(content: Content) -> dict[str | None, Organisation | None]:
    """Where a question is asked, by the organisation or group of its article: a group's at one of its members."""
    structure = content.structure
    boards: dict[str | None, Organisation | None] = {None: None}
    boards.update({str(id_): board for id_, board in structure.organisations.items()})
    for id_, (_, group) in structure.groups.items():
        members = [structure.organisations[one] for one in group.members if one in structure.organisations]
        boards[str(id_)] = members[0] if members else None
    return boards


def _look(readers: dict[str | None, Reader], library: Library, question: str, org: str | None) -> Finding:
    return look_up(library, question, readers.get(org, readers[None]))


def _refused(faults: list[str], args: Namespace) -> int:
    if args.json:
        out.result({"ok": False, "faults": faults, "asked": 0, "differences": []})
    for fault in () if args.json else faults:
        out.line(fault)
    many = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
    out.note(f"the changed folder has {many}: nothing was compared")
    return FOUND


def _print(told: list[Difference], asked: int, args: Namespace) -> None:
    counts = preview.counted(told)
    if args.json:
        ok = not any(counts[one.value] for one in BREAKING)
        out.result({"ok": ok, "faults": [], "asked": asked, **counts, "differences": told})
        return
    for one in sorted(told, key=lambda one: (list(Change).index(Change(one["change"])), one["source"])):
        out.line(f"{one['change']:7} {one['question']}")
        out.line(f"        {one['source']}: {one['before']} -> {one['after']}")
    out.note(f"{asked} asked, " + ", ".join(f"{count} {change}" for change, count in counts.items()))
