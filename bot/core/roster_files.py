"""Roster files: a CSV roster becomes shifts, all or nothing, every fault with its line.

Columns `person,organisation,role,starts,ends,areas`, and `id` where the source has names for its shifts, so that a
moved one is known again; several organisations or areas stand apart by spaces. Times are local or carry an offset;
what a wall clock shows twice or never is refused (hours.local_instant).
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
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
SOURCE: Final = r"[a-z0-9][a-z0-9._-]{0,59}"  # what a roster is called among its organisation's
NAME: Final = "id"  # a column that may be left out
MAX_NAME: Final = 120  # characters of a shift's own name


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """What a roster is imported into: for which organisation, which other places and people there are."""

    organisation: OrganisationId
    structure: Structure
    people: Mapping[PersonId, Person]
    source: str = ""  # which of the organisation's rosters this is


class NotARoster(BadInput):
    """This is no roster file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A shift, and where in its file it stands."""

    place: str
    shift: Shift


def parse_csv(data: bytes, into: Import) -> tuple[Shift, ...]:
    """The shifts of a CSV roster, in order of beginning; faults as `read_csv`."""
    return tuple(written.shift for written in read_csv(data, into))


def read_csv(data: bytes, into: Import) -> tuple[Written, ...]:
    """The shifts of a CSV roster (UTF-8, comma or semicolon), in order of beginning, each with its line.

    BadInput tells every fault on a line of its own, with the line in the file; then nothing is imported.
    """
    found: list[Written] = []
    faults: list[str] = []
    for line, row in _rows(data):
        try:
            shift = _shift(row, into)
        except BadInput as error:
            faults.append(f"line {line}: {error}")
            continue
        faults += [f"line {line}: {fault}" for fault in shift_faults(shift, into)]
        found.append(Written(place=f"line {line}", shift=shift))
    return checked(found, faults)


def checked(found: Sequence[Written], faults: Iterable[str]) -> tuple[Written, ...]:
    """The shifts in order, if there are no faults and nobody is booked twice; else BadInput with every fault."""
    order = {id(written.shift): number for number, written in enumerate(found)}
    all_faults = [*faults, *_named_twice(found)]
    for pair in booked_twice(written.shift for written in found):
        first, second = (found[number].place for number in sorted(order[id(shift)] for shift in pair))
        all_faults.append(f"{second}: the person is on duty already, by {first}")
    refuse(all_faults)
    return tuple(sorted(found, key=lambda written: (written.shift.starts, written.shift.id)))


def refuse(faults: Sequence[str]) -> None:
    """Raise BadInput with a line for each fault, if there are any."""
    if faults:
        told = list(faults[:MAX_FAULTS])
        if len(faults) > MAX_FAULTS:
            told.append(f"and {len(faults) - MAX_FAULTS} more")
        raise BadInput("\n".join(told))


def names_of(people: Mapping[PersonId, Person]) -> dict[str, PersonId | None]:
    """Whom a word in a roster means, by id or name in small letters; None where it means several."""
    found: dict[str, PersonId | None] = {}
    for person in people.values():
        name = " ".join(person.name.split()).casefold()
        found[name] = None if name in found else person.id
    return found | {id_.casefold(): id_ for id_ in people}


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


def shift_name(source: str, name: str, part: str = "") -> ShiftId:
    """The same id for what its source calls by the same name, wherever it is moved; the name itself is not kept."""
    digest = sha256(name.encode("utf-8", "replace")).hexdigest()[:32]
    return ShiftId(":".join(filter(None, (source, digest, part))))


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
        if sorted(header) not in (sorted(COLUMNS), sorted((*COLUMNS, NAME))):
            raise NotARoster(f"line 1: the columns are {','.join(COLUMNS)}")
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
        raise NotARoster("line 1: the file is not UTF-8") from None


def _delimiter(data: bytes) -> str:
    return ";" if b";" in data.split(b"\n", 1)[0] else ","


def _named_twice(found: Iterable[Written]) -> Iterator[str]:
    first: dict[ShiftId, str] = {}
    for written in found:
        place = first.setdefault(written.shift.id, written.place)
        if place != written.place:
            yield f"{written.place}: this shift stands already in {place}"


def _shift(row: Mapping[str, str], into: Import) -> Shift:
    if not row:
        raise BadInput("there are not as many fields as columns")
    starts, ends = _instant(row, "starts"), _instant(row, "ends")
    name = row.get(NAME, "")
    if len(name) > MAX_NAME:
        raise BadInput(f"{NAME}: has at most {MAX_NAME} characters")
    return Shift(
        id=shift_name("csv", name) if name else shift_id("csv", row["person"], starts),
        person=PersonId(row["person"]),
        organisations=tuple(map(OrganisationId, row["organisation"].split())),
        role=parse_role(row["role"]),
        starts=starts,
        ends=ends,
        areas=tuple(map(AreaId, row["areas"].split())),
        source=into.source or "csv",
    )


def _instant(row: Mapping[str, str], column: str) -> datetime:
    try:
        return local_instant(row[column])
    except BadInput as error:
        raise BadInput(f"{column}: {error}") from None
