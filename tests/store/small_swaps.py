"""Changes of shifts by people, for tests of the store and of `ledger verify`."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.ids import OrganisationId, PersonId
from bot.core.parts import Span
from bot.core.roster import Cause, Override, OverrideId, ShiftId, ShiftKey
from bot.core.swaps import Swap, SwapId, SwapState
from bot.flow.ports import Tx
from bot.flow.records import Entry

HOUR = timedelta(hours=1)


def swap(number: int, giver: PersonId, taker: PersonId, at: datetime) -> Swap:
    """Somebody offers a shift of Malmö's to somebody else."""
    return Swap(
        id=SwapId(f"swap-{number}"),
        giver=giver,
        gives=span(f"s-{number}", at),
        taker=taker,
        returns=None,
        by=giver,
        made=at,
    )


def span(name: str, at: datetime) -> Span:
    """Some hours of one shift of Malmö's."""
    key = ShiftKey(organisation=OrganisationId("malmo"), source="file", id=ShiftId(name))
    return Span(shift=key, starts=at, ends=at + 6 * HOUR)


def populate_swaps(tx: Tx, giver: PersonId, taker: PersonId, at: datetime, entry: Entry) -> None:
    """A proposal that waits, one that was answered; a change bound to its shift, moved; one that came to nothing."""
    tx.swaps.put(swap(1, giver, taker, at), entry)
    tx.swaps.put(swap(2, taker, giver, at), entry)
    answered = replace(
        swap(2, taker, giver, at), state=SwapState.AGREED, answered=at + HOUR, answerer=str(giver)
    )
    tx.swaps.put(answered, entry)
    bound = Override(
        id=OverrideId("o-bound"),
        person=giver,
        on_duty=True,
        starts=at,
        ends=at + 6 * HOUR,
        by=giver,
        made=at,
        shift=span("s-2", at).shift,
        cause=Cause.SWAPPED,
    )
    tx.rosters.override(bound, entry)
    tx.rosters.put_override(replace(bound, starts=at + HOUR), entry)
    tx.rosters.override(replace(bound, id=OverrideId("o-void")), entry)
    tx.rosters.drop_override(OverrideId("o-void"), entry)
