"""Finding: what an officer can find at a place at a minute, each with how it is reached. Functions, never people."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.core.hours import STOCKHOLM, holds, is_open, local_day, written_hours
from bot.core.ids import DistrictId, OrganisationId
from bot.core.in_force import as_named, entries_at, numbers_on, steps_at
from bot.core.matching import ONLY_CHAIR, asked_organisations
from bot.core.people import Person, Role, delegation_for, is_cleared, postings_in
from bot.core.places import Label, Number, Organisation, Place, Step, Structure, When
from bot.core.referrals import Caption, Contact, Entry, Forum, Referral, Told
from bot.core.request import DecisionKind, Matter


class FoundKind(StrEnum):
    """What was found. The values go into JSON and buttons: add, never rename."""

    STEP = "step"  # somebody who can be asked in Samjour
    COMPETENCE = "competence"  # a matter that somebody there knows in particular
    DECISION = "decision"  # a kind of decision that somebody there has by delegation
    REFERRAL = "referral"
    CONTACT = "contact"
    FORUM = "forum"
    NUMBER = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One thing found, and whose it is. Of the rest, what its kind has; `number` and `step` also as how to reach it."""

    kind: FoundKind
    id: str
    organisation: OrganisationId
    step: Step | None = None
    number: Number | None = None
    entry: Entry | None = None
    matter: Matter | None = None
    decision: DecisionKind | None = None
    districts: tuple[DistrictId, ...] = ()  # of a contact: in which of the place's there is one

    @property
    def label(self) -> Label | Caption | None:
        """Its name; None for a matter or a decision, which texts name."""
        if self.entry is not None:
            return self.entry.label
        if self.step is not None:
            return self.step.label
        return self.number.label if self.number is not None else None

    @property
    def says(self) -> Told | None:
        """How to reach it in words, where neither number nor step leads there."""
        return self.entry.reach.says if self.entry is not None else None


def found_at(
    structure: Structure,
    board: Organisation,
    people: Iterable[Person],
    at: datetime,
    district: DistrictId | None = None,
) -> tuple[Found, ...]:
    """Everything that can be found at a board at that minute, in the order in which it is shown.

    `district`: narrows contacts to it. `people`: by whose postings competences and decisions are told.
    """
    able = [p for p in people if p.active and is_cleared(p, local_day(at))]
    return (
        *(_of_step(board, step) for step in steps_at(board, at)),
        *_competences(board, able, at),
        *_decisions(board, able, at),
        *_entries(structure, board, at, district),
        *(_of_number(board, number) for number in numbers_on(board, local_day(at))),
    )


def referrals_at(structure: Structure, board: Organisation, at: datetime) -> tuple[Found, ...]:
    """To what somebody can be referred at a board at that minute."""
    listed = _entries(structure, board, at, None)
    return tuple(one for one in listed if one.kind is FoundKind.REFERRAL)


def is_asked(board: Organisation, step: Step, at: datetime) -> bool:
    """Whether the step is asked at the hours of that minute."""
    other = When.CLOSED if is_open(board.hours, at) else When.OPEN
    return step.when is not other


def to_plain(found: Found) -> dict[str, object]:
    """What was found as plain JSON values, in both languages where there are words."""
    label, entry = found.label, found.entry
    plain: dict[str, object] = {
        "kind": found.kind.value,
        "id": found.id,
        "organisation": found.organisation,
        "label": _both(label) if label is not None else None,
    }
    if found.step is not None and found.kind is FoundKind.STEP:
        plain |= _step(found.step)
    if entry is not None:
        plain |= _entry(entry)
    if found.kind is FoundKind.CONTACT:
        plain["districts"] = list(found.districts)
    for name, value in (("matter", found.matter), ("decision", found.decision)):
        if value is not None:
            plain[name] = str(value)
    return plain | {"reach": _reach(found)}


def report(
    board: Organisation, found: Sequence[Found], at: datetime, district: DistrictId | None
) -> dict[str, object]:
    """The JSON of `samjour find`."""
    return {
        "organisation": board.id,
        "district": district,
        "at": at.astimezone(STOCKHOLM).isoformat(),
        "found": [to_plain(one) for one in found],
    }


def _of_step(board: Organisation, step: Step) -> Found:
    return Found(kind=FoundKind.STEP, id=step.id, organisation=board.id, step=step)


