"""The routes as an OpenAPI 3.1 document, made of a small table."""

from typing import Any, Final

from pydantic import TypeAdapter

from bot.flow.status import Status
from bot.web.coverage_rows import DOCUMENTED as COVERAGE_ROUTES
from bot.web.devices_rows import DOCUMENTED as DEVICE_ROUTES
from bot.web.devices_rows import MODELS as DEVICE_MODELS
from bot.web.find_rows import DOCUMENTED as FIND_ROUTES
from bot.web.graves_rows import DOCUMENTED as GRAVE_ROUTES
from bot.web.graves_rows import MODELS as GRAVE_MODELS
from bot.web.guard_models import GuardDocument
from bot.web.handovers_rows import DOCUMENTED as HANDOVER_ROUTES
from bot.web.handovers_rows import MODELS as HANDOVER_MODELS
from bot.web.learn_rows import DOCUMENTED as LEARN_ROUTES
from bot.web.ledger_models import ConsistencyProof, InclusionProof, LedgerKeys, ServedFiles
from bot.web.openings_rows import DOCUMENTED as OPENING_ROUTES
from bot.web.openings_rows import MODELS as OPENING_MODELS
from bot.web.questions_rows import DOCUMENTED as QUESTION_ROUTES
from bot.web.questions_rows import MODELS as QUESTION_MODELS
from bot.web.readiness_rows import DOCUMENTED as READINESS_ROUTES
from bot.web.readiness_rows import MODELS as READINESS_MODELS
from bot.web.register_rows import DOCUMENTED as REGISTER_ROUTES
from bot.web.register_rows import MODELS as REGISTER_MODELS
from bot.web.room_rows import DOCUMENTED as ROOM_ROUTES
from bot.web.room_rows import MODELS as ROOM_MODELS
from bot.web.rosters_rows import DOCUMENTED as ROSTER_ROUTES
from bot.web.rosters_rows import MODELS as ROSTER_MODELS
from bot.web.shapes import Health, Problem, Route, SessionAnswer, SessionRequest
from bot.web.shifts_rows import DOCUMENTED as SHIFT_ROUTES
from bot.web.shifts_rows import MODELS as SHIFT_MODELS
from bot.web.staffing_rows import DOCUMENTED as STAFFING_ROUTES
from bot.web.staffing_rows import MODELS as STAFFING_MODELS
from bot.web.who_rows import DOCUMENTED as WHO_ROUTES
from bot.web.who_rows import MODELS as WHO_MODELS

SCHEMAS: Final = "#/components/schemas/"
MODELS: Final[tuple[Any, ...]] = (
    SessionRequest,
    SessionAnswer,
    Problem,
    Health,
    Status,
    LedgerKeys,
    InclusionProof,
    ConsistencyProof,
    ServedFiles,
    GuardDocument,
    *DEVICE_MODELS,
    *ROOM_MODELS,
    *OPENING_MODELS,
    *QUESTION_MODELS,
    *WHO_MODELS,
    *READINESS_MODELS,
    *ROSTER_MODELS,
    *SHIFT_MODELS,
    *STAFFING_MODELS,
    *REGISTER_MODELS,
    *HANDOVER_MODELS,
    *GRAVE_MODELS,
)  # pydantic models and dataclasses

