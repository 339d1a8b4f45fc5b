"""Cases of escrows and of Shamir's sharing: FORMAT.md section 7."""

from collections.abc import Sequence
from dataclasses import replace

from bot.seal import shamir, threshold
from bot.seal.hpke import seal_to
from bot.seal.labels import Label
from bot.seal.room import commit
from bot.seal.symmetric import encrypt
from bot.seal.threshold import Escrow, SealedShare
from bot.seal.wire import lp
from tests.seal.cases import Fields
from tests.vectors.make.kit import Topic
from tests.vectors.make.world import (
    CHIEFS,
    DEVICES,
    ENTROPY,
    ESCROW_KEY,
    IV,
    KEYS,
    OTHER_KEY,
    ROOM,
    A,
    B,
    C,
    escrow_of,
    key_fields,
)

KC = commit(KEYS[1])
CTX = threshold._ctx(ROOM, 1, 2, CHIEFS)
SHARES = dict(zip(CHIEFS, threshold._deal(ESCROW_KEY, 2, 3, CTX), strict=True))
BLOB = bytes(1169)


def escrow() -> Topic:
    """Everything about escrows but the arithmetic."""
    topic = Topic("escrow", "Escrows: dealt, read, opened (FORMAT.md 7).")
    kept = escrow_of(topic, 1)
    content = threshold.to_bytes(kept)
    topic.ok("read", [30], "read_escrow", escrow=content)
    topic.ok("check", [34], "check_escrow", escrow=content, room=ROOM, epoch=1)
    for id_, where in (
        ("another-room", {"room": "room-2", "epoch": 1}),
        ("the-next-epoch", {"room": ROOM, "epoch": 2}),
        ("no-epoch", {"room": ROOM, "epoch": 0}),
        ("a-room-with-more", {"room": "room-10", "epoch": 1}),
    ):
        topic.refuse(f"check-of-{id_}", [34], "check_escrow", "Tampered", escrow=content, **where)
    _make(topic)
    _read(topic, kept)
    _sizes(topic)
    _open_share(topic, kept)
    _open(topic, kept)
    _wrong_shares(topic, kept)
    _wrong_dealers(topic, kept)
    _wrong_boxes(topic, kept)
    return topic


def _people(*names: str) -> list[Fields]:
    return [{"person": name, "devices": [ENTROPY[name]]} for name in names]


def _make(topic: Topic) -> None:
    good: Fields = {
        **key_fields(KEYS[1]),
        "t": 2,
        "supervisors": _people(*CHIEFS),
        "escrow_key": ESCROW_KEY,
        "iv": IV,
    }
    topic.ok("make", [28, 29], "make_escrow", **good)
    topic.ok("make-3-of-3", [28], "make_escrow", **{**good, "t": 3})
    topic.ok("make-2-of-2", [28], "make_escrow", **{**good, "supervisors": _people(A, B)})
    three = _people(*CHIEFS)
    named = [{**each, "person": f"p-{number}"} for number, each in enumerate(three, start=1)]
    worked = {"key": bytes(range(0x20, 0x40)), "escrow_key": bytes(range(0x40, 0x60)), "iv": bytes(12)}
    topic.ok("make-that-of-section-12", [28], "make_escrow", **{**good, **worked, "supervisors": named})
    two = [{"person": A, "devices": [ENTROPY[A], ENTROPY["laptop-a"]]}, *three[1:]]
    topic.ok("make-with-two-devices", [29], "make_escrow", **{**good, "supervisors": two})

    def refuse(id_: str, musts: Sequence[int], **changed: object) -> None:
        topic.refuse(f"make-{id_}", musts, "make_escrow", "Malformed", **{**good, **changed})

    for t in (0, 1, 4, -1):
        refuse(f"{'minus-1' if t < 0 else t}-of-3", [28], t=t)
    refuse("for-nobody", [28], supervisors=[])
    refuse("2-of-1", [28], supervisors=_people(A))
    refuse("1-of-1", [28], t=1, supervisors=_people(A))
    many = [{"person": f"p-{number}", "devices": [bytes([100 + number]) * 64]} for number in range(33)]
    refuse("for-33-people", [28], supervisors=many)
    refuse(
        "for-one-person-twice", [29], supervisors=[*three, {"person": A, "devices": [ENTROPY["laptop-a"]]}]
    )
    refuse(
        "for-one-device-under-two-names", [29], supervisors=[*three, {"person": "d", "devices": [ENTROPY[A]]}]
    )
    refuse("for-one-device-twice", [29], supervisors=[{"person": A, "devices": [ENTROPY[A]] * 2}, *three[1:]])
    refuse("for-somebody-without-device", [29], supervisors=[{"person": A, "devices": []}, *three[1:]])
    nine = [bytes([200 + number]) * 64 for number in range(9)]
    refuse("for-somebody-with-9-devices", [29], supervisors=[{"person": A, "devices": nine}, *three[1:]])
    refuse("for-somebody-without-name", [2], supervisors=[{**three[0], "person": ""}, *three[1:]])
    refuse("with-a-key-of-31-bytes", [30], escrow_key=bytes(31))
    refuse("with-an-iv-of-11-bytes", [7], iv=bytes(11))
    refuse("with-an-iv-of-16-bytes", [7], iv=bytes(16))


