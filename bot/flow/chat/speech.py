"""Speech: what one outbox row says now, made from the state at the moment of delivery."""

from datetime import datetime

from bot.core.consultation import Consultation, State
from bot.core.effects import Notice
from bot.core.ids import ConsultationId, OfferId, RoomId
from bot.core.press import Act, Do, Reply, Say, encode
from bot.core.request import Need, Offer, Outcome
from bot.core.standing import offer_of_holder
from bot.core.text import clock_time, day_and_time
from bot.core.waking import Means
from bot.flow.chat import pages, shift_notices
from bot.flow.chat.became import became
from bot.flow.chat.card import card
from bot.flow.chat.graves import grave_bell
from bot.flow.chat.readiness import drill_bell, ready_bell
from bot.flow.chat.spoken import Buttons, Speech
from bot.flow.deps import Deps, made_at, pinned
from bot.flow.messages import Button
from bot.flow.parting import takes_part
from bot.flow.ports import Tx
from bot.flow.records import Kind, Saying
from bot.flow.room_members import Way, way
from bot.flow.rooms import hear
from bot.flow.stood import how_ended
from bot.flow.talk import may_pass
from bot.flow.times import moment
from bot.flow.waking import is_wanted
from bot.flow.words import Words

BELL = 120  # seconds in which one room rings at most once


def compose(tx: Tx, deps: Deps, saying: Saying, language: str, now: datetime) -> Speech | None:
    """What this row says now; None when there is nothing left to say."""
    deps = pinned(deps)
    words = Words(deps.content(), language, now)
    match saying.kind:
        case Kind.RING | Kind.RING_AGAIN:
            return _ring(tx, words, OfferId(saying.ref))
        case Kind.HUSH:
            return _hush(tx, words, OfferId(saying.ref))
        case Kind.SHOW:
            return _show(tx, deps, words, ConsultationId(saying.ref))
        case Kind.TELL:
            return _tell(tx, deps, words, saying)
        case Kind.CARRY:
            return _carry(tx, deps, words, saying)
        case Kind.CALL_OUT:
            return _call_out(tx, words, saying)
        case Kind.READY:
            return ready_bell(tx, words, saying)
        case Kind.DRILL:
            return drill_bell(tx, words, saying)
        case Kind.GRAVE:
            return grave_bell(tx, deps, words, saying)
        case Kind.SHIFT:
            return shift_notices.notice(tx, words, saying)
        case Kind.REPLY:
            return pages.page(tx, deps, words, saying)


def _ring(tx: Tx, words: Words, offer_id: OfferId) -> Speech | None:
    """The doorbell: a fixed sentence and an opaque reference, nothing else."""
    _, offer = _offer(tx, offer_id)
    if offer is None or offer.outcome is not Outcome.PENDING or words.now > offer.until:
        return None
    show = Button(text=words.say("button.show"), press=encode(Reply(offer=offer_id, say=Say.SHOW)))
    return Speech(text=words.say("offer.ring"), buttons=((show,),), spot=f"offer:{offer_id}")


def _call_out(tx: Tx, words: Words, saying: Saying) -> Speech | None:
    """What a telephone is sent or told: one of some fixed sentences, nothing put into it."""
    if not is_wanted(tx, saying, words.now):
        return None
    return Speech(text=words.say("waking.voice" if saying.channel == Means.VOICE else f"waking.{saying.key}"))


def _hush(tx: Tx, words: Words, offer_id: OfferId) -> Speech | None:
    c, offer = _offer(tx, offer_id)
    if c is None or offer is None or offer.outcome is Outcome.PENDING:
        return None
    return Speech(text=became(words, c, offer), spot=f"offer:{offer_id}", only_edit=True)


def _show(tx: Tx, deps: Deps, words: Words, consultation: ConsultationId) -> Speech | None:
    c = tx.consultations.get(consultation)
    if c is None or c.request is None:
        return None
    text, buttons = card(tx, deps, c, words)
    return Speech(text=text, buttons=buttons, spot=f"show:{consultation}")


def _tell(tx: Tx, deps: Deps, words: Words, saying: Saying) -> Speech | None:
    notice = Notice(saying.key)
    c = tx.consultations.get(ConsultationId(saying.ref))
    if c is None or c.request is None or saying.person is None:
        return None
    here = way(tx, deps.content(), c, saying.person, saying.channel)
    number = words.first_number(words.owner(c))
    match notice:
        case Notice.ACCEPTED | Notice.YOURS | Notice.TAKEN_OVER:
            return _given(deps, words, c, notice, here) if c.state is State.OPEN else None
        case Notice.PHONE:
            key = "unready" if c.unready else "phone"
            text = words.say(f"notice.{key}", organisation=words.label(words.owner(c).label), **number)
            return Speech(text=text) if c.state is State.PHONED else None
        case Notice.DEFERRED:
            if c.state is not State.DEFERRED or c.due is None:
                return None
            return Speech(
                text=words.say("notice.deferred", until=day_and_time(c.due, words.now, words.language))
            )
        case Notice.ENDED:
            return Speech(text=how_ended(words, c))
        case Notice.SOUGHT_AGAIN:
            return Speech(text=words.say("notice.sought_again")) if c.state is State.OFFERED else None
        case Notice.REMINDED:
            return _reminded(words, c)
        case Notice.IDENTIFIED:
            return Speech(
                text=words.say("notice.identified", url=deps.base_url), buttons=_web(deps, words, here)
            )
        case Notice.TAKEN_OVER_YOURS:
            return Speech(text=words.say("notice.taken_over_yours", who=words.holder(c)))
        case _:
            return Speech(text=words.say(f"notice.{notice}"))


