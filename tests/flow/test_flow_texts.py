"""Everything that can be said in a chat can be said: in both languages, short enough, with buttons that fit."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.consultation import Consultation, State
from bot.core.effects import Notice
from bot.core.events import Ending, Tried
from bot.core.guard import SpanType
from bot.core.ids import ConsultationId, OfferId, PersonId, RoomId
from bot.core.library.article import Stop
from bot.core.matching import ASKED, Reason
from bot.core.press import MAX_PRESS, Choose, Page, encode
from bot.core.request import DecisionKind, Matter, Need, Outcome, Urgency
from bot.core.text import Language
from bot.flow.chat.became import became
from bot.flow.chat.card import card
from bot.flow.chat.speech import compose
from bot.flow.chat.spoken import Speech
from bot.flow.chat.turn import Turn, in_a_line
from bot.flow.ports import Tx
from bot.flow.records import Kind, Saying
from bot.flow.words import Words
from tests.flow.flow_world import EVENING_1, NIGHT, OFFICER, World

MAX_MESSAGE = 4096  # UTF-16 units of a Telegram message (Bot API, sendMessage)
LATE = NIGHT + timedelta(days=3)
ROOTS = (Path(__file__).parents[2] / "bot" / "flow").rglob("*.py")
REPLIES = re.compile(r'\(tx, deps, (?:who|linked|author, \w+\.\w+), "([a-z]+\.[a-z_]+)"')


@dataclass(frozen=True, slots=True)
class Open:
    """A consultation that is open, with the offer that was taken."""

    consultation: Consultation

    @property
    def offer(self) -> OfferId:
        return self.consultation.offers[0].id

    @property
    def room(self) -> RoomId:
        assert self.consultation.room is not None
        return self.consultation.room


@pytest.fixture
async def talk(world: World) -> Open:
    """Somebody has taken the officer's request, and both have spoken."""
    await world.ask_for()
    await world.accept(EVENING_1)
    await world.say(OFFICER, "Vi väntar här.")
    return Open(await world.latest())


def sound(speech: Speech | None) -> Speech:
    """It is something, fits a message, has no hole in it, and its buttons fit theirs."""
    assert speech is not None
    assert 0 < len(speech.text.encode("utf-16-le")) // 2 <= MAX_MESSAGE
    assert not re.search(r"\{|\}|None|  ", speech.text.replace("\n", "¶")), speech.text
    for button in (button for row in speech.buttons for button in row):
        assert button.text
        assert len(button.press.encode()) <= MAX_PRESS
    return speech


def saying(key: str = "", kind: Kind = Kind.REPLY, person: str | None = OFFICER, **more: object) -> Saying:
    """A row of the outbox."""
    named = PersonId(person) if person is not None else None
    # A test names fields of Saying with values of their types; keywords cannot say so.
    return Saying(id="0" * 32, person=named, channel="telegram", kind=kind, key=key, due=NIGHT, **more)  # type: ignore[arg-type]


async def say_all(world: World, *rows: Saying) -> None:
    """Each row makes a sound message in both languages."""

    def ask(tx: Tx) -> None:
        for language in Language:
            for row in rows:
                sound(compose(tx, world.deps, row, language, world.clock.now()))

    await world.deps.store.read(ask)


def keys_in_code() -> Iterator[str]:
    """Every reply that the flow names in full."""
    for path in ROOTS:
        yield from REPLIES.findall(path.read_text())


def params_of(talk: Open) -> dict[str, str]:
    """What rows of any key may carry."""
    return {
        "consultation": talk.consultation.id,
        "offer": talk.offer,
        "length": "5000",
        "most": "4000",
        "types": ",".join(SpanType),
        "named": ",".join(SpanType),
        "article": "A01",
        "articles": "A01,A02,A03",
        "board": "malmo",
        "stop": "",
        "until": LATE.isoformat(),
        "url": "https://samjour.example/in#" + "x" * 43,
        "minutes": "15",
        "why": Reason.OFF_DUTY,
        "press": encode(Choose()),
    }


