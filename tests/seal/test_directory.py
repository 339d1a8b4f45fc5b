from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.seal.directory import (
    MAX_AGE,
    MAX_AHEAD,
    Directory,
    Entry,
    Listed,
    believe,
    check_fresh,
    directory_from_bytes,
    directory_to_bytes,
    make_entry,
    verify_directory,
)
from bot.seal.enrolment import Right, approve, check_approval, root_id
from bot.seal.errors import Malformed, Tampered
from bot.seal.labels import Label
from bot.seal.wire import MAX_NUMBER, lp
from tests.seal.trusting import (
    APPROVE,
    BRIDGE,
    MEMBER,
    NOW,
    OTHER_ROOT,
    ROOT,
    SHARES,
    VOUCH,
    World,
    id_of,
    people_of,
    secret_of,
)

HASHES = st.binary(min_size=32, max_size=32)


def refused(world: World) -> None:
    """The directory of that world does not hold, as a whole."""
    with pytest.raises(Tampered):
        world.verify()


def approvers(*names: str) -> World:
    """A world in which those, each a person's device, may approve."""
    world = World()
    for name in names:
        world.enrol(name, MEMBER | APPROVE, "root")
    return world


# ---- bytes -----------------------------------------------------------------------------------------------------


@given(
    number=st.integers(1, MAX_NUMBER),
    at=st.integers(0, MAX_NUMBER),
    devices=st.dictionaries(HASHES, st.tuples(st.integers(0, MAX_NUMBER), HASHES), max_size=6),
    introductions=st.sets(HASHES, max_size=4),
)
def test_round_trip(
    number: int, at: int, devices: dict[bytes, tuple[int, bytes]], introductions: set[bytes]
) -> None:
    """Any directory in order is written and read back."""
    listed = tuple(
        Listed(device_id=id_, revoked_at=gone, hash=hashed) for id_, (gone, hashed) in sorted(devices.items())
    )
    made = Directory(
        organisation="malmo",
        number=number,
        at=at,
        devices=listed,
        introductions=tuple(sorted(introductions)),
    )
    assert directory_from_bytes(directory_to_bytes(made)) == made


LINE = Listed(device_id=b"a" * 32, revoked_at=0, hash=b"h" * 32)
SOUND = Directory(organisation="malmo", number=1, at=NOW, devices=(LINE,), introductions=())


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": 0},
        {"at": -1},
        {"at": MAX_NUMBER + 1},
        {"organisation": ""},
        {"devices": (LINE, LINE)},
        {"devices": (replace(LINE, device_id=b"b" * 32), LINE)},
        {"introductions": (b"b" * 32, b"a" * 32)},
        {"introductions": (b"a" * 32, b"a" * 32)},
        {"devices": tuple(replace(LINE, device_id=n.to_bytes(32, "big")) for n in range(4097))},
        {"introductions": tuple(n.to_bytes(32, "big") for n in range(257))},
    ],
)
def test_out_of_order_or_bounds_is_refused(wrong: dict[str, object]) -> None:
    """Number 0, repetitions, another order, too many (MUST 51)."""
    with pytest.raises(Malformed):
        replace(SOUND, **wrong)  # type: ignore[arg-type]


def test_largest_directory_fits() -> None:
    """A directory of as many devices and introductions as there may be is written and read."""
    full = replace(
        SOUND,
        devices=tuple(replace(LINE, device_id=n.to_bytes(32, "big")) for n in range(4096)),
        introductions=tuple(n.to_bytes(32, "big") for n in range(256)),
    )
    content = directory_to_bytes(full)
    assert directory_from_bytes(content) == full
    assert len(content) < 2**20  # the bound of a field, hence of a ledger entry's body


