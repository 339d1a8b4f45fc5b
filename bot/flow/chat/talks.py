"""Offers as they are shown, and what is said around a talk."""

from bot.core.consultation import Consultation
from bot.core.events import Ending, Reason
from bot.core.ids import OfferId
from bot.core.press import Act, Do, Reply, Say, encode
from bot.core.referrals import EntryId
from bot.core.request import Outcome
from bot.core.text import clock_time
from bot.flow import times
from bot.flow.chat.became import became
from bot.flow.chat.spoken import Buttons, Speech
from bot.flow.chat.turn import Turn, in_rows, type_words
from bot.flow.find import title
from bot.flow.messages import Button
from bot.flow.referred import targets
from bot.flow.stood import how_ended

MOST = 40  # buttons of one page
ENDINGS = (
    Ending.ADVICE,
    Ending.REPORT,
    Ending.PRESENT,
    Ending.JOUR_TOOK_OVER,
    Ending.JOUR_COULD_NOT,
    Ending.SERIOUS_TALK,
    Ending.REFERRED,
    Ending.NOTHING,
)


def offer_page(turn: Turn, name: str) -> Speech:
    """An offer with its fixed choices, or what became of it."""
    offer_id = OfferId(turn.params.get("offer", ""))
    c = turn.tx.consultations.by_offer(offer_id) if offer_id else None
    offer = next((o for o in c.offers if o.id == offer_id), None) if c is not None else None
    if c is None or offer is None or c.request is None:
        return turn.speech(turn.say("offer.not_yours" if name == "not_yours" else "offer.too_late_plain"))
    spot = f"offer:{offer_id}"
    if name == "no_longer":
        return turn.speech(turn.say(f"no_longer.{turn.params['why']}"), spot=spot)
    if name == "late" or offer.outcome is not Outcome.PENDING:
        if offer.outcome is Outcome.WITHDRAWN and c.holder is not None:
            return turn.speech(turn.say("offer.too_late", who=turn.words.holder(c)), spot=spot)
        return turn.speech(became(turn.words, c, offer), spot=spot)
    text = turn.say(
        "offer.shown",
        place=turn.words.district(c.request),
        matter=turn.say(f"matter.{c.request.matter}"),
        need=turn.words.need(c.request),
        urgency=turn.say(f"urgency.{c.request.urgency}"),
        hour="",
        asked=times.moment(turn.words, c.request.at),
        until=clock_time(offer.until, turn.language),
    )
    return turn.speech(text, _offer_buttons(turn, offer_id), spot)


def _offer_buttons(turn: Turn, offer: OfferId) -> Buttons:
    yes = turn.button("button.yes", Reply(offer=offer, say=Say.YES))
    noes = (Reason.BUSY, Reason.CONFLICT, Reason.NOT_MINE)
    return (
        (yes,),
        *((turn.button(f"button.no_{why}", Reply(offer=offer, say=Say.NO, reason=why)),) for why in noes),
    )


def talk_page(turn: Turn, name: str) -> Speech:
    """What is said around a talk: stopped, not possible here, how to end it."""
    c = turn.consultation()
    match name:
        case "stopped":
            return turn.speech(turn.say("talk.stopped", types=type_words(turn, turn.params["types"])))
        case "close_how" if c is not None:
            rows = in_rows(
                Button(
                    text=turn.say(f"ending.{e}").capitalize(),
                    press=encode(Do(consultation=c.id, act=Act.CLOSE, ending=e)),
                )
                for e in ENDINGS
            )
            return turn.speech(turn.say("talk.close_how"), rows)
        case "refer_to" if c is not None:
            return turn.speech(turn.say("talk.refer_to"), _targets(turn, c))
        case "name_refused" | "name_room" | "named" | "off" | "rekey" | "undelivered" if c is not None:
            number = turn.words.first_number(turn.words.owner(c))
            return turn.speech(turn.say(f"talk.{name}", url=turn.deps.base_url, **number))
        case _:
            return turn.speech(turn.say(f"talk.{name}"))


def closed(turn: Turn, _: str) -> Speech:
    """How it ended."""
    c = turn.consultation()
    return turn.speech(how_ended(turn.words, c) if c is not None else turn.say("notice.ended", ending=""))


def _targets(turn: Turn, c: Consultation) -> Buttons:
    """To what the officer can be referred, a button each, then none of these."""
    found = targets(turn.deps.content(), c, turn.words.now)[:MOST]
    presses = [Do(consultation=c.id, act=Act.REFER, target=EntryId(one.id)) for one in found]
    named = [
        Button(text=title(turn.words, one), press=encode(press))
        for one, press in zip(found, presses, strict=True)
    ]
    none = turn.button("button.refer_other", Do(consultation=c.id, act=Act.REFER))
    return tuple((button,) for button in (*named, none))
