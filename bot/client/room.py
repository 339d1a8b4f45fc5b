"""A room over HTTP, as a member's device has it: follows what is said, says, begins epochs.

Nothing a server says is believed that no signature and no checked directory bears out, and nothing is shown that was not
checked. What is said waits on disk until the server has it, and is done once however often it is sent.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from bot.client.answers import Json, bytes_of, number_of, rows_of
from bot.client.api import Api, Problem
from bot.client.audience import Audience, check_audience
from bot.client.device import PythonDevice
from bot.client.outgoing import Mark, Outgoing, Waiting
from bot.client.room_log import SAID, RoomLog, Shown
from bot.client.room_plan import Draw, Planned, make_epoch, read_head, read_plan
from bot.client.room_trust import FRESH, Trust
from bot.core.disclosures import Disclosure, disclosure_kind
from bot.core.errors import Unavailable
from bot.core.receipt import KIND as RECEIPT
from bot.core.receipt import Came, Receipt, receipt_to_text
from bot.seal.errors import SealError, Tampered
from bot.seal.event import Head, hash_event, seal_event, to_bytes
from bot.seal.plain import Plain
from bot.seal.symmetric import NONCE
from bot.seal.wire import from_base64url, to_base64url

TRIES: Final = 24  # before a room that moves on each time is left for later
PAGE: Final = 200  # events at once
MOST: Final = 512  # organisations, epochs, keys in one answer
AGAIN: Final = frozenset({"stale_head", "plan_stale", "rekey_needed"})  # refusals that reading on puts right
KEY: Final = 16  # bytes of an Idempotency-Key


@dataclass(slots=True, kw_only=True)
class Room:
    """One room on one device. `log`: what was checked of it; `identified`: somebody was named, so no bridge comes in."""

    api: Api
    device: PythonDevice
    outgoing: Outgoing
    trust: Trust
    draw: Draw = field(repr=False)
    log: RoomLog
    identified: bool = False

    @property
    def path(self) -> str:
        """Where it stands."""
        return f"/api/v1/rooms/{self.log.room}"

    @property
    def person(self) -> str:
        """Whose device this is."""
        return self.device.known.person

    def fresh_key(self) -> str:
        """A new Idempotency-Key."""
        return to_base64url(self.draw(KEY))

    async def look(self) -> Json:
        """What the server says of the room: who is in it, what has to be done. Nothing of it is proof."""
        told = await self.api.get(self.path)
        self.identified = self.identified or told.get("identified") is True
        return told

    async def follow(self) -> tuple[Shown, ...]:
        """Fetch and check what has happened since, take the keys that came; returns what is new.

        Raises Problem or Unavailable where the server does not answer; an event that does not hold is shown as such.
        """
        before = self.log.head.seq
        if self.log.broken is None:
            await self.trust.check(organisations_of(await self.look()), within=FRESH)
            await self._fetch()
            self._compare()
        if self.log.missing():
            await self._fetch_keys()
        return self.log.show(before)

    async def say(self, text: str) -> None:
        """Say it to those who are in the room as this device has shown it: it waits on disk, and is sent as soon as can be.

        Raises `Overheard` when others are there by now, or a bridge is that was not shown; else as `flush`.
        """
        self.outgoing.add(self.log.room, text, self.fresh_key(), shown=self.log.audience)
        await self.flush()

    async def disclose(self, disclosure: Disclosure, text: str) -> None:
        """Say something that is disclosed, marked by direction and ground: at once, or not at all. Raises as `flush`."""
        shown, key = self.log.audience, self.fresh_key()

        async def attempt() -> None:
            self._check_audience(shown)
            await self._put(disclosure_kind(disclosure), text, key)

        await self.again(attempt)

    async def say_anyway(self) -> int:
        """Send what waits to those whom this device shows now: whoever wrote it has looked. As `flush`."""
        if self.log.audience is not None:
            self.outgoing.readdress(self.log.room, self.log.audience)
        return await self.flush()

    async def flush(self) -> int:
        """Send what waits, in order; returns how many were sent. Without an answer the rest waits on.

        Raises Problem for what the server refuses for good, `Overheard` for what others would hear than it was written
        for: that stays, and so does what came after it.
        """
        sent = 0
        for one in self.outgoing.waiting(self.log.room):
            try:
                await self._send(one)
            except Problem:
                raise
            except Unavailable:
                return sent
            self.outgoing.done(one.key)
            sent += 1
        return sent

    async def confirm(self, came: Came) -> None:
        """Tell the others that everything up to here has come, or was read."""
        text = receipt_to_text(Receipt(came=came, seq=self.log.head.seq))
        key = self.fresh_key()
        await self.again(lambda: self._put(RECEIPT, text, key))

    async def rekey(self) -> None:
        """Begin the next epoch, if one has to begin. Raises `Tampered` where the server plans for somebody unknown."""
        await self.follow()
        plain = (await self.look()).get("plan")
        if isinstance(plain, dict):
            await self._begin(read_plan(plain))

    async def settle(self) -> None:
        """Read on, and begin the epoch that has to begin; another device may be first, and that is as good."""
        try:
            await self.rekey()
        except Problem as error:
            if error.code not in AGAIN | {"rekey_unneeded"}:
                raise
        await self.follow()

    async def again(self, attempt: Callable[[], Awaitable[None]]) -> None:
        """Try until it fits: read on after a stale head, begin an epoch where one has to begin.

        Raises `Tampered` when something in the room does not hold, or a revoked device would hear it (FORMAT.md 55).
        """
        for _ in range(TRIES):
            await self.make_safe()
            try:
                return await attempt()
            except Problem as error:
                if error.code not in AGAIN:
                    raise
                if error.code == "rekey_needed":
                    await self.settle()
        raise Unavailable("the room moves on faster than this device")

    async def make_safe(self) -> None:
        """Read on until nobody hears it who must not. Raises `Tampered` where that cannot be had."""
        await self.follow()
        if self.device.id not in self.log.recipients or not self.trust.active(self.log.recipients):
            await self.settle()
        if self.log.broken is not None:
            raise Tampered("Something in the room does not hold: nothing more is said here.")
        if not self.trust.active(self.log.recipients):
            raise Tampered("A revoked device would hear it.")
        if self.identified and self.log.bridged:
            raise Tampered("A bridge would hear who is named.")

    # ---- one attempt each --------------------------------------------------------------------------------

    async def _begin(self, planned: Planned) -> None:
        if planned.head != self.log.head:
            return  # it moved on: whoever asked reads on and asks again
        if self.identified and planned.bridged:
            raise Tampered("A bridge would hear who is named.")
        await self.trust.check(planned.organisations)
        made = make_epoch(
            planned, self.trust.members, secret=self.device.secret, person=self.person, draw=self.draw
        )
        await self.api.post(f"{self.path}/epochs", made.body, key=self.fresh_key())

    async def _send(self, one: Waiting) -> None:
        text = self.outgoing.text_of(one).reveal().decode()

        async def attempt() -> None:
            self._check_audience(one.shown)
            await self._put(SAID, text, one.key)

        await self.again(attempt)

    def _check_audience(self, shown: Audience | None) -> None:
        if self.log.audience is not None:
            check_audience(self.log.audience, shown, me=self.person)

    async def _put(self, kind: str, text: str, key: str) -> None:
        room_key = self.log.keys.get(self.log.head.epoch)
        if room_key is None:
            raise Tampered("This device has no key of the present epoch.")
        event = seal_event(
            room_key=room_key,
            head=self.log.head,
            secret=self.device.secret,
            author=self.person,
            kind=kind,
            plain=Plain(text.encode()),
            nonce=self.draw(NONCE),
        )
        body = {"event": to_base64url(to_bytes(event))}
        answer = await self.api.post(f"{self.path}/events", body, key=key)
        mark = Mark(seq=event.seq, hash=hash_event(event))
        head = read_head(self.log.room, answer.get("head"))
        if (head.seq, head.hash) == (mark.seq, mark.hash):
            self.outgoing.mark(self.log.room, mark)  # from now on it stands there, or the room does not hold
        else:
            await self._check_said(head, kind, text)

    async def _check_said(self, head: Head, kind: str, text: str) -> None:
        """It was taken before, says the server, as that event: then that event is there, and says it."""
        await self.follow()
        own = self.log.holds(head.seq, kind, text, self.device.id)
        if not own or self.log.hash_of(head.seq) != head.hash:
            raise Tampered("The server has not taken what it says that it took.")

    # ---- what is read ------------------------------------------------------------------------------------

    async def _fetch(self) -> None:
        more = True
        while more and self.log.broken is None:
            told = await self.api.get(f"{self.path}/events", after=self.log.head.seq, limit=PAGE)
            page = told.get("events")
            if not isinstance(page, list) or not all(isinstance(one, str) for one in page):
                raise Unavailable("the server's answer has a field that is missing or of the wrong kind")
            for one in page:
                await self._take(one)
            more = bool(page) and told.get("more") is True

    async def _take(self, text: str) -> None:
        if self.log.broken is not None:
            return
        try:
            content = from_base64url(text)
            if not self.log.knows(content, self.trust.members):  # perhaps enrolled a moment ago
                await self.trust.check(organisations_of(await self.look()))
            self.log.take(content, self.trust.members)
        except SealError:
            self.log.broken = self.log.head.seq + 1

    def _compare(self) -> None:
        """What was seen once must stand there still, and all of it."""
        mark = self.outgoing.mark_of(self.log.room)
        if mark is not None and self.log.hash_of(mark.seq) != mark.hash:
            self.log.broken = min(mark.seq, self.log.broken or mark.seq)
        elif self.log.head.seq:
            self.outgoing.mark(self.log.room, Mark(seq=self.log.head.seq, hash=self.log.head.hash))

    async def _fetch_keys(self) -> None:
        told = await self.api.get(f"{self.path}/keys")
        for row in rows_of(told, "keys", MOST):
            epoch = number_of(row, "epoch")
            if epoch in self.log.keys:
                continue
            try:
                self.log.take_key(epoch, number_of(row, "seq"), bytes_of(row, "key"))
            except SealError:  # somebody else may give it rightly; until then it stays locked
                continue


def open_room(
    api: Api, device: PythonDevice, trust: Trust, outgoing: Outgoing, room: str, *, draw: Draw
) -> Room:
    """A room on a device, of which nothing was read yet."""
    log = RoomLog(room, device.secret)
    return Room(api=api, device=device, outgoing=outgoing, trust=trust, draw=draw, log=log)


def organisations_of(told: Json) -> frozenset[str]:
    """Whose directories it takes to check a room, as the server says: one too few, and something does not hold."""
    named = told.get("organisations")
    if not isinstance(named, list) or len(named) > MOST or not all(isinstance(one, str) for one in named):
        raise Unavailable("the server does not say whose devices are in the room")
    return frozenset(named)
