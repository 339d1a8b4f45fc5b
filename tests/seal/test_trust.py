from dataclasses import replace

import pytest

from bot.seal.directory import KIND, MAX_AGE, directory_to_bytes
from bot.seal.enrolment import Right
from bot.seal.errors import Malformed, SealError, Tampered
from bot.seal.event import Event
from bot.seal.signing import signing_key
from bot.seal.trust import Answer, Pins, check_speaker, introduced, recipient, verify_directory_answer
from tests.seal.trusting import (
    APPROVE,
    BRIDGE,
    MEMBER,
    NOW,
    OTHER_ROOT,
    ROOT,
    SHARES,
    Ledger,
    World,
    id_of,
)


@pytest.fixture
def world() -> World:
    """An approver and a member; another organisation introduced."""
    world = World()
    world.enrol("eva-1", MEMBER | APPROVE, "root")
    world.enrol("anna-1", MEMBER, "eva-1")
    world.introduce("lund")
    return world


@pytest.fixture
def ledger() -> Ledger:
    """A ledger with something else on it before."""
    ledger = Ledger()
    for number in range(5):
        ledger.append("person", bytes([number]))
    return ledger


def accept(answer: Answer, pins: Pins, *, now: int = NOW) -> Pins:
    """The pins after an answer that holds."""
    return verify_directory_answer(answer, pins, now=now)[1]


def refuse(answer: Answer, pins: Pins, *, now: int = NOW) -> None:
    """The answer does not hold."""
    with pytest.raises(SealError):
        verify_directory_answer(answer, pins, now=now)


def test_honest_answer_is_believed(world: World, ledger: Ledger) -> None:
    """An honest server's answers are believed one after the other, and the pins move on with them."""
    verified, pins = verify_directory_answer(ledger.answer(world), ledger.pins(), now=NOW)
    assert verified.members.keys() == {id_of("eva-1"), id_of("anna-1")}
    assert (pins.size, pins.number, pins.index) == (6, 1, 5)
    ledger.append("person", b"later")
    world.enrol("bo-1", MEMBER, "eva-1", at=NOW + 60)
    later = ledger.answer(world, number=2, at=NOW + 60, since=pins.size)
    assert accept(later, pins, now=NOW + 60).number == 2


def test_same_answer_twice_is_believed(world: World, ledger: Ledger) -> None:
    """A directory that has not changed is believed again, under a later checkpoint, too."""
    answer = ledger.answer(world)
    pins = accept(answer, ledger.pins())
    assert accept(replace(answer, consistency=[]), pins) == pins
    ledger.append("person", b"later")
    assert accept(ledger.prove(world, answer.directory, answer.index, since=pins.size), pins).size == 7


def test_every_field_of_the_answer_matters(world: World, ledger: Ledger) -> None:
    """Nothing in an answer can be exchanged for anything else."""
    answer = ledger.answer(world)
    pins = accept(answer, ledger.pins())
    ledger.append("person", b"later")
    sound = ledger.prove(world, answer.directory, answer.index, since=pins.size)
    accept(sound, pins)
    for wrong in (
        replace(sound, directory=sound.directory[:-1]),
        replace(sound, entries=sound.entries[:1]),
        replace(sound, entries=[*sound.entries, sound.entries[0]]),
        replace(sound, entries=[(bundle, []) for bundle, _ in sound.entries]),
        replace(sound, introductions=[]),
        replace(sound, index=sound.index - 1),
        replace(sound, index=-1),
        replace(sound, index=2**60),
        replace(sound, salt=bytes(15)),
        replace(sound, salt=b"s" * 16),
        replace(sound, checkpoint=ledger.note(6)),
        replace(sound, checkpoint="nothing\n"),
        replace(sound, inclusion=sound.inclusion[:-1]),
        replace(sound, inclusion=[bytes(32)] * 65),
        replace(sound, consistency=[]),
        replace(sound, consistency=[*sound.consistency, bytes(32)]),
    ):
        refuse(wrong, pins)


