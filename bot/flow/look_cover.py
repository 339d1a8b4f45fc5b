"""Who is on duty for an organisation now, as functions and counts; and whether the organisation is ready."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.core.chain import candidates
from bot.core.hours import is_open, local_day
from bot.core.ids import DistrictId, PersonId
from bot.core.matching import Worker
from bot.core.places import Organisation, Place, Step, When
from bot.core.request import Matter, Need, Request, Urgency
from bot.flow.opening_people import living_at
from bot.flow.ports import Tx
from bot.flow.status import Check, Cover, Function, Readiness
from bot.flow.times import moment
from bot.flow.words import Words

TESTED_WITHIN = timedelta(days=31)  # a number nobody has tried for longer is not known to answer


def cover_of(words: Words, board: Organisation, workers: Sequence[Worker]) -> Cover:
    """The functions of the chain that are asked at this hour, and how many could be asked in each."""
    opened = is_open(board.hours, words.now)
    other = When.CLOSED if opened else When.OPEN
    functions = tuple(
        _function(words, board, step, workers) for step in board.steps if step.when is not other
    )
    count = sum(found.count for found in functions)
    return Cover(
        organisation=board.id,
        label=words.label(board.label),
        open=opened,
        sentence=words.say("web.cover.open" if opened else "web.cover.closed"),
        count=words.say("web.cover.count", count=str(count)) if count else words.say("web.cover.nobody"),
        manned=count > 0,
        functions=functions,
    )


def readiness_of(
    tx: Tx, words: Words, board: Organisation, first_gap: Callable[[Organisation], datetime | None]
) -> Readiness:
    """Whether supervisors hold keys, all of them, numbers are tested, and, where there is a chain, no gap lies ahead."""
    staffed = (_staffed(words, first_gap(board)),) if board.steps else ()
    checks = (
        _supervisors(tx, words, board),
        _numbers(words, board),
        *staffed,
        _keys(tx, words, board),
    )
    ready = all(check.ok for check in checks)
    return Readiness(
        organisation=board.id,
        label=words.label(board.label),
        ok=ready,
        sentence=words.say("web.ready.yes" if ready else "web.ready.no"),
        checks=checks,
    )


def _function(words: Words, board: Organisation, step: Step, workers: Sequence[Worker]) -> Function:
    place = Place(organisation=board, area=None)
    count = len(candidates(place, step, _anything(words.now), workers, words.now, ()))
    return Function(
        label=words.label(step.label),
        count=count,
        sentence=words.say("web.cover.count", count=str(count)) if count else words.say("web.cover.none"),
    )


def _anything(now: datetime) -> Request:
    """A request that nobody makes: the plainest need there is, to see who could be asked at all."""
    return Request(
        officer=PersonId(""),
        district=DistrictId(""),
        matter=Matter.OTHER,
        need=Need.ADVICE,
        urgency=Urgency.NOW,
        at=now,
    )


def _supervisors(tx: Tx, words: Words, board: Organisation) -> Check:
    count = len(living_at(tx, words.content, board.id, words.now))
    needed = board.escrow.of
    return Check(
        label=words.say("web.ready.supervisors"),
        ok=count >= needed,
        sentence=words.say("web.ready.supervisors_more", count=str(count), needed=str(needed)),
    )


def _keys(tx: Tx, words: Words, board: Organisation) -> Check:
    """Whether every seat of every kept key is held by somebody who can use it."""
    people = living_at(tx, words.content, board.id, words.now)
    kept = tx.seats.keeping(board.id, [device.id for owned in people.values() for device in owned])
    said = {"epochs": str(kept.epochs), "thin": str(kept.thin), "lost": str(kept.lost)}
    key = "keys_lost" if kept.lost else "keys_thin" if kept.thin else "keys_full"
    return Check(
        label=words.say("opening.ready.keys"),
        ok=kept.thin == 0,
        sentence=words.say(f"opening.ready.{key}", **said),
    )


def _numbers(words: Words, board: Organisation) -> Check:
    oldest = local_day(words.now) - TESTED_WITHIN
    count, needed = sum(number.tested >= oldest for number in board.numbers), len(board.numbers)
    said = {"count": str(count), "needed": str(needed), "days": str(TESTED_WITHIN.days)}
    return Check(
        label=words.say("web.ready.numbers"),
        ok=count == needed,
        sentence=words.say("web.ready.numbers_more", **said),
    )


def _staffed(words: Words, gap: datetime | None) -> Check:
    full = words.say("web.ready.cover_full")
    return Check(
        label=words.say("web.ready.cover"),
        ok=gap is None,
        sentence=full if gap is None else words.say("web.ready.cover_gap", at=moment(words, gap)),
    )
