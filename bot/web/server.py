"""Builds the web: every route, and what stands around them all."""

from aiohttp import web

from bot.web import (
    coverage_rows,
    device_page,
    devices_rows,
    find_rows,
    gateway,
    graves_rows,
    guard,
    handovers_rows,
    learn_rows,
    ledger,
    ledger_files,
    numbers,
    openings_rows,
    questions_rows,
    readiness_rows,
    reading,
    register_rows,
    room_rows,
    rosters_rows,
    shifts_rows,
    staffing_rows,
    who_rows,
    writing,
)
from bot.web.assets import load_assets
from bot.web.deps import ASSETS, DEPS, SITE, WebDeps, site_of
from bot.web.gateway import REPORTS
from bot.web.guard import GUARD_DOCUMENTS, GuardDocuments
from bot.web.ledger_files import LAST_LOOK, LastLook
from bot.web.problems import answer_problems
from bot.web.rates import Rates
from bot.web.security import add_headers, refuse_foreign_writes
from bot.web.who import RATES

ROUTES = (
    web.get("/", reading.home),
    web.get("/in", reading.sign_in),
    web.get("/device", device_page.device),
    web.get("/enrol", device_page.device),
    web.get("/numbers", numbers.numbers),
    web.get("/part/status", reading.part),
    web.get("/api/v1/me/status", reading.my_status),
    web.get("/api/v1/openapi.json", reading.openapi),
    web.post("/api/v1/sessions", writing.open_session),
    web.post("/api/v1/sessions/end", writing.end_session),
    web.post("/link", writing.link_telegram),
    web.post("/telegram/{path}", writing.telegram),
    web.post("/gateway/{ring}/{proof}", gateway.report),
    web.get("/api/v1/ledger/key", ledger.keys),
    web.get("/api/v1/ledger/files", ledger_files.files),
    web.get("/api/v1/ledger/{organisation}/checkpoint", ledger.checkpoint),
    web.get("/api/v1/ledger/{organisation}/inclusion", ledger.inclusion),
    web.get("/api/v1/ledger/{organisation}/consistency", ledger.consistency),
    web.post("/api/v1/ledger/{organisation}/cosignatures", ledger.take_cosignatures),
    web.get("/api/v1/guard", guard.guard),
    web.get("/static/{name}", reading.static),
    *devices_rows.SERVED,
    *room_rows.SERVED,
    *handovers_rows.SERVED,
    *graves_rows.SERVED,
    *openings_rows.SERVED,
    *questions_rows.SERVED,
    *who_rows.SERVED,
    *coverage_rows.SERVED,
    *readiness_rows.SERVED,
    *learn_rows.SERVED,
    *rosters_rows.SERVED,
    *shifts_rows.SERVED,
    *find_rows.SERVED,
    *staffing_rows.SERVED,
    *register_rows.SERVED,
    web.get("/static/{folder}/{name}", reading.module),
    web.get("/healthz", reading.healthz),
    web.get("/readyz", reading.readyz),
)


def build_web(deps: WebDeps) -> web.Application:
    """Make the application. Raises BadInput for a base URL that would leave sessions unprotected."""
    app = web.Application(middlewares=[answer_problems, refuse_foreign_writes])
    app[DEPS] = deps
    app[SITE] = site_of(deps.base_url)
    app[ASSETS] = load_assets()
    app[GUARD_DOCUMENTS] = GuardDocuments()
    app[LAST_LOOK] = LastLook()
    app[RATES] = Rates()
    app[REPORTS] = Rates()
    app.on_response_prepare.append(add_headers)
    app.add_routes(ROUTES)
    return app
