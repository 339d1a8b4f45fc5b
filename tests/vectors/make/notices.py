"""Cases of notices of grave events: FORMAT.md section 7b."""

from bot.seal.hpke import seal_to
from bot.seal.labels import Label
from bot.seal.notice import MAX_TEXT, seal_notice, sign_notice
from bot.seal.padding import pad
from bot.seal.plain import Plain
from bot.seal.statement import sign_bare
from bot.seal.wire import lp
from tests.seal.cases import Fields
from tests.vectors.make.kit import Topic
from tests.vectors.make.requests import AT, flipped
from tests.vectors.make.world import DEVICES, ENTROPY, A, B

TEXT = "Skottlossning, Rosengård. Samling vid områdeskontoret kl. 22.".encode()
NAMED: Fields = {"organisation": "malmo", "forum": "beredskap-rosengard", "id": "n-1", "at": AT}


def notices() -> Topic:
    """Notices that are sealed, opened, and not what they seem."""
    topic = Topic("notices", "Notices of grave events (FORMAT.md 7b).")
    made: Fields = {**NAMED, "text": TEXT, "entropy": ENTROPY[A]}
    topic.ok("sign", [91], "sign_notice", **made)
    topic.ok("sign-the-longest", [90], "sign_notice", **{**made, "text": b"a" * MAX_TEXT})
    topic.ok("seal", [91], "seal_notice", **made, to=ENTROPY[B])
    for id_, musts, changed in (
        ("nothing", [90], {"text": b""}),
        ("too-much", [90], {"text": b"a" * (MAX_TEXT + 1)}),
        ("no-text", [90], {"text": b"\xff"}),
        ("without-forum", [2], {"forum": ""}),
        ("without-organisation", [2], {"organisation": ""}),
        ("at-2-53", [1], {"at": 2**53}),
    ):
        topic.refuse(f"sign-{id_}", musts, "sign_notice", "Malformed", **{**made, **changed})
    _open(topic)
    return topic


def _open(topic: Topic) -> None:
    sealed = topic.kept("sealed-notice", lambda: _sealed(TEXT))
    given: Fields = {**NAMED, "sealed": sealed, "sender": ENTROPY[A], "entropy": ENTROPY[B]}
    topic.ok("open", [91], "open_notice", **given)
    for id_, musts, changed in (
        ("of-another-forum", [91], {"forum": "beredskap-nhl"}),
        ("of-another-instant", [91], {"at": AT + 1}),
        ("of-another-id", [91], {"id": "n-2"}),
        ("of-another-organisation", [91], {"organisation": "farsta"}),
        ("by-another-sender", [91], {"sender": ENTROPY[B]}),
        ("on-another-device", [91], {"entropy": ENTROPY["stranger"]}),
        ("changed", [91], {"sealed": flipped(sealed)}),
    ):
        topic.refuse(f"open-{id_}", musts, "open_notice", "Tampered", **{**given, **changed})
    for id_, musts, content in (
        ("cut", [91], sealed[:-1]),
        ("unsigned", [91], topic.kept("notice-unsigned", lambda: _put(lp(Label.NOTICE_BYTES, TEXT)))),
        ("of-nothing", [90], topic.kept("notice-of-nothing", lambda: _put(_body(b"")))),
        ("too-long", [90], topic.kept("notice-too-long", lambda: _put(_body(b"a" * (MAX_TEXT + 1))))),
        ("of-no-text", [90], topic.kept("notice-of-no-text", lambda: _put(_body(b"\xff")))),
        ("with-a-tail", [2], topic.kept("notice-with-a-tail", lambda: _put(_body(TEXT) + b"x"))),
    ):
        topic.refuse(f"open-{id_}", musts, "open_notice", "Malformed", **{**given, "sealed": content})


def _sealed(text: bytes) -> bytes:
    named = {"organisation": "malmo", "id_": "n-1"}
    signed = sign_notice(Plain(text), forum=NAMED["forum"], at=AT, secret=DEVICES[A], **named)
    return seal_notice(signed, DEVICES[B].public, **named).content


def _body(text: bytes) -> bytes:
    """A body of that text, with a signature over something else."""
    return lp(Label.NOTICE_BYTES, sign_bare(text, DEVICES[A].signing), text)


def _put(body: bytes) -> bytes:
    to = DEVICES[B].public
    info = lp(Label.SEALED_NOTICE, "malmo", "n-1", to.device_id)
    return seal_to(to.kem, pad(body), info=info)
