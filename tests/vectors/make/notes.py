"""Cases of notes and checkpoints: FORMAT.md section 9."""

import base64
from collections.abc import Sequence
from itertools import pairwise

from bot.seal import log, signing
from bot.seal.checkpoint import Checkpoint, checkpoint_to_text, sign_checkpoint
from bot.seal.labels import Label
from bot.seal.note import COSIGNATURE, Verifier, key_id, sign_note, verifier_to_text
from bot.seal.signing import signing_key
from bot.seal.wire import lp
from tests.seal.cases import Fields
from tests.vectors.make.hand import ORDER, challenge, scalar
from tests.vectors.make.kit import Topic
from tests.vectors.make.ledgers import LEAVES, MOST, ORIGIN
from tests.vectors.make.primitives import small_points

SEED = b"\x4c" * 32
LEDGER = signing_key(SEED)
OTHER = signing_key(b"\x4d" * 32)


def notes() -> Topic:
    """Section 9: signed notes."""
    topic = Topic("notes", "Signed notes and the keys that sign them (FORMAT.md 9).")
    note = sign_note("Hej\n", name=ORIGIN, key=LEDGER)
    _sign_notes(topic)
    _read_notes(topic, note)
    _verify_notes(topic, note)
    _verifiers(topic)
    return topic


_NAMES = (
    ("of-nothing", ""),
    ("with-a-blank", "a b"),
    ("with-a-plus", "a+b"),
    ("with-a-tab", "a\tb"),
    ("with-a-newline", "a\nb"),
    ("with-a-nul", "a\0b"),
    ("with-del", "a\x7fb"),
    ("with-a-no-break-space", "a\u00a0b"),
    ("with-a-soft-hyphen", "a\u00adb"),
    ("with-a-line-separator", "a\u2028b"),
    ("with-an-ideographic-space", "a\u3000b"),
    ("with-a-zero-width-space", "a\u200bb"),
    ("with-a-byte-order-mark", "\ufeffa"),
    ("with-a-direction-override", "a\u202eb"),
    ("with-next-line", "a\x85b"),
    ("with-an-ogham-space", "a\u1680b"),
    ("with-a-vowel-separator", "a\u180eb"),
    ("with-an-arabic-letter-mark", "a\u061cb"),
    ("with-a-narrow-no-break-space", "a\u202fb"),
    ("with-a-word-joiner", "a\u2060b"),
    ("with-an-annotation-anchor", "a\ufff9b"),
    ("with-a-tag", "a\U000e0041b"),
    ("with-a-lone-surrogate", "a\ud800"),
    ("of-256-bytes", "a" * 256),
    ("of-128-characters-of-two-bytes", "å" * 128),
)

# What platforms judge by their own tables, and we do not: unassigned in some versions of Unicode or in all.
_UNKNOWN = (
    ("assigned-in-unicode-15", "a\U0001f6dcb"),
    ("assigned-in-unicode-16", "a\U0001fadfb"),
    ("never-assigned", "a\u0378b"),
    ("for-private-use", "a\ue000b"),
    ("that-is-none", "a\uffffb"),
    ("beside-those-listed", "\xa1\u2010\u2070\ufffc\U000e0080"),
)


def _sign_notes(topic: Topic) -> None:
    good: Fields = {"text": "Hej\n", "name": ORIGIN, "seed": SEED}
    topic.ok("sign", [11, 44], "sign_note", **good)
    topic.ok("sign-blank-lines", [11], "sign_note", **{**good, "text": "\n\nHej\n\n\n"})
    topic.ok("sign-with-a-swedish-name", [44], "sign_note", **{**good, "name": "malmö"})
    topic.ok("sign-with-a-name-of-255-bytes", [44], "sign_note", **{**good, "name": "a" * 255})
    for id_, name in _UNKNOWN:
        topic.ok(f"sign-with-a-character-{id_}", [44], "sign_note", **{**good, "name": name})
    for id_, name in _NAMES:
        topic.refuse(f"sign-with-a-name-{id_}", [44], "sign_note", "Malformed", **{**good, "name": name})
    statement = lp(Label.EVENT_SIG, b"", bytes(32)).decode()
    for id_, musts, text in (
        ("an-lp-string", [11], statement + "\n"),
        ("a-zero-byte-first", [11, 41], "\0Hej\n"),
        ("without-a-newline", [41], "Hej"),
        ("nothing", [41], ""),
        ("with-a-tab", [41], "a\tb\n"),
        ("with-a-return", [41], "Hej\r\n"),
        ("with-an-escape", [41], "\x1b[2J\n"),
        ("with-unit-separator", [41], "a\x1fb\n"),
        ("with-a-lone-surrogate", [41], "\ud800\n"),
    ):
        topic.refuse(f"sign-{id_}", musts, "sign_note", "Malformed", **{**good, "text": text})