def _given(deps: Deps, words: Words, c: Consultation, notice: Notice, here: Way) -> Speech:
    """Who has it now; of whoever has it next it is told in a message of its own."""
    taken = offer_of_holder(c)
    spot = f"room:{c.room}:{notice}:{taken.id}" if c.room is not None and taken is not None else ""
    if notice is Notice.YOURS:
        buttons = _yours_buttons(deps, words, c, here)
        return Speech(text=_yours(deps, words, c, here), buttons=buttons, spot=spot)
    anew = f"{words.say('notice.taken_over')} " if notice is Notice.TAKEN_OVER else ""
    return Speech(text=anew + _accepted(deps, words, c, here), buttons=_web(deps, words, here), spot=spot)


def _reminded(words: Words, c: Consultation) -> Speech | None:
    hour = c.request.interview_at if c.request is not None else None
    if hour is None or c.state is not State.OPEN:
        return None
    key = "reminded" if words.now <= hour else "reminded_now"
    return Speech(text=words.say(f"notice.{key}", hour=moment(words, hour)))


def _accepted(deps: Deps, words: Words, c: Consultation, here: Way) -> str:
    match here:
        case Way.HERE:
            return words.say("notice.accepted", who=words.holder(c))
        case Way.ROOM:
            key = "accepted_named" if c.identified else "accepted_room"
            return words.say(f"notice.{key}", who=words.holder(c), url=deps.base_url)
        case Way.PHONE:
            number = words.first_number(words.owner(c))["number"]
            return words.say("notice.accepted_web", who=words.holder(c), url=deps.base_url, number=number)


def _yours(deps: Deps, words: Words, c: Consultation, here: Way) -> str:
    assert c.request is not None
    head = words.head(c.request)
    if c.request.need is Need.CALL_ME or here is Way.PHONE:
        return words.say("notice.yours_web", head=head, url=deps.base_url)
    until = clock_time(c.due or words.now, words.language)
    if here is Way.ROOM:
        key = "yours_named" if c.identified else "yours_room"
        return words.say(f"notice.{key}", head=head, until=until, url=deps.base_url)
    return words.say("notice.yours", head=head, until=until)


def _yours_buttons(deps: Deps, words: Words, c: Consultation, here: Way) -> Buttons:
    could_not = Do(consultation=c.id, act=Act.COULD_NOT)
    close = Do(consultation=c.id, act=Act.CLOSE)
    name = Button(text=words.say("button.name_worker"), press=encode(Do(consultation=c.id, act=Act.NAME)))
    row = (
        Button(text=words.say("button.could_not"), press=encode(could_not)),
        Button(text=words.say("button.close"), press=encode(close)),
    )
    return (*_web(deps, words, here), *(() if c.identified else ((name,),)), row)


def _web(deps: Deps, words: Words, here: Way) -> Buttons:
    if here is Way.HERE or not deps.base_url.startswith("https://"):
        return ()
    return ((Button(text=words.say("button.web"), url=deps.base_url),),)


def _carry(tx: Tx, deps: Deps, words: Words, saying: Saying) -> Speech | None:
    room = tx.rooms.get(RoomId(saying.ref))
    c = tx.consultations.get(room.consultation) if room is not None else None
    person = tx.people.get(saying.person) if saying.person is not None else None
    if c is None or person is None or person.id not in (c.officer, c.holder):
        return None  # whoever has left the room hears nothing more
    if not takes_part(person, words.now):
        return None
    here = way(tx, deps.content(), c, person.id, saying.channel)
    if here is Way.HERE:
        return _carried(tx, deps, words, c, saying)
    return _bell(deps, words, saying) if here is Way.ROOM else _withheld(deps, words, c, saying)


def _carried(tx: Tx, deps: Deps, words: Words, c: Consultation, saying: Saying) -> Speech | None:
    """The words themselves. What a device sealed has passed no guard of ours: it does so before it leaves here."""
    heard = hear(tx, deps, RoomId(saying.ref), saying.seq)
    text = may_pass(deps.content(), heard, saying.channel)
    if text is None:
        return _withheld(deps, words, c, saying)
    key = "talk.from_officer" if heard.author == c.officer else "talk.from_worker"
    again = words.say("talk.repeated") if saying.attempts > 0 else ""
    return Speech(text=again + words.say(key, text=text), spot=f"room:{saying.ref}:{saying.seq}")


def _bell(deps: Deps, words: Words, saying: Saying) -> Speech:
    """That something was said, to whoever reads it on a device: once in two minutes at most, and not a word of it."""
    turn = int(made_at(saying.id).timestamp()) // BELL
    text = words.say("talk.bell", url=deps.base_url)
    return Speech(text=text, buttons=_web(deps, words, Way.ROOM), spot=f"bell:{saying.ref}:{turn}")


def _withheld(deps: Deps, words: Words, c: Consultation, saying: Saying) -> Speech:
    number = words.first_number(words.owner(c))["number"]
    text = words.say("talk.withheld", url=deps.base_url, number=number)
    return Speech(text=text, spot=f"room:{saying.ref}:{saying.seq}", stopped=True)


def _offer(tx: Tx, offer_id: OfferId) -> tuple[Consultation | None, Offer | None]:
    c = tx.consultations.by_offer(offer_id)
    offer = next((o for o in c.offers if o.id == offer_id), None) if c is not None else None
    return c, offer
