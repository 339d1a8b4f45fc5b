"""Seats: supervisors come and go, and what their organisation keeps can still be opened, by t people and never fewer."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.client import opening_keys
from bot.content import Content
from bot.core.consultation import Consultation
from bot.core.errors import BadInput, Denied
from bot.core.ids import PersonId, RoomId
from bot.core.people import Role
from bot.core.places import organisation
from bot.flow import opening_end, opening_seats
from bot.flow.device_trust import seconds
from bot.flow.door import change
from bot.flow.enrol import put_person, readiness
from bot.flow.opening_pass import Came
from bot.flow.opening_ready import Safety, safety
from bot.flow.opening_redeal import Dealt
from bot.flow.ports import Tx
from bot.flow.records_openings import Opening, Place
from bot.flow.refusals import Code
from bot.flow.upkeep import signers
from bot.flow.verify import verify
from bot.seal import threshold
from bot.seal.errors import SealError
from bot.seal.opening import request_from_bytes
from bot.seal.passing import for_opening, for_successor, pass_share, passed_to_bytes
from bot.seal.redeal import sign_redeal
from bot.seal.room import RoomKey
from bot.seal.threshold import Supervisor, open_share
from tests.flow.flow_world import NIGHT
from tests.flow.openings_world import CHIEFS, MALMO, Chief, Openings, after_talks, opening_night, refused

NEW = "p-malmo-dag-1"  # who becomes a supervisor
SAID = ("Första samtalet.", "Svar.")
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def laid_out(content: Content, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where two talks have taken place."""
    return after_talks(tmp_path_factory.mktemp("seeded"), content, SAID, ("Andra samtalet.",))


@pytest.fixture
async def openings(laid_out: Path, content: Content, tmp_path: Path) -> AsyncIterator[Openings]:
    """Saturday night in Malmö, after two talks."""
    async with opening_night(laid_out, tmp_path / "night", content, NIGHT + 2 * MINUTE) as begun:
        yield begun


async def first_talk(openings: Openings) -> Consultation:
    found = await openings.world.deps.store.read(
        lambda tx: tx.consultations.of_officer(PersonId("p-polis-malmo-1"), 2)
    )
    return found[-1]


async def safe(openings: Openings) -> Safety:
    deps = openings.world.deps
    own = organisation(deps.content().structure, MALMO)
    return await deps.store.read(lambda tx: safety(tx, deps, own))


async def counts(openings: Openings) -> tuple[int, int, int, int]:
    """Supervisors, epochs, those with a seat unheld, those that nobody can open any more."""
    found = await safe(openings)
    return found.enrolled, found.keeping.epochs, found.keeping.thin, found.keeping.lost


async def end(openings: Openings, who: Chief, opening: Opening) -> None:
    await openings.act(who, lambda tx, at: opening_end.end(tx, openings.world.deps, at, opening.id))


async def read_first(openings: Openings, by: Chief, *helpers: Chief) -> list[str]:
    """Open the first talk."""
    c = await first_talk(openings)
    assert c.room is not None
    opening = await openings.ask(by, c.room)
    for helper in helpers:
        await openings.pass_on(helper, opening)
    try:
        return await openings.read(by, opening)
    finally:
        await end(openings, by, opening)


# ---- handed on ---------------------------------------------------------------------------------------------


async def test_a_successor_takes_the_seats(openings: Openings) -> None:
    """Who leaves hands every seat on; from then on the successor counts and the former holder does not."""
    one, two, three = openings.chiefs
    new = await openings.enrol(NEW)
    assert await openings.hand_on(three, new) == 2
    assert await openings.hand_on(three, new) == 0  # there is nothing left to hand on
    await openings.suspend(CHIEFS[2])
    assert await counts(openings) == (3, 2, 0, 0)
    assert await read_first(openings, one, new) == list(SAID)
    assert await read_first(openings, new, two) == list(SAID)
    assert await openings.verified() == []


