"""One article of the learning view as HTML: its danger line, status, words, sources, dates and neighbours."""

from collections.abc import Iterator

from bot.core.library.article import Stop
from bot.core.places import Organisation
from bot.flow.learning import Lesson, Shelf
from bot.web.frame import NOT_DIALLED, Frame, icon
from bot.web.html import Child, Html, el
from bot.web.learn_names import SWEDISH, is_said, place_title, to_lesson


def lesson_card(frame: Frame, found: Shelf, lesson: Lesson, *, level: str) -> Html:
    """Draw one article with everything that makes it trustworthy; one that waits by its title and reason alone."""
    article = lesson.article
    title = el(level, SWEDISH, article.title)
    attributes: dict[str, str | bool] = {"class": "card lesson", "id": article.id}
    if lesson.body is None:
        return el("article", {**attributes, "data-waits": True}, title, _waits(frame, lesson))
    stop = danger_line(frame, found, article.stop) if article.stop is not None else None
    return el(
        "article",
        attributes,
        stop,
        _status(frame, lesson),
        title,
        el("p", {"class": "body", **SWEDISH}, _kept_together(lesson.body)),
        _sources(frame, lesson),
        _dates(frame, lesson),
        _related(frame, found, lesson),
    )


def _kept_together(text: str) -> str:
    """The text with sections that do not break before their sign, which would begin the next line alone."""
    return text.replace(" §", "\N{NO-BREAK SPACE}§")


def danger_line(frame: Frame, found: Shelf, stop: Stop) -> Html:
    """The danger line above an answer, never instead of it. On paper there is no number that answers at this minute."""
    told: tuple[Child, ...] = (
        (el("span", None, frame.say(f"stop.{stop}").strip()),) if stop is not Stop.JOUR else ()
    )
    if stop is Stop.JOUR:
        on_paper = el("span", {"class": "paper" if found.board else ""}, frame.say("learn.stop_paper"))
        told = (_call(frame, found.board) if found.board is not None else None, on_paper)
    return el("p", {"class": "stop", "data-stop": stop}, icon(frame, "alert"), *told)


def _call(frame: Frame, board: Organisation) -> Html:
    """Whom to ring now; the number calls, and does not break in two."""
    number = frame.words.first_number(board)
    before, dialled, after = frame.say("stop.jour", **number).strip().partition(number["number"])
    link = el("a", {"class": "number", "href": f"tel:{NOT_DIALLED.sub('', dialled)}"}, dialled)
    return el("span", {"class": "screen"}, before, link, after)


def _status(frame: Frame, lesson: Lesson) -> Html:
    approved = lesson.article.approved_by
    if approved is None:
        return el("p", {"class": "draft"}, frame.say("learn.draft"))
    key = f"learn.role.{approved.role}"
    role = frame.say(key) if is_said(frame, key) else approved.role
    return el(
        "p",
        {"class": "draft", "data-tone": "good"},
        frame.say("learn.approved", role=role, day=str(approved.on)),
    )


def _waits(frame: Frame, lesson: Lesson) -> Html:
    return el(
        "div",
        {"class": "state", "data-tone": "wait"},
        el("p", None, el("strong", None, frame.say(f"learn.waits.{lesson.waits}"))),
        el("p", None, frame.say(f"learn.waits_more.{lesson.waits}")),
        el("p", {"class": "screen"}, el("a", {"href": f"/{frame.query}"}, frame.say("learn.numbers"))),
    )


def _sources(frame: Frame, lesson: Lesson) -> Html:
    rows = (
        el(
            "li",
            None,
            el("span", {"class": "ref", **SWEDISH}, one.ref),
            el("span", {"class": "from", **SWEDISH}, one.title),
            el("span", {"class": "from"}, frame.say("learn.retrieved", day=one.retrieved.isoformat())),
        )
        for one in lesson.article.sources
    )
    heading = el("p", {"class": "over"}, el("strong", None, frame.say("learn.sources")))
    return el("div", {"class": "sources"}, heading, el("ul", None, *rows))


def _dates(frame: Frame, lesson: Lesson) -> Html:
    pairs = (
        el("div", None, el("dt", None, name), el("dd", None, told)) for name, told in _facts(frame, lesson)
    )
    return el("dl", {"class": "dates"}, *pairs)


def _facts(frame: Frame, lesson: Lesson) -> Iterator[tuple[str, str]]:
    article = lesson.article
    if article.law_as_of is not None:
        yield frame.say("learn.law_as_of"), article.law_as_of.isoformat()
    yield frame.say("learn.reviewed"), article.reviewed.isoformat()
    yield frame.say("learn.expires"), lesson.expires.isoformat()
    if article.org is not None:
        yield frame.say("learn.org"), place_title(frame, article.org)
    yield "Id", article.id


def _related(frame: Frame, found: Shelf, lesson: Lesson) -> Html | None:
    others = [found.by_id[one] for one in lesson.article.related if one in found.by_id]
    if not others:
        return None
    links = (
        el(
            "li",
            None,
            el("a", {"href": to_lesson(frame, one), **SWEDISH}, one.article.title),
        )
        for one in others
    )
    heading = el("p", {"class": "over"}, el("strong", None, frame.say("learn.related")))
    return el("div", {"class": "related screen"}, heading, el("ul", None, *links))
