"""What somebody does with shifts by a button in a chat: theirs, those that nobody has, and what is proposed to them."""

from bot.core.booking import Book, Refusal, Refused
from bot.core.ids import OrganisationId
from bot.core.parts import Part, within
from bot.core.policy import Act
from bot.core.press import Own, OwnShift
from bot.core.shift_told import Mine, mine
from bot.core.swaps import Swap, SwapId
from bot.flow import shift_changes, swaps
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.shift_book import AHEAD, book
from bot.flow.shift_changes import Doer, doer
from bot.flow.speaker import Speaker, amend

_ACTS = {
    Own.ILL: Act.DUTY_SICK,
    Own.GONE: Act.DUTY_SICK,
    Own.TAKE: Act.DUTY_TAKE_OVER,
    Own.BACK: Act.DUTY_TAKE_OVER,
}


def press(tx: Tx, deps: Deps, who: Speaker, pressed: OwnShift) -> None:
    """Do it, and show what came of it; what cannot be is said with its reason. Raises Denied."""
    try:
        _press(tx, deps, who, pressed)
    except Refused as error:
        amend(tx, deps, who, "shifts.refused", refusal=error.why.value)


def _press(tx: Tx, deps: Deps, who: Speaker, pressed: OwnShift) -> None:
    match pressed.what:
        case Own.YES | Own.NO | Own.UNDO:
            _answer(tx, deps, who, pressed)
        case Own.FREE:
            _may(deps, who, Own.TAKE, ())
            amend(tx, deps, who, "shifts.free")
        case Own.TAKE:
            part = free_part(book(tx, who.now, who.now + AHEAD), pressed.ref)
            by = _may(deps, who, pressed.what, part.shift.organisations)
            shift_changes.take_free(tx, deps, part.span, who.person.id, by)
            amend(tx, deps, who, "shifts.taken")
        case _:
            known = book(tx, who.now, who.now + AHEAD)
            own = my_shift(known, who, pressed.ref)
            _with_mine(tx, deps, who, known, own, pressed)


def my_shift(known: Book, who: Speaker, ref: str) -> Mine:
    """The shift of the speaker's that a button names. Raises Refused when it has changed since."""
    for one in mine(known.parts, who.person.id, known.now):
        if one.span.ref == ref:
            return one
    raise Refused(Refusal.NOT_HELD)


def free_part(known: Book, ref: str) -> Part:
    """The part without anybody that a button names. Raises Refused when somebody has it by now."""
    for part in known.parts:
        if part.person is None and part.span.ref == ref:
            return part
    raise Refused(Refusal.HELD)


def _with_mine(tx: Tx, deps: Deps, who: Speaker, known: Book, own: Mine, pressed: OwnShift) -> None:
    by, me = _may(deps, who, pressed.what, own.organisations), who.person.id
    match pressed.what:
        case Own.SEE | Own.ILL | Own.PICK:
            amend(tx, deps, who, f"shifts.{pressed.what}", ref=pressed.ref)
        case Own.GONE:
            shift_changes.let_go(tx, deps, own.span, me, by)
            amend(tx, deps, who, "shifts.gone")
        case Own.GIVE:
            swaps.propose(tx, deps, by, giver=me, gives=own.span, taker=None)
            amend(tx, deps, who, "shifts.given_out")
        case Own.SWAP:
            other = _their_part(known, pressed.other)
            swaps.propose(tx, deps, by, giver=me, gives=own.span, taker=other.person, returns=other.span)
            amend(tx, deps, who, "shifts.asked")
        case _:
            amend(tx, deps, who, give_back(tx, deps, own, by))


def give_back(tx: Tx, deps: Deps, own: Mine, by: Doer) -> str:
    """Ask whomever it came from to have it again; what was nobody's is nobody's at once. Returns what to say."""
    if not own.before:
        raise Refused(Refusal.NOT_TAKEN)
    if own.before[0] is None:
        shift_changes.give_back_for(tx, deps, own.span, by.by, by)
        return "shifts.gone"
    swaps.propose(tx, deps, by, giver=by.by, gives=own.span, taker=own.before[0])
    return "shifts.asked"


def _answer(tx: Tx, deps: Deps, who: Speaker, pressed: OwnShift) -> None:
    one = tx.swaps.get(SwapId(pressed.ref))
    if one is None:
        raise Refused(Refusal.ANSWERED)
    by = doer(deps, who, Act.DUTY_SWAP, who.person, organisations_of(tx, who, one))
    answers = {Own.YES: swaps.agree, Own.NO: swaps.refuse, Own.UNDO: swaps.withdraw}
    answers[pressed.what](tx, deps, one.id, by)
    amend(tx, deps, who, f"shifts.said_{pressed.what}")


def organisations_of(tx: Tx, who: Speaker, one: Swap) -> tuple[OrganisationId, ...]:
    """For whom the shifts of a proposal are, as far as they still are there."""
    known = book(tx, who.now, *(span.ends for span in one.spans))
    named = (
        name for span in one.spans for part in within(known.parts, span) for name in part.shift.organisations
    )
    return tuple(dict.fromkeys(named))


def _their_part(known: Book, ref: str) -> Part:
    for part in known.parts:
        if part.person is not None and part.span.ref == ref:
            return part
    raise Refused(Refusal.NOT_HELD)


def _may(deps: Deps, who: Speaker, what: Own, organisations: tuple[OrganisationId, ...]) -> Doer:
    return doer(deps, who, _ACTS.get(what, Act.DUTY_SWAP), who.person, organisations)
