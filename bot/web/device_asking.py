"""What routes of devices need of a request: who is signed in, what was sent, and where to act."""

import re
from typing import Annotated, Final, TypeVar

from aiohttp import web
from pydantic import BaseModel, BeforeValidator, PlainSerializer, WithJsonSchema

from bot.core.ids import OrganisationId
from bot.core.people import Person
from bot.flow.sign_in import SESSION_LIFETIME, SignedIn, session_person
from bot.seal.errors import Malformed
from bot.seal.keys import DEVICE_ID
from bot.seal.wire import from_base64url, to_base64url
from bot.web.asking import content_of, token_of
from bot.web.deps import DEPS, SITE

M = TypeVar("M", bound=BaseModel)
MAX_STATEMENT: Final = 12 * 1024  # bytes of a signed statement as it is sent; `seal` has the exact bound
_ORGANISATION: Final = re.compile(r"[a-z0-9-]{1,64}", re.ASCII)


def _read(value: object) -> object:
    """Canonical base64url, as FORMAT.md 4 has it; ValueError is what pydantic takes for a refusal."""
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str):
        raise ValueError("bytes are written as base64url")  # noqa: TRY004 - see above
    try:
        return from_base64url(value, most=MAX_STATEMENT)
    except Malformed as error:
        raise ValueError("bytes are written as base64url") from error


Bytes = Annotated[
    bytes,
    BeforeValidator(_read),
    PlainSerializer(to_base64url, return_type=str),
    WithJsonSchema({"type": "string", "description": "base64url without padding (RFC 4648 section 5)"}),
]


async def person_of(request: web.Request) -> Person:
    """Who is signed in; 401 for nobody."""
    person = await session_person(request.app[DEPS], token_of(request))
    if person is None:
        raise web.HTTPUnauthorized
    return person


def given(answer: BaseModel, status: int = 200) -> web.Response:
    """An answer as JSON."""
    return web.json_response(text=answer.model_dump_json(), status=status)


def organisation_of(request: web.Request) -> OrganisationId:
    """The organisation in the path; 404 for one that is none of ours."""
    name = OrganisationId(request.match_info["organisation"])
    known = content_of(request).structure.organisations
    if not _ORGANISATION.fullmatch(name) or name not in known:
        raise web.HTTPNotFound
    return name


def device_of(request: web.Request) -> bytes:
    """The device's id in the path, hexadecimal; 404 for anything else."""
    text = request.match_info["device"]
    if not re.fullmatch(rf"[0-9a-f]{{{2 * DEVICE_ID}}}", text, re.ASCII):
        raise web.HTTPNotFound
    return bytes.fromhex(text)


def keep_session(request: web.Request, response: web.Response, opened: SignedIn) -> None:
    """Put the session's token into the browser's cookie."""
    site = request.app[SITE]
    response.set_cookie(
        site.cookie,
        opened.token,
        max_age=int(SESSION_LIFETIME.total_seconds()),
        path="/",
        secure=site.secure,
        httponly=True,
        samesite="Strict",
    )
