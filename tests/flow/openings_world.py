"""Supervisors of Malmö with their key files, who open rooms through the flow's own functions, over the real store."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import pytest

from bot.client import opening_keys
from bot.client.opening_keys import Holder, Kept
from bot.content import Content
from bot.core.consultation import Consultation
from bot.core.ids import OrganisationId, PersonId, RoomId
from bot.core.people import Posting, Role
from bot.demo import seed_devices
from bot.demo.seed_devices import Seat
from bot.flow import device_revoke, door, opening_pass, opening_read, opening_redeal, opening_seats
from bot.flow.deps import fresh_id
from bot.flow.device_directory import publish
from bot.flow.device_trust import member, seconds
from bot.flow.enrol import put_person
from bot.flow.opening_pass import Came
from bot.flow.opening_people import Supervisor
from bot.flow.opening_redeal import Dealt
from bot.flow.opening_request import request
from bot.flow.ports import Tx
from bot.flow.records_openings import Opening, PassedShare, Place
from bot.flow.refusals import Code, Refused
from bot.flow.upkeep import sign_heads, signers
from bot.flow.verify import verify
from bot.seal import event as events
from bot.seal import threshold
from bot.seal.directory import Member
from bot.seal.enrolment import Right
from bot.seal.hpke import seal_to
from bot.seal.keys import (
    DevicePublic,
    DeviceSecret,
    make_device,
    secret_from_bytes,
    signing_from_bytes,
)
from bot.seal.labels import Label
from bot.seal.opening import EVERY_ROOM, ask, request_from_bytes
from bot.seal.passing import Passed, join_passed, passed_from_bytes, passed_to_bytes, read_pass
from bot.seal.redeal import redeal_from_bytes
from bot.seal.room import RoomKey
from bot.seal.statement import sign_bare
from bot.seal.threshold import Escrow, Share, context, hash_escrow
from bot.seal.wire import lp
from tests.flow.flow_world import EVENING_1, NIGHT, OFFICER, World, lay_out, night_of

MALMO = OrganisationId("malmo")
CHIEFS = ("p-malmo-chef-1", "p-malmo-chef-2", "p-malmo-chef-3")
CHECK, LAW = "log-check", "lag-2001-454-10"
MINUTE = timedelta(minutes=1)
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chief:
    """A supervisor at one device."""

    person: PersonId
    secret: DeviceSecret
    organisation: OrganisationId = MALMO

    @property
    def holder(self) -> Holder:
        return Holder(organisation=self.organisation, person=self.person, secret=self.secret)


@dataclass(slots=True)
class Openings:
    """The world, and what its supervisors do."""

    world: World
    folder: Path

    @property
    def chiefs(self) -> tuple[Chief, ...]:
        return tuple(self.chief(person) for person in CHIEFS)

    def chief(self, person: str, organisation: str = MALMO) -> Chief:
        file = self.folder / "supervisors" / f"{organisation}--{person}.key"
        secret = secret_from_bytes(file.read_bytes())
        return Chief(person=PersonId(person), secret=secret, organisation=OrganisationId(organisation))

    # ---- what happens before --------------------------------------------------------------------------------

    async def talk(self, *words: str) -> Consultation:
        """The officer asks, the evening worker takes it, and the two talk; returns the consultation."""
        await self.world.ask_for()
        await self.world.accept(EVENING_1)
        for number, text in enumerate(words):
            await self.world.say((OFFICER, EVENING_1)[number % 2], text)
        c = await self.world.latest()
        assert c.room is not None
        return c

    async def enrol(
        self, person: str, role: Role = Role.SUPERVISOR, organisation: OrganisationId = MALMO
    ) -> Chief:
        """Give somebody a post, and a device that may hold shares, certified by the organisation's root."""
        deps = self.world.deps
        found = await self.world.facts(person)
        posting = Posting(organisation=organisation, role=role, valid_from=date(2022, 1, 1))
        if posting not in found.postings:
            found = replace(found, postings=(*found.postings, posting))
        secret = make_device(deps.entropy.draw(64))
        root = signing_from_bytes((self.folder / "roots" / f"{organisation}.key").read_bytes())
        seat = Seat(
            organisation=organisation,
            person=found.id,
            rights=Right.SHARES | Right.APPROVE,
            secret=secret,
        )

        def act(tx: Tx) -> None:
            put_person(tx, deps, found, by="test")
            assert seed_devices._seat(tx, deps, seat, root)
            publish(tx, deps, organisation, deps.clock.now())

        await deps.store.write(act)
        return Chief(person=found.id, secret=secret)

    async def suspend(self, person: str) -> None:
        """As the command line does."""
        found = await self.world.facts(person)
        await self.world.deps.store.write(lambda tx: door.suspend(tx, self.world.deps, found, by="test"))

    async def revoke(self, chief: Chief) -> None:
        """A device is lost."""
        device, deps = chief.secret.public.device_id, self.world.deps
        await deps.store.write(lambda tx: device_revoke.revoke(tx, deps, device, by="test"))

    # ---- what supervisors do --------------------------------------------------------------------------------

    async def act(self, who: Chief, act: Callable[[Tx, Supervisor], T]) -> T:
        """Run an act as that supervisor at that device."""
        return await self.world.deps.store.write(lambda tx: act(tx, self.supervisor(tx, who)))

    def supervisor(self, tx: Tx, who: Chief) -> Supervisor:
        person, device = tx.people.get(who.person), tx.devices.get(who.secret.public.device_id)
        assert person is not None
        assert device is not None
        return Supervisor(person=person, device=device, now=self.world.clock.now())

    async def ask(
        self,
        who: Chief,
        room: str,
        *,
        purpose: str = CHECK,
        ground: str = LAW,
        person: str = "",
        organisation: str = "",
        opening: str = "",
        minutes: int = 60,
    ) -> Opening:
        """Sign a request and hand it in."""
        content = self.signed(
            who,
            room,
            purpose=purpose,
            ground=ground,
            person=person,
            organisation=organisation,
            opening=opening,
            minutes=minutes,
        )
        return await self.act(who, lambda tx, at: request(tx, self.world.deps, at, content))

    def signed(
        self,
        who: Chief,
        room: str,
        *,
        purpose: str = CHECK,
        ground: str = LAW,
        person: str = "",
        organisation: str = "",
        opening: str = "",
        minutes: int = 60,
    ) -> bytes:
        """A request as a device signs it."""
        at = seconds(self.world.clock.now())
        return ask(
            secret=who.secret,
            opening=opening or fresh_id(self.world.clock.now(), self.world.deps.entropy),
            organisation=organisation or who.organisation,
            room=room,
            purpose=purpose,
            ground=ground,
            person=person or who.person,
            at=at,
            until=at + minutes * 60,
        ).content

    async def redeal_request(self, who: Chief) -> Opening:
        return await self.ask(who, EVERY_ROOM, purpose="redeal", ground="routine-redeal", minutes=240)

    async def pass_on(self, who: Chief, opening: Opening) -> int:
        """Pass on all that one has."""
        came = await self.passed(who, opening)
        return await self.hand_in(who, opening.id, came)

    async def passed(self, who: Chief, opening: Opening) -> list[Came]:
        """One's shares, sealed to whoever asked: what the device does with what the server shows it."""
        asked, now = request_from_bytes(opening.request), seconds(self.world.clock.now())
        members = await self.members()
        found = []
        for place, kept in await self.kept(opening):
            passed = opening_keys.pass_on(asked, kept, who.holder, members, now=now)
            if passed is not None:
                found.append(Came(place=place, content=passed_to_bytes(passed)))
        return found

    async def hand_in(self, who: Chief, opening: str, came: Sequence[Came]) -> int:
        deps = self.world.deps
        return await self.act(who, lambda tx, at: opening_pass.pass_on(tx, deps, at, opening, came))

    async def keys(self, who: Chief, opening: str) -> list[tuple[Place, Kept]]:
        """The material, page by page: handing it out is the opening."""
        found, after, deps = list[tuple[Place, Kept]](), None, self.world.deps
        while True:
            page, after = await self.act(
                who,
                lambda tx, at, after=after: opening_read.keys(tx, deps, at, opening, after),  # type: ignore[misc]
            )
            found += [(one.place, _kept(one)) for one in page]
            if after is None:
                return found

    async def open_keys(self, who: Chief, opening: Opening) -> dict[Place, RoomKey]:
        """Recombine every epoch's key."""
        asked, members = request_from_bytes(opening.request), await self.members()
        kept = await self.keys(who, opening.id)
        return {p: opening_keys.open_epoch(asked, k, who.holder, members) for p, k in kept}

    async def read(self, who: Chief, opening: Opening) -> list[str]:
        """Everything that was said in the room, as the device that asked reads it."""
        keys = await self.open_keys(who, opening)
        texts = []
        for event in await self.events(who, opening.id):
            if event.kind == "said":
                key = keys[Place(room=RoomId(event.room), epoch=event.epoch)]
                texts.append(events.open_event(key, event).reveal().decode())
        return texts

    async def events(self, who: Chief, opening: str) -> list[events.Event]:
        found, after = list[events.Event](), 0
        while page := await self.act(
            who,
            lambda tx, at, after=after: opening_read.events(tx, self.world.deps, at, opening, after),  # type: ignore[misc]
        ):
            found += [events.from_bytes(sealed.content) for _, sealed in page]
            after = page[-1][0]
        return found

    async def open(self, c: Consultation, by: int = 0, helped_by: int = 1) -> tuple[Opening, list[str]]:
        """Two supervisors open a talk; returns what was said."""
        assert c.room is not None
        asker, helper = self.chiefs[by], self.chiefs[helped_by]
        opening = await self.ask(asker, c.room)
        await self.pass_on(helper, opening)
        return opening, await self.read(asker, opening)

    async def hand_on(self, who: Chief, to: Chief) -> int:
        """Hand every seat on, or copies to one's own new device."""
        deps, members = self.world.deps, await self.members()
        page, _ = await self.act(who, lambda tx, at: opening_seats.held(tx, deps, at, None))
        target, came = members[to.secret.public.device_id], []
        for place, began, escrow, redeals, hand_ons, _ in page:
            kept = Kept(
                began=events.from_bytes(began.content),
                escrow=threshold.from_bytes(escrow.content),
                redeals=tuple(redeal_from_bytes(one.content) for one in redeals),
                hand_ons=tuple(passed_from_bytes(one.content.content) for one in hand_ons),
            )
            passed = opening_keys.hand_on(kept, who.holder, target, members)
            if passed is not None:
                came.append(Came(place=place, content=passed_to_bytes(passed)))
        return await self.hand_in_seats(who, came)

    async def hand_in_seats(self, who: Chief, came: Sequence[Came]) -> int:
        deps = self.world.deps
        return await self.act(who, lambda tx, at: opening_seats.hand_on(tx, deps, at, came))

    async def dealt_again(self, who: Chief, opening: Opening, t: int | None = None) -> list[Dealt]:
        """New escrows of every key, as the server wants them (or with another t)."""
        deps, asked, members = self.world.deps, request_from_bytes(opening.request), await self.members()
        wanted = await deps.store.read(lambda tx: opening_redeal.seating(tx, deps, MALMO))
        people = [
            threshold.Supervisor(person=person, devices=[members[device].public for device in devices])
            for person, devices in wanted
        ]
        dealt = []
        for place, kept in await self.keys(who, opening.id):
            statement, new = opening_keys.deal_again(
                asked,
                kept,
                opening_keys.open_epoch(asked, kept, who.holder, members),
                who.holder,
                people=people,
                t=t or max(2, kept.escrow.t),
                escrow_key=deps.entropy.draw(32),
                iv=deps.entropy.draw(12),
                at=seconds(self.world.clock.now()),
            )
            dealt.append(Dealt(place=place, statement=statement.content, escrow=threshold.to_bytes(new)))
        return dealt

    async def redeal(self, who: Chief, opening: Opening, dealt: Sequence[Dealt]) -> int:
        deps = self.world.deps
        return await self.act(who, lambda tx, at: opening_redeal.redeal(tx, deps, at, opening.id, dealt))

    # ---- what is so -----------------------------------------------------------------------------------------

    async def members(self) -> dict[bytes, Member]:
        """Every device that is believed, of every organisation."""

        def ask_(tx: Tx) -> dict[bytes, Member]:
            known = [
                d
                for o in self.world.deps.content().structure.organisations
                for d in tx.devices.of_organisation(o)
            ]
            found = ((device.id, member(tx, device.id)) for device in known)
            return {id_: one for id_, one in found if one is not None}

        return await self.world.deps.store.read(ask_)

    async def kept(self, opening: Opening) -> list[tuple[Place, Kept]]:
        """What the server shows of an opening's epochs, as a device reads it."""
        found, after = list[tuple[Place, Kept]](), None
        while True:
            page, after = await self.world.deps.store.read(
                lambda tx, after=after: opening_read.kept(tx, opening, after)  # type: ignore[misc]
            )
            found += [(one.place, _kept(one)) for one in page]
            if after is None:
                return found

    async def stored(self, opening: str) -> Opening:
        found = await self.world.deps.store.read(lambda tx: tx.openings.get(opening))
        assert found is not None
        return found

    async def verified(self) -> list[str]:
        """Every fault that `ledger verify` names."""
        deps = self.world.deps
        await sign_heads(deps)
        found = await deps.store.read(lambda tx: verify(tx, signers(deps)))
        return [f"{fault.where}: {fault.what}" for fault in found.faults]

    def later(self, span: timedelta) -> None:
        self.world.clock.move(span)


