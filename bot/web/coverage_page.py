"""The page of gaps in duty and of numbers that must be tested. They are kept by a plain form. It needs no script, and prints."""

from bot.core.places import Organisation
from bot.flow.coverage import Coverage, Tested
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
        _gaps(frame, found),
        _numbers(frame, found),
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
