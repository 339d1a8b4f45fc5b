"""Who is in a room: the two people's devices, and the bridge for nobody who can do without it."""

from hypothesis import given
from hypothesis import strategies as st

from bot.core.ids import PersonId
from bot.core.members import Side, members_of

OFFICER, WORKER = PersonId("p-officer"), PersonId("p-worker")
BRIDGE = b"b" * 32
DEVICES = st.frozensets(st.sampled_from([bytes([n]) * 32 for n in range(6)]), max_size=3)


def side(person: PersonId, *devices: bytes, bridged: bool = False) -> Side:
    return Side(person=person, devices=frozenset(devices), bridged=bridged)


def test_two_people_with_devices_are_alone() -> None:
    """Where both have devices nobody else is in the room, although both are reached by Telegram too."""
    members = members_of(
        [side(OFFICER, b"1", b"2", bridged=True), side(WORKER, b"3", bridged=True)], identified=False
    )
    assert members.recipients(BRIDGE) == {b"1", b"2", b"3"}
    assert members.devices == {b"1": OFFICER, b"2": OFFICER, b"3": WORKER}
    assert members.complete


def test_the_bridge_speaks_for_whoever_has_no_device() -> None:
    """One leg on Telegram brings the bridge in, for that person alone."""
    members = members_of([side(OFFICER, bridged=True), side(WORKER, b"3", bridged=True)], identified=False)
    assert members.recipients(BRIDGE) == {BRIDGE, b"3"}
    assert members.spoken_for == {OFFICER}
    assert members.complete


def test_whoever_cannot_be_reached_is_talked_to_by_telephone() -> None:
    """Where the channel may not carry talk there is no bridge: the other is alone in the room."""
    members = members_of([side(OFFICER), side(WORKER, b"3", bridged=True)], identified=False)
    assert members.recipients(BRIDGE) == {b"3"}
    assert members.absent == {OFFICER}
    assert not members.complete


def test_nobody_named_is_carried_by_a_bridge() -> None:
    """In the identified phase the bridge is in for nobody, also when somebody has lost their last device."""
    members = members_of([side(OFFICER, bridged=True), side(WORKER, b"3")], identified=True)
    assert members.recipients(BRIDGE) == {b"3"}
    assert members.absent == {OFFICER}


@given(
    officer=DEVICES,
    worker=DEVICES,
    bridged=st.sets(st.sampled_from([OFFICER, WORKER])),
    identified=st.booleans(),
)
def test_everybody_is_in_by_one_way_only(
    officer: frozenset[bytes], worker: frozenset[bytes], bridged: set[PersonId], *, identified: bool
) -> None:
    """Each person is there by devices, by the bridge or not at all; and the key goes to nobody else's device."""
    worker -= officer
    sides = [
        side(OFFICER, *officer, bridged=OFFICER in bridged),
        side(WORKER, *worker, bridged=WORKER in bridged),
    ]
    members = members_of(sides, identified=identified)
    ways = [set(members.devices.values()), members.spoken_for, members.absent]
    assert [sum(person in way for way in ways) for person in (OFFICER, WORKER)] == [1, 1]
    assert members.recipients(BRIDGE) - {BRIDGE} == officer | worker
    assert (BRIDGE in members.recipients(BRIDGE)) == bool(members.spoken_for)
    assert not (identified and members.spoken_for)
