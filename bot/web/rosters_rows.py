"""The routes of rosters: what serves each, and what the OpenAPI document says of it."""

from typing import Any, Final

from aiohttp import web

from bot.web import rosters
from bot.web import rosters_models as models
from bot.web.shapes import Route

_ROSTER: Final = "/api/v1/organisations/{organisation}/roster"
_FAILS: Final = (400, 401, 403, 408, 409, 413, 415, 503)

SERVED: Final = (
    web.post(f"{_ROSTER}/preview", rosters.preview),
    web.post(f"{_ROSTER}/import", rosters.take),
)

MODELS: Final[tuple[Any, ...]] = (models.RosterFile, models.RosterPreview, models.RosterTaken)

DOCUMENTED: Final[tuple[Route, ...]] = (
    Route(
        method="post",
        path=f"{_ROSTER}/preview",
        does="What importing a roster file would change, or its faults with their lines; changes nothing",
        takes="RosterFile",
        gives={200: "RosterPreview"},
        fails=_FAILS,
        needs_session=True,
    ),
    Route(
        method="post",
        path=f"{_ROSTER}/import",
        does="Put a roster file's shifts in the place of what its source said before; all or nothing; once for each "
        "Idempotency-Key",
        takes="RosterFile",
        gives={201: "RosterTaken"},
        fails=_FAILS,
        needs_session=True,
    ),
)
