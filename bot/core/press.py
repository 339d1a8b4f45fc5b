"""What a button means: a small language that fits the 64 bytes a channel gives a button."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.core.errors import BadInput
from bot.core.events import Ending, Reason
from bot.core.graves import Answer, GraveId
from bot.core.ids import ConsultationId, DistrictId, OfferId
from bot.core.promises import PromiseKind
from bot.core.referrals import EntryId
from bot.core.request import DecisionKind, Matter, Need, Urgency

MAX_PRESS = 64  # bytes of callback_data (Bot API, InlineKeyboardButton)
NOW = "now"  # an interview that begins at once


class Page(StrEnum):
    """Where a menu button leads."""

    HOME = "home"
    ASK = "ask"
    CONSULT = "consult"
    PLACES = "places"
    NUMBERS = "numbers"
    STATUS = "status"
    DUTY = "duty"
    WEB = "web"
    FIND = "find"


class Act(StrEnum):
    """What can be done with a consultation by a button."""

    CANCEL = "cancel"
    CLOSE = "close"
    RAISE = "raise"
    COULD_NOT = "could_not"
    ANSWERED = "answered"  # the number that is shown answered
    SILENT = "silent"  # it did not
    NAME = "name"
    SHOW = "show"
    REFER = "refer"  # end it: the officer is referred on


class Say(StrEnum):
    """What can be said to an offer."""

    SHOW = "show"
    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """Show a page."""

    page: Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose:
    """A request so far: place, matter, need (with the hour or the kind of decision), urgency."""

    district: DistrictId | None = None
    matter: Matter | None = None
    need: Need | None = None
    detail: str = ""  # "2145" or "now" for an interview, a DecisionKind for a decision
    urgency: Urgency | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer to an offer."""

    offer: OfferId
    say: Say
    reason: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Do:
    """An act on a consultation; `ending` only with CLOSE, `index` with ANSWERED and SILENT, `target` with REFER."""

    consultation: ConsultationId
    act: Act
    ending: Ending | None = None
    index: int = 0
    target: EntryId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOver:
    """Take a talk over from whoever took it by this offer: from nobody else, should somebody have been faster."""

    offer: OfferId


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """Which of the articles asked back was meant; None: none of them."""

    consultation: ConsultationId
    index: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Helped:
    """Whether an answer helped."""

    consultation: ConsultationId
    yes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """On or off duty."""

    on: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """Yes, I can be reached: an answer to the check before a shift."""

    check: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drilled:
    """I have seen the drill of that day ("20261123")."""

    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """An answer to a notice of a grave event."""

    grave: GraveId
    answer: Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """Who does what: a district or an organisation ("": one's own); a group of it ("R", "C", "F") or one entry; its article."""

    place: str = ""
    what: str = ""
    read: bool = False


class Leave(StrEnum):
    """What can be done at the end of a shift."""

    LOOK = "look"
    TO = "to"  # ask whether this colleague is meant
    GIVE = "give"  # hand everything over to them
    TAKE = "take"  # say in each talk of a handover that one has it now


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """The end of a shift: `ref` is a colleague with TO and GIVE, a handover with TAKE; `seen` names the talks that were shown."""

    leave: Leave
    ref: str = ""
    seen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pledge:
    """What is promised in a talk, so far: its kind, and the hour as "2145" where it has one."""

    consultation: ConsultationId
    kind: PromiseKind | None = None
    hour: str = ""


class Own(StrEnum):
    """What can be done with shifts by a button."""

    SEE = "see"
    ILL = "ill"  # is it sure?
    GONE = "gone"  # it is: I cannot work it
    GIVE = "give"  # whoever says yes may have it
    PICK = "pick"  # against which other?
    SWAP = "swap"  # against that one
    BACK = "back"  # to whomever I had it from
    FREE = "free"  # what could I take?
    TAKE = "take"  # what nobody has
    YES = "yes"
    NO = "no"
    UNDO = "undo"  # take a proposal back


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnShift:
    """Something about shifts: `ref` names a stretch, or a proposal for YES, NO and UNDO; `other` the stretch to swap for."""

    what: Own
    ref: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """Which language to be spoken to in: "sv" or "en"."""

    code: str


