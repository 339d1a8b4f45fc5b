import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import BadInput
from bot.core.events import Ending, Reason
from bot.core.ids import ConsultationId, DistrictId, OfferId
from bot.core.press import (
    MAX_PRESS,
    NOW,
    Act,
    Choose,
    Do,
    Duty,
    Find,
    Helped,
    Language,
    Leave,
    Open,
    Own,
    OwnShift,
    Page,
    Pick,
    Pledge,
    Press,
    Reply,
    Say,
    Shift,
    TakeOver,
    encode,
    parse,
)
from bot.core.promises import PromiseKind
from bot.core.referrals import EntryId
from bot.core.request import DecisionKind, Matter, Need, Urgency

ID = st.text("0123456789abcdef", min_size=32, max_size=32)
LONGEST_DISTRICT = DistrictId("d" * 20)
CHOICES = [
    Choose(district=LONGEST_DISTRICT, matter=matter, need=need, detail=detail, urgency=urgency)
    for matter in Matter
    for need in Need
    for urgency in Urgency
    for detail in (
        [NOW, "2145"] if need is Need.INTERVIEW else list(DecisionKind) if need is Need.DECISION else [""]
    )
]

REF = st.text("0123456789abcdef", min_size=16, max_size=16)
OWN_SHIFTS = st.one_of(
    st.just(OwnShift(what=Own.FREE)),
    st.builds(OwnShift, what=st.sampled_from([Own.YES, Own.NO, Own.UNDO]), ref=ID),
    st.builds(OwnShift, what=st.just(Own.SWAP), ref=REF, other=REF),
    st.builds(
        OwnShift,
        what=st.sampled_from([Own.SEE, Own.ILL, Own.GONE, Own.GIVE, Own.PICK, Own.BACK, Own.TAKE]),
        ref=REF,
    ),
)

PRESSES: st.SearchStrategy[Press] = st.one_of(
    OWN_SHIFTS,
    st.sampled_from(Page).map(lambda page: Open(page=page)),
    st.builds(
        Find,
        place=st.text("abcz09-", max_size=32),
        what=st.text("abcz09-", max_size=20) | st.sampled_from(["R", "C", "F"]),
        read=st.booleans(),
    ),
    st.sampled_from(CHOICES),
    st.sampled_from(
        [
            Shift(leave=Leave.LOOK),
            Shift(leave=Leave.TO, ref="p-sj-malmo-1"),
            Shift(leave=Leave.GIVE, ref="p-sj-malmo-1", seen="0011aabb"),
        ]
    ),
    st.builds(Shift, leave=st.just(Leave.TAKE), ref=ID),
    st.builds(Pledge, consultation=ID.map(ConsultationId), kind=st.none() | st.sampled_from(PromiseKind)),
    st.builds(
        Pledge,
        consultation=ID.map(ConsultationId),
        kind=st.sampled_from([kind for kind in PromiseKind if kind is not PromiseKind.NOTHING]),
        hour=st.sampled_from(["0000", "2145"]),
    ),
    st.builds(
        Reply, offer=ID.map(OfferId), say=st.sampled_from(Say), reason=st.none() | st.sampled_from(Reason)
    ),
    st.builds(
        Do,
        consultation=ID.map(ConsultationId),
        act=st.sampled_from([a for a in Act if a not in (Act.ANSWERED, Act.SILENT, Act.CLOSE)]),
    ),
    st.builds(
        Do,
        consultation=ID.map(ConsultationId),
        act=st.just(Act.CLOSE),
        ending=st.none() | st.sampled_from(Ending),
    ),
    st.builds(
        Do,
        consultation=ID.map(ConsultationId),
        act=st.sampled_from([Act.ANSWERED, Act.SILENT]),
        index=st.integers(0, 20),
    ),
    st.builds(
        Do,
        consultation=ID.map(ConsultationId),
        act=st.just(Act.REFER),
        target=st.none() | st.text("abcz09-", min_size=1, max_size=20).map(EntryId),
    ),
    st.builds(TakeOver, offer=ID.map(OfferId)),
    st.builds(Pick, consultation=ID.map(ConsultationId), index=st.none() | st.integers(0, 5)),
    st.builds(Helped, consultation=ID.map(ConsultationId), yes=st.booleans()),
    st.builds(Duty, on=st.booleans()),
    st.sampled_from([Language(code="sv"), Language(code="en")]),
)


@given(PRESSES)
def test_a_button_means_what_was_put_into_it(press: Press) -> None:
    """What is encoded is parsed back as itself, in no more bytes than a button holds."""
    text = encode(press)
    assert parse(text) == press
    assert len(text.encode()) <= MAX_PRESS


@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_every_choice_fits_with_the_longest_place(choice: Choose) -> None:
    """No combination of place, matter, need and urgency is too long for a button."""
    assert len(encode(choice).encode()) <= MAX_PRESS


@pytest.mark.parametrize(
    "text",
    [
        "",
        "z:1",
        "g",
        "g:look:p-1",
        "g:give:p-1",
        "g:to:p-1:00000000",
        "g:elsewhere",
        "s",
        "s:free:0011223344556677",
        "s:take:00112233",
        "s:yes:0011223344556677",
        "s:swap:0011223344556677",
        "s:see:0011223344556677:0011223344556677",
        "s:steal:0011223344556677",
        "p:1:nothing:2145",
        "p:1:call:9",
        "p:1:money",
        "m:nowhere",
        "m",
        "c:d:unknown",
        "c:d:child:interview@9",
        "c:d:child:advice@now",
        "c:d:child:decision@everything",
        "o:1",
        "o:1:perhaps",
        "o:1:no:because",
        "k:1:explode",
        "k:1:silent:minus",
        "k:1:cancel:advice",
        "k:1:answered:-1x",
        "a:1:x",
        "h:1:maybe",
        "d:sideways",
        "l:fi",
        "d:on:extra",
        "c:" + "x" * 70,
        "c:\ud800",
        "d:on\ud800",
        "c:d:child:interview@\uff12\uff11\uff14\uff15",
    ],
)
def test_what_no_button_of_ours_says_is_refused(text: str) -> None:
    """An unknown, old or made-up button is one clear error."""
    with pytest.raises(BadInput):
        parse(text)


@given(st.text(max_size=80))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    """No button, however strange, does anything else than mean something of ours or be refused."""
    try:
        press = parse(text)
    except BadInput:
        return
    assert encode(press) == text


def test_a_button_that_would_not_fit_is_refused() -> None:
    """A place with too long an id is noticed when the button is made."""
    with pytest.raises(BadInput):
        encode(Choose(district=DistrictId("d" * 70)))
