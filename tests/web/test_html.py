"""The builder of HTML: what is text stays text, whatever it holds."""

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from bot.web.html import Html, document, el, join

ANY = st.text(st.characters(exclude_characters="\r\x00", exclude_categories=["Cs"]), max_size=80)


class Reader(HTMLParser):
    """Notes what a browser would see: elements, attributes, text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes.extend(attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: Html) -> Reader:
    reader = Reader()
    reader.feed(html.markup)
    reader.close()
    return reader


@given(ANY, ANY)
def test_any_text_comes_out_as_it_went_in(text: str, value: str) -> None:
    """No text makes an element or an attribute, and none is changed on the way."""
    seen = read(el("p", {"title": value}, text))
    assert seen.elements == ["p"]
    assert seen.attributes == [("title", value)]
    assert seen.text == text


def test_attributes_stand_bare_or_not_at_all() -> None:
    """True is an attribute without a value, False is none."""
    assert el("input", {"hidden": True, "checked": False}).markup == "<input hidden>"


def test_nothing_is_left_out_but_nothing() -> None:
    """None is no child; an empty text is an empty text."""
    assert join(None, el("b", None, ""), None, "a").markup == "<b></b>a"


def test_a_document_says_its_language() -> None:
    """WCAG 3.1.1: the page's language is in its first element."""
    assert (
        document("sv", el("head"), el("body"))
        == '<!doctype html><html lang="sv"><head></head><body></body></html>'
    )
