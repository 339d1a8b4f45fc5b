"""The page of gaps in duty and of numbers that must be tested. They are kept by a plain form. It needs no script, and prints."""

from bot.core.places import Organisation
from bot.flow.coverage import Coverage, Tested
from bot.flow.readiness import Row
from bot.flow.status import Tone
from bot.web.frame import Frame, group, page, toned
from bot.web.html import Html, el


def coverage_page(frame: Frame, found: Coverage) -> str:
    """Draw it for one organisation: what is missing first, then each gap, then each number."""
    parts = (
        el("h1", None, frame.say("coverage.title")),
        el("p", {"class": "lead"}, frame.say("coverage.lead")),
        _chooser(frame, found) if len(found.others) > 1 else None,
        el("h2", None, frame.words.label(found.organisation.label)),
        _ready(frame, found.ready) if found.ready is not None else None,
        _reached(frame, found),
        _gaps(frame, found),
        _numbers(frame, found),
        _drills(frame, found),
    )
    column = el("div", {"class": "column learn"}, *parts)
    main = el("main", {"id": "main"}, el("div", {"class": "part", "data-columns": "one"}, column))
    return page(frame, frame.say("coverage.title"), main)


def _chooser(frame: Frame, found: Coverage) -> Html:
    rows = (
        el("li", None, el("a", {"href": _address(frame, one)}, frame.words.label(one.label)))
        for one in found.others
    )
    return el("nav", {"aria-label": frame.say("coverage.others")}, el("ul", {"class": "card shelf"}, *rows))


def _gaps(frame: Frame, found: Coverage) -> Html:
    rows = (
        el("li", None, el("span", None, gap.when), el("span", {"class": "count"}, gap.what))
        for gap in found.gaps
    )
    told = toned(frame, Tone.BAD if found.gaps else Tone.GOOD, found.sentence)
    listed = el("ul", {"class": "rows"}, *rows) if found.gaps else None
    more = el("p", None, found.more) if found.more else None
    return group("gaps", frame.say("coverage.gaps"), el("div", {"class": "card"}, told, listed, more))


def _ready(frame: Frame, row: Row) -> Html:
    return el("p", None, toned(frame, Tone.GOOD if row.ok else Tone.BAD, row.sentence))


def _reached(frame: Frame, found: Coverage) -> Html:
    """Whether those who are on duty can be reached; each one who cannot by function and time."""
    count = len(found.reached)
    key = "readiness.page.some" if count else "readiness.page.all"
    told = toned(frame, Tone.BAD if count else Tone.GOOD, frame.words.say(key, count=str(count)))
    listed = el("ul", {"class": "rows"}, *(_row(frame, row) for row in found.reached)) if count else None
    return group("reached", frame.say("readiness.page.title"), el("div", {"class": "card"}, told, listed))


def _drills(frame: Frame, found: Coverage) -> Html:
    """What came of the last drill of each step."""
    how = el("p", {"class": "fine"}, frame.say("readiness.page.drills_how"))
    rows = el("ul", {"class": "rows"}, *(_row(frame, row) for row in found.drills))
    return group("drills", frame.say("readiness.page.drills"), el("div", {"class": "card"}, rows, how))


def _row(frame: Frame, row: Row) -> Html:
    if row.ok is None:  # neither well nor badly: it has no mark
        told = el("span", {"class": "count"}, row.sentence)
    else:
        told = toned(frame, Tone.GOOD if row.ok else Tone.BAD, row.sentence)
    return el("li", None, el("span", None, row.label), told)


def _numbers(frame: Frame, found: Coverage) -> Html:
    rows = (
        el(
            "li",
            None,
            el("span", None, number.label),
            toned(frame, Tone.GOOD if number.ok else Tone.BAD, number.sentence),
            _rung(frame, found, number),
        )
        for number in found.numbers
    )
    how = el("p", {"class": "fine"}, frame.say("coverage.numbers_how"))
    card = el("div", {"class": "card"}, el("ul", {"class": "rows"}, *rows), how)
    return group("numbers", frame.say("coverage.numbers"), card)


def _rung(frame: Frame, found: Coverage, number: Tested) -> Html:
    """What came of ringing it: two buttons of a plain form."""
    hidden = {"organisation": found.organisation.id, "number": number.id}
    fields = (el("input", {"type": "hidden", "name": name, "value": value}) for name, value in hidden.items())
    presses = (
        el(
            "button",
            {
                "class": look,
                "name": "answered",
                "value": value,
                "aria-label": f"{frame.say(key)}: {number.label}",
            },
            frame.say(key),
        )
        for value, key, look in (
            ("yes", "coverage.answered", "press"),
            ("no", "coverage.not_answered", "quiet"),
        )
    )
    return el(
        "form",
        {"class": "screen", "method": "post", "action": f"/coverage{frame.query}"},
        *fields,
        el("div", {"class": "acts"}, *presses),
    )


def _address(frame: Frame, one: Organisation) -> str:
    return f"/coverage{frame.query}&organisation={one.id}"
