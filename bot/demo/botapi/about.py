"""The methods by which the bot tells of itself and is asked what it has told."""

import re
from collections.abc import Mapping
from datetime import datetime

from bot.demo.botapi import parameters
from bot.demo.botapi.parameters import Parameters
from bot.demo.botapi.profile import Command, Scope
from bot.demo.botapi.refusals import bad_request
from bot.demo.botapi.shapes import Shape
from bot.demo.botapi.state import State

MOST_COMMANDS = 100
LONGEST_COMMAND_TEXT = 256
LONGEST_DESCRIPTION = 512
LONGEST_SHORT_DESCRIPTION = 120
SCOPES = {
    "default",
    "all_private_chats",
    "all_group_chats",
    "all_chat_administrators",
    "chat",
    "chat_administrators",
    "chat_member",
}
MENU_BUTTONS = {"default", "commands", "web_app"}

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")


def set_my_commands(state: State, given: Parameters, _at: datetime) -> bool:
    """`setMyCommands`."""
    listed = parameters.items(
        parameters.parsed(given, "commands", refusal="can't parse commands JSON object")
    )
    if len(listed) > MOST_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    state.profile.commands[_where(given)] = tuple(_command(parameters.fields(item)) for item in listed)
    return True


def get_my_commands(state: State, given: Parameters, _at: datetime) -> list[Shape]:
    """`getMyCommands`."""
    found = state.profile.commands.get(_where(given), ())
    return [{"command": command.name, "description": command.description} for command in found]


def delete_my_commands(state: State, given: Parameters, _at: datetime) -> bool:
    """`deleteMyCommands`."""
    state.profile.commands.pop(_where(given), None)
    return True


def set_my_description(state: State, given: Parameters, _at: datetime) -> bool:
    """`setMyDescription`."""
    return _describe(state.profile.descriptions, given, "description", longest=LONGEST_DESCRIPTION)


def get_my_description(state: State, given: Parameters, _at: datetime) -> Shape:
    """`getMyDescription`."""
    return {"description": _described(state.profile.descriptions, given)}


def set_my_short_description(state: State, given: Parameters, _at: datetime) -> bool:
    """`setMyShortDescription`."""
    longest = LONGEST_SHORT_DESCRIPTION
    return _describe(state.profile.short_descriptions, given, "short_description", longest=longest)


def get_my_short_description(state: State, given: Parameters, _at: datetime) -> Shape:
    """`getMyShortDescription`."""
    return {"short_description": _described(state.profile.short_descriptions, given)}


def set_chat_menu_button(state: State, given: Parameters, _at: datetime) -> bool:
    """`setChatMenuButton`."""
    value = parameters.fields(
        parameters.parsed(given, "menu_button", refusal="can't parse menu button JSON object")
    )
    if value and value.get("type") not in MENU_BUTTONS:
        raise bad_request("can't parse menu button: MenuButton has unsupported type")
    state.profile.menu_buttons[_private_chat(state, given)] = dict(value) or {"type": "default"}
    return True


def get_chat_menu_button(state: State, given: Parameters, _at: datetime) -> Shape:
    """`getChatMenuButton`."""
    buttons = state.profile.menu_buttons
    return buttons.get(_private_chat(state, given)) or buttons.get(0) or {"type": "default"}


def _private_chat(state: State, given: Parameters) -> int:
    wanted = parameters.text(given, "chat_id")
    return state.chat(parameters.chat_number(given)).id if wanted else 0


def _command(item: Mapping[str, object]) -> Command:
    name = parameters.string(item.get("command")).removeprefix("/")
    description = parameters.string(item.get("description")).strip()
    if not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= LONGEST_COMMAND_TEXT:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return Command(name=name, description=description)


def _where(given: Parameters) -> tuple[Scope, str]:
    value = parameters.parsed(given, "scope", refusal="can't parse BotCommandScope JSON object")
    scope = parameters.fields(value)
    kind = scope.get("type", "default")
    if kind not in SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    chat_id = scope.get("chat_id", 0)
    if not isinstance(chat_id, int | str):
        raise bad_request("can't parse BotCommandScope: Empty chat_id specified")
    return (str(kind), chat_id), parameters.text(given, "language_code")


def _describe(kept: dict[str, str], given: Parameters, name: str, *, longest: int) -> bool:
    told = parameters.text(given, name)
    if len(told) > longest:
        raise bad_request(f"{name} is too long")
    kept[parameters.text(given, "language_code")] = told
    return True


def _described(kept: Mapping[str, str], given: Parameters) -> str:
    return kept.get(parameters.text(given, "language_code")) or kept.get("", "")