def _raw(
    ctx: bytes,
    seats: Sequence[Sequence[bytes]],
    *,
    suite: int = 1,
    iv: bytes = IV,
    box: bytes = bytes(48),
    commitment: bytes = bytes(32),
    blob: bytes = BLOB,
) -> bytes:
    """Escrow bytes of any shape; `seats` has each person's device ids."""
    fields: list[bytes | int | str] = [suite, ctx, iv, box]
    for devices in seats:
        fields += [commitment, len(devices)]
        for device_id in devices:
            fields += [device_id, blob]
    return lp(Label.ESCROW_BYTES, *fields)


def _id(number: int) -> bytes:
    return bytes([number]) * 32


def _read(topic: Topic, kept: Escrow) -> None:
    content = threshold.to_bytes(kept)
    seats = [[_id(1)], [_id(2)], [_id(3)]]
    topic.ok("read-any-shares", [30], "read_escrow", escrow=_raw(CTX, seats))

    def refuse(id_: str, wrong: bytes, musts: Sequence[int] = (30,)) -> None:
        topic.refuse(f"read-{id_}", musts, "read_escrow", "Malformed", escrow=wrong)

    def with_ctx(
        id_: str, *fields: bytes | int | str, musts: Sequence[int] = (28, 30), people: int = 3
    ) -> None:
        refuse(id_, _raw(lp(Label.ESCROW, *fields), [[_id(n)] for n in range(people)]), musts)

    with_ctx("0-of-3", ROOM, 1, 0, 3, *CHIEFS)
    with_ctx("1-of-3", ROOM, 1, 1, 3, *CHIEFS)
    with_ctx("4-of-3", ROOM, 1, 4, 3, *CHIEFS)
    with_ctx("t-of-2-32-plus-2", ROOM, 1, 2**32 + 2, 3, *CHIEFS)
    with_ctx("1-of-1", ROOM, 1, 1, 1, A, people=1)
    with_ctx("2-of-1", ROOM, 1, 2, 1, A, people=1)
    with_ctx("0-of-0", ROOM, 1, 0, 0, people=0)
    with_ctx("one-person-twice", ROOM, 1, 2, 3, A, B, A, musts=(29, 30))
    with_ctx("somebody-without-name", ROOM, 1, 2, 3, A, B, "", musts=(2, 30))
    with_ctx("no-room", "", 1, 2, 3, *CHIEFS, musts=(2, 30))
    with_ctx("epoch-0", ROOM, 0, 2, 3, *CHIEFS, musts=(30,))
    with_ctx("fewer-people-than-counted", ROOM, 1, 2, 4, *CHIEFS, musts=(3, 30), people=4)
    with_ctx("more-people-than-counted", ROOM, 1, 2, 2, *CHIEFS, musts=(3, 30), people=2)
    with_ctx("a-count-of-2-53", ROOM, 1, 2, 2**53 - 1, *CHIEFS)
    refuse("a-device-of-two-people", _raw(CTX, [[_id(1)], [_id(2)], [_id(1)]]), (29, 30))
    refuse("a-device-twice", _raw(CTX, [[_id(1), _id(1)], [_id(2)], [_id(3)]]), (29, 30))
    refuse("somebody-without-device", _raw(CTX, [[_id(1)], [], [_id(3)]]), (29, 30))
    refuse("suite-0", _raw(CTX, seats, suite=0))
    refuse("suite-2", _raw(CTX, seats, suite=2))
    refuse("an-iv-of-11-bytes", _raw(CTX, seats, iv=bytes(11)))
    refuse("an-iv-of-16-bytes", _raw(CTX, seats, iv=bytes(16)))
    refuse("a-box-of-47-bytes", _raw(CTX, seats, box=bytes(47)))
    refuse("a-box-of-49-bytes", _raw(CTX, seats, box=bytes(49)))
    refuse("a-commitment-of-31-bytes", _raw(CTX, seats, commitment=bytes(31)))
    refuse("a-share-of-1168-bytes", _raw(CTX, seats, blob=bytes(1168)))
    refuse("a-share-of-1170-bytes", _raw(CTX, seats, blob=bytes(1170)))
    refuse("a-device-id-of-31-bytes", _raw(CTX, [[bytes(31)], *seats[1:]]))
    refuse("fewer-seats-than-people", _raw(CTX, seats[:2]))
    refuse("more-seats-than-people", _raw(CTX, [*seats, [_id(4)]]), (3, 30))
    refuse("a-context-with-a-trailing-byte", _raw(CTX + b"\0", seats), (3, 30))
    refuse("a-context-of-another-label", _raw(lp(Label.SHARE, ROOM, 1, 2, 3, *CHIEFS), seats), (3, 30))
    refuse("trailing-byte", content + b"\0", (3, 30))
    refuse("truncated", content[:-1], (3, 30))
    refuse("nothing", b"", (3, 30))


