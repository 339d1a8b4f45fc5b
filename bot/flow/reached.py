"""Somebody says that they can be reached: by a button, or on a device that signs it; or that they have seen a drill."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from bot.core.checks import is_sane
from bot.core.hours import local_day
from bot.core.policy import Act
from bot.core.press import Drilled, Reached
from bot.core.waking import Means
from bot.flow import checks, drills
from bot.flow.deps import Deps
from bot.flow.device_sign_in import check_answer
from bot.flow.ports import Tx
from bot.flow.records_devices import Device
from bot.flow.records_readiness import Check
from bot.flow.refusals import Code, Refused
from bot.flow.speaker import Speaker, amend, may
from bot.seal.field import lookup
from bot.seal.keys import public_from_bytes
from bot.seal.plain import Plain

LABEL = "samjour-readiness/1"
_MILLISECOND = timedelta(milliseconds=1)


def press(tx: Tx, deps: Deps, who: Speaker, pressed: Reached) -> None:
    """A button of a chat: it shows that the channel works, and no more."""
    may(deps, who, Act.READINESS_ANSWER, subject=who.person)
    checks.answer(tx, deps, who.person.id, pressed.check, Means(who.inbound.channel))
    amend(tx, deps, who, "readiness.thanks")


def press_drill(tx: Tx, deps: Deps, who: Speaker, pressed: Drilled) -> None:
    """The drill's button. Pressed on another day it says so, and counts for nothing."""
    may(deps, who, Act.READINESS_ANSWER, subject=who.person)
    today = local_day(who.inbound.at).strftime("%Y%m%d") == pressed.day
    seen = today and drills.see(tx, deps, who.person.id, who.inbound.at)
    amend(tx, deps, who, "readiness.drill_seen" if seen else "readiness.drill_over")


def waiting(tx: Tx, who: Speaker) -> tuple[Check, ...]:
    """What this person is asked just now."""
    return tx.readiness.open_checks(who.person.id)


def nonce(deps: Deps, check: Check) -> bytes:
    """32 bytes that nobody else can tell, for a device to sign; the same for each try."""
    return lookup(deps.keys.fields, "readiness", Plain(check.id.encode()))


def to_sign(check: str, nonce: bytes, clock: int) -> bytes:
    """What a device signs as it signs a challenge (FORMAT.md 57): SHA-256 over label, check, its clock in ms, our nonce."""
    return sha256(f"{LABEL}\n{check}\n{clock}\n".encode() + nonce).digest()


def answer_on_device(
    tx: Tx, deps: Deps, who: Speaker, device: Device, named: str, *, clock: int, signature: bytes
) -> Check:
    """A device answers: its key is there and its clock is right. `clock`: ms since 1970 by the device.

    Raises Refused for what was asked of somebody else and for a clock more than five minutes off, Denied where the
    signature does not hold.
    """
    may(deps, who, Act.READINESS_ANSWER, subject=who.person)
    check = tx.readiness.check(named)
    if check is None or check.person != who.person.id:
        raise Refused(Code.NOT_YOURS)
    challenge = to_sign(check.id, nonce(deps, check), clock)
    check_answer(
        public_from_bytes(device.public), base_url=deps.base_url, challenge=challenge, answer=signature
    )
    theirs = _instant(clock)
    if theirs is None or not is_sane(theirs, who.now):
        raise Refused(Code.OTHER_TIME)
    skew = round((theirs - who.now) / _MILLISECOND)
    return checks.answer(tx, deps, who.person.id, named, Means.DEVICE, device=device.id.hex(), skew=skew)


def _instant(clock: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(0, UTC) + clock * _MILLISECOND
    except OverflowError:
        return None
