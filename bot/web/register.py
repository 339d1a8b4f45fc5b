"""Routes of the register: a page for those who answer for one, a month at a time; the same as JSON."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from aiohttp import web

from bot.core.errors import BadInput, Denied
from bot.core.hours import local_beginning
from bot.core.ids import OrganisationId
from bot.core.places import Organisation, organisation
from bot.core.registers import Register, RegisterId
from bot.flow import register
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.speaker import organisations_of
from bot.web import register_models as models
from bot.web.acting import Actor, answered, look, number_of
from bot.web.asking import frame_of, now_of
from bot.web.register_page import View, register_page

MAX_NAME: Final = 64  # characters of an id
MAX_TIME: Final = 40  # characters of a time
PAGE: Final = 100  # entries, where nobody says how many
MONTH: Final = timedelta(days=31)  # on one page


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A span of time, half-open, and where in it a page begins."""

    since: datetime | None
    before: datetime | None
    after: RegisterId | None
    limit: int


async def page(request: web.Request) -> web.Response:
    """A month of one organisation's register, one's own unless another is asked for, the newest first."""
    named = request.query.get("organisation", "")[:MAX_NAME]
    until = _instant(request, "to") or now_of(request) + timedelta(seconds=1)
    asked = _Asked(since=until - MONTH, before=until, after=None, limit=register.MOST)

    def ask(tx: Tx, deps: Deps, actor: Actor) -> View:
        own, others = _seen(deps, actor, named)
        found = _page(tx, own.id, asked)
        return View(organisation=own, others=others, entries=found.entries[::-1], since=until - MONTH)

    frame = replace(frame_of(request), path="/register")
    text = register_page(frame, await look(request, ask))
    return web.Response(text=text, content_type="text/html", charset="utf-8")


async def show(request: web.Request) -> web.Response:
    """Entries of an organisation's register, the oldest first."""
    named = request.match_info["organisation"][:MAX_NAME]
    after = request.query.get("after", "")[:MAX_NAME]
    asked = _Asked(
        since=_instant(request, "from"),
        before=_instant(request, "to"),
        after=RegisterId(after) if after else None,
        limit=number_of(request, "limit", default=PAGE, most=register.MOST),
    )

    def ask(tx: Tx, deps: Deps, actor: Actor) -> models.RegisterAnswer:
        own = organisation(deps.content().structure, named)
        register.may_view(deps, actor.who, own.id)
        found = _page(tx, own.id, asked)
        following = found.entries[-1].id if found.more else None
        entries = tuple(_entry(one) for one in found.entries)
        return models.RegisterAnswer(organisation=own.id, entries=entries, next=following)

    return answered(await look(request, ask))


def _page(tx: Tx, own: OrganisationId, asked: _Asked) -> register.Page:
    return register.page(
        tx, own, since=asked.since, before=asked.before, after=asked.after, limit=asked.limit
    )


def _seen(deps: Deps, actor: Actor, named: str) -> tuple[Organisation, tuple[Organisation, ...]]:
    """The organisation whose register is asked for, and all those whose register this person may see. Raises Denied."""
    structure = deps.content().structure
    mine = tuple(
        structure.organisations[one]
        for one in organisations_of(actor.who.person, actor.who.now)
        if one in structure.organisations and _may(deps, actor, one)
    )
    if not mine:
        raise Denied("no rule lets this person see any register")
    own = organisation(structure, named) if named else mine[0]
    register.may_view(deps, actor.who, own.id)
    return own, mine


def _may(deps: Deps, actor: Actor, own: OrganisationId) -> bool:
    try:
        register.may_view(deps, actor.who, own)
    except Denied:
        return False
    return True


def _instant(request: web.Request, name: str) -> datetime | None:
    """A time in the query, Swedish unless it has an offset. Raises BadInput for one that is none, or is two."""
    text = request.query.get(name)
    if text is None:
        return None
    if len(text) > MAX_TIME:
        raise BadInput(f"{name}: is no time")
    return local_beginning(text)


def _entry(found: Register) -> models.RegisterEntry:
    disclosed = found.disclosure
    return models.RegisterEntry(
        id=found.id,
        consultation=found.consultation,
        organisation=found.organisation,
        at=found.at,
        kind=found.kind,
        direction=disclosed.direction if disclosed is not None else None,
        ground=disclosed.ground if disclosed is not None else None,
    )
