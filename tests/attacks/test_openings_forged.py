"""A server that writes openings, shares, seats and re-deals by itself, each with a ledger entry to match: verify names them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from bot.content import Content
from bot.core.consultation import Consultation
from bot.core.ids import PersonId, RoomId
from bot.flow.device_trust import seconds
from bot.flow.opening_end import told
from bot.flow.ports import Tx
from bot.flow.record import fact
from bot.flow.records_openings import HandOn, Opening, PassedShare, Place, Redealt
from bot.seal import threshold
from bot.seal.keys import make_device
from bot.seal.labels import Label
from bot.seal.opening import ask
from bot.seal.passing import Passed, for_opening, for_successor, join_passed, passed_to_bytes, read_pass
from bot.seal.plain import Sealed
from bot.seal.redeal import sign_redeal
from bot.seal.room import RoomKey
from bot.seal.statement import sign_bare
from bot.seal.threshold import Escrow, Supervisor, hash_escrow, make_escrow
from bot.seal.wire import lp
from tests.flow.flow_world import NIGHT, lay_out, night_of, read_content
from tests.flow.openings_world import CHECK, LAW, MALMO, Openings

MALLORY = make_device(b"m" * 64)  # the server's own; nobody has approved it
BLOB = b"\0" * 1169


@pytest.fixture(scope="module")
def content() -> Content:
    """The real files, read once."""
    return read_content()


@pytest.fixture(scope="module")
def laid_out(content: Content, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where a talk has taken place."""
    root = tmp_path_factory.mktemp("seeded")

    async def night() -> None:
        await lay_out(root / "before", content, NIGHT)
        async with night_of(root / "before", root / "after", content, NIGHT) as world:
            await Openings(world=world, folder=root / "after").talk("Hej.", "Hej hej.")

    asyncio.run(night())
    return root / "after"


@pytest.fixture
async def openings(laid_out: Path, content: Content, tmp_path: Path) -> AsyncIterator[Openings]:
    """Saturday night in Malmö, after a talk."""
    async with night_of(laid_out, tmp_path / "night", content, NIGHT) as world:
        yield Openings(world=world, folder=tmp_path / "night")


@pytest.fixture
async def c(openings: Openings) -> Consultation:
    """The consultation of that talk."""
    return await openings.world.latest()


def place_of(c: Consultation) -> Place:
    assert c.room is not None
    return Place(room=RoomId(c.room), epoch=1)


async def named(openings: Openings, where: str, act: Callable[[Tx], None]) -> None:
    """What the server did is in order on the ledger, and named all the same."""
    assert await openings.verified() == []
    await openings.world.deps.store.write(act)
    faults = await openings.verified()
    assert any(where in fault for fault in faults), faults


async def escrow_of(openings: Openings, c: Consultation) -> Escrow:
    blob = await openings.world.deps.store.read(lambda tx: tx.seats.escrow(place_of(c), MALMO))
    assert blob is not None
    return threshold.from_bytes(blob.content)


def forged_pass(escrow: Escrow, seat: str, use: str, sender: bytes, receiver: bytes) -> Passed:
    """A pass in another device's name, signed with the server's own key."""
    statement = lp(Label.SHARE_PASS, use, hash_escrow(escrow), seat, sender, receiver, sha256(BLOB).digest())
    return join_passed(read_pass(statement, sign_bare(statement, MALLORY.signing)), BLOB)


async def test_an_opening_that_nobody_asked_for_is_named(openings: Openings, c: Consultation) -> None:
    """A request signed by the server's own device, in a supervisor's name or under the supervisor's device."""
    one, deps = openings.chiefs[0], openings.world.deps
    at = seconds(deps.clock.now())
    signed = ask(
        secret=MALLORY,
        opening="f" * 32,
        organisation=MALMO,
        room=place_of(c).room,
        purpose=CHECK,
        ground=LAW,
        person=one.person,
        at=at,
        until=at + 60,
    )
    genuine = await openings.ask(one, place_of(c).room)
    ended = replace(genuine, ended_at=deps.clock.now())

    def act(tx: Tx) -> None:
        tx.openings.put(ended, told(deps, ended, "ended", deps.clock.now()))
        forged = replace(genuine, id="f" * 32, request=signed.content)
        tx.openings.put(forged, told(deps, forged, "asked", deps.clock.now()))

    await named(openings, f"opening {'f' * 32}", act)


