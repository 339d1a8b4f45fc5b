"""Routes of proposals about shifts: to make one, to answer it, and what waits for whoever is signed in."""

from collections.abc import Callable
from typing import Final

from aiohttp import web

from bot.core.booking import Refusal, Refused
from bot.core.errors import BadInput
from bot.core.ids import PersonId
from bot.core.parts import Part, within
from bot.core.policy import Act
from bot.core.shift_told import mine
from bot.core.swaps import Swap, SwapId
from bot.flow import own_shifts
from bot.flow import swaps as flow
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.shift_book import AHEAD, book
from bot.flow.shift_changes import Doer, doer
from bot.flow.speaker import may
from bot.web import shifts_models as models
from bot.web.acting import Actor, act, answered, look, read_model
from bot.web.shifts import MAX_BODY, part_shown, span_of, stretch_of

MAX_ID: Final = 64  # characters


async def shifts(request: web.Request) -> web.Response:
    """One's own shifts of the next 60 days, what one could take, and what waits for an answer."""

    def ask(tx: Tx, deps: Deps, actor: Actor) -> models.Shifts:
        may(deps, actor.who, Act.STATUS_VIEW)
        me, now = actor.who.person.id, actor.who.now
        known = book(tx, now, now + AHEAD)
        asked, free, own = flow.for_me(tx, known, me)
        held = mine(known.parts, me, now)
        return models.Shifts(
            shifts=[
                models.PartShown(
                    stretch=stretch_of(one.span),
                    role=one.role,
                    organisations=list(one.organisations),
                    areas=list(one.areas),
                    person=me,
                    changed=bool(one.before),
                )
                for one in held
            ],
            free=[part_shown(part, named=False) for part in free],
            asked=[_shown(one, me) for one in asked],
            proposed=[_shown(one, me) for one in own],
        )

    return answered(await look(request, ask))


async def propose(request: web.Request) -> web.Response:
    """Propose a swap, or that somebody takes a shift; nothing changes until the other says yes."""
    asked = await read_model(request, MAX_BODY, models.NewSwap)
    if asked.giver is not None and (asked.taker is not None or asked.returns is not None):
        raise BadInput("giver: stands alone, when one asks for somebody's shift")

    def do(tx: Tx, deps: Deps, actor: Actor) -> models.SwapShown:
        me, gives = actor.who.person.id, span_of(asked.gives)
        returns = span_of(asked.returns) if asked.returns is not None else None
        found: list[Part] = []
        for span in filter(None, (gives, returns)):
            found += within(book(tx, actor.who.now, span.ends).parts, span)
        named = {name for part in found for name in part.shift.organisations}
        by = doer(deps, actor.who, Act.DUTY_SWAP, actor.who.person, named)
        giver = PersonId(asked.giver) if asked.giver is not None else me
        taker = me if asked.giver is not None else PersonId(asked.taker) if asked.taker is not None else None
        return _shown(flow.propose(tx, deps, by, giver=giver, gives=gives, taker=taker, returns=returns), me)

    return await act(request, (asked.model_dump_json(),), do)


async def consent(request: web.Request) -> web.Response:
    """Say yes: judged anew, and both halves come to be."""
    return await _answer(request, flow.agree)


async def refuse(request: web.Request) -> web.Response:
    """Say no."""
    return await _answer(request, flow.refuse)


async def withdraw(request: web.Request) -> web.Response:
    """Take one's own proposal back."""
    return await _answer(request, flow.withdraw)


async def _answer(request: web.Request, do: Callable[[Tx, Deps, SwapId, Doer], Swap]) -> web.Response:
    named = SwapId(request.match_info["id"][:MAX_ID])

    def answer(tx: Tx, deps: Deps, actor: Actor) -> models.SwapShown:
        one = tx.swaps.get(named)
        if one is None:
            raise Refused(Refusal.ANSWERED)
        concerned = own_shifts.organisations_of(tx, actor.who, one)
        by = doer(deps, actor.who, Act.DUTY_SWAP, actor.who.person, concerned)
        return _shown(do(tx, deps, named, by), actor.who.person.id)

    return await act(request, (named,), answer)


def _shown(one: Swap, reader: PersonId) -> models.SwapShown:
    return models.SwapShown(
        id=one.id,
        gives=stretch_of(one.gives),
        returns=stretch_of(one.returns) if one.returns is not None else None,
        state=one.state,
        mine=one.by == reader,
        open_to_all=one.waits and one.taker is None,
    )
