"""What the demo lays out for terminals: a key file and a pins file for everybody who keeps shares or approves."""

from dataclasses import replace

from bot.client.api import opened
from bot.client.device import PythonDevice, read_directory, sign_in
from bot.client.files import read_key, read_known
from bot.demo.seed_pins import write_all_pins, write_pins
from tests.stories.story import Story


async def test_a_supervisor_signs_in_with_the_two_files(night: Story) -> None:
    """Nothing else is needed: the directory is believed by what the pins file says, and pinned from there on."""
    deps, folder = night.deps, night.database.parent
    write_all_pins(deps, folder)
    key = folder / "supervisors" / "malmo--p-malmo-chef-1.key"
    pins = key.with_suffix(".pins")
    device = PythonDevice(folder=pins.parent, pins=pins.name, secret=read_key(key), known=read_known(pins))
    now = int(night.clock.now().timestamp())
    async with opened(device.known.origin) as api:
        await sign_in(api, device)
        verified = await read_directory(api, device, "malmo", now=now)
    assert verified.members[device.id].person == "p-malmo-chef-1"
    assert read_known(pins) == device.known
    assert device.known.home.size > 0


async def test_every_key_file_has_pins(night: Story) -> None:
    """Supervisors', coordinators', curators' and lawyers', of every organisation."""
    folder = night.database.parent
    write_all_pins(night.deps, folder)
    keys = [
        key for kind in ("supervisors", "coordinators", "curators") for key in folder.glob(f"{kind}/*.key")
    ]
    assert {key.parent.name for key in keys} == {"supervisors", "coordinators", "curators"}
    assert [key for key in keys if read_known(key.with_suffix(".pins")).person not in key.stem] == []


async def test_pins_outlive_a_move_to_another_port(night: Story) -> None:
    """Only where to sign in changes; what was accepted once is not forgotten."""
    key = night.database.parent / "supervisors" / "malmo--p-malmo-chef-2.key"
    file = write_pins(night.deps, key)
    before, written = read_known(file), file.stat().st_mtime_ns
    assert write_pins(night.deps, key).stat().st_mtime_ns == written
    moved = replace(night.deps, base_url="http://localhost:1")
    assert read_known(write_pins(moved, key)) == replace(before, origin="http://localhost:1")
