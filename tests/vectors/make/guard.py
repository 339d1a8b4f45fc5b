"""Writes the vectors of the guard, which Python, node and Chromium read: `python -m tests.vectors.make.guard`.

They say what Python says today of texts that nobody read one by one: a change shows as a difference to look at.
What must be found stands in guard.json, by hand.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any, Final

from bot.core import guard
from bot.core.guard.alphabet import SIGN
from bot.core.guard.document import document
from bot.core.guard.fold import fold
from tests.vectors.make import guard_texts

VECTORS: Final = Path(__file__).parents[1]
POLICIES: Final = VECTORS.parents[1] / "policies"
WHERES: Final = tuple(
    (channel, str(phase)) for channel in ("web", "telegram", "api") for phase in guard.Phase
)  # where each text is judged, in this order
BLOCK: Final = 256  # code points whose folding is told by one number
Written = str | tuple[tuple[str, int], ...]


def rules() -> guard.GuardRules:
    """Those of this checkout."""
    names, words, file = (
        (POLICIES / path).read_text() for path in ("guard/names.txt", "guard/words.txt", "guard.yaml")
    )
    return guard.build(guard.read_lexicon(names=names, words=words), guard.read_rules(file))


def files() -> Mapping[str, str]:
    """Every file by its name, as it is written."""
    known = rules()
    return {
        "guard_rules.json": _packed(document(known)) + "\n",
        "guard_texts.json": _rows(known),
        "guard_letters.json": _packed({"block": BLOCK, "folded": letters()}) + "\n",
    }


def letters() -> dict[str, int]:
    """How every code point folds between an a and a b: FNV-1a over each block, by the block's first code point.

    Blocks that hold only signs are left out.
    """
    sums = {f"{start:x}": _sum(folded_block(start)) for start in range(0, 0x110000, BLOCK)}
    return {start: total for start, total in sums.items() if total != _sum(f"a{SIGN}b" * BLOCK)}


def folded_block(start: int) -> str:
    """All of a block, folded."""
    return "".join(fold(f"a{chr(code)}b").shown for code in range(start, start + BLOCK))


def _sum(text: str) -> int:
    total = 0x811C9DC5
    for char in text:
        total = (total ^ ord(char)) * 0x01000193 & 0xFFFFFFFF
    return total


def _rows(known: guard.GuardRules) -> str:
    """A row: the text (or its pieces and how often each comes), a letter for what is done everywhere, the spans."""
    texts = dict.fromkeys(guard_texts.texts(Random(26)))  # noqa: S311 - not secret
    written: list[Written] = [*texts, *guard_texts.long_texts()]
    told = {
        "about": "What Python's guard says of synthetic texts, with guard_rules.json: text or [[piece, times]], what is "
        "done at each of `wheres` (s stop, w warn, p pass), spans as [start, end, type, rule] in code points of the text.",
        "wheres": WHERES,
    }
    rows = ",\n".join(_packed(_row(known, each)) for each in written)
    return f'{json.dumps(told)[:-1]}, "texts": [\n{rows}\n]}}\n'


def whole(written: Written) -> str:
    """The text that stands in a row."""
    return written if isinstance(written, str) else "".join(piece * times for piece, times in written)


def _row(known: guard.GuardRules, written: Written) -> list[Any]:
    text = whole(written)
    spans = [[span.start, span.end, span.type, span.rule] for span in guard.find(known, text)]
    done = (
        "".join(done_at(known, text, channel, phase) for channel, phase in WHERES)
        if spans
        else "p" * len(WHERES)
    )
    return [written, done, spans]


def done_at(known: guard.GuardRules, text: str, channel: str, phase: str) -> str:
    """One letter: stop, warn or pass."""
    verdict = guard.judge(known, text, channel=channel, phase=phase)
    return "s" if verdict.blocked else "w" if verdict.warned else "p"


def _packed(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


if __name__ == "__main__":
    for name, content in files().items():
        (VECTORS / name).write_text(content)
