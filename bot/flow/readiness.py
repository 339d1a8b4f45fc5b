"""How ready an organisation is, as one state: what is missing, whether officers wait for people, who is not reached, drills."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from bot.core.drills import Result, last
from bot.core.hours import STOCKHOLM
from bot.core.in_force import steps_at
from bot.core.places import Organisation, Step
from bot.core.readiness import Missing, reasons, shut_by
from bot.flow.deps import Content
from bot.flow.ports import Tx
from bot.flow.ready import drilled, found_of, gap_finder
from bot.flow.times import until
from bot.flow.unreached import Unreached, of_chain, unreached
from bot.flow.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One organisation now. `shut`: what keeps its officers from waiting for a person; None: nothing."""

    organisation: Organisation
    missing: tuple[Missing, ...]
    shut: Missing | None
    unreached: tuple[Unreached, ...]
    drills: tuple[tuple[Step, Result | None], ...]  # of the steps in force, in their order


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the page: what it is about, how it is, and whether that is well; None: neither."""

    label: str
    sentence: str
    ok: bool | None


def state_of(tx: Tx, content: Content, own: Organisation, now: datetime) -> State:
    """Find out everything."""
    missing = reasons(found_of(tx, content, own, now, gap_finder(tx, tx.people.all(), now)))
    results = last(drilled(tx, own.id, now))
    return State(
        organisation=own,
        missing=missing,
        shut=shut_by(missing, own.ready_needs) if own.steps else None,
        unreached=of_chain(unreached(tx, now), own, now),
        drills=tuple((step, results.get(step.id)) for step in steps_at(own, now)),
    )


def plain(state: State) -> dict[str, object]:
    """As JSON: ids and codes alone."""
    return {
        "organisation": state.organisation.id,
        "ready": not state.missing,
        "shut": state.shut,
        "missing": list(state.missing),
        "needs": list(state.organisation.ready_needs),
        "unreached": [
            {
                "person": one.person,
                "role": one.role,
                "organisations": list(one.organisations),
                "why": one.why,
                "starts": None if one.starts is None else _local(one.starts),
            }
            for one in state.unreached
        ],
        "drills": [
            {
                "step": step.id,
                "day": None if result is None else result.day.isoformat(),
                "passed": None if result is None else result.passed,
                "seconds": None if result is None else result.seconds,
                "skipped": None if result is None else result.skipped,
            }
            for step, result in state.drills
        ],
    }


def reached_rows(words: Words, state: State) -> tuple[Row, ...]:
    """Those whom nothing reaches, by function and time, without a name."""
    return tuple(
        Row(
            label=", ".join((words.say(f"web.role.{one.role}"), _since(words, one))),
            sentence=words.say(f"readiness.page.{one.why}"),
            ok=False,
        )
        for one in state.unreached
    )


def drill_rows(words: Words, state: State) -> tuple[Row, ...]:
    """The last drill of each step; what has had none in two weeks says so."""
    return tuple(_drill_row(words, step, result) for step, result in state.drills)


def sentence(words: Words, missing: Collection[Missing], shut: Missing | None) -> str:
    """Whether it is ready, and whether its officers wait for people, in a few words."""
    return words.say("ready.shut" if shut else "web.ready.no" if missing else "web.ready.yes")


def _since(words: Words, one: Unreached) -> str:
    if one.starts is None:
        return words.say("readiness.page.now")
    return words.say("readiness.page.soon", starts=until(words, one.starts))


def _drill_row(words: Words, step: Step, result: Result | None) -> Row:
    label = words.label(step.label)
    if result is None:
        return Row(label=label, sentence=words.say("readiness.page.drills_none"), ok=None)
    told = {"day": result.day.isoformat(), "seconds": f"{result.seconds or 0:.0f}"}
    return Row(label=label, sentence=words.say(f"readiness.page.{_key(result)}", **told), ok=result.passed)


def _key(result: Result) -> str:
    if result.skipped is not None:
        return f"skipped_{result.skipped}"
    return "going" if result.passed is None else "passed" if result.passed else "failed"


def _local(at: datetime) -> str:
    return at.astimezone(STOCKHOLM).isoformat(timespec="seconds")
