"""Tests of telephone numbers, and which weeks were summed up for whom."""

from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.core.codec import instant_to_text, to_json
from bot.core.ids import OrganisationId
from bot.core.places import NumberId
from bot.flow.records import Entry
from bot.flow.records_coverage import NumberTest, Summary
from bot.store.coverage_tables import number_tests, summaries
from bot.store.facts import Columns, Facts
from bot.store.known import known

_LAST = select(number_tests.c.number, func.max(number_tests.c.at).label("at")).group_by(number_tests.c.number)
_LATEST = _LAST.subquery()
_TESTS = select(number_tests).join(
    _LATEST, (number_tests.c.number == _LATEST.c.number) & (number_tests.c.at == _LATEST.c.at)
)
_PUT_TEST = upsert(number_tests)
_PUT_TEST = _PUT_TEST.on_conflict_do_update(
    index_elements=[number_tests.c.number, number_tests.c.at],
    set_={name: _PUT_TEST.excluded[name] for name in ("by", "answered")},
)
_SUMMED = select(summaries.c.at).where(
    summaries.c.organisation == bindparam("of"), summaries.c.week == bindparam("named")
)
_PUT_SUMMARY = upsert(summaries)
_PUT_SUMMARY = _PUT_SUMMARY.on_conflict_do_update(
    index_elements=[summaries.c.organisation, summaries.c.week], set_={"at": _PUT_SUMMARY.excluded.at}
)


class SqlCoverage:
    """Implements `Coverage` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        """`connection`: in the transaction that all of this belongs to."""
        self._connection = connection
        self._facts = Facts(connection)
        self._known = known(connection)

    def last_tests(self) -> Mapping[NumberId, NumberTest]:
        """The last test of every number that was ever tested."""
        return self._known.of((number_tests.name,), "last", self._last_tests)

    def put_test(self, test: NumberTest, entry: Entry) -> None:
        """Keep it beside those before; a second one of the same instant replaces the first."""
        row = {"number": test.number, "at": test.at, "by": test.by, "answered": int(test.answered)}
        self._connection.execute(_PUT_TEST, row)
        self._facts.record(entry, "number_tests", put=dict([number_test_fact(row)]))

    def is_summed(self, organisation: OrganisationId, week: str) -> bool:
        """Whether that week was summed up for that organisation."""
        named = {"of": organisation, "named": week}
        return self._connection.execute(_SUMMED, named).one_or_none() is not None

    def put_summary(self, summary: Summary, entry: Entry) -> None:
        """It was summed up now."""
        row = {"organisation": summary.organisation, "week": summary.week, "at": summary.at}
        self._connection.execute(_PUT_SUMMARY, row)
        self._facts.record(entry, "summaries", put=dict([summary_fact(row)]))

    def _last_tests(self) -> dict[NumberId, NumberTest]:
        found = self._connection.execute(_TESTS)
        return {
            NumberId(row.number): NumberTest(
                number=NumberId(row.number), at=row.at, by=row.by, answered=row.answered == 1
            )
            for row in found
        }


def number_test_fact(row: Columns) -> tuple[str, object]:
    """What the ledger is told of a test: which number, when, by whom, and what came of it."""
    key = to_json([row["number"], instant_to_text(row["at"])]).decode()
    return key, {"by": row["by"], "answered": row["answered"]}


def summary_fact(row: Columns) -> tuple[str, object]:
    """What the ledger is told of a sum: whose, of which week, and when."""
    key = to_json([row["organisation"], row["week"]]).decode()
    return key, {"at": instant_to_text(row["at"])}