Press = (
    Open
    | Choose
    | Reply
    | Do
    | TakeOver
    | Pick
    | Helped
    | Duty
    | Reached
    | Drilled
    | Heard
    | Find
    | Language
    | Shift
    | Pledge
    | OwnShift
)


def encode(press: Press) -> str:
    """The button's bytes as ASCII text. Raises BadInput if it would not fit MAX_PRESS, or is not ASCII."""
    text = ":".join(_fields(press))
    if not _fits(text):
        raise BadInput("a button has more to say than fits in it")
    return text


def parse(text: str) -> Press:
    """What a button means. Raises BadInput for whatever `encode` could not have written."""
    if not _fits(text):
        raise BadInput("that button is not one of ours")
    kind, *fields = text.split(":")
    try:
        press = _PARSERS[kind](fields)
    except (KeyError, ValueError, IndexError) as error:
        raise BadInput("that button is not one of ours") from error
    if encode(press) != text:
        raise BadInput("that button is not one of ours")
    return press


def _fits(text: str) -> bool:
    return text.isascii() and len(text) <= MAX_PRESS


def _fields(press: Press) -> list[str]:  # noqa: C901 - one exhaustive match
    match press:
        case Open(page=page):
            return ["m", page]
        case Choose():
            need = f"{press.need}@{press.detail}" if press.need and press.detail else press.need
            chosen = [press.district, press.matter, need, press.urgency]
            return ["c", *(str(field) for field in chosen if field is not None)]
        case Reply(offer=offer, say=say, reason=reason):
            return ["o", offer, say] if reason is None else ["o", offer, say, reason]
        case Do(consultation=consultation, act=act, ending=ending, index=index, target=target):
            named = ending if ending is not None else target
            extra = [named] if named is not None else [str(index)] if act in _COUNTED else []
            return ["k", consultation, act, *extra]
        case TakeOver(offer=offer):
            return ["v", offer]
        case Pick(consultation=consultation, index=index):
            return ["a", consultation, "none" if index is None else str(index)]
        case Helped(consultation=consultation, yes=yes):
            return ["h", consultation, "yes" if yes else "no"]
        case Duty() | Reached() | Drilled() | OwnShift():
            return _of_duty(press)
        case Find(place=place, what=what, read=read):
            return ["f", place, what, *(["read"] if read else [])]
        case Heard(grave=grave, answer=answer):
            return ["e", grave, answer]
        case Language(code=code):
            return ["l", code]
        case Shift(leave=leave, ref=ref, seen=seen):
            return ["g", leave, *(field for field in (ref, seen) if field)]
        case Pledge(consultation=consultation, kind=kind, hour=hour):
            return ["p", consultation, *(field for field in (kind, hour) if field)]


def _of_duty(press: Duty | Reached | Drilled | OwnShift) -> list[str]:
    match press:
        case Duty(on=on):
            return ["d", "on" if on else "off"]
        case Reached(check=check):
            return ["r", check]
        case Drilled(day=day):
            return ["t", day]
        case OwnShift(what=what, ref=ref, other=other):
            return ["s", what, *filter(None, (ref, other))]


_COUNTED = (Act.ANSWERED, Act.SILENT)
_LANGUAGES = ("sv", "en")
_GROUPS = ("R", "C", "F")  # referrals, contacts, forums; ids of entries are in small letters
_NAME = re.compile(r"[a-z0-9-]{0,32}")
_CHECK = re.compile(r"[0-9a-f]{32}")
_DAY = re.compile(r"[0-9]{8}")
_ID = re.compile(r"[0-9a-f]{32}")
_STRETCH = re.compile(r"[0-9a-f]{16}")
_YES_NO = {"yes": True, "no": False}


def _choose(fields: list[str]) -> Choose:
    district, matter, need, urgency = [*fields, *[None] * 4][:4]
    name, _, detail = (need or "").partition("@")
    return Choose(
        district=DistrictId(district) if district else None,
        matter=Matter(matter) if matter else None,
        need=Need(name) if need else None,
        detail=_detail(name, detail) if detail else "",
        urgency=Urgency(urgency) if urgency else None,
    )


