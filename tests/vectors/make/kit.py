"""Collects cases: runs each against the code, refuses one that does not come out as its author said, writes it short."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.seal.cases import VECTORS, Fields, expand, outcome, topics
from tests.seal.ops import OPS

_GRAM = 32  # bytes; what is shorter than this is not looked for in the values
_LONG = 24  # equal bytes, or characters, in a row that are worth a form
_LEAST = 100  # bytes that are worth taking apart


@dataclass(slots=True)
class Topic:
    """One file of cases."""

    name: str
    about: str
    values: dict[str, bytes] = field(default_factory=dict)
    cases: list[Fields] = field(default_factory=list)
    _grams: dict[bytes, tuple[str, int]] = field(default_factory=dict)

    def value(self, name: str, content: bytes) -> bytes:
        """Give long bytes a name, under which cases find them or parts of them."""
        assert self.values.setdefault(name, content) == content, name
        for at in range(len(content) - _GRAM + 1):
            gram = content[at : at + _GRAM]
            if len(set(gram)) > 1:  # runs have a form of their own
                self._grams.setdefault(gram, (name, at))
        return content

    def kept(self, name: str, make: Callable[[], bytes]) -> bytes:
        """Give what has chance in it as it was made the first time: whichever file has it remembers it."""
        if name in self.values:
            return self.values[name]
        for _, before in topics():
            if name in before.get("values", {}):
                return self.value(name, bytes.fromhex(expand({"value": name}, before)))
        return self.value(name, make())

    def ok(self, id_: str, musts: Sequence[int], op: str, **given: Any) -> Fields:  # noqa: ANN401 - any JSON
        """Add a case that must come out well, with what the code computes; returns that."""
        plain = _plain(given)
        got = outcome(OPS[op], plain)
        assert "ok" in got, (id_, got)
        self._add(id_, musts, op, plain, got)
        computed: Fields = got["ok"]
        return computed

    def refuse(
        self,
        id_: str,
        musts: Sequence[int],
        op: str,
        error: str | tuple[str, ...],
        **given: Any,  # noqa: ANN401 - any JSON
    ) -> None:
        """Add a case that must be refused, just so. `error`: its name, or the people whose shares are wrong."""
        expect = (
            {"error": error} if isinstance(error, str) else {"error": "WrongShare", "people": list(error)}
        )
        plain = _plain(given)
        got = outcome(OPS[op], plain)
        assert got == expect, (id_, got, expect)
        self._add(id_, musts, op, plain, expect)

    def write(self) -> None:
        """Write the file."""
        used = _json(self.cases)
        values = {
            name: _runs(content.hex(), 2)
            for name, content in self.values.items()
            if f'"value": {_json(name)}' in used
        }
        parts = [f' "about": {_json(self.about)}']
        if values:
            rows = ",\n".join(f"  {_json(name)}: {_json(content)}" for name, content in values.items())
            parts.append(f' "values": {{\n{rows}\n }}')
        rows = ",\n".join(f"  {_json(case)}" for case in self.cases)
        parts.append(f' "cases": [\n{rows}\n ]')
        path = VECTORS / f"seal_{self.name}.json"
        path.write_text("{\n" + ",\n".join(parts) + "\n}\n")
        topic = json.loads(path.read_text())
        for case in topic["cases"]:
            assert outcome(OPS[case["op"]], expand(case["in"], topic)) == expand(case["expect"], topic), case[
                "id"
            ]

    def _add(self, id_: str, musts: Sequence[int], op: str, given: Fields, expect: Fields) -> None:
        id_ = f"{self.name.replace('_', '-')}-{id_}"
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id_), id_
        assert id_ not in {case["id"] for case in self.cases}, id_
        short = {"in": self._short(given), "expect": self._short(expect)}
        case = {"id": id_, "musts": sorted(set(musts)), "op": op, **short}
        assert len(_json(case)) < 12_000, id_
        self.cases.append(case)

    def _short(self, given: Any) -> Any:  # noqa: ANN401 - any JSON
        if isinstance(given, dict):
            return {key: self._short(each) for key, each in given.items()}
        if isinstance(given, list):
            return [self._short(each) for each in given]
        if not isinstance(given, str):
            return given
        if len(given) >= 2 * _LEAST and re.fullmatch(r"([0-9a-f]{2})+", given):
            return self._short_bytes(bytes.fromhex(given))
        return _runs(given, 1)

    def _short_bytes(self, content: bytes) -> Any:  # noqa: ANN401 - a form
        parts: list[Any] = []
        at = plain = 0
        while at <= len(content) - _GRAM:
            found = self._grams.get(content[at : at + _GRAM])
            if found is None:
                at += 1
                continue
            name, start = found
            whole, length = self.values[name], _GRAM
            while content[at + length : at + length + 1] == whole[start + length : start + length + 1] != b"":
                length += 1
            parts += _literal(content[plain:at])
            cut = (start, start + length)
            parts.append(
                {"value": name}
                if cut == (0, len(whole))
                else {"cut": [{"value": name}, start, start + length]}
            )
            at = plain = at + length
        parts += _literal(content[plain:])
        return parts[0] if len(parts) == 1 else {"join": parts}


def _literal(content: bytes) -> list[Any]:
    if not content:
        return []
    runs = _runs(content.hex(), 2)
    return list(runs["join"]) if isinstance(runs, dict) and "join" in runs else [runs]


def _runs(text: str, unit: int) -> Any:  # noqa: ANN401 - a form
    """Write long runs of one byte (two hexadecimal digits), or of one character, in short."""
    parts: list[Any] = []
    start = at = 0
    while at < len(text):
        end = at
        while text[end : end + unit] == text[at : at + unit]:
            end += unit
        if end - at >= _LONG * unit:
            parts += [text[start:at]] if at > start else []
            parts.append({"repeat": [text[at : at + unit], (end - at) // unit]})
            start = end
        at = end
    parts += [text[start:]] if start < len(text) else []
    if not parts:
        return ""
    return parts[0] if len(parts) == 1 else {"join": parts}


def _plain(given: Any) -> Any:  # noqa: ANN401 - any JSON, with bytes
    if isinstance(given, dict):
        return {key: _plain(each) for key, each in given.items()}
    if isinstance(given, list | tuple):
        return [_plain(each) for each in given]
    return given.hex() if isinstance(given, bytes) else given


def _json(given: Any) -> str:  # noqa: ANN401 - any JSON
    return json.dumps(given, ensure_ascii=True)
