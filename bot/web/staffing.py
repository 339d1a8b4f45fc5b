"""Routes of the posts of boards: a page with table and chart, kept by each authority's own coordinator; the same as JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qs

from aiohttp import web

from bot.core.errors import BadInput, Denied
from bot.core.ids import OrganisationId
from bot.core.places import Organisation, organisation
from bot.core.policy import Act
from bot.core.staffing import PostId, post_from_json, post_to_dict
from bot.flow import staffing
from bot.flow.deps import Deps, fresh_id, pinned
from bot.flow.ports import Tx
from bot.flow.speaker import organisations_of
from bot.flow.staffing import Staffing
from bot.web import staffing_models as models
from bot.web.acting import Actor, act, answered, flow_deps, look, look_and_record, read_model
from bot.web.asking import frame_of
from bot.web.body import read_body
from bot.web.frame import Frame
from bot.web.staffing_page import View, staffing_page

MAX_POST: Final = 4 * 1024  # bytes of one post, as JSON or as a form
MAX_NAME: Final = 64  # characters of an organisation's or a post's id
_FIELDS: Final = ("id", "function", "percent", "placement", "since", "until", "basis")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What somebody may see: one organisation's posts, the others they may choose, and whether they keep this one's."""

    staffing: Staffing
    others: tuple[Organisation, ...]
    keeps: bool


async def page(request: web.Request) -> web.Response:
    """The posts of one organisation, one's own unless another is asked for."""
    seen = await look(
        request, lambda tx, deps, actor: _see(tx, deps, actor, request.query.get("organisation", ""))
    )
    return _drawn(request, seen, chosen=request.query.get("post", "")[:MAX_NAME])


async def save(request: web.Request) -> web.Response:
    """Keep a post from the page's form; what does not hold is told on the page, with what was written."""
    written = _form(await read_body(request, MAX_POST), request)
    own = str(written.get("organisation", ""))[:MAX_NAME]

    def put(tx: Tx, deps: Deps, actor: Actor) -> tuple[_Seen, str]:
        seen, fault = _see(tx, deps, actor, own), ""
        try:
            _keep(tx, pinned(deps), actor, own, written)
        except BadInput as error:
            fault = str(error)
        return seen, fault

    seen, fault = await look_and_record(request, put)
    if fault:
        return _drawn(request, seen, written=written, fault=fault, status=400)
    address = f"/staffing{frame_of(request).query}&organisation={seen.staffing.organisation.id}"
    return web.Response(status=303, headers={"Location": address})


async def show(request: web.Request) -> web.Response:
    """The same as JSON."""
    named = request.match_info["organisation"][:MAX_NAME]
    seen = await look(request, lambda tx, deps, actor: _see(tx, deps, actor, named))
    return answered(_answer(seen.staffing))


async def put(request: web.Request) -> web.Response:
    """Keep a post, new or changed, once for each Idempotency-Key."""
    body = await read_model(request, MAX_POST, models.PostBody)
    named = request.match_info["organisation"][:MAX_NAME]

    def do(tx: Tx, deps: Deps, actor: Actor) -> models.PostKept:
        _keep(
            tx, deps, actor, named, {k: v for k, v in body.model_dump(mode="json").items() if v is not None}
        )
        return models.PostKept(post=body.id)

    return await act(request, (body.model_dump_json(),), do)


async def remove(request: web.Request) -> web.Response:
    """Take away a post that was entered by mistake, once for each Idempotency-Key."""
    await read_body(request, 0)
    named, post = (request.match_info[name][:MAX_NAME] for name in ("organisation", "post"))

    def do(tx: Tx, deps: Deps, actor: Actor) -> models.PostRemoved:
        own = organisation(deps.content().structure, named).id
        staffing.may_at(deps, actor.who, Act.STAFFING_KEEP, own)
        staffing.remove(tx, deps, own, PostId(post), by=actor.who.person.id)
        return models.PostRemoved(post=post)

    return await act(request, (post,), do)


def _see(tx: Tx, deps: Deps, actor: Actor, named: str) -> _Seen:
    structure = deps.content().structure
    mine = tuple(
        structure.organisations[one]
        for one in organisations_of(actor.who.person, actor.who.now)
        if one in structure.organisations and _may(deps, actor, Act.STAFFING_VIEW, one)
    )
    if not mine:
        raise Denied("no rule lets this person see the posts of any organisation")
    own = organisation(structure, named[:MAX_NAME]) if named else mine[0]
    staffing.may_at(deps, actor.who, Act.STAFFING_VIEW, own.id)
    keeps = _may(deps, actor, Act.STAFFING_KEEP, own.id)
    return _Seen(staffing=staffing.staffing_of(tx, own), others=mine, keeps=keeps)


def _may(deps: Deps, actor: Actor, what: Act, own: OrganisationId) -> bool:
    try:
        staffing.may_at(deps, actor.who, what, own)
    except Denied:
        return False
    return True


def _keep(tx: Tx, deps: Deps, actor: Actor, named: str, written: Mapping[str, object]) -> None:
    own = organisation(deps.content().structure, named).id
    staffing.may_at(deps, actor.who, Act.STAFFING_KEEP, own)
    given = {name: written[name] for name in _FIELDS if written.get(name) not in ("", None)}
    post = post_from_json(json.dumps({**given, "organisation": own}))
    staffing.keep(tx, deps, post, by=actor.who.person.id)


def _form(body: bytes, request: web.Request) -> dict[str, object]:
    if request.content_type != "application/x-www-form-urlencoded":
        raise web.HTTPUnsupportedMediaType
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=12, errors="strict")
    except ValueError as error:
        raise BadInput("that is no form") from error
    return {name: _value(name, values[0].strip()) for name, values in fields.items()}


def _value(name: str, text: str) -> object:
    return int(text) if name == "percent" and text.isascii() and text.isdecimal() and len(text) < 4 else text


def _drawn(
    request: web.Request,
    seen: _Seen,
    *,
    chosen: str = "",
    written: Mapping[str, object] | None = None,
    fault: str = "",
    status: int = 200,
) -> web.Response:
    deps = flow_deps(request)
    changing = next((post for post in seen.staffing.posts if post.id == chosen), None)
    filled = written or (post_to_dict(changing) if changing is not None else {})
    view = View(
        staffing=seen.staffing,
        others=seen.others,
        keeps=seen.keeps,
        new=fresh_id(deps.clock.now(), deps.entropy),
        filled={name: str(value) for name, value in filled.items() if value is not None},
        fault=fault,
    )
    frame: Frame = replace(frame_of(request), path="/staffing")
    text = staffing_page(frame, view)
    return web.Response(text=text, status=status, content_type="text/html", charset="utf-8")


def _answer(found: Staffing) -> models.StaffingAnswer:
    return models.StaffingAnswer(
        organisation=found.organisation.id,
        posts=[models.PostAnswer.model_validate_json(json.dumps(post_to_dict(post))) for post in found.posts],
        levels=[
            models.LevelAnswer(since=level.since, posts=level.posts, percent=level.percent)
            for level in found.levels
        ],
        constant=found.constant,
    )
