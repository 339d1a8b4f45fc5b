"""The pages that need no session: the door, signing in, and what went wrong."""

from bot.flow.status import Numbers
from bot.web.frame import Frame, group, numbers_group, page
from bot.web.html import Html, el


def sign_in_page(frame: Frame, numbers: tuple[Numbers, ...]) -> str:
    """Draw the page that a sign-in link opens; its script shows one of three sections at a time."""
    main = el(
        "main",
        {"id": "main"},
        el(
            "div",
            {"class": "part", "data-columns": "one"},
            el(
                "div",
                {"class": "column"},
                _working(frame),
                _refused(frame),
                _unheard(frame),
                numbers_group(frame, frame.say("web.signed_out.numbers"), numbers, now=None),
            ),
        ),
    )
    return page(frame, frame.say("web.in.title"), main, scripts=("sign_in.js",))


def problem_page(frame: Frame, key: str, numbers: tuple[Numbers, ...]) -> str:
    """Draw the page for an error: what it means, what to do, and the numbers that answer all the same."""
    title = frame.say(f"web.problem_title.{key}")
    told = _told(frame, title, el("p", {"class": "lead"}, frame.say(f"web.problem.{key}")))
    return _one_column(frame, title, told, numbers)


def link_page(frame: Frame, code: str, minutes: str, numbers: tuple[Numbers, ...]) -> str:
    """Draw the page that shows a code with which a Telegram account is linked, once."""
    title = frame.say("web.link.title")
    told = _told(
        frame,
        title,
        el("p", {"class": "lead"}, frame.say("web.link.lead")),
        el("p", None, el("code", {"class": "code", "tabindex": "0"}, f"/start {code}")),
        el("p", {"class": "fine"}, frame.say("web.link.fine", minutes=minutes)),
    )
    return _one_column(frame, title, told, numbers)


def _told(frame: Frame, title: str, *lines: Html) -> Html:
    home = el("a", {"class": "press", "href": f"/{frame.query}"}, frame.say("web.home"))
    return el("div", {"class": "card"}, el("h1", None, title), *lines, home)


def _one_column(frame: Frame, title: str, told: Html, numbers: tuple[Numbers, ...]) -> str:
    answering = numbers_group(frame, frame.say("web.signed_out.numbers"), numbers, now=None)
    column = el("div", {"class": "column"}, told, answering)
    main = el("main", {"id": "main"}, el("div", {"class": "part", "data-columns": "one"}, column))
    return page(frame, title, main)


def door(frame: Frame, numbers: tuple[Numbers, ...]) -> tuple[Html, ...]:
    """What stands at `/` before anybody has signed in: the numbers first, then how to sign in."""
    hello = el(
        "div",
        {"class": "group"},
        el("h1", None, frame.say("web.signed_out.title")),
        el("p", {"class": "lead"}, frame.say("web.signed_out.lead")),
    )
    how = group(
        "how",
        frame.say("web.signed_out.how_title"),
        el("div", {"class": "card"}, el("p", None, frame.say("web.signed_out.how"))),
    )
    return (
        el(
            "div",
            {"class": "column"},
            hello,
            numbers_group(frame, frame.say("web.signed_out.numbers"), numbers),
        ),
        el("div", {"class": "column"}, how),
    )


def _working(frame: Frame) -> Html:
    return _case(
        "working",
        el("div", {"class": "turning", "aria-hidden": "true"}),
        el("h1", {"tabindex": "-1"}, frame.say("web.in.working")),
        el("p", {"class": "lead"}, frame.say("web.in.working_lead")),
        hidden=False,
    )


def _refused(frame: Frame) -> Html:
    return _case(
        "refused",
        el("h1", {"tabindex": "-1"}, frame.say("web.in.refused")),
        el("p", {"class": "lead"}, frame.say("web.in.refused_lead")),
        el("p", None, frame.say("web.in.refused_next")),
        el("a", {"class": "press", "href": f"/{frame.query}"}, frame.say("web.home")),
        hidden=True,
    )


def _unheard(frame: Frame) -> Html:
    return _case(
        "unheard",
        el("h1", {"tabindex": "-1"}, frame.say("web.in.unheard")),
        el("p", {"class": "lead"}, frame.say("web.in.unheard_lead")),
        el("button", {"class": "press", "type": "button", "data-retry": True}, frame.say("web.in.retry")),
        hidden=True,
    )


def _case(name: str, *children: Html, hidden: bool) -> Html:
    return el("section", {"class": "card", "data-when": name, "hidden": hidden}, *children)
