"""What somebody is told of the opening of their talk: who, when, where it was about, and why; nothing of what was said."""

from bot.core.openings_policy import Gives, ground_named, purpose_named
from bot.core.places import organisation
from bot.flow.ports import Tx
from bot.flow.records_openings import Notice
from bot.flow.times import moment
from bot.flow.words import Words


def told(tx: Tx, words: Words, notice: Notice) -> str | None:
    """The sentence; None where the consultation or the opening is there no more."""
    opening, c = tx.openings.get(notice.opening), tx.consultations.get(notice.consultation)
    if opening is None or c is None or c.request is None:
        return None
    who = organisation(words.content.structure, opening.organisation)
    key = "told_transcript" if opening.gives is Gives.TRANSCRIPT else "told_key"
    return words.say(
        f"opening.{key}",
        count=str(len({opening.person, *tx.openings.helpers(opening.id)})),
        organisation=words.label(who.label),
        place=words.district(c.request),
        at=moment(words, notice.at),
        purpose=purpose(words, opening.purpose),
        ground=ground(words, opening.ground),
    )


def purpose(words: Words, id_: str) -> str:
    """A purpose in words; its id where the policy has it no more."""
    known = purpose_named(words.content.openings, id_)
    return id_ if known is None else words.label(known.label)


def ground(words: Words, id_: str) -> str:
    """A ground in words; its id where the policy has it no more."""
    known = ground_named(words.content.openings, id_)
    return id_ if known is None else words.label(known.label)
