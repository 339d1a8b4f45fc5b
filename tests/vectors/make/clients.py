"""Cases of what a client makes of a directory, and of its own keys: FORMAT.md sections 4b and 4c."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.seal import event, log, proof, signing
from bot.seal.checkpoint import Checkpoint, sign_checkpoint
from bot.seal.keys import make_device
from bot.seal.labels import Label
from bot.seal.signing import SigningKey, signing_key
from bot.seal.symmetric import derive, encrypt
from bot.seal.wire import lp
from tests.seal.cases import Fields
from tests.vectors.make.directory import listing, root_words
from tests.vectors.make.enrolment import (
    APPROVE,
    AT,
    AWAY,
    BRIDGE,
    CHIEF,
    DEPUTY,
    HOME,
    MEMBER,
    OTHER_ROOT,
    ROOT,
    SHARES,
    VOUCH,
    flipped,
    introduction,
)
from tests.vectors.make.kit import Topic
from tests.vectors.make.world import ENTROPY, NONCE, header, id_of, signed, stream

LEDGER = signing_key(b"\x4c" * 32)
ORIGIN = "samjour.example/malmo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A ledger of nine leaves, in which a directory stands at 4."""

    leaves: tuple[bytes, ...]

    def row(self, level: int, index: int) -> bytes:
        return log.root_of(self.leaves[index << level : index + 1 << level])

    def root(self, size: int) -> bytes:
        return log.root_of(self.leaves[:size])

    def note(self, size: int, key: SigningKey = LEDGER, origin: str = ORIGIN) -> str:
        return sign_checkpoint(Checkpoint(origin=origin, size=size, root=self.root(size)), key)


SALT = b"\x5a" * 16


def tree(content: bytes, *, also: bytes = b"", kind: str = "directory") -> Tree:
    """The ledger with this directory at 4, and perhaps another at 7."""
    leaves = [log.leaf_hash(kind="device", salt=bytes(16), body=bytes([number])) for number in range(9)]
    leaves[4] = log.leaf_hash(kind=kind, salt=SALT, body=content)
    if also:
        leaves[7] = log.leaf_hash(kind=kind, salt=SALT, body=also)
    return Tree(leaves=tuple(leaves))


def clients() -> Topic:
    """What a client believes, and what it keeps."""
    topic = Topic(
        "clients", "What a client makes of a directory; signing in; keys at rest (FORMAT.md 4b, 4c)."
    )
    for name, who in (("chief", CHIEF), ("deputy", DEPUTY)):
        topic.value(f"bundle-of-{name}", who.bundle())
        topic.value(f"word-for-{name}", root_words(who)[who][0])
    topic.value("introduction", introduction())
    topic.value("directory", listing(root_words(CHIEF, DEPUTY), [introduction()])["directory"])
    for number, each in enumerate(stream(topic), start=1):
        topic.value(f"event-{number}", event.to_bytes(each))
    _found(topic)
    _others(topic)
    _clients(topic)
    _signing_in(topic)
    _wrapping(topic)
    return topic


def _pins(**changed: object) -> Fields:
    return {
        "organisation": HOME,
        "root": ROOT.public,
        "origin": ORIGIN,
        "ledger": LEDGER.public,
        "size": 0,
        "tree": b"",
        "number": 0,
        "index": -1,
        "revoked": [],
        **changed,
    }


def _answer(
    came: Fields, grown: Tree, size: int, *, since: int = 0, index: int = 4, **seen: object
) -> Fields:
    """What a server gives to a client that has accepted the checkpoint of `since` leaves."""
    accepted = {"size": since, "tree": grown.root(since)} if since else {}
    return {
        **{name: came[name] for name in ("directory", "entries", "introductions")},
        "salt": SALT,
        "index": index,
        "checkpoint": grown.note(size),
        "consistency": proof.prove_consistency(since, size, grown.row) if since else [],
        "inclusion": proof.prove_inclusion(index, size, grown.row),
        "pins": _pins(**accepted, **{name.removeprefix("seen_"): each for name, each in seen.items()}),
        "now": AT + 200,
    }


