"""The sealed talk of the scripted evening, in the hands of whoever has stolen all that the server has."""

import asyncio
import time
from contextlib import aclosing
from pathlib import Path

import pytest

from bot.content import Content
from bot.demo.night import night
from bot.demo.night_cast import EVENING_1, EVENING_2, MALMO, OFFICER, POLICE
from bot.demo.night_chat import OFFICER_SAYS, WORKER_SAYS
from bot.demo.night_devices import OWN
from bot.demo.night_sealed import OFFICER_WRITES, SAID, WORKER_WRITES
from tests.stories.plaintext import files_under
from tests.stories.thief import room_keys, words

LAST = "opening: a second passes a share on, two of three read every word"
EPOCHS = 2  # of the sealed room: one that the worker began, one that the colleague did
BRIDGED = [OFFICER_SAYS, WORKER_SAYS]


@pytest.fixture(scope="module")
def stolen(tmp_path_factory: pytest.TempPathFactory, content: Content) -> Path:
    """The folder of an evening that stops while supervisors have the talk open: more is never in the database."""
    folder = tmp_path_factory.mktemp("stolen")
    asyncio.run(_play(folder, content))
    return folder


async def _play(folder: Path, content: Content) -> None:
    async with aclosing(night(folder, content, tick=time.perf_counter)) as steps:
        async for step in steps:
            assert step.ok, f"{step.name}: {step.why}"
            if step.name == LAST:
                return
    pytest.fail("the evening has no such step any more")


def database(folder: Path) -> Path:
    """Where everything is recorded."""
    return folder / "samjour.db"


def servers(folder: Path) -> list[bytes]:
    """Every file of the server's keys, and of both authorities' roots, which the demo keeps beside them."""
    roots = [folder / "roots" / f"{authority}.key" for authority in (MALMO, POLICE)]
    return [path.read_bytes() for path in (*sorted((folder / "keys").iterdir()), *roots)]


def supervisor(folder: Path, authority: str, number: int) -> bytes:
    """The key file of one of an authority's three supervisors."""
    (found,) = (folder / "supervisors").glob(f"{authority}--*-{number}.key")
    return found.read_bytes()


def own(folder: Path, person: str) -> bytes:
    """The key file of a device that was enrolled during the evening."""
    return (folder / OWN / person / "device.key").read_bytes()


def test_with_all_its_keys_the_server_opens_no_sealed_word(stolen: Path) -> None:
    """The server's keys and the database open what the bridge carried, and not one copy of the sealed room's keys."""
    assert words(database(stolen), servers(stolen)) == BRIDGED


def test_a_device_opens_what_was_sealed_or_granted_to_it(stolen: Path) -> None:
    """The thief knows the trade: with somebody's device it opens what that device could, and nothing after it left."""
    for person, expected in (
        (OFFICER, list(SAID)),
        (EVENING_1, [OFFICER_WRITES, WORKER_WRITES]),
        (EVENING_2, list(SAID)),
    ):
        assert words(database(stolen), [own(stolen, person)]) == expected


def test_the_room_keys_stand_nowhere(stolen: Path) -> None:
    """The keys of the sealed room are in no file as they are: not in the database, nor in anybody's."""
    keys = room_keys(database(stolen), [own(stolen, OFFICER)])
    assert len(keys) == EPOCHS
    found = [name for name, body in files_under(stolen).items() if any(key in body for key in keys)]
    assert found == []


def test_one_supervisor_of_each_authority_opens_nothing(stolen: Path) -> None:
    """Nor with all that the server has: it takes two of one authority."""
    for number in (2, 3):
        taken = [*servers(stolen), *(supervisor(stolen, authority, number) for authority in (MALMO, POLICE))]
        assert words(database(stolen), taken) == BRIDGED


def test_two_supervisors_of_one_authority_open_it(stolen: Path) -> None:
    """Any two: the database and their files are enough. So is the asker's with what was passed to it, while that is kept."""
    for authority, asked in ((MALMO, (2, 3)), (POLICE, (1, 3)), (MALMO, (1,))):
        some = [supervisor(stolen, authority, number) for number in asked]
        assert [text for text in words(database(stolen), some) if text in SAID] == list(SAID)
