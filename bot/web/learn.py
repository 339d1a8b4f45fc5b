"""Routes of the learning view: to whoever is signed in and may browse the library. Nothing that is searched for is kept."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qs

from aiohttp import web

from bot.core import guard
from bot.core.errors import BadInput
from bot.core.library.search import MAX_QUERY, Answer, Finding, Unsure, Withheld
from bot.core.policy import Act
from bot.flow.deps import Deps
from bot.flow.learning import Shelf, lesson_of, searched, shelf, topic_of
from bot.flow.ports import Tx
from bot.flow.speaker import home_board, may
from bot.web import learn_page as pages
from bot.web.acting import Actor, look
from bot.web.asking import content_of, frame_of
from bot.web.body import read_body
from bot.web.frame import Frame

MAX_FORM: Final = 8 * 1024  # bytes: a question of 500 characters, each as three escaped bytes
CHANNEL: Final = "web"  # by whose rules the guard judges a search


async def topics(request: web.Request) -> web.Response:
    """Every topic, and a field to search with."""
    return await _answer(request, pages.topics_page)


async def everything(request: web.Request) -> web.Response:
    """Every article on one page."""
    return await _answer(request, pages.everything_page)


async def topic(request: web.Request) -> web.Response:
    """One topic with its articles."""

    def draw(frame: Frame, found: Shelf) -> str | None:
        named = topic_of(found, request.match_info["topic"])
        return None if named is None else pages.topic_page(frame, found, named)

    return await _answer(request, draw)


async def lesson(request: web.Request) -> web.Response:
    """One article."""

    def draw(frame: Frame, found: Shelf) -> str | None:
        named = lesson_of(found, request.match_info["topic"], request.match_info["lesson"])
        return None if named is None else pages.lesson_page(frame, found, named)

    return await _answer(request, draw)


async def search(request: web.Request) -> web.Response:
    """What the library says to a question; the same as when an officer asks."""
    question = _question(await read_body(request, MAX_FORM), request)
    return await _answer(
        request, lambda frame, found: _searched(request, frame, found, question), path="/learn"
    )


async def _answer(
    request: web.Request, draw: Callable[[Frame, Shelf], str | None], path: str | None = None
) -> web.Response:
    """Draw a page for whoever may browse; 404 for what is not there, or no longer. Raises 401 for nobody and Denied for others."""
    found = await look(request, _shelf)
    frame = replace(frame_of(request), path=path or request.path)
    drawn = draw(frame, found)
    status = 200
    if drawn is None:
        drawn, status = pages.gone_page(replace(frame, path="/learn")), 404
    return web.Response(text=drawn, status=status, content_type="text/html", charset="utf-8")


def _shelf(_: Tx, deps: Deps, actor: Actor) -> Shelf:
    may(deps, actor.who, Act.LIBRARY_BROWSE)
    board = home_board(deps, actor.who.person, actor.who.now)
    return shelf(deps.content(), board, actor.who.now)


def _searched(request: web.Request, frame: Frame, found: Shelf, question: str) -> str:
    content = content_of(request)
    if not question:
        return pages.search_page(frame, frame.say("learn.search.empty"), found, (), None)
    if len(question) > MAX_QUERY:
        told = frame.say("learn.search.too_long", most=str(MAX_QUERY))
        return pages.search_page(frame, told, found, (), None)
    verdict = guard.judge(content.guard, question, channel=CHANNEL, phase=guard.Phase.QUESTION)
    if verdict.blocked:
        types = dict.fromkeys(frame.say(f"guard.{span.type}") for span in verdict.spans)
        told = frame.say("learn.search.named", types=", ".join(types))
        return pages.search_page(frame, told, found, (), None)
    finding, lessons = searched(content, found, question)
    return pages.search_page(frame, frame.say(f"learn.search.{_kind(finding)}"), found, lessons, finding.stop)


def _kind(finding: Finding) -> str:
    match finding:
        case Answer():
            return "answer"
        case Withheld():
            return "withheld"
        case Unsure():
            return "unsure"
        case _:
            return "nothing"


def _question(body: bytes, request: web.Request) -> str:
    if request.content_type != "application/x-www-form-urlencoded":
        raise web.HTTPUnsupportedMediaType
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, max_num_fields=4, errors="strict")
    except ValueError as error:
        raise BadInput("that is no form") from error
    return " ".join(fields.get("q", [""])[0].split())
