"""Refers somebody on when a talk ends: to what, of what exists at that place and that minute, and how it is reached."""

from datetime import datetime

from bot.core.consultation import Consultation
from bot.core.errors import BadInput
from bot.core.events import Ending
from bot.core.finding import Found, referrals_at
from bot.core.ids import PersonId
from bot.core.places import organisation
from bot.core.referrals import EntryId, Referral
from bot.flow.deps import Content


def targets(content: Content, c: Consultation, at: datetime) -> tuple[Found, ...]:
    """To what the officer can be referred now: what is for such matters first, then what is for all, then the rest."""
    assert c.organisation is not None
    found = referrals_at(content.structure, organisation(content.structure, c.organisation), at)
    return tuple(sorted(found, key=lambda one: _distance(one, c)))


def target_of(content: Content, c: Consultation) -> Found | None:
    """To what the officer was referred, as it was when the talk ended; None: to nothing, or the policy has it no longer."""
    if c.target is None or c.organisation is None or c.closed_at is None:
        return None
    return next((one for one in targets(content, c, c.closed_at) if one.id == c.target), None)


def check_target(
    content: Content, c: Consultation, by: PersonId, ending: Ending, target: EntryId | None, at: datetime
) -> None:
    """Raise BadInput unless it is whoever has the talk who refers to it, by an ending that says so, and it exists there now."""
    if target is None:
        return
    if by != c.holder or ending is not Ending.REFERRED:
        raise BadInput("only whoever has it refers somebody to something")
    if all(one.id != target for one in targets(content, c, at)):
        raise BadInput("there is nothing of that name to refer to here")


def _distance(found: Found, c: Consultation) -> int:
    matters = found.entry.matters if isinstance(found.entry, Referral) else ()
    if c.request is not None and c.request.matter in matters:
        return 0
    return 2 if matters else 1
