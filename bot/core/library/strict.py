"""Reads one YAML document against a strict schema, naming every fault by path and field."""

import json
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.core.errors import BadContent, BadInput
from bot.core.shown import shown
from bot.core.strict_yaml import read_yaml

Schema = TypeVar("Schema", bound=BaseModel)

PLAIN = {
    "missing": "is missing",
    "extra_forbidden": "is not a known field",
    "string_type": "must be text (quote it)",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
    "int_type": "must be a whole number",
    "date_type": "must be a date, written 2026-11-23",
    "date_parsing": "must be a date, written 2026-11-23",
    "date_from_datetime_parsing": "must be a date, written 2026-11-23",
    "date_from_datetime_inexact": "must be a date, written 2026-11-23",
    "model_type": "must be a mapping of fields",
    "model_attributes_type": "must be a mapping of fields",
    "dict_type": "must be a mapping",
}


def read(schema: type[Schema], text: str, path: str) -> Schema:
    """The document in `text` as `schema`; `path` only names it in errors.

    Raises BadContent with one line per fault: path, field, reason. The values themselves are never repeated.
    """
    try:
        return schema.model_validate_json(json.dumps(read_yaml(text)), strict=True)
    except BadInput as fault:
        raise BadContent(f"{path}: {fault}") from None
    except ValidationError as faults:
        lines = [f"{path}: {_field(one)}: {_reason(one)}" for one in faults.errors(include_input=False)]
        raise BadContent("\n".join(lines)) from None


def _field(fault: ErrorDetails) -> str:
    """The field's name, as `sources.0.ref`."""
    return shown(fault["loc"], "front matter")


def _reason(fault: ErrorDetails) -> str:
    """The reason in plain English."""
    return PLAIN.get(fault["type"], fault["msg"].removeprefix("Value error, "))