def _line(name: str, public: bytes, signature: bytes, kind: bytes = b"\1") -> str:
    return f"— {name} {base64.b64encode(key_id(name, public, kind) + signature).decode()}\n"


def _read_notes(topic: Topic, note: str) -> None:
    text, line = note.split("\n\n")
    topic.ok("read", [41], "read_note", note=note)
    topic.ok("read-blank-lines-in-the-text", [41], "read_note", note="\n\nHej\n\n\n\n" + line)
    topic.ok("read-a-text-of-a-newline", [41], "read_note", note="\n\n" + line)
    topic.ok(
        "read-what-looks-like-a-signature-in-the-text", [41], "read_note", note=f"{text}\n\n{line}\n{line}"
    )
    topic.ok("read-characters-above-a-blank", [41], "read_note", note=f"\x7f\x85å😀\n\n{line}")
    topic.ok("read-16-signatures", [41], "read_note", note=note + line * 15)
    for id_, name in _UNKNOWN:
        topic.ok(f"read-a-character-{id_}", [41, 44], "read_note", note=note.replace(ORIGIN, name))
    room = 65536 - len(line.encode()) - 2
    topic.ok("read-65536-bytes", [41], "read_note", note="a" * room + "\n\n" + line)

    def refuse(id_: str, wrong: str) -> None:
        topic.refuse(f"read-{id_}", [41], "read_note", "Malformed", note=wrong)

    sig = line.split(" ")[2].rstrip("\n")
    refuse("nothing", "")
    refuse("a-newline", "\n")
    refuse("two-newlines", "\n\n")
    refuse("a-text-alone", "Hej\n")
    refuse("a-line-alone", line)
    refuse("no-text", "\n" + line)
    refuse("without-the-last-newline", note[:-1])
    refuse("with-a-letter-for-the-last-newline", note[:-1] + "A")
    refuse("with-a-return-for-the-last-newline", note[:-1] + "\r")
    refuse("with-a-blank-line-at-the-end", note + "\n")
    refuse("with-text-after-the-lines", note + "Hej\n")
    refuse("without-a-blank-line", note.replace("\n\n", "\n"))
    refuse("17-signatures", note + line * 16)
    refuse("65537-bytes", "a" * (room + 1) + "\n\n" + line)
    refuse("65537-bytes-in-fewer-characters", "å" * (room // 2 + 1) + "\n\n" + line)
    for name, character in (
        ("tab", "\t"),
        ("return", "\r"),
        ("nul", "\0"),
        ("escape", "\x1b"),
        ("unit-separator", "\x1f"),
    ):
        refuse(f"a-text-with-{name}", note.replace("Hej", f"H{character}ej"))
    refuse("windows-lines", note.replace("\n", "\r\n"))
    refuse("a-lone-surrogate", note.replace("Hej", "H\udfffej"))
    refuse("a-line-with-a-lone-surrogate", note.replace(ORIGIN, "a\udfff"))
    refuse("a-hyphen-for-a-dash", note.replace("—", "-"))
    refuse("an-en-dash", note.replace("—", "\u2013"))
    refuse("no-blank-after-the-dash", note.replace("— ", "—"))
    refuse("two-blanks", note.replace("— ", "—  "))
    refuse("a-no-break-space-in-the-line", note.replace("— ", "—\u00a0"))
    refuse("a-blank-at-the-end-of-the-line", f"{note[:-1]} \n")
    refuse("a-line-of-two-parts", f"Hej\n\n— {ORIGIN}\n")
    refuse("a-line-of-four-parts", f"Hej\n\n— {ORIGIN} {sig} {sig}\n")
    refuse("one-bad-line-among-good", note + "— a AA\n")
    for id_, name in _NAMES:
        if name and "\n" not in name:
            refuse(f"a-name-{id_}", note.replace(ORIGIN, name))
    for id_, encoded in (
        ("no-base64", "å"),
        ("no-padding", sig.rstrip("=") if sig.endswith("=") else sig[:-1]),
        ("more-padding", sig + "="),
        ("base64url", sig.replace("+", "-").replace("/", "_") if set(sig) & set("+/") else "-_-_" + sig),
        ("unused-bits", "AAAAAAB="),
        ("nothing-but-a-key-id", "AAAAAA=="),
        ("three-bytes", "AAAA"),
        ("blanks-inside", sig[:8] + "\u2003" + sig[8:]),
        ("padding-inside", "AA==" + sig),
    ):
        refuse(f"a-signature-of-{id_}", f"Hej\n\n— {ORIGIN} {encoded}\n")


def _verify_notes(topic: Topic, note: str) -> None:
    good: Fields = {"note": note, "name": ORIGIN, "public": LEDGER.public}
    stranger = sign_note("Nej\n", name="else.example", key=OTHER).split("\n\n")[1]
    line = note.split("\n\n")[1]
    topic.ok("verify", [42], "verify_note", **good)
    topic.ok("verify-beside-a-stranger", [42], "verify_note", **{**good, "note": note + stranger})
    topic.ok("verify-after-a-stranger", [42], "verify_note", **{**good, "note": f"Hej\n\n{stranger}{line}"})
    topic.ok("verify-the-same-line-twice", [42], "verify_note", **{**good, "note": note + line})
    unknown = f"— {ORIGIN} {base64.b64encode(b'abcdx').decode()}\n"
    topic.ok(
        "verify-beside-an-unknown-key-of-our-name", [42], "verify_note", **{**good, "note": note + unknown}
    )
    witness = _line(ORIGIN, LEDGER.public, bytes(72), COSIGNATURE)
    topic.ok("verify-beside-a-cosignature", [42], "verify_note", **{**good, "note": note + witness})

    def refuse(id_: str, musts: Sequence[int] = (42,), error: str = "Tampered", **changed: object) -> None:
        topic.refuse(f"verify-{id_}", musts, "verify_note", error, **{**good, **changed})

    refuse("with-another-key", public=OTHER.public)
    refuse("with-another-name", name="else.example")
    refuse("with-a-name-in-capitals", name=ORIGIN.upper())
    refuse("a-stranger-alone", note=f"Hej\n\n{stranger}")
    refuse("another-text", note=note.replace("Hej", "Nej"))
    refuse(
        "a-text-with-another-accent", note=sign_note("å\n", name=ORIGIN, key=LEDGER).replace("å", "a\u030a")
    )
    refuse("a-blank-line-more", note="\n" + note)
    refuse("a-line-more", note="Hej\n" + note)
    refuse("of-zeros", note="Hej\n\n" + _line(ORIGIN, LEDGER.public, bytes(64)))
    bad = sign_note("Nej\n", name=ORIGIN, key=LEDGER).split("\n\n")[1]
    refuse("a-bad-line-of-ours-after-a-good", note=note + bad)
    refuse("a-bad-line-of-ours-before-a-good", note=f"Hej\n\n{bad}{line}")
    refuse("a-good-line-in-the-text", note=f"{note}\n{stranger}")
    signature = signing.sign(LEDGER, b"Hej\n")
    for size in (1, 63, 65, 72):
        wrong = _line(ORIGIN, LEDGER.public, signature.ljust(size, b"\0")[:size])
        refuse(f"a-signature-of-{size}-bytes", note="Hej\n\n" + wrong)
    refuse(
        "over-the-blank-line-too",
        note="Hej\n\n" + _line(ORIGIN, LEDGER.public, signing.sign(LEDGER, b"Hej\n\n")),
    )
    refuse("without-its-newline", note="Hej\n\n" + _line(ORIGIN, LEDGER.public, signing.sign(LEDGER, b"Hej")))
    statement = lp(Label.EVENT_SIG, b"Hej\n", bytes(32))
    refuse(
        "an-events-signature",
        [11, 42],
        note="Hej\n\n" + _line(ORIGIN, LEDGER.public, signing.sign(LEDGER, statement)),
    )
    dated = signing.sign(LEDGER, b"cosignature/v1\ntime 1\nHej\n")
    refuse("a-cosignature-as-a-signature", [11, 42], note="Hej\n\n" + _line(ORIGIN, LEDGER.public, dated))
    s = int.from_bytes(signature[32:], "little") + ORDER
    again = signature[:32] + s.to_bytes(32, "little")
    refuse("in-its-second-spelling", [10], note="Hej\n\n" + _line(ORIGIN, LEDGER.public, again))
    for id_, r in list(small_points())[2:4]:
        flat = r + (challenge(r, LEDGER.public, b"Hej\n") * scalar(SEED) % ORDER).to_bytes(32, "little")
        refuse(f"with-r-of-small-order-{id_}", [9], note="Hej\n\n" + _line(ORIGIN, LEDGER.public, flat))
    for id_, point in list(small_points())[2:4]:
        refuse(f"with-a-key-of-small-order-{id_}", [9], "Malformed", public=point)
    refuse("with-a-key-of-31-bytes", [9], "Malformed", public=bytes(31))
    refuse("with-a-name-that-is-none", [44], "Malformed", name="a b")


def _verifiers(topic: Topic) -> None:
    text = verifier_to_text(Verifier(name=ORIGIN, public=LEDGER.public))
    topic.ok("read-verifier", [44], "read_verifier", text=text)
    name, id_, key = text.split("+", 2)

    def of(name: str, public: bytes, kind: bytes = b"\1") -> str:
        identity = key_id(name, public, kind).hex()
        return f"{name}+{identity}+{base64.b64encode(kind + public).decode()}"

    for case, musts, wrong in (
        ("nothing", [44], ""),
        ("a-name-alone", [44], name),
        ("a-name-and-an-id", [44], f"{name}+{id_}"),
        ("no-name", [44], of("", LEDGER.public)),
        ("a-blank-in-the-name", [44], of("a b", LEDGER.public)),
        ("another-name", [44], f"else.example+{id_}+{key}"),
        ("another-id", [44], f"{name}+00000000+{key}"),
        ("an-id-in-capitals", [44], f"{name}+{id_.upper()}+{key}"),
        ("another-algorithm", [44], of(name, LEDGER.public, b"\2")),
        ("a-witness", [44], of(name, LEDGER.public, COSIGNATURE)),
        ("a-key-of-31-bytes", [9], of(name, LEDGER.public[:-1])),
        ("a-key-of-33-bytes", [9], of(name, LEDGER.public + b"\0")),
        ("a-key-of-small-order", [9], of(name, b"\1" + bytes(31))),
        ("trailing-newline", [44], text + "\n"),
        ("more-padding", [44], text + "="),
        ("a-blank-in-front", [44], " " + text),
    ):
        topic.refuse(f"read-verifier-{case}", musts, "read_verifier", "Malformed", text=wrong)


ROOT = log.root_of(LEAVES[:3])


def checkpoints() -> Topic:
    """Section 9: checkpoints."""
    topic = Topic("checkpoints", "Checkpoints of a ledger (FORMAT.md 9).")
    head = Checkpoint(origin=ORIGIN, size=3, root=ROOT)
    text, note = checkpoint_to_text(head), sign_checkpoint(head, LEDGER)
    _read_checkpoints(topic, text)
    _verify_checkpoints(topic, head, note)
    good: Fields = {"origin": ORIGIN, "size": 3, "root": ROOT, "seed": SEED}
    topic.ok("sign-checkpoint", [43], "sign_checkpoint", **good)
    topic.ok("sign-checkpoint-of-0", [43], "sign_checkpoint", **{**good, "size": 0})
    topic.ok("sign-checkpoint-of-the-most", [43], "sign_checkpoint", **{**good, "size": MOST})
    for id_, musts, changed in (
        ("size-2-53", [1, 43], {"size": 2**53}),
        ("size-minus-1", [1, 43], {"size": -1}),
        ("a-root-of-31-bytes", [39], {"root": bytes(31)}),
        ("a-root-of-33-bytes", [39], {"root": bytes(33)}),
        ("no-root", [39], {"root": b""}),
        ("no-origin", [44], {"origin": ""}),
        ("an-origin-with-a-blank", [44], {"origin": "a b"}),
        ("an-origin-with-a-newline", [44], {"origin": "a\n3"}),
        ("an-origin-with-a-plus", [44], {"origin": "a+b"}),
        ("an-origin-of-256-bytes", [44], {"origin": "å" * 128}),
    ):
        topic.refuse(f"sign-checkpoint-{id_}", musts, "sign_checkpoint", "Malformed", **{**good, **changed})
    return topic


def _read_checkpoints(topic: Topic, text: str) -> None:
    root = base64.b64encode(ROOT).decode()
    topic.ok("read-checkpoint", [43], "read_checkpoint", text=text)
    topic.ok("read-checkpoint-of-0", [43], "read_checkpoint", text=f"{ORIGIN}\n0\n{root}\n")
    topic.ok("read-checkpoint-of-the-most", [43], "read_checkpoint", text=f"{ORIGIN}\n{MOST}\n{root}\n")
    for id_, size in (
        ("with-a-leading-zero", "03"),
        ("of-two-zeros", "00"),
        ("with-a-plus", "+3"),
        ("with-a-minus", "-3"),
        ("minus-0", "-0"),
        ("of-nothing", ""),
        ("with-a-blank-in-front", " 3"),
        ("with-a-blank-behind", "3 "),
        ("with-a-return", "3\r"),
        ("with-an-underscore", "1_000"),
        ("with-a-point", "3.0"),
        ("with-an-exponent", "3e0"),
        ("in-hexadecimal", "0x3"),
        ("in-arabic-digits", "\u0663"),
        ("in-full-width-digits", "\uff13"),
        ("of-a-superscript", "\u00b3"),
        ("2-53", str(2**53)),
        ("2-53-plus-1", str(2**53 + 1)),
        ("of-17-digits", "1" + "0" * 16),
        ("of-1000-digits", "9" * 1000),
        ("infinity", "Infinity"),
    ):
        wrong = f"{ORIGIN}\n{size}\n{root}\n"
        topic.refuse(f"read-checkpoint-size-{id_}", [43], "read_checkpoint", "Malformed", text=wrong)
    for id_, encoded, musts in (
        ("of-31-bytes", base64.b64encode(ROOT[:-1]).decode(), [39, 43]),
        ("of-33-bytes", base64.b64encode(ROOT + b"\0").decode(), [39, 43]),
        ("of-nothing", "", [39, 43]),
        ("without-padding", root.rstrip("="), [43]),
        ("in-base64url", root.replace("+", "-").replace("/", "_"), [43]),
        ("with-unused-bits", root[:-2] + chr(ord(root[-2]) + 1) + "=", [43]),
        ("in-hexadecimal", ROOT.hex(), [43]),
        ("with-a-blank-behind", root + " ", [43]),
    ):
        wrong = f"{ORIGIN}\n3\n{encoded}\n"
        topic.refuse(f"read-checkpoint-root-{id_}", musts, "read_checkpoint", "Malformed", text=wrong)
    for id_, wrong in (
        ("nothing", ""),
        ("two-lines", f"{ORIGIN}\n3\n"),
        ("without-the-last-newline", text[:-1]),
        ("four-lines", text + "extension\n"),
        ("a-blank-line-at-the-end", text + "\n"),
        ("a-blank-line-in-front", "\n" + text),
        ("windows-lines", text.replace("\n", "\r\n")),
        ("no-origin", f"\n3\n{root}\n"),
        ("an-origin-with-a-blank", f"a b\n3\n{root}\n"),
        ("an-origin-with-a-plus", f"a+b\n3\n{root}\n"),
        ("an-origin-of-256-bytes", f"{'a' * 256}\n3\n{root}\n"),
        ("lines-in-another-order", f"3\n{ORIGIN}\n{root}\n"),
        ("line-separators", text.replace("\n", "\u2028")),
    ):
        musts = [43, 44] if "origin-" in id_ else [43]
        topic.refuse(f"read-checkpoint-{id_}", musts, "read_checkpoint", "Malformed", text=wrong)
    assert "+" in root or "/" in root
    assert len({one for one, _ in pairwise(text)}) > 1


def _verify_checkpoints(topic: Topic, head: Checkpoint, note: str) -> None:
    good: Fields = {"note": note, "origin": ORIGIN, "public": LEDGER.public}
    topic.ok("verify-checkpoint", [43], "verify_checkpoint", **good)
    elsewhere = "samjour.example/farsta"

    def refuse(id_: str, musts: Sequence[int] = (43,), error: str = "Tampered", **changed: object) -> None:
        topic.refuse(f"verify-checkpoint-{id_}", musts, "verify_checkpoint", error, **{**good, **changed})

    text = checkpoint_to_text(head)
    refuse("of-another-ledger", origin=elsewhere)
    refuse("with-another-key", [42], public=OTHER.public)
    lent = sign_note(text, name=elsewhere, key=LEDGER)
    refuse("in-another-name", note=lent)
    refuse("of-another-origin-in-our-name", note=lent, origin=elsewhere)
    refuse("of-another-size", [42], note=note.replace("\n3\n", "\n4\n"))
    for id_, wrong in (
        ("with-a-leading-zero", text.replace("\n3\n", "\n03\n")),
        ("with-an-extension-line", text + "extension\n"),
        ("of-two-lines", f"{ORIGIN}\n3\n"),
        ("of-any-text", "Hej\n"),
    ):
        signed = sign_note(wrong, name=ORIGIN, key=LEDGER)
        refuse(f"{id_}-well-signed", error="Malformed", note=signed)
    other = Checkpoint(origin=ORIGIN, size=3, root=LEAVES[0])
    mixed = checkpoint_to_text(other) + "\n" + note.split("\n\n")[1]
    refuse("with-the-signature-of-another", [42], note=mixed)
    statement = signing.sign(LEDGER, lp(Label.ENTRY, "checkpoint", bytes(16), text.encode()))
    refuse("signed-as-an-lp-string", [11, 42], note=f"{text}\n{_line(ORIGIN, LEDGER.public, statement)}")
