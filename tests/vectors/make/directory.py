"""Cases of the directory: FORMAT.md section 4b."""

from collections.abc import Mapping, Sequence

from bot.seal.directory import (
    Directory,
    Listed,
    directory_to_bytes,
    hash_introduction,
    hash_parts,
)
from bot.seal.enrolment import (
    introduction_from_bytes,
    root_id,
)
from bot.seal.labels import Label
from bot.seal.statement import sign_statement
from bot.seal.wire import lp
from tests.seal.cases import Fields
from tests.vectors.make.enrolment import (
    ALL,
    APPROVE,
    AT,
    AWAY,
    BRIDGED,
    CHIEF,
    CHIEF_TOO,
    DEPUTY,
    HOME,
    JOUR,
    KEEPER,
    KEEPER_TOO,
    MEMBER,
    OTHER_ROOT,
    PAIR,
    ROOT,
    SHARES,
    WORKER,
    WORKER_TOO,
    Who,
    approval,
    flipped,
    inner_of,
    introduction,
)
from tests.vectors.make.kit import Topic

Words = Mapping[Who, Sequence[bytes]]


def listing(
    words: Words,
    introductions: Sequence[bytes] = (),
    *,
    revoked: Mapping[Who, int] | None = None,
    organisation: str = HOME,
) -> Fields:
    """A directory of these devices and words for them, and what comes with it."""
    devices, entries = [], []
    for who, approvals in sorted(words.items(), key=lambda item: item[0].id):
        in_order = sorted(approvals, key=_approver)
        devices.append(
            Listed(
                device_id=who.id,
                revoked_at=(revoked or {}).get(who, 0),
                hash=hash_parts(who.bundle(), in_order),
            )
        )
        entries.append({"bundle": who.bundle(), "approvals": in_order})
    hashes = sorted(hash_introduction(introduction_from_bytes(each)) for each in introductions)
    directory = Directory(
        organisation=organisation, number=7, at=AT + 100, devices=tuple(devices), introductions=tuple(hashes)
    )
    return {
        "directory": directory_to_bytes(directory),
        "entries": entries,
        "introductions": list(introductions),
        "root": ROOT.public,
    }


def _approver(content: bytes) -> bytes:
    return content[-69 - 12 - 32 : -69 - 12]


def root_words(*whom: Who) -> dict[Who, list[bytes]]:
    """The root's word for each."""
    return {who: [approval(who.bundle(), None)] for who in whom}


def words(who: Who, *by: Who, at: int = AT + 10) -> dict[Who, list[bytes]]:
    """Devices' words for one."""
    return {who: [approval(who.bundle(), each, at) for each in by]}


def directory() -> Topic:
    """Section 4b."""
    topic = Topic("directory", "The directory of an organisation's devices (FORMAT.md 4b).")
    for number, who in enumerate(ALL):
        topic.value(f"bundle-{number}", who.bundle())
        topic.value(f"by-root-{number}", approval(who.bundle(), None))
        for approver, name in ((CHIEF, "chief"), (DEPUTY, "deputy"), (WORKER, "worker")):
            topic.value(f"by-{name}-{number}", approval(who.bundle(), approver))
    _shapes(topic)
    _fresh(topic)
    _believed(topic)
    _not_believed(topic)
    _revoked(topic)
    _complete(topic)
    _introduced(topic)
    return topic


