"""Cases of re-deals: FORMAT.md section 7a."""

from collections.abc import Sequence
from dataclasses import replace

from bot.seal import threshold
from bot.seal.labels import Label
from bot.seal.redeal import sign_redeal
from bot.seal.statement import sign_statement
from bot.seal.threshold import Escrow, Supervisor, hash_escrow, make_escrow
from bot.seal.wire import lp
from tests.seal.cases import Fields
from tests.vectors.make.kit import Topic
from tests.vectors.make.requests import AT, flipped
from tests.vectors.make.world import (
    DEVICES,
    ENTROPY,
    IV,
    KEYS,
    ROOM,
    A,
    B,
    C,
    escrow_of,
    id_of,
)


def redeals() -> Topic:
    """Escrows in the place of others."""
    topic = Topic("redeals", "Escrows dealt again (FORMAT.md 7a).")
    old = escrow_of(topic, 1)
    new = _dealt(topic, "escrow-again", KEYS[1].epoch, 2, b"\xe1")
    three = _dealt(topic, "escrow-of-three", KEYS[1].epoch, 3, b"\xe2")
    later = escrow_of(topic, 2)
    olds, news = threshold.to_bytes(old), threshold.to_bytes(new)
    made: Fields = {
        "entropy": ENTROPY[A],
        "organisation": "malmo",
        "opening": "o-1",
        "old": olds,
        "new": news,
        "at": AT,
    }
    topic.ok("sign", [68], "sign_redeal", **made)
    topic.ok("sign-for-more-people", [68], "sign_redeal", **{**made, "new": threshold.to_bytes(three)})
    elsewhere = threshold.to_bytes(replace(new, room="room-2"))
    for id_, musts, changed in (
        ("for-fewer-people", [68], {"old": threshold.to_bytes(three), "new": news}),
        ("for-another-epoch", [68], {"new": threshold.to_bytes(later)}),
        ("for-another-room", [68], {"new": elsewhere}),
        ("without-opening", [2], {"opening": ""}),
        ("without-organisation", [2], {"organisation": ""}),
        ("at-2-53", [1], {"at": 2**53}),
    ):
        topic.refuse(f"sign-{id_}", musts, "sign_redeal", "Malformed", **{**made, **changed})
    signed = _redeal(old, new)
    checked: Fields = {
        "redeal": signed,
        "organisation": "malmo",
        "old": olds,
        "new": news,
        "entropy": ENTROPY[A],
    }
    topic.ok("check", [68], "check_redeal", **checked)
    _check_redeals(topic, checked, elsewhere, old, new, three, later)
    _follow(topic, old, new, three, later)
    return topic


def _dealt(topic: Topic, name: str, epoch: int, t: int, fill: bytes) -> Escrow:
    people = [Supervisor(person=who, devices=[DEVICES[who].public]) for who in (A, C, "stranger")]
    made = topic.kept(
        name,
        lambda: threshold.to_bytes(
            make_escrow(KEYS[epoch], t=t, supervisors=people, escrow_key=fill * 32, iv=IV)
        ),
    )
    return threshold.from_bytes(made)


def _redeal(old: Escrow, new: Escrow, who: str = A) -> bytes:
    return sign_redeal(
        secret=DEVICES[who], organisation="malmo", opening="o-1", old=old, new=new, at=AT
    ).content


def _stated_redeal(old: Escrow, new: Escrow, who: str = A, **changed: bytes | int | str) -> bytes:
    fields: dict[str, bytes | int | str] = {
        "organisation": "malmo",
        "room": old.room,
        "epoch": old.epoch,
        "opening": "o-1",
        "old": hash_escrow(old),
        "new": hash_escrow(new),
        "device_id": id_of(who),
        "at": AT,
        **changed,
    }
    return sign_statement(Label.REDEAL_BYTES, lp(Label.REDEAL, *fields.values()), DEVICES[who].signing)


