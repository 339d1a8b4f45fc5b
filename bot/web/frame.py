"""The frame around every page: head, bar, danger line, footer; and the pieces that several pages use."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.core.text import Language
from bot.flow.status import Line, Numbers, Tone
from bot.flow.words import Words
from bot.web.assets import Asset, address
from bot.web.html import Child, Html, document, el, join

_OWN_TRAIL = "/learn"  # pages that show the way they lie on themselves
MOST_OPEN = 3  # cards that stand open beside each other
MARKS = {Tone.WAIT: "clock", Tone.GOOD: "yes", Tone.BAD: "no", Tone.PLAIN: "no"}
NOT_DIALLED = re.compile(r"[^0-9+]")


Folded = tuple[str, Html | None, Html]  # title, a few words beside it, what is inside


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What a page is drawn with: one reader's words, the static files, and the path that the language link leads back to."""

    words: Words = field(repr=False)
    assets: Mapping[str, Asset] = field(repr=False)
    path: str

    @property
    def query(self) -> str:
        """What keeps the language when one page leads to another."""
        return f"?lang={self.words.language}"

    def say(self, key: str, **params: str) -> str:
        """Say the sentence in the reader's language."""
        return self.words.say(key, **params)


def page(
    frame: Frame, title: str, main: Html, *, scripts: tuple[str, ...] = (), beside: Html | None = None
) -> str:
    """Write a whole page around `main`; `beside` stands in the bar."""
    back = _back(frame) if frame.path != "/" and not frame.path.startswith(_OWN_TRAIL) else None
    body = el("body", None, _skip(frame), _bar(frame, beside), _danger(frame), back, main, _footer(frame))
    return document(frame.words.language, _head(frame, title, scripts), body)


def icon(frame: Frame, name: str) -> Html:
    """Draw one of our own icons; words beside it say the same."""
    use = el("use", {"href": f"{address(frame.assets, 'icons.svg')}#{name}"})
    return el("svg", {"class": "icon", "aria-hidden": "true", "focusable": "false"}, use)


def ring(frame: Frame, line: Line, key: str, *, later: bool = False) -> Html:
    """A large button that calls, and under it when the number answers."""
    words = el(
        "span",
        None,
        el("span", {"class": "who"}, frame.say("web.ring", label=line.label)),
        el("span", {"class": "number"}, line.number),
    )
    link = el(
        "a",
        {
            "class": "ring",
            "id": key,
            "href": f"tel:{NOT_DIALLED.sub('', line.number)}",
            "data-rank": "later" if later else "first",
        },
        icon(frame, "phone"),
        words,
    )
    return el("div", {"class": "line"}, link, _notes(line) if line.notes else None)


def rings(frame: Frame, lines: tuple[Line, ...], key: str, *, now: int | None = 0) -> Html:
    """Several numbers in the order in which they are tried; the one to call `now` stands out."""
    buttons = (ring(frame, line, f"{key}-{place}", later=place != now) for place, line in enumerate(lines))
    return el("div", {"class": "lines"}, *buttons)


def numbers_group(
    frame: Frame, title: str, numbers: tuple[Numbers, ...], *, now: int | None = 0
) -> Html | None:
    """The numbers that answer now, place by place; those that are not near are folded."""
    if not numbers:
        return None
    near = (
        el("div", {"class": "card"}, el("h3", None, _places(found)), _lines(frame, found, now))
        for found in numbers
        if found.near
    )
    far = [(_places(found), None, _lines(frame, found, None)) for found in numbers if not found.near]
    return group("numbers", title, *near, folds("far", far))


def silence_alert(frame: Frame, lines: tuple[Line, ...]) -> Html:
    """The alert that the script shows when nothing is heard: it stands ready, so that it works without the server."""
    return el(
        "section",
        {"class": "silence wide", "role": "alert", "data-silence": True, "hidden": True},
        el("h2", None, frame.say("web.silence.title")),
        el("p", None, frame.say("web.silence.lead")),
        rings(frame, lines, "silence"),
        to_numbers(frame),
    )


def to_numbers(frame: Frame) -> Html:
    """The way to all numbers, which a browser keeps for when there is no net."""
    return el("a", {"class": "quiet", "href": f"/numbers{frame.query}"}, frame.say("numbers.all"))