def _shapes(topic: Topic) -> None:
    def raw(
        ids: Sequence[bytes],
        introductions: Sequence[bytes] = (),
        *,
        number: int = 1,
        name: str = HOME,
        more: int = 0,
        revoked: int | bytes = 0,
    ) -> bytes:
        fields: list[bytes | int | str] = [name, number, AT, len(ids) + more]
        for id_ in ids:
            fields += [id_, revoked, b"\xaa" * 32]
        return lp(Label.DIRECTORY, *fields, len(introductions), *introductions)

    one, two = b"\x01" * 32, b"\x02" * 32
    low, high = b"\x7f" + bytes(31), b"\x80" + bytes(31)
    topic.ok("read-directory", [51], "read_directory", directory=raw([one, two], [one, two]))
    topic.ok("read-directory-of-nobody", [51], "read_directory", directory=raw([]))
    topic.ok(
        "read-directory-ascending-unsigned", [51], "read_directory", directory=raw([low, high], [low, high])
    )
    topic.ok("read-directory-with-a-revoked-device", [51], "read_directory", directory=raw([one], revoked=AT))

    def refuse(id_: str, wrong: bytes, musts: Sequence[int] = (51,)) -> None:
        topic.refuse(f"read-directory-{id_}", musts, "read_directory", "Malformed", directory=wrong)

    refuse("of-number-0", raw([one], number=0))
    refuse("with-devices-descending", raw([two, one]))
    refuse("with-a-device-twice", raw([one, one]))
    refuse("with-devices-ascending-signed", raw([high, low]))
    refuse("with-introductions-descending", raw([one], [two, one]))
    refuse("with-an-introduction-twice", raw([one], [one, one]))
    refuse("that-counts-4097-devices", raw([one], more=4096))
    refuse("that-counts-2-53-devices", raw([one], more=2**53 - 2))
    refuse("that-counts-a-device-more", raw([one], more=1), (3, 51))
    refuse("that-counts-257-introductions", raw([one])[:-8] + (257).to_bytes(8, "big"))
    refuse("of-no-organisation", raw([one], name=""), (2,))
    refuse("with-an-id-of-31-bytes", raw([one[:-1]]), (3,))
    refuse("with-an-introduction-of-31-bytes", raw([], [one[:-1]]), (3,))
    refuse("revoked-at-2-53", raw([one], revoked=(2**53).to_bytes(8, "big")), (3,))
    refuse("trailing-byte", raw([one]) + b"\0", (3,))
    refuse("truncated", raw([one])[:-1], (3,))
    refuse("of-another-label", raw([one]).replace(b"directory/v1", b"directory/v2"), (3,))


def _fresh(topic: Topic) -> None:
    content = lp(Label.DIRECTORY, HOME, 7, AT, 0, 0)

    def fresh(id_: str, now: int, least: int = 1, *, error: str = "") -> None:
        given = {"directory": content, "now": now, "least": least}
        if error:
            topic.refuse(f"fresh-{id_}", [53], "check_fresh", error, **given)
        else:
            topic.ok(f"fresh-{id_}", [53], "check_fresh", **given)

    fresh("now", AT)
    fresh("a-day-old", AT + 86_400)
    fresh("300-seconds-ahead", AT - 300)
    fresh("the-number-seen-before", AT, 7)
    fresh("a-day-and-a-second-old", AT + 86_401, error="Tampered")
    fresh("301-seconds-ahead", AT - 301, error="Tampered")
    fresh("in-milliseconds", AT * 1000, error="Tampered")
    fresh("after-a-newer-number", AT, 8, error="Tampered")


def _ok(topic: Topic, id_: str, musts: Sequence[int], given: Fields) -> None:
    topic.ok(id_, musts, "verify_directory", **given)


def _no(topic: Topic, id_: str, musts: Sequence[int], given: Fields, error: str = "Tampered") -> None:
    topic.refuse(id_, musts, "verify_directory", error, **given)


def _believed(topic: Topic) -> None:
    roots = root_words(CHIEF, DEPUTY, JOUR)
    _ok(topic, "nobody", [47], listing({}))
    _ok(topic, "the-root-for-each-right", [47], listing(root_words(CHIEF, KEEPER, BRIDGED)))
    _ok(topic, "one-person-for-a-member", [47], listing(roots | words(WORKER, CHIEF)))
    _ok(topic, "the-jour-for-a-member", [47], listing(roots | words(WORKER, JOUR)))
    own = root_words(CHIEF) | words(WORKER, CHIEF) | words(WORKER_TOO, WORKER)
    _ok(topic, "ones-own-device-for-a-member", [47], listing(own))
    _ok(topic, "two-people-for-shares", [47], listing(roots | words(KEEPER, CHIEF, DEPUTY)))
    _ok(topic, "two-people-for-a-bridge", [47], listing(roots | words(BRIDGED, CHIEF, DEPUTY)))
    chain = (
        root_words(CHIEF, DEPUTY)
        | words(PAIR, CHIEF, DEPUTY)
        | words(WORKER, PAIR)
        | words(WORKER_TOO, WORKER)
    )
    _ok(topic, "a-chain", [47], listing(chain))
    beside = {WORKER: [*words(WORKER, CHIEF)[WORKER], approval(WORKER.bundle(), KEEPER)]}
    _ok(topic, "a-word-that-counts-beside-one-that-does-not", [47], listing(root_words(CHIEF) | beside))