async def test_a_former_holder_passes_nothing_on(openings: Openings) -> None:
    """Who has handed a seat on still knows the share; the server takes it no more, and a client counts it for nobody."""
    one, two, three = openings.chiefs
    new = await openings.enrol(NEW)
    c = await first_talk(openings)
    assert c.room is not None
    opening = await openings.ask(one, c.room)
    ((place, kept),) = await openings.kept(opening)
    share = open_share(kept.escrow, person=three.person, secret=three.secret)
    passed = pass_share(
        escrow=kept.escrow,
        share=share,
        use=for_opening(opening.id),
        to=one.secret.public,
        secret=three.secret,
    )
    await openings.hand_on(three, new)
    came = Came(place=place, content=passed_to_bytes(passed))
    await refused(Code.SEAT_NOT_YOURS, openings.hand_in(three, opening.id, [came]))
    members, asked = await openings.members(), request_from_bytes(opening.request)
    handed = replace(kept, hand_ons=(await openings.kept(opening))[0][1].hand_ons)
    assert opening_keys.own_share(handed, three.holder, members) is None
    with pytest.raises(SealError):
        opening_keys.open_epoch(asked, handed, two.holder, members)


async def test_a_new_device_is_given_copies(openings: Openings) -> None:
    """A supervisor's new device has no share, and that is seen; given copies by the old one, it opens."""
    one, two, three = openings.chiefs
    second = await openings.enrol(CHIEFS[0])
    lacking = {one.device: one.epochs for one in (await safe(openings)).devices}
    assert lacking[second.secret.public.device_id] == 0
    assert lacking[one.secret.public.device_id] == 2
    assert await openings.hand_on(one, second) == 2
    assert await openings.hand_on(one, second) == 0
    assert await read_first(openings, second, two) == list(SAID)
    await openings.revoke(one)
    assert await counts(openings) == (3, 2, 0, 0)
    assert await read_first(openings, second, three) == list(SAID)
    assert await openings.verified() == []


async def test_nobody_comes_to_two_seats(openings: Openings) -> None:
    """Neither by a hand-on to somebody who sits, nor by two hand-ons to one successor (FORMAT.md 67)."""
    one, two, three = openings.chiefs
    for who, to in ((one, two), (three, await openings.enrol(CHIEFS[0]))):
        with pytest.raises(SealError):  # an honest client does not
            await openings.hand_on(who, to)
        await refused(Code.SEAT_DOUBLE, forced(openings, who, to))
    new = await openings.enrol(NEW)
    await openings.hand_on(one, new)
    await refused(Code.SEAT_DOUBLE, forced(openings, two, new))
    assert await openings.verified() == []


async def forced(
    openings: Openings, who: Chief, to: Chief, use: str | None = None, seat: str | None = None
) -> int:
    """Hand on whatever the rules say."""
    place, kept, share = await held(openings, who, seat)
    passed = pass_share(
        escrow=kept,
        share=share,
        use=use or for_successor(to.person),
        to=to.secret.public,
        secret=who.secret,
    )
    return await openings.hand_in_seats(who, [Came(place=place, content=passed_to_bytes(passed))])


async def held(
    openings: Openings, who: Chief, seat: str | None
) -> tuple[Place, threshold.Escrow, threshold.Share]:
    """A share of the first talk, of one's own seat or of another's."""
    c = await first_talk(openings)
    assert c.room is not None
    place = Place(room=RoomId(c.room), epoch=1)
    kept = await openings.world.deps.store.read(lambda tx: tx.seats.escrow(place, MALMO))
    assert kept is not None
    escrow = threshold.from_bytes(kept.content)
    whose = next(chief for chief in openings.chiefs if chief.person == (seat or who.person))
    return place, escrow, open_share(escrow, person=whose.person, secret=whose.secret)