def _kept(one: opening_read.Kept) -> Kept:
    return Kept(
        began=events.from_bytes(one.began.content),
        escrow=threshold.from_bytes(one.escrow.content),
        redeals=tuple(redeal_from_bytes(redealt.content) for redealt in one.redeals),
        hand_ons=tuple(passed_from_bytes(hand_on.content.content) for hand_on in one.hand_ons),
        passed=tuple(_passed(share) for share in one.shares if share.blob is not None),
    )


def _passed(share: PassedShare) -> Passed:
    assert share.blob is not None
    return join_passed(read_pass(share.statement, share.sig), share.blob.content)


def altered_bytes(use: str, escrow: Escrow, share: Share, *, sender: DeviceSecret, to: DevicePublic) -> bytes:
    """What a dishonest supervisor seals and signs: another share than the one that was dealt."""
    value = bytes([share.value[0] ^ 1]) + share.value[1:]
    info = lp(Label.PASSED_SHARE, use, context(escrow), share.person, to.device_id)
    blob = seal_to(to.kem, value, info=info)
    statement = lp(
        Label.SHARE_PASS,
        use,
        hash_escrow(escrow),
        share.person,
        sender.public.device_id,
        to.device_id,
        sha256(blob).digest(),
    )
    signed = read_pass(statement, sign_bare(statement, sender.signing))
    return passed_to_bytes(join_passed(signed, blob))


def after_talks(root: Path, content: Content, *talks: Sequence[str]) -> Path:
    """A folder where these talks took place, a minute apart."""

    async def night() -> None:
        await lay_out(root / "before", content, NIGHT)
        async with night_of(root / "before", root / "after", content, NIGHT) as world:
            for said in talks:
                await Openings(world=world, folder=root / "after").talk(*said)
                world.clock.move(MINUTE)

    asyncio.run(night())
    return root / "after"


@asynccontextmanager
async def opening_night(
    laid_out: Path, folder: Path, content: Content, at: datetime = NIGHT + MINUTE
) -> AsyncIterator[Openings]:
    """Some time after those talks, with the supervisors' key files."""
    async with night_of(laid_out, folder, content, at) as world:
        world.first = 5000
        yield Openings(world=world, folder=folder)


async def refused(code: Code, act: Awaitable[object]) -> None:
    """It is refused, for that reason."""
    with pytest.raises(Refused) as caught:
        await act
    assert caught.value.code is code