def test_directory_that_is_not_on_the_ledger_is_refused(world: World, ledger: Ledger) -> None:
    """A server that shows one client a directory of its own, which stands on no ledger (MUST 54)."""
    answer = ledger.answer(world)
    world.enrol("bo-1", MEMBER, "eva-1")
    body = directory_to_bytes(world.directory(number=2))
    refuse(replace(ledger.prove(world, body, answer.index)), ledger.pins())


def test_entry_of_another_kind_is_no_directory(world: World, ledger: Ledger) -> None:
    """The same bytes as the body of another kind of entry are no directory."""
    body = directory_to_bytes(world.directory())
    index = ledger.append("person", body)
    assert KIND != "person"
    refuse(ledger.prove(world, body, index), ledger.pins())


def test_checkpoint_of_another_key_or_ledger_is_refused(world: World, ledger: Ledger) -> None:
    """Only the pinned key of the pinned ledger counts."""
    answer = ledger.answer(world)
    refuse(answer, replace(ledger.pins(), ledger=signing_key(b"x" * 32).public))
    refuse(answer, replace(ledger.pins(), origin="samjour.example/lund"))
    refuse(answer, replace(ledger.pins(), organisation="lund"))
    refuse(answer, replace(ledger.pins(), root=OTHER_ROOT.public))


def test_fork_of_the_ledger_is_refused(world: World, ledger: Ledger) -> None:
    """A ledger that has another past than the one accepted before, though its key signed both (MUST 54)."""
    pins = accept(ledger.answer(world), ledger.pins())
    fork = Ledger()
    for number in range(5):
        fork.append("person", bytes([number + 1]))
    fork.append("person", b"one more")
    refuse(fork.answer(world, number=2, since=pins.size), pins)
    refuse(fork.answer(world, number=3), pins)


def test_ledger_put_back_is_refused(world: World, ledger: Ledger) -> None:
    """A smaller ledger than the one accepted before."""
    smaller = replace(ledger, rows=dict(ledger.rows))
    ledger.append("person", b"later")
    pins = accept(ledger.answer(world), ledger.pins())
    refuse(smaller.answer(world), pins)


def test_stale_directory_is_refused(world: World, ledger: Ledger) -> None:
    """A server that goes on serving yesterday's directory, or one before the newest that was seen (MUST 53)."""
    answer = ledger.answer(world)
    refuse(answer, ledger.pins(), now=NOW + MAX_AGE + 1)
    first = accept(answer, ledger.pins())
    second = accept(ledger.answer(world, number=2, since=first.size), first)
    refuse(ledger.prove(world, answer.directory, answer.index, since=second.size), second)


def test_two_directories_of_one_number_are_refused(world: World, ledger: Ledger) -> None:
    """A number that was seen names one entry; the same entry has one number."""
    pins = accept(ledger.answer(world), ledger.pins())
    refuse(ledger.answer(world, number=1, since=pins.size), pins)
    older = ledger.append(KIND, directory_to_bytes(world.directory(number=3)))
    newer = ledger.answer(world, number=2, since=pins.size)
    pins = accept(newer, pins)
    body = directory_to_bytes(world.directory(number=3))
    refuse(ledger.prove(world, body, older, since=pins.size), pins)


def test_revoked_device_does_not_come_back(world: World, ledger: Ledger) -> None:
    """A server cannot make a lost telephone active again for whoever has seen it revoked (MUST 53)."""
    world.revoked["anna-1"] = NOW + 1
    pins = accept(ledger.answer(world), ledger.pins())
    assert pins.revoked == {id_of("anna-1"): NOW + 1}
    entry = world.entries["anna-1"]
    for change in ({}, {"anna-1": NOW + 2}):
        world.revoked = dict(change)
        refuse(ledger.answer(world, number=2, since=pins.size), pins)
    world.revoked = {}
    del world.entries["anna-1"]
    refuse(ledger.answer(world, number=2, since=pins.size), pins)
    world.entries["anna-1"], world.revoked = entry, {"anna-1": NOW + 1}
    accept(ledger.answer(world, number=2, since=pins.size), pins)


