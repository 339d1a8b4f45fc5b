"""The status page: what a person sees of now, as HTML."""

from bot.flow.status import (
    Cover,
    Happened,
    Held,
    MyDuty,
    MyRequest,
    Opened,
    Readiness,
    Status,
    Takeable,
    Tone,
    Waiting,
)
from bot.flow.times import until
from bot.web import pages
from bot.web.frame import (
    MARKS,
    Frame,
    gathered,
    group,
    icon,
    numbers_group,
    page,
    rings,
    silence_alert,
    toned,
)
from bot.web.html import Attributes, Child, Html, el, join


def status_page(frame: Frame, status: Status) -> str:
    """Write the whole page; `/part/status` later brings only what may have changed."""
    main = el("main", {"id": "main", "data-live": f"/part/status{frame.query}"}, status_part(frame, status))
    voice = el("p", {"class": "unseen", "aria-live": "polite", "data-announced": True})
    quiet = el("noscript", None, el("p", {"class": "fine"}, frame.say("web.no_script")))
    title = frame.say("web.now_title" if status.signed_in else "web.signed_out.title")
    return page(
        frame, title, join(main, voice, quiet), scripts=("status.js", "offline.js"), beside=_updated(frame)
    )


def status_part(frame: Frame, status: Status) -> Html:
    """Draw the part that is asked for again and again: the same state gives the same bytes."""
    columns = _columns(frame, status) if status.signed_in else pages.door(frame, status.numbers)
    attributes: Attributes = {"class": "part", "data-part": True, "data-headline": status.headline}
    return el("div", attributes, _silence(frame, status), *columns)


def heard_at(frame: Frame) -> str:
    """Say when this was so, as it stands in the bar."""
    return until(frame.words, frame.words.now)


def _updated(frame: Frame) -> Html:
    """When the page last heard from us, so that an old page can be seen to be old."""
    clock = el("span", {"class": "when", "data-heard": True}, heard_at(frame))
    word = el("span", {"class": "word"}, frame.say("web.updated"))
    return el("p", {"class": "fine updated"}, icon(frame, "clock"), word, clock)


def _columns(frame: Frame, status: Status) -> tuple[Html, ...]:
    """The person's own first; whoever oversees rather than acts sees the cover there too."""
    acts = status.requests is not None or status.duty is not None
    cover = _cover(frame, status.cover)
    title, now = frame.say("web.signed_out.numbers"), None if status.requests else 0
    own = (
        _duty(frame, status.duty),
        _waiting(frame, status.waiting),
        _left(frame, status.left),
        _takeable(frame, status.takeable),
        _held(frame, status.held),
        _mine(frame, status),
        _opened(frame, status.opened),
        _readiness(frame, status.readiness, register=status.register),
        None if acts else cover,
    )
    beside = (numbers_group(frame, title, status.numbers, now=now), cover if acts else None)
    return (
        _hello(frame, status),
        el("div", {"class": "column"}, *own),
        el("div", {"class": "column"}, *beside),
    )


def _silence(frame: Frame, status: Status) -> Html:
    """The numbers that this person would call now."""
    lines = status.requests[0].lines if status.requests else ()
    lines = lines or (status.numbers[0].lines if status.numbers else ())
    return silence_alert(frame, lines[:2])


def _hello(frame: Frame, status: Status) -> Html:
    leave = _press(frame, "/api/v1/sessions/end", "web.sign_out", id_="sign-out")
    link = _press(frame, "/link", "web.link.press", id_="link")
    device = el("a", {"class": "quiet", "href": f"/device{frame.query}"}, frame.say("device.title"))
    works = status.requests is not None or status.duty is not None
    find = el("a", {"class": "quiet", "href": f"/find{frame.query}"}, frame.say("find.title"))
    posts = el("a", {"class": "quiet", "href": f"/staffing{frame.query}"}, frame.say("staffing.title"))
    learn = el("a", {"class": "quiet", "href": f"/learn{frame.query}"}, frame.say("learn.title"))
    return el(
        "div",
        {"class": "hello wide"},
        el(
            "div",
            None,
            el("h1", None, frame.say("web.now_title")),
            el("p", None, frame.say("web.signed_in_as", name=status.name)),
        ),
        el(
            "div",
            {"class": "own"},
            learn if works else None,
            find,
            posts if status.readiness else None,
            device,
            link,
            leave,
        ),
    )


def _press(frame: Frame, action: str, key: str, *, id_: str) -> Html:
    button = el("button", {"class": "quiet", "id": id_}, frame.say(key))
    return el("form", {"method": "post", "action": f"{action}{frame.query}"}, button)


def _mine(frame: Frame, status: Status) -> Html | None:
    if status.requests is None:
        return None
    cards = [_request(frame, found) for found in status.requests] or [_none(frame)]
    recent = [_request(frame, found) for found in status.recent]
    mine = group("mine", frame.say("web.mine.title"), *cards)
    return join(mine, group("recent", frame.say("web.mine.recent"), *recent) if recent else None)


def _none(frame: Frame) -> Html:
    return _empty(frame.say("web.mine.none"), frame.say("web.mine.none_next"))


def _request(frame: Frame, found: MyRequest) -> Html:
    return el(
        "article",
        {"class": "card"},
        _over(found.place, found.wish),
        _state(found.tone, found.sentence, found.more, found.next),
        _happened(frame, found.happened),
        rings(frame, found.lines, f"ring-{found.id}", now=found.call) if found.lines else None,
    )


