"""Proposals: what can be asked, who answers, and what becomes of a question when shifts change."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.booking import Book, Refusal, Refused
from bot.core.errors import BadInput
from bot.core.ids import PersonId
from bot.core.roster import Cause
from bot.core.shift_changes import drop, take_over
from bot.core.swaps import (
    MOST,
    Swap,
    SwapId,
    SwapState,
    agreed,
    free_to,
    open_to,
    proposed,
    refused,
    swap_from_dict,
    swap_to_dict,
    voided,
    withdrawn,
)
from tests.core.shift_cast import ANN, BO, BROMMA, CIA, DAN, at, book, person, posting, shift, span, stamp

EVENING = shift("kvall", ANN, "23T16:00", "24T01:00")
NEXT = shift("kvall-2", BO, "24T16:00", "25T01:00")
KNOWN = book("22T12:00", [EVENING, NEXT])


def ask(**changes: object) -> Swap:
    """Ann offers her evening to Bo, unless said otherwise."""
    given = {
        "id": SwapId("s"),
        "giver": ANN,
        "gives": span(EVENING),
        "taker": BO,
        "returns": None,
        "by": ANN,
        "made": KNOWN.now,
    }
    return Swap(**(given | changes))  # type: ignore[arg-type]  # by name


def why(act: Callable[[], object]) -> Refusal:
    with pytest.raises(Refused) as error:
        act()
    return error.value.why


def test_whoever_proposed_has_said_yes_and_the_other_must() -> None:
    """The giver's offer is the taker's to answer, the taker's wish the giver's, an offer to all anybody else's."""
    assert ask().asked == BO
    assert ask(by=BO).asked == ANN
    assert ask(taker=None).asked is None
    for one, others in ((ask(), (ANN, CIA)), (ask(by=BO), (BO, CIA)), (ask(taker=None), (ANN,))):
        for person_ in others:
            assert why(lambda one=one, p=person_: agreed(KNOWN, one, p, stamp())) is Refusal.NOT_ASKED  # type: ignore[misc] # bound now
    done, change = agreed(KNOWN, ask(taker=None), CIA, stamp(cause=Cause.TAKEN_OVER))
    assert (done.state, done.taker, done.answerer, done.answered) == (SwapState.AGREED, CIA, CIA, KNOWN.now)
    assert [o.person for o in change.overrides] == [CIA]


def test_a_swap_exchanges_both_or_nothing() -> None:
    """Judged again when it is agreed: if one of the two holds theirs no longer, nothing is changed."""
    both = ask(returns=span(NEXT))
    _, change = agreed(KNOWN, both, BO, stamp(cause=Cause.SWAPPED))
    assert [(o.person, o.shift.id if o.shift else "") for o in change.overrides] == [
        (BO, "kvall"),
        (ANN, "kvall-2"),
    ]
    gone = take_over(KNOWN, span(NEXT), CIA, stamp("o"))
    later = replace(KNOWN, overrides=gone.overrides)
    assert why(lambda: agreed(later, both, BO, stamp("p"))) is Refusal.NOT_HELD


def test_only_what_could_be_agreed_upon_is_proposed() -> None:
    """Whoever is asked could say yes: not who is booked, not for what the asker does not hold, nobody asks themselves."""
    assert proposed(KNOWN, ask(), []) == ask()
    assert why(lambda: proposed(KNOWN, ask(giver=CIA, by=CIA), [])) is Refusal.NOT_HELD
    assert why(lambda: proposed(KNOWN, ask(giver=CIA, by=CIA, taker=None), [])) is Refusal.NOT_HELD
    assert why(lambda: proposed(KNOWN, ask(by=CIA), [])) is Refusal.NOT_ASKED
    assert why(lambda: proposed(KNOWN, ask(taker=ANN), [])) is Refusal.NOT_ASKED
    assert why(lambda: proposed(KNOWN, ask(taker=None, returns=span(NEXT)), [])) is Refusal.NOT_HELD
    busy = book("22T12:00", [EVENING, shift("x", BO, "23T20:00", "23T22:00", organisations=(BROMMA,))])
    assert why(lambda: proposed(busy, ask(), [])) is Refusal.BOOKED
    elsewhere = book("22T12:00", [EVENING], people=[person(BO, posting(BROMMA))])
    assert why(lambda: proposed(elsewhere, ask(), [])) is Refusal.NOT_POSTED


