"""The chain of a place told in words, from `who.report`: whom, in which order, together or one by one, and then what."""

from collections.abc import Iterator, Mapping, Sequence
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
    lines = [*_head(structure, asked, report, say, language), "", *_chain(report, say, language), ""]
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


def _need(asked: Question, say: Say, language: str) -> str:
    if asked.need is Need.DECISION and asked.decision is not None:
        return say(f"decision.{asked.decision}")
    said = say(f"need.{asked.need}")
    if asked.need is not Need.INTERVIEW:
        return said
    at = asked.interview_at
    hour = say("who.hour_now") if at is None or at <= asked.at else day_and_time(at, asked.at, language)
    return say("who.interview", need=said, hour=hour)


def _chain(report: Mapping[str, Any], say: Say, language: str) -> Iterator[str]:
    steps: Sequence[_Row] = report["steps"]
    yield say("who.turns") if steps else say("who.no_steps")
    turns = [one["order"] or 0 for step in steps for one in step["candidates"]]
    for n, step in enumerate(steps, start=1):
        yield from _step(n, step, say, language)
        own = [one["order"] for one in step["candidates"]]
        if own and n < len(steps):
            yield say("who.then_step", number=str(n + 1))
        elif own:
            yield say("who.then_numbers" if max(turns) in own else "who.then_rest")


def _step(n: int, step: _Row, say: Say, language: str) -> Iterator[str]:
    key = "who.step_one" if step["at_once"] == 1 else "who.step_many"
    counts = {"seconds": str(step["seconds"]), "count": str(step["at_once"])}
    yield say(key, number=str(n), step=step["label"][language], **counts)
    if step["after_jour"]:
        yield say("who.after_jour")
    asked = [one for one in step["candidates"] if one["order"] is not None]  # else asked in an earlier step
    orders = [one["order"] for one in asked]
    for one in asked:
        together = orders.count(one["order"]) > 1
        why, key = " ".join(one["why"]), "who.asked_together" if together else "who.asked"
        yield say(key, order=str(one["order"]), person=one["person"], why=why)
    if not orders:
        yield say("who.nobody")
    away = [one for one in step["skipped"] if one["off_duty"]]
    for one in (one for one in step["skipped"] if not one["off_duty"]):
        yield say("who.skipped", person=one["person"], why=" ".join(one["why_not"]))
    if away:
        people = ", ".join(one["person"] for one in away)
        yield say("who.skipped", person=people, why=" ".join(away[0]["why_not"]))


def _number(number: Number, at: datetime, say: Say, language: str) -> str:
    if number.hours == ALWAYS:
        hours = say("who.always")
    else:
        spans = spans_on(number.hours, local_day(at))
        hours = say("who.today", spans=", ".join(f"{_clock(s.opens)}-{_clock(s.closes)}" for s in spans))
    label = number.label.en if language == "en" else number.label.sv
    tested = number.tested.isoformat()
    return say("who.number", label=label, number=number.number, hours=hours, tested=tested)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}.{minute % 60:02}"
