"""The learning view as HTML: topics, one topic, one article, everything, a search. It needs no script, and prints."""

from collections.abc import Iterator

from bot.core.library.article import Stop
from bot.core.places import Organisation
from bot.core.text import Language
from bot.flow.learning import Lesson, Shelf, Topic
from bot.web.frame import NOT_DIALLED, Frame, icon, page
from bot.web.html import Child, Html, el

ALL = "all"  # the path of everything on one page; no topic is called so

_ARTICLES = {"lang": "sv"}  # articles are Swedish, whatever the reader's language


def topics_page(frame: Frame, found: Shelf) -> str:
    """Draw the first page: a search, and every topic."""
    rows = (_topic_row(frame, topic) for topic in found.topics)
    everything = el("a", {"class": "quiet", "href": _to(frame, ALL)}, frame.say("learn.all"))
    topics = el(
        "section",
        {"class": "group", "aria-labelledby": "topics-title"},
        el("h2", {"id": "topics-title"}, frame.say("learn.topics")),
        el("ul", {"class": "card shelf"}, *rows),
        el("p", {"class": "screen"}, everything),
    )
    return _page(frame, frame.say("learn.title"), _lead(frame), search_form(frame), topics)


def topic_page(frame: Frame, found: Shelf, topic: Topic) -> str:
    """Draw one topic, every article of it in full; on paper each begins a page."""
    title = topic_title(frame, topic.id)
    lessons = (lesson_card(frame, found, one, level="h2") for one in topic.lessons)
    return _page(
        frame, title, _contents(frame, topic.lessons), *lessons, up=(("", frame.say("learn.title")),)
    )


def everything_page(frame: Frame, found: Shelf) -> str:
    """Draw the whole library, topic by topic, as one long page to be printed."""
    parts: list[Child] = [_print_note(frame)]
    for topic in found.topics:
        parts.append(el("h2", {"class": "chapter", "id": topic.id}, topic_title(frame, topic.id)))
        parts += [lesson_card(frame, found, one, level="h3") for one in topic.lessons]
    return _page(frame, frame.say("learn.all"), *parts, up=(("", frame.say("learn.title")),))


def lesson_page(frame: Frame, found: Shelf, lesson: Lesson) -> str:
    """Draw one article on a page of its own."""
    up = (("", frame.say("learn.title")), (lesson.topic, topic_title(frame, lesson.topic)))
    card = lesson_card(frame, found, lesson, level="h1")
    return _page(frame, lesson.article.title, card, up=up, headed=False)


def search_page(frame: Frame, said: str, found: Shelf, lessons: tuple[Lesson, ...], stop: Stop | None) -> str:
    """Draw what a search came to: a sentence, and the articles it speaks of. What was searched for is not on it."""
    told_by = {one.article.stop for one in lessons if one.body is not None}
    danger = _stop(frame, found, stop) if stop is not None and stop not in told_by else None
    cards = (lesson_card(frame, found, one, level="h2") for one in lessons)
    up = (("", frame.say("learn.title")),)
    told = el("p", {"class": "lead", "role": "status"}, said)
    return _page(frame, frame.say("learn.search.title"), search_form(frame), danger, told, *cards, up=up)


def search_form(frame: Frame) -> Html:
    """Draw the field to search with; it is sent as a form, so that nothing of it stands in an address."""
    return el(
        "form",
        {"class": "card find screen", "method": "post", "action": _to(frame), "role": "search"},
        el("label", {"for": "q"}, frame.say("learn.search.label")),
        el(
            "div",
            {"class": "ask"},
            el(
                "input", {"id": "q", "name": "q", "maxlength": "500", "autocomplete": "off", "required": True}
            ),
            el("button", {"class": "press"}, frame.say("learn.search.press")),
        ),
        el("p", {"class": "fine"}, frame.say("learn.search.fine")),
    )


def lesson_card(frame: Frame, found: Shelf, lesson: Lesson, *, level: str) -> Html:
    """Draw one article with everything that makes it trustworthy; one that waits by its title and reason alone."""
    article = lesson.article
    title = el(level, _ARTICLES, article.title)
    attributes: dict[str, str | bool] = {"class": "card lesson", "id": article.id}
    if lesson.body is None:
        return el("article", {**attributes, "data-waits": True}, title, _waits(frame, lesson))
    stop = _stop(frame, found, article.stop) if article.stop is not None else None
    return el(
        "article",
        attributes,
        stop,
        _status(frame, lesson),
        title,
        el("p", {"class": "body", **_ARTICLES}, lesson.body),
        _sources(frame, lesson),
        _dates(frame, lesson),
        _related(frame, found, lesson),
    )


