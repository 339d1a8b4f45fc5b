"""Cases of shares that are passed on, and of seats: FORMAT.md section 7a."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.seal import threshold
from bot.seal.hpke import seal_to
from bot.seal.labels import Label
from bot.seal.room import commit
from bot.seal.statement import sign_bare
from bot.seal.threshold import Escrow, hash_escrow
from bot.seal.wire import lp
from tests.seal.cases import Fields
from tests.vectors.make.escrows import SHARES
from tests.vectors.make.kit import Topic
from tests.vectors.make.requests import AT, flipped, member
from tests.vectors.make.world import (
    CHIEFS,
    DEVICES,
    ENTROPY,
    KEYS,
    OTHER_KEY,
    A,
    B,
    C,
    escrow_of,
    id_of,
)

OPENING, HAND_ON = "opening:o-1", "hand-on:p-new"
KC = commit(KEYS[1])


def passing() -> Topic:
    """Shares that are passed on, and who holds a seat then."""
    topic = Topic("passing", "Shares passed on, seats handed on (FORMAT.md 7a).")
    kept = escrow_of(topic, 1)
    _pass(topic, kept)
    _passed(topic, kept)
    _opened(topic, kept)
    _hand_ons(topic, kept)
    _together(topic, kept)
    return topic


def _pass(topic: Topic, kept: Escrow) -> None:
    good: Fields = {
        "escrow": threshold.to_bytes(kept),
        "person": B,
        "share": SHARES[B],
        "use": OPENING,
        "to": ENTROPY[A],
        "entropy": ENTROPY[B],
    }
    topic.ok("pass", [64], "pass_share", **good)
    topic.ok("hand-on", [64], "pass_share", **{**good, "use": HAND_ON, "to": ENTROPY["stranger"]})
    topic.ok("share", [64], "check_share", **{name: good[name] for name in ("escrow", "person", "share")})

    def refuse(
        id_: str, error: str | tuple[str, ...], musts: Sequence[int] = (64,), **changed: object
    ) -> None:
        given = {**good, **changed}
        topic.refuse(f"pass-{id_}", musts, "pass_share", error, **given)
        if "use" not in changed:
            bare = {name: given[name] for name in ("escrow", "person", "share")}
            topic.refuse(f"share-{id_}", musts, "check_share", error, **bare)

    refuse("of-zeros", (B,), share=bytes(33))
    refuse("of-another", (B,), share=SHARES[A])
    refuse("in-anothers-name", (A,), person=A)
    refuse("with-another-x", (B,), share=SHARES[B][:-1] + b"\1")
    refuse("without-x", (B,), share=SHARES[B][:-1])
    refuse("of-another-epoch", (B,), escrow=threshold.to_bytes(replace(kept, epoch=2)))
    refuse("of-a-stranger", "Malformed", person="stranger")
    refuse("for-nothing", "Malformed", musts=(2,), use="")
    refuse("for-a-use-of-256-bytes", "Malformed", musts=(2,), use="opening:" + "o" * 248)


def passed(
    topic: Topic,
    name: str,
    kept: Escrow,
    *,
    use: str,
    seat: str,
    sender: str,
    receiver: str,
    share: bytes | None = None,
    sealed_for: Mapping[str, str] | None = None,
    signer: str | None = None,
    stated: Mapping[str, bytes | str] | None = None,
) -> bytes:
    """A share passed on; `sealed_for`, `signer` and `stated` depart from what is honest."""
    within: Fields = {"use": use, "seat": seat, **(sealed_for or {})}
    public = DEVICES[receiver].public
    info = lp(Label.PASSED_SHARE, within["use"], threshold.context(kept), within["seat"], public.device_id)
    value = SHARES[seat] if share is None else share
    blob = topic.kept(name, lambda: seal_to(public.kem, value, info=info))
    fields: dict[str, bytes | str] = {
        "use": use,
        "escrow": hash_escrow(kept),
        "seat": seat,
        "sender": id_of(sender),
        "receiver": public.device_id,
        "hash": hashlib.sha256(blob).digest(),
        **(stated or {}),
    }
    statement = lp(Label.SHARE_PASS, *fields.values())
    return lp(
        Label.SHARE_PASS_BYTES, statement, blob, sign_bare(statement, DEVICES[signer or sender].signing)
    )


def _honest(topic: Topic, kept: Escrow, **stated: bytes | str) -> bytes:
    return passed(topic, "passed-b-to-a", kept, use=OPENING, seat=B, sender=B, receiver=A, stated=stated)


def _passed(topic: Topic, kept: Escrow) -> None:
    good: Fields = {
        "passed": _honest(topic, kept),
        "escrow": threshold.to_bytes(kept),
        "use": OPENING,
        "sender": ENTROPY[B],
        "receiver": ENTROPY[A],
    }
    topic.ok("check", [65], "check_passed", **good)

    def refuse(id_: str, error: str = "Tampered", musts: Sequence[int] = (65,), **changed: object) -> None:
        topic.refuse(f"check-{id_}", musts, "check_passed", error, **{**good, **changed})

    refuse("for-another-opening", use="opening:o-2")
    refuse("for-a-hand-on", use="hand-on:o-1")
    refuse("with-another-sender", sender=ENTROPY[C])
    refuse("with-another-receiver", receiver=ENTROPY["laptop-a"])
    for id_, changed in (
        ("epoch", replace(kept, epoch=2)),
        ("room", replace(kept, room="room-2")),
        ("iv", replace(kept, iv=bytes(12))),
    ):
        refuse(f"of-an-escrow-with-another-{id_}", escrow=threshold.to_bytes(changed))
    refuse("of-no-seat", passed=_honest(topic, kept, seat="stranger"))
    refuse("of-another-escrow", passed=_honest(topic, kept, escrow=bytes(32)))
    refuse(
        "signed-by-another",
        passed=passed(topic, "passed-b-to-a", kept, use=OPENING, seat=B, sender=B, receiver=A, signer=C),
    )
    refuse("stating-another-sender", passed=_honest(topic, kept, sender=id_of(C)))
    content = good["passed"]
    refuse("with-a-changed-signature", passed=flipped(content))
    refuse("with-another-hash", "Malformed", passed=_honest(topic, kept, hash=bytes(32)))
    blob = content.index(b"\0\0\x04\x91") + 4
    refuse(
        "with-a-changed-share",
        "Malformed",
        passed=content[:blob] + flipped(content[blob : blob + 1]) + content[blob + 1 :],
    )
    refuse("without-use", "Malformed", (2,), passed=_honest(topic, kept, use=""))
    refuse("truncated", "Malformed", (3,), passed=content[:-1])
    refuse("with-a-trailing-byte", "Malformed", (3,), passed=content + b"\0")
    refuse("with-a-field-more", "Malformed", (3,), passed=_honest(topic, kept, more=b""))
    refuse("of-algorithm-2", "Malformed", passed=content[:-65] + b"\2" + content[-64:])
    refuse(
        "of-another-label",
        "Malformed",
        (3,),
        passed=content.replace(b"share-pass-bytes", b"share-pass-bytez"),
    )


def _opened(topic: Topic, kept: Escrow) -> None:
    content = threshold.to_bytes(kept)
    good: Fields = {
        "passed": _honest(topic, kept),
        "escrow": content,
        "use": OPENING,
        "sender": ENTROPY[B],
        "entropy": ENTROPY[A],
    }
    topic.ok("open", [65], "open_passed", **good)

    def refuse(id_: str, error: str | tuple[str, ...] = "Tampered", **changed: object) -> None:
        topic.refuse(f"open-{id_}", [65], "open_passed", error, **{**good, **changed})

    refuse("for-another-opening", use="opening:o-2")
    refuse("on-another-device", entropy=ENTROPY["laptop-a"])
    refuse("from-another-sender", sender=ENTROPY[C])
    refuse("of-another-escrow", escrow=threshold.to_bytes(replace(kept, epoch=2)))
    way: Fields = {"use": OPENING, "seat": B, "sender": B, "receiver": A}
    for id_, share in (
        ("share-of-zeros", bytes(33)),
        ("share-of-another-seat", SHARES[A]),
        ("share-with-one-bit-changed", bytes([SHARES[B][0] ^ 1]) + SHARES[B][1:]),
        ("share-with-another-x", SHARES[B][:-1] + b"\1"),
    ):
        wrong = passed(topic, f"passed-{id_}", kept, **way, share=share)
        refuse(f"a-{id_}", (B,), passed=wrong)
    for id_, sealed_for in (
        ("for-another-use", {"use": "opening:o-2"}),
        ("for-another-seat", {"seat": C}),
    ):
        wrong = passed(topic, f"passed-{id_}", kept, **way, sealed_for=sealed_for)
        refuse(f"sealed-{id_}", (B,), passed=wrong)
    broken = b"\x5a" * 1169
    statement = lp(
        Label.SHARE_PASS, OPENING, hash_escrow(kept), B, id_of(B), id_of(A), hashlib.sha256(broken).digest()
    )
    garbage = lp(Label.SHARE_PASS_BYTES, statement, broken, sign_bare(statement, DEVICES[B].signing))
    refuse("what-is-no-sealing", (B,), passed=garbage)


MEMBERS = (
    member(A, A),
    member("laptop-a", A),
    member(B, B),
    member(C, C),
    member("stranger", "p-new"),
    member("worker", "p-worker", 1),
    member("officer", "p-officer"),
)


def _hand(
    topic: Topic, kept: Escrow, seat: str, sender: str, receiver: str, person: str, signer: str | None = None
) -> bytes:
    name = f"handed-{seat}-{sender}-{receiver}-{person}"
    return passed(
        topic, name, kept, use=f"hand-on:{person}", seat=seat, sender=sender, receiver=receiver, signer=signer
    )


def _hand_ons(topic: Topic, kept: Escrow) -> None:
    content = threshold.to_bytes(kept)
    to_new = _hand(topic, kept, B, B, "stranger", "p-new")
    new_to_officer = _hand(topic, kept, B, "stranger", "officer", "p-officer")
    to_laptop = _hand(topic, kept, A, A, "laptop-a", A)

    def follow(
        id_: str,
        hand_ons: Sequence[bytes],
        *,
        error: str = "",
        members: Sequence[Fields] = MEMBERS,
        musts: Sequence[int] = (67,),
        escrow: bytes = content,
    ) -> None:
        given = {"escrow": escrow, "hand_ons": list(hand_ons), "members": list(members)}
        if error:
            topic.refuse(f"seats-{id_}", musts, "follow_hand_ons", error, **given)
        else:
            topic.ok(f"seats-{id_}", musts, "follow_hand_ons", **given)

    follow("as-dealt", [])
    follow("handed-on", [to_new])
    follow("handed-on-twice", [to_new, new_to_officer])
    follow("to-a-device-of-ones-own", [to_laptop])
    revoked = [{**each, "revoked_at": AT} if each["person"] == B else each for each in MEMBERS]
    follow("by-a-device-revoked-since", [to_new], members=revoked)
    follow(
        "by-who-handed-it-on", [to_new, _hand(topic, kept, B, B, "officer", "p-officer")], error="Tampered"
    )
    follow("before-it-was-received", [new_to_officer, to_new], error="Tampered")
    follow("by-who-never-held-it", [_hand(topic, kept, B, C, "stranger", "p-new")], error="Tampered")
    follow("to-another-persons-device", [_hand(topic, kept, B, B, "officer", "p-new")], error="Tampered")
    follow("to-who-may-hold-no-share", [_hand(topic, kept, B, B, "worker", "p-worker")], error="Tampered")
    follow("to-who-sits-already", [_hand(topic, kept, B, B, A, A)], error="Tampered", musts=(66, 67))
    twice = _hand(topic, kept, C, C, "stranger", "p-new")
    follow("two-to-one-person", [to_new, twice], error="Tampered", musts=(66, 67))
    follow("to-an-unknown-device", [to_new], error="Tampered", members=MEMBERS[:4])
    follow("by-an-unknown-device", [to_new], error="Tampered", members=MEMBERS[3:])
    forged = _hand(topic, kept, B, B, "stranger", "p-new", signer="stranger")
    follow("signed-by-who-receives", [forged], error="Tampered", musts=(65, 67))
    other = threshold.to_bytes(replace(kept, epoch=2))
    follow("of-another-escrow", [to_new], error="Tampered", musts=(65, 67), escrow=other)
    follow("passed-for-an-opening", [_honest(topic, kept)], error="Malformed")
    nobody = passed(topic, "handed-to-nobody", kept, use="hand-on:", seat=B, sender=B, receiver="stranger")
    follow(
        "to-nobody",
        [nobody],
        error="Malformed",
        musts=(2, 67),
        members=[*MEMBERS[:4], member("stranger", "x")],
    )


def _together(topic: Topic, kept: Escrow) -> None:
    def held(**changed: str) -> list[Fields]:
        return [{"seat": seat, "person": changed.get(seat.replace("-", "_"), seat)} for seat in CHIEFS]

    shares = [{"person": seat, "share": SHARES[seat]} for seat in CHIEFS]
    good: Fields = {"escrow": threshold.to_bytes(kept), "shares": shares[:2], "holders": held(), "kc": KC}
    topic.ok("open-together", [66], "open_together", **good)
    topic.ok(
        "open-together-with-a-successor", [66], "open_together", **{**good, "holders": held(chief_b="p-new")}
    )

    def refuse(
        id_: str,
        error: str | tuple[str, ...] = "Malformed",
        musts: Sequence[int] = (66,),
        **changed: object,
    ) -> None:
        topic.refuse(f"open-together-{id_}", musts, "open_together", error, **{**good, **changed})

    refuse("one-person-with-two-seats", holders=held(chief_b=A))
    refuse("one-successor-with-two-seats", holders=held(chief_a="p-new", chief_b="p-new"))
    refuse("one-person-with-three-seats", shares=shares, holders=held(chief_b=A, chief_c=A))
    refuse("one-share", shares=shares[:1])
    refuse("one-share-twice", shares=[shares[0], shares[0]])
    refuse("one-share-twice-and-another", shares=[shares[0], shares[0], shares[1]])
    refuse("a-share-of-a-seat-that-nobody-holds", shares=shares, holders=held()[:2])
    refuse("a-share-of-no-seat", shares=[shares[0], {"person": "p-new", "share": SHARES[B]}])
    wrong = [shares[0], {"person": B, "share": bytes(33)}]
    refuse("a-wrong-share", (B,), (32,), shares=wrong)
    refuse("another-key-than-committed", "Tampered", (19,), kc=commit(OTHER_KEY))
