"""What became of an offer."""

from bot.core.consultation import Consultation
from bot.core.request import Offer, Outcome
from bot.core.text import bare_time
from bot.flow.words import Words


def became(words: Words, c: Consultation, offer: Offer) -> str:
    """What became of an offer, in a sentence for whoever it was put to."""
    match offer.outcome:
        case Outcome.WITHDRAWN | Outcome.TAKEN_OVER if c.holder is not None:
            return words.say("offer.taken", who=words.holder(c))
        case Outcome.ACCEPTED:
            return words.say("offer.yours", at=bare_time(offer.settled_at or offer.at, words.language))
        case Outcome.SILENT:
            return words.say("offer.late", until=bare_time(offer.until, words.language))
        case Outcome.DECLINED | Outcome.LAPSED | Outcome.COULD_NOT_ATTEND | Outcome.HANDED_OVER:
            key = {Outcome.COULD_NOT_ATTEND: "could_not"}.get(offer.outcome, offer.outcome.value)
            return words.say(f"offer.{key}")
        case _:
            return words.say("offer.withdrawn")
