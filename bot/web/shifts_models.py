"""What the routes of shifts and swaps take and give."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, Field

from bot.core.people import Role
from bot.core.swaps import SwapState
from bot.web.shapes import Strict

_Name = Annotated[str, Field(min_length=1, max_length=64)]
_Shift = Annotated[str, Field(min_length=1, max_length=240)]
_Source = Annotated[str, Field(max_length=120)]


class Stretch(Strict):
    """From when until when of one shift: `organisation`, `source` and `shift` are its lasting name."""

    organisation: _Name
    source: _Source
    shift: _Shift
    starts: AwareDatetime
    ends: AwareDatetime


class OneStretch(Strict):
    """A stretch, and whose it is to be or is: oneself, unless a coordinator names another."""

    stretch: Stretch
    person: _Name | None = None


class TwoStretches(Strict):
    """Two people's stretches that a coordinator exchanges."""

    one: Stretch
    other: Stretch


class CannotWork(Strict):
    """Who cannot work: oneself, unless a coordinator names another. Without a stretch: from now until the shift ends."""

    stretch: Stretch | None = None
    person: _Name | None = None


class OnOrOff(Strict):
    """A coordinator puts somebody on duty beside every roster (then in a role), or takes them off every duty."""

    organisation: _Name
    person: _Name
    on: bool
    role: Role | None = None
    starts: AwareDatetime
    ends: AwareDatetime


class NewSwap(Strict):
    """A proposal. Mine for anybody (neither `taker` nor `giver`), mine for `taker` and perhaps `returns`, or `giver`'s for me."""

    gives: Stretch
    taker: _Name | None = None
    giver: _Name | None = None
    returns: Stretch | None = None


class PartShown(Strict):
    """A stretch of a shift, as what and for whom. `person`: who holds it, to those who may see that; None: nobody."""

    stretch: Stretch
    role: Role
    organisations: list[str]
    areas: list[str]
    person: str | None
    changed: bool


class SwapShown(Strict):
    """A proposal and how it stands. `mine`: I proposed it; else I may say yes to it, or could."""

    id: str
    gives: Stretch
    returns: Stretch | None
    state: SwapState
    mine: bool
    open_to_all: bool


class Shifts(Strict):
    """One's own shifts of the next 60 days, parts that nobody holds and one could take, and proposals that wait."""

    shifts: list[PartShown]
    free: list[PartShown]
    asked: list[SwapShown]
    proposed: list[SwapShown]


class Parts(Strict):
    """Every part of every shift for an organisation in the next 60 days."""

    parts: list[PartShown]


class RestShown(Strict):
    """Less rest between two shifts than eleven hours: shown, not refused."""

    person: str
    begins: datetime
    ends: datetime


class ShiftChanged(Strict):
    """What was changed: how many stretches, and the short rests that it makes."""

    changes: int
    short_rest: list[RestShown]
