"""Routes of shifts: one's own and an organisation's, and changes of them by oneself or by the coordinator."""

from collections.abc import Callable
from typing import Final

from aiohttp import web

from bot.core.booking import Refusal, Refused
from bot.core.errors import BadInput, Denied
from bot.core.facts import facts_about
from bot.core.ids import OrganisationId, PersonId
from bot.core.parts import Part, Span, within
from bot.core.people import Person
from bot.core.places import organisation
from bot.core.policy import Act, decide
from bot.core.roster import Shift, ShiftId, ShiftKey
from bot.core.shift_changes import Change
from bot.flow import own_shifts
from bot.flow import shift_changes as flow
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.shift_book import AHEAD, book
from bot.flow.shift_changes import Doer, doer
from bot.web import shifts_models as models
from bot.web.acting import Actor, act, answered, look, read_model

MAX_BODY: Final = 4096  # bytes: two stretches
MOST: Final = 2_000  # parts in one answer


async def of_organisation(request: web.Request) -> web.Response:
    """Every part of every shift for an organisation, to those who may see its roster. Raises Denied."""
    named = request.match_info["organisation"]

    def ask(tx: Tx, deps: Deps, actor: Actor) -> models.Parts:
        content, who = deps.content(), actor.who
        own = organisation(content.structure, named).id
        facts = facts_about(content.structure, who.person, who.now, concerns={own})
        decision = decide(content.policy, who.roles, Act.ROSTER_VIEW, facts)
        if not decision.allowed:
            raise Denied(" ".join(decision.reasons))
        found = (one for one in book(tx, who.now, who.now + AHEAD).parts if own in one.shift.organisations)
        ahead = [one for one in found if who.now < one.ends and one.starts < who.now + AHEAD]
        return models.Parts(parts=[part_shown(one, named=True) for one in ahead[:MOST]])

    return answered(await look(request, ask))


async def take_over(request: web.Request) -> web.Response:
    """Take what nobody holds; a coordinator lets anybody have anything that they may have."""
    asked = await read_model(request, MAX_BODY, models.OneStretch)

    def do(tx: Tx, deps: Deps, actor: Actor) -> Change:
        span, whose = span_of(asked.stretch), _whose(tx, actor, asked.person)
        by = _may(tx, deps, actor, Act.DUTY_TAKE_OVER, whose, span)
        if whose.id == actor.who.person.id:
            return flow.take_free(tx, deps, span, whose.id, by)
        return flow.take_for(tx, deps, span, whose.id, by)

    return await _act(request, (asked.model_dump_json(),), do)


async def give_back(request: web.Request) -> web.Response:
    """Give back what one took: at once where it was nobody's, or by a coordinator; else whoever had it is asked."""
    asked = await read_model(request, MAX_BODY, models.OneStretch)

    def do(tx: Tx, deps: Deps, actor: Actor) -> Change:
        span, whose = span_of(asked.stretch), _whose(tx, actor, asked.person)
        by = _may(tx, deps, actor, Act.DUTY_TAKE_OVER, whose, span)
        if whose.id != actor.who.person.id:
            return flow.give_back_for(tx, deps, span, whose.id, by)
        known = book(tx, actor.who.now, actor.who.now + AHEAD)
        mine = own_shifts.my_shift(known, actor.who, span.ref)
        own_shifts.give_back(tx, deps, mine, by)
        return Change(overrides=())

    return await _act(request, (asked.model_dump_json(),), do)


async def swap(request: web.Request) -> web.Response:
    """A coordinator exchanges two people's stretches."""
    asked = await read_model(request, MAX_BODY, models.TwoStretches)

    def do(tx: Tx, deps: Deps, actor: Actor) -> Change:
        one, other = span_of(asked.one), span_of(asked.other)
        holders = {span: _holder(tx, actor, span) for span in (one, other)}
        if actor.who.person in holders.values():
            raise Refused(Refusal.NOT_ASKED)  # whose own it is proposes, and the other is asked
        by = [_may(tx, deps, actor, Act.DUTY_SWAP, whose, span) for span, whose in holders.items()]
        return flow.swap_for(tx, deps, one, other, by[0])

    return await _act(request, (asked.model_dump_json(),), do)


