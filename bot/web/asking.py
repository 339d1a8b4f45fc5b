"""Who asks, in which language, and when: what every route needs to know of a request."""

from datetime import datetime
from typing import Final

from aiohttp import web

from bot.core.text import Language, nearest_language
from bot.flow.deps import Content
from bot.flow.look import look_from_outside
from bot.flow.status import Numbers
from bot.flow.words import Words
from bot.web.deps import ASSETS, DEPS, SITE
from bot.web.frame import Frame

PAGES = frozenset(
    {"/", "/in", "/device", "/enrol", "/numbers"}
)  # where the link to the other language can lead back
MAX_LANGUAGES = 200  # characters of Accept-Language that are read
_CONTENT: Final[web.RequestKey[Content]] = web.RequestKey("content")


def language_of(request: web.Request) -> Language:
    """The language asked for by `?lang=`, else the browser's first, else Swedish."""
    asked = request.query.get("lang")
    if asked in tuple(Language):
        return Language(asked)
    return nearest_language(request.headers.get("Accept-Language", "")[:MAX_LANGUAGES].strip())


def now_of(request: web.Request) -> datetime:
    """The present instant."""
    return request.app[DEPS].clock.now()


def content_of(request: web.Request) -> Content:
    """The content that this request sees from its first look to its last word, whatever is published meanwhile."""
    if _CONTENT not in request:
        request[_CONTENT] = request.app[DEPS].content()
    return request[_CONTENT]


def frame_of(request: web.Request) -> Frame:
    """What the answer is drawn with."""
    words = Words(content_of(request), language_of(request), now_of(request))
    return Frame(words=words, assets=request.app[ASSETS], path=request.path if request.path in PAGES else "/")


def public_numbers(request: web.Request) -> tuple[Numbers, ...]:
    """The numbers that answer now, found without the store: they stand even when it is gone."""
    return look_from_outside(content_of(request), language_of(request), now_of(request)).numbers


def token_of(request: web.Request) -> str | None:
    """The session token that the browser holds, if any."""
    return request.cookies.get(request.app[SITE].cookie)
