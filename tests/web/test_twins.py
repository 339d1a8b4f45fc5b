"""The browser twins of seal, run by node; and what must not stand in them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.seal.labels import Label

ROOT = Path(__file__).parents[2]
TWINS = ROOT / "bot/web/static/seal"
GUARD = ROOT / "bot/web/static/guard"
NODE = Path(sys.prefix) / "bin/node"
PATIENCE = 300.0  # seconds for all of them on a busy machine
TAIL = 6_000  # characters of what node said

# What would make a twin touch the page, the network, storage, the clock or chance. HPKE draws its own, in the bundle
# and in `generateKey`.
OUTSIDE = re.compile(
    r"\b(document|window|navigator|location|fetch|XMLHttpRequest|WebSocket|localStorage|indexedDB|caches|setTimeout"
    r"|setInterval|Date|performance|console|getRandomValues|randomUUID|Math\.random|eval|Function|import\()\b"
)


def test_node_passes_every_case() -> None:
    """Every vector and case that Python passes, the twins pass: the same bytes, the same refusals."""
    command = [str(NODE), "--disable-warning=ExperimentalWarning", "--test", "tests/js/*.test.js"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said[-TAIL:]
    assert "Warning" not in said, said[-TAIL:]
    assert int(re.findall(r"^\S+ pass (\d+)$", said, flags=re.MULTILINE)[-1]) > 600
    assert re.findall(r"^\S+ (?:skipped|todo) (\d+)$", said, flags=re.MULTILINE) == ["0", "0"]


@pytest.mark.parametrize(
    "twin",
    [*sorted(TWINS.glob("*.js")), *sorted(GUARD.glob("*.js"))],
    ids=lambda path: f"{path.parent.name}/{path.name}",
)
def test_a_twin_touches_nothing_outside(twin: Path) -> None:
    """No page, network, storage, clock or chance; imports only of neighbours and the bundle."""
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", twin.read_text(), flags=re.DOTALL)
    assert OUTSIDE.findall(re.sub(r'"[^"\n]*"', '""', code)) == []
    imported = re.findall(r'\bfrom "([^"]+)"', code)
    assert all(re.fullmatch(r"\./[a-z0-9]+\.js|\.\./vendor/crypto\.js", each) for each in imported), imported


def test_labels_are_the_same() -> None:
    """Each label of the twins is Python's, under the same name."""
    written = dict(re.findall(r'^  ([A-Z_]+): "([^"]+)",$', (TWINS / "labels.js").read_text(), re.MULTILINE))
    known = {label.name: label.value for label in Label}
    assert len(written) > 15
    assert written == {name: known.get(name) for name in written}


def test_only_what_is_the_servers_is_left_out() -> None:
    """The operations that the twins do not have are those that the README marks as Python's alone."""
    table = (ROOT / "tests/vectors/README.md").read_text()
    marked = re.findall(r"^\| `(\w+)` \|.*\| \*\*P\*\*", table, flags=re.MULTILINE)
    code = (ROOT / "tests/js/ops.js").read_text()
    left_out = re.search(r"SERVER_ONLY = new Set\(\[(.*?)\]\)", code, flags=re.DOTALL)
    assert left_out is not None
    assert sorted(re.findall(r'"(\w+)"', left_out[1])) == sorted(marked)
