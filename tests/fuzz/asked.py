"""Targets of questions and of the learning view: what curators get, what a browser asks for, and what is drawn of it."""

import asyncio
import io
import json
from contextlib import redirect_stdout
from dataclasses import replace
from functools import lru_cache
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Final, cast

from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from bot import content
from bot.client import questions
from bot.client.api import Api
from bot.client.api import _read as read_answer
from bot.client.device import PythonDevice
from bot.commands import out, served
from bot.commands import questions as at_terminal
from bot.content import Content
from bot.core import guard
from bot.core.errors import BadInput
from bot.core.library import article
from bot.core.library.article import Approval, Status
from bot.core.questions import MOST_TEXT, Question, QuestionKind, question_to_bytes, unnamed
from bot.core.text import Language
from bot.flow.learning import Lesson, Shelf, _lesson, lesson_of, shelf, topic_of
from bot.flow.question_reading import MOST_DAYS, _place
from bot.flow.words import Words
from bot.seal.note import Verifier
from bot.seal.plain import Plain, Sealed
from bot.seal.question import open_question
from bot.web import learn, learn_page, learn_rows
from bot.web.acting import number_of
from bot.web.assets import load_assets
from bot.web.deps import DEPS, WebDeps
from bot.web.frame import Frame
from tests.fuzz.answered import _kept as in_file
from tests.fuzz.library import AT, PATH
from tests.fuzz.sealed import ORIGIN, device
from tests.fuzz.written import ROOT, guard_of_checkout

OWNER: Final = "malmo"
ID: Final = "0" * 32
DAY: Final = "2026-11-21"
FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
_OK: Final = 200


def opened(data: bytes) -> Plain:
    """A copy that was sealed to a curator's device."""
    return open_question(Sealed(content=data), organisation=OWNER, day=DAY, id_=ID, secret=device())


def kept(text: str) -> bool:
    """What the guard lets a question keep is bounded, can be written, and names nobody that was found."""
    try:
        found = guard.find(guard_of_checkout(), text)
    except BadInput:
        assert len(text) > guard.MAX_TEXT
        return False
    left = unnamed(text, found, lambda span: span.type)
    question_to_bytes(Question(kind=QuestionKind.NOTHING, articles=(), text=left))
    assert len(left) <= MOST_TEXT
    assert not found or left.count("[") >= min(1, len(found)) or len(text) > MOST_TEXT
    return bool(found)


class _Once:
    """A server that answers so, whatever it is asked, and then comes to an end."""

    def __init__(self, plain: dict[str, object]) -> None:
        self._plain = plain
        self._more: dict[str, object] = {"questions": [], "next": None}

    async def get(self, path: str, **query: str | int) -> dict[str, object]:
        del path, query
        given, self._plain = self._plain, self._more
        return given


def listed(data: bytes) -> object:
    """Whatever a server answers, a curator's terminal shows the questions in it, or refuses."""
    api = cast("Api", _Once(read_answer(_OK, data)))
    here = cast("PythonDevice", SimpleNamespace(secret=device(), known=SimpleNamespace(organisation=OWNER)))
    found = asyncio.run(questions.newest(api, here, organisation=None, limit=questions.MOST))
    for one in found:
        printed(at_terminal._plain(one))
        assert at_terminal._in_a_line(one).isprintable()
    return found


def counted(data: bytes) -> object:
    """Whatever a server answers, a curator's terminal shows the counts in it, or refuses."""
    api = cast("Api", _Once(read_answer(_OK, data)))
    told = asyncio.run(questions.counts(api, cast("PythonDevice", None), organisation=OWNER, days=1))
    printed(told)
    return told


def printed(value: object) -> bytes:
    """What stands on a terminal that reads UTF-8: one line of JSON."""
    written = io.BytesIO()
    terminal = io.TextIOWrapper(
        written, encoding="utf-8", write_through=True
    )  # closes it when it is forgotten
    with redirect_stdout(terminal):
        out.result(cast("dict[str, object]", value))
    line = written.getvalue()
    assert json.loads(line) == value
    assert line.count(b"\n") == 1
    return line


def batch(data: bytes) -> object:
    """A file of questions, one JSON object a line: each can be answered on a line of its own."""
    found = out.batch(str(in_file(data)), "query")
    for id_, _ in found:
        printed({"id": id_})
    return found


