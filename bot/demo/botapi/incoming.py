"""Reads the parameters of one HTTP request to the Bot API (core.telegram.org/bots/api#making-requests)."""

import json
import re

from aiohttp import web

from bot.demo.botapi.parameters import Parameters
from bot.demo.botapi.refusals import Refused, bad_request, not_found, unauthorized

LARGEST_BODY = 1 << 20  # bytes

_TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{1,100}")


def check_token(token: str, *, expected: str) -> None:
    """Whether the call is for our bot: 404 for what is no token, 401 for somebody else's."""
    if not _TOKEN.fullmatch(token):
        raise not_found()
    if token != expected:
        raise unauthorized()


async def parameters_of(request: web.Request) -> Parameters:
    """What stands in the query and in the body: a form, multipart parts (a file counts as its name) or JSON."""
    given: dict[str, object] = dict(request.query)
    if request.method != "POST":
        return given
    try:
        if request.content_type == "application/json":
            return given | _json_object(await request.read())
        form = await request.post()
    except web.HTTPRequestEntityTooLarge as error:
        raise Refused(413, "Request Entity Too Large") from error
    except (ValueError, LookupError, RecursionError) as error:
        raise bad_request("can't parse the request's body; strings must be encoded in UTF-8") from error
    return given | {
        name: value.filename if isinstance(value, web.FileField) else value for name, value in form.items()
    }


def _json_object(body: bytes) -> dict[str, object]:
    value = json.loads(body or b"{}")
    if not isinstance(value, dict):
        raise bad_request("object expected as request")
    return value
