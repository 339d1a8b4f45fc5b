"""Cases of witnesses and of certificates of erasure: FORMAT.md sections 9a and 9b."""

import base64
from collections.abc import Sequence

from bot.seal import log, proof, signing
from bot.seal.certificate import Certificate, ErasedFrom, certificate_to_text, sign_certificate
from bot.seal.checkpoint import Checkpoint, checkpoint_to_text, sign_checkpoint
from bot.seal.cosignature import secret_to_text, sign_cosignature, witness_to_text
from bot.seal.note import COSIGNATURE, ED25519, Verifier, key_id, sign_note, verifier_to_text
from bot.seal.signing import SigningKey, signing_key
from tests.seal.cases import Fields
from tests.vectors.make.hand import ORDER, challenge, scalar
from tests.vectors.make.kit import Topic
from tests.vectors.make.ledgers import LEAVES, ORIGIN, ROWS
from tests.vectors.make.notes import LEDGER
from tests.vectors.make.primitives import small_points

AT = 1_790_000_000  # seconds since 1970
SEED = b"\x57" * 32
WITNESS = signing_key(SEED)
NAME = "polisen.example/witness"
MOST = 2**53 - 1


def note_of(size: int, key: SigningKey = LEDGER, origin: str = ORIGIN) -> str:
    """A checkpoint over the first leaves."""
    return sign_checkpoint(_head(size, origin), key)


def _head(size: int, origin: str = ORIGIN) -> Checkpoint:
    return Checkpoint(origin=origin, size=size, root=log.root_of(LEAVES[:size]))


def _line(
    message: bytes, *, at: int = AT, name: str = NAME, key: SigningKey = WITNESS, kind: bytes = COSIGNATURE
) -> str:
    stamped = at.to_bytes(8, "big") + signing.sign(key, message)
    return _raw_line(stamped, name=name, key=key, kind=kind)


def _raw_line(
    stamped: bytes, *, name: str = NAME, key: SigningKey = WITNESS, kind: bytes = COSIGNATURE
) -> str:
    return f"— {name} {base64.b64encode(key_id(name, key.public, kind) + stamped).decode()}\n"


def _message(text: str, at: object = AT) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def cosignatures() -> Topic:
    """Section 9a."""
    topic = Topic("cosignatures", "Witnesses' cosignatures of checkpoints (FORMAT.md 9a).")
    good: Fields = {
        "origin": ORIGIN,
        "size": 3,
        "root": log.root_of(LEAVES[:3]),
        "name": NAME,
        "seed": SEED,
        "at": AT,
    }
    topic.ok("sign", [82], "sign_cosignature", **good)
    topic.ok("sign-at-0", [82], "sign_cosignature", **{**good, "at": 0})
    for id_, musts, changed in (
        ("at-2-53", [1, 82], {"at": 2**53}),
        ("at-minus-1", [1, 82], {"at": -1}),
        ("in-no-name", [44], {"name": ""}),
        ("in-a-name-with-a-blank", [44], {"name": "a b"}),
        ("in-a-name-with-a-plus", [44], {"name": "a+b"}),
    ):
        topic.refuse(f"sign-{id_}", musts, "sign_cosignature", "Malformed", **{**good, **changed})
    _verify(topic)
    _keys(topic)
    _cosign(topic)
    return topic