def files(data: bytes) -> object:
    """Whatever a server says of the files that it serves, it is proved by the ledger's key, or refused."""
    return served._believed(data, Verifier(name=ORIGIN, public=device().signing.public))


def query(text: str) -> bool:
    """Whatever a curator's client asks for: a place in the list and a number of days, or a refusal."""
    try:
        request = make_mocked_request("GET", f"/api/v1/questions?{text}")
    except ValueError:  # no address: the server behind it refuses it
        return False
    try:
        days = number_of(request, "days", default=1, most=MOST_DAYS)
        after = _place(request.query.get("after"))
    except BadInput:
        return False
    assert 0 <= days <= MOST_DAYS
    assert after is None or f"{after[0]}.{after[1].hex()}" == request.query["after"]
    return after is not None


@lru_cache(1)
def whole() -> Content:
    """The content of this checkout."""
    return content.read(ROOT)


@lru_cache(1)
def _read() -> Shelf:
    return shelf(whole(), None, AT)


@lru_cache(1)
def _frame() -> Frame:
    return Frame(words=Words(whole(), Language.SV, AT), assets=load_assets(), path="/learn")


@lru_cache(1)
def _app() -> web.Application:
    app = web.Application()
    app[DEPS] = cast("WebDeps", SimpleNamespace(content=whole, flow=SimpleNamespace(content=whole)))
    app.add_routes(learn_rows.SERVED)
    app.freeze()
    return app


@lru_cache(1)
def _elements() -> frozenset[tuple[str, tuple[str, ...]]]:
    """What the learning view is made of: element and attributes, of every page that our own library gives."""
    found = _read()
    pages = [learn_page.everything_page(_frame(), found), learn_page.topics_page(_frame(), found)]
    pages += [learn_page.topic_page(_frame(), found, topic) for topic in found.topics]
    pages += [learn_page.lesson_page(_frame(), found, one) for one in (*found.by_id.values(), _approved())]
    said = learn._searched(make_mocked_request("POST", "/learn", app=_app()), _frame(), found, "orosanmälan")
    return frozenset(element for page in (*pages, said) for element in _made_of(page))


def _approved() -> Lesson:
    told = Approval(role="lawyer", on=AT.date())
    first = whole().library.articles[0]
    return _lesson(replace(first, status=Status.APPROVED, approved_by=told), _read().reader)


class _Reader(HTMLParser):
    """Everything that begins on a page."""

    def __init__(self) -> None:
        super().__init__()
        self.begun: set[tuple[str, tuple[str, ...]]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.begun.add((tag, tuple(sorted(name for name, _ in attrs))))


def _made_of(page: str) -> set[tuple[str, tuple[str, ...]]]:
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.begun


def path(text: str) -> bool:
    """Whatever is asked for under /learn/: a topic or an article that stands there, drawn, or nothing."""
    try:
        request = make_mocked_request("GET", f"/learn/{text}")
    except ValueError:  # no address: the server behind it refuses it
        return False
    named = asyncio.run(_app().router.resolve(request))
    topic = topic_of(_read(), named.get("topic", ""))
    if topic is None:
        return False
    assert _made_of(learn_page.topic_page(_frame(), _read(), topic)) <= _elements()
    lesson = lesson_of(_read(), topic.id, named.get("lesson", ""))
    return lesson is None or named["lesson"] in (lesson.slug, lesson.article.id, *lesson.article.aliases)


def form(data: bytes) -> bool:
    """Whatever a form says is searched for, judged, or refused, and a page is drawn of our own elements alone."""
    request = make_mocked_request("POST", "/learn", headers=FORM, app=_app())
    try:
        question = learn._question(data, request)
    except BadInput:
        return False
    assert _made_of(learn._searched(request, _frame(), _read(), question)) <= _elements()
    return bool(question)


def drawn(text: str) -> object:
    """An article on its page: our own elements alone, whatever stands in its file."""
    one = _lesson(article.parse(text, PATH), _read().reader)
    page = learn_page.lesson_page(_frame(), _read(), one)
    assert _made_of(page) <= _elements(), _made_of(page) - _elements()
    return _told(one)


def _told(one: Lesson) -> object:
    return one.expires, one.is_draft