def test_one_question_at_a_time_about_any_minute_of_a_shift() -> None:
    """OC#2787: what overlaps one that waits is refused; what was answered is in nobody's way; meeting is not overlapping."""
    waits = ask(gives=span(EVENING, "23T16:00", "23T20:00"))
    for new in (ask(id=SwapId("t")), ask(id=SwapId("t"), gives=span(EVENING, "23T19:59", "23T22:00"))):
        assert why(lambda new=new: proposed(KNOWN, new, [waits])) is Refusal.PROPOSED  # type: ignore[misc] # bound now
        assert proposed(KNOWN, new, [refused(waits, BO, KNOWN.now)]) == new
    meets = ask(id=SwapId("t"), gives=span(EVENING, "23T20:00", "23T22:00"))
    assert proposed(KNOWN, meets, [waits]) == meets
    back = ask(id=SwapId("t"), giver=BO, by=BO, gives=span(NEXT), taker=ANN)
    assert why(lambda: proposed(KNOWN, back, [ask(returns=span(NEXT))])) is Refusal.PROPOSED


def test_nobody_has_more_questions_than_can_be_kept_in_mind() -> None:
    """A bound on what one person can put to others."""
    gone = [
        ask(id=SwapId(f"s{n}"), gives=replace(span(NEXT), starts=NEXT.starts + timedelta(minutes=n)))
        for n in range(MOST)
    ]
    assert why(lambda: proposed(KNOWN, ask(), gone)) is Refusal.TOO_MANY
    assert proposed(KNOWN, ask(), gone[1:]) == ask()


def test_a_question_is_answered_once_by_whom_it_was_put_to() -> None:
    """Yes, no and back: each by the right one, each once."""
    one = ask()
    assert refused(one, BO, KNOWN.now).state is SwapState.REFUSED
    assert withdrawn(one, ANN, KNOWN.now).state is SwapState.WITHDRAWN
    assert why(lambda: refused(one, ANN, KNOWN.now)) is Refusal.NOT_ASKED
    assert why(lambda: refused(ask(taker=None), BO, KNOWN.now)) is Refusal.NOT_ASKED
    assert why(lambda: withdrawn(one, BO, KNOWN.now)) is Refusal.NOT_ASKED
    for over in (refused(one, BO, KNOWN.now), withdrawn(one, ANN, KNOWN.now)):
        assert why(lambda over=over: agreed(KNOWN, over, BO, stamp())) is Refusal.ANSWERED  # type: ignore[misc] # bound now
        assert why(lambda over=over: refused(over, BO, KNOWN.now)) is Refusal.ANSWERED  # type: ignore[misc] # bound now
        assert why(lambda over=over: withdrawn(over, ANN, KNOWN.now)) is Refusal.ANSWERED  # type: ignore[misc] # bound now


def test_a_question_about_what_has_changed_is_void() -> None:
    """The shift is another's, or gone: void; it has only passed: nobody is told; it still stands: it waits."""
    assert voided(ask(), KNOWN) is None
    moved = replace(KNOWN, overrides=take_over(KNOWN, span(EVENING), CIA, stamp("o")).overrides)
    void = voided(ask(), moved)
    assert void is not None
    assert (void.state, void.answerer) == (SwapState.VOID, None)
    assert voided(ask(), replace(KNOWN, shifts=(NEXT,))) is not None
    assert voided(ask(returns=span(NEXT)), replace(KNOWN, shifts=(EVENING,))) is not None
    assert voided(ask(), replace(KNOWN, now=at("24T01:00"))) is None


def test_everybody_sees_what_they_could_take() -> None:
    """OC#2844: also who has nothing to swap; not who gives it, who is booked, or what is over."""
    people = [person(DAN, posting(BROMMA))]
    known = book("22T12:00", [EVENING, NEXT], people=people)
    offer = ask(taker=None)
    assert [bool(open_to(known, who, [offer])) for who in (ANN, BO, CIA, DAN)] == [False, True, True, False]
    empty: Book = replace(known, overrides=drop(known, span(EVENING), ANN, stamp("o")).overrides)
    assert [len(free_to(empty, who)) for who in (ANN, BO, CIA, DAN)] == [1, 1, 1, 0]
    late = replace(known, now=at("24T01:00"))
    assert open_to(late, CIA, [offer]) == ()
    assert free_to(replace(empty, now=at("24T01:00")), CIA) == ()


def test_a_proposal_is_kept_and_read_as_it_was() -> None:
    """JSON and back; what is not exactly one is refused without its content."""
    for one in (ask(), ask(returns=span(NEXT)), refused(ask(), BO, KNOWN.now), ask(taker=None)):
        assert swap_from_dict(json.loads(json.dumps(swap_to_dict(one)))) == one
    for wrong in ({"state": "maybe"}, {"giver": 7}, {"more": "content"}):
        with pytest.raises(BadInput) as error:
            swap_from_dict(swap_to_dict(ask()) | wrong)
        assert "content" not in str(error.value)


def test_nobody_takes_part_who_is_not_known() -> None:
    """A stranger's name in a proposal is refused as unknown."""
    assert why(lambda: proposed(KNOWN, ask(taker=PersonId("p-x")), [])) is Refusal.UNKNOWN
