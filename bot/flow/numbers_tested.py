"""Tests of telephone numbers: somebody rang one and says whether it was answered; the last test of each counts."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from bot.core.errors import BadInput
from bot.core.hours import local_day
from bot.core.ids import OrganisationId
from bot.core.places import Number, NumberId, Structure, lasts
from bot.flow.deps import Deps
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.flow.records_coverage import NumberTest

KIND: Final = "number"


def keep_test(tx: Tx, deps: Deps, number: NumberId, *, answered: bool, by: str) -> NumberTest:
    """Keep that somebody rang it now, on the ledger of whose number it is. Raises BadInput for an unknown one."""
    now = deps.clock.now()
    found = NumberTest(number=number, at=now, by=by, answered=answered)
    owner = _owner(deps.content().structure, number, local_day(now))
    tx.coverage.put_test(found, fact(deps, owner, KIND, now, by=by))
    deps.gates.forget()
    return found


def answers_since(number: Number, last: Mapping[NumberId, NumberTest]) -> date | None:
    """The day on which the number last was found to answer; None where its last test found that it does not.

    The file tells of a test before the first that was kept here, or of a later one.
    """
    found = last.get(number.id)
    if found is None or local_day(found.at) < number.tested:
        return number.tested
    return local_day(found.at) if found.answered else None


def _owner(structure: Structure, number: NumberId, day: date) -> OrganisationId:
    named = (
        (lasts(one, day), own.id)
        for own in structure.organisations.values()
        for one in own.numbers
        if one.id == number
    )
    found = max(named, default=None)
    if found is None:
        raise BadInput("there is no number with that id")
    return found[1]