def _happened(frame: Frame, happened: tuple[Happened, ...]) -> Html | None:
    if not happened:
        return None
    rows = (
        el(
            "li",
            {"data-tone": step.tone},
            icon(frame, MARKS[step.tone]),
            el("span", None, step.function, el("span", {"class": "what"}, step.sentence)),
            el("span", {"class": "when"}, step.clock),
        )
        for step in happened
    )
    return el("ol", {"class": "steps", "aria-label": frame.say("web.mine.asked_title")}, *rows)


def _duty(frame: Frame, duty: MyDuty | None) -> Html | None:
    if duty is None:
        return None
    tone = Tone.GOOD if duty.on else Tone.PLAIN
    told = _state(tone, duty.sentence, duty.more)
    duties = (el("li", None, words) for words in duty.duties)
    return group(
        "duty",
        frame.say("web.duty.title"),
        el("div", {"class": "card"}, told, _rows(*duties) if duty.duties else None),
    )


def _waiting(frame: Frame, waiting: tuple[Waiting, ...]) -> Html | None:
    if not waiting:
        return None
    cards = (
        el(
            "article",
            {"class": "card"},
            _over(found.place, found.wish),
            _state(Tone.WAIT, found.sentence, frame.say("web.waiting.how")),
        )
        for found in waiting
    )
    return group("waiting", frame.say("web.waiting.title"), *cards)


def _left(frame: Frame, left: tuple[Takeable, ...]) -> Html | None:
    if not left:
        return None
    how = frame.say("handover.left_how")
    cards = (
        el("article", {"class": "card"}, _over(one.place, one.wish), _state(Tone.BAD, one.sentence, how))
        for one in left
    )
    return group("left", frame.say("handover.left_title"), *cards)


def _takeable(frame: Frame, takeable: tuple[Takeable, ...]) -> Html | None:
    if not takeable:
        return None
    cards = (
        el(
            "article",
            {"class": "card"},
            _over(found.place, found.wish),
            _state(Tone.WAIT, found.sentence, frame.say("web.takeable.how")),
        )
        for found in takeable
    )
    return group("takeable", frame.say("web.takeable.title"), *cards)


def _held(frame: Frame, held: tuple[Held, ...] | None) -> Html | None:
    if held is None:
        return None
    cards = [
        el(
            "article",
            {"class": "card"},
            _over(found.place, found.wish),
            _state(found.tone, found.sentence, found.more, found.how),
            rings(frame, found.call, f"call-{found.id}") if found.call else None,
        )
        for found in held
    ]
    return group("held", frame.say("web.held.title"), *(cards or [_empty(frame.say("web.held.none"))]))


def _cover(frame: Frame, cover: tuple[Cover, ...]) -> Html | None:
    if not cover:
        return None
    cards = [
        (found.label, toned(frame, Tone.GOOD if found.manned else Tone.BAD, found.count), _functions(found))
        for found in cover
    ]
    return group("cover", frame.say("web.cover.title"), *gathered("cover", cards))


def _functions(found: Cover) -> Html:
    rows = (
        el("li", None, el("span", None, f.label), el("span", {"class": "count"}, f.sentence))
        for f in found.functions
    )
    return join(el("p", {"class": "over"}, found.sentence), _rows(*rows) if found.functions else None)


def _readiness(frame: Frame, readiness: tuple[Readiness, ...], *, register: bool) -> Html | None:
    if not readiness:
        return None
    cards = [
        (
            found.label,
            toned(frame, Tone.GOOD if found.ok else Tone.BAD, found.sentence),
            _checks(frame, found),
        )
        for found in readiness
    ]
    ahead = el("a", {"class": "quiet", "href": f"/coverage{frame.query}"}, frame.say("coverage.title"))
    entered = el("a", {"class": "quiet", "href": f"/register{frame.query}"}, frame.say("register.title"))
    links = el("p", None, ahead, " ", entered) if register else el("p", None, ahead)
    return group("ready", frame.say("web.ready.title"), *gathered("ready", cards), links)


def _opened(frame: Frame, opened: tuple[Opened, ...]) -> Html | None:
    if not opened:
        return None
    rows = (el("li", None, el("span", None, found.sentence)) for found in opened)
    return group("opened", frame.say("opening.title"), el("div", {"class": "card"}, _rows(*rows)))


def _checks(frame: Frame, found: Readiness) -> Html:
    rows = (
        el(
            "li",
            None,
            el("span", None, check.label),
            toned(frame, Tone.GOOD if check.ok else Tone.BAD, check.sentence),
        )
        for check in found.checks
    )
    return _rows(*rows)


def _state(tone: Tone, sentence: str, *more: str) -> Html:
    lines = (el("p", None, line) for line in more if line)
    return el("div", {"class": "state", "data-tone": tone}, el("h3", None, sentence), *lines)


def _over(place: str, wish: str) -> Html:
    return el("p", {"class": "over"}, el("strong", None, place), el("br"), wish)


def _empty(*lines: str) -> Html:
    return el("div", {"class": "empty"}, *(el("p", None, line) for line in lines))


def _rows(*rows: Child) -> Html:
    return el("ul", {"class": "rows"}, *rows)
