"""What an organisation fills in for its articles beside telephone numbers: a short text, a web address, an e-mail address."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from pydantic import ConfigDict, Field

MAX_VALUE: Final = 200  # characters
_STRICT: Final = ConfigDict(extra="forbid", strict=True, hide_input_in_errors=True)
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST: Final = rf"(?:{_LABEL}\.)+[a-z]{{2,24}}"
_WEB: Final = re.compile(rf"https://{_HOST}(?:/[A-Za-z0-9._~%/-]*)?(?:\?[A-Za-z0-9._~%=&-]+)?")
_EMAIL: Final = re.compile(rf"[a-z0-9](?:[a-z0-9._+-]{{0,62}}[a-z0-9])?@{_HOST}")
_OTHER: Final = re.compile(r"://|www\.|@|[{}<>]|[0-9](?:[ -]?[0-9]){5,}")  # addresses, markup, long numbers


class FieldKind(StrEnum):
    """What a value is; the kind ends the name by which articles ask for it. The values stand in files: never rename."""

    TEXT = "text"
    WEB = "web"
    EMAIL = "email"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldValue:
    """One value, and the day somebody last saw that it is right. Empty: known to be missing."""

    __pydantic_config__ = _STRICT
    id: Annotated[str, Field(pattern=r"^[a-z]+(-[a-z]+)*$", max_length=32)]
    kind: FieldKind
    value: Annotated[str, Field(max_length=MAX_VALUE)]
    checked: date

    @property
    def name(self) -> str:
        """How an article's body asks for it, without the braces: `anmalan` of kind web is `anmalan_web`."""
        return f"{self.id}_{self.kind}".replace("-", "_")


def value_fault(found: FieldValue) -> str | None:
    """What is wrong with a value that is not empty, never repeating it; None where nothing is."""
    value = found.value
    if not value or _IS[found.kind].fullmatch(value):
        plain = found.kind is not FieldKind.TEXT or (value.isprintable() and not _OTHER.search(value))
        return None if plain else "a text holds no address, no long number and no sign that is not seen"
    return _WANTED[found.kind]


_IS: Final = {FieldKind.TEXT: re.compile(r"\S(?:.*\S)?"), FieldKind.WEB: _WEB, FieldKind.EMAIL: _EMAIL}
_WANTED: Final = {
    FieldKind.TEXT: "a text is one line, without space before or after it",
    FieldKind.WEB: "a web address is written https://host/path, in small letters, with no name, port or fragment",
    FieldKind.EMAIL: "an e-mail address is written name@host, in small letters",
}
