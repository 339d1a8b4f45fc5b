"""Receives one message: who it is from, whether they may, what is meant, and what follows, in one transaction."""

from bot.core.consultation import Consultation
from bot.core.errors import BadInput, Denied, NotNow
from bot.core.policy import Act
from bot.core.press import (
    Choose,
    Do,
    Drilled,
    Duty,
    Find,
    Heard,
    Helped,
    Language,
    Open,
    OwnShift,
    Page,
    Pick,
    Pledge,
    Reached,
    Reply,
    Shift,
    TakeOver,
    parse,
)
from bot.flow import (
    acts,
    ask,
    door,
    duty,
    find,
    graves,
    offers,
    own_shifts,
    reached,
    refer,
    shift_acts,
    take_over,
    talk,
)
from bot.flow.deps import Deps, pinned
from bot.flow.messages import Inbound
from bot.flow.ports import Tx
from bot.flow.speaker import Speaker, answer, may, recognise
from bot.seal.plain import Plain

COMMANDS: dict[str, Page] = {
    "start": Page.HOME,
    "fraga": Page.ASK,
    "konsultera": Page.CONSULT,
    "ring": Page.NUMBERS,
    "status": Page.STATUS,
    "pass": Page.DUTY,
    "webb": Page.WEB,
    "vem": Page.FIND,
}
LANGUAGES = {"svenska": "sv", "english": "en"}


def receive(tx: Tx, deps: Deps, inbound: Inbound) -> None:
    """Take the message in; the second time nothing happens. Raises SamjourError for what is refused."""
    if not tx.inbox.done(inbound.channel, inbound.native_id):
        return
    deps = pinned(deps)
    who = recognise(tx, deps, inbound)
    if inbound.odd == "left":
        door.leave(tx, deps, inbound, who)
    elif inbound.odd == "group":
        door.turn_away(tx, deps, inbound, "odd.group")
    elif _code(inbound) is not None:
        _link(tx, deps, inbound, who)
    elif who is None:
        door.turn_away(tx, deps, inbound, "home.stranger")
    elif not who.person.active:
        answer(tx, deps, who, "home.suspended")
    else:
        _heed(tx, deps, who)


def refuse(tx: Tx, deps: Deps, inbound: Inbound, error: Exception) -> None:
    """Say politely that it was refused; nothing else has changed."""
    if not tx.inbox.done(inbound.channel, inbound.native_id):
        return
    who = recognise(tx, deps, inbound)
    if who is None:
        door.turn_away(tx, deps, inbound, "home.stranger")
        return
    match error:
        case Denied():
            answer(tx, deps, who, "home.denied")
        case NotNow():
            _things_changed(tx, deps, who)
        case BadInput() if inbound.press is not None:
            answer(tx, deps, who, "home.bad_button")
        case _:
            answer(tx, deps, who, "home.broken")


def _heed(tx: Tx, deps: Deps, who: Speaker) -> None:
    inbound = who.inbound
    if inbound.odd is not None:
        answer(tx, deps, who, f"odd.{inbound.odd}")
    elif inbound.press is not None:
        _pressed(tx, deps, who, inbound.press)
    elif inbound.command is not None:
        _command(tx, deps, who, inbound.command, inbound.argument)
    elif inbound.text is not None:
        _text(tx, deps, who, inbound.text)


def _pressed(tx: Tx, deps: Deps, who: Speaker, press: str) -> None:  # noqa: C901 - one exhaustive match
    match parse(press):
        case Open(page=page):
            _page(tx, deps, who, page)
        case Choose() as choice:
            refer.choose(tx, deps, who, choice)
        case Reply() as said:
            offers.reply_to_offer(tx, deps, who, said)
        case Do() as act:
            acts.do(tx, deps, who, act)
        case TakeOver(offer=offer):
            take_over.pressed(tx, deps, who, offer)
        case Pick() as picked:
            ask.pick(tx, deps, who, picked)
        case Helped() as helped:
            ask.helped(tx, deps, who, helped)
        case Duty() | Reached() | Drilled() | OwnShift() as said_of_duty:
            _of_duty(tx, deps, who, said_of_duty)
        case Heard(grave=grave, answer=said_to_it):
            graves.answer_in_chat(tx, deps, who, grave, said_to_it)
        case Find() as wanted:
            find.show(tx, deps, who, wanted)
        case Shift() as leave:
            shift_acts.pressed(tx, deps, who, leave)
        case Pledge() as pledge:
            shift_acts.pledged(tx, deps, who, pledge)
        case Language(code=code):
            _language(tx, deps, who, code)