async def test_a_purpose_that_was_exchanged_is_named(openings: Openings, c: Consultation) -> None:
    """A log check that the server turns into something else, with an entry that says so: the device signed otherwise."""
    deps = openings.world.deps
    genuine = await openings.ask(openings.chiefs[0], place_of(c).room)
    other = replace(genuine, purpose="misconduct", ground="sol-27-2")
    await named(
        openings,
        f"opening {genuine.id}",
        lambda tx: tx.openings.put(other, told(deps, other, "asked", deps.clock.now())),
    )


async def test_a_share_that_nobody_passed_on_is_named(openings: Openings, c: Consultation) -> None:
    """Help that was never given, in the name of a supervisor who was not there."""
    one, _, three = openings.chiefs
    deps, escrow = openings.world.deps, await escrow_of(openings, c)
    opening: Opening = await openings.ask(one, place_of(c).room)
    device = three.secret.public.device_id
    passed = forged_pass(escrow, three.person, for_opening(opening.id), device, opening.device)
    share = PassedShare(
        opening=opening.id,
        place=place_of(c),
        seat=three.person,
        person=three.person,
        device=device,
        statement=passed.signed.content,
        sig=passed.signed.sig,
        blob=Sealed(content=passed.blob),
        at=deps.clock.now(),
    )
    await named(
        openings,
        "passed_shares",
        lambda tx: tx.openings.pass_on([share], told(deps, opening, "passed", deps.clock.now())),
    )


async def test_a_seat_that_nobody_handed_on_is_named(openings: Openings, c: Consultation) -> None:
    """A supervisor's seat given to somebody else in the supervisor's name."""
    _, _, three = openings.chiefs
    new = await openings.enrol("p-malmo-dag-1")
    deps, escrow = openings.world.deps, await escrow_of(openings, c)
    receiver = new.secret.public.device_id
    passed = forged_pass(
        escrow, three.person, for_successor(new.person), three.secret.public.device_id, receiver
    )
    one = HandOn(
        place=place_of(c),
        organisation=MALMO,
        number=1,
        escrow=hash_escrow(escrow),
        seat=three.person,
        person=PersonId(new.person),
        device=receiver,
        content=Sealed(content=passed_to_bytes(passed)),
        at=deps.clock.now(),
    )
    entry = fact(deps, MALMO, "seat", deps.clock.now(), act="handed_on", room=place_of(c).room)
    await named(openings, "seats", lambda tx: tx.seats.hand_on([one], entry))


@pytest.mark.parametrize("by", ["the server", "an officer's organisation"])
async def test_keys_that_nobody_dealt_again_are_named(openings: Openings, c: Consultation, by: str) -> None:
    """An escrow in force that no supervisor of the organisation signed for, whoever else did."""
    deps, old = openings.world.deps, await escrow_of(openings, c)
    police = openings.chief("p-polis-chef-1", "polisen").secret
    secret = MALLORY if by == "the server" else police
    worthless = RoomKey(room=old.room, epoch=old.epoch, key=b"k" * 32)
    seated = [
        Supervisor(person=person, devices=[make_device(person.encode()[:1] * 64).public])
        for person in ("a-mallory", "b-mallory")
    ]
    new = make_escrow(worthless, t=2, supervisors=seated, escrow_key=b"e" * 32, iv=b"i" * 12)
    at = deps.clock.now()
    statement = sign_redeal(
        secret=secret, organisation=MALMO, opening="o" * 32, old=old, new=new, at=seconds(at)
    )
    one = Redealt(
        place=place_of(c),
        organisation=MALMO,
        number=1,
        opening="o" * 32,
        content=statement.content,
        old=threshold.to_sealed(old),
        at=at,
    )
    entry = fact(deps, MALMO, "redeal", at, act="redealt", room=place_of(c).room)
    await named(openings, "seats", lambda tx: tx.seats.redeal([(one, threshold.to_sealed(new))], entry))