def _of_number(board: Organisation, number: Number) -> Found:
    return Found(kind=FoundKind.NUMBER, id=number.id, organisation=board.id, number=number)


def _competences(board: Organisation, people: Sequence[Person], at: datetime) -> Iterator[Found]:
    asked = [
        posting
        for organisation, role in _asked(board, at)
        for person in people
        for posting in postings_in(person, organisation, role, local_day(at))
    ]
    known = {matter for posting in asked for matter in posting.competences}
    for matter in Matter:
        if matter in known:
            yield Found(kind=FoundKind.COMPETENCE, id=matter.value, organisation=board.id, matter=matter)


def _decisions(board: Organisation, people: Sequence[Person], at: datetime) -> Iterator[Found]:
    day = local_day(at)
    posted = [p for o, role in _asked(board, at) for p in people if postings_in(p, o, role, day)]
    for kind in DecisionKind:
        if kind not in ONLY_CHAIR and any(delegation_for(p, board.id, kind, day) for p in posted):
            yield Found(kind=FoundKind.DECISION, id=kind.value, organisation=board.id, decision=kind)


def _asked(board: Organisation, at: datetime) -> list[tuple[OrganisationId, Role]]:
    place = Place(organisation=board, area=None)
    pairs = (
        (organisation, role)
        for step in steps_at(board, at)
        for organisation in asked_organisations(step, place)
        for role in step.roles
    )
    return list(dict.fromkeys(pairs))


def _entries(
    structure: Structure, board: Organisation, at: datetime, district: DistrictId | None
) -> Iterator[Found]:
    order = {Referral: FoundKind.REFERRAL, Contact: FoundKind.CONTACT, Forum: FoundKind.FORUM}
    listed = list(entries_at(structure, board, at))
    for kind, name in order.items():
        for owner, entry in listed:
            if isinstance(entry, kind):
                yield from _placed(structure, owner, board, entry, name, at, district)


def _placed(
    structure: Structure,
    owner: Organisation,
    board: Organisation,
    entry: Entry,
    kind: FoundKind,
    at: datetime,
    district: DistrictId | None,
) -> Iterator[Found]:
    named = as_named(owner, local_day(at))
    step = next((s for s in named.steps if s.id == entry.reach.step), None)
    number = next((n for n in named.numbers if n.id == entry.reach.number), None)
    one = Found(kind=kind, id=entry.id, organisation=owner.id, entry=entry, step=step, number=number)
    named_districts = entry.districts if isinstance(entry, Contact) else ()
    near = tuple(
        name
        for name in named_districts
        if name == district or (district is None and _lies_in(structure, name, board, at))
    )
    if near or not named_districts:
        yield replace(one, districts=near)


def _lies_in(structure: Structure, district: DistrictId, board: Organisation, at: datetime) -> bool:
    day = local_day(at)
    now = (m for m in structure.mappings.get(district, ()) if holds(day, m.valid_from, m.valid_to))
    return any(structure.areas[mapping.area][0].id == board.id for mapping in now)


def _both(label: Label | Caption | Told) -> dict[str, str]:
    return {"sv": label.sv, "en": label.en}


def _step(step: Step) -> dict[str, object]:
    return {
        "because": step.because,
        "when": step.when.value,
        "needs": [need.value for need in step.needs],
        "matters": [matter.value for matter in step.matters],
        "after_jour": step.after_jour,
        "planned": step.planned,
    }


def _entry(entry: Entry) -> dict[str, object]:
    plain: dict[str, object] = {
        "does": _both(entry.does),
        "article": entry.article,
        "valid_from": entry.valid_from.isoformat(),
        "valid_to": entry.valid_to.isoformat() if entry.valid_to is not None else None,
    }
    match entry:
        case Referral():
            plain |= {"matters": [m.value for m in entry.matters]}
            plain |= {"from_age": entry.from_age, "to_age": entry.to_age}
        case Contact():
            plain |= {"role": entry.role.value}
        case Forum():
            plain |= {"places": _both(entry.places)}
    return plain


def _reach(found: Found) -> dict[str, object]:
    reach: dict[str, object] = {}
    if found.step is not None:
        reach["step"] = found.step.id
    if found.number is not None:
        number = found.number
        reach["number"] = {
            "label": _both(number.label),
            "number": number.number,
            "hours": written_hours(number.hours),
        }
    if found.says is not None:
        reach["says"] = _both(found.says)
    return reach