async def test_every_reply_can_be_said(world: World, talk: Open) -> None:
    """Every key that the code answers with exists in both languages, with what it needs."""
    keys = {key for key in keys_in_code() if not key.startswith("choose.")}
    assert len(keys) > 25, "the keys were not found in the code"
    await say_all(world, *(saying(key, params=params_of(talk)) for key in sorted(keys)))
    strangers = ("home.stranger", "home.code_used", "odd.group")
    await say_all(world, *(saying(key, person=None) for key in strangers))
    media = ("photo", "sticker", "voice", "file", "contact", "location", "other")
    odd = ("edit", "forward", "group", *media)
    await say_all(world, *(saying(f"odd.{name}") for name in odd))
    never = {*ASKED.values(), Reason.UNREACHABLE}  # of whoever was asked, and is answering
    first = list(Reason).index(Reason.OFF_DUTY)
    whys = [why for why in list(Reason)[first:] if why not in never]
    await say_all(world, *(saying("offer.no_longer", params=params_of(talk) | {"why": why}) for why in whys))


async def test_every_page_can_be_said(world: World, talk: Open) -> None:
    """Menus for officer and worker, in a talk and not."""
    del talk
    pages = [p for p in Page if p not in (Page.CONSULT, Page.PLACES, Page.WEB)]
    await say_all(world, *(saying(f"page.{p}", person=who) for p in pages for who in (OFFICER, EVENING_1)))


async def test_every_choice_can_be_made(world: World) -> None:
    """Every page of the way to a person, for everything that can be chosen, here and elsewhere."""
    district = next(iter(world.deps.content().structure.districts))
    rows = [saying("choose.place", params={"press": encode(Choose()), "everywhere": "yes"})]
    rows += [saying("choose.place", params={"press": encode(Choose())})]
    rows += [saying("choose.matter", params={"press": encode(Choose(district=district))})]
    for matter in Matter:
        rows.append(saying("choose.need", params={"press": encode(Choose(district=district, matter=matter))}))
    for need in Need:
        choice = Choose(district=district, matter=Matter.EXPLOITED, need=need)
        names = {Need.INTERVIEW: ["hour"], Need.DECISION: ["decision"]}.get(need, [])
        rows += [saying(f"choose.{n}", params={"press": encode(choice)}) for n in [*names, "urgency"]]
    await say_all(world, *rows)


async def test_every_article_can_be_said(world: World, talk: Open) -> None:
    """The longest article fits one message, under every danger line and every warning."""
    articles = world.deps.content().library.by_id
    for stop in ("", *Stop):
        params = params_of(talk) | {"stop": stop}
        await say_all(world, *(saying("ask.answer", params=params | {"article": a}) for a in articles))
        rest = ("unsure", "withheld", "nothing", "not_helped", "helped", "gone")
        await say_all(world, *(saying(f"ask.{name}", params=params) for name in rest))


async def test_every_notice_and_ring_can_be_said(world: World, talk: Open) -> None:
    """Doorbell, notices and words, to both."""
    rows = [saying(kind=Kind.SHOW, ref=talk.consultation.id), saying(kind=Kind.HUSH, ref=talk.offer)]
    rows += [saying(kind=Kind.CARRY, ref=talk.room, seq=2, person=EVENING_1)]
    stale = (Notice.PHONE, Notice.DEFERRED, Notice.SOUGHT_AGAIN, Notice.REMINDED)  # only said while it is so
    rows += [saying(n, Kind.TELL, ref=talk.consultation.id) for n in Notice if n not in stale]
    await say_all(world, *rows)
    await world.ask_for(press="c:annan-kommun:child:advice:now")
    await say_all(world, saying(Notice.PHONE, Kind.TELL, ref=(await standing(world, State.PHONED)).id))
    await world.ask_for(press="c:lpo-malmo-norr:child:advice:can_wait")
    deferred = await standing(world, State.DEFERRED)
    await say_all(world, saying(Notice.DEFERRED, Kind.TELL, ref=deferred.id))