def topic_title(frame: Frame, topic: str) -> str:
    """What a topic is called; a new one by its folder, until somebody has named it."""
    words, key = frame.words, f"learn.topic.{topic}"
    known = key in words.content.texts.sentences[Language(words.language)]
    return frame.say(key) if known else topic.replace("-", " ").capitalize()


def _page(
    frame: Frame, title: str, *parts: Child, up: tuple[tuple[str, str], ...] = (), headed: bool = True
) -> str:
    heading = el("h1", None, title) if headed else None
    column = el("div", {"class": "column learn"}, _trail(frame, up), heading, *parts, _printed(frame))
    main = el("main", {"id": "main"}, el("div", {"class": "part", "data-columns": "one"}, column))
    return page(frame, title, main)


def _lead(frame: Frame) -> Html:
    other = frame.words.language != Language.SV
    language = el("p", {"class": "fine"}, frame.say("learn.body_language")) if other else None
    return el("div", {"class": "hello"}, el("p", None, frame.say("learn.lead")), language)


def _trail(frame: Frame, up: tuple[tuple[str, str], ...]) -> Html | None:
    """The way back, page by page."""
    steps = (el("li", None, el("a", {"href": _to(frame, path)}, title)) for path, title in up)
    return (
        el("nav", {"class": "trail", "aria-label": frame.say("learn.back")}, el("ol", None, *steps))
        if up
        else None
    )


def _topic_row(frame: Frame, topic: Topic) -> Html:
    count = len(topic.lessons)
    told = frame.say("learn.one") if count == 1 else frame.say("learn.count", count=str(count))
    if topic.waiting:
        told = f"{told} · {frame.say('learn.waiting', count=str(topic.waiting))}"
    return el(
        "li",
        None,
        el("a", {"href": _to(frame, topic.id)}, topic_title(frame, topic.id)),
        el("span", {"class": "count"}, told),
    )


def _contents(frame: Frame, lessons: tuple[Lesson, ...]) -> Html:
    rows = (
        el(
            "li",
            None,
            el("a", {"href": f"#{one.article.id}", **_ARTICLES}, one.article.title),
            el("span", {"class": "count"}, frame.say(f"learn.waits.{one.waits}")) if one.waits else None,
        )
        for one in lessons
    )
    return el(
        "nav",
        {"class": "group", "aria-labelledby": "contents-title"},
        el("h2", {"id": "contents-title"}, frame.say("learn.contents")),
        el("ol", {"class": "card shelf"}, *rows),
        _print_note(frame),
    )


def _print_note(frame: Frame) -> Html:
    return el("p", {"class": "fine screen"}, frame.say("learn.print"))


def _printed(frame: Frame) -> Html:
    day = frame.words.now.date().isoformat()
    return el("p", {"class": "fine paper"}, frame.say("learn.printed", day=day))


def _stop(frame: Frame, found: Shelf, stop: Stop) -> Html:
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
    known = key in frame.words.content.texts.sentences[Language(frame.words.language)]
    role = frame.say(key) if known else approved.role
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
    )


def _sources(frame: Frame, lesson: Lesson) -> Html:
    rows = (
        el(
            "li",
            None,
            el("span", {"class": "ref", **_ARTICLES}, one.ref),
            el("span", {"class": "from", **_ARTICLES}, one.title),
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
        yield frame.say("learn.org"), _place(frame, article.org)
    yield "Id", article.id


def _place(frame: Frame, org: str) -> str:
    structure, words = frame.words.content.structure, frame.words
    board = next((one for one in structure.organisations.values() if one.id == org), None)
    if board is not None:
        return words.label(board.label)
    return next((words.label(group.label) for id_, (_, group) in structure.groups.items() if id_ == org), org)


def _related(frame: Frame, found: Shelf, lesson: Lesson) -> Html | None:
    others = [found.by_id[one] for one in lesson.article.related if one in found.by_id]
    if not others:
        return None
    links = (
        el(
            "li",
            None,
            el("a", {"href": _to(frame, f"{one.topic}/{one.slug}"), **_ARTICLES}, one.article.title),
        )
        for one in others
    )
    heading = el("p", {"class": "over"}, el("strong", None, frame.say("learn.related")))
    return el("div", {"class": "related screen"}, heading, el("ul", None, *links))


def _to(frame: Frame, path: str = "") -> str:
    return f"/learn{f'/{path}' if path else ''}{frame.query}"