def _verify(topic: Topic) -> None:
    note, text = note_of(3), checkpoint_to_text(_head(3))
    line = sign_cosignature(_head(3), name=NAME, key=WITNESS, at=AT)
    assert line == _line(_message(text))
    good: Fields = {"note": note + line, "name": NAME, "public": WITNESS.public, "latest": MOST}
    topic.ok("verify", [82], "verify_cosignature", **good)
    topic.ok(
        "verify-before-the-ledgers-line",
        [83],
        "verify_cosignature",
        **{**good, "note": f"{text}\n{line}{note[len(text) + 1 :]}"},
    )
    topic.ok(
        "verify-without-the-ledgers-line", [83], "verify_cosignature", **{**good, "note": f"{text}\n{line}"}
    )
    later = sign_cosignature(_head(3), name=NAME, key=WITNESS, at=AT + 5)
    topic.ok("verify-the-later-of-two", [82], "verify_cosignature", **{**good, "note": note + later + line})
    other = _line(_message(text), key=signing_key(b"\x58" * 32))
    topic.ok(
        "verify-beside-another-key-of-that-name",
        [83],
        "verify_cosignature",
        **{**good, "note": note + other + line},
    )
    wrong = _raw_line(bytes(72), name="else.example/witness")
    topic.ok(
        "verify-beside-another-name", [83], "verify_cosignature", **{**good, "note": note + wrong + line}
    )
    plain = _raw_line(bytes(64), kind=ED25519)
    topic.ok(
        "verify-beside-a-signature-of-that-key",
        [83],
        "verify_cosignature",
        **{**good, "note": note + plain + line},
    )
    topic.ok("verify-at-its-time", [84], "verify_cosignature", **{**good, "latest": AT})

    def refuse(id_: str, musts: Sequence[int] = (82,), error: str = "Tampered", **changed: object) -> None:
        topic.refuse(f"verify-{id_}", musts, "verify_cosignature", error, **{**good, **changed})

    refuse("a-second-ahead", (84,), latest=AT - 1)
    refuse("where-the-later-of-two-is-ahead", (84,), note=note + line + later, latest=AT)
    refuse("of-another-witness", (83,), public=signing_key(b"\x58" * 32).public)
    refuse("of-another-name", (83,), name="else.example/witness")
    refuse("of-nobody", (83,), note=note)
    refuse("with-a-signature-of-that-key-alone", (83,), note=note + plain)
    signature = _raw_line(signing.sign(WITNESS, text.encode()), kind=ED25519)
    refuse("with-a-good-signature-that-is-none", (83,), note=note + signature)
    refuse("with-a-bad-line-beside-a-good", (83,), note=note + line + _line(_message(text), at=AT + 1))
    refuse("with-a-bad-line-before-a-good", (83,), note=note + _raw_line(bytes(72)) + line)
    refuse("of-another-checkpoint", note=note_of(4) + line)
    refuse("with-another-time", note=note + _line(_message(text), at=AT + 1))
    refuse("over-the-text-alone", (11, 82), note=note + _line(text.encode()))
    refuse("over-another-version", note=note + _line(_message(text).replace(b"v1", b"v2")))
    refuse("over-a-time-with-a-leading-zero", note=note + _line(_message(text, f"0{AT}")))
    refuse("over-a-time-with-a-point", note=note + _line(_message(text, f"{AT}.0")))
    refuse("without-the-times-line", note=note + _line(b"cosignature/v1\n" + text.encode()))
    refuse("over-the-whole-note", note=note + _line(_message(note)))
    stamped = (2**53).to_bytes(8, "big") + signing.sign(WITNESS, _message(text, 2**53))
    refuse("of-the-time-2-53", error="Malformed", note=note + _raw_line(stamped))
    ahead = b"\xff" * 8 + signing.sign(WITNESS, _message(text, 2**64 - 1))
    refuse("of-the-time-2-64-minus-1", error="Malformed", note=note + _raw_line(ahead))
    whole = AT.to_bytes(8, "big") + signing.sign(WITNESS, _message(text))
    for size in (8, 64, 71, 73):
        refuse(f"of-{size}-bytes", error="Malformed", note=note + _raw_line(whole.ljust(size, b"\0")[:size]))
    s = int.from_bytes(whole[-32:], "little") + ORDER
    refuse("in-its-second-spelling", (10, 82), note=note + _raw_line(whole[:-32] + s.to_bytes(32, "little")))
    for id_, r in list(small_points())[2:4]:
        flat = challenge(r, WITNESS.public, _message(text)) * scalar(SEED) % ORDER
        odd = AT.to_bytes(8, "big") + r + flat.to_bytes(32, "little")
        refuse(f"with-r-of-small-order-{id_}", (9, 82), note=note + _raw_line(odd))
    refuse("with-a-key-of-small-order", (9,), "Malformed", public=b"\1" + bytes(31))
    refuse("under-no-note", (41,), "Malformed", note=line)


def _keys(topic: Topic) -> None:
    verifier = Verifier(name=NAME, public=WITNESS.public)
    text, secret = witness_to_text(verifier), secret_to_text(NAME, WITNESS)
    topic.ok("read-witness", [83], "read_witness", text=text)
    topic.ok("read-witness-secret", [81], "read_witness_secret", text=secret)
    name, id_, key = text.split("+", 2)
    for case, wrong in (
        ("nothing", ""),
        ("a-ledgers-key", verifier_to_text(verifier)),
        ("another-name", f"else.example+{id_}+{key}"),
        ("another-id", f"{name}+00000000+{key}"),
        ("a-newline", text + "\n"),
        ("more-padding", text + "="),
        ("no-key", f"{name}+{id_}+BA=="),
    ):
        topic.refuse(f"read-witness-{case}", [83], "read_witness", "Malformed", text=wrong)
    for case, wrong in (
        ("nothing", ""),
        ("a-public-key", text),
        ("without-its-newline", secret[:-1]),
        ("two-newlines", secret + "\n"),
        ("another-name", secret.replace(NAME, "else.example")),
        (
            "another-seed",
            f"PRIVATE+KEY+{NAME}+{id_}+{base64.b64encode(COSIGNATURE + LEDGER.seed).decode()}\n",
        ),
        ("without-the-word", secret.removeprefix("PRIVATE+KEY+")),
        ("of-a-ledger", secret.replace("+BFdX", "+AVdX")),
    ):
        assert wrong != secret, case
        topic.refuse(f"read-witness-secret-{case}", [81], "read_witness_secret", "Malformed", text=wrong)