def test_disorder_on_the_wire_is_refused() -> None:
    """What no writer would have written is not read: devices in another order, a count that lies, bytes after the end."""
    ids = (b"b" * 32, b"a" * 32)
    lines = [part for id_ in ids for part in (id_, 0, b"h" * 32)]
    with pytest.raises(Malformed):
        directory_from_bytes(lp(Label.DIRECTORY, "malmo", 1, NOW, 2, *lines, 0))
    for content in (
        lp(Label.DIRECTORY, "malmo", 1, NOW, 3, *lines, 0),
        lp(Label.DIRECTORY, "malmo", 1, NOW, 1, *lines, 0),
        lp(Label.DIRECTORY, "malmo", 1, NOW, MAX_NUMBER, 0),
        directory_to_bytes(SOUND) + b"\0",
        directory_to_bytes(SOUND)[:-1],
    ):
        with pytest.raises(Malformed):
            directory_from_bytes(content)


def test_entry_of_too_many_or_repeated_approvals_is_refused() -> None:
    """At most eight, none twice; and no statement longer than one can be."""
    world = World()
    entry = world.enrol("anna-1", MEMBER)
    words = [world.word("anna-1", f"p{n}-1") for n in range(9)]
    assert len(make_entry(entry.bundle.content, words[:8]).approvals) == 8
    for wrong in (words, words * 500, [words[0], words[0]]):
        with pytest.raises(Malformed):
            make_entry(entry.bundle.content, wrong)
    with pytest.raises(Malformed):
        make_entry(entry.bundle.content + bytes(2**14), [])
    with pytest.raises(Malformed):
        make_entry(entry.bundle.content, [bytes(2**14)])


# ---- freshness -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("late", [-MAX_AHEAD, 0, MAX_AGE])
def test_fresh_enough(late: int) -> None:
    """A day old, or as much ahead as clocks differ."""
    check_fresh(SOUND, now=NOW + late)


@pytest.mark.parametrize("late", [-MAX_AHEAD - 1, MAX_AGE + 1])
def test_stale_or_future_is_refused(late: int) -> None:
    """A second more, either way (MUST 53)."""
    with pytest.raises(Tampered):
        check_fresh(SOUND, now=NOW + late)


def test_older_number_is_refused() -> None:
    """Whoever has seen number 2 is not shown number 1 any more."""
    check_fresh(replace(SOUND, number=2), now=NOW, least=2)
    with pytest.raises(Tampered):
        check_fresh(SOUND, now=NOW, least=2)


# ---- who is believed -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rights", [MEMBER, SHARES, APPROVE, VOUCH, BRIDGE, SHARES | APPROVE | MEMBER | VOUCH]
)
def test_root_alone_suffices(rights: Right) -> None:
    """Whatever the root certifies is believed (MUST 47)."""
    world = World()
    world.enrol("anna-1", rights, "root")
    assert people_of(world.verify()) == ["anna"]


def test_member_takes_one_approver() -> None:
    """A member's device is believed when one approver vouches for it."""
    world = approvers("eva-1")
    world.enrol("anna-1", MEMBER, "eva-1")
    assert people_of(world.verify()) == ["anna", "eva"]


def test_nobody_is_believed_without_approval() -> None:
    """A device that only signed its own bundle takes the whole directory with it."""
    world = approvers("eva-1")
    world.enrol("anna-1", MEMBER)
    refused(world)


@pytest.mark.parametrize("rights", [SHARES, APPROVE, VOUCH, BRIDGE, MEMBER | SHARES, MEMBER | VOUCH])
def test_more_than_a_member_takes_two_people(rights: Right) -> None:
    """Whatever is more than a member takes two different people; one of them, or one twice, is too few."""
    world = approvers("eva-1", "eva-2", "dan-1")
    world.enrol("anna-1", rights, "eva-1", "dan-1")
    assert "anna" in people_of(world.verify())
    world.enrol("anna-1", rights, "eva-1")
    refused(world)
    world.enrol("anna-1", rights, "eva-1", "eva-2")
    refused(world)