def _of_duty(tx: Tx, deps: Deps, who: Speaker, press: Duty | Reached | Drilled | OwnShift) -> None:
    match press:
        case Duty(on=on):
            duty.change_duty(tx, deps, who, on=on)
        case Reached():
            reached.press(tx, deps, who, press)
        case Drilled():
            reached.press_drill(tx, deps, who, press)
        case OwnShift():
            own_shifts.press(tx, deps, who, press)


def _command(tx: Tx, deps: Deps, who: Speaker, command: str, argument: Plain | None) -> None:
    if command in LANGUAGES:
        _language(tx, deps, who, LANGUAGES[command])
    elif command == "fraga" and argument is not None:
        ask.ask(tx, deps, who, argument)
    elif command in COMMANDS:
        _page(tx, deps, who, COMMANDS[command])
    else:
        answer(tx, deps, who, "home.help" if command in ("help", "hjalp") else "home.unknown_command")


def _page(tx: Tx, deps: Deps, who: Speaker, page: Page) -> None:
    match page:
        case Page.CONSULT:
            refer.choose(tx, deps, who, Choose())
        case Page.PLACES:
            refer.choose(tx, deps, who, Choose(), everywhere="yes")
        case Page.FIND:
            find.show(tx, deps, who, Find())
        case Page.WEB:
            answer(tx, deps, who, "home.web")
        case Page.STATUS:
            may(deps, who, Act.STATUS_VIEW)
            answer(tx, deps, who, "page.status")
        case _:
            answer(tx, deps, who, f"page.{page}")


def _text(tx: Tx, deps: Deps, who: Speaker, text: Plain) -> None:
    talks = talk.open_talks(tx, who)
    if talks:
        talk.speak(tx, deps, who, talks, text)
    else:
        ask.ask(tx, deps, who, text)


def _link(tx: Tx, deps: Deps, inbound: Inbound, before: Speaker | None) -> None:
    assert inbound.argument is not None
    language = before.language if before is not None else "sv"
    linked = door.link(tx, deps, inbound, inbound.argument, language)
    if linked is None:
        door.turn_away(tx, deps, inbound, "home.code_used")
    else:
        answer(tx, deps, linked, "home.linked")


def _code(inbound: Inbound) -> Plain | None:
    return inbound.argument if inbound.command == "start" else None


def _language(tx: Tx, deps: Deps, who: Speaker, code: str) -> None:
    tx.people.set_language(who.inbound.channel, who.person.id, code)
    answer(tx, deps, who, "home.language")


def _things_changed(tx: Tx, deps: Deps, who: Speaker) -> None:
    c = _concerned(tx, who)
    if c is not None:
        answer(tx, deps, who, "home.not_now", consultation=c.id)
    else:
        answer(tx, deps, who, "home.not_now_plain")


def _concerned(tx: Tx, who: Speaker) -> Consultation | None:
    """What was pressed about, if it is theirs; for words, the newest that they are in."""
    if who.inbound.press is not None:
        pressed = parse(who.inbound.press)
        c = tx.consultations.get(pressed.consultation) if isinstance(pressed, Do | Pick | Helped) else None
        return c if c is not None and who.person.id in (c.officer, c.holder) else None
    mine = tx.consultations.of_officer(who.person.id, 1) or tx.consultations.of_holder(who.person.id, 1)
    return mine[0] if mine else None
