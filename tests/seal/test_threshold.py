from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.seal.errors import Malformed, SealError, Tampered, WrongShare
from bot.seal.keys import DeviceSecret, make_device
from bot.seal.labels import Label
from bot.seal.room import RoomKey, commit
from bot.seal.threshold import (
    MAX_DEVICES,
    MAX_PEOPLE,
    Escrow,
    SealedShare,
    Seat,
    Share,
    Supervisor,
    check_escrow,
    context,
    from_bytes,
    hash_escrow,
    make_escrow,
    open_escrow,
    open_share,
    to_bytes,
    to_sealed,
)
from bot.seal.wire import lp

Devices = dict[str, DeviceSecret]
CHIEFS = ("chief-a", "chief-b", "chief-c")


@pytest.fixture(scope="module")
def shares(escrow: Escrow, devices: Devices) -> dict[str, Share]:
    """Every supervisor's opened share."""
    return {name: open_share(escrow, person=name, secret=devices[name]) for name in CHIEFS}


def test_any_two_of_three_open(escrow: Escrow, shares: dict[str, Share], room_key: RoomKey) -> None:
    """Whichever two supervisors come together, or all three, they open the room's key."""
    for some in [*combinations(shares.values(), 2), tuple(shares.values()), tuple(shares.values())[::-1]]:
        opened = open_escrow(from_bytes(to_bytes(escrow)), some, kc=commit(room_key))
        assert (opened.room, opened.epoch, opened.key) == ("room-1", 1, room_key.key)


def test_one_person_never_opens(escrow: Escrow, shares: dict[str, Share], room_key: RoomKey) -> None:
    """One share is not enough, nor the same person twice, nor a stranger's beside it."""
    one = shares["chief-a"]
    for some in (
        [],
        [one],
        [one, one],
        [one, shares["chief-b"], one],
        [one, replace(shares["chief-b"], person="p-stranger")],
    ):
        with pytest.raises(Malformed):
            open_escrow(escrow, some, kc=commit(room_key))


def test_two_devices_are_still_one_person(room_key: RoomKey, devices: Devices) -> None:
    """A supervisor with two devices has one share on both, and does not become two."""
    phone, laptop = devices["chief-a"], make_device(b"l" * 64)
    supervisors = [
        Supervisor(person="chief-a", devices=[phone.public, laptop.public]),
        Supervisor(person="chief-b", devices=[devices["chief-b"].public]),
    ]
    escrow = make_escrow(room_key, t=2, supervisors=supervisors, escrow_key=b"e" * 32, iv=bytes(12))
    on_phone = open_share(escrow, person="chief-a", secret=phone)
    on_laptop = open_share(escrow, person="chief-a", secret=laptop)
    assert on_phone.value == on_laptop.value
    for second in (on_laptop, replace(on_laptop, person="chief-b")):
        with pytest.raises((Malformed, WrongShare)):
            open_escrow(escrow, [on_phone, second], kc=commit(room_key))


def test_a_wrong_share_is_named(escrow: Escrow, shares: dict[str, Share], room_key: RoomKey) -> None:
    """Each person whose share is not the one dealt is named, and nobody else."""
    a, b = shares["chief-a"], shares["chief-b"]
    for value in (bytes(33), b.value[:-1], b.value + b"\0", b"", a.value[:-1] + b.value[-1:], a.value):
        with pytest.raises(WrongShare) as caught:
            open_escrow(escrow, [a, replace(b, value=value)], kc=commit(room_key))
        assert caught.value.people == ("chief-b",)
    with pytest.raises(WrongShare) as caught:
        open_escrow(escrow, [replace(a, value=b.value), replace(b, value=a.value)], kc=commit(room_key))
    assert caught.value.people == ("chief-a", "chief-b")


def test_any_flipped_bit_of_a_share_is_named(
    escrow: Escrow, shares: dict[str, Share], room_key: RoomKey, flips: Callable[[bytes], list[bytes]]
) -> None:
    """A share changed in one byte is never used, and its owner is named."""
    a, b = shares["chief-a"], shares["chief-b"]
    for value in flips(b.value):
        with pytest.raises(WrongShare, match="chief-b"):
            open_escrow(escrow, [a, replace(b, value=value)], kc=commit(room_key))


def test_a_dishonest_dealer_is_found_out(
    escrow: Escrow, shares: dict[str, Share], room_key: RoomKey, devices: Devices
) -> None:
    """A dealer who commits to shares of different polynomials is found when the escrow key is dealt again."""
    other = make_escrow(
        room_key,
        t=2,
        supervisors=[Supervisor(person=name, devices=[devices[name].public]) for name in CHIEFS],
        escrow_key=b"x" * 32,
        iv=b"i" * 12,
    )
    mixed = replace(escrow, seats=(*escrow.seats[:2], other.seats[2]))
    odd = open_share(mixed, person="chief-c", secret=devices["chief-c"])
    with pytest.raises(WrongShare) as caught:
        open_escrow(mixed, [shares["chief-a"], shares["chief-b"]], kc=commit(room_key))
    assert caught.value.people == ("chief-c",)
    with pytest.raises(WrongShare):
        open_escrow(mixed, [shares["chief-a"], odd], kc=commit(room_key))


