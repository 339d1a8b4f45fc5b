"""The plan by which people are woken: never too early, never after they looked, never more than once by each means."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.ids import OrganisationId, PersonId
from bot.core.waking import (
    APART,
    HOUR,
    IN_VAIN,
    MOST_OF_ORGANISATION,
    MOST_TO_PERSON,
    TELEPHONE,
    Call,
    Did,
    Means,
    Purpose,
    Ring,
    Turn,
    Wait,
    dialled,
    first_look,
    follows,
    kept_from,
    told,
    trying,
)

BEGUN = datetime(2026, 11, 21, 21, 40, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PLAN = tuple(
    Turn(by=by, after=after)
    for by, after in ((Means.TELEGRAM, 0), (Means.PUSH, 0), (Means.SMS, 20), (Means.VOICE, 35))
)
_ids = count()


def ring(means: Means, did: Did, *, at: datetime = BEGUN, of: str = "", id_: str = "") -> Ring:
    number = next(_ids)
    return Ring(
        id=id_ or str(number),
        purpose=Purpose.OFFER,
        ref="o-1",
        number=number,
        person=PersonId("p-1"),
        organisation=OrganisationId("malmo"),
        consultation=None,
        means=means,
        did=did,
        at=at,
        of=of,
    )


def then(*rings: Ring, after: int, bells: tuple[str, ...] = ("telegram",)) -> Call | Wait | None:
    return follows(PLAN, BEGUN, rings, bells, BEGUN + after * SECOND)


def test_each_means_has_its_second() -> None:
    """The bell rings first; the others come when their seconds have passed, in order, each once."""
    sms, voice = ring(Means.SMS, Did.CALLED), ring(Means.VOICE, Did.CALLED)
    assert then(after=0) == then(after=19) == Wait(until=BEGUN + 20 * SECOND)
    assert then(after=20) == Call(by=Means.SMS)
    assert then(sms, after=20) == then(sms, after=34) == Wait(until=BEGUN + 35 * SECOND)
    assert then(sms, after=35) == Call(by=Means.VOICE)
    assert then(sms, voice, after=36) is None


@pytest.mark.parametrize("did", sorted(IN_VAIN))
def test_what_comes_to_nothing_gives_the_turn_on_at_once(did: Did) -> None:
    """Nobody waits out the seconds of a means that has failed."""
    assert then(ring(Means.SMS, did), after=20) == Call(by=Means.VOICE)
    assert then(ring(Means.TELEGRAM, did), after=0) == Call(by=Means.SMS)


def test_without_any_bell_the_telephone_is_first() -> None:
    """Whoever has no channel that rings is called at once; a page open somewhere wakes nobody."""
    assert then(after=0, bells=()) == Call(by=Means.SMS)
    assert first_look(PLAN, BEGUN, rung=False) == BEGUN
    assert first_look(PLAN, BEGUN, rung=True) == BEGUN + 20 * SECOND


def test_one_bell_of_two_that_fails_is_no_failure() -> None:
    """As long as one of them rings, there is time to look."""
    failed = ring(Means.TELEGRAM, Did.REFUSED)
    assert then(failed, after=0, bells=("telegram", "push")) == Wait(until=BEGUN + 20 * SECOND)


def test_the_bell_alone_looks_at_nothing_later() -> None:
    """An organisation that has decided on nothing needs no timer."""
    assert first_look(PLAN[:2], BEGUN, rung=False) is None
    assert follows(PLAN[:2], BEGUN, (), (), BEGUN + HOUR) is None


@pytest.mark.parametrize("did", [Did.SEEN, Did.CAPPED])
@pytest.mark.parametrize("means", [Means.TELEGRAM, Means.DEVICE, Means.SMS])
def test_who_has_looked_is_called_no_more(did: Did, means: Means) -> None:
    """Nor is anybody who was called as often as may be."""
    assert all(then(ring(means, did), after=after) is None for after in (0, 20, 59))


RINGS = st.lists(st.tuples(st.sampled_from(Means), st.sampled_from(Did), st.integers(0, 60)), max_size=8).map(
    lambda made: [ring(means, did, at=BEGUN + after * SECOND) for means, did, after in made]
)
PLANS = st.lists(
    st.tuples(st.sampled_from(TELEPHONE), st.integers(10, 59)), unique_by=lambda one: one[0]
).map(lambda made: tuple(Turn(by=by, after=after) for by, after in sorted(made, key=lambda one: one[1])))


def slowly(plan: tuple[Turn, ...], rings: list[Ring], bells: list[str], now: datetime) -> Call | Wait | None:
    """The same, as one would say it: the first means that was not tried, when what came before it is over."""
    if {Did.SEEN, Did.CAPPED} & {r.did for r in rings}:
        return None

    def in_vain(name: str) -> bool:
        return any(r.means == name and r.did in IN_VAIN for r in rings)

    left = [n for n, turn in enumerate(plan) if not any(r.means is turn.by for r in rings)]
    if not left:
        return None
    n = left[0]
    before = [plan[n - 1].by] if n else bells
    due = BEGUN + plan[n].after * SECOND
    return Call(by=plan[n].by) if due <= now or all(in_vain(name) for name in before) else Wait(until=due)


@given(PLANS, RINGS, st.lists(st.sampled_from(["telegram", "push"]), unique=True), st.integers(0, 70))
def test_the_plan_equals_the_slow_and_obvious_one(
    plan: tuple[Turn, ...], rings: list[Ring], bells: list[str], after: int
) -> None:
    """For every plan, whatever has happened, at every second."""
    now = BEGUN + after * SECOND
    assert follows(plan, BEGUN, rings, bells, now) == slowly(plan, rings, bells, now)


@given(PLANS, RINGS, st.integers(0, 70))
def test_following_it_ends(plan: tuple[Turn, ...], rings: list[Ring], after: int) -> None:
    """Whatever comes of each call, there are no more calls than the plan has means."""
    now, calls = BEGUN + after * SECOND, 0
    while isinstance(found := follows(plan, BEGUN, rings, ["telegram"], now), Call):
        rings, calls = [*rings, ring(found.by, Did.REFUSED)], calls + 1
    assert calls <= len(plan)


# ---- storms ---------------------------------------------------------------------------------------------------


CALLS = st.lists(st.tuples(st.sampled_from(TELEPHONE), st.integers(0, 9_000)), max_size=200)


@given(CALLS, st.integers(0, MOST_OF_ORGANISATION))
def test_no_flood_is_larger_than_the_cap(wanted: list[tuple[Means, int]], elsewhere: int) -> None:
    """In no hour is anybody called more often than may be, nor twice by one means within a minute."""
    made: list[Ring] = []
    for means, after in sorted(wanted, key=lambda one: one[1]):
        now = BEGUN + after * SECOND
        recent = [r for r in made if now - r.at < HOUR]
        if kept_from(means, recent, len(recent) + elsewhere, now) is None:
            made.append(ring(means, Did.CALLED, at=now))
    for call in made:
        within = [r for r in made if timedelta() <= r.at - call.at < HOUR]
        assert len(within) <= MOST_TO_PERSON
        assert len(within) + elsewhere <= MOST_OF_ORGANISATION + 1
        assert sum(r.means is call.means for r in within if r.at - call.at < APART) == 1


def test_a_call_that_came_to_nothing_keeps_no_other_from_ringing() -> None:
    """A telephone that did not ring has not just rung."""
    call = ring(Means.SMS, Did.CALLED, id_="call")
    assert kept_from(Means.SMS, [call], 1, BEGUN + SECOND) is Did.JUST_RUNG
    failed = ring(Means.SMS, Did.FAILED, of="call")
    assert kept_from(Means.SMS, [call, failed], 1, BEGUN + SECOND) is None


def test_a_clock_that_went_back_counts_what_is_ahead() -> None:
    """A call that seems to be made later than now has been made."""
    ahead = [ring(Means.SMS, Did.CALLED, at=BEGUN + HOUR)]
    assert kept_from(Means.SMS, ahead, 1, BEGUN) is Did.JUST_RUNG


# ---- what is told ---------------------------------------------------------------------------------------------


def test_what_is_being_tried() -> None:
    """The last means begun that has not failed, while nobody has looked; one that rang for another offer counts."""
    sms = ring(Means.SMS, Did.CALLED, id_="sms")
    voice = ring(Means.VOICE, Did.CALLED, id_="voice")
    assert trying([]) is None
    assert trying([sms]) is trying([ring(Means.SMS, Did.JUST_RUNG)]) is Means.SMS
    assert trying([sms, voice]) is Means.VOICE
    assert trying([sms, voice, ring(Means.VOICE, Did.FAILED, of="voice")]) is Means.SMS
    assert trying([sms, ring(Means.TELEGRAM, Did.SEEN)]) is None
    assert trying([ring(Means.SMS, Did.NO_PHONE)]) is None


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("070-1740633", "+46701740633"),
        ("070 174 06 33", "+46701740633"),
        ("+46 70-174 06 33", "+46701740633"),
        ("0046701740633", "+46701740633"),
        ("+4791234567", "+4791234567"),
        (None, None),
        ("", None),
        ("112", None),
        ("114 14", None),
        ("0", None),
        ("+0701740633", None),
        ("+46+701740633", None),
        ("+" + "9" * 16, None),
        ("701740633", None),
    ],
)
def test_a_number_as_it_is_dialled(written: str | None, number: str | None) -> None:
    """Only a whole number with its country is dialled; never an emergency or a short one."""
    assert dialled(written) == number


@given(st.text(max_size=40))
def test_nothing_else_is_ever_dialled(written: str) -> None:
    """Whatever stands in a field, a gateway is given plus, digits, and nothing else."""
    number = dialled(written)
    assert number is None or (
        number[0] == "+" and number[1:].isdigit() and number.isascii() and len(number) <= 16
    )


def test_what_the_ledger_is_told_has_no_empty_consultation() -> None:
    """What belongs to no consultation names none: nothing would ever erase it as somebody's."""
    assert "consultation" not in told(ring(Means.SMS, Did.CALLED))
