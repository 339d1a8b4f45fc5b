"""Strict YAML: read as JSON is, with no dates, no `on` or `off` as truth values, no aliases, no key twice."""

import json
import re
from collections.abc import Mapping
from typing import Final, TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from bot.core.errors import BadContent, BadInput
from bot.core.shown import shown

_T = TypeVar("_T")

MAX_FILE: Final = 256 * 1024  # characters of one policy file
MAX_DEPTH: Final = 40  # lists and mappings within each other; the library builds them by recursion, also in C
_INTEGER: Final = re.compile(r"-?(0|[1-9]\d{0,17})", re.ASCII)
_WORDS: Final[Mapping[str, bool | None]] = {"true": True, "false": False, "null": None, "": None, "~": None}
_TAGS: Final = frozenset({"str", "int", "float", "bool", "null", "timestamp", "value", "merge", "map", "seq"})
# libyaml's parser reads the same language ten times as fast; the pure one stands in where it is missing
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_strictly(path: str, text: str, schema: TypeAdapter[_T]) -> _T:
    """YAML text by a strict pydantic schema; BadContent tells every fault as "path: field: reason"."""
    try:
        return schema.validate_json(json.dumps(read_yaml(text)))
    except BadInput as error:
        raise BadContent(f"{path}: {error}") from None
    except ValidationError as error:
        lines = error.errors(include_input=False, include_url=False, include_context=False)
        told = [f"{path}: {shown(line['loc'], 'file')}: {line['msg']}" for line in lines]
        raise BadContent("\n".join(told)) from None


def read_yaml(text: str) -> object:
    """YAML as JSON values (see the module's first lines); BadInput with the line of the first fault."""
    if len(text) > MAX_FILE:
        raise BadInput(f"A policy file has at most {MAX_FILE} characters.")
    try:
        _check_depth(text)
        return _plain(yaml.compose(text, Loader=_LOADER), set())
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadInput(f"line {line}: this is not YAML") from None
    except (yaml.YAMLError, RecursionError):
        raise BadInput("line 1: this is not YAML") from None


def _check_depth(text: str) -> None:
    """Refuse what would take the library's stack, and with it the process, before anything is built of it."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise BadInput(f"{_line(event)}: at most {MAX_DEPTH} lists and mappings stand within each other")


def _plain(node: yaml.Node | None, seen: set[int]) -> object:
    if node is None:
        return None
    if id(node) in seen:
        raise BadInput(f"{_line(node)}: aliases are not read")
    if node.tag.removeprefix("tag:yaml.org,2002:") not in _TAGS:
        raise BadInput(f"{_line(node)}: tags are not read")
    seen.add(id(node))
    match node:
        case yaml.ScalarNode():
            return _scalar(node)
        case yaml.SequenceNode():
            return [_plain(item, seen) for item in node.value]
        case yaml.MappingNode():
            return _mapping(node, seen)
        case _:
            raise BadInput(f"{_line(node)}: this is not read")


def _mapping(node: yaml.MappingNode, seen: set[int]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise BadInput(f"{_line(key)}: a key is a word")
        if key.value in found:
            raise BadInput(f"{_line(key)}: a key stands twice")
        found[key.value] = _plain(value, seen)
    return found


def _scalar(node: yaml.ScalarNode) -> object:
    text: str = node.value
    if node.style:  # quoted or a block: text whatever it looks like
        return text
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _INTEGER.fullmatch(text) else text


def _line(at: yaml.Node | yaml.Event) -> str:
    return f"line {at.start_mark.line + 1 if at.start_mark else 1}"
