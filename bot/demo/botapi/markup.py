"""Reads `reply_markup`: the keyboards a bot may send, refused where Telegram refuses them."""

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from bot.demo.botapi import parameters
from bot.demo.botapi.model import Button, InlineKeyboard, KeyboardChange, Markup, ReplyKeyboard, Rows
from bot.demo.botapi.parameters import Parameters
from bot.demo.botapi.refusals import bad_request

LONGEST_DATA = 64  # bytes of callback_data
MOST_BUTTONS = 100


def markup(given: Parameters) -> Markup | None:
    """The keyboard of a sent message; 400 when it is none."""
    value = parameters.parsed(given, "reply_markup", refusal="can't parse reply keyboard markup JSON object")
    if value is None:
        return None
    if not isinstance(value, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in value:
        return (
            InlineKeyboard(rows=_rows(value, "inline_keyboard", _inline_button))
            if value["inline_keyboard"]
            else None
        )
    if "keyboard" in value:
        return ReplyKeyboard(
            rows=_rows(value, "keyboard", _reply_button), one_time=bool(value.get("one_time_keyboard"))
        )
    if value.get("remove_keyboard") is True:
        return KeyboardChange.REMOVE
    return KeyboardChange.FORCE_REPLY if value.get("force_reply") is True else None


def inline_markup(given: Parameters) -> InlineKeyboard | None:
    """The keyboard of an edit, which may only be an inline one."""
    found = markup(given)
    if found is None or isinstance(found, InlineKeyboard):
        return found
    raise bad_request("inline keyboard expected")


def _rows(value: Mapping[str, object], name: str, read: Callable[[object], Button]) -> Rows:
    listed = value[name]
    if not isinstance(listed, list) or not all(isinstance(row, list) for row in listed):
        raise bad_request(f'field "{name}" must be an Array of Arrays')
    rows = tuple(tuple(read(button) for button in row) for row in listed if row)
    if sum(len(row) for row in rows) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    return rows


def _reply_button(value: object) -> Button:
    text = value if isinstance(value, str) else parameters.string(parameters.fields(value).get("text"))
    if not text:
        raise bad_request("keyboard button text must be non-empty")
    return Button(text=text)


def _inline_button(value: object) -> Button:
    given = parameters.fields(value)
    text = parameters.string(given.get("text"))
    if not text:
        raise bad_request("inline keyboard button text must be non-empty")
    if url := parameters.string(given.get("url")):
        return Button(text=text, url=_checked_url(url))
    if copies := parameters.string(parameters.fields(given.get("copy_text")).get("text")):
        return Button(text=text, copies=copies)
    if data := parameters.string(given.get("callback_data")):
        return Button(text=text, data=_checked_data(data))
    raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")


def _checked_data(data: str) -> str:
    if len(data.encode()) > LONGEST_DATA:
        raise bad_request("BUTTON_DATA_INVALID")
    return data


def _checked_url(url: str) -> str:
    """Unlike the real server this one lets loopback addresses through: the demo lives on one."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL") from error
    if parts.scheme not in {"http", "https", "tg"}:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")
    if not parts.netloc:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: URL host is empty")
    return url
