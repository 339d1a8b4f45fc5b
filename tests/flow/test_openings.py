"""Openings: t people, never one; a purpose and a ground; within a time; in the open; of nobody's own talk."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path

import pytest

from bot.client import opening_keys
from bot.content import Content
from bot.core.consultation import Consultation
from bot.core.errors import BadInput, Denied
from bot.core.ids import OrganisationId, PersonId, RoomId
from bot.core.people import Role, Vetting, VettingState
from bot.flow import door, opening_end, opening_pass
from bot.flow.device_trust import seconds
from bot.flow.enrol import put_person
from bot.flow.look import look
from bot.flow.opening_pass import Came
from bot.flow.opening_people import took_part
from bot.flow.opening_request import request
from bot.flow.ports import Tx
from bot.flow.records_openings import Ended, Opening, Place
from bot.flow.refusals import Code, Refused
from bot.seal.errors import SealError, WrongShare
from bot.seal.keys import make_device
from bot.seal.opening import EVERY_ROOM, request_from_bytes
from bot.seal.passing import for_opening, pass_share, passed_to_bytes
from bot.seal.threshold import Escrow, Share, open_share
from tests.flow.flow_world import (
    EVENING_1,
    OFFICER,
    OFFICER_2,
    Shown,
    address,
)
from tests.flow.openings_world import (
    CHECK,
    CHIEFS,
    LAW,
    MALMO,
    Chief,
    Openings,
    after_talks,
    altered_bytes,
    opening_night,
    refused,
)

SAID = ("Hej, är du på väg?", "Ja, om tio minuter.", "Bra.")
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def laid_out(content: Content, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where a talk has taken place."""
    return after_talks(tmp_path_factory.mktemp("seeded"), content, SAID)


@pytest.fixture
async def openings(laid_out: Path, content: Content, tmp_path: Path) -> AsyncIterator[Openings]:
    """Saturday night in Malmö, after a talk, with the supervisors' key files."""
    async with opening_night(laid_out, tmp_path / "night", content) as begun:
        yield begun


@pytest.fixture
async def c(openings: Openings) -> Consultation:
    """The consultation of that talk."""
    return await openings.world.latest()


def room_of(c: Consultation) -> str:
    assert c.room is not None
    return c.room


async def entries(openings: Openings) -> int:
    """How many entries Malmö's ledger has: unchanged means that nothing was recorded."""
    return await openings.world.deps.store.read(lambda tx: tx.ledger.size(MALMO))


# ---- t people, never one -----------------------------------------------------------------------------------


async def test_any_two_of_three_open(openings: Openings, c: Consultation) -> None:
    """Whichever two come together, with the third away, they read what was said; and everything that happened holds."""
    for by, helper in permutations(range(3), 2):
        opening, texts = await openings.open(c, by, helper)
        assert texts == list(SAID)
        await end(openings, openings.chiefs[by], opening)
    assert await openings.verified() == []


async def test_nobody_opens_alone(openings: Openings, c: Consultation) -> None:
    """Before another has passed a share on nothing is handed out, and nobody is told that it was opened."""
    one = openings.chiefs[0]
    opening = await openings.ask(one, room_of(c))
    await refused(Code.OPENING_INCOMPLETE, openings.keys(one, opening.id))
    await refused(Code.OPENING_INCOMPLETE, openings.events(one, opening.id))
    assert (await openings.stored(opening.id)).opened_at is None


async def test_nobody_helps_themselves(openings: Openings, c: Consultation) -> None:
    """Whoever asked cannot pass a share on, from the same device or from another of theirs."""
    one = openings.chiefs[0]
    second = await openings.enrol(CHIEFS[0])
    opening = await openings.ask(one, room_of(c))
    share = await own_share(openings, one, opening)
    came = came_of(opening, share, one, one)
    for device in (one, second):
        with pytest.raises(Denied):
            await openings.hand_in(device, opening.id, [came])


