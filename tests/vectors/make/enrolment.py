"""Cases of enrolment: FORMAT.md section 4a."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.seal.enrolment import (
    Right,
    approve,
    bundle_from_bytes,
    introduce,
    make_bundle,
    root_id,
)
from bot.seal.keys import make_device, public_to_bytes
from bot.seal.labels import Label
from bot.seal.signing import SigningKey, signing_key
from bot.seal.statement import sign_bare, sign_statement
from bot.seal.wire import lp
from tests.seal.cases import Fields
from tests.vectors.make.hand import ORDER
from tests.vectors.make.kit import Topic

AT = 1_790_000_000  # seconds since 1970
ROOT = signing_key(b"\x52" * 32)
OTHER_ROOT = signing_key(b"\x53" * 32)
ROOT_ID = root_id(ROOT.public)
HOME, AWAY = "malmo", "polisen"
MEMBER, SHARES, APPROVE, VOUCH, BRIDGE = 1, 2, 4, 8, 16
INVITATION = b"\x1b" * 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """A device in the organisation, and who has it."""

    entropy: bytes
    person: str
    rights: int
    inviter: str = "p-inviter"
    organisation: str = HOME

    @property
    def id(self) -> bytes:
        return make_device(self.entropy).public.device_id

    @property
    def key(self) -> SigningKey:
        return make_device(self.entropy).signing

    def bundle(self) -> bytes:
        return make_bundle(
            secret=make_device(self.entropy),
            organisation=self.organisation,
            person=self.person,
            rights=Right(self.rights),
            inviter=self.inviter,
            invitation=INVITATION,
            made_at=AT,
        ).content


CHIEF = Who(entropy=b"\xc1" * 64, person="p-chief", rights=MEMBER | APPROVE)
CHIEF_TOO = Who(entropy=b"\xc2" * 64, person="p-chief", rights=MEMBER | APPROVE)
DEPUTY = Who(entropy=b"\xc3" * 64, person="p-deputy", rights=APPROVE)
JOUR = Who(entropy=b"\xc4" * 64, person="p-jour", rights=MEMBER | VOUCH)
WORKER = Who(entropy=b"\xc5" * 64, person="p-worker", rights=MEMBER)
WORKER_TOO = Who(entropy=b"\xc6" * 64, person="p-worker", rights=MEMBER)
KEEPER = Who(entropy=b"\xc7" * 64, person="p-keeper", rights=SHARES)
KEEPER_TOO = Who(entropy=b"\xc8" * 64, person="p-keeper", rights=MEMBER)
BRIDGED = Who(entropy=b"\xc9" * 64, person="bridge", rights=BRIDGE, inviter=HOME)
PAIR = Who(entropy=b"\xca" * 64, person="p-pair", rights=MEMBER | APPROVE)
ALL = (CHIEF, CHIEF_TOO, DEPUTY, JOUR, WORKER, WORKER_TOO, KEEPER, KEEPER_TOO, BRIDGED, PAIR)


def approval(bundle: bytes, by: Who | None, at: int = AT + 10, **odd: object) -> bytes:
    """A device's word for a bundle, or the root's (none); `odd` exchanges what it says, or who signs."""
    read = bundle_from_bytes(bundle)
    fields: Fields = {
        "organisation": read.organisation,
        "root": ROOT_ID,
        "bundle": read.hash,
        "approver": by.id if by else ROOT_ID,
        "at": at,
        "key": by.key if by else ROOT,
        **odd,
    }
    key = fields.pop("key")
    assert isinstance(key, SigningKey)
    statement = lp(
        Label.APPROVAL, *(fields[name] for name in ("organisation", "root", "bundle", "approver", "at"))
    )
    return sign_statement(Label.APPROVAL_BYTES, statement, key)


def introduction(
    by: Who | None = None, *, other: str = AWAY, at: int = AT + 10, organisation: str = HOME
) -> bytes:
    """A word for another organisation's root."""
    return introduce(
        organisation=organisation,
        root=ROOT_ID,
        other=other,
        other_root=OTHER_ROOT.public,
        approver=by.id if by else ROOT_ID,
        key=by.key if by else ROOT,
        at=at,
    ).content


