"""Reads the cases of tests/vectors and spells out what stands in them in short; see the README there."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.seal.errors import SealError, WrongShare

VECTORS = Path(__file__).parent.parent / "vectors"
NOT_CASES = ("seal_v1_room.json",)

Fields = dict[str, Any]  # Any: each operation has its own fields, told in the README


def topics() -> Iterator[tuple[str, Fields]]:
    """Give each file of cases by its name."""
    for path in sorted(VECTORS.glob("seal_*.json")):
        if path.name not in NOT_CASES:
            yield path.stem, json.loads(path.read_text())


def spelled_out() -> list[Fields]:
    """Give every case of every file, expanded."""
    return [
        {**case, "in": expand(case["in"], topic), "expect": expand(case["expect"], topic)}
        for _, topic in topics()
        for case in topic["cases"]
    ]


def expand(given: Any, topic: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
    """Replace each form by the string that it stands for."""
    if isinstance(given, list):
        return [expand(each, topic) for each in given]
    if not isinstance(given, dict):
        return given
    if len(given) == 1:
        ((form, content),) = given.items()
        if form == "repeat":
            return expand(content[0], topic) * content[1]
        if form == "join":
            return "".join(expand(content, topic))
        if form == "value":
            return expand(topic["values"][content], topic)
        if form == "cut":
            return expand(content[0], topic)[2 * content[1] : 2 * content[2]]
    return {key: expand(each, topic) for key, each in given.items()}


def outcome(run: Any, fields: Fields) -> Fields:  # noqa: ANN401 - an operation
    """Run an operation and tell what came of it, in the words of `expect`."""
    try:
        return {"ok": run(fields)}
    except WrongShare as error:
        return {"error": "WrongShare", "people": list(error.people)}
    except SealError as error:
        return {"error": type(error).__name__}