async def test_only_ones_own_seat_is_handed_on_to_a_supervisor(openings: Openings) -> None:
    """Not another's seat, not to somebody who is no supervisor, and not what was passed for something else."""
    one, _, three = openings.chiefs
    new, worker = await openings.enrol(NEW), await openings.enrol("p-malmo-dag-2", Role.COORDINATOR)
    await refused(Code.SEAT_NOT_YOURS, forced(openings, three, new, seat=one.person))
    await refused(Code.SEAT_DOUBLE, forced(openings, three, worker))
    await refused(Code.SEAT_DOUBLE, forced(openings, three, new, use=for_successor("p-stranger")))
    with pytest.raises(BadInput):
        await forced(openings, three, new, use=for_opening("o-1"))
    here, _, _ = await held(openings, three, None)
    with pytest.raises(BadInput):
        await openings.hand_in_seats(three, [Came(place=here, content=b"no share")])
    place = Place(room=RoomId("no-room"), epoch=1)
    passed = await good(openings, three, new)
    await refused(Code.NO_ESCROW, openings.hand_in_seats(three, [replace(passed, place=place)]))
    with pytest.raises(BadInput):
        await openings.hand_in_seats(three, [passed, passed])
    await openings.suspend(NEW)
    await refused(Code.SEAT_DOUBLE, openings.hand_in_seats(three, [passed]))


async def good(openings: Openings, who: Chief, to: Chief) -> Came:
    """A hand-on as it should be."""
    place, escrow, share = await held(openings, who, None)
    passed = pass_share(
        escrow=escrow,
        share=share,
        use=for_successor(to.person),
        to=to.secret.public,
        secret=who.secret,
    )
    return Came(place=place, content=passed_to_bytes(passed))


async def test_who_passed_and_then_handed_on_counts_once(openings: Openings) -> None:
    """A share passed for an opening counts for whoever holds the seat now: a seat handed on to the requester is no second person."""
    _, _, three = openings.chiefs
    new = await openings.enrol(NEW)
    c = await first_talk(openings)
    assert c.room is not None
    opening = await openings.ask(new, c.room)
    await openings.pass_on(three, opening)
    await openings.hand_on(three, new)
    await refused(Code.OPENING_INCOMPLETE, openings.keys(new, opening.id))
    await openings.pass_on(openings.chiefs[0], opening)
    assert await openings.read(new, opening) == list(SAID)


# ---- dealt again -------------------------------------------------------------------------------------------


async def dealt_again(openings: Openings, by: Chief, *helpers: Chief) -> tuple[Opening, int]:
    """Deal every key again to those who can hold seats now."""
    opening = await openings.redeal_request(by)
    for helper in helpers:
        await openings.pass_on(helper, opening)
    new = await openings.redeal(by, opening, await openings.dealt_again(by, opening))
    return opening, new


async def test_after_somebody_left_the_others_deal_again(openings: Openings) -> None:
    """One is gone without a word: two others deal every key again, a newcomer has a seat, and nothing is at risk."""
    one, two, three = openings.chiefs
    await openings.suspend(three.person)
    assert await counts(openings) == (2, 2, 2, 0)
    assert (await safe(openings)).alarm
    new = await openings.enrol(NEW)
    opening, dealt = await dealt_again(openings, one, two)
    assert dealt == 2
    assert await counts(openings) == (3, 2, 0, 0)
    assert not (await safe(openings)).alarm
    await end(openings, one, opening)
    assert await read_first(openings, new, two) == list(SAID)
    assert await read_first(openings, one, new) == list(SAID)
    assert await openings.verified() == []


async def test_a_chain_of_two_redeals(openings: Openings) -> None:
    """Dealt again, and again by others: the escrow in force follows from the room's own epoch, and opens."""
    one, two, three = openings.chiefs
    first, _ = await dealt_again(openings, one, two)
    await end(openings, one, first)
    new = await openings.enrol(NEW)
    second, dealt = await dealt_again(openings, three, two)
    assert dealt == 2
    await end(openings, three, second)
    assert await read_first(openings, new, one) == list(SAID)
    assert await openings.verified() == []
    place, _, _ = await held(openings, one, None)
    chain = await openings.world.deps.store.read(lambda tx: tx.seats.redeals(place, MALMO))
    assert [one.number for one in chain] == [1, 2]