def enrolment() -> Topic:
    """Section 4a."""
    topic = Topic("enrolment", "Bundles, approvals and introductions (FORMAT.md 4a).")
    topic.ok("root-id", [47], "root_id", public=ROOT.public)
    topic.refuse("root-id-of-small-order", [9], "root_id", "Malformed", public=b"\1" + bytes(31))
    _bundles(topic)
    _approvals(topic)
    _introductions(topic)
    return topic


def _bundles(topic: Topic) -> None:
    content = topic.value("bundle", WORKER.bundle())
    made: Fields = {
        "entropy": WORKER.entropy,
        "organisation": HOME,
        "person": "p-worker",
        "rights": MEMBER,
        "inviter": "p-inviter",
        "invitation": INVITATION,
        "made_at": AT,
    }
    topic.ok("make-bundle", [45], "make_bundle", **made)
    for rights in (1, 2, 3, 4, 5, 8, 9, 15, 16):
        bundle = topic.ok(
            f"make-bundle-with-rights-{rights}", [45], "make_bundle", **{**made, "rights": rights}
        )
        topic.ok(
            f"read-bundle-with-rights-{rights}", [45], "read_bundle", bundle=bytes.fromhex(bundle["bundle"])
        )
    for rights in (0, 17, 24, 31, 32, 33, -1):
        id_ = f"make-bundle-with-rights-{'minus-1' if rights < 0 else rights}"
        topic.refuse(id_, [45], "make_bundle", "Malformed", **{**made, "rights": rights})
    for id_, musts, changed in (
        ("without-person", [2], {"person": ""}),
        ("without-organisation", [2], {"organisation": ""}),
        ("without-inviter", [2], {"inviter": ""}),
        ("with-an-invitation-of-31-bytes", [45], {"invitation": bytes(31)}),
        ("made-at-2-53", [1], {"made_at": 2**53}),
    ):
        topic.refuse(f"make-bundle-{id_}", musts, "make_bundle", "Malformed", **{**made, **changed})

    def refuse(id_: str, wrong: bytes, error: str = "Malformed", musts: Sequence[int] = (45,)) -> None:
        topic.refuse(f"read-bundle-{id_}", musts, "read_bundle", error, bundle=wrong)

    def state(key: SigningKey = WORKER.key, **changed: object) -> bytes:
        fields = {**made, "public": public_to_bytes(make_device(WORKER.entropy).public), **changed}
        names = ("organisation", "person", "rights", "inviter", "invitation", "made_at", "public")
        return sign_statement(Label.BUNDLE_BYTES, lp(Label.BUNDLE, *(fields[name] for name in names)), key)

    assert state() == content
    for rights in (0, 17, 24, 31, 32, 2**32 + 1, 2**52 + 1):
        refuse(f"with-rights-{rights}", state(rights=rights))
    refuse("with-rights-in-one-byte", state(rights=b"\1"), musts=(3, 45))
    refuse("signed-by-another-device", state(CHIEF.key), "Tampered")
    refuse("signed-by-the-root", state(ROOT), "Tampered")
    refuse("of-another-person", content.replace(b"p-worker", b"p-slacke"), "Tampered")
    refuse("of-another-organisation", content.replace(b"malmo", b"lunda"), "Tampered")
    refuse("with-a-changed-signature", flipped(content, len(content) - 1), "Tampered")
    public = bundle_from_bytes(content).public
    inner = inner_of(content, Label.BUNDLE_BYTES)
    s = int.from_bytes(content[-32:], "little") + ORDER
    refuse("in-its-second-spelling", content[:-32] + s.to_bytes(32, "little"), "Tampered", (10,))
    sig = sign_bare(inner, WORKER.key)
    refuse("without-algorithm", lp(Label.BUNDLE_BYTES, inner, sig[1:]))
    refuse("of-algorithm-2", lp(Label.BUNDLE_BYTES, inner, b"\2" + sig[1:]))
    refuse("as-an-approval", content.replace(b"device-bundle-bytes", b"device-approval-byt"), musts=(3,))
    refuse("under-an-approvals-label", lp(Label.APPROVAL_BYTES, inner, sig), musts=(3,))
    refuse(
        "stated-under-another-label",
        lp(Label.BUNDLE_BYTES, inner.replace(b"bundle/v1", b"bundle/v2"), sig),
        musts=(3,),
    )
    refuse("trailing-byte", content + b"\0", musts=(3,))
    refuse("trailing-byte-inside", sign_statement(Label.BUNDLE_BYTES, inner + b"\0", WORKER.key), musts=(3,))
    refuse("truncated", content[:-1], musts=(3,))
    refuse("nothing", b"", musts=(3,))
    long = sign_statement(Label.BUNDLE_BYTES, inner.ljust(8193, b"\0"), WORKER.key)
    refuse("stated-in-8193-bytes", long, musts=(50,))
    ed25519, kem = public.ed25519, public.kem
    refuse(
        "with-a-key-of-small-order", state(public=lp(Label.DEVICE_PUBLIC, b"\1" + bytes(31), kem)), musts=(9,)
    )
    q = (3329).to_bytes(2, "little") + kem[2:]
    refuse("with-coefficient-3329", state(public=lp(Label.DEVICE_PUBLIC, ed25519, q)), musts=(8,))
    other = public_to_bytes(make_device(CHIEF.entropy).public)
    refuse("with-the-keys-of-another", state(public=other), "Tampered")


