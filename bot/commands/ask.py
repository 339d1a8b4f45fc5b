"""`samjour ask`: the library from a terminal."""

from argparse import Namespace
from collections.abc import Iterator

from bot.commands import out, places
from bot.core.ids import ArticleId
from bot.core.library.ask import Report, report
from bot.core.library.search import Library
from bot.core.places import organisation
from bot.flow.reading import look_up, reader_at


def run(args: Namespace) -> int:
    """Answer one question, or each of a file."""
    found = places.settings()
    content = places.content(found)
    at = out.instant(args.at, places.now(), found.timezone)
    board = organisation(content.structure, args.org) if args.org else None
    reader = reader_at(content.structure, board, at)
    for id_, question in _questions(args):
        told = report(look_up(content.library, question, reader))
        if args.json or args.batch:
            out.result({"id": id_, **told} if id_ is not None else told)
        else:
            _print(told, content.library)
    return 0


def _questions(args: Namespace) -> Iterator[tuple[str | None, str]]:
    if args.batch:
        yield from out.batch(args.batch, "query")
    else:
        yield None, " ".join(args.question)


def _print(told: Report, library: Library) -> None:
    article = library.by_id.get(ArticleId(told["entry"] or ""))
    if told["stop"]:
        out.line(f"[{told['stop']}]")
    if told["answer_kind"] != "answer" or article is None:
        out.line(told["answer_kind"])
        for named in filter(None, (told["entry"], *told["alternatives"])):
            out.line(f"  {named} {library.by_id[ArticleId(named)].title}")
        return
    out.line(f"{article.id} {article.title} ({article.status}, {told['score']})")
    out.line(article.body)
    for source in told["sources"]:
        out.line(f"  {source['ref']} ({source['retrieved']})")
