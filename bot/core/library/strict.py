"""Reads one YAML document against a strict schema, naming every fault by path and field."""

from collections.abc import Hashable
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.core.errors import BadContent

Schema = TypeVar("Schema", bound=BaseModel)

SHOWN = 40  # characters of a field's name that an error may repeat

PLAIN = {
    "missing": "is missing",
    "extra_forbidden": "is not a known field",
    "string_type": "must be text (quote it)",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "int_type": "must be a whole number",
    "date_type": "must be a date, written 2026-11-23",
    "model_type": "must be a mapping of fields",
    "model_attributes_type": "must be a mapping of fields",
    "dict_type": "must be a mapping",
}


class _Loader(yaml.SafeLoader):
    """PyYAML's safe loader that also refuses a key given twice and nodes that point elsewhere."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Refuse aliases: they hide what a file says, and can grow without bound."""
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]  # types-pyyaml leaves it out
            raise yaml.MarkedYAMLError(problem="anchors are not allowed", problem_mark=mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:  # noqa: FBT001, FBT002 - PyYAML's signature
        """Refuse a key that stands twice, where YAML would keep the last one silently."""
        seen: set[object] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node)
            if not isinstance(key, str):
                raise yaml.MarkedYAMLError(problem="a key must be text", problem_mark=key_node.start_mark)
            if key in seen:
                raise yaml.MarkedYAMLError(problem="a key stands twice", problem_mark=key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep)


def read(schema: type[Schema], text: str, path: str) -> Schema:
    """The document in `text` as `schema`; `path` only names it in errors.

    Raises BadContent with one line per fault: path, field, reason. The values themselves are never repeated.
    """
    try:
        raw = yaml.load(text, Loader=_Loader)  # noqa: S506 - a subclass of the safe loader
    except yaml.YAMLError as fault:
        raise BadContent(f"{path}: {_where(fault)}") from None
    except ValueError:
        raise BadContent(f"{path}: file: holds a date or a number that does not exist") from None
    except RecursionError:
        raise BadContent(f"{path}: file: is nested too deep") from None
    try:
        return schema.model_validate(raw, strict=True)
    except ValidationError as faults:
        lines = [f"{path}: {_field(one)}: {_reason(one)}" for one in faults.errors(include_input=False)]
        raise BadContent("\n".join(lines)) from None


def _where(fault: yaml.YAMLError) -> str:
    """What YAML itself stumbled over, with its line in the document."""
    if isinstance(fault, yaml.MarkedYAMLError) and fault.problem_mark is not None:
        return f"line {fault.problem_mark.line + 1}: {fault.problem or 'not valid YAML'}"
    return "not valid YAML"


def _field(fault: ErrorDetails) -> str:
    """The field's name, as `sources.0.ref`."""
    return ".".join(str(part)[:SHOWN] for part in fault["loc"]) or "front matter"


def _reason(fault: ErrorDetails) -> str:
    """The reason in plain English."""
    return PLAIN.get(fault["type"], fault["msg"].removeprefix("Value error, "))
