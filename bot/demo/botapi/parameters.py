"""Reads one parameter of a call, however it came: as a form field, in the query, or in a JSON body."""

import json
from collections.abc import Mapping

from bot.demo.botapi.refusals import bad_request

Parameters = Mapping[str, object]  # name -> str from a form, any JSON value from a JSON body


def text(given: Parameters, name: str) -> str:
    """The parameter as text; absent is empty."""
    value = given.get(name)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return string(value) if isinstance(value, str) else json.dumps(value)


def integer(given: Parameters, name: str, *, default: int = 0, least: int, most: int) -> int:
    """The parameter as a whole number brought within bounds; anything else is the default, as on the real server."""
    try:
        value = int(text(given, name))
    except ValueError:
        value = default
    return max(least, min(most, value))


def chat_number(given: Parameters) -> int:
    """The chat the call is about; 400 when it is none. Names of channels are no chats here."""
    wanted = text(given, "chat_id")
    if not wanted:
        raise bad_request("chat_id is empty")
    try:
        return int(wanted)
    except ValueError as error:
        raise bad_request("chat not found") from error


def flag(given: Parameters, name: str) -> bool:
    """Whether the parameter says yes."""
    return text(given, name).strip().lower() in {"true", "yes", "1"}


def parsed(given: Parameters, name: str, *, refusal: str) -> object:
    """The parameter as a JSON value; absent is None; 400 with the refusal if it is not JSON."""
    value = given.get(name)
    if not isinstance(value, str):
        return value
    if not value:
        return None
    try:
        return json.loads(value)
    except (ValueError, RecursionError) as error:
        raise bad_request(refusal) from error


def fields(value: object) -> Mapping[str, object]:
    """A JSON object's fields; anything else has none."""
    return value if isinstance(value, dict) else {}


def items(value: object) -> list[object]:
    """A JSON array's items; anything else has none."""
    return value if isinstance(value, list) else []


def string(value: object) -> str:
    """A JSON string; anything else is empty; 400 for half a surrogate pair, which no text has."""
    if not isinstance(value, str):
        return ""
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise bad_request("strings must be encoded in UTF-8") from error
    return value