def test_voucher_vouches_for_members_alone() -> None:
    """Right 8 counts for members; for a supervisor two vouchers, or a voucher and an approver, are too few."""
    world = approvers("eva-1")
    world.enrol("jon-1", MEMBER | VOUCH, "root")
    world.enrol("kim-1", MEMBER | VOUCH, "root")
    world.enrol("anna-1", MEMBER, "jon-1")
    assert "anna" in people_of(world.verify())
    for words in (("jon-1", "kim-1"), ("jon-1", "eva-1")):
        world.enrol("anna-1", SHARES, *words)
        refused(world)


def test_member_vouches_for_nobody_else() -> None:
    """Being a member, or keeping shares, gives no word about other people's devices."""
    world = World()
    world.enrol("bo-1", MEMBER | SHARES, "root")
    world.enrol("anna-1", MEMBER, "bo-1")
    refused(world)


def test_own_other_device_suffices_for_a_member() -> None:
    """One's own believed device vouches for one's next, also when one invited oneself; but only for a member's."""
    world = World()
    world.enrol("anna-1", MEMBER, "root")
    world.enrol("anna-2", MEMBER, "anna-1", inviter="anna")
    assert people_of(world.verify()) == ["anna", "anna"]
    for rights in (SHARES, MEMBER | APPROVE):
        world.enrol("anna-2", rights, "anna-1")
        refused(world)


def test_own_device_that_is_no_member_does_not_suffice() -> None:
    """A supervisor's device that keeps shares and nothing more does not bring in a member's."""
    world = World()
    world.enrol("anna-1", SHARES | APPROVE, "root")
    world.enrol("anna-2", MEMBER, "anna-1")
    refused(world)


def test_own_word_is_not_one_of_two() -> None:
    """For more than a member one's own device never counts, though it may approve others."""
    world = approvers("anna-1", "eva-1")
    world.enrol("anna-2", SHARES, "anna-1", "eva-1")
    refused(world)


def test_inviter_does_not_count() -> None:
    """Whoever invites somebody does not approve them, too: two heads at least."""
    world = approvers("eva-1", "dan-1", "fia-1")
    world.enrol("anna-1", MEMBER, "eva-1", inviter="eva")
    refused(world)
    world.enrol("anna-1", SHARES, "eva-1", "dan-1", inviter="eva")
    refused(world)
    world.enrol("anna-1", SHARES, "eva-1", "dan-1", "fia-1", inviter="eva")
    assert "anna" in people_of(world.verify())


def test_device_does_not_approve_itself() -> None:
    """Nobody rests on their own word (MUST 48)."""
    world = World()
    world.enrol("anna-1", MEMBER | APPROVE, "anna-1")
    refused(world)


def test_circle_is_not_believed() -> None:
    """Two, or three, who vouch for each other and for nobody that the root leads to."""
    world = World()
    world.enrol("anna-1", APPROVE, "bo-1", "cia-1")
    world.enrol("bo-1", APPROVE, "anna-1", "cia-1")
    world.enrol("cia-1", APPROVE, "anna-1", "bo-1")
    refused(world)
    world.enrol("dan-1", APPROVE, "root")
    refused(world)


def test_chain_from_the_root_is_believed_whatever_its_order() -> None:
    """Each vouches for the next; the ids' order is another than the chain's."""
    world = approvers("eva-1", "dan-1")
    for number in range(12):
        last = ("eva-1", "dan-1") if number == 0 else (f"p{number - 1}-1", "eva-1")
        world.enrol(f"p{number}-1", MEMBER | APPROVE, *last)
    assert len(people_of(world.verify())) == 14


def test_word_of_a_revoked_device_counts_until_then() -> None:
    """What a device said before it was revoked stands; what bears that second or a later one does not (MUST 48)."""
    world = approvers("eva-1")
    world.revoked["eva-1"] = NOW + 10
    world.enrol("anna-1", MEMBER, "eva-1", at=NOW + 9)
    assert not world.verify().members[id_of("eva-1")].active
    for late in (10, 11):
        world.enrol("anna-1", MEMBER, "eva-1", at=NOW + late)
        refused(world)


