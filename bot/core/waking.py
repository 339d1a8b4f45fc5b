"""Waking people: by which means and when, what came of each, and how often a telephone may be called at most."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final

from pydantic import ConfigDict, Field

from bot.core.codec import instant_to_text
from bot.core.ids import ConsultationId, OrganisationId, PersonId

_STRICT: Final = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)

HOUR: Final = timedelta(hours=1)
APART: Final = timedelta(minutes=1)  # what wants a telephone twice within it rings it once
MOST_TO_PERSON: Final = 10  # calls of somebody's telephone in any hour, SMS and voice together
MOST_OF_ORGANISATION: Final = 60  # calls that an organisation makes in any hour


class Means(StrEnum):
    """How somebody is reached. The values go into rows and the ledger: add, never rename."""

    TELEGRAM = "telegram"
    PUSH = "push"
    DEVICE = "device"  # a page that is open on a device of their own; nothing rings there
    SMS = "sms"
    VOICE = "voice"


TELEPHONE: Final = (Means.SMS, Means.VOICE)  # the second channel, through a gateway


class Purpose(StrEnum):
    """What somebody is woken for, and which fixed sentence they get: `waking.<purpose>`. Add, never rename."""

    OFFER = "offer"
    READINESS = "readiness"
    SUPERVISOR = "supervisor"
    GRAVE = "grave"


class Did(StrEnum):
    """What was done, or what came of it. The values go into rows and the ledger: add, never rename."""

    CALLED = "called"  # on its way to the gateway
    TAKEN = "taken"  # the gateway has it
    DELIVERED = "delivered"  # the gateway says that the telephone has it, or that somebody picked up
    FAILED = "failed"  # the gateway says that it does not
    REFUSED = "refused"  # the channel would not take it, or was tried until it was too late
    NO_PHONE = "no_phone"  # no number that can be dialled
    NO_GATEWAY = "no_gateway"  # none is set up, or it does not do this
    NOT_ALLOWED = "not_allowed"  # the organisation has not decided on it
    JUST_RUNG = "just_rung"  # the telephone rang for something else less than a minute ago
    CAPPED = "capped"  # called as often as may be within an hour
    SEEN = "seen"  # the person has looked


IN_VAIN: Final = frozenset({Did.FAILED, Did.REFUSED, Did.NO_PHONE, Did.NO_GATEWAY, Did.NOT_ALLOWED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """One thing that was done to wake somebody, or came of it: one row, one ledger entry, never changed.

    `ref`: the offer, or what else they are woken for. `of`: the call of which this is what came; empty: of none.
    """

    id: str
    purpose: Purpose
    ref: str
    number: int  # among those of the same ref, from 1: the order in which they came
    person: PersonId
    organisation: OrganisationId  # on whose behalf, and on whose ledger
    consultation: ConsultationId | None  # with which it is erased
    means: Means
    did: Did
    at: datetime
    of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One means of a plan, so many seconds after the doorbell."""

    __pydantic_config__ = _STRICT
    by: Means
    after: Annotated[int, Field(ge=0, le=3600)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Try this now."""

    by: Means


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Look again then."""

    until: datetime


def follows(
    plan: Sequence[Turn], begun: datetime, rings: Collection[Ring], bells: Collection[str], now: datetime
) -> Call | Wait | None:
    """What follows for somebody who was rung at `begun`; None: nothing more.

    `rings`: everything about this one ringing. `bells`: the channels that rang; where none did, or all of them failed,
    the next means has its turn at once, and so it has after each that came to nothing.
    """
    if any(ring.did in (Did.SEEN, Did.CAPPED) for ring in rings):
        return None
    failed = {ring.means for ring in rings if ring.did in IN_VAIN}
    tried, vain = {ring.means for ring in rings}, set(bells) <= failed
    for turn in plan:
        if turn.by not in TELEPHONE:
            continue  # it rang when the person was asked
        if turn.by in tried:
            vain = turn.by in failed
            continue
        due = begun + timedelta(seconds=turn.after)
        return Call(by=turn.by) if vain or due <= now else Wait(until=due)
    return None


def first_look(plan: Sequence[Turn], begun: datetime, *, rung: bool) -> datetime | None:
    """When to look whether a second channel is needed; None where the plan has none. `rung`: a doorbell rings."""
    first = next((turn for turn in plan if turn.by in TELEPHONE), None)
    if first is None:
        return None
    return begun + timedelta(seconds=first.after) if rung else begun


def kept_from(means: Means, recent: Collection[Ring], of_organisation: int, now: datetime) -> Did | None:
    """Why a telephone is not called now; None: it may be.

    `recent`: calls of this person within the hour, and what came of them. `of_organisation`: how often
    the organisation has called anybody within the hour.
    """
    calls = [ring for ring in recent if ring.did is Did.CALLED and now - ring.at < HOUR]
    failed = {ring.of for ring in recent if ring.did in IN_VAIN}
    if any(call.means is means and call.id not in failed and now - call.at < APART for call in calls):
        return Did.JUST_RUNG
    if len(calls) >= MOST_TO_PERSON or of_organisation >= MOST_OF_ORGANISATION:
        return Did.CAPPED
    return None


def trying(rings: Collection[Ring]) -> Means | None:
    """The second channel that is being tried, the last one begun; None: none is, or somebody has looked."""
    if any(ring.did is Did.SEEN for ring in rings):
        return None
    failed = {ring.of for ring in rings if ring.did in IN_VAIN}
    calls = [ring for ring in rings if ring.did in (Did.CALLED, Did.JUST_RUNG) and ring.id not in failed]
    return max(calls, key=lambda ring: ring.number).means if calls else None


def dialled(phone: str | None) -> str | None:
    """A telephone number as a gateway dials it (E.164); None for none, or one that cannot be. A leading 0 is Swedish."""
    digits = "".join(c for c in phone or "" if c in "+0123456789")
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    elif digits.startswith("0"):
        digits = f"+46{digits[1:]}"
    whole = digits.startswith("+") and "+" not in digits[1:] and digits[1:2] not in ("", "0")
    return digits if whole and 8 <= len(digits) - 1 <= 15 else None


def told(ring: Ring) -> Mapping[str, object]:
    """A ring as the ledger is told of it."""
    return {
        "ring": ring.id,
        "purpose": ring.purpose.value,
        "ref": ring.ref,
        "number": ring.number,
        "person": ring.person,
        "means": ring.means.value,
        "did": ring.did.value,
        "of": ring.of,
        "at": instant_to_text(ring.at),
        **({"consultation": ring.consultation} if ring.consultation is not None else {}),
    }
