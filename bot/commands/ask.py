"""`samjour ask`: the library from a terminal."""

from argparse import Namespace
from collections.abc import Iterator, Mapping
from typing import Any

from bot.commands import out, places
from bot.core.library.article import Article
from bot.core.library.ask import report
from bot.core.library.search import find


def run(args: Namespace) -> int:
    """Answer one question, or each of a file."""
    content = places.content(places.settings())
    at = out.instant(args.at, places.now())
    scope = content.scope(args.org, at)
    for id_, question in _questions(args):
        told = report(find(content.library, question, scope), id_=id_)
        if args.json or args.batch:
            out.result(told)
        else:
            _print(told, content.article(told["entry"]))
    return 0


def _questions(args: Namespace) -> Iterator[tuple[str | None, str]]:
    if args.batch:
        yield from out.batch(args.batch, "query")
    else:
        yield None, " ".join(args.question)


def _print(told: Mapping[str, Any], article: Article | None) -> None:
    if told["stop"]:
        out.line(f"[{told['stop']}]")
    if told["answer_kind"] != "answer" or article is None:
        out.line(f"{told['answer_kind']}: {told['entry'] or ''} {' '.join(told['alternatives'])}".strip())
        return
    out.line(f"{article.id} {article.title} ({article.status}, {told['score']})")
    out.line(article.body)
    for source in told["sources"]:
        out.line(f"  {source['ref']}")