def _check_redeals(
    topic: Topic, good: Fields, elsewhere: bytes, old: Escrow, new: Escrow, three: Escrow, later: Escrow
) -> None:
    assert _stated_redeal(old, new) == good["redeal"]

    def refuse(id_: str, error: str = "Tampered", musts: Sequence[int] = (68,), **changed: object) -> None:
        topic.refuse(f"check-{id_}", musts, "check_redeal", error, **{**good, **changed})

    refuse("of-another-organisation", organisation="polisen")
    refuse("with-another-device", entropy=ENTROPY[C])
    refuse("signed-by-another-device", redeal=_stated_redeal(old, new, C, device_id=id_of(A)))
    refuse("in-another-devices-name", redeal=_stated_redeal(old, new, device_id=id_of(C)))
    refuse("with-a-changed-signature", redeal=flipped(good["redeal"]))
    refuse("of-another-old-escrow", old=threshold.to_bytes(replace(old, iv=bytes(12))))
    refuse("of-another-new-escrow", new=threshold.to_bytes(three))
    refuse("with-old-and-new-swapped", old=good["new"], new=good["old"])
    refuse("stating-another-room", redeal=_stated_redeal(old, new, room="room-2"))
    refuse("stating-another-epoch", redeal=_stated_redeal(old, new, epoch=2))
    refuse("to-fewer-people", "Malformed", redeal=_stated_redeal(three, new), old=threshold.to_bytes(three))
    refuse(
        "to-another-room", "Malformed", redeal=_stated_redeal(old, replace(new, room="room-2")), new=elsewhere
    )
    refuse("to-another-epoch", "Malformed", redeal=_stated_redeal(old, later), new=threshold.to_bytes(later))
    refuse("of-epoch-0", "Malformed", (3,), redeal=_stated_redeal(old, new, epoch=0))
    refuse("without-opening", "Malformed", (2,), redeal=_stated_redeal(old, new, opening=""))
    refuse("truncated", "Malformed", (3,), redeal=good["redeal"][:-1])
    refuse("with-a-trailing-byte", "Malformed", (3,), redeal=good["redeal"] + b"\0")
    refuse("with-a-field-more", "Malformed", (3,), redeal=_stated_redeal(old, new, more=b""))
    request = good["redeal"].replace(b"redeal-bytes/v1", b"redeal-bytes/v2")
    refuse("of-another-label", "Malformed", (3,), redeal=request)


def _follow(topic: Topic, old: Escrow, new: Escrow, three: Escrow, later: Escrow) -> None:
    good: Fields = {
        "redeals": [_redeal(old, new), _redeal(new, three, C)],
        "organisation": "malmo",
        "room": ROOM,
        "epoch": 1,
        "first": hash_escrow(old),
        "devices": [ENTROPY[A], ENTROPY[C]],
    }
    topic.ok("follow", [68], "follow_redeals", **good)
    topic.ok("follow-none", [68], "follow_redeals", **{**good, "redeals": []})

    def refuse(id_: str, error: str = "Tampered", **changed: object) -> None:
        topic.refuse(f"follow-{id_}", [68], "follow_redeals", error, **{**good, **changed})

    one, two = good["redeals"]
    refuse("in-another-order", redeals=[two, one])
    refuse("without-the-first", redeals=[two])
    refuse("the-same-twice", redeals=[one, one])
    refuse("two-of-one-escrow", redeals=[one, _redeal(old, three)])
    refuse("from-another-manifest", first=bytes(32))
    refuse("of-another-organisation", organisation="polisen")
    refuse("of-another-room", room="room-2")
    refuse("of-another-epoch", epoch=2)
    refuse("by-nobody-who-may", devices=[ENTROPY[B]])
    refuse("one-by-nobody-who-may", devices=[ENTROPY[A]])
    refuse("signed-by-another", redeals=[_stated_redeal(old, new, B, device_id=id_of(A))])
    refuse("with-a-changed-signature", redeals=[flipped(one), two])
    stray = _stated_redeal(old, later, room=ROOM, epoch=2)
    refuse("to-another-epoch", redeals=[stray])