def _sizes(topic: Topic) -> None:
    def raw(n: int, devices: int) -> bytes:
        ids = [[bytes([person, device]) * 16 for device in range(devices)] for person in range(n)]
        return _raw(lp(Label.ESCROW, ROOM, 1, 2, n, *(f"p{person}" for person in range(n))), ids)

    topic.ok("read-32-people", [28, 30], "read_escrow", escrow=raw(32, 1))
    topic.ok("read-8-devices-each", [30], "read_escrow", escrow=raw(2, 8))
    topic.refuse("read-33-people", [28, 30], "read_escrow", "Malformed", escrow=raw(33, 1))
    topic.refuse("read-9-devices-each", [29, 30], "read_escrow", "Malformed", escrow=raw(2, 9))


def _blob(topic: Topic, name: str, share: bytes, person: str, who: str) -> SealedShare:
    """A share sealed to somebody's device, in somebody's name."""
    public = DEVICES[who].public
    info = threshold._share_info(CTX, person, public)
    content = topic.kept(name, lambda: seal_to(public.kem, share, info=info))
    return SealedShare(device_id=public.device_id, blob=content)


def _open_share(topic: Topic, kept: Escrow) -> None:
    good: Fields = {"escrow": threshold.to_bytes(kept), "person": A, "entropy": ENTROPY[A]}
    for person, who in ((A, A), (A, "laptop-a"), (B, B), (C, C)):
        id_ = f"open-share-of-{person}-on-{who}"
        topic.ok(id_, [31], "open_share", **{**good, "person": person, "entropy": ENTROPY[who]})

    def refuse(
        id_: str, error: str, changed: Escrow, person: str = A, who: str = A, musts: Sequence[int] = (31,)
    ) -> None:
        given = {"escrow": threshold.to_bytes(changed), "person": person, "entropy": ENTROPY[who]}
        wrong = (person,) if error == "WrongShare" else error
        topic.refuse(f"open-share-{id_}", musts, "open_share", wrong, **given)

    refuse("of-another", "Malformed", kept, A, B)
    refuse("as-another", "Malformed", kept, B, A)
    refuse("of-a-stranger", "Malformed", kept, "stranger", "stranger")
    refuse("as-a-stranger", "Malformed", kept, A, "stranger")
    a, b, c = kept.seats
    swapped = (replace(a, commitment=b.commitment), replace(b, commitment=a.commitment), c)
    refuse("with-commitments-swapped", "WrongShare", replace(kept, seats=swapped))
    refuse("with-commitments-swapped-2", "WrongShare", replace(kept, seats=swapped), B, B)
    refuse("of-another-epoch", "WrongShare", replace(kept, epoch=2))
    refuse("of-another-room", "WrongShare", replace(kept, room="room-2"))
    refuse("of-another-threshold", "WrongShare", replace(kept, t=3))
    refuse("with-seats-in-another-order", "WrongShare", replace(kept, seats=(b, a, c)))
    refuse("with-a-name-exchanged", "WrongShare", replace(kept, seats=(a, b, replace(c, person="d"))))
    crossed = (
        replace(a, shares=b.shares[:1]),
        replace(b, shares=a.shares[:1]),
        c,
    )
    refuse("with-devices-of-two-people-swapped", "WrongShare", replace(kept, seats=crossed), B, A)
    moved = replace(a, shares=(replace(a.shares[0], blob=a.shares[1].blob), a.shares[1]))
    refuse("that-was-sealed-to-the-other-device", "WrongShare", replace(kept, seats=(moved, b, c)))
    blob = a.shares[0].blob
    broken = replace(a, shares=(replace(a.shares[0], blob=blob[:-1] + bytes([blob[-1] ^ 1])),))
    refuse("that-is-changed", "WrongShare", replace(kept, seats=(broken, b, c)))
    for id_, share in (
        ("share-of-b-to-a", SHARES[B]),
        ("share-of-zeros-to-a", bytes(33)),
        ("share-with-x-0-to-a", SHARES[A][:-1] + b"\0"),
    ):
        sealed = _blob(topic, id_, share, A, A)
        seat = replace(a, shares=(sealed,), commitment=threshold._commit_share(share, CTX))
        refuse(f"with-the-x-of-another-seat-{id_}", "WrongShare", replace(kept, seats=(seat, b, c)))
        plain = replace(a, shares=(sealed,))
        refuse(f"that-was-not-dealt-{id_}", "WrongShare", replace(kept, seats=(plain, b, c)))
    named = _blob(topic, "share-in-the-name-of-b-to-a", SHARES[A], B, A)
    refuse("sealed-in-anothers-name", "WrongShare", replace(kept, seats=(replace(a, shares=(named,)), b, c)))


