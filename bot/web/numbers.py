"""The page of numbers: the same for everybody, signed in or not, so that a telephone may keep it."""

from datetime import datetime

from aiohttp import web

from bot.core.hours import local_day
from bot.core.text import clock_time, day_name
from bot.flow.numbers_ahead import Ahead, Open, is_answered, numbers_ahead
from bot.flow.status import Line, Numbers
from bot.web.asking import frame_of
from bot.web.frame import Frame, folds, page, ring
from bot.web.html import Html, el

MADE = "Samjour-Made"  # seconds since 1970: tells the page from whatever else may answer at its address


async def numbers(request: web.Request) -> web.Response:
    """The page. It needs no session and no store."""
    frame = frame_of(request)
    found = numbers_ahead(frame.words)
    response = web.Response(text=numbers_page(frame, found), content_type="text/html", charset="utf-8")
    response.headers[MADE] = _seconds(found)
    response.enable_compression()  # nothing in it is a secret that its length could tell
    return response


def numbers_page(frame: Frame, found: Ahead) -> str:
    """Draw it so that it stays true without us: a script marks which numbers answer, by the hours in it."""
    near = [
        el("div", {"class": "card"}, el("h2", None, _places(n)), _lines(frame, found, n))
        for n in found.numbers
        if n.near
    ]
    far = [(_places(n), None, _lines(frame, found, n)) for n in found.numbers if not n.near]
    until = f"{found.until.timestamp():.0f}"
    attributes = {"class": "column", "data-made": _seconds(found), "data-until": until}
    column = el(
        "div",
        attributes,
        _instead(frame),
        _old(frame),
        el("h1", None, frame.say("numbers.title")),
        el("p", {"class": "lead"}, frame.say("numbers.lead")),
        _age(frame, found),
        *near,
        folds("far", far),
    )
    main = el("main", {"id": "main"}, el("div", {"class": "part", "data-columns": "one"}, column))
    return page(frame, frame.say("numbers.title"), main, scripts=("numbers.js",))


def _age(frame: Frame, found: Ahead) -> Html:
    made = frame.say("numbers.made", at=_day(frame, found.made), until=_day(frame, found.until))
    return el("p", {"class": "fine"}, made, " ", el("span", {"data-age": True}))


def _day(frame: Frame, at: datetime) -> str:
    """Day and hour, never "today": it may be read another day."""
    return f"{day_name(local_day(at), frame.words.language)} {clock_time(at, frame.words.language)}"


def _instead(frame: Frame) -> Html:
    """What stands first where this page is shown in the place of another one."""
    return _alert(
        "data-instead",
        el("h2", None, frame.say("numbers.instead")),
        el("p", None, frame.say("numbers.instead_lead")),
        el("button", {"class": "press", "type": "button", "data-again": True}, frame.say("numbers.again")),
    )


def _old(frame: Frame) -> Html:
    told = el("h2", None, frame.say("numbers.old")), el("p", None, frame.say("numbers.old_lead"))
    return _alert("data-old", *told)


def _alert(name: str, *children: Html) -> Html:
    return el("section", {"class": "silence", "role": "alert", name: True, "hidden": True}, *children)


def _lines(frame: Frame, found: Ahead, numbers: Numbers) -> Html:
    """In the order in which they are tried; the first that answers stands out."""
    answered = [is_answered(found.open[line], found.made) for line in numbers.lines]
    first = answered.index(True) if True in answered else None
    key = f"number-{numbers.places[0]}".replace(" ", "-")
    drawn = (
        _line(
            frame,
            line,
            found.open[line],
            f"{key}-{place}",
            answers=answered[place],
            stands_out=place == first,
        )
        for place, line in enumerate(numbers.lines)
    )
    return el("div", {"class": "lines", "data-lines": True}, *drawn)


def _line(
    frame: Frame, line: Line, opened: tuple[Open, ...], key: str, *, answers: bool, stands_out: bool
) -> Html:
    spans = " ".join(f"{since.timestamp():.0f}-{until.timestamp():.0f}" for since, until in opened)
    shut = el("p", {"class": "fine", "data-shut": True, "hidden": answers}, frame.say("numbers.shut"))
    return el(
        "div", {"class": "line", "data-open": spans}, ring(frame, line, key, later=not stands_out), shut
    )


def _places(numbers: Numbers) -> str:
    return ", ".join(numbers.places)


def _seconds(found: Ahead) -> str:
    return f"{found.made.timestamp():.0f}"
