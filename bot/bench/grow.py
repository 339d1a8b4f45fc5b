"""Grows a ledger as use would: questions, talks on devices and over a channel, people who change; faster than time."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import count
from typing import Final

from bot.bench import handsets
from bot.bench.casts import Cast, Seated, at_devices, link, on_channel
from bot.core.consultation import Consultation
from bot.core.errors import Unavailable
from bot.core.events import Accepted, Answered, Asked, Closed, Ending, Event, Offered, Referred, Said
from bot.core.ids import ArticleId, ConsultationId, OfferId, OrganisationId, RoomId
from bot.core.people import Person
from bot.core.receipt import KIND as RECEIPT
from bot.core.receipt import Came, Receipt, receipt_to_text
from bot.core.request import Matter, Need, Offer, Request, Urgency
from bot.flow.bridge_epochs import open_room
from bot.flow.deps import FIRST_ANSWER, LONG_QUIET, QUESTION, Deps, fresh_id
from bot.flow.enrol import put_person
from bot.flow.ports import Tx
from bot.flow.record import happen
from bot.flow.rooms import MESSAGE, say
from bot.flow.upkeep import sign_heads
from bot.seal.plain import Plain
from bot.seal.room import RoomKey
from bot.seal.signing import SigningKey

WORDS: Final = 16  # said in one talk
TALKS: Final = 8  # for each question to the library, and for each person who changes
TEXT: Final = "Vi står kvar vid porten och väntar på besked om hur vi ska göra med barnen i natt. "
_STEP: Final = timedelta(seconds=7)  # between two things that happen
_BATCH: Final = 8  # talks in one transaction
_ENTRIES: Final = 2 * WORDS + 10  # of one talk, at most


class Script:
    """What happens, one thing after the other, each a little later."""

    def __init__(self, deps: Deps, roots: Mapping[OrganisationId, SigningKey] | None = None) -> None:
        """Begins now. `roots`: of organisations that give devices to some of their people."""
        self._deps = deps
        self._roots = roots or {}
        self._at = deps.clock.now()
        self.casts: tuple[Cast, ...] = ()
        self._seated: tuple[Seated, ...] = ()

    async def cast(self) -> None:
        """Find out who can take part, and link or seat them. Raises Unavailable where the channel may carry no talk."""
        store = self._deps.store
        self.casts = await store.read(lambda tx: tuple(on_channel(tx, self._deps, self._at)))
        if not self.casts:
            raise Unavailable("no board here lets a channel carry talks")
        everybody = {person.id: person for cast in self.casts for person in (cast.officer, cast.worker)}

        def act(tx: Tx) -> tuple[Seated, ...]:
            for person in everybody.values():
                self.link(tx, person)
            return tuple(at_devices(tx, self._deps, self._at, self._roots))

        self._seated = await store.write(act)

    async def grow(self, entries: int) -> int:
        """Let things happen until the ledgers have that many entries together, or a few more; sign their heads."""
        for turn in count():
            size = await self._deps.store.read(lambda tx: size_of(tx, self._deps))
            if size >= entries:
                await sign_heads(self._deps)
                return size
            talks = min(_BATCH, 1 + (entries - size) // _ENTRIES)
            await self._deps.store.write(lambda tx, n=turn, m=talks: self._batch(tx, n, m))  # type: ignore[misc]
        raise AssertionError

    def link(self, tx: Tx, person: Person) -> None:
        """Link an account of that person, whose address there is their id."""
        link(tx, self._deps, person, self._at)

    def talk(self, tx: Tx, cast: Cast, words: int) -> Consultation:
        """A request that somebody accepts, and what the two then say, alternately, over the channel."""
        c, offer = self._offered(tx, cast)
        at = self._next()
        c = self._accepted(tx, c, offer, open_room(tx, self._deps, c, cast.worker.id, at), at)
        for number in range(words):
            author = cast.officer if number % 2 == 0 else cast.worker
            c = self._said(tx, c, author)
        return c

    def _talk_at_devices(self, tx: Tx, seated: Seated, words: int) -> Consultation:
        """The same on devices, which fetch their keys, and answer each message with a receipt."""
        c, offer = self._offered(tx, seated.cast)
        at = self._next()
        room, key = handsets.begin_room(tx, self._deps, c, seated.worker, at)
        c = self._accepted(tx, c, offer, room, at)
        for handset in (seated.worker, *seated.officer):
            handsets.fetch(tx, self._deps, room, handset, self._next())
        for number in range(words):
            self._said_on_device(tx, key, seated, by_officer=number % 2 == 0)
        told = tx.consultations.get(c.id)
        assert told is not None
        return told

    def _said_on_device(self, tx: Tx, key: RoomKey, seated: Seated, *, by_officer: bool) -> None:
        pair = (seated.officer[0], seated.worker)
        writer, reader = pair if by_officer else reversed(pair)
        seq = handsets.put(tx, self._deps, key, writer, MESSAGE, TEXT, self._next()).seq
        receipt = receipt_to_text(Receipt(came=Came.READ, seq=seq))
        handsets.put(tx, self._deps, key, reader, RECEIPT, receipt, self._next())

    def _batch(self, tx: Tx, turn: int, talks: int) -> None:
        for number in range(turn * _BATCH, turn * _BATCH + talks):
            cast = self.casts[number % len(self.casts)]
            self._whole_talk(tx, number, cast)
            if number % TALKS == 0:
                self._question(tx, cast)
                put_person(tx, self._deps, cast.worker, by="bench")

    def _whole_talk(self, tx: Tx, number: int, cast: Cast) -> None:
        """Every other at devices, if anybody has any; each comes to its end."""
        if number % 2 and self._seated:
            c = self._talk_at_devices(tx, self._seated[number // 2 % len(self._seated)], WORDS)
        else:
            c = self.talk(tx, cast, WORDS)
        assert c.officer is not None
        self._happen(tx, c, Closed(at=self._next(), by=c.officer, ending=Ending.ADVICE))

    def _offered(self, tx: Tx, cast: Cast) -> tuple[Consultation, OfferId]:
        at = self._next()
        wanted = Request(
            officer=cast.officer.id,
            district=cast.district.id,
            matter=Matter.CHILD,
            need=Need.ADVICE,
            urgency=Urgency.NOW,
            at=at,
        )
        referred = Referred(at=at, organisation=cast.board.id, area=cast.area.id, request=wanted)
        c = self._happen(tx, self._new(at), referred)
        at = self._next()
        offer = Offer(
            id=OfferId(fresh_id(at, self._deps.entropy)),
            person=cast.worker.id,
            step=cast.board.steps[0].id,
            at=at,
            until=at + FIRST_ANSWER,
        )
        return self._happen(tx, c, Offered(at=at, offer=offer)), offer.id

    def _accepted(self, tx: Tx, c: Consultation, offer: OfferId, room: RoomId, at: datetime) -> Consultation:
        return self._happen(tx, c, Accepted(at=at, offer=offer, room=room, answer_by=at + FIRST_ANSWER))

    def _said(self, tx: Tx, c: Consultation, author: Person) -> Consultation:
        assert c.room is not None
        at = self._next()
        seq, digest = say(tx, self._deps, c.room, author.id, Plain(TEXT.encode()))
        return self._happen(tx, c, Said(at=at, author=author.id, seq=seq, digest=digest, due=at + LONG_QUIET))

    def _question(self, tx: Tx, cast: Cast) -> None:
        at = self._next()
        asked = Asked(at=at, officer=cast.officer.id, organisation=cast.board.id, until=at + QUESTION)
        c = self._happen(tx, self._new(at), asked)
        at = self._next()
        c = self._happen(tx, c, Answered(at=at, article=ArticleId("A01"), until=at + QUESTION))
        self._happen(tx, c, Closed(at=self._next(), by=cast.officer.id, ending=Ending.LIBRARY))

    def _new(self, at: datetime) -> Consultation:
        return Consultation(id=ConsultationId(fresh_id(at, self._deps.entropy)))

    def _happen(self, tx: Tx, c: Consultation, event: Event) -> Consultation:
        return happen(tx, self._deps, c, event, ("bench",))

    def _next(self) -> datetime:
        self._at += _STEP
        return self._at


def size_of(tx: Tx, deps: Deps) -> int:
    """How many entries all ledgers have together."""
    return sum(tx.ledger.size(o) for o in deps.content().structure.organisations)