async def test_a_redeal_reads_nothing(openings: Openings) -> None:
    """Every key is had for it, and no event is handed out; nobody's talk is told to have been opened."""
    one, two, _ = openings.chiefs
    opening, _ = await dealt_again(openings, one, two)
    await refused(Code.OPENING_INCOMPLETE, openings.events(one, opening.id))
    assert (
        await openings.world.deps.store.read(
            lambda tx: tx.openings.told(PersonId("p-polis-malmo-1"), NIGHT, 9)
        )
        == ()
    )


async def test_t_is_never_lowered(openings: Openings) -> None:
    """Nor are other people seated than those who can hold seats: such escrows are refused, and nothing is replaced."""
    one, two, three = openings.chiefs
    opening = await openings.redeal_request(one)
    await openings.pass_on(two, opening)
    higher = await openings.dealt_again(one, opening, t=3)
    await refused(Code.ESCROW_STALE, openings.redeal(one, opening, higher))
    asked, members = request_from_bytes(opening.request), await openings.members()
    ((place, kept), *_) = await openings.keys(one, opening.id)
    key = opening_keys.open_epoch(asked, kept, one.holder, members)
    for people in (
        (one, two),
        (three, two, one),
        (one, two, three, Chief(person=PersonId("x"), secret=one.secret)),
    ):
        if len({chief.secret.public.device_id for chief in people}) < len(people):
            continue
        await refused(
            Code.ESCROW_STALE,
            openings.redeal(one, opening, [dealt(openings, one, opening, place, kept, key, people)]),
        )
    assert await openings.world.deps.store.read(lambda tx: tx.seats.redeals(place, MALMO)) == ()


def dealt(
    openings: Openings,
    by: Chief,
    opening: Opening,
    place: Place,
    kept: opening_keys.Kept,
    key: RoomKey,
    people: tuple[Chief, ...],
    *,
    signed_by: Chief | None = None,
    organisation: str = MALMO,
    opening_id: str = "",
    old: threshold.Escrow | None = None,
) -> Dealt:
    """Any new escrow, and any statement of it."""
    new = threshold.make_escrow(
        key,
        t=2,
        supervisors=[Supervisor(person=c.person, devices=[c.secret.public]) for c in people],
        escrow_key=openings.world.deps.entropy.draw(32),
        iv=bytes(12),
    )
    statement = sign_redeal(
        secret=(signed_by or by).secret,
        organisation=organisation,
        opening=opening_id or opening.id,
        old=old or kept.escrow,
        new=new,
        at=seconds(openings.world.clock.now()),
    )
    return Dealt(place=place, statement=statement.content, escrow=threshold.to_bytes(new))


async def test_a_redeal_is_signed_by_whoever_was_given_the_keys(openings: Openings) -> None:
    """Another's signature, another opening or organisation, another old escrow, another place: refused."""
    one, two, three = openings.chiefs
    opening = await openings.redeal_request(one)
    await openings.pass_on(two, opening)
    asked, members = request_from_bytes(opening.request), await openings.members()
    (place, kept), (other_place, other) = await openings.keys(one, opening.id)
    key = opening_keys.open_epoch(asked, kept, one.holder, members)
    args = (openings, one, opening, place, kept, key, openings.chiefs)
    good = dealt(*args)
    for wrong in (
        dealt(*args, signed_by=two),
        dealt(*args, organisation="polisen"),
        dealt(*args, opening_id="another"),
        replace(good, place=other_place),
        replace(good, escrow=dealt(*args).escrow),
    ):
        await refused(Code.ESCROW_STALE, openings.redeal(one, opening, [wrong]))
    for broken in (replace(good, escrow=b"x"), replace(good, statement=b"x")):
        with pytest.raises(BadInput):
            await openings.redeal(one, opening, [broken])
    with pytest.raises(BadInput):
        await openings.redeal(one, opening, [good, good])
    await refused(Code.NOT_YOURS, openings.redeal(two, opening, [good]))
    await refused(
        Code.NO_ESCROW,
        openings.redeal(one, opening, [replace(good, place=Place(room=RoomId("r"), epoch=1))]),
    )
    assert await openings.redeal(one, opening, [good]) == 1
    assert await openings.redeal(one, opening, [good]) == 0  # the second time is harmless
    await refused(Code.ESCROW_STALE, openings.redeal(one, opening, [dealt(*args)]))
    assert other.escrow.t == 2
    assert three.person in {seat.person for seat in other.escrow.seats}