def _given(kept: Escrow, *people: str, **values: bytes) -> Fields:
    shares = [
        {"person": person, "share": values.get(person.replace("-", "_"), SHARES.get(person, bytes(33)))}
        for person in people
    ]
    return {"escrow": threshold.to_bytes(kept), "shares": shares, "kc": KC}


def _open(topic: Topic, kept: Escrow) -> None:
    for people in ((A, B), (A, C), (B, C), (C, A), (A, B, C), (C, B, A)):
        id_ = f"open-with-{'-'.join(person[-1] for person in people)}"
        topic.ok(id_, [32], "open_escrow", **_given(kept, *people))

    def refuse(id_: str, *people: str) -> None:
        topic.refuse(f"open-with-{id_}", [32], "open_escrow", "Malformed", **_given(kept, *people))

    refuse("nobody")
    refuse("one-share", A)
    refuse("one-person-twice", A, A)
    refuse("one-person-twice-and-another", A, B, A)
    refuse("a-stranger", A, "stranger")
    refuse("a-stranger-too-many", A, B, "stranger")
    refuse("a-name-in-capitals", A, "Chief-b")
    three = threshold._ctx(ROOM, 1, 3, CHIEFS)
    dealt = threshold._deal(ESCROW_KEY, 3, 3, three)
    seats = tuple(
        replace(seat, commitment=threshold._commit_share(share, three))
        for seat, share in zip(kept.seats, dealt, strict=True)
    )
    box = encrypt(ESCROW_KEY, IV, KEYS[1].key, aad=three)
    whole = replace(kept, t=3, seats=seats, box=box)
    values = {person.replace("-", "_"): share for person, share in zip(CHIEFS, dealt, strict=True)}
    topic.ok("open-3-of-3", [32], "open_escrow", **_given(whole, *CHIEFS, **values))
    two = _given(whole, A, B, **values)
    topic.refuse("open-3-of-3-with-two", [32], "open_escrow", "Malformed", **two)


