"""A chart of how many posts there were over time, as SVG: one step for each change, years below."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import Final

from bot.core.staffing import Level
from bot.web.html import Html, el

_WIDTH, _HEIGHT, _BELOW, _LEFT = 640, 150, 24, 28  # units of the viewBox
_DAYS: Final = 365.25  # of a year
_MOST_LABELS: Final = 12


def chart(levels: Sequence[Level], today: date, title: str) -> Html:
    """Draw the levels from the first to a year from today or from the last change, whichever is later."""
    first = levels[0].since.year
    last = max(today.year, levels[-1].since.year) + 1
    highest = max(1, *(level.posts for level in levels))
    scale = _Scale(first, last, highest)
    return el(
        "svg",
        {
            "viewBox": f"0 0 {_WIDTH} {_HEIGHT + _BELOW}",
            "role": "img",
            "aria-label": f"{title}: {_in_words(levels)}",
            "width": "100%",
            "class": "chart",
        },
        *_bars(levels, scale, date(last, 1, 1)),
        *_years(scale),
        *_counts(scale),
        _line(scale.across(today), 0, scale.across(today), _HEIGHT, dashed=True),
    )


class _Scale:
    """Where days and numbers of posts stand."""

    def __init__(self, first: int, last: int, highest: int) -> None:
        self.first, self.last, self.highest = first, last, highest

    def across(self, day: date) -> float:
        """Units from the left."""
        years = (day - date(self.first, 1, 1)).days / _DAYS
        return round(_LEFT + (_WIDTH - _LEFT) * years / (self.last - self.first), 1)

    def down(self, posts: int) -> float:
        """Units from the top."""
        return round(_HEIGHT - (_HEIGHT - 20) * posts / self.highest, 1)


def _bars(levels: Sequence[Level], scale: _Scale, end: date) -> Iterator[Html]:
    spans = [*pairwise([*levels, Level(since=end, posts=0, percent=0)])]
    for level, after in spans:
        left, right, top = scale.across(level.since), scale.across(after.since), scale.down(level.posts)
        size = {"x": str(left), "y": str(top), "width": str(round(right - left, 1))}
        shape = {"height": str(round(_HEIGHT - top, 1)), "fill": "currentColor", "fill-opacity": "0.25"}
        yield el("rect", {**size, **shape})


def _years(scale: _Scale) -> Iterator[Html]:
    each = max(1, -(-(scale.last - scale.first) // _MOST_LABELS))
    for place, year in enumerate(range(scale.first, scale.last, each)):
        across = scale.across(date(year, 1, 1))
        yield _line(across, _HEIGHT, across, _HEIGHT + 5)
        yield _text(across, _HEIGHT + 20, str(year), between=place % 2 == 1)


def _counts(scale: _Scale) -> Iterator[Html]:
    each = max(1, -(-scale.highest // 5))
    for posts in range(0, scale.highest + 1, each):
        yield _line(_LEFT, scale.down(posts), _WIDTH, scale.down(posts))
        yield _text(2, scale.down(posts) + 4, str(posts))


def _line(x1: float, y1: float, x2: float, y2: float, *, dashed: bool = False) -> Html:
    ends = {"x1": str(x1), "y1": str(y1), "x2": str(x2), "y2": str(y2)}
    stroke = {"stroke": "currentColor", "stroke-opacity": "0.6" if dashed else "0.2"}
    return el("line", {**ends, **stroke, **({"stroke-dasharray": "4 4"} if dashed else {})})


def _text(x: float, y: float, words: str, *, between: bool = False) -> Html:
    """`between`: left out where there is little room."""
    attributes: dict[str, str | bool] = {"x": str(x), "y": str(y), "font-size": "12", "fill": "currentColor"}
    return el("text", attributes | ({"class": "between"} if between else {}), words)


def _in_words(levels: Sequence[Level]) -> str:
    """For whoever does not see it: each change as a day and a number."""
    return ", ".join(f"{level.since.isoformat()}: {level.posts} ({level.percent} %)" for level in levels)