async def test_keys_come_only_where_enough_have_passed(openings: Openings) -> None:
    """Before anybody has passed shares nothing is given; a re-deal of what was not given is refused."""
    one, two, _ = openings.chiefs
    opening = await openings.redeal_request(one)
    assert await openings.keys(one, opening.id) == []
    assert (await openings.stored(opening.id)).opened_at is None
    came = await openings.passed(two, opening)
    await openings.hand_in(two, opening.id, came[:1])
    ((place, kept),) = await openings.keys(one, opening.id)
    assert place == came[0].place
    asked, members = request_from_bytes(opening.request), await openings.members()
    key = opening_keys.open_epoch(asked, kept, one.holder, members)
    elsewhere = came[1].place
    with pytest.raises(SealError):
        dealt(openings, one, opening, elsewhere, kept, replace(key, epoch=2), openings.chiefs)
    other = await held_escrow(openings, elsewhere)
    unknown = RoomKey(room=elsewhere.room, epoch=elsewhere.epoch, key=bytes(32))
    blind = dealt(openings, one, opening, elsewhere, kept, unknown, openings.chiefs, old=other)
    await refused(Code.OPENING_INCOMPLETE, openings.redeal(one, opening, [blind]))


async def held_escrow(openings: Openings, place: Place) -> threshold.Escrow:
    kept = await openings.world.deps.store.read(lambda tx: tx.seats.escrow(place, MALMO))
    assert kept is not None
    return threshold.from_bytes(kept.content)


async def test_one_redeal_at_a_time_and_none_under_an_opening(openings: Openings) -> None:
    """Two at once would undo each other; an escrow is not exchanged while its room is being opened."""
    one, two, three = openings.chiefs
    opening = await openings.redeal_request(one)
    await refused(Code.OPENING_UNDER_WAY, openings.redeal_request(two))
    await openings.pass_on(two, opening)
    dealt_ = await openings.dealt_again(one, opening)
    c = await first_talk(openings)
    assert c.room is not None
    other = await openings.ask(three, c.room)
    await refused(Code.OPENING_UNDER_WAY, openings.redeal(one, opening, dealt_))
    await end(openings, three, other)
    assert await openings.redeal(one, opening, dealt_) == 2


async def test_hand_ons_end_with_the_escrow_they_belong_to(openings: Openings) -> None:
    """After a re-deal among the same people those for whom it was dealt hold the seats, whatever was handed on before."""
    one, two, three = openings.chiefs
    second = await openings.enrol(CHIEFS[0])
    await openings.hand_on(one, second)
    await openings.revoke(second)
    opening, _ = await dealt_again(openings, three, two)
    await end(openings, three, opening)
    new = await openings.enrol(NEW)
    await openings.hand_on(one, new)
    assert await read_first(openings, new, two) == list(SAID)
    assert await openings.verified() == []


async def test_a_worthless_redeal_is_found_out_and_the_old_escrow_is_still_there(openings: Openings) -> None:
    """Whoever deals a wrong key again harms the next opening, which says so; what was replaced is kept."""
    one, two, three = openings.chiefs
    opening = await openings.redeal_request(one)
    await openings.pass_on(two, opening)
    (place, kept), *_ = await openings.keys(one, opening.id)
    wrong = RoomKey(room=place.room, epoch=place.epoch, key=bytes(32))
    await openings.redeal(one, opening, [dealt(openings, one, opening, place, kept, wrong, openings.chiefs)])
    await end(openings, one, opening)
    again = await openings.ask(three, place.room)
    await openings.pass_on(two, again)
    with pytest.raises(SealError):
        await openings.open_keys(three, again)
    (redealt,) = await openings.world.deps.store.read(lambda tx: tx.seats.redeals(place, MALMO))
    assert threshold.from_bytes(redealt.old.content) == kept.escrow


