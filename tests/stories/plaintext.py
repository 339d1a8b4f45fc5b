"""Looks for plaintext in bytes: whole sentences, their telling words, names and numbers, however encoded."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote

from bot.content import Content

START = 8  # bytes
TELLING = 6  # letters of a word that tells something
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")


def distinctive(sentences: Iterable[str]) -> set[str]:
    """The sentences, their longer words, and their numbers, also as they are dialled."""
    parts = {part for text in sentences for part in re.findall(r"\d[\d -]*\d|\w+", text)}
    numbers = {re.sub(r"\D", "", part) for part in parts if part[0].isdigit()}
    return {*sentences, *numbers, *(part for part in parts if len(part) >= TELLING)}


def people_of(content: Content) -> set[str]:
    """Every name and telephone number of the demo's people, numbers also as they are dialled."""
    assert content.demo is not None
    told = {text for person in content.demo.people for text in (person.name, person.phone) if text}
    return {*told, *(number.replace("-", "") for number in told if number[0].isdigit())}


def files_under(folder: Path) -> dict[str, bytes]:
    """Every file's bytes, by its name; the database's log and shared memory among them."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def leaks(bodies: Mapping[str, bytes], secrets: Iterable[str]) -> list[str]:
    """Tell "file: secret" for each secret that stands in a file, in any of the forms in which text is written."""
    alike: dict[bytes, set[tuple[bytes, str]]] = defaultdict(set)  # what begins alike is looked for together
    for secret in secrets:
        for form in _forms(secret):
            alike[form[:START]].add((form, secret))
    found = {
        (name, secret)
        for name, body in bodies.items()
        for start, those in alike.items()
        if start in body
        for form, secret in those
        if form in body
    }
    return sorted(f"{name}: {secret}" for name, secret in found)


def _forms(secret: str) -> set[bytes]:
    escaped = json.dumps(secret)[1:-1].encode()
    return {*(secret.encode(encoding) for encoding in ENCODINGS), escaped, quote(secret).encode()}
