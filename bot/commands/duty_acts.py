"""What `samjour duty` does with the database, wherever it is open: as the coordinator, who needs nobody's consent."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, TypeVar

from bot.app import Samjour
from bot.commands import given
from bot.commands.admin import Act
from bot.commands.given import Args
from bot.core.booking import Book, Refused
from bot.core.errors import BadInput
from bot.core.hours import STOCKHOLM
from bot.core.ids import OrganisationId, PersonId
from bot.core.parts import Part, Span
from bot.core.people import Role
from bot.core.places import organisation
from bot.core.rest import Rest
from bot.core.roster import Shift, ShiftId, override_to_dict
from bot.core.shift_changes import Change
from bot.flow import shift_changes as flow
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.shift_book import AHEAD, book
from bot.flow.shift_changes import Doer

BY: Final = Doer(by=PersonId("command line"))
C = TypeVar("C", bound=StrEnum)


async def show(samjour: Samjour, args: Args) -> dict[str, object]:
    """Who holds which part of which shift."""
    now = samjour.deps.clock.now()
    first = given.instant(args, "from") if args.get("from") else now
    last = given.instant(args, "to") if args.get("to") else first + AHEAD
    own = _own(samjour.deps, args)
    found = await samjour.store.read(lambda tx: book(tx, first, last).parts)
    listed = [
        one for one in found if own in one.shift.organisations and one.starts < last and first < one.ends
    ]
    return {"parts": [_part(one) for one in listed]}


async def take_over(samjour: Samjour, args: Args) -> dict[str, object]:
    """Somebody takes a stretch of a shift from whoever holds it, or from nobody."""

    def act(tx: Tx, deps: Deps) -> Change:
        return flow.take_for(tx, deps, _span(tx, deps, args, "from", "to", "of"), _person(args), BY)

    return await _changed(samjour, act)


async def give_back(samjour: Samjour, args: Args) -> dict[str, object]:
    """What somebody took goes back to whomever they had it from."""

    def act(tx: Tx, deps: Deps) -> Change:
        span = _span(tx, deps, args, "from", "to", "person")
        return flow.give_back_for(tx, deps, span, _person(args), BY)

    return await _changed(samjour, act)


async def swap(samjour: Samjour, args: Args) -> dict[str, object]:
    """Two people's stretches are exchanged."""

    def act(tx: Tx, deps: Deps) -> Change:
        one = _span(tx, deps, args, "from", "to", "person")
        other = _span(tx, deps, args, "back_from", "back_to", "with")
        return flow.swap_for(tx, deps, one, other, BY)

    return await _changed(samjour, act)


async def sick(samjour: Samjour, args: Args) -> dict[str, object]:
    """Somebody cannot work: from now until their shift ends, or a stretch that is named."""

    def act(tx: Tx, deps: Deps) -> Change:
        if not args.get("from"):
            return flow.sick_now(tx, deps, _person(args), BY)
        return flow.let_go(tx, deps, _span(tx, deps, args, "from", "to", "person"), _person(args), BY)

    return await _changed(samjour, act)


async def override(samjour: Samjour, args: Args) -> dict[str, object]:
    """Somebody is put on duty beside every roster, or taken off every duty, for a time."""
    starts, ends = given.instant(args, "from"), given.instant(args, "to")

    def act(tx: Tx, deps: Deps) -> Change:
        own = _own(deps, args)
        if args.get("on") is not True:
            return flow.take_off_for(tx, deps, _person(args), (starts, ends), BY, own)
        duty = Shift(
            id=ShiftId("assigned"),
            person=_person(args),
            organisations=(own,),
            role=_choice(Role, args, "role"),
            starts=starts,
            ends=ends,
        )
        return flow.assign_for(tx, deps, duty, BY)

    return await _changed(samjour, act)


async def _changed(samjour: Samjour, act: Callable[[Tx, Deps], Change]) -> dict[str, object]:
    try:
        made = await samjour.store.write(lambda tx: act(tx, samjour.deps))
    except Refused as error:
        raise BadInput(str(error)) from error
    samjour.deps.bells.ring()
    return {
        "overrides": [override_to_dict(one) for one in made.overrides],
        "short_rest": [_rest(one) for one in made.short_rest],
    }


def _span(tx: Tx, deps: Deps, args: Args, first: str, last: str, holder: str) -> Span:
    """The stretch of the one shift of the organisation that is meant by its times, and by who holds it, if that is said."""
    starts, ends, own = given.instant(args, first), given.instant(args, last), _own(deps, args)
    who = args.get(holder)
    known = book(tx, deps.clock.now(), ends)
    keys = {one.key for one in _meant(known, own, starts, ends) if not who or one.person == who}
    if len(keys) != 1:
        raise BadInput("there is no such shift" if not keys else "several shifts: say who holds it")
    return Span(shift=keys.pop(), starts=starts, ends=ends)


def _meant(known: Book, own: OrganisationId, starts: datetime, ends: datetime) -> list[Part]:
    return [
        one
        for one in known.parts
        if own in one.shift.organisations and one.starts < ends and starts < one.ends
    ]


def _own(deps: Deps, args: Args) -> OrganisationId:
    return organisation(deps.content().structure, given.text(args, "org")).id


def _person(args: Args) -> PersonId:
    return PersonId(given.text(args, "person"))


def _choice(kind: type[C], args: Args, name: str) -> C:
    try:
        return kind(given.text(args, name))
    except ValueError:
        raise BadInput(f"{name}: is one of {', '.join(kind)}") from None


def _part(one: Part) -> dict[str, object]:
    return {
        "organisation": one.key.organisation,
        "source": one.key.source,
        "shift": one.key.id,
        "from": _local(one.starts),
        "to": _local(one.ends),
        "role": one.shift.role.value,
        "organisations": list(one.shift.organisations),
        "areas": list(one.shift.areas),
        "person": one.person,
        "rostered": one.shift.person,
    }


def _rest(one: Rest) -> dict[str, object]:
    hours = round((one.ends - one.begins) / timedelta(hours=1), 2)
    return {"person": one.person, "from": _local(one.begins), "to": _local(one.ends), "hours": hours}


def _local(at: datetime) -> str:
    return at.astimezone(STOCKHOLM).isoformat()


ACTS: Final[dict[str, Act]] = {
    "duty-show": show,
    "duty-take-over": take_over,
    "duty-give-back": give_back,
    "duty-swap": swap,
    "duty-sick": sick,
    "duty-override": override,
}
