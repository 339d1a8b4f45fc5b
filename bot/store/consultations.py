"""Consultations and their offers."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.core.codec import decode_consultation, encode_consultation
from bot.core.consultation import Consultation, State
from bot.core.errors import BadInput, NotNow
from bot.core.ids import ConsultationId, OfferId, PersonId
from bot.core.request import Offer, Outcome
from bot.flow.records import Entry
from bot.store.gathered import AHEAD, gathered
from bot.store.known import known
from bot.store.ledger import SqlLedger
from bot.store.tables import IS_OPEN, consultations, offers, people

_BEGIN = insert(consultations)
_CHANGE = update(consultations).where(
    consultations.c.id == bindparam("of"), consultations.c.version == bindparam("expected")
)
_PUT_OFFER = upsert(offers)
_PUT_OFFER = _PUT_OFFER.on_conflict_do_update(
    index_elements=[offers.c.id], set_={"outcome": _PUT_OFFER.excluded.outcome}
)
_DROP_OFFER = delete(offers).where(offers.c.id == bindparam("of"))

_BODY = select(consultations.c.body)
_GET = _BODY.where(consultations.c.id == bindparam("of")).execution_options(**{AHEAD: True})
_VERSION = select(consultations.c.version).where(consultations.c.id == bindparam("of"))
_BY_OFFER = _BODY.join(offers, offers.c.consultation == consultations.c.id).where(
    offers.c.id == bindparam("of")
)
_OFFERED_TO = (
    _BODY.join(offers, offers.c.consultation == consultations.c.id)
    .where(offers.c.person == bindparam("of"), offers.c.outcome == Outcome.PENDING.value)
    .order_by(offers.c.at, offers.c.id)
)
_OVERDUE = (
    _BODY.where(consultations.c.due <= bindparam("now"))
    .order_by(consultations.c.due, consultations.c.id)
    .limit(bindparam("most"))
)
_NEXT_DUE = select(func.min(consultations.c.due)).where(consultations.c.due.is_not(None))
_OPEN_ROOMS = select(consultations.c.holder, func.count()).where(IS_OPEN).group_by(consultations.c.holder)
_HELD_BY = _BODY.where(IS_OPEN, consultations.c.holder == bindparam("of")).order_by(
    consultations.c.begun_at, consultations.c.id
)
_LAST_AT = select(func.max(offers.c.at)).where(offers.c.person == people.c.id).scalar_subquery()
_LAST_OFFERED = select(people.c.id, _LAST_AT)  # one look into the index for each person, however many offers
_PENDING = (
    select(func.count())
    .select_from(offers)
    .where(offers.c.person == people.c.id, offers.c.outcome == Outcome.PENDING.value)
    .scalar_subquery()
)
_DOORBELLS = select(people.c.id, _PENDING)  # likewise
_UNANSWERED = (
    _BODY.where(
        consultations.c.due > bindparam("since"),
        or_(
            consultations.c.state == State.OFFERED.value,
            consultations.c.state == State.PHONED.value,
        ),
    )
    .order_by(consultations.c.begun_at, consultations.c.id)
    .limit(bindparam("most"))
)

_HELD = _BODY.where(IS_OPEN).order_by(consultations.c.due, consultations.c.id).limit(bindparam("most"))


def _newest(column: Any) -> Select[Any]:  # noqa: ANN401 - SQLAlchemy types a table's columns no closer
    return (
        _BODY.where(column == bindparam("of"))
        .order_by(consultations.c.begun_at.desc(), consultations.c.id.desc())
        .limit(bindparam("most"))
    )


_OF_OFFICER = _newest(consultations.c.officer)
_OF_HOLDER = _newest(consultations.c.holder)
_VERSIONS, _LOADS = ("consultations",), ("consultations", "offers")


class SqlConsultations:
    """Implements `Consultations` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        """`connection`: in the transaction that all of this belongs to."""
        self._connection = connection
        self._gathered = gathered(connection)
        self._known = known(connection)
        self._ledger = SqlLedger(connection)

    def get(self, consultation: ConsultationId) -> Consultation | None:
        """One by id."""
        waiting = self._waiting(consultation)
        if waiting is not None:
            return decode_consultation(waiting["body"])
        found = self._one(_GET, consultation)
        self._known.put(_VERSIONS, consultation, 0 if found is None else found.version)
        return found

    def save(self, before: Consultation, after: Consultation, entry: Entry) -> None:
        """Store `after` and its ledger entry if `before.version` is still the stored one; else raises NotNow.

        `after` is one event further than `before`; anything else is BadInput.
        """
        if (after.id, after.version) != (before.id, before.version + 1) or entry.kind != "consultation":
            raise BadInput("one event, one version, one entry")
        if self._known.of(_VERSIONS, before.id, lambda: self._version(before.id)) != before.version:
            raise NotNow("somebody else was faster")
        self._put(before, after)
        self._project(before, after)
        self._keep_loads(before, after)
        self._ledger.append(entry)

    def by_offer(self, offer: OfferId) -> Consultation | None:
        """The one in which that offer was made."""
        return self._one(_BY_OFFER, offer)

    def of_officer(self, officer: PersonId, limit: int) -> tuple[Consultation, ...]:
        """Those an officer asked for, newest first."""
        return self._many(_OF_OFFICER, of=officer, most=limit)

    def of_holder(self, holder: PersonId, limit: int) -> tuple[Consultation, ...]:
        """Those a worker holds or held last, newest first."""
        return self._many(_OF_HOLDER, of=holder, most=limit)

    def held_by(self, person: PersonId) -> tuple[Consultation, ...]:
        """The open ones that a worker holds now, oldest first."""
        return self._many(_HELD_BY, of=person)

    def offered_to(self, person: PersonId) -> tuple[Consultation, ...]:
        """Those in which an answer is awaited from this person, oldest first."""
        return self._many(_OFFERED_TO, of=person)

    def open_rooms(self) -> dict[PersonId, int]:
        """How many open consultations each worker holds; those with none are not named."""
        return {**self._known.of(_LOADS, _OPEN_ROOMS, lambda: self._pairs(_OPEN_ROOMS))}

    def last_offered(self) -> dict[PersonId, datetime]:
        """When each known person was last asked; those who never were are not named."""
        return {**self._known.of(_LOADS, _LAST_OFFERED, lambda: self._pairs(_LAST_OFFERED))}

    def doorbells(self) -> dict[PersonId, int]:
        """How many doorbells wait for each person's answer; those with none are not named."""
        return {**self._known.of(_LOADS, _DOORBELLS, lambda: self._pairs(_DOORBELLS))}

    def unanswered(self, since: datetime, limit: int) -> tuple[Consultation, ...]:
        """Those for which somebody is being asked, or numbers are called, and whose deadline is later; oldest first."""
        return self._many(_UNANSWERED, since=since, most=limit)

    def held(self, limit: int) -> tuple[Consultation, ...]:
        """Those that somebody has and has not ended, the one whose deadline is next first."""
        return self._many(_HELD, most=limit)

    def next_due(self) -> datetime | None:
        """The earliest state deadline."""
        due: datetime | None = self._connection.execute(_NEXT_DUE).scalar()
        return due

    def overdue(self, now: datetime, limit: int) -> tuple[Consultation, ...]:
        """Those whose deadline has passed, longest overdue first."""
        return self._many(_OVERDUE, now=now, most=limit)

    def _waiting(self, consultation: ConsultationId) -> Mapping[str, Any] | None:
        """Its row, if that is gathered and not written yet."""
        return self._gathered.get(_BEGIN, consultation) or self._gathered.get(_CHANGE, consultation)

    def _put(self, before: Consultation, after: Consultation) -> None:
        row = consultation_row(after)
        if before.version == 0 or self._gathered.get(_BEGIN, after.id) is not None:
            self._gathered.put(_BEGIN, after.id, row)
        else:
            waiting = self._gathered.get(_CHANGE, after.id)
            stored = before.version if waiting is None else waiting["expected"]
            self._gathered.put(_CHANGE, after.id, {**row, "of": after.id, "expected": stored})
        self._known.put(_VERSIONS, after.id, after.version)

    def _keep_loads(self, before: Consultation, after: Consultation) -> None:
        """What is known of everybody's load goes along: it is asked for with every request."""
        held: dict[PersonId, int] | None = self._known.get(_LOADS, _OPEN_ROOMS)
        if held is not None:
            _count(held, _holders(before), _holders(after))
            self._known.put(_LOADS, _OPEN_ROOMS, held)
        asked: dict[PersonId, int] | None = self._known.get(_LOADS, _DOORBELLS)
        if asked is not None:
            _count(asked, _asked(before), _asked(after))
            self._known.put(_LOADS, _DOORBELLS, asked)
        last: dict[PersonId, datetime] | None = self._known.get(_LOADS, _LAST_OFFERED)
        if last is not None:
            for offer in after.offers[len(before.offers) :]:
                last[offer.person] = max(offer.at, last.get(offer.person, offer.at))
            self._known.put(_LOADS, _LAST_OFFERED, last)

    def _version(self, consultation: ConsultationId) -> int:
        return self._connection.execute(_VERSION, {"of": consultation}).scalar() or 0

    def _one(self, query: Select[Any], of: str) -> Consultation | None:
        body = self._connection.execute(query, {"of": of}).scalar()
        return None if body is None else decode_consultation(body)

    def _many(self, query: Select[Any], **named: object) -> tuple[Consultation, ...]:
        return tuple(decode_consultation(body) for body in self._connection.scalars(query, named))

    def _pairs(self, query: Select[Any]) -> dict[PersonId, Any]:
        return {PersonId(person): value for person, value in self._connection.execute(query) if value}

    def _project(self, before: Consultation, after: Consultation) -> None:
        old = {offer.id: offer for offer in before.offers}
        changed = [offer_row(after.id, offer) for offer in after.offers if old.pop(offer.id, None) != offer]
        for offer in changed:
            self._gathered.put(_PUT_OFFER, offer["id"], offer)
        if old:  # erased
            self._connection.execute(_DROP_OFFER, [{"of": id_} for id_ in old])