ROUTES: Final[tuple[Route, ...]] = (
    Route(
        method="get", path="/", does="Status page, or the numbers that answer now", gives={200: "text/html"}
    ),
    Route(
        method="get",
        path="/numbers",
        does="Every number of the coming week with its hours; browsers keep it for when there is no net",
        gives={200: "text/html"},
    ),
    Route(method="get", path="/in", does="The page that a sign-in link opens", gives={200: "text/html"}),
    Route(method="get", path="/device", does="The page about one's own device", gives={200: "text/html"}),
    Route(method="get", path="/enrol", does="The same, where an invitation leads", gives={200: "text/html"}),
    Route(
        method="get",
        path="/part/status",
        does="The part of `/` that changes",
        gives={200: "text/html", 304: ""},
    ),
    Route(
        method="post",
        path="/api/v1/sessions",
        does="Open a session by a sign-in link's token, which works once",
        takes="SessionRequest",
        gives={201: "SessionAnswer"},
        fails=(400, 403, 408, 413, 415),
    ),
    Route(
        method="post",
        path="/api/v1/sessions/end",
        does="End the session; harmless without one",
        gives={204: "", 303: ""},
        fails=(403, 408, 413),
    ),
    Route(
        method="get",
        path="/api/v1/me/status",
        does="What the status page shows",
        gives={200: "Status"},
        fails=(401, 403),
        needs_session=True,
    ),
    Route(
        method="post",
        path="/link",
        does="A code that links one's own Telegram account, once",
        gives={200: "text/html"},
        fails=(401, 403, 413),
        needs_session=True,
    ),
    Route(method="get", path="/api/v1/openapi.json", does="This document", gives={200: "application/json"}),
    Route(
        method="get",
        path="/healthz",
        does="Whether the process lives, and every loop in it",
        gives={200: "Health", 503: "Health"},
    ),
    Route(
        method="get",
        path="/readyz",
        does="Whether database, content and ledger head are as they should be",
        gives={200: "Health", 503: "Health"},
    ),
    Route(
        method="post",
        path="/telegram/{path}",
        does="Updates from Telegram, which shows the secret token",
        takes="application/json",
        gives={200: ""},
        fails=(403, 404, 408, 413),
    ),
    Route(
        method="post",
        path="/gateway/{ring}/{proof}",
        does="What became of an SMS or a call, told by the gateway at the address that it was given",
        takes="application/x-www-form-urlencoded",
        gives={204: ""},
        fails=(400, 404, 408, 413, 429, 503),
    ),
    Route(
        method="get",
        path="/api/v1/ledger/key",
        does="The verifier keys of the ledgers",
        gives={200: "LedgerKeys"},
    ),
    Route(
        method="get",
        path="/api/v1/ledger/files",
        does="The digests of the files that browsers are served, as the ledger has them, with the proof",
        gives={200: "ServedFiles"},
        fails=(404, 503),
    ),
    Route(
        method="get",
        path="/api/v1/ledger/{organisation}/checkpoint",
        does="The newest signed checkpoint, or that of a size, with its cosignatures: a C2SP signed note",
        asks=("size",),
        gives={200: "text/plain"},
        fails=(400, 404, 503),
    ),
    Route(
        method="get",
        path="/api/v1/ledger/{organisation}/inclusion",
        does="The proof that an entry is under a checkpoint; `size` is the newest checkpoint's unless given",
        asks=("index", "size"),
        gives={200: "InclusionProof"},
        fails=(400, 404, 503),
    ),
    Route(
        method="get",
        path="/api/v1/ledger/{organisation}/consistency",
        does="The proof that a smaller ledger is the beginning of a larger; `to` is the newest checkpoint's size unless given",
        asks=("from", "to"),
        gives={200: "ConsistencyProof"},
        fails=(400, 404, 503),
    ),
    Route(
        method="post",
        path="/api/v1/ledger/{organisation}/cosignatures",
        does="Cosignatures of known witnesses under one of our checkpoints, as a signed note; harmless the second time",
        takes="text/plain",
        gives={201: "", 200: ""},
        fails=(400, 403, 404, 408, 409, 413, 503),
    ),
    Route(
        method="get",
        path="/api/v1/guard",
        does="The rules of the identity guard, for its twin in the browser: asked for when somebody begins to write",
        gives={200: "GuardDocument", 304: ""},
    ),
    *DEVICE_ROUTES,
    *ROOM_ROUTES,
    *HANDOVER_ROUTES,
    *GRAVE_ROUTES,
    *OPENING_ROUTES,
    *QUESTION_ROUTES,
    *WHO_ROUTES,
    *COVERAGE_ROUTES,
    *READINESS_ROUTES,
    *LEARN_ROUTES,
    *ROSTER_ROUTES,
    *SHIFT_ROUTES,
    *FIND_ROUTES,
    *STAFFING_ROUTES,
    *REGISTER_ROUTES,
    Route(
        method="get", path="/static/{name}", does="A static file", gives={200: "*/*", 304: ""}, fails=(404,)
    ),
    Route(
        method="get",
        path="/static/{folder}/{name}",
        does="A module that scripts import",
        gives={200: "*/*", 304: ""},
        fails=(404,),
    ),
)

# A JSON document's own shape: any value may stand in it.
Json = dict[str, Any]


def document() -> Json:
    """Write the whole document."""
    paths: Json = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Samjour", "version": "1"},
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": "__Host-samjour"},
                "token": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _operation(route: Route) -> Json:
    answers = {str(status): _answer(gives) for status, gives in route.gives.items()}
    failures = {str(status): _answer("Problem", "application/problem+json") for status in (*route.fails, 500)}
    operation: Json = {"summary": route.does, "responses": {**failures, **answers}}
    names = [part[1:-1] for part in route.path.split("/") if part.startswith("{")]
    given = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]
    asked = [{"name": name, "in": "query", "schema": {"type": "string"}} for name in route.asks]
    if given or asked:
        operation["parameters"] = [*given, *asked]
    if route.takes is not None:
        operation["requestBody"] = {"required": True, "content": _content(route.takes)}
    if route.needs_session:
        operation["security"] = [{"session": []}]
    if route.needs_token:
        operation["security"] = [{"token": []}]
    return operation


def _answer(gives: str, media: str = "application/json") -> Json:
    answer: Json = {"description": gives or "Nothing"}
    return {**answer, "content": _content(gives, media)} if gives else answer


def _content(named: str, media: str = "application/json") -> Json:
    return {named: {}} if "/" in named else {media: {"schema": {"$ref": f"{SCHEMAS}{named}"}}}


def _schemas() -> Json:
    schemas: Json = {}
    for kind in MODELS:
        schema = TypeAdapter(kind).json_schema(ref_template=SCHEMAS + "{model}", mode="serialization")
        schemas.update(schema.pop("$defs", {}))
        schemas[kind.__name__] = schema
    return schemas


DOCUMENT: Final = document()
