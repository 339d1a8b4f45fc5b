"""Grave events: a commander in the field tells a forum's list, each answers, and the sender sees it as it comes.

What is told is sealed on the sender's device to every device of everybody on the list; doorbells say only that there is
something. It never replaces RLC, TiB or POSOM.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice, zip_longest
from typing import Final

from bot.core import waking
from bot.core.errors import Denied
from bot.core.graves import (
    KEPT_IN_VIEW,
    MOST_AN_HOUR,
    MOST_DEVICES,
    Answer,
    GraveId,
    forum_on,
    forums_on,
)
from bot.core.hours import local_day
from bot.core.ids import PersonId
from bot.core.in_force import entries_of
from bot.core.places import Organisation
from bot.core.policy import Act
from bot.core.referrals import EntryId, Forum
from bot.core.waking import Did, Means, Purpose
from bot.flow.deps import Deps
from bot.flow.forum_lists import listed_at
from bot.flow.ports import Tx
from bot.flow.record import fact, reach
from bot.flow.records import Entry, Kind
from bot.flow.records_devices import Device
from bot.flow.records_graves import Copy, Grave, Told
from bot.flow.refusals import Code, Refused
from bot.flow.room_acts import check_device
from bot.flow.room_members import own_devices
from bot.flow.speaker import Speaker, may
from bot.flow.waking import What, call_by_any, seen
from bot.flow.words import Words
from bot.seal.notice import SIZES
from bot.seal.plain import Sealed

KIND: Final = "grave"
SKEW: Final = timedelta(minutes=5)  # between the sender's clock and ours
HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A notice as a device brings it: the instant that it signed, and a copy for each device, by the device's id."""

    id: GraveId
    at: int  # seconds since 1970
    copies: Mapping[bytes, Sealed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """To whom a notice to a forum goes: everybody on the list, and each device that can open it, the sender's too."""

    organisation: Organisation
    forum: Forum
    people: tuple[PersonId, ...]
    devices: tuple[Device, ...]


def forums(deps: Deps, who: Speaker) -> tuple[tuple[Organisation, Forum], ...]:
    """The forums that somebody may tell. Raises Denied."""
    may(deps, who, Act.GRAVE_SEND)
    return tuple(forums_on(deps.content().structure, local_day(who.now)))


def plan(tx: Tx, deps: Deps, who: Speaker, named: str) -> Plan:
    """To whom a notice would go now. Raises Denied, or Refused for a forum there is not, or with nobody on its list."""
    may(deps, who, Act.GRAVE_SEND)
    found = forum_on(deps.content().structure, named, local_day(who.now))
    if found is None:
        raise Refused(Code.NOT_YOURS)
    people = tuple(one for one in listed_at(tx, found[1].id, who.now) if one != who.person.id)
    if not people:
        raise Refused(Code.LIST_EMPTY)
    devices = _devices(tx, (who.person.id, *people))
    return Plan(organisation=found[0], forum=found[1], people=people, devices=devices)


def send(tx: Tx, deps: Deps, who: Speaker, device: Device, forum: EntryId, sent: Sending) -> Grave:
    """Tell the forum's list: all of it or nobody.

    Raises Denied, or Refused for another time than now, other devices than are planned, an id that was used, what is no
    sealed notice, or one notice too many within the hour.
    """
    planned = plan(tx, deps, who, forum)
    check_device(tx, who, device)
    if abs(sent.at - who.now.timestamp()) > SKEW.total_seconds():
        raise Refused(Code.OTHER_TIME)
    if tx.graves.get(sent.id) is not None:
        raise Refused(Code.ALREADY)
    if len(tx.graves.sent_by(who.person.id, who.now - HOUR)) >= MOST_AN_HOUR:
        raise Refused(Code.NOTICES_ENOUGH)
    if sent.copies.keys() != {one.id for one in planned.devices}:
        raise Refused(Code.PLAN_STALE)
    if any(len(copy.content) not in SIZES for copy in sent.copies.values()):
        raise Refused(Code.BAD_SEAL)
    grave = Grave(
        id=sent.id,
        organisation=planned.organisation.id,
        forum=planned.forum.id,
        sender=who.person.id,
        device=device.id,
        at=datetime.fromtimestamp(sent.at, UTC),
    )
    _keep(tx, deps, grave, planned, sent.copies)
    for person in planned.people:
        _ring(tx, deps, grave, person)
    return grave


def answer(
    tx: Tx, deps: Deps, who: Speaker, named: GraveId, said: Answer, means: Means = Means.DEVICE
) -> Grave:
    """Answer, or answer otherwise than before. Raises Refused for a notice that one was not told, or `NONE`."""
    may(deps, who, Act.GRAVE_ANSWER)
    grave, told = _told(tx, who, named)
    if told is None or said is Answer.NONE:
        raise Refused(Code.NOT_YOURS)
    seen(tx, deps, _what(grave, who.person.id), who.person.id, means)
    if told.answer is not said:
        now = Told(grave=grave.id, person=who.person.id, answer=said, at=who.now)
        tx.graves.answer(now, _fact(deps, grave, who.now, act="answered"))
        reach(tx, deps, who.person.id, Kind.GRAVE, ref=grave.id)  # the doorbell says so
    return grave


def answer_in_chat(tx: Tx, deps: Deps, who: Speaker, named: GraveId, said: Answer) -> None:
    """The same by a button under the doorbell."""
    answer(tx, deps, who, named, said, Means(who.inbound.channel))


def view(tx: Tx, deps: Deps, who: Speaker, device: Device, named: GraveId) -> tuple[Grave, Copy | None]:
    """A notice and the copy that this device opens; whoever was told has looked.

    Raises Refused for anybody else, and Denied for whoever has left since.
    """
    grave, told = _told(tx, who, named)
    may(deps, who, Act.GRAVE_SEND if told is None else Act.GRAVE_ANSWER)
    check_device(tx, who, device)
    if told is not None:
        seen(tx, deps, _what(grave, who.person.id), who.person.id, Means.DEVICE)
    return grave, tx.graves.copy(grave.id, device.id)


def answers(tx: Tx, who: Speaker, grave: Grave) -> tuple[Told, ...]:
    """What everybody answered, for the sender alone; of anybody else their own. In the order of their ids."""
    told = tx.graves.told(grave.id)
    return told if grave.sender == who.person.id else tuple(t for t in told if t.person == who.person.id)


def was_rung(tx: Tx, grave: Grave, told: Told) -> bool:
    """Whether anything has rung for somebody, or they have looked; else only who sent it can tell them."""
    rings = tx.rings.of(_what(grave, told.person).ref)
    looked = told.answer is not Answer.NONE or any(ring.did is Did.SEEN for ring in rings)
    return looked or bool(tx.people.addresses(told.person)) or waking.trying(rings) is not None


def label_of(deps: Deps, words: Words, grave: Grave) -> str:
    """What the forum is called, also after its last day; its id where no file has it any more."""
    own = deps.content().structure.organisations.get(grave.organisation)
    entry = next((one for one in entries_of(own) if one.id == grave.forum), None) if own is not None else None
    return words.label(entry.label) if entry is not None else grave.forum


def mine(tx: Tx, deps: Deps, who: Speaker) -> tuple[Sequence[Grave], Sequence[Grave]]:
    """The notices of the last days that somebody sent, and those that they were told, newest first; none for who left."""
    since = who.now - KEPT_IN_VIEW
    sent = tx.graves.sent_by(who.person.id, since) if _is_let(deps, who, Act.GRAVE_SEND) else ()
    told = tx.graves.told_to(who.person.id, since) if _is_let(deps, who, Act.GRAVE_ANSWER) else ()
    return sent, told


def _is_let(deps: Deps, who: Speaker, act: Act) -> bool:
    try:
        may(deps, who, act)
    except Denied:
        return False
    return True


def _told(tx: Tx, who: Speaker, named: GraveId) -> tuple[Grave, Told | None]:
    """The notice, if it is theirs and not old, and what they have answered to it."""
    grave = tx.graves.get(named)
    told = (
        None if grave is None else next((t for t in tx.graves.told(named) if t.person == who.person.id), None)
    )
    if grave is None or (told is None and grave.sender != who.person.id):
        raise Refused(Code.NOT_YOURS)
    if grave.at < who.now - KEPT_IN_VIEW:
        raise Refused(Code.NOT_YOURS)
    return grave, told


def _devices(tx: Tx, people: Sequence[PersonId]) -> tuple[Device, ...]:
    """MOST_DEVICES of theirs: everybody's first before anybody's second, so that nobody is left without a copy."""
    turns = zip_longest(*(own_devices(tx, person) for person in people))
    return tuple(islice((device for turn in turns for device in turn if device is not None), MOST_DEVICES))


def _keep(tx: Tx, deps: Deps, grave: Grave, planned: Plan, copies: Mapping[bytes, Sealed]) -> None:
    now = deps.clock.now()
    told = [Told(grave=grave.id, person=p, answer=Answer.NONE, at=now) for p in planned.people]
    kept = [
        Copy(grave=grave.id, device=one.id, person=one.person, blob=copies[one.id])
        for one in planned.devices
        if one.person is not None
    ]
    one, two, three = (_fact(deps, grave, now, act="sent") for _ in range(3))
    tx.graves.put(grave, told, kept, (one, two, three))


def _fact(deps: Deps, grave: Grave, now: datetime, *, act: str) -> Entry:
    return fact(deps, grave.organisation, KIND, now, act=act)


def _ring(tx: Tx, deps: Deps, grave: Grave, person: PersonId) -> None:
    """Every doorbell and a telephone channel at once: it is rare, and nobody is to hear of it late."""
    reach(tx, deps, person, Kind.GRAVE, ref=grave.id)
    call_by_any(tx, deps, person, _what(grave, person))


def _what(grave: Grave, person: PersonId) -> What:
    return What(
        purpose=Purpose.GRAVE,
        ref=f"{grave.id}/{person}",
        organisation=grave.organisation,
        until=grave.at + HOUR,
    )
