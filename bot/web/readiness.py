"""Routes of readiness: what somebody is asked before a shift and how their device answers; how ready an organisation is."""

from typing import Final

from aiohttp import web

from bot.core.errors import Denied
from bot.core.hours import local_day
from bot.core.places import Organisation
from bot.core.policy import Act
from bot.flow import reached
from bot.flow.coverage import may_see
from bot.flow.deps import Deps
from bot.flow.drills import see
from bot.flow.ports import Tx
from bot.flow.readiness import plain, state_of
from bot.flow.speaker import may
from bot.flow.words import Words
from bot.web import readiness_models as models
from bot.web.acting import Actor, act, answered, look, read_model
from bot.web.asking import content_of
from bot.web.device_asking import organisation_of
from bot.web.devices_models import Nothing

MAX_ANSWER: Final = 1024  # bytes
MAX_NAME: Final = 64  # characters of an id


async def asked(request: web.Request) -> web.Response:
    """What whoever is signed in is asked now."""

    def ask(tx: Tx, deps: Deps, actor: Actor) -> models.ReadinessAsked:
        words = Words(deps.content(), actor.who.language, actor.who.now)
        checks = [
            models.CheckAsked(
                id=check.id,
                stage=check.stage,
                starts=check.starts,
                sentence=words.say(f"readiness.ask_{check.stage}"),
                nonce=reached.nonce(deps, check),
            )
            for check in reached.waiting(tx, actor.who)
        ]
        return models.ReadinessAsked(checks=checks, drill=_drill(tx, words, actor))

    return answered(await look(request, ask))


async def answer(request: web.Request) -> web.Response:
    """A device answers a check: it has its key, and its clock is right."""
    given = await read_model(request, MAX_ANSWER, models.ReadinessAnswer)
    named = request.match_info["check"][:MAX_NAME]

    def do(tx: Tx, deps: Deps, actor: Actor) -> models.ReadinessKept:
        check = reached.answer_on_device(
            tx, deps, actor.who, actor.own, named, clock=given.clock, signature=given.answer
        )
        return models.ReadinessKept(id=check.id, outcome=check.outcome)

    return await act(request, (str(given.clock), given.answer.hex()), do)


async def drill_seen(request: web.Request) -> web.Response:
    """Somebody has seen today's drill."""
    await read_model(request, MAX_ANSWER, Nothing)

    def do(tx: Tx, deps: Deps, actor: Actor) -> models.DrillSeen:
        may(deps, actor.who, Act.READINESS_ANSWER, subject=actor.who.person)
        return models.DrillSeen(seen=see(tx, deps, actor.who.person.id, actor.who.now))

    return await act(request, (), do)


async def state(request: web.Request) -> web.Response:
    """How ready an organisation is; to those who oversee it."""
    own = content_of(request).structure.organisations[organisation_of(request)]

    def ask(tx: Tx, deps: Deps, actor: Actor) -> dict[str, object]:
        return _state(tx, deps, actor, own)

    return web.json_response(await look(request, ask))


def _state(tx: Tx, deps: Deps, actor: Actor, own: Organisation) -> dict[str, object]:
    content = deps.content()
    if not may_see(content, actor.who, own):
        raise Denied("no rule lets this person see how ready that organisation is")
    return plain(state_of(tx, content, own, actor.who.now))


def _drill(tx: Tx, words: Words, actor: Actor) -> str | None:
    rung = tx.readiness.drills_of(actor.who.person.id, local_day(actor.who.now))
    waits = any(one.seen is None and actor.who.now <= one.until for one in rung)
    return words.say("readiness.drill") if waits else None
