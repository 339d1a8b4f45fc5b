from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.seal.directory import Member
from bot.seal.enrolment import Right
from bot.seal.errors import Malformed, SealError, Tampered, WrongShare
from bot.seal.keys import DeviceSecret, make_device
from bot.seal.passing import (
    Passed,
    for_opening,
    for_successor,
    open_passed,
    pass_share,
    passed_from_bytes,
    passed_to_bytes,
)
from bot.seal.room import RoomKey, commit
from bot.seal.seats import check_sits_once, follow_hand_ons, open_together
from bot.seal.threshold import Escrow, Share, Supervisor, make_escrow, open_share

PEOPLE = tuple(f"p-{number}" for number in range(9))
# each has a first device and a second; made once, since making one costs as much as a test
FIRST = {person: make_device(bytes([number + 1]) * 64) for number, person in enumerate(PEOPLE)}
SECOND = {person: make_device(bytes([number + 101]) * 64) for number, person in enumerate(PEOPLE)}
ROOM_KEY = RoomKey(room="room-1", epoch=1, key=bytes(range(32)))
KC = commit(ROOM_KEY)


def member(person: str, secret: DeviceSecret, rights: Right = Right.SHARES, revoked_at: int = 0) -> Member:
    return Member(
        organisation="malmo", person=person, rights=rights, public=secret.public, revoked_at=revoked_at
    )


MEMBERS = {
    secret.public.device_id: member(person, secret)
    for devices in (FIRST, SECOND)
    for person, secret in devices.items()
}


def dealt(t: int, people: tuple[str, ...], devices: int = 1) -> Escrow:
    """An escrow for these people, on so many devices each."""
    supervisors = [
        Supervisor(person=p, devices=[d[p].public for d in (FIRST, SECOND)[:devices]]) for p in people
    ]
    return make_escrow(ROOM_KEY, t=t, supervisors=supervisors, escrow_key=b"e" * 32, iv=b"i" * 12)


def share_of(escrow: Escrow, person: str) -> Share:
    return open_share(escrow, person=person, secret=FIRST[person])


def hand(escrow: Escrow, share: Share, sender: DeviceSecret, to: DeviceSecret, person: str) -> Passed:
    """A hand-on, through the bytes."""
    passed = pass_share(escrow=escrow, share=share, use=for_successor(person), to=to.public, secret=sender)
    return passed_from_bytes(passed_to_bytes(passed))


@pytest.fixture(scope="module")
def three() -> Escrow:
    """Two of three."""
    return dealt(2, PEOPLE[:3])


def test_without_hand_ons_everybody_holds_their_own(three: Escrow) -> None:
    """Who was dealt a share holds the seat."""
    assert follow_hand_ons(three, [], MEMBERS) == {p: p for p in PEOPLE[:3]}


def test_a_seat_goes_from_hand_to_hand(three: Escrow) -> None:
    """A chain of successors: the last holds the seat, and opens with a share that went through all hands."""
    share = share_of(three, "p-2")
    hops = [("p-2", "p-3"), ("p-3", "p-4"), ("p-4", "p-5")]
    hand_ons = []
    for giver, taker in hops:
        passed = hand(three, share, FIRST[giver], FIRST[taker], taker)
        hand_ons.append(passed)
        share = open_passed(
            passed, three, use=for_successor(taker), sender=FIRST[giver].public, secret=FIRST[taker]
        )
    holders = follow_hand_ons(three, hand_ons, MEMBERS)
    assert holders == {"p-0": "p-0", "p-1": "p-1", "p-2": "p-5"}
    opened = open_together(three, [share, share_of(three, "p-0")], holders=holders, kc=KC)
    assert opened.key == ROOM_KEY.key


def test_a_new_device_of_ones_own_changes_no_holder(three: Escrow) -> None:
    """A share handed on to one's own second device stays in the seat, and opens there."""
    passed = hand(three, share_of(three, "p-1"), FIRST["p-1"], SECOND["p-1"], "p-1")
    assert follow_hand_ons(three, [passed], MEMBERS)["p-1"] == "p-1"
    share = open_passed(
        passed, three, use=for_successor("p-1"), sender=FIRST["p-1"].public, secret=SECOND["p-1"]
    )
    assert share.value == share_of(three, "p-1").value


def test_nobody_is_given_a_second_seat(three: Escrow) -> None:
    """MUST 67: a seat is not handed on to somebody who has one already, by birth or by hand-on."""
    to_a_holder = hand(three, share_of(three, "p-1"), FIRST["p-1"], SECOND["p-0"], "p-0")
    with pytest.raises(Tampered):
        follow_hand_ons(three, [to_a_holder], MEMBERS)
    first = hand(three, share_of(three, "p-1"), FIRST["p-1"], FIRST["p-5"], "p-5")
    second = hand(three, share_of(three, "p-2"), FIRST["p-2"], SECOND["p-5"], "p-5")
    assert follow_hand_ons(three, [first], MEMBERS)["p-1"] == "p-5"
    with pytest.raises(Tampered):
        follow_hand_ons(three, [first, second], MEMBERS)


