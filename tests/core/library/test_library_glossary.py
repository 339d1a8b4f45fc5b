import pytest

from bot.core.errors import BadContent
from bot.core.library.glossary import Outside, Term, parse

TEXT = """terms:
  - {term: jour, english: out-of-hours duty, code: jour, same: [socialjour, "14:1"]}
  - {term: barn, english: child, same: []}
outside:
  - theme: trafik
    questions: [hur snabbt får man köra]
"""


def test_a_glossary_is_read() -> None:
    """Terms keep their spellings, themes their questions."""
    glossary = parse(TEXT, "g.yaml")
    assert glossary.terms[0] == Term(
        term="jour", english="out-of-hours duty", code="jour", same=("socialjour", "14:1")
    )
    assert glossary.terms[1].spellings == ("barn", "child")
    assert glossary.outside == (Outside(theme="trafik", questions=("hur snabbt får man köra",)),)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("term: barn", "term: jour", "a term stands twice"),
        ("same: []", "same: [barn]", "a spelling stands twice"),
        ('"14:1"', "14", "terms.0.same.1"),
        ("questions: [hur snabbt får man köra]", "questions: []", "outside.0.questions"),
        ("english: child, ", "", "terms.1.english"),
        ("outside:", "ouside:", "ouside"),
        ("same: []", "same: [], colour: red", "terms.1.colour"),
        (
            "  - theme: trafik",
            "  - theme: trafik\n    questions: [b]\n  - theme: trafik",
            "a theme stands twice",
        ),
    ],
)
def test_a_fault_is_named(old: str, new: str, named: str) -> None:
    """Each fault is refused with its field."""
    with pytest.raises(BadContent, match=r"^g\.yaml: ") as refused:
        parse(TEXT.replace(old, new), "g.yaml")
    assert named in str(refused.value)