async def test_the_keys_go_to_the_device_that_asked(openings: Openings, c: Consultation) -> None:
    """Not to whoever helped, nor to another device of whoever asked."""
    one, two, three = openings.chiefs
    second = await openings.enrol(CHIEFS[0])
    opening = await openings.ask(one, room_of(c))
    await openings.pass_on(two, opening)
    for other in (two, three, second):
        await refused(Code.NOT_YOURS, openings.keys(other, opening.id))
    assert (await openings.stored(opening.id)).opened_at is None
    assert await openings.read(one, opening) == list(SAID)


async def test_another_organisation_opens_its_own_escrow_alone(openings: Openings, c: Consultation) -> None:
    """The police's supervisors open with the police's shares; with Malmö's they can do nothing."""
    police = OrganisationId("polisen")
    one, two = (openings.chief(f"p-polis-chef-{n}", police) for n in (1, 2))
    malmos = await openings.ask(openings.chiefs[0], room_of(c))
    await refused(Code.NOT_YOURS, openings.hand_in(one, malmos.id, []))
    await refused(
        Code.OPENING_UNDER_WAY, openings.ask(one, room_of(c), purpose="disclosure", ground="osl-6-3")
    )
    await end(openings, openings.chiefs[0], malmos)
    with pytest.raises(BadInput):  # a purpose that stands on a law which does not bind the police
        await openings.ask(one, room_of(c))
    opening = await openings.ask(one, room_of(c), purpose="disclosure", ground="osl-6-3")
    assert opening.organisation == police
    await openings.pass_on(two, opening)
    assert await openings.read(one, opening) == list(SAID)


# ---- a purpose, a ground, a time ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("purpose", "ground"),
    [
        ("curiosity", LAW),
        ("supervision", "supervision-act"),
        (CHECK, "osl-6-3"),
        ("misconduct", "gdpr-complaint"),
        ("redeal", "routine-redeal"),
    ],
)
async def test_a_request_is_for_something(
    openings: Openings, c: Consultation, purpose: str, ground: str
) -> None:
    """Without a purpose that the organisation has, on its ground, nothing is opened and nothing recorded."""
    before = await entries(openings)
    with pytest.raises(BadInput):
        await openings.ask(openings.chiefs[0], room_of(c), purpose=purpose, ground=ground)
    assert await entries(openings) == before


async def test_a_request_is_in_ones_own_name(openings: Openings, c: Consultation) -> None:
    """Not in another's, nor another organisation's; and every room is asked for to deal keys again, for nothing else."""
    one = openings.chiefs[0]
    with pytest.raises(BadInput):
        await openings.ask(one, room_of(c), person=CHIEFS[1])
    with pytest.raises(BadInput):
        await openings.ask(one, room_of(c), organisation="polisen")
    with pytest.raises(BadInput):
        await openings.ask(one, EVERY_ROOM)


async def test_a_request_is_for_a_bounded_time(openings: Openings, c: Consultation) -> None:
    """Each purpose has its longest time, in the file; a minute more is refused."""
    one = openings.chiefs[0]
    for minutes in (61, 239):
        with pytest.raises(BadInput):
            await openings.ask(one, room_of(c), minutes=minutes)
    opening = await openings.ask(one, room_of(c), minutes=60)
    assert opening.until == openings.world.clock.now() + timedelta(minutes=60)


async def test_a_forged_request_is_refused(openings: Openings, c: Consultation) -> None:
    """What another device signed, or what was changed on the way, is no request."""
    one, two, _ = openings.chiefs
    content = openings.signed(one, room_of(c))
    for forged in (
        openings.signed(two, room_of(c)),
        content[:-1] + bytes([content[-1] ^ 1]),
        b"",
        content[:9],
    ):
        with pytest.raises(BadInput):
            await openings.act(one, lambda tx, at, f=forged: request(tx, openings.world.deps, at, f))  # type: ignore[misc]


