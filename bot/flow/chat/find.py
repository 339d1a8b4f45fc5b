"""Who does what, in a chat: a place with its groups, one group, one entry, and its article."""

from bot.core.errors import BadInput
from bot.core.finding import Found, FoundKind
from bot.core.library.search import Answer
from bot.core.press import Find, Open, Page, encode
from bot.flow.chat import library
from bot.flow.chat.spoken import Buttons, Speech
from bot.flow.chat.turn import Turn
from bot.flow.find import GROUPS, Guide, about, guide_at, knowledge, place_words, spot_of, step_line, title
from bot.flow.messages import Button
from bot.flow.reading import open_article, reader_at
from bot.flow.speaker import home_districts

MOST = 40  # buttons of one page


def find_page(turn: Turn, name: str) -> Speech:
    """The page that was asked for; what is not there any more leads to the place."""
    del name  # there is one
    assert turn.person is not None
    what, now = turn.params.get("what", ""), turn.words.now
    try:
        spot = spot_of(turn.deps, turn.person, turn.params.get("place", ""), now)
    except BadInput:  # the map has changed since
        spot = spot_of(turn.deps, turn.person, "", now)
    guide = guide_at(turn.tx, turn.deps.content(), spot, now)
    if what in GROUPS:
        return _group(turn, guide, GROUPS[what])
    entry = guide.named(what)
    if entry is not None:
        return _article(turn, guide, entry) if turn.params.get("read") else _entry(turn, guide, entry)
    if what == "places":
        return _places(turn, guide)
    return _place(turn, guide, before=turn.say("find.gone") if what else "")


def _place(turn: Turn, guide: Guide, before: str = "") -> Speech:
    """Who can be asked there, and what else can be found."""
    steps = [
        f"• {step_line(turn.words, one.step)}" for one in guide.of(FoundKind.STEP) if one.step is not None
    ]
    lines = [
        before,
        turn.say("find.head", place=place_words(turn.words, guide.spot)),
        turn.say("find.steps") + ":" if steps else "",
        *steps,
        *knowledge(turn.words, guide),
    ]
    groups = [_to_group(turn, guide, key) for key, kind in GROUPS.items() if guide.of(kind)]
    text = "\n".join(filter(None, lines))
    return turn.speech(text, (*((one,) for one in groups), _onwards(turn, guide)))


def _group(turn: Turn, guide: Guide, kind: FoundKind) -> Speech:
    """The entries of one kind, a button each."""
    found = guide.of(kind)[:MOST]
    head = f"{turn.say(f'find.{kind}')}: {place_words(turn.words, guide.spot)}"
    rows = tuple((_to_entry(turn, guide, one),) for one in found)
    return turn.speech(head if found else turn.say("find.none"), (*rows, _back(turn, guide, "")))


def _entry(turn: Turn, guide: Guide, found: Found) -> Speech:
    """What it does and how to get there; its article by a button."""
    text = "\n".join((title(turn.words, found), "", *about(turn.words, found)))
    read: Buttons = ()
    if found.entry is not None and found.entry.article is not None:
        press = Find(place=guide.spot.name, what=found.id, read=True)
        read = ((turn.button("button.read", press),),)
    return turn.speech(text, (*read, _back(turn, guide, _key(found.kind))))


def _article(turn: Turn, guide: Guide, found: Found) -> Speech:
    """The article as it reads there; where it waits for review that is said instead."""
    assert found.entry is not None
    content = turn.deps.content()
    reader = reader_at(content.structure, guide.spot.board, turn.words.now)
    named = found.entry.article
    opened = open_article(content.library, named, reader) if named is not None else None
    back = _back(turn, guide, found.id)
    if not isinstance(opened, Answer):
        return turn.speech(turn.say("find.article_waits"), (back,))
    text = library.told(turn, opened.article, reader.fields)
    return turn.speech(text, (back,))


def _places(turn: Turn, guide: Guide) -> Speech:
    """Where else one can look."""
    assert turn.person is not None
    districts = home_districts(turn.deps, turn.person, turn.words.now)[:MOST]
    rows = tuple(
        (Button(text=turn.words.label(one.label), press=encode(Find(place=one.id))),) for one in districts
    )
    return turn.speech(turn.say("find.title"), (*rows, _back(turn, guide, "")))


def _to_group(turn: Turn, guide: Guide, key: str) -> Button:
    kind = GROUPS[key]
    text = turn.say("find.group", kind=turn.say(f"find.{kind}"), count=str(len(guide.of(kind))))
    return Button(text=text, press=encode(Find(place=guide.spot.name, what=key)))


def _to_entry(turn: Turn, guide: Guide, found: Found) -> Button:
    return Button(text=title(turn.words, found), press=encode(Find(place=guide.spot.name, what=found.id)))


def _onwards(turn: Turn, guide: Guide) -> tuple[Button, ...]:
    elsewhere = Find(place=guide.spot.name, what="places")
    return (turn.button("button.more_places", elsewhere), turn.button("button.back", Open(page=Page.HOME)))


def _back(turn: Turn, guide: Guide, what: str) -> tuple[Button, ...]:
    return (turn.button("button.back", Find(place=guide.spot.name, what=what)),)


def _key(kind: FoundKind) -> str:
    return next(key for key, group in GROUPS.items() if group is kind)