def _found(topic: Topic) -> None:
    """The directory is leaf 4 of 6; the client has seen the tree of 3."""
    came = listing(root_words(CHIEF, DEPUTY), [introduction()])
    content = came["directory"]
    good = _answer(came, grown := tree(content), 6, since=3)
    topic.ok("answer", [54], "verify_directory_answer", **good)
    topic.ok("answer-first", [54], "verify_directory_answer", **_answer(came, grown, 6))
    again = _answer(came, grown, 6, since=6, seen_number=7, seen_index=4)
    topic.ok("answer-again", [53, 54], "verify_directory_answer", **again)
    later = _answer(came, grown, 9, since=6, seen_number=6, seen_index=3)
    topic.ok("answer-of-a-newer-number", [53, 54], "verify_directory_answer", **later)

    def no(id_: str, error: str = "Tampered", musts: Sequence[int] = (54,), **changed: object) -> None:
        topic.refuse(f"answer-{id_}", musts, "verify_directory_answer", error, **{**good, **changed})

    def pinned(**changed: object) -> Fields:
        return {**good["pins"], **changed}

    no("of-another-directory", directory=listing(root_words(DEPUTY))["directory"])
    no("with-another-salt", salt=bytes(16))
    no("at-another-index", index=3)
    no("without-its-proof", inclusion=[])
    no("with-the-proof-of-another-leaf", inclusion=proof.prove_inclusion(3, 6, grown.row))
    no("under-a-strangers-checkpoint", checkpoint=grown.note(6, signing_key(b"\x4d" * 32)))
    no("under-another-ledgers-checkpoint", checkpoint=grown.note(6, origin="samjour.example/farsta"))
    no("in-a-tree-that-was-rewritten", pins=pinned(tree=log.root_of(grown.leaves[1:4])))
    same = pinned(size=6, tree=grown.root(3))
    no("in-another-tree-of-the-same-size", pins=same, consistency=[])
    no("in-a-tree-that-shrank", "Malformed", pins=pinned(size=7, tree=bytes(32)))
    no("without-a-proof-of-growth", consistency=[])
    no("that-grows-from-nothing", "Malformed", pins=_pins(), consistency=good["consistency"])
    other = tree(content, kind="device")
    no("that-is-an-entry-of-another-kind", **_only_tree(_answer(came, other, 6, since=3)))
    away = listing({}, organisation=AWAY)
    no("of-another-organisation", **_answer(away, tree(away["directory"]), 6, since=3))
    no("a-day-and-a-second-old", musts=(53,), now=AT + 100 + 86_401)
    no("from-the-future", musts=(53,), now=AT + 100 - 301)
    no("without-an-entry", musts=(52,), entries=good["entries"][:1])
    no("without-its-introduction", musts=(52,), introductions=[])
    no("under-another-root", musts=(52,), pins=pinned(root=OTHER_ROOT.public))
    broken = lp(Label.DIRECTORY, HOME, 0, AT, 0, 0)
    shapeless = {"directory": broken, "entries": [], "introductions": []}
    no("that-is-no-directory", "Malformed", (51,), **_answer(shapeless, tree(broken), 6, since=3))
    _seen(topic, came, no)


def _only_tree(answer: Fields) -> Fields:
    return {name: answer[name] for name in ("checkpoint", "consistency", "inclusion", "pins")}


def _seen(topic: Topic, came: Fields, no: Callable[..., None]) -> None:
    """What the client has accepted before binds the server."""
    content = came["directory"]
    twice = tree(content, also=content)
    no("of-an-older-number", musts=(53,), **_answer(came, twice, 9, since=6, seen_number=8, seen_index=2))
    no("at-a-lower-index", musts=(53,), **_answer(came, twice, 9, since=9, seen_number=6, seen_index=7))
    no(
        "of-the-same-number-at-another-index",
        musts=(53,),
        **_answer(came, twice, 9, since=6, seen_number=7, seen_index=3),
    )
    twin = _answer(came, twice, 9, since=6, index=7)
    no(
        "of-the-same-number-further-on",
        musts=(53,),
        **{**twin, "pins": {**twin["pins"], "number": 7, "index": 4}},
    )
    no(
        "of-another-number-at-the-same-index",
        musts=(53,),
        **_answer(came, twice, 9, since=6, seen_number=6, seen_index=4),
    )
    lost = listing(root_words(CHIEF, DEPUTY), revoked={DEPUTY: AT + 50})
    gone, grown = [{"device_id": DEPUTY.id, "at": AT + 50}], tree(lost["directory"])
    kept = _answer(lost, grown, 6, since=3, seen_revoked=gone)
    topic.ok("answer-with-a-device-still-revoked", [53], "verify_directory_answer", **kept)
    topic.ok(
        "answer-with-a-device-newly-revoked",
        [53],
        "verify_directory_answer",
        **_answer(lost, grown, 6, since=3),
    )
    back = _answer(came, tree(content), 6, since=3, seen_revoked=gone)
    no("that-brings-a-revoked-device-back", musts=(53,), **back)
    sooner = _answer(lost, grown, 6, since=3, seen_revoked=[{**gone[0], "at": AT + 49}])
    no("that-revoked-a-device-at-another-time", musts=(53,), **sooner)
    without = listing(root_words(CHIEF))
    no(
        "that-forgets-a-revoked-device",
        musts=(53,),
        **_answer(without, tree(without["directory"]), 6, since=3, seen_revoked=gone),
    )