async def test_there_must_be_something_to_open(openings: Openings) -> None:
    """A room that is not there, or of which the organisation keeps no key, is not opened; the two look alike."""
    await refused(Code.NO_ESCROW, openings.ask(openings.chiefs[0], "no-such-room"))


async def test_when_the_time_is_over_nothing_more_is_given(openings: Openings, c: Consultation) -> None:
    """After `until` no share is taken and nothing is handed out; it is ended, and the shares are destroyed."""
    one, two, three = openings.chiefs
    opening, _ = await openings.open(c)
    late = await openings.passed(three, opening)
    openings.later(timedelta(minutes=61))
    await refused(Code.OPENING_OVER, openings.hand_in(three, opening.id, late))
    await refused(Code.OPENING_OVER, openings.keys(one, opening.id))
    await refused(Code.OPENING_OVER, openings.events(one, opening.id))
    assert await opening_end.end_expired(openings.world.deps) == 1
    assert await opening_end.end_expired(openings.world.deps) == 0
    ended = await openings.stored(opening.id)
    assert (ended.ended, ended.ended_at) == (Ended.EXPIRED, openings.world.clock.now())
    assert await blobs(openings, opening) == [None]
    assert await openings.verified() == []
    again = await openings.ask(one, room_of(c))
    assert await openings.pass_on(two, again) == 1


async def test_a_clock_that_jumps_opens_nothing_for_longer(openings: Openings, c: Consultation) -> None:
    """A clock set back by more than five minutes shuts the opening until it is right again."""
    one = openings.chiefs[0]
    opening, texts = await openings.open(c)
    openings.later(-timedelta(minutes=6))
    await refused(Code.OPENING_OVER, openings.keys(one, opening.id))
    openings.later(timedelta(minutes=6))
    assert await openings.read(one, opening) == texts
    openings.later(timedelta(days=400))
    await refused(Code.OPENING_OVER, openings.keys(one, opening.id))
    openings.later(-timedelta(days=400))
    assert await openings.read(one, opening) == texts  # nobody has looked meanwhile
    openings.later(timedelta(days=400))
    await opening_end.end_expired(openings.world.deps)
    openings.later(-timedelta(days=400))
    await refused(Code.OPENING_OVER, openings.keys(one, opening.id))


async def test_a_request_from_another_time_is_refused(openings: Openings, c: Consultation) -> None:
    """A request signed on a clock that is far off is not taken: its time box would be another."""
    one = openings.chiefs[0]
    contents = []
    for off in (timedelta(hours=2), -timedelta(hours=2), timedelta(minutes=6)):
        openings.later(off)
        contents.append(openings.signed(one, room_of(c)))
        openings.later(-off)
    for content in contents:
        await refused(
            Code.OTHER_TIME,
            openings.act(one, lambda tx, at, f=content: request(tx, openings.world.deps, at, f)),  # type: ignore[misc]
        )


async def test_ending_destroys_the_shares(openings: Openings, c: Consultation) -> None:
    """When it is ended nothing more is given, and of the shares only who passed them on is left; harmless twice."""
    one, two, _ = openings.chiefs
    opening, _ = await openings.open(c)
    await refused(Code.NOT_YOURS, end(openings, two, opening))
    await end(openings, one, opening)
    size = await entries(openings)
    await end(openings, one, opening)
    assert await entries(openings) == size
    await refused(Code.OPENING_OVER, openings.keys(one, opening.id))
    assert await blobs(openings, opening) == [None]
    assert await openings.verified() == []


# ---- one at a time, each once ------------------------------------------------------------------------------


async def test_two_who_race(openings: Openings, c: Consultation) -> None:
    """Of two who ask for the same room one is taken; the other is told, and may ask when it has ended."""
    one, two, _ = openings.chiefs
    first, second = (openings.signed(who, room_of(c)) for who in (one, two))
    deps = openings.world.deps
    came = await asyncio.gather(
        openings.act(one, lambda tx, at: request(tx, deps, at, first)),
        openings.act(two, lambda tx, at: request(tx, deps, at, second)),
        return_exceptions=True,
    )
    won, lost = came
    assert isinstance(won, Opening)
    assert isinstance(lost, Refused)
    assert lost.code is Code.OPENING_UNDER_WAY
    await end(openings, one, won)
    assert (await openings.act(two, lambda tx, at: request(tx, deps, at, second))).person == CHIEFS[1]