def _row(level: int, index: int) -> bytes:
    return ROWS[level, index]


def _cosign(topic: Topic) -> None:
    """What a witness says yes and no to."""
    last: Fields = {"size": 3, "root": log.root_of(LEAVES[:3])}
    good: Fields = {
        "note": note_of(7),
        "origin": ORIGIN,
        "public": LEDGER.public,
        "last": last,
        "consistency": proof.prove_consistency(3, 7, _row),
        "name": NAME,
        "seed": SEED,
        "at": AT,
    }
    topic.ok("cosign", [80], "cosign", **good)
    topic.ok("cosign-the-first", [80], "cosign", **{**good, "last": None, "consistency": []})
    topic.ok("cosign-the-same-again", [80], "cosign", **{**good, "note": note_of(3), "consistency": []})

    def refuse(id_: str, error: str = "Tampered", **changed: object) -> None:
        topic.refuse(f"cosign-{id_}", [80], "cosign", error, **{**good, **changed})

    refuse("what-another-key-signed", note=note_of(7, signing_key(b"\x4d" * 32)))
    refuse("another-ledger", note=note_of(7, origin="samjour.example/farsta"))
    refuse(
        "another-ledger-in-its-name",
        note=sign_note(checkpoint_to_text(_head(7, "samjour.example/farsta")), name=ORIGIN, key=LEDGER),
    )
    refuse("a-smaller-tree", note=note_of(2))
    refuse(
        "another-root-of-the-same-size", note=note_of(3), last={"size": 3, "root": bytes(32)}, consistency=[]
    )
    refuse("growth-without-proof", consistency=[])
    refuse("growth-with-the-proof-of-another", consistency=proof.prove_consistency(4, 7, _row))
    refuse("growth-of-another-past", last={"size": 3, "root": log.root_of(LEAVES[1:4])})
    refuse("an-empty-ledger", "Malformed", note=note_of(0), last=None, consistency=[])
    refuse("growth-with-65-hashes", "Malformed", consistency=[bytes(32)] * 65)
    refuse("a-hash-of-31-bytes", "Malformed", consistency=[bytes(31)])


INSTANT = "2026-11-23T02:00:00.000000Z"
BEGAN, ENDED = "2021-11-01T08:00:00.000000Z", "2021-11-30T23:59:59.999999Z"
ID, BEFORE = "0" * 31 + "a", "0" * 31 + "b"


def certificates() -> Topic:
    """Section 9b."""
    topic = Topic("certificates", "Certificates of erasure (FORMAT.md 9b).")
    text = certificate_to_text(_certificate())
    root = base64.b64encode(log.root_of(LEAVES[:3])).decode()
    good: Fields = {"text": text, "origin": ORIGIN, "seed": b"\x4c" * 32}
    topic.ok("sign", [86], "sign_certificate", **good)
    _held(topic, text)
    line = f"malmo 3 10 40 {root} 2026-001 § 4"
    assert line in text
    _texts(topic, good, text, line)
    return topic


def _certificate(**changed: object) -> Certificate:
    erased = tuple(
        ErasedFrom(
            organisation=name, count=3, first=10, last=40, root=log.root_of(LEAVES[:3]), decision=decision
        )
        for name, decision in (("malmo", "2026-001 § 4"), ("polisen", "A1"))
    )
    fields: Fields = {
        "id": ID,
        "organisation": "malmo",
        "kept_as": "advice",
        "at": INSTANT,
        "closed": (BEGAN, ENDED),
        "ledgers": erased,
        "consultations": ("c-1", "c-2"),
        **changed,
    }
    return Certificate(**fields)


