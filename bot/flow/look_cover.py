"""Who is on duty for an organisation now, as functions and counts; and whether the organisation is ready."""

from collections.abc import Sequence
from datetime import datetime

from bot.core.chain import candidates
from bot.core.hours import is_open
from bot.core.ids import DistrictId, PersonId
from bot.core.in_force import steps_at
from bot.core.matching import Worker
from bot.core.places import Organisation, Place, Step, When
from bot.core.readiness import TESTED_WITHIN, Found, Missing, answering, reasons, shut_by
from bot.core.request import Matter, Need, Request, Urgency
from bot.flow.look_feeds import fetched
from bot.flow.opening_people import living_at
from bot.flow.ports import Tx
from bot.flow.readiness import sentence
from bot.flow.ready import FirstGap, found_of
from bot.flow.records_openings import Keeping
from bot.flow.status import Check, Cover, Function, Readiness
from bot.flow.times import moment
from bot.flow.words import Words


def cover_of(words: Words, board: Organisation, workers: Sequence[Worker]) -> Cover:
    """The functions of the chain that are asked at this hour, and how many could be asked in each."""
    opened = is_open(board.hours, words.now)
    other = When.CLOSED if opened else When.OPEN
    steps = [step for step in steps_at(board, words.now) if step.when is not other]
    able = [_able(words, board, step, workers) for step in steps]
    functions = tuple(_function(words, step, len(people)) for step, people in zip(steps, able, strict=True))
    count = len(frozenset().union(*able))  # whoever is asked at two steps is one person
    return Cover(
        organisation=board.id,
        label=words.label(board.label),
        open=opened,
        sentence=words.say("web.cover.open" if opened else "web.cover.closed"),
        count=words.say("web.cover.count", count=str(count)) if count else words.say("web.cover.nobody"),
        manned=count > 0,
        functions=functions,
    )


def readiness_of(tx: Tx, words: Words, board: Organisation, first_gap: FirstGap) -> Readiness:
    """Whether the organisation can be relied on tonight, every check, and whether its officers wait for people."""
    found = found_of(tx, words.content, board, words.now, first_gap)
    missing = reasons(found)
    closed = shut_by(missing, board.ready_needs) if board.steps else None
    return Readiness(
        organisation=board.id,
        label=words.label(board.label),
        ok=not missing,
        sentence=sentence(words, missing, closed),
        checks=_checks(words, found, missing, fetched(tx, words, board), _kept(tx, words, board)),
        missing=missing,
    )


def _able(words: Words, board: Organisation, step: Step, workers: Sequence[Worker]) -> frozenset[PersonId]:
    place = Place(organisation=board, area=None)
    found = candidates(place, step, _anything(words.now), workers, words.now, ())
    return frozenset(one.person for one in found)


def _function(words: Words, step: Step, count: int) -> Function:
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


def _kept(tx: Tx, words: Words, board: Organisation) -> Keeping:
    """How the board's kept keys are held by those who can use them."""
    people = living_at(tx, words.content, board.id, words.now)
    return tx.seats.keeping(board.id, [device.id for owned in people.values() for device in owned])


def _checks(
    words: Words, found: Found, missing: Sequence[Missing], rosters: Sequence[Check], keys: Keeping
) -> tuple[Check, ...]:
    """Every check with what was found, those that hold among them."""
    held = {"count": str(found.supervisors), "needed": str(found.needed)}
    rung = {"count": str(answering(found)), "needed": str(len(found.answers_since))}
    days = {"days": str(TESTED_WITHIN.days)}

    def check(about: Missing, key: str, sentence: str) -> Check:
        return Check(label=words.say(key), ok=about not in missing, sentence=sentence)

    supervisors = words.say("web.ready.supervisors_more", **held)
    numbers = words.say("web.ready.numbers_more", **rung, **days)
    staffed = (check(Missing.COVER, "web.ready.cover", _staffed(words, found.first_gap)),)
    return (
        check(Missing.SUPERVISORS, "web.ready.supervisors", supervisors),
        check(Missing.NUMBERS, "web.ready.numbers", numbers),
        *(staffed if found.has_chain else ()),
        *rosters,
        check(Missing.KEYS, "opening.ready.keys", _keys(words, keys)),
        *(_rung(words, found, missing) if found.has_chain else ()),
    )


def _rung(words: Words, found: Found, missing: Sequence[Missing]) -> tuple[Check, ...]:
    """Whether those on duty can be reached, and doorbells that were tried were seen."""
    told = {Missing.WAKING: {"count": str(found.unreached)}, Missing.DRILL: {}}
    return tuple(
        Check(
            label=words.say(f"ready.{about}"),
            ok=about not in missing,
            sentence=words.say(f"ready.{about}_{'bad' if about in missing else 'good'}", **said),
        )
        for about, said in told.items()
    )


def _keys(words: Words, kept: Keeping) -> str:
    """Whether every seat of every kept key is held by somebody who can use it."""
    said = {"epochs": str(kept.epochs), "thin": str(kept.thin), "lost": str(kept.lost)}
    key = "keys_lost" if kept.lost else "keys_thin" if kept.thin else "keys_full"
    if key == "keys_full" and kept.epochs == 1:
        key = "keys_full_one"
    return words.say(f"opening.ready.{key}", **said)


def _staffed(words: Words, gap: datetime | None) -> str:
    return (
        words.say("web.ready.cover_full")
        if gap is None
        else words.say("web.ready.cover_gap", at=moment(words, gap))
    )
