"""Odd messages: what is no question, no button and no word in a talk gets one polite sentence, and changes nothing."""

from collections.abc import Awaitable, Callable
from functools import partial

import pytest

from bot.core.ids import PersonId
from bot.demo.botapi.phone import Phone
from bot.demo.botapi.shown import Shown
from bot.demo.seed import link_code
from bot.flow.door import LINK_LIFETIME, suspend
from bot.flow.talk import MAX_TEXT
from tests.stories.story import EVENING_1, EVENING_2, NIGHT, OFFICER, OFFICER_2, RING, SECOND, Story
from tests.stories.wire import message_of, post, update

NAMES = "Han heter Testfall Provsson och bor hos sin moster."
GROUP = "Ingripande ett"


async def answered(story: Story, phone: Phone, do: Callable[[], Awaitable[object]]) -> list[Shown]:
    """What the phone was told because of this, and nothing was recorded anywhere."""
    await story.quiet()
    recorded, before = await story.recorded(), len(phone.messages)
    await do()
    await story.quiet()
    assert await story.recorded() == recorded, "something was recorded"
    return [message for message in phone.messages[before:] if message.from_bot]


async def one_sentence(story: Story, phone: Phone, do: Callable[[], Awaitable[object]], part: str) -> None:
    """The phone is told exactly one thing, with these words in it."""
    told = await answered(story, phone, do)
    assert len(told) == 1, [message.text for message in told]
    assert part in told[0].text


# ---- what cannot be used ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("in_talk", [False, True])
@pytest.mark.parametrize(
    ("what", "part"),
    [
        ("photo", "Bilder tas inte emot"),
        ("sticker", "kan jag inte läsa"),
        ("voice", "Röstmeddelanden tas inte emot"),
        ("forward", "Vidarebefordrade meddelanden tas inte emot"),
        ("edit", "Ändringar följer inte med"),
    ],
)
async def test_what_could_point_somebody_out_is_not_taken(
    night: Story, what: str, part: str, *, in_talk: bool
) -> None:
    """Pictures, voices, stickers, forwards and edits are refused with what to do instead, in a talk and outside."""
    phone = night.phone(OFFICER)
    if in_talk:
        await night.open_talk()
    said = await phone.say("Ett barn på ungefär tre år är ensamt ute.")
    await night.quiet()
    heard = len(night.phone(EVENING_1).messages)
    doing: dict[str, Callable[[], Awaitable[object]]] = {
        "photo": lambda: phone.photo(NAMES),
        "sticker": phone.sticker,
        "voice": phone.voice,
        "forward": lambda: phone.forward(NAMES, sender="Testfall Provsson"),
        "edit": lambda: phone.edit(said, NAMES),
    }
    await one_sentence(night, phone, doing[what], part)
    assert len(night.phone(EVENING_1).messages) == heard, "it was passed on"


async def test_a_forwarded_doorbell_rings_nobody(night: Story) -> None:
    """A doorbell that is passed on to a colleague is no offer there: it is a forward like any other."""
    await night.ask_for(night.phone(OFFICER))
    await night.rung(EVENING_1)
    other = night.phone(EVENING_2)
    await one_sentence(night, other, lambda: other.forward(RING, sender="Samjour"), "Vidarebefordrade")
    assert [offer.person for offer in (await night.latest()).pending] == [EVENING_1]


async def test_a_doorbell_cannot_be_passed_on_by_a_slip(night: Story) -> None:
    """Every message of ours is protected: Telegram lets nobody forward or save it."""
    await night.open_talk()
    await night.quiet()
    for person in (OFFICER, EVENING_1):
        assert all(m.protected for m in night.phone(person).messages if m.from_bot)


async def test_everything_else_that_telegram_can_carry_is_refused(night: Story) -> None:
    """Files, contacts, places and what else there is: one sentence each, also with words beside it."""
    phone = night.phone(OFFICER)
    file = {"file_id": "f", "file_unique_id": "u", "file_size": 1}
    bodies: dict[str, dict[str, object]] = {
        "document": file,
        "video": {**file, "width": 1, "height": 1, "duration": 1},
        "audio": {**file, "duration": 1},
        "contact": {"phone_number": "070-1740699", "first_name": "Testfall"},
        "location": {"latitude": 55.6, "longitude": 13.0},
        "dice": {"emoji": "🎲", "value": 3},
        "poll": {
            "id": "1",
            "question": "?",
            "options": [],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": True,
            "members_only": False,
        },
    }
    night.hidden |= {"070-1740699", NAMES}
    for kind, part in bodies.items():
        body = update(message=message_of(phone, caption=NAMES) | {kind: part})
        told = await answered(night, phone, partial(post, night, body))
        assert len(told) == 1, kind
        assert len(told[0].text) < 120, kind


