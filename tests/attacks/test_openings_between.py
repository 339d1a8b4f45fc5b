"""What happens between the request and the reading: rights end, devices are stolen, clocks jump; and what is on record."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.content import Content
from bot.core.consultation import Consultation
from bot.core.errors import BadInput, Denied
from bot.core.ids import PersonId, RoomId
from bot.core.people import Person, Vetting, VettingState
from bot.core.places import organisation
from bot.flow import opening_end, opening_list, opening_pass
from bot.flow.enrol import put_person
from bot.flow.opening_ready import safety
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.flow.records import Entry
from bot.flow.records_openings import Opening, Place
from bot.flow.refusals import Code
from bot.seal.errors import WrongShare
from bot.seal.passing import for_opening
from bot.seal.threshold import Escrow, Share, open_share
from tests.flow.flow_world import EVENING_1, EVENING_2, read_content
from tests.flow.openings_world import (
    MALMO,
    Chief,
    Openings,
    after_talks,
    altered_bytes,
    opening_night,
    refused,
)
from tests.flow.retention_world import close

SAID = ("Hej, är du på väg?", "Ja, om tio minuter.")
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture(scope="module")
def content() -> Content:
    """The real files, read once."""
    return read_content()


@pytest.fixture(scope="module")
def laid_out(content: Content, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where a talk goes on."""
    return after_talks(tmp_path_factory.mktemp("seeded"), content, SAID)


@pytest.fixture
async def openings(laid_out: Path, content: Content, tmp_path: Path) -> AsyncIterator[Openings]:
    """Saturday night in Malmö, in the middle of a talk."""
    async with opening_night(laid_out, tmp_path / "night", content) as begun:
        yield begun


@pytest.fixture
async def c(openings: Openings) -> Consultation:
    """The consultation of that talk."""
    return await openings.world.latest()


def room_of(c: Consultation) -> RoomId:
    assert c.room is not None
    return c.room


async def become(openings: Openings, person: Person) -> None:
    """Change what is known of somebody."""
    deps = openings.world.deps
    await deps.store.write(lambda tx: put_person(tx, deps, person, by="test"))


async def take_over(openings: Openings, c: Consultation, person: PersonId) -> None:
    """Somebody has the talk now, as after a handover."""
    deps = openings.world.deps
    entry = fact(deps, MALMO, "consultation", deps.clock.now())
    after = replace(c, holder=person, version=c.version + 1)
    await deps.store.write(lambda tx: tx.consultations.save(c, after, entry))


async def recorded(openings: Openings, act: str) -> list[dict[str, object]]:
    """What Malmö's ledger says of openings, of one kind."""

    def read(tx: Tx) -> list[Entry]:
        return [recorded.entry for recorded in tx.audit.entries(MALMO)]

    found = await openings.world.deps.store.read(read)
    bodies = [json.loads(entry.body) for entry in found if entry.kind == "opening"]
    return [body for body in bodies if body["act"] == act]


async def dishonest(openings: Openings, who: Chief, opening: Opening, to: Chief) -> opening_pass.Came:
    """A share that its holder altered before passing it on."""
    ((place, kept),) = await openings.kept(opening)
    escrow: Escrow = kept.escrow
    share: Share = open_share(escrow, person=who.person, secret=who.secret)
    use = for_opening(opening.id)
    wrong = altered_bytes(use, escrow, share, sender=who.secret, to=to.secret.public)
    return opening_pass.Came(place=place, content=wrong)


async def call_wrong(openings: Openings, who: Chief, opening: Opening, seat: str) -> None:
    (place, _), *_ = await openings.kept(opening)
    deps = openings.world.deps
    await openings.act(
        who, lambda tx, at: opening_pass.call_wrong(tx, deps, at, opening.id, place, PersonId(seat))
    )


async def left(openings: Openings, who: Chief, opening: Opening) -> int:
    """Of how many epochs somebody's page asks for a share."""
    return (await openings.act(who, lambda tx, at: opening_list.show(tx, at, opening))).left


# ---- rights that end ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", ["suspended", "unvetted", "no post", "took part"])
@pytest.mark.parametrize("when", ["before the keys", "between keys and words"])
async def test_whoever_lost_the_right_is_given_nothing_more(
    openings: Openings, c: Consultation, change: str, when: str
) -> None:
    """A requester whose right ended since they asked, or who came into the talk, gets neither keys nor words nor a say."""
    one, two, _ = openings.chiefs
    opening = await openings.ask(one, room_of(c))
    await openings.pass_on(two, opening)
    if when == "between keys and words":
        await openings.keys(one, opening.id)
    person = await openings.world.facts(one.person)
    ended = tuple(replace(posting, valid_to=date(2026, 11, 20)) for posting in person.postings)
    if change == "took part":
        await take_over(openings, c, one.person)
    else:
        changed = {
            "suspended": replace(person, active=False),
            "unvetted": replace(person, vetting=Vetting(state=VettingState.PENDING, since=date(2026, 11, 1))),
            "no post": replace(person, postings=ended),
        }[change]
        await become(openings, changed)
    with pytest.raises(Denied):
        await openings.keys(one, opening.id)
    with pytest.raises(Denied):
        await openings.events(one, opening.id)
    with pytest.raises(Denied):
        await call_wrong(openings, one, opening, two.person)
    deps = openings.world.deps
    ended_ = await openings.act(one, lambda tx, at: opening_end.end(tx, deps, at, opening.id))
    assert ended_.ended_at is not None  # whatever they may, they can let it be