def _approvals(topic: Topic) -> None:
    content = WORKER.bundle()
    other = topic.value("other-bundle", WORKER_TOO.bundle())
    hashed = {"bundle": content, "root": ROOT_ID}
    topic.ok("approve", [46], "approve", **hashed, approver=ROOT_ID, seed=ROOT.seed, at=AT)
    topic.ok("approve-by-a-device", [46], "approve", **hashed, approver=CHIEF.id, seed=CHIEF.key.seed, at=AT)
    topic.refuse(
        "approve-at-2-53",
        [1],
        "approve",
        "Malformed",
        **hashed,
        approver=CHIEF.id,
        seed=CHIEF.key.seed,
        at=2**53,
    )
    topic.refuse(
        "approve-under-a-short-root",
        [46],
        "approve",
        "Malformed",
        bundle=content,
        root=ROOT_ID[:-1],
        approver=CHIEF.id,
        seed=CHIEF.key.seed,
        at=AT,
    )
    good: Fields = {"approval": approval(content, CHIEF), **hashed, "public": CHIEF.key.public}
    topic.ok("check-approval", [46], "check_approval", **good)
    by_root = {"approval": approval(content, None), **hashed, "public": ROOT.public}
    topic.ok("check-approval-by-the-root", [46], "check_approval", **by_root)

    def refuse(id_: str, error: str = "Tampered", musts: Sequence[int] = (46,), **changed: object) -> None:
        topic.refuse(f"check-approval-{id_}", musts, "check_approval", error, **{**good, **changed})

    refuse("of-another-bundle", bundle=other)
    refuse("under-another-root", root=root_id(OTHER_ROOT.public))
    refuse("of-another-organisation", approval=approval(content, CHIEF, organisation=AWAY))
    refuse("naming-another-root", approval=approval(content, CHIEF, root=root_id(OTHER_ROOT.public)))
    refuse("signed-by-another", approval=approval(content, CHIEF, key=DEPUTY.key))
    refuse("checked-with-another-key", public=DEPUTY.key.public)
    refuse(
        "with-a-changed-time",
        approval=good["approval"].replace((AT + 10).to_bytes(8, "big"), (AT + 9).to_bytes(8, "big")),
    )
    statement = lp(Label.INTRODUCTION, HOME, ROOT_ID, bundle_from_bytes(content).hash, CHIEF.id, AT)
    refuse(
        "that-is-an-introduction",
        "Malformed",
        (3,),
        approval=sign_statement(Label.APPROVAL_BYTES, statement, CHIEF.key),
    )
    refuse("that-is-a-bundle", "Malformed", (3,), approval=content)
    refuse("with-a-trailing-byte", "Malformed", (3,), approval=good["approval"] + b"\0")
    stated = inner_of(good["approval"], Label.APPROVAL_BYTES) + b"\0"
    refuse(
        "with-a-trailing-byte-inside",
        "Malformed",
        (3,),
        approval=sign_statement(Label.APPROVAL_BYTES, stated, CHIEF.key),
    )
    refuse("with-a-key-of-small-order", "Malformed", (9,), public=b"\1" + bytes(31))


