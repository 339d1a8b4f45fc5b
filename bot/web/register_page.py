"""The page of a register: a table of what was entered, a month at a time. It needs no script."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from bot.core.hours import STOCKHOLM
from bot.core.places import Organisation
from bot.core.registers import Register
from bot.core.secrecy_policy import ground_named
from bot.web.frame import Frame, group, page
from bot.web.html import Html, el


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What the page shows: `entries` the newest first, none from before `since`."""

    organisation: Organisation
    others: tuple[Organisation, ...]
    entries: tuple[Register, ...]
    since: datetime


def register_page(frame: Frame, view: View) -> str:
    """Draw it for one organisation."""
    parts = (
        el("h1", None, frame.say("register.title")),
        el("p", {"class": "lead"}, frame.say("register.lead")),
        _chooser(frame, view) if len(view.others) > 1 else None,
        el("h2", None, frame.words.label(view.organisation.label)),
        _table(frame, view) if view.entries else el("p", None, frame.say("register.none")),
        _turning(frame, view),
    )
    column = el("div", {"class": "column learn"}, *parts)
    main = el("main", {"id": "main"}, el("div", {"class": "part", "data-columns": "one"}, column))
    return page(frame, frame.say("register.title"), main)


def _chooser(frame: Frame, view: View) -> Html:
    rows = (
        el("li", None, el("a", {"href": _address(frame, one.id)}, frame.words.label(one.label)))
        for one in view.others
    )
    return el("nav", {"aria-label": frame.say("register.others")}, el("ul", {"class": "card shelf"}, *rows))


def _table(frame: Frame, view: View) -> Html:
    names = ("at", "kind", "direction", "ground", "consultation")
    head = el("tr", None, *(el("th", {"scope": "col"}, frame.say(f"register.{name}")) for name in names))
    rows = (el("tr", None, *(el("td", None, cell) for cell in _cells(frame, one))) for one in view.entries)
    table = el("table", None, el("thead", None, head), el("tbody", None, *rows))
    # wide on a narrow screen: it scrolls by itself, also by keyboard
    attributes = {
        "class": "card wide-table",
        "tabindex": "0",
        "role": "region",
        "aria-labelledby": "entries-title",
    }
    return group("entries", frame.say("register.table"), el("div", attributes, table))


def _cells(frame: Frame, one: Register) -> tuple[str, ...]:
    at = f"{one.at.astimezone(STOCKHOLM):%Y-%m-%d %H:%M}"
    chosen = ("", "")
    if one.disclosure is not None:
        chosen = (frame.say(f"register.{one.disclosure.direction}"), _ground(frame, one.disclosure.ground))
    return at, frame.say(f"register.{one.kind}"), *chosen, one.consultation


def _ground(frame: Frame, ground: str) -> str:
    """What the ground is called; one that has left the files since is told by its id."""
    known = ground_named(frame.words.content.secrecy, ground)
    return frame.words.label(known.label) if known is not None else ground


def _turning(frame: Frame, view: View) -> Html:
    own = _address(frame, view.organisation.id)
    older = f"{own}&{urlencode({'to': view.since.isoformat()})}"
    return el(
        "p",
        None,
        el("a", {"class": "quiet", "href": older}, frame.say("register.older")),
        " ",
        el("a", {"class": "quiet", "href": own}, frame.say("register.newest")),
    )


def _address(frame: Frame, organisation: str) -> str:
    return f"/register{frame.query}&organisation={organisation}"