# ---- who may leave -----------------------------------------------------------------------------------------


async def test_nobody_leaves_before_too_few_are_left(openings: Openings) -> None:
    """One of three may go, with an alarm; the next may not, until the keys are safe with others. A device always may."""
    one, two, three = openings.chiefs
    await openings.suspend(three.person)
    assert (await safe(openings)).plain()["alarm"] is True
    size = await openings.world.deps.store.read(lambda tx: tx.ledger.size(MALMO))
    await refused(Code.LAST_HOLDERS, openings.suspend(two.person))
    person = await openings.world.facts(two.person)
    deps = openings.world.deps
    for changed in (
        replace(person, postings=()),
        replace(person, postings=(replace(person.postings[0], role=Role.COORDINATOR),)),
        replace(person, postings=(replace(person.postings[0], valid_to=date(2026, 1, 1)),)),
    ):
        await refused(
            Code.LAST_HOLDERS,
            deps.store.write(lambda tx, p=changed: change(tx, deps, p, by="test")),  # type: ignore[misc]
        )
    assert await deps.store.read(lambda tx: tx.ledger.size(MALMO)) == size
    await openings.world.deps.store.write(
        lambda tx: change(tx, deps, replace(person, phone="070-1740666"), by="test")
    )
    new = await openings.enrol(NEW)
    await refused(Code.LAST_HOLDERS, openings.suspend(two.person))  # two remain, but without its seats
    await openings.hand_on(two, new)
    await openings.suspend(two.person)
    assert await read_first(openings, one, new) == list(SAID)
    await openings.revoke(one)
    assert await counts(openings) == (1, 2, 2, 2)


async def test_who_cannot_open_anything_leaves_freely(openings: Openings) -> None:
    """Whose device is lost holds nothing back; nor does a supervisor of an organisation that keeps nothing."""
    _, two, three = openings.chiefs
    await openings.revoke(two)
    await openings.suspend(two.person)
    await openings.revoke(three)
    await openings.suspend(three.person)
    assert await counts(openings) == (1, 2, 2, 2)
    for number in (1, 2, 3):
        await openings.suspend(f"p-farsta-chef-{number}")


async def test_readiness_tells_how_safe_the_keys_are(openings: Openings) -> None:
    """The health check has counts alone, for each organisation: who is enrolled, what is at risk, whether to act."""
    found = await readiness(openings.world.deps)
    assert found["ok"] is True
    keys = found["keys"]
    assert isinstance(keys, dict)
    assert keys["malmo"] == {
        "enrolled": 3,
        "needed": 2,
        "of": 3,
        "epochs": 2,
        "thin": 0,
        "lost": 0,
        "alarm": False,
    }
    await openings.revoke(openings.chiefs[0])
    keys = (await readiness(openings.world.deps))["keys"]
    assert isinstance(keys, dict)
    assert keys["malmo"] == {
        "enrolled": 2,
        "needed": 2,
        "of": 3,
        "epochs": 2,
        "thin": 2,
        "lost": 0,
        "alarm": True,
    }


async def test_seats_are_shown_to_their_holders_alone(openings: Openings) -> None:
    """Each sees the epochs where they hold a seat, page by page; who may hold none sees nothing."""
    one, _, three = openings.chiefs
    deps = openings.world.deps
    page, after = await openings.act(one, lambda tx, at: opening_seats.held(tx, deps, at, None))
    assert len(page) == 2
    assert after is None
    rest, _ = await openings.act(one, lambda tx, at: opening_seats.held(tx, deps, at, page[0][0]))
    assert [held_[0] for held_ in rest] == [page[1][0]]
    person = await openings.world.facts(three.person)
    await deps.store.write(lambda tx: put_person(tx, deps, replace(person, active=False), by="test"))
    with pytest.raises(Denied):
        await openings.act(three, lambda tx, at: opening_seats.held(tx, deps, at, None))


