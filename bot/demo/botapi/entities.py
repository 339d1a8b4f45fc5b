"""Reads text that a bot sends: Telegram's HTML (core.telegram.org/bots/api#html-style) or ready-made entities."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape

from bot.demo.botapi import parameters
from bot.demo.botapi.model import Entity, Formatted
from bot.demo.botapi.parameters import Parameters
from bot.demo.botapi.refusals import Refused, bad_request

LONGEST_SOURCE = 1 << 15  # bytes of text with mark-up
LONGEST_TEXT = 4096  # UTF-16 units after parsing; the real server counts characters, so this is never laxer

KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
READY_MADE = {
    *KINDS.values(),
    "expandable_blockquote",
    "url",
    "email",
    "phone_number",
    "mention",
    "hashtag",
    "bot_command",
}

_PIECE = re.compile(
    r"<(/?)([^<>\s/]*)([^<>]*)>|(&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});)|([^<&]+|&|<)"
)
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]+)\s*(?:=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_WRITTEN = re.compile(
    r"(?P<url>https?://[^\s<>\"]+)"
    r"|(?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?<![\w/])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?)"
    r"|(?<![\w@])(?P<mention>@\w{3,32})"
)


def sent_text(given: Parameters, name: str = "text") -> Formatted:
    """The text of a call; 400 when it is empty, too long, or badly marked up."""
    source = parameters.text(given, name)
    if len(source.encode()) > LONGEST_SOURCE:
        raise bad_request("message is too long")
    formatted = _read(given, source)
    if not formatted.text:
        raise bad_request("message text is empty")
    if units(formatted.text) > LONGEST_TEXT:
        raise bad_request("message is too long")
    return formatted


def written(text: str) -> Formatted:
    """What a person typed, with the stretches that Telegram finds by itself: links, addresses, commands, mentions."""
    found = (
        Entity(kind=str(match.lastgroup), offset=units(text[: match.start()]), length=units(match.group()))
        for match in _WRITTEN.finditer(text)
    )
    return Formatted(text=text, entities=tuple(found))


def html(source: str) -> Formatted:
    """Telegram's HTML as text and entities; 400 with the place of the fault."""
    reading = _Reading()
    at = 0  # bytes read, which is how the refusals tell the place
    for match in _PIECE.finditer(source):
        if match[5] is not None:
            _plain(reading, match[5], at)
        elif match[4] is not None:
            reading.add(unescape(match[4]))
        elif match[1]:
            reading.close(match[2].lower(), at)
        else:
            reading.open(match[2].lower(), match[3], at)
        at += len(match.group().encode())
    if reading.waiting:
        raise _unparsable(f'Can\'t find end tag corresponding to start tag "{reading.waiting[-1].tag}"')
    return _trimmed(reading.text, reading.entities)


def units(text: str) -> int:
    """The length in UTF-16 code units, which is how Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(slots=True, kw_only=True)
class _Opened:
    tag: str
    entity: str
    start: int
    url: str | None = None


@dataclass(slots=True)
class _Reading:
    """Where the parser is: the text so far, the finished entities, the tags that wait for their end."""

    text: str = ""
    length: int = 0
    entities: list[Entity] = field(default_factory=list)
    waiting: list[_Opened] = field(default_factory=list)

    def add(self, piece: str) -> None:
        self.text += piece
        self.length += units(piece)

    def open(self, tag: str, rest: str, at: int) -> None:
        if tag not in KINDS:
            raise _unparsable(f'Unsupported start tag "{tag}" at byte offset {at}')
        self.waiting.append(_opened(tag, _attributes(rest), start=self.length, at=at))

    def close(self, tag: str, at: int) -> None:
        if not self.waiting:
            raise _unparsable(f"Unexpected end tag at byte offset {at}")
        opened = self.waiting.pop()
        if tag not in {"", opened.tag}:
            raise _unparsable(
                f'Unmatched end tag at byte offset {at}, expected "</{opened.tag}>", found "</{tag}>"'
            )
        if self.length > opened.start:
            self.entities.append(_finished(opened, self.text, self.length))


def _plain(reading: _Reading, piece: str, at: int) -> None:
    if piece == "<":
        raise _unparsable(f"Unclosed start tag at byte offset {at}")
    reading.add(piece)


def _attributes(rest: str) -> dict[str, str]:
    return {name.lower(): unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(rest)}


def _opened(tag: str, attributes: Mapping[str, str], *, start: int, at: int) -> _Opened:
    opened = _Opened(tag=tag, entity=KINDS[tag], start=start)
    if tag == "span" and attributes.get("class") != "tg-spoiler":
        raise _unparsable(f'Tag "span" must have class "tg-spoiler" at byte offset {at}')
    if tag == "a":
        opened.url = attributes.get("href")
    if tag == "blockquote" and "expandable" in attributes:
        opened.entity = "expandable_blockquote"
    return opened


def _finished(opened: _Opened, text: str, end: int) -> Entity:
    length = end - opened.start
    if opened.entity != "text_link":
        return Entity(kind=opened.entity, offset=opened.start, length=length)
    shown = text.encode("utf-16-le")[2 * opened.start : 2 * end].decode("utf-16-le")
    return Entity(kind="text_link", offset=opened.start, length=length, url=opened.url or shown)


def _read(given: Parameters, source: str) -> Formatted:
    mode = parameters.text(given, "parse_mode").lower()
    if mode == "html":
        return _with_found(html(source))
    if mode not in {"", "none"}:
        raise bad_request("unsupported parse_mode")  # this server knows HTML only
    listed = parameters.parsed(given, "entities", refusal="can't parse entities JSON object")
    given_entities = [_ready_made(parameters.fields(item)) for item in parameters.items(listed)]
    return _with_found(_trimmed(source, given_entities))


def _with_found(marked: Formatted) -> Formatted:
    """Telegram also finds links, commands and the like where the sender marked nothing."""
    taken = [range(entity.offset, entity.offset + entity.length) for entity in marked.entities]
    found = [
        entity for entity in written(marked.text).entities if not any(entity.offset in span for span in taken)
    ]
    return Formatted(text=marked.text, entities=tuple(sorted([*marked.entities, *found], key=_order)))


def _ready_made(item: Mapping[str, object]) -> Entity:
    kind, offset, length = item.get("type"), item.get("offset"), item.get("length")
    if kind not in READY_MADE or not isinstance(offset, int) or not isinstance(length, int):
        raise bad_request("can't parse MessageEntity: unsupported type, offset or length")
    return Entity(
        kind=str(kind), offset=offset, length=length, url=parameters.string(item.get("url")) or None
    )


def _trimmed(text: str, entities: list[Entity]) -> Formatted:
    """Telegram drops white space at both ends; entities move and shrink with it."""
    shift, end = units(text) - units(text.lstrip()), units(text.rstrip())
    kept = []
    for entity in sorted(entities, key=_order):
        start, stop = max(entity.offset, shift), min(entity.offset + entity.length, end)
        if start < stop:
            kept.append(Entity(kind=entity.kind, offset=start - shift, length=stop - start, url=entity.url))
    return Formatted(text=text.strip(), entities=tuple(kept))


def _order(entity: Entity) -> tuple[int, int]:
    return entity.offset, -entity.length


def _unparsable(why: str) -> Refused:
    return bad_request(f"can't parse entities: {why}")