def test_who_does_not_hold_a_seat_hands_none_on(three: Escrow) -> None:
    """MUST 67: neither a stranger nor somebody who has already handed it on gives a seat away."""
    share = share_of(three, "p-1")
    by_stranger = hand(three, share, FIRST["p-0"], FIRST["p-4"], "p-4")
    with pytest.raises(Tampered):
        follow_hand_ons(three, [by_stranger], MEMBERS)
    once = hand(three, share, FIRST["p-1"], FIRST["p-4"], "p-4")
    again = hand(three, share, FIRST["p-1"], FIRST["p-5"], "p-5")
    with pytest.raises(Tampered):
        follow_hand_ons(three, [once, again], MEMBERS)
    with pytest.raises(Tampered):  # the order is part of the chain
        follow_hand_ons(three, [hand(three, share, FIRST["p-4"], FIRST["p-5"], "p-5"), once], MEMBERS)


def test_a_seat_goes_to_the_successors_own_device(three: Escrow) -> None:
    """MUST 67: not to a device that is somebody else's, is not known, or may hold no shares."""
    share = share_of(three, "p-1")
    elsewhere = hand(three, share, FIRST["p-1"], FIRST["p-5"], "p-4")
    stranger = hand(three, share, FIRST["p-1"], make_device(b"s" * 64), "p-4")
    for wrong in (elsewhere, stranger):
        with pytest.raises(Tampered):
            follow_hand_ons(three, [wrong], MEMBERS)
    right = hand(three, share, FIRST["p-1"], FIRST["p-4"], "p-4")
    id_ = FIRST["p-4"].public.device_id
    member_only = {**MEMBERS, id_: replace(MEMBERS[id_], rights=Right.MEMBER)}
    with pytest.raises(Tampered):
        follow_hand_ons(three, [right], member_only)
    revoked_since = {**MEMBERS, id_: replace(MEMBERS[id_], revoked_at=1)}
    assert (
        follow_hand_ons(three, [right], revoked_since)["p-1"] == "p-4"
    )  # it held then; who counts now is asked later


def test_a_share_for_an_opening_is_no_hand_on(three: Escrow) -> None:
    """What was passed to open a room gives nobody the seat."""
    passed = pass_share(
        escrow=three,
        share=share_of(three, "p-1"),
        use=for_opening("p-4"),
        to=FIRST["p-4"].public,
        secret=FIRST["p-1"],
    )
    with pytest.raises(Malformed):
        follow_hand_ons(three, [passed], MEMBERS)


def test_a_hand_on_of_a_replaced_escrow_gives_nothing(three: Escrow) -> None:
    """After a re-deal among the same people the old hand-ons are of another escrow."""
    passed = hand(three, share_of(three, "p-1"), FIRST["p-1"], FIRST["p-4"], "p-4")
    again = make_escrow(
        ROOM_KEY,
        t=2,
        supervisors=[Supervisor(person=p, devices=[FIRST[p].public]) for p in PEOPLE[:3]],
        escrow_key=b"n" * 32,
        iv=b"i" * 12,
    )
    with pytest.raises(Tampered):
        follow_hand_ons(again, [passed], MEMBERS)


def test_two_seats_are_not_two_people(three: Escrow) -> None:
    """MUST 66: whoever came by two shares opens nothing alone: people are counted."""
    shares = [share_of(three, "p-0"), share_of(three, "p-1")]
    holders = {"p-0": "p-0", "p-1": "p-0", "p-2": "p-2"}
    with pytest.raises(Malformed):
        open_together(three, shares, holders=holders, kc=KC)
    with pytest.raises(Malformed):  # nor with the share of a seat that nobody holds
        open_together(three, shares, holders={"p-0": "p-0"}, kc=KC)
    assert open_together(three, shares, holders={p: p for p in PEOPLE[:3]}, kc=KC).key == ROOM_KEY.key


def test_two_devices_are_not_two_people() -> None:
    """A supervisor with two devices has one share on both and is one person."""
    escrow = dealt(2, PEOPLE[:2], devices=2)
    phone = open_share(escrow, person="p-0", secret=FIRST["p-0"])
    laptop = open_share(escrow, person="p-0", secret=SECOND["p-0"])
    assert phone.value == laptop.value
    with pytest.raises(Malformed):
        open_together(escrow, [phone, laptop], holders={p: p for p in PEOPLE[:2]}, kc=KC)


def test_who_holds_a_seat_sits_once() -> None:
    """The rule by itself: one's own seat again is no second one."""
    check_sits_once({"a": "a", "b": "b"}, "a", "a")
    check_sits_once({"a": "a", "b": "b"}, "a", "c")
    with pytest.raises(Tampered):
        check_sits_once({"a": "a", "b": "b"}, "a", "b")