def _wrong_shares(topic: Topic, kept: Escrow) -> None:
    def refuse(id_: str, wrong: Sequence[str], *people: str, **values: bytes) -> None:
        given = _given(kept, *people, **values)
        topic.refuse(f"open-{id_}", [32], "open_escrow", tuple(wrong), **given)

    good = SHARES[B]
    for id_, value in (
        ("of-zeros", bytes(33)),
        ("without-x", good[:-1]),
        ("with-a-byte-more", good + b"\0"),
        ("of-nothing", b""),
        ("with-another-x", good[:-1] + b"\3"),
        ("with-x-0", good[:-1] + b"\0"),
        ("of-another-person", SHARES[A]),
        ("with-one-bit-changed", bytes([good[0] ^ 1]) + good[1:]),
        ("with-x-first", good[-1:] + good[:-1]),
    ):
        refuse(f"a-share-{id_}", [B], A, B, chief_b=value)
    refuse("swapped-shares", [A, B], A, B, chief_a=SHARES[B], chief_b=SHARES[A])
    refuse("wrong-shares-given-in-another-order", [A, C], C, B, A, chief_a=bytes(33), chief_c=bytes(33))
    refuse("a-wrong-share-beside-two-that-hold", [C], A, B, C, chief_c=bytes(33))
    refuse("all-wrong", [*CHIEFS], *CHIEFS, **{p.replace("-", "_"): bytes(33) for p in CHIEFS})
    again = threshold._deal(ESCROW_KEY, 2, 3, threshold._ctx(ROOM, 2, 2, CHIEFS))
    refuse("a-share-of-another-epoch", [B], A, B, chief_b=again[1])
    a, b, c = kept.seats
    doubled = replace(kept, seats=(a, b, replace(c, commitment=a.commitment)))
    given: Fields = _given(doubled, A, C, chief_c=SHARES[A])
    topic.refuse("open-two-seats-of-one-share", [32], "open_escrow", (C,), **given)


def _dealt(kept: Escrow, shares: Sequence[bytes]) -> tuple[Escrow, dict[str, bytes]]:
    """The escrow with commitments to these shares, which are then what its people have."""
    seats = tuple(
        replace(seat, commitment=threshold._commit_share(share, CTX))
        for seat, share in zip(kept.seats, shares, strict=True)
    )
    values = {person.replace("-", "_"): share for person, share in zip(CHIEFS, shares, strict=True)}
    return replace(kept, seats=seats), values


def _wrong_dealers(topic: Topic, kept: Escrow) -> None:
    """Every commitment holds, and yet the shares are not those of the one polynomial of this key."""
    honest = [SHARES[person] for person in CHIEFS]
    other = threshold._deal(b"\xdd" * 32, 2, 3, CTX)
    chance = shamir.deal(ESCROW_KEY, [b"\x5c" * 32], 3)
    steep = shamir.deal(ESCROW_KEY, [b"\x5c" * 32, b"\x5d" * 32], 3)
    elsewhere = threshold._deal(ESCROW_KEY, 2, 3, threshold._ctx("room-2", 1, 2, CHIEFS))
    flat = [ESCROW_KEY + bytes([x]) for x in (1, 2, 3)]
    for id_, shares, people, wrong in (
        ("one-share-of-another-polynomial", [*honest[:2], other[2]], (A, B), [C]),
        ("one-share-of-another-polynomial-that-is-used", [*honest[:2], other[2]], (A, C), [*CHIEFS]),
        ("two-shares-of-another-polynomial", [honest[0], *other[1:]], (B, C), [A]),
        ("coefficients-by-chance", chance, (A, B), [*CHIEFS]),
        ("a-polynomial-that-takes-three", steep, (A, B), [*CHIEFS]),
        ("the-polynomial-of-another-room", elsewhere, (A, B), [*CHIEFS]),
        ("everybody-the-key-itself", flat, (A, B), [*CHIEFS]),
    ):
        dealt, values = _dealt(kept, shares)
        given = _given(dealt, *people, **values)
        topic.refuse(f"open-dealt-{id_}", [32], "open_escrow", tuple(wrong), **given)
    steep_, values = _dealt(replace(kept, box=bytes(48)), steep)
    given = _given(steep_, A, B, **values)
    topic.refuse("open-dealt-wrongly-before-the-box", [32], "open_escrow", CHIEFS, **given)


