"""Every parser meets its corpus, and inputs made of it, without the fuzzer: what was found once stays found."""

from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.harness import TARGETS
from tests.fuzz.holds import Target
from tests.fuzz.written import ROOT

CORPUS: Final = Path(__file__).parent / "corpus"
FILES: Final = sorted(file for file in CORPUS.glob("*/*"))
OWN: Final = {  # what stands in this checkout is accepted too
    "organisation": ["policies/organisations/farsta.yaml"],
    "people": ["policies/demo.yaml"],
    "access": ["policies/access.yaml"],
    "channels": ["policies/channels.yaml"],
    "retention": ["policies/retention.yaml"],
    "openings": ["policies/openings.yaml"],
    "secrecy": ["policies/secrecy.yaml"],
    "waking": ["policies/waking.yaml"],
    "witnesses": ["policies/witnesses.yaml"],
    "guard-rules": ["policies/guard.yaml"],
    "lexicon": ["policies/guard/names.txt"],
    "guard-document": ["policies/guard.yaml"],
    "packed-names": ["policies/guard/names.txt"],
    "glossary": ["knowledge/glossary.yaml"],
    "law-sections": ["policies/law_sections.yaml"],
    "article": [str(path.relative_to(ROOT)) for path in sorted(ROOT.glob("knowledge/sv/*/*.md"))[:5]],
    "sentences": [str(path.relative_to(ROOT)) for path in sorted(ROOT.glob("bot/texts/*.toml"))],
}


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_corpus_is_judged_as_its_name_says(file: Path) -> None:
    """A file called accepted-... is, one called refused-... is refused; of the others it holds that nothing breaks."""
    accepted = TARGETS[file.parent.name](file.read_bytes())
    verdict = file.name.partition("-")[0]
    assert verdict not in ("accepted", "refused") or (verdict == "accepted") is accepted


@pytest.mark.parametrize("name", TARGETS)
def test_every_target_has_a_corpus_that_leads_into_it(name: str) -> None:
    """A fuzzer that starts from nothing never gets past the first field."""
    assert any(file.name.startswith("accepted") for file in CORPUS.glob(f"{name}/*")) or name in OWN


@pytest.mark.parametrize(("name", "path"), [(name, path) for name, paths in OWN.items() for path in paths])
def test_files_of_this_checkout_are_accepted(name: str, path: str) -> None:
    """What the targets of files take for a file is what Samjour reads."""
    assert TARGETS[name]((ROOT / path).read_bytes())


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.parametrize(
    "data", [b"", b"\0", b"\xff" * 40, b"[" * 100_000, b"\xed\xa0\x80", b"{" * 5000, b"-" * 5000]
)
def test_what_breaks_parsers_breaks_none_of_ours(name: str, data: bytes) -> None:
    """Nothing, zeros, no UTF-8, half a surrogate pair, and nesting deeper than any stack."""
    TARGETS[name](data)


@pytest.mark.parametrize("name", TARGETS)
def test_whatever_is_made_of_the_corpus_is_accepted_or_refused(name: str) -> None:
    """Bytes changed, left out, doubled, and files cut together: only documented errors, and what is read is written."""
    _try_many(TARGETS[name], [file.read_bytes() for file in FILES if file.parent.name == name])


def _try_many(target: Target, seeds: list[bytes]) -> None:
    @settings(deadline=None, max_examples=100, suppress_health_check=list(HealthCheck))
    @given(_changed(seeds))
    def whatever(data: bytes) -> None:
        target(data)

    whatever()


def _changed(seeds: list[bytes]) -> st.SearchStrategy[bytes]:
    seed = st.sampled_from(seeds)
    piece = st.binary(max_size=8) | seed.map(lambda whole: whole[-40:])
    at = st.integers(0, max(map(len, seeds)))
    replaced = st.builds(lambda a, i, j, b: a[: min(i, j)] + b + a[max(i, j) :], seed, at, at, piece)
    over = st.builds(lambda a, i, b: a[:i] + b + a[i + len(b) :], seed, at, st.binary(min_size=1, max_size=4))
    spliced = st.builds(lambda a, i, b, j: a[:i] + b[j:], seed, at, seed, at)
    return st.one_of(st.binary(max_size=200), replaced, over, spliced)