def _held(topic: Topic, text: str) -> None:
    note = sign_certificate(_certificate(), origin=ORIGIN, key=LEDGER)
    good: Fields = {"note": note, "origin": ORIGIN, "public": LEDGER.public}
    topic.ok("verify", [87], "verify_certificate", **good)
    again = sign_certificate(_certificate(again=BEFORE), origin=ORIGIN, key=LEDGER)
    topic.ok("verify-one-that-repeats", [87], "verify_certificate", **{**good, "note": again})

    def refuse(id_: str, musts: Sequence[int] = (87,), error: str = "Tampered", **changed: object) -> None:
        topic.refuse(f"verify-{id_}", musts, "verify_certificate", error, **{**good, **changed})

    other = signing_key(b"\x4d" * 32)
    refuse("with-another-key", public=other.public)
    refuse("with-another-name", origin="samjour.example/polisen")
    refuse("signed-by-another", note=sign_note(text, name=ORIGIN, key=other))
    refuse("signed-in-another-name", note=sign_note(text, name="samjour.example/polisen", key=LEDGER))
    refuse("of-fewer-consultations", note=note.replace("consultations 2\nc-1\n", "consultations 1\n"))
    refuse("by-another-decision", note=note.replace("2026-001", "2026-002"))
    refuse("cosigned-alone", note=f"{text}\n" + _line(_message(text), key=LEDGER, name=ORIGIN))
    refuse("any-text", (86,), "Malformed", note=sign_note("Hej\n", name=ORIGIN, key=LEDGER))
    refuse("a-checkpoint", (86,), "Malformed", note=note_of(3))
    refuse("without-signature", (41,), "Malformed", note=text)


def _texts(topic: Topic, good: Fields, text: str, line: str) -> None:
    def refuse(id_: str, wrong: str) -> None:
        assert wrong != text, id_
        topic.refuse(f"sign-{id_}", [86], "sign_certificate", "Malformed", **{**good, "text": wrong})

    def instead(id_: str, old: str, new: str) -> None:
        refuse(id_, text.replace(old, new, 1))

    longest = {"text": text.replace("2026-001 § 4", "d" * 120)}
    topic.ok("sign-with-a-decision-of-120-characters", [86], "sign_certificate", **{**good, **longest})
    odd = text.replace("2026-001 § 4", "\U0001f6dc \u0378\ue000").replace(
        "organisation malmo", "organisation \u0378"
    )
    topic.ok("sign-with-characters-that-no-table-knows", [86], "sign_certificate", **{**good, "text": odd})
    lines = text.split("\n")
    refuse("nothing", "")
    refuse("without-its-last-newline", text[:-1])
    refuse("with-a-line-more", text + "c-3\n")
    refuse("with-a-blank-line-at-the-end", text + "\n")
    refuse("with-windows-lines", text.replace("\n", "\r\n"))
    for number, name in enumerate(
        ("version", "id", "organisation", "class", "instant", "closed", "again", "ledgers")
    ):
        refuse(f"without-the-line-of-{name}", "\n".join(lines[:number] + lines[number + 1 :]))
    refuse("with-lines-in-another-order", "\n".join([lines[0], lines[2], lines[1], *lines[3:]]))
    instead("of-another-version", "erasure/v1", "erasure/v2")
    instead("with-two-blanks", "class advice", "class  advice")
    instead("with-an-id-in-capitals", ID, ID.upper())
    instead("with-an-id-of-31-digits", ID, ID[1:])
    instead("with-an-id-of-33-digits", ID, ID + "0")
    instead("with-an-id-that-is-no-number", ID, "g" * 32)
    instead("with-a-class-in-capitals", "class advice", "class Advice")
    instead("with-no-class", "class advice", "class ")
    instead("with-a-class-of-41-letters", "class advice", "class " + "a" * 41)
    instead("with-a-class-of-other-letters", "class advice", "class råd")
    instead("without-organisation", "organisation malmo", "organisation ")
    instead("with-an-organisation-of-two-words", "organisation malmo", "organisation malmö stad")
    instead(
        "with-an-organisation-with-a-no-break-space", "organisation malmo", "organisation malmo\u00a0stad"
    )
    instead("with-an-organisation-with-a-zero-width-space", "organisation malmo", "organisation mal\u200bmo")
    instead("with-an-instant-in-seconds", INSTANT, "2026-11-23T02:00:00Z")
    instead("with-an-instant-with-an-offset", INSTANT, "2026-11-23T02:00:00.000000+00:00")
    instead("with-an-instant-with-a-blank", INSTANT, INSTANT.replace("T", " "))
    instead("with-an-instant-in-small-letters", INSTANT, INSTANT.lower())
    for id_, wrong in (
        ("month-13", "2026-13-23T02:00:00.000000Z"),
        ("month-0", "2026-00-23T02:00:00.000000Z"),
        ("day-32", "2026-11-32T02:00:00.000000Z"),
        ("day-0", "2026-11-00T02:00:00.000000Z"),
        ("hour-24", "2026-11-23T24:00:00.000000Z"),
        ("minute-60", "2026-11-23T02:60:00.000000Z"),
        ("second-60", "2026-11-23T02:00:60.000000Z"),
    ):
        instead(f"with-an-instant-of-{id_}", INSTANT, wrong)
    instead("with-one-instant-of-closing", f"{BEGAN} {ENDED}", BEGAN)
    instead("with-three-instants-of-closing", f"{BEGAN} {ENDED}", f"{BEGAN} {ENDED} {ENDED}")
    instead("that-ended-before-it-began", f"{BEGAN} {ENDED}", f"{ENDED} {BEGAN}")
    instead("that-repeats-itself", "again -", f"again {ID}")
    instead("that-repeats-nothing", "again -", "again ")
    instead("that-repeats-a-word", "again -", "again no")
    _tables(topic, good, text, line)


