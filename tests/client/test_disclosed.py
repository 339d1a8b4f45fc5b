"""What is disclosed is shown with the direction and the ground that a device has signed, in a talk and in its transcript."""

import pytest

from bot.client.room_log import RoomLog, Said, Unverified
from bot.client.transcript import read_transcript
from bot.core.disclosures import Direction, Disclosure, GroundId, disclosure_kind
from bot.seal.errors import Tampered
from bot.seal.event import to_bytes
from tests.client.test_room_log import ME, MEMBERS, ROOM, YOU, Made

GIVEN = Disclosure(direction=Direction.TO_POLICE, ground=GroundId("sol-15-7"))


def opened(made: Made) -> RoomLog:
    """The room as one of the two has it."""
    log = RoomLog(ROOM, ME)
    for event in made.events:
        log.take(to_bytes(event), MEMBERS)
    log.take_key(1, 1, made.sealed[1, ME.public.device_id])
    return log


def talk(kind: str) -> Made:
    """A talk in which something of that kind is said."""
    made = Made()
    made.begin(ME, YOU)
    made.say("Hej.")
    made.say("Hon bor där.", kind=kind)
    return made


def test_both_see_what_it_was_marked_as() -> None:
    """The words are words like others, with the choice beside them."""
    said = [one for one in opened(talk(disclosure_kind(GIVEN))).show() if isinstance(one, Said)]
    assert [(one.text, one.disclosure) for one in said] == [("Hej.", None), ("Hon bor där.", GIVEN)]


def test_whoever_opens_the_talk_sees_it_too() -> None:
    """A transcript leaves out nothing that was disclosed, and says on which ground."""
    made = talk(disclosure_kind(GIVEN))
    lines = read_transcript(ROOM, made.events, made.keys, MEMBERS).lines
    assert [(one.text, one.disclosure) for one in lines] == [("Hej.", None), ("Hon bor där.", GIVEN)]


def test_the_mark_cannot_be_exchanged() -> None:
    """Another ground in the same event breaks the chain: it is signed with the words."""
    event = talk(disclosure_kind(GIVEN)).events[-1]
    other = to_bytes(event).replace(b"sol-15-7", b"osl-10-2")
    assert other != to_bytes(event)
    log = RoomLog(ROOM, ME)
    for before in talk(disclosure_kind(GIVEN)).events[:-1]:
        log.take(to_bytes(before), MEMBERS)
    with pytest.raises(Tampered):
        log.take(other, MEMBERS)


def test_a_mark_that_is_none_is_not_shown() -> None:
    """What only begins like a disclosure is no kind of event that there is, here or in a transcript."""
    made = talk("disclosure:to_press:sol-15-7")
    assert opened(made).show()[-1] == Unverified(seq=3)
    with pytest.raises(Tampered):
        read_transcript(ROOM, made.events, made.keys, MEMBERS)
