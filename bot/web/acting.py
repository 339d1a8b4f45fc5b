"""Whatever somebody who is signed in does: who they are, what they were given, and once for each Idempotency-Key."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from bot.core.errors import BadInput, Unavailable
from bot.flow.consult import signed_in_speaker
from bot.flow.deps import Deps, pinned
from bot.flow.device_sign_in import signed_in_device
from bot.flow.ports import Tx
from bot.flow.records_devices import Device
from bot.flow.refusals import Code, Refused
from bot.flow.sendings import Answer, Asked, once
from bot.flow.sign_in import MAX_TOKEN, signed_in
from bot.flow.speaker import Speaker
from bot.web.asking import content_of, language_of, now_of, token_of
from bot.web.body import read_body
from bot.web.deps import DEPS

KEY: Final = "Idempotency-Key"  # draft-ietf-httpapi-idempotency-key-header
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")

T = TypeVar("T")
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who is signed in, and on which device of theirs, if on one."""

    who: Speaker
    device: Device | None

    @property
    def own(self) -> Device:
        """The device. Raises Refused without."""
        if self.device is None:
            raise Refused(Code.DEVICE_NEEDED)
        return self.device

    @property
    def sender(self) -> str:
        """Whose Idempotency-Keys these are."""
        return self.device.id.hex() if self.device is not None else self.who.person.id


async def look(request: web.Request, ask: Callable[[Tx, Deps, Actor], T]) -> T:
    """Ask in one snapshot of database and content, as whoever is signed in. Raises 401 for nobody."""
    find = _finder(request)
    deps = replace(flow_deps(request), content=lambda: content_of(request))
    return await deps.store.read(lambda tx: ask(tx, deps, find(tx)))


async def look_and_record(request: web.Request, ask: Callable[[Tx, Deps, Actor], T]) -> T:
    """Ask the same where that it was asked goes on record."""
    deps, find = flow_deps(request), _finder(request)
    return await deps.store.write(lambda tx: ask(tx, pinned(deps), find(tx)))


async def act(
    request: web.Request, what: tuple[str, ...], do: Callable[[Tx, Deps, Actor], BaseModel]
) -> web.Response:
    """Do it once, as whoever is signed in, and answer 201; the same key again answers as the first time.

    `what`: everything that a repetition must repeat, beside the route. Raises 401, Refused, and what `do` raises.
    """
    deps, find, key = flow_deps(request), _finder(request), _key_of(request)
    named = (request.method, request.path, *what)

    def once_more(tx: Tx) -> Answer:
        actor = find(tx)
        asked = Asked(sender=actor.sender, key=key, what=named)
        return once(tx, asked, actor.who.now, lambda: do(tx, pinned(deps), actor).model_dump(mode="json"))

    answer = await deps.store.write(once_more)
    deps.bells.ring()
    return web.json_response(answer, status=201)


async def read_model(request: web.Request, limit: int, model: type[Model]) -> Model:
    """The body as that model, at most `limit` bytes of it. Raises 413, 415 or BadInput."""
    body = await read_body(request, limit)
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    try:
        return model.model_validate_json(body)
    except ValidationError:  # its text repeats the input
        raise BadInput("a field is missing, unknown or of the wrong kind") from None


def answered(model: BaseModel) -> web.Response:
    """An answer to a question."""
    return web.json_response(text=model.model_dump_json())


def number_of(request: web.Request, name: str, *, default: int, most: int) -> int:
    """A number in the query. Raises BadInput for one that is none, or out of bounds."""
    text = request.query.get(name, str(default))
    if not re.fullmatch(r"0|[1-9][0-9]{0,15}", text) or int(text) > most:
        raise BadInput("that is no number, or out of bounds")
    return int(text)


def flow_deps(request: web.Request) -> Deps:
    """What the flow works with."""
    flow = request.app[DEPS].flow
    if flow is None:
        raise Unavailable("nothing can be done here")
    return flow


def _finder(request: web.Request) -> Callable[[Tx], Actor]:
    token, language, now = token_of(request), language_of(request), now_of(request)
    if token is None or len(token) > MAX_TOKEN:
        raise web.HTTPUnauthorized

    def find(tx: Tx) -> Actor:
        person = signed_in(tx, token, now)
        if person is None:
            raise web.HTTPUnauthorized
        found = signed_in_device(tx, token, now)
        who = signed_in_speaker(person, language, now)
        return Actor(who=who, device=found[1] if found is not None else None)

    return find


def _key_of(request: web.Request) -> str:
    key: str = request.headers.get(KEY, "")
    if not _KEY.fullmatch(key):
        raise Refused(Code.KEY_MISSING)
    return key
