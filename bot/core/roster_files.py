"""Roster files: a CSV roster becomes shifts, all or nothing, every fault with its line.

Columns `person,organisation,role,starts,ends,areas`; several organisations or areas stand apart by spaces.
Times are local or carry an offset; what a wall clock shows twice or never is refused (hours.local_instant).
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bot.core.chain import ASKABLE
from bot.core.errors import BadInput
from bot.core.hours import local_day, local_instant
from bot.core.ids import AreaId, OrganisationId, PersonId
from bot.core.people import Person, Role, postings_in
from bot.core.places import Structure
from bot.core.roster import Shift, ShiftId, booked_twice

MAX_BYTES: Final = 2 * 1024 * 1024  # of a roster file
MAX_SHIFTS: Final = 20_000  # in one roster file
MAX_FAULTS: Final = 50  # told at once; the rest is counted
COLUMNS: Final = ("person", "organisation", "role", "starts", "ends", "areas")


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """What a roster is imported into: for which organisation, which other places and people there are."""

    organisation: OrganisationId
    structure: Structure
    people: Mapping[PersonId, Person]


def parse_csv(data: bytes, into: Import) -> tuple[Shift, ...]:
    """The shifts of a CSV roster (UTF-8, comma or semicolon), in order of beginning.

    BadInput tells every fault on a line of its own, with the line in the file; then nothing is imported.
    """
    found: list[tuple[str, Shift]] = []
    faults: list[str] = []
    for line, row in _rows(data):
        try:
            shift = _shift(row)
        except BadInput as error:
            faults.append(f"line {line}: {error}")
            continue
        faults += [f"line {line}: {fault}" for fault in shift_faults(shift, into)]
        found.append((f"line {line}", shift))
    return checked(found, faults)


def checked(found: Sequence[tuple[str, Shift]], faults: Iterable[str]) -> tuple[Shift, ...]:
    """The shifts in order, if there are no faults and nobody is booked twice; else BadInput with every fault."""
    where = {id(shift): place for place, shift in found}
    all_faults = list(faults)
    for before, after in booked_twice(shift for _, shift in found):
        all_faults.append(f"{where[id(after)]}: the person is on duty already, by {where[id(before)]}")
    if all_faults:
        told = all_faults[:MAX_FAULTS]
        if len(all_faults) > MAX_FAULTS:
            told.append(f"and {len(all_faults) - MAX_FAULTS} more")
        raise BadInput("\n".join(told))
    return tuple(sorted((shift for _, shift in found), key=lambda shift: (shift.starts, shift.id)))


def shift_faults(shift: Shift, into: Import) -> Iterator[str]:
    """What keeps a shift from being imported here: unknown or unposted people, foreign places."""
    if into.organisation not in shift.organisations:
        yield "organisation: this roster is imported for another"
    if any(name not in into.structure.organisations for name in shift.organisations):
        yield "organisation: there is no such organisation"
    if any(area not in into.structure.areas for area in shift.areas):
        yield "areas: there is no such area"
    person = into.people.get(shift.person)
    if person is None:
        yield "person: there is no such person"
        return
    day = local_day(shift.starts)
    if any(not postings_in(person, name, shift.role, day) for name in shift.organisations):
        yield "role: the person is not posted so in that organisation on that day"


def shift_id(source: str, person: str, starts: datetime) -> ShiftId:
    """The same id for the same duty however often its file is imported: nobody has two at one instant."""
    return ShiftId(f"{source}:{person[:80]}:{starts.astimezone(UTC).strftime('%Y%m%dT%H%M%SZ')}")


def parse_role(text: str) -> Role:
    """A role that can be on a roster; BadInput for any other word."""
    if text not in ASKABLE:
        raise BadInput(f"role: is one of {', '.join(sorted(ASKABLE))}")
    return Role(text)


def _rows(data: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """Each line that is not empty, with its number; a line with too few or too many fields lacks `person`."""
    reader = csv.reader(io.StringIO(_text(data), newline=""), delimiter=_delimiter(data), strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        if sorted(header) != sorted(COLUMNS):
            raise BadInput(f"line 1: the columns are {','.join(COLUMNS)}")
        for count, row in enumerate(reader, start=1):
            if count > MAX_SHIFTS:
                raise BadInput(f"line {reader.line_num}: a roster has at most {MAX_SHIFTS} lines")
            if any(cell.strip() for cell in row):
                fields = [cell.strip() for cell in row]
                whole = len(fields) == len(header)
                yield reader.line_num, dict(zip(header, fields, strict=True)) if whole else {}
    except csv.Error:
        raise BadInput(f"line {reader.line_num}: this is not CSV") from None


def _text(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise BadInput(f"A roster file has at most {MAX_BYTES} bytes.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput("line 1: the file is not UTF-8") from None


def _delimiter(data: bytes) -> str:
    return ";" if b";" in data.split(b"\n", 1)[0] else ","


def _shift(row: Mapping[str, str]) -> Shift:
    if not row:
        raise BadInput(f"there are not {len(COLUMNS)} fields")
    starts, ends = _instant(row, "starts"), _instant(row, "ends")
    return Shift(
        id=shift_id("csv", row["person"], starts),
        person=PersonId(row["person"]),
        organisations=tuple(map(OrganisationId, row["organisation"].split())),
        role=parse_role(row["role"]),
        starts=starts,
        ends=ends,
        areas=tuple(map(AreaId, row["areas"].split())),
        source="csv",
    )


def _instant(row: Mapping[str, str], column: str) -> datetime:
    try:
        return local_instant(row[column])
    except BadInput as error:
        raise BadInput(f"{column}: {error}") from None
