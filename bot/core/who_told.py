"""The chain of a place told in words, from `who.report`: whom, in which order, together or one by one, and then what."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from bot.core.hours import ALWAYS, clock, local_day, spans_on
from bot.core.ids import DistrictId
from bot.core.matching import ONLY_CHAIR
from bot.core.places import Label, Number, Structure, numbers_at
from bot.core.request import Need
from bot.core.text import day_and_time
from bot.core.who import Question, Say, place_asked

_Row = Mapping[str, Any]  # a part of the report, which is JSON
# The papers that a rule was made from are for those who keep the rules.
_SOURCES: Final = re.compile(r" \((?:\d{3}(?:, )?)+\)")
_MINUTE: Final = 60  # seconds
_LONG: Final = timedelta(days=400)  # ago: a day that is told with its year


def told(structure: Structure, asked: Question, report: Mapping[str, Any], say: Say, language: str) -> str:
    """The report of a question as lines of text; reasons in it must be sentences. Raises BadInput as `report` does.

    The report of a matter that waits must hold `then`.
    """
    lines = [_head(structure, asked, report, say, language), ""]
    if report["waits"]:
        lines += [*_waits(report, asked, say, language), ""]
    lines += [*_turns(report, asked, say, language), ""]
    if report["steps"]:
        why = say("who.why_else") if report["waits"] else f"{say('who.why_now')} {say('who.why')}"
        lines += [why, *_reasons(report, asked, say, language), ""]
    numbers = numbers_at(place_asked(structure, asked).organisation, asked.at)
    lines += [say("who.numbers"), *(_number(number, asked.at, say, language) for number in numbers)]
    return "\n".join(lines)


def _head(structure: Structure, asked: Question, report: _Row, say: Say, language: str) -> str:
    head = say(
        "who.head",
        place=_place(structure, asked, language),
        at=day_and_time(asked.at, asked.at - _LONG, language),
        matter=say(f"matter.{asked.matter}"),
        need=_need(asked, say, language),
        urgency=say(f"who_urgency.{asked.urgency}"),
    )
    hours = place_asked(structure, asked).organisation.hours
    if not report["steps"] or hours == ALWAYS:
        return head  # where nobody is asked, or always somebody, no hours decide anything
    return f"{head} {say('who.open' if report['open'] else 'who.closed')}"


def _place(structure: Structure, asked: Question, language: str) -> str:
    """The board, and what of its ground was asked about, unless that is only its own name again."""
    place = place_asked(structure, asked)
    names = [_label(place.organisation.label, language)]
    if place.area is not None:
        names.append(_label(structure.areas[place.area][1].label, language))
    if asked.district is not None:
        names.append(_label(structure.districts[DistrictId(asked.district)].label, language))
    first, *rest = names
    return ", ".join([first, *(name for name in rest if not first.startswith(name))])


def _need(asked: Question, say: Say, language: str) -> str:
    if asked.need is Need.DECISION and asked.decision is not None:
        return say(f"decision.{asked.decision}")
    said = say(f"need.{asked.need}")
    if asked.need is not Need.INTERVIEW:
        return said
    at = asked.interview_at
    hour = say("who.hour_now") if at is None or at <= asked.at else _day(at, language)
    return say("who.interview", need=said, hour=hour)


def _waits(report: _Row, asked: Question, say: Say, language: str) -> Iterator[str]:
    """That nobody is asked yet, who is when the time comes, and why."""
    then = report["then"]
    until = datetime.fromisoformat(report["waits"])
    yield say("who.waits", until=day_and_time(until, asked.at, language))
    yield from _list(then["steps"], say, language)
    first, last = then["numbers"][0], until + timedelta(seconds=_seconds(then["steps"]))
    said = {"label": first["label"][language], "number": first["number"], "clock": _hour(last)}
    yield say("who.waits_numbers", **said)
    yield ""
    yield f"{say('who.why_then', until=day_and_time(until, asked.at, language))} {say('who.why')}"
    yield from _reasons(then, replace(asked, at=until), say, language)


def _turns(report: _Row, asked: Question, say: Say, language: str) -> Iterator[str]:
    """Who is asked, turn by turn, and that the numbers come after the last one, or at once."""
    steps = report["steps"]
    if not steps:
        yield say("who.no_steps")
        return
    if not _by_turn(steps):
        yield say("who.nobody")
        return
    if report["waits"]:
        yield say("who.waits_else", clock=_hour(asked.at))
    else:
        yield say("who.turns", hour=day_and_time(asked.at, asked.at, language))
    yield from _list(steps, say, language)
    yield say("who.then_numbers", span=_span(_seconds(steps), say))


def _by_turn(steps: Sequence[_Row]) -> dict[int, list[tuple[_Row, _Row]]]:
    """Steps and people, by the turn in which they are asked."""
    found: dict[int, list[tuple[_Row, _Row]]] = defaultdict(list)
    for step in steps:
        for one in step["candidates"]:
            if one["order"] is not None:  # else asked in an earlier step
                found[one["order"]].append((step, one))
    return found


def _list(steps: Sequence[_Row], say: Say, language: str) -> Iterator[str]:
    for turn, asked in sorted(_by_turn(steps).items()):
        step, people = asked[0][0], [one["person"] for _, one in asked]
        key = "who.turn" if len(people) == 1 else "who.turn_together"
        named = say("who.and").join(filter(None, (", ".join(people[:-1]), people[-1])))
        only = f" {say('who.after_jour')}" if step["after_jour"] else ""
        told = say(
            key, turn=str(turn), people=named, step=step["label"][language], seconds=str(step["seconds"])
        )
        yield told + only


def _reasons(report: _Row, asked: Question, say: Say, language: str) -> Iterator[str]:
    """Step by step why each has their turn, or none."""
    if asked.need is Need.DECISION:
        only = asked.decision is None or asked.decision in ONLY_CHAIR
        yield say("who.decision_only" if only else "who.decision_first")
    if asked.interview_at is not None and asked.need is Need.INTERVIEW and asked.interview_at > asked.at:
        able = [one["then"] for step in report["steps"] for one in step["candidates"]]
        yield say(
            "who.then_first" if any(able) else "who.then_nobody", hour=_day(asked.interview_at, language)
        )
    turns = {one["person"]: turn for turn, found in _by_turn(report["steps"]).items() for _, one in found}
    for step in report["steps"]:
        yield _step(step, asked, say, language)
        for one in step["candidates"]:
            if one["order"] is not None:
                yield say("who.asked", turn=str(one["order"]), person=one["person"], why=" ".join(one["why"]))
            else:
                yield say("who.before", person=one["person"], turn=str(turns[one["person"]]))
        yield from _not_asked(step, turns, say)


def _step(step: _Row, asked: Question, say: Say, language: str) -> str:
    many = say("who.one_by_one") if step["at_once"] == 1 else say("who.at_most", most=str(step["at_once"]))
    head = say("who.step", step=step["label"][language], many=many, seconds=str(step["seconds"]))
    more = [say("who.planned")] if step["planned"] else []
    if asked.need is not Need.DECISION:  # which has an order of its own, told before the steps
        more.insert(0, say("who.because", because=_SOURCES.sub("", step["because"])))
    return " ".join([head, *more])


def _not_asked(step: _Row, turns: Mapping[str, int], say: Say) -> Iterator[str]:
    """Those of a step who are not asked in it, those who are off duty together."""
    off: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for one in step["skipped"]:
        if not one["off_duty"]:
            yield say("who.skipped", person=one["person"], why=" ".join(one["why_not"]))
        elif one["person"] in turns:
            yield say("who.before", person=one["person"], turn=str(turns[one["person"]]))
        else:
            off[tuple(one["on_duty_as"])].append(one["person"])
    for roles, people in sorted(off.items()):
        named = say("who.and").join(say(f"role_{role}") for role in roles)
        why = say("who.on_other_duty", role=named) if roles else say("who.off_duty")
        yield say("who.skipped", person=", ".join(people), why=why)


def _number(number: Number, at: datetime, say: Say, language: str) -> str:
    if number.hours == ALWAYS:
        hours = say("who.always")
    else:
        spans = spans_on(number.hours, local_day(at))
        hours = say("who.today", spans=", ".join(f"{_clock(s.opens)}-{_clock(s.closes)}" for s in spans))
    known = number.tested <= local_day(at)  # of a day before it was last tried nothing is known
    tested = say("who.tested", day=number.tested.isoformat()) if known else say("who.untested")
    label = _label(number.label, language)
    return f"{say('who.number', label=label, number=number.number, hours=hours)} {tested}"


def _label(label: Label, language: str) -> str:
    return label.en if language == "en" else label.sv


def _day(at: datetime, language: str) -> str:
    """With its date: "tomorrow" is easily read one night wrong."""
    return day_and_time(at, at - _LONG, language)


def _hour(at: datetime) -> str:
    return clock(at).replace(":", ".")


def _seconds(steps: Sequence[_Row]) -> int:
    """How long it takes at most until everybody has been asked."""
    return sum(asked[0][0]["seconds"] for asked in _by_turn(steps).values())


def _span(seconds: int, say: Say) -> str:
    whole = seconds % _MINUTE == 0
    return say("who.minutes", n=str(seconds // _MINUTE)) if whole else say("who.seconds", n=str(seconds))


def _clock(minute: int) -> str:
    return f"{minute // 60:02}.{minute % 60:02}"
