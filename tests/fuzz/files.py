"""Targets of whole folders and of what is made of files: a folder of content, its digest, the document of the guard."""

import json
import os
import re
from contextlib import suppress
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bot.content.files import decoded, digest, gathered
from bot.content.parts import read_articles
from bot.content.paths import MAX_BYTES, is_content
from bot.core import guard
from bot.core.errors import BadContent
from bot.core.guard import Lexicon
from bot.core.guard.document import document, pack
from bot.core.guard.lexicon import _NAMES
from bot.web.guard_models import GuardDocument

MOST_LINES: Final = 24  # files and links of one folder
LINK, FOLDER = b"@", b"/"


def guard_document(text: str) -> object:
    """What the browser is told of whatever rules are accepted is of the form that it reads."""
    none = Lexicon(**{field.name: frozenset() for field in fields(Lexicon)})
    rules = guard.build(none, guard.read_rules(text))
    told = {**document(rules), "digest": "", "texts": {}}
    return GuardDocument.model_validate_json(json.dumps(told))


def packed(text: str) -> object:
    """The browser unpacks the same names that are packed, in UTF-16 too."""
    found = guard.read_lexicon(names=text, words=_words())
    for name in _NAMES:
        words = getattr(found, name)
        assert _unpacked(pack(words)) == words
        assert all(ord(sign) < 1 << 16 for word in words for sign in word)
    return found


@lru_cache(1)
def _words() -> str:
    """A word in each of the other lists."""
    return "".join(f"[{field.name}]\nnågot\n" for field in fields(Lexicon) if field.name not in _NAMES)


def _unpacked(packed: str) -> set[str]:
    """As bot/web/static/guard/lexicon.js does it."""
    words, before = set(), ""
    for shared, rest in re.findall("([A-Z])([^A-Z]*)", packed):
        before = before[: ord(shared) - ord("A")] + rest
        words.add(before)
    return words


def digested(data: bytes) -> bool:
    """Two folders, one after the other, have the same digest only when they are the same."""
    one, other = (_bodies(half) for half in (*data.split(b"\0\0", 1), b"", b"")[:2])
    assert (digest(one) == digest(other)) is (one == other)
    assert digest(dict(reversed(one.items()))) == digest(one)
    return bool(one)


def _bodies(lines: bytes) -> dict[str, bytes]:
    """A file a line: the path, a colon, what stands in it."""
    parts = (line.partition(b":") for line in lines.split(b"\n") if b":" in line)
    return {path.decode("utf-8", "replace"): body for path, _, body in parts}


def folder(data: bytes) -> bool:
    """Whatever stands in a folder of knowledge, with links in it: files that are content, and a fault for the rest."""
    with TemporaryDirectory(prefix="samjour-fuzz-") as made:
        root = Path(made)
        for name in ("knowledge", "policies", "texts"):
            (root / name).mkdir()
        for line in data.split(b"\n")[:MOST_LINES]:
            with suppress(OSError, ValueError):  # no file can be called so
                _make(root / "knowledge", line)
        faults: list[str] = []
        bodies = gathered(root, root / "texts", faults, root / "knowledge")
        files = decoded(bodies, faults)
        articles = read_articles(files, faults)
    assert all(is_content(path) and len(body) <= MAX_BYTES + 1 for path, body in bodies.items())
    assert all(fault and fault.isprintable() for fault in faults)
    assert {article.path for article in articles} <= set(files) <= set(bodies)
    if faults:
        raise BadContent("\n".join(faults))
    return True


def _make(top: Path, line: bytes) -> None:
    """`path:body` is a file, `path@target` a link, `path/` a folder; none of them leaves the folder."""
    named = re.split(b"[:@]", line, maxsplit=1)[0]
    body = line[len(named) :]
    parts = [part for part in named.split(FOLDER) if part not in (b"", b".", b"..")]
    if not parts:
        return
    path = top.joinpath(*map(os.fsdecode, parts))
    (path if named.endswith(FOLDER) else path.parent).mkdir(parents=True, exist_ok=True)
    if body.startswith(LINK):
        path.symlink_to(os.fsdecode(body[1:]))
    elif not named.endswith(FOLDER):
        path.write_bytes(body[1:].replace(b"\r", b"\n"))
