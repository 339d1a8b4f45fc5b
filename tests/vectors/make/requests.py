"""Cases of requests to open: FORMAT.md section 7a."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.seal import threshold
from bot.seal.labels import Label
from bot.seal.opening import ask
from bot.seal.statement import sign_statement
from bot.seal.wire import lp
from tests.seal.cases import Fields
from tests.vectors.make.hand import ORDER
from tests.vectors.make.kit import Topic
from tests.vectors.make.world import (
    DEVICES,
    ENTROPY,
    ROOM,
    A,
    B,
    escrow_of,
    id_of,
)

AT = 1_790_000_000  # seconds since 1970


def requests() -> Topic:
    """Who asks to open what."""
    topic = Topic("requests", "Requests to open a room (FORMAT.md 7a).")
    good: Fields = {
        "opening": "o-1",
        "organisation": "malmo",
        "room": ROOM,
        "purpose": "tillsyn",
        "ground": "beslut",
        "person": A,
        "at": AT,
        "until": AT + 3600,
    }
    content = ask(secret=DEVICES[A], **good).content
    topic.value("request", content)
    topic.ok("ask", [62], "ask", entropy=ENTROPY[A], **good)
    for id_, seconds in (("a-second", 1), ("four-hours", 14_400)):
        topic.ok(f"ask-for-{id_}", [62], "ask", entropy=ENTROPY[A], **{**good, "until": AT + seconds})
    for id_, musts, changed in (
        ("for-no-time", [62], {"until": AT}),
        ("for-time-that-is-gone", [62], {"until": AT - 1}),
        ("for-14401-seconds", [62], {"until": AT + 14_401}),
        ("until-2-53", [1], {"until": 2**53}),
        ("without-room", [2], {"room": ""}),
        ("without-ground", [2], {"ground": ""}),
        ("without-purpose", [2], {"purpose": ""}),
    ):
        topic.refuse(f"ask-{id_}", musts, "ask", "Malformed", entropy=ENTROPY[A], **{**good, **changed})
    _check_requests(topic, content, good)
    _askers(topic, content, good)
    _covers(topic, content, good)
    return topic


def _stated(good: Mapping[str, object], who: str = A, **changed: object) -> bytes:
    """A request with any fields, signed by a device."""
    fields: Fields = {**good, "device_id": id_of(A), **changed}
    names = ("opening", "organisation", "room", "purpose", "ground", "person", "device_id", "at", "until")
    statement = lp(Label.OPENING_REQUEST, *(fields[name] for name in names))
    return sign_statement(Label.OPENING_REQUEST_BYTES, statement, DEVICES[who].signing)


def _check_requests(topic: Topic, content: bytes, good: Mapping[str, object]) -> None:
    assert _stated(good) == content
    given: Fields = {"request": content, "entropy": ENTROPY[A], "now": AT + 10}
    topic.ok("check", [62], "check_request", **given)
    topic.ok("check-at-its-last-second", [62], "check_request", **{**given, "now": AT + 3600})
    topic.ok("check-300-seconds-early", [62], "check_request", **{**given, "now": AT - 300})

    def refuse(id_: str, error: str = "Tampered", musts: Sequence[int] = (62,), **changed: object) -> None:
        topic.refuse(f"check-{id_}", musts, "check_request", error, **{**given, **changed})

    refuse("a-second-late", now=AT + 3601)
    refuse("301-seconds-early", now=AT - 301)
    refuse("in-milliseconds", now=AT * 1000)
    refuse("with-another-device", entropy=ENTROPY["laptop-a"])
    refuse("signed-by-another-device", request=_stated(good, B))
    refuse("in-another-devices-name", request=_stated(good, device_id=id_of(B)))
    refuse("for-another-room", request=content.replace(ROOM.encode(), b"room-2"))
    refuse(
        "for-longer-than-signed",
        request=content.replace((AT + 3600).to_bytes(8, "big"), (AT + 3700).to_bytes(8, "big")),
    )
    refuse("with-a-changed-signature", request=flipped(content))
    s = int.from_bytes(content[-32:], "little") + ORDER
    refuse("in-its-second-spelling", musts=(10,), request=content[:-32] + s.to_bytes(32, "little"))
    refuse("for-no-time", "Malformed", request=_stated(good, until=AT))
    refuse("for-14401-seconds", "Malformed", request=_stated(good, until=AT + 14_401))
    refuse("until-before-it-begins", "Malformed", request=_stated(good, until=AT - 10))
    refuse("without-person", "Malformed", (2,), request=_stated(good, person=""))
    refuse("truncated", "Malformed", (3,), request=content[:-1])
    refuse("with-a-trailing-byte", "Malformed", (3,), request=content + b"\0")
    inner = content[len(lp(Label.OPENING_REQUEST_BYTES)) + 4 : -69] + b"\0"
    longer = sign_statement(Label.OPENING_REQUEST_BYTES, inner, DEVICES[A].signing)
    refuse("with-a-trailing-byte-inside", "Malformed", (3,), request=longer)
    refuse("of-algorithm-2", "Malformed", (62,), request=content[:-65] + b"\2" + content[-64:])
    other = content.replace(b"opening-request-bytes", b"opening-request-bytez")
    refuse("of-another-label", "Malformed", (3,), request=other)


def member(
    who: str, person: str, rights: int = 2, revoked_at: int = 0, organisation: str = "malmo"
) -> Fields:
    """A device as a checked directory has it."""
    return {
        "organisation": organisation,
        "person": person,
        "rights": rights,
        "revoked_at": revoked_at,
        "entropy": ENTROPY[who],
    }


def _askers(topic: Topic, content: bytes, good: Mapping[str, object]) -> None:
    given: Fields = {"request": content, "member": member(A, A), "passer": B, "now": AT + 10}
    topic.ok("asker", [63], "check_asker", **given)
    topic.ok("asker-who-is-more", [63], "check_asker", **{**given, "member": member(A, A, 15)})

    def refuse(id_: str, **changed: object) -> None:
        topic.refuse(f"asker-{id_}", [63], "check_asker", "Tampered", **{**given, **changed})

    refuse("another-person", member=member(A, B))
    refuse("of-another-organisation", member=member(A, A, organisation="polisen"))
    refuse("that-asks-another-organisation", request=_stated(good, organisation="polisen"))
    refuse("revoked", member=member(A, A, revoked_at=AT - 1000))
    refuse("revoked-in-the-future", member=member(A, A, revoked_at=AT + 1000))
    for rights in (1, 4, 8, 13, 16):
        refuse(f"with-rights-{rights}", member=member(A, A, rights))
    refuse("who-is-the-supervisor", passer=A)
    refuse("with-another-device", member=member("laptop-a", A))
    refuse("on-a-strangers-device", request=_stated(good, "stranger", device_id=id_of("stranger")))
    refuse("out-of-time", now=AT + 3601)
    refuse("too-early", now=AT - 301)
    refuse("whose-signature-is-anothers", request=_stated(good, B))


def _covers(topic: Topic, content: bytes, good: Mapping[str, object]) -> None:
    kept = escrow_of(topic, 1)
    here, elsewhere = threshold.to_bytes(kept), threshold.to_bytes(replace(kept, room="room-10"))
    topic.ok("covers-its-room", [63], "check_covers", request=content, escrow=here)
    topic.ok("covers-every-room", [63], "check_covers", request=_stated(good, room="*"), escrow=elsewhere)
    for id_, request, escrow in (
        ("another-room", content, elsewhere),
        ("a-room-of-more-letters", _stated(good, room="room-"), here),
        ("a-pattern", _stated(good, room="room-*"), here),
    ):
        topic.refuse(f"covers-{id_}", [63], "check_covers", "Tampered", request=request, escrow=escrow)


def flipped(content: bytes) -> bytes:
    return content[:-1] + bytes([content[-1] ^ 1])