@settings(deadline=None, max_examples=25)
@given(data=st.data(), t=st.integers(2, 4), more=st.integers(0, 2))
def test_never_fewer_than_t_people(data: st.DataObject, t: int, more: int) -> None:
    """For any t of n and any lawful hand-ons: exactly those sets of shares open behind which t people stand.

    Nobody comes to two seats, and nobody who has handed a seat on counts for it any more.
    """
    escrow = dealt(t, PEOPLE[: t + more])
    shares = {seat.person: share_of(escrow, seat.person) for seat in escrow.seats}
    holders, hand_ons = {p: p for p in shares}, list[Passed]()
    for _ in range(data.draw(st.integers(0, 3))):
        seat = data.draw(st.sampled_from(sorted(shares)))
        person = data.draw(st.sampled_from(PEOPLE))
        passed = hand(escrow, shares[seat], FIRST[holders[seat]], SECOND[person], person)
        try:
            check_sits_once(holders, seat, person)
        except Tampered:
            with pytest.raises(Tampered):
                follow_hand_ons(escrow, [*hand_ons, passed], MEMBERS)
        else:
            holders[seat] = person
            hand_ons.append(passed)
    assert follow_hand_ons(escrow, hand_ons, MEMBERS) == holders
    assert len(set(holders.values())) == len(holders)
    for size in range(len(shares) + 1):
        for some in combinations(shares.values(), size):
            if size < t:
                with pytest.raises(Malformed):
                    open_together(escrow, some, holders=holders, kc=KC)
            else:
                assert open_together(escrow, some, holders=holders, kc=KC).key == ROOM_KEY.key


@settings(deadline=None, max_examples=25)
@given(data=st.data(), t=st.integers(2, 4), more=st.integers(0, 2))
def test_seats_held_by_fewer_open_nothing(data: st.DataObject, t: int, more: int) -> None:
    """However seats came to be held: where fewer than t people stand behind the shares, nothing opens."""
    escrow = dealt(t, PEOPLE[: t + more])
    shares = [share_of(escrow, seat.person) for seat in escrow.seats]
    holders = {share.person: data.draw(st.sampled_from(PEOPLE)) for share in shares}
    some = data.draw(st.lists(st.sampled_from(shares), unique_by=lambda share: share.person))
    people = {holders[share.person] for share in some}
    if len(people) >= t:
        assert open_together(escrow, some, holders=holders, kc=KC).key == ROOM_KEY.key
    else:
        with pytest.raises(Malformed):
            open_together(escrow, some, holders=holders, kc=KC)


@settings(deadline=None, max_examples=25)
@given(data=st.data(), t=st.integers(2, 4), more=st.integers(0, 2))
def test_an_altered_share_is_named_whoever_passed_it(data: st.DataObject, t: int, more: int) -> None:
    """For any t of n: when shares are altered, exactly their seats are named and nothing opens."""
    escrow = dealt(t, PEOPLE[: t + more])
    shares = [share_of(escrow, seat.person) for seat in escrow.seats]
    wrong = data.draw(st.sets(st.sampled_from(range(len(shares))), min_size=1))
    at, bit = data.draw(st.integers(0, 32)), data.draw(st.integers(0, 7))
    altered = [
        Share(person=s.person, value=s.value[:at] + bytes([s.value[at] ^ 1 << bit]) + s.value[at + 1 :])
        if number in wrong
        else s
        for number, s in enumerate(shares)
    ]
    with pytest.raises(WrongShare) as caught:
        open_together(escrow, altered, holders={s.person: s.person for s in shares}, kc=KC)
    assert caught.value.people == tuple(shares[number].person for number in sorted(wrong))


def test_a_dishonest_dealer_is_found_out_through_hand_ons(three: Escrow) -> None:
    """Shares of two polynomials under one escrow: each holds by itself, together they name who was dealt falsely."""
    other = make_escrow(
        ROOM_KEY,
        t=2,
        supervisors=[Supervisor(person=p, devices=[FIRST[p].public]) for p in PEOPLE[:3]],
        escrow_key=b"x" * 32,
        iv=b"i" * 12,
    )
    mixed = replace(three, seats=(*three.seats[:2], other.seats[2]))
    passed = hand(mixed, share_of(mixed, "p-2"), FIRST["p-2"], FIRST["p-4"], "p-4")
    holders = follow_hand_ons(mixed, [passed], MEMBERS)
    with pytest.raises(WrongShare) as caught:
        open_together(mixed, [share_of(mixed, "p-0"), share_of(mixed, "p-1")], holders=holders, kc=KC)
    assert caught.value.people == ("p-2",)


def test_another_key_than_the_rooms_is_refused(three: Escrow) -> None:
    """An escrow with another key than the epoch committed to opens nothing (19)."""
    shares = [share_of(three, "p-0"), share_of(three, "p-1")]
    with pytest.raises(SealError):
        open_together(three, shares, holders={p: p for p in PEOPLE[:3]}, kc=bytes(32))
