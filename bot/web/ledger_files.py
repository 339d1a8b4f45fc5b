"""The digests of the files that browsers are served, with their proof: so that others can compare what they are served."""

from dataclasses import dataclass, field

from aiohttp import web

from bot.flow.served_files import Look, Served, served
from bot.seal.wire import to_base64url
from bot.web.acting import flow_deps
from bot.web.deps import DEPS
from bot.web.ledger_models import ServedFiles


@dataclass(slots=True)
class LastLook:
    """How far this server has looked through its ledger for the list."""

    look: Look = field(default_factory=Look)


LAST_LOOK: web.AppKey[LastLook] = web.AppKey("last_look", LastLook)


async def files(request: web.Request) -> web.Response:
    """The newest list. What stands in this entry, and in no other, is everybody's to read."""
    deps, last = flow_deps(request), request.app[LAST_LOOK]
    before = last.look
    found, last.look = await request.app[DEPS].store.read(lambda tx: served(tx, deps, before))
    if found is None:
        raise web.HTTPNotFound
    return web.json_response(text=_told(found).model_dump_json())


def _told(found: Served) -> ServedFiles:
    entry = found.recorded.entry
    return ServedFiles(
        organisation=entry.organisation,
        kind=entry.kind,
        index=found.recorded.index,
        salt=to_base64url(entry.salt),
        body=to_base64url(entry.body),
        checkpoint=found.checkpoint,
        proof=[to_base64url(hashed) for hashed in found.proof],
    )
