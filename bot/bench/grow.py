"""Grows a ledger as use would: questions, talks in sealed rooms, people and duties that change; faster than time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Final

from bot.core.consultation import Consultation
from bot.core.errors import Unavailable
from bot.core.events import Accepted, Answered, Asked, Closed, Ending, Event, Offered, Referred, Said
from bot.core.ids import ArticleId, ConsultationId, OfferId
from bot.core.people import Person, Role
from bot.core.places import Area, District, Organisation, districts_at, owner
from bot.core.request import Matter, Need, Offer, Request, Urgency
from bot.flow import door
from bot.flow.bridge_epochs import open_room
from bot.flow.deps import FIRST_ANSWER, LONG_QUIET, QUESTION, Deps, fresh_id
from bot.flow.enrol import put_person
from bot.flow.messages import Inbound
from bot.flow.ports import Tx
from bot.flow.record import happen
from bot.flow.room_members import carries
from bot.flow.rooms import say
from bot.flow.upkeep import sign_heads
from bot.seal.plain import Plain

CHANNEL: Final = "telegram"
WORDS: Final = 16  # said in one talk
TALKS: Final = 8  # for each question to the library, and for each person who changes
TEXT: Final = "Vi står kvar vid porten och väntar på besked om hur vi ska göra med barnen i natt. ".encode()
_STEP: Final = timedelta(seconds=7)  # between two things that happen
_BATCH: Final = 8  # talks in one transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who takes part, and where: a district with the board that owns it."""

    officer: Person
    worker: Person
    district: District
    board: Organisation
    area: Area


class Script:
    """What happens, one thing after the other, each a little later."""

    def __init__(self, deps: Deps) -> None:
        """Begins now."""
        self._deps = deps
        self._at = deps.clock.now()
        self.casts: tuple[Cast, ...] = ()

    async def cast(self) -> None:
        """Find out who can take part, and link them. Raises Unavailable where the channel may carry no talk."""
        self.casts = await self._deps.store.read(lambda tx: tuple(_casts(tx, self._deps, self._at)))
        if not self.casts:
            raise Unavailable("no board here lets a channel carry talks")
        everybody = {person.id: person for cast in self.casts for person in (cast.officer, cast.worker)}

        def act(tx: Tx) -> None:
            for person in everybody.values():
                self.link(tx, person)

        await self._deps.store.write(act)

    async def grow(self, entries: int) -> int:
        """Let things happen until the ledgers have that many entries together, or a few more; sign their heads."""
        for turn in count():
            size = await self._deps.store.read(lambda tx: size_of(tx, self._deps))
            if size >= entries:
                await sign_heads(self._deps)
                return size
            talks = min(_BATCH, 1 + (entries - size) // (WORDS + 5))
            await self._deps.store.write(lambda tx, n=turn, m=talks: self._batch(tx, n, m))  # type: ignore[misc]
        raise AssertionError

    def link(self, tx: Tx, person: Person) -> None:
        """Link an account of that person, whose address there is their id."""
        code = Plain(door.issue_code(tx, self._deps, person.id).encode())
        start = Inbound(
            channel=CHANNEL, address=person.id, native_id="0", at=self._at, command="start", argument=code
        )
        door.link(tx, self._deps, start, code, "sv")

    def talk(self, tx: Tx, cast: Cast, words: int) -> Consultation:
        """A request that somebody accepts, and what the two then say, alternately."""
        c = self._accepted(tx, cast)
        for number in range(words):
            author = cast.officer if number % 2 == 0 else cast.worker
            c = self._said(tx, c, author)
        return c

    def _batch(self, tx: Tx, turn: int, talks: int) -> None:
        for number in range(turn * _BATCH, turn * _BATCH + talks):
            cast = self.casts[number % len(self.casts)]
            c = self.talk(tx, cast, WORDS)
            self._happen(tx, c, Closed(at=self._next(), by=cast.officer.id, ending=Ending.ADVICE))
            if number % TALKS == 0:
                self._question(tx, cast)
                put_person(tx, self._deps, cast.worker, by="bench")

    def _accepted(self, tx: Tx, cast: Cast) -> Consultation:
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
        c = self._happen(tx, c, Offered(at=at, offer=offer))
        at = self._next()
        room = open_room(tx, self._deps, c, cast.worker.id, at)
        return self._happen(tx, c, Accepted(at=at, offer=offer.id, room=room, answer_by=at + FIRST_ANSWER))

    def _said(self, tx: Tx, c: Consultation, author: Person) -> Consultation:
        assert c.room is not None
        at = self._next()
        seq, digest = say(tx, self._deps, c.room, author.id, Plain(TEXT))
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


def _casts(tx: Tx, deps: Deps, at: datetime) -> Iterator[Cast]:
    """An officer and a worker for every district whose board lets the channel carry talks."""
    structure, people = deps.content().structure, tx.people.all()
    officers = [person for person in people if _has(person, Role.OFFICER)]
    for district in districts_at(structure, at):
        board, area = owner(structure, district.id, at)
        workers = [p for p in people if _has(p, Role.SOCIAL_WORKER, board)]
        if officers and workers and carries(deps.content(), board.id, CHANNEL):
            yield Cast(officer=officers[0], worker=workers[0], district=district, board=board, area=area)


def _has(person: Person, role: Role, where: Organisation | None = None) -> bool:
    return any(p.role is role and (where is None or p.organisation == where.id) for p in person.postings)