def _tables(topic: Topic, good: Fields, text: str, line: str) -> None:
    def instead(id_: str, old: str, new: str) -> None:
        wrong = text.replace(old, new, 1)
        assert wrong != text, id_
        topic.refuse(f"sign-{id_}", [86], "sign_certificate", "Malformed", **{**good, "text": wrong})

    other = line.replace("malmo", "polisen").replace("2026-001 § 4", "A1")
    instead("with-a-ledger-with-a-no-break-space", "malmo 3 10 40", "mal\u00a0mo 3 10 40")
    instead("with-no-ledgers", f"ledgers 2\n{line}\n{other}\n", "ledgers 0\n")
    instead("that-counts-a-ledger-less", "ledgers 2", "ledgers 1")
    instead("that-counts-a-ledger-more", "ledgers 2", "ledgers 3")
    instead("that-counts-ledgers-with-a-zero", "ledgers 2", "ledgers 02")
    instead("that-counts-ledgers-with-a-plus", "ledgers 2", "ledgers +2")
    instead("that-counts-ledgers-in-arabic", "ledgers 2", "ledgers \u0662")
    instead("with-ledgers-descending", f"{line}\n{other}", f"{other}\n{line}")
    instead("with-a-ledger-twice", other, line)
    many = "\n".join(line.replace("malmo", f"o-{number:02}") for number in range(33))
    instead("with-33-ledgers", f"ledgers 2\n{line}\n{other}\n", f"ledgers 33\n{many}\n")
    instead("of-no-entries", "malmo 3 10 40", "malmo 0 10 40")
    instead("of-more-entries-than-numbers", "malmo 3 10 40", "malmo 32 10 40")
    instead("with-first-after-last", "malmo 3 10 40", "malmo 3 40 10")
    instead("with-a-number-of-2-53", "malmo 3 10 40", f"malmo 3 10 {2**53}")
    instead("with-a-negative-number", "malmo 3 10 40", "malmo 3 -1 40")
    instead("with-a-number-with-a-zero", "malmo 3 10 40", "malmo 3 010 40")
    instead("with-a-root-of-31-bytes", line.split(" ")[4], base64.b64encode(bytes(31)).decode())
    instead("with-a-root-in-hexadecimal", line.split(" ")[4], LEAVES[0].hex())
    instead("without-decision", " 2026-001 § 4", "")
    instead("with-an-empty-decision", "2026-001 § 4", "")
    instead("with-a-decision-of-121-characters", "2026-001 § 4", "d" * 121)
    instead("with-a-decision-that-ends-in-a-blank", "2026-001 § 4", "2026-001 ")
    instead("with-a-decision-that-begins-with-a-blank", "2026-001 § 4", " 2026-001")
    instead("with-a-decision-with-a-no-break-space", "2026-001 § 4", "2026\u00a0001")
    instead("with-a-decision-with-a-direction-override", "2026-001 § 4", "2026\u202e001")
    instead("with-a-decision-with-a-tab", "2026-001 § 4", "2026\t001")
    instead("with-no-consultations", "consultations 2\nc-1\nc-2\n", "consultations 0\n")
    instead("that-counts-a-consultation-less", "consultations 2", "consultations 1")
    instead("that-counts-a-consultation-more", "consultations 2", "consultations 3")
    instead("with-consultations-descending", "c-1\nc-2", "c-2\nc-1")
    instead("with-a-consultation-twice", "c-1\nc-2", "c-1\nc-1")
    instead("with-a-consultation-of-two-words", "c-1\nc-2", "c-1\nc 2")
    instead("with-a-consultation-without-id", "c-1\nc-2", "\nc-2")
    five = "\n".join(f"{number:03}" for number in range(501))
    instead("with-501-consultations", "consultations 2\nc-1\nc-2", f"consultations 501\n{five}")