def test_revoked_device_is_listed_as_such() -> None:
    """A revoked device stays in the directory, and is not active."""
    world = World()
    world.enrol("anna-1", MEMBER, "root")
    world.revoked["anna-1"] = NOW
    member = world.verify().members[id_of("anna-1")]
    assert (member.active, member.revoked_at) == (False, NOW)


def test_approval_under_another_root_does_not_count() -> None:
    """An approver's word names the root: it cannot be carried into a directory under another one."""
    world = approvers("eva-1")
    entry = world.enrol("anna-1", MEMBER)
    stray = world.word("anna-1", "eva-1", root=OTHER_ROOT)
    world.entries["anna-1"] = make_entry(entry.bundle.content, [stray])
    refused(world)
    by_other = world.word("anna-1", "root", root=OTHER_ROOT)
    world.entries["anna-1"] = make_entry(entry.bundle.content, [by_other])
    refused(world)


def test_approval_that_names_the_root_and_is_not_signed_by_it_does_not_count() -> None:
    """Only the root signs for the root."""
    world = approvers("eva-1")
    entry = world.enrol("anna-1", SHARES)
    named = root_id(ROOT.public)
    word = approve(bundle=entry.bundle, root=named, approver=named, key=secret_of("eva-1").signing, at=NOW)
    world.entries["anna-1"] = make_entry(entry.bundle.content, [word.content])
    refused(world)


def test_another_pinned_root_is_refused() -> None:
    """A client that pinned another root believes nothing of it."""
    world = approvers("eva-1")
    with pytest.raises(Tampered):
        world.verify(OTHER_ROOT)


# ---- the directory as a whole ----------------------------------------------------------------------------------


def test_entry_missing_added_or_exchanged_is_refused() -> None:
    """All that are listed, as they are listed, and no other (MUST 52)."""
    world = approvers("eva-1", "dan-1")
    entries = list(world.entries.values())
    stranger = World().enrol("bo-1", MEMBER, "root")
    again = World().enrol("eva-1", MEMBER | APPROVE, "root", at=NOW + 1)
    for wrong in (entries[:1], [*entries, stranger], [entries[0], entries[0]], [again, entries[1]]):
        with pytest.raises(Tampered):
            verify_directory(world.directory(), entries=wrong, introductions=(), root=ROOT.public)


def test_device_of_another_organisation_is_refused() -> None:
    """A device of another organisation is not taken over, though the same root should have approved it."""
    world, other = approvers("eva-1"), World(organisation="lund")
    world.entries["bo-1"] = other.enrol("bo-1", MEMBER, "root")
    refused(world)


def test_introductions_are_those_listed() -> None:
    """One missing, one added, and one organisation with two roots (MUST 52)."""
    world = approvers("eva-1")
    word = world.introduce("lund")
    assert world.verify().roots == {"lund": OTHER_ROOT.public}
    made = world.directory()
    for given_ in ((), (word, World().introduce("ystad"))):
        with pytest.raises(Tampered):
            verify_directory(
                made, entries=list(world.entries.values()), introductions=given_, root=ROOT.public
            )
    world.introduce("lund", public=ROOT.public)
    refused(world)


def test_introducer_is_the_root_or_a_believed_approver() -> None:
    """A device with right 4 introduces; a member, a stranger and a revoked one do not (MUST 49)."""
    world = approvers("eva-1")
    world.enrol("anna-1", MEMBER | SHARES | VOUCH, "root")
    world.introduce("lund", "eva-1")
    assert world.verify().roots == {"lund": OTHER_ROOT.public}
    world.revoked["eva-1"] = NOW
    refused(world)
    world.revoked["eva-1"] = NOW + 1
    assert world.verify().roots
    for other in ("anna-1", "nobody-1"):
        world.introductions.clear()
        world.introduce("lund", other)
        refused(world)


