from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.seal.errors import Malformed, SealError, Tampered
from bot.seal.keys import DevicePublic, DeviceSecret, make_device
from bot.seal.redeal import (
    Redeal,
    check_redeal,
    follow_redeals,
    redeal_from_bytes,
    sign_redeal,
)
from bot.seal.room import RoomKey, commit
from bot.seal.threshold import Escrow, Supervisor, hash_escrow, make_escrow, open_escrow, open_share

AT = 1_790_000_000
PEOPLE = tuple(f"p-{number}" for number in range(6))
DEVICES = {person: make_device(bytes([number + 1]) * 64) for number, person in enumerate(PEOPLE)}
KNOWN = {secret.public.device_id: secret.public for secret in DEVICES.values()}
ROOM_KEY = RoomKey(room="room-1", epoch=1, key=bytes(range(32)))


def dealt(t: int, people: tuple[str, ...], key: bytes = b"e" * 32, room_key: RoomKey = ROOM_KEY) -> Escrow:
    supervisors = [Supervisor(person=p, devices=[DEVICES[p].public]) for p in people]
    return make_escrow(room_key, t=t, supervisors=supervisors, escrow_key=key, iv=b"i" * 12)


def redealt(old: Escrow, new: Escrow, by: str = "p-0", organisation: str = "malmo") -> Redeal:
    """A re-deal, through the bytes."""
    signed = sign_redeal(
        secret=DEVICES[by], organisation=organisation, opening="o-1", old=old, new=new, at=AT
    )
    return redeal_from_bytes(signed.content)


def follow(
    chain: list[Redeal],
    first: bytes,
    devices: Mapping[bytes, DevicePublic] = KNOWN,
    organisation: str = "malmo",
    room: str = "room-1",
    epoch: int = 1,
) -> bytes:
    return follow_redeals(
        chain, organisation=organisation, room=room, epoch=epoch, first=first, devices=devices
    )


@pytest.fixture(scope="module")
def old() -> Escrow:
    return dealt(2, PEOPLE[:3])


@pytest.fixture(scope="module")
def new() -> Escrow:
    return dealt(2, PEOPLE[1:4], b"n" * 32)


def holds(
    redeal: Redeal, old: Escrow, new: Escrow, device: DeviceSecret, organisation: str = "malmo"
) -> None:
    check_redeal(redeal, organisation=organisation, old=old, new=new, device=device.public)


def test_after_somebody_left_the_others_still_open(old: Escrow, new: Escrow) -> None:
    """Two of those who stayed open the new escrow; it holds the same key; who left has no share of it."""
    redeal = redealt(old, new)
    holds(redeal, old, new, DEVICES["p-0"])
    assert (redeal.room, redeal.epoch, redeal.opening, redeal.at) == ("room-1", 1, "o-1", AT)
    shares = [open_share(new, person=p, secret=DEVICES[p]) for p in ("p-1", "p-3")]
    assert open_escrow(new, shares, kc=commit(ROOM_KEY)).key == ROOM_KEY.key
    with pytest.raises(Malformed):
        open_share(new, person="p-0", secret=DEVICES["p-0"])


def test_t_is_never_lowered(old: Escrow) -> None:
    """MUST 68: nobody signs, and nobody takes, an escrow that fewer people open."""
    three, two = dealt(3, PEOPLE[:4]), dealt(2, PEOPLE[:4], b"n" * 32)
    with pytest.raises(Malformed):
        redealt(three, two)
    honest = redealt(old, three)  # more is no loss
    holds(honest, old, three, DEVICES["p-0"])
    with pytest.raises(Malformed):
        holds(honest, three, old, DEVICES["p-0"])


def test_an_escrow_is_replaced_in_its_own_place(old: Escrow, new: Escrow) -> None:
    """MUST 68: an escrow of another room or epoch takes no escrow's place."""
    for other in (replace(ROOM_KEY, room="room-2"), replace(ROOM_KEY, epoch=2)):
        elsewhere = dealt(2, PEOPLE[:3], room_key=other)
        with pytest.raises(Malformed):
            redealt(old, elsewhere)
        with pytest.raises(SealError):
            holds(redealt(old, new), old, elsewhere, DEVICES["p-0"])