def _others(topic: Topic) -> None:
    """The pins of another organisation come of an introduction in one's own directory."""
    known = _pins(
        organisation=AWAY, root=OTHER_ROOT.public, origin="samjour.example/polisen", size=3, tree=bytes(32)
    )
    good = {
        "home": _pins(),
        "organisation": HOME,
        "roots": [{"organisation": AWAY, "root": OTHER_ROOT.public}],
        "other": AWAY,
        "known": None,
    }
    topic.ok("introduced-pins", [49], "introduced", **good)
    topic.ok("introduced-pins-kept", [49], "introduced", **{**good, "known": known})

    def no(id_: str, **changed: object) -> None:
        topic.refuse(f"introduced-pins-{id_}", [49], "introduced", "Tampered", **{**good, **changed})

    no("of-nobody", roots=[])
    no("of-another", other="farsta")
    no("by-another-organisation", organisation="farsta")
    no("with-another-root-than-kept", known={**known, "root": ROOT.public})
    no("with-another-origin-than-kept", known={**known, "origin": "else.example/polisen"})
    no("with-another-ledgers-key-than-kept", known={**known, "ledger": OTHER_ROOT.public})
    no("of-another-than-kept", known={**known, "organisation": "farsta"})


def _clients(topic: Topic) -> None:
    def member(who: str, person: str, rights: int, revoked_at: int = 0) -> Fields:
        return {"device_id": id_of(who), "person": person, "rights": rights, "revoked_at": revoked_at}

    members = [
        member("officer", "p-officer", MEMBER),
        member("worker", "p-worker", MEMBER | SHARES),
        member("bridge", "bridge", BRIDGE),
        member("chief-a", "p-chief", SHARES),
        member("laptop-a", "p-chief", APPROVE | VOUCH),
        member("chief-b", "p-chief-b", SHARES | MEMBER, AT),
    ]

    def seal(id_: str, who: str, right: int, *, good: bool = False) -> None:
        given = {"members": members, "device_id": id_of(who), "right": right}
        if good:
            topic.ok(f"seal-to-{id_}", [55], "may_seal", **given)
        else:
            topic.refuse(f"seal-to-{id_}", [55], "may_seal", "Tampered", **given)

    seal("a-member", "officer", MEMBER, good=True)
    seal("a-bridge", "bridge", MEMBER, good=True)
    seal("a-keeper", "chief-a", SHARES, good=True)
    seal("somebody-who-is-both", "worker", SHARES, good=True)
    seal("a-stranger", "stranger", MEMBER)
    seal("a-revoked-device", "chief-b", MEMBER)
    seal("a-revoked-keeper", "chief-b", SHARES)
    seal("a-keeper-that-is-no-member", "chief-a", MEMBER)
    seal("an-approver", "laptop-a", MEMBER)
    seal("an-approver-as-a-keeper", "laptop-a", SHARES)
    seal("a-member-as-a-keeper", "officer", SHARES)
    seal("a-bridge-as-a-keeper", "bridge", SHARES)
    first, said, _, bridged = stream(topic)
    inside = [id_of(name) for name in ("officer", "worker", "bridge")]

    def speak(
        id_: str,
        given: bytes,
        *,
        good: bool = False,
        of: Sequence[Fields] = members,
        room: Sequence[bytes] = inside,
    ) -> None:
        fields = {"event": given, "members": list(of), "recipients": list(room)}
        if good:
            topic.ok(f"author-{id_}", [56], "check_author", **fields)
        else:
            topic.refuse(f"author-{id_}", [56], "check_author", "Tampered", **fields)

    speak("of-ones-own-device", event.to_bytes(said), good=True)
    speak("through-a-bridge", event.to_bytes(bridged), good=True)
    speak("of-an-epoch", event.to_bytes(first), good=True, room=[])
    forged = signed(header(said, author="p-worker"), said.ct, "officer")
    speak("that-is-somebody-else", forged)
    speak("of-an-unknown-device", event.to_bytes(said), of=members[1:])
    speak("of-a-device-outside", event.to_bytes(said), room=inside[1:])
    as_chief = signed(header(said, device_id=id_of("chief-a"), author="p-chief"), said.ct, "chief-a")
    speak("that-is-not-in-the-room", as_chief)
    starter = signed(header(first, device_id=id_of("chief-a"), author="p-chief"), first.ct, "chief-a")
    speak("of-an-epoch-that-it-is-not-in", starter, room=[*inside, id_of("chief-a")])
    topic.ok("members-of-an-epoch", [69], "check_members", event=event.to_bytes(first), members=members)
    for who, id_ in ((0, "officer"), (2, "bridge")):
        without = [each for number, each in enumerate(members) if number != who]
        given = {"event": event.to_bytes(first), "members": without}
        topic.refuse(f"members-without-the-{id_}", [69], "check_members", "Tampered", **given)
    topic.refuse(
        "members-unknown", [69], "check_members", "Tampered", event=event.to_bytes(first), members=[]
    )


