"""The static files, read once and kept in memory: what is not in the table does not exist."""

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).parent / "static"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".txt": "text/plain"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One file: its bytes as they are, the same compressed (gzip), and the digest that names this version."""

    kind: str
    body: bytes = field(repr=False)
    packed: bytes = field(repr=False)
    digest: str


def load_assets(folder: Path = FOLDER) -> Mapping[str, Asset]:
    """Read every file of a kind that pages use, by its path from the folder on: `samjour.css`, `seal/wire.js`."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in KINDS)
    return {
        path.relative_to(folder).as_posix(): asset_of(KINDS[path.suffix], path.read_bytes()) for path in files
    }


def digests(assets: Mapping[str, Asset]) -> dict[str, str]:
    """SHA-256 (hex) of every file as it is served, unpacked, by its path."""
    return {name: sha256(asset.body).hexdigest() for name, asset in assets.items()}


def address(assets: Mapping[str, Asset], name: str) -> str:
    """Where a page finds this version of the file. Raises KeyError for a file that does not exist."""
    return f"/static/{name}?v={assets[name].digest}"


def asset_of(kind: str, body: bytes) -> Asset:
    """Bytes of a kind (a media type), packed and named by their digest."""
    digest = sha256(body).hexdigest()[:16]
    return Asset(kind=kind, body=body, packed=gzip.compress(body, mtime=0), digest=digest)