def test_too_many_entries_are_refused_unread(world: World, ledger: Ledger) -> None:
    """An answer of more entries than a directory can have is refused before any of them is looked at."""
    answer = ledger.answer(world)
    with pytest.raises(Malformed):
        verify_directory_answer(replace(answer, entries=[(b"", ())] * 4097), ledger.pins(), now=NOW)


def test_first_answer_needs_no_consistency(world: World, ledger: Ledger) -> None:
    """There is nothing to be consistent with at first, and a proof of it says that somebody is confused."""
    answer = ledger.answer(world, since=3)
    refuse(answer, ledger.pins())


def test_introduced_organisation_is_pinned(world: World, ledger: Ledger) -> None:
    """Another organisation's pins come of one's own directory, and its root does not change afterwards."""
    verified, home = verify_directory_answer(ledger.answer(world), ledger.pins(), now=NOW)
    pins = introduced(home, verified, "lund")
    assert (pins.root, pins.origin, pins.size) == (OTHER_ROOT.public, "samjour.example/lund", 0)
    kept = replace(pins, size=7, tree=bytes(32))
    assert introduced(home, verified, "lund", kept) == kept
    with pytest.raises(Tampered):
        introduced(home, verified, "ystad")
    with pytest.raises(Tampered):
        introduced(home, verified, "lund", replace(kept, root=ROOT.public))


def test_nothing_is_sealed_to_whom_it_must_not(world: World, ledger: Ledger) -> None:
    """Not listed, revoked, or without the right (MUST 55)."""
    world.enrol("bridge-1", BRIDGE, "root")
    world.enrol("cia-1", SHARES, "root")
    world.revoked["eva-1"] = NOW + 1
    verified, _ = verify_directory_answer(ledger.answer(world), ledger.pins(), now=NOW)
    assert recipient(verified, id_of("anna-1"), MEMBER | BRIDGE).device_id == id_of("anna-1")
    assert recipient(verified, id_of("bridge-1"), MEMBER | BRIDGE).device_id == id_of("bridge-1")
    assert recipient(verified, id_of("cia-1"), SHARES).device_id == id_of("cia-1")
    for name, right in (
        ("eva-1", MEMBER),
        ("anna-1", SHARES),
        ("cia-1", MEMBER | BRIDGE),
        ("bridge-1", SHARES),
        ("nobody-1", MEMBER),
    ):
        with pytest.raises(Tampered):
            recipient(verified, id_of(name), Right(right))


def test_speaker_speaks_for_themselves(world: World, ledger: Ledger) -> None:
    """An event's author is its device's person, except a bridge's; and its device is in the room (MUST 56)."""
    world.enrol("bridge-1", BRIDGE, "root")
    verified, _ = verify_directory_answer(ledger.answer(world), ledger.pins(), now=NOW)
    said = Event(
        room="room-1",
        epoch=1,
        seq=2,
        prev_hash=bytes(32),
        device_id=id_of("anna-1"),
        author="anna",
        kind="said",
        nonce=bytes(12),
        ct=bytes(256 + 16),
        sig=b"\x01" + bytes(64),
    )
    anna, bridge = verified.members[id_of("anna-1")], verified.members[id_of("bridge-1")]
    inside = {id_of("anna-1"), id_of("bridge-1")}
    check_speaker(said, anna, recipients=inside)
    check_speaker(replace(said, device_id=id_of("bridge-1"), author="eva"), bridge, recipients=inside)
    for wrong, member, recipients in (
        (replace(said, author="eva"), anna, inside),
        (said, bridge, inside),
        (said, anna, {id_of("bridge-1")}),
    ):
        with pytest.raises(Tampered):
            check_speaker(wrong, member, recipients=recipients)
