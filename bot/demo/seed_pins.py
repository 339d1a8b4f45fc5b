"""Gives the demo's supervisors and coordinators what a terminal takes besides their key file: what it pins from the start."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bot.client.files import Known, read_known, write_known
from bot.core.ids import OrganisationId
from bot.demo.seed_devices import COORDINATORS, CURATORS, ROOTS, SUPERVISORS
from bot.flow.deps import Deps
from bot.flow.upkeep import origin
from bot.keyring import read_signing
from bot.seal.trust import Pins

PINS = ".pins"  # beside the key file of the same name


def write_all_pins(deps: Deps, folder: Path) -> None:
    """For every key file in the demo's folder, as the invitation's link would have told its device."""
    for key in sorted(_keys(folder)):
        write_pins(deps, key)


def write_pins(deps: Deps, key: Path) -> Path:
    """For one key file; returns the pins file. What was pinned before stays, should the demo have moved to another port."""
    file = key.with_suffix(PINS)
    if not file.exists():
        write_known(file, _first(deps, key))
    elif (known := read_known(file)).origin != deps.base_url:
        write_known(file, replace(known, origin=deps.base_url))
    return file


def _keys(folder: Path) -> Iterator[Path]:
    for kind in (SUPERVISORS, COORDINATORS, CURATORS):
        yield from (folder / kind).glob("*.key")


def _first(deps: Deps, key: Path) -> Known:
    organisation, _, person = key.stem.partition("--")
    pins = Pins(
        organisation=organisation,
        root=read_signing(key.parents[1] / ROOTS / f"{organisation}.key", deps.entropy).public,
        origin=origin(deps.base_url, OrganisationId(organisation)),
        ledger=deps.keys.ledger.public,
    )
    return Known(origin=deps.base_url, organisation=organisation, person=person, pins={organisation: pins})