def _not_believed(topic: Topic) -> None:
    roots = root_words(CHIEF, DEPUTY, JOUR)

    def no(id_: str, given: Mapping[Who, Sequence[bytes]], musts: Sequence[int] = (47,)) -> None:
        _no(topic, id_, musts, listing(given))

    no("nobodys-word", roots | {WORKER: []})
    no("a-strangers-word", roots | words(WORKER, PAIR))
    no("ones-own-word", {WORKER: [approval(WORKER.bundle(), WORKER)]}, (47, 48))
    no("a-circle-of-two", words(WORKER, WORKER_TOO) | words(WORKER_TOO, WORKER), (48,))
    no(
        "a-circle-of-two-approvers",
        words(PAIR, CHIEF, DEPUTY) | words(CHIEF, PAIR, DEPUTY) | root_words(DEPUTY),
        (48,),
    )
    no("a-members-word", roots | root_words(WORKER_TOO) | words(KEEPER_TOO, WORKER_TOO))
    no("a-keepers-word", root_words(KEEPER) | words(WORKER, KEEPER))
    no("a-bridges-word", root_words(BRIDGED) | words(WORKER, BRIDGED))
    no("one-person-for-shares", roots | words(KEEPER, CHIEF))
    no(
        "one-person-with-two-devices-for-shares",
        root_words(CHIEF, CHIEF_TOO) | words(KEEPER, CHIEF, CHIEF_TOO),
    )
    no("the-jour-for-shares", roots | words(KEEPER, CHIEF, JOUR))
    no("one-person-for-a-bridge", roots | words(BRIDGED, CHIEF))
    own = Who(entropy=KEEPER.entropy, person="p-chief", rights=SHARES)
    no("ones-own-person-for-shares", roots | words(own, CHIEF, DEPUTY))
    mine = Who(entropy=WORKER.entropy, person="p-keeper", rights=MEMBER)
    no("ones-own-device-that-is-no-member", root_words(KEEPER) | words(mine, KEEPER))
    invited = Who(entropy=WORKER.entropy, person="p-worker", rights=MEMBER, inviter="p-chief")
    no("the-inviters-word", roots | words(invited, CHIEF))
    no("the-inviters-other-device", root_words(CHIEF_TOO) | words(invited, CHIEF_TOO))
    shares = Who(entropy=KEEPER.entropy, person="p-keeper", rights=SHARES, inviter="p-deputy")
    no("the-inviter-as-one-of-two", roots | words(shares, CHIEF, DEPUTY))
    bundle = WORKER.bundle()
    no("a-word-signed-by-another", roots | {WORKER: [approval(bundle, CHIEF, key=DEPUTY.key)]}, (46, 47))
    no(
        "a-word-for-another-device",
        roots | root_words(WORKER_TOO) | {WORKER: [approval(WORKER_TOO.bundle(), CHIEF)]},
        (46, 47),
    )
    no(
        "a-word-of-another-organisation",
        roots | {WORKER: [approval(bundle, CHIEF, organisation=AWAY)]},
        (46, 47),
    )
    no(
        "a-word-under-another-root",
        roots | {WORKER: [approval(bundle, CHIEF, root=root_id(OTHER_ROOT.public))]},
        (46, 47),
    )
    no("the-roots-name-with-another-key", {WORKER: [approval(bundle, None, key=OTHER_ROOT)]}, (46, 47))
    no("the-roots-key-in-a-devices-name", {WORKER: [approval(bundle, CHIEF, key=ROOT)], **roots}, (46, 47))
    pinned = {**listing(root_words(CHIEF)), "root": OTHER_ROOT.public}
    _no(topic, "another-root-than-pinned", [47, 52], pinned)
    small = {**listing(root_words(CHIEF)), "root": b"\1" + bytes(31)}
    _no(topic, "a-root-of-small-order", [9], small, "Malformed")


def _revoked(topic: Topic) -> None:
    def revoked(at: int, said: int) -> Fields:
        return listing(root_words(CHIEF) | words(WORKER, CHIEF, at=said), revoked={CHIEF: at})

    _ok(topic, "a-word-given-before-revocation", [48], revoked(AT + 50, AT + 49))
    _no(topic, "a-word-given-at-revocation", [48], revoked(AT + 50, AT + 50))
    _no(topic, "a-word-given-after-revocation", [48], revoked(AT + 50, AT + 51))
    still = listing(root_words(CHIEF) | words(WORKER, CHIEF), revoked={WORKER: AT + 50})
    _ok(topic, "a-revoked-device-stays-in-the-list", [48], still)
    two = root_words(CHIEF, DEPUTY) | words(KEEPER, CHIEF, DEPUTY, at=AT + 60)
    _no(topic, "one-of-two-revoked-before-its-word", [48], listing(two, revoked={DEPUTY: AT + 60}))