def _wrong_boxes(topic: Topic, kept: Escrow) -> None:
    def refuse(id_: str, musts: Sequence[int], changed: Escrow, **more: object) -> None:
        given = {**_given(changed, A, B), **more}
        topic.refuse(f"open-box-{id_}", musts, "open_escrow", "Tampered", **given)

    refuse("of-zeros", [32], replace(kept, box=bytes(48)))
    refuse("with-another-iv", [32], replace(kept, iv=bytes(12)))
    refuse("changed", [32], replace(kept, box=kept.box[:-1] + bytes([kept.box[-1] ^ 1])))
    bare = encrypt(ESCROW_KEY, IV, KEYS[1].key, aad=b"")
    refuse("sealed-without-context", [32], replace(kept, box=bare))
    other = encrypt(ESCROW_KEY, IV, OTHER_KEY.key, aad=CTX)
    refuse("with-another-key-than-committed", [19, 32], replace(kept, box=other))
    refuse("against-the-commitment-of-another-key", [19, 32], kept, kc=commit(OTHER_KEY))
    refuse("against-the-commitment-of-another-epoch", [19, 32], kept, kc=commit(KEYS[2]))
    refuse("against-a-commitment-of-zeros", [19, 32], kept, kc=bytes(32))
    broken = replace(kept, box=bytes(48))
    given: Fields = _given(broken, A, B, chief_b=bytes(33))
    topic.refuse("open-a-wrong-share-before-the-box", [32], "open_escrow", (B,), **given)
    few = _given(broken, A, chief_a=bytes(33))
    topic.refuse("open-too-few-before-a-wrong-share", [32], "open_escrow", "Malformed", **few)


def sharing() -> Topic:
    """The arithmetic."""
    topic = Topic("shamir", "Shamir's secret sharing over GF(2^8) (FORMAT.md 7).")
    secret, first, second = b"\x53\xca\x00\xff", b"\x01\x80\x1b\xfe", b"\x00\x02\xff\x11"
    shares = topic.ok("deal", [33], "deal", secret=secret, coefficients=[first], n=3)["shares"]
    for number, pair in enumerate((shares[:2], shares[1:], shares[::-2], shares), start=1):
        topic.ok(f"combine-{number}", [33], "combine", shares=pair)
    more = topic.ok("deal-3-of-5", [33], "deal", secret=secret, coefficients=[first, second], n=5)["shares"]
    topic.ok("combine-3-of-5", [33], "combine", shares=[more[4], more[0], more[2]])
    wrong = topic.ok("combine-too-few-gives-another-secret", [33], "combine", shares=more[:2])
    assert wrong["secret"] != secret.hex()
    many = topic.ok("deal-to-255", [33], "deal", secret=b"\x2a", coefficients=[b"\xff"], n=255)["shares"]
    topic.ok("combine-the-last-two-of-255", [33], "combine", shares=many[253:])
    topic.ok("combine-all-255", [33], "combine", shares=many)
    for id_, given in (
        ("none", []),
        ("one", shares[:1]),
        ("a-repeated-share", [shares[0], shares[0]]),
        ("a-repeated-x", [shares[0], shares[1][:-2] + shares[0][-2:]]),
        ("a-repeated-x-beside-enough", [*shares, shares[1]]),
        ("x-0", [shares[0], shares[1][:-2] + "00"]),
        ("unequal-lengths", [shares[0], shares[1][2:]]),
        ("a-longer-share", [shares[0], "00" + shares[1]]),
        ("an-empty-share", [shares[0], ""]),
        ("empty-shares", ["", ""]),
        ("x-alone", ["01", "02"]),
    ):
        topic.refuse(f"combine-{id_}", [33], "combine", "Malformed", shares=given)
    for id_, coefficients, n in (
        ("without-coefficients", [], 3),
        ("to-fewer-than-it-takes", [first, second], 2),
        ("to-one", [first], 1),
        ("to-nobody", [first], 0),
        ("to-256", [first], 256),
        ("with-a-short-coefficient", [first[:3]], 3),
        ("with-a-long-coefficient", [first, second + b"\0"], 4),
    ):
        given = {"secret": secret, "coefficients": coefficients, "n": n}
        topic.refuse(f"deal-{id_}", [28], "deal", "Malformed", **given)
    return topic