async def test_a_redealer_who_lost_the_right_is_given_no_keys(openings: Openings) -> None:
    """The keys of every room, too, are given to whoever may deal them again at that moment, and to nobody else."""
    one, two, _ = openings.chiefs
    opening = await openings.redeal_request(one)
    await openings.pass_on(two, opening)
    await become(openings, replace(await openings.world.facts(one.person), active=False))
    with pytest.raises(Denied):
        await openings.keys(one, opening.id)
    assert await recorded(openings, "opened") == []


# ---- devices that are stolen -------------------------------------------------------------------------------


async def test_what_a_stolen_device_passed_on_does_not_count(openings: Openings, c: Consultation) -> None:
    """A share that a device passed on before it was reported lost opens nothing; its owner's page asks again."""
    one, two, three = openings.chiefs
    opening = await openings.ask(one, room_of(c))
    await openings.pass_on(two, opening)
    await openings.revoke(two)
    await refused(Code.OPENING_INCOMPLETE, openings.keys(one, opening.id))
    assert await recorded(openings, "opened") == []
    await openings.pass_on(three, opening)
    assert await openings.read(one, opening) == list(SAID)
    assert await openings.verified() == []


async def test_after_a_loss_the_new_device_can_pass_the_share_on(openings: Openings, c: Consultation) -> None:
    """Whoever has a second device with a copy of the share does with it what the lost one had done."""
    one, two, _ = openings.chiefs
    other = await openings.enrol(two.person)
    await openings.hand_on(two, other)
    opening = await openings.ask(one, room_of(c))
    await openings.pass_on(two, opening)
    assert await left(openings, other, opening) == 0
    await openings.revoke(two)
    assert await left(openings, other, opening) == 1
    assert await openings.pass_on(other, opening) == 1
    assert await openings.read(one, opening) == list(SAID)
    assert await openings.verified() == []


async def test_two_devices_are_one_person_at_the_server(openings: Openings, c: Consultation) -> None:
    """A supervisor with two devices who asks on the one has no help of the other, and two of a helper count once."""
    one, two, _ = openings.chiefs
    twin, other = await openings.enrol(one.person), await openings.enrol(two.person)
    await openings.hand_on(one, twin)
    await openings.hand_on(two, other)
    opening = await openings.ask(twin, room_of(c))
    with pytest.raises(Denied):
        await openings.act(
            one, lambda tx, at: opening_pass.pass_on(tx, openings.world.deps, at, opening.id, [])
        )
    assert await openings.pass_on(two, opening) == 1
    await refused(Code.SHARE_PASSED, openings.pass_on(other, opening))
    await refused(Code.NOT_YOURS, openings.keys(one, opening.id))  # asked on the other device
    assert await openings.read(twin, opening) == list(SAID)


# ---- clocks that jump --------------------------------------------------------------------------------------


async def test_a_share_passed_again_stands_whatever_the_clock_did(
    openings: Openings, c: Consultation
) -> None:
    """Called wrong, then the clock is set back a little: the right share that comes next counts, and its holder is asked."""
    one, two, _ = openings.chiefs
    opening = await openings.ask(one, room_of(c))
    await openings.hand_in(two, opening.id, [await dishonest(openings, two, opening, one)])
    assert await left(openings, two, opening) == 0
    with pytest.raises(WrongShare):
        await openings.open_keys(one, opening)
    await call_wrong(openings, one, opening, two.person)
    assert await left(openings, two, opening) == 1
    openings.later(-MINUTE)
    await openings.pass_on(two, opening)
    assert await left(openings, two, opening) == 0
    assert await openings.read(one, opening) == list(SAID)
    assert await openings.verified() == []


async def test_an_accusation_counts_whatever_the_clock_did(openings: Openings, c: Consultation) -> None:
    """Passed, then the clock is set back: the share that is called wrong now does not count any more."""
    one, two, three = openings.chiefs
    opening = await openings.ask(one, room_of(c))
    openings.later(2 * MINUTE)
    await openings.hand_in(two, opening.id, [await dishonest(openings, two, opening, one)])
    openings.later(-MINUTE)
    with pytest.raises(WrongShare):
        await openings.open_keys(one, opening)
    await call_wrong(openings, one, opening, two.person)
    await refused(Code.OPENING_INCOMPLETE, openings.keys(one, opening.id))
    await openings.pass_on(three, opening)
    place = Place(room=room_of(c), epoch=1)
    stand = await openings.world.deps.store.read(lambda tx: opening_pass.standing(tx, opening.id, place))
    assert [share.person for share in stand] == [three.person]


