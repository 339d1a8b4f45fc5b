"""A device's files: its owner's alone, whole or not there, and nothing is taken from a damaged one."""

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from bot.client.files import Known, read_key, read_known, write_key, write_known
from bot.core.errors import BadInput, Unavailable
from bot.seal.keys import make_device
from bot.seal.signing import signing_key
from bot.seal.trust import Pins

PINS = Pins(
    organisation="malmo",
    root=signing_key(b"r" * 32).public,
    origin="samjour.example/malmo",
    ledger=signing_key(b"l" * 32).public,
)
SEEN = replace(PINS, size=7, tree=b"t" * 32, number=2, index=6, revoked={b"d" * 32: 1_790_000_000})
KNOWN = Known(origin="https://samjour.example", organisation="malmo", person="p-1", pins={"malmo": PINS})


def test_what_is_written_is_read(tmp_path: Path) -> None:
    """Keys and pins come back as they were, of two organisations, before and after a checkpoint was accepted."""
    secret = make_device(b"s" * 64)
    write_key(tmp_path / "a" / "device.key", secret)
    assert read_key(tmp_path / "a" / "device.key").public == secret.public
    for known in (KNOWN, KNOWN.pinned(SEEN), KNOWN.pinned(replace(SEEN, organisation="lund"))):
        write_known(tmp_path / "a" / "pins.json", known)
        assert read_known(tmp_path / "a" / "pins.json") == known
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "a").iterdir()} == {0o600}


def test_keys_are_never_written_over(tmp_path: Path) -> None:
    """A second device in the same folder would make the first one's keys unreadable for good."""
    write_key(tmp_path / "device.key", make_device(b"s" * 64))
    with pytest.raises(BadInput):
        write_key(tmp_path / "device.key", make_device(b"t" * 64))
    assert read_key(tmp_path / "device.key").public == make_device(b"s" * 64).public


def test_files_that_others_can_read_are_refused(tmp_path: Path) -> None:
    """A key that others could have read is nobody's alone any more."""
    path = tmp_path / "device.key"
    write_key(path, make_device(b"s" * 64))
    path.chmod(0o640)
    with pytest.raises(Unavailable, match="chmod 600"):
        read_key(path)


def test_crash_while_writing_leaves_the_old_pins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whenever it breaks, what is at the path is a whole file: the pins of before."""
    path = tmp_path / "pins.json"
    write_known(path, KNOWN)

    def broken(_: int) -> None:
        raise OSError

    monkeypatch.setattr("bot.client.files.os.fsync", broken)
    with pytest.raises(Unavailable):
        write_known(path, KNOWN.pinned(SEEN))
    assert read_known(path) == KNOWN


@pytest.mark.parametrize("cut", [0, 1, 40, -1])
def test_damaged_key_is_refused(tmp_path: Path, cut: int) -> None:
    """A key file that lost bytes is told as damaged."""
    path = tmp_path / "device.key"
    write_key(path, make_device(b"s" * 64))
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(Unavailable, match="damaged"):
        read_key(path)


@pytest.mark.parametrize(
    "wrong",
    [
        {"root": "AA"},
        {"ledger": 7},
        {"origin": None},
        {"size": -1},
        {"size": "7"},
        {"tree": ""},
        {"tree": "AA"},
        {"number": None},
        {"index": -2},
        {"index": "0"},
        {"revoked": {"zz": 1}},
        {"revoked": {"00": 1}},
        {"revoked": {"00" * 32: -1}},
        {"revoked": []},
    ],
)
def test_damaged_pins_are_refused(tmp_path: Path, wrong: dict[str, object]) -> None:
    """Whatever field is not what it should be: nothing is believed from half a file."""
    path = tmp_path / "pins.json"
    write_known(path, KNOWN.pinned(SEEN))
    plain = json.loads(path.read_bytes())
    plain["pins"]["malmo"].update(wrong)
    path.write_text(json.dumps(plain))
    with pytest.raises(Unavailable, match="damaged"):
        read_known(path)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"null", b"\xff", b"[" * 100_000])
def test_pins_that_are_none_are_refused(tmp_path: Path, content: bytes) -> None:
    """Another file in the place of the pins."""
    path = tmp_path / "pins.json"
    write_known(path, KNOWN)
    path.write_bytes(content)
    with pytest.raises(Unavailable):
        read_known(path)


def test_missing_file_is_told(tmp_path: Path) -> None:
    """A folder without a device in it."""
    for read in (read_key, read_known):
        with pytest.raises(Unavailable):
            read(tmp_path / "nothing")