def test_a_share_from_another_seat_is_named(
    escrow: Escrow, shares: dict[str, Share], room_key: RoomKey
) -> None:
    """A dealer who commits to one share in two seats gives nobody two voices: the second is named."""
    a, b, c = escrow.seats
    doubled = replace(escrow, seats=(a, b, replace(c, commitment=a.commitment)))
    with pytest.raises(WrongShare) as caught:
        open_escrow(
            doubled,
            [shares["chief-a"], replace(shares["chief-a"], person="chief-c")],
            kc=commit(room_key),
        )
    assert caught.value.people == ("chief-c",)


def test_the_key_must_be_the_rooms(escrow: Escrow, shares: dict[str, Share], room_key: RoomKey) -> None:
    """A box with another key than the room committed to is refused; so is a changed box."""
    some = list(shares.values())
    with pytest.raises(Tampered):
        open_escrow(escrow, some, kc=commit(replace(room_key, key=b"o" * 32)))
    for changed in (replace(escrow, box=bytes(48)), replace(escrow, iv=bytes(12))):
        with pytest.raises(Tampered):
            open_escrow(changed, some, kc=commit(room_key))


def test_a_share_opens_for_its_owner_alone(escrow: Escrow, devices: Devices) -> None:
    """Nobody opens a share that is not sealed to them, under any name."""
    for person, who in (
        ("chief-a", "chief-b"),
        ("chief-b", "chief-a"),
        ("chief-a", "worker"),
        ("p", "chief-a"),
    ):
        with pytest.raises(Malformed):
            open_share(escrow, person=person, secret=devices[who])


def test_a_share_does_not_open_elsewhere(escrow: Escrow, devices: Devices) -> None:
    """A sealed share put into another escrow, or another seat, is named as wrong."""
    moved = replace(escrow, epoch=2)
    with pytest.raises(WrongShare, match="chief-a"):
        open_share(moved, person="chief-a", secret=devices["chief-a"])
    a, b, c = escrow.seats
    swapped = replace(
        escrow, seats=(replace(a, commitment=b.commitment), replace(b, commitment=a.commitment), c)
    )
    with pytest.raises(WrongShare, match="chief-b"):
        open_share(swapped, person="chief-b", secret=devices["chief-b"])


def test_dealing_is_deterministic(escrow: Escrow, room_key: RoomKey, supervisors: list[Supervisor]) -> None:
    """The same escrow key gives the same shares and commitments; only the sealing of them differs."""
    again = make_escrow(room_key, t=2, supervisors=supervisors, escrow_key=b"e" * 32, iv=b"i" * 12)
    assert [seat.commitment for seat in again.seats] == [seat.commitment for seat in escrow.seats]
    assert hash_escrow(again) != hash_escrow(escrow)


@settings(deadline=None, max_examples=10)
@given(data=st.data(), t=st.integers(2, 5), more=st.integers(0, 3))
def test_any_t_of_n_open(data: st.DataObject, t: int, more: int, room_key: RoomKey) -> None:
    """For any t and n, any t people open the room, through the bytes."""
    secrets = {f"p-{number}": make_device(bytes([100 + number]) * 64) for number in range(t + more)}
    supervisors = [Supervisor(person=name, devices=[secret.public]) for name, secret in secrets.items()]
    made = make_escrow(room_key, t=t, supervisors=supervisors, escrow_key=b"k" * 32, iv=bytes(12))
    escrow = from_bytes(to_bytes(made))
    assert escrow == made
    some = data.draw(st.permutations(list(secrets)))[:t]
    shares = [open_share(escrow, person=name, secret=secrets[name]) for name in some]
    assert open_escrow(escrow, shares, kc=commit(room_key)).key == room_key.key
    with pytest.raises(Malformed):
        open_escrow(escrow, shares[1:], kc=commit(room_key))


def test_any_flipped_byte_changes_the_hash(escrow: Escrow, flips: Callable[[bytes], list[bytes]]) -> None:
    """An escrow changed anywhere is not an escrow, or not the one that the epoch event names."""
    bound = hash_escrow(escrow)
    for changed in flips(to_bytes(escrow)):
        try:
            assert hash_escrow(from_bytes(changed)) != bound
        except Malformed:
            continue


def test_any_flipped_byte_of_what_opens_is_refused(
    escrow: Escrow, room_key: RoomKey, devices: Devices, flips: Callable[[bytes], list[bytes]]
) -> None:
    """Of an escrow changed in what two people need, the two open nothing, even without the epoch event."""
    head = len(to_bytes(escrow)) - 3 * (4 + 32 + 4 + 8 + 4 + 32 + 4 + 1169)
    for changed in flips(to_bytes(escrow))[:head]:
        with pytest.raises(SealError):
            _open(changed, devices, kc=commit(room_key))


