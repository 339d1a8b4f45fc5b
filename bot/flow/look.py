"""Looks: what one person sees of now on the status page, assembled from one read of the store."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.consultation import Consultation, State
from bot.core.errors import Denied
from bot.core.facts import facts_about, roles_on
from bot.core.hours import holds, local_day
from bot.core.ids import OfferId, OrganisationId
from bot.core.matching import Worker
from bot.core.people import Person, Role
from bot.core.places import District, Kind, Organisation, districts_at, organisation, owner
from bot.core.policy import Act, decide, roles_for
from bot.flow import opening_words
from bot.flow.deps import Content
from bot.flow.look_cover import cover_of, readiness_of
from bot.flow.look_left import left_of
from bot.flow.look_numbers import all_boards, numbers_of
from bot.flow.look_requests import held_by, my_request, takeable_by, waiting_for
from bot.flow.ports import Tx
from bot.flow.ready import gap_finder
from bot.flow.situation import workers
from bot.flow.speaker import WORKERS
from bot.flow.status import Held, MyDuty, MyRequest, Opened, Readiness, Status, Takeable, Waiting
from bot.flow.take_over import takeable
from bot.flow.times import until
from bot.flow.words import Words

RECENT = timedelta(hours=12)  # how long something that ended stays in sight
MOST = 20  # consultations shown of one person
MOST_RECENT = 3  # ended ones shown
OPENED = timedelta(days=30)  # how long the opening of a talk stays in sight
OVERSEERS = frozenset({Role.SUPERVISOR, Role.COORDINATOR, Role.POLICE_COORDINATOR})
OVER = frozenset({State.CLOSED, State.ERASED})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sight:
    """One person, looking now, inside one read."""

    tx: Tx
    words: Words
    person: Person
    roles: frozenset[Role]
    workers: tuple[Worker, ...]

    @property
    def now(self) -> datetime:
        return self.words.now


def look_from_outside(content: Content, language: str, now: datetime) -> Status:
    """What anybody sees: the numbers that answer now, place by place."""
    words = Words(content, language, now)
    numbers = numbers_of(words, all_boards(words))
    return Status(language=language, headline=words.say("web.signed_out.title"), numbers=numbers)


def look(tx: Tx, content: Content, person: Person, language: str, now: datetime) -> Status:
    """What this person sees. Raises Denied when no rule lets them look."""
    roles = roles_on(person, now)
    sight = _Sight(
        tx=tx, words=Words(content, language, now), person=person, roles=roles, workers=workers(tx, now)
    )
    if not _may(sight, Act.STATUS_VIEW):
        raise Denied("no rule lets this person see the status page")
    return _status(sight)


def _may(
    sight: _Sight, act: Act, consultation: Consultation | None = None, offer: OfferId | None = None
) -> bool:
    content = sight.words.content
    facts = facts_about(content.structure, sight.person, sight.now, consultation=consultation, offer=offer)
    return decide(content.policy, sight.roles, act, facts).allowed


def _status(sight: _Sight) -> Status:
    asked = _asked(sight)
    going = [c for c in asked if c.state not in OVER]
    ended = [c for c in asked if c.state is State.CLOSED and _recent(c, sight.now)]
    requests = tuple(my_request(sight.tx, sight.words, c, sight.workers) for c in going)
    duty, waiting, held = _duty(sight), _waiting(sight), _held(sight)
    near = _near(sight, going)
    return Status(
        language=sight.words.language,
        headline=_headline(sight, requests, waiting, duty),
        name=sight.person.name,
        signed_in=True,
        requests=requests if Role.OFFICER in sight.roles or requests else None,
        recent=tuple(my_request(sight.tx, sight.words, c, sight.workers) for c in ended[:MOST_RECENT]),
        duty=duty,
        waiting=waiting,
        held=held if sight.roles & WORKERS or held else None,
        takeable=_takeable(sight),
        left=left_of(sight.tx, sight.words, [board.id for board in _posted(sight, OVERSEERS)]),
        cover=tuple(cover_of(sight.words, board, sight.workers) for board in near),
        readiness=_readiness(sight),
        register=bool(roles_for(sight.words.content.policy, Act.REGISTER_VIEW) & sight.roles),
        opened=_opened(sight),
        numbers=numbers_of(sight.words, _around(sight, near), near),
    )


def _opened(sight: _Sight) -> tuple[Opened, ...]:
    """Which talks of theirs supervisors have opened lately, the newest first."""
    found = sight.tx.openings.told(sight.person.id, sight.now - OPENED, MOST)
    told = ((notice, opening_words.told(sight.tx, sight.words, notice)) for notice in found)
    return tuple(
        Opened(id=notice.opening, at=notice.at, sentence=sentence)
        for notice, sentence in told
        if sentence is not None
    )


def _headline(
    sight: _Sight, requests: tuple[MyRequest, ...], waiting: tuple[Waiting, ...], duty: MyDuty | None
) -> str:
    """The one sentence that is read aloud when something has changed."""
    if requests:
        return " ".join(filter(None, (f"{requests[0].sentence}.", requests[0].more)))
    if waiting:
        return f"{sight.words.say('web.waiting.title')}. {waiting[0].sentence}."
    return duty.sentence if duty is not None else sight.words.say("web.mine.none")


def _asked(sight: _Sight) -> list[Consultation]:
    """What this person has asked a person for, newest first."""
    return [
        c
        for c in sight.tx.consultations.of_officer(sight.person.id, MOST)
        if c.request is not None and _may(sight, Act.CONSULTATION_WATCH, c)
    ]


def _recent(c: Consultation, now: datetime) -> bool:
    return c.closed_at is not None and now - c.closed_at < RECENT


def _duty(sight: _Sight) -> MyDuty | None:
    if not sight.roles & WORKERS:
        return None
    words, me = sight.words, sight.person.id
    duties = next((worker.duties for worker in sight.workers if worker.person.id == me), ())
    if not duties:
        off = words.say("web.duty.off_next")
        return MyDuty(on=False, sentence=words.say("web.duty.off"), more=off, duties=(), until=None)
    ends = max(duty.until for duty in duties)
    told = (
        words.say(
            "web.duty.for",
            role=words.say(f"web.role.{duty.role}"),
            organisations=", ".join(_named(words, name) for name in duty.organisations),
        )
        for duty in duties
    )
    sentence = words.say("web.duty.on", until=until(words, ends))
    return MyDuty(on=True, sentence=sentence, more="", duties=tuple(dict.fromkeys(told)), until=ends)


def _waiting(sight: _Sight) -> tuple[Waiting, ...]:
    me = sight.person.id
    return tuple(
        waiting_for(sight.words, c, offer)
        for c in sight.tx.consultations.offered_to(me)
        for offer in c.pending
        if offer.person == me and offer.until > sight.now and _may(sight, Act.OFFER_SHOW, c, offer.id)
    )


def _held(sight: _Sight) -> tuple[Held, ...]:
    mine = sight.tx.consultations.of_holder(sight.person.id, MOST)
    return tuple(
        held_by(sight.tx, sight.words, c) for c in mine if c.state is State.OPEN and c.request is not None
    )


def _takeable(sight: _Sight) -> tuple[Takeable, ...]:
    """For whoever is on duty: the talks of colleagues that somebody waits in."""
    if not sight.roles & WORKERS:
        return ()
    found = takeable(sight.tx, sight.words.content, sight.person, sight.now)
    return tuple(takeable_by(sight.words, one) for one in found)


def _readiness(sight: _Sight) -> tuple[Readiness, ...]:
    """For whoever oversees an organisation: whether it is ready."""
    overseen = _posted(sight, OVERSEERS)
    if not overseen:
        return ()
    first_gap = gap_finder(sight.tx, (worker.person for worker in sight.workers), sight.now)
    return tuple(readiness_of(sight.tx, sight.words, board, first_gap) for board in overseen)


def _posted(sight: _Sight, roles: frozenset[Role]) -> tuple[Organisation, ...]:
    """The organisations where this person is posted today in one of these roles."""
    day = local_day(sight.now)
    return _unique(
        organisation(sight.words.content.structure, posting.organisation)
        for posting in sight.person.postings
        if posting.role in roles and holds(day, posting.valid_from, posting.valid_to)
    )


def _near(sight: _Sight, going: Iterable[Consultation]) -> tuple[Organisation, ...]:
    """The organisations this person's work is about now: where they are posted; for the police, the boards of
    the posting's districts and of what they have asked for. Where nothing says which: all boards.
    """
    posted = _posted(sight, frozenset(Role))
    own = tuple(found for found in posted if found.kind is not Kind.POLICE)
    if len(own) == len(posted):
        return own
    structure = sight.words.content.structure
    asked = (structure.organisations[c.organisation] for c in going if c.organisation is not None)
    policed = (owner(structure, d.id, sight.now)[0] for d in _districts(sight) if str(d.id) in _ground(sight))
    near = _unique((*own, *asked, *policed))
    return tuple(found for found in near if found.kind is not Kind.POLICE) or all_boards(sight.words)


def _around(sight: _Sight, near: tuple[Organisation, ...]) -> tuple[Organisation, ...]:
    """Those near, and for the police the rest of their region, or every board: the next call may come from there."""
    if all(found.kind is not Kind.POLICE for found in _posted(sight, frozenset(Role))):
        return near
    structure, districts = sight.words.content.structure, _districts(sight)
    regions = {d.region for d in districts if str(d.id) in _ground(sight)}
    rest = tuple(owner(structure, d.id, sight.now)[0] for d in districts if d.region in regions)
    return _unique((*near, *(rest or all_boards(sight.words))))


def _districts(sight: _Sight) -> tuple[District, ...]:
    return districts_at(sight.words.content.structure, sight.now)


def _ground(sight: _Sight) -> frozenset[str]:
    """The districts that a police person's postings name."""
    return frozenset(str(area) for posting in sight.person.postings for area in posting.areas)


def _named(words: Words, name: OrganisationId) -> str:
    return words.label(organisation(words.content.structure, name).label)


def _unique(found: Iterable[Organisation]) -> tuple[Organisation, ...]:
    return tuple({one.id: one for one in found}.values())