async def test_the_second_time_is_harmless(openings: Openings, c: Consultation) -> None:
    """A request, a share and the reading, sent again because an answer was lost, change nothing and are answered alike."""
    one, two, _ = openings.chiefs
    content, deps = openings.signed(one, room_of(c)), openings.world.deps
    opening = await openings.act(one, lambda tx, at: request(tx, deps, at, content))
    came = await openings.passed(two, opening)
    assert await openings.hand_in(two, opening.id, came) == 1
    await openings.read(one, opening)
    size = await entries(openings)
    again = await openings.act(one, lambda tx, at: request(tx, deps, at, content))
    assert (again.id, again.person) == (opening.id, one.person)
    assert await openings.hand_in(two, opening.id, came) == 0
    assert await openings.read(one, opening) == list(SAID)
    assert await entries(openings) == size


async def test_an_id_is_used_once(openings: Openings, c: Consultation) -> None:
    """Nobody takes the place of another's opening by using its id."""
    one, two, _ = openings.chiefs
    opening = await openings.ask(one, room_of(c))
    await end(openings, one, opening)
    await refused(Code.OPENING_UNDER_WAY, openings.ask(two, room_of(c), opening=opening.id))


async def test_what_is_said_later_is_not_handed_out(openings: Openings, c: Consultation) -> None:
    """An opening of a talk that goes on gives what stood there when it was asked for, and does not listen in."""
    one, two, _ = openings.chiefs
    opening = await openings.ask(one, room_of(c))
    await openings.world.say(EVENING_1, "Det här sägs efteråt.")
    await openings.pass_on(two, opening)
    assert await openings.read(one, opening) == list(SAID)


# ---- of nobody's own talk ----------------------------------------------------------------------------------


async def test_nobody_reviews_their_own_talk(openings: Openings, c: Consultation) -> None:
    """Who asked or took it neither asks to open it nor helps; another supervisor does."""
    worker = await openings.enrol(EVENING_1)
    with pytest.raises(Denied):
        await openings.ask(worker, room_of(c))
    await openings.talk("En gång till.")
    later = await openings.world.latest()
    opening = await openings.ask(openings.chiefs[0], room_of(later))
    with pytest.raises(Denied):
        await openings.pass_on(worker, opening)
    assert await openings.pass_on(openings.chiefs[1], opening) == 1


async def test_who_had_part_at_any_time_had_part(openings: Openings, c: Consultation) -> None:
    """The officer, and everybody who took it, also when it went on to somebody else."""
    found = await openings.world.deps.store.read(lambda tx: took_part(tx, c))
    assert found == {OFFICER, EVENING_1}
    moved = replace(c, holder=PersonId("p-malmo-dag-1"))
    found = await openings.world.deps.store.read(lambda tx: took_part(tx, moved))
    assert found == {OFFICER, EVENING_1, "p-malmo-dag-1"}


@pytest.mark.parametrize("change", ["suspended", "unvetted", "other role", "no seat right"])
async def test_who_may_not_opens_nothing(openings: Openings, c: Consultation, change: str) -> None:
    """A suspended, unvetted or former supervisor, and one at a device without the right, neither asks nor helps."""
    one, two, three = openings.chiefs
    opening = await openings.ask(two, room_of(c))
    came = await openings.passed(one, opening)
    person = await openings.world.facts(one.person)
    changed = {
        "suspended": replace(person, active=False),
        "unvetted": replace(person, vetting=Vetting(state=VettingState.REVOKED, since=date(2026, 1, 1))),
        "other role": replace(person, postings=(replace(person.postings[0], role=Role.COORDINATOR),)),
        "no seat right": person,
    }[change]
    if change == "no seat right":
        await openings.revoke(one)
    else:
        deps = openings.world.deps
        await deps.store.write(lambda tx: put_person(tx, deps, changed, by="test"))
    with pytest.raises(Denied):
        await openings.hand_in(one, opening.id, came)
    await end(openings, two, opening)
    with pytest.raises(Denied):
        await openings.ask(one, room_of(c))
    assert (await openings.ask(three, room_of(c))).person == three.person