def test_a_redeal_is_of_these_two_escrows(old: Escrow, new: Escrow) -> None:
    """Another escrow than the one in force, than the new one, another organisation or device: refused."""
    redeal, third = redealt(old, new), dealt(2, PEOPLE[2:5], b"z" * 32)
    for wrong in (
        {"old": third, "new": new, "device": DEVICES["p-0"]},
        {"old": old, "new": third, "device": DEVICES["p-0"]},
        {"old": new, "new": old, "device": DEVICES["p-0"]},
        {"old": old, "new": new, "device": DEVICES["p-1"]},
        {"old": old, "new": new, "device": DEVICES["p-0"], "organisation": "polisen"},
    ):
        with pytest.raises(Tampered):
            holds(redeal, **wrong)  # type: ignore[arg-type]  # each value has its field's type


def test_every_flipped_byte_is_refused(
    old: Escrow, new: Escrow, flips: Callable[[bytes], list[bytes]]
) -> None:
    """No byte of a re-deal can be changed; what is cut or added is none."""
    content = redealt(old, new).content
    for changed in (*flips(content), b"", content[:-1], content + b"\0"):
        with pytest.raises(SealError):
            holds(redeal_from_bytes(changed), old, new, DEVICES["p-0"])


def test_a_chain_of_redeals_leads_from_the_manifest(old: Escrow, new: Escrow) -> None:
    """The escrow in force is the last of the chain; of none, the manifest's own."""
    third = dealt(3, PEOPLE[2:6], b"z" * 32)
    chain = [redealt(old, new), redealt(new, third, by="p-1")]
    first = hash_escrow(old)
    assert follow([], first) == first
    assert follow(chain[:1], first) == hash_escrow(new)
    assert follow(chain, first) == hash_escrow(third)


def test_a_broken_chain_is_refused(old: Escrow, new: Escrow) -> None:
    """A re-deal that is missing, swapped, of another beginning, room, epoch, organisation, or by a stranger: refused."""
    third = dealt(2, PEOPLE[2:5], b"z" * 32)
    chain = [redealt(old, new), redealt(new, third, by="p-1")]
    first = hash_escrow(old)
    for wrong in (chain[1:], chain[::-1], [chain[0], chain[0]], [*chain, chain[0]]):
        with pytest.raises(Tampered):
            follow(wrong, first)
    with pytest.raises(Tampered):
        follow(chain, hash_escrow(new))
    with pytest.raises(Tampered):
        follow(chain, first, organisation="polisen")
    with pytest.raises(Tampered):
        follow(chain, first, room="room-2")
    with pytest.raises(Tampered):
        follow(chain, first, epoch=2)
    without = {id_: public for id_, public in KNOWN.items() if id_ != DEVICES["p-1"].public.device_id}
    with pytest.raises(Tampered):
        follow(chain, first, without)


@settings(deadline=None, max_examples=20)
@given(data=st.data())
def test_however_often_dealt_again_any_t_open(data: st.DataObject) -> None:
    """For any chain of re-deals in which t never falls: any t of the last people open, and the chain leads there."""
    t, people = 2, data.draw(st.permutations(PEOPLE))[:3]
    in_force, chain = dealt(t, tuple(people)), list[Redeal]()
    first = hash_escrow(in_force)
    for number in range(data.draw(st.integers(1, 3))):
        t = data.draw(st.integers(t, 4))
        people = data.draw(st.permutations(PEOPLE))[: data.draw(st.integers(t, len(PEOPLE)))]
        fresh = dealt(t, tuple(people), bytes([number + 1]) * 32)
        chain.append(redealt(in_force, fresh, by=data.draw(st.sampled_from(PEOPLE))))
        in_force = fresh
    assert follow(chain, first) == hash_escrow(in_force)
    some = data.draw(st.permutations(people))[:t]
    shares = [open_share(in_force, person=p, secret=DEVICES[p]) for p in some]
    assert open_escrow(in_force, shares, kc=commit(ROOM_KEY)).key == ROOM_KEY.key
    with pytest.raises(Malformed):
        open_escrow(in_force, shares[1:], kc=commit(ROOM_KEY))
