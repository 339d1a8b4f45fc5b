"""The pages of the learning view: topics, one topic, one article, everything, a search. They need no script, and print."""

from bot.core.library.article import Stop
from bot.core.text import Language
from bot.flow.learning import Lesson, Shelf, Topic, following
from bot.web.frame import Frame, page
from bot.web.html import Child, Html, el
from bot.web.learn_lesson import danger_line, lesson_card
from bot.web.learn_names import ALL, SWEDISH, to, to_lesson, topic_title


def topics_page(frame: Frame, found: Shelf) -> str:
    """Draw the first page: a search, and every topic."""
    rows = (_topic_row(frame, topic) for topic in found.topics)
    everything = el("a", {"class": "quiet", "href": to(frame, ALL)}, frame.say("learn.all"))
    topics = el(
        "section",
        {"class": "group", "aria-labelledby": "topics-title"},
        el("h2", {"id": "topics-title"}, frame.say("learn.topics")),
        el("ul", {"class": "card shelf"}, *rows),
        el("p", {"class": "screen"}, everything),
    )
    find = el("a", {"class": "quiet", "href": f"/find{frame.query}"}, frame.say("find.title"))
    who = el("p", {"class": "screen"}, find)
    return _page(frame, frame.say("learn.title"), _lead(frame), search_form(frame), who, topics)


def topic_page(frame: Frame, found: Shelf, topic: Topic) -> str:
    """Draw one topic, every article of it in full; on paper each begins a page."""
    title = topic_title(frame, topic.id)
    lessons = (lesson_card(frame, found, one, level="h2") for one in topic.lessons)
    return _page(
        frame, title, _contents(frame, topic.lessons), *lessons, up=(("", frame.say("learn.title")),)
    )


def everything_page(frame: Frame, found: Shelf) -> str:
    """Draw the whole library, topic by topic, as one long page to be printed."""
    chapters = (
        el("li", None, el("a", {"href": f"#{topic.id}"}, topic_title(frame, topic.id)))
        for topic in found.topics
    )
    contents = el(
        "nav", {"aria-label": frame.say("learn.contents")}, el("ol", {"class": "card shelf"}, *chapters)
    )
    parts: list[Child] = [_print_note(frame), contents]
    for topic in found.topics:
        parts.append(el("h2", {"class": "chapter", "id": topic.id}, topic_title(frame, topic.id)))
        parts += [lesson_card(frame, found, one, level="h3") for one in topic.lessons]
    return _page(frame, frame.say("learn.all"), *parts, up=(("", frame.say("learn.title")),))


def lesson_page(frame: Frame, found: Shelf, lesson: Lesson) -> str:
    """Draw one article on a page of its own."""
    up = (("", frame.say("learn.title")), (lesson.topic, topic_title(frame, lesson.topic)))
    card = lesson_card(frame, found, lesson, level="h1")
    return _page(frame, lesson.article.title, card, _next(frame, found, lesson), up=up, headed=False)


def search_page(frame: Frame, said: str, found: Shelf, lessons: tuple[Lesson, ...], stop: Stop | None) -> str:
    """Draw what a search came to: a sentence, and the articles it speaks of. What was searched for is not on it."""
    told_by = {one.article.stop for one in lessons if one.body is not None}
    danger = danger_line(frame, found, stop) if stop is not None and stop not in told_by else None
    cards = (lesson_card(frame, found, one, level="h2") for one in lessons)
    up = (("", frame.say("learn.title")),)
    told = el("p", {"class": "lead", "role": "status"}, said)
    return _page(frame, frame.say("learn.search.title"), search_form(frame), danger, told, *cards, up=up)


def gone_page(frame: Frame) -> str:
    """Draw what stands where an article or a topic was, or never was: that the library may have changed, and the way on."""
    told = el("p", {"class": "lead", "role": "status"}, frame.say("learn.gone"))
    topics = el("p", None, el("a", {"class": "press", "href": to(frame)}, frame.say("learn.back")))
    return _page(frame, frame.say("learn.gone_title"), told, topics, search_form(frame))


def search_form(frame: Frame) -> Html:
    """Draw the field to search with; it is sent as a form, so that nothing of it stands in an address."""
    return el(
        "form",
        {"class": "card find screen", "method": "post", "action": to(frame), "role": "search"},
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
    steps = (el("li", None, el("a", {"href": to(frame, path)}, title)) for path, title in up)
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
        el("a", {"href": to(frame, topic.id)}, topic_title(frame, topic.id)),
        el("span", {"class": "count"}, told),
    )


def _next(frame: Frame, found: Shelf, lesson: Lesson) -> Html:
    """What to read after it: the next article of the topic, or the topic again after its last."""
    after = following(found, lesson)
    if after is None:
        link = el("a", {"href": to(frame, lesson.topic)}, topic_title(frame, lesson.topic))
    else:
        link = el("a", {"href": to_lesson(frame, after), **SWEDISH}, after.article.title)
    told = frame.say("learn.next" if after is not None else "learn.topic_again")
    return el("nav", {"class": "next screen", "aria-label": told}, el("span", None, told), link)


def _contents(frame: Frame, lessons: tuple[Lesson, ...]) -> Html:
    rows = (
        el(
            "li",
            None,
            el("a", {"href": f"#{one.article.id}", **SWEDISH}, one.article.title),
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