def _holders(c: Consultation) -> list[PersonId]:
    return [c.holder] if c.state is State.OPEN and c.holder is not None else []


def _asked(c: Consultation) -> list[PersonId]:
    return [offer.person for offer in c.pending]


def _count(known: dict[PersonId, int], before: Iterable[PersonId], after: Iterable[PersonId]) -> None:
    """One less for each before, one more for each after; those who are left with none are not named."""
    for those, more in ((before, -1), (after, 1)):
        for person in those:
            known[person] = known.get(person, 0) + more
    for person in (*before, *after):
        if not known.get(person, 1):
            del known[person]


def consultation_row(c: Consultation) -> dict[str, object]:
    """The row of a consultation: its body, and the columns that repeat what is searched for."""
    return {
        "id": c.id,
        "version": c.version,
        "state": c.state.value,
        "due": c.due,
        "officer": c.officer,
        "holder": c.holder,
        "begun_at": c.begun_at,
        "body": encode_consultation(c),
    }


def offer_row(consultation: ConsultationId, offer: Offer) -> dict[str, Any]:
    """The row that an offer has outside its consultation's body."""
    return {
        "id": offer.id,
        "consultation": consultation,
        "person": offer.person,
        "at": offer.at,
        "outcome": offer.outcome.value,
    }
