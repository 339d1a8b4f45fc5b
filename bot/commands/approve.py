"""`samjour approve`: the words in an article's file that say which role has approved it, and when. `samjour reload` takes it into use."""

import os
from argparse import Namespace
from datetime import date
from pathlib import Path

from bot import content as content_files
from bot.commands import out, places
from bot.content import Content
from bot.core.errors import BadContent, BadInput
from bot.core.hours import local_day
from bot.core.ids import ArticleId
from bot.core.library import article as articles_of
from bot.core.library.approval import approved, check_approval
from bot.core.library.article import Article
from bot.core.people import Role
from bot.core.policy import Act, Facts, decide


def run(args: Namespace) -> int:
    """Approve one article. Nothing is written unless the whole content is without a fault, before and after."""
    found, today = places.settings(), local_day(places.now())
    on = _day(args.date) if args.date else today
    root = places.root(found)
    content = _sound(root)
    article = content.library.by_id.get(ArticleId(args.id))
    if article is None:
        raise BadInput(f"{args.id}: there is no such article")
    role = _role(content, args.role)
    check_approval(article, role, on, today)
    file = root / article.path
    before = file.read_bytes()
    after = approved(before, role, on)
    _check(article, after, role, on)
    _write(file, after)
    try:
        _sound(root)
    except BadContent:
        _write(file, before)
        raise
    told = {"id": article.id, "path": article.path, "role": role.value, "date": on.isoformat()}
    if args.json:
        out.result(told)
    else:
        out.line(f"{article.id} {article.title}: approved by a {role.value} {on}")
        out.note(f"{article.path}: commit it, then samjour reload")
    return 0


def _sound(root: Path) -> Content:
    """The content, without a fault. Raises BadContent with every one."""
    content, faults = content_files.examine(root)
    if content is None or faults:
        raise BadContent("\n".join(faults))
    return content


def _role(content: Content, name: str) -> Role:
    """The role, if the rules let it approve."""
    allowed = [
        role
        for role in Role
        if decide(content.policy, frozenset({role}), Act.ARTICLE_APPROVE, Facts(active=True)).allowed
    ]
    if name not in allowed:
        raise BadInput(f"--role: is one of {', '.join(sorted(allowed))}")
    return Role(name)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput("--date: is a day as 2026-11-23") from error


def _check(article: Article, content: bytes, role: Role, on: date) -> None:
    """Refuse to write what would not read as this approval, or would say anything else."""
    read = articles_of.parse(content.decode(), article.path)
    told = read.approved_by
    if told is None or (told.role, told.on) != (role.value, on) or read.body != article.body:
        raise BadInput(
            f"{article.path}: the front matter is written in a way that this command does not change"
        )


def _write(file: Path, content: bytes) -> None:
    """Put it in the place of the old one, with the same mode; after a crash it is the one or the other."""
    beside = file.with_name(f".{file.name}.new")  # hidden: no reader of content takes it for an article
    beside.write_bytes(content)
    beside.chmod(file.stat().st_mode & 0o777)
    with beside.open("rb") as written:
        os.fsync(written.fileno())
    beside.replace(file)
