"""The page of who does what at a place. It needs no script, and prints."""

from dataclasses import dataclass

from bot.core.finding import Found, FoundKind
from bot.core.places import District
from bot.flow.find import Guide, about, knowledge, place_words, step_line, title
from bot.flow.learning import Shelf
from bot.web.frame import Frame, folds, group, page
from bot.web.html import Html, el, join
from bot.web.learn_names import SWEDISH, to_lesson

_GROUPS = (FoundKind.REFERRAL, FoundKind.CONTACT, FoundKind.FORUM)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What the page shows. `there`: the library as it reads at the place; `own`: where links can lead the reader."""

    guide: Guide
    districts: tuple[District, ...]
    there: Shelf
    own: Shelf | None


def find_page(frame: Frame, view: View) -> str:
    """Draw one place: whom one can ask there, then referrals, contacts and forums, each with how to get there."""
    words, guide = frame.words, view.guide
    parts = (
        el("h1", None, frame.say("find.title")),
        el("p", {"class": "lead"}, frame.say("find.lead")),
        _chooser(frame, guide, view.districts),
        el("h2", None, place_words(words, guide.spot)),
        _people(frame, guide),
        *(_group(frame, view, kind) for kind in _GROUPS),
    )
    column = el("div", {"class": "column learn"}, *parts)
    main = el("main", {"id": "main"}, el("div", {"class": "part", "data-columns": "one"}, column))
    return page(frame, frame.say("find.title"), main)


def _chooser(frame: Frame, guide: Guide, districts: tuple[District, ...]) -> Html:
    """The places one can look at, one's own first; a plain form, so that the address tells the place and no more."""
    spot = guide.spot
    own = el("option", {"value": spot.name, "selected": True}, place_words(frame.words, spot))
    others = (
        el("option", {"value": one.id}, frame.words.label(one.label))
        for one in districts
        if one.id != spot.district
    )
    return el(
        "form",
        {"class": "card screen", "method": "get", "action": "/find"},
        el("input", {"type": "hidden", "name": "lang", "value": frame.words.language}),
        el("label", {"for": "place"}, frame.say("find.place")),
        el("select", {"id": "place", "name": "place"}, own, *others),
        el("button", {"class": "press"}, frame.say("find.show")),
    )


def _people(frame: Frame, guide: Guide) -> Html:
    """Whom the chain asks there, what they know in particular, what somebody may decide."""
    steps = (
        el("li", None, step_line(frame.words, one.step))
        for one in guide.of(FoundKind.STEP)
        if one.step is not None
    )
    known = (el("p", None, sentence) for sentence in knowledge(frame.words, guide))
    numbers = el("p", {"class": "screen"}, el("a", {"href": f"/{frame.query}"}, frame.say("learn.numbers")))
    card = el("div", {"class": "card"}, el("ul", {"class": "rows"}, *steps), *known, numbers)
    return group("steps", frame.say("find.steps"), card)


def _group(frame: Frame, view: View, kind: FoundKind) -> Html | None:
    found = view.guide.of(kind)
    if not found:
        return None
    cards = [(title(frame.words, one), None, _inside(frame, view, one)) for one in found]
    return group(kind, frame.say(f"find.{kind}"), folds(kind, cards))


def _inside(frame: Frame, view: View, found: Found) -> Html:
    """What it does, for whom, how to get there, and what to read."""
    sentences = (el("p", None, sentence) for sentence in about(frame.words, found))
    return join(*sentences, _article(frame, view, found))


def _article(frame: Frame, view: View, found: Found) -> Html | None:
    """A link to the article; written for another place, where no link leads, it is here in full."""
    named = found.entry.article if found.entry is not None else None
    lesson = view.there.by_id.get(named) if named is not None else None
    if lesson is None:
        return None
    told = frame.say("find.article", title=lesson.article.title)
    if view.own is not None and lesson.article.id in view.own.by_id:
        return el("p", None, el("a", {"href": to_lesson(frame, lesson)}, told))
    waits = frame.say("find.article_waits")
    body = (
        el("p", {"class": "body", **SWEDISH}, lesson.body)
        if lesson.body is not None
        else el("p", None, waits)
    )
    draft = lesson.body is not None and lesson.article.approved_by is None
    status = el("p", {"class": "draft"}, frame.say("learn.draft")) if draft else None
    return el("div", {"class": "lesson"}, el("p", None, el("strong", None, told)), status, body)
