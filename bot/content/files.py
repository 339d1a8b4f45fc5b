"""Reads the bytes of every file that is content: bounded, inside its folder, in UTF-8; whatever else is a fault."""

from collections.abc import Iterator, Mapping
from enum import Enum, auto
from hashlib import sha256
from pathlib import Path
from typing import Final

from bot.content.paths import MAX_BYTES, MAX_DEPTH, MAX_FILES, is_content

PROSE: Final = "README.md"  # for people; not content
MARK: Final = "\ufeff"  # a byte order mark: nobody sees it, and every other program reads it differently


class _Kind(Enum):
    """What stands in a folder."""

    FILE = auto()
    FOLDER = auto()
    ASTRAY = auto()  # a link that leads to a folder, out of the content, or nowhere
    CLOSED = auto()
    OTHER = auto()


_REASONS: Final = {
    _Kind.ASTRAY: "a link must lead to a file of the content",
    _Kind.CLOSED: "cannot be read",
}


def digest(bodies: Mapping[str, bytes]) -> str:
    """SHA-256 (hex) over paths and bytes in the order of the paths, each led by its length (u64be)."""
    total = sha256()
    for path, body in sorted(bodies.items()):
        for part in (path.encode(), body):
            total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()


def gathered(root: Path, texts: Path, faults: list[str], knowledge: Path) -> dict[str, bytes]:
    """The bytes of every file that is content, by its path; what is not is a fault."""
    bodies: dict[str, bytes] = {}
    for name, top, boundary in (
        ("knowledge", knowledge, knowledge.parent),
        ("policies", root / "policies", root),
        ("bot/texts", texts, texts),
    ):
        if not _inside(top, boundary.resolve()):
            faults.append(f"{name}: is not a folder of the content")
            continue
        for path, file in _walk(name, top, boundary.resolve(), MAX_DEPTH, faults):
            if len(bodies) == MAX_FILES:
                faults.append(f"{name}: there are more than {MAX_FILES} files")
                return bodies
            bodies[path] = _body(path, file, faults)
    return bodies


def _walk(
    name: str, folder: Path, boundary: Path, depth: int, faults: list[str]
) -> Iterator[tuple[str, Path]]:
    """Every file under a folder, in the order of names. Hidden files and prose for people are passed by."""
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        faults.append(f"{name}: cannot be read")
        return
    for entry in entries:
        path = f"{name}/{_shown(entry.name)}"
        if entry.name.startswith(".") or entry.name == PROSE:
            continue
        kind = _kind(entry, boundary)
        if kind is _Kind.FOLDER and depth > 1:
            yield from _walk(path, entry, boundary, depth - 1, faults)
        elif kind is _Kind.FILE and is_content(path):
            yield path, entry
        else:
            faults.append(f"{path}: {_REASONS.get(kind, 'is not a file that Samjour reads here')}")


def _kind(entry: Path, boundary: Path) -> _Kind:
    try:
        if entry.is_symlink() and (entry.is_dir() or not _inside(entry, boundary)):
            return _Kind.ASTRAY
        if entry.is_dir():
            return _Kind.FOLDER
        return _Kind.FILE if entry.is_file() else _Kind.OTHER
    except OSError:  # in a folder that may be listed and not entered, or a link to a name longer than any
        return _Kind.CLOSED


def _inside(entry: Path, boundary: Path) -> bool:
    try:
        return entry.resolve(strict=True).is_relative_to(boundary)
    except (OSError, RuntimeError):  # it leads nowhere, or round in a ring
        return False


def _body(path: str, file: Path, faults: list[str]) -> bytes:
    try:
        with file.open("rb") as opened:
            body = opened.read(MAX_BYTES + 1)
    except OSError:
        faults.append(f"{path}: cannot be read")
        return b""
    if len(body) > MAX_BYTES:
        faults.append(f"{path}: is larger than {MAX_BYTES} bytes")
    return body


def decoded(bodies: Mapping[str, bytes], faults: list[str]) -> dict[str, str]:
    """The texts of the files that can be read; those that already have a fault are left out."""
    files: dict[str, str] = {}
    for path, body in bodies.items():
        if any(fault.startswith(f"{path}: ") for fault in faults):
            continue
        try:
            files[path] = body.decode()
        except UnicodeDecodeError:
            faults.append(f"{path}: is not UTF-8")
            continue
        if files[path].startswith(MARK):
            del files[path]
            faults.append(f"{path}: begins with a byte order mark: save it as UTF-8 without one")
    return files


def _shown(name: str) -> str:
    """A file's name, made safe to print on one line."""
    return "".join(c if c.isprintable() else "?" for c in name)
