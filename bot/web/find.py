"""The route of who does what at a place: to whoever is signed in and may look for contacts."""

from dataclasses import replace
from typing import Final

from aiohttp import web

from bot.core.errors import Denied
from bot.core.finding import report
from bot.core.policy import Act
from bot.flow.deps import Deps
from bot.flow.find import guide_at, spot_of
from bot.flow.learning import Shelf, shelf
from bot.flow.ports import Tx
from bot.flow.speaker import home_board, home_districts, may
from bot.web.acting import Actor, look
from bot.web.asking import frame_of
from bot.web.find_page import View, find_page

MAX_PLACE: Final = 32  # characters of a place in the query; no id is longer


async def page(request: web.Request) -> web.Response:
    """One place, one's own unless another is asked for. Raises 401, Denied, and BadInput for a place there is not."""
    wanted = request.query.get("place", "")[:MAX_PLACE]

    def ask(tx: Tx, deps: Deps, actor: Actor) -> View:
        person, now = actor.who.person, actor.who.now
        may(deps, actor.who, Act.CONTACT_VIEW)
        guide = guide_at(tx, deps.content(), spot_of(deps, person, wanted, now), now)
        return View(
            guide=guide,
            districts=home_districts(deps, person, now),
            there=shelf(deps.content(), guide.spot.board, now),
            own=_own_shelf(deps, actor),
        )

    drawn = find_page(replace(frame_of(request), path="/find"), await look(request, ask))
    return web.Response(text=drawn, content_type="text/html", charset="utf-8")


async def as_json(request: web.Request) -> web.Response:
    """The same as JSON, in both languages: what `samjour find` tells."""
    wanted = request.query.get("place", "")[:MAX_PLACE]

    def ask(tx: Tx, deps: Deps, actor: Actor) -> dict[str, object]:
        now = actor.who.now
        may(deps, actor.who, Act.CONTACT_VIEW)
        guide = guide_at(tx, deps.content(), spot_of(deps, actor.who.person, wanted, now), now)
        return report(guide.spot.board, guide.found, now, guide.spot.district)

    return web.json_response(await look(request, ask))


def _own_shelf(deps: Deps, actor: Actor) -> Shelf | None:
    """The library that links can lead this person to; None for whoever may not browse it."""
    try:
        may(deps, actor.who, Act.LIBRARY_BROWSE)
    except Denied:
        return None
    return shelf(deps.content(), home_board(deps, actor.who.person, actor.who.now), actor.who.now)