def _signing_in(topic: Topic) -> None:
    origin, challenge = "https://samjour.example", b"\xc0" * 32
    good: Fields = {"entropy": ENTROPY["officer"], "origin": origin, "challenge": challenge}
    answer = topic.ok("sign-in", [57], "sign_challenge", **good)["answer"]
    answered: Fields = {**good, "answer": bytes.fromhex(answer)}
    topic.ok("sign-in-verified", [57], "verify_challenge", **answered)

    def no(id_: str, error: str = "Tampered", musts: Sequence[int] = (57,), **changed: object) -> None:
        topic.refuse(f"sign-in-{id_}", musts, "verify_challenge", error, **{**answered, **changed})

    no("at-another-origin", origin="https://samj0ur.example")
    no("at-another-port", origin="https://samjour.example:8400")
    no("without-tls", origin="http://samjour.example")
    no("for-another-challenge", challenge=bytes(32))
    no("by-another-device", entropy=ENTROPY["worker"])
    no("of-64-bytes", "Malformed", answer=answered["answer"][1:])
    no("of-algorithm-2", "Malformed", answer=b"\2" + answered["answer"][1:])
    no("for-a-challenge-of-31-bytes", "Malformed", challenge=bytes(31))
    no("at-no-origin", "Malformed", (2,), origin="")
    raw = signing.sign(make_device(ENTROPY["officer"]).signing, challenge)
    no("over-the-challenge-itself", musts=(11, 57), answer=b"\1" + raw)
    for size in (0, 31, 33):
        id_ = f"sign-in-with-a-challenge-of-{size}-bytes"
        topic.refuse(id_, [57], "sign_challenge", "Malformed", **{**good, "challenge": bytes(size)})


def _wrapping(topic: Topic) -> None:
    prf, device_id, key = b"\xf0" * 32, id_of("officer"), b"\x0e" * 64
    kek = derive(prf, Label.DEVICE_KEK, device_id)
    wrapped = NONCE + encrypt(kek, NONCE, key, aad=lp(Label.DEVICE_WRAP, device_id, "mlkem"))
    for number, root in enumerate((b"\xb1" * 32, b"\xb2" * 32)):
        topic.ok(f"device-code-{number}", [], "device_code", device_id=device_id, root=root)
    topic.ok("device-code-with-a-zero-first", [], "device_code", device_id=b"\4" * 32, root=bytes(32))
    for id_, device, root in (("device", bytes(31), bytes(32)), ("root", bytes(32), bytes(33))):
        odd = {"device_id": device, "root": root}
        topic.refuse(f"device-code-of-no-{id_}", [3], "device_code", "Malformed", **odd)
    good: Fields = {"prf": prf, "device_id": device_id, "name": "mlkem", "wrapped": wrapped}
    topic.ok("unwrap", [58], "unwrap", **good)

    def no(id_: str, error: str = "Tampered", **changed: object) -> None:
        topic.refuse(f"unwrap-{id_}", [58], "unwrap", error, **{**good, **changed})

    no("of-another-device", device_id=id_of("worker"))
    no("of-another-name", name="x25519")
    no("with-another-prf", prf=bytes(32))
    no("changed", wrapped=flipped(wrapped, -1))
    no("with-another-nonce", wrapped=flipped(wrapped, 0))
    no("truncated", wrapped=wrapped[:-1])
    no("29-bytes", wrapped=wrapped[:29])
    no("a-tag-alone", "Malformed", wrapped=wrapped[:28])
    no("nothing", "Malformed", wrapped=b"")
    no("with-a-prf-of-31-bytes", "Malformed", prf=prf[:-1])
    bare = NONCE + encrypt(kek, NONCE, key, aad=b"")
    no("without-aad", wrapped=bare)