def _open(content: bytes, devices: Devices, *, kc: bytes) -> RoomKey:
    escrow = from_bytes(content)
    shares = [open_share(escrow, person=name, secret=devices[name]) for name in CHIEFS[:2]]
    return open_escrow(escrow, shares, kc=kc)


def test_server_checks_room_and_epoch(escrow: Escrow) -> None:
    """An escrow of another room or epoch is refused without any secret."""
    check_escrow(escrow, room="room-1", epoch=1)
    for room, epoch in (("room-2", 1), ("room-1", 2)):
        with pytest.raises(Tampered):
            check_escrow(escrow, room=room, epoch=epoch)


def test_who_may_be_dealt_to(room_key: RoomKey, supervisors: list[Supervisor]) -> None:
    """At least two must open; no more than there are; nobody twice; everybody has a device, none too many."""
    a, b, c = supervisors
    many = [make_device(bytes([number]) * 64).public for number in range(20, 21 + MAX_DEVICES)]
    for t, people in (
        (1, supervisors),
        (0, supervisors),
        (4, supervisors),
        (2, [a]),
        (2, []),
        (2, [a, a, b]),
        (2, [a, b, replace(a, person="chief-x")]),
        (2, [a, b, replace(c, devices=[])]),
        (2, [a, b, replace(c, devices=many)]),
        (2, [a, b, replace(c, devices=[*c.devices, *c.devices])]),
        (2, [a, b, replace(c, person="")]),
        (2, [a] * (MAX_PEOPLE + 1)),
    ):
        with pytest.raises(Malformed):
            make_escrow(room_key, t=t, supervisors=people, escrow_key=b"e" * 32, iv=bytes(12))


def test_lengths_are_exact(room_key: RoomKey, supervisors: list[Supervisor], escrow: Escrow) -> None:
    """Keys, nonces, boxes, commitments and blobs have their lengths."""
    for escrow_key, iv in ((bytes(31), bytes(12)), (bytes(32), bytes(13))):
        with pytest.raises(Malformed):
            make_escrow(room_key, t=2, supervisors=supervisors, escrow_key=escrow_key, iv=iv)
    seat = escrow.seats[0]
    for make in (
        lambda: replace(escrow, iv=bytes(11)),
        lambda: replace(escrow, box=bytes(47)),
        lambda: replace(escrow, epoch=0),
        lambda: replace(seat, commitment=bytes(31)),
        lambda: replace(seat.shares[0], blob=bytes(1168)),
        lambda: replace(seat.shares[0], device_id=bytes(31)),
    ):
        with pytest.raises(Malformed):
            make()


def test_parser_refuses_other_shapes(escrow: Escrow) -> None:
    """Truncated, extended, of another suite, label or count: not an escrow."""
    content, ctx = to_bytes(escrow), context(escrow)
    suite = content.index(b"\0\0\0\x08\0\0\0\0\0\0\0\x01")
    for wrong in (
        b"",
        content[:-1],
        content + b"\0",
        content[: suite + 11] + b"\x02" + content[suite + 12 :],
        lp(Label.ESCROW_BYTES, 1, ctx + b"\0", escrow.iv, escrow.box),
        lp(Label.ESCROW_BYTES, 1, lp(Label.ESCROW, "r", 1, 2, 3, "a", "b"), escrow.iv, escrow.box),
        lp(Label.ESCROW_BYTES, 1, lp(Label.ESCROW, "r", 1, 0, 0), escrow.iv, escrow.box),
        lp(Label.ESCROW_BYTES, 1, lp(Label.ESCROW, "r", 1, 2, MAX_PEOPLE + 1), escrow.iv, escrow.box),
    ):
        with pytest.raises(Malformed):
            from_bytes(wrong)


def test_the_largest_escrow_is_read() -> None:
    """As many people and devices as are allowed, with the longest names, fit the bounds."""
    numbers = iter(range(MAX_PEOPLE * MAX_DEVICES))
    seats = tuple(
        Seat(
            person=f"{person}".rjust(255, "p"),
            commitment=bytes(32),
            shares=tuple(_blob(next(numbers)) for _ in range(MAX_DEVICES)),
        )
        for person in range(MAX_PEOPLE)
    )
    largest = Escrow(room="r" * 255, epoch=1, t=2, seats=seats, iv=bytes(12), box=bytes(48))
    assert from_bytes(to_sealed(largest).content) == largest


def _blob(number: int) -> SealedShare:
    return SealedShare(device_id=number.to_bytes(32, "big"), blob=bytes(1169))


def test_a_share_is_not_shown(shares: dict[str, Share]) -> None:
    """The repr of an opened share has only its owner."""
    assert repr(shares["chief-a"]) == "Share(person='chief-a')"
