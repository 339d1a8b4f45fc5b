"""A room's transcript, read on a device from its first event on: shown as far as it is signed, and not a line further."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from bot.client.room_log import SAID
from bot.core.disclosures import Disclosure, disclosed_in
from bot.core.errors import BadInput
from bot.seal.directory import Member
from bot.seal.epoch import read_epoch
from bot.seal.errors import Tampered
from bot.seal.event import CLEAR_KINDS, EPOCH_KIND, Event, check_event, genesis, open_event
from bot.seal.room import RoomKey
from bot.seal.trust import check_recipients, check_speaker


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What somebody said. `bridged`: a bridge spoke for them; `disclosure`: what it was marked as."""

    seq: int
    epoch: int
    author: str
    bridged: bool
    text: str = field(repr=False)
    disclosure: Disclosure | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """What was said, in order. `closed`: epochs whose key the organisation does not keep. `present`: who had the keys."""

    room: str
    lines: tuple[Line, ...]
    closed: tuple[int, ...]
    present: tuple[str, ...]


def read_transcript(
    room: str, events: Sequence[Event], keys: Mapping[int, RoomKey], members: Mapping[bytes, Member]
) -> Transcript:
    """Check every event from the room's first on, and open what was said.

    `members`: devices by id, as checked directories have them. Raises `Tampered` where an event is missing, is
    another's, or is of a device that no directory knows: then nothing is shown.
    """
    head, recipients = genesis(room), frozenset[bytes]()
    lines, closed, present = list[Line](), set[int](), set[str]()
    for event in events:
        member = _known(members, event.device_id)
        head = check_event(event, head, member.public)
        if event.kind == EPOCH_KIND:
            manifest = read_epoch(event)
            check_recipients(manifest, members)
            recipients = frozenset(manifest.recipients)
            present |= {members[device].person for device in recipients}
        check_speaker(event, member, recipients=recipients)
        if event.kind in CLEAR_KINDS:
            continue
        if event.epoch not in keys:
            closed.add(event.epoch)
        elif event.kind == SAID or _disclosed(event) is not None:
            lines.append(_line(event, keys[event.epoch], member))
    return Transcript(
        room=room, lines=tuple(lines), closed=tuple(sorted(closed)), present=tuple(sorted(present))
    )


def check_begun(events: Collection[Event], began: Collection[Event]) -> None:
    """Raise `Tampered` unless each epoch began with the event that its key was checked against."""
    begun = {event.epoch: event for event in events if event.kind == EPOCH_KIND}
    if any(begun.get(event.epoch) != event for event in began):
        raise Tampered("An epoch began otherwise than was said.")


def _line(event: Event, key: RoomKey, member: Member) -> Line:
    plain = open_event(key, event).reveal()
    try:
        text = plain.decode()
    except UnicodeDecodeError as error:
        raise Tampered("A message is no text.") from error
    return Line(
        seq=event.seq,
        epoch=event.epoch,
        author=event.author,
        bridged=event.author != member.person,
        text=text,
        disclosure=_disclosed(event),
    )


def _disclosed(event: Event) -> Disclosure | None:
    try:
        return disclosed_in(event.kind)
    except BadInput as error:
        raise Tampered("An event is of no kind that there is.") from error


def _known(members: Mapping[bytes, Member], device: bytes) -> Member:
    member = members.get(device)
    if member is None:
        raise Tampered("A device is in the room that no directory knows.")
    return member