async def test_a_clock_set_back_after_the_reading_does_not_lengthen_it(
    openings: Openings, c: Consultation
) -> None:
    """Opened late in its time, then the clock is set back to the beginning: shut, though the request alone would allow it."""
    one, two, _ = openings.chiefs
    opening = await openings.ask(one, room_of(c), minutes=60)
    openings.later(50 * MINUTE)
    await openings.pass_on(two, opening)
    assert await openings.read(one, opening) == list(SAID)
    openings.later(-50 * MINUTE)
    await refused(Code.OPENING_OVER, openings.keys(one, opening.id))
    await refused(Code.OPENING_OVER, openings.events(one, opening.id))
    openings.later(50 * MINUTE)
    assert await openings.read(one, opening) == list(SAID)


# ---- on record ---------------------------------------------------------------------------------------------


async def test_what_is_given_later_is_recorded_too(openings: Openings, c: Consultation) -> None:
    """A share that came after the opening and is handed out is on the ledger with its epochs, by whom and when."""
    one, two, three = openings.chiefs
    opening = await openings.ask(one, room_of(c))
    await openings.pass_on(two, opening)
    await openings.keys(one, opening.id)
    await openings.keys(one, opening.id)
    assert await recorded(openings, "given") == []
    openings.later(SECOND)
    await openings.pass_on(three, opening)
    await openings.keys(one, opening.id)
    (given,) = await recorded(openings, "given")
    assert (given["by"], given["epochs"]) == (one.person, [[room_of(c), 1]])
    assert await openings.verified() == []


async def test_an_accusation_is_recorded_once(openings: Openings, c: Consultation) -> None:
    """Said again of the same share it changes nothing; whoever has the keys cannot fill the ledger with it."""
    one, two, _ = openings.chiefs
    opening = await openings.ask(one, room_of(c))
    await openings.pass_on(two, opening)
    await openings.keys(one, opening.id)
    for _ in range(3):
        openings.later(SECOND)
        await call_wrong(openings, one, opening, two.person)
    assert len(await recorded(openings, "wrong")) == 1
    await openings.pass_on(two, opening)
    await call_wrong(openings, one, opening, two.person)
    assert len(await recorded(openings, "wrong")) == 2
    assert await openings.verified() == []


@pytest.mark.parametrize("id_", ["short", "x" * 65, "../" * 8, "a/b" * 8, "\x1b[2J" * 8, "å" * 20, " " * 20])
async def test_an_id_is_nothing_that_obeys_or_hides(openings: Openings, c: Consultation, id_: str) -> None:
    """An opening's id is chosen by a device: it fits an address that can be ended, and says nothing to a terminal."""
    with pytest.raises(BadInput):
        await openings.ask(openings.chiefs[0], room_of(c), opening=id_)
    assert await recorded(openings, "asked") == []


# ---- every epoch -------------------------------------------------------------------------------------------


async def longer_talk(openings: Openings) -> Consultation:
    """The worker cannot come after all, the next takes it: a second epoch; then it is over."""
    world = openings.world
    c = await openings.talk("Ett andra samtal.")
    await world.press_shown(EVENING_1, ":could_not")
    await world.work()
    await world.accept(EVENING_2)
    await world.say(EVENING_2, "Jag tar över.")
    return await close(world, c.id)


async def behind(openings: Openings) -> tuple[Place, ...]:
    """The epochs that readiness names."""
    deps = openings.world.deps
    own = organisation(deps.content().structure, MALMO)
    return (await deps.store.read(lambda tx: safety(tx, deps, own))).behind


async def test_a_bulk_redeal_covers_every_epoch_of_open_and_closed_rooms(
    openings: Openings, c: Consultation
) -> None:
    """Closed rooms, one of two epochs, and an open one: named while a seat is unheld, dealt again all, and none is named then."""
    one, two, three = openings.chiefs
    await close(openings.world, c.id)
    openings.later(MINUTE)
    longer = await longer_talk(openings)
    openings.later(MINUTE)
    going = await openings.talk("Det går vidare.")
    everywhere = sorted([(room_of(c), 1), (room_of(longer), 1), (room_of(longer), 2), (room_of(going), 1)])
    assert await behind(openings) == ()
    await openings.revoke(three)
    await openings.suspend(three.person)
    assert sorted((place.room, place.epoch) for place in await behind(openings)) == everywhere
    opening = await openings.redeal_request(one)
    await openings.pass_on(two, opening)
    dealt = await openings.dealt_again(one, opening)
    assert sorted((each.place.room, each.place.epoch) for each in dealt) == everywhere
    first, *others = dealt
    assert await openings.redeal(one, opening, others) == 3
    assert await behind(openings) == (first.place,)  # what is left out is named
    assert await openings.redeal(one, opening, [first]) == 1
    assert await behind(openings) == ()
    await openings.act(one, lambda tx, at: opening_end.end(tx, openings.world.deps, at, opening.id))
    assert await openings.verified() == []
    _, texts = await openings.open(longer)
    assert texts == ["Ett andra samtal.", "Jag tar över."]