def gathered(key: str, cards: Sequence[Folded]) -> Iterator[Html | None]:
    """Titled cards: a few stand open; many are folded, so that one finds one's own by its name."""
    if len(cards) > MOST_OPEN:
        yield folds(key, cards)
        return
    for title, note, inside in cards:
        yield el("div", {"class": "card"}, el("div", {"class": "top"}, el("h3", None, title), note), inside)


def folds(key: str, cards: Sequence[Folded]) -> Html | None:
    """One card of rows that unfold; each row tells the essential beside its title."""
    rows = (
        el(
            "details",
            {"id": f"{key}-{place}"},
            el("summary", None, el("span", {"class": "named"}, title), note),
            el("div", {"class": "inside"}, inside),
        )
        for place, (title, note, inside) in enumerate(cards)
    )
    return el("div", {"class": "card folds"}, *rows) if cards else None


def toned(frame: Frame, tone: Tone, sentence: str) -> Html:
    """A few words with a mark before them: good or bad is told by word and mark first, by colour second."""
    return el(
        "span", {"class": "toned", "data-tone": tone}, icon(frame, MARKS[tone]), el("span", None, sentence)
    )


def _notes(line: Line) -> Html:
    """Short sentences that break between them, not inside a date."""
    sentences = (join(el("span", {"class": "whole"}, note), " ") for note in line.notes)
    return el("p", {"class": "fine"}, *sentences)


def _places(found: Numbers) -> str:
    return ", ".join(found.places)


def _lines(frame: Frame, found: Numbers, now: int | None) -> Html:
    """Drawn under ids made of the first number: it is the same wherever the card stands."""
    return rings(frame, found.lines, f"number-{found.places[0]}".replace(" ", "-"), now=now)


def group(key: str, title: str, *children: Child) -> Html:
    """A titled part of a page."""
    heading = el("h2", {"id": f"{key}-title"}, title)
    return el("section", {"class": "group", "aria-labelledby": f"{key}-title"}, heading, *children)


def _head(frame: Frame, title: str, scripts: tuple[str, ...]) -> Html:
    files = frame.assets
    return el(
        "head",
        None,
        el("meta", {"charset": "utf-8"}),
        el("title", None, f"{title} · {frame.say('web.name')}"),
        el("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}),
        el("meta", {"name": "color-scheme", "content": "light dark"}),
        el("meta", {"name": "format-detection", "content": "telephone=no"}),
        el("meta", {"name": "robots", "content": "noindex"}),
        el("link", {"rel": "icon", "type": "image/svg+xml", "href": address(files, "samjour.svg")}),
        el("link", {"rel": "stylesheet", "href": address(files, "samjour.css")}),
        *(el("script", {"type": "module", "src": address(files, name)}) for name in scripts),
    )


def _skip(frame: Frame) -> Html:
    return el("a", {"class": "skip", "href": "#main"}, frame.say("web.skip"))


def _bar(frame: Frame, beside: Html | None) -> Html:
    other = Language.EN if frame.words.language == Language.SV else Language.SV
    return el(
        "header",
        {"class": "bar"},
        el(
            "a",
            {"class": "mark", "href": f"/{frame.query}"},
            el(
                "img", {"src": address(frame.assets, "samjour.svg"), "alt": "", "width": "32", "height": "32"}
            ),
            frame.say("web.name"),
        ),
        beside,
        el(
            "a",
            {"class": "quiet", "href": f"{frame.path}?lang={other}", "lang": other, "hreflang": other},
            frame.say("web.other_language"),
        ),
    )


def _back(frame: Frame) -> Html:
    """The way back from any page but the first."""
    link = el("a", {"href": f"/{frame.query}"}, frame.say("web.home"))
    return el("nav", {"class": "trail back", "aria-label": frame.say("learn.back")}, link)


def _danger(frame: Frame) -> Html:
    return el(
        "div",
        {"class": "danger"},
        el("p", None, icon(frame, "alert"), el("span", None, frame.say("web.danger"))),
    )


def _footer(frame: Frame) -> Html:
    return el("footer", None, el("p", None, to_numbers(frame)), el("p", None, frame.say("web.footer")))