# ---- who is not known ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["sv", "en", "en-GB", "fi", "xx-no-such"])
async def test_a_stranger_is_told_the_way_in(night: Story, language: str) -> None:
    """Whoever is not linked gets one sentence for words, buttons, pictures and commands, and reaches nobody."""
    stranger = night.shown.api.phone(4711, "Testfall", language_code=language)
    part = "not linked" if language.startswith("en") else "inte kopplat"
    actions: list[Callable[[], Awaitable[object]]] = [
        lambda: stranger.say("Är det någon där?"),
        lambda: stranger.say("/konsultera"),
        lambda: stranger.say("/start"),
        stranger.sticker,
        lambda: stranger.photo(NAMES),
    ]
    for act in actions:
        await one_sentence(night, stranger, act, part)
    state, last = night.shown.api.state, stranger.last

    async def pressed() -> None:
        state.press(stranger.user, last.chat.id, last.message_id, "m:consult", at=night.clock.now())
        night.shown.api._changes.tell()

    await one_sentence(night, stranger, pressed, part)


async def test_in_a_group_only_a_command_is_answered(night: Story) -> None:
    """A group hears nothing of ours but that we speak with one person at a time; and nothing said there is a question."""
    officer = night.phone(OFFICER)
    before = len(officer.messages)
    for text in ("Vi har ett barn här.", "Kan någon fråga jouren?"):
        await officer.in_group(GROUP, text)
    await night.quiet()
    assert [m for m in officer.messages_in(GROUP) if m.from_bot] == []
    for command in ("/konsultera", "/status", "/start 0123456789abcdef"):
        await officer.in_group(GROUP, command)
    await night.quiet()
    told = [m.text for m in officer.messages_in(GROUP) if m.from_bot]
    assert told == ["Jag svarar bara i enskild chatt. Skriv till mig där."] * 3
    assert len(officer.messages) == before


# ---- codes -----------------------------------------------------------------------------------------------------------


async def test_a_code_works_once(night: Story) -> None:
    """A code that has linked an account links no other one, whoever finds it."""
    used = next(m.text for m in night.phone(OFFICER).messages if m.text.startswith("/start "))
    stranger = night.shown.api.phone(4711, "Testfall")
    await one_sentence(night, stranger, lambda: stranger.say(used), "Koden gäller inte")
    await one_sentence(night, stranger, lambda: stranger.say("/status"), "inte kopplat")


async def test_an_unknown_code_links_nobody(night: Story) -> None:
    """Whatever stands in the place of a code: one sentence, and nobody new is known."""
    stranger = night.shown.api.phone(4711, "Testfall")
    for code in ("0" * 30, "x", "å" * 20, "'; DROP TABLE people;--", "a" * 64, "a" * 65, "a" * 4000, "0 0"):
        await one_sentence(night, stranger, partial(stranger.say, f"/start {code}"), "Koden gäller inte")
    await one_sentence(night, stranger, partial(stranger.say, "/status"), "inte kopplat")


async def test_a_code_grows_too_old(night: Story) -> None:
    """Ten minutes after it was made a code is worth nothing; a second before it still is."""
    code = await link_code(night.deps, PersonId(OFFICER_2))
    late = await link_code(night.deps, PersonId(OFFICER_2))
    await night.pass_time(LINK_LIFETIME - SECOND)
    new = night.shown.api.phone(4711, "Testfall")
    await new.say(f"/start {code}")
    await new.wait_for_text("kontot är kopplat")
    await night.pass_time(2 * SECOND)
    stranger = night.shown.api.phone(4712, "Testfall")
    await one_sentence(night, stranger, lambda: stranger.say(f"/start {late}"), "Koden gäller inte")


async def test_a_new_phone_takes_the_place_of_the_old(night: Story) -> None:
    """A person has one account: when the new phone is linked, the old one is a stranger."""
    code = await link_code(night.deps, PersonId(OFFICER))
    new, old = night.shown.api.phone(4711, "Testfall"), night.phone(OFFICER)
    await new.say(f"/start {code}")
    await new.wait_for_text("kontot är kopplat")
    await new.say("/status")
    await new.wait_for_text("Inget pågår")
    await one_sentence(night, old, lambda: old.say("/status"), "inte kopplat")
    await night.verified()


