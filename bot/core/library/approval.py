"""Approves an article: the two lines of its front matter that say so, and not another byte."""

import re
from datetime import date, timedelta
from typing import Final

from bot.core.errors import BadInput
from bot.core.library.article import Article, Status
from bot.core.people import Role

_STATUS: Final = re.compile(rb"(?m)^status:[ \t]*[a-z_]+[ \t]*(?:#[^\r\n]*)?(\r?\n)")
_APPROVED: Final = re.compile(rb"(?m)^approved_by:[^\r\n]*\r?\n(?:[ \t]+[^\r\n]*\r?\n)*")
_FENCE: Final = re.compile(rb"(?m)^---[ \t]*\r?\n")


def check_approval(article: Article, role: Role, on: date, today: date) -> None:
    """Raise BadInput, with the reason, where this role may not approve it, or not on that day."""
    if article.status is Status.NEEDS_LAWYER and role is not Role.LAWYER:
        raise BadInput(f"{article.id}: its law is not verified: a lawyer approves it, nobody else")
    if on > today:
        raise BadInput(f"{on}: that day has not come")
    if on < article.reviewed:
        raise BadInput(f"{article.id}: was reviewed {article.reviewed}, after it would have been approved")
    if on > article.reviewed + article.review_in:
        days = article.review_in // timedelta(days=1)
        raise BadInput(
            f"{article.id}: was not reviewed for {days} days: review it first, and say so in `reviewed`"
        )


def approved(content: bytes, role: Role, on: date) -> bytes:
    """The file with the status and the approval of its front matter put right; everything else as it stands.

    Raises BadInput for a front matter in which the status does not stand once, on a line of its own.
    """
    fences = list(_FENCE.finditer(content))
    if len(fences) < 2:
        raise BadInput("the front matter cannot be found")
    start, end = fences[0].end(), fences[1].start()
    front = _APPROVED.sub(b"", content[start:end])
    found = list(_STATUS.finditer(front))
    if len(found) != 1:
        raise BadInput("the status does not stand on a line of its own")
    newline = found[0][1]
    told = f"approved_by: {{role: {role.value}, date: {on.isoformat()}}}".encode()
    lines = b"status: approved" + newline + told + newline
    return content[:start] + front[: found[0].start()] + lines + front[found[0].end() :] + content[end:]