async def test_whoever_lost_the_right_meanwhile_is_given_nothing(openings: Openings, c: Consultation) -> None:
    """Shares are not taken for a supervisor who was suspended, or whose device was revoked, since they asked."""
    one, two, _ = openings.chiefs
    opening = await openings.ask(one, room_of(c))
    came = await openings.passed(two, opening)
    await openings.revoke(one)
    await refused(Code.OPENING_OVER, openings.hand_in(two, opening.id, came))


# ---- shares ------------------------------------------------------------------------------------------------


async def own_share(openings: Openings, who: Chief, opening: Opening) -> tuple[Escrow, Share]:
    """One's share, opened on one's device."""
    ((_, kept),) = await openings.kept(opening)
    return kept.escrow, open_share(kept.escrow, person=who.person, secret=who.secret)


def came_of(
    opening: Opening,
    found: tuple[Escrow, Share],
    sender: Chief,
    to: Chief,
    use: str = "",
    place: Place | None = None,
) -> Came:
    """A share passed on, in any manner."""
    escrow, share = found
    passed = pass_share(
        escrow=escrow,
        share=share,
        use=use or for_opening(opening.id),
        to=to.secret.public,
        secret=sender.secret,
    )
    at = place or Place(room=RoomId(escrow.room), epoch=escrow.epoch)
    return Came(place=at, content=passed_to_bytes(passed))


def altered(opening: Opening, found: tuple[Escrow, Share], sender: Chief, to: Chief) -> Came:
    """What a dishonest supervisor signs: another share than the one that was dealt."""
    escrow, share = found
    content = altered_bytes(for_opening(opening.id), escrow, share, sender=sender.secret, to=to.secret.public)
    return Came(place=Place(room=RoomId(escrow.room), epoch=escrow.epoch), content=content)


async def test_only_a_share_for_this_is_taken(openings: Openings, c: Consultation) -> None:
    """Of another opening, epoch, seat or device, or signed by another: refused, and nothing is kept."""
    one, two, three = openings.chiefs
    opening = await openings.ask(one, room_of(c))
    mine, theirs = await own_share(openings, two, opening), await own_share(openings, three, opening)
    place = Place(room=RoomId(room_of(c)), epoch=1)
    wrong = (
        came_of(opening, mine, two, one, use=for_opening("another")),
        came_of(opening, mine, two, one, use=f"hand-on:{one.person}"),
        came_of(opening, mine, two, three),
        came_of(opening, mine, three, one),
        came_of(opening, mine, two, one, place=Place(room=RoomId(room_of(c)), epoch=2)),
        came_of(opening, mine, two, one, place=Place(room=RoomId("other"), epoch=1)),
    )
    size = await entries(openings)
    for came in wrong:
        await refused(Code.SHARE_WRONG_PLACE, openings.hand_in(two, opening.id, [came]))
    await refused(
        Code.SEAT_NOT_YOURS, openings.hand_in(two, opening.id, [came_of(opening, theirs, two, one)])
    )
    good = came_of(opening, mine, two, one)
    for many in ([good, good], [good, wrong[0]]):
        with pytest.raises(BadInput):
            await openings.hand_in(two, opening.id, many)
    with pytest.raises(BadInput):
        await openings.hand_in(two, opening.id, [Came(place=place, content=b"no share")])
    await refused(Code.NOT_YOURS, openings.hand_in(two, "no-such-opening", [good]))
    assert await entries(openings) == size
    assert await openings.hand_in(two, opening.id, [good]) == 1
    again = came_of(opening, mine, two, one)  # sealed anew: not the one that is kept
    await refused(Code.SHARE_PASSED, openings.hand_in(two, opening.id, [again]))