# ---- too much --------------------------------------------------------------------------------------------------------


async def test_a_long_text_is_not_cut(night: Story) -> None:
    """Ten thousand characters in a talk: nothing is passed on in part, and the sender knows how much is too much."""
    await night.open_talk()
    officer = night.phone(OFFICER)
    text = "Vi behöver råd om vad som händer härnäst. " * 250
    night.hidden.add(text)
    heard = len(night.phone(EVENING_1).messages)
    body = update(message=message_of(officer, text))
    await one_sentence(night, officer, lambda: post(night, body), f"för långt ({len(text)} tecken")
    assert len(night.phone(EVENING_1).messages) == heard


async def test_a_long_question_is_told_so(night: Story) -> None:
    """Outside a talk a long text is a question that is too long, not something that broke."""
    officer = night.phone(OFFICER)
    body = update(message=message_of(officer, "Vad gäller? " * 900))
    night.hidden.add("Vad gäller? " * 900)
    await one_sentence(night, officer, lambda: post(night, body), "för långt")


@pytest.mark.parametrize(("letter", "units"), [("å", 1), ("😶", 2), ("e\u0301", 2)])
async def test_the_longest_text_arrives_whole(night: Story, letter: str, units: int) -> None:
    """What is just short enough arrives, every character of it; one letter more is refused, not lost on the way.

    Telegram counts in units of UTF-16.
    """
    await night.open_talk()
    officer, worker = night.phone(OFFICER), night.phone(EVENING_1)
    text = letter * (MAX_TEXT // units)
    night.hidden.add(text)
    assert await post(night, update(message=message_of(officer, text))) == 200
    await night.quiet()
    await worker.wait_for(lambda m: m.text == f"Polisen: {text}")
    longer = update(message=message_of(officer, text + letter))
    await one_sentence(night, officer, lambda: post(night, longer), "för långt")


# ---- who is no longer with us -------------------------------------------------------------------------------------------


async def suspended(story: Story, person: str) -> None:
    """As `samjour people suspend` does."""

    def act(tx: object) -> None:
        found = tx.people.get(PersonId(person))  # type: ignore[attr-defined]
        suspend(tx, story.deps, found, by="test")  # type: ignore[arg-type]

    await story.deps.store.write(act)
    story.deps.bells.ring()


async def test_a_suspended_officer_reaches_nobody(night: Story) -> None:
    """Who is suspended is told so, whatever they try, and where to turn."""
    await suspended(night, OFFICER)
    officer = night.phone(OFFICER)
    for text in ("/konsultera", "/ring", "Vad gäller vid ett ensamt barn?"):
        await one_sentence(night, officer, partial(officer.say, text), "avstängt")


async def test_a_suspended_worker_is_waited_for_no_longer(night: Story) -> None:
    """The offer to somebody who is suspended goes on at once, and their late yes takes nothing."""
    await night.ask_for(night.phone(OFFICER))
    offer = await night.show(EVENING_1)
    await suspended(night, EVENING_1)
    await night.rung(EVENING_2)
    phone = night.phone(EVENING_1)
    await phone.press("Jag tar den", offer)
    await phone.wait_for_text("avstängt")
    c = await night.latest()
    assert (c.holder, [o.person for o in c.pending]) == (None, [EVENING_2])
    await night.verified()


async def test_a_worker_suspended_in_a_talk_hears_nothing_more(night: Story) -> None:
    """Suspending somebody in the middle of a talk: they are out of it, and somebody else is looked for at once."""
    await night.open_talk()
    await suspended(night, EVENING_1)
    await night.rung(EVENING_2)
    officer, phone = night.phone(OFFICER), night.phone(EVENING_1)
    await officer.wait_for_text("kan inte komma")
    assert night.clock.now() == NIGHT
    await one_sentence(night, phone, lambda: phone.say("Jag är på väg till er nu."), "avstängt")
    await night.accept(EVENING_2)
    await officer.say("Är det någon som kommer?")
    await night.phone(EVENING_2).wait_for_text("någon som kommer?")
    await night.quiet()
    assert not any("någon som kommer" in m.text for m in phone.messages)
    await night.verified()