def _complete(topic: Topic) -> None:
    roots = root_words(CHIEF, DEPUTY)
    good = listing(roots)
    entries, third = good["entries"], listing(root_words(KEEPER))["entries"][0]
    again = {"bundle": entries[0]["bundle"], "approvals": [approval(entries[0]["bundle"], None, AT + 11)]}

    def no(id_: str, error: str = "Tampered", **changed: object) -> None:
        _no(topic, id_, [52], {**good, **changed}, error)

    _ok(topic, "entries-in-another-order", [52], {**good, "entries": entries[::-1]})
    no("an-entry-missing", entries=entries[:1])
    no("no-entries", entries=[])
    no("an-entry-too-many", entries=[*entries, third])
    no("an-entry-twice", entries=[*entries, entries[0]])
    no("an-entry-exchanged", entries=[entries[0], third])
    no("an-entry-approved-otherwise", entries=[again, entries[1]])
    no("an-entry-without-its-approval", entries=[{**entries[0], "approvals": []}, entries[1]])
    no(
        "an-approval-twice",
        "Malformed",
        entries=[{**entries[0], "approvals": entries[0]["approvals"] * 2}, entries[1]],
    )
    nine = [approval(entries[0]["bundle"], None, approver=bytes([n]) * 32) for n in range(9)]
    no("nine-approvals", "Malformed", entries=[{**entries[0], "approvals": nine}, entries[1]])
    eight = {
        "bundle": entries[0]["bundle"],
        "approvals": sorted([*entries[0]["approvals"], *nine[:7]], key=_approver),
    }
    hashes = {CHIEF: [*root_words(CHIEF)[CHIEF]], DEPUTY: [*root_words(DEPUTY)[DEPUTY]]}
    whose = CHIEF if CHIEF.id < DEPUTY.id else DEPUTY
    hashes[whose] = eight["approvals"]
    _ok(topic, "eight-approvals", [52], listing(hashes))
    no("a-broken-bundle", entries=[{**entries[0], "bundle": flipped(entries[0]["bundle"], -1)}, entries[1]])
    away = Who(entropy=DEPUTY.entropy, person="p-deputy", rights=APPROVE, organisation=AWAY)
    _no(topic, "a-device-of-another-organisation", [52], listing(root_words(CHIEF, away)))
    _no(topic, "the-directory-of-another-organisation", [52], listing(roots, organisation=AWAY))


def _introduced(topic: Topic) -> None:
    roots = root_words(CHIEF, WORKER, JOUR)

    def listed(*introductions: bytes, revoked: Mapping[Who, int] | None = None) -> Fields:
        return listing(roots, introductions, revoked=revoked)

    by_root, by_chief = introduction(), introduction(CHIEF, other="farsta")
    _ok(topic, "introduced-by-the-root", [49], listed(by_root))
    _ok(topic, "introduced-by-two", [49], listed(by_root, by_chief))
    early = listed(introduction(CHIEF, at=AT + 49), revoked={CHIEF: AT + 50})
    _ok(topic, "introduced-before-revocation", [48, 49], early)
    _no(
        topic,
        "introduced-at-revocation",
        [48, 49],
        listed(introduction(CHIEF, at=AT + 50), revoked={CHIEF: AT + 50}),
    )
    _no(topic, "introduced-by-a-member", [49], listed(introduction(WORKER)))
    _no(topic, "introduced-by-the-jour", [49], listed(introduction(JOUR)))
    _no(topic, "introduced-by-a-stranger", [49], listed(introduction(PAIR)))
    _no(topic, "introduced-by-another-organisation", [49], listed(introduction(organisation="farsta")))
    _no(topic, "introduced-twice", [49], listed(by_root, introduction(CHIEF)))
    statement = inner_of(by_root, Label.INTRODUCTION_BYTES)
    forged = sign_statement(Label.INTRODUCTION_BYTES, statement, OTHER_ROOT)
    _no(topic, "introduced-in-the-roots-name", [49], listed(forged))
    good = listed(by_root)
    _no(topic, "an-introduction-missing", [52], {**good, "introductions": []})
    _no(topic, "an-introduction-too-many", [52], {**good, "introductions": [by_root, by_chief]})
    _no(topic, "an-introduction-exchanged", [52], {**good, "introductions": [by_chief]})
    _no(topic, "an-introduction-twice", [52], {**good, "introductions": [by_root, by_root]})
