"""Who is on duty, for a telephone exchange that shows a token: the chain of one place at a minute, and whom to call."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from math import ceil
from typing import Final, TypeVar

from aiohttp import web

from bot.core import who
from bot.core.errors import BadInput
from bot.core.hours import local_instant
from bot.core.ids import PersonId
from bot.core.matching import Worker
from bot.core.places import Structure
from bot.core.request import DecisionKind, Matter, Need
from bot.flow.ports import Tx
from bot.flow.records_coverage import Scope, Token
from bot.flow.situation import workers
from bot.flow.tokens import MAX_SECRET, admitted, check_place
from bot.web.acting import flow_deps
from bot.web.asking import content_of, now_of
from bot.web.problems import problem
from bot.web.rates import Rates
from bot.web.who_models import WhoNow

RATES: web.AppKey[Rates] = web.AppKey("rates", Rates)
MAX_WORD: Final = 64  # characters of anything in the query
_BEARER: Final = "Bearer "  # RFC 6750 section 2.1
_LONGEST: Final = len(_BEARER) + MAX_SECRET
C = TypeVar("C", bound=StrEnum)


async def who_now(request: web.Request) -> web.Response:
    """As `who --json`, with `call`. 401 without a living token, 403 for another place, 429 beyond 60 a minute."""
    secret, now, content = _secret(request), now_of(request), content_of(request)
    store = flow_deps(request).store
    token = await store.read(lambda tx: admitted(tx, secret, now)) if secret else None
    if token is None:
        return _refused(request, 401, "WWW-Authenticate", "Bearer")
    wait = request.app[RATES].wait(token.id, now)
    if wait is not None:
        return _refused(request, 429, "Retry-After", str(ceil(wait.total_seconds())))
    asked = _question(request, now)
    check_place(token, content.structure, asked.name, asked.area, asked.at)
    return web.json_response(await store.read(lambda tx: _told(tx, content.structure, token, asked)))


def _told(tx: Tx, structure: Structure, token: Token, asked: who.Question) -> dict[str, object]:
    everybody = workers(tx, asked.at)
    found = who.report(structure, everybody, asked)
    shown = WhoNow.model_validate({**found, "call": []})
    people = _people(shown, everybody) if token.scope is Scope.STAFF else []
    numbers = [{"label": one.label.sv, "number": one.number} for one in shown.numbers]
    return {**found, "call": people + numbers}


def _people(shown: WhoNow, everybody: Sequence[Worker]) -> list[dict[str, str]]:
    """Those who would be asked, in order, by their functions; who is asked only after the jour is not called."""
    phones = {worker.person.id: worker.person.phone for worker in everybody}
    asked = ((step, found) for step in shown.steps if not step.after_jour for found in step.candidates)
    numbered = ((step.label.sv, phones[PersonId(found.person)]) for step, found in asked)
    return [{"label": label, "number": number} for label, number in numbered if number is not None]


def _question(request: web.Request, now: datetime) -> who.Question:
    at = _word(request, "at")
    name = _word(request, "organisation")
    if not name:
        raise BadInput("organisation: is missing")
    return who.Question(
        name=name,
        at=local_instant(at) if at else now,
        area=_word(request, "area") or None,
        matter=_choice(Matter, request, "matter") or Matter.OTHER,
        need=_choice(Need, request, "need") or Need.ADVICE,
        decision=_choice(DecisionKind, request, "decision"),
    )


def _choice(kind: type[C], request: web.Request, name: str) -> C | None:
    word = _word(request, name)
    if word and word not in tuple(kind):
        raise BadInput(f"{name}: is one of {', '.join(kind)}")
    return kind(word) if word else None


def _word(request: web.Request, name: str) -> str:
    word: str = request.query.get(name, "")
    if len(word) > MAX_WORD:
        raise BadInput(f"{name}: is longer than {MAX_WORD} characters")
    return word


def _secret(request: web.Request) -> str:
    header: str = request.headers.get("Authorization", "")
    return header.removeprefix(_BEARER) if header.startswith(_BEARER) and len(header) <= _LONGEST else ""


def _refused(request: web.Request, status: int, header: str, value: str) -> web.Response:
    code = "token_needed" if status == 401 else "429"
    answer = problem(request, status, code=code)
    answer.headers[header] = value
    return answer
