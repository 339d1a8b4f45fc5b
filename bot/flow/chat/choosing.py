"""Asking for a person: place, matter, need, urgency, a page each."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.hours import STOCKHOLM
from bot.core.places import districts_at
from bot.core.press import NOW, Choose, Open, Page, encode, parse
from bot.core.request import DecisionKind, Matter, Need, Urgency
from bot.core.text import bare_time
from bot.flow.chat.spoken import Buttons, Speech
from bot.flow.chat.turn import Turn, in_a_line, in_rows, to_card
from bot.flow.messages import Button
from bot.flow.speaker import home_districts

HALF_HOURS = 5  # offered for an interview, after "now"; then whole hours
DAY_AHEAD = timedelta(hours=23)  # the last hour offered: 24 hours later the clock shows the same


def choosing(turn: Turn, name: str) -> Speech:
    """The next choice, or where the request stands when all are made."""
    if name in ("done", "already"):
        c = turn.consultation()
        text = turn.say("choose.already") + "\n" if name == "already" else ""
        rows: Buttons = (to_card(turn, c),) if name == "already" and c is not None else ()
        return turn.speech(text + (in_a_line(turn, c) if c is not None else ""), rows)
    choice = parse(turn.params["press"])
    assert isinstance(choice, Choose)
    params = _chosen(turn, choice)
    rows = _CHOICES[name](turn, choice)
    return turn.speech(turn.say(f"choose.{name}", **params), rows)


def _chosen(turn: Turn, choice: Choose) -> dict[str, str]:
    district = turn.deps.content().structure.districts.get(choice.district) if choice.district else None
    return {
        "place": turn.words.label(district.label) if district is not None else "",
        "matter": turn.say(f"matter.{choice.matter}") if choice.matter else "",
        "need": turn.say(f"need.{choice.need}") if choice.need else "",
    }


def _places(turn: Turn, _: Choose) -> Buttons:
    """The officer's own region first; further places and other municipalities a press away."""
    assert turn.person is not None
    everywhere = districts_at(turn.deps.content().structure, turn.words.now)
    own = home_districts(turn.deps, turn.person, turn.words.now)
    shown = everywhere if "everywhere" in turn.params else own
    rows = in_rows(Button(text=turn.words.label(d.label), press=encode(Choose(district=d.id))) for d in shown)
    more = [turn.button("button.more_places", Open(page=Page.PLACES))] if len(shown) < len(everywhere) else []
    return (*rows, tuple(more)) if more else rows


def _matters(turn: Turn, choice: Choose) -> Buttons:
    return in_rows(
        Button(text=turn.say(f"matter.{m}"), press=encode(_with(choice, matter=m))) for m in Matter
    )


def _needs(turn: Turn, choice: Choose) -> Buttons:
    return tuple((Button(text=turn.say(f"need.{n}"), press=encode(_with(choice, need=n))),) for n in Need)


def _hours(turn: Turn, choice: Choose) -> Buttons:
    now = Button(text=turn.say("choose.hour_now"), press=encode(_with(choice, detail=NOW)))
    later = [
        Button(text=bare_time(at, turn.language), press=encode(_with(choice, detail=f"{_wall(at):%H%M}")))
        for at in hours_ahead(turn.words.now)
    ]
    return in_rows([now, *later], width=4)


def _decisions(turn: Turn, choice: Choose) -> Buttons:
    return tuple(
        (Button(text=turn.say(f"decision.{d}"), press=encode(_with(choice, detail=d))),) for d in DecisionKind
    )


def _urgencies(turn: Turn, choice: Choose) -> Buttons:
    return tuple(
        (Button(text=turn.say(f"urgency.{u}"), press=encode(_with(choice, urgency=u))),) for u in Urgency
    )


_CHOICES = {
    "place": _places,
    "matter": _matters,
    "need": _needs,
    "hour": _hours,
    "decision": _decisions,
    "urgency": _urgencies,
}


def _with(choice: Choose, **chosen: Matter | Need | Urgency | str) -> Choose:
    return replace(choice, **chosen)  # type: ignore[arg-type] # the names are Choose's own


def hours_ahead(now: datetime) -> list[datetime]:
    """The hours offered for an interview: half-hours while it is near, then each whole hour of the next day and night."""
    first = now.replace(minute=30 * (now.minute // 30), second=0, microsecond=0) + timedelta(minutes=30)
    near = [first + timedelta(minutes=30 * n) for n in range(HALF_HOURS)]
    hour = near[-1].replace(minute=0) + timedelta(hours=1)
    count = (now + DAY_AHEAD - hour) // timedelta(hours=1) + 1
    return near + [hour + timedelta(hours=n) for n in range(count)]


def _wall(at: datetime) -> datetime:
    return at.astimezone(STOCKHOLM)
