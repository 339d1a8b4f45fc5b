"""What an overseer sees of talks that nobody took when a shift ended: where, what, and since when."""

from collections.abc import Collection

from bot.core.ids import OrganisationId
from bot.flow.ports import Tx
from bot.flow.shift_end import left_at
from bot.flow.situation import attendance
from bot.flow.status import Takeable
from bot.flow.times import moment
from bot.flow.words import Words

MOST = 200  # open talks looked at
SHOWN = 20


def left_of(tx: Tx, words: Words, organisations: Collection[OrganisationId]) -> tuple[Takeable, ...]:
    """The talks of these organisations whose holder is off duty, those that end soonest first."""
    talks = [c for c in tx.consultations.held(MOST) if c.organisation in organisations]
    present = attendance(tx, words.now).present if talks else {}
    found = []
    for c in talks:
        since = left_at(tx, c, words.now) if c.holder not in present else None
        if since is None or c.request is None:
            continue
        said = words.say("handover.left_since", who=words.holder(c), since=moment(words, since))
        wish = words.say(f"matter.{c.request.matter}"), words.need(c.request)
        found.append(Takeable(id=c.id, place=words.district(c.request), wish=" · ".join(wish), sentence=said))
    return tuple(found[:SHOWN])
