"""The route of gaps: to those who oversee an organisation, their own and no other."""

from dataclasses import replace
from typing import Final
from urllib.parse import parse_qs

from aiohttp import web

from bot.core.errors import BadInput
from bot.core.places import NumberId
from bot.flow.coverage import Coverage, coverage_of, keep_number_test
from bot.flow.deps import Deps, pinned
from bot.flow.ports import Tx
from bot.web.acting import Actor, look, look_and_record
from bot.web.asking import frame_of
from bot.web.body import read_body
from bot.web.coverage_page import coverage_page

MAX_NAME: Final = 64  # characters of an id
MAX_FORM: Final = 1024  # bytes of a form of three short fields


async def page(request: web.Request) -> web.Response:
    """Gaps of one organisation, one's own unless another is asked for. Raises 401, Denied, BadInput for none."""
    named = request.query.get("organisation", "")[:MAX_NAME]

    def ask(tx: Tx, deps: Deps, actor: Actor) -> Coverage:
        return coverage_of(tx, deps, actor.who, named)

    found = await look(request, ask)
    text = coverage_page(replace(frame_of(request), path="/coverage"), found)
    return web.Response(text=text, content_type="text/html", charset="utf-8")


async def tested(request: web.Request) -> web.Response:
    """Keep from the page's form that a number was rung, and whether it answered; leads back to the page."""
    written = _form(request, await read_body(request, MAX_FORM))
    named, number = written.get("organisation", "")[:MAX_NAME], NumberId(written.get("number", "")[:MAX_NAME])
    answered = {"yes": True, "no": False}.get(written.get("answered", ""))
    if answered is None:
        raise BadInput("answered: is yes or no")

    def put(tx: Tx, deps: Deps, actor: Actor) -> None:
        keep_number_test(tx, pinned(deps), actor.who, named=named, number=number, answered=answered)

    await look_and_record(request, put)
    address = f"/coverage{frame_of(request).query}&organisation={named}#numbers-title"
    return web.Response(status=303, headers={"Location": address})


def _form(request: web.Request, body: bytes) -> dict[str, str]:
    if request.content_type != "application/x-www-form-urlencoded":
        raise web.HTTPUnsupportedMediaType
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=3, errors="strict")
    except ValueError as error:
        raise BadInput("that is no form") from error
    return {name: values[0] for name, values in fields.items()}
