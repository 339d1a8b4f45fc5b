"""The chain of a place told in words, from `who.report`: whom, in which order, together or one by one, and then what."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.core.hours import ALWAYS, local_day, spans_on
from bot.core.places import Number, Structure, numbers_at
from bot.core.request import Need
from bot.core.text import day_and_time
from bot.core.who import Question, Say, place_asked

_Row = Mapping[str, Any]  # a part of the report, which is JSON
_LONG = timedelta(days=400)  # ago: a day that is told with its year


def told(structure: Structure, asked: Question, report: Mapping[str, Any], say: Say, language: str) -> str:
    """The report of a question as lines of text; reasons in it must be sentences. Raises BadInput as `report` does."""
    numbers = numbers_at(place_asked(structure, asked).organisation, asked.at)
    lines = [*_head(structure, asked, report, say, language), "", *_turns(report, say, language), ""]
    if report["steps"]:
        lines += [*_reasons(report, say, language), ""]
    lines += [say("who.numbers"), *(_number(number, asked.at, say, language) for number in numbers)]
    return "\n".join(lines)


def _head(
    structure: Structure, asked: Question, report: Mapping[str, Any], say: Say, language: str
) -> Iterator[str]:
    place = place_asked(structure, asked)
    names = [place.organisation.label]
    names += [structure.areas[place.area][1].label] if place.area is not None else []
    yield say(
        "who.head",
        place=", ".join(dict.fromkeys(label.en if language == "en" else label.sv for label in names)),
        at=day_and_time(asked.at, asked.at - _LONG, language),
        matter=say(f"matter.{asked.matter}"),
        need=_need(asked, say, language),
        urgency=say(f"who_urgency.{asked.urgency}"),
        open=say("who.open" if report["open"] else "who.closed"),
    )
    if report["waits"]:
        yield say(
            "who.waits", until=day_and_time(datetime.fromisoformat(report["waits"]), asked.at, language)
        )
    if asked.need is Need.DECISION and report["steps"]:
        yield say("who.decision_first")


def _need(asked: Question, say: Say, language: str) -> str:
    if asked.need is Need.DECISION and asked.decision is not None:
        return say(f"decision.{asked.decision}")
    said = say(f"need.{asked.need}")
    if asked.need is not Need.INTERVIEW:
        return said
    at = asked.interview_at
    hour = say("who.hour_now") if at is None or at <= asked.at else day_and_time(at, asked.at, language)
    return say("who.interview", need=said, hour=hour)


def _turns(report: Mapping[str, Any], say: Say, language: str) -> Iterator[str]:
    """Who is asked, turn by turn, and that the numbers come after the last one, or at once."""
    found: dict[int, list[tuple[_Row, _Row]]] = defaultdict(list)
    for step in report["steps"]:
        for one in step["candidates"]:
            if one["order"] is not None:  # else asked in an earlier step
                found[one["order"]].append((step, one))
    if not report["steps"]:
        yield say("who.no_steps")
    elif not found:
        yield say("who.nobody")
    else:
        yield say("who.turns")
    for turn, asked in sorted(found.items()):
        step, people = asked[0][0], [one["person"] for _, one in asked]
        key = "who.turn" if len(people) == 1 else "who.turn_together"
        named = say("who.and").join(filter(None, (", ".join(people[:-1]), people[-1])))
        only = f" {say('who.after_jour')}" if step["after_jour"] else ""
        told = say(
            key, turn=str(turn), people=named, step=step["label"][language], seconds=str(step["seconds"])
        )
        yield told + only
    if found:
        yield say("who.then_numbers")


def _reasons(report: Mapping[str, Any], say: Say, language: str) -> Iterator[str]:
    """Step by step why each has their turn, or none."""
    yield say("who.why")
    for step in report["steps"]:
        yield say("who.step", step=step["label"][language])
        asked = [one for one in step["candidates"] if one["order"] is not None]
        for one in asked:
            yield say("who.asked", turn=str(one["order"]), person=one["person"], why=" ".join(one["why"]))
        before = [one["person"] for one in step["candidates"] if one["order"] is None]
        if before:
            yield say("who.before", people=", ".join(before))
        away = [one for one in step["skipped"] if one["off_duty"]]
        for one in (one for one in step["skipped"] if not one["off_duty"]):
            yield say("who.skipped", person=one["person"], why=" ".join(one["why_not"]))
        if away:
            people = ", ".join(one["person"] for one in away)
            yield say("who.skipped", person=people, why=say("who.off_duty"))


def _number(number: Number, at: datetime, say: Say, language: str) -> str:
    if number.hours == ALWAYS:
        hours = say("who.always")
    else:
        spans = spans_on(number.hours, local_day(at))
        hours = say("who.today", spans=", ".join(f"{_clock(s.opens)}-{_clock(s.closes)}" for s in spans))
    label = number.label.en if language == "en" else number.label.sv
    known = number.tested <= local_day(at)  # of a day before it was last tried nothing is known
    tested = f" {say('who.tested', day=number.tested.isoformat())}" if known else ""
    return say("who.number", label=label, number=number.number, hours=hours) + tested


def _clock(minute: int) -> str:
    return f"{minute // 60:02}.{minute % 60:02}"