async def test_every_state_has_its_card_and_line(world: World, talk: Open) -> None:
    """Every state, ending, outcome, need and urgency: a card for the officer, a line, and a word for whoever was asked."""
    cards = [*in_states(talk.consultation), *in_words(talk.consultation)]

    def ask(tx: Tx) -> None:
        for language in Language:
            for at in (NIGHT, LATE):
                words = Words(world.deps.content(), language, at)
                turn = Turn(tx, world.deps, words, saying("status.one"))
                for c in cards:
                    text, buttons = card(tx, world.deps, c, words)
                    sound(Speech(text=text, buttons=buttons))
                    sound(Speech(text=in_a_line(turn, c)))
                    for offer in c.offers:
                        sound(Speech(text=became(words, c, offer)))
                for state in (State.ASKED, State.ANSWERED, State.CLOSED, State.ERASED):
                    question = Consultation(id=ConsultationId("0"), state=state)
                    sound(Speech(text=in_a_line(turn, question)))

    await world.deps.store.read(ask)


def in_states(c: Consultation) -> Iterator[Consultation]:
    """The same request in every state that an officer can see."""
    for state in (State.SEEKING, State.DEFERRED, State.OPEN):
        yield replace(c, state=state)
    for outcome in Outcome:
        offer = replace(c.offers[0], outcome=outcome)
        yield replace(c, state=State.OPEN, offers=(offer,))
        yield replace(c, state=State.SEEKING, offers=(offer,), holder=None)
    pending = replace(c.offers[0], outcome=Outcome.PENDING)
    yield replace(c, state=State.OFFERED, offers=(pending,), holder=None)
    second = replace(pending, id=OfferId("1" * 32), person=PersonId("p-malmo-kvall-2"))
    yield replace(c, state=State.OFFERED, offers=(pending, second), holder=None)
    numbers = ("malmo-dag", "malmo-jour")
    for tried in ((), (False,), (False, False), (False, True)):
        calls = tuple(Tried(at=NIGHT, number=numbers[n], answered=a) for n, a in enumerate(tried))
        yield replace(c, state=State.PHONED, numbers=numbers, tried=calls, holder=None)
    yield replace(c, state=State.PHONED, numbers=("gone",), tried=(), holder=None)
    for ending in Ending:
        yield replace(c, state=State.CLOSED, ending=ending, closed_at=NIGHT, due=None)


def in_words(c: Consultation) -> Iterator[Consultation]:
    """Every choice in words."""
    assert c.request is not None
    for need in Need:
        for urgency in Urgency:
            hour = NIGHT if need is Need.INTERVIEW else None
            yield replace(c, request=replace(c.request, need=need, urgency=urgency, interview_at=hour))
    for decision in DecisionKind:
        yield replace(c, request=replace(c.request, need=Need.DECISION, decision=decision))


async def standing(world: World, state: State) -> Consultation:
    """What the officer has asked for that stands so."""
    found = await world.deps.store.read(lambda tx: tx.consultations.of_officer(PersonId(OFFICER), 50))
    return next(c for c in found if c.state is state)


async def test_a_number_that_is_closed_does_not_say_until_midnight(world: World) -> None:
    """The reception that closed at 16.30 is not said to answer until 24.00 on Saturday night."""
    await world.ask_for(press="c:annan-kommun:child:advice:now")
    numbers = world.deps.content().structure.organisations
    day = next(n for n in numbers["malmo"].numbers if n.id == "malmo-dag")  # type: ignore[index] # an id
    for language in Language:
        told = Words(world.deps.content(), language, NIGHT).number(day)["hours"]
        assert "24.00" not in told


async def test_a_request_of_another_day_says_which(world: World) -> None:
    """Whoever is rung on Monday for what was asked on Saturday is told that it was on Saturday."""
    await world.ask_for(press="c:lpo-malmo-norr:child:advice:can_wait")
    c = await world.latest()
    assert c.due is not None
    world.clock.move(c.due - NIGHT)
    await world.work()
    c = await world.latest()
    offer = c.pending[0]
    row = saying("offer.shown", person=offer.person, params={"offer": offer.id})
    speech = await world.deps.store.read(lambda tx: compose(tx, world.deps, row, "sv", world.clock.now()))
    assert "lördag 21 november kl. 22.40" in sound(speech).text