async def sick(request: web.Request) -> web.Response:
    """Somebody cannot work: from now until their shift ends, or a stretch."""
    asked = await read_model(request, MAX_BODY, models.CannotWork)

    def do(tx: Tx, deps: Deps, actor: Actor) -> Change:
        whose = _whose(tx, actor, asked.person)
        if asked.stretch is None:
            return flow.sick_now(tx, deps, whose.id, doer(deps, actor.who, Act.DUTY_SICK, whose, ()))
        span = span_of(asked.stretch)
        return flow.let_go(tx, deps, span, whose.id, _may(tx, deps, actor, Act.DUTY_SICK, whose, span))

    return await _act(request, (asked.model_dump_json(),), do)


async def override(request: web.Request) -> web.Response:
    """A coordinator puts somebody on duty beside every roster, or takes them off every duty, for a time."""
    asked = await read_model(request, MAX_BODY, models.OnOrOff)
    if asked.on is (asked.role is None):
        raise BadInput("role: is said when somebody is put on duty, and only then")

    def do(tx: Tx, deps: Deps, actor: Actor) -> Change:
        own = organisation(deps.content().structure, asked.organisation).id
        whose = _whose(tx, actor, asked.person)
        by = doer(deps, actor.who, Act.DUTY_CHANGE, whose, {own})
        if whose.id == actor.who.person.id:
            raise Denied("one's own duty is pressed, not assigned")
        if asked.role is None:
            return flow.take_off_for(tx, deps, whose.id, (asked.starts, asked.ends), by, own)
        duty = Shift(
            id=ShiftId("assigned"),
            person=whose.id,
            organisations=(own,),
            role=asked.role,
            starts=asked.starts,
            ends=asked.ends,
        )
        return flow.assign_for(tx, deps, duty, by)

    return await _act(request, (asked.model_dump_json(),), do)


def span_of(stretch: models.Stretch) -> Span:
    """The stretch that was named. Raises BadInput for one that ends before it begins."""
    if stretch.ends <= stretch.starts:
        raise BadInput("ends: is after starts")
    key = ShiftKey(
        organisation=OrganisationId(stretch.organisation), source=stretch.source, id=ShiftId(stretch.shift)
    )
    return Span(shift=key, starts=stretch.starts, ends=stretch.ends)


def stretch_of(span: Span) -> models.Stretch:
    """The same as it is written."""
    key = span.shift
    return models.Stretch(
        organisation=key.organisation, source=key.source, shift=key.id, starts=span.starts, ends=span.ends
    )


def part_shown(part: Part, *, named: bool) -> models.PartShown:
    """A part; `named`: with whoever holds it."""
    return models.PartShown(
        stretch=stretch_of(part.span),
        role=part.shift.role,
        organisations=list(part.shift.organisations),
        areas=list(part.shift.areas),
        person=part.person if named else None,
        changed=part.changed,
    )


async def _act(
    request: web.Request, what: tuple[str, ...], do: Callable[[Tx, Deps, Actor], Change]
) -> web.Response:
    def changed(tx: Tx, deps: Deps, actor: Actor) -> models.ShiftChanged:
        made = do(tx, deps, actor)
        rests = [models.RestShown(person=r.person, begins=r.begins, ends=r.ends) for r in made.short_rest]
        return models.ShiftChanged(changes=len(made.overrides), short_rest=rests)

    return await act(request, what, changed)


def _whose(tx: Tx, actor: Actor, named: str | None) -> Person:
    person = actor.who.person if named is None else tx.people.get(PersonId(named))
    if person is None:
        raise Refused(Refusal.UNKNOWN)
    return person


def _holder(tx: Tx, actor: Actor, span: Span) -> Person:
    """Who holds a stretch. Raises Refused where nobody does."""
    found = within(book(tx, actor.who.now, span.ends).parts, span)
    person = tx.people.get(found[0].person) if found and found[0].person is not None else None
    if person is None:
        raise Refused(Refusal.NOT_HELD)
    return person


def _may(tx: Tx, deps: Deps, actor: Actor, what: Act, whose: Person, span: Span) -> Doer:
    """By which rules; judged by the organisations that the shift is for. What is not there concerns its roster's own."""
    found = within(book(tx, actor.who.now, span.ends).parts, span)
    concerned = {name for part in found for name in part.shift.organisations} or {span.shift.organisation}
    return doer(deps, actor.who, what, whose, concerned)