PEOPLE = [f"{person}-{number}" for person in "abc" for number in (1, 2)]
RIGHTS = [MEMBER, SHARES, MEMBER | APPROVE, MEMBER | VOUCH]
GRAPHS = st.dictionaries(
    st.sampled_from(PEOPLE),
    st.tuples(
        st.sampled_from(RIGHTS),
        st.sets(st.sampled_from(["root", *PEOPLE]), max_size=3),
        st.sampled_from(["malmo", "a", "b"]),
        st.sampled_from([0, NOW, NOW + 1]),
    ),
    max_size=6,
)


@given(GRAPHS)
def test_believed_is_the_least_set_that_the_rules_give(
    graph: dict[str, tuple[Right, set[str], str, int]],
) -> None:
    """Whatever vouches for whatever: those believed are who FORMAT.md 47 and 48 give, applied until nobody is added."""
    world = World()
    for name, (rights, words, inviter, _) in graph.items():
        world.enrol(name, rights, *sorted(words), inviter=inviter)
    entries = {id_of(name): entry for name, entry in world.entries.items()}
    revoked = {id_of(name): gone for name, (*_, gone) in graph.items()}
    found = believe(entries, revoked, ROOT.public)
    assert found.keys() == {id_of(name) for name in _by_the_rules(graph)}


def _by_the_rules(graph: dict[str, tuple[Right, set[str], str, int]]) -> set[str]:
    believed: set[str] = set()
    while True:
        more = {name for name in graph.keys() - believed if _holds(graph, name, believed)}
        if not more:
            return believed
        believed |= more


def _holds(graph: dict[str, tuple[Right, set[str], str, int]], name: str, believed: set[str]) -> bool:
    rights, words, inviter, _ = graph[name]
    person = name[0]
    if "root" in words:
        return True
    people = set()
    for word in words & believed:
        theirs, _, _, gone = graph[word]
        if gone and gone <= NOW:
            continue
        if word[0] == person:
            if rights == MEMBER and theirs & MEMBER:
                people.add(person)
        elif word[0] != inviter and (theirs & APPROVE or (rights == MEMBER and theirs & VOUCH)):
            people.add(word[0])
    return len(people) >= (1 if rights == MEMBER else 2)


def test_deep_and_wide_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """However the words are laid out, each signature is checked once: a directory cannot keep a client busy for hours."""
    checks = 0

    def counted(*args: object, **named: object) -> None:
        nonlocal checks
        checks += 1
        check_approval(*args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr("bot.seal.directory.check_approval", counted)
    world = approvers("eva-1")
    for number in range(30):
        before = [f"p{number - n}-1" for n in range(1, 8) if number >= n]
        world.enrol(f"p{number}-1", MEMBER | APPROVE, *before, *(["root"] if number < 2 else []))
    world.verify()
    assert checks <= sum(len(entry.approvals) for entry in world.entries.values())


def test_flipped_directory_is_refused(flips: Callable[[bytes], list[bytes]]) -> None:
    """No byte of a directory that matters can be changed: number and time stand under the ledger alone."""
    world = approvers("eva-1")
    world.introduce("lund")
    made = world.directory()
    content = directory_to_bytes(made)
    held = 0
    for flipped in flips(content):
        try:
            read = directory_from_bytes(flipped)
            verify_directory(
                read,
                entries=list(world.entries.values()),
                introductions=world.introductions,
                root=ROOT.public,
            )
        except (Malformed, Tampered):
            continue
        assert replace(read, number=made.number, at=made.at, devices=made.devices) == made
        held += 1
    assert held <= 3 * 8


def test_entry_is_sorted_on_reading() -> None:
    """Approvals come in any order on the wire and give one hash."""
    world = approvers("eva-1", "dan-1")
    entry = world.enrol("anna-1", SHARES, "eva-1", "dan-1")
    words = [approval.content for approval in entry.approvals]
    assert isinstance(entry, Entry)
    assert make_entry(entry.bundle.content, words[::-1]) == entry