def _detail(need: str, detail: str) -> str:
    if need == Need.DECISION:
        return DecisionKind(detail)
    if need == Need.INTERVIEW and (detail == NOW or (len(detail) == 4 and detail.isdecimal())):
        return detail
    raise ValueError(need)


def _do(fields: list[str]) -> Do:
    act = Act(fields[1])
    extra = fields[2] if len(fields) > 2 else None
    if act in _COUNTED:
        return Do(consultation=ConsultationId(fields[0]), act=act, index=int(extra or ""))
    if act is Act.REFER and extra is not None:
        return Do(consultation=ConsultationId(fields[0]), act=act, target=EntryId(_named(extra)))
    ending = Ending(extra) if extra is not None and act is Act.CLOSE else None
    return Do(consultation=ConsultationId(fields[0]), act=act, ending=ending)


def _named(text: str) -> str:
    if not text or not _NAME.fullmatch(text):
        raise ValueError(text)
    return text


def _reply(fields: list[str]) -> Reply:
    reason = Reason(fields[2]) if len(fields) > 2 else None
    return Reply(offer=OfferId(fields[0]), say=Say(fields[1]), reason=reason)


def _pick(fields: list[str]) -> Pick:
    index = None if fields[1] == "none" else int(fields[1])
    return Pick(consultation=ConsultationId(fields[0]), index=index)


def _find(fields: list[str]) -> Find:
    place, what, *more = fields
    if not (_NAME.fullmatch(place) and (_NAME.fullmatch(what) or what in _GROUPS)) or more not in (
        [],
        ["read"],
    ):
        raise ValueError(what)
    return Find(place=place, what=what, read=bool(more))


def _shift(fields: list[str]) -> Shift:
    leave, ref, seen, *more = [*fields, "", ""][: max(len(fields), 3)]
    if more or bool(ref) is (leave == Leave.LOOK) or bool(seen) is not (leave == Leave.GIVE):
        raise ValueError(leave)
    return Shift(leave=Leave(leave), ref=ref, seen=seen)


def _pledge(fields: list[str]) -> Pledge:
    consultation, kind, hour, *more = [*fields, "", ""][: max(len(fields), 3)]
    if more or (hour and not (len(hour) == 4 and hour.isdecimal() and kind != PromiseKind.NOTHING)):
        raise ValueError(hour)
    return Pledge(
        consultation=ConsultationId(consultation), kind=PromiseKind(kind) if kind else None, hour=hour
    )


def _exactly(form: re.Pattern[str], field: str) -> str:
    if not form.fullmatch(field):
        raise ValueError(field)
    return field


def _own(fields: list[str]) -> OwnShift:
    what, ref, other, *more = [*fields, "", ""][: max(len(fields), 3)]
    form = _ID if what in (Own.YES, Own.NO, Own.UNDO) else _STRETCH
    whole = bool(ref) is (what != Own.FREE) and bool(other) is (what == Own.SWAP)
    if more or not whole or any(not form.fullmatch(one) for one in (ref, other) if one):
        raise ValueError(what)
    return OwnShift(what=Own(what), ref=ref, other=other)


def _language(fields: list[str]) -> Language:
    return Language(code=_LANGUAGES[_LANGUAGES.index(fields[0])])


_PARSERS: dict[str, Callable[[list[str]], Press]] = {
    "m": lambda f: Open(page=Page(f[0])),
    "c": _choose,
    "o": _reply,
    "k": _do,
    "v": lambda f: TakeOver(offer=OfferId(f[0])),
    "a": _pick,
    "h": lambda f: Helped(consultation=ConsultationId(f[0]), yes=_YES_NO[f[1]]),
    "d": lambda f: Duty(on={"on": True, "off": False}[f[0]]),
    "r": lambda f: Reached(check=_exactly(_CHECK, f[0])),
    "t": lambda f: Drilled(day=_exactly(_DAY, f[0])),
    "e": lambda f: Heard(grave=GraveId(_exactly(_ID, f[0])), answer=Answer(f[1])),
    "f": _find,
    "l": _language,
    "s": _own,
    "g": _shift,
    "p": _pledge,
}
