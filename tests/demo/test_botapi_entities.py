"""Telegram's HTML, whatever comes."""

from hypothesis import given
from hypothesis import strategies as st

from bot.demo.botapi.entities import html, units, written
from bot.demo.botapi.model import Formatted
from bot.demo.botapi.refusals import Refused

TAGS = ["b", "i", "u", "s", "code", "pre", "blockquote", "tg-spoiler"]
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="<>&"), max_size=8)


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def read_or_none(source: str) -> Formatted | None:
    try:
        return html(source)
    except Refused:
        return None


@given(st.text())
def test_escaped_text_comes_back(text: str) -> None:
    """What was escaped is read as it was written, trimmed, without mark-up."""
    assert html(escaped(text)) == Formatted(text=text.strip())


@given(st.text(alphabet='<>/&;"= abipresponklquotg-_#x1é👮', max_size=60))
def test_any_text_is_read_or_refused(source: str) -> None:
    """No source crashes the reader; every entity lies within the text."""
    read = read_or_none(source) or Formatted(text="")
    for entity in read.entities:
        assert entity.offset >= 0
        assert 0 < entity.length <= units(read.text) - entity.offset


@given(st.lists(st.tuples(st.sampled_from(TAGS), WORDS), max_size=6))
def test_marked_words_keep_their_place(pieces: list[tuple[str, str]]) -> None:
    """Cutting the text at an entity gives the word that was marked."""
    source = "".join(f"|<{tag}>{word}</{tag}>" for tag, word in pieces)
    read = html(f"{source}|")
    raw = read.text.encode("utf-16-le")
    cut = [raw[2 * e.offset : 2 * (e.offset + e.length)].decode("utf-16-le") for e in read.entities]
    assert cut == [word for _, word in pieces if word]


def test_nested_marks_and_attributes() -> None:
    """A link inside bold, a spoiler by class, an expandable quote, numbers as characters."""
    read = html(
        '<b>se <a href="https://example.org/?a=1&amp;b=2">här</a></b> <span class="tg-spoiler">x</span>'
        "<blockquote expandable>y</blockquote>&#229;&#xe4;&nbsp;"
    )
    assert read.text == "se här xyåä&nbsp;"
    assert [(e.kind, e.offset, e.length, e.url) for e in read.entities] == [
        ("bold", 0, 6, None),
        ("text_link", 3, 3, "https://example.org/?a=1&b=2"),
        ("spoiler", 7, 1, None),
        ("expandable_blockquote", 8, 1, None),
    ]


@given(st.text(alphabet="/@.:hps aå👮_1", max_size=40))
def test_what_is_found_lies_within(text: str) -> None:
    """Stretches found in typed text never reach outside it or into each other."""
    end = 0
    for entity in written(text).entities:
        assert entity.offset >= end
        end = entity.offset + entity.length
    assert end <= units(text)
