"""Questions kept for curators: today's beside the ledger, those of days that are over on it."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, Table, bindparam, delete, func, insert, select, tuple_, union
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.core.codec import to_json
from bot.core.ids import ArticleId, OrganisationId
from bot.core.questions import QuestionKind
from bot.flow.records import Entry
from bot.flow.records_questions import QuestionCount, SealedQuestion
from bot.store.facts import Columns, Facts
from bot.store.question_tables import question_counts, question_counts_today, questions, questions_today

NONE_MEANT: Final = "-"  # in the place of an article
_COUNTED: Final = ("organisation", "day", "kind", "article")
_PUT: Final = insert(questions_today)
_COUNT = upsert(question_counts_today).values(
    {**{name: bindparam(f"of_{name}") for name in _COUNTED}, "count": 1}
)
_COUNT = _COUNT.on_conflict_do_update(
    index_elements=list(_COUNTED), set_={"count": question_counts_today.c.count + 1}
)


def _on(table: Table) -> Any:  # noqa: ANN401 - SQLAlchemy's own conditions are this wide
    return (table.c.organisation == bindparam("of")) & (table.c.day == bindparam("on"))


_KEPT: Final = select(func.count(questions_today.c.id.distinct())).where(_on(questions_today))
_OPEN: Final = union(
    *(
        select(table.c.organisation, table.c.day).where(table.c.day < bindparam("before"))
        for table in (questions_today, question_counts_today)
    )
)
_ADDED = upsert(question_counts)
_ADD: Final = _ADDED.on_conflict_do_update(
    index_elements=list(_COUNTED), set_={"count": question_counts.c.count + _ADDED.excluded.count}
).returning(*question_counts.c)
_NEWEST: Final = (
    select(questions)
    .where(questions.c.organisation == bindparam("of"), questions.c.device == bindparam("by"))
    .order_by(questions.c.day.desc(), questions.c.id.desc())
    .limit(bindparam("most"))
)
_FOLLOWING: Final = _NEWEST.where(
    tuple_(questions.c.day, questions.c.id) < tuple_(bindparam("on"), bindparam("past"))
)
_COUNTS: Final = (
    select(question_counts, question_counts.c.count.label("times"))  # `count` is a method of every row
    .where(question_counts.c.organisation == bindparam("of"), question_counts.c.day >= bindparam("since"))
    .order_by(*question_counts.primary_key.columns)
)
_DAYS: Final = select(questions.c.day).distinct().where(questions.c.organisation == bindparam("of"))
_ERASED: Final = select(questions.c.id, questions.c.device).where(_on(questions))
_ERASE: Final = delete(questions).where(_on(questions))


class SqlQuestions:
    """Implements `Questions` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        """`connection`: in the transaction that all of this belongs to."""
        self._connection = connection
        self._facts = Facts(connection)

    def put(self, copies: Sequence[SealedQuestion]) -> None:
        """Keep one question of today, sealed to each device."""
        self._connection.execute(_PUT, [_row(copy) for copy in copies])

    def count(
        self, organisation: OrganisationId, day: str, kind: QuestionKind, article: ArticleId | None
    ) -> None:
        """Count one more question of today."""
        values = (organisation, day, kind.value, article or NONE_MEANT)
        named = {f"of_{name}": value for name, value in zip(_COUNTED, values, strict=True)}
        self._connection.execute(_COUNT, named)

    def kept_on(self, organisation: OrganisationId, day: str) -> int:
        """How many questions of a day that is not closed are kept."""
        return self._connection.execute(_KEPT, {"of": organisation, "on": day}).scalar_one()

    def open_days(self, before: str) -> tuple[tuple[OrganisationId, str], ...]:
        """Days before that one which are not closed."""
        found = self._connection.execute(_OPEN, {"before": before})
        return tuple(sorted((OrganisationId(row.organisation), row.day) for row in found))

    def close_day(self, organisation: OrganisationId, day: str, kept: Entry, counted: Entry) -> None:
        """Put what was kept and counted that day on the ledger, in the order of ids, in which no time is."""
        copies = self._taken(questions_today, organisation, day)
        if copies:
            self._connection.execute(insert(questions), copies)
            self._facts.record(kept, "questions", put=dict(question_fact(row) for row in copies))
        counts = [self._added(row) for row in self._taken(question_counts_today, organisation, day)]
        if counts:
            self._facts.record(counted, "question_counts", put=dict(count_fact(row) for row in counts))

    def of_device(
        self, organisation: OrganisationId, device: bytes, after: tuple[str, bytes] | None, limit: int
    ) -> tuple[SealedQuestion, ...]:
        """The copies for one device of days that are closed, the newest day first."""
        named: dict[str, object] = {"of": organisation, "by": device, "most": limit}
        if after is not None:
            named |= {"on": after[0], "past": after[1]}
        query = _NEWEST if after is None else _FOLLOWING
        return tuple(_question(row) for row in self._connection.execute(query, named))

    def counts(self, organisation: OrganisationId, since: str) -> tuple[QuestionCount, ...]:
        """What was counted on closed days from that day on, day by day."""
        found = self._connection.execute(_COUNTS, {"of": organisation, "since": since})
        return tuple(
            QuestionCount(
                organisation=organisation,
                day=row.day,
                kind=QuestionKind(row.kind),
                article=ArticleId(row.article) if row.article != NONE_MEANT else None,
                count=row.times,
            )
            for row in found
        )

    def days(self, organisation: OrganisationId) -> tuple[str, ...]:
        """The closed days of which questions are kept."""
        return tuple(sorted(self._connection.scalars(_DAYS, {"of": organisation})))

    def erase(self, organisation: OrganisationId, day: str, entry: Entry) -> int:
        """Destroy every copy of a closed day's questions; the counts stay. Returns how many copies."""
        named = {"of": organisation, "on": day}
        gone = [_key(row.id, row.device) for row in self._connection.execute(_ERASED, named)]
        self._connection.execute(_ERASE, named)
        self._facts.record(entry, "questions", put={}, dropped=sorted(gone))
        return len(gone)

    def _taken(self, table: Table, organisation: OrganisationId, day: str) -> list[dict[str, Any]]:
        """The day's rows, taken out of what is of today, in the order of their keys."""
        named = {"of": organisation, "on": day}
        query: Select[Any] = select(table).where(_on(table)).order_by(*table.primary_key.columns)
        rows = [dict(row) for row in self._connection.execute(query, named).mappings()]
        self._connection.execute(delete(table).where(_on(table)), named)
        return rows

    def _added(self, row: dict[str, Any]) -> Columns:
        """The count as it stands now: after a clock that was set back, a day is closed twice."""
        return dict(self._connection.execute(_ADD, row).mappings().one())


def question_fact(row: Columns) -> tuple[str, object]:
    """What the ledger is told of a copy: the hash of it, so that nothing is left there when it is erased."""
    sealed = sha256(row["blob"].content).hexdigest()
    return _key(row["id"], row["device"]), {
        "organisation": row["organisation"],
        "day": row["day"],
        "sealed": sealed,
    }


def count_fact(row: Columns) -> tuple[str, object]:
    """What the ledger is told of a count: all of it."""
    return to_json([row[name] for name in _COUNTED]).decode(), {"count": row["count"]}


def _key(id_: bytes, device: bytes) -> str:
    return to_json([id_.hex(), device.hex()]).decode()


def _row(copy: SealedQuestion) -> dict[str, object]:
    return {
        "id": copy.id,
        "device": copy.device,
        "organisation": copy.organisation,
        "day": copy.day,
        "blob": copy.blob,
    }


def _question(row: Row[Any]) -> SealedQuestion:
    return SealedQuestion(
        id=row.id,
        device=row.device,
        organisation=OrganisationId(row.organisation),
        day=row.day,
        blob=row.blob,
    )
