"""The page of a board's posts: a chart and a table over time, and for its coordinator a form. It needs no script."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.core.hours import local_day
from bot.core.places import Organisation
from bot.core.staffing import POSTED, Post
from bot.flow.staffing import Staffing
from bot.web.frame import Frame, group, page
from bot.web.html import Html, el, join
from bot.web.staffing_chart import chart

_KINDS: Final = {"percent": "number", "since": "date", "until": "date"}  # of inputs; others are text
_COLUMNS: Final = ("function", "percent", "since", "until", "placement", "basis")
_MOST: Final = {"placement": "80", "basis": "120"}  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What the page shows. `new`: the id of the next post; `filled`: what the form begins with; `fault`: what was wrong."""

    staffing: Staffing
    others: tuple[Organisation, ...]
    keeps: bool
    new: str
    filled: Mapping[str, str]
    fault: str


def staffing_page(frame: Frame, view: View) -> str:
    """Draw it all for one organisation."""
    own = frame.words.label(view.staffing.organisation.label)
    parts = (
        el("h1", None, frame.say("staffing.title")),
        el("p", {"class": "lead"}, frame.say("staffing.lead")),
        _chooser(frame, view) if len(view.others) > 1 else None,
        el("h2", None, own),
        _over_time(frame, view.staffing),
        _table(frame, view) if view.staffing.posts else None,
        _form(frame, view) if view.keeps else None,
    )
    column = el("div", {"class": "column learn"}, *parts)
    main = el("main", {"id": "main"}, el("div", {"class": "part", "data-columns": "one"}, column))
    return page(frame, frame.say("staffing.title"), main)


def _chooser(frame: Frame, view: View) -> Html:
    rows = (
        el("li", None, el("a", {"href": _address(frame, one.id)}, frame.words.label(one.label)))
        for one in view.others
    )
    return el("nav", {"aria-label": frame.say("staffing.others")}, el("ul", {"class": "card shelf"}, *rows))


def _over_time(frame: Frame, found: Staffing) -> Html:
    if not found.posts:
        return el("p", None, frame.say("staffing.none"))
    told = frame.say("staffing.constant" if found.constant else "staffing.changed")
    today = local_day(frame.words.now)
    title = frame.say("staffing.chart")
    return el("div", {"class": "card"}, el("p", None, told), chart(found.levels, today, title))


def _table(frame: Frame, view: View) -> Html:
    names = (el("th", {"scope": "col"}, frame.say(f"staffing.{name}")) for name in _COLUMNS)
    head = el("tr", None, *names)
    rows = (_row(frame, view, post) for post in view.staffing.posts)
    # its rows stack on a telephone; the roles say all the same that it is a table
    table = el("table", {"role": "table"}, el("thead", None, head), el("tbody", None, *rows))
    # wide on a narrow screen: it scrolls by itself, also by keyboard
    attributes = {
        "class": "card wide-table stacks",
        "tabindex": "0",
        "role": "region",
        "aria-labelledby": "posts-title",
    }
    return group("posts", frame.say("staffing.table"), el("div", attributes, table))


def _row(frame: Frame, view: View, post: Post) -> Html:
    function = frame.say(f"role_{post.function}")
    address = f"{_address(frame, post.organisation)}&post={post.id}#post-title"
    named: Html | str = el("a", {"href": address}, function) if view.keeps else function
    until = post.until.isoformat() if post.until is not None else frame.say("staffing.still")
    cells = (named, f"{post.percent} %", post.since.isoformat(), until, post.placement, post.basis)
    told = zip(_COLUMNS, cells, strict=True)
    row = (el("td", {"role": "cell", "data-of": frame.say(f"staffing.{name}")}, cell) for name, cell in told)
    return el("tr", {"role": "row"}, *row)


def _form(frame: Frame, view: View) -> Html:
    filled = view.filled
    fields = (_field(frame, filled, name) for name in ("percent", "since", "until", "placement", "basis"))
    fault = el("p", {"role": "alert", "class": "toned", "data-tone": "bad"}, _fault(frame, view.fault))
    return group(
        "post",
        frame.say("staffing.change" if filled.get("id") else "staffing.add"),
        el(
            "form",
            {"class": "card", "method": "post", "action": f"/staffing{frame.query}"},
            fault if view.fault else None,
            el("input", {"type": "hidden", "name": "organisation", "value": view.staffing.organisation.id}),
            el("input", {"type": "hidden", "name": "id", "value": filled.get("id", view.new)}),
            _functions(frame, filled.get("function", "social_worker")),
            *fields,
            el("button", {"class": "press"}, frame.say("staffing.save")),
        ),
    )


def _functions(frame: Frame, chosen: str) -> Html:
    options = (
        el("option", {"value": role.value, "selected": role.value == chosen}, frame.say(f"role_{role}"))
        for role in sorted(POSTED)
    )
    label = el("label", {"for": "function"}, frame.say("staffing.function"))
    return join(label, el("select", {"id": "function", "name": "function"}, *options))


def _field(frame: Frame, filled: Mapping[str, str], name: str) -> Html:
    default = "100" if name == "percent" else ""
    attributes: dict[str, str | bool] = {
        "id": name,
        "name": name,
        "type": _KINDS.get(name, "text"),
        "value": filled.get(name, default),
        "required": name != "until",
        "autocomplete": "off",
    }
    bounds = {"min": "1", "max": "100"} if name == "percent" else {}
    most = {"maxlength": _MOST[name]} if name in _MOST else {}
    return join(
        el("label", {"for": name}, frame.say(f"staffing.{name}")),
        el("input", {**attributes, **bounds, **most}),
    )


def _fault(frame: Frame, fault: str) -> str:
    """Which field is to be looked at; what was written is not repeated."""
    field = fault.partition(":")[0].removeprefix("post.")
    known = (*_KINDS, *_MOST, "function")
    return frame.say("staffing.look_at", field=frame.say(f"staffing.{field if field in known else 'table'}"))


def _address(frame: Frame, organisation: str) -> str:
    return f"/staffing{frame.query}&organisation={organisation}"
