"""The process that watches this one, seen from here: what it is told, and who is told when it is gone."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.core.hours import holds, local_day
from bot.core.ids import OrganisationId, PersonId
from bot.core.people import Person, Role
from bot.core.vigil import EVERY, Vigil, heard, looked
from bot.core.waking import Means, dialled
from bot.core.waking_policy import allows
from bot.flow.deps import Deps, pinned
from bot.flow.hearts import Tick
from bot.flow.ports import Tx
from bot.flow.record import fact, reply
from bot.flow.words import Words

log = logging.getLogger(__name__)
KIND: Final = "watch"
MOST_CALLS: Final = 200  # people who are told that Samjour does not answer
FRESH: Final = 60.0  # seconds for which the list of them is good


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Whom to tell when this process is silent: where, and the two sentences, so that nothing else is needed then."""

    person: PersonId
    number: str = field(repr=False)  # E.164
    gone: str
    back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the watching process says of itself: how often it asks, for how long we were silent, and whom it told."""

    every: float = EVERY
    silent: int = 0  # seconds; 0: we were not
    told: tuple[PersonId, ...] = ()


@dataclass(slots=True, kw_only=True)
class Watch:
    """What is known here of the watching process. None: it has never been seen, and nobody misses it."""

    tick: Tick
    vigil: Vigil | None = None
    _calls: tuple[Call, ...] = ()
    _listed: float | None = None

    def expect(self) -> None:
        """It has watched here before: it is missed when it does not come."""
        self.vigil = self.vigil or Vigil(heard=self.tick())

    @property
    def state(self) -> str:
        """In a word: never, here, gone."""
        return "never" if self.vigil is None else "gone" if self.vigil.is_gone else "here"

    def hear(self, every: float) -> bool:
        """It has asked; whether it was gone before."""
        self.vigil, is_back = heard(self.vigil or Vigil(heard=self.tick()), self.tick(), every)
        return is_back

    def misses(self) -> bool:
        """Whether it has just been silent for too long."""
        if self.vigil is None:
            return False
        self.vigil, is_news = looked(self.vigil, self.tick())
        return is_news

    async def calls(self, deps: Deps) -> tuple[Call, ...]:
        """Whom it is to tell; a minute old at most."""
        if self._listed is None or self.tick() - self._listed >= FRESH:
            self._calls = await deps.store.read(lambda tx: calls(tx, pinned(deps)))
            self._listed = self.tick()
        return self._calls


async def asked(deps: Deps, watch: Watch, told: Asked) -> tuple[Call, ...]:
    """The watching process has asked; returns whom it is to tell when we are silent."""
    found, is_back = await watch.calls(deps), watch.hear(told.every)
    if told.silent:
        log.error("was silent", extra={"kind": KIND})
        await deps.store.write(
            lambda tx: _note(tx, deps, "serve_silent", seconds=told.silent, people=sorted(told.told))
        )
    if is_back:
        await _tell(deps, "work_back")
    return found


async def keep_watch(deps: Deps, watch: Watch) -> None:
    """Miss the watching process when it is gone, until cancelled."""
    while True:
        await look(deps, watch)
        await deps.clock.sleep(timedelta(seconds=EVERY))


async def look(deps: Deps, watch: Watch) -> None:
    """Tell, once, when the watching process has been silent for too long."""
    if watch.misses():
        log.error("work does not ask", extra={"kind": KIND})
        await _tell(deps, "work_gone")


def calls(tx: Tx, deps: Deps) -> tuple[Call, ...]:
    """Every supervisor who has a telephone that their organisation lets a gateway know."""
    return tuple(_calls(tx, deps, deps.clock.now()))[:MOST_CALLS]


def _calls(tx: Tx, deps: Deps, now: datetime) -> Iterator[Call]:
    for person, organisations in _supervisors(tx, now):
        number = dialled(person.phone)
        if number is None or not any(allows(deps.content().waking, o, Means.SMS) for o in organisations):
            continue
        languages = [address.language for address in tx.people.addresses(person.id)]
        words = Words(deps.content(), languages[0] if languages else "sv", now)
        yield Call(
            person=person.id,
            number=number,
            gone=words.say("watch.serve_gone"),
            back=words.say("watch.serve_back"),
        )


def _supervisors(tx: Tx, now: datetime) -> Iterator[tuple[Person, list[OrganisationId]]]:
    day = local_day(now)
    for person in tx.people.all():
        theirs = [
            p.organisation
            for p in person.postings
            if p.role is Role.SUPERVISOR and holds(day, p.valid_from, p.valid_to)
        ]
        if person.active and theirs:
            yield person, theirs


async def _tell(deps: Deps, what: str) -> None:
    """Tell every supervisor on every channel that reaches them, and write down that they were told."""

    def act(tx: Tx) -> None:
        told = []
        for person, _ in _supervisors(tx, deps.clock.now()):
            for address in tx.people.addresses(person.id):
                reply(tx, deps, person.id, address.channel, f"watch.{what}")
                told.append(person.id)
        _note(tx, deps, what, people=sorted(set(told)))

    await deps.store.write(act)
    deps.bells.ring()


def _note(tx: Tx, deps: Deps, what: str, **facts: object) -> None:
    tx.ledger.append(fact(deps, deps.home, KIND, deps.clock.now(), what=what, **facts))


def told_of(found: tuple[Call, ...]) -> list[Mapping[str, str]]:
    """The list as it goes over the admin socket, and into the sealed file."""
    return [{"person": c.person, "number": c.number, "gone": c.gone, "back": c.back} for c in found]
