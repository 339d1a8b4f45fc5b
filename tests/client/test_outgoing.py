"""What waits to be sent survives a crash, sealed, in order; and what was seen of a room is remembered."""

import json
from pathlib import Path

import pytest

from bot.client.audience import Audience
from bot.client.outgoing import MOST, Mark, Outgoing
from bot.core.errors import NotNow, Unavailable
from bot.seal.errors import SealError
from bot.seal.keys import make_device

MINE, OTHER = make_device(b"1" * 64), make_device(b"2" * 64)
MARK = Mark(seq=7, hash=b"h" * 32)
SHOWN = Audience(people=frozenset({"p-me", "p-you"}), bridged=False)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "device" / "outgoing.json"


def test_what_waits_is_there_after_a_restart(path: Path) -> None:
    """In the order in which it was said, room by room; what is done is gone, and a room can be forgotten."""
    first = Outgoing(path, MINE)
    for room, text, key in (("r-1", "Ett.", "k1"), ("r-2", "Två.", "k2"), ("r-1", "Tre.", "k3")):
        first.add(room, text, key, shown=SHOWN)
    first.mark("r-1", MARK)
    again = Outgoing(path, MINE)
    assert [again.text_of(one).reveal().decode() for one in again.waiting("r-1")] == ["Ett.", "Tre."]
    again.done("k1")
    again.done("unknown")
    assert [(one.key, one.shown) for one in Outgoing(path, MINE).waiting("r-1")] == [("k3", SHOWN)]
    now = Audience(people=frozenset({"p-me"}), bridged=True)
    again.readdress("r-1", now)
    assert [one.shown for one in Outgoing(path, MINE).waiting("r-1")] == [now]
    assert [one.shown for one in Outgoing(path, MINE).waiting("r-2")] == [SHOWN]
    assert again.mark_of("r-1") == MARK
    again.forget("r-1")
    last = Outgoing(path, MINE)
    assert (last.waiting("r-1"), last.mark_of("r-1")) == ((), None)
    assert [one.key for one in last.waiting("r-2")] == ["k2"]


def test_no_word_stands_on_disk(path: Path) -> None:
    """The file is its owner's alone, and holds nothing that anybody else could read."""
    Outgoing(path, MINE).add("r-1", "Ett barn vid porten.", "k1", shown=None)
    assert b"porten" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    other = Outgoing(path, OTHER)
    (one,) = other.waiting("r-1")
    with pytest.raises(SealError):
        other.text_of(one)


def test_words_cannot_be_moved_to_another_room(path: Path) -> None:
    """Whoever can write the file cannot make the device say its words elsewhere, or under another key."""
    Outgoing(path, MINE).add("r-1", "Bara här.", "k1", shown=None)
    plain = json.loads(path.read_text())
    for change in ({"room": "r-2"}, {"key": "k2"}):
        path.write_text(json.dumps({**plain, "waiting": [{**plain["waiting"][0], **change}]}))
        found = Outgoing(path, MINE)
        (one,) = (*found.waiting("r-1"), *found.waiting("r-2"))
        with pytest.raises(SealError):
            found.text_of(one)


def test_no_more_waits_than_there_is_room_for(path: Path) -> None:
    """The bound is told, and what waits already stays."""
    found = Outgoing(path, MINE)
    found.add("r-1", "x", "k", shown=None)
    (one,) = found.waiting("r-1")
    row = json.loads(path.read_text())["waiting"][0]
    path.write_text(json.dumps({"waiting": [row] * MOST, "marks": {}}))
    full = Outgoing(path, MINE)
    with pytest.raises(NotNow):
        full.add("r-1", "En till.", "k-more", shown=None)
    assert full.waiting("r-1") == (one,) * MOST


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"waiting": [], "marks": []}',
        '{"waiting": [{}], "marks": {}}',
        '{"waiting": [{"key": 1, "room": "r", "sealed": "AA"}], "marks": {}}',
        '{"waiting": [{"key": "k", "room": "r", "sealed": "A="}], "marks": {}}',
        '{"waiting": [{"key": "k", "room": "r", "sealed": "AA"}], "marks": {}}',
        '{"waiting": [{"key": "k", "room": "r", "sealed": "AA", "shown": {}}], "marks": {}}',
        '{"waiting": [{"key": "k", "room": "r", "sealed": "AA", "shown": {"people": "p", "bridged": true}}], "marks": {}}',
        '{"waiting": [{"key": "k", "room": "r", "sealed": "AA", "shown": {"people": [], "bridged": 1}}], "marks": {}}',
        '{"waiting": [], "marks": {"r": {"seq": -1, "hash": ""}}}',
        '{"waiting": [], "marks": {"r": {"seq": 1, "hash": "AA"}}}',
    ],
)
def test_a_damaged_file_is_refused(path: Path, content: str) -> None:
    """Nothing is sent out of a file that is not whole."""
    path.parent.mkdir()
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(Unavailable):
        Outgoing(path, MINE)


def test_a_file_that_others_can_read_is_refused(path: Path) -> None:
    """Like a key file."""
    Outgoing(path, MINE).add("r-1", "x", "k", shown=None)
    path.chmod(0o644)
    with pytest.raises(Unavailable):
        Outgoing(path, MINE)
