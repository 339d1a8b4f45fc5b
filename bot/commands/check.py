"""`samjour check`: every file read, every example run, every fault told; and what cites a law that changes."""

from argparse import Namespace

from bot import content as content_files
from bot.commands import out, places
from bot.content import Content
from bot.core.errors import BadInput
from bot.core.hours import local_day
from bot.core.library import law_changes
from bot.core.library.freshness import expiry_faults
from bot.core.library.law_changes import Hit

MAX_LIST = 1024 * 1024  # bytes of a list of changes


def run(args: Namespace) -> int:
    """Exit 1 when there is a fault, or an article cites a section that changes."""
    found = places.settings()
    today = local_day(out.instant(args.at, places.now(), found.timezone))
    content, faults = content_files.examine(places.root(found), today=today)
    articles = content.articles if content is not None else ()
    faults += expiry_faults(articles, today)
    hits = _hits(content, args.law) if args.law and content is not None else ()
    if args.json:
        law = {"law": [law_changes.report(hit) for hit in hits]} if args.law else {}
        out.result({"articles": len(articles), "faults": faults, **law})
    else:
        for line in (*faults, *(law_changes.told(hit) for hit in hits)):
            out.line(line)
        changed = f", {len({hit.article.id for hit in hits})} cite changed law" if args.law else ""
        out.note(f"{len(articles)} articles, {len(faults)} faults{changed}")
    return 1 if faults or hits else 0


def _hits(content: Content, path: str) -> tuple[Hit, ...]:
    """Which articles cite what the list says is changed. Raises BadInput with every malformed line."""
    try:
        changes = law_changes.parse(_listed(path), content.law)
    except BadInput as error:
        raise BadInput("\n".join(f"{path}: {line}" for line in str(error).splitlines())) from None
    return tuple(law_changes.hits(changes, content.articles, content.law))


def _listed(path: str) -> str:
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - /dev/stdin works too
            body = file.read(MAX_LIST + 1)
        if len(body) > MAX_LIST:
            raise BadInput(f"is larger than {MAX_LIST} bytes")
        return body.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("cannot be read as text") from error