# ---- verify ------------------------------------------------------------------------------------------------


async def test_verify_names_every_changed_row(openings: Openings) -> None:
    """Whatever a database administrator does to openings, shares, seats, hand-ons and re-deals is named."""
    one, two, three = openings.chiefs
    opening, _ = await dealt_again(openings, one, two)
    await end(openings, one, opening)
    await openings.hand_on(three, await openings.enrol(NEW))
    c = await first_talk(openings)
    assert c.room is not None
    going = await openings.ask(one, c.room)
    await openings.pass_on(two, going)
    await openings.keys(one, going.id)
    assert await openings.verified() == []
    for wrong, where in TAMPERED:
        faults = await tampered(openings, wrong)
        assert any(where in fault for fault in faults), (wrong, faults)
    assert await openings.verified() == []


TAMPERED = [
    ("UPDATE openings SET purpose = 'drill'", "openings"),
    ("UPDATE openings SET until = until + 1000000", "openings"),
    ("UPDATE openings SET opened_at = NULL", "openings"),
    ("UPDATE openings SET person = 'p-malmo-chef-3'", "openings"),
    ("UPDATE openings SET request = x'00'", "openings"),
    ("UPDATE openings SET ended_at = NULL WHERE room IS NULL", "openings"),
    ("DELETE FROM openings", "openings"),
    ("UPDATE passed_shares SET person = 'p-malmo-chef-3'", "passed_shares"),
    ("UPDATE passed_shares SET statement = x'00'", "passed_shares"),
    ("UPDATE passed_shares SET blob = zeroblob(1169) WHERE blob IS NOT NULL", "passed_shares"),
    ("UPDATE passed_shares SET blob = zeroblob(1169) WHERE blob IS NULL", "passed_shares"),
    ("UPDATE passed_shares SET seat = 'p-malmo-chef-3'", "passed_shares"),
    ("DELETE FROM passed_shares", "passed_shares"),
    ("DELETE FROM opening_notices", "opening_notices"),
    ("UPDATE opening_notices SET person = person || 'x'", "opening_notices"),
    ("UPDATE hand_ons SET person = 'p-malmo-chef-1'", "hand_ons"),
    ("UPDATE hand_ons SET content = x'00'", "hand_ons"),
    ("DELETE FROM hand_ons", "hand_ons"),
    ("UPDATE redeals SET content = x'00'", "redeals"),
    ("UPDATE redeals SET old = x'00'", "redeals"),
    ("DELETE FROM redeals", "redeals"),
    ("UPDATE escrow_seats SET needed = 1", "seats"),
    ("UPDATE escrow_seats SET person = 'p-malmo-chef-1'", "seats"),
    ("DELETE FROM escrow_seats WHERE seat = 'p-malmo-chef-1'", "seats"),
    (
        "INSERT INTO escrow_seats SELECT room, epoch, organisation, 'x', device, 'x', 2 FROM escrow_seats LIMIT 1",
        "seats",
    ),
    ("UPDATE escrow_seats SET room = room || 'x'", "escrow_seats"),
    ("UPDATE escrows SET blob = (SELECT old FROM redeals LIMIT 1) WHERE organisation = 'malmo'", "seats"),
    ("DELETE FROM escrows WHERE organisation = 'malmo'", "room"),
    (
        "INSERT INTO wrong_shares SELECT opening, room, epoch, seat, at FROM passed_shares LIMIT 1",
        "wrong_shares",
    ),
]


async def tampered(openings: Openings, statement: str) -> list[str]:
    """What `ledger verify` names after the statement, which is then taken back."""

    class TakenBackError(Exception):
        """So that nothing stays."""

    found: list[str] = []

    def act(tx: Tx) -> None:
        connection = tx._connection  # type: ignore[attr-defined]
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        connection.execute(text(statement))
        deps = openings.world.deps
        found.extend(f"{fault.where}: {fault.what}" for fault in verify(tx, signers(deps)).faults)
        raise TakenBackError

    with pytest.raises(TakenBackError):
        await openings.world.deps.store.write(act)
    return found
