"""Builds HTML from values: whatever is a plain string is escaped, so markup in a text stays text."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

VOID = frozenset({"meta", "link", "br", "img", "input"})


@dataclass(frozen=True, slots=True)
class Html:
    """Markup that this module made; nothing else constructs it."""

    markup: str


Child = Html | str | None
Attributes = Mapping[str, str | bool]


def el(name: str, attributes: Attributes | None = None, *children: Child) -> Html:
    """Build one element. Strings are escaped, None is left out; an attribute of True stands bare, of False not at all.

    `name` and the attributes' names are this package's own words, never anything from outside.
    """
    opening = f"<{name}{_attributes(attributes or {})}>"
    if name in VOID:
        return Html(opening)
    return Html(f"{opening}{join(*children).markup}</{name}>")


def join(*children: Child) -> Html:
    """Put several one after the other, without an element around them."""
    return Html("".join(_child(child) for child in children if child is not None))


def document(language: str, head: Html, body: Html) -> str:
    """Write a whole page."""
    return "<!doctype html>" + el("html", {"lang": language}, head, body).markup


def _child(child: Html | str) -> str:
    return child.markup if isinstance(child, Html) else escape(child, quote=True)


def _attributes(attributes: Attributes) -> str:
    return "".join(_attribute(name, value) for name, value in attributes.items() if value is not False)


def _attribute(name: str, value: str | bool) -> str:  # noqa: FBT001 - HTML has bare attributes
    return f" {name}" if value is True else f' {name}="{escape(str(value), quote=True)}"'
