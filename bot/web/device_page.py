"""The page about one's own device: drawn as an empty frame with its words, filled by a script that holds the keys."""

import json
from typing import Final

from aiohttp import web

from bot.core.text import Language
from bot.flow.look_numbers import MOST_NEAR
from bot.flow.status import Numbers
from bot.web.asking import frame_of, public_numbers
from bot.web.assets import address
from bot.web.frame import Frame, page, silence_alert
from bot.web.html import Html, el, join

# Which sentences the script says: whole tables of bot/texts.
TABLES: Final = ("device.", "grave.", "matter.", "need.", "urgency.", "ending.", "web.role.")


async def device(request: web.Request) -> web.Response:
    """The page, the same for everybody: who looks at it, the script finds out."""
    text = device_page(frame_of(request), public_numbers(request))
    return web.Response(text=text, content_type="text/html", charset="utf-8")


def device_page(frame: Frame, numbers: tuple[Numbers, ...]) -> str:
    """Draw the frame: a card for how it stands, and places for what an open device shows."""
    attributes = {"id": "main", "data-words": _words(frame), "data-icons": address(frame.assets, "icons.svg")}
    title = frame.say("device.title")
    lead = el("p", None, frame.say("device.lead"))
    hello = el("div", {"class": "hello wide"}, el("div", None, el("h1", None, title), lead))
    told = el("div", {"class": "wide", "role": "status", "data-told": True})
    first = tuple(found.lines[0] for found in numbers if found.near and found.lines)
    silence = silence_alert(frame, first[:MOST_NEAR])
    part = el("div", {"class": "part"}, silence, hello, told, _work(frame), _beside(frame))
    return page(frame, title, el("main", attributes, part), scripts=("device_page.js", "offline.js"))


def _work(frame: Frame) -> Html:
    door = el("div", {"data-door-slot": True}, _working(frame))
    return el(
        "div",
        {"class": "column"},
        door,
        _section(frame, "ready"),
        _section(frame, "graves"),
        _section(frame, "offers"),
        _section(frame, "takeable"),
        _section(frame, "talk"),
        _section(frame, "rooms"),
        _section(frame, "shift"),
        _section(frame, "openings"),
    )


def _beside(frame: Frame) -> Html:
    approve = _section(frame, "approve")
    return el("div", {"class": "column"}, approve, _section(frame, "here"), _section(frame, "mine"))


def _working(frame: Frame) -> Html:
    """What stands there before the script does, and for whoever has none."""
    return el(
        "section",
        {"class": "card"},
        el("h2", None, frame.say("device.working")),
        el("p", {"class": "lead"}, frame.say("device.working_more")),
    )


def _section(frame: Frame, name: str) -> Html:
    title = el("h2", {"id": f"{name}-title", "tabindex": "-1"}, frame.say(f"device.{name}.title"))
    slot = el("div", {"class": "slot", "data-slot": True})
    attributes: dict[str, str | bool] = {
        "class": "group",
        "data-section": name,
        "aria-labelledby": f"{name}-title",
        "hidden": True,
    }
    return el("section", attributes, join(title, slot))


def _words(frame: Frame) -> str:
    """The sentences as they are written, with their places for names; and what organisations are called."""
    words = frame.words
    sentences = words.content.texts.sentences[Language(words.language)]
    told = {key: text for key, text in sentences.items() if key.startswith(TABLES)}
    named = words.content.structure.organisations.values()
    organisations = {f"organisation.{one.id}": words.label(one.label) for one in named}
    grounds = {f"ground.{one.id}": words.label(one.label) for one in words.content.secrecy.grounds}
    return json.dumps(told | organisations | grounds, ensure_ascii=False)
