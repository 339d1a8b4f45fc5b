"""Whose cosignatures count for which ledger: strict YAML of `policies/witnesses.yaml` in, checked witnesses out.

The dataclasses are also the schema. A key is kept as text here: what it is, the seal reads.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from pydantic import ConfigDict, Field, TypeAdapter

from bot.core.errors import BadContent
from bot.core.hours import holds
from bot.core.ids import OrganisationId
from bot.core.places import Structure
from bot.core.shown import shown
from bot.core.strict_yaml import read_strictly

MOST: Final = (
    15  # of one ledger: its own signature and theirs stand under one note, which has 16 lines at most
)

_STRICT: Final = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """Somebody outside who follows these ledgers. What they cosigned before `until` goes on counting after it."""

    __pydantic_config__ = _STRICT
    name: Annotated[str, Field(min_length=1, max_length=255)]  # as in the key
    vkey: Annotated[str, Field(min_length=1, max_length=400)]  # name+keyid+base64(0x04 || key)
    organisations: Annotated[tuple[OrganisationId, ...], Field(min_length=1)]
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    __pydantic_config__ = _STRICT
    witnesses: tuple[Witness, ...]


_FILE: Final = TypeAdapter(_File)


def parse(text: str, path: str, structure: Structure) -> tuple[Witness, ...]:
    """The witnesses in the file. Raises BadContent with every fault as "path: witness: reason"."""
    found = read_strictly(path, text, _FILE).witnesses
    faults = [f"{path}: {fault}" for fault in _faults(found, structure)]
    if faults:
        raise BadContent("\n".join(faults))
    return found


def known(witnesses: Iterable[Witness], organisation: OrganisationId) -> tuple[Witness, ...]:
    """Everybody who ever was a witness of that ledger: what they cosigned is believed."""
    return tuple(witness for witness in witnesses if organisation in witness.organisations)


def current(witnesses: Iterable[Witness], organisation: OrganisationId, day: date) -> tuple[Witness, ...]:
    """Those whose cosignatures are taken on that day."""
    return tuple(w for w in known(witnesses, organisation) if holds(day, w.since, w.until))


def _faults(witnesses: tuple[Witness, ...], structure: Structure) -> Iterator[str]:
    for vkey, times in Counter(witness.vkey for witness in witnesses).items():
        if times > 1:
            yield f"{shown([vkey.partition('+')[0]], 'witness')}: vkey: stands {times} times"
    for witness in witnesses:
        for name, times in Counter(witness.organisations).items():
            if name not in structure.organisations:
                yield f"{shown([witness.name], 'witness')}: {shown([name], 'organisation')}: there is no such organisation"
            if times > 1:
                yield f"{shown([witness.name], 'witness')}: {shown([name], 'organisation')}: stands {times} times"
        if witness.until is not None and witness.until <= witness.since:
            yield f"{shown([witness.name], 'witness')}: until: must be after since"
    followed = Counter(name for witness in witnesses for name in witness.organisations)
    for name, times in followed.items():
        if times > MOST:
            yield f"{shown([name], 'organisation')}: has {times} witnesses; {MOST} at most"
