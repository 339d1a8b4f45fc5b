"""Promises: what whoever holds a talk has said that they will do, and by when; fixed choices that go with the talk."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.core.errors import BadInput


class PromiseKind(StrEnum):
    """What was promised. The values go into buttons and the ledger: add, never rename."""

    CALL = "call"  # ring upp kl.
    FEEDBACK = "feedback"  # återkoppling senast
    PRESENCE = "presence"  # närvaro kl.
    NOTHING = "nothing"  # inget: said outright, and takes back what was promised before


AHEAD: Final = timedelta(days=7)  # the furthest that a shift's worker promises anything for


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """One promise; `due` (aware, UTC) for all but NOTHING."""

    kind: PromiseKind
    due: datetime | None = None


def check_promises(promises: Collection[Promise], now: datetime) -> None:
    """Raise BadInput unless that can be said at once: one of a kind, or nothing at all, each for a time ahead."""
    kinds = [promise.kind for promise in promises]
    if not kinds or len(set(kinds)) < len(kinds):
        raise BadInput("promises are one of each kind at most, or that there are none")
    if PromiseKind.NOTHING in kinds and len(kinds) > 1:
        raise BadInput("nothing was promised, or something was")
    for promise in promises:
        if (promise.due is None) is not (promise.kind is PromiseKind.NOTHING):
            raise BadInput("a promise says by when")
        if promise.due is not None and not now < promise.due <= now + AHEAD:
            raise BadInput("a promise is for the week ahead")
