"""A device seals to nobody for whom no checked directory vouches, whatever a server plans."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.client.room_plan import Made, Planned, make_epoch, read_plan
from bot.core.errors import Unavailable
from bot.seal import threshold
from bot.seal.directory import Member
from bot.seal.enrolment import Right
from bot.seal.epoch import accept_room_key, check_epoch
from bot.seal.errors import Malformed, SealError, Tampered
from bot.seal.event import Head, check_event, from_bytes, genesis
from bot.seal.keys import DeviceSecret, make_device
from bot.seal.plain import Sealed
from bot.seal.wire import from_base64url, to_base64url

ROOM = "room-1"
SECRETS = {
    name: make_device(bytes([n]) * 64)
    for n, name in enumerate(("me", "you", "third", "bridge", "a", "b", "c"))
}


def draw(size: int) -> bytes:
    return bytes(range(size))


def member(name: str, person: str, rights: Right, organisation: str) -> Member:
    public = SECRETS[name].public
    return Member(organisation=organisation, person=person, rights=rights, public=public, revoked_at=0)


KNOWN = {
    "me": member("me", "p-me", Right.MEMBER, "malmo"),
    "you": member("you", "p-you", Right.MEMBER, "polisen"),
    "third": member("third", "p-third", Right.MEMBER, "malmo"),
    "bridge": member("bridge", "bridge", Right.BRIDGE, "polisen"),
    **{name: member(name, f"p-chief-{name}", Right.SHARES | Right.APPROVE, "malmo") for name in "abc"},
}


def members(**changed: Member | None) -> Mapping[bytes, Member]:
    """What the checked directories say, but for what is changed; None: is not listed."""
    known = {**KNOWN, **changed}
    return {SECRETS[name].public.device_id: one for name, one in known.items() if one is not None}


def id_of(name: str) -> str:
    return to_base64url(SECRETS[name].public.device_id)


def recipient(name: str, **changed: object) -> dict[str, object]:
    """A device as an honest server plans it."""
    one = KNOWN[name]
    bridge = bool(one.rights & Right.BRIDGE)
    person = None if bridge else one.person
    return {
        "device": id_of(name),
        "organisation": one.organisation,
        "person": person,
        "bridge": bridge,
        **changed,
    }


def plan(*inside: dict[str, object], **changed: object) -> dict[str, Any]:
    """What an honest server plans."""
    seats = [{"person": f"p-chief-{name}", "devices": [id_of(name)]} for name in "abc"]
    start = genesis(ROOM)
    return {
        "room": ROOM,
        "head": {"epoch": 0, "seq": 0, "hash": to_base64url(start.hash)},
        "recipients": list(inside) or [recipient("me"), recipient("you")],
        "escrows": [{"organisation": "malmo", "t": 2, "seats": seats}],
        **changed,
    }


def rows(made: Made, name: str) -> list[dict[str, str]]:
    """A list of what was made."""
    found = made.body[name]
    assert isinstance(found, list)
    return found


def make(planned: Planned, known: Mapping[bytes, Member] | None = None) -> Made:
    return make_epoch(planned, known or members(), secret=SECRETS["me"], person="p-me", draw=draw)


def test_an_honest_plan_becomes_an_epoch_that_holds() -> None:
    """The event follows the head, names exactly the planned, and each opens the key."""
    made = make(read_plan(plan(recipient("me"), recipient("bridge"))))
    event = from_bytes(from_base64url(str(made.body["event"])))
    check_event(event, genesis(ROOM), SECRETS["me"].public)
    keys = {
        from_base64url(row["device"]): Sealed(content=from_base64url(row["key"]))
        for row in rows(made, "keys")
    }
    escrows = {
        row["organisation"]: threshold.from_bytes(from_base64url(row["escrow"]))
        for row in rows(made, "escrows")
    }
    check_epoch(event, room_keys=keys, escrows=escrows)
    for name in ("me", "bridge"):
        secret: DeviceSecret = SECRETS[name]
        opened = accept_room_key(event, keys[secret.public.device_id], secret)
        assert opened.key == made.key.key


@pytest.mark.parametrize(
    ("inside", "changed"),
    [
        ([recipient("me"), recipient("you")], {"you": None}),
        ([recipient("me"), recipient("you")], {"you": replace(KNOWN["you"], revoked_at=7)}),
        ([recipient("me"), recipient("you")], {"you": replace(KNOWN["you"], rights=Right.SHARES)}),
        ([recipient("me"), recipient("you", organisation="malmo")], {}),
        ([recipient("me"), recipient("you", person="p-else")], {}),
        ([recipient("me"), recipient("you"), recipient("third")], {}),
        ([recipient("me"), recipient("you"), recipient("bridge")], {}),
        ([recipient("you"), recipient("third")], {}),
        ([recipient("you")], {}),
        ([recipient("me"), recipient("you", bridge=True)], {}),
        ([recipient("me"), recipient("bridge", bridge=False, person="bridge")], {}),
        ([recipient("me"), recipient("bridge")], {"bridge": replace(KNOWN["bridge"], revoked_at=7)}),
    ],
)
def test_nothing_is_sealed_to_whoever_nobody_vouches_for(
    inside: list[dict[str, object]], changed: dict[str, Member | None]
) -> None:
    """Unlisted, revoked, without the right, of another organisation or person, a third person, a bridge beside two, not this device."""
    with pytest.raises(Tampered):
        make(read_plan(plan(*inside)), members(**changed))


@pytest.mark.parametrize(
    "changed",
    [
        {"b": None},
        {"b": replace(KNOWN["b"], revoked_at=7)},
        {"b": replace(KNOWN["b"], rights=Right.MEMBER)},
        {"b": replace(KNOWN["b"], person="p-chief-a")},
        {"b": replace(KNOWN["b"], organisation="polisen")},
    ],
)
def test_no_share_is_sealed_to_whoever_nobody_vouches_for(changed: dict[str, Member | None]) -> None:
    """A seat's device is active, holds shares, and is that person's in that organisation."""
    with pytest.raises(Tampered):
        make(read_plan(plan()), members(**changed))


@pytest.mark.parametrize("t", [0, 1, 4])
def test_an_escrow_that_one_person_opens_is_refused(t: int) -> None:
    """A server cannot plan an escrow for itself: two of those named at least, and no more than there are."""
    wanted = plan()
    wanted["escrows"][0]["t"] = t
    with pytest.raises(Malformed):
        make(read_plan(wanted))


def test_a_room_without_escrow_is_refused() -> None:
    """Also when the server does not ask for one."""
    with pytest.raises(Malformed):
        make(read_plan(plan(escrows=[])))


@pytest.mark.parametrize(
    "changed",
    [
        {"room": 7},
        {"head": None},
        {"head": {"epoch": 0, "seq": "0", "hash": ""}},
        {"recipients": "none"},
        {"recipients": [{"device": "A"}]},
        {"recipients": [recipient("me", person=None)]},
        {"recipients": [recipient("me")] * 65},
        {"escrows": [{"organisation": "malmo", "t": 2, "seats": [{"person": "p", "devices": "x"}]}]},
        {"escrows": [{"organisation": "malmo", "t": 2, "seats": [{"person": "p", "devices": ["A"] * 9}]}]},
        {"escrows": None},
    ],
)
def test_an_answer_that_cannot_be_read_is_refused(changed: dict[str, object]) -> None:
    """Whatever a server answers is read field by field, and bounded."""
    with pytest.raises((Unavailable, SealError)):
        make(read_plan(plan(**changed)))


def test_the_head_is_the_servers_word() -> None:
    """It is read as it was sent; whoever follows the room compares it with what was seen."""
    planned = read_plan(plan())
    assert planned.head == Head(room=ROOM, epoch=0, seq=0, hash=genesis(ROOM).hash)
    assert planned.organisations == {"malmo", "polisen"}
    assert not planned.bridged
    assert read_plan(plan(recipient("me"), recipient("bridge"))).bridged