async def test_an_altered_share_is_named_and_may_be_passed_again(openings: Openings, c: Consultation) -> None:
    """The device that asked names the seat; that is recorded as its word; and the seat's holder may do it right."""
    one, two, three = openings.chiefs
    opening = await openings.ask(one, room_of(c))
    mine = await own_share(openings, two, opening)
    await openings.hand_in(two, opening.id, [altered(opening, mine, two, one)])
    with pytest.raises(WrongShare) as caught:
        await openings.open_keys(one, opening)
    assert caught.value.people == (two.person,)
    place = Place(room=RoomId(room_of(c)), epoch=1)
    await refused(Code.NOT_YOURS, call_wrong(openings, one, opening, place, "p-stranger"))
    await refused(Code.NOT_YOURS, call_wrong(openings, three, opening, place, two.person))
    await call_wrong(openings, one, opening, place, two.person)
    await refused(Code.OPENING_INCOMPLETE, openings.keys(one, opening.id))
    openings.later(timedelta(seconds=1))
    await openings.hand_in(two, opening.id, [came_of(opening, mine, two, one)])
    assert await openings.read(one, opening) == list(SAID)
    assert await openings.verified() == []


async def test_an_accusation_comes_after_the_keys(openings: Openings, c: Consultation) -> None:
    """Who has not been given the shares cannot know of any that it is wrong."""
    one, two, _ = openings.chiefs
    opening = await openings.ask(one, room_of(c))
    await openings.pass_on(two, opening)
    place = Place(room=RoomId(room_of(c)), epoch=1)
    await refused(Code.NOT_YOURS, call_wrong(openings, one, opening, place, two.person))


async def test_a_substituted_device_is_given_nothing(openings: Openings, c: Consultation) -> None:
    """A server that names its own device in the requester's place gets no share of an honest client."""
    one, two, _ = openings.chiefs
    opening = await openings.ask(one, room_of(c))
    ((_, kept),) = await openings.kept(opening)
    mallory = make_device(b"m" * 64)
    now, members = seconds(openings.world.clock.now()), await openings.members()
    by_mallory = Chief(person=one.person, secret=mallory)
    for asked in (
        request_from_bytes(openings.signed(by_mallory, room_of(c))),  # in the supervisor's name
        request_from_bytes(openings.signed(two, room_of(c))),  # one's own
        request_from_bytes(openings.signed(one, "another-room")),
    ):
        with pytest.raises(SealError):
            opening_keys.pass_on(asked, kept, two.holder, members, now=now)


# ---- in the open -------------------------------------------------------------------------------------------


async def test_whose_talk_it_was_is_told_when_it_is_opened(openings: Openings, c: Consultation) -> None:
    """Officer and worker are told who, when and why, in the chat and on their page: when it is opened, not before."""
    world = openings.world
    for person in (OFFICER, EVENING_1):
        world.chats.shown[address(person)] = [Shown("0", "", ())]
    opening = await openings.ask(openings.chiefs[0], room_of(c))
    await openings.pass_on(openings.chiefs[1], opening)
    await world.work()
    assert [world.texts(p) for p in (OFFICER, EVENING_1)] == [[""], [""]]
    await openings.read(openings.chiefs[0], opening)
    await openings.read(openings.chiefs[0], opening)
    await world.work()
    for person in (OFFICER, EVENING_1):
        (told,) = world.texts(person)[1:]
        assert "2 chefer" in told
        assert "Loggkontroll" in told
        assert "2001:454" in told
        assert not any(word in told for word in (*SAID, CHIEFS[0], room_of(c)))
        assert await on_page(openings, person) == [told]
    assert await on_page(openings, OFFICER_2) == []
    openings.later(timedelta(days=31))
    assert await on_page(openings, OFFICER) == []


