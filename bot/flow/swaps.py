"""Proposals about shifts: proposed by one, agreed to by another; then both halves come to be in one transaction."""

from bot.core import swaps
from bot.core.booking import Book, Refusal, Refused
from bot.core.ids import PersonId
from bot.core.parts import Part, Span
from bot.core.roster import Cause
from bot.core.swaps import Swap, SwapId, close, free_to, open_to
from bot.flow.deps import Deps, fresh_id
from bot.flow.ports import Tx
from bot.flow.shift_book import book, keep, keep_swap, stamp, tell
from bot.flow.shift_changes import Doer


def propose(
    tx: Tx,
    deps: Deps,
    by: Doer,
    *,
    giver: PersonId,
    gives: Span,
    taker: PersonId | None,
    returns: Span | None = None,
) -> Swap:
    """Ask somebody, or (`taker` None) whoever says yes first, to take a stretch; `returns` for it. Raises Refused.

    Whoever proposes is the giver or the taker, and says yes by it; the other is asked. Nothing changes yet.
    """
    now = deps.clock.now()
    ends = [span.ends for span in (gives, returns) if span is not None]
    known = book(tx, now, *ends)
    new = Swap(
        id=SwapId(fresh_id(now, deps.entropy)),
        giver=giver,
        gives=gives,
        taker=taker,
        returns=returns,
        by=by.by,
        made=now,
    )
    one = swaps.proposed(known, new, tx.swaps.waiting())
    keep_swap(tx, deps, one, by.rules)
    for person in _asked(known, one):
        tell(tx, deps, person, "swap", ref=one.id)
    return one


def agree(tx: Tx, deps: Deps, named: SwapId, by: Doer) -> Swap:
    """Say yes: judged anew, both halves or none; whoever proposed it is told. Raises Refused."""
    one = _found(tx, named)
    known = book(tx, deps.clock.now(), *(span.ends for span in one.spans))
    over, change = swaps.agreed(known, one, by.by, stamp(deps, by.by, _cause(known, one)))
    others = _asked(known, one) if one.asked is None else ()
    keep_swap(tx, deps, over, by.rules)
    keep(tx, deps, known, change, one.gives.shift.organisation, by.rules)
    for person in (one.by, *others):
        tell(tx, deps, person, "swap", ref=one.id)
    return over


def refuse(tx: Tx, deps: Deps, named: SwapId, by: Doer) -> Swap:
    """Say no; whoever proposed it is told. Raises Refused."""
    over = swaps.refused(_found(tx, named), by.by, deps.clock.now())
    keep_swap(tx, deps, over, by.rules)
    tell(tx, deps, over.by, "swap", ref=over.id)
    return over


def withdraw(tx: Tx, deps: Deps, named: SwapId, by: Doer) -> Swap:
    """Take a proposal back; whoever was asked is told. Raises Refused."""
    one = _found(tx, named)
    known = book(tx, deps.clock.now(), *(span.ends for span in one.spans))
    over, asked = swaps.withdrawn(one, by.by, known.now), _asked(known, one)
    keep_swap(tx, deps, over, by.rules)
    for person in asked:
        tell(tx, deps, person, "swap", ref=over.id)
    return over


def for_me(
    tx: Tx, known: Book, person: PersonId
) -> tuple[tuple[Swap, ...], tuple[Part, ...], tuple[Swap, ...]]:
    """What somebody could say yes to, which parts they could take, and what they have proposed and nobody answered."""
    waiting = tx.swaps.waiting()
    ahead = [one for one in waiting if max(span.ends for span in one.spans) > known.now]
    own = tuple(one for one in ahead if one.by == person)
    return open_to(known, person, ahead), free_to(known, person), own


def _found(tx: Tx, named: SwapId) -> Swap:
    one = tx.swaps.get(named)
    if one is None:
        raise Refused(Refusal.ANSWERED)
    return one


def _asked(known: Book, one: Swap) -> tuple[PersonId, ...]:
    """Whom a proposal is put to: the one who is asked, else everybody who could take it."""
    if one.asked is not None:
        return (one.asked,)
    here = close(known, one)
    return tuple(p for p in sorted(here.people) if p != one.by and open_to(here, p, [one]))


def _cause(known: Book, one: Swap) -> Cause:
    if one.returns is not None:
        return Cause.SWAPPED
    back = (part.before for part in known.parts if part.key == one.gives.shift and part.person == one.giver)
    return Cause.GIVEN_BACK if one.taker is not None and one.taker in set(back) else Cause.TAKEN_OVER