def _introductions(topic: Topic) -> None:
    good: Fields = {
        "introduction": introduction(CHIEF),
        "organisation": HOME,
        "root": ROOT_ID,
        "public": CHIEF.key.public,
    }
    made: Fields = {
        "organisation": HOME,
        "root": ROOT_ID,
        "other": AWAY,
        "other_root": OTHER_ROOT.public,
        "approver": ROOT_ID,
        "seed": ROOT.seed,
        "at": AT,
    }
    topic.ok("introduce", [49], "introduce", **made)
    topic.ok("check-introduction", [49], "check_introduction", **good)
    topic.refuse("introduce-oneself", [49], "introduce", "Malformed", **{**made, "other": HOME})
    topic.refuse("introduce-nobody", [2], "introduce", "Malformed", **{**made, "other": ""})
    small = {**made, "other_root": b"\1" + bytes(31)}
    topic.refuse("introduce-a-root-of-small-order", [9], "introduce", "Malformed", **small)

    def refuse(id_: str, error: str = "Tampered", musts: Sequence[int] = (49,), **changed: object) -> None:
        topic.refuse(f"check-introduction-{id_}", musts, "check_introduction", error, **{**good, **changed})

    refuse("of-another-organisation", organisation="farsta")
    refuse("as-the-other-organisations", organisation=AWAY)
    refuse("under-another-root", root=root_id(OTHER_ROOT.public))
    refuse("checked-with-another-key", public=ROOT.public)
    refuse("changed", introduction=flipped(good["introduction"], len(good["introduction"]) - 1))
    refuse("that-is-an-approval", "Malformed", (3,), introduction=approval(WORKER.bundle(), CHIEF))

    def state(other: str, other_root: bytes) -> bytes:
        fields = (HOME, ROOT_ID, other, other_root, CHIEF.id, AT)
        return sign_statement(Label.INTRODUCTION_BYTES, lp(Label.INTRODUCTION, *fields), CHIEF.key)

    stated = inner_of(good["introduction"], Label.INTRODUCTION_BYTES) + b"\0"
    longer = sign_statement(Label.INTRODUCTION_BYTES, stated, CHIEF.key)
    refuse("with-a-trailing-byte-inside", "Malformed", (3,), introduction=longer)
    refuse("of-oneself", "Malformed", introduction=state(HOME, OTHER_ROOT.public))
    refuse("of-a-root-of-small-order", "Malformed", (9,), introduction=state(AWAY, bytes(32)))
    refuse("of-a-root-of-31-bytes", "Malformed", (3,), introduction=state(AWAY, bytes(31)))


def inner_of(content: bytes, outer: Label) -> bytes:
    return content[len(lp(outer)) + 4 : -69]


def flipped(content: bytes, at: int) -> bytes:
    at %= len(content)
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


assert approve(
    bundle=bundle_from_bytes(WORKER.bundle()), root=ROOT_ID, approver=CHIEF.id, key=CHIEF.key, at=AT + 10
).content == approval(WORKER.bundle(), CHIEF)