async def test_a_drill_gives_keys_and_no_words(openings: Openings, c: Consultation) -> None:
    """A drill proves that the keys can be had; no event leaves the server; and it is told as a drill."""
    world, one = openings.world, openings.chiefs[0]
    world.chats.shown[address(OFFICER)] = [Shown("0", "", ())]
    opening = await openings.ask(one, room_of(c), purpose="drill", ground="routine-drill", minutes=30)
    await openings.pass_on(openings.chiefs[2], opening)
    assert len(await openings.open_keys(one, opening)) == 1
    await refused(Code.OPENING_INCOMPLETE, openings.events(one, opening.id))
    await world.work()
    assert "övade" in world.texts(OFFICER)[-1]
    assert await openings.verified() == []


async def test_the_other_supervisors_are_rung(openings: Openings, c: Consultation) -> None:
    """Those who can help hear that a share is asked for, and whoever asked that it has come; nobody hears of what."""
    world, deps = openings.world, openings.world.deps
    for person in CHIEFS:
        code = await deps.store.write(lambda tx, p=person: door.issue_code(tx, deps, PersonId(p)))  # type: ignore[misc]
        await world.command(person, "start", code)
        world.chats.shown[address(person)] = [Shown("0", "", ())]
    opening = await openings.ask(openings.chiefs[0], room_of(c))
    await world.work()
    assert [len(world.texts(p)) for p in CHIEFS] == [1, 2, 2]
    assert "din andel" in world.texts(CHIEFS[1])[-1]
    await openings.pass_on(openings.chiefs[1], opening)
    await world.work()
    assert [len(world.texts(p)) for p in CHIEFS] == [2, 2, 2]
    every = " ".join(text for p in CHIEFS for text in world.texts(p))
    assert not any(word in every for word in ("Loggkontroll", opening.id, room_of(c), LAW, *SAID))


async def test_the_ledger_says_who_asked_for_what(openings: Openings, c: Consultation) -> None:
    """Each step is an entry: asked, passed, opened, ended; with who, and by which rules."""
    opening, _ = await openings.open(c)
    await end(openings, openings.chiefs[0], opening)

    def ask(tx: Tx) -> list[dict[str, object]]:
        found = (r.entry for r in tx.audit.entries(MALMO))
        return [json.loads(entry.body) for entry in found if entry.kind == "opening"]

    told = await openings.world.deps.store.read(ask)
    assert [one["act"] for one in told] == ["asked", "passed", "opened", "ended"]
    assert [one["by"] for one in told] == [CHIEFS[0], CHIEFS[1], CHIEFS[0], CHIEFS[0]]
    assert told[0]["rules"] == ["supervisors-open-together"]
    assert told[2]["helpers"] == [CHIEFS[1]]
    assert {one["room"] for one in told} == {room_of(c)}


# ---- helpers -----------------------------------------------------------------------------------------------


async def end(openings: Openings, who: Chief, opening: Opening) -> Opening:
    return await openings.act(who, lambda tx, at: opening_end.end(tx, openings.world.deps, at, opening.id))


async def call_wrong(openings: Openings, who: Chief, opening: Opening, place: Place, seat: str) -> None:
    deps = openings.world.deps
    await openings.act(who, lambda tx, at: opening_pass.call_wrong(tx, deps, at, opening.id, place, seat))


async def blobs(openings: Openings, opening: Opening) -> list[object]:
    """The passed shares as they are kept."""
    return await openings.world.deps.store.read(
        lambda tx: [share.blob for share in tx.opening_audit.shares(opening.id)]
    )


async def on_page(openings: Openings, person: str) -> list[str]:
    """What somebody's own page says of their opened talks."""
    world = openings.world
    found = await world.facts(person)
    status = await world.deps.store.read(
        lambda tx: look(tx, world.deps.content(), found, "sv", world.clock.now())
    )
    return [one.sentence for one in status.opened]
