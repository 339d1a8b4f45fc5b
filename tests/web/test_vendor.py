"""The bundle of what others wrote: that it is what its sources give, and what must not stand in it."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "bot/web/vendor"
BUNDLE = ROOT / "bot/web/static/vendor"
BIN = Path(sys.prefix) / "bin"
PATIENCE = 300.0  # seconds for one command on a busy machine
NAMES = ("crypto.js", "LICENSES.txt")


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sources with their packages, as the lock names them, none of whose scripts has run."""
    folder = tmp_path_factory.mktemp("vendor") / "sources"
    shutil.copytree(SOURCES, folder, ignore=shutil.ignore_patterns("node_modules"))
    _run(folder, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")
    return folder


def test_the_bundle_is_what_its_sources_give(workshop: Path, tmp_path: Path) -> None:
    """Built again, twice, it is the committed one byte for byte: nobody has changed it by hand."""
    for name in ("once", "again"):
        target = tmp_path / name
        target.mkdir()
        _run(workshop, "node", "build.js", str(target))
        for made in NAMES:
            assert (target / made).read_bytes() == (BUNDLE / made).read_bytes(), made
    assert sorted(path.name for path in BUNDLE.iterdir()) == sorted(NAMES)


def test_every_version_is_exact_and_no_registry_is_named() -> None:
    """The lock holds versions and digests; where they come from is for whoever installs to say."""
    package, lock = (
        json.loads((SOURCES / f"{name}.json").read_text()) for name in ("package", "package-lock")
    )
    wanted = {**package["dependencies"], **package["devDependencies"]}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    locked = {name: each for name, each in lock["packages"].items() if name}
    assert all(each["integrity"].startswith("sha512-") and "resolved" not in each for each in locked.values())
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted


def test_nothing_in_the_bundle_is_against_our_policy() -> None:
    """No eval and no WebAssembly, which the CSP refuses; nothing that reaches for the page or the network."""
    code = (BUNDLE / "crypto.js").read_text()
    assert (
        re.findall(
            r"\beval\(|new Function|WebAssembly|\bdocument\b|\bfetch\(|XMLHttpRequest|\bimport\b", code
        )
        == []
    )
    assert len(code.encode()) < 72_000


def _run(folder: Path, program: str, *arguments: str) -> None:
    done = subprocess.run(
        [BIN / program, *arguments], cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-4_000:]
